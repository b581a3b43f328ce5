"""What is pulled back: cotangents of what a warped flow answers, and of what it was given."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Cotangents(NamedTuple):
    """Of what is answered at times: residual f − f*, output f and loss, (T,); u and h, (T, d) or None."""

    residual: Floats
    output: Floats
    loss: Floats
    u: Floats | None = None
    h: Floats | None = None


class Gradients(NamedTuple):
    """Of what was given: u0 and h0, (d,); scales and targets of the data, (n,); times, (T,); numbers."""

    u0: Floats
    h0: Floats
    rho_2: float
    scales: Floats
    targets: Floats
    gamma: float
    eta_u: float
    eta_w: float
    t: Floats
