"""The theory of a problem: the evaluator of its network, and the observables it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numeric import GradientFlow, catalogue
from numeric.catalogue import Network
from numeric.data import training
from numeric.methods.explicit.floats import ExplicitFlow
from numeric.methods.trajectory import Trajectory
from numeric.methods.warp.floats import WarpedFlow
from verify.oracle import measure
from verify.oracle.problem import Floats, Problem

Maker = Callable[[Problem], Trajectory]


def build_flow(problem: Problem) -> Trajectory:
    """The theory of a problem."""
    arguments, rates = problem.arguments()
    return GradientFlow(
        *arguments,
        network=problem.network,
        loss=problem.loss,
        reduction=problem.reduction,
        **rates,
    )


@dataclass(frozen=True)
class ByClass:
    """Makes flows of a class, which compute with these evaluators."""

    kind: type[ExplicitFlow] | type[WarpedFlow]
    network: Network

    def __call__(self, problem: Problem) -> Trajectory:
        """The flow of a problem."""
        arguments, rates = problem.arguments()
        return self.kind(training.read(*arguments, network=self.network, **rates))


@dataclass(frozen=True)
class ByNetwork:
    """Makes flows that compute with these evaluators, unchecked: properties are to refute them."""

    network: Network

    def __call__(self, problem: Problem) -> Trajectory:
        """The flow of a problem."""
        arguments, rates = problem.arguments()
        flow = GradientFlow(*arguments, network=self.network, **rates)
        flow.checked = False
        return flow


class Remembered:
    """A maker that makes the flow of a problem once; what it raised it raises again."""

    def __init__(self, make: Maker) -> None:
        self._make = make
        self.network: Network | None = getattr(make, "network", None)
        self._made: dict[int, tuple[Problem, Trajectory | Exception]] = {}

    def __call__(self, problem: Problem) -> Trajectory:
        """The flow of a problem."""
        if id(problem) not in self._made:
            try:
                made: Trajectory | Exception = self._make(problem)
            except Exception as error:
                made = error
            self._made[id(problem)] = problem, made  # held, so that its id stays its own
        result = self._made[id(problem)][1]
        if isinstance(result, Exception):
            raise result
        return result


def evaluators(make: Maker, problem: Problem) -> Network:
    """What a maker computes with, without making a flow."""
    own: Network | None = getattr(make, "network", None)
    return catalogue.load(problem.network) if own is None else own


def theory(flow: Trajectory, t: float) -> dict[str, Floats]:
    """Every observable the theory gives, under the names of `measure.observe`."""
    values = {name: getattr(flow, name)(t) for name in ("u", "W", *flow.observables)}
    inputs = measure.KERNEL_INPUTS[:, : flow.W0.shape[1]]
    values["tangent_kernel"] = flow.tangent_kernel(t, *inputs)
    values["predicted"] = flow.predict(inputs, t)
    if flow.network.ray_degree and flow.problem.loss.FACTOR == 1:
        values["population_loss"] = flow.population_loss(t, *measure.POPULATION)
    return {name: np.asarray(value) for name, value in values.items()}
