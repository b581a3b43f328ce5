"""Activations as polynomials in functions whose slopes are polynomials in them: proved by derivatives.

The functions of one activation are algebraically independent of each other and of h, as the exact ring
(`symbolic.architecture.instance`) takes them to be; the sine has its cosine, and c² = 1 − s².
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sympy
from sympy import Expr, Symbol, diff, erf, exp, log, pi, simplify, sqrt

h = Symbol("h", real=True)
one, two = sympy.symbols("one two", real=True)


@dataclass(frozen=True)
class Closed:
    """An activation.

    Attributes:
        value: a polynomial in h and the functions' symbols.
        functions: the functions of h, by symbol.
        slopes: their slopes, polynomials in h and the symbols.
        squares: of functions that are not independent of the others, a polynomial in those.
    """

    value: Expr
    functions: Mapping[Symbol, Expr]
    slopes: Mapping[Symbol, Expr]
    squares: Mapping[Symbol, Expr] = field(default_factory=dict)

    def __post_init__(self) -> None:
        claims = [diff(f, h) - self._written(self.slopes[s]) for s, f in self.functions.items()]
        claims += [self._written(s**2 - square) for s, square in self.squares.items()]
        if wrong := [claim for claim in claims if simplify(claim.rewrite(exp)) != 0]:
            raise ValueError(f"slopes that do not close: {wrong[0]} is not 0")

    @property
    def of_h(self) -> Expr:
        """The activation as a function of h."""
        return self._written(self.value)

    @property
    def slope_of_h(self) -> Expr:
        """Its slope, by those of the functions."""
        found = diff(self.value, h)
        for symbol, slope in self.slopes.items():
            found += diff(self.value, symbol) * slope
        return self._written(found)

    def square_of(self, symbol: Symbol) -> Expr | None:
        """The square of a function, where it is a polynomial in the others."""
        return self.squares.get(symbol)

    def _written(self, polynomial: Expr) -> Expr:
        return polynomial.xreplace(dict(self.functions))


logistic, gauss = 1 / (1 + exp(-h)), exp(-(h**2) / 2) / sqrt(2 * pi)
circle = {one: sympy.sin(h), two: sympy.cos(h)}, {one: two, two: -one}, {one: 1 - two**2}

# Value, functions, slopes, squares.
CLOSURES: Mapping[str, tuple[Any, ...]] = {
    "exp": (one, {one: exp(h)}, {one: one}),
    "tanh": (one, {one: sympy.tanh(h)}, {one: 1 - one**2}),
    "sigmoid": (one, {one: logistic}, {one: one - one**2}),
    "swish": (h * one, {one: logistic}, {one: one - one**2}),
    "softplus": (two, {one: logistic, two: log(1 + exp(h))}, {one: one - one**2, two: one}),
    "erf": (two, {one: 2 * exp(-(h**2)) / sqrt(pi), two: erf(h)}, {one: -2 * h * one, two: one}),
    "gelu": (
        h * two, {one: gauss, two: (1 + erf(h / sqrt(2))) / 2}, {one: -h * one, two: one},
    ),
    "sin": (one, *circle),
    "cos": (two, *circle),
}  # fmt: skip


@cache
def closed(name: str) -> Closed:
    """An activation by its name, proved when it is asked for first.

    Raises:
        KeyError: for one that has no closure.
    """
    return Closed(*CLOSURES[name])
