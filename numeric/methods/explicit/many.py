"""Explicit flows of many networks, vectorised over them; in numpy here, see `many_machine`.

Networks that are not plain, and entries that `entries` does not know, are left to flows of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from numeric.data import lines
from numeric.data.arrays import Bools, Floats
from numeric.data.many import Problems
from numeric.double_double import DoubleDouble
from numeric.errors import InternalCheckError
from numeric.generated import linear
from numeric.methods.ending import AT_REST, REACHED, SADDLE
from numeric.methods.explicit import starts
from numeric.methods.explicit.entries import Entries
from numeric.methods.explicit.floats import ExplicitFlow
from numeric.methods.explicit.starts import Exponents, Starts

TOGETHER = 1 << 15  # numbers that are worked on at once
Places = tuple[Any, ...]  # rows, or rows and columns, of what is not known


class JointExplicit:
    """Curves and ends of many explicit flows (see `numeric.methods.joint.Joint`).

    Args:
        problems: what they are trained on.
    """

    SCALARS = ExplicitFlow.SCALARS
    LAYERS: tuple[str, ...] = ()
    ENDS: tuple[str, ...] = ("target", "limit_kind", "t_c")

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        points = problems.X.shape[1] if problems.reduction == "sum" else 1.0
        self._pace = points * problems.loss.FACTOR
        given = problems.X, problems.targets, linear, problems.line_tolerance
        self._points = lines.of(*given)
        self._rates = starts.rates(problems, self._points)
        self.is_served = np.broadcast_to(self._points.is_plain, len(problems))

    def scalar(self, name: str, t: Floats) -> tuple[Floats, Places]:
        """An observable at times, shape (B, T), and where it is not known."""
        name = {"kernel": "kernel_x"}.get(name, name)
        return self._over_parts(t, lambda entries, times: entries.scalar(name, self._pace * times),
                                self._pace if name == "loss" else 1.0)  # fmt: skip

    def time_to_loss(self, goals: Floats) -> tuple[Floats, Places]:
        """Times at which losses are reached, and where they are not known."""
        return self._over_parts(
            goals, lambda entries, given: entries.time_to_loss(given / self._pace), 1 / self._pace
        )

    def layer(self, name: str, t: Floats) -> tuple[Floats, Places]:
        """None of them is known here."""
        raise NotImplementedError

    def ends(self, name: str) -> tuple[Any, Places]:
        """Target, end or time scale of each flow, and of which it is not known."""
        if name == "target":
            found = np.array(np.broadcast_to(self._points.target.hi, len(self._problems)))
            return found, (np.flatnonzero(~self.is_served),)
        whole = np.zeros(len(self._problems), dtype=object if name == "limit_kind" else np.float64)
        lost = np.ones(len(whole), dtype=bool)
        for part in self._parts(1):
            rows, entries = self._plain(part)
            of = _kinds(entries) if name == "limit_kind" else self._time_scales(entries)
            whole[rows], lost[rows] = of[:, 0], False
        return whole, (np.flatnonzero(lost),)

    def _time_scales(self, entries: Entries) -> Floats:
        with np.errstate(all="ignore"):
            found = linear.time_scale(entries.scaled)
            return np.asarray(np.ldexp(found, -np.asarray(entries.units.time)) / self._pace)

    @np.errstate(all="ignore")
    def _over_parts(
        self, t: Floats, answer: Callable[[Entries, Floats], tuple[Floats, Bools]], factor: float
    ) -> tuple[Floats, Places]:
        """What entries answer at times, times a factor; and where they do not."""
        found = np.full((len(self._problems), t.shape[1]), np.nan)
        lost = np.ones(found.shape, dtype=bool)
        for part in self._parts(t.shape[1]):
            rows, entries = self._plain(part)
            if not rows.size:
                continue
            given = np.broadcast_to(t, found.shape)[rows]
            try:
                values, lost[rows] = answer(entries, given)
            except InternalCheckError:  # of one of them: each is asked alone
                continue
            found[rows] = factor * values
        return found, np.nonzero(lost)

    def _parts(self, times: int) -> Iterator[slice]:
        """Slices of networks."""
        size = max(1, TOGETHER // (self._problems.W0[0].size + times))
        for first in range(0, len(self._problems), size):
            yield slice(first, first + size)

    def _plain(self, part: slice) -> tuple[Any, Entries]:
        """Which networks of a slice are plain, and these."""
        found = self._starts(part)
        is_plain = found.is_plain & self.is_served[part]
        known = {name: z[is_plain, None] for name, z in found.known.items()}
        units = Exponents(*(z[is_plain, None] for z in found.units))
        return np.flatnonzero(is_plain) + part.start, Entries(known, units)

    def _starts(self, part: slice) -> Starts:
        """Starts of a slice of networks."""
        given = {name: _part(value, part) for name, value in self._rates.items()}
        problems, direction = self._problems, _part(self._points.direction, part)
        weights = problems.u0[part], problems.W0[part]
        return starts.of(*weights, direction, problems.widths[part], given)


def _part(value: DoubleDouble, part: slice) -> DoubleDouble:
    return value[part] if len(value.hi) > 1 else value


def _kinds(entries: Entries) -> Any:
    """Where flows end: see `ExplicitFlow.limit_kind`."""
    start, end = entries.ends
    is_reached = (entries.observe("residual", end) == 0) | (entries.observe("residual", start) == 0)
    rests = end.f == start.f
    return np.where(is_reached, REACHED, np.where(rests, AT_REST, SADDLE)).astype(object)
