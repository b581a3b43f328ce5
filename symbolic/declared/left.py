"""Stage: how many variables no loss can do without (see `symbolic.laws.what_is_left`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer

from symbolic.declared.count import Count
from symbolic.laws.what_is_left import ranks
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class Left(Record):
    """The least dimension of a state from which the outputs follow, for arbitrary residual signals.

    Attributes:
        dimension: of the state, from below; no state is smaller.
        reached: dimension of where the weights can go, from below.
        is_exact: whether nothing larger is left: it is all that weights can reach, by a closed count.
    """

    count: Need[Count]
    dimension: int
    reached: int
    is_exact: bool

    def certify(self) -> Iterator[Certificate]:
        """It is no larger than what the weights can reach."""
        yield Certificate("no more is left than the weights can reach", self._fits())

    def _fits(self) -> Verdict:
        most = self.count.weights - self.count.independent
        if self.dimension <= self.reached <= most:
            return Proved("ranks at a point modulo a prime")
        return Undecided(f"{self.dimension} of {self.reached} of {most}")

    def explain(self) -> Iterator[Step]:
        """The dimension, and whose rank it is."""
        yield Step(
            "What is left",
            ((r"\dim", Integer(self.dimension)),),
            "The rank of the differentials of outputs, and of their derivatives along fields, on the "
            "directions that the weights can reach: the state of a minimal realisation.",
        )


def derive(count: Count) -> Left:
    """Ranks at a point."""
    instance = count.polynomial.fields.instance
    if not count.polynomial.is_absorbed:
        raise DoesNotApply("rates are not absorbed: fields are no gradients")
    reached, _, dimension = ranks(instance.model, instance.sizes)
    exact = count.is_complete and dimension == reached == count.rank
    return Left(count=count, dimension=dimension, reached=reached, is_exact=exact)
