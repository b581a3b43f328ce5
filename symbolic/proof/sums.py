"""Finite sums of symbolic length: linearity and Kronecker deltas, nothing else.

Every index that stands free in an expression is taken to lie within its range, so a sum over a
Kronecker delta is exactly the term it picks.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Expr, KroneckerDelta, Sum


def expand_sums(expression: Expr) -> Expr:
    """Split sums over terms, take index-free factors out, contract Kronecker deltas."""
    if isinstance(expression, Sum):
        value = expand_sums(expression.function)
        for index, lower, upper in expression.limits:  # the first is the innermost
            terms = sympy.Add.make_args(sympy.expand(value))
            value = sympy.Add(*(_sum_of_term(term, index, lower, upper) for term in terms))
        return value
    if expression.args and expression.has(Sum):
        return expression.func(*(expand_sums(argument) for argument in expression.args))
    return expression


def _sum_of_term(term: Expr, index: sympy.Symbol, lower: Expr, upper: Expr) -> Expr:
    for factor in sympy.Mul.make_args(term):
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            other = next(argument for argument in factor.args if argument != index)
            return (term / factor).subs(index, other)
    outside: list[Expr] = []
    inside: list[Expr] = []
    for factor in sympy.Mul.make_args(term):
        (inside if factor.has(index) else outside).append(factor)
    if not inside:
        return term * (upper - lower + 1)
    return sympy.Mul(*outside) * Sum(sympy.Mul(*inside), (index, lower, upper))


def replace_sums(expression: Expr, names: Mapping[Expr, Expr]) -> Expr:
    """Expand sums, then replace those that have a name.

    Args:
        expression: any expression.
        names: sum → symbol; a sum may be written with any bound index.
    """
    canonical = {_canonical(total): symbol for total, symbol in names.items()}
    expanded = expand_sums(expression)
    return sympy.expand(expanded).replace(
        lambda part: isinstance(part, Sum), lambda part: canonical.get(_canonical(part), part)
    )


def _canonical(total: Sum) -> Sum:
    index, lower, upper = total.limits[0]
    return Sum(
        total.function.xreplace({index: sympy.Symbol("_bound")}),
        (sympy.Symbol("_bound"), lower, upper),
    )


def instantiate(expression: Expr, sizes: Mapping[Expr, int]) -> Expr:
    """The expression at explicit sizes, every sum written out."""
    return _written_out(expression.xreplace(dict(sizes)))


def _written_out(expression: Expr) -> Expr:
    if isinstance(expression, Sum):
        value = _written_out(expression.function)
        for index, lower, upper in expression.limits:
            places = range(int(lower), int(upper) + 1)
            value = sympy.Add(*(value.xreplace({index: sympy.Integer(z)}) for z in places))
        return value
    if expression.has(Sum):
        return expression.func(*map(_written_out, expression.args))
    return expression
