"""What goes wrong, in one line: misuse by the caller, and answers of ours that cannot be."""

from __future__ import annotations

LONGEST = 300  # characters of what stands in the input, in a message


class InputError(ValueError):
    """Input that cannot be used; the message is one line of bounded length.

    Attributes:
        field: where it stands, e.g. "W0[2][1]".
        found: what stands there.
        expected: what should.
    """

    def __init__(self, field: str, found: object, expected: str) -> None:
        self.field, self.found, self.expected = field, found, expected
        # One line, whatever a key or a file name holds.
        what = f"{_shortened(field)}: found {_shortened(found)}; expected {expected}"
        line = " ".join(what.splitlines())
        super().__init__("".join(c if c.isprintable() else "�" for c in line))


def _shortened(value: object) -> str:
    """As text, of a long one the beginning and the end."""
    try:
        text = str(value)
    except ValueError:  # Python does not spell numbers of more than 4300 digits
        return "a number of too many digits"
    half = LONGEST // 2 - 1
    return text if len(text) <= LONGEST else f"{text[:half]} … {text[-half:]}"


class InternalCheckError(ArithmeticError):
    """A computed answer violates what is proved of every answer: a fault of this program.

    For instance an output beyond its target, or a residual that grows. It is raised instead of giving
    the number.
    """

    def __init__(self, violated: str) -> None:
        super().__init__(f"internal check failed: {violated}")
