"""Blocks of weights that do not feel one another, under half a square on white data.

With orthonormal monomials of the data the loss is Σ_k (y_k − c_k)²/2, up to a constant: weights feel each
other only through a coefficient c_k in which they meet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.laws.reduction import Potential


@dataclass(frozen=True)
class Block:
    """Weights that meet.

    Attributes:
        weights: their places.
        potentials: places of the coefficients they meet in.
    """

    weights: tuple[int, ...]
    potentials: tuple[int, ...]


def weights_of(potential: Potential) -> set[int]:
    """Places of the weights in a coefficient."""
    return {i for m in terms(potential.value) for i, e in enumerate(m) if e}


def independent_blocks(potentials: Sequence[Potential]) -> list[Block]:
    """The finest blocks, in the order of their first coefficient."""
    found: list[tuple[set[int], list[int]]] = []
    for k, potential in enumerate(potentials):
        weights, places = weights_of(potential), [k]
        apart = []
        for other, theirs in found:
            if weights & other:
                weights, places = weights | other, theirs + places
            else:
                apart.append((other, theirs))
        found = [*apart, (weights, places)]
    blocks = [Block(tuple(sorted(w)), tuple(sorted(p))) for w, p in found]
    return sorted(blocks, key=lambda block: block.potentials)


def are_orthonormal(instance: Instance, potentials: Sequence[Potential]) -> bool:
    """Whether white data make the monomials of the data orthonormal.

    White inputs are independent of each other and have mean 0 and unit second moments; so a monomial has
    at most one entry of each input.
    """
    model, groups = instance.model, []
    if model.data == "points":
        return True
    for shape in model.graph.inputs.values():
        entries = prod(size.at(instance.sizes) for size in shape)
        groups.append(1 if model.data == "line" else entries)
    for potential in potentials:
        by_input: dict[int, int] = defaultdict(int)
        rest = list(potential.data)
        for number, size in enumerate(groups):
            by_input[number] = sum(rest[:size])
            rest = rest[size:]
        if any(e > 1 for e in by_input.values()):
            return False
    return True
