"""What goes wrong, in one line: misuse by the caller, and answers of ours that cannot be."""

from __future__ import annotations

from typing import Any

PLAIN = str, bytes, bool, int, float, complex, type(None)  # what any copy can hold as it is
LONGEST_FIELD, LONGEST_FOUND, LONGEST_EXPECTED = 160, 160, 600  # characters shown of each


class InputError(ValueError):
    """Input that cannot be used. Its text is one line of bounded length, whatever was found.

    It can be pickled and copied, whatever was found.

    Attributes:
        field: where it stands, e.g. "W0[2][1]".
        found: what stands there; in a copy, unless it is a string or a number, its text.
        expected: what should.
    """

    def __init__(self, field: str, found: object, expected: str) -> None:
        self.field, self.found, self.expected = field, found, expected
        super().__init__(
            f"{one_line(field, LONGEST_FIELD)}: found {one_line(found, LONGEST_FOUND)}; "
            f"expected {one_line(expected, LONGEST_EXPECTED)}"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        found = self.found if type(self.found) in PLAIN else one_line(self.found, LONGEST_FOUND)
        return _again, (type(self), self.args), vars(self) | {"found": found}


class InternalCheckError(ArithmeticError):
    """A computed answer violates what is proved of every answer: a fault of this program.

    For instance an output beyond its target, or a residual that grows. It is raised instead of giving
    the number. It can be pickled and copied.
    """

    def __init__(self, violated: str) -> None:
        super().__init__(f"internal check failed: {violated}")

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args), vars(self)


class Refused(Exception):
    """Of many networks some refuse: what is raised then is this and the error of the first of them.

        try:
            found = flows.distance_u(t)
        except Refused as refused:
            found = refused.answers

    Where the first eight networks asked all refuse, no other is asked, though others might answer:
    `is_complete` says so, and so does the text.

    Attributes:
        networks: which refuse, of those that were asked.
        answers: what was asked, NaN (or an empty word) for these; None where none of those that were
            asked answers.
        is_complete: whether all networks were asked that the question is about.
    """

    networks: tuple[int, ...] = ()
    answers: Any = None
    is_complete: bool = True

    def __str__(self) -> str:
        said, more = super().__str__(), "" if self.is_complete else ", and perhaps more"
        number = len(self.networks)
        return f"{said} ({number} networks refuse{more})" if number > 1 or more else said


class RefusedInput(Refused, InputError):
    """Networks whose input cannot be used."""


class RefusedAnswer(Refused, InternalCheckError):
    """Networks whose answers violate what is proved of them."""


def _again(kind: type[Exception], said: tuple[Any, ...]) -> Exception:
    """An error with its text as it was; what else it holds is set after."""
    return kind.__new__(kind, *said)


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
