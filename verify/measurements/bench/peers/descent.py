"""What is done without a theory: gradient descent in torch, with a step that is small."""

from __future__ import annotations

import numpy as np
import torch

from verify.measurements.bench.peers import equations
from verify.measurements.bench.peers.integrator import Integrator, Run
from verify.measurements.bench.peers.torchdiffeq import library
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.timing import Deadline


def prepare(drawn: Drawn, times: Floats, rtol: float, deadline: Deadline) -> Run:
    """1/rtol steps from 0 to the last time, which all times are multiples of; autograd at each."""
    steps = times.size * max(1, round(1 / (rtol * times.size)))
    every, length = steps // times.size, float(times[-1]) / steps
    output = equations.output(drawn, library())
    d, (_, eta_u, eta_w) = drawn.u0.size, drawn.rates
    rates = torch.cat([torch.full((d,), z, dtype=torch.float64) for z in (eta_u, eta_w)])

    def run() -> Floats:
        theta = torch.from_numpy(equations.start(drawn)).requires_grad_()
        found = np.empty(times.size)
        for step in range(1, steps + 1):
            deadline.check()
            loss = (output(theta) - drawn.y) ** 2
            (gradient,) = torch.autograd.grad(loss, theta)
            with torch.no_grad():
                theta -= length * rates * gradient
                if step % every == 0:
                    found[step // every - 1] = float(output(theta))
        return found

    return run


PEER = Integrator(
    "torch descent", "torch", prepare, 1e-3, 1000, "it was far behind on fewer neurons", (50,)
)
