"""The audit as text: JSON objects, Markdown, LaTeX and HTML. Fair in tone, exact in evidence."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from verify.claim import Judged, Verdict

TITLE = "An audit of Xu & Ziyin 2025, Three Mechanisms of Feature Learning in a Linear Network"
WORDS = {
    Verdict.HOLDS: "holds as printed",
    Verdict.HOLDS_IF: "holds under a condition or a convention other than the one stated",
    Verdict.FAILS: "does not hold as printed",
    Verdict.UNDECIDED: "undecided",
    Verdict.NOT_TESTABLE: "a definition",
}
INTRODUCTION = (
    "arXiv 2401.07085, as printed in the text at hand, which is a transcription: a slip may be "
    "the transcriber's. Every numbered equation, both tables, the propositions, theorems, "
    "corollaries and the checkable sentences are held against a derivation that starts from the "
    "loss alone; ρ = ‖x‖ in every exact value. A verdict is computed: proved by a normal form, or"
    " by a decision procedure for real arithmetic; a refutation carries exact values within the "
    "stated assumptions at which both sides differ, an enclosure of the difference that excludes "
    "0, the corrected form (proved, where it is a formula in the same symbols) and, where one "
    "network can tell, gradient descent that torch ran. Claims that hold were changed in one "
    "place (a sign, a factor, an exponent, a dropped term, exchanged rates), and the same test "
    "had to refute the change."
)


def as_json(judged: Judged) -> dict[str, Any]:
    """One claim as an object."""
    claim, finding, siding = judged.claim, judged.finding, judged.siding
    return {
        "id": claim.id,
        "locus": claim.loci[0],
        "loci": list(claim.loci),
        "claim": claim.says,
        "added": claim.added,
        "verdict": finding.verdict.value,
        "evidence": finding.evidence.value,
        "expected": claim.expected.value,
        "severity": claim.severity,
        "condition": finding.condition,
        "printed": claim.printed,
        "transcription": claim.test.transcription(),
        "correction": claim.correction,
        "witness": dict(finding.witness),
        "difference": finding.ball,
        "why": finding.why,
        "note": claim.note,
        "uses": list(claim.uses),
        "mutants": {
            "refuted": judged.mutants[0],
            "of": judged.mutants[1],
            "survivors": list(judged.survivors),
        },
        "torch": None
        if siding is None
        else {
            "quantity": siding.quantity,
            "measured": siding.measured,
            "error": siding.error,
            "printed": siding.printed,
            "corrected": siding.corrected,
            "with_correction": siding.with_correction,
        },
    }


def counts(found: Sequence[Judged]) -> Mapping[str, int]:
    """How many of each verdict."""
    return Counter(one.finding.verdict.value for one in found)


def power(found: Sequence[Judged]) -> tuple[int, int]:
    """Mutants refuted, of how many."""
    return sum(one.mutants[0] for one in found), sum(one.mutants[1] for one in found)


def dependants(found: Sequence[Judged]) -> dict[str, list[str]]:
    """Claim → ids of the claims that use it."""
    result: dict[str, list[str]] = {}
    for one in found:
        for used in one.claim.uses:
            result.setdefault(used, []).append(one.claim.id)
    return result


def markdown(found: Sequence[Judged]) -> str:
    """The report for people."""
    refuted, total = power(found)
    lines = [f"# {TITLE}", "", INTRODUCTION, "", "| verdict | claims |", "|---|---|"]
    lines += [f"| {v.value}: {WORDS[v]} | {counts(found).get(v.value, 0)} |" for v in Verdict]
    added = sum(one.claim.added for one in found)
    lines += [
        "",
        f"{added} of these are the audit's own additions, marked +: not the paper's words.",
    ]
    lines += ["", f"Changes of claims that hold: {refuted} of {total} refuted.", ""]
    lines += ["## What does not hold as printed", ""]
    where = {one.claim.id: one.claim.loci for one in found}
    depend = {
        name: [", ".join(where[one]) for one in users] for name, users in dependants(found).items()
    }
    for one in found:
        if one.finding.verdict in (Verdict.FAILS, Verdict.UNDECIDED):
            lines += _entry(one, depend.get(one.claim.id, []))
    lines += ["## What holds under a condition", ""]
    for one in found:
        if one.finding.verdict is Verdict.HOLDS_IF:
            lines += _entry(one, depend.get(one.claim.id, []))
    lines += ["## What is simpler or sharper than printed", ""]
    lines += [f"* **{', '.join(z.claim.loci)}**: {z.claim.note}" for z in found if _is_sharper(z)]
    lines += ["", "## All claims, in printed order", ""]
    lines += ["| where | claim | verdict | evidence | changes refuted |", "|---|---|---|---|---|"]
    for one in found:
        cells = (
            ("+ " if one.claim.added else "") + ", ".join(one.claim.loci), one.claim.says,
            one.finding.verdict.value, one.finding.evidence.value,
            f"{one.mutants[0]} of {one.mutants[1]}" if one.mutants[1] else "",
        )  # fmt: skip
        lines.append("| " + " | ".join(_cell(z) for z in cells) + " |")
    return "\n".join(lines).rstrip("\n") + "\n"


def _is_sharper(one: Judged) -> bool:
    words = ("impler", "harper", "Not in the paper", "One formula")
    return any(word in one.claim.note for word in words)


def _formula(text: str) -> str:
    """A correction in dollars, unless it is prose."""
    prose = re.search(r"(?<![\\\w])[a-z]{2,} [a-z]{2,}", re.sub(r"\\text\{[^}]*\}", "", text))
    return text if prose else f"${text}$"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _entry(one: Judged, used_by: Sequence[str]) -> list[str]:
    claim, finding, siding = one.claim, one.finding, one.siding
    lines = [f"### {', '.join(claim.loci)} ({claim.severity or 'note'})", "", f"{claim.says}.", ""]
    if claim.printed:
        lines += [f"* printed: ${claim.printed}$"]
    lines += [f"* transcribed: ${claim.test.transcription()}$"]
    if finding.condition:
        lines += [f"* holds if: {finding.condition}"]
    if claim.correction:
        lines += [f"* instead: {_formula(claim.correction)}"]
    if finding.witness:
        values = ", ".join(f"{name} = {value}" for name, value in finding.witness.items())
        said = finding.ball if " " in finding.ball.strip("[]").replace("+/-", "") and (
            not finding.ball.startswith("[")
        ) else f"printed minus derived is {finding.ball}"  # fmt: skip
        lines += [f"* at {values}: {said}"]
    if siding is not None:
        # Few digits: the last ones are a machine's.
        lines += [
            f"* torch measures {siding.quantity} = {siding.measured:.3g}; printed {siding.printed:.3g}, "
            f"corrected {siding.corrected:.3g}"
        ]
    if claim.note:
        lines += [f"* {claim.note}"]
    if used_by:
        lines += [f"* used by: {'; '.join(used_by)}"]
    return [*lines, ""]


def latex(found: Sequence[Judged]) -> str:
    """A list for the authors: what does not hold, and what holds under a condition."""
    lines = [
        r"\documentclass[11pt]{article}",
        r"\usepackage{amsmath,amssymb}",
        r"\usepackage[margin=22mm]{geometry}",
        rf"\title{{{_tex(TITLE)}}}",
        r"\author{exactflow}\date{}",
        r"\begin{document}\maketitle\noindent",
        _tex(INTRODUCTION),
    ]
    for verdict in (Verdict.FAILS, Verdict.HOLDS_IF):
        lines.append(rf"\section*{{{_tex(WORDS[verdict].capitalize())}}}")
        for one in (z for z in found if z.finding.verdict is verdict):
            claim = one.claim
            lines.append(rf"\paragraph{{{_tex(', '.join(claim.loci))}}} {_tex(claim.says)}.")
            if claim.printed:
                lines.append(rf"Printed: ${claim.printed}$.")
            if one.finding.condition:
                lines.append(f"Holds if {_tex(one.finding.condition)}.")
            if claim.correction:
                words = _formula(claim.correction)
                lines.append("Instead: " + (words if words[0] == "$" else _tex(words)) + ".")
            lines.append(_tex(claim.note))
    return "\n\n".join([*lines, r"\end{document}"]) + "\n"


CHARACTERS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "Δ": r"\Delta", "δ": r"\delta", "ζ": r"\zeta",
    "η": r"\eta", "θ": r"\theta", "κ": r"\kappa", "λ": r"\lambda", "ξ": r"\xi", "ρ": r"\rho",
    "σ": r"\sigma", "Σ": r"\Sigma", "ω": r"\omega", "±": r"\pm", "₊": "_+", "₋": "_-", "₀": "_0",
    "₁": "_1", "₂": "_2", "²": "^2", "⁻": "^-", "⁺": "^+", "¹": "^1",
    "√": r"\surd ", "‖": r"\|", "≥": r"\ge ",
    "≤": r"\le ", "≠": r"\ne ", "→": r"\to ", "−": "-", "·": r"\cdot ", "∞": r"\infty", "⊥": r"\perp ",
    "≫": r"\gg ", "∂": r"\partial ", "ᵀ": "^T", "′": "'", "ṗ": r"\dot p", "½": r"\tfrac12",
    "ỹ": r"\tilde y", "\u0303": r"\tilde{}", "≪": r"\ll ",
}  # fmt: skip


def _tex(text: str) -> str:
    """Prose as LaTeX: its mathematical characters by their commands."""
    for plain, command in (("&", r"\&"), ("_", r"\_"), ("^", r"\^{}"), ("%", r"\%"), ("#", r"\#")):
        text = text.replace(plain, command)
    for character, command in CHARACTERS.items():
        text = text.replace(character, rf"\ensuremath{{{command}}}")
    return text


def as_html(found: Sequence[Judged]) -> str:
    """A page that needs nothing from elsewhere; formulas stand as LaTeX."""
    rows = []
    for one in found:
        claim, finding = one.claim, one.finding
        cells = (
            ", ".join(claim.loci), claim.says, finding.verdict.value, finding.evidence.value,
            claim.printed, claim.correction, finding.condition or finding.why, claim.note,
        )  # fmt: skip
        inside = "".join(f"<td>{html.escape(z)}</td>" for z in cells)
        rows.append(f'<tr class="{finding.verdict.value}">{inside}</tr>')
    heads = ("where", "claim", "verdict", "evidence", "printed", "instead", "why", "note")
    head = "".join(f"<th>{z}</th>" for z in heads)
    refuted, total = power(found)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(TITLE)}</title>'
        "<style>body{font:15px sans-serif;max-width:90em;margin:2em auto;padding:0 1em}"
        "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em;vertical-align:top;"
        "text-align:left}.FAILS{background:#fbe0c8}.HOLDS_IF{background:#fff6cc}"
        ".UNDECIDED{background:#ddd}</style></head><body>"
        f"<h1>{html.escape(TITLE)}</h1><p>{html.escape(INTRODUCTION)}</p>"
        f"<p>Changes of claims that hold: {refuted} of {total} refuted.</p>"
        f"<table><tr>{head}</tr>{''.join(rows)}</table></body></html>\n"
    )
