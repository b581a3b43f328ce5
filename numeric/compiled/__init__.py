"""Machine code for what is asked often: loops over times, weights and networks, by numba if it is there.

| module | what it does |
|--------|--------------|
| `cache`   | compiles a function once and keeps it on disk, under a digest of all it is made from |
| `taylor`  | warped flows by Taylor series, one driver for all networks |
| `scalars` | the names that generated text computes with, for float64 and for double-double numbers |
| `sums`    | compensated sums over the weights |
| `halves`  | both cores |
| `lanes`   | eight float64 numbers as one |
| `series`  | what Taylor series of neurons consist of: rows of coefficients, eight neurons at once |

Everything works without numba, in numpy; answers agree to their promised digits, not to the last bit.
`EXACTFLOW_COMPILED=0` in the environment leaves numba alone.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import logging
import os

SWITCH = "EXACTFLOW_COMPILED"


@functools.cache
def is_available() -> bool:
    """Whether functions are compiled here: numba is there, and can be imported."""
    if os.environ.get(SWITCH) == "0" or importlib.util.find_spec("numba") is None:
        return False
    try:
        importlib.import_module("numba")
    except Exception as error:  # whatever it says of a numpy or a processor that it does not know
        logging.getLogger(__name__).warning(
            "nothing is compiled, numba cannot be loaded: %s", error
        )
        return False
    return True
