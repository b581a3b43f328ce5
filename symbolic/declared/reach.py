"""Stage: how many directions fields and their brackets reach (see `symbolic.laws.lie_rank`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer

from symbolic.declared.gate_regions import Regions
from symbolic.declared.one_field import OneField
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.laws.lie_rank import NoPointError, lie_rank
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class Reach(Record):
    """The rank of the Lie algebra of the fields at a generic point, from below.

    Attributes:
        rank: what was found.
        by_depth: what fields reached, and brackets of so many.
        tried: what was tried, in words.
    """

    polynomial: Need[PolynomialLaws]
    one_field: Need[OneField | None]
    rank: int
    by_depth: tuple[int, ...]
    tried: str

    def certify(self) -> Iterator[Certificate]:
        """With the laws it is no more than there are weights."""
        yield Certificate("independent laws and rank are no more than weights", self._fits())

    def _fits(self) -> Verdict:
        weights = self.polynomial.fields.instance.weights
        if self.one_field is not None and self.rank != 1:
            return Undecided(f"rank {self.rank} of one field")
        if self.polynomial.independent + self.rank <= weights:
            return Proved("two lower bounds of numbers that add up to no more than the weights")
        return Undecided(f"{self.polynomial.independent} + {self.rank} > {weights}")

    def explain(self) -> Iterator[Step]:
        """The rank, and by which brackets."""
        how = (
            "One field, which is not zero, and no brackets."
            if self.one_field is not None
            else f"Fields and brackets at a point modulo a prime, of depth {len(self.by_depth)}: what is "
            "independent there is independent at a generic point."
        )
        yield Step(
            "Reach",
            ((r"\operatorname{rank}\operatorname{Lie}\{\nabla c_k\}", Integer(self.rank)),),
            how,
        )


def derive(
    polynomial: PolynomialLaws, one_field: OneField | None, regions: Regions | None
) -> Reach:
    """One field, or brackets until no more can be independent; of a region where there are gates."""
    if one_field is not None:
        return Reach(
            polynomial=polynomial, one_field=one_field, rank=1, by_depth=(1,), tried="one field"
        )
    instance = polynomial.fields.instance
    try:
        found = regions.best if regions is not None else lie_rank(
            instance.model, instance.sizes, instance.weights - polynomial.independent,
            rates=None if polynomial.is_absorbed else polynomial.rates,
        )  # fmt: skip
    except NoPointError as error:
        raise DoesNotApply(str(error)) from None
    return Reach(
        polynomial=polynomial,
        one_field=None,
        rank=found.value,
        by_depth=found.by_depth,
        tried=found.tried,
    )
