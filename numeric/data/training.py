"""What is trained: network, initial weights, data, loss and rates, as people hold them.

    problem = read(u0, W0, x, y, network="tanh", loss="logistic", gamma=1.0)

Everything is checked once, here; how a method solves it is not decided.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric import catalogue
from numeric.catalogue import Network
from numeric.data import line, shapes
from numeric.data.arrays import Floats, finite, unwrapped
from numeric.data.weights import take
from numeric.errors import InputError
from numeric.pickling import NamesModules

REDUCTIONS = ("mean", "sum")


class Training:
    """What all that is trained has, whatever holds its numbers."""

    targets: Any
    loss: ModuleType
    reduction: str

    @property
    def points(self) -> float:
        """By what the mean over the data is multiplied."""
        return float(len(self.targets)) if self.reduction == "sum" else 1.0

    @property
    def is_square(self) -> bool:
        """Whether the loss is a multiple c (f − y)² of the square, c = `loss.FACTOR`."""
        return self.loss.FACTOR is not None

    @property
    def loss_name(self) -> str:
        """The name of the loss."""
        return self.loss.__name__.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class TrainingProblem(Training, NamesModules):
    """Gradient flow dθ/dt = −η_θ ∂L/∂θ of one network on its data.

    Attributes:
        network: evaluators of the network.
        u0, W0: initial weights, shapes (d,), (d, d0).
        data: inputs and targets.
        loss: module of the loss ℓ.
        reduction: L is the "mean" or the "sum" of ℓ over the data.
        gamma, eta_u, eta_w: output scale and learning rates, in the precision that they came in.
        line_tolerance: how far off one line data may be that are taken to lie on it.
        sums: of the weights, where they were made on the way (`numeric.compiled.columns`).
    """

    network: Network
    u0: Floats
    W0: Floats
    data: shapes.Data
    loss: ModuleType
    reduction: str
    gamma: Any
    eta_u: Any
    eta_w: Any
    line_tolerance: float
    sums: Floats | None = None

    @classmethod
    def made(cls, **fields: Any) -> TrainingProblem:
        """A problem of all its fields: a frozen class sets them one by one, which takes longer."""
        problem = cls.__new__(cls)
        problem.__dict__.update(fields)
        return problem

    @property
    def rates(self) -> tuple[float, float, float]:
        """γ, η_u and η_w in float64."""
        return float(self.gamma), float(self.eta_u), float(self.eta_w)

    @property
    def targets(self) -> Floats:
        """Targets of the data, shape (n,)."""
        return self.data.targets


def read(
    u0: ArrayLike,
    W0: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    *,
    network: str | Network = "linear",
    loss: str | ModuleType = "square",
    reduction: str = "mean",
    gamma: float = 1.0,
    eta_u: float = 1.0,
    eta_w: float = 1.0,
    line_tolerance: float = line.LINE_TOLERANCE,
    copy: bool = True,
) -> TrainingProblem:
    """What `numeric.GradientFlow` is given, checked.

    Raises:
        InputError: on shapes that disagree, values that are not finite, rates that are not positive,
            names that do not exist and targets that the loss has no meaning for.
    """
    evaluators = catalogue.load(network) if isinstance(network, str) else network
    weights = take(u0, W0, copy)
    gamma, eta_u, eta_w = _number("gamma", gamma), _rate("eta_u", eta_u), _rate("eta_w", eta_w)
    if reduction not in REDUCTIONS:
        raise InputError("reduction", repr(reduction), "'mean' or 'sum'")
    module = catalogue.load_loss(loss) if isinstance(loss, str) else loss
    data = shapes.data(x, y, weights.W.shape[1])
    shapes.require_targets(data.targets, module)
    return TrainingProblem.made(
        network=evaluators,
        u0=weights.u,
        W0=weights.W,
        data=data,
        loss=module,
        reduction=reduction,
        gamma=gamma,
        eta_u=eta_u,
        eta_w=eta_w,
        line_tolerance=line_tolerance,
        sums=weights.sums,
    )


def _rate(name: str, value: Any) -> Any:
    rate = _number(name, value)
    if not rate > 0:
        raise InputError(name, value, "a positive learning rate")
    return rate


def _number(name: str, value: Any) -> Any:
    """A finite number of numpy, in the precision that it came in; a whole number as float64."""
    if type(value) is float and math.isfinite(value):
        return np.float64(value)
    nearest, number = finite(name, value, 0), unwrapped(value)
    return number if np.asarray(number).dtype.kind == "f" else np.float64(nearest)
