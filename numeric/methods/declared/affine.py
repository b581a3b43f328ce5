"""The class "linear": where the output is affine in the weights, and the loss is a square.

A module says by `AFFINE` that the change of its output along directions of the weights does not depend on
them; that is read off its graph, at all sizes. Then, for any data, with φ = θ/√η and one row for each
entry of an output at a point,

    f − y = r₀ + J (φ − φ(0)),    dφ/dt = −k Jᵀ (f − y),    J = U S Vᵀ,

    φ(t) = φ(0) − V (1 − exp(−k S² t))/S Uᵀ r₀,    f − y = U exp(−k S² t) Uᵀ r₀ + (1 − U Uᵀ) r₀,

the matrix exponential on the exact spectrum: no power of a matrix, no step, no time too late.
"""

from __future__ import annotations

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.declared.closed import SQUARES
from numeric.methods.declared.form import Form
from numeric.methods.declared.losses import Entrywise
from numeric.methods.declared.problem import DeclaredProblem

MOST = 1 << 22  # entries of J


class Affine(Form):
    """A flow by the singular values of its Jacobian.

    Accuracy: 1e-13 of the largest weight times the condition of J at most, at any time; residuals of data
    that can all be fitted to 1e-12 of the largest times it, relative to what is left. Singular values
    below a rounding of the largest are taken for 0: along these nothing moves.

    Args:
        problem: what is trained; nothing is computed where `lacks` says something.

    Attributes:
        lacks: what the problem lacks for it; empty where it lacks nothing.
    """

    kind, gives_weights = "linear", True

    def __init__(self, problem: DeclaredProblem) -> None:
        self._problem = problem
        self.lacks = self._lacking()
        if not self.lacks:
            self._solve()

    def _lacking(self) -> str:
        problem = self._problem
        if not getattr(problem.module, "AFFINE", False):
            return "the output is not affine in the weights"
        if _name(problem) not in SQUARES:
            return "the loss is no square"
        count = sum(array.size for array in problem.weights.values())
        if count * problem.targets.size > MOST:
            return f"{count} weights and {problem.targets.size} outputs are too many for a Jacobian"
        return ""

    def _solve(self) -> None:
        problem = self._problem
        assert isinstance(problem.loss, Entrywise)
        weight = 1 / problem.points if problem.reduction == "mean" else 1.0
        self._pace = weight * float(problem.loss.module.slope(1.0, 0.0))
        first = problem.module.output(problem.weights, problem.inputs, **problem.given)
        self._first = (np.broadcast_to(first, problem.targets.shape) - problem.targets).ravel()
        U, self._sizes, V = np.linalg.svd(self._jacobian(), full_matrices=False)
        least = np.finfo(float).eps * max(len(U), V.shape[1]) * self._sizes.max(initial=0.0)
        kept = self._sizes > least
        self._U, self._sizes, self._V = U[:, kept], self._sizes[kept], V[kept]
        self._along = self._U.T @ self._first
        fits = len(self._sizes) == len(self._first)
        self._rest = 0.0 if fits else self._first - self._U @ self._along

    def _jacobian(self) -> Floats:
        """By weights over the roots of their rates, shape (outputs, weights)."""
        problem, columns = self._problem, []
        still = {z: np.zeros_like(array) for z, array in problem.weights.items()}
        for name, array in problem.weights.items():
            root = np.sqrt(problem.rates[problem.module.RATES[name]])
            for place in np.ndindex(array.shape):
                way = np.zeros_like(array)
                way[place] = root
                moved = problem.module.change(
                    problem.weights, problem.inputs, {**still, name: way}, **problem.given
                )
                columns.append(np.broadcast_to(moved, problem.targets.shape).ravel())
        return np.stack(columns, axis=1)

    def _exponents(self, t: float) -> Floats:
        """K S² t."""
        return self._pace * (self._sizes * np.sqrt(t)) ** 2

    def weights(self, t: float) -> dict[str, Floats]:
        """All weights."""
        shares = -np.expm1(-self._exponents(t)) / self._sizes
        moved, place = -self._V.T @ (shares * self._along), 0
        found = {}
        for name, array in self._problem.weights.items():
            root = np.sqrt(self._problem.rates[self._problem.module.RATES[name]])
            part = moved[place : place + array.size].reshape(array.shape)
            found[name], place = array + root * part, place + array.size
        return found

    def residual(self, t: float) -> Floats:
        """Outputs less targets."""
        left = self._U @ (np.exp(-self._exponents(t)) * self._along) + self._rest
        return np.asarray(left).reshape(self._problem.targets.shape)

    def loss(self, t: float) -> float:
        """The loss by its reduction."""
        problem, left = self._problem, self.residual(t)
        total = float(problem.loss.value(left, np.zeros_like(left)).sum())
        return total / problem.points if problem.reduction == "mean" else total


def _name(problem: DeclaredProblem) -> str:
    """Of the loss; empty where it is none of a number."""
    loss = problem.loss
    return loss.module.__name__.rpartition(".")[2] if isinstance(loss, Entrywise) else ""
