"""Networks that refuse among many: the others are asked all the same, and their answers are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from numeric.errors import InputError, InternalCheckError, Refused
from numeric.methods.many import words

PATIENCE = 8  # networks that all refuse, after which no other is asked; `Refused` says so in words


class Refusals:
    """Those of one question.

    Where the first `PATIENCE` networks all refuse, the others are not asked: the error is then not
    complete (see `Refused`).

    Args:
        number: how many networks are to be asked.
        answered: how many others have answered already.
    """

    def __init__(self, number: int, answered: int = 0) -> None:
        self._number, self._answered = number, answered
        self._first: Refused | None = None
        self._networks: list[int] = []

    def ask(self, place: int, question: Callable[[], Any]) -> Any:
        """The answer of a network; None where it refuses.

        Raises:
            Refused: where one network after another does, from the first on.
        """
        try:
            found = question()
        except Refused as error:  # it names the network
            self._add(place, error)
        except (InputError, InternalCheckError) as error:
            refused = words.of_network(error, place)
            refused.__cause__ = error
            self._add(place, refused)
        else:
            self._answered += 1
            return found
        return None

    def _add(self, place: int, error: Refused) -> None:
        self._first = self._first or error
        self._networks.append(place)
        if not self._answered and PATIENCE == len(self._networks) < self._number:
            self._first.is_complete = False
            self.settle(None)

    def settle(self, answers: Any) -> None:
        """Raise what the first network has raised, if there is one.

        Args:
            answers: of all networks.
        """
        if self._first is not None:
            self._first.networks = tuple(self._networks)
            self._first.answers = answers if self._answered else None
            raise self._first


def nothing_like(example: Any) -> Any:
    """What stands for an answer that is refused."""
    found = np.asarray(example)
    return np.full(found.shape, "" if found.dtype.kind in "UO" else np.nan)
