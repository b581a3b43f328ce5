"""Two linear layers by their raw equations, integrated in float64 by LSODA: where no lift solves them.

W₁′ = −η₁ W₂ᵀ (W₂W₁ Σ − Γ),  W₂′ = −η₂ (W₂W₁ Σ − Γ) W₁ᵀ.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.errors import InputError

STEPS = 50_000
RELATIVE, ABSOLUTE = 1e-11, 1e-13  # tolerances; absolute in the size of the start


def march(
    W1: Floats, W2: Floats, rates: tuple[float, float], sigma: Floats, gamma: Floats, times: Floats
) -> list[tuple[Floats, Floats]]:
    """W₁ and W₂ at times in any order, to about ten digits.

    Raises:
        InputError: where the times take more than `STEPS` steps, or leave float64.
    """
    from scipy.integrate import LSODA  # slow to load

    cut, shapes = W1.size, (W1.shape, W2.shape)

    def apart(theta: Any) -> tuple[Floats, Floats]:
        return theta[:cut].reshape(shapes[0]), theta[cut:].reshape(shapes[1])

    def velocity(_: float, theta: Any) -> Any:
        A, C = apart(theta)
        error = C @ A @ sigma - gamma
        return np.concatenate([
            (-rates[0] * C.T @ error).ravel(), (-rates[1] * error @ A.T).ravel()
        ])  # fmt: skip

    start = np.concatenate([W1.ravel(), W2.ravel()])
    size = max(float(np.max(np.abs(start))), np.finfo(float).tiny)
    order = np.argsort(times, kind="stable")
    found: list[tuple[Floats, Floats]] = [(W1, W2)] * len(times)
    waiting = [int(k) for k in order if times[k] > 0]
    if not waiting or not np.any(velocity(0.0, start)):
        return found
    last = float(times[waiting[-1]])
    solver = LSODA(velocity, 0.0, start, last, rtol=RELATIVE, atol=ABSOLUTE * size)
    for _ in range(STEPS):
        solver.step()
        if solver.status == "failed" or not np.all(np.isfinite(solver.y)):
            raise InputError("the case", "a flow that the integrator loses", "less extreme numbers")
        here = solver.dense_output()
        while waiting and times[waiting[0]] <= solver.t:
            k = waiting.pop(0)
            found[k] = apart(np.array(here(times[k])))
        if not waiting:
            return found
    found_ = f"a flow of more than {STEPS} steps until t = {last:g}"
    raise InputError("--times", found_, f"times up to {solver.t:.3g}")
