"""heyoka.py: Taylor series of adaptive order, compiled for the equations just in time."""

from __future__ import annotations

import importlib

import numpy as np

from verify.measurements.bench.peers import equations
from verify.measurements.bench.peers.equations import Library
from verify.measurements.bench.peers.integrator import Integrator, Run
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.timing import Deadline

PACKAGE = "heyoka"
UNROLLED = 10  # neurons up to which the code is written out: faster, and long to compile
STEPS = 100_000


def prepare(drawn: Drawn, times: Floats, rtol: float, deadline: Deadline) -> Run:
    """The compiled integrator; a run sets it back to the start.

    Raises:
        ArithmeticError: by the run, when it does not come to the end.
    """
    hy = importlib.import_module(PACKAGE)
    xp = Library(
        hy.exp, hy.log, hy.tanh, hy.sin, hy.cos, hy.erf, hy.relup,
        lambda a, b: [*a, *b], lambda a, b: hy.sum([p * q for p, q in zip(a, b, strict=True)]),
    )  # fmt: skip
    sigma, slope = equations.activation(drawn.network) or (None, None)
    assert sigma is not None
    assert slope is not None
    d, x = drawn.u0.size, drawn.x
    gamma, eta_u, eta_w = drawn.rates
    u, w = ([hy.expression(f"{name}{i}") for i in range(d)] for name in "uw")
    h = [b * x for b in w]
    force = -2 * gamma * (gamma * xp.dot(u, [sigma(z, xp) for z in h]) - drawn.y)
    system = [(a, force * eta_u * sigma(z, xp)) for a, z in zip(u, h, strict=True)]
    system += [(b, force * eta_w * x * a * slope(z, xp)) for a, b, z in zip(u, w, h, strict=True)]
    theta, grid = equations.start(drawn), np.concatenate([[0.0], times])
    integrator = hy.taylor_adaptive(system, theta, tol=rtol, compact_mode=d > UNROLLED)
    output = equations.output(drawn, equations.numpy())

    def run() -> Floats:
        integrator.state[:] = theta
        integrator.time = 0.0
        outcome, *_, states = integrator.propagate_grid(grid, max_steps=STEPS)
        if outcome != hy.taylor_outcome.time_limit:
            raise ArithmeticError(f"it ended before the end: {outcome}")
        return np.asarray(output(states[1:]))

    return run


PEER = Integrator(
    "heyoka", PACKAGE, prepare, 1e-16, 10_000, "it would take more than a minute to compile"
)
