"""Gradient flow of layered networks from raw weights alone, by Taylor series in mpmath, to any precision.

W_l′ = −η_l ∂L/∂W_l with L = ½ Σ_n ‖f(x_n) − y_n‖² and f(x) = W_L C_{L−1} W_{L−1} … C_1 W_1 x, where
C_l(x) holds the slope of every hidden unit at every input: all 1 in a linear network, 0 or 1 between
two events of ReLU. One neuron with many inputs, two-layer matrices, chains and deep networks are shapes
of it. It knows no law and no closed form: coefficients of the series follow from products of series.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mpmath import mp, mpf

Rows = list[list[Any]]  # a matrix, or what is in its place
Slopes = Sequence[Sequence[Sequence[Any]]]  # by hidden layer, unit and input
MARGIN = 12  # digits beyond those asked for


class Layered:
    """A network on data, at weights that change.

    Args:
        layers: W_1, …, W_L, rows by outputs.
        rates: η_1, …, η_L.
        inputs: x_n, by input.
        targets: y_n, by input.
        slopes: C_l by hidden layer, unit and input; all 1 without them.
    """

    def __init__(
        self,
        layers: Sequence[Sequence[Sequence[Any]]],
        rates: Sequence[Any],
        inputs: Sequence[Sequence[Any]],
        targets: Sequence[Sequence[Any]],
        slopes: Slopes | None = None,
    ) -> None:
        self.layers = [[[mp.mpf(z) for z in row] for row in layer] for layer in layers]
        self.rates = [mp.mpf(z) for z in rates]
        self.inputs = _columns([[mp.mpf(z) for z in row] for row in inputs])
        self.targets = _columns([[mp.mpf(z) for z in row] for row in targets])
        count = len(self.inputs[0])
        self.slopes = slopes or [[[1] * count for _ in layer] for layer in self.layers[:-1]]

    def series(self, order: int) -> list[Rows]:
        """Taylor coefficients of every weight at the present point, by layer, row and column."""
        weights = [[[[z] for z in row] for row in layer] for layer in self.layers]
        ahead: list[Rows] = [[[[z] for z in row] for row in self.inputs]]  # C_l h_l, by layer
        ahead += [[[[] for _ in row] for row in layer] for layer in self._shapes()]
        behind: list[Rows] = [[[[] for _ in row] for row in layer] for layer in self._shapes()]
        for k in range(order):
            if k:
                for row in ahead[0]:
                    for entry in row:
                        entry.append(mpf(0))
            self._forward(weights, ahead, k)
            self._backward(weights, ahead, behind, k)
            for l, layer in enumerate(weights):
                factor = -self.rates[l] / (k + 1)
                for i, row in enumerate(layer):
                    for j, entry in enumerate(row):
                        pull = _sum(behind[l][i], ahead[l][j], k)
                        entry.append(factor * pull)
        return weights

    def _shapes(self) -> list[Rows]:
        """Rows and inputs of the values of each layer."""
        return [[[None] * len(self.inputs[0]) for _ in layer] for layer in self.layers]

    def _forward(self, weights: list[Rows], ahead: list[Rows], k: int) -> None:
        """Coefficient k of the values of each layer; of the last one the residual."""
        last = len(weights) - 1
        for l, layer in enumerate(weights):
            for i, row in enumerate(layer):
                for n, entry in enumerate(ahead[l + 1][i]):
                    value = _sum(row, [unit[n] for unit in ahead[l]], k)
                    if l < last:
                        value *= self.slopes[l][i][n]
                    elif k == 0:
                        value -= self.targets[i][n]
                    entry.append(value)

    def _backward(self, weights: list[Rows], ahead: list[Rows], behind: list[Rows], k: int) -> None:
        """Coefficient k of ∂L/∂(W_l h_{l−1}), from the last layer to the first."""
        for l in reversed(range(len(weights))):
            for i, row in enumerate(behind[l]):
                for n, entry in enumerate(row):
                    if l == len(weights) - 1:
                        entry.append(ahead[-1][i][n][k])
                        continue
                    above = [line[i] for line in weights[l + 1]]
                    slope = self.slopes[l][i][n]
                    entry.append(slope * _sum(above, [z[n] for z in behind[l + 1]], k))


def integrate(network: Layered, times: Sequence[Any], digits: int) -> list[list[Rows]]:
    """Weights at increasing times, to about `digits` digits relative to their size.

    The network stays at the last of them. Its numbers are taken as they were rounded when it was made.
    """
    with mp.workdps(digits + MARGIN):
        order, now, found = int(1.2 * mp.dps) + 8, mpf(0), []
        for time in (mp.mpf(z) for z in times):
            while now < time:
                series = network.series(order)
                step = min(radius(series), time - now)
                network.layers = evaluate(series, step)
                now += step
            found.append([[list(row) for row in layer] for layer in network.layers])
        return found


def radius(series: list[Rows]) -> Any:
    """A step at which the last terms are below the working precision."""
    entries = [entry for layer in series for row in layer for entry in row]
    size = max([abs(z[0]) for z in entries] + [mp.eps])
    steps = []
    for k in (len(entries[0]) - 2, len(entries[0]) - 1):
        largest = max(abs(z[k]) for z in entries)
        if largest > 0:
            steps.append((mp.eps * size / largest) ** (mpf(1) / k))
    return min(steps) if steps else mpf(10) ** 9


def evaluate(series: list[Rows], step: Any) -> list[Rows]:
    """Weights a step later."""
    return [[[mp.polyval(z[::-1], step) for z in row] for row in layer] for layer in series]


def _columns(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def _sum(left: list[Any], right: list[Any], k: int) -> Any:
    """Coefficient k of a sum of products of series."""
    return mp.fsum(mp.fdot(a[: k + 1], b[k::-1]) for a, b in zip(left, right, strict=True))
