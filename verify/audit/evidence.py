"""The evidence on one claim, as lines of text with formulas in dollars."""

from __future__ import annotations

import re
from collections.abc import Iterable

from symbolic.writing.document import code
from symbolic.writing.prose import is_formula
from verify.audit.symbols import Names
from verify.claims.claim import Judged, Verdict


def correction_text(text: str) -> str:
    """A formula in dollars; prose as it is."""
    return f"${text}$" if is_formula(text) else text


def evidence(one: Judged, names: Names) -> Iterable[str]:
    """What is printed, what is judged, exact values that refute it, and what torch measures."""
    claim, finding, siding = one.claim, one.finding, one.siding
    if claim.printed:
        yield f"printed: {_words_or_formula(claim.printed)}"
    if claim.statement:
        yield f"judged: {code(claim.statement)}"
    else:
        yield f"judged: {_transcription(one, names)}"
    if finding.verdict in (Verdict.UNDECIDED, Verdict.UNREADABLE):
        yield f"why: {code(finding.why) if claim.statement else finding.why}"
    if finding.witness:
        values = ", ".join(_value(name, value, names) for name, value in finding.witness.items())
        is_number = re.fullmatch(r"\[?[-+0-9.e/ ]+\]?|not a real number", finding.ball)
        said = f"printed minus derived is {finding.ball}" if is_number else finding.ball
        yield f"at {values}: {said}"
    if siding is not None:
        # Few digits: the last ones are a machine's.
        measured = 0.0 if abs(siding.measured) < siding.error else siding.measured
        yield (
            f"torch measures ${siding.quantity}$ = {measured:.3g}; printed "
            f"{siding.printed:.3g}, corrected {siding.corrected:.3g}"
        )


def _transcription(one: Judged, names: Names) -> str:
    """A formula, or words without the wrapping of LaTeX."""
    return _words_or_formula(one.claim.test.transcription(names.latex))


def _words_or_formula(text: str) -> str:
    """LaTeX in dollars, or the words that are all of it."""
    words = re.fullmatch(r"\\text\{([^{}]*)\}", text)
    return words[1] if words else f"${text}$"


def _value(name: str, value: str, names: Names) -> str:
    """A symbol and its value."""
    if re.fullmatch(r"[-0-9/]+", value):
        return f"${names.symbol(name)}={value}$"
    return f"${names.symbol(name)}$ = {value}" if names.meaning(name) else f"{name} = {value}"
