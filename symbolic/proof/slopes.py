"""Slopes of forms as they are evaluated, by SymPy: of sizes, extremes and branches, too.

The derivative of the very form that floats compute keeps the digits which that form keeps.
"""

from __future__ import annotations

import sympy
from sympy import Abs, Expr, Piecewise, Symbol
from sympy.codegen.cfunctions import expm1

ITSELF = Symbol("itself", real=True)


class _Size(sympy.Function):
    """The absolute value, of a slope that is 0 at 0."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """The sign."""
        of = self.args[0]
        return Piecewise((1, of > 0), (-1, of < 0), (0, True))


def slope(expression: Expr, symbol: Symbol) -> Expr:
    """The derivative of a form by a symbol, of an absolute value 0 where that is 0.

    Args:
        expression: of real symbols; `ITSELF` stands for it in the slope of a root or an exponential.
        symbol: in it.
    """
    forked = expression.replace(sympy.Min, lambda a, b: Piecewise((a, a < b), (b, True)))
    forked = forked.replace(sympy.Max, lambda a, b: Piecewise((a, a > b), (b, True)))
    sized = forked.replace(Abs, _Size)
    found = sized.diff(symbol)
    if isinstance(expression, sympy.exp | expm1) or expression.is_Pow:
        found = found.subs(sized, ITSELF)
    return found.replace(_Size, Abs)
