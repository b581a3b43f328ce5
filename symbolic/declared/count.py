"""Stage: whether a law is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer

from symbolic.architecture.independence import Assumptions, assumptions
from symbolic.architecture.instance import Instance
from symbolic.declared.gate_regions import Regions
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.reach import Reach
from symbolic.declared.separable_laws import SeparableLaws
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class Count(Record):
    """Independent laws and the rank of the Lie algebra, beside the number of weights.

    At a generic point; for networks with gates in a region whose rank is the largest seen.

    Attributes:
        weights: their number.
        independent: laws of all kinds.
        rank: of the Lie algebra.
        gap: weights that neither accounts for; whether laws are missing or rank is not decided.
        assumed: what the rank rests on beside what is computed, in words.
        wrong: which of that is seen to fail, in words: then nothing is claimed.
    """

    polynomial: Need[PolynomialLaws]
    reach: Need[Reach]
    products: Need[ProductLaws | None]
    separable: Need[SeparableLaws | None]
    regions: Need[Regions | None]
    weights: int
    independent: int
    rank: int
    gap: int
    assumed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether no law is missing, under what is assumed."""
        return self.gap == 0 and not self.wrong

    @property
    def is_complete_across(self) -> bool:
        """Whether no law is missing that holds in all regions of gates, by one formula."""
        return not self.wrong and self.regions is not None and self.regions.is_complete_across

    def certify(self) -> Iterator[Certificate]:
        """The sum."""
        yield Certificate("weights = laws + rank + gap", self._adds_up())

    def _adds_up(self) -> Verdict:
        products = self.products.independent if self.products else 0
        separable = sum(self.separable.independent) if self.separable else 0
        laws, rank = self.polynomial.independent + products + separable, self.reach.rank
        weights = self.polynomial.fields.instance.weights
        found = self.independent, self.rank, self.weights, self.gap
        is_the_sum = found == (laws, rank, weights, weights - laws - rank)
        if is_the_sum and (self.gap >= 0 or self.wrong):
            return Proved("both are lower bounds; where they meet both are exact")
        return Undecided(f"{found} of {laws} laws, rank {rank}, {weights} weights")

    def explain(self) -> Iterator[Step]:
        """The sum, and what it says."""
        says = (
            f"Nothing is claimed: {'; '.join(self.wrong)}."
            if self.wrong
            else "There are at most as many laws as the rank leaves, both are lower bounds: none is "
            "missing."
            if self.is_complete
            else "What is left over are laws that are not found here: one field has all but one."
            if self.reach.one_field is not None
            else "What is left over are laws of one region of the weights each: none that holds in all "
            "of them is missing."
            if self.is_complete_across
            else "What is left over is not decided: laws may be missing, or brackets that were not tried."
        )
        says += f" Assumed: {'; '.join(self.assumed)}." if self.assumed and not self.wrong else ""
        sides = f"{self.independent} + {self.rank}" + (f" + {self.gap}" if self.gap else "")
        yield Step("Count", ((str(self.weights), sides), ("D", Integer(self.weights))), says)


def _where_all_move(instance: Instance) -> Assumptions:
    """One field assumes nothing of its functions; a part whose gates are shut stands still."""
    gated = any(one.kind == "gate" for one in instance.generated)
    return Assumptions(("the weights are where all parts move: a gate is open",) * gated, ())


def derive(
    polynomial: PolynomialLaws,
    reach: Reach,
    products: ProductLaws | None,
    separable: SeparableLaws | None,
    regions: Regions | None,
) -> Count:
    """Add up; one field has rank 1, and assumes nothing of its functions."""
    instance = polynomial.fields.instance
    laws = polynomial.independent + (products.independent if products else 0)
    laws += sum(separable.independent) if separable else 0
    rests = assumptions(instance) if reach.one_field is None else _where_all_move(instance)
    return Count(
        polynomial=polynomial, reach=reach, products=products, separable=separable,
        regions=regions, weights=instance.weights, independent=laws, rank=reach.rank,
        gap=instance.weights - laws - reach.rank, assumed=rests.made, wrong=rests.wrong,
    )  # fmt: skip
