"""Diffrax: Dormand-Prince of order 8 in float64 under JAX, compiled whole."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from verify.measurements.bench.peers import equations
from verify.measurements.bench.peers.equations import Library
from verify.measurements.bench.peers.integrator import FLOOR, Integrator, Run
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.timing import Deadline

PACKAGE = "diffrax"
STEPS = 100_000


def library() -> Library:
    """JAX's functions, in float64."""
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    return Library(
        jnp.exp, jnp.log, jnp.tanh, jnp.sin, jnp.cos, jax.scipy.special.erf,
        lambda h: jnp.where(h > 0, 1.0, 0.0), lambda a, b: jnp.concatenate([a, b]), jnp.dot,
    )  # fmt: skip


def solution(
    field: Callable[[Any], Any], output: Callable[[Any], Any], times: Any, rtol: float, steps: int
) -> Callable[[Any], Any]:
    """Outputs at the times as a function of θ(0).

    Its interpolation is of low order: it steps to the times instead.
    """
    dfx = importlib.import_module(PACKAGE)

    def solve(theta: Any) -> Any:
        controller = dfx.PIDController(rtol=rtol, atol=FLOOR * rtol)
        return dfx.diffeqsolve(
            dfx.ODETerm(lambda t, z, args: field(z)),
            dfx.Dopri8(),
            t0=0.0,
            t1=times[-1],
            dt0=None,
            y0=theta,
            saveat=dfx.SaveAt(ts=times, fn=lambda t, z, args: output(z)),
            stepsize_controller=dfx.ClipStepSizeController(controller, step_ts=times),
            max_steps=steps,
        ).ys

    return solve


def prepare(drawn: Drawn, times: Floats, rtol: float, deadline: Deadline) -> Run:
    """The compiled solution."""
    jax, xp = importlib.import_module("jax"), library()
    field, output = equations.velocity(drawn, xp), equations.output(drawn, xp)
    solve = jax.jit(solution(field, output, jax.numpy.asarray(times), rtol, STEPS))
    theta = jax.numpy.asarray(equations.start(drawn))
    np.asarray(solve(theta))
    return lambda: np.asarray(solve(theta))


PEER = Integrator("diffrax", PACKAGE, prepare, 1e-13, 10**7, "", (50,))
