"""Times, or losses, that networks are asked at: common to all, or a row for each."""

from __future__ import annotations

from typing import NamedTuple

from numeric.data.arrays import Floats
from numeric.errors import InputError


class Rows(NamedTuple):
    """What networks are asked at.

    Attributes:
        rows: shape (1, T), or (B, T).
        tail: shape of what one network is asked at.
    """

    rows: Floats
    tail: tuple[int, ...]

    @classmethod
    def of(cls, name: str, given: Floats, each: bool, number: int) -> Rows:
        """What is given, for so many networks.

        Raises:
            InputError: where it is said to have a row for each network, and has not.
        """
        if not each:
            return cls(given.reshape(1, -1), given.shape)
        if given.ndim == 0 or len(given) != number:
            expected = f"({number}, …), a row for each network, as each=True says"
            raise InputError(name, f"shape {given.shape}", expected)
        return cls(given.reshape(number, -1), given.shape[1:])

    def of_network(self, network: int) -> Floats:
        """What one network is asked at, in its shape."""
        return self.row(network).reshape(self.tail)

    def row(self, network: int) -> Floats:
        """The same, in one dimension."""
        return self.rows[network if len(self.rows) > 1 else 0]
