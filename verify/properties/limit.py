"""Properties of the end: where the flow goes, how fast, and what kind of place that is."""

from __future__ import annotations

import numpy as np

from verify.losses import is_square
from verify.networks import degree, power
from verify.oracle.branches import branches
from verify.oracle.reference import Case, Reference
from verify.properties.descent import bent, compare
from verify.properties.flows import Maker, theory
from verify.properties.outcome import LeftOut, Results

CAUTION = 4.0  # times the error of an extrapolation from steps as long as those to the end
RATE = 1e-6  # of the tangent kernel, relative
REACHED = 1e-6  # of the residual where descent ends, relative to output and target


def ends_where_descent_ends(case: Case, reference: Reference, make: Maker) -> Results:
    """At t = ∞ every observable is where converged descent is, and t_c is 2 over the kernel."""
    if (reason := bent(case, at_the_end=True)) is not None:
        yield reason
        return
    if case.limit is None:
        yield LeftOut("descent has not converged")
        return
    flow, name = make(case.problem), case.problem.name
    measured = {key: (value, CAUTION * error) for key, (value, error) in case.limit.items()}
    yield from compare(flow, np.inf, measured, case.start, name)
    if flow.limit_kind != "target":
        yield LeftOut("no target is reached: no time scale")
    elif _residual(case) == 0:
        yield LeftOut("a start at the target: no time scale")
    elif case.limit_rate[0] > 0 and not np.allclose(flow.output(np.inf), 0):
        rate, error = case.limit_rate
        yield f"{name}: t_c", abs(2 / flow.t_c - rate) / (RATE * rate + CAUTION * error)


def approaches_its_limit(case: Case, reference: Reference, make: Maker) -> Results:
    """Late times lead to the limit, saddles and slow power laws included."""
    flow, where = make(case.problem), case.problem.name
    yield f"{where}: t_c is positive", 0.0 if flow.t_c > 0 else np.inf
    fast = np.isfinite(flow.t_c)
    late = 40 * flow.t_c if fast else 1e13 / case.rate
    tolerance = 1e-9 if fast else 1e-4
    begin, near, far = theory(flow, 0.0), theory(flow, late), theory(flow, np.inf)
    names = ("u", "W", "output", "norm_u", "norm_W", "residual", "loss", "distance_u", "distance_W")
    for name in (z for z in names if z in far):
        size = np.abs(begin[name]).max() + np.abs(far[name]).max() + 1e-30
        yield f"{where}: {name}", float(np.abs(near[name] - far[name]).max() / size / tolerance)
    if flow.u0.any() or flow.W0.any():
        both = [np.arctan(float(z["alpha"])) for z in (near, far)]
        yield f"{where}: alpha", abs(both[0] - both[1]) / tolerance


def names_its_limit(case: Case, reference: Reference, make: Maker) -> Results:
    """`limit_kind` is what descent shows where it has converged, and for powers what signs decide."""
    flow, where = make(case.problem), case.problem.name
    kind = flow.limit_kind
    seen = _seen(case)
    if seen is None:
        yield LeftOut("descent does not show what its limit is")
    else:
        yield f"{where}: {kind}, descent shows {seen}", 0.0 if kind == seen else np.inf
    if (power(case.problem.network) or 0) > 1 and is_square(case.problem.loss):
        decided = _decided(case)
        yield f"{where}: {kind}, signs say {decided}", 0.0 if kind == decided else np.inf


def _seen(case: Case) -> str | None:
    """What converged descent shows."""
    residual, output = _residual(case), float(case.start["output"])
    if not case.problem.X.any():  # nothing moves, and the effective target is a convention
        return None
    if residual == 0:
        return "target"
    at_rest = all(np.array_equal(run[0], case.problem.u0) for run in case.runs) and all(
        np.array_equal(run[1], case.problem.W0) for run in case.runs
    )
    if at_rest:
        return "at rest"
    if residual is None and case.limit is None:
        return "unbounded" if case.goes_on else None
    if case.limit is None or bent(case, at_the_end=True) is not None:
        return None
    if residual is not None and "residual" in case.limit:
        size = abs(output) + abs(output - residual)
        if abs(float(case.limit["residual"][0])) <= REACHED * size:
            return "target"
    dead = float(case.limit["norm_omega"][0]) <= 1e-3 * float(case.start["norm_omega"])
    return "saddle" if dead and degree(case.problem.network) else None


def _residual(case: Case) -> float | None:
    """At the start; None where the minimum of the loss is at infinity."""
    return float(case.start["residual"]) if "residual" in case.start else None


def _decided(case: Case) -> str:
    """What the branches of a power's neurons say, exactly."""
    labels = branches(case.problem)
    moving = any(
        "at rest" not in label for label in labels[: case.problem.u0.size] if label != "h = 0"
    )
    if _residual(case) == 0:
        return "target"
    if not moving or not case.problem.gamma or not case.problem.X.any():
        return "at rest"
    return "target" if labels[-1] == "reachable target" else "saddle"
