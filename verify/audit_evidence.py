"""The evidence on one claim, as lines of text with formulas in dollars."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sympy import Symbol

from symbolic.latex import typeset
from symbolic.notation import TABLE
from symbolic.prose import is_formula
from verify.claim import Judged
from verify.papers.xu_ziyin.symbols import LATEX, MEANINGS


def correction_text(text: str) -> str:
    """A formula in dollars; prose as it is."""
    return f"${text}$" if is_formula(text) else text


def evidence(one: Judged) -> Iterable[str]:
    """What is printed, what is judged, exact values that refute it, and what torch measures."""
    claim, finding, siding = one.claim, one.finding, one.siding
    if claim.printed:
        yield f"printed: ${claim.printed}$"
    yield f"judged: {_transcription(one)}"
    if finding.witness:
        values = ", ".join(_value(name, value) for name, value in finding.witness.items())
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


def _transcription(one: Judged) -> str:
    """A formula, or words without the wrapping of LaTeX."""
    text = one.claim.test.transcription(LATEX)
    words = re.fullmatch(r"\\text\{([^{}]*)\}", text)
    return words[1] if words else f"${text}$"


def _value(name: str, value: str) -> str:
    """A symbol and its value."""
    if re.fullmatch(r"[-0-9/]+", value):
        return f"${symbol(name)}={value}$"
    return f"${symbol(name)}$ = {value}" if meaning(name) else f"{name} = {value}"


def symbol(name: str) -> str:
    """LaTeX of a symbol's name."""
    return MEANINGS[name][0] if name in MEANINGS else typeset(Symbol(name))


def meaning(name: str) -> str | None:
    """What a symbol stands for, by its name; None where that is not known."""
    if name in MEANINGS:
        return MEANINGS[name][1]
    return TABLE[name].meaning if name in TABLE else None
