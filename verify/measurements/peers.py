"""Integrators of the raw gradient flow, all d(d0 + 1) weights: what our solution is compared with.

The equations are written from Xu & Ziyin 2025, Eq. 1 and 2, with σ and σ′ by hand; one data point.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.networks import power
from verify.oracle.problem import Problem

Floats = NDArray[np.float64]
Slope = Callable[[Any, Any], Any]
FLOOR = 1e-4  # absolute tolerance over relative tolerance
COLUMNS, STEP_ERROR = (
    8,
    1e-16,
)  # of the reference, whose last order is far better than the one before
SMALL = 30  # neurons up to which equations are compiled term by term

# σ and σ′ of networks that are no power, with the functions of a namespace (numpy, jax, heyoka).
ACTIVATIONS: dict[str, tuple[Slope, Slope]] = {
    "tanh": (lambda h, xp: xp.tanh(h), lambda h, xp: 1 - xp.tanh(h) ** 2),
    "sine": (lambda h, xp: xp.sin(h), lambda h, xp: xp.cos(h)),
    "exponential": (lambda h, xp: xp.exp(h), lambda h, xp: xp.exp(h)),
    "softplus": (lambda h, xp: xp.log(1 + xp.exp(h)), lambda h, xp: 1 / (1 + xp.exp(-h))),
}


@dataclass(frozen=True)
class Trajectory:
    """Outputs at the times, weights at the last of them."""

    outputs: Floats
    u: Floats
    W: Floats


Peer = Callable[[Problem, Floats, float], Trajectory]


def activation(network: str) -> tuple[Slope, Slope]:
    """σ and σ′ by the network's name.

    Raises:
        ValueError: for a network without them here.
    """
    beta = power(network)
    if beta is not None:
        return lambda h, xp: h**beta, lambda h, xp: beta * h ** (beta - 1)
    if network not in ACTIVATIONS:
        raise ValueError(f"{network!r}: a power, or one of {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[network]


def velocity(problem: Problem, xp: Any) -> Callable[[Any], Any]:
    """dθ/dt as a function of θ = (u, W), flat."""
    sigma, slope = activation(problem.network)
    (x,), (y,), d = problem.X, problem.targets, problem.u0.size
    gamma, eta_u, eta_w = problem.gamma, problem.eta_u, problem.eta_w

    def field(theta: Any) -> Any:
        u, h = theta[:d], theta[d:].reshape(d, -1) @ x
        by_u = sigma(h, xp)
        force = -2 * gamma * (gamma * (u @ by_u) - y)
        by_h = force * eta_w * u * slope(h, xp)
        return xp.concatenate([force * eta_u * by_u, (by_h[:, None] * x).ravel()])

    return field


def _output(problem: Problem, theta: Floats) -> float:
    (x,), d = problem.X, problem.u0.size
    hidden = activation(problem.network)[0](theta[d:].reshape(d, -1) @ x, np)
    return float(problem.gamma * (theta[:d] @ hidden))


def _trajectory(problem: Problem, outputs: list[float], theta: Floats) -> Trajectory:
    d = problem.u0.size
    return Trajectory(np.array(outputs), theta[:d].copy(), theta[d:].reshape(d, -1).copy())


def dop853(problem: Problem, times: Floats, rtol: float) -> Trajectory:
    """SciPy's Dormand-Prince integrator of order 8 at increasing times, by dense output.

    Raises:
        ArithmeticError: when it gives up.
    """
    from scipy.integrate import DOP853

    theta = np.concatenate([problem.u0, problem.W0.ravel()])
    field, outputs = velocity(problem, np), [_output(problem, theta) for t in times if t == 0]
    stepper = DOP853(lambda t, z: field(z), 0.0, theta, times[-1], rtol=rtol, atol=FLOOR * rtol)
    while stepper.status == "running":
        stepper.step()
        dense = None
        while len(outputs) < len(times) and times[len(outputs)] <= stepper.t:
            dense = dense or stepper.dense_output()
            outputs.append(_output(problem, dense(times[len(outputs)])))
    if stepper.status == "failed":
        raise ArithmeticError("DOP853: the step became too small")
    return _trajectory(problem, outputs, stepper.y)


def extrapolated(problem: Problem, times: Floats) -> Trajectory:
    """The reference for wide networks: Gragg's extrapolation in extended precision."""
    field = velocity(problem, np)
    theta: Any = np.concatenate([problem.u0, problem.W0.ravel()]).astype(np.longdouble)
    outputs = [_output(problem, theta)]
    for length in np.diff(times):
        theta = _advance(field, theta, np.longdouble(length))
        outputs.append(_output(problem, theta))
    found = _trajectory(problem, outputs, theta)
    return Trajectory(found.outputs, found.u.astype(float), found.W.astype(float))


