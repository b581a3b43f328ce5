"""Figure 7 of Xu & Ziyin for the linear network: alignment while two Gaussians are told apart.

As their appendix C.1 sets it: width 10 000, numbers from N(0, 1) of class 0 and from N(4, 1) of class 1,
binary cross-entropy, starts and γ as in Figure 1. Inputs are numbers, d₀ = 1, so they are on a line as they
are and nothing is projected. Printed are ReLU, sigmoid, swish and leaky ReLU: numbers of both signs are
no ray, and no one input, so that for these networks the data are not worth one point; the linear network is
shown.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from numeric.data import initial
from verify.oracle import descent
from verify.oracle.measure import observe
from verify.oracle.pace import learning_rates
from verify.oracle.problem import Problem, batch
from verify.papers.xu_ziyin.figure_one import PHASES, POINTS, RECORDED, STARTS, STEPS, WIDTH, Run
from verify.properties.flows import build_flow

MEANS = (0.0, 4.0)
# Of the fastest rate on the way that a step is: parallel weights begin at outputs of hundreds, where the
# loss is linear and learning far slower than that.
FRACTIONS = {"Gaussian": 0.05, "orthogonal": 0.2, "near-orthogonal": 0.2}


def problem(start: str, phase: str, width: int = WIDTH, seed: int = 0) -> Problem:
    """Data and initial weights of one curve; the data are the same for all."""
    generator = np.random.default_rng(seed)
    labels = np.arange(POINTS) % 2
    x = generator.standard_normal(POINTS) + np.array(MEANS)[labels]
    kind, sigma_u, sigma_w, _ = STARTS[start]
    u, W = initial.draw(kind, width, np.ones(1), sigma_u, sigma_w, seed + 1)
    gamma, targets = float(width) ** PHASES[phase], labels.astype(float)

    def at_rate(rate: float) -> Problem:
        return Problem(
            start, u, W, x[:, None], targets, gamma, rate, rate, loss="binary_cross_entropy"
        )

    return at_rate(FRACTIONS[start] / float(learning_rates([at_rate(1.0)])[0]))


def run(start: str, phase: str, width: int = WIDTH, seed: int = 0) -> Run:
    """Theory and descent of one curve; one unit of time is one step."""
    case = problem(start, phase, width, seed)
    steps = np.arange(STEPS + 1.0)
    recorded = np.unique(np.round(STEPS * np.linspace(0, 1, RECORDED) ** 2).astype(int))
    kept = descent.descend(
        batch([case]), torch.ones(1, dtype=torch.float64), STEPS, recorded.tolist()
    )
    measured = [
        observe(case, kept[k][0][0].numpy(), kept[k][1][0].numpy())["alignment"] for k in recorded
    ]
    theory = build_flow(case).alignment(steps)
    return Run(start, phase, steps, theory, recorded.astype(float), np.array(measured))


def runs(width: int = WIDTH, seed: int = 0) -> Iterator[Run]:
    """All curves of the figure."""
    for start in STARTS:
        for phase in PHASES:
            yield run(start, phase, width, seed)
