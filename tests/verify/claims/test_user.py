"""A user's claims: the notation, its errors, and verdicts on the linear network."""

import re

import pytest
from sympy import Rational

from symbolic.in_hyperparameters import limit_of_alpha
from verify.audit import judge
from verify.claims.claim import Claim, Evidence, Verdict
from verify.claims.grammar import ClaimError, parse
from verify.claims.user import build, sampled


def verdict(text):
    return build(parse(text), text).judge()


@pytest.mark.parametrize(
    "text",
    [
        "t_c = 1/sqrt(eta_u*eta_w*gamma^2*rho^2*y^2 + 4*rho^4*gamma^4*d^2*P*Q)",
        "f = gamma*rho*d/sqrt(eta_u*eta_w) * (P*alpha - Q/alpha)",
        "f_end = y",
        "loss = (f - y)^2",
        "K^2 - K_0^2 = 4*eta_u*eta_w*gamma^2*rho^2*(f^2 - f_0^2)",
        "zeta^2*norm_u_2*norm_omega_2 = overlap^2",
        "norm_u_2*eta_w - norm_omega_2*eta_u = norm_u_2_0*eta_w - norm_omega_2_0*eta_u",
        "sum(i, u[i]^2) = norm_u_2",
        "sum(i, sum(j, w[i,j]*x[j])*u[i])*gamma = f",
        "w[1,2]*x[1] - w[1,1]*x[2] = w0[1,2]*x[1] - w0[1,1]*x[2]",
        "p[1]*q[1] = p0[1]*q0[1]",
        "norm_u_2 = d*(P*alpha + Q/alpha) - 2*d*pq if eta_u = 1 and eta_w = 1",
        "P*Q >= pq^2",
        "P + Q > 0 if P > 0",
    ],
)
def test_true_statements_hold(text):
    assert verdict(text).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    "text",
    [
        "f = gamma*rho/sqrt(eta_u*eta_w) * (P*alpha - Q/alpha)",
        "norm_u_2 = d*(P*alpha + Q/alpha) - 2*d*pq",
        "u[1] = u0[1]",
        "w[1,1] - w0[1,1] = (p[1] + q[1])*x[1]/(sqrt(eta_u)*rho)",
        "alpha = alpha_end",
        "zeta = 1",
        "P >= Q",
        "zeta < zeta_0 if y > f_0 and gamma > 0",
    ],
)
def test_false_statements_fail_with_a_witness(text):
    found = verdict(text)
    assert found.verdict is Verdict.FAILS
    assert found.witness


INEQUALITIES = [
    "zeta >= zeta_0 if y > f_0 and gamma > 0",
    "abs(zeta_end) <= 1",
    "K >= 2*gamma^2*rho^2*sqrt(eta_u*eta_w)*abs(overlap)",
    "loss <= (f_0 - y)^2",
    "alpha_end >= 1 if f_0 <= y and gamma > 0",
    "norm_u_2_end > norm_u_2_0 if P > Q and y > f_0 and gamma > 0",
    "t_c > 0 if gamma != 0 and y != 0",
    "P >= 0",
]


@pytest.mark.parametrize(
    "text",
    [
        *INEQUALITIES,
        "zeta_end = y/sqrt(y^2 + 4*gamma^2*rho^2*d^2*(P*Q - pq^2)/(eta_u*eta_w)) if gamma > 0",
        "zeta^2 = 1 if d = 1",
        "P*Q <= pq^2 if d = 1",
        "u[1]^2 <= norm_u_2",
    ],
)
@pytest.mark.slow
def test_inequalities_and_ends_are_proved(text):
    found = judge.judge(claim(text))
    assert (found.finding.verdict, found.finding.evidence) == (Verdict.HOLDS, Evidence.PROVED)
    assert found.mutants[0] == found.mutants[1] > 0


def claim(text):
    return Claim(id=text, loci=(text,), says=text, test=build(parse(text), text))


@pytest.mark.parametrize("text", INEQUALITIES)
def test_the_solution_agrees_with_what_is_proved(text):
    """Real arithmetic knows of α only that it lies between its ends; the points have the solution."""
    assert re.fullmatch(r"no counterexample at [1-9]\d* exact points", sampled(text).why)


@pytest.mark.parametrize(
    "text",
    [
        "zeta <= zeta_0 if y > f_0 and gamma > 0",
        "zeta_end > zeta if y > f_0 and gamma > 0",
        "norm_u_2_end > norm_u_2_0 if y > f_0 and gamma > 0",
        "zeta_end = -y/sqrt(y^2 + 4*gamma^2*rho^2*d^2*(P*Q - pq^2)/(eta_u*eta_w)) if gamma > 0",
    ],
)
def test_counterexamples_are_networks(text):
    test = build(parse(text), text)
    values = {name: Rational(value) for name, value in test.judge().witness.items()}
    assert values["pq"] ** 2 <= values["P"] * values["Q"]
    assert values["d"] in (1, 2, 3)
    end = limit_of_alpha()
    end = end.subs({z: values[z.name] for z in end.free_symbols})
    assert values["alpha_end"] == end
    assert values["alpha"] == 1 or 0 < (values["alpha"] - 1) / (end - 1) < 1
    assert not test.claim.subs({z: values[z.name] for z in test.claim.free_symbols})


