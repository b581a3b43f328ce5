"""One neuron of Figures 2 to 4: weights from δ and β₀, and its flow in closed form."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numeric.methods.lifted.neuron import SingleNeuron
from numeric.methods.lifted.white import Data, of_set
from verify.papers.kunin.simulated import Floats, Neurons

ONE = Fraction(1)
Vector = Sequence[float]


@dataclass(frozen=True)
class Start:
    """Weights at the start, floats that theory and descent both take as they are.

    Attributes:
        a: second layer.
        w: first layer.
        X: inputs, rows.
        targets: a number a row.
    """

    a: float
    w: tuple[float, ...]
    X: tuple[tuple[float, ...], ...]
    targets: tuple[float, ...]

    def data(self) -> Data:
        """XᵀX and Xᵀy, exactly."""
        rows = [[Fraction(z) for z in row] for row in self.X]
        return of_set(rows, [Fraction(z) for z in self.targets])

    def flow(self) -> SingleNeuron:
        """The flow at rates 1, in closed form."""
        return SingleNeuron(Fraction(self.a), list(map(Fraction, self.w)), ONE, ONE, self.data())


def from_delta(delta: float, beta: Vector, X: Sequence[Vector], targets: Vector) -> Start:
    """The weights with a > 0 of that δ = a² − ‖w‖² and that a w = β, β ≠ 0, rounded.

    κ = √(δ² + 4‖β‖²) is a² + ‖w‖²; the larger layer is taken from a sum, and keeps its digits.
    """
    size = math.hypot(*beta)
    larger = math.sqrt((math.hypot(delta, 2 * size) + abs(delta)) / 2)
    a = larger if delta >= 0 else size / larger
    rows = tuple(tuple(map(float, row)) for row in X)
    return Start(a, tuple(z / a for z in beta), rows, tuple(map(float, targets)))


def together(starts: Sequence[Start]) -> Neurons:
    """For descent, side by side: starts on the same data."""
    return Neurons(
        np.array([z.a for z in starts]), np.array([z.w for z in starts]),
        np.array(starts[0].X), np.array(starts[0].targets),
    )  # fmt: skip


def weights(flow: SingleNeuron, t: Floats) -> Floats:
    """(w, a) of the flow, (times, inputs + 1)."""
    found = flow.observables(t)
    return np.stack([*found["w"], found["a"]], -1)
