"""Warped flows behind operators of a tensor library: arrays of numpy in and out, on the host.

What is solved once is kept for what is asked next of the same numbers, a derivative above all.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric import catalogue
from numeric.catalogue import Network
from numeric.data import training
from numeric.data.training import TrainingProblem
from numeric.methods.trajectory import times
from numeric.methods.warp.adjoint import machine, moments
from numeric.methods.warp.adjoint.gradients import Cotangents
from numeric.methods.warp.adjoint.gradients import Gradients as GradientsOfFlow
from numeric.methods.warp.adjoint.moments import Moments
from numeric.methods.warp.adjoint.pull import Adjoint, changes_of
from numeric.methods.warp.adjoint.rest import Resting
from numeric.methods.warp.floats import WarpedFlow

Floats = NDArray[np.float64]

SCALARS, NEURONS, CHANGES = "scalars", "neurons", "changes"  # what is asked
KEPT = 8  # flows
LARGE = 1 << 14  # neurons of all that are kept, beside the latest
SETTINGS: dict[str, Setting] = {}


class Setting(NamedTuple):
    """What of a problem is no number."""

    network: Network
    loss: ModuleType
    reduction: str
    is_set: bool
    line_tolerance: float


def named(setting: Setting) -> str:
    """Under which operators know a setting: they take numbers, arrays and names alone."""
    network, loss = setting.network.name, setting.loss.__name__.rpartition(".")[2]
    rest = f"{setting.reduction} {setting.is_set} {setting.line_tolerance}"
    name = f"{network} {loss} {rest}"
    if name not in SETTINGS:
        SETTINGS[name] = setting
    return name


def _setting(name: str) -> Setting:
    """The setting of a name; in a compiled program nobody has kept it yet."""
    if name not in SETTINGS:
        network, loss, reduction, is_set, tolerance = name.split(" ")
        given = catalogue.load(network), catalogue.load_loss(loss), reduction
        SETTINGS[name] = Setting(*given, is_set == "True", float(tolerance))
    return SETTINGS[name]


class Numbers(NamedTuple):
    """The numbers of a problem, and what of them the warped flow is a function of.

    Derivatives are by all but the last two: W0 and X are felt through h0 = W0 m, ‖m‖² and the scales.

    Attributes:
        u0, h0: weights and preactivations at the start, (d,).
        rho_2: ‖m‖².
        scales, targets: of the data, (n,).
        gamma, eta_u, eta_w: output scale and rates.
        t: times in a row.
        W0, X: first layer and inputs, as given.
    """

    u0: Any
    h0: Any
    rho_2: Any
    scales: Any
    targets: Any
    gamma: Any
    eta_u: Any
    eta_w: Any
    t: Any
    W0: Any
    X: Any


class Gradients(NamedTuple):
    """Cotangents of `Numbers`, without W0 and X."""

    u0: Floats
    h0: Floats
    rho_2: Floats
    scales: Floats
    targets: Floats
    gamma: Floats
    eta_u: Floats
    eta_w: Floats
    t: Floats


class Solved:
    """A flow, and what was made for its derivatives.

    Args:
        problem: what is trained.
        scales, targets: of the data, as the loss over them has it.
    """

    def __init__(self, problem: TrainingProblem, scales: Floats, targets: Floats) -> None:
        self.flow = WarpedFlow(problem)
        # Of our own: whoever gave them may change them in place.
        self._data = np.array(scales), np.array(targets)
        self._adjoint: Adjoint | Resting | None = None
        self._latest = -1.0
        self._moments: Moments | None = None

    @classmethod
    def of(cls, setting: Setting, given: Numbers) -> Solved:
        """The flow of numbers."""
        is_set = setting.is_set
        problem = training.read(
            given.u0,
            given.W0,
            given.X if is_set else given.X[0],
            given.targets if is_set else given.targets[0],
            network=setting.network,
            loss=setting.loss,
            reduction=setting.reduction,
            gamma=float(given.gamma),
            eta_u=float(given.eta_u),
            eta_w=float(given.eta_w),
            line_tolerance=setting.line_tolerance,
        )
        return cls(problem, given.scales, given.targets)

    def moments(self, t: Floats) -> Moments:
        """The flow at times; those that were asked for last are known."""
        known = self._moments
        if known is None or not np.array_equal(known.t, t):
            known = self._moments = moments.of_flow(self.flow, t.copy())
        return known

    def scalars(self, t: Floats) -> Floats:
        """Residual, output and loss at times, as rows."""
        plain = machine.answers(self.flow, t)
        if plain is not None:
            return plain
        found = self.moments(t)
        return np.stack([found.residual, found.output, found.loss])

    def neurons(self, t: Floats, changes: bool) -> Floats:
        """Weights u and preactivations h at times, or what they have changed."""
        return np.stack(changes_of(self.flow, t) if changes else self.flow.neurons(t))

    def pull(self, t: Floats, given: Cotangents) -> GradientsOfFlow:
        """Cotangents of what was given: in machine code where that vouches for them, else on panels."""
        plain = machine.pull(self.flow, *self._data, t, given)
        return self.adjoint(t).pull(self.moments(t), given) if plain is None else plain

    def adjoint(self, t: Floats) -> Adjoint | Resting:
        """What derivatives need up to these times."""
        if not moments.moves(self.flow):
            return Resting(self.flow, *self._data)
        latest = float(t.max(initial=0.0))
        if self._adjoint is None or latest > self._latest:
            self._adjoint = Adjoint(self.flow, *self._data, latest)
            self._latest = latest
        return self._adjoint


_solved: OrderedDict[Any, Solved] = OrderedDict()
_LOCK = threading.Lock()


def _solve(name: str, given: Numbers) -> Solved:
    with _LOCK:
        return _kept(name, given)


def _kept(name: str, given: Numbers) -> Solved:
    of = ("u0", "W0", "X", "targets", "gamma", "eta_u", "eta_w")
    key = (name, given.W0.shape, *(np.asarray(getattr(given, z)).tobytes() for z in of))
    found = _solved.get(key)
    if found is None:
        found = _solved[key] = Solved.of(_setting(name), given)
        while len(_solved) > 1 and (
            len(_solved) > KEPT or sum(z.flow.u0.size for z in _solved.values()) > LARGE
        ):
            _solved.popitem(last=False)
    _solved.move_to_end(key)
    return found


def scalars(name: str, given: Numbers) -> Floats:
    """Residual f − f*, output f at m, and loss at times: of shape (3, times).

    The residual is NaN where the least loss is at an infinite output.
    """
    return _solve(name, given).scalars(times(given.t))


def neurons(name: str, given: Numbers, changes: bool) -> Floats:
    """Weights u and preactivations h at times, or what they have changed: of shape (2, times, d)."""
    return _solve(name, given).neurons(times(given.t), changes)


def pull(name: str, given: Numbers, by_scalars: Floats, by_neurons: Floats) -> Gradients:
    """Cotangents of numbers, from those of `scalars` and of `neurons`, either of which may be empty."""
    solved, t = _solve(name, given), times(given.t)
    residual, output, loss = by_scalars if by_scalars.size else np.zeros((3, t.size))
    layers = by_neurons if by_neurons.size else (None, None)
    found = solved.pull(t, Cotangents(residual, output, loss, *layers))
    return Gradients(*(np.asarray(z, dtype=np.float64) for z in found))
