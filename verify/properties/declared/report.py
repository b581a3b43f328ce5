"""What was found of a declared network: properties, and what became of altered laws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from verify.properties.declared.altered import Refuted
from verify.properties.outcome import Outcome


@dataclass(frozen=True)
class Report:
    """A verification.

    Attributes:
        name: of the network.
        sizes: of the instance.
        by_hand: whether torch computes the network as it was written by hand; else its graph.
        not_absorbed: rates that are not absorbed, where there are several: symmetries, and products of
            weights over the roots of rates, were looked at with equal rates.
        outcomes: of all properties.
        altered: what became of altered laws and symmetries.
    """

    name: str
    sizes: dict[str, int]
    by_hand: bool
    not_absorbed: Sequence[str]
    outcomes: Sequence[Outcome]
    altered: Refuted

    @property
    def passed(self) -> bool:
        """Whether something was compared, all of it held, and every altered law was refuted."""
        compared = [outcome for outcome in self.outcomes if outcome.cases]
        return (
            bool(compared)
            and all(outcome.holds for outcome in compared)
            and not self.altered.survivors
        )

    def lines(self) -> Iterator[str]:
        """For print."""
        where = ", ".join(f"{symbol} = {n}" for symbol, n in self.sizes.items())
        torch = "by hand" if self.by_hand else "as its graph says"
        yield f"{self.name}{f' at {where}' if where else ''}, in torch {torch}"
        if self.not_absorbed:
            rates = ", ".join(self.not_absorbed)
            yield f"  symmetries at equal rates: {rates} are not absorbed"
        for one in self.outcomes:
            if one.cases:
                verdict = "holds" if one.holds else f"FAILS: {one.where}"
                cases = f"{one.cases} comparison{'s' if one.cases > 1 else ''}"
                yield f"  {one.name}: {verdict} ({cases}, worst {one.worst:.2g} of what is allowed)"
            for reason, count in one.left_out.items():
                yield f"  {one.name}: {count} left out: {reason}"
            if not one.cases and not one.left_out:
                yield f"  {one.name}: nothing to compare"
        changed = self.altered
        yield (
            f"  altered laws and symmetries: {changed.refuted} of {changed.of} refuted; "
            f"{changed.laws_again} more were proved to hold"
        )
        yield from (f"  SURVIVED {survivor}" for survivor in changed.survivors)

    def as_json(self) -> dict[str, Any]:
        """For `json.dumps`."""
        return {
            "model": self.name,
            "sizes": self.sizes,
            "passed": self.passed,
            "by_hand": self.by_hand,
            "not_absorbed": list(self.not_absorbed),
            "properties": [outcome.as_json() for outcome in self.outcomes],
            "left_out": {one.name: one.left_out for one in self.outcomes if one.left_out},
            "altered": {
                "of": self.altered.of,
                "refuted": self.altered.refuted,
                "proved_to_hold": self.altered.laws_again,
                "survivors": list(self.altered.survivors),
            },
        }
