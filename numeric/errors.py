"""What goes wrong, in one line: misuse by the caller, and answers of ours that cannot be."""

from __future__ import annotations

from typing import Any

LONGEST_FIELD, LONGEST_FOUND, LONGEST_EXPECTED = 160, 160, 600  # characters shown of each


class InputError(ValueError):
    """Input that cannot be used. Its text is one line of bounded length, whatever was found.

    Attributes:
        field: where it stands, e.g. "W0[2][1]".
        found: what stands there.
        expected: what should.
    """

    def __init__(self, field: str, found: object, expected: str) -> None:
        self.field, self.found, self.expected = field, found, expected
        super().__init__(
            f"{one_line(field, LONGEST_FIELD)}: found {one_line(found, LONGEST_FOUND)}; "
            f"expected {one_line(expected, LONGEST_EXPECTED)}"
        )


class InternalCheckError(ArithmeticError):
    """A computed answer violates what is proved of every answer: a fault of this program.

    For instance an output beyond its target, or a residual that grows. It is raised instead of giving
    the number.
    """

    def __init__(self, violated: str) -> None:
        super().__init__(f"internal check failed: {violated}")


class Refused(Exception):
    """Of many networks some refuse: what is raised then is this and the error of the first of them.

        try:
            found = flows.distance_u(t)
        except Refused as refused:
            found = refused.answers

    Attributes:
        networks: which refuse.
        answers: what was asked, NaN (or an empty word) for these; None where no network answers.
    """

    networks: tuple[int, ...] = ()
    answers: Any = None


class RefusedInput(Refused, InputError):
    """Networks whose input cannot be used."""


class RefusedAnswer(Refused, InternalCheckError):
    """Networks whose answers violate what is proved of them."""


def one_line(value: object, longest: int) -> str:
    """A value as printable text on one line, its middle left out where it is too long.

    Both ends are kept: the end of a path tells more than its start.
    """
    text = _text(value)
    is_cut = len(text) > 4 * longest
    if is_cut:
        text = text[: 2 * longest] + text[-2 * longest :]
    line = " ".join(text.splitlines())
    line = "".join(c if c.isprintable() else "�" for c in line)
    if len(line) <= longest and not is_cut:
        return line
    tail = longest // 3
    return f"{line[: longest - tail - 1]}…{line[-tail:]}"


def _text(value: object) -> str:
    try:
        return f"{value}"
    except ValueError:  # an integer beyond Python's limit of digits
        return f"a number of {value.bit_length()} bits" if isinstance(value, int) else "?"
