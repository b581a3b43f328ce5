"""Sizes other than those a declaration names, at which what holds for all sizes must hold."""

from __future__ import annotations

from collections.abc import Iterator

from symbolic.architecture.model import DeclarationError, Model, Sizes
from symbolic.architecture.sizes import shape_of


def other_sizes(model: Model, sizes: Sizes, count: int) -> Iterator[dict[str, int]]:
    """Larger sizes, of each symbol another one where they can be, in turn.

    Sizes of inputs that are listed stay as they are.

    Args:
        model: the declaration.
        sizes: those of an instance.
        count: how many.
    """
    fixed = set[str]()
    if model.data == "points":
        shapes = (shape_of(shape) for shape in model.inputs.values())
        fixed = {symbol for shape in shapes for size in shape for symbol in size.symbols}
    free = [symbol for symbol in model.symbols if symbol not in fixed]
    for turn in range(count):
        order = free[turn % len(free) :] + free[: turn % len(free)] if free else []
        found = dict(sizes)
        for k, symbol in enumerate(order):
            found[symbol] = sizes[symbol] + 1 + (k + turn) % 3
        if found == dict(sizes):
            yield found
            return
        try:
            model.check(found)
        except DeclarationError:  # a size such as n−k+1 that is none: all larger by the same
            found |= {symbol: sizes[symbol] + 1 + turn for symbol in order}
        yield found
