"""Initial weights as people hold them, taken over: copied or held, finite, and summed on the way.

Sums over two columns tell whether all of them are finite: one pass for both. What is wrong is found by
the checks of `arrays` and `shapes`, which say what.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

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


def take(u0: ArrayLike, W0: ArrayLike, copy: bool = True, summed: bool = False) -> Taken:
    """Initial weights, finite and of shapes that agree.

    Args:
        u0: second layer, (d,), or a row or a column.
        W0: first layer, (d, d0).
        copy: see `numeric.data.arrays.own`.
        summed: whether sums over columns are of use.

    Raises:
        InputError: for other shapes, and for what is not finite.
    """
    W, u = own("W0", W0, copy), own("u0", u0, copy)
    if W.ndim != 2 or u.ndim != 1:
        W, u = finite("W0", W0, 2, copy), shapes.second_layer(u0, copy)
    u.setflags(write=False)
    W.setflags(write=False)
    agree = len(W) == u.size and W.size
    if agree and summed and W.shape[1] == 1 and compiled.is_available():
        sums = _columns().of(u, W.reshape(-1), pages.release)
        if math.isfinite(sums[6]) and math.isfinite(sums[7]):
            return Taken(u, W, sums)
    require_finite("W0", W)
    require_finite("u0", u)
    if not agree:
        expected = f"({u.size}, d0), one row per entry of u0"
        raise InputError("W0", f"shape {W.shape}", expected)
    return Taken(u, W, None)


@cache  # an import statement takes half a microsecond
def _columns() -> Any:
    from numeric.compiled import columns

    return columns
