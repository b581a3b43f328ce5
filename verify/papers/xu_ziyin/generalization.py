"""Appendix D: the loss of training and of the population, Eq. 56."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Eq, Expr, Integer, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.explicit.observables import Observables
from symbolic.in_hyperparameters import (
    alpha_velocity,
    limit_of_alpha,
    linear,
    output_of,
    rate,
    rates,
)
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Definition, Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.data_line import (
    M_1,
    M_2,
    M_2B,
    M_B,
    M_YY,
    N,
    S,
    set_loss,
    strength,
    target,
)
from verify.papers.xu_ziyin.symbols import convention, t_c

f = n.f
# E[ỹ²] = M_1²/M_2 + V: V ≥ 0 is what the best line leaves, so that every point is a data set.
V = Symbol("V", nonnegative=True)
Y_2 = N * M_1**2 / M_2
TOTAL = Y_2 + N * V


def _minimum() -> Expr:
    slope = Symbol("slope", real=True)
    loss = linear()[Observables].population_loss.subs(n.f, n.rho * slope)
    (found,) = sympy.solve(sympy.diff(loss, slope), slope)
    return found


def _decay_of_the_slope() -> Expr:
    """S is linear in f, and f smooth in α: its end is approached at the rate of α."""
    slope = sympy.diff(alpha_velocity(), n.alpha)
    return sympy.simplify(-slope.subs(n.alpha, limit_of_alpha()))


def _derived_time_scale() -> dict[Expr, Expr]:
    return {t_c: 2 / rate()}


def _three_cases() -> Implication:
    """Before, later: s grows, and rose above the minimum m before: it is above it later."""
    before, later, m = sympy.symbols("s_before s_later m", real=True)
    rises = (later - m) ** 2 >= (before - m) ** 2
    return Implication((later >= before, before >= m), rises)


def _reaches_target() -> Implication:
    """A f α = A α² − C and y = B in one unit; α₊ is the larger root of A α² − B α − C."""
    A, C = Symbol("A_P", positive=True), Symbol("A_Q", nonnegative=True)
    B, f = Symbol("B", real=True), Symbol("f_scaled", real=True)
    plus, minus = Symbol("alpha_+", nonnegative=True), Symbol("alpha_-", real=True)

    def facts() -> list[sympy.Basic]:
        # The derived output, in the unit in which the target is B.
        unit = sympy.simplify(rates()[n.B] / n.y)
        output = sympy.simplify(
            output_of(n.alpha) * unit - (rates()[n.A_P] * n.alpha - rates()[n.A_Q] / n.alpha)
        )
        assert output == 0
        return [
            Eq(A * (plus + minus), B), Eq(A * plus * minus, -C), minus <= 0,
            sympy.Implies(plus > 0, Eq(f * plus, A * plus**2 - C)), sympy.Implies(Eq(plus, 0), Eq(f, 0)),
        ]  # fmt: skip

    condition = ("Q ≠ 0, or γy ≥ 0 (and γρ ≠ 0)", sympy.Or(C > 0, B >= 0))
    return Implication((), Eq(f, B), facts, (condition,), vote=vote.saddle)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="training-loss",
        loci=("Eq. 56",),
        says="the training loss is (f − y)² + Σ y_k² − y²",
        printed=r"\tilde L=[f-y]^2+\sum_ky_k^2-y^2",
        test=Equation(
            r"\tilde L",
            (f - sqrt(N) * M_1 / sqrt(M_2)) ** 2 + TOTAL - Y_2,
            lambda: set_loss().subs({M_2B: M_2, M_B: M_1, M_YY: TOTAL / N, S: f / sqrt(M_2)}),
            (convention(""), convention("the loss a sum over the data, without Eq. 20's 1/N", ({N: Integer(1)},))),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\tilde L=(f-y)^2+\tfrac1N\sum_ky_k^2-y^2",
        uses=("completed-square",),
    ),
    Claim(
        id="loss-floor",
        loci=("App. D",),
        says="the loss falls monotonically to Σ y_k² − y², whatever the initialization",
        printed=r"\text{does not rely on the choice of all hyperparameters and initialization}",
        test=_reaches_target(),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="for every start with P ≠ 0, except where Q = 0 > γy (or γρ = 0)",
        note="With u(0) = w(0) = (1, −1/2), x = 1 and y = −2 the output ends at 0; with P = 0 < γy too, as "
        'Proposition 2 says. The loss is always monotone. "Appendix A.1" is B.1 there.',
        uses=("saddle-for-positive-target",),
    ),
    Claim(
        id="population-minimum",
        loci=("App. D",),
        says="the population loss is least at the slope E[aỹ]/E[a²]",
        printed=r"\mathbb E[a\tilde y]/\mathbb E[a^2]",
        test=Equation("s", n.M_ay / n.M_aa, partial(_minimum)),
    ),
    Claim(
        id="final-slope",
        loci=("App. D",),
        says="the slope tends to Σ a_kỹ_k/Σ a_k², for every start that reaches its target",
        printed=r"\textstyle\sum_ka_k\tilde y_k/\sum_ka_k^2",
        test=Equation(
            r"s(\infty)", M_1 / M_2,
            lambda: (target() / strength()).subs(
                {n.beta: 1, M_2B: M_2, M_B: M_1}),
        ),
    ),
    Claim(
        id="large-numbers",
        loci=("App. D",),
        says="as N grows the slope of the data tends to the slope of the population: the law of large numbers",
        test=Definition("the law of large numbers, for finite second moments"),
        expected=Verdict.NOT_TESTABLE,
    ),
    Claim(
        id="population-cases",
        loci=("App. D",),
        says="the population loss falls, rises, or first falls and then rises: never the other way",
        test=_three_cases(),
        note="s is monotone and the loss a parabola in s: once it rises it goes on rising.",
    ),
    Claim(
        id="population-time",
        loci=("App. D",),
        says="the time scale of the population loss is t_c: the slope s = f/ρ, in which it is a parabola, tends to its "
        "limit like e^{−4t/t_c}",
        test=Equation(
            r"-\lim_{t\to\infty}\frac{\dot s}{s-s(\infty)}", 4 / t_c, _decay_of_the_slope,
            (convention("", (_derived_time_scale,)),),
        ),
        note="So the population loss tends to its limit like e^{−8t/t_c} where both slopes agree, as the training loss "
        "does, else like e^{−4t/t_c}.",
    ),
)  # fmt: skip
