"""The derivation of a declared network as a document: every step with its proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symbolic.architecture.model import Model
from symbolic.declared.summary import Summary, Unreached, laws_at_all_sizes
from symbolic.declared.written import LATEX
from symbolic.writing.declared_words import (
    HEAD,
    Found,
    at_sizes,
    holds_for,
    layers,
    order,
    reason,
    row,
    stage,
)
from symbolic.writing.derivation import rows
from symbolic.writing.document import (
    Block,
    Equations,
    Heading,
    Items,
    Paragraph,
    Table,
    plain,
    verbatim,
)


def document(model: Model, found: Found) -> list[Block]:
    """Laws at all sizes, the table, then each of the sizes stage by stage."""
    blocks: list[Block] = [
        Heading(1, f"What gradient flow conserves: {verbatim(model.title)}"),
        Paragraph(
            f"Source: {verbatim(str(model.source))}. Layers: {verbatim(layers(model))}. "
            f"For {plain(holds_for(model))}."
        ),
    ]
    laws = laws_at_all_sizes(found, LATEX)
    if laws:
        blocks += [
            Heading(2, "At all sizes"),
            Equations(tuple((law,) for law, _ in laws)),
        ]
        narrow = [(n, shape) for n, (_, shape) in enumerate(laws, 1) if "; for " in shape]
        if narrow:
            said = (f"Number {n}: for {shape.partition('; for ')[2]}." for n, shape in narrow)
            blocks.append(Items(tuple(map(plain, said))))
    blocks += [
        Heading(2, "The count"),
        Table(HEAD, (0.3, 0.1, 0.1, 0.1, 0.2, 0.1), tuple(map(row, found))),
    ]
    for one in found:
        blocks += _derivation(one) if isinstance(one, Summary) else _unreached(one)
    return blocks


def _unreached(one: Unreached) -> Iterator[Block]:
    yield Heading(2, f"At {at_sizes(one)}")
    yield Paragraph(f"Outputs were not expanded in time: {plain(one.reason)}.")


def _derivation(one: Summary) -> Iterator[Block]:
    sizes = at_sizes(one)
    yield Heading(2, f"At {sizes}" if sizes else "The laws")
    for name, entries in one.drawn.items():
        yield Paragraph(f"Drawn for these sizes: {verbatim(name)} = {entries}.")
    for record in one.records.values():
        for step in record.steps:
            yield Heading(3, step.law)
            yield Paragraph(step.proof)
            yield Equations(rows(step.statement))
        yield Paragraph(f"*{len(record.certificates)} proved.*")
    if one.undecided:
        yield Heading(3, "Not decided")
        yield _reasons(one.undecided)
    others = {kind: why for kind, why in one.reasons.items() if kind not in one.undecided}
    if others:
        yield Heading(3, "What does not apply")
        yield _reasons(others)


def _reasons(reasons: Mapping[type, str]) -> Items:
    ordered = sorted(reasons.items(), key=lambda one: order(stage(one[0])))
    return Items(
        tuple(f"{stage(kind).capitalize()}: {plain(reason(why))}." for kind, why in ordered)
    )
