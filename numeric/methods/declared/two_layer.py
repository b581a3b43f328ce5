"""A declared flow as that of a two-layer network, where the module says that it is one.

A module lists in `NEURONS` at which sizes its network is γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ ξⱼ), σ of a network by name and
ξⱼ entries of the inputs or 1, and which weights u and w are; that was proved when it was generated
(`symbolic.codegen.declared.two_layer`). Where data are on a line for it (`numeric.data.point`), flows of
that network are formulas, or need one integral: `numeric.methods.explicit`, `numeric.methods.warp`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from numeric.data import line, training
from numeric.data.arrays import Floats
from numeric.data.training import TrainingProblem
from numeric.errors import InputError
from numeric.methods.declared.form import Form
from numeric.methods.declared.losses import Entrywise
from numeric.methods.declared.problem import Arrays, DeclaredProblem
from numeric.methods.explicit.floats import ExplicitFlow
from numeric.methods.warp.floats import WarpedFlow

KINDS = (ExplicitFlow, WarpedFlow)


class TwoLayer(Form):
    """A flow in the weights of a declaration.

    Accuracy: that of `flow`.

    Args:
        reading: of the problem.
        flow: of the two-layer network.

    Attributes:
        flow: the same.
    """

    gives_weights = True

    def __init__(self, reading: Reading, flow: ExplicitFlow | WarpedFlow) -> None:
        self._reading, self.flow = reading, flow
        self.method = flow.method
        self.kind = f"neurons of one activation, the two-layer network {flow.network.name!r}"
        self.how = "a closed form" if self.method == "explicit" else "the time is one integral"

    def weights(self, t: float) -> dict[str, Floats]:
        """All weights."""
        return self._reading.declared(self.flow.u(t), self.flow.W(t))

    def at_points(self, t: float) -> Floats | None:
        """Of one point: where they pass 0, too."""
        return self._of_a_point(self.flow.output, t)

    def residual(self, t: float) -> Floats | None:
        """Of one point, under a square: to full relative accuracy."""
        return self._of_a_point(self.flow.residual, t) if self.flow.problem.is_square else None

    def _of_a_point(self, observable: Callable[[float], Floats], t: float) -> Floats | None:
        if len(self.flow.problem.data.X) > 1:
            return None  # the flow's own are of an effective point
        return np.reshape(observable(t), (1, *self._reading.output))

    def loss(self, t: float) -> float:
        """The loss by its reduction."""
        return float(self.flow.loss(t))

    @property
    def limit_kind(self) -> str:
        """Where it ends."""
        return self.flow.limit_kind


class Reading:
    """A problem read as that of a two-layer network.

    Args:
        problem: what is trained.
        entry: of the module's `NEURONS`.

    Attributes:
        output: the shape of an output.
        lacks: what the problem lacks for it; empty where it lacks nothing.
    """

    def __init__(self, problem: DeclaredProblem, entry: tuple[Any, ...]) -> None:
        self._problem = problem
        self._network, self._scale, sizes, self._rates, self._outer, self._seen = entry
        self.output = problem.targets.shape[1:]
        self.lacks = ""
        if any(problem.sizes[symbol] != value for symbol, value in sizes.items()):
            self.lacks = f"its sizes are not {', '.join(f'{z} = {n}' for z, n in sizes.items())}"
        elif not isinstance(problem.loss, Entrywise):
            self.lacks = "the loss is not of one output"

    def training(self) -> TrainingProblem:
        """The problem of the two-layer network."""
        problem, (outer, inner) = self._problem, self._rates
        assert isinstance(problem.loss, Entrywise)
        u = problem.weights[self._outer].reshape(-1)
        rows = [self._rows(layer, axis) for layer, axis, *_ in self._seen]
        return training.read(
            u,
            np.concatenate(rows, axis=1),
            self.inputs(problem.inputs),
            problem.targets.reshape(-1),
            network=self._network,
            loss=problem.loss.module,
            reduction=problem.reduction,
            gamma=self._scale,
            eta_u=problem.rates[outer],
            eta_w=problem.rates[inner],
        )

    def _rows(self, layer: str, axis: int | None) -> Floats:
        """A layer with a row for each neuron."""
        array = self._problem.weights[layer]
        if axis is None:
            return array.reshape(1, -1)
        return np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1)

    def inputs(self, inputs: Arrays) -> Floats:
        """ξ at each point."""
        points = len(next(iter(inputs.values())))
        columns = []
        for layer, axis, name, factor in self._seen:
            if name is None:
                columns.append(np.full((points, self._rows(layer, axis).shape[1]), factor))
            else:
                columns.append(factor * inputs[name].reshape(points, -1))
        return np.concatenate(columns, axis=1)

    def declared(self, u: Floats, W: Floats) -> dict[str, Floats]:
        """Weights of the two-layer network as those of the declaration."""
        weights, place = self._problem.weights, 0
        found = {self._outer: u.reshape(weights[self._outer].shape)}
        for layer, axis, *_ in self._seen:
            shape, width = weights[layer].shape, weights[layer].size // len(W)
            rows = W[:, place : place + width]
            place += width
            if axis is None:
                found[layer] = rows.reshape(shape)
            else:
                others = (*shape[:axis], *shape[axis + 1 :])
                found[layer] = np.moveaxis(rows.reshape(len(W), *others), 0, axis)
        return {name: np.array(found[name]) for name in weights}


def two_layer(problem: DeclaredProblem, method: str | None) -> tuple[TwoLayer | None, str]:
    """The flow of a problem as one of a two-layer network, and if there is none, why.

    Args:
        problem: what is trained.
        method: "explicit" or "warp", if it shall not be chosen.
    """
    readings = [Reading(problem, entry) for entry in getattr(problem.module, "NEURONS", ())]
    if not readings:
        return None, "it is not proved to be neurons of one activation"
    reading = next((one for one in readings if not one.lacks), None)
    if reading is None:
        return None, readings[0].lacks
    given, reasons = reading.training(), []
    for kind in KINDS:
        if method not in (None, kind.method):
            continue
        lacks = kind.lacks(given)
        if lacks is None:
            try:
                return TwoLayer(reading, kind(given)), ""
            except line.OffLineError as error:
                lacks = str(error.found)
            except InputError as error:
                lacks = str(error)
        reasons.append(f"not {kind.method}: {lacks}")
    return None, "; ".join(reasons)
