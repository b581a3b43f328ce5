"""A problem as a Riccati flow: where the network has a linear lift, on white data, from a balanced start.

The module of the lift (`symbolic.codegen.lifts`) says how layers are rows of Q, by which products of
blocks f = f₀ + P x, P = Σ c_ij Q_i Q_jᵀ, and for which flow of Q. Inputs of second moments m 1, and a
start on a leaf Qᵀ J Q = λ 1, both within roundings, are what it asks for. QQᵀ has outputs, norms of
layers and the tangent kernel; weights, too, where there is one hidden unit: of more it does not say how
they are turned.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np

from numeric import catalogue
from numeric.data.arrays import Floats
from numeric.errors import InputError
from numeric.methods.declared.closed import ROUNDING, SQUARES
from numeric.methods.declared.form import Form, LackingError
from numeric.methods.declared.losses import Entrywise
from numeric.methods.declared.problem import Arrays, DeclaredProblem
from numeric.methods.lifted.adapter import lifted_flow
from numeric.methods.riccati.constants import BITS
from numeric.methods.riccati.spectrum import number

MOST_ROWS = 16  # of Q, beyond which the constants in many bits take longer than steps


class Lifted(Form):
    """A Riccati flow.

    Args:
        problem: what is trained.
        most_rows: of Q; more are left to other methods.

    Raises:
        LackingError: where it is no such flow, with what is lacking.
    """

    method = "riccati"
    kind, how = "matrix Riccati flow", "QQᵀ by the linear flow behind it, in closed form"

    def __init__(self, problem: DeclaredProblem, most_rows: float = math.inf) -> None:
        lift = lift_of(problem)
        self._problem = problem
        self._rows: dict[str, Floats] = {
            layer: _rows_of(problem.weights[layer], axes) for layer, axes, _ in lift.ROWS
        }
        count = sum(map(len, self._rows.values()))
        if count > most_rows:
            raise LackingError(
                f"{count} rows of Q take long: it answers if it is asked for by name"
            )
        (self._input,) = problem.inputs
        self._read()
        ends = np.cumsum([0, *(len(rows) for rows in self._rows.values())])
        self._places = [slice(int(a), int(b)) for a, b in pairwise(ends)]
        self._product: Mapping[tuple[int, int], Any] = lift.PRODUCT
        self._rates = np.concatenate([
            np.full(len(rows), problem.rates[rate])
            for rows, (_, _, rate) in zip(self._rows.values(), lift.ROWS, strict=True)
        ])  # fmt: skip
        try:
            self.flow = lifted_flow(
                lift,
                {name: _exact(rows) for name, rows in self._rows.items()},
                {name: Fraction(rate) for name, rate in problem.rates.items()},
                Fraction(self._moment),
                _exact(self._target),
                list(self._rows),
            )
        except InputError as refused:
            raise LackingError(f"its start is not balanced: {refused}") from None
        self.gives_weights = all(rows.shape[1] == 1 for rows in self._rows.values())
        if self.gives_weights:
            self.how = self.how.replace("QQᵀ", "all weights")

    def _read(self) -> None:
        """Read m and B of L = m/2 ‖(P − B) x‖² over white x, and how far targets are off B x."""
        problem = self._problem
        loss = problem.loss.module if isinstance(problem.loss, Entrywise) else None
        if loss is None or loss.__name__.rpartition(".")[2] not in SQUARES:
            raise LackingError("the loss is no square")
        self._weight = 1 / problem.points if problem.reduction == "mean" else 1.0
        self._pace = float(loss.slope(1.0, 0.0)) * self._weight
        x = self._vectors(problem.inputs)
        self._left = _flat(problem.targets, problem.points) - self._still(problem.inputs)
        moments = self._pace * x.T @ x
        self._moment = float(np.trace(moments)) / len(moments)
        if not self._moment or (
            np.abs(moments - self._moment * np.eye(len(moments))).max() > ROUNDING * self._moment
        ):
            raise LackingError("its inputs are not white: second moments are no multiple of 1")
        self._target = self._pace * self._left.T @ x / self._moment
        off = x @ self._target.T - self._left
        size = np.abs(self._left).max()
        self._missed = off if np.abs(off).max() > ROUNDING * size else np.zeros_like(off)

    def _vectors(self, inputs: Arrays) -> Floats:
        """A row a point."""
        array = inputs[self._input]
        return array.reshape(len(array), -1)

    def _still(self, inputs: Arrays) -> Floats:
        """f₀: what is not trained."""
        problem = self._problem
        zero = {z: np.zeros_like(array) for z, array in problem.weights.items()}
        found = problem.module.output(zero, inputs, **problem.given)
        return _flat(found, len(self._vectors(inputs)))

    @cached_property
    def _beyond(self) -> Floats:
        """What the limit of P is off B, 0 where that is but a rounding; computed in many bits."""
        at = self.flow.exactly(Fraction(0), BITS)
        square, aims = at.limit(), _exact(self._target)
        off = [[sum((number(c, at.context) * square[i][j] for i, j, c in self._entries(a, b)),
                    -number(z, at.context)) for b, z in enumerate(row)]
               for a, row in enumerate(aims)]  # fmt: skip
        size = np.abs(self._target).max() * 2.0 ** (-BITS // 4)
        return np.array([[float(z) if abs(z) > size else 0.0 for z in row] for row in off])

    def _entries(self, row: int, column: int) -> list[tuple[int, int, Fraction]]:
        """Places in QQᵀ that an entry of P is the sum of, and by what they are multiplied."""
        return [(self._places[i].start + row, self._places[j].start + column, Fraction(c))
                for (i, j), c in self._product.items()]  # fmt: skip

    def _square(self, t: float) -> Floats:
        return self.flow.limit() if np.isinf(t) else np.asarray(self.flow.square(t))

    def _map(self, square: Floats) -> Floats:
        """Σ c_ij of blocks: P of QQᵀ."""
        blocks = [
            float(c) * square[self._places[i], self._places[j]]
            for (i, j), c in self._product.items()
        ]
        return np.sum(blocks, axis=0)

    def weights(self, t: float) -> dict[str, Floats]:
        """Of one hidden unit."""
        state = self.flow.limit_state() if np.isinf(t) else self.flow.state(t)
        return {
            name: np.array(state[place]).reshape(self._problem.weights[name].shape)
            for name, place in zip(self._rows, self._places, strict=True)
        }

    def output(self, t: float, inputs: Arrays) -> Floats:
        """At any inputs; shape (points, …)."""
        x = self._vectors(inputs)
        found = self._still(inputs) + x @ self._map(self._square(t)).T
        return found.reshape(len(x), *self._problem.targets.shape[1:])

    def at_points(self, t: float) -> Floats:
        """At the points of the problem."""
        return self.output(t, self._problem.inputs)

    def residual(self, t: float) -> Floats:
        """Outputs less targets, right relative to their size however small, where targets are reached."""
        rest = np.zeros_like(self._square(0.0)) if np.isinf(t) else self.flow.remaining(t)
        left = self._map(rest) + self._beyond
        found = self._vectors(self._problem.inputs) @ left.T + self._missed
        return found.reshape(self._problem.targets.shape)

    def loss(self, t: float) -> float:
        """From the residual."""
        return self._pace / 2 * float(np.sum(self.residual(t) ** 2))

    def norm(self, name: str, t: float) -> float | None:
        """Of a layer: from the diagonal of QQᵀ, where weights are not known better."""
        if self.gives_weights:
            return None
        place = self._places[list(self._rows).index(name)]
        return float(np.sqrt(np.trace(self._square(t)[place, place])))

    def kernel(self, signal: Floats, t: float) -> Floats:
        """The tangent kernel times a signal at all points.

        With G = Σ s xᵀ the weights move by A Q, A_ij = η_i (c_ij G + c_ji Gᵀ), and the outputs by that.
        """
        x = self._vectors(self._problem.inputs)
        G = _flat(signal, len(x)).T @ x
        square = self._square(t)
        A = np.zeros_like(square)
        for (i, j), c in self._product.items():
            A[self._places[i], self._places[j]] += float(c) * G
            A[self._places[j], self._places[i]] += float(c) * G.T
        moved = self._rates[:, None] * (A @ square)
        return (x @ self._map(moved + moved.T).T).reshape(self._problem.targets.shape)


def lift_of(problem: DeclaredProblem) -> ModuleType:
    """The lift of a network: what its module has, or the generated one where the module is generated.

    Raises:
        LackingError: where there is none.
    """
    module = problem.module
    own = getattr(module, "LIFT", None)
    if own is None and module.__name__ == f"numeric.generated.declared.{module.NAME}":
        try:
            own = catalogue.load_lift(module.NAME)
        except InputError:
            own = None
    if own is None:
        raise LackingError("no linear lift was found for it at all sizes")
    return own


def _rows_of(array: Floats, axes: str) -> Floats:
    """A layer with its hidden units as columns."""
    if axes == "hr":
        return array.T
    return array.reshape(len(array) if axes.startswith("r") else 1, -1)


def _flat(array: Any, points: int) -> Floats:
    return np.asarray(array, dtype=float).reshape(points, -1)


def _exact(rows: Floats) -> list[list[Fraction]]:
    return [[Fraction(float(z)) for z in row] for row in rows]
