"""Normal form of an expression: a quotient of two polynomials over its generators.

The polynomials have rational coefficients (`fmpq_mpoly`), and every radical and every exponential is
a generator with its relation: √A becomes g with g² → A, exp(c·z) becomes a power of the generator
of exp(z), cos²z → 1 − sin²z, |z|² → z²; any other function of an argument is a generator without
relations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy
from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Expr
from sympy.codegen.cfunctions import expm1

Quotient = tuple[fmpq_mpoly, fmpq_mpoly]

NO_NUMBERS = (sympy.oo, -sympy.oo, sympy.zoo, sympy.nan)


class NormalFormError(ValueError):
    """An expression outside what the normal form decides (the verdict is then undecided)."""


@dataclass
class _Field:
    """Quotients of polynomials over named generators, with squares to be reduced."""

    squares: dict[Expr, Expr]
    atoms: list[Expr] = field(default_factory=list)
    radicals: dict[Expr, Expr] = field(default_factory=dict)
    exponentials: dict[Expr, list[sympy.Rational]] = field(default_factory=dict)

    def scan(self, expression: Expr) -> None:
        """Collect generators, inner ones first."""
        if expression in NO_NUMBERS or isinstance(expression, sympy.AccumBounds):
            raise NormalFormError(f"{expression} is no number")
        if isinstance(expression, sympy.Rational):
            return
        if isinstance(expression, sympy.exp):
            for term, coefficient in _exponent_terms(expression.exp):
                self.exponentials.setdefault(term, []).append(coefficient)
            return
        if isinstance(expression, sympy.Add | sympy.Mul):
            for part in expression.args:
                self.scan(part)
            return
        if isinstance(expression, sympy.Pow) and isinstance(expression.exp, sympy.Rational):
            self.scan(expression.base)
            if expression.exp.q == 2:
                self.radicals.setdefault(sympy.sqrt(expression.base), expression.base)
            elif expression.exp.q != 1:
                raise NormalFormError(f"root of order {expression.exp.q}: {expression}")
            return
        if isinstance(expression, sympy.Pow) and self._scan_symbolic_power(expression):
            return
        if isinstance(expression, sympy.Piecewise):
            raise NormalFormError(f"a condition is left open: {expression}")
        if isinstance(expression, sympy.Abs) and expression.args[0].is_extended_real:
            self.squares.setdefault(expression, expression.args[0] ** 2)
        if isinstance(expression, sympy.cos):
            self.squares.setdefault(expression, 1 - sympy.sin(*expression.args) ** 2)
        if expression not in self.atoms:
            self.atoms.append(expression)
            if expression in self.squares:
                self.scan(self.squares[expression])

    def _scan_symbolic_power(self, expression: sympy.Pow) -> bool:
        """h^(2β+k) is the square of the generator h^β times a power of h, for a symbolic β."""
        terms = _exponent_terms(expression.exp)
        if len(terms) == 1 and terms[0][1] == 1:
            return False
        for term, coefficient in terms:
            if term != 1 and coefficient.q != 1:
                raise NormalFormError(f"root of a symbolic power: {expression}")
            self.scan(expression.base ** (coefficient if term == 1 else term))
        return True

    def build(self) -> None:
        """Fix the generators and the polynomial ring."""
        roots = [root for root in self.radicals if root not in self.atoms]
        names = [f"g{index}" for index in range(len(self.atoms) + len(roots))]
        names += [f"e{index}" for index in range(len(self.exponentials))]
        self.ring = fmpq_mpoly_ctx.get(names or ["g0"], "lex")
        generators = list(self.ring.gens())
        self.generator = dict(zip([*self.atoms, *roots], generators, strict=False))
        bases = generators[len(self.atoms) + len(roots) :]
        self.base = {}
        for (term, coefficients), generator in zip(self.exponentials.items(), bases, strict=False):
            unit = coefficients[0]
            for coefficient in coefficients[1:]:
                unit = sympy.gcd(unit, coefficient)
            self.base[term] = (abs(unit), generator)
        order = {expression: index for index, expression in enumerate(self.generator)}
        self.reductions = {}
        for expression, base in [*self.squares.items(), *self.radicals.items()]:
            if expression in order:
                self.reductions[order[expression]] = self.quotient(base)

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
            for term, coefficient in _exponent_terms(expression.exp):
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
        for term, coefficient in _exponent_terms(exponent):
            unit, generator = self.base[term]
            power = (generator, self.ring.constant(1))
            result = self._multiply(result, self._power(power, int(coefficient / unit)))
        return result

    def reduce(
        self, numerator: fmpq_mpoly, denominator: fmpq_mpoly
    ) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        """Replace squares by their values and cancel the common factor."""
        for index, (top, bottom) in getattr(self, "reductions", {}).items():
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


def _exponent_terms(exponent: Expr) -> list[tuple[Expr, sympy.Rational]]:
    """Split an exponent into rational multiples of terms."""
    terms = []
    for term in sympy.Add.make_args(sympy.expand(exponent)):
        coefficient, rest = term.as_coeff_Mul()
        if not isinstance(coefficient, sympy.Rational):
            raise NormalFormError(f"exponent {exponent} is not a rational combination")
        terms.append((rest, coefficient))
    return terms


def _elementary(expression: Expr) -> Expr:
    """Hyperbolic functions and expm1 by exponentials, tangents by sines."""
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
    field_ = _Field(dict(squares or {}))
    field_.scan(expression)
    field_.build()
    numerator, _ = field_.reduce(*field_.quotient(expression))
    return bool(numerator == 0)
