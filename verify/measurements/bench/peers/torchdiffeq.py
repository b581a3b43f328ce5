"""torchdiffeq: Dormand-Prince of order 8 in float64 under torch."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import torch
from torch import Tensor

from verify.measurements.bench.peers import equations
from verify.measurements.bench.peers.equations import Library
from verify.measurements.bench.peers.integrator import FLOOR, Integrator, Run
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.timing import Deadline

PACKAGE = "torchdiffeq"


def library() -> Library:
    """Functions of torch."""
    return Library(
        torch.exp, torch.log, torch.tanh, torch.sin, torch.cos, torch.erf,
        lambda h: (h > 0).to(h.dtype), lambda a, b: torch.cat([a, b]), torch.dot,
    )  # fmt: skip


def prepare(drawn: Drawn, times: Floats, rtol: float, deadline: Deadline) -> Run:
    """All weights at all times, interpolated by itself."""
    odeint: Any = importlib.import_module(PACKAGE).odeint
    xp = library()
    field, output = equations.velocity(drawn, xp), equations.output(drawn, xp)
    theta = torch.from_numpy(equations.start(drawn))
    grid = torch.from_numpy(np.concatenate([[0.0], times]))

    def slope(t: Tensor, z: Tensor) -> Any:
        deadline.check()
        return field(z)

    def run() -> Floats:
        with torch.no_grad():
            try:
                states = odeint(slope, theta, grid, rtol=rtol, atol=FLOOR * rtol, method="dopri8")
            except AssertionError as failure:
                raise ArithmeticError(str(failure)) from None
            return np.asarray(output(states[1:]))

    return run


PEER = Integrator(
    "torchdiffeq", PACKAGE, prepare, 1e-13, 1000, "it was far behind on fewer neurons", (50,)
)
