"""Two linear layers by their raw equations, integrated in float64 by LSODA: where no lift solves them.

W₁′ = −η₁ W₂ᵀ (W₂W₁ Σ − Γ),  W₂′ = −η₂ (W₂W₁ Σ − Γ) W₁ᵀ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.errors import InputError

STEPS = 50_000
RELATIVE, ABSOLUTE = 1e-11, 1e-13  # tolerances; absolute in the size of the start
FAINT = 1e-16  # of what the loss can fall; a residual of a hundred times the march's error
LATEST = 1e12  # of the first step, after which a loss that is not reached is given up


Weights = tuple[Floats, Floats]


@dataclass(frozen=True)
class Raw:
    """Two layers on data.

    Attributes:
        W1, W2: at the start.
        rates: η₁ and η₂.
        sigma, gamma: Σ and Γ.
    """

    W1: Floats
    W2: Floats
    rates: tuple[float, float]
    sigma: Floats
    gamma: Floats

    @property
    def start(self) -> Floats:
        """Both layers as one vector."""
        return np.concatenate([self.W1.ravel(), self.W2.ravel()])

    def apart(self, theta: Any) -> Weights:
        """The layers of such a vector."""
        cut = self.W1.size
        return theta[:cut].reshape(self.W1.shape), theta[cut:].reshape(self.W2.shape)

    def velocity(self, _: float, theta: Any) -> Any:
        """Of such a vector."""
        A, C = self.apart(theta)
        error = C @ A @ self.sigma - self.gamma
        return np.concatenate([
            (-self.rates[0] * C.T @ error).ravel(), (-self.rates[1] * error @ A.T).ravel()
        ])  # fmt: skip

    def _along(self, here: Callable[[float], Any]) -> Callable[[float], Weights]:
        return lambda t: self.apart(np.array(here(t)))

    def steps(self, last: float) -> Iterator[tuple[float, float, Callable[[float], Weights]]]:
        """Each step of the integration until a time: from, to, and the layers between.

        At most `STEPS` of them; none where nothing moves.

        Raises:
            InputError: where the weights leave float64.
        """
        from scipy.integrate import LSODA  # slow to load

        size = max(float(np.max(np.abs(self.start))), np.finfo(float).tiny)
        if not np.any(self.velocity(0.0, self.start)):
            return
        solver = LSODA(
            self.velocity, 0.0, self.start, last, rtol=RELATIVE, atol=ABSOLUTE * size
        )  # fmt: skip
        for _ in range(STEPS):
            solver.step()
            if solver.status == "failed" or not np.all(np.isfinite(solver.y)):
                raise InputError(
                    "the case", "a flow that the integrator loses", "less extreme numbers"
                )
            here = solver.dense_output()
            yield solver.t_old, solver.t, self._along(here)
            if solver.status == "finished":
                return


def march(
    W1: Floats, W2: Floats, rates: tuple[float, float], sigma: Floats, gamma: Floats, times: Floats
) -> list[Weights]:
    """W₁ and W₂ at times in any order, to about ten digits.

    Raises:
        InputError: where the times take more than `STEPS` steps, or leave float64.
    """
    order = np.argsort(times, kind="stable")
    found: list[Weights] = [(W1, W2)] * len(times)
    waiting = [int(k) for k in order if times[k] > 0]
    if not waiting:
        return found
    last, now, begun = float(times[waiting[-1]]), 0.0, False
    for _, now, here in Raw(W1, W2, rates, sigma, gamma).steps(last):
        begun = True
        while waiting and times[waiting[0]] <= now:
            k = waiting.pop(0)
            found[k] = here(float(times[k]))
        if not waiting:
            return found
    if not begun:
        return found
    found_ = f"a flow of more than {STEPS} steps until t = {last:g}"
    raise InputError("--times", found_, f"times up to {now:.3g}")


def time_to(
    raw: Raw, loss: Callable[[Floats, Floats], float], goal: float, least: float = 0.0
) -> float:
    """When a loss that never grows has fallen to a value: 0 at the start, NaN above, ∞ below the least.

    Args:
        raw: the flow.
        loss: of W₁ and W₂.
        goal: the value.
        least: the least loss, where it is known.

    Raises:
        InputError: where it is not reached in `STEPS` steps, nor by `LATEST` times the first of them, and
            above the least by less than `FAINT`, which the march does not resolve.
    """
    from scipy.optimize import brentq  # slow to load

    value = start = loss(raw.W1, raw.W2)
    if goal >= start or np.isnan(goal):
        return 0.0 if goal == start else np.nan
    if goal <= least:
        return np.inf
    if goal - least < FAINT * (start - least):
        found_ = f"{goal:.3g}, which is above the least loss by too little to be marched to"
        raise InputError("--to-loss", found_, f"a loss of {least + FAINT * (start - least):.3g}")
    now, first = 0.0, 0.0
    for before, now, here in raw.steps(np.inf):
        first = first or now
        value = loss(*here(now))
        if value <= goal:
            found = brentq(_off, before, now, args=(here, loss, goal), xtol=1e-300, rtol=1e-14)
            return float(found)
        if now > LATEST * first:
            break
    found_ = f"{goal:.3g} where the loss is {value:.10g} at t = {now:.3g}"
    raise InputError("--to-loss", found_, "a loss that is reached before floats see it rest")


def _off(
    t: float, here: Callable[[float], Weights], loss: Callable[..., float], goal: float
) -> float:
    return loss(*here(t)) - goal
