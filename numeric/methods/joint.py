"""What a method may have for many networks at once: a protocol, which `many` asks.

A method that has it says so by `Trajectory.jointly`; networks that it leaves out, and answers for which
it does not vouch, are asked of their own flows, one by one.
"""

from __future__ import annotations

from typing import Any, Protocol

from numeric.data.arrays import Bools, Floats


class Joint(Protocol):
    """Flows of many networks, of one method.

    Attributes:
        is_served: networks that are answered here, shape (B,).
        SCALARS: names of the observables that it has.
        LAYERS: names of the layers that it has, of "u" and "W".
        ENDS: names of what is known of whole flows, of "target", "limit_kind" and "t_c".
    """

    is_served: Bools
    SCALARS: tuple[str, ...]
    LAYERS: tuple[str, ...]
    ENDS: tuple[str, ...]

    def scalar(self, name: str, t: Floats) -> tuple[Floats, Any]:
        """An observable, shape (B, T), and where it is not known: rows and columns.

        Args:
            name: of the observable.
            t: times of all networks, (1, T), or of each, (B, T).
        """

    def layer(self, name: str, t: Floats) -> tuple[Floats, Any]:
        """A layer, (B, T, d) or (B, T, d, d0), and which networks and times are not known."""

    def ends(self, name: str) -> tuple[Any, Any]:
        """What is known of each whole flow, shape (B,), and which networks it is not known of."""

    def time_to_loss(self, goals: Floats) -> tuple[Floats, Any]:
        """Times at which losses (1 or B, T) are reached, (B, T), and where they are not known."""
