"""Stage: all polynomial laws up to degree 2 (see `symbolic.laws.ansatz`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer

from symbolic.declared.fields import Fields
from symbolic.declared.written import LATEX, Written
from symbolic.laws.ansatz import Law, polynomial_laws
from symbolic.laws.rank import independent, simplest
from symbolic.laws.ring import Ring
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class PolynomialLaws(Record):
    """Polynomials that every field annihilates.

    Attributes:
        laws: a basis of those up to degree 2, rates absorbed.
        independent: how many are functionally independent.
    """

    fields: Need[Fields]
    laws: tuple[Law, ...]
    independent: int

    @property
    def simplest(self) -> list[Law]:
        """As many of the laws as are independent, of which the others are functions."""
        return simplest(self.laws, self.fields.instance.weights)

    def certify(self) -> Iterator[Certificate]:
        """Every law along every field, in the exact ring; the rank of their differentials."""
        yield Certificate("every field annihilates every law", self._are_laws())
        yield Certificate(f"{self.independent} are independent", self._are_independent())

    def _are_laws(self) -> Verdict:
        ring = Ring(self.fields.instance.names, self.fields.generating)
        for number, law in enumerate(self.laws):
            polynomial = ring.law(law)
            if any(ring.along(polynomial, one) != 0 for one in ring.fields):
                return Undecided(f"law {number} changes along a field")
        return Proved("derivatives in the exact ring")

    def _are_independent(self) -> Verdict:
        rank = independent(self.laws, (), self.fields.instance.weights, seed=2)
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
    weights = fields.instance.weights
    laws = tuple(polynomial_laws(fields.generating, weights))
    return PolynomialLaws(fields=fields, laws=laws, independent=independent(laws, (), weights))
