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
    return _taken(of, _per_weight(of, step))


def _per_weight(of: Batch, step: Tensor) -> dict[str, Tensor]:
    """H η."""
    return {n: step.reshape(-1, *[1] * (z.dim() - 1)) * z for n, z in of.rates.items()}


def _taken(of: Batch, steps: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {n: steps[n] * z for n, z in gradient(of).items()}


def descend(of: Batch, step: Tensor, steps: int, keep: bool = True) -> tuple[Path, Path]:
    """The weights at 0, h, 2h, …, and what each step took from them.

    Args:
        of: the problems.
        step: h of each.
        steps: how many.
        keep: whether all of them are kept, or the last alone.
    """
    path, taken, per_weight = [of.weights], Path(), _per_weight(of, step)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # of so few numbers
    try:
        for _ in range(steps):
            taken.append(_taken(of, per_weight))
            weights = {n: z - taken[-1][n] for n, z in of.weights.items()}
            of = replace(of, weights=weights)
            path.append(weights)
            if not keep:
                del path[:-1], taken[:-1]
    finally:
        torch.set_num_threads(threads)
    return path, taken


def repeated(of: Batch, levels: int) -> Batch:
    """Problems so many times: a block of all of them for every level."""
    return of.rows(torch.arange(len(next(iter(of.weights.values())))).repeat(levels))


def halvings(
    of: Batch, step: Tensor, steps: int, levels: int, keep: bool = True
) -> list[tuple[Path, Path]]:
    """What `descend` gives, by level: with steps h, twice as many of h/2, … side by side.

    In one batch they cost little more than the last of them does alone.

    Args:
        of: the problems, `repeated`.
        step: h of each problem.
        steps: how many of the longest.
        levels: halvings and one.
        keep: whether all of them are kept, or the last alone.
    """
    size, done = len(step), 0
    found: list[tuple[Path, Path]] = [
        ([_block(of.weights, k, size)], Path()) for k in range(levels)
    ]
    for level in range(levels):  # which ends now, and those after it go on
        short = torch.cat([step / (1 << k) for k in range(level, levels)])
        path, taken = descend(of, short, (steps << level) - done, keep)
        done = steps << level
        for k in range(level, levels):
            there = found[k]
            for one, more in zip(there, (path[1:] if keep else path, taken), strict=True):
                one.extend(_block(at, k - level, size) for at in more)
                if not keep:
                    del one[:-1]
        of = replace(of, weights=path[-1]).rows(torch.arange(size, len(short)))
    return found


def _block(weights: Mapping[str, Tensor], k: int, size: int) -> dict[str, Tensor]:
    return {n: z[k * size : (k + 1) * size] for n, z in weights.items()}


def own(problem: Problem, weights: Tensors, place: int) -> Named:
    """The weights of one problem without the padding."""
    return {
        name: _cut(weights[name][place], value.shape) for name, value in problem.start().items()
    }


def _cut(value: Tensor, shape: tuple[int, ...]) -> Floats:
    found: Floats = value[tuple(map(slice, shape))].numpy()
    return found
