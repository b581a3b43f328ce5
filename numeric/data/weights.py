"""Initial weights as people hold them, taken over: copied or held, finite, and summed on the way.

Sums over two columns tell whether all of them are finite: one pass for both. What is wrong is found by
the checks of `arrays` and `shapes`, which say what.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from numeric import compiled
from numeric.data import pages, shapes
from numeric.data.arrays import Floats, finite, own, require_finite
from numeric.errors import InputError


class Taken(NamedTuple):
    """Both layers, which nobody can change through these arrays.

    Attributes:
        u, W: of shapes (d,) and (d, d0).
        sums: of two columns, as `compiled.columns` has them; None where they were not made.
    """

    u: Floats
    W: Floats
    sums: Floats | None


def take(u0: ArrayLike, W0: ArrayLike, copy: bool = True) -> Taken:
    """Initial weights, finite and of shapes that agree.

    Args:
        u0: second layer, (d,), or a row or a column.
        W0: first layer, (d, d0).
        copy: see `numeric.data.arrays.own`.

    Raises:
        InputError: for other shapes, and for what is not finite.
    """
    if copy and _are_columns(u0, W0) and (taken := _copied(u0, W0)) is not None:
        return taken
    W, u = own("W0", W0, copy), own("u0", u0, copy)
    if W.ndim != 2 or u.ndim != 1:
        W, u = finite("W0", W0, 2, copy), shapes.second_layer(u0, copy)
    u.setflags(write=False)
    W.setflags(write=False)
    agree = len(W) == u.size and W.size
    if agree and W.shape[1] == 1 and compiled.is_available():
        sums = _columns().of(u, W.reshape(-1), pages.release)
        if _are_finite(sums):
            return Taken(u, W, sums)
    require_finite("W0", W)
    require_finite("u0", u)
    if not agree:
        expected = f"({u.size}, d0), one row per entry of u0"
        raise InputError("W0", f"shape {W.shape}", expected)
    return Taken(u, W, None)


def _are_columns(u: Any, W: Any) -> bool:
    """Whether both layers are plain arrays in memory, of one column each: as they mostly are."""
    return (
        type(u) is np.ndarray
        and type(W) is np.ndarray
        and u.dtype == W.dtype == np.float64
        and u.ndim == 1
        and W.shape == (u.size, 1)
        and u.size > 0
        and u.flags.carray
        and W.flags.carray
        and compiled.is_available()
    )


def _copied(u: Any, W: Any) -> Taken | None:
    """A copy of two columns, side by side, and their sums, in one read; None if one is not finite."""
    room = np.empty((2, u.size))
    sums = _columns().of(u, W.reshape(-1), room=room)
    room.setflags(write=False)
    return Taken(room[0], room[1].reshape(-1, 1), sums) if _are_finite(sums) else None


def _are_finite(sums: Floats) -> bool:
    """Whether all weights are: the largest of each layer stand last."""
    return math.isfinite(sums[6]) and math.isfinite(sums[7])


@cache  # an import statement takes half a microsecond
def _columns() -> Any:
    from numeric.compiled import columns

    return columns
