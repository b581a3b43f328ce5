"""What many networks are trained on, side by side: weights with a leading axis of networks.

    problems = read(u0, W0, x, y, network="tanh", gamma=gammas)
    problems[17]  # the `TrainingProblem` of one

The network, the loss and the reduction are one for all; data and rates are one for all or one each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric import catalogue
from numeric.catalogue import Network
from numeric.data import line, shapes
from numeric.data.arrays import Floats, Integers, finite, roundoff, unwrapped
from numeric.data.training import REDUCTIONS, TrainingProblem
from numeric.errors import InputError
from numeric.pickling import NamesModules


@dataclass(frozen=True, kw_only=True)
class Problems(NamesModules):
    """Gradient flows of networks of one kind; what is common has a leading axis of length 1.

    Attributes:
        network: evaluators of the networks.
        u0, W0: initial weights, shapes (B, d), (B, d, d0); zero where a network has no neuron.
        widths: how many neurons each has, the first ones; shape (B,).
        X, targets: inputs (B or 1, n, d0) and targets (B or 1, n).
        is_set: whether data sets were given, or points.
        roundoff: unit roundoff of the type that the inputs came in.
        loss, reduction: as of one.
        gamma, eta_u, eta_w: shape (B,) or (1,), in the precision that they came in.
        line_tolerance: as of one.
    """

    network: Network
    u0: Floats
    W0: Floats
    widths: Integers
    X: Floats
    targets: Floats
    is_set: bool
    roundoff: float
    loss: ModuleType
    reduction: str
    gamma: Any
    eta_u: Any
    eta_w: Any
    line_tolerance: float

    def __len__(self) -> int:
        return len(self.u0)

    def __getitem__(self, index: int) -> TrainingProblem:
        """What one of them is trained on, without the neurons that it does not have."""
        width = int(self.widths[index])
        X, targets = _of(self.X, index), _of(self.targets, index)
        return TrainingProblem(
            network=self.network,
            u0=self.u0[index, :width],
            W0=self.W0[index, :width],
            data=shapes.Data(X, targets, self.is_set, self.roundoff),
            loss=self.loss,
            reduction=self.reduction,
            gamma=_of(self.gamma, index),
            eta_u=_of(self.eta_u, index),
            eta_w=_of(self.eta_w, index),
            line_tolerance=self.line_tolerance,
        )

    def of(self, places: Any) -> Problems:
        """Some of them: a slice, or an array of places or of truths.

        Raises:
            IndexError: for places that are not there.
        """
        each: dict[str, Any] = {
            name: values if len(values) == 1 < len(self) else np.ascontiguousarray(values[places])
            for name, values in vars(self).items()
            if name in ("u0", "W0", "widths", "X", "targets", "gamma", "eta_u", "eta_w")
        }
        if not len(each["u0"]):
            raise IndexError("no network is left")
        for values in each.values():
            values.setflags(write=False)
        return replace(self, **each)

    @property
    def loss_name(self) -> str:
        """The name of the loss."""
        return self.loss.__name__.rpartition(".")[2]


def _of(values: Any, index: int) -> Any:
    return values[index if len(values) > 1 else 0]


def are_many(W0: Any) -> bool:
    """Whether weights have an axis of networks: a first layer of three dimensions."""
    dimensions = getattr(W0, "ndim", None)
    if dimensions is None:
        try:
            dimensions = np.ndim(W0)
        except Exception:  # no array: what reads it says so
            return False
    return bool(dimensions == 3)


def read(
    u0: ArrayLike,
    W0: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    *,
    widths: ArrayLike | None = None,
    shared: bool | None = None,
    network: str | Network = "linear",
    loss: str | ModuleType = "square",
    reduction: str = "mean",
    gamma: ArrayLike = 1.0,
    eta_u: ArrayLike = 1.0,
    eta_w: ArrayLike = 1.0,
    line_tolerance: float = line.LINE_TOLERANCE,
) -> Problems:
    """What `numeric.GradientFlow` is given for many networks, checked.

    Raises:
        InputError: as for one network, naming the network, and for data that could be meant for all
            networks or for one each.
    """
    first, second = finite("W0", W0, 3), _second_layers(u0)
    if first.shape[:2] != second.shape or not first.size:
        expected = f"({len(second)}, {second.shape[1]}, d0), as u0 has networks and neurons"
        raise InputError("W0", f"shape {first.shape}", expected)
    number = len(second)
    module = catalogue.load_loss(loss) if isinstance(loss, str) else loss
    if reduction not in REDUCTIONS:
        raise InputError("reduction", repr(reduction), "'mean' or 'sum'")
    X, targets, is_set = _data(x, y, number, first.shape[2], shared)
    shapes.require_targets(targets, module)
    first, second, counts = _without_padding(first, second, widths)
    return Problems(
        network=catalogue.load(network) if isinstance(network, str) else network,
        u0=second, W0=first, widths=counts, X=X, targets=targets, is_set=is_set,
        roundoff=roundoff(x), loss=module, reduction=reduction,
        gamma=_rates("gamma", gamma, number),
        eta_u=_rates("eta_u", eta_u, number),
        eta_w=_rates("eta_w", eta_w, number),
        line_tolerance=line_tolerance,
    )  # fmt: skip


def _second_layers(u0: ArrayLike) -> Floats:
    """Second layers of shape (B, d), (B, 1, d) or (B, d, 1) as (B, d)."""
    given = unwrapped(u0)
    if isinstance(given, np.ndarray) and given.ndim == 3 and 1 in given.shape[1:]:
        given = given.reshape(len(given), -1)
    return finite("u0", given, 2)


def _without_padding(
    first: Floats, second: Floats, widths: ArrayLike | None
) -> tuple[Floats, Floats, Integers]:
    """Weights with zeros in place of what is no neuron, and the widths."""
    number, most = second.shape
    if widths is None:
        return first, second, np.full(number, most)
    counts = np.asarray(unwrapped(widths))
    if counts.shape != (number,) or counts.dtype.kind not in "iu":
        found = f"{counts.dtype} of shape {counts.shape}"
        raise InputError("widths", found, f"{number} whole numbers, one per network")
    wrong = (counts < 1) | (counts > most)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise InputError(f"widths[{place}]", int(counts[place]), f"from 1 to {most}, as u0 has")
    is_neuron = np.arange(most) < counts[:, None]
    first, second = np.where(is_neuron[..., None], first, 0.0), np.where(is_neuron, second, 0.0)
    for array in (first, second):
        array.setflags(write=False)
    return first, second, counts.astype(np.int64)


def _rates(name: str, given: ArrayLike, number: int) -> Any:
    """A rate for all networks or one each; a learning rate is positive."""
    values = np.asarray(unwrapped(given))
    finite(name, values, min(values.ndim, 1))
    if values.shape not in ((), (number,)):
        raise InputError(name, f"shape {values.shape}", f"a number, or shape ({number},)")
    if name != "gamma" and not np.all(values > 0):
        place = int(np.argmin(np.ravel(values) > 0))
        field = f"{name}[{place}]" if values.ndim else name
        raise InputError(field, np.ravel(values)[place], "a positive learning rate")
    values = np.array(np.atleast_1d(values), dtype=np.result_type(values, np.float64))
    values.setflags(write=False)
    return values


# --- data ------------------------------------------------------------------------------------------


def _data(
    x: ArrayLike, y: ArrayLike, number: int, inputs: int, shared: bool | None
) -> tuple[Floats, Floats, bool]:
    """Inputs (B or 1, n, d0), targets (B or 1, n), and whether they are sets.

    An x of one dimension is one input for all networks, of three one data set each. One of two
    dimensions is a data set for all or one input each: what its rows can only be, or what `shared` says.
    """
    given = unwrapped(x)
    dimensions = given.ndim if isinstance(given, np.ndarray) else 0
    X = finite("x", given, min(max(dimensions, 1), 3))
    if X.shape[-1] != inputs or 0 in X.shape:
        raise InputError("x", f"shape {X.shape}", f"(…, {inputs}), as W0 has columns")
    if dimensions == 2:
        shared = _are_shared(X, y, number, shared)
    elif shared is not None and shared != (dimensions == 1):
        said = "one input for all" if dimensions == 1 else "a data set each"
        raise InputError("shared", repr(shared), f"None: an x of shape {X.shape} is {said}")
    if dimensions == 3 and len(X) not in (1, number):
        raise InputError("x", f"{len(X)} data sets", f"{number}, one per network")
    is_set = dimensions == 3 or (dimensions == 2 and bool(shared))
    if dimensions < 3:
        X = X[None] if is_set else X.reshape(-1, 1, inputs)
    return X, _targets(y, number, X.shape[1], is_set), is_set


def _are_shared(X: Floats, y: ArrayLike, number: int, shared: bool | None) -> bool:
    """Whether the rows of x are a data set for all networks, or inputs of one network each."""
    rows = len(X)
    if shared is False and rows != number:
        raise InputError("x", f"{rows} inputs", f"{number}, one per network, as shared=False says")
    if shared is not None:
        return bool(shared)
    if rows != number:
        return True
    if np.ndim(y) == 2:  # targets of every row for every network
        return True
    if np.ndim(y) == 0:  # one target is of one input
        return False
    raise InputError(
        "x",
        f"{rows} rows for {number} networks",
        "shared=True, where they are one data set for all networks, or shared=False, where they are "
        "one input per network",
    )


def _targets(y: ArrayLike, number: int, points: int, is_set: bool) -> Floats:
    """Targets (B or 1, n): of a set (n,) for all or (B, n); of points a number for all or (B,)."""
    given = np.asarray(unwrapped(y))
    if not is_set and given.size == 1:
        given = given.reshape(())
    goals = finite("y", given, min(given.ndim, 3))
    if is_set and goals.shape in ((points,), (number, points), (1, points)):
        return np.atleast_2d(goals)
    if is_set and goals.shape in ((points, 1), (number, points, 1)) and points > 1:
        return goals.reshape(-1, points)
    if not is_set and goals.shape in ((), (number,), (number, 1)):
        return goals.reshape(-1, 1)
    expected = (
        f"({points},) for all networks, or ({number}, {points})"
        if is_set
        else f"a number for all networks, or ({number},)"
    )
    raise InputError("y", f"shape {goals.shape}", expected)
