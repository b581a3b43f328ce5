"""The tangent kernel of neurons that rest where σ′ = 0.

There h moves no more while u grows, and what float64 makes of u σ′(h) is the rounding of h, times u:
beside |u| = 1e13 its square is as large as the rest of K.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.catalogue import Network

Floats = NDArray[np.float64]

SHAKEN = 2.0**-50  # of h, what its rounding may be
SMALL = 1e-6  # of u, a velocity of h that may be that of its rounding


def kernel(network: Network, u: Floats, h: Floats, parameters: Any) -> Floats:
    """K of neurons; without the part of h where that is not known to move.

    Args:
        network: evaluators.
        u: second-layer weights.
        h: preactivations.
        parameters: hyperparameters.
    """
    module = network.module
    found = module.kernel(u, h, parameters)
    if network.ray_degree:  # σ′ is 0 at h = 0 alone, where nothing rounds
        return np.asarray(found)
    moved = np.abs(module.velocity_h(u, h, parameters))
    largest = np.abs(parameters.eta_w * parameters.gamma * parameters.rho_2 * u)
    is_slow = (moved < SMALL * largest) & (moved > 0)
    if not is_slow.any():
        return np.asarray(found)
    shaken = module.velocity_h(u, h * (1 + SHAKEN), parameters)
    rests = is_slow & (moved <= np.abs(np.abs(shaken) - moved))
    if not rests.any():
        return np.asarray(found)
    alone = module.velocity_u(h, parameters) ** 2 / parameters.eta_u
    return np.where(rests, alone, found)
