"""Properties on the way: the theory against descent at time T, at the start, and step by step."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import cast

import numpy as np

from numeric.methods.explicit.floats import ExplicitFlow
from numeric.methods.trajectory import Trajectory
from verify.oracle.extrapolation import Observed
from verify.oracle.problem import Floats
from verify.oracle.reference import Case, Reference
from verify.properties.flows import Maker, theory
from verify.properties.outcome import LeftOut, Results, ratio

ORDER_BAND = 0.15
ROUNDED = 1e-15  # relative, of a difference of outputs
ROUNDING = 1e-9  # of the error of descent, relative to the weights, below which its order is noise
BENDS = "a neuron meets a bend of σ: no extrapolation"
KINKS = "an output meets a bend of the loss: no extrapolation"

Property = Callable[[Case, Reference, Maker], Results]


def bent(case: Case, at_the_end: bool = False) -> LeftOut | None:
    """Why descent cannot be extrapolated to T, or to its end; None where it can."""
    if case.bends[at_the_end]:
        return LeftOut(BENDS)
    return LeftOut(KINKS) if case.kinks[at_the_end] else None


def _of_differences(
    flow: Trajectory, measured: Observed, start: dict[str, Floats]
) -> dict[str, float]:
    """Sizes of what the oracle takes differences of, by the name of the observable."""
    target = flow.target if np.isfinite(flow.target) else 0.0
    output = max(abs(float(measured["output"][0])), abs(target))
    steep = float(start["steepness"]) if "steepness" in start else output
    found = {"residual": output, "loss": output * steep}
    if flow.method != "explicit":  # and of kernels and weights, whose digits it may not have
        found |= {"kernel_change": 1.0, "distance_u": float(start["norm_u"])}
        found["distance_W"] = float(start["norm_W"])
    return found


def compare(
    flow: Trajectory, t: float, measured: Observed, start: dict[str, Floats], where: str
) -> Results:
    """Every observable that both sides have."""
    computed = theory(flow, t)
    extra = _of_differences(flow, measured, start)
    vanished = min(float(measured[n][0]) for n in ("norm_u", "norm_omega")) < 1e-9 * float(
        start["norm_u"] + start["norm_W"]
    )
    for name in [name for name in measured if name in computed]:
        value, error = measured[name]
        if name == "alpha" and not (flow.u0.any() or flow.W0.any()):
            yield LeftOut("α of a network of zeros: nothing grows")
        elif name == "alignment" and np.isinf(t) and vanished:
            yield LeftOut("alignment of a layer that ends at zero")
        elif name == "residual" and flow.method != "explicit" and not flow.problem.data.X.any():
            yield LeftOut("residual at x = 0, where the effective target is a convention")
        else:
            size = max(np.nanmax(np.abs(np.append(z, 0.0))) for z in (value, start[name]))
            allowed = float(size) + extra.get(name, 0.0) + 1e-30
            yield f"{where}: {name}", ratio(computed[name], value, error, allowed)


def agrees_with_descent(case: Case, reference: Reference, make: Maker) -> Results:
    """Every observable at time T equals extrapolated descent."""
    if (reason := bent(case)) is not None:
        yield reason
        return
    yield from compare(make(case.problem), case.time, case.at_time, case.start, case.problem.name)


def starts_at_the_start(case: Case, reference: Reference, make: Maker) -> Results:
    """At t = 0 every observable is what is measured of the initial weights."""
    exact = {name: (value, np.zeros(())) for name, value in case.start.items()}
    yield from compare(make(case.problem), 0.0, exact, case.start, case.problem.name)


def has_order_one(case: Case, reference: Reference, make: Maker) -> Results:
    """The error of descent falls with order 1 ± 0.15 over four halvings of the step."""
    if (reason := bent(case)) is not None:
        yield reason
        return
    flow = make(case.problem)
    u, W = flow.u(case.time), flow.W(case.time)
    size = np.abs(u).max() + np.abs(W).max()
    errors = [np.sqrt(((a - u) ** 2).sum() + ((b - W) ** 2).sum()) for a, b in case.runs]
    if errors[-1] <= ROUNDING * size + 1e-300:
        yield LeftOut("descent is at the rounding floor, or nothing moves")
        return
    for coarse, fine in itertools.pairwise(errors):
        yield case.problem.name, abs(np.log2(coarse / fine) - 1) / ORDER_BAND


def is_monotone(case: Case, reference: Reference, make: Maker) -> Results:
    """Output and, of the linear network, alignment are monotone in time; the loss never rises."""
    flow = make(case.problem)
    is_linear = flow.method == "explicit"
    times = case.time * np.linspace(0, 4, 33 if is_linear else 9)
    for name in ("output", "alignment", "loss") if is_linear else ("output", "loss"):
        values = getattr(flow, name)(times)
        if name == "alignment" and np.isnan(values).any():
            yield LeftOut("alignment of a layer of zeros")
            continue
        change = np.diff(values)
        rise, fall = np.clip(change, 0, None).max(), np.clip(-change, 0, None).max()
        backwards = rise if name == "loss" else np.minimum(rise, fall)
        # The output of other networks is a sum of start and gain, or of target and residual.
        size = np.abs(values).max()
        if not is_linear and name == "output":
            size = size + abs(flow.target)
        noise = (1e-14 if is_linear else 1e-13) * size + 1e-300
        yield f"{case.problem.name}: {name}", float(backwards / noise)


def has_the_measured_slope(case: Case, reference: Reference, make: Maker) -> Results:
    """dζ/dα equals the quotient of both changes along descent."""
    value = float(cast(ExplicitFlow, make(case.problem)).alignment_slope(case.time))
    if np.isfinite(case.slope):
        allowed = 1e-5 * (abs(case.slope) + abs(value)) + 1e-9
        yield case.problem.name, abs(value - case.slope) / allowed
    else:
        yield LeftOut("alignment has no slope where a layer is zero or nothing moves")


def tells_the_time(case: Case, reference: Reference, make: Maker) -> Results:
    """The time to the loss that descent has at T is T."""
    value, error = case.at_time["loss"]
    flow, start = make(case.problem), float(case.start["loss"])
    before, after = (float(flow.loss(factor * case.time)) for factor in (0.99, 1.01))
    fall = (before - after) / 0.02  # by log t
    noise = ROUNDED * _of_differences(flow, case.at_time, case.start)["loss"]
    if not fall > max(1e-3 * start, 1e3 * noise):
        yield LeftOut("the loss hardly falls: it tells no time")
        return
    told, off = float(flow.time_to_loss(value)), float(error) + noise
    yield case.problem.name, abs(told / case.time - 1) / (1e-7 + 100 * off / fall)
