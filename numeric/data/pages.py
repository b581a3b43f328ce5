"""Memory of arrays that are mapped from files, given back when it has been read or written.

A mapped page counts as memory of the process from its first touch on; a pass over a file that is larger
than memory lets go of what lies behind it. The numbers stay where they are, in the file.
"""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np

READ = ("r", "r+", "w+")  # the modes of maps that are the file, and no copy of it
FORGET = getattr(mmap, "MADV_DONTNEED", None)  # systems without it decide by themselves


def is_mapped(array: Any) -> bool:
    """Whether an array is mapped from a file."""
    return _map_of(array) is not None


def release(array: Any, start: int, stop: int) -> None:
    """Let go of the memory of entries of a C-contiguous array that is mapped from a file.

    Args:
        array: of any kind; nothing happens to what is no such array.
        start: the first entry, along the first axis.
        stop: the last, and one.
    """
    found = _map_of(array)
    if found is None or FORGET is None or not array.flags.c_contiguous:
        return
    first = _address(np.frombuffer(found, np.uint8))
    row = array.itemsize * (array.size // max(1, len(array)))
    begin, end = (_address(array) - first + k * row for k in (start, min(stop, len(array))))
    begin, end = -(-begin // mmap.PAGESIZE) * mmap.PAGESIZE, end // mmap.PAGESIZE * mmap.PAGESIZE
    if end > begin:
        found.madvise(FORGET, begin, end - begin)


def _map_of(array: Any) -> mmap.mmap | None:
    """The map that an array is a view of, if it is the file itself."""
    while isinstance(array, np.ndarray):
        if isinstance(array, np.memmap):
            base = array._mmap  # type: ignore[attr-defined]  # noqa: SLF001
            return base if array.mode in READ else None
        array = array.base
    return None


def _address(array: Any) -> int:
    return int(array.__array_interface__["data"][0])