@pytest.mark.parametrize(
    "text",
    [
        "log(alpha_end) = 0 if P = Q and Q = 1 and y = 0",
        "tanh(zeta_end) = tanh(zeta_0) if y = f_0 and P = 2*Q and pq = 0",
        "exp(-t)*(alpha - 1) = 0 if y = f_0 and P = 2",
        "exp(y) = exp(4) if y = P and P = 4",
        "exp(y) = exp(3) if y > 0 and y = 3",
        "log(P) = log(Q) if P = Q and Q = P",
        "exp(u0[1]) = exp(u0[2]) if u0[1] = u0[2] and u0[2] = u0[1]",
        "exp(y) = exp(2*P - y) if y = 2*P - y",
        "log(norm_u_2_0/norm_omega_2_0) = 0 if eta_u = eta_w and eta_w = 1 and pq = 0",
        "log(alpha_end) = 0 if y = f_0 and P = 2",
    ],
)
def test_hypotheses_that_rest_on_each_other(text):
    """All of them are true: proved, or left open where the solution has to be inserted."""
    open_ones = ("exp(y) = exp(2*P - y)", "log(alpha_end) = 0 if y = f_0")
    expected = Verdict.UNDECIDED if text.startswith(open_ones) else Verdict.HOLDS
    assert verdict(text).verdict is expected


@pytest.mark.parametrize(
    "text",
    [
        "f = gamma*(u[1]*h[1] + u[2]*h[2])",
        "sum(i, u[i]) = u[1] + u[2]",
        "norm_u_2*norm_omega_2 - overlap^2 = (u[1]*omega[2] - u[2]*omega[1])^2",
        "sum(i, p0[i]^2)/2 = P if d > 1",
        "sum(i, i) = 2*d - 1",
        "sum(j, x[j]^0) = d",
        "u[1] = u0[1] if u0[2] = 0",
    ],
)
@pytest.mark.slow
def test_what_holds_of_some_sizes_only_fails(text):
    found = verdict(text)
    assert found.verdict is Verdict.FAILS
    assert "(width " in found.why


@pytest.mark.slow
def test_sizes_are_told():
    found = verdict("p[1]*q[1] = p0[1]*q0[1]")
    assert found.why == "written out for widths and inputs 1 by 1, 2 by 1, 3 by 2"
    assert (
        "2 by 3, 3 by 3, 4 by 4"
        in verdict("w[2,3]*x[1] - w[2,1]*x[3] = w0[2,3]*x[1] - w0[2,1]*x[3]").why
    )


@pytest.mark.parametrize("text", ["eta_u > 0", "alpha > 0", "x[1] > 0 if d = 1 and u0[1] > 0"])
def test_what_a_sign_says_already(text):
    assert judge.judge(claim(text)).finding.verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    "text", ["sqrt(y - y^2 - 1) > 100", "y = (0 - 8)^(1/3)", "1/((y + 1)^2 - y^2 - 2*y - 1) = 7"]
)
def test_what_is_defined_nowhere(text):
    found = verdict(text)
    assert found.verdict is Verdict.UNDECIDED
    assert "defined nowhere" in found.why


def test_equations_and_inequalities_agree_on_gamma():
    """Without an output scale nothing moves: it is not 0."""
    for text in ("f_end = y", "f_end >= y", "alpha_end^2 <= Q/P if y = 0"):
        assert verdict(text).verdict is Verdict.HOLDS
    assert "γ ≠ 0" in verdict("f_end = y if gamma = 0").why


def test_what_no_proof_and_no_counterexample_decides():
    found = verdict("exp(-4*t/t_c) <= 1")
    assert found.verdict is Verdict.UNDECIDED
    assert "no counterexample at" in found.why


@pytest.mark.parametrize(
    "text", ["f = y if P > 1 and P < 1", "f = y if eta_u = 1 and eta_u = 2", "u[1] = 0 if P < 0"]
)
def test_contradictory_hypotheses(text):
    found = verdict(text)
    assert found.verdict is Verdict.UNDECIDED
    assert "contradict each other" in found.why


@pytest.mark.slow
def test_a_hypothesis_that_one_neuron_cannot_satisfy():
    """At width 1 the layers are parallel: only width 2 is judged."""
    assert verdict("abs(u[1]) > 1 if P*Q > pq^2").why.startswith("does not follow")
    assert "1 by 1" not in verdict("u[1]^2 <= norm_u_2 if P*Q > pq^2").why
    assert verdict("u[1]^2 <= norm_u_2 if P*Q > pq^2").verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tc = 1", "the name 'tc'; expected one of t_c"),
        ("f =\n  ff", "line 2, column 3: found the name 'ff'"),
        ("u[7] = 1", "u[7]; expected neurons up to 3, inputs up to 1"),
        ("w[1,2] = x[5]", "x[5]; expected neurons up to 1, inputs up to 3"),
        ("w[1] = 1", "1 indices of w; expected 2"),
        ("v[1] = 1", "the name 'v'"),
        ("u[k] = 1", "the index 'k'; expected a number, or an index of a sum"),
        ("P^t = 1", "the power t"),
        ("P^999 = 1", "the power 999"),
        ("1/0 = 1", "a division by 0"),
        ("sin(P) = 1", "the name 'sin'"),
    ],
)
def test_statements_without_meaning(text, words):
    with pytest.raises(ClaimError) as caught:
        build(parse(text), text)
    assert words in str(caught.value)
