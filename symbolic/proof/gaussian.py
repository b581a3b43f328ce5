"""Polynomials with coefficients in ℚ(i): sums, products, derivatives and resultants of expressions.

i is one more variable of polynomials over ℚ, of which no power but the first is left.
"""

from __future__ import annotations

import sympy
from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Expr, I, Symbol


class Gaussian:
    """Polynomials in some symbols.

    Args:
        symbols: all that expressions may have.
    """

    def __init__(self, *symbols: Symbol) -> None:
        names = ["i", *(f"z{n}" for n in range(len(symbols)))]
        self._ring = fmpq_mpoly_ctx.get(names, "lex")
        self._known = dict(zip((I, *symbols), self._ring.gens(), strict=True))
        self._position = {symbol: n for n, symbol in enumerate(self._known)}

    def __call__(self, expression: Expr) -> fmpq_mpoly:
        """An expression of sums, products and natural powers as a polynomial.

        Raises:
            ValueError: for any other.
        """
        return self._reduced(self._polynomial(expression))

    def _polynomial(self, expression: Expr) -> fmpq_mpoly:
        if expression in self._known:
            return self._known[expression]
        if expression.is_Rational:
            return self._ring.constant(fmpq(int(expression.p), int(expression.q)))
        if expression.is_Add:
            return sum(map(self._polynomial, expression.args), self._ring.constant(0))
        if expression.is_Mul:
            product = self._ring.constant(1)
            for factor in expression.args:
                product = self._reduced(product * self._polynomial(factor))
            return product
        if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
            return self._polynomial(expression.base) ** int(expression.exp)
        raise ValueError(f"{expression} is no polynomial in {list(self._known)}")

    def _reduced(self, polynomial: fmpq_mpoly) -> fmpq_mpoly:
        """With i² = −1."""
        found: dict[tuple[int, ...], fmpq] = {}
        for (power, *others), coefficient in polynomial.to_dict().items():
            monomial = (power % 2, *others)
            sign = -1 if power % 4 > 1 else 1
            found[monomial] = found.get(monomial, fmpq(0)) + sign * coefficient
        return self._ring.from_dict(found)

    def derivative(self, polynomial: fmpq_mpoly, symbol: Symbol) -> fmpq_mpoly:
        """By a symbol."""
        return polynomial.derivative(self._position[symbol])

    def product(self, *factors: fmpq_mpoly) -> fmpq_mpoly:
        """Of polynomials."""
        found = self._ring.constant(1)
        for factor in factors:
            found = self._reduced(found * factor)
        return found

    def resultant(self, one: fmpq_mpoly, two: fmpq_mpoly, symbol: Symbol) -> fmpq_mpoly:
        """Of two polynomials with respect to a symbol."""
        return self._reduced(one.resultant(two, self._position[symbol]))

    def coefficients(self, polynomial: fmpq_mpoly, symbol: Symbol) -> dict[int, Expr]:
        """Of the powers of a symbol, as expressions."""
        found: dict[int, list[Expr]] = {}
        symbols, at = list(self._known), self._position[symbol]
        for powers, coefficient in polynomial.to_dict().items():
            factors = (z**n for z, n in zip(symbols, powers, strict=True) if z != symbol)
            number = sympy.Rational(int(coefficient.p), int(coefficient.q))
            found.setdefault(powers[at], []).append(sympy.Mul(number, *factors))
        return {power: sympy.Add(*terms) for power, terms in sorted(found.items())}
