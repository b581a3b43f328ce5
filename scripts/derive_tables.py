"""What `derive` shows: a line per network, tables of stages and properties, JSON, and its progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scripts.command import console
from verify.sample import sample_of

if TYPE_CHECKING:
    from symbolic.artefacts.jobs import Texts
    from verify.properties.outcome import Outcome


def show_lines(
    made: Mapping[str, Texts],
    unchanged: Collection[str],
    outcomes: Mapping[str, Sequence[Outcome]],
) -> None:
    """One line per network, and per loss that was made; then the properties that do not hold."""
    width = max((len(texts.row.network) for texts in made.values() if texts.row), default=0)
    for job, texts in made.items():
        kind, _, name = job.partition(" ")
        how = "unchanged" if job in unchanged else "derived"
        if texts.row is not None:
            seconds = sum(stage.seconds for stage in texts.stages)
            how = how if job in unchanged else f"in {seconds:.1f} s"
            found = outcomes[sample_of(name)]
            held = sum(one.cases for one in found if one.holds)
            counts = f"{texts.row.certificates:4d} proved, {how:<10}  {held:5d}"
            print(f"{name:<{width}}  {counts} comparisons with descent")
        elif kind in ("loss", "declared") and job not in unchanged:
            print(f"{name:<{width}}  {'a loss' if kind == 'loss' else 'declared'}, {how}")
    if failed := {
        name: [one for one in found if not one.holds]
        for name, found in outcomes.items()
        if not all(one.holds for one in found)
    }:
        show_outcomes(failed)


def show_stages(texts: Texts) -> None:
    """The stage table with times."""
    from rich.table import Table

    table = Table(title=texts.title)
    for column, justify in (("stage", "left"), ("seconds", "right"), ("certificates", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for stage in texts.stages:
        table.add_row(stage.name, f"{stage.seconds:.2f}", f"{len(stage.certificates)} proved")
    table.add_section()
    total = sum(len(stage.certificates) for stage in texts.stages)
    table.add_row("all", f"{sum(stage.seconds for stage in texts.stages):.2f}", f"{total} proved")
    console().print(table)


def show_outcomes(outcomes: Mapping[str, Sequence[Outcome]]) -> None:
    """The property table, by network."""
    from rich.table import Table

    table = Table("network", "property", "holds", "comparisons", "worst error / allowed", "where")
    for network, found in outcomes.items():
        for outcome in found:
            table.add_row(
                network,
                outcome.name.replace("_", " "),
                "yes" if outcome.holds else "NO",
                str(outcome.cases),
                f"{outcome.worst:.2g}",
                outcome.where,
            )
        table.add_section()
    console().print(table)


def as_json(
    networks: Mapping[str, Texts],
    files: Mapping[str, str],
    outcomes: Mapping[str, Sequence[Outcome]],
) -> dict[str, Any]:
    """For `json.dumps`: stages, files and properties."""
    stages = {
        name: {
            stage.name: {"seconds": round(stage.seconds, 3), "certificates": stage.certificates}
            for stage in texts.stages
        }
        for name, texts in networks.items()
    }
    properties = {name: [one.as_json() for one in found] for name, found in outcomes.items()}
    return {"stages": stages, "files": files, "properties": properties}


class Status:
    """One changing line on a terminal's stderr while something runs; silent elsewhere."""

    def __init__(self, words: str, total: int = 0) -> None:
        self.words, self.total, self.count = words, total, 0

    def __enter__(self) -> Callable[[str], None]:
        self._show("")
        return self._done

    def _done(self, what: str) -> None:
        """One more is done."""
        self.count += 1
        self._show(f": {self.count} of {self.total}, {what}")

    def _show(self, detail: str) -> None:
        if sys.stderr.isatty():
            print(f"\r{self.words}{detail}", end="\033[K", file=sys.stderr, flush=True)

    def __exit__(self, *error: object) -> None:
        if sys.stderr.isatty():
            print("\r", end="\033[K", file=sys.stderr, flush=True)
