"""The page of a record: errors by law beside what is quoted of public codes, goals, times, all rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from symbolic.writing.document import Block, Heading, Paragraph, Table
from verify.measurements.riccati import quoted
from verify.measurements.riccati.errors import (
    NEURON,
    OBSERVABLES,
    PRINTED,
    RESIDUAL,
    SAME,
    SQUARE,
    STATE,
    UNEQUAL,
    Error,
    Row,
)
from verify.measurements.riccati.record import Record
from verify.measurements.riccati.seconds import GOAL, MATRICES

GOALS = {STATE: 1e-13, OBSERVABLES: 1e-13, RESIDUAL: 1e-12}
QUANTITIES = (STATE, OBSERVABLES, RESIDUAL)
INTRODUCTION = f"""\
Written by `compare --write`; `compare --check` measures the errors again and compares them. Every cell is
the worst and, in brackets, the median over drawn starts (in fractions, exactly on the leaf of their law,
unit rates) of errors of float64: of the state ((w, a), or QQᵀ) and of the residual W₂W₁ − B in the
Euclidean norm, relative to the norm; of observables the worst: φ and S as they are, μ relative to the
larger of |μ| and ‖β*‖ (where a passes 0 no float64 has it relative to itself, nor ν), the products W₂W₁,
W₁ᵀW₁ and W₂W₂ᵀ each relative to its own norm. What is below 1e-280 is not measured. A time scale is
1/√(λ² + 4s²) of the largest singular value s of the target, the slow one 1/(√(λ² + 4s²) − |λ|) of the
least. Errors are from a Taylor series of the raw equations where it reaches, else from the solver at 60
digits: the last table says which. What public codes reach is *{quoted.SOURCE}*,
not measured here; "{quoted.NOT_QUOTED}" is where nothing is."""
PRINTED_IS = """\
As printed is the published formula in plain float64: $\\nu=w\\cdot\\beta_*/a$ through tanh and artanh,
and at δ = 0 that of φ and μ, for a > 0; ours of the same is computed from the state."""
HEAD = ("law", "state", "observables", "residual")


@dataclass(frozen=True)
class Goal:
    """One number that is to be reached.

    Attributes:
        says: in words.
        reached: likewise.
        met: whether it is, at every row.
    """

    says: str
    reached: str
    met: bool


def goals(record: Record) -> Iterator[Goal]:
    """All of them."""
    for name, most in GOALS.items():
        worst = max(row.errors[name].worst for row in record.rows if name in row.errors)
        there = not any(row.errors[name].missing for row in record.rows if name in row.errors)
        yield Goal(f"{name}: at most {most:g}", _number(worst), worst <= most and there)
    median = record.seconds[MATRICES].median
    yield Goal(f"{MATRICES}: under {1e6 * GOAL:g} μs", f"{1e6 * median:.2g} μs", median < GOAL)


def page(record: Record) -> list[Block]:
    """The document."""
    said = tuple((one.says, one.reached, "yes" if one.met else "no") for one in goals(record))
    machine = ", ".join(f"{name} {value}" for name, value in record.machine.items())
    return [
        Heading(1, "The Riccati family in float64, beside public codes"),
        Paragraph(" ".join(INTRODUCTION.split())),
        Paragraph(
            f"{record.starts} starts of each size, drawn from seed {record.seed}. {machine}."
        ),
        Table(("goal", "reached, worst of all", "met"), (0.5, 0.25, 0.1), said),
        Heading(2, "The single neuron, by δ"),
        Paragraph(" ".join(PRINTED_IS.split())),
        _neurons(record.rows),
        Heading(2, "Two layers, by λ"),
        *(block for name in (SQUARE, UNEQUAL) for block in _layers(record.rows, name)),
        Heading(2, "Seconds"),
        _seconds(record),
        Heading(2, "All rows"),
        _all(record.rows),
    ]


def _neurons(rows: Sequence[Row]) -> Table:
    head = (*HEAD, "as printed", "ours of the same", quoted.AUTHORS)
    return Table(head, (0.1, 0.11, 0.11, 0.11, 0.12, 0.12, 0.3), tuple(
        (f"δ = {law}", *_cells(own, (*QUANTITIES, PRINTED, SAME)), quoted.of_neuron(law))
        for law, own in _by_law(rows, NEURON)
    ))  # fmt: skip


def _layers(rows: Sequence[Row], network: str) -> Iterator[Block]:
    yield Heading(3, network)
    yield Table((*HEAD, quoted.BALANCED), (0.15, 0.17, 0.17, 0.17, 0.3), tuple(
        (f"λ = {law}", *_cells(own, QUANTITIES), quoted.of_layers(law, network == SQUARE))
        for law, own in _by_law(rows, network)
    ))  # fmt: skip


def _seconds(record: Record) -> Table:
    head = ("what", "least", "median", "most", "public codes")
    return Table(head, (0.45, 0.12, 0.12, 0.12, 0.15), tuple(
        (name, *(f"{1e6 * z:.2g} μs" for z in (one.least, one.median, one.most)), quoted.NOT_QUOTED)
        for name, one in record.seconds.items()
    ))  # fmt: skip


def _all(rows: Sequence[Row]) -> Table:
    head = ("network", *HEAD[:1], "time", *HEAD[1:], "as printed", "errors are from")
    return Table(head, (0.13, 0.08, 0.17, 0.11, 0.11, 0.11, 0.11, 0.16), tuple(
        (row.network, row.law, row.time, *_cells([row], (*QUANTITIES, PRINTED)), row.reference)
        for row in rows
    ))  # fmt: skip


def _by_law(rows: Sequence[Row], network: str) -> Iterator[tuple[str, list[Row]]]:
    own = [row for row in rows if row.network == network]
    for law in dict.fromkeys(row.law for row in own):
        yield law, [row for row in own if row.law == law]


def _cells(rows: Sequence[Row], names: Iterable[str]) -> Iterator[str]:
    """Of each quantity the worst of the rows and the largest of their medians."""
    for name in names:
        yield _cell([row.errors[name] for row in rows if name in row.errors])


def _cell(errors: Sequence[Error]) -> str:
    if not errors:
        return "–"
    numbers = [one for one in errors if one.measured]
    missing, of = (
        sum(z) for z in zip(*((e.missing, e.missing + e.measured) for e in errors), strict=True)
    )
    lost = f"no number in {missing} of {of}" if missing else ""
    if not numbers:
        return lost
    worst, median = max(e.worst for e in numbers), max(e.median for e in numbers)
    return f"{_number(worst)} ({_number(median)})" + (f"; {lost}" if lost else "")


def _number(value: float) -> str:
    return (
        "0"
        if value == 0
        else f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    )
