"""The page of all declared networks: what each conserves, whether that is all, what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symbolic.architecture.model import Model
from symbolic.declared.recognised import Solvable
from symbolic.declared.summary import Summary, at_least
from symbolic.declared.widths import EveryWidth
from symbolic.declared.written import LATEX
from symbolic.writing.document import Block, Heading, Paragraph, Table, plain

HEAD = (
    "network", "at all sizes", "sizes", "weights", "independent laws", "Lie rank", "complete", "left",
    "under half a square",
)  # fmt: skip
WIDTHS = (0.14, 0.2, 0.08, 0.06, 0.12, 0.05, 0.08, 0.05, 0.16)
INTRODUCTION = """\
Written by `laws --shelf`; a test compares it. Of every network in `symbolic/models/shelf/`: the laws
that hold at all sizes and for all rates; at each of its sizes how many independent laws there are of
which kind, the rank of the Lie algebra of all gradients, and whether the two account for all weights, so
that no law is missing; how many variables no loss can do without, or two bounds; of which solved class
the flow is under half a square on white data, or on the data of the declaration. Generic points; for
networks with gates where all patterns occur."""


def page(shelf: Mapping[str, tuple[Model, Sequence[Summary]]]) -> list[Block]:
    """The document."""
    rows = [row for model, found in shelf.values() for row in _rows(model, found)]
    return [
        Heading(1, "Declared networks"),
        Paragraph(" ".join(INTRODUCTION.split())),
        Table(HEAD, WIDTHS, tuple(rows)),
        Heading(2, "Sources"),
        *(
            Paragraph(f"`{name}`: {plain(model.title)} ({plain(str(model.source))}).")
            for name, (model, _) in shelf.items()
        ),
    ]


def _rows(model: Model, found: Sequence[Summary]) -> Iterator[tuple[str, ...]]:
    for number, one in enumerate(found):
        laws = "; ".join(f"${law}$" for law, _ in one.at_all_sizes(LATEX))
        first = (f"`{model.name}`", laws or "–") if number == 0 else ("", "")
        yield (*first, *_numbers(one))


def _numbers(one: Summary) -> tuple[str, ...]:
    count = one.count
    sizes = " ".join(f"{symbol}={n}" for symbol, n in one.instance.sizes.items())
    solvable: Solvable | None = one.records.get(Solvable)
    kind = one.recognised or "–"
    kind += _solved(solvable) if solvable is not None and kind == solvable.kind else ""
    if count is None:
        weights, laws = str(one.instance.weights), at_least(one.independent)
        return sizes, weights, laws, one.rank, one.complete, one.left, kind
    kinds = ", ".join(f"{n} {name}" for name, n in one.kinds.items() if n) or "0"
    widths = one.records[EveryWidth].proved if EveryWidth in one.records else ()
    complete = one.complete
    complete += "".join(f", at every {w.symbol} ≥ {w.start}" for w in widths)
    return sizes, str(count.weights), kinds, one.rank, complete, one.left, kind


def _solved(solvable: Solvable) -> str:
    if solvable.how_far.startswith("solved in warped time"):
        return ", solved in the warp"
    return ", solved" if solvable.how_far == "solved in time" else ""
