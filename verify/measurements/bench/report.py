"""A record as text: a line per cell for the README, and the document with every row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from symbolic.writing import markdown
from symbolic.writing.document import Block, Heading, Paragraph, Table, plain
from verify.measurements.bench.record import EQUAL, ROUNDING, Goal, Record, Row, Verdict
from verify.measurements.bench.setting import Cell
from verify.measurements.bench.timing import Spread

README_HEAD = ("speed", "goal", "reached, least … most (goals met)")
README_WIDTHS = (0.33, 0.28, 0.35)
BEGIN, END = "<!-- speed: written by bench --write -->", "<!-- end of speed -->"
HEAD = (
    "network", "d", "times", "against", "ours / peer", "of turns", "goal", "met", "ours", "peer",
    "our error", "peer error", "our memory", "peer memory", "remarks",
)  # fmt: skip
PICTURE = "figures/speed.png"
WIDTHS = (0.08, 0.06, 0.05, 0.1, 0.06, 0.09, 0.05, 0.07, 0.06, 0.06, 0.06, 0.06, 0.06, 0.06, 0.07)
UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B"))
DURATIONS = ((0.1, 1.0, "s"), (1e-4, 1e-3, "ms"), (0.0, 1e-6, "μs"))  # from, unit, name
INTRODUCTION = f"""\
Written by `bench --write`; a record of one machine and one run, compared with nothing. A ratio is our
time over the peer's, below 1 where ours is faster: the median over turns in which all of them run one
after the other, and its least and most. A goal is met or missed by that median. "Not at equal error" is
a peer that was faster, but not within {EQUAL:g} times our error, where errors below {ROUNDING:g} count as
that; a peer that was cut off is "> seconds", which bounds the ratio from above."""


@dataclass(frozen=True)
class Line:
    """What a cell says of one of its goals.

    Attributes:
        goal: in words.
        reached: in words.
        met: how many of how many.
    """

    goal: str
    reached: str
    met: str


def lines(rows: Sequence[Row]) -> list[Line]:
    """A line for each goal of a cell, none for a cell without goals."""
    groups = dict[tuple[str, ...], list[Row]]()
    for row in rows:
        if row.goal is not None:
            groups.setdefault(_kind(row, row.goal), []).append(row)
    return [_line(found) for found in groups.values()]


def _kind(row: Row, goal: Goal) -> tuple[str, ...]:
    """Rows of one goal, whose peers are of one kind, share a line."""
    peers = "peers at equal error" if goal.at_equal_error else row.peer
    if peers.startswith("formula"):
        peers = "the formula typed by hand"
    return (duration(goal.most), "") if goal.quantity == "seconds" else (number(goal.most), peers)


def _line(rows: Sequence[Row]) -> Line:
    goal = rows[0].goal
    assert goal is not None
    most, of = _kind(rows[0], goal)
    verdicts = [row.verdict for row in rows]
    said = [f"{verdicts.count(Verdict.MET)} of {len(rows)}"]
    for verdict, words in (
        (Verdict.UNEQUAL, "not at equal error"),
        (Verdict.UNKNOWN, "not measured"),
    ):
        if count := verdicts.count(verdict):
            said.append(f"{count} {words}")
    return Line(
        f"≤ {most} × {of}" if of else f"≤ {most}",
        _range(rows, goal.quantity),
        ", ".join(said),
    )


def _range(rows: Iterable[Row], quantity: str) -> str:
    """The least and the most of the medians."""
    spreads = [
        row.ratio if quantity == "ratio" else row.ours for row in rows if not row.slower_than
    ]
    medians = sorted(one.median for one in spreads if one is not None)
    if not medians:
        return "nothing yet"
    shown = number if quantity == "ratio" else duration
    return " … ".join(dict.fromkeys(shown(z) for z in (medians[0], medians[-1])))


def summary(record: Record, cells: Mapping[str, Cell]) -> Table:
    """The README's table: a row per cell."""
    body = []
    for cell in cells.values():
        found = lines([row for row in record.rows if row.cell == cell.letter])
        if found:
            goals = "; ".join(line.goal for line in found)
            reached = "; ".join(f"{line.reached} ({line.met})" for line in found)
            body.append((f"({cell.letter}) {cell.title}", goals, reached))
    # Sizes that titles name are those of a whole run.
    name = "speed, quick run" if record.options.get("quick") else README_HEAD[0]
    return Table((name, *README_HEAD[1:]), README_WIDTHS, tuple(body))


