"""A problem in fewer dimensions: sizes along which arrays may be turned are as small as what they hold.

A module says in `TURNS` along which sizes its network knows arrays by their inner products alone
(`symbolic.codegen.declared.turning`). With an orthonormal basis E of the vectors that span all motion,
arrays v along a size n become Eᵀ v, the flow is that of the same network with fewer for n, and

    v(t) = E ṽ(t) + (v(0) − E ṽ(0)).

Vectors are counted, and left out where they are zero or the same as another: no rank is decided on by a
tolerance. Where a layer is wide, this is a network as wide as it has inputs and outputs; where data are
few, one of as many inputs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.declared.problem import Arrays, DeclaredProblem

LARGEST = 1 << 26  # numbers in the vectors that a basis is found of


class Basis(NamedTuple):
    """One step.

    Attributes:
        size: the symbol.
        before, after: its values.
        E: shape (before, after).
        axes: of weights that are turned, by name.
        still: what of weights stays as it is; None where nothing is left over.
    """

    size: str
    before: int
    after: int
    E: Floats
    axes: Mapping[str, tuple[int, ...]]
    still: Mapping[str, Floats | None]


class Turned:
    """A problem and the same in fewer dimensions.

    Args:
        problem: what is trained.
        is_wanted: whether dimensions are looked for at all.

    Attributes:
        problem: in as few dimensions as can be.
        steps: how it came to them; none where nothing is gained.
    """

    def __init__(self, problem: DeclaredProblem, is_wanted: bool = True) -> None:
        self.problem, self.steps = problem, list[Basis]()
        while is_wanted and (found := next(_bases(self.problem), None)) is not None:
            step, self.problem = found
            self.steps.append(step)

    @property
    def sizes(self) -> dict[str, tuple[int, int]]:
        """Before and after, of the sizes that are smaller."""
        found: dict[str, tuple[int, int]] = {}
        for step in self.steps:
            found[step.size] = (found.get(step.size, (step.before,))[0], step.after)
        return found

    def lifted(self, weights: Arrays) -> dict[str, Floats]:
        """Weights of the problem, from those in fewer dimensions."""
        found = dict(weights)
        for step in reversed(self.steps):
            for name, axes in step.axes.items():
                found[name] = _along(found[name], axes, step.E.T)
                still = step.still[name]
                if still is not None:
                    found[name] = found[name] + still
        return found


def _bases(problem: DeclaredProblem) -> Iterator[tuple[Basis, DeclaredProblem]]:
    """What makes a size smaller, and the problem with it."""
    for symbol, slots in problem.module.TURNS.items():
        arrays = {"weight": problem.weights, "input": problem.inputs, "frozen": problem.frozen}
        vectors = [
            np.moveaxis(arrays[kind][name], axis + (kind == "input"), -1)
            for kind, name, axis, spans in slots
            if spans
        ]
        basis = _basis(vectors, problem.sizes[symbol])
        if basis is None:
            continue
        turned: dict[str, dict[str, Floats]] = {kind: dict(arrays[kind]) for kind in arrays}
        axes: dict[str, tuple[int, ...]] = {}
        spanning = {name for kind, name, _, spans in slots if spans and kind == "weight"}
        for kind, name, axis, spans in slots:
            place = axis + (kind == "input")
            turned[kind][name] = _along(turned[kind][name], (place,), basis)
            if kind == "weight":
                axes[name] = (*axes.get(name, ()), axis)
                spanning -= set() if spans else {name}
        still = {
            name: None
            if name in spanning
            else problem.weights[name] - _along(turned["weight"][name], axes[name], basis.T)
            for name in axes
        }
        before, after = basis.shape
        yield (
            Basis(symbol, before, after, basis, axes, still),
            dataclasses.replace(
                problem,
                weights=turned["weight"],
                inputs=turned["input"],
                frozen=turned["frozen"],
                sizes={**problem.sizes, symbol: after},
            ),
        )


def _basis(vectors: list[Floats], size: int) -> Floats | None:
    """Orthonormal, of what vectors span, shape (size, fewer); None where it is not fewer."""
    if sum(array.size for array in vectors) > LARGEST:
        return None
    rows = np.concatenate([np.empty((0, size)), *(array.reshape(-1, size) for array in vectors)])
    rows = rows[np.any(rows != 0, axis=1)]
    if len(rows) >= size:
        rows = np.unique(rows, axis=0)
    if len(rows) >= size:
        used = np.flatnonzero(np.any(rows != 0, axis=0))
        return np.eye(size)[:, used] if used.size < size else None
    if not len(rows):
        return np.eye(size)[:, :1] if size > 1 else None
    units = rows / np.abs(rows).max(
        axis=1, keepdims=True
    )  # their squares neither over- nor underflow
    return np.asarray(np.linalg.qr(units.T)[0])


def _along(array: Floats, axes: tuple[int, ...], matrix: Floats) -> Floats:
    """Times a matrix from the right, along axes."""
    for axis in axes:
        array = np.moveaxis(np.moveaxis(array, axis, -1) @ matrix, -1, axis)
    return np.ascontiguousarray(array)
