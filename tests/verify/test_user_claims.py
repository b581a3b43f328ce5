"""A user's claims: the notation, its errors, and verdicts on the linear network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.errors import InputError
from verify import audit
from verify.claim import Verdict
from verify.claim_language import ClaimError, parse
from verify.user_claims import build, load


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


def test_what_no_proof_and_no_counterexample_decides():
    found = verdict("zeta >= zeta_0 if y > f_0 and gamma > 0")
    assert found.verdict is Verdict.UNDECIDED
    assert "no counterexample at" in found.why


@pytest.mark.parametrize(
    ("text", "column", "found", "expected"),
    [
        ("t_c == 1", 6, "'='", "a name"),
        ("a = (b", 7, "the end", ")"),
        ("f + = 3", 5, "'='", "a number"),
        ("f", 2, "the end", "=, !=, <, <=, > or >="),
        ("f = y if", 9, "the end", "a name"),
        ("__import__('os') = 1", 1, "'_'", "a name"),
        ("f = y; f", 6, "';'", "if"),
        ("f = 1.", 6, "'.'", "+"),
    ],
)
def test_malformed_statements(text, column, found, expected):
    with pytest.raises(ClaimError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (1, column)
    said = str(caught.value)
    assert f"found {found}" in said
    assert expected in said.partition("; expected ")[2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tc = 1", "the name 'tc'; expected one of t_c"),
        ("f =\n  ff", "line 2, column 3: found the name 'ff'"),
        ("u[7] = 1", "u[7]; expected neurons up to 2, inputs up to 2"),
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


@given(st.text(max_size=40))
def test_any_text_is_a_statement_or_an_error(text):
    place = (1, 1)
    try:
        parse(text)
    except ClaimError as error:
        place = error.line, error.column
    assert min(place) >= 1


def test_a_file(tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(
        '[[claim]]\nid = "a"\nstatement = "f_end = y"\n[[claim]]\nstatement = "f = f_0"\n'
    )
    first, second = load(path)
    assert (first.id, first.says, second.id) == ("a", "f_end = y", "claim-2")
    assert audit.judge(first).finding.verdict is Verdict.HOLDS
    found = audit.judge(second)
    assert found.finding.verdict is Verdict.FAILS
    assert not found.is_as_expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[claim]\n", "TOML"),
        ("", "[[claim]] tables"),
        ("x = 1", "[[claim]] tables"),
        ("[[claim]]\nid = 'a'", "no statement"),
        ("[[claim]]\nstatement = 'f = y'\nfoo = 'x'", "the key 'foo'"),
        ("[[claim]]\nstatement = 3", "keys with text"),
        ("[[claim]]\nid = 'mine'\nstatement = 'f = '", "claim 1 (mine): found line 1, column 4"),
        ("[[claim]]\nstatement = 'ff = y'", "the name 'ff'"),
    ],
)
def test_bad_files(tmp_path, text, words):
    path = tmp_path / "claims.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load(path)
    assert words in str(caught.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="a readable TOML file"):
        load(tmp_path / "none.toml")
