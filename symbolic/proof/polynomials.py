"""Quotients, roots and absolute values in statements, as polynomials with side conditions.

1/b becomes a new symbol v with v·b = 1, the root of b a new r ≥ 0 with r² = b, and |b| the larger of b
and −b, so that real arithmetic decides statements about them: at points where no divisor is 0 and every
root is that of a number ≥ 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy
from sympy import Abs, Basic, Eq, Expr, Max, Min, Symbol

PREFIX = "_"


@dataclass
class Polynomials:
    """Rewrites statements, one after the other, with shared new symbols.

    Attributes:
        conditions: what the new symbols satisfy.
    """

    conditions: list[Basic] = field(default_factory=list)
    _known: dict[tuple[Expr, int], Symbol] = field(default_factory=dict)

    def statement(self, statement: Basic) -> Basic:
        """A relation, or several joined, between polynomials.

        Raises:
            ValueError: for a function that is not algebraic, as exp.
        """
        if isinstance(statement, sympy.core.relational.Relational):
            return statement.func(self(statement.lhs), self(statement.rhs))
        return statement.func(*map(self.statement, statement.args))

    def __call__(self, expression: Expr) -> Expr:
        """An expression as a polynomial, or a maximum of some."""
        if expression.is_Symbol or expression.is_Rational:
            return expression
        if isinstance(expression, (sympy.Add, sympy.Mul, Max, Min)):
            return expression.func(*map(self, expression.args))
        if isinstance(expression, Abs):
            inner = self(expression.args[0])
            return Max(inner, -inner)
        if expression.is_Pow and expression.exp.is_Rational:
            return self._power(expression.base, expression.exp)
        raise ValueError(f"{expression} is not algebraic")

    def _power(self, base: Expr, exponent: Expr) -> Expr:
        factor = base if exponent.q == 1 else self._new(base, exponent.q)
        if exponent.p < 0:
            factor = self._new(factor, -1)
        return self(factor) ** abs(exponent.p)

    def _new(self, base: Expr, kind: int) -> Symbol:
        """The root of a base, of that order; or its inverse, for −1."""
        if (base, kind) not in self._known:
            inner = self(base)
            symbol = Symbol(f"{PREFIX}{len(self._known)}", real=True, nonnegative=kind > 0 or None)
            self._known[base, kind] = symbol
            self.conditions.append(Eq(symbol * inner, 1) if kind < 0 else Eq(symbol**kind, inner))
        return self._known[base, kind]
