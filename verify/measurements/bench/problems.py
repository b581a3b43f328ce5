"""The networks that are timed: Gaussian weights, γ = 1/√d, one point, one input a neuron.

One input, since then an integrator has no more variables than ours: 2 a neuron.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric import GradientFlow
from numeric.methods.ending import REACHED

Floats = NDArray[np.float64]
SPAN = 5  # time scales t_c that are followed


@dataclass(frozen=True)
class Drawn:
    """A network f(x) = γ Σᵢ uᵢ σ(wᵢ x) and the point it learns.

    Attributes:
        network: name of the activation.
        u0, w0: initial weights, shape (d,), or (batch, d).
        x, y: the point.
        gamma, eta_u, eta_w: hyperparameters.
    """

    network: str
    u0: Floats
    w0: Floats
    x: float = 1.0
    y: float = 1.0
    gamma: float = 1.0
    eta_u: float = 1.0
    eta_w: float = 1.0

    @property
    def rates(self) -> tuple[float, float, float]:
        """γ, η_u, η_w."""
        return self.gamma, self.eta_u, self.eta_w

    def flow(self, copy: bool = True) -> GradientFlow:
        """Ours, with weights of its own, or those of this network."""
        return GradientFlow(
            self.u0, self.w0[..., None], [self.x], self.y, copy=copy,
            network=self.network, gamma=self.gamma, eta_u=self.eta_u, eta_w=self.eta_w,
        )  # fmt: skip


def draw(network: str, width: int, seed: int) -> Drawn:
    """A network of order one that reaches its target: the first drawn that does."""
    generator = np.random.default_rng([seed, width])
    while True:
        u0, w0 = generator.standard_normal(width), generator.standard_normal(width)
        drawn = Drawn(network, u0, w0, gamma=float(width**-0.5))
        if drawn.flow().limit_kind == REACHED:
            return drawn


def times_of(drawn: Drawn, number: int, span: float = SPAN) -> Floats:
    """Equally spaced times up to `span` time scales; those of 50 are among those of 1000."""
    return np.arange(1, number + 1, dtype=np.float64) * (span * drawn.flow().t_c / number)


def constructed(
    drawn: Drawn, ask: Callable[[GradientFlow], Any], copy: bool = True
) -> Callable[[], Any]:
    """A call that makes the flow anew and asks it."""
    return lambda: ask(drawn.flow(copy))
