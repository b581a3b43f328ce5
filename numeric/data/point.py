"""What data amount to for a network whose activation is homogeneous of degree β: one point.

For inputs aₙ m along a line the mean squared error is M (f(m) − y)² + floor with M = mean a^{2β} and
y = mean(a^β target)/M (Xu & Ziyin 2025, Proposition 1, with the strength kept in M). Where σ is
homogeneous for positive factors only, the inputs must be on a ray, aₙ ≥ 0; without homogeneity they
must all be equal, aₙ = 1.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.catalogue import Network
from numeric.data import line
from numeric.data.effective_loss import EffectiveLoss
from numeric.double_double import DoubleDouble
from numeric.errors import InputError

Floats = NDArray[np.float64]
LEAST = float(np.finfo(np.float64).tiny)  # normal number


class DataPoint(NamedTuple):
    """The point and the loss M (f(m) − y)² + floor.

    Attributes:
        vector: m, shape (d0,).
        norm_2: ‖m‖².
        weight: M.
        target: y.
        floor: what no weights can remove.
        deviation: how far the data are from what they are taken to be, as a share of their size.
    """

    vector: Floats
    norm_2: float
    weight: float
    target: float
    floor: float
    deviation: float = 0.0


def of_point(x: Floats, y: float) -> DataPoint:
    """One data point.

    Raises:
        InputError: for an input whose squared length float64 cannot hold.
    """
    return DataPoint(x, _squared(x), 1.0, y, 0.0)


def of_set(
    X: Floats, targets: Floats, network: Network, tolerance: float, roundoff: float = 0.0
) -> DataPoint:
    """A data set: on a line or ray if the network is homogeneous, else N targets of one input.

    Args:
        X: inputs, shape (n, d0).
        targets: shape (n,).
        network: whose activation is homogeneous, or not.
        tolerance: how far off one line the inputs may be, relative to their size (see
            `numeric.data.line.of_set`).
        roundoff: of the type that the inputs came in.

    Raises:
        OffLineError: when the inputs are not on a line or ray, or not equal.
    """
    along = of_inputs(X, network, tolerance, roundoff)
    powers, vector = along.powers, along.vector
    if not network.ray_degree:
        mean = float(np.mean(targets))
        floor = float(np.mean((targets - mean) ** 2))
        return DataPoint(vector, _squared(vector), 1.0, mean, floor, along.deviation)
    n = float(len(targets))
    moment = (powers * powers).sum() / n
    if not moment > 0:
        return DataPoint(X[0], 0.0, 1.0, 0.0, float(np.mean(targets**2)))
    target = (powers * targets).sum() / n / moment
    rest = targets - target * powers
    floor = float((rest * rest).sum() / n) if n > 1 else 0.0
    squared = float(vector @ vector)
    return DataPoint(vector, squared, float(moment), float(target), floor, along.deviation)


class Along(NamedTuple):
    """Inputs that are multiples of one.

    Attributes:
        vector: m.
        powers: the outputs at the inputs in units of the output at m.
        deviation: how far the inputs are from multiples of m, as a share of their size.
    """

    vector: Floats
    powers: DoubleDouble
    deviation: float


def of_inputs(X: Floats, network: Network, tolerance: float, roundoff: float = 0.0) -> Along:
    """Inputs on a line or ray, or equal ones, as multiples of one.

    Raises:
        OffLineError: when they are not on a line or ray, or not equal.
    """
    if not network.ray_degree:
        deviation, size = float(np.abs(X - X[0]).max()), float(np.abs(X).max())
        equal = np.broadcast_to(X[0], X.shape)
        if deviation > tolerance * size and not line.is_rounding(X, equal, tolerance, roundoff):
            raise line.OffLineError(
                "X",
                f"rows that differ by {deviation:.3g}",
                f"equal rows: the activation {network.name} is not homogeneous; "
                f"{line.remedy(deviation / size)} as the first",
            )
        off = deviation / size if size > 0 else 0.0
        return Along(X[0], DoubleDouble(np.ones(len(X))), off)
    found = line.of_set(X, np.zeros(len(X)), tolerance, roundoff=roundoff)
    direction, deviation = found.direction, found.deviation
    along = (DoubleDouble(X) * found.precise_direction).sum(axis=-1)
    if not network.degree and np.all(along.hi <= 0):
        direction, along = -direction, -along
    if not network.degree and np.any(along.hi < 0):
        raise line.OffLineError(
            "X",
            "rows on both sides of the origin",
            f"rows on one ray: the activation {network.name} is homogeneous for positive factors only",
        )
    return Along(direction, _power(along, network.ray_degree), deviation)


def of_loss(
    X: Floats,
    targets: Floats,
    network: Network,
    module: ModuleType,
    tolerance: float,
    roundoff: float = 0.0,
) -> tuple[DataPoint, EffectiveLoss]:
    """A data set, or one point, under any loss: m, and the loss as one of the output at m.

    The target of the point is the minimum of the loss, which is found from the start.
    """
    one = Along(X[0], DoubleDouble(np.ones(1)), 0.0)
    along = one if len(X) == 1 else of_inputs(X, network, tolerance, roundoff)
    weights = np.full(len(targets), 1 / len(targets))
    scales = np.asarray(along.powers.hi)
    loss = EffectiveLoss(module, scales, np.asarray(targets, dtype=np.float64), weights)
    vector = along.vector
    return DataPoint(vector, _squared(vector), 1.0, math.nan, 0.0, along.deviation), loss


def _power(base: DoubleDouble, exponent: int) -> DoubleDouble:
    """A positive power."""
    power = base
    for digit in f"{exponent:b}"[1:]:
        power = power * power * base if digit == "1" else power * power
    return power


def _squared(x: Floats) -> float:
    """‖x‖², which float64 shall hold."""
    if x.size == 1:
        squared = x.item() * x.item()  # of Python, which warns of nothing
    else:
        with np.errstate(over="ignore", under="ignore"):
            squared = float(x @ x)
    if not math.isfinite(squared) or (squared < LEAST and x.any()):
        found = f"a squared length of {squared:g}"
        raise InputError("x", found, "inputs from about 1e-150 to 1e150, or 0")
    return squared
