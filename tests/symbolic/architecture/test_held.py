"""How much is held of functions whose arguments are long."""

from __future__ import annotations

import tracemalloc

from symbolic.architecture.instance import Instance
from symbolic.models import shelf


def test_arguments_of_functions_are_not_held_exponent_by_exponent():
    """A variance of 20 weights has hundreds of terms: as tuples of exponents they are half a megabyte."""
    tracemalloc.start()
    try:
        Instance(shelf.load("layer_normalisation"), {"n": 5, "h": 4})
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 200_000
