"""Exponents of scaling limits: all hyperparameters are powers of κ, and e_X is the exponent of X, derived."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sympy import Basic, Eq, Max, Rational, Symbol

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import linear
from symbolic.limits.exponents import Scaling
from symbolic.limits.initial_moments import Start
from symbolic.limits.phases import Case
from verify.claims.implication import Implication

H = Rational(1, 2)
c_d, c_g, c_u, c_w, e_u, e_w = n.c_d, n.c_gamma, n.c_u, n.c_w, n.c_eta_u, n.c_eta_w
LARGER = Max(e_w + c_u, e_u + c_w)
FIRST = 2 * c_g + e_u + e_w  # the terms of Eq. 18
SECOND = 2 * c_g + c_d + LARGER
EQ_18 = Eq(Max(FIRST, SECOND), 0)
EQ_19 = c_d + LARGER > e_u + e_w


def symbol(name: str) -> Symbol:
    """The exponent of a quantity."""
    return Symbol(f"e_{name}", real=True)


STABLE = Eq(symbol("R"), 0)
CLOSE = symbol("P_minus_Q") - symbol("P") < 0  # P/Q → 1
KERNEL, FEATURE = symbol("kernel_change") < 0, symbol("kernel_change") >= 0
EQUAL_RATES = Eq(e_u, e_w)
BALANCED = Eq(c_u + e_w, c_w + e_u)  # both layers contribute to P alike
IF_CLOSE = ("P/Q → 1", CLOSE)
IF_BALANCED = ("c_u + c_{η_w} = c_w + c_{η_u}", BALANCED)

NAMES = {
    EQ_18: r"\text{(18)}",
    EQ_19: r"\text{(19)}",
    STABLE: r"t_c=\Theta(1)",
    CLOSE: r"P/Q\to1",
    KERNEL: r"\text{kernel phase}",
    FEATURE: r"\text{feature learning}",
    FIRST: r"T_1",
    SECOND: r"T_2",
    **{
        symbol(name): rf"e[{latex}]"
        for name, latex in {
            "P": "P", "Q": "Q", "P_minus_Q": "P-Q", "R": "1/t_c", "t_c": "t_c", "kernel_0": "K(0)",
            "output_0": "f_0", "kernel_change": r"\Delta K/K", "alpha": r"\alpha_+",
            "alpha_minus_1": r"\alpha_+-1", "alignment": r"\zeta(\infty)", "norm_u": r"\|u(\infty)\|",
            "norm_w": r"\|W(\infty)\|", "movement_u": r"\|u-u_0\|/\|u_0\|", "movement_w": r"\|W-W_0\|/\|W_0\|",
        }.items()
    },
}  # fmt: skip


STARTS = {
    Start.INDEPENDENT: "the layers are independent at the start",
    Start.CORRELATED: "the layers are correlated at the start",
    Start.ZERO_OUTPUT: "the initial output is zero",
}


def facts(kind: Start) -> Sequence[Basic]:
    """The derived exponents of a start, as equations."""
    return Case.of(linear()[Scaling], kind).facts()


def limit(
    hypotheses: Sequence[Basic],
    conclusion: Basic,
    *conditions: tuple[str, Basic],
    start: Start = Start.INDEPENDENT,
    other_start: Start | None = None,
    at: tuple[Basic, ...] = (),
) -> Implication:
    """A statement about exponents, for all scaling limits that satisfy the hypotheses.

    A counterexample is looked for at given exponents first.
    """
    elsewhere = ((STARTS[other_start], partial(facts, other_start)),) if other_start else ()
    return Implication(
        tuple(hypotheses), conclusion, partial(facts, start), conditions, elsewhere, NAMES, at
    )
