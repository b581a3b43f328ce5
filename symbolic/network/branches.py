"""Functions with bends, written as branches: |h|, max and min as Piecewise."""

from __future__ import annotations

import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Relational

BRANCHING = (sympy.Abs, sympy.Max, sympy.Min, sympy.sign, sympy.Heaviside)


def meeting_places(expression: Expr, variable: Symbol) -> tuple[Expr, ...]:
    """Where a function of a variable goes over from one branch to another, increasing."""
    found = {
        edge
        for piece in expression.rewrite(sympy.Piecewise).atoms(sympy.Piecewise)
        for _, condition in piece.args
        for relation in condition.atoms(Relational)
        for edge in sympy.solve(relation.lhs - relation.rhs, variable)
    }
    return tuple(sorted(found))


def with_branches(expression: Expr) -> Expr:
    """An expression with Abs, Max, Min, sign and Heaviside as branches; any other as it is."""
    if not expression.has(*BRANCHING):
        return expression
    return sympy.piecewise_fold(expression.rewrite(sympy.Piecewise))
