"""What is proved of the linear network, checked of each answer of `floats` before it is given.

One check a name: an observable against its start and its end, between which it is monotone, or against
others that a different formula gives. All of them cost as much as the answer, or less.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from numeric.data import pages
from numeric.errors import InternalCheckError
from numeric.methods import proved

if TYPE_CHECKING:
    from numeric.methods.explicit.floats import ExplicitFlow

PART = 1 << 16  # weights at a time
LEAST = 1e-290  # weights have no digits far below
Check = Callable[["ExplicitFlow", str, Any, Any, Any], None]


def check(flow: ExplicitFlow, name: str, t: Any, state: Any, values: Any) -> None:
    """Check the values of an observable.

    Args:
        flow: the network.
        name: of the observable.
        t: times.
        state: at these times, in units.
        values: the answer, in units.

    Raises:
        InternalCheckError: naming the first value that violates what is proved.
    """
    with np.errstate(all="ignore"):
        CHECKS[name](flow, name, t, state, values)


def _monotone(flow: ExplicitFlow, name: str, t: Any, state: Any, values: Any) -> None:
    """α, output and overlap rise or fall all the way, and f never crosses y; f = γρ u·ω."""
    start, end = (flow.observe(name, place) for place in flow.ends)
    proved.between(name, t, values, start, end)
    if name == "alpha":
        inside = (values > 0) & np.isfinite(values)
        shrunk = np.sqrt(np.where(values > 1, 1 / values, values))
        decay = np.where(inside, state.decay, shrunk)  # α is 0 or infinite at a saddle
        proved.constant("exp(−|s|)", t, decay, shrunk, shrunk)
    elif name == "overlap":
        scale = flow.scaled.gamma * flow.scaled.rho
        size = np.abs(state.f) + np.abs(scale * start)
        proved.constant("γρ times overlap", t, scale * values, state.f, size)


def _falls(flow: ExplicitFlow, name: str, t: Any, state: Any, values: Any) -> None:
    """|f − y| and the loss never grow, and f − y never changes its sign."""
    start, y = flow.observe(name, flow.ends[0]), flow.scaled.y
    proved.never_grows(name, t, values, start)
    if name == "residual":
        proved.keeps_sign(name, t, values, start)
        proved.constant(name, t, values, state.f - y, np.abs(state.f) + np.abs(y))
    else:
        whole = (state.f - y) ** 2 + flow.sums["floor"]
        proved.constant(name, t, values, whole, (np.abs(state.f) + np.abs(y)) ** 2 + whole)


def _cosine(flow: ExplicitFlow, name: str, t: Any, state: Any, values: Any) -> None:
    """In [−1, 1]; times both norms it is u·ω; undefined where a layer is zero."""
    overlap, u, omega = (flow.observe(z, state) for z in ("overlap", "norm_u", "norm_omega"))
    cosine = np.where(np.isnan(values) & (u * omega == 0), 0, values)
    proved.between(name, t, cosine, -1, 1)
    proved.constant(f"{name} times norms", t, cosine * u * omega, overlap, u * omega)


def _norms(flow: ExplicitFlow, name: str, t: Any, state: Any, values: Any) -> None:
    """η_u‖ω‖² − η_w‖u‖² is constant, and so is what W has across the data."""
    c = flow.scaled
    u, omega = (flow.observe(z, state) for z in ("norm_u", "norm_omega"))
    now = flow.evaluators.balance(c.eta_u, c.eta_w, u**2, omega**2)
    proved.constant("balance", t, now, flow.sums["balance"], c.eta_u * omega**2 + c.eta_w * u**2)
    proved.between(name, t, values, 0, np.inf)
    if name == "norm_W":
        kept = values**2 - omega**2
        proved.constant("‖W‖² − ‖ω‖²", t, kept, flow.sums["perp_2"], values**2)
    else:
        proved.constant(name, t, values, u if name == "norm_u" else omega, values)


def _kernel(flow: ExplicitFlow, name: str, t: Any, state: Any, values: Any) -> None:
    """K(x, x) is the kernel between x and x, of both norms, and its change is K/K₀ − 1."""
    start, end = (_of_norms(flow, place) for place in (flow.ends[0], state))
    if name == "kernel_x":
        proved.constant(name, t, values, end, end)
    else:
        proved.constant("K₀ + its change", t, start * (1 + values), end, start + end)


def _of_norms(flow: ExplicitFlow, state: Any) -> Any:
    c, nothing = flow.scaled, 0 * flow.scaled.rho
    u, omega = (flow.observe(z, state) for z in ("norm_u", "norm_omega"))
    inputs = c.rho**2, c.rho, c.rho, nothing, nothing
    return flow.evaluators.tangent_kernel(*inputs, u**2, omega**2, c)


def _distance(flow: ExplicitFlow, name: str, t: Any, state: Any, values: Any) -> None:
    """The triangle of a layer now, at the start and the origin."""
    norm = "norm_u" if name == "distance_u" else "norm_omega"
    start, now = (flow.observe(norm, place) for place in (flow.ends[0], state))
    size = start + now
    proved.between(name, t, values, np.abs(now - start) - proved.SLACK * size, size)


def _at_least(flow: ExplicitFlow, name: str, t: Any, state: Any, values: Any) -> None:
    proved.between(name, t, values, 0, np.inf)


def weights(flow: ExplicitFlow, name: str, t: Any, values: Any) -> None:
    """The norm of the weights at one time, and that of their change, are what closed forms say.

    Args:
        flow: the network.
        name: "u" or "W".
        t: the time, in units.
        values: the weights at that time.

    Raises:
        InternalCheckError: when it is not.
    """
    state, given = flow.at(t), flow.u0 if name == "u" else flow.W0
    exponent = flow.units.u if name == "u" else flow.units.omega
    with np.errstate(all="ignore"):
        start, now, moved = (
            np.ldexp(flow.observe(of, place), exponent)
            for of, place in (
                (f"norm_{name}", flow.ends[0]), (f"norm_{name}", state), (f"distance_{name}", state),
            )
        )  # fmt: skip
        size = start + now + LEAST
        found = _norm(values, size), _norm(values, size, given)
        proved.constant(f"‖{name}‖", t, found[0], now, size)
        proved.constant(f"‖{name} − {name}(0)‖", t, found[1], moved, size)


def layer(flow: ExplicitFlow, name: str, t: Any, exponent: int, norms: Any, moved: Any) -> None:
    """Norms of weights at times, and of their changes, are what closed forms say.

    Args:
        flow: the network.
        name: "u" or "W".
        t: times.
        exponent: of the unit of the layer.
        norms: of the weights at these times, in units.
        moved: norms of what they moved by, in units.

    Raises:
        InternalCheckError: when they are not.
    """
    norm, distance = flow.curves((f"norm_{name}", f"distance_{name}"), t).values()
    size = np.ldexp(norm + getattr(flow, f"norm_{name}")(0.0), -exponent) + LEAST
    proved.constant(f"‖{name}‖", t, norms, np.ldexp(norm, -exponent), size)
    proved.constant(f"‖{name} − {name}(0)‖", t, moved, np.ldexp(distance, -exponent), size)


def _norm(values: Any, size: Any, start: Any = None) -> Any:
    """Of weights, less what they were, by parts that fit the cache, in units in which no square is 0."""
    rows, total = max(1, PART // values[0].size), 0.0
    for k in range(0, len(values), rows):
        part = values[k : k + rows] - (0 if start is None else start[k : k + rows])
        scaled = np.ravel(part) / np.float64(size)
        total = total + float(scaled @ scaled)
        for array in (values, start):
            pages.release(array, k, k + rows)
    return np.sqrt(total) * size


def inverse(flow: ExplicitFlow, goal: Any, time: Any) -> None:
    """The loss at the time at which it is reached is the goal; no time is negative, or unknown.

    Args:
        flow: the network.
        goal: losses, in units.
        time: when each is reached, in units; NaN for one above the start.

    Raises:
        InternalCheckError: when it is not.
    """
    below = goal <= flow.observe("loss", flow.ends[0])
    proved.between("time to a loss", goal, np.where(below, time, 0), 0, np.inf)
    inside = np.isfinite(time) & (time > 0)
    if not np.any(inside):
        return
    goals, times = np.broadcast_to(goal, np.shape(time))[inside], time[inside]
    with np.errstate(all="ignore"):
        reached = flow.observe("loss", flow.at(times))
        start = flow.observe("loss", flow.ends[0])
        proved.constant("loss", times, reached, goals, start)


def _slope(flow: ExplicitFlow, name: str, t: Any, state: Any, values: Any) -> None:
    """ζ is monotone in α; undefined where ζ is."""
    if np.any((values < 0) & ~np.isnan(values)):
        raise InternalCheckError(f"{name} = {np.min(values):.6g} is negative")


CHECKS: dict[str, Check] = {
    "output": _monotone,
    "overlap": _monotone,
    "alpha": _monotone,
    "residual": _falls,
    "loss": _falls,
    "alignment": _cosine,
    "alignment_slope": _slope,
    "norm_u": _norms,
    "norm_omega": _norms,
    "norm_W": _norms,
    "kernel_x": _kernel,
    "kernel_change": _kernel,
    "distance_u": _distance,
    "distance_W": _distance,
    "population_loss": _at_least,
}
