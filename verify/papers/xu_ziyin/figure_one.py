"""The linear panels of Xu & Ziyin's Figure 1: alignment over training, theory and descent.

As their appendix C.1 sets it: width 10 000, 100 points x ~ N(0, 1), y = 2x + N(0, 1)/10; γ = 1/√d
in the kernel phase and 1/d in the feature-learning phase; Gaussian weights N(0, 1), parallel
("orthogonal") weights w = u, and nearly parallel ones w = u + N(0, 0.1) with u ~ N(0, 10). The
learning rate of each run is a fixed fraction of its initial tangent kernel, so that all converge
within the steps shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from numeric import GradientFlow
from numeric.data import initial
from verify.oracle import descent
from verify.oracle.measure import observe
from verify.oracle.problem import Floats, Problem, batch

WIDTH, POINTS, STEPS, RECORDED = 10_000, 100, 600, 24
PHASES = {"kernel phase, γ = 1/√d": -0.5, "feature learning, γ = 1/d": -1.0}
# Kind, standard deviations, and the fraction of the initial kernel that a step is: the kernel of
# parallel weights falls while they learn, so their steps are longer.
STARTS = {
    "Gaussian": ("gaussian", 1.0, 1.0, 0.005),
    "orthogonal": ("orthogonal", np.sqrt(10.0), 0.0, 0.05),
    "near-orthogonal": ("near_orthogonal", np.sqrt(10.0), np.sqrt(0.1), 0.05),
}


@dataclass(frozen=True)
class Run:
    """One curve: theory at every step, descent at some.

    Attributes:
        start, phase: which initial weights and which γ.
        steps: of the theory.
        theory: ζ there.
        recorded: steps at which descent was measured.
        descent: ζ there.
    """

    start: str
    phase: str
    steps: Floats
    theory: Floats
    recorded: Floats
    descent: Floats

    @property
    def deviation(self) -> float:
        """Largest distance between a point and its line."""
        return float(np.abs(np.interp(self.recorded, self.steps, self.theory) - self.descent).max())


def problem(start: str, phase: str, width: int = WIDTH, seed: int = 0) -> Problem:
    """Data and initial weights of one curve; the data are the same for all."""
    generator = np.random.default_rng(seed)
    x = generator.standard_normal(POINTS)
    targets = 2 * x + generator.standard_normal(POINTS) / 10
    kind, sigma_u, sigma_w, fraction = STARTS[start]
    u, W = initial.draw(kind, width, np.ones(1), sigma_u, sigma_w, seed + 1)
    plain = Problem(start, u, W, x[:, None], targets, float(width) ** PHASES[phase], 1.0, 1.0)
    tensors = batch([plain])
    rate = fraction / float(descent.tangent_kernel_rate(tensors, tensors.u, tensors.W)[0])
    return replace(plain, eta_u=rate, eta_w=rate)


def run(start: str, phase: str, width: int = WIDTH, seed: int = 0) -> Run:
    """Theory and descent of one curve; one unit of time is one step."""
    case = problem(start, phase, width, seed)
    steps = np.arange(STEPS + 1.0)
    # Points crowd where the curve bends.
    recorded = np.unique(np.round(STEPS * np.linspace(0, 1, RECORDED) ** 2).astype(int))
    kept = descent.descend(
        batch([case]), torch.ones(1, dtype=torch.float64), STEPS, recorded.tolist()
    )
    measured = [
        observe(case, kept[k][0][0].numpy(), kept[k][1][0].numpy())["alignment"] for k in recorded
    ]
    arguments, rates = case.arguments()
    theory = GradientFlow(*arguments, **rates).alignment(steps)
    return Run(start, phase, steps, theory, recorded.astype(float), np.array(measured))


def runs(width: int = WIDTH, seed: int = 0) -> Iterator[Run]:
    """All curves of the figure."""
    for start in STARTS:
        for phase in PHASES:
            yield run(start, phase, width, seed)