def with_summary(readme: str, record: Record, cells: Mapping[str, Cell]) -> str:
    """A README whose table, between its marks, is that of the record."""
    head, _, rest = readme.partition(BEGIN)
    found = summary(record, cells)
    name = found.head[0]  # a file is no link that documents know
    table = markdown.render([_across(found)]).replace(name, f"[{name}]({PICTURE})", 1)
    return f"{head}{BEGIN}\n{table}{END}{rest.partition(END)[2]}"


def _across(found: Table) -> Table:
    """Rows as columns: the README is one screen, which has few lines."""
    head, *rows = (tuple(column) for column in zip(found.head, *found.rows, strict=True))
    return Table(head, (0.9 / len(head),) * len(head), tuple(rows))


def report(record: Record, cells: Mapping[str, Cell]) -> list[Block]:
    """The document: every row of every cell, and what the run was."""
    blocks: list[Block] = [
        Heading(1, "The record of speed"),
        Paragraph(" ".join(INTRODUCTION.split())),
        Paragraph(plain(about(record))),
        summary(record, cells),
    ]
    if record.missing:
        blocks.append(Paragraph(plain(f"Not installed: {', '.join(record.missing)}.")))
    for cell in cells.values():
        rows = [row for row in record.rows if row.cell == cell.letter]
        if rows:
            blocks += [Heading(2, f"({cell.letter}) {cell.title}"), Paragraph(plain(cell.about))]
            if cell.limit and any(row.verdict is Verdict.MISSED for row in rows):
                blocks.append(Paragraph(f"Where a goal is missed: {plain(cell.limit)}"))
            for case in dict.fromkeys(row.case for row in rows):
                here = [row for row in rows if row.case == case]
                blocks.append(Paragraph(f"{plain(case).capitalize()}:"))
                blocks.append(table(here))
    return blocks


def table(rows: Sequence[Row]) -> Table:
    """Rows as a table, without the columns that are empty in all of them."""
    body = [_cells(row) for row in rows]
    kept = [k for k in range(len(HEAD)) if any(line[k] for line in body)]
    head, *cells = (tuple(line[k] for k in kept) for line in (HEAD, *body))
    return Table(head, tuple(WIDTHS[k] for k in kept), tuple(cells))


def about(record: Record) -> str:
    """The machine, its speed in the same run, and versions."""
    known = dict(record.machine)
    words = [known.pop(name) for name in ("system", "processor")]
    words += [f"{name} {value}" for name, value in known.items() if value != "not installed"]
    asked = ", ".join(f"{name} {value}" for name, value in record.options.items())
    copy, read = (
        f"{z.median:.3g} ({z.least:.3g} … {z.most:.3g})" for z in (record.copy, record.read)
    )
    return (
        f"{', '.join(words)}. In the same run an array was copied at {copy} GB/s (bytes read and "
        f"written), and summed at {read} GB/s. One thread. Options: {asked}."
    )


def _cells(row: Row) -> tuple[str, ...]:
    """A row as text, under `HEAD`."""
    below, above = ("< ", "> ") if row.slower_than else ("", "")
    remarks = "; ".join(filter(None, (row.setting, row.note)))
    return (
        row.network, str(row.width or ""), str(row.times or ""), row.peer,
        f"{below}{_median(row.ratio)}" if row.ratio else "", _ends(row.ratio),
        _goal(row.goal), row.verdict.value, _time(row.ours),
        f"{above}{_time(row.theirs)}" if row.theirs else "",
        _error(row.error), _error(row.peer_error), size(row.memory), size(row.peer_memory),
        plain(remarks),
    )  # fmt: skip


def _median(spread: Spread | None) -> str:
    return "" if spread is None else number(spread.median)


def _time(spread: Spread | None) -> str:
    return "" if spread is None else duration(spread.median)


def _ends(spread: Spread | None) -> str:
    return "" if spread is None else f"{number(spread.least)} … {number(spread.most)}"


def _goal(goal: Goal | None) -> str:
    if goal is None:
        return ""
    return f"≤ {(duration if goal.quantity == 'seconds' else number)(goal.most)}"


def _error(error: float | None) -> str:
    return "" if error is None else f"{error:.1e}"


def number(value: float) -> str:
    """Two digits, without an exponent where that is short."""
    if value == 0 or 1e-3 <= value < 1e4:
        return f"{float(f'{value:.2g}'):g}"
    return f"{value:.1e}"


def duration(seconds: float) -> str:
    """Two digits of seconds, milliseconds or microseconds."""
    unit, name = next(z[1:] for z in DURATIONS if seconds >= z[0])
    return f"{number(seconds / unit)} {name}"


def size(memory: int | None) -> str:
    """Bytes in a unit."""
    if memory is None:
        return ""
    unit, name = next((z for z in UNITS if memory >= z[0]), UNITS[-1])
    return f"{memory / unit:.3g} {name}"
