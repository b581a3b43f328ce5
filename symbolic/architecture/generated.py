"""Functions of preactivations as generators of a ring, each made once.

| function | generators | |
|---|---|---|
| relu(h) | the gate δ | δ² = δ, relu = δ h, dδ = 0; of c h δ for c > 0, 1 − δ for c < 0 |
| another activation of h | the functions of its closure (`closures`) | slopes polynomial in them |
| 1/a | r | r a = 1, dr = −r² da |
| √a | s | s² = a, ds = s r da/2 with r = 1/a |

Equal functions of equal arguments are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy
from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symbolic.architecture.closures import Closed, closed, h
from symbolic.architecture.model import DeclarationError

Poly: TypeAlias = fmpq_mpoly


@dataclass(frozen=True)
class Generated:
    """A generator that is a function of weights and data.

    Attributes:
        kind: "gate", "inverse", "root" or "function".
        index: of the generator.
        argument: what it is a function of.
        slope: by its argument, in the ring.
        square: what its square is, where that is no monomial of its own; else None.
        function: of h, for the kind "function".
    """

    kind: str
    index: int
    argument: Poly
    slope: Poly
    square: Poly | None = None
    function: sympy.Expr | None = None


class Functions:
    """Generators that were made, in a ring that has room for them.

    Args:
        ring: its last generators are for functions.
        first: place of the first of these.
        name: of the network.
        sizes: in words.

    Attributes:
        made: each after those that its argument has.
    """

    def __init__(self, ring: fmpq_mpoly_ctx, first: int, name: str, sizes: str) -> None:
        self.ring, self._next = ring, first
        self._name, self._sizes = name, sizes
        self._generators = ring.gens()
        self._known: dict[Any, list[Generated]] = {}
        self._places: dict[Any, int] = {}
        self.made: list[Generated] = []
        self.zero = ring.constant(0)

    def applied(self, name: str, argument: Poly) -> Poly:
        """An activation of a preactivation."""
        if name == "relu":
            return self._relu(argument)
        if name == "sqrt":
            (root,) = self._made(("root", _key(argument)), lambda: [self._root(argument)])
            return self._generators[root.index]
        way = closed(name)
        self._closed(way, argument)
        return self._written(way.value, self._values(way, argument))

    def _relu(self, argument: Poly) -> Poly:
        """δ h, with one gate for all multiples of a preactivation."""
        if argument.total_degree() <= 0:
            return argument if argument == 0 or argument.leading_coefficient() > 0 else self.zero
        lead = argument.leading_coefficient()
        monic = argument * (1 / lead)
        (gate,) = self._made(("gate", _key(monic)), lambda: [self._gate(monic)])
        open_ = self._generators[gate.index] * argument
        return open_ if lead > 0 else argument - open_

    def inverse(self, of: Poly) -> Poly:
        """1/a; of a root s of a, s/a.

        Raises:
            DeclarationError: where a is 0.
        """
        if of == 0:
            raise DeclarationError(f"{self._name}: a division by 0 at {self._sizes}")
        for one in self.made:
            if one.kind == "root" and of == self._generators[one.index]:
                return of * self.inverse(one.argument)
        (found,) = self._made(("inverse", _key(of)), lambda: [self._inverse(of)])
        return self._generators[found.index]

    def _made(self, key: Any, make: Any) -> list[Generated]:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _new(self) -> int:
        self._next += 1
        return self._next - 1

    def _add(self, one: Generated) -> Generated:
        self.made.append(one)
        return one

    def _gate(self, argument: Poly) -> Generated:
        return self._add(Generated("gate", self._new(), argument, self.zero))

    def _inverse(self, argument: Poly) -> Generated:
        index = self._new()
        return self._add(Generated("inverse", index, argument, -(self._generators[index] ** 2)))

    def _root(self, argument: Poly) -> Generated:
        inverse, index = self.inverse(argument), self._new()
        slope = self._generators[index] * inverse * fmpq(1, 2)
        return self._add(Generated("root", index, argument, slope, argument))

    def _closed(self, way: Closed, argument: Poly) -> None:
        """Generators of the functions that were not met at this argument, by whatever activation."""
        key = _key(argument)
        new = [s for s, f in way.functions.items() if (f, key) not in self._places]
        for symbol in new:
            self._places[way.functions[symbol], key] = self._new()
        values = self._values(way, argument)
        for symbol in new:
            square = way.square_of(symbol)
            self._add(
                Generated(
                    "function", self._places[way.functions[symbol], key], argument,
                    self._written(way.slopes[symbol], values),
                    None if square is None else self._written(square, values),
                    way.functions[symbol],
                )
            )  # fmt: skip

    def _values(self, way: Closed, argument: Poly) -> dict[sympy.Symbol, Poly]:
        key = _key(argument)
        return {h: argument} | {
            symbol: self._generators[self._places[function, key]]
            for symbol, function in way.functions.items()
        }

    def _written(self, polynomial: sympy.Expr, values: Mapping[sympy.Symbol, Poly]) -> Poly:
        symbols = list(values)
        found = self.zero
        for exponents, factor in sympy.Poly(polynomial, *symbols).terms():
            term = self.ring.constant(fmpq(int(factor.p), int(factor.q)))
            for symbol, exponent in zip(symbols, exponents, strict=True):
                term = term * values[symbol] ** exponent
            found = found + term
        return found


def _key(polynomial: Poly) -> str:
    """The same for equal polynomials: terms in order, in less than exponents written out take."""
    return str(polynomial)
