"""When a flow is looked at: at multiples of its fastest and of its slowest time scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from verify.measurements.riccati.starts import Layers

RAW = ("0.001", "1")  # scales that a Taylor series of the raw equations reaches
FAST = (*RAW, "300", "460", "1000000")  # e^−460 is 1e-200
SLOW = ("1", "300", "1000000")


def times(problem: Layers) -> Mapping[str, float]:
    """Times by what they are: so many scales 1/√(λ² + 4s²) of the largest s, the slowest 1/(√… − |λ|).

    Singular values s of the target set both; √(λ² + 4s²) − |λ| = 4s²/(√(λ² + 4s²) + |λ|).
    """
    target = np.array([[float(z) for z in row] for row in problem.target])
    s = np.linalg.svd(target, compute_uv=False)
    law = abs(float(problem.law))
    pace = np.hypot(law, 2 * s)
    slow = np.min(4 * s**2 / (pace + law))
    fast = {f"{n} scales": float(n) / float(pace.max()) for n in FAST}
    return fast | {f"{n} slow scales": float(n) / float(slow) for n in SLOW}


def is_raw(name: str) -> bool:
    """Whether a Taylor series of the raw equations reaches this time."""
    return name in {f"{n} scales" for n in RAW}
