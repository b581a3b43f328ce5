"""The report on a declared network: in lines of a terminal, and as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symbolic.architecture.model import Model
from symbolic.architecture.sizes import written
from symbolic.declared.matrix_laws import MatrixLaws
from symbolic.declared.recognised import Solvable
from symbolic.declared.summary import Summary
from symbolic.declared.symmetries import Why
from symbolic.declared.widths import EveryWidth
from symbolic.declared.written import LATEX, PLAIN
from symbolic.writing.derivation import rows
from symbolic.writing.document import Block, Equations, Heading, Paragraph, Table, plain

GIVES = {
    "law": "why: each of these gives a law",
    "reduction": "no law, but the flow is the same along",
    "neither": "neither law nor reduction",
}
FEW = 4  # symmetries of a kind that are named in a terminal
MOST = 12  # laws of an instance that are written out in a terminal
LOSSES = {"any": "any loss", "softmax": "any loss of the differences of outputs"}
DATA = {
    "any": "any data", "line": "inputs along one direction", "points": "the inputs that are listed",
    "white": "independent inputs of mean 0 and unit variance",
}  # fmt: skip
_DATA_OF_A_SQUARE = {
    "any": "on white data", "white": "on white data", "line": "on a line of data",
    "points": "on the points listed",
}  # fmt: skip
HEAD = ("sizes", "weights", "laws", "Lie rank", "complete", "left")


def lines(model: Model, found: Sequence[Summary]) -> Iterator[str]:
    """The report, for reading."""
    yield f"{model.title} ({model.source})"
    yield f"{_layers(model)}; {_holds_for(model)}"
    yield ""
    yield from _at_all_sizes(found[0])
    yield ""
    yield from _table(found)
    for one in found:
        yield ""
        yield from _instance(one)


def _layers(model: Model) -> str:
    return ", ".join(
        f"{name} {written(layer.shape)} rate {layer.rate}" for name, layer in model.layers.items()
    )


def _holds_for(model: Model) -> str:
    loss = LOSSES.get(model.loss, f"the {model.loss} loss")
    return f"{loss}, {DATA[model.data]}"


def _at_all_sizes(one: Summary) -> Iterator[str]:
    laws = one.at_all_sizes(PLAIN)
    if not laws:
        yield "Of P Pᵀ, Pᵀ P, P + Pᵀ and ‖P‖² words find no combination that is conserved at all sizes."
        return
    yield "Conserved at all sizes, for all rates:"
    width = max(len(law) for law, _ in laws)
    for law, size in laws:
        yield f"  {law:<{width}}   {_shape(law, size)}"


def _shape(law: str, size: str) -> str:
    if not size:
        return "a number"
    return f"{size} numbers" if law.startswith("diag") else f"{size} × {size}, symmetric"


def _row(one: Summary) -> tuple[str, ...]:
    count = one.count
    sizes = " ".join(f"{symbol}={n}" for symbol, n in one.instance.sizes.items())
    if count is None:
        return sizes, str(one.instance.weights), "?", "?", "not decided", "?"
    return (
        sizes, str(count.weights), str(count.independent), one.rank, one.complete, one.left,
    )  # fmt: skip


def _table(found: Sequence[Summary]) -> Iterator[str]:
    table = [HEAD, *map(_row, found)]
    widths = [max(len(row[k]) for row in table) for k in range(len(HEAD))]
    for row in table:
        yield "  ".join(
            f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)
        ).rstrip()


def _instance(one: Summary) -> Iterator[str]:
    sizes = ", ".join(f"{symbol} = {n}" for symbol, n in one.instance.sizes.items())
    laws = one.laws(PLAIN)
    yield (
        (f"At {sizes}: " if sizes else "")
        + (", ".join(f"{n} {kind}" for kind, n in one.kinds.items() if n) or "no law")
        + _given(one, len(laws))
    )
    for law in laws[:MOST]:
        yield f"  {law}"
    if len(laws) > MOST:
        yield f"  … and {len(laws) - MOST} more (--report FILE has them all)"
    yield from _why(one)
    yield from _beyond(one)
    for kind, reason in one.reasons.items():
        if reason.startswith("not "):
            yield f"  {kind.__name__}: {reason}"


def _given(one: Summary, laws: int) -> str:
    """How many laws of an instance those at all sizes give."""
    record: MatrixLaws | None = one.records.get(MatrixLaws)
    if record is None or not laws:
        return ""
    if record.independent == laws:
        return ", all of them by the laws at all sizes"
    return f", {record.independent} of them by the laws at all sizes"


def _why(one: Summary) -> Iterator[str]:
    """What the count rests on, and which symmetries there are."""
    for name, entries in one.drawn.items():
        yield f"  drawn: {name} = {entries}; a law of these sizes may be one for these numbers alone"
    if one.count is not None:
        for words in one.count.wrong:
            yield f"  no claim that this is all: {words}"
        for words in one.count.assumed:
            yield f"  assumed: {words}"
    why: Why | None = one.records.get(Why)
    if why is None:
        return
    for kind, gives in GIVES.items():
        found = dict.fromkeys(each.words for each in why.symmetries.of_kind(kind))
        if found:
            more = f" … and {len(found) - FEW} more" if len(found) > FEW else ""
            yield f"  {gives}: {'; '.join(list(found)[:FEW])}{more}"
    if why.symmetries.permutations:
        words = ", ".join(each.words for each in why.symmetries.permutations)
        yield f"  permutations: {words}"


def _beyond(one: Summary) -> Iterator[str]:
    """Widths, and the class of the flow."""
    for width in one.records[EveryWidth].proved if EveryWidth in one.records else ():
        others = ", ".join(f"{symbol} = {n}" for symbol, n in width.sizes.items())
        others = f" with {others}" if others else ""
        rates = "" if width.any_rates else ", at equal rates"
        yield f"  complete at every {width.symbol} ≥ {width.start}{others}{rates}: proved"
    solvable: Solvable | None = one.records.get(Solvable)
    if solvable is not None:
        data = _DATA_OF_A_SQUARE[one.instance.model.data]
        yield f"  under half a square {data}: {solvable.kind}, {solvable.how_far}"
    elif Solvable in one.reasons:
        yield f"  under half a square: {one.reasons[Solvable]}"


def document(model: Model, found: Sequence[Summary]) -> list[Block]:
    """The report with every step and its proof."""
    blocks: list[Block] = [
        Heading(1, f"What gradient flow conserves: {plain(model.title)}"),
        Paragraph(
            f"{plain(str(model.source))}. {plain(_layers(model))}. For {plain(_holds_for(model))}."
        ),
    ]
    laws = found[0].at_all_sizes(LATEX)
    if laws:
        blocks += [
            Heading(2, "At all sizes"),
            Equations(tuple((law,) for law, _ in laws)),
        ]
    blocks += [
        Heading(2, "The count"),
        Table(HEAD, (0.3, 0.1, 0.1, 0.1, 0.2, 0.1), tuple(map(_row, found))),
    ]
    for one in found:
        blocks += _derivation(one)
    return blocks


def _derivation(one: Summary) -> Iterator[Block]:
    sizes = ", ".join(f"{symbol} = {n}" for symbol, n in one.instance.sizes.items())
    yield Heading(2, f"At {sizes}" if sizes else "The laws")
    for name, entries in one.drawn.items():
        yield Paragraph(f"Drawn for these sizes: {plain(name)} = {entries}.")
    for record in one.records.values():
        for step in record.steps:
            yield Heading(3, step.law)
            yield Paragraph(step.proof)
            yield Equations(rows(step.statement))
        yield Paragraph(f"*{len(record.certificates)} proved.*")
    for kind, reason in one.reasons.items():
        yield Paragraph(f"{kind.__name__}: {plain(reason)}.")
