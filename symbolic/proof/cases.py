"""Expressions with conditions, once for every way in which the conditions can be decided."""

from __future__ import annotations

import sympy
from sympy import Expr
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.relational import Relational


def cases(expression: Expr) -> list[Expr]:
    """The expression without conditions, once for every way in which they can be decided.

    Conditions inside a sum or an integral may hold for some of its terms and fail for others: they
    stay, and the sum is one atom.
    """
    hidden = {part: sympy.Dummy() for part in _with_bound_conditions(expression)}
    shown = {name: part for part, name in hidden.items()}
    return [case.xreplace(shown) for case in _decided(expression.xreplace(hidden))]


def _with_bound_conditions(expression: Expr) -> set[Expr]:
    """Sums, integrals and the like that hold conditions on what they sum or integrate over."""
    return {
        part
        for part in sympy.preorder_traversal(expression)
        if isinstance(part, ExprWithLimits | sympy.Subs) and part.has(sympy.Piecewise)
    }


def _decided(expression: Expr) -> list[Expr]:
    pieces = expression.atoms(sympy.Piecewise)
    conditions = sorted(
        {r for piece in pieces for _, c in piece.args for r in c.atoms(Relational)},
        key=sympy.default_sort_key,
    )
    if not conditions:
        return [expression]
    first = conditions[0]
    decided = (
        expression.xreplace({first: yes, sympy.Not(first): sympy.Not(yes)})
        for yes in (sympy.true, sympy.false)
    )
    return [case for half in decided for case in _decided(half)]
