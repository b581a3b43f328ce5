"""Exponents of scaling limits: all hyperparameters are powers of κ, and e_X is the exponent of X, derived."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Basic, Eq, Max, Rational, Symbol

from symbolic import notation as n
from symbolic.phases import Case
from symbolic.start import Start
from verify.papers.xu_ziyin.derived import (
    linear,
)

H = Rational(1, 2)


c_d, c_g, c_u, c_w, e_u, e_w = n.c_d, n.c_gamma, n.c_u, n.c_w, n.c_eta_u, n.c_eta_w


c_d, c_g, c_u, c_w, e_u, e_w = n.c_d, n.c_gamma, n.c_u, n.c_w, n.c_eta_u, n.c_eta_w


c_d, c_g, c_u, c_w, e_u, e_w = n.c_d, n.c_gamma, n.c_u, n.c_w, n.c_eta_u, n.c_eta_w


c_d, c_g, c_u, c_w, e_u, e_w = n.c_d, n.c_gamma, n.c_u, n.c_w, n.c_eta_u, n.c_eta_w


c_d, c_g, c_u, c_w, e_u, e_w = n.c_d, n.c_gamma, n.c_u, n.c_w, n.c_eta_u, n.c_eta_w


c_d, c_g, c_u, c_w, e_u, e_w = n.c_d, n.c_gamma, n.c_u, n.c_w, n.c_eta_u, n.c_eta_w


LARGER = Max(e_w + c_u, e_u + c_w)


FIRST = 2 * c_g + e_u + e_w  # the terms of Eq. 18


SECOND = 2 * c_g + c_d + LARGER


EQ_18 = Eq(Max(FIRST, SECOND), 0)


EQ_19 = c_d + LARGER > e_u + e_w


CLOSE = "P/Q → 1"


def symbol(name: str) -> Symbol:
    """The exponent of a quantity."""
    return Symbol(f"e_{name}", real=True)


def facts(kind: Start = Start.INDEPENDENT) -> Callable[[], Sequence[Basic]]:
    """The derived exponents of a start, as equations."""
    return lambda: Case.of(linear().scaling, kind).facts()


CHANGE, STABLE = symbol("kernel_change"), Eq(symbol("R"), 0)


CHANGE, STABLE = symbol("kernel_change"), Eq(symbol("R"), 0)


RATIO = symbol("P_minus_Q") - symbol("P")


KERNEL, FEATURE = CHANGE < 0, CHANGE >= 0


KERNEL, FEATURE = CHANGE < 0, CHANGE >= 0


EQUAL_RATES = Eq(e_u, e_w)
