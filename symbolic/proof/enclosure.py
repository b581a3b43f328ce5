"""Rigorous evaluation of SymPy expressions: exact rational points in, Arb balls out.

Precision is doubled until the ball is small, so a ball that is returned means something.
Floats are refused: a float in an exact expression is a mistake somewhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy
from flint import arb, ctx
from sympy import Expr
from sympy.codegen.cfunctions import expm1

Values = Mapping[Expr, sympy.Rational]


class EnclosureError(ValueError):
    """An expression that cannot be enclosed: unknown function, free symbol, or a float."""


FUNCTIONS: dict[type, Callable[..., arb]] = {
    sympy.exp: lambda z: z.exp(),
    sympy.log: lambda z: z.log(),
    sympy.cosh: lambda z: z.cosh(),
    sympy.sinh: lambda z: z.sinh(),
    sympy.tanh: lambda z: z.tanh(),
    sympy.asinh: lambda z: z.asinh(),
    sympy.Abs: abs,
    expm1: lambda z: z.expm1(),
    sympy.sin: lambda z: z.sin(),
    sympy.cos: lambda z: z.cos(),
    sympy.tan: lambda z: z.tan(),
    sympy.cot: lambda z: z.cot(),
    sympy.coth: lambda z: z.coth(),
    sympy.atan: lambda z: z.atan(),
    sympy.acos: lambda z: z.acos(),
    sympy.atanh: lambda z: z.atanh(),
    sympy.acosh: lambda z: z.acosh(),
    sympy.erf: lambda z: z.erf(),
}


def ball(expression: Expr, values: Values) -> arb:
    """Enclose `expression` at exact values, at the current precision of flint's context.

    Raises:
        EnclosureError: for a symbol without a value, a float, or an unknown function.
    """
    if expression in values:
        return ball(values[expression], {})
    if isinstance(expression, sympy.Rational):
        return arb(int(expression.p)) / int(expression.q)
    if isinstance(expression, sympy.Add):
        return sum((ball(term, values) for term in expression.args), arb(0))
    if isinstance(expression, sympy.Mul):
        product = arb(1)
        for factor in expression.args:
            product *= ball(factor, values)
        return product
    if isinstance(expression, sympy.Pow):
        return _power(ball(expression.base, values), expression.exp, values)
    if isinstance(expression, sympy.Piecewise):
        return _piecewise(expression, values)
    if expression is sympy.pi:
        return arb.pi()
    function = FUNCTIONS.get(type(expression))
    if function is None:
        raise EnclosureError(f"cannot enclose {expression!r}: {type(expression).__name__}")
    return function(*(ball(argument, values) for argument in expression.args))


def _power(base: arb, exponent: Expr, values: Values) -> arb:
    if isinstance(exponent, sympy.Integer):
        return _whole_power(base, int(exponent))
    if isinstance(exponent, sympy.Rational) and exponent.q == 2:
        return _whole_power(base.sqrt(), int(exponent.p))
    return base ** ball(exponent, values)


def _whole_power(base: arb, exponent: int) -> arb:
    """By squaring: the library's own is not a number for a ball that contains 0."""
    power, square = arb(1), base
    for digit in reversed(f"{abs(exponent):b}"):
        if digit == "1":
            power *= square
        square *= square
    return power if exponent >= 0 else 1 / power


def _piecewise(expression: sympy.Piecewise, values: Values) -> arb:
    for value, condition in expression.args:
        if holds(condition, values):
            return ball(value, values)
    raise EnclosureError(f"no branch of {expression} applies at {dict(values)}")


def holds(condition: sympy.Basic, values: Values) -> bool:
    """Decide an (in)equality between enclosed sides.

    Raises:
        EnclosureError: when the balls do not decide it at this precision.
    """
    if condition in (sympy.true, sympy.false):
        return bool(condition)
    if isinstance(condition, sympy.And | sympy.Or):
        parts = [holds(part, values) for part in condition.args]
        return all(parts) if isinstance(condition, sympy.And) else any(parts)
    difference = ball(condition.lhs, values) - ball(condition.rhs, values)
    positive, zero, negative = difference > 0, difference == 0, difference < 0
    if not (positive or zero or negative):
        raise EnclosureError(f"undecided at this precision: {condition}")
    table = {
        sympy.StrictGreaterThan: positive,
        sympy.GreaterThan: positive or zero,
        sympy.StrictLessThan: negative,
        sympy.LessThan: negative or zero,
        sympy.Equality: zero,
        sympy.Unequality: not zero,
    }
    return bool(table[type(condition)])


def enclose(expression: Expr, values: Values, bits: int = 64, limit: int = 1 << 14) -> arb:
    """Enclose to about `bits` correct bits, doubling the precision as needed.

    A ball around zero never has correct bits: for those the last ball, of radius about
    2^-limit, is returned, and it contains zero.

    Raises:
        EnclosureError: when even at `limit` bits no finite ball is found.
    """
    precision, last = max(64, 2 * bits), None
    before = ctx.prec
    try:
        while precision <= limit:
            ctx.prec = precision
            try:
                last = ball(expression, values)
            except EnclosureError as error:
                if "undecided" not in str(error):
                    raise
            else:
                if last.is_finite() and last.rel_accuracy_bits() >= bits:
                    return last
            precision *= 2
    finally:
        ctx.prec = before
    if last is None or not last.is_finite():
        raise EnclosureError(f"no finite enclosure of {expression} at {dict(values)}")
    return last
