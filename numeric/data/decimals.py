"""Numbers in text, exactly: a JSON number is the float64 it denotes, a string the decimal it spells."""

from __future__ import annotations

import json
import math
import re
import sys
from fractions import Fraction

from flint import fmpq, fmpz

from numeric.errors import InputError

DECIMAL = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,3}))?", re.ASCII)
LONG_EXPONENT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+", re.ASCII)
LONGEST_DECIMAL = 100_000  # characters, as many as --digits may ask for


def number(field: str, value: object) -> Fraction:
    """The exact value of a JSON number or a decimal string."""
    if isinstance(value, str):
        return _decimal(field, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(field, shown(value), 'a number, such as 0.5 or "0.1"')
    try:
        as_float = float(value)
    except OverflowError:
        as_float = math.inf
    if not math.isfinite(as_float):
        raise InputError(field, shown(value), "a finite number within the range of float64")
    return Fraction(as_float)


def times(text: str) -> list[Fraction]:
    """Comma-separated times, exact decimals, t ≥ 0."""
    values = []
    for position, part in enumerate(text.split(",")):
        if part.strip().casefold() in ("inf", "infinity", "∞"):
            expected = "finite times: t = ∞ is answered beside them"
            raise InputError(f"--times, entry {position + 1}", part.strip(), expected)
        value = number(f"--times, entry {position + 1}", part)
        if value < 0:
            raise InputError(f"--times, entry {position + 1}", part.strip(), "a time t >= 0")
        values.append(value)
    return values


def as_float(field: str, value: Fraction | float, text: str = "a number beyond float64") -> float:
    """Rounded to float64; raises InputError beyond its range, with the text to show."""
    try:
        rounded = float(value)
    except OverflowError:
        raise InputError(field, text, "a number within the range of float64") from None
    if abs(rounded) < sys.float_info.min and rounded != value:
        found = "a number so small that float64 has not its digits"
        raise InputError(field, found, "0, or a number of at least 2.3e-308")
    return rounded


def shown(value: object) -> str:
    """A value as JSON, cut to 60 characters."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):  # an integer beyond Python's limit of digits; nesting
        return "something too long to show"
    return text if len(text) <= 60 else text[:57] + "..."


def _decimal(field: str, text: str) -> Fraction:
    """The exact value of a decimal, beyond the 4300 digits at which Python's own conversion stops."""
    if len(text) > LONGEST_DECIMAL:
        expected = f"a number of at most {LONGEST_DECIMAL} characters"
        raise InputError(field, f"{len(text)} characters", expected)
    match = DECIMAL.fullmatch(text.strip())
    if not match:
        if LONG_EXPONENT.fullmatch(text.strip()):
            expected = "a number whose exponent has at most three digits"
            raise InputError(field, shown(text), expected)
        raise InputError(field, shown(text), 'a number, such as 0.5 or "0.1"')
    sign, digits, exponent = match.groups()
    before, _, after = digits.partition(".")
    power = int(exponent or 0) - len(after)
    value = fmpq(fmpz(sign.replace("+", "") + before + after)) * fmpq(10) ** power
    return Fraction(int(value.p), int(value.q))
