"""Stage: whether a law is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer

from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.reach import Reach
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class Count(Record):
    """Independent laws and the rank of the Lie algebra, beside the number of weights.

    At a generic point; for networks with gates where all patterns of gates occur.

    Attributes:
        weights: their number.
        independent: laws of all kinds.
        rank: of the Lie algebra.
        gap: weights that neither accounts for; whether laws are missing or rank is not decided.
    """

    polynomial: Need[PolynomialLaws]
    reach: Need[Reach]
    products: Need[ProductLaws | None]
    weights: int
    independent: int
    rank: int
    gap: int

    @property
    def is_complete(self) -> bool:
        """Whether it is proved that no law is missing."""
        return self.gap == 0

    def certify(self) -> Iterator[Certificate]:
        """The sum."""
        yield Certificate(
            "weights = laws + rank + gap, and the gap is not negative", self._adds_up()
        )

    def _adds_up(self) -> Verdict:
        products = self.products.independent if self.products else 0
        laws, rank = self.polynomial.independent + products, self.reach.rank
        weights = self.polynomial.fields.instance.weights
        found = self.independent, self.rank, self.weights, self.gap
        if found == (laws, rank, weights, weights - laws - rank) and self.gap >= 0:
            return Proved("both are lower bounds; where they meet both are exact")
        return Undecided(f"{found} of {laws} laws, rank {rank}, {weights} weights")

    def explain(self) -> Iterator[Step]:
        """The sum, and what it says."""
        says = (
            "There are at most as many laws as the rank leaves; both are lower bounds: none is missing."
            if self.is_complete
            else "What is left over is not decided: laws may be missing, or brackets that were not tried."
        )
        sides = f"{self.independent} + {self.rank}" + ("" if self.is_complete else f" + {self.gap}")
        yield Step("Count", ((str(self.weights), sides), ("D", Integer(self.weights))), says)


def derive(polynomial: PolynomialLaws, reach: Reach, products: ProductLaws | None) -> Count:
    """Add up."""
    laws = polynomial.independent + (products.independent if products else 0)
    weights = polynomial.fields.instance.weights
    return Count(
        polynomial=polynomial, reach=reach, products=products, weights=weights,
        independent=laws, rank=reach.rank, gap=weights - laws - reach.rank,
    )  # fmt: skip
