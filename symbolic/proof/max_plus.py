"""Orders of magnitude of expressions: a max-plus calculus that refuses to guess.

Every symbol is of order κ^e as κ → ∞, and its leading term has a sign. Then

    e(ab) = e(a) + e(b),   e(a^r) = r e(a),   e(a + b) = max(e(a), e(b)),

the last unless the leading terms cancel. They cannot where they have one sign. Nor where one of them
is RANDOM: a random variable with a density, given the others, so that it equals another number with
probability 0; the caller answers for that, two multiples of one random number must not be added. Opposite
signs are decided by their exponents where these are numbers that differ; otherwise the expression is
refused, and has to be written, and proved, in a form in which nothing cancels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import sympy
from sympy import Expr, Max, Symbol


class CancellationError(ValueError):
    """Leading terms of opposite sign may cancel: the order of their sum is not known."""


class Sign(Enum):
    """Sign of a leading coefficient."""

    POSITIVE = 1
    NEGATIVE = -1
    RANDOM = 0

    def __mul__(self, other: Sign) -> Sign:
        return Sign(self.value * other.value)


@dataclass(frozen=True)
class Order:
    """κ^exponent times a coefficient of order 1.

    Attributes:
        exponent: real, a number or an expression.
        sign: of the coefficient.
    """

    exponent: Expr
    sign: Sign = Sign.POSITIVE

    def __mul__(self, other: Order) -> Order:
        return Order(self.exponent + other.exponent, self.sign * other.sign)


def order(expression: Expr, given: Mapping[Symbol, Order | None]) -> Order | None:
    """The order of an expression, or None where it is exactly zero.

    Args:
        expression: sums, products, rational powers and absolute values of numbers and symbols.
        given: the order of each symbol; None for one that is exactly zero.

    Raises:
        CancellationError: where leading terms may cancel.
        ValueError: for a function without a power law, a division by zero, a root of what may be
            negative, and a symbol that is not given.
    """
    if expression.is_Number:
        sign = Sign.POSITIVE if expression > 0 else Sign.NEGATIVE
        return None if expression == 0 else Order(sympy.Integer(0), sign)
    if isinstance(expression, Symbol):
        if expression not in given:
            raise ValueError(f"the order of {expression} is not given")
        return given[expression]
    parts = [order(part, given) for part in expression.args]
    if expression.is_Add:
        return _sum([part for part in parts if part is not None], expression)
    if expression.is_Mul:
        product: Order | None = Order(sympy.Integer(0))
        for part in parts:
            product = None if product is None or part is None else product * part
        return product
    if isinstance(expression, sympy.Abs):
        return parts[0] and Order(parts[0].exponent)
    if isinstance(expression, sympy.Pow) and expression.exp.is_Rational:
        return _power(parts[0], expression)
    raise ValueError(f"{expression.func.__name__} has no power law in {expression}")


def _power(base: Order | None, expression: Expr) -> Order | None:
    power = expression.exp
    if base is None:
        if power > 0:
            return None
        raise ValueError(f"division by zero in {expression}")
    if power.is_Integer:
        return Order(scaled(power, base.exponent), base.sign if power % 2 else Sign.POSITIVE)
    if base.sign is not Sign.POSITIVE:
        raise ValueError(f"{expression.base} may be negative in {expression}")
    return Order(scaled(power, base.exponent))


def _sum(terms: list[Order], expression: Expr) -> Order | None:
    if not terms:
        return None
    exponents, signs = [term.exponent for term in terms], {term.sign for term in terms}
    if len(signs) == 1:
        return Order(largest(*exponents), signs.pop())
    if {Sign.POSITIVE, Sign.NEGATIVE} <= signs:
        return _decided(terms, expression)
    return Order(largest(*exponents), Sign.RANDOM)


def _decided(terms: list[Order], expression: Expr) -> Order:
    """Both signs: the leading terms alone have to be of one, or one of them random."""
    top = largest(*(term.exponent for term in terms))
    if not top.is_number:
        raise CancellationError(f"leading terms of {expression} may cancel")
    signs = {term.sign for term in terms if term.exponent == top}
    if len(signs) == 1:
        return Order(top, signs.pop())
    if Sign.RANDOM not in signs:
        raise CancellationError(f"leading terms of {expression} may cancel")
    return Order(top, Sign.RANDOM)


def largest(*exponents: Expr) -> Expr:
    """Their maximum, flat: a + max(b, c) is max(a + b, a + c), so that equal terms are seen."""
    flat = [part for exponent in exponents for part in _alternatives(exponent)]
    return Max(*flat)


def shortest(exponent: Expr) -> Expr:
    """As it is, or with what is added to a maximum taken inside, whichever is shorter."""
    inside = largest(exponent)
    return inside if inside.count_ops() < exponent.count_ops() else exponent


def scaled(factor: Expr, exponent: Expr) -> Expr:
    """A multiple, inside the maximum where it is positive."""
    if factor > 0 and isinstance(exponent, Max):
        return Max(*(factor * part for part in exponent.args))
    return sympy.expand(factor * exponent)


def _alternatives(exponent: Expr) -> tuple[Expr, ...]:
    """The terms of which it is the maximum."""
    exponent = sympy.expand(exponent)
    if isinstance(exponent, Max):
        return tuple(exponent.args)
    maxima = [part for part in sympy.Add.make_args(exponent) if isinstance(part, Max)]
    if not maxima:
        return (exponent,)
    rest = exponent - maxima[0]
    return tuple(z for part in maxima[0].args for z in _alternatives(rest + part))
