"""Stage: regions of the weights that differ in the patterns of gates (see `symbolic.laws.regions`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from flint import fmpq
from sympy import Expr, Integer

from symbolic.architecture.cells import Cell, NotEnumeratedError
from symbolic.architecture.fields import terms
from symbolic.architecture.gates import Pattern, UnknownSignError
from symbolic.architecture.instance import Instance, Poly
from symbolic.architecture.regions import Region, Seen, regions
from symbolic.declared.one_field import OneField
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.written import PLAIN, Spelling, Written
from symbolic.laws.certificates import RatedRing, is_conserved_product
from symbolic.laws.lie_rank import Rank, lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.rates import at
from symbolic.laws.regions import (
    InRegion,
    beside,
    fields_in,
    has_all_fields,
    in_region,
    patterns_in,
)
from symbolic.laws.ring import Ring
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict

DRAWN, TRIED, LARGEST, GATES, PATTERNS, DEPTH = 6, 24, 24, 12, 64, 5


@dataclass(frozen=True, kw_only=True)
class Regions(Record):
    """What is conserved in regions of the weights, of which a few were drawn.

    Attributes:
        patterns: of each region that was drawn, the patterns of gates that occur there, all of them.
        drawn: the weights.
        whole: numbers of the regions where the patterns have all fields: laws are those everywhere.
        others: of the others, one for each of their counts; laws of those with equal ones may differ.
        together: rank of the Lie algebra of the fields of all regions together, from below.
    """

    polynomial: Need[PolynomialLaws]
    patterns: tuple[tuple[Cell, ...], ...]
    drawn: tuple[Region, ...]
    whole: tuple[int, ...]
    others: tuple[InRegion, ...]
    together: Rank

    @property
    def instance(self) -> Instance:
        """The network."""
        return self.polynomial.fields.instance

    @property
    def across(self) -> int:
        """Rank of the Lie algebra of the fields of all regions together, from below."""
        return self.together.value

    @property
    def best(self) -> Rank:
        """The largest rank in one region: with all fields, it is that of all together."""
        return self.together if self.whole else max((z.reached for z in self.others), key=_value_of)

    @property
    def is_complete_across(self) -> bool:
        """Whether no polynomial law that holds in all regions, by one formula, is missing."""
        return self.polynomial.independent + self.across == self.instance.weights

    def certify(self) -> Iterator[Certificate]:
        """The patterns at their data; laws along the fields of their region, and their ranks."""
        yield Certificate("every pattern of gates occurs at its data", self._occur())
        for k, one in enumerate(self.others, 1):
            yield Certificate(f"region {k}: its fields annihilate its laws", self._are_laws(one))
            yield Certificate(f"region {k}: laws and rank fit the weights", self._fit(one))
        claim = "regions that have all fields span those of all patterns"
        yield Certificate(claim, self._are_whole())

    def _occur(self) -> Verdict:
        for region, there in zip(self.drawn, self.patterns, strict=True):
            if not there or not all(_is_met(self.instance, region, cell) for cell in there):
                return Undecided("a gate has another sign at the data")
        return Proved("signs of rational numbers")

    def _are_whole(self) -> Verdict:
        for n in self.whole:
            if not has_all_fields(self.instance, fields_in(self.instance, self.patterns[n])):
                return Undecided(f"region {n + 1} has fewer fields")
        return Proved("rank over the rational numbers")

    def _are_laws(self, one: InRegion) -> Verdict:
        instance = self.instance
        moving = fields_in(instance, one.cells)
        rated, ring = (
            RatedRing(instance.names, instance.rates, moving),
            Ring(instance.names, moving),
        )
        if not all(map(rated.is_annihilated, one.laws)):
            return Undecided("a polynomial changes along a field")
        if not all(is_conserved_product(law, ring) for law in one.products):
            return Undecided("a product changes along a field")
        return Proved("derivatives in the exact ring of weights and roots of rates")

    def _fit(self, one: InRegion) -> Verdict:
        weights = self.instance.weights
        found = independent(one.plain, one.products, weights, seed=2)
        if found >= one.independent and one.independent + one.rank <= weights:
            return Proved("ranks at points modulo primes, both from below")
        return Undecided(f"{found} laws, rank {one.rank} of {weights} weights")

    def more(self, one: InRegion, spelling: Spelling) -> list[str]:
        """Laws of a region beside those that hold everywhere."""
        written = Written(self.instance, spelling)
        rates = one.rates or dict.fromkeys(self.instance.rates, 1)
        try:
            known = [at(law, rates) for law in self.polynomial.laws]
        except ValueError:  # roots of rates that were drawn
            known = []
        places = beside(known, one.plain, self.instance.weights)
        products = [written.product(law) for law in one.products]
        return [written.law(one.laws[n]) for n in places] + products

    @property
    def said(self) -> tuple[str, ...]:
        """In sentences."""
        return tuple(self._sentences(PLAIN))

    def _sentences(self, spelling: Spelling) -> Iterator[str]:
        count, everywhere = len(self.drawn), self.polynomial.independent
        there = "weights" if count == 1 else f"each of {count} weights of different patterns"
        numbers = _range([len(there) for there in self.patterns])
        weights = self.instance.weights
        whole = (
            "all fields occur, and the laws are those everywhere"
            if len(self.whole) == count
            else f"around {len(self.whole) or 'none'} of them do all fields occur"
        )
        yield f"Gates: {numbers} around {there} that were drawn; {whole}"
        for one in self.others:
            around = (
                "these" if count == 1 else "one of them"
            )  # others with its counts may have others
            where = f"Around {around}, where {_range([len(one.cells)])} of gates occur"
            if one.number is None:
                sides = f"{one.independent} laws and Lie rank {one.rank}"
                yield f"{where}: {sides} of {weights} weights, the rest is not decided"
                continue
            sides = f"{one.number} laws and Lie rank {one.rank} make {weights} weights"
            if one.number == everywhere:
                yield f"{where}: {sides}, no more than everywhere"
                continue
            more = "; ".join(self.more(one, spelling))
            beside = one.number - one.independent
            open_ = (
                f", {beside} of its laws not found (fields close under brackets)" if beside else ""
            )
            yield (
                f"{where}: {sides}, {one.number - everywhere} more than everywhere{open_}"
                f"{': ' + more if more else ''}"
            )
        if not self.whole and self.is_complete_across:
            yield (
                f"All regions together: {everywhere} laws and Lie rank {self.across} make {weights} "
                "weights, so that no law with one formula in all regions is missing"
            )

    def explain(self) -> Iterator[Step]:
        """The regions."""
        rows: list[tuple[str, Expr | str]] = [
            (r"\#\{\text{regions drawn}\}", Integer(len(self.drawn)))
        ]
        rows += [
            (rf"\text{{laws}}_{{{k}}}+\text{{rank}}_{{{k}}}", f"{one.independent} + {one.rank}")
            for k, one in enumerate(self.others, 1)
        ]
        yield Step(
            "Regions",
            tuple(rows),
            "Around generic weights some patterns of gates occur as the data vary, and the outputs are a "
            "polynomial in each: fields of a region are those of its patterns. Laws of all patterns hold "
            "everywhere, across gates; a region may have more, as long as weights stay in it.",
        )


def _value_of(rank: Rank) -> int:
    return rank.value


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    both = str(low) if low == high else f"{low} to {high}"
    return f"{both} pattern{'s' * (high > 1)}"


def _is_met(instance: Instance, region: Region, cell: Cell) -> bool:
    """Whether each gate is open where its preactivation is positive, at the data."""
    values = [Fraction(v) for layer in instance.model.layers for v in region.weights[layer]]
    data = cell.inputs
    for name, directions in instance.directions.items():
        first = next(k for k, d in enumerate(directions.entries) if d)
        values.append(Fraction(data[name][first]) / directions.entries[first])
    if not instance.directions:
        values += [Fraction(v) for name in instance.model.graph.inputs for v in data.get(name, ())]
    point = values + [Fraction(0)] * (len(instance.ring.gens()) - len(values))
    for one in instance.generated:
        if one.kind == "gate":
            point[one.index] = Fraction(cell.open[one.index])
            at = _value(one.argument, point)
            if (at > 0) != bool(cell.open[one.index]):
                return False
    return True


def _value(polynomial: Poly, point: Sequence[Fraction]) -> Fraction:
    total = Fraction(0)
    for m, c in terms(polynomial).items():
        term = _exact(c)
        for value, exponent in zip(point, m, strict=True):
            term *= value**exponent
        total += term
    return total


def _exact(c: fmpq) -> Fraction:
    return Fraction(int(c.p), int(c.q))


def derive(polynomial: PolynomialLaws, one_field: OneField | None) -> Regions:
    """Draw a few, and count in those that have not all fields."""
    instance = polynomial.fields.instance
    gates = sum(one.kind == "gate" for one in instance.generated)
    if not gates:
        raise DoesNotApply("there are no gates")
    if one_field is not None:
        raise DoesNotApply("there is one field: its parts with open gates move, and have its laws")
    if instance.weights > LARGEST or gates > GATES:
        raise DoesNotApply(
            f"regions are told apart up to {LARGEST} weights and {GATES} gates: there are "
            f"{instance.weights} and {gates}"
        )
    drawn = _different(instance)
    try:
        patterns = tuple(tuple(patterns_in(instance, one, PATTERNS)) for one in drawn)
    except NotEnumeratedError as error:
        raise DoesNotApply(f"which patterns of gates occur is not known: {error}") from None
    whole, others = list[int](), dict[object, InRegion]()
    for n, (region, there) in enumerate(zip(drawn, patterns, strict=True)):
        moving = fields_in(instance, there)
        if has_all_fields(instance, moving):
            whole.append(n)
            continue
        one = in_region(instance, region, there)
        others.setdefault((one.independent, one.rank, len(there)), one)
    enough = instance.weights - polynomial.independent
    across = lie_rank(
        instance.model, instance.sizes, enough, DEPTH,
        rates=None if polynomial.is_absorbed else polynomial.rates,
        seen=[_seen(instance, *one) for one in zip(drawn, patterns, strict=True)],
    )  # fmt: skip
    return Regions(
        polynomial=polynomial, patterns=patterns, drawn=drawn, whole=tuple(whole),
        others=tuple(others.values()), together=across,
    )  # fmt: skip


def _different(instance: Instance) -> tuple[Region, ...]:
    """Regions of which data that are drawn tell different patterns."""
    found = dict[frozenset[Pattern], Region]()
    for region in islice(regions(instance.model, instance.sizes), TRIED):
        try:
            met = frozenset(Seen(instance.model, instance.sizes, region).met)
        except UnknownSignError:
            continue
        found.setdefault(met, region)
        if len(found) == DRAWN:
            break
    if not found:
        raise DoesNotApply("signs of preactivations are not decided at weights that were drawn")
    return tuple(found.values())


def _seen(instance: Instance, region: Region, there: Sequence[Cell]) -> Seen:
    inputs = [cell.inputs for cell in there if cell.inputs]
    return Seen(instance.model, instance.sizes, region, inputs)
