"""Machine code for what is asked often: loops over times, weights and networks, by numba if it is there.

| module | what it does |
|--------|--------------|
| `cache`   | compiles a function once and keeps it on disk, under a digest of all it is made from |
| `scalars` | the names that generated text computes with, for float64 and for double-double numbers |

Everything works without numba, in numpy; answers agree to their promised digits, not to the last bit.
`EXACTFLOW_COMPILED=0` in the environment leaves numba alone.
"""

from __future__ import annotations

import functools
import importlib.util
import os

SWITCH = "EXACTFLOW_COMPILED"


@functools.cache
def is_available() -> bool:
    """Whether functions are compiled here."""
    return os.environ.get(SWITCH) != "0" and importlib.util.find_spec("numba") is not None
