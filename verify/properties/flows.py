"""The theory of a problem: the evaluator of its network, and the observables it has."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numeric import catalogue
from numeric.catalogue import Network
from numeric.data import line, point
from numeric.methods.explicit.floats import GradientFlow
from numeric.methods.warp.floats import WarpedFlow
from verify.oracle import measure
from verify.oracle.problems import Floats, Problem

Flow = GradientFlow | WarpedFlow
Maker = Callable[[Problem], Flow]

SLOW = 0.5  # seconds
NAMES = (
    "u", "W", "output", "residual", "loss", "overlap", "alignment", "norm_u", "norm_omega", "norm_W",
    "alpha", "kernel", "kernel_change", "distance_u", "distance_W",
)  # fmt: skip


def build_flow(problem: Problem) -> Flow:
    """The theory of a problem."""
    arguments, rates = problem.arguments()
    if catalogue.load(problem.network).is_explicit and problem.has_the_default_loss:
        return GradientFlow(*arguments, **rates)
    return WarpedFlow(
        problem.network, *arguments, **rates, loss=problem.loss, reduction=problem.reduction
    )


@dataclass(frozen=True)
class ByClass:
    """Makes flows of a subclass of `GradientFlow`, which computes with these evaluators."""

    kind: type[GradientFlow]
    network: Network

    def __call__(self, problem: Problem) -> Flow:
        """The flow of a problem."""
        arguments, rates = problem.arguments()
        return self.kind(*arguments, **rates)


@dataclass(frozen=True)
class ByNetwork:
    """Makes flows that compute with these evaluators."""

    network: Network

    def __call__(self, problem: Problem) -> Flow:
        """The flow of a problem."""
        tolerance = line.LINE_TOLERANCE
        data = point.of_set(problem.X, problem.targets, self.network, tolerance)
        rates = (problem.gamma, problem.eta_u, problem.eta_w)
        return WarpedFlow.on_point(self.network, problem.u0, problem.W0, data, rates)


class Remembered:
    """A maker that makes the flow of a problem once; what it raised it raises again."""

    def __init__(self, make: Maker) -> None:
        self._make = make
        self.network: Network | None = getattr(make, "network", None)
        self._seconds: dict[int, float] = {}
        self._made: dict[int, tuple[Problem, Flow | Exception]] = {}

    def __call__(self, problem: Problem) -> Flow:
        """The flow of a problem."""
        if id(problem) not in self._made:
            start = time.perf_counter()
            try:
                made: Flow | Exception = self._make(problem)
            except Exception as error:
                made = error
            self._made[id(problem)] = problem, made  # held, so that its id stays its own
            self._seconds[id(problem)] = time.perf_counter() - start
        result = self._made[id(problem)][1]
        if isinstance(result, Exception):
            raise result
        return result

    def seconds(self, problem: Problem) -> float:
        """How long making the flow took."""
        return self._seconds.get(id(problem), 0.0)


def is_slow(make: Maker, problem: Problem) -> bool:
    """Whether making the flow of a problem took so long that it is not made again, changed."""
    if not isinstance(make, Remembered):
        return False
    make(problem)
    return make.seconds(problem) > SLOW


def evaluators(make: Maker, problem: Problem) -> Network:
    """What a maker computes with, without making a flow."""
    own: Network | None = getattr(make, "network", None)
    return catalogue.load(problem.network) if own is None else own


def theory(flow: Flow, t: float) -> dict[str, Floats]:
    """Every observable the theory gives, under the names of `measure.observe`."""
    names = [name for name in NAMES if hasattr(flow, name)]
    if not getattr(flow, "is_bounded", True):  # the minimum of the loss is at infinity
        names.remove("residual")
    values = {name: getattr(flow, name)(t) for name in names}
    if hasattr(flow, "tangent_kernel"):
        inputs = measure.KERNEL_INPUTS[:, : flow.W0.shape[1]]
        values["tangent_kernel"] = flow.tangent_kernel(t, *inputs)
    if hasattr(flow, "population_loss"):
        values["population_loss"] = flow.population_loss(t, *measure.POPULATION)
    return {name: np.asarray(value) for name, value in values.items()}


def target(flow: Flow) -> float:
    """The effective target in the units of the output; 0 where there is none."""
    if isinstance(flow, GradientFlow):
        return float(flow.constants.y)
    found = float(np.sqrt(flow.point.weight) * flow.point.target)
    return found if np.isfinite(found) else 0.0
