"""Arrays from outside: float64, finite, of the right dimension."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.errors import InputError

Floats = NDArray[np.float64]


def float64(value: Any) -> Floats:
    """Rounded to float64; what lies beyond its range becomes infinite or zero."""
    with np.errstate(all="ignore"):
        return np.asarray(value, dtype=np.float64)[()]


def finite(name: str, values: ArrayLike, dimensions: int) -> Floats:
    """Values as float64 of the given dimension, all finite: a copy of ours that nobody can change.

    Training loops change their arrays in place, and views of them (torch's `.numpy()`) with them.

    Raises:
        InputError: naming the first value that is not.
    """
    try:
        given = np.asarray(values)
        if given.dtype.kind not in "biuf":
            raise TypeError
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(name, repr(values)[:60], "numbers in a regular array") from None
    if array.ndim != dimensions:
        raise InputError(name, f"an array of shape {array.shape}", f"{dimensions} dimension(s)")
    if not np.all(np.isfinite(array)):
        index = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        where = name + "".join(f"[{k}]" for k in index)
        raise InputError(where, array[index], "a finite number")
    array.setflags(write=False)
    return array
