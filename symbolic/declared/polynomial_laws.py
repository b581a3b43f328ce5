"""Stage: all polynomial laws up to degree 2, at any rates (see `symbolic.laws.ansatz`, `rates`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sympy import Integer

from symbolic.architecture.fields import Field
from symbolic.declared.annihilated import RatedRing
from symbolic.declared.fields import Fields
from symbolic.declared.written import LATEX, Written
from symbolic.laws.ansatz import Law
from symbolic.laws.rank import independent, simplest
from symbolic.laws.rates import RatedLaw, at, laws_with_rates, with_rates
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class PolynomialLaws(Record):
    """Polynomials that every field annihilates, whatever the rates are.

    Attributes:
        laws: a basis of those up to degree 2, with symbolic rates.
        independent: how many are functionally independent.
        is_absorbed: whether θ/√η moves at unit rates as θ does at any.
        reference: the rate that others are measured in there; None where all are absorbed.
        rates: numbers at which ranks are found: ones where rates are absorbed, else drawn.
        missed: laws at those rates that have no symbolic form here.
    """

    fields: Need[Fields]
    laws: tuple[RatedLaw, ...]
    independent: int
    is_absorbed: bool
    reference: str | None
    rates: Mapping[str, int]
    missed: int

    @property
    def plain(self) -> tuple[Law, ...]:
        """The laws at the rates at which ranks are found."""
        return tuple(at(law, self.rates) for law in self.laws)

    @property
    def generating(self) -> tuple[Field, ...]:
        """The fields at those rates."""
        found = self.fields.generating
        if self.is_absorbed:
            return found
        return tuple(with_rates(found, self.fields.instance.rates, self.rates))

    @property
    def simplest(self) -> tuple[RatedLaw, ...]:
        """As many of the laws as are independent, of which the others are functions."""
        plain = self.plain
        chosen = simplest(plain, self.fields.instance.weights)
        return tuple(self.laws[plain.index(law)] for law in chosen)

    def certify(self) -> Iterator[Certificate]:
        """Every law along every field, rates and weights being symbols; the rank of differentials."""
        yield Certificate("every field annihilates every law, at all rates", self._are_laws())
        yield Certificate(f"{self.independent} are independent", self._are_independent())

    def _are_laws(self) -> Verdict:
        instance = self.fields.instance
        ring = RatedRing(instance.names, instance.rates, self.fields.generating)
        for number, law in enumerate(self.laws):
            if not ring.is_annihilated(law):
                return Undecided(f"law {number} changes along a field")
        return Proved("derivatives in the exact ring of weights and roots of rates")

    def _are_independent(self) -> Verdict:
        rank = independent(self.plain, (), self.fields.instance.weights, seed=2)
        if rank >= self.independent:
            return Proved("rank of differentials modulo 2^61 - 1")
        return Undecided(f"rank {rank} at another point")

    def explain(self) -> Iterator[Step]:
        """The laws."""
        written = Written(self.fields.instance, LATEX)
        rows = tuple((f"C_{{{n}}}", written.law(law)) for n, law in enumerate(self.simplest, 1))
        yield Step(
            "Polynomial laws",
            (*rows, (r"\#\{\text{independent}\}", Integer(self.independent))),
            "A polynomial is conserved for every loss and all data if every field annihilates it: a "
            "linear system for its coefficients, solved over the rational numbers.",
        )


def derive(fields: Fields) -> PolynomialLaws:
    """All of degree 1 and 2, by an exact null space."""
    instance = fields.instance
    found = laws_with_rates(fields.generating, instance.rates, instance.weights)
    rates = dict.fromkeys(instance.rates, 1) if found.absorbed else dict(found.draws[0])
    laws = tuple(found.laws)
    plain = [at(law, rates) for law in laws]
    return PolynomialLaws(
        fields=fields, laws=laws, independent=independent(plain, (), instance.weights),
        is_absorbed=found.absorbed, reference=found.reference, rates=rates,
        missed=found.number - len(laws),
    )  # fmt: skip
