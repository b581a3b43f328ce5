"""SciPy's Dormand-Prince integrator of order 8."""

from __future__ import annotations

import numpy as np

from verify.measurements.bench.peers import equations
from verify.measurements.bench.peers.integrator import FLOOR, Integrator, Run
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.timing import Deadline

TOGETHER = 1 << 20  # weights at all times that are interpolated at once


def prepare(drawn: Drawn, times: Floats, rtol: float, deadline: Deadline) -> Run:
    """Steps as long as they can be; all times within a step at once, by its dense output.

    Raises:
        ArithmeticError: by the run, when it gives up.
    """
    from scipy.integrate import DOP853

    xp = equations.numpy()
    field, output = equations.velocity(drawn, xp), equations.output(drawn, xp)
    theta = equations.start(drawn)
    together = max(1, TOGETHER // theta.size)

    def run() -> Floats:
        found = np.empty(times.size)
        done = 0
        stepper = DOP853(lambda t, z: field(z), 0.0, theta, times[-1], rtol=rtol, atol=FLOOR * rtol)
        while stepper.status == "running":
            deadline.check()
            stepper.step()
            inside = int(np.searchsorted(times, stepper.t, side="right"))
            if inside > done:
                dense = stepper.dense_output()
                for first in range(done, inside, together):
                    part = slice(first, min(first + together, inside))
                    found[part] = output(dense(times[part]).T)
                done = inside
        if stepper.status == "failed":
            raise ArithmeticError("the step became too small")
        return found

    return run


PEER = Integrator("DOP853", "scipy", prepare, 1e-13, 10**7, "")
