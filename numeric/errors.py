"""What goes wrong, in one line: misuse by the caller, and answers of ours that cannot be."""

from __future__ import annotations


class InputError(ValueError):
    """Input that cannot be used.

    Attributes:
        field: where it stands, e.g. "W0[2][1]".
        found: what stands there.
        expected: what should.
    """

    def __init__(self, field: str, found: object, expected: str) -> None:
        self.field, self.found, self.expected = field, found, expected
        # One line, whatever a key or a file name holds.
        line = " ".join(f"{field}: found {found}; expected {expected}".splitlines())
        super().__init__("".join(c if c.isprintable() else "�" for c in line))


class InternalCheckError(ArithmeticError):
    """A computed answer violates what is proved of every answer: a fault of this program.

    For instance an output beyond its target, or a residual that grows. It is raised instead of giving
    the number.
    """

    def __init__(self, violated: str) -> None:
        super().__init__(f"internal check failed: {violated}")
