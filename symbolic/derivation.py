"""The whole derivation: from the loss to observables, stage by stage.

| stage         | module                  | certificate |
|---------------|-------------------------|-------------|
| data          | `data`                  | loss of the set = loss of the point + constant |
| flow          | `flow`                  | is −rates · ∇loss, at every width and written out |
| conservation  | `conservation`, `separation` | Lie derivatives are 0 |
| completeness  | `completeness`          | independent, and as many as there can be |
| clock         | `clock`                 | v(F) = 1 on every branch |
| scalar        | `scalar`                | df/ds is a sum of squares |
| warp          | `warp`                  | the flow map has the field v and starts at the start |
| elapsed       | `elapsed`               | partial fractions, residues |
| transcendence | `transcendence`         | the residue criterion of Risch is violated |

Every network has the first six. A neuron whose preactivation has a power that is linear in warped
time has a flow map in closed form; a network whose neurons share one linear flow is solved to the
end, s(t) included (`Explicit`):

| stage        | module                  | certificate |
|--------------|-------------------------|-------------|
| coordinates  | `coordinates`           | both compositions with the inverse are the identity |
| reduction    | `reduction`             | the pulled-back flow is the flow; df/ds is the kernel |
| integral     | `quadrature`, `riccati` | the derivative of t(α) is the integrand, t(1) = 0 |
| closed form  | `closed_form`           | rewritings, residual, limits |
| weights      | `weights`               | gradient-flow residual 0, initial values |
| observables  | `observables`           | substitution of the weights |
| inverse      | `inverse`               | inserted back |
| kernel       | `kernel`                | differentiated output |
| change       | `change`                | inserted back; two neurons written out |
| scaling      | `scaling`               | rewritings; what cancels is refused |
| phases       | `phases`                | Theorem 2 for all exponents, by real arithmetic |

Which stages a network has is found by trying, and `reasons` says why one is missing. A record cannot
be built without its certificate (`symbolic.proof.certificate`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import TypeVar

from symbolic.explicit import chart as coordinates
from symbolic.explicit import (
    closed_form,
    movement,
    observables,
    reduction,
    riccati_time,
    tangent_kernel,
    time_to_loss,
    weights,
)
from symbolic.laws import completeness, conservation
from symbolic.limits import exponents as scaling
from symbolic.limits import phases
from symbolic.models import load
from symbolic.network import datasets, gradient_flow
from symbolic.network.model import Model
from symbolic.proof.certificate import Record
from symbolic.warp import clock, elapsed, flow_map, transcendence
from symbolic.warp import equation as scalar

T = TypeVar("T")


@dataclass(frozen=True)
class Derivation:
    """What every network has, and its neurons' flow map where that is closed.

    Attributes:
        warp, elapsed, transcendence: None where `reasons` says why.
        seconds: what each stage took.
        reasons: stage → why the network does not have it.
    """

    model: Model
    data: datasets.EffectivePoint
    flow: gradient_flow.Flow
    conservation: conservation.Conservation
    completeness: completeness.Completeness
    clock: clock.Clock
    scalar: scalar.ScalarEquation
    warp: flow_map.Warp | None
    elapsed: elapsed.ElapsedTime | None
    transcendence: transcendence.NotElementary | None
    seconds: dict[str, float]
    reasons: dict[str, str]

    def records(self) -> Iterator[tuple[str, Record]]:
        """Stage names and records, in order."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Record):
                yield field.name, value


@dataclass(frozen=True)
class Explicit(Derivation):
    """A network that is solved to the end: s(t), and with it everything, is explicit."""

    coordinates: coordinates.Chart
    reduction: reduction.Reduction
    integral: riccati_time.Integral
    closed_form: closed_form.ClosedForm
    weights: weights.Weights
    observables: observables.Observables
    inverse: time_to_loss.Inverse
    kernel: tangent_kernel.Kernel
    change: movement.Change
    scaling: scaling.Scaling
    phases: phases.Phases


class _Runner:
    """Runs stages, keeps their times, and says which is running."""

    def __init__(self, progress: Callable[[str], None]) -> None:
        self.progress, self.seconds, self.reasons = progress, dict[str, float](), dict[str, str]()

    def __call__(self, stage: str, function: Callable[..., T], *inputs: object) -> T:
        self.progress(stage)
        start = time.perf_counter()
        try:
            return function(*inputs)
        finally:
            self.seconds[stage] = time.perf_counter() - start

    def attempt(
        self, refusal: type[ValueError], stage: str, function: Callable[..., T], *inputs: object
    ) -> T | None:
        """The stage's record, or None and the reason kept, where it refuses the network."""
        try:
            return self(stage, function, *inputs)
        except refusal as error:
            self.reasons[stage] = str(error)
            return None


def derive(model: Model, progress: Callable[[str], None] = lambda stage: None) -> Derivation:
    """Run the stages in order.

    Args:
        model: the definition of the network.
        progress: called with each stage's name before it runs.

    Raises:
        CertificateError: when a stage cannot prove what it found.
    """
    run = _Runner(progress)
    point = run("data", datasets.derive, model)
    field = run("flow", gradient_flow.derive, model)
    laws = run("conservation", conservation.derive, field)
    count = run("completeness", completeness.derive, field, laws)
    time_of_neuron = run("clock", clock.derive, field, laws)
    equation = run("scalar", scalar.derive, field)
    neuron = run.attempt(flow_map.WarpError, "warp", flow_map.derive, field, laws)
    common = (model, point, field, laws, count, time_of_neuron, equation, neuron)
    explicit = _explicit(run, model, point, field, laws)
    if explicit is not None:
        for stage in ("elapsed", "transcendence"):
            run.reasons[stage] = "not needed: s(t) is explicit"
        return Explicit(*common, None, None, run.seconds, run.reasons, *explicit)  # type: ignore[arg-type]
    elapsed_time = run.attempt(
        elapsed.ElapsedTimeError, "elapsed", elapsed.derive, field, time_of_neuron, neuron
    )
    limit = run.attempt(
        transcendence.DoesNotApplyError, "transcendence", transcendence.derive, field, neuron
    )
    return Derivation(*common, elapsed_time, limit, run.seconds, run.reasons)


def _explicit(
    run: _Runner,
    model: Model,
    point: datasets.EffectivePoint,
    field: gradient_flow.Flow,
    laws: conservation.Conservation,
) -> tuple[Record, ...] | None:
    """The stages of a network whose neurons share one linear flow, or None."""
    chart = run.attempt(coordinates.ChartError, "coordinates", coordinates.derive, laws)
    if chart is None:
        return None
    shared = run.attempt(reduction.ReductionError, "reduction", reduction.derive, field, chart)
    if shared is None:
        return None
    integral = run("integral", riccati_time.derive, shared)
    solution = run("closed_form", closed_form.derive, shared, integral)
    trajectory = run("weights", weights.derive, field, laws, chart, shared, integral)
    scalars = run("observables", observables.derive, point, laws, shared, trajectory)
    times = run("inverse", time_to_loss.derive, shared, integral)
    tangent = run("kernel", tangent_kernel.derive, model, field)
    moved = run("change", movement.derive, chart, shared, integral, trajectory)
    closed = (chart, shared, integral, solution)
    exponents = run("scaling", scaling.derive, *closed, scalars, moved)
    borders = run("phases", phases.derive, exponents)
    return (*closed, trajectory, scalars, times, tangent, moved, exponents, borders)


@cache
def derivation(name: str) -> Derivation:
    """The derivation of a network by its name, run once per process.

    Raises:
        UnknownNetworkError: for a name that no file in `symbolic/models/` has.
    """
    return derive(load(name))
