"""Checks of what was found, by other means than it was found with.

* A polynomial law, found by elimination over products of weights: the Lie derivative along every field,
  with symbols for the roots of rates, is the zero polynomial of a ring.
* A product law, found by cofactors: Σ nᵢ g(pᵢ)/pᵢ, fractions added up over gcds, is 0 for every field g.
* A law at all sizes, found and proved by words: its entries at some sizes are polynomial laws there.
* Independence, found modulo a prime: the rank of the differentials at whole numbers, over ℚ.
* The rank of the Lie algebra, found by jets modulo a prime: brackets of polynomials, and the rank of
  their values at whole numbers, over ℚ; for small instances.

Each rank bounds the other: laws are constant on what the fields reach, so their sum is at most the
number of weights, and equality leaves no law out. It is a statement on the fields; what it says of the
network rests on `symbolic.architecture.independence` where functions of preactivations occur.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from math import prod

from flint import fmpq, fmpq_mpoly_ctx

from symbolic.architecture.fields import Exponents, Field, Terms
from symbolic.architecture.model import Model, Sizes
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw
from symbolic.laws.ansatz import Combination, meetings, moved
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.entries import entries
from symbolic.laws.rates import Powers, RatedLaw
from symbolic.laws.ring import Poly, PolynomialField, Ring
from symbolic.proof.ranks import rank_of_rows

DEPTH, MOST = 4, 30


class RatedRing:
    """Polynomials in weights, parameters and roots of rates, and fields on the weights.

    With s² = η a law with symbolic rates is a polynomial over a power of s, and a weight of rate η moves
    along s² times its entry of a field.

    Args:
        names: of the weights; of parameters behind them, which do not move.
        rates: the name of each weight's rate.
        fields: without rates, with entries in all that is named.
    """

    def __init__(self, names: Sequence[str], rates: Sequence[str], fields: Sequence[Field]) -> None:
        self._rates, self._variables = rates, len(names)
        self._roots = {rate: k for k, rate in enumerate(dict.fromkeys(rates))}
        variables = [f"w_{k}" for k in range(len(names))]
        roots = [f"root_{k}" for k in range(len(self._roots))]
        self._ring = fmpq_mpoly_ctx.get([*variables, *roots], "degrevlex")
        self._given, self._meeting = fields, meetings(fields)
        self._fields = [
            {i: self._moved(entry, rates[i]) for i, entry in one.items()} for one in fields
        ]

    def _moved(self, entry: Terms, rate: str) -> Poly:
        roots = [0] * len(self._roots)
        roots[self._roots[rate]] = 2
        return self._ring.from_dict({(*m, *roots): c for m, c in entry.items()})

    def is_annihilated(self, law: RatedLaw) -> bool:
        """Whether every field annihilates a law, as an identity in weights, parameters and rates."""
        polynomial = self._cleared(law)
        totals: dict[int, Poly] = {}
        for i in {i for factors in law for i in factors if i in self._meeting}:
            slope = polynomial.derivative(i)
            for k in self._meeting[i]:
                moved = slope * self._fields[k][i]
                totals[k] = totals[k] + moved if k in totals else moved
        return all(total == 0 for total in totals.values())

    def changes(
        self, products: Sequence[tuple[Combination, Powers]]
    ) -> Iterator[tuple[int, int, Exponents, fmpq]]:
        """Along each field: which product, which field, exponents of variables and roots, coefficient.

        Args:
            products: of variables, and of powers of rates; all over one power of the roots.
        """
        below = self._below(powers for _, powers in products)
        for n, (factors, powers) in enumerate(products):
            roots = self._over(powers, below)
            for i, k, m, c in moved(factors, self._given, self._meeting):
                rate = self._roots[self._rates[i]]
                yield n, k, (*m, *roots[:rate], roots[rate] + 2, *roots[rate + 1 :]), c

    def _below(self, every: Iterable[Powers]) -> list[int]:
        """The lowest powers of the roots."""
        below = [0] * len(self._roots)
        for powers in every:
            for name, power in powers:
                place = self._roots[name]
                below[place] = min(below[place], int(2 * power))
        return below

    def _over(self, powers: Powers, below: Sequence[int]) -> list[int]:
        roots = [-n for n in below]
        for name, power in powers:
            roots[self._roots[name]] += int(2 * power)
        return roots

    def _cleared(self, law: RatedLaw) -> Poly:
        """A law times a power of the roots that makes it a polynomial."""
        below = self._below(powers for c in law.values() for powers in c)
        found: dict[Exponents, fmpq] = {}
        for factors, coefficient in law.items():
            variables = [0] * self._variables
            for i in factors:
                variables[i] += 1
            for powers, c in coefficient.items():
                key = (*variables, *self._over(powers, below))
                found[key] = found.get(key, fmpq(0)) + c
        return self._ring.from_dict(found)


def is_conserved(law: RatedLaw, fields: Sequence[Field], rates: Sequence[str]) -> bool:
    """Whether Σ_i η_i F_i ∂_i h is the zero polynomial in weights and roots of rates, for every field.

    Args:
        law: with symbolic rates.
        fields: without.
        rates: the name of each weight's rate.
    """
    return RatedRing(rates, rates, fields).is_annihilated(law)


def is_conserved_product(law: ProductLaw, ring: Ring) -> bool:
    """Whether d log ∏ pᵢ^nᵢ, a sum of fractions without common divisors, is 0 along every field.

    Args:
        law: a product.
        ring: with the fields.
    """
    for one in ring.fields:
        above, below = ring.context.constant(0), ring.one
        for p, exponent in law.factors:
            moved = ring.along(p, one)
            if moved != 0:
                above, below = above * p + moved * below * exponent, below * p
                common = above.gcd(below)
                above, below = above // common, below // common
        if above != 0:
            return False
    return True


def holds_at(
    law: MatrixLaw | DiagonalLaw, model: Model, sizes: Sizes, fields: Sequence[Field]
) -> bool:
    """Whether all entries of a law at all sizes are conserved at some, with symbolic rates.

    Args:
        law: at all sizes.
        model: that it is of.
        sizes: a number for each size symbol.
        fields: of that instance, without rates.
    """
    rates = [
        layer.rate
        for layer in model.layers.values()
        for _ in range(prod(size.at(sizes) for size in layer.shape))
    ]
    ring = RatedRing(rates, rates, fields)
    return all(map(ring.is_annihilated, entries(law, model, sizes)))


def whole_point(weights: int, seed: int = 0) -> list[fmpq]:
    """Whole numbers, drawn."""
    draw = random.Random(seed)
    return [fmpq(draw.randint(-99, 99) or 1) for _ in range(weights)]


def rank_of_differentials(polynomials: Sequence[Poly], point: Sequence[fmpq]) -> int:
    """At a point, over ℚ: at least so many polynomials are independent."""
    return rank_of_rows([[p.derivative(i)(*point) for i in range(len(point))] for p in polynomials])


def rank_of_brackets(
    ring: Ring, point: Sequence[fmpq], enough: int, depth: int = DEPTH, most: int = MOST
) -> int:
    """Of brackets of up to so many fields at a point, over ℚ: the rank is at least that.

    Args:
        ring: with the fields.
        point: weights.
        enough: no rank is larger.
        depth: of brackets.
        most: brackets that are taken to the next depth.
    """
    values, level = list[list[fmpq]](), list(ring.fields)
    for _ in range(depth):
        kept: list[PolynomialField] = []
        for one in level:
            row = [one[i](*point) if i in one else fmpq(0) for i in range(len(point))]
            if len(kept) < most:
                kept.append(one)
            if rank_of_rows([*values, row]) > len(values):
                values.append(row)
            if len(values) >= enough:
                return len(values)
        level = [b for g in kept for f in ring.fields if (b := ring.bracket(f, g))]
    return len(values)
