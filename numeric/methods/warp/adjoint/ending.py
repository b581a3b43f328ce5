"""The last stretch before an equilibrium, where the distance to it is felt by its logarithm.

With e the distance to the equilibrium in the panel's coordinate z, the speed is dz/dt = e G(e), and

    t = t₁ + ∫_e^ℓ de′/(e′ G(e′)).

A change of the problem changes e at fixed t by δ log e, which is as sharp at 1e-300 as at 1: the
equilibrium moves, e is counted from it, and changes of G are quotients of what is changed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.methods.warp.adjoint.polynomials import (
    AT_ZERO,
    DERIVATIVES,
    QUOTIENTS,
    UNIT,
    integrals,
    values,
)

Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """What times on the last stretch feel, linear in changes at its nodes.

    γ is the change of dz/dt at fixed z, φ that of the output at fixed z, Q that of −t₁ at fixed z.

    Attributes:
        log_speed: of γ in δ log e, shape (times, NODES).
        log_before: of −Q and −δt in δ log e, (times,).
        place: of γ in δz.
        place_before: of −Q and −δt in δz.
        left_speed: of γ in the distance of the output, δ(f* − f) in the direction of motion.
        left_output: of φ there.
        left_before: of −Q and −δt there.
    """

    log_speed: Floats
    log_before: Floats
    place: Floats
    place_before: Floats
    left_speed: Floats
    left_output: Floats
    left_before: Floats


def rows(speed: Floats, kernel: Floats, length: float, log_ratio: Floats) -> Rows:
    """The rows at times of the last stretch.

    Args:
        speed: dz/dt at its nodes, which are distances from the end.
        kernel: |df/dz| there.
        length: ℓ.
        log_ratio: log(ℓ/e) at each time.
    """
    e = length * np.exp(-log_ratio)
    quotients, slopes = QUOTIENTS / length, DERIVATIVES / length
    G = speed / (length * UNIT)
    start = AT_ZERO @ G
    moved = AT_ZERO / start  # δz* by γ
    steeper = quotients @ G + slopes @ G
    by_G = quotients - steeper[:, None] * moved
    relative = by_G / (G * G)[:, None]
    at_end = AT_ZERO @ relative
    from_e = integrals(np.ones(1)) - integrals(np.exp(-log_ratio))
    felt = log_ratio[:, None] * at_end + length * from_e @ (quotients @ relative)
    here = values(np.exp(-log_ratio))
    here_G = here @ G
    edge = values(np.ones(1))[0] @ speed
    log_speed = here_G[:, None] * (moved / edge - felt)
    by_left = -here @ quotients
    bent = here @ (quotients @ kernel)
    here_kernel = here @ kernel
    return Rows(
        log_speed,
        here_G,
        moved - e[:, None] * log_speed,
        -e * here_G,
        e[:, None] * (here_kernel[:, None] * log_speed - bent[:, None] * moved),
        e[:, None] * by_left,
        e * here_kernel * here_G,
    )
