"""The audit as a document. Fair in tone, exact in evidence.

Findings at a glance, each with its evidence, what is simpler or sharper, all claims, and the symbols
of the exact values. Claims that fail, or hold under a condition, for one and the same reason are one
finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from symbolic.writing.document import Block, Heading, Items, Paragraph, Table, code
from verify.audit.evidence import correction_text, evidence
from verify.audit.reasons import Reason, counts, places, power, reasons, used_by
from verify.audit.symbols import Names, names_of
from verify.claims.claim import Claim, Judged, Verdict
from verify.papers.paper import Paper

OWN_TITLE = "Claims about the two-layer linear network, judged"
WORDS = {
    Verdict.HOLDS: "holds as printed",
    Verdict.HOLDS_IF: "holds under a condition or a convention other than the one stated",
    Verdict.FAILS: "does not hold as printed",
    Verdict.UNDECIDED: "undecided",
    Verdict.NOT_TESTABLE: "a definition",
}
OWN_WORDS = {
    Verdict.HOLDS: "follows from the derivation",
    Verdict.FAILS: "does not hold",
    Verdict.UNDECIDED: "undecided",
    Verdict.UNREADABLE: "not in the notation of claims",
}
SEVERITIES = {
    "substantive": "a conclusion changes",
    "degenerate": "a case of measure zero is missing",
    "convention": "right, or made right, by another meaning of a symbol than the stated one",
    "typo": "a slip of the pen: later formulas have it right",
}
VERDICTS = (
    "A verdict is computed: proved by a normal form, or by a decision procedure for real "
    "arithmetic. A refutation carries exact values within the stated assumptions at which both "
    "sides differ, an enclosure of the difference that excludes 0, the corrected form (proved, "
    "where it is a formula in the same symbols) and, where one network can tell, gradient descent "
    "that torch ran. "
)
OWN_INTRODUCTION = (
    "Statements about gradient flow of the two-layer linear network, held against a derivation that "
    "starts from the loss alone: loss $(f-y)^2$ without a factor, a learning rate for each layer, "
    "$\\rho=\\|x\\|$, $P$ and $Q$ means over the neurons, starts with $P,Q>0$, and $\\gamma\\ne0$.",
    "A verdict is computed: proved by a normal form, or by a decision procedure for real arithmetic. A "
    "refutation carries exact values within the stated assumptions. ",
)
CHANGES = (
    "Claims that hold were changed in one place (a sign, a factor, an exponent, a dropped term, "
    "exchanged rates), and the same test had to refute the change."
)
OWN_CHANGES = CHANGES.replace("exchanged rates", "or the opposite")


def report(found: Sequence[Judged], paper: Paper | None = None) -> list[Block]:
    """The document.

    Args:
        found: what is reported.
        paper: whose claims these are; None for a user's.
    """
    own = paper is None
    undecided = (Verdict.UNDECIDED, Verdict.UNREADABLE)
    failing = reasons(found, Verdict.FAILS, *(undecided if own else ()))
    open_ = [] if own else reasons(found, *undecided)
    conditional = reasons(found, Verdict.HOLDS_IF)
    users = used_by(found)
    glance = [
        *_glance("Does not hold as printed", failing),
        *_glance("Holds under a condition", conditional),
    ]
    return [
        Heading(1, f"An audit of {paper.reference}, {paper.title}" if paper else OWN_TITLE),
        *_introduction(found, paper),
        *_numbers(found, own),
        *([] if own else _section("Findings at a glance", glance)),
        *_section(
            "What does not hold, or is open" if own else "What does not hold as printed",
            [block for reason in failing for block in _entry(reason, users, paper)],
        ),
        *_section(
            "What is undecided",
            [block for reason in open_ for block in _entry(reason, users, paper)],
        ),
        *_section(
            "What holds under a condition",
            [block for reason in conditional for block in _entry(reason, users, paper)],
        ),
        *_section("What is simpler or sharper than printed", _sharper(found)),
        *_section("All claims, in order", [_all_claims(found, own)]),
        *_section("Symbols of the exact values", _symbols(found, names_of(paper))),
    ]


def _introduction(found: Sequence[Judged], paper: Paper | None) -> Iterable[Paragraph]:
    """What was done; of changes only where there were some."""
    *first, last = (*paper.introduction, VERDICTS) if paper else OWN_INTRODUCTION
    changes = CHANGES if paper else OWN_CHANGES
    said = last + changes if power(found)[1] else last
    return [Paragraph(text.strip()) for text in (*first, said)]


def _section(title: str, blocks: Sequence[Block]) -> list[Block]:
    """Nothing where there is nothing to say."""
    return [Heading(2, title), *blocks] if blocks else []


def _numbers(found: Sequence[Judged], own: bool) -> list[Block]:
    number, (refuted, total) = counts(found), power(found)
    words = OWN_WORDS if own else WORDS
    rows = tuple((f"{v.value}: {said}", str(number.get(v.value, 0))) for v, said in words.items())
    added = sum(one.claim.added for one in found)
    additions = (
        f"{added} of these are the audit's own additions, marked +: not the paper's words."
        if added
        else ""
    )
    changes = f"Changes of claims that hold: {refuted} of {total} refuted." if total else ""
    said = " ".join(filter(None, (additions, changes)))
    table = Table(("verdict", "claims"), (0.7, 0.2), rows)
    return [table, Paragraph(said)] if said else [table]


def _glance(title: str, found: Sequence[Reason]) -> list[Block]:
    if not found:
        return []
    order = [*SEVERITIES, ""]
    ranked = sorted(found, key=lambda z: order.index(z.first.claim.severity))
    rows = tuple((z.first.claim.severity, z.place, _says(z), _instead(z)) for z in ranked)
    kinds = tuple(row[0] for row in rows)
    head = ("severity", "where", "what is claimed", "what holds")
    words = "; ".join(f"{name}: {meaning}" for name, meaning in SEVERITIES.items() if name in kinds)
    return [
        Heading(3, title),
        Paragraph(words.capitalize() + "."),
        Table(head, (0.11, 0.19, 0.3, 0.3), rows, kinds),
    ]


def _says(reason: Reason) -> str:
    count, says = len(reason.members), reason.first.claim.says
    return says if count == 1 else f"{count} statements, the first: {says}"


def _instead(reason: Reason) -> str:
    """The condition, and the correction where it says more."""
    condition, mended = reason.first.finding.condition, reason.common("correction")
    parts = [f"if {condition}"] if condition else []
    if mended and (not condition or len(reason.members) == 1):
        parts.append(("instead: " if condition else "") + correction_text(mended))
    return "; ".join(parts)


def _entry(reason: Reason, users: Mapping[str, Sequence[str]], paper: Paper | None) -> list[Block]:
    claim, shared = reason.first.claim, [*_shared(reason)]
    own, names = paper is None, names_of(paper)
    kind = reason.first.finding.verdict.value if own else claim.severity
    heading = Heading(3, f"{reason.place} ({kind})" if kind else reason.place)
    dependent = [z for one in reason.members for z in users.get(one.claim.id, ())]
    used = [f"used by: {places(dependent)}"] if dependent else []
    if len(reason.members) == 1:
        lines = [*evidence(reason.first, names), *shared, *used]
        return [heading, Paragraph(_sentence(_words(claim, own))), Items(tuple(lines))]
    many = Paragraph(f"{len(reason.members)} statements, for one reason.")
    blocks: list[Block] = [heading, many, Items((*shared, *used))]
    for one in reason.members:
        blocks.append(Paragraph(f"{places(one.claim.loci)}: {one.claim.says}."))
        blocks.append(Items(tuple(_member(reason, one, names))))
    return blocks


def _words(claim: Claim, own: bool) -> str:
    """What is claimed: in words, or a user's statement as it was written."""
    return code(claim.says) if own and claim.says == claim.statement else claim.says


