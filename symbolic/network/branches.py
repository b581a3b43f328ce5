"""Functions with bends, written as branches: |h|, max and min as Piecewise."""

from __future__ import annotations

import sympy
from sympy import Expr

BRANCHING = (sympy.Abs, sympy.Max, sympy.Min, sympy.sign, sympy.Heaviside)


def with_branches(expression: Expr) -> Expr:
    """An expression with Abs, Max, Min, sign and Heaviside as branches; any other as it is."""
    if not expression.has(*BRANCHING):
        return expression
    return sympy.piecewise_fold(expression.rewrite(sympy.Piecewise))
