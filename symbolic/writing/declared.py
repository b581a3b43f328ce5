"""What is said of a declared network, for reading in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from symbolic.architecture.model import Model
from symbolic.declared.count import Count
from symbolic.declared.left import Left
from symbolic.declared.matrix_laws import MatrixLaws
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.recognised import Solvable
from symbolic.declared.separable_laws import SeparableLaws
from symbolic.declared.summary import Summary, Unreached, laws_at_all_sizes
from symbolic.declared.symmetries import Why
from symbolic.declared.two_layer import TwoLayer
from symbolic.declared.widths import EveryWidth
from symbolic.declared.written import PLAIN
from symbolic.writing.declared_lift import chain_line, lift_lines
from symbolic.writing.declared_words import (
    HEAD,
    ON,
    Found,
    at_sizes,
    holds_for,
    layers,
    neurons,
    order,
    row,
    stage,
)

GIVES = {
    "law": "Why: each of these gives a law",
    "reduction": "No law, but the flow is the same along",
    "neither": "Neither law nor reduction",
}
OF_DRAWN = {
    ProductLaws: "products", SeparableLaws: "separable laws", Count: "ranks", Why: "symmetries",
    Solvable: "the class",
}  # fmt: skip
FEW = 4  # symmetries of a kind that are named in a terminal
MOST = 12  # laws of an instance that are written out in a terminal
TIED = "\N{NO-BREAK SPACE}"  # within a term: a law is broken before a sign


def lines(model: Model, found: Found, width: int | None = None) -> Iterator[str]:
    """The report: laws at all sizes, the table, then each of the sizes.

    Args:
        model: the declaration.
        found: at each of some sizes.
        width: of a line; None for lines as long as what they say.
    """
    for line in _lines(model, found):
        indent = len(line) - len(line.lstrip(" "))
        parts = [line] if width is None or len(line) <= width else textwrap.wrap(
            line, width, subsequent_indent=" " * (indent + 2), break_long_words=False,
            break_on_hyphens=False,
        )  # fmt: skip
        yield from (part.replace(TIED, " ") for part in parts)


def _lines(model: Model, found: Found) -> Iterator[str]:
    yield " ".join(f"{model.title} ({model.source})".split())
    yield f"{layers(model)}; {holds_for(model)}"
    yield ""
    yield from _at_all_sizes(found)
    yield ""
    yield from _table(found)
    for one in found:
        yield ""
        yield from _instance(one) if isinstance(one, Summary) else _unreached(one)


def _at_all_sizes(found: Found) -> Iterator[str]:
    laws = laws_at_all_sizes(found, PLAIN)
    if laws:
        yield "Conserved at all sizes, for all rates:"
        width = max(len(law) for law, _ in laws)
        for law, shape in laws:
            yield f"  {law:<{width}}   {shape}"
    elif any(one.all_sizes_decided for one in found):
        yield (
            "Of P Pᵀ, Pᵀ P, P + Pᵀ, ‖P‖² and the sums P 1 and 1ᵀ P words find no combination that is "
            "conserved at all sizes."
        )
    else:
        yield "Not decided: what is conserved at all sizes."


def _table(found: Found) -> Iterator[str]:
    table = [HEAD, *map(row, found)]
    widths = [max(len(row[k]) for row in table) for k in range(len(HEAD))]
    for cells in table:
        yield "  ".join(
            f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)
        ).rstrip()


def _unreached(one: Unreached) -> Iterator[str]:
    yield f"At {at_sizes(one)}: nothing is found: outputs were not expanded in time, {one.reason}"


def _instance(one: Summary) -> Iterator[str]:
    sizes = at_sizes(one)
    laws = one.laws(PLAIN)
    yield (f"At {sizes}: " if sizes else "") + _kinds(one) + _given(one, len(laws))
    for law in laws[:MOST]:
        yield f"  {_tied(law)}"
    if len(laws) > MOST:
        yield f"  … and {len(laws) - MOST} more (--report FILE has them all)"
    yield from _all(one)
    yield from _why(one)
    yield from _beyond(one)
    yield from chain_line(one)
    yield from _undecided(one)


def _given(one: Summary, laws: int) -> str:
    """How many laws of an instance those at all sizes give."""
    record: MatrixLaws | None = one.records.get(MatrixLaws)
    if record is None or not laws:
        return ""
    if record.independent == laws:
        return ", all of them by the laws at all sizes"
    return f", {record.independent} of them by the laws at all sizes"


def _tied(law: str) -> str:
    tied = law.replace(" ", TIED)
    for sign in "+−":
        tied = tied.replace(f"{TIED}{sign}{TIED}", f" {sign}{TIED}")
    return tied


def _kinds(one: Summary) -> str:
    if PolynomialLaws not in one.records:
        return "laws are not decided"
    nothing = "no polynomial law" if one.undecided else "no law"
    return ", ".join(f"{n} {kind}" for kind, n in one.kinds.items() if n) or nothing


def _all(one: Summary) -> Iterator[str]:
    """Whether that is all, and what it rests on."""
    count: Count | None = one.count
    yield from _drawn(one)
    if count is None:
        return
    for words in count.wrong:
        yield f"  No claim that this is all: {words}"
    laws = f"{count.independent} law{'s' * (count.independent != 1)}"
    sides = f"{laws} and Lie rank {count.rank}"
    if count.is_complete:
        yield f"  That is all: {sides} make {count.weights} weights."
    elif count.reach.one_field is not None:
        yield (
            f"  That is not all: {sides} leave {count.gap} of {count.weights} weights, for laws that are "
            "not found here: one field has as many as weights but one."
        )
    elif not count.wrong and not count.is_complete_across:
        yield (
            f"  Not decided whether that is all: {sides} leave {count.gap} of {count.weights} weights, "
            f"for laws that are missing or brackets that were not tried ({count.reach.tried})."
        )
    for words in () if count.wrong or count.regions is None else count.regions.said:
        yield f"  {words}"
    for words in () if count.wrong else count.assumed:
        yield f"  Assumed: {words}"
    for width in one.records[EveryWidth].proved if EveryWidth in one.records else ():
        others = ", ".join(f"{symbol} = {n}" for symbol, n in width.sizes.items())
        others = f" with {others}" if others else ""
        rates = "" if width.any_rates else ", at equal rates"
        yield f"  Complete at every {width.symbol} ≥ {width.start}{others}{rates}: proved"


def _drawn(one: Summary) -> Iterator[str]:
    """What is arbitrary but fixed, and of what that is said."""
    record: PolynomialLaws | None = one.records.get(PolynomialLaws)
    for name, entries in one.drawn.items():
        other = [name for kind, name in OF_DRAWN.items() if kind in one.records]
        yield f"  Drawn: {name} = {entries}, for {', '.join(other)}"
    for words in record.said if record is not None else ():
        yield f"  Not decided: {words}"


def _why(one: Summary) -> Iterator[str]:
    """Which symmetries there are, and what they give."""
    why: Why | None = one.records.get(Why)
    if why is None:
        return
    for kind, gives in GIVES.items():
        found = list(dict.fromkeys(each.words for each in why.symmetries.of_kind(kind)))
        if found:
            yield f"  {gives}:"
            yield from (f"    {words}" for words in found[:FEW])
        if len(found) > FEW:
            yield f"    … and {len(found) - FEW} more"
    if why.signs:
        more = f"; … and {len(why.signs) - FEW} more" if len(why.signs) > FEW else ""
        yield f"  Signs that may change together: {'; '.join(why.signs[:FEW])}{more}"
    if why.symmetries.permutations:
        words = ", ".join(each.words for each in why.symmetries.permutations)
        yield f"  Permutations: {words}"


def _beyond(one: Summary) -> Iterator[str]:
    """What is left, and the class of the flow."""
    left: Left | None = one.records.get(Left)
    if left is not None and left.at_most == 0:
        yield "  Left for any loss: nothing; the outputs never change."
    elif left is not None and left.is_exact:
        yield f"  Left for any loss: {_variables(left.at_least)}; no fewer do."
    elif left is not None:
        yield f"  Left for any loss: {left.at_least} to {_variables(left.at_most)} ({left.reason})."
    elif Left in one.reasons and Left not in one.undecided:
        yield f"  Left: {one.reasons[Left]}"
    two_layer: TwoLayer | None = one.records.get(TwoLayer)
    if two_layer is not None:
        yield f"  {neurons(two_layer)}"
    solvable: Solvable | None = one.records.get(Solvable)
    on = ON[one.instance.model.data]
    if two_layer is not None and not (solvable and solvable.is_solved):
        return
    if solvable is not None and solvable.aligned is not None:
        yield f"  Under half a square {on}, from any start: {solvable.recognition.kind}"
        of = " of symmetric data" if solvable.aligned.moment is not None else ""
        kind = solvable.aligned.recognition.kind
        yield f"  On aligned modes{of}: {kind}, {solvable.how_far}"
    elif solvable is not None:
        yield f"  Under half a square {on}: {solvable.kind}, {solvable.how_far}"
    elif Solvable in one.reasons and Solvable not in one.undecided:
        yield f"  Under half a square {on}: {one.reasons[Solvable]}"
    yield from lift_lines(one)


def _variables(n: int) -> str:
    return f"{n} variable{'s' * (n != 1)}"


def _undecided(one: Summary) -> Iterator[str]:
    """What was not reached, in one sentence, beside what was."""
    if not one.undecided:
        return
    found, open_ = (
        ", ".join(sorted(map(stage, kinds), key=order)) or "nothing"
        for kinds in (one.records, one.undecided)
    )
    roots = [why for why in one.undecided.values() if not why.startswith("it needs ")]
    in_time = {why.replace("not reached", "not decided") for why in roots}
    why = "; ".join(sorted(in_time)).replace("not decided", "Not decided")
    why = why if why.startswith("Not decided") else f"Not decided ({why})"
    yield f"  {why}: {open_}. Found: {found}."
