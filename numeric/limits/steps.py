"""What gradient descent with these rates does, one step per unit of time: exactly, by two numbers.

A step of descent moves p and q of every neuron by an Euler step of its own linear field,

    p → (1 + δ) p,   q → (1 − δ) q,   δ = −2 λ (f − y),

so A_P → (1 + δ)² A_P and A_Q → (1 − δ)² A_Q, and these two give f and the tangent kernel K; any width,
no approximation. The curvature of the loss at a minimum is 2K/η for equal rates η, so "ηλ" is 2K: a step
multiplies a small residual by 1 − 2K.

Proved, for y = 0: with F = 2λf, a step changes K by F² (K − 2), and K ≥ |F|. So K(0) < 2 (ηλ < 4)
lets K fall until steps are stable, and descent converges: for K(0) ≥ 1 that is the catapult. K(0) > 2
lets K grow for ever, unless f hits 0 exactly. For y ≠ 0 no minimum has a kernel below 2|λy|: where that
is 1 or more, descent never settles; else the border is at K(0) = 2 up to about 2|λy| (observed), and
whether one start is this or that side of it is found by taking the steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from numeric.generated.linear import State
from numeric.limits.exponents import FROZEN, STABLE
from numeric.limits.extent import Extent
from numeric.methods.explicit.floats import ExplicitFlow

STEPS = 20_000
BEYOND = 1e6  # kernel from which nothing comes back
SLOW = 0.1  # kernel up to which descent follows the flow, and needs no watching
CONVERGED, DIVERGED, UNSETTLED = "converged", "diverged", "unsettled"
CATAPULT, DIVERGENT = "catapult", "divergent"


@dataclass(frozen=True)
class Descent:
    """Where descent leads.

    Attributes:
        outcome: "converged", "diverged", or "unsettled" after `STEPS` steps.
        steps: taken until that was clear.
        kernel: K then.
        largest_kernel: on the way.
        least_kernel: 2|λy|, which no minimum has less of.
    """

    outcome: str
    steps: int
    kernel: float
    largest_kernel: float
    least_kernel: float


@np.errstate(all="ignore")
def descend(flow: ExplicitFlow, steps: int = STEPS) -> Descent:
    """Take steps until descent cannot but converge, or has diverged.

    Args:
        flow: the network; its learning rates are the steps.
        steps: at most.
    """
    c = flow.constants
    lam, y, A_P, A_Q = (float(z) for z in (c.lam, c.y, c.A_P, c.A_Q))
    small = c._replace(lam=lam)
    f, K, largest, least = float(c.f_0), 0.0, 0.0, 2 * abs(lam * y)
    for number in range(steps + 1):
        try:
            here = small._replace(A_P=A_P, A_Q=A_Q)
            K = float(flow.evaluators.kernel_x(State(1.0, 1.0, 0.0, 1.0, f, 0.0), here))
            delta = -2 * lam * (f - y)
            A_P, A_Q = A_P * (1 + delta) ** 2, A_Q * (1 - delta) ** 2
        except OverflowError:  # beyond float64
            K, delta = math.inf, math.inf
        largest = max(largest, K)
        if not K < BEYOND:
            return Descent(DIVERGED, number, K, largest, least)
        if _is_caught(K, delta, least):
            return Descent(CONVERGED, number, K, largest, least)
        f = (A_P - A_Q) / lam if lam else f
    outcome = CONVERGED if K <= SLOW and least < 1 else UNSETTLED
    return Descent(outcome, steps, K, largest, least)


def _is_caught(K: float, delta: float, least: float) -> bool:
    """Whether steps are stable, and the residual too small to make them unstable again.

    A step multiplies δ by 1 − 2K + δ (δ − 2λy), and changes K by δ² (K − 2) + 4 λ y δ. While K keeps
    half its distance from 0 and 1, `room`, δ shrinks by 1 − 3/2 room or more, so that all steps to come
    change K by less than `room`: then it does keep it.
    """
    room = min(K, 1 - K) / 2
    return room > 0 and 2 * (abs(delta) + least) * abs(delta) < 1.5 * room * room


def stability(extent: Extent, found: Descent) -> str:
    """What descent does, in a word.

    Frozen: no gradient. Stable: K < 1 all along the flow, and descent converges. Catapult: K ≥ 1
    somewhere on the flow, descent leaves it, and converges where the kernel is smaller. Divergent:
    it does not. Unsettled: neither, after `STEPS` steps.
    """
    if extent.is_frozen:
        return FROZEN
    if found.outcome == CONVERGED:
        return STABLE if extent.largest_kernel < 1 else CATAPULT
    return DIVERGENT if found.outcome == DIVERGED else UNSETTLED
