"""Descent commutes with what is orthogonal and leaves the outputs alone: rotations, signs, orders."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from verify.oracle.declared.descent import descend, outputs
from verify.oracle.declared.problem import Problems
from verify.properties.declared.drift import worst
from verify.properties.declared.maps import Map
from verify.properties.declared.order import TIME
from verify.properties.declared.rates import absorbed, flat, named, restored

STEPS = 8
ROUNDED = 1e-11  # of the size of weights and outputs
TOGETHER = 128  # maps


def mapped(problems: Problems, matrices: Tensor) -> Problems:
    """The problems with weights R θ, R of each problem, (problems, D, D)."""
    scaled = absorbed(problems.weights, problems.rates)
    turned = torch.einsum("bij,bj->bi", matrices, flat(scaled))
    return problems.at(restored(named(turned, scaled), problems.rates))


def commute(problems: Problems, maps: Sequence[Map]) -> list[float]:
    """Of each map, the error of the outputs and of R θ(t) over what is allowed.

    Args:
        problems: some; each is mapped by every map.
        maps: orthogonal ones.
    """
    return [
        ratio
        for first in range(0, len(maps), TOGETHER)
        for ratio in _commute(problems, maps[first : first + TOGETHER])
    ]


def _commute(problems: Problems, maps: Sequence[Map]) -> list[float]:
    count = problems.count
    every = problems.rows(torch.arange(count).repeat(len(maps)))
    matrices = torch.stack([one.matrix for one in maps]).repeat_interleave(count, 0)
    turned = mapped(every, matrices)
    length = torch.full((count,), TIME / STEPS, dtype=torch.float64)
    end = descend(problems, length, STEPS).weights
    expected = mapped(
        every.at({n: v.repeat(len(maps), *[1] * (v.dim() - 1)) for n, v in end.items()}), matrices
    )
    found = descend(turned, length.repeat(len(maps)), STEPS)
    of_outputs = _error(_seen(turned), _seen(every))
    of_weights = _error(*(flat(absorbed(one.weights, every.rates)) for one in (found, expected)))
    ratios = torch.maximum(of_outputs, of_weights).reshape(len(maps), count)
    return [worst(row) for row in ratios]


def _seen(problems: Problems) -> Tensor:
    """What a loss sees of the outputs; under a softmax, what they are beside their mean."""
    found = outputs(problems)
    if problems.model.loss == "softmax":
        found = found - found.mean(2, keepdim=True)
    return found.flatten(1)


def _error(found: Tensor, expected: Tensor) -> Tensor:
    """The largest error of each problem over what is allowed."""
    size = expected.abs().amax(1)
    return (found - expected).abs().amax(1) / (ROUNDED * size)
