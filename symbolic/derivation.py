"""The whole derivation: from the loss to observables, stage by stage.

| stage        | module                  | certificate |
|--------------|-------------------------|-------------|
| data         | `data`                  | loss of the set = loss of the point + constant |
| flow         | `flow`                  | is −rates · ∇loss, at every width and written out |
| conservation | `conservation`          | Lie derivatives are 0 |
| completeness | `completeness`          | independent, and as many as there can be |
| coordinates  | `coordinates`           | both compositions with the inverse are the identity |
| reduction    | `reduction`             | the pulled-back flow is the flow; df/ds is the kernel |
| integral     | `quadrature`, `riccati` | the derivative of t(α) is the integrand, t(1) = 0 |
| closed form  | `closed_form`           | rewritings, residual, limits |
| weights      | `weights`               | gradient-flow residual 0, initial values |
| observables  | `observables`           | substitution of the weights |
| inverse      | `inverse`               | inserted back |
| kernel       | `kernel`                | differentiated output |

A record cannot be built without its certificate (`symbolic.record`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import TypeVar

from symbolic import (
    closed_form,
    completeness,
    conservation,
    coordinates,
    data,
    flow,
    inverse,
    kernel,
    observables,
    quadrature,
    reduction,
    weights,
)
from symbolic.model import Model, load
from symbolic.record import Record

T = TypeVar("T")
STAGES = (
    "data",
    "flow",
    "conservation",
    "completeness",
    "coordinates",
    "reduction",
    "integral",
    "closed_form",
    "weights",
    "observables",
    "inverse",
    "kernel",
)


@dataclass(frozen=True)
class Derivation:
    """Every stage's record, with the seconds each stage took."""

    model: Model
    data: data.EffectivePoint
    flow: flow.Flow
    conservation: conservation.Conservation
    completeness: completeness.Completeness
    coordinates: coordinates.Chart
    reduction: reduction.Reduction
    integral: quadrature.Integral
    closed_form: closed_form.ClosedForm
    weights: weights.Weights
    observables: observables.Observables
    inverse: inverse.Inverse
    kernel: kernel.Kernel
    seconds: dict[str, float]

    def records(self) -> Iterator[tuple[str, Record]]:
        """Stage names and records, in order."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Record):
                yield field.name, value


def derive(model: Model, progress: Callable[[str], None] = lambda stage: None) -> Derivation:
    """Run the stages in order.

    Args:
        model: the definition of the network.
        progress: called with each stage's name before it runs.

    Raises:
        CertificateError: when a stage cannot prove what it found.
    """
    seconds: dict[str, float] = {}

    def run(stage: str, function: Callable[..., T], *inputs: object) -> T:
        progress(stage)
        start = time.perf_counter()
        record = function(*inputs)
        seconds[stage] = time.perf_counter() - start
        return record

    point = run("data", data.derive, model)
    field = run("flow", flow.derive, model)
    laws = run("conservation", conservation.derive, field)
    count = run("completeness", completeness.derive, field, laws)
    chart = run("coordinates", coordinates.derive, laws)
    warp = run("reduction", reduction.derive, field, chart)
    integral = run("integral", quadrature.derive, warp)
    solution = run("closed_form", closed_form.derive, warp, integral)
    trajectory = run("weights", weights.derive, field, laws, chart, warp, integral)
    scalars = run("observables", observables.derive, point, laws, warp, trajectory)
    times = run("inverse", inverse.derive, warp, integral)
    tangent = run("kernel", kernel.derive, model, field)
    return Derivation(
        model, point, field, laws, count, chart, warp, integral, solution, trajectory, scalars,
        times, tangent, seconds,
    )  # fmt: skip


@cache
def derivation(name: str) -> Derivation:
    """The derivation of a network by its name, run once per process."""
    return derive(load(name))
