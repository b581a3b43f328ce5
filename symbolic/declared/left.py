"""Stage: how many variables no loss can do without (see `symbolic.laws.least_state`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer

from symbolic.declared.count import Count
from symbolic.laws.least_state import least_state
from symbolic.laws.lie_rank import NoPointError
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class Left(Record):
    """The least dimension of a state from which the outputs follow, for arbitrary residual signals.

    Where rates are not absorbed, and there is more than one field, at equal rates.

    Attributes:
        at_least: no state is smaller.
        at_most: a state of this size does.
        reached: dimension of where the weights can go, from below.
        reason: of the bound from above, in words.
    """

    count: Need[Count]
    at_least: int
    at_most: int
    reached: int
    reason: str

    @property
    def is_exact(self) -> bool:
        """Whether both bounds meet."""
        return self.at_least == self.at_most

    def certify(self) -> Iterator[Certificate]:
        """The bounds are in order, within what the weights can reach."""
        yield Certificate("no more is left than the weights can reach", self._fits())

    def _fits(self) -> Verdict:
        if self.at_least <= min(self.at_most, self.reached) <= self.count.weights:
            return Proved("ranks at a point modulo a prime, from below")
        return Undecided(f"{self.at_least} of {self.at_most} and {self.reached}")

    def explain(self) -> Iterator[Step]:
        """The bounds, and whose rank the lower one is."""
        rows = [(r"\dim_{\ge}", Integer(self.at_least))]
        if not self.is_exact:
            rows.append((r"\dim_{\le}", Integer(self.at_most)))
        yield Step(
            "What is left",
            tuple(rows),
            "From below: the rank of the differentials of outputs, and of their derivatives along "
            "fields, on the directions that the weights can reach, the state of a minimal realisation. "
            f"From above: {self.reason}.",
        )


def derive(count: Count) -> Left:
    """Both bounds."""
    if count.wrong:
        raise DoesNotApply(f"nothing is claimed of ranks: {count.wrong[0]}")
    if count.reach.one_field is not None:
        return Left(
            count=count, at_least=1, at_most=count.weights - count.independent, reached=1,
            reason="weights less independent laws; the potential itself moves",
        )  # fmt: skip
    polynomial, products = count.polynomial, count.products
    try:
        found = least_state(
            polynomial.fields.instance,
            polynomial.plain if polynomial.is_absorbed else None,
            products.laws if products else (),
        )
    except NoPointError as error:
        raise DoesNotApply(str(error)) from None
    return Left(
        count=count, at_least=found.at_least, at_most=found.at_most, reached=found.reached,
        reason=found.reason,
    )  # fmt: skip
