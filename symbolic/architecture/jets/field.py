"""A network's field at an input and signals that are drawn, at jets of weights."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from symbolic.architecture.jets.drawn import Values
from symbolic.architecture.jets.operations import Operations, reshaped
from symbolic.architecture.jets.prime import P, Whole, whole
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.sizes import Shape
from symbolic.architecture.walk import in_order


class Field(Operations):
    """(rates) ∘ ∇_θ Σ_k r_k f_k(θ; x) at an input and signals that are drawn.

    Args:
        model, sizes: the network.
        values: of functions.
        seed: of the input and the signals; listed points are taken in order, again and again.
        rates: whole numbers by name; all are 1 if there are none.

    Attributes:
        inputs: by name.
        signals: of the shape of the output.
        roots: how many were taken, of the last evaluation.
    """

    def __init__(
        self,
        model: Model,
        sizes: Sizes,
        values: Values,
        seed: int,
        rates: Mapping[str, int] | None = None,
    ) -> None:
        self._graph, self._sizes, self._values, self._seed = model.graph, sizes, values, seed
        self._order = list(in_order(model.graph.output))
        self._shapes = {id(t): tuple(s.at(sizes) for s in t.shape) for t in self._order}
        self._weights = {name: self._at(layer.shape) for name, layer in model.layers.items()}
        self._model, self._rates = model, rates
        self._fixed = values.fixed(model, sizes)
        self._gates = self._open()
        self.roots = 0
        self._asked: tuple[object, object] = (None, None)
        self._known: Whole | None = None
        generator = np.random.default_rng([values.seed, seed])
        self.inputs = self._drawn_inputs(generator)
        shape = self._shapes[id(model.graph.output)]
        signals = generator.integers(1, P, shape)
        if model.loss == "softmax":  # differences in each row: its signals add up to 0
            signals = np.atleast_1d(np.asarray(signals))
            signals[..., -1] = (signals[..., -1] - signals.sum(-1)) % P
            signals = signals.reshape(shape)
        self.signals = np.asarray(signals, np.int64)

    def _open(self) -> dict[int, Whole]:
        """By node, the gates that are open at some real data."""
        nodes = [t for t in self._order if t.operation == "apply" and t.detail == "relu"]
        if not nodes:
            return {}
        found = self._values.gates(self._model, self._sizes, self._seed)
        return {
            id(node): np.array(gates, np.int64).reshape(self._shapes[id(node)])
            for node, gates in zip(nodes, found, strict=True)
        }

    def _at(self, shape: Shape) -> tuple[int, ...]:
        return tuple(size.at(self._sizes) for size in shape)

    def _drawn_inputs(self, generator: np.random.Generator) -> dict[str, Whole]:
        shapes = {name: self._at(shape) for name, shape in self._graph.inputs.items()}
        if self._model.data == "points":
            point = self._model.points[self._seed % len(self._model.points)]
            return {
                n: np.array([whole(v) for v in np.ravel(point[n])], np.int64).reshape(s)
                for n, s in shapes.items()
            }
        if self._model.data == "line":
            return {
                n: reshaped(self._fixed.directions[n], s) * int(generator.integers(1, P)) % P
                for n, s in shapes.items()
            }
        return {n: generator.integers(1, P, s) for n, s in shapes.items()}

    @property
    def is_gated(self) -> bool:
        """Whether there are gates, which may close all paths."""
        return any(t.operation == "apply" and t.detail == "relu" for t in self._order)

    @property
    def is_partial(self) -> bool:
        """Whether there are roots or inverses, which some points do not have."""
        return any(
            (t.operation == "apply" and t.detail == "sqrt")
            or (t.operation == "power" and t.detail < 0)
            for t in self._order
        )

    def moved(self, generator: np.random.Generator) -> dict[str, Whole]:
        """Its inputs, one entry drawn anew; on a line, one scale; listed points stay."""
        inputs = {name: array.copy() for name, array in self.inputs.items()}
        name = list(inputs)[int(generator.integers(len(inputs)))] if inputs else ""
        new = int(generator.integers(1, P))
        if self._model.data == "line" and inputs:
            inputs[name] = inputs[name] * new % P
        elif self._model.data != "points" and inputs:
            inputs[name].flat[int(generator.integers(inputs[name].size))] = new
        return inputs

    def __call__(self, theta: Whole) -> Whole:
        """The field at a jet of weights, shapes (2^k, D); of a point it is kept."""
        asked = theta, self.inputs
        if self._known is None or any(a is not b for a, b in zip(asked, self._asked, strict=True)):
            self._asked, self._known = asked, None
            found = self._computed(theta)
            self._known = found if len(theta) == 1 else None
            return found
        return self._known

    def _computed(self, theta: Whole) -> Whole:
        values, self.roots = dict[int, Whole](), 0
        self._leaves = self._split(theta)
        self._slopes = dict[int, Whole]()
        for tensor in self._order:
            of = [values[id(part)] for part in tensor.of]
            values[id(tensor)] = getattr(self, f"_{tensor.operation}")(tensor, *of)
        root = self._order[-1]
        slopes = {id(root): self._jet(self.signals, len(theta))}
        for tensor in reversed(self._order):
            if id(tensor) in slopes and tensor.of:
                of = [values[id(part)] for part in tensor.of]
                back = getattr(self, f"_{tensor.operation}_back")(tensor, slopes[id(tensor)], *of)
                for part, slope in zip(tensor.of, back, strict=True):
                    known = slopes.get(id(part))
                    slopes[id(part)] = slope if known is None else (known + slope) % P
        return self._joined(slopes, theta)

    def _split(self, theta: Whole) -> dict[str, Whole]:
        place, found = 0, {}
        for name, shape in self._weights.items():
            size = prod(shape)
            found[name] = theta[:, place : place + size].reshape(len(theta), *shape)
            place += size
        return found

    def _joined(self, slopes: Mapping[int, Whole], theta: Whole) -> Whole:
        nodes = {
            t.detail[1]: t for t in self._order if t.operation == "leaf" and t.detail[0] == "weight"
        }
        parts = []
        for name, shape in self._weights.items():
            slope = slopes.get(id(nodes[name])) if name in nodes else None
            if slope is None:
                slope = np.zeros((len(theta), *shape), np.int64)
            if self._rates is not None:
                slope = slope * (self._rates[self._model.layers[name].rate] % P) % P
            parts.append(slope.reshape(len(theta), -1))
        return np.concatenate(parts, axis=1)
