"""Proposition 1 and appendix B.1: data on a line are one data point, Eq. 3, 20 and 21."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Expr, Integer, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import linear, power
from symbolic.network.effective_point import EffectivePoint
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Definition, Equation
from verify.papers.xu_ziyin.symbols import beta, convention

ONE = Integer(1)
M_2B, M_B, M_YY = Symbol("M_2b", positive=True), Symbol("M_b", real=True), n.M_yy  # means
M_2, M_1 = Symbol("M_2", positive=True), Symbol("M_1", real=True)  # E[a²], E[a y]
N = n.N
S = Symbol("S", real=True)  # γ Σ u_i (Σ w_ij n_j)^β
FIRST_POWER = convention("β = 1", condition={M_2B: M_2, M_B: M_1, beta: ONE})
SUMS = convention("β = 1, and the loss a sum over the data, without 1/N", ({N: ONE},), {beta: ONE})
NO_MEAN = convention("the loss a sum over the data, without Eq. 20's 1/N", ({N: ONE},))


def strength() -> Expr:
    """‖x‖ of the effective point: E[a^{2β}]^{1/(2β)}, by the derivation's data stage."""
    return power()[EffectivePoint].strength.subs(n.M_aa, M_2B)


def target() -> Expr:
    """Y of the effective point."""
    return power()[EffectivePoint].target.subs({n.M_aa: M_2B, n.M_ay: M_B})


def set_loss() -> Expr:
    """The loss of a data set (its mean), in S and moments."""
    return M_2B * S**2 - 2 * M_B * S + M_YY


def _root_of_moment(value: int) -> Expr:
    return M_2B ** sympy.Rational(1, 2 * value)


def _sum_input(value: int) -> Claim:
    right = value == 1
    return Claim(
        id=f"sum-input-beta-{value}",
        loci=("App. B.1",),
        says=f"x_j = √(Σ a_k^{{2β}}) n_j, at β = {value}",
        printed=r"x_j=\sqrt{\textstyle\sum_ka_k^{2\beta}}\,n_j",
        test=Equation(
            r"\|x\|",
            sqrt(N * M_2B),
            partial(_root_of_moment, value),
            (convention(""), SUMS),
            corrected=None if right else _root_of_moment(value),
        ),
        expected=Verdict.HOLDS_IF if right else Verdict.FAILS,
        severity="convention" if right else "substantive",
        correction=r"x_j=\big(\tfrac1N\sum_ka_k^{2\beta}\big)^{1/(2\beta)}n_j",
        note="Eq. 20 is a mean; and ‖x‖^β must be the root of the moment.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="effective-input",
        loci=("Prop. 1", "Eq. 3"),
        says="the effective input is x = √E[x̃²] n, for any power",
        printed=r"x=\sqrt{\mathbb E[\tilde x^2]}\,n",
        test=Equation(r"\|x\|", sqrt(M_2), strength, (convention(""), FIRST_POWER)),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"\|x\|=\mathbb E[a^{2\beta}]^{1/(2\beta)}",
        note="Proposition 1 is stated for the loss of any power β; the moments are those of β = 1.",
    ),
    Claim(
        id="effective-target",
        loci=("Prop. 1", "Eq. 3"),
        says="the effective target is y = E[x̃ y(x̃)]/√E[x̃²], for any power",
        printed=r"y=\frac{\mathbb E[\tilde xy(\tilde x)]}{\sqrt{\mathbb E[\tilde x^2]}}",
        test=Equation("y", M_1 / sqrt(M_2), target, (convention(""), FIRST_POWER)),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"y=\frac{\mathbb E[a^\beta y]}{\sqrt{\mathbb E[a^{2\beta}]}}",
        note="x̃ y is a vector where y is a number: a for x̃ is meant.",
    ),
    Claim(
        id="set-loss",
        loci=("Eq. 20",),
        says="the mean squared error over N data points",
        test=Definition("the loss of a data set"),
        expected=Verdict.NOT_TESTABLE,
    ),
    Claim(
        id="point-loss",
        loci=("App. B.1",),
        says="the equivalent loss of one data point",
        printed=r"L(u,w)=(\gamma\sum_iu_i(\sum_jw_{ij}x_j)^\beta-y)",
        test=Equation(
            "L", n.f - n.y, lambda: linear().model.loss(n.f, n.y), corrected=(n.f - n.y) ** 2
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"L=(\ldots-y)^2",
        note="Eq. 3 has the square.",
    ),
    _sum_input(1),
    _sum_input(2),
    Claim(
        id="sum-target",
        loci=("App. B.1",),
        says="y = Σ a_k^β ỹ_k / √(Σ a_k^{2β})",
        test=Equation("y", N * M_B / sqrt(N * M_2B), target, (convention(""), NO_MEAN)),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction="divide by √N, or drop the 1/N of Eq. 20",
    ),
    Claim(
        id="expanded-loss",
        loci=("Eq. 21",),
        says="the loss multiplied out, first line",
        printed=r"(\sum a_k^{2\beta})\big(\gamma\sum u_i(\ldots)^\beta-2(\sum a_k^\beta\tilde y_k)(\gamma\sum u_i(\ldots)^\beta)+\sum y_k^2\big)",
        test=Equation(
            r"N\tilde L",
            N * M_2B * (S - 2 * N * M_B * S + N * M_YY),
            lambda: N * set_loss(),
            corrected=N * M_2B * S**2 - 2 * N * M_B * S + N * M_YY,
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"\big(\sum a_k^{2\beta}\big)S^2-2\big(\sum a_k^\beta\tilde y_k\big)S+\sum\tilde y_k^2",
        note="S = γ Σ u_i (Σ w_ij n_j)^β; its square is missing, and a bracket.",
    ),
    Claim(
        id="completed-square",
        loci=("Eq. 21",),
        says="L̃ = L + Σ y_k² − y², second line",
        test=Equation(
            r"\tilde L",
            (sqrt(N * M_2B) * S - N * M_B / sqrt(N * M_2B)) ** 2
            + N * M_YY - (N * M_B / sqrt(N * M_2B)) ** 2,
            set_loss,
            (convention(""), NO_MEAN),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"divide by N, or drop the 1/N of Eq. 20",
    ),
)  # fmt: skip
