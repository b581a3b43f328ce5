"""Whether two functions of one real variable with branches are the same: proved cell by cell.

The edges of all conditions, and 0, part the line. On a cell every condition is decided by one point of
it, the variable has a sign, and logarithms are compared by what they are logarithms of. A form that only
loses digits is the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import sympy
from sympy import Expr, Piecewise, Symbol
from sympy.codegen.cfunctions import expm1, log1p

from symbolic.proof.equality import is_proved, prove_equal

size = Symbol("size", positive=True)


def are_same(one: Expr, two: Expr, variable: Symbol) -> bool:
    """Whether both are proved to be equal at every real value of the variable but the edges."""
    try:
        for sign, inside in _cells(variable, one, two):
            sides = (_exponential(_on_cell(z, variable, sign, inside)) for z in (one, two))
            if not is_proved(prove_equal(*sides)):
                return False
    except (ValueError, TypeError, ZeroDivisionError, NotImplementedError):
        return False
    return True


def _cells(variable: Symbol, *expressions: Expr) -> Iterator[tuple[int, Expr]]:
    """The sign of the variable on each cell, and a point of it."""
    conditions = {
        condition
        for expression in expressions
        for piece in expression.atoms(Piecewise)
        for _, condition in piece.args
        if condition != sympy.true
    }
    edges = {sympy.Integer(0)}
    for condition in conditions:
        edges |= {z for z in sympy.solve(condition.lhs - condition.rhs, variable) if z.is_real}
    places = sorted(edges)
    inner = [(a + b) / 2 for a, b in itertools.pairwise(places)]
    for point in (places[0] - 1, *inner, places[-1] + 1):
        yield (1 if point > 0 else -1), point


def _on_cell(expression: Expr, variable: Symbol, sign: int, inside: Expr) -> Expr:
    """The branch there, in the size of the variable."""
    picked = expression.replace(
        lambda part: isinstance(part, Piecewise),
        lambda part: next(v for v, c in part.args if c.subs(variable, inside) == sympy.true),
    )
    return picked.subs(variable, sign * size)


def _exponential(expression: Expr) -> Expr:
    """E to the expression, if it is a sum with logarithms; else the expression."""
    plain = expression.replace(log1p, lambda z: sympy.log(1 + z)).replace(
        expm1, lambda z: sympy.exp(z) - 1
    )
    if not plain.has(sympy.log):
        return plain
    return sympy.Mul(*(sympy.exp(term) for term in sympy.Add.make_args(plain))).rewrite(sympy.exp)
