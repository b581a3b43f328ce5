"""Misuse, in one line that names the field, what was found and what was expected."""

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
