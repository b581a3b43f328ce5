"""Problems to verify on: one network each, over all scales, with the degenerate cases pinned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from verify import losses
from verify.networks import activation, power
from verify.oracle.degenerate import degenerate_problems
from verify.oracle.problem import Problem


def problems(
    count: int,
    seed: int,
    spread: float = 0.5,
    network: str = "linear",
    loss: str = "square",
    reduction: str = "mean",
) -> list[Problem]:
    """The degenerate problems and `count` random ones: the same for every loss but for the targets."""
    generator = np.random.default_rng(seed)
    drawn = [random_problem(generator, spread, network) for _ in range(count)]
    return [with_loss(one, loss, reduction) for one in degenerate_problems(network) + drawn]


def with_loss(problem: Problem, loss: str, reduction: str = "mean") -> Problem:
    """The same problem under another loss, with targets that it has a meaning for.

    Signs of the targets, 1 for a target of 0; or probabilities that rise with them, 0 and 1 included.
    """
    kind, y = losses.targets(loss), problem.targets
    if kind == losses.SIGNS:
        y = np.where(y < 0, -1.0, 1.0)
    elif kind == losses.PROBABILITIES:
        y = np.clip((1 + y) / 2, 0.0, 1.0)
    return replace(problem, targets=y, loss=loss, reduction=reduction)


def random_problem(
    generator: np.random.Generator, spread: float = 1.0, network: str = "linear"
) -> Problem:
    """A problem with shapes from 1 and scales log-uniform over 10^±spread."""

    def scale() -> float:
        return float(10 ** generator.uniform(-spread, spread))

    d, d0, n = (int(generator.integers(1, high)) for high in (6, 5, 5))
    e = generator.standard_normal(d0)
    a = generator.standard_normal(n) * scale() / np.linalg.norm(e)
    problem = Problem(
        "random",
        generator.standard_normal(d) * scale(),
        generator.standard_normal((d, d0)) * scale(),
        np.outer(a, e),
        generator.standard_normal(n) * scale(),
        scale() * float(generator.choice([-1, 1])),
        scale(),
        scale(),
        network,
    )
    return problem if power(network) == 1 else _tamed(problem)


def _tamed(problem: Problem) -> Problem:
    """The same with data that are worth a point, and with targets as large as the output's terms.

    Then the speed of learning, which for h^β is a power of the output, hardly changes on the way.
    """
    X, count = problem.X, problem.targets.size
    if power(problem.network) is None:  # one input, with several targets
        X = np.outer(np.ones(count), X[0])
    hidden = activation(problem.network)(torch.tensor(X @ problem.W0.T)).numpy()
    terms = np.abs(problem.gamma * problem.u0) @ np.sqrt(np.mean(hidden**2, axis=0))
    return replace(problem, X=X, targets=terms * problem.targets)
