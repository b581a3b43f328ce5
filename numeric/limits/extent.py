"""How far one actual network moves: numbers where a scaling limit has exponents.

    extent = Extent.of(flow)
    extent.kernel_change, extent.movement_W, extent.largest_kernel

Everything follows from a few sums over the initial weights, so that other output scales and learning
rates of the same weights cost nothing: `largest_change`, `reach`. Source: Xu & Ziyin 2025, Definition 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from numeric.limits.exponents import FEATURE, KERNEL
from numeric.methods.explicit.floats import ExplicitFlow

FACTORS = 1e-12, 1e12  # of the output scale, between which a change is looked for
STABLE_KERNEL = 0.1  # K of a suggestion, so that descent is close to the flow


@dataclass(frozen=True)
class Extent:
    """What training to t = ∞ does to a network.

    Attributes:
        kernel_change: relative change of the tangent kernel K(x, x) from start to end.
        largest_change: the largest |relative change| on the way.
        movement_u, movement_W: ‖u(∞) − u(0)‖ / ‖u(0)‖ and ‖W(∞) − W(0)‖ / ‖W(0)‖; NaN for a layer of
            zeros.
        alignment_0, alignment: ζ at the start and at the end.
        output_0, output, target: f(0), f(∞) and y, at the effective point; f(∞) differs from y where the
            flow ends at the saddle or nothing moves.
        t_c: time scale, in units of steps of descent where the rates are those of descent.
        kernel_0, largest_kernel: K(x, x) at the start and the largest on the way. Descent of step 1
            multiplies a small residual by 1 − 2K: it follows the flow for K ≪ 1, and leaves it for K ≥ 1
            (see `steps`).
        is_frozen: whether there is no gradient at the start: K = 0, or f = y.
    """

    kernel_change: float
    largest_change: float
    movement_u: float
    movement_W: float
    alignment_0: float
    alignment: float
    output_0: float
    output: float
    target: float
    t_c: float
    kernel_0: float
    largest_kernel: float
    is_frozen: bool

    @classmethod
    def of(cls, flow: ExplicitFlow) -> Extent:
        """The extent of a flow."""
        ends = np.array([0.0, np.inf])
        with np.errstate(all="ignore"):
            u, W = (
                float(distance(np.inf) / norm(0.0))
                for distance, norm in (
                    (flow.distance_u, flow.norm_u), (flow.distance_W, flow.norm_W),
                )
            )  # fmt: skip
        start, end = map(float, flow.alignment(ends))
        return cls(
            kernel_change=float(flow.kernel_change(np.inf)),
            largest_change=largest_change(flow),
            movement_u=u,
            movement_W=W,
            alignment_0=start,
            alignment=end,
            output_0=float(flow.output(0.0)),
            output=float(flow.output(np.inf)),
            target=float(flow.constants.y),
            t_c=flow.t_c,
            kernel_0=float(flow.kernel(0.0)),
            largest_kernel=float(flow.kernel(ends).max()),
            is_frozen=flow.start.wide.is_frozen,
        )

    def phase(self, threshold: float) -> str:
        """Kernel phase where K changes by at most that share of itself on the way (Definition 1)."""
        return KERNEL if self.largest_change <= threshold else FEATURE


def largest_change(flow: ExplicitFlow, gamma: float = 1.0) -> float:
    """The largest |K/K₀ − 1| on the way, with the output scale multiplied by a factor.

    K grows with |f|, and f is monotone: the largest change is at the end, or where f passes 0.
    """
    goals, c = [flow.start.wide.rescaled(gamma)], flow.scaled
    if c.f_0 * c.y < 0:
        goals.append(flow.start.wide.rescaled(gamma, target=0.0))
    return max(abs(goal.observe("kernel_change", math.inf)) for goal in goals)


def reach(flow: ExplicitFlow, change: float) -> float | None:
    """The factor of γ at which the largest change of the kernel is `change`; None where none is found.

    For small γ the change is large, for large γ it is |√(1 − r²) − 1| with r = (P − Q)/(P + Q). A change
    below that is reached only where γ puts the initial output close to the target, so that nothing is
    left to learn; that is not looked for. Found to 1e-12 relative within factors of 10^±12.
    """
    from scipy.optimize import brentq

    def excess(log_gamma: float) -> float:
        return math.log(largest_change(flow, math.exp(log_gamma)) or 1e-300) - math.log(change)

    low, high = (math.log(factor) for factor in FACTORS)
    if not (excess(low) > 0 > excess(high)):
        return None
    return math.exp(float(brentq(excess, low, high, xtol=1e-12)))


def largest_kernel(flow: ExplicitFlow, gamma: float = 1.0) -> float:
    """The largest K(x, x) on the way, with the output scale multiplied by a factor."""
    scaled = flow.start.as_given.rescaled(gamma)
    return max(scaled.observe("kernel_x", time) for time in (0.0, math.inf))
