"""Plain gradient descent of problems of one model side by side, in torch, a rate per weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from verify.oracle.named.problem import Named, Problem, Tensors
from verify.oracle.problem import Floats

Losses = Callable[[Tensors, Tensors], Tensor]
Path = list[dict[str, Tensor]]  # by step


@dataclass(frozen=True)
class Batch:
    """Problems side by side, padded: a leading axis runs over them.

    Attributes:
        weights, rates, data: by name.
        losses: of all of them.
    """

    weights: dict[str, Tensor]
    rates: dict[str, Tensor]
    data: dict[str, Tensor]
    losses: Losses

    def rows(self, places: Tensor) -> Batch:
        """Some of them, or some more than once."""
        named = (
            {n: z[places] for n, z in of.items()} for of in (self.weights, self.rates, self.data)
        )
        weights, rates, data = named
        return replace(self, weights=weights, rates=rates, data=data)


def batch(problems: Sequence[Problem]) -> Batch:
    """Problems of one model, side by side."""
    first = type(problems[0])
    return Batch(
        _padded([one.start() for one in problems], first.padding),
        _padded([one.rates() for one in problems], {}),
        _padded([one.data() for one in problems], {}),
        first.losses,
    )


def _padded(rows: Sequence[Named], padding: Mapping[str, float]) -> dict[str, Tensor]:
    found = {}
    for name in rows[0]:
        shape = np.max([row[name].shape for row in rows], axis=0)
        whole = np.full((len(rows), *shape), padding.get(name, 0.0))
        for place, row in enumerate(rows):
            whole[place][tuple(map(slice, row[name].shape))] = row[name]
        found[name] = torch.tensor(whole)
    return found


def gradient(of: Batch) -> dict[str, Tensor]:
    """∂L/∂θ of each problem, by autograd."""
    weights = {n: z.detach().requires_grad_() for n, z in of.weights.items()}
    slopes = torch.autograd.grad(of.losses(weights, of.data).sum(), tuple(weights.values()))
    return dict(zip(weights, slopes, strict=True))


def moved(of: Batch, step: Tensor) -> dict[str, Tensor]:
    """H η ∂L/∂θ: what one step takes from the weights."""
    slopes = gradient(of)
    return {n: step.reshape(-1, *[1] * (z.dim() - 1)) * of.rates[n] * z for n, z in slopes.items()}


def descend(of: Batch, step: Tensor, steps: int, keep: bool = True) -> tuple[Path, Path]:
    """The weights at 0, h, 2h, …, and what each step took from them.

    Args:
        of: the problems.
        step: h of each.
        steps: how many.
        keep: whether all of them are kept, or the last alone.
    """
    path, taken = [of.weights], Path()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # of so few numbers
    try:
        for _ in range(steps):
            taken.append(moved(of, step))
            weights = {n: z - taken[-1][n] for n, z in of.weights.items()}
            of = replace(of, weights=weights)
            path.append(weights)
            if not keep:
                del path[:-1], taken[:-1]
    finally:
        torch.set_num_threads(threads)
    return path, taken


def own(problem: Problem, weights: Tensors, place: int) -> Named:
    """The weights of one problem without the padding."""
    return {
        name: _cut(weights[name][place], value.shape) for name, value in problem.start().items()
    }


def _cut(value: Tensor, shape: tuple[int, ...]) -> Floats:
    found: Floats = value[tuple(map(slice, shape))].numpy()
    return found
