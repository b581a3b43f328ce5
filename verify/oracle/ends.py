"""Where descent ends: the limit of small steps, for problems that have converged by then."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from verify.oracle import descent
from verify.oracle.extrapolation import Observed, cautious, extrapolated
from verify.oracle.problem import Batch, Floats, Problem, batch

LIMIT_TIME, LIMIT_STEPS = 60.0, 384  # in units of the time scale at the start of training
END_LEVELS = 4
ALIVE = 0.1  # of the tangent kernel at the start: that of neurons that die falls far below
ROUNDED, HALVED = 1e-9, 0.15  # of the weights; of the factor 2 between steps of order one
STILL = 1e-12  # speed where descent ends, relative to the weights, in the same units: below `FLOOR`


def limits_of(
    problems: Sequence[Problem], rates: NDArray[np.float64]
) -> tuple[list[Observed | None], list[tuple[float, float]], list[bool]]:
    """Where descent ends: the limit of small steps, for problems that have converged by then."""
    observed, runs = extrapolated(problems, LIMIT_TIME / rates, LIMIT_STEPS, END_LEVELS, cautious)
    tensors = batch(problems)
    kernels = []
    for level in range(END_LEVELS):
        u, W = _padded(tensors, [run[level] for run in runs])
        kernels.append(descent.tangent_kernel_rate(tensors, u, W).numpy())
    by_u, by_W = descent.gradient(tensors, u, W)
    size = ((u**2).sum(1) + (W**2).sum((1, 2))).numpy()
    by_layer = (tensors.eta_u * by_u.norm(dim=1), tensors.eta_w * by_W.norm(dim=(1, 2)))
    speed = torch.hypot(*by_layer).numpy()
    first = descent.tangent_kernel_rate(tensors, tensors.u, tensors.W).numpy()
    # Of a high power of small weights the kernel may be far slower than the pull of the target.
    slowest = np.minimum(rates, np.maximum(first, kernels[-1]))
    output, residual = (  # where the minimum is at infinity, only what moves no more has converged
        np.array([float(z[name][0]) if name in z else 0.0 for z in observed])
        for name in ("output", "residual")
    )
    still = (speed <= STILL * slowest * np.sqrt(size)) & (
        kernels[-1] * np.abs(residual) <= STILL * slowest * (np.abs(output) + np.abs(residual))
    )
    ended = [
        values if ok and _is_resolved(ends) else None
        for values, ends, ok in zip(observed, runs, still, strict=True)
    ]
    end_rates = [cautious([kernel[k] for kernel in kernels]) for k in range(len(problems))]
    plain = torch.full_like(tensors.targets, 2.0)
    alive = [descent.tangent_kernel_rate(tensors, *at, plain).numpy()
             for at in ((tensors.u, tensors.W), (u, W))]  # fmt: skip
    goes_on = [bool(end >= ALIVE * start > 0) for start, end in zip(*alive, strict=True)]
    return ended, [(float(value), float(error)) for value, error in end_rates], goes_on


def _is_resolved(ends: Sequence[tuple[Floats, Floats]]) -> bool:
    """Whether halving the step halves the distance to the next end, or nothing is left to halve.

    Long steps may have diverged, or have passed a saddle on its other side: then all may agree on a
    wrong valley, but they do not approach it with order one.
    """
    points = [np.append(u, W) for u, W in ends]
    if not all(np.isfinite(point).all() for point in points):
        return False
    steps = [float(np.linalg.norm(a - b)) for a, b in itertools.pairwise(points)]
    if steps[-1] <= ROUNDED * float(np.linalg.norm(points[-1])):
        return True
    return all(abs(a / b / 2 - 1) <= HALVED for a, b in itertools.pairwise(steps))


def _padded(
    tensors: Batch, ends: Sequence[tuple[Floats, Floats]]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights of every problem, filled up with zeros to the size of the batch."""
    d, d0 = tensors.u.shape[1], tensors.W.shape[2]
    u = np.array([np.pad(u, (0, d - u.size)) for u, _ in ends])
    W = np.array([np.pad(W, ((0, d - W.shape[0]), (0, d0 - W.shape[1]))) for _, W in ends])
    return torch.tensor(u), torch.tensor(W)
