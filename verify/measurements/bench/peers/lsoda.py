"""LSODA of ODEPACK, by SciPy's `odeint`: Adams and BDF, with all its loops in Fortran or C."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from verify.measurements.bench.peers import equations
from verify.measurements.bench.peers.integrator import FLOOR, Integrator, Run
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.timing import Deadline

STEPS = 100_000


def prepare(drawn: Drawn, times: Floats, rtol: float, deadline: Deadline) -> Run:
    """All weights at all times, interpolated by itself.

    Raises:
        ArithmeticError: by the run, when it gives up.
    """
    from scipy.integrate import ODEintWarning, odeint

    xp = equations.numpy()
    field, output = equations.velocity(drawn, xp), equations.output(drawn, xp)
    theta, grid = equations.start(drawn), np.concatenate([[0.0], times])

    def slope(z: Any, t: float) -> Any:
        deadline.check()
        return field(z)

    def run() -> Floats:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ODEintWarning)
            try:
                states = odeint(slope, theta, grid, rtol=rtol, atol=FLOOR * rtol, mxstep=STEPS)
            except ODEintWarning as failure:
                raise ArithmeticError(str(failure)) from None
        return np.asarray(output(states[1:]))

    return run


PEER = Integrator("LSODA", "scipy", prepare, 1e-13, 300, "its Jacobian is dense", (50,))
