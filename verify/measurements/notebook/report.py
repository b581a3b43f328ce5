"""What is said of the networks of the notebook: a page without times, lines with them, and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symbolic.writing.document import Block, Heading, Paragraph, Table, plain
from verify.measurements.notebook.counts import Counted, clock, memory, of_kind, totals
from verify.measurements.notebook.networks import PRINTED, SOURCE

HEAD = ("network", "sizes", "weights", "independent laws", "Lie rank", "complete")
WIDTHS = (0.25, 0.15, 0.1, 0.15, 0.1, 0.15)
INTRODUCTION = """\
Written by `laws --benchmark`; tests compare it. The networks are those that a public notebook draws, its
architectures as data. The laws are those at all sizes, their entries counted by the rank of their
differentials; the rank is that of the Lie algebra of all gradients, at a point modulo a prime. Both are
lower bounds, so that no law is missing where they add up to the weights; for ReLU where all patterns of
gates occur. The times are those that the notebook prints; ours are printed by the command."""


def page(done: Sequence[Counted]) -> list[Block]:
    """The document, of what does not depend on the machine."""
    kinds = tuple(
        (kind, f"{sum(one.complete for one in own)} of {len(own)}", clock(printed))
        for kind, printed in PRINTED.items()
        if (own := of_kind(done, kind))
    )
    return [
        Heading(1, "Networks of a public notebook"),
        Paragraph(f"{' '.join(INTRODUCTION.split())} Source: {plain(SOURCE)}."),
        Table(("kind", "complete", "the notebook prints"), (0.3, 0.3, 0.3), kinds),
        Table(HEAD, WIDTHS, tuple(map(row, done))),
    ]


def row(one: Counted) -> tuple[str, ...]:
    """Of the table."""
    laws, rank = ("?" if n is None else str(n) for n in (one.laws, one.rank))
    sizes = "-".join(map(str, one.model.sizes[0].values()))
    return f"`{one.model.name}`", sizes, str(one.weights), laws, rank, _word(one)


def _word(one: Counted) -> str:
    if one.gap is None:
        return "undecided: out of time"
    return "yes" if one.complete else f"undecided: gap {one.gap}"


def lines(done: Sequence[Counted]) -> Iterator[str]:
    """Whether all are complete, which are not, and how long it took."""
    short = [one for one in done if not one.complete]
    yield f"all {len(done)} complete" if not short else f"{len(short)} of {len(done)} undecided:"
    yield from (f"  {one}" for one in short)
    yield from totals(done)
    yield f"({SOURCE})"


def as_json(done: Sequence[Counted]) -> dict[str, Any]:
    """For `json.dumps`."""
    return {
        "source": SOURCE,
        "totals": {
            kind: {
                "networks": len(own),
                "complete": sum(one.complete for one in own),
                "seconds": sum(one.seconds for one in own),
                "notebook_seconds_of_50": printed,
            }
            for kind, printed in PRINTED.items()
            if (own := of_kind(done, kind))
        },
        "memory_mib": memory(),
        "networks": [
            {
                "name": one.model.name, "sizes": list(one.model.sizes[0].values()),
                "weights": one.weights, "independent": one.laws, "lie_rank": one.rank,
                "complete": one.complete, "gap": one.gap, "seconds": one.seconds,
            }
            for one in done
        ],
    }  # fmt: skip
