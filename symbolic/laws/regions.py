"""Laws and rank in one region of the weights, where gates are open and shut in the patterns that occur.

f = Σ_S δ^S f_S over sets S of gates, and in a pattern p the outputs are Σ_{S ⊆ p} f_S. Data vary on an
open set while the pattern stays, so that the fields of the region are the coefficients of monomials in
the data of each of these sums, over the patterns p that occur. They are combinations of the fields of all
patterns: laws of these are laws everywhere; a region may have more, which hold while the weights stay in
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq, fmpq_mat

from symbolic.architecture.cells import Cell, NotEnumeratedError, cells
from symbolic.architecture.fields import (
    Exponents,
    Field,
    by_monomial,
    different,
    fields,
    nonzero,
)
from symbolic.architecture.instance import Instance, Poly
from symbolic.architecture.regions import Region, Seen
from symbolic.laws.ansatz import Law
from symbolic.laws.darboux import ProductLaw, product_laws
from symbolic.laws.lie_algebra import lie_algebra, rank_of_fields
from symbolic.laws.lie_rank import Rank, lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.rates import RatedLaw, at, laws_with_rates, with_rates
from symbolic.laws.ring import Ring

SMALL, DEPTH, SEEDS = 8, 5, 2


@dataclass(frozen=True)
class InRegion:
    """What is conserved around some weights.

    Attributes:
        region: the weights.
        cells: all patterns of gates that occur there, with data.
        fields: of the region.
        laws: polynomials up to degree 2, at any rates.
        plain: the same at the rates of `rates`.
        products: where polynomials leave something, at absorbed rates.
        rates: numbers, or None where rates are absorbed.
        independent: laws of both kinds.
        reached: the rank of the Lie algebra of the fields, from below.
        dimension: of that Lie algebra, where it is small and was asked for; the rank is no larger.
    """

    region: Region
    cells: tuple[Cell, ...]
    fields: tuple[Field, ...]
    laws: tuple[RatedLaw, ...]
    plain: tuple[Law, ...]
    products: tuple[ProductLaw, ...]
    rates: dict[str, int] | None
    independent: int
    reached: Rank
    dimension: int | None

    @property
    def rank(self) -> int:
        """Of the Lie algebra of the fields, from below."""
        return self.reached.value

    @property
    def number(self) -> int | None:
        """Of all independent laws around a generic point of the region, where the rank is known."""
        weights = sum(map(len, self.region.weights.values()))
        if self.independent + self.rank == weights or self.rank == self.dimension:
            return weights - self.rank
        return None


def fields_in(instance: Instance, there: Sequence[Cell]) -> list[Field]:
    """The fields of patterns that occur.

    Args:
        instance: expanded.
        there: the patterns.
    """
    gates = [one.index for one in instance.generated if one.kind == "gate"]
    groups: dict[tuple[int, Exponents], dict[frozenset[int], Field]] = {}
    for number, outer, one in by_monomial(instance):
        place = {g: g - instance.weights - instance.symbols for g in gates}
        met = frozenset(g for g in gates if outer[place[g]])
        rest = tuple(0 if k in place.values() else e for k, e in enumerate(outer))
        groups.setdefault((number, rest), {})[met] = one
    patterns = [frozenset(g for g, is_open in cell.open.items() if is_open) for cell in there]
    return different(z for group in groups.values() for z in _occurring(group, patterns))


def _occurring(
    group: dict[frozenset[int], Field], patterns: Sequence[frozenset[int]]
) -> list[Field]:
    """A basis of Σ_{S ⊆ p} f_S over the patterns p, with few terms."""
    sets = list(group)
    rows = [[fmpq(int(one <= p)) for one in sets] for p in patterns]
    reduced, rank = fmpq_mat(rows).rref()
    return [
        found
        for row in reduced.tolist()[:rank]
        if (found := _sum(list(zip(row, group.values(), strict=True))))
    ]


def _sum(parts: Sequence[tuple[fmpq, Field]]) -> Field:
    found: Field = {}
    for factor, one in parts:
        if factor == 0:
            continue
        for i, entry in one.items():
            into = found.setdefault(i, {})
            for m, c in entry.items():
                into[m] = into.get(m, fmpq(0)) + factor * c
    return nonzero(found)


def has_all_fields(instance: Instance, moving: Sequence[Field]) -> bool:
    """Whether the fields of a region span those of all patterns."""
    one, other = (Ring(instance.names, z).fields for z in (moving, fields(instance)))
    return rank_of_fields(one) == rank_of_fields(other)


def patterns_in(instance: Instance, region: Region, most: int) -> list[Cell]:
    """All patterns of gates around some weights.

    Args:
        instance: expanded.
        region: the weights.
        most: patterns, at most.

    Raises:
        NotEnumeratedError: where it is not known which patterns occur.
    """
    if any(_has_gates(instance, one.argument) for one in instance.generated if one.kind != "gate"):
        raise NotEnumeratedError("a function, a root or an inverse is of gates")
    return cells(instance, region, most)


def in_region(instance: Instance, region: Region, there: Sequence[Cell]) -> InRegion:
    """Laws and rank around some weights.

    Args:
        instance: expanded.
        region: the weights.
        there: all patterns of gates that occur.
    """
    weights, moving = instance.weights, fields_in(instance, there)
    found = laws_with_rates(moving, instance.rates, weights)
    rates = None if found.absorbed else dict(found.draws[0])
    plain = [at(law, rates or dict.fromkeys(instance.rates, 1)) for law in found.laws]
    number = independent(plain, (), weights)
    inputs = [one.inputs for one in there if one.inputs]
    seen = (Seen(instance.model, instance.sizes, region, inputs),)

    reached = lie_rank(
        instance.model, instance.sizes, weights - number, DEPTH, SEEDS, rates=rates, seen=seen
    )
    rank, products, dimension = reached.value, list[ProductLaw](), None
    ring = Ring(
        instance.names, moving if rates is None else with_rates(moving, instance.rates, rates)
    )
    if number + rank < weights and rates is None and found.reference is None:
        for law in product_laws(ring, plain):
            if independent(plain, [*products, law], weights) > number:
                products.append(law)
                number += 1
    if number + rank < weights:
        algebra = lie_algebra(ring, SMALL)
        dimension = None if algebra is None else len(algebra)
    return InRegion(
        region, tuple(there), tuple(moving), tuple(found.laws), tuple(plain), tuple(products), rates,
        number, reached, dimension,
    )  # fmt: skip


def _has_gates(instance: Instance, argument: Poly) -> bool:
    gates = {one.index for one in instance.generated if one.kind == "gate"}
    return any(e and k in gates for m in argument.to_dict() for k, e in enumerate(m))


def beside(known: Sequence[Law], laws: Sequence[Law], weights: int) -> list[int]:
    """Places of laws that are independent of those known, and of each other: of few terms first.

    Args:
        known: laws everywhere.
        laws: of a region, at the same rates.
        weights: their number.
    """
    chosen: list[int] = []
    rank = independent(known, (), weights)
    for n, law in sorted(enumerate(laws), key=lambda pair: len(pair[1])):
        if independent([*known, *(laws[k] for k in chosen), law], (), weights) > rank:
            chosen.append(n)
            rank += 1
    return chosen
