"""Appendix D: the output during training, Eq. 53-55."""

from __future__ import annotations

import sympy
from sympy import Eq, Expr, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import linear, output_of
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.symbols import (
    ALPHA_MINUS,
    ALPHA_PLUS,
    MEAN,
    NORM,
    P_OF,
    Q_OF,
    RATES,
    READ_ALPHA,
    READ_TIME,
    RHO,
    ROOT,
    TIME_SCALE,
    alpha_minus,
    alpha_plus,
    convention,
    t_c,
)

a = n.alpha
SCALE = n.gamma * n.rho / ROOT
ENDS = (
    convention("", (READ_ALPHA, READ_TIME, MEAN)),
    convention(NORM.name, (READ_ALPHA, READ_TIME)),
)
# Eq. 4's ρ and the formula's are one, and the printed mean.
SAME_MEAN = convention("", condition=MEAN)
P_Q_OF_MEAN = convention(
    "",
    ({n.P: P_OF.subs(n.beta, 1) ** 2 / n.d, n.Q: Q_OF.subs(n.beta, 1) ** 2 / n.d},),
    MEAN,
)


def _start_in_weights() -> Expr:
    """One neuron's part of the output, by the model."""
    return n.gamma * linear().model.neuron(n.u_i, n.h_i)


def _monotone() -> Implication:
    """Derived output, times α, over its positive scale: at a larger α it is larger."""
    P, Q = Symbol("P", nonnegative=True), Symbol("Q", nonnegative=True)
    one, two = Symbol("alpha_1", positive=True), Symbol("alpha_2", positive=True)
    f_1, f_2 = Symbol("f_1", real=True), Symbol("f_2", real=True)

    def facts() -> list[sympy.Basic]:
        shape = sympy.simplify(output_of(n.alpha) * n.alpha * ROOT / (n.gamma * n.rho * n.d))
        found = [P + Q > 0]
        for f, alpha in ((f_1, one), (f_2, two)):
            found.append(Eq(f * alpha, shape.subs({n.P: P, n.Q: Q, n.alpha: alpha})))
        return found

    return Implication((), sympy.Equivalent(f_1 < f_2, one < two), facts)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="overlap",
        loci=("Eq. 53",),
        says="Σ_j u_i w_ij x_j in p and q",
        printed=r"\frac{\sqrt{\eta_u\eta_w}}\rho\sum_ju_iw_{ij}x_j=p_i^2-q_i^2",
        test=Equation(
            r"p_i^2-q_i^2",
            sqrt(n.eta_u) * sqrt(n.eta_w) * n.u_i * n.h_i / n.rho,
            lambda: sympy.expand((P_OF**2 - Q_OF**2).subs(n.beta, 1)),
            (SAME_MEAN,), swaps=RATES,
        ),
        note="With either ρ, the same in p and q.",
    ),
    Claim(
        id="output-of-t",
        loci=("Eq. 54",),
        says="the output during training, in P, Q and α(t)",
        printed=r"f=\frac{\gamma\rho}{\sqrt{\eta_u\eta_w}}\big(P[\ldots]-Q[\ldots]^{-1}\big)",
        test=Equation(
            "f", SCALE * (n.P * a - n.Q / a), lambda: output_of(a),
            RHO,
            corrected=n.d * SCALE * (n.P * a - n.Q / a), swaps=RATES, simulate=vote.output,
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"f=\frac{\gamma\rho d}{\sqrt{\eta_u\eta_w}}\big(P[\ldots]-Q[\ldots]^{-1}\big)",
        note="P and Q are means over neurons; Eq. 55 has the factor d. And [...] needs α₋ ≥ 0, as Eq. 8.",
        uses=("alpha-of-t",),
    ),
    Claim(
        id="output-start",
        loci=("App. D",),
        says="its initial value",
        printed=r"\frac{\gamma\rho d}{\sqrt{\eta_u\eta_w}}(P-Q)",
        test=Equation(
            "f(0)", n.d * SCALE * (n.P - n.Q), _start_in_weights, (P_Q_OF_MEAN,), swaps=RATES
        ),
        note="With either ρ, the same in P and Q (d P and d Q of one neuron).",
        uses=("overlap",),
    ),
    Claim(
        id="output-monotone",
        loci=("App. D",),
        says="the output evolves monotonically: it grows with α, as α evolves monotonically",
        test=_monotone(),
        uses=("alpha-monotone",),
    ),
    Claim(
        id="output-end",
        loci=("Eq. 55",),
        says="its final value is y: the first form",
        printed=r"\frac{\gamma\rho d}{\sqrt{\eta_u\eta_w}}(\alpha_+P-Q/\alpha_+)=y",
        test=Equation("y", n.d * SCALE * (alpha_plus * n.P - n.Q / alpha_plus), lambda: n.y, ENDS, swaps=RATES),
        note="Not for P = 0 < γy, nor Q = 0 > γy, where the flow ends at the saddle.",
    ),
    Claim(
        id="output-end-sum",
        loci=("Eq. 55",),
        says="the second form, with α₋ of Eq. 11",
        printed=r"\frac{\gamma\rho d}{\sqrt{\eta_u\eta_w}}(\alpha_++\alpha_-)P=y",
        test=Equation("y", n.d * SCALE * (alpha_plus + alpha_minus) * n.P, lambda: n.y, ENDS, swaps=RATES),
        uses=("alpha-minus",),
    ),
    Claim(
        id="roots-product",
        loci=("App. D", "Eq. 55"),
        says="α₊α₋ = −Q/P, with α_± of Eq. 11",
        test=Equation(
            r"\alpha_+\alpha_-", -n.Q / n.P,
            lambda: (ALPHA_PLUS * ALPHA_MINUS).subs(t_c, TIME_SCALE),
        ),
        note="With either ρ. Sec. 3.1 has Q/P.",
        uses=("alpha-product",),
    ),
)  # fmt: skip