def _sentence(words: str) -> str:
    """With a capital, where it begins with a word, and a full stop."""
    begins = re.match(r"[a-z]{2,} ", words)
    return (words[0].upper() + words[1:] if begins else words) + "."


def _shared(reason: Reason) -> Iterable[str]:
    """What is said once."""
    if condition := reason.first.finding.condition:
        yield f"holds if: {condition}"
    if mended := reason.common("correction"):
        yield f"instead: {correction_text(mended)}"
    if note := reason.common("note"):
        yield note


def _member(reason: Reason, one: Judged, names: Names) -> Iterable[str]:
    """What is said of one of several."""
    yield from evidence(one, names)
    if one.claim.correction and not reason.common("correction"):
        yield f"instead: {correction_text(one.claim.correction)}"
    if one.claim.note and not reason.common("note"):
        yield one.claim.note


SHARPER = ("impler", "harper", "Not in the paper", "One formula")


def _sharper(found: Iterable[Judged]) -> list[Block]:
    notes, unneeded = list[str](), list[str]()
    for one in found:
        place = places(one.claim.loci)
        if any(word in one.claim.note for word in SHARPER):
            notes.append(f"{place}: {one.claim.note}")
        if one.unneeded:
            without = ", ".join(f"${z}$" for z in one.unneeded)
            given = f", given that {one.finding.condition}" if one.finding.condition else ""
            unneeded.append(f"{place}, {one.claim.says}: holds without {without}{given}")
    blocks: list[Block] = [Items(tuple(notes))] if notes else []
    if unneeded:
        blocks += [Paragraph("Hypotheses that are not needed:"), Items(tuple(unneeded))]
    return blocks


def _all_claims(found: Sequence[Judged], own: bool) -> Table:
    rows = tuple(
        (
            ("+ " if one.claim.added else "") + places(one.claim.loci),
            _words(one.claim, own),
            f"{one.finding.verdict.value}, {one.finding.evidence.value}",
            one.claim.id,
            f"{one.mutants[0]} of {one.mutants[1]}" if one.mutants[1] else "",
        )
        for one in found
    )
    head = ("where", "claim", "verdict, evidence", "id", "changes refuted")
    kinds = tuple(one.finding.verdict.value for one in found)
    return Table(head, (0.15, 0.27, 0.2, 0.16, 0.08), rows, kinds)


def _symbols(found: Iterable[Judged], known: Names) -> list[Block]:
    """What the names of the exact values mean, in the order of their first use."""
    names = dict.fromkeys(name for one in found for name in one.finding.witness)
    rows = tuple(
        (f"${known.symbol(name)}$", words)
        for name in names
        if (words := known.meaning(name)) is not None
    )
    return [Table(("symbol", "meaning"), (0.2, 0.7), rows)] if rows else []
