"""Where a run meets a bend: of σ by a neuron, or of the loss by an output."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from verify import losses
from verify.networks import activation
from verify.oracle import descent
from verify.oracle.extrapolation import own
from verify.oracle.problem import Problem, batch

EARLIER, TRIES = 4.0, 8  # a time before which the loss bends is shortened by this factor, so often


def has_a_bend(network: str) -> bool:
    """Whether the slope of σ jumps at 0, by autograd on both sides."""
    h = torch.tensor([-1e-9, 1e-9], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(activation(network)(h).sum(), h)
    return bool(abs(slope[1] - slope[0]) > 1e-3)


def bends(problems: Sequence[Problem], times: NDArray[np.float64], steps: int) -> list[bool]:
    """Whether a neuron is at a bend of σ, or on its other side, at any step of a run."""
    if not has_a_bend(problems[0].network):
        return [False] * len(problems)
    tensors, total = batch(problems), torch.tensor(times)
    places = descent.descend(tensors, total / steps, steps, range(steps + 1))
    met = []
    for index, problem in enumerate(problems):
        sides = np.array(
            [np.sign(problem.X @ own(problem, u[index], W[index])[1].T) for u, W in places.values()]
        )
        met.append(bool((sides != sides[0]).any() or (sides == 0).any()) and bool(problem.X.any()))
    return met


def kinks(problems: Sequence[Problem], times: NDArray[np.float64], steps: int) -> list[bool]:
    """Whether an output is at a bend of the loss, or on its other side, at any step of a run."""
    bend = losses.bend(problems[0].loss)
    if bend is None:
        return [False] * len(problems)
    tensors = batch(problems)
    places = descent.descend(tensors, torch.tensor(times) / steps, steps, range(steps + 1))
    sides = torch.stack(
        [bend(descent.outputs(tensors, *at), tensors.targets).sign() for at in places.values()]
    )
    met = ((sides != sides[0]) | (sides == 0)) & (tensors.counted > 0)
    moves = [any((at[part][k] != places[0][part][k]).any() for at in places.values() for part in (0, 1))
             for k in range(len(problems))]  # fmt: skip
    return [
        bool(one.any()) and moved for one, moved in zip(met.transpose(0, 1), moves, strict=True)
    ]


def before_kinks(
    problems: Sequence[Problem], times: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    """Earlier times for problems whose outputs would meet a bend of the loss before."""
    for _ in range(TRIES):
        if not any(met := kinks(problems, times, steps)):
            break
        times = np.where(met, times / EARLIER, times)
    return times
