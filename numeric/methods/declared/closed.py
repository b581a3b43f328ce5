"""Closed forms of a problem: where the module has one for its sizes, its data and its start.

A closed form is of an instance under a square, where the monomials of the data do not correlate: with
coefficients c_k of the outputs and monomials m_k,

    f = f₀ + Σ_k c_k m_k,    y_k = ⟨m_k (y − f₀)⟩/⟨m_k²⟩,    each c_k in the time t ⟨m_k²⟩ (twice that),

f₀ what is not trained adds. Where the form needs one time for all, all ⟨m_k²⟩ are to be equal; where it
is of the leaf of a law, the law is to be a multiple of 1 at the start. Both within roundings: what is off
by less is answered as if it were not, and so may be off by as much. A start that is as near to where the
flow goes another way (a saddle's own start) is not told from one that is there by a Gram matrix.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.declared.form import Form
from numeric.methods.declared.losses import Entrywise
from numeric.methods.declared.problem import Arrays, DeclaredProblem

SQUARED = 1e-120, 1e120  # between which weights have squares, and those of differences, in float64
ROUNDING = 1e-13  # of moments and laws, that counts as nothing
SQUARES = ("square", "half_square")


class Closed(Form):
    """A closed form.

    Args:
        problem: what is trained.
        name: of the module's function.

    Attributes:
        kind: the class.
        gives_weights: or else outputs alone.
        lacks: what the problem lacks for it; empty where it lacks nothing.
    """

    def __init__(self, problem: DeclaredProblem, name: str) -> None:
        self._problem, self._name = problem, name
        module = problem.module
        self.kind, sizes, gives, leaf, self._potentials = module.SOLUTIONS[name]
        self.gives_weights = gives == "weights"
        self.lacks = self._lacking(sizes, leaf)

    def _lacking(self, sizes: dict[str, int], leaf: str) -> str:
        problem = self._problem
        if any(problem.sizes[symbol] != value for symbol, value in sizes.items()):
            return f"its sizes are not {', '.join(f'{z} = {n}' for z, n in sizes.items())}"
        sizes_of = [np.abs(array[array != 0]) for array in problem.weights.values()]
        if any(np.any((a < SQUARED[0]) | (a > SQUARED[1])) for a in sizes_of):
            return "weights have squares that float64 does not hold"
        loss = problem.loss.module if isinstance(problem.loss, Entrywise) else None
        if loss is None or loss.__name__.rpartition(".")[2] not in SQUARES:
            return "the loss is no square"
        self._read(float(loss.slope(1.0, 0.0)))
        if not self._are_apart:
            return "monomials of the data correlate"
        if not self.gives_weights and np.ptp(self._paces) > ROUNDING * self._paces.max():
            return "monomials of the data have different moments"
        if leaf:
            law = np.asarray(getattr(problem.module, leaf)(problem.weights, problem.rates))
            size = sum(float(np.sum(array**2)) / min(problem.rates.values())
                       for array in problem.weights.values())  # fmt: skip
            if np.abs(law - np.mean(np.diagonal(law)) * np.eye(len(law))).max() > ROUNDING * size:
                return f"its start is not balanced: {leaf} is no multiple of 1"
        return ""

    def _read(self, slope: float) -> None:
        """Moments of the data."""
        problem = self._problem
        zero = {z: np.zeros_like(array) for z, array in problem.weights.items()}
        self._still = _flat(self._output(zero, problem.inputs), problem.points)
        left = _flat(problem.targets, problem.points) - self._still
        m, outputs = self._monomials(problem.inputs), [n for n, _ in self._potentials]
        weight = 1 / problem.points if problem.reduction == "mean" else 1.0
        moments = weight * m.T @ m
        size = np.sqrt(np.diagonal(moments))
        same = np.equal.outer(outputs, outputs) & ~np.eye(len(outputs), dtype=bool)
        self._are_apart = not np.any(same & (np.abs(moments) > ROUNDING * np.outer(size, size)))
        squares = np.diagonal(moments)
        pulls = weight * np.einsum("pk,pk->k", m, left[:, outputs])
        self._targets = np.divide(pulls, squares, out=np.zeros_like(pulls), where=squares > 0)
        self._paces = slope * squares

    def _output(self, weights: Arrays, inputs: Arrays) -> Floats:
        return np.asarray(self._problem.module.output(weights, inputs, **self._problem.given))

    def _monomials(self, inputs: Arrays) -> Floats:
        """Shape (points, coefficients)."""
        points = len(next(iter(inputs.values()), np.zeros(1)))
        flat = np.concatenate(
            [np.ones((points, 0)), *(array.reshape(points, -1) for array in inputs.values())],
            axis=1,
        )
        powers = [np.prod(flat ** np.array(e, dtype=float), axis=1) for _, e in self._potentials]
        return np.stack(powers, axis=1)

    def _at(self, t: float) -> Any:
        times = np.where(self._paces > 0, self._paces * (t if t > 0 else 0.0), 0.0)
        if np.isinf(t):
            times = np.where(self._paces > 0, np.inf, 0.0)
        problem = self._problem
        with np.errstate(all="ignore"):
            return getattr(problem.module, self._name)(
                problem.weights, problem.rates, self._targets, times
            )

    def weights(self, t: float) -> dict[str, Floats]:
        """Of a form that gives them."""
        return {z: np.asarray(array) for z, array in self._at(t).items()}

    def at_points(self, t: float) -> Floats | None:
        """At the points of the problem, of a form that gives outputs."""
        return None if self.gives_weights else self.output(t, self._problem.inputs)

    def output(self, t: float, inputs: Arrays) -> Floats:
        """At any inputs, of a form that gives outputs; shape (points, …)."""
        zero = {z: np.zeros_like(array) for z, array in self._problem.weights.items()}
        found = np.array(self._output(zero, inputs), dtype=float)
        rows = found.reshape(len(found), -1)
        m = self._monomials(inputs)
        for k, (c, (n, _)) in enumerate(zip(self._at(t), self._potentials, strict=True)):
            rows[:, n] += c * m[:, k]
        return rows.reshape(found.shape)


def closed(problem: DeclaredProblem) -> tuple[Closed | None, str]:
    """The closed form of a problem, and if there is none, why."""
    found: list[Closed] = [Closed(problem, name) for name in problem.module.SOLUTIONS]
    for one in found:
        if not one.lacks:
            return one, ""
    near = [one.lacks for one in found if "sizes" not in one.lacks] or [one.lacks for one in found]
    return None, near[0] if near else "none of the solvable classes was found for it"


def _flat(array: Any, points: int) -> Floats:
    return np.asarray(array, dtype=float).reshape(points, -1)