def _advance(field: Callable[[Any], Any], theta: Any, length: Any) -> Any:
    """One step of order 2 `COLUMNS`, or two halves where the last two orders disagree."""
    row: list[Any] = []
    for k in range(1, COLUMNS + 1):
        new = [_midpoints(field, theta, length, 2 * k)]
        for j, before in enumerate(row, start=1):
            new.append(new[-1] + (new[-1] - before) / ((k / np.longdouble(k - j)) ** 2 - 1))
        row, last = new, row
    if np.abs(row[-1] - last[-1]).max() <= STEP_ERROR * np.abs(theta).max():
        return row[-1]
    half = length / 2
    return _advance(field, _advance(field, theta, half), half)


def _midpoints(field: Callable[[Any], Any], theta: Any, length: Any, number: int) -> Any:
    """Gragg's midpoint rule: its error is a series in (length/number)²."""
    step = length / number
    before, here = theta, theta + step * field(theta)
    for _ in range(number - 1):
        before, here = here, before + 2 * step * field(here)
    return (before + here + step * field(here)) / 2


def heyoka(problem: Problem, times: Floats, rtol: float) -> Trajectory:
    """heyoka.py: Taylor series of adaptive order, compiled just in time for small networks only."""
    if problem.u0.size > SMALL:
        raise ArithmeticError(f"heyoka compiles term by term: up to {SMALL} neurons")
    hy = importlib.import_module("heyoka")
    (x,), (y,), (d, inputs) = problem.X, problem.targets, problem.W0.shape
    sigma, slope = activation(problem.network)
    u = hy.make_vars(*(f"u{i}" for i in range(d))) if d > 1 else [hy.make_vars("u0")]
    names = [f"w{i}_{j}" for i in range(d) for j in range(inputs)]
    w = hy.make_vars(*names) if len(names) > 1 else [hy.make_vars(*names)]
    rows = [w[i * inputs : (i + 1) * inputs] for i in range(d)]
    h = [hy.sum([a * b for a, b in zip(row, x, strict=True)]) for row in rows]
    total = hy.sum([a * sigma(b, hy) for a, b in zip(u, h, strict=True)])
    force = -2 * problem.gamma * (problem.gamma * total - y)
    pulls = [force * problem.eta_w * a * slope(b, hy) for a, b in zip(u, h, strict=True)]
    system = [(a, force * problem.eta_u * sigma(b, hy)) for a, b in zip(u, h, strict=True)]
    system += [(w[i * inputs + j], pulls[i] * x[j]) for i in range(d) for j in range(inputs)]
    theta = np.concatenate([problem.u0, problem.W0.ravel()])
    found = hy.taylor_adaptive(system, theta, tol=rtol).propagate_grid(times)[-1]
    return _trajectory(problem, [_output(problem, z) for z in found], found[-1])


def diffrax(problem: Problem, times: Floats, rtol: float) -> Trajectory:
    """Diffrax's Dopri8 in float64 under JAX, compiled included."""
    jax, dfx = importlib.import_module("jax"), importlib.import_module("diffrax")
    jax.config.update("jax_enable_x64", True)
    field = velocity(problem, jax.numpy)
    (x,), d = problem.X, problem.u0.size
    sigma = activation(problem.network)[0]

    def output(t: Any, z: Any, args: Any) -> Any:
        return problem.gamma * (z[:d] @ sigma(z[d:].reshape(d, -1) @ x, jax.numpy))

    found = dfx.diffeqsolve(
        dfx.ODETerm(lambda t, z, args: field(z)),
        dfx.Dopri8(),
        t0=0.0,
        t1=times[-1],
        dt0=None,
        y0=jax.numpy.asarray(np.concatenate([problem.u0, problem.W0.ravel()])),
        saveat=dfx.SaveAt(
            subs=[dfx.SubSaveAt(ts=times, fn=output), dfx.SubSaveAt(t1=True)],
        ),
        # Its interpolation is of low order: it steps to the times instead.
        stepsize_controller=dfx.ClipStepSizeController(
            dfx.PIDController(rtol=rtol, atol=FLOOR * rtol), step_ts=times
        ),
        max_steps=100_000,
    )
    outputs, last = (np.asarray(z) for z in found.ys)
    return _trajectory(problem, outputs.tolist(), last[-1])


PEERS: dict[str, Peer] = {"DOP853": dop853, "heyoka": heyoka, "diffrax": diffrax}
TIGHTEST = {"DOP853": 1e-13, "heyoka": 1e-16, "diffrax": 1e-13}  # relative tolerances
MODULES = {"DOP853": "scipy", "heyoka": "heyoka", "diffrax": "diffrax"}


def is_installed(peer: str) -> bool:
    """Whether its package can be imported."""
    return importlib.util.find_spec(MODULES[peer]) is not None
