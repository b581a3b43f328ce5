"""Differentials along one field at values that are drawn: what is a law, and what is independent."""

from __future__ import annotations

import random
from collections.abc import Iterable

from symbolic.architecture.fields import terms
from symbolic.declared.fields import value_at
from symbolic.declared.one_field import OneField, values
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.two_layer import TwoLayer
from symbolic.laws.one_field import weights_of
from symbolic.laws.rank import slope_of_law, slope_of_product
from symbolic.proof.null_space import PRIME
from symbolic.proof.ranks import rank_modulo_prime

Row = list[int]


class Point:
    """Differentials at values of weights and functions that are drawn, modulo a prime.

    Functions are independent of weights there, as they are at a generic point: transcendental ones of
    preactivations that differ (Ax 1971), gates being 0 or 1.
    """

    def __init__(
        self,
        one: OneField,
        polynomial: PolynomialLaws,
        products: ProductLaws | None,
        two_layer: TwoLayer | None,
        seed: int,
    ) -> None:
        instance, draw = one.instance, random.Random(seed)
        self._one, self._two_layer, self._D = one, two_layer, instance.weights
        self._at = values(instance, draw)
        self._rates = [polynomial.rates[rate] for rate in instance.rates]
        self.field = self._moving()
        weights = [self._at[i] for i in range(self._D)]
        self._known = [slope_of_law(law, weights) for law in polynomial.plain]
        self._known += [
            slope_of_product(one, weights) for one in (products.laws if products else ())
        ]

    def _moving(self) -> Row:
        """The field where gates are open, or shut in parts that do not move then."""
        gates = {one.index: one for one in self._one.instance.generated if one.kind == "gate"}
        self._set(gates, 1)
        field = self._field()
        for block in self._one.blocks:
            if not any(field[i] for i in block):
                still = [
                    g for g, one in gates.items()
                    if weights_of(self._one.instance, one.argument) <= set(block)
                ]  # fmt: skip
                self._set(still, 0)
        return self._field()

    def _set(self, gates: Iterable[int], value: int) -> None:
        for g in gates:
            self._at[g] = value

    def _field(self) -> Row:
        gradient = self._one.instance.gradient(self._one.potential)
        return [
            rate * value_at(terms(gradient[i]), self._at) % PRIME if i in gradient else 0
            for i, rate in enumerate(self._rates)
        ]

    def own(self, k: int) -> Row:
        """v(h) du − v(u) dh of a neuron, which vanishes on v."""
        if self._two_layer is None:
            raise ValueError("parts are no neurons")
        (u, neuron), x = self._two_layer.neurons[k], self._two_layer.point
        row, seen = [0] * self._D, 0
        for a, j in zip(x, neuron, strict=True):
            exact = a.numerator * pow(a.denominator, -1, PRIME)
            seen += exact * self.field[j]
            row[j] = -self.field[u] * exact % PRIME
        row[u] = seen % PRIME
        return row

    def leaves_one(self, k: int, has_own: bool) -> bool:
        """Whether the own laws of a part that moves are all but one of its weights."""
        block = self._one.blocks[k]
        inside = [r for r in self._known if all(not v or i in block for i, v in enumerate(r))]
        rows = [*inside, self.own(k)] if has_own else inside
        return rank_modulo_prime(rows, self._D) == len(block) - 1 and any(
            self.field[i] for i in block
        )

    def independent(self, own: tuple[int, ...], timed: tuple[int, ...]) -> tuple[int, int]:
        """How many of the own laws, and then of the differences of clocks, add to the rank."""
        rows = list(self._known)
        known = rank_modulo_prime(rows, self._D)
        rows += [self.own(k) for k in own]
        with_own = rank_modulo_prime(rows, self._D)
        ticks = [self._tick(k) for k in timed]
        rows += [[a - b for a, b in zip(tick, ticks[0], strict=True)] for tick in ticks[1:]]
        return with_own - known, rank_modulo_prime(rows, self._D) - with_own

    def _tick(self, k: int) -> Row:
        """dz/v(z) of a weight z that moves."""
        z = next(i for i in self._one.blocks[k] if self.field[i])
        return [pow(self.field[z], -1, PRIME) if i == z else 0 for i in range(self._D)]
