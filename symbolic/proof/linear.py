"""The root of what is linear in one unknown, without a general solver."""

from __future__ import annotations

import sympy
from sympy import Expr

from symbolic.proof.certificate import DoesNotApply


def root_of_linear(expression: Expr, unknown: Expr) -> Expr:
    """The value of an unknown, a symbol or a power of one, at which a·unknown + b vanishes: −b/a.

    Raises:
        DoesNotApply: when the expression is not linear in it.
    """
    whole = sympy.expand(expression)
    slope = whole.coeff(unknown)
    rest = sympy.expand(whole - slope * unknown)
    if slope == 0 or slope.has(*unknown.free_symbols) or rest.has(*unknown.free_symbols):
        raise DoesNotApply(f"{expression} is not linear in {unknown}")
    return -rest / slope
