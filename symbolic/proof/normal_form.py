"""Normal form of an expression: a quotient of two polynomials over its generators.

The polynomials have rational coefficients (`fmpq_mpoly`), and every radical and every exponential is
a generator with its relation: √A becomes g with g² → A, exp(c·z) becomes a power of the generator
of exp(z), cos²z → 1 − sin²z, |z|² → z²; any other function of an argument is a generator without
relations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import sympy
from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Expr
from sympy.codegen.cfunctions import expm1

from symbolic.proof.generators import Generators, NormalFormError, exponent_terms

Quotient = tuple[fmpq_mpoly, fmpq_mpoly]


class _Field:
    """Quotients of polynomials over generators, reduced by their relations."""

    def __init__(self, found: Generators) -> None:
        roots = [root for root in found.radicals if root not in found.atoms]
        free = [*found.atoms, *roots]
        names = [f"g{index}" for index in range(len(free))]
        names += [f"e{index}" for index in range(len(found.exponentials))]
        self.ring = fmpq_mpoly_ctx.get(names or ["g0"], "lex")
        gens = list(self.ring.gens())
        self.generator: dict[Expr, fmpq_mpoly] = dict(zip(free, gens, strict=False))
        units = map(_unit, found.exponentials.values())
        pairs = zip(units, gens[len(free) :], strict=False)
        self.base: dict[Expr, tuple[Expr, fmpq_mpoly]] = dict(
            zip(found.exponentials, pairs, strict=False)
        )
        order = {expression: index for index, expression in enumerate(free)}
        self.reductions: dict[int, Quotient] = {}
        for expression, square in [*found.squares.items(), *found.radicals.items()]:
            if expression in order:
                self.reductions[order[expression]] = self.quotient(square)

    def constant(self, value: sympy.Rational) -> fmpq_mpoly:
        """A rational number as a polynomial."""
        return self.ring.constant(fmpq(int(value.p), int(value.q)))

    def quotient(self, expression: Expr) -> Quotient:
        """Numerator and denominator of `expression`, reduced by the relations."""
        one = self.ring.constant(1)
        if isinstance(expression, sympy.Rational):
            return self.constant(expression), one
        if expression in self.generator:
            return self.generator[expression], one
        if isinstance(expression, sympy.exp):
            return self._exponential(expression.exp)
        if isinstance(expression, sympy.Pow) and not expression.exp.is_Rational:
            result = (one, one)
            for term, coefficient in exponent_terms(expression.exp):
                symbolic = self.quotient(expression.base ** (coefficient if term == 1 else term))
                power = 1 if term == 1 else int(coefficient)
                result = self._multiply(result, self._power(symbolic, power))
            return result
        if isinstance(expression, sympy.Pow):
            base, exponent = expression.base, expression.exp
            if exponent.q == 2:
                base, exponent = sympy.sqrt(base), sympy.Integer(exponent.p)
            return self._power(self.quotient(base), int(exponent))
        parts = [self.quotient(part) for part in expression.args]
        total = parts[0]
        for part in parts[1:]:
            total = self._add(total, part) if expression.is_Add else self._multiply(total, part)
        return total

    def _add(self, left: Quotient, right: Quotient) -> Quotient:
        if left[1] == right[1]:
            return self.reduce(left[0] + right[0], left[1])
        return self.reduce(left[0] * right[1] + right[0] * left[1], left[1] * right[1])

    def _multiply(self, left: Quotient, right: Quotient) -> Quotient:
        return self.reduce(left[0] * right[0], left[1] * right[1])

    def _power(self, base: Quotient, exponent: int) -> Quotient:
        if exponent < 0:
            base, exponent = (base[1], base[0]), -exponent
        if base[1] == 0:
            raise NormalFormError("division by an expression that is identically zero")
        result = (self.ring.constant(1), self.ring.constant(1))
        for _ in range(exponent):
            result = self._multiply(result, base)
        return result

    def _exponential(self, exponent: Expr) -> Quotient:
        result = (self.ring.constant(1), self.ring.constant(1))
        for term, coefficient in exponent_terms(exponent):
            unit, generator = self.base[term]
            power = (generator, self.ring.constant(1))
            result = self._multiply(result, self._power(power, int(coefficient / unit)))
        return result

    def reduce(
        self, numerator: fmpq_mpoly, denominator: fmpq_mpoly
    ) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        """Replace squares by their values and cancel the common factor."""
        for index, (top, bottom) in self.reductions.items():
            numerator, scale = self._replace_square(numerator, index, top, bottom)
            denominator *= scale
            denominator, scale = self._replace_square(denominator, index, top, bottom)
            numerator *= scale
        if denominator == 0:
            # The relations can make a product of nonzero factors zero: c² = s² and (c − s)(c + s).
            raise NormalFormError("division by an expression that is identically zero")
        if numerator == 0:
            return numerator, self.ring.constant(1)
        common = numerator.gcd(denominator)
        return numerator / common, denominator / common

    def _replace_square(
        self, polynomial: fmpq_mpoly, index: int, top: fmpq_mpoly, bottom: fmpq_mpoly
    ) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        one = self.ring.constant(1)
        if polynomial == 0 or polynomial.degrees()[index] < 2:
            return polynomial, one
        half = polynomial.degrees()[index] // 2
        by_power: dict[tuple[int, int], dict[tuple[int, ...], fmpq]] = {}
        for exponents, coefficient in polynomial.to_dict().items():
            rest = list(exponents)
            squares, rest[index] = divmod(rest[index], 2)
            by_power.setdefault((squares, half - squares), {})[tuple(rest)] = coefficient
        result = self.ring.constant(0)
        for (squares, missing), terms in by_power.items():
            result += self.ring.from_dict(terms) * top**squares * bottom**missing
        return result, bottom**half


def _unit(coefficients: Sequence[sympy.Rational]) -> Expr:
    """The largest number that all coefficients are whole multiples of."""
    return abs(reduce(sympy.gcd, coefficients))


REWRITTEN = (
    expm1, sympy.cosh, sympy.sinh, sympy.tanh, sympy.coth, sympy.polylog, sympy.tan, sympy.cot,
)  # fmt: skip


def _elementary(expression: Expr) -> Expr:
    """Hyperbolic functions and expm1 by exponentials, tangents by sines."""
    if not expression.atoms(*REWRITTEN):
        return expression
    expression = expression.replace(expm1, lambda z: sympy.exp(z) - 1)
    for head in (sympy.cosh, sympy.sinh, sympy.tanh, sympy.coth):
        expression = expression.replace(head, lambda z, head=head: head(z).rewrite(sympy.exp))
    expression = expression.replace(
        lambda part: isinstance(part, sympy.polylog) and part.args[0] == 1, sympy.expand_func
    )
    for head, ratio in ((sympy.tan, 1), (sympy.cot, -1)):
        expression = expression.replace(
            head, lambda z, ratio=ratio: (sympy.sin(z) / sympy.cos(z)) ** ratio
        )
    return expression


def is_zero_by_normal_form(expression: Expr, squares: Mapping[Expr, Expr] | None = None) -> bool:
    """Whether the normal form of `expression` is zero; False proves nothing.

    Args:
        expression: rational in its atoms, square roots and exponentials.
        squares: relations g² = value for atoms g.

    Raises:
        NormalFormError: for an expression outside the decided class.
    """
    if expression.atoms(sympy.Float):  # wherever it is: in an argument, in an exponent
        raise NormalFormError(f"a float in an exact expression: {expression}")
    if not expression.is_commutative:
        raise NormalFormError(f"factors that do not commute: {expression}")
    expression = _elementary(expression)
    found = Generators(dict(squares or {}))
    found.scan(expression)
    quotients = _Field(found)
    numerator, _ = quotients.reduce(*quotients.quotient(expression))
    return bool(numerator == 0)
