"""Polynomials in series as rows of coefficients: products of two rows, sums and choices, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Symbol

from symbolic.warp.closure import on_sides, whole_power

Form = dict["Row | None", Expr]
"""A sum of rows times constants; None stands for the constant series 1."""


@dataclass(frozen=True)
class Row:
    """The coefficients of one series.

    Attributes:
        name: in the text.
        level: how many products deep it is.
    """

    name: str
    level: int


@dataclass(frozen=True)
class Product(Row):
    """A product of two."""

    left: Row
    right: Row


@dataclass(frozen=True)
class Combination(Row):
    """A sum of rows times constants."""

    terms: tuple[tuple[Row | None, Expr], ...]


@dataclass(frozen=True)
class Choice(Row):
    """One sum beyond a bend, another before it."""

    right: tuple[tuple[Row | None, Expr], ...]
    left: tuple[tuple[Row | None, Expr], ...]


@dataclass(frozen=True)
class WholePower(Row):
    """A row to a whole power that is known when it is computed."""

    base: Row
    exponent: Expr


class Rows:
    """Rows that were made, in order.

    Args:
        given: symbols of the series that there are, by their names.
    """

    def __init__(self, given: Iterable[Symbol]) -> None:
        self.given = {symbol: Row(symbol.name, 0) for symbol in given}
        self.made: list[Row] = []
        self._known: dict[object, Row] = {}

    def form(self, expression: Expr) -> Form:
        """An expression as a sum of rows."""
        expression = sympy.sympify(expression, strict=True)
        if not expression.free_symbols & set(self.given):
            return {None: expression} if expression != 0 else {}
        if expression in self.given:
            return {self.given[expression]: Integer(1)}
        if expression.is_Add:
            found: Form = {}
            for term in expression.args:
                for row, coefficient in self.form(term).items():
                    found[row] = found.get(row, Integer(0)) + coefficient
            return found
        if isinstance(expression, on_sides):
            return {self._choice(*expression.args[:2]): Integer(1)}
        if isinstance(expression, whole_power):
            base, exponent = expression.args
            return {self._whole_power(self.row(self.form(base)), exponent): Integer(1)}
        return self._product(expression)

    def row(self, form: Form) -> Row:
        """The row of a sum: its only one, or a new one."""
        if list(form.values()) == [1] and None not in form:
            return next(z for z in form if z is not None)
        terms = tuple(form.items())
        level = _level(form)
        return self._kept(frozenset(terms), lambda name: Combination(name, level, terms), "sum")

    def _product(self, expression: Expr) -> Form:
        factors: list[Expr] = []
        for factor in sympy.Mul.make_args(expression):
            base, exponent = factor.as_base_exp()
            is_power = exponent.is_Integer and exponent > 0
            factors += [base] * int(exponent) if is_power else [factor]
        for place, factor in enumerate(factors):
            if isinstance(factor, on_sides):  # inside: what is constant on a side needs no product
                rest = sympy.Mul(*factors[:place], *factors[place + 1 :])
                right, left, beyond = factor.args
                return self.form(on_sides(rest * right, rest * left, beyond))
        coefficient: Expr = Integer(1)
        rows: list[Row] = []
        for factor in factors:
            form = self.form(factor)
            if len(form) == 1:
                ((row, scale),) = form.items()
                coefficient *= scale
                rows += [row] if row is not None else []
            else:
                rows.append(self.row(form))
        return {self._of(rows): coefficient} if rows else {None: coefficient}

    def _of(self, rows: list[Row]) -> Row:
        """A product of several: of two that were multiplied before, else from the simplest on."""
        rows = sorted(rows, key=lambda z: (z.level, self._place(z)))
        while len(rows) > 1:
            pairs = [(i, j) for j in range(len(rows)) for i in range(j)]
            known = (pair for pair in pairs if self._key(*(rows[z] for z in pair)) in self._known)
            i, j = next(known, (0, 1))
            made = self._multiplied(rows[i], rows[j])
            rows = [made, *(z for place, z in enumerate(rows) if place not in (i, j))]
        return rows[0]

    def _place(self, row: Row) -> int:
        return [*self.given.values(), *self.made].index(row)

    def _key(self, left: Row, right: Row) -> tuple[str, frozenset[str]]:
        return "product", frozenset((left.name, right.name))

    def _multiplied(self, left: Row, right: Row) -> Row:
        level = 1 + max(left.level, right.level)
        name = f"{left.name}_{right.name}" if level == 1 else f"product_{len(self.made)}"
        return self._kept(self._key(left, right), lambda _: Product(name, level, left, right), name)

    def _choice(self, right: Expr, left: Expr) -> Row:
        forms = self.form(right), self.form(left)
        terms = tuple(tuple(form.items()) for form in forms)
        level = max(map(_level, forms))
        return self._kept(("choice", terms), lambda name: Choice(name, level, *terms), "on_side")

    def _whole_power(self, base: Row, exponent: Expr) -> Row:
        return self._kept(
            ("power", base, exponent),
            lambda name: WholePower(name, base.level, base, exponent),
            f"{base.name}_power",
        )

    def _kept(self, key: object, make: Callable[[str], Row], name: str) -> Row:
        if key not in self._known:
            taken = {z.name for z in self.made}
            self._known[key] = make(f"{name}_{len(self.made)}" if name in taken else name)
            self.made.append(self._known[key])
        return self._known[key]


def _level(form: Mapping[Row | None, Expr]) -> int:
    return max((row.level for row in form if row is not None), default=0)
