"""Arrays from outside: float64, finite, of the right dimension."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.data import pages
from numeric.errors import InputError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]
TOGETHER = 1 << 20  # numbers that are looked at at once
UNITS = {"float32": 2.0**-24, "float16": 2.0**-11, "bfloat16": 2.0**-8}  # roundoffs


def float64(value: Any) -> Floats:
    """Rounded to float64; what lies beyond its range becomes infinite or zero."""
    if type(value) is np.ndarray and value.dtype == np.float64:
        return value[()]
    with np.errstate(all="ignore"):
        return np.asarray(value, dtype=np.float64)[()]


def finite(name: str, values: ArrayLike, dimensions: int, copy: bool = True) -> Floats:
    """Values as float64 of the given dimension, all finite: a copy of ours that nobody can change.

    Training loops change their arrays in place, and views of them (torch's `.numpy()`) with them.

    Args:
        name: of what is given, for what is said of it.
        values: whatever holds numbers.
        dimensions: of the array.
        copy: see `own`.

    Raises:
        InputError: naming the first value that is not.
    """
    array = own(name, values, copy)
    if array.ndim != dimensions:
        raise InputError(name, f"an array of shape {array.shape}", f"{dimensions} dimension(s)")
    require_finite(name, array)
    array.setflags(write=False)
    return array


def own(name: str, values: Any, copy: bool = True) -> Floats:
    """Values as a C-contiguous array of float64, a copy of ours.

    Args:
        name: of what is given, for what is said of it.
        values: whatever holds numbers.
        copy: whether an array that needs no conversion is copied, too. One that is mapped from a file
            and cannot be written to is not copied in any case: it may be larger than memory.
    """
    if type(values) is np.ndarray and values.dtype == np.float64:
        return values.copy() if copy or not _is_simple(values) else values.view()
    if type(values) is float:
        return np.array(values)
    is_map = isinstance(values, np.memmap) and values.dtype == np.float64
    if is_map and _is_simple(values) and not (copy and values.flags.writeable):
        return values.view(np.ndarray)
    return _converted(name, unwrapped(values))


def _is_simple(values: Floats) -> bool:
    return bool(values.flags.c_contiguous and values.flags.aligned)


def require_finite(name: str, array: Floats) -> None:
    """Refuse what is not finite.

    Raises:
        InputError: naming the first value that is not.
    """
    flat = array.reshape(-1)
    for start in range(0, flat.size, TOGETHER):
        part = flat[start : start + TOGETHER]
        # A sum of squares tells quickly; it is infinite, too, where squares are beyond the range.
        with np.errstate(all="ignore"):
            squares = float(np.dot(part, part))
        bad = None if math.isfinite(squares) else ~np.isfinite(part)
        if flat.size > TOGETHER:
            pages.release(flat, start, start + TOGETHER)
        if bad is not None and bad.any():
            index = np.unravel_index(start + int(bad.argmax()), array.shape)
            where = name + "".join(f"[{k}]" for k in index)
            raise InputError(where, array[index], "a finite number")


def _converted(name: str, values: Any) -> Floats:
    """A copy as float64 of whatever holds numbers."""
    try:
        given = np.asarray(values)
        if given.dtype.kind not in "biuf":
            raise TypeError
        return np.array(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        raise InputError(name, repr(values)[:60], "numbers in a regular array") from None


def unwrapped(values: Any) -> Any:
    """Numbers of any array library as a numpy array: without gradient, from whatever device.

    Types that numpy lacks, such as bfloat16, become float64. What is no array of numbers is returned
    as it is, for `finite` to refuse.
    """
    if type(values) is np.ndarray and values.dtype.kind in "biuf":
        return values
    array = _array(values)
    if array is None and isinstance(values, list | tuple):
        array = _array([unwrapped(entry) for entry in values])
    if array is None:
        return values
    if array.dtype.kind == "V" and "float" in array.dtype.name:  # bfloat16 of jax and ml_dtypes
        return array.astype(np.float64)
    return array


def _array(values: Any) -> Any:
    try:
        if hasattr(values, "detach") and hasattr(values, "cpu"):  # torch
            values = values.detach().cpu()
            if values.is_floating_point():
                values = values.double()
        elif hasattr(values, "__cuda_array_interface__") and hasattr(values, "get"):  # cupy
            values = values.get()
        return np.asarray(values)
    except Exception:  # whatever a library raises for what it cannot give away
        return None


def roundoff(values: Any) -> float:
    """Unit roundoff of the floating type that numbers come in; 0 for float64 and for lists."""
    if type(values) is np.ndarray and values.dtype == np.float64:
        return 0.0
    return UNITS.get(str(getattr(values, "dtype", "")).removeprefix("torch."), 0.0)
