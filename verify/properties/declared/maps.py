"""Symmetries as maps of the weights, each over the root of its rate: φ → R φ with an orthogonal R.

Infinitesimal rotations are handed in; changes of signs and the order of neurons are found here, those
that the exact outputs, or the names of sizes, show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from symbolic.architecture.fields import potentials, terms
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.sizes import Size, shape_of
from symbolic.laws.ansatz import kernel_of_parities
from symbolic.laws.symmetries import Symmetry

ANGLE = 0.7  # of the rotations that are tried


@dataclass(frozen=True)
class Map:
    """φ → R φ.

    Attributes:
        name: for reports.
        matrix: R, (D, D).
    """

    name: str
    matrix: Tensor


def rotation(symmetry: Symmetry, weights: int, name: str) -> Map:
    """e^{tA} of an antisymmetric A, by the angle `ANGLE` at most.

    Args:
        symmetry: A.
        weights: D.
        name: for reports.
    """
    A = torch.zeros(weights, weights, dtype=torch.float64)
    for (i, j), c in symmetry.items():
        A[i, j] = int(c.p) / int(c.q)
    return Map(name, torch.linalg.matrix_exp(ANGLE * A / torch.linalg.matrix_norm(A, 2)))


def sign_flips(instance: Instance) -> list[int]:
    """Changes of signs that leave all outputs alone, bit i for weight i: a basis over F₂.

    Every monomial keeps its sign, in the outputs and in what gates and functions are taken of: without
    the latter a gate would shut where it was open.
    """
    of_functions = [one.argument for one in instance.generated]
    rows = {
        sum(1 << i for i, e in enumerate(m[: instance.weights]) if e % 2)
        for polynomial in (*potentials(instance), *of_functions)
        for m in terms(polynomial)
    }
    return kernel_of_parities(sorted(rows), instance.weights)


def flip(mask: int, names: Sequence[str]) -> Map:
    """The map of a change of signs."""
    signs = [-1.0 if mask >> i & 1 else 1.0 for i in range(len(names))]
    flipped = " ".join(name for i, name in enumerate(names) if mask >> i & 1)
    return Map(f"signs of {flipped}", torch.diag(torch.tensor(signs, dtype=torch.float64)))


def permutation(places: Sequence[int], name: str) -> Map:
    """φ′_i = φ_(places i)."""
    return Map(name, torch.eye(len(places), dtype=torch.float64)[list(places)])


def neurons(model: Model, sizes: Sizes) -> Iterator[Map]:
    """The first two of what a hidden size counts, exchanged in every layer that has it.

    A size is hidden if no input, output or untrained weights have it: then its numbers are names only.
    """
    graph = model.graph
    seen = [graph.output.shape, *graph.frozen.values()]
    seen += [shape_of(shape) for shape in model.inputs.values()]
    outside = {symbol for shape in seen for size in shape for symbol in size.symbols}
    compound = {
        symbol
        for layer in model.layers.values()
        for size in layer.shape
        for symbol in size.symbols
        if size != Size.of(symbol)
    }
    for symbol in model.symbols:
        if symbol not in outside | compound and sizes[symbol] > 1:
            places = _exchanged(model, sizes, Size.of(symbol))
            yield permutation(places, f"the first two of {symbol} exchanged")


def _exchanged(model: Model, sizes: Sizes, hidden: Size) -> list[int]:
    places: list[int] = []
    for layer in model.layers.values():
        shape = [size.at(sizes) for size in layer.shape]
        own = torch.arange(int(torch.tensor(shape).prod())).reshape(shape) + len(places)
        for axis, size in enumerate(layer.shape):
            if size == hidden:
                order = torch.tensor([1, 0, *range(2, shape[axis])])
                own = own.index_select(axis, order)
        places += own.reshape(-1).tolist()
    return places
