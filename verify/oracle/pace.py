"""How fast problems learn, measured on their raw data: the unit of time of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from verify import losses
from verify.oracle import descent
from verify.oracle.problem import Batch, Floats, Problem, batch

ON_THE_WAY = 9  # outputs between start and target, at which ℓ″ is measured


def learning_rates(problems: Sequence[Problem]) -> NDArray[np.float64]:
    """A rate per problem from its raw data: the tangent kernel, and the pull of the target."""
    tensors = batch(problems)
    curvature = None if losses.is_square(tensors.loss) else _largest_curvature(tensors)
    kernel = descent.tangent_kernel_rate(tensors, tensors.u, tensors.W, curvature).numpy()
    pulls = _pulls(tensors)
    pull = [
        abs(p.gamma)
        * np.sqrt(p.eta_u * p.eta_w)
        * np.abs(np.mean(p.X * pulls[k, : len(p.X), None], axis=0)).sum()
        * (len(p.X) if p.reduction == "sum" else 1)
        for k, p in enumerate(problems)
    ]
    rate = kernel + np.array(pull)
    return np.where(rate > 0, rate, 1.0)


def _pulls(tensors: Batch) -> Floats:
    """½ |ℓ′| at the inputs: of a square at an output of 0, else the largest, at the start or there."""
    starts = descent.outputs(tensors, tensors.u, tensors.W).detach()
    at_zero, at_start = (
        losses.derivatives(tensors.loss, places, tensors.targets)[0] / 2
        for places in (torch.zeros_like(starts), starts)
    )
    if losses.is_square(tensors.loss):
        return -at_zero.numpy()
    return torch.maximum(at_zero.abs(), at_start.abs()).numpy()


def _largest_curvature(tensors: Batch) -> torch.Tensor:
    """ℓ″ at every input, the largest on the way from the start to the target: it may rise on the way."""
    starts, found = descent.outputs(tensors, tensors.u, tensors.W).detach(), []
    for share in np.linspace(0, 1, ON_THE_WAY):
        places = starts + share * (tensors.targets - starts)
        found.append(losses.derivatives(tensors.loss, places, tensors.targets)[1])
    return torch.stack(found).max(dim=0).values
