"""Plain gradient descent of declared networks, a rate per layer, problems side by side."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.func import vmap

from verify.networks.graph import Named
from verify.oracle.declared.losses import of_class
from verify.oracle.declared.problem import Problems

TURNS, DIFFERENCE = 8, 1e-4


def outputs(problems: Problems) -> Tensor:
    """All outputs, (problems, inputs, outputs); without inputs there is one point."""

    def at(weights: Named, inputs: Named, point: Tensor) -> Tensor:
        return problems.forward(weights, inputs, problems.frozen).reshape(-1)

    points = next((value.shape[1] for value in problems.inputs.values()), 1)
    every = vmap(vmap(at, in_dims=(None, 0, 0)))
    return every(problems.weights, problems.inputs, torch.zeros(problems.count, points))


def gradient(problems: Problems) -> dict[str, Tensor]:
    """∂L/∂θ of each problem by autograd, L = Σ over inputs of the losses' shares, by layer."""
    of_losses = of_class(problems.model.loss)

    def at(weights: Named, inputs: Named, target: Tensor, unit: Tensor, shares: Tensor) -> Tensor:
        f = problems.forward(weights, inputs, problems.frozen).reshape(-1)
        return shares @ torch.stack([loss(f / unit, target / unit) for loss in of_losses])

    weights = {n: value.detach().requires_grad_() for n, value in problems.weights.items()}
    every = vmap(vmap(at, in_dims=(None, 0, 0, None, None)))
    given = weights, problems.inputs, problems.targets, problems.units, problems.shares
    values = every(*given)
    if not values.requires_grad:  # no weight is in the output
        return {name: torch.zeros_like(value) for name, value in weights.items()}
    slopes = torch.autograd.grad(values.sum(), tuple(weights.values()), materialize_grads=True)
    return dict(zip(weights, slopes, strict=True))


def curvature(problems: Problems) -> Tensor:
    """About the largest eigenvalue of √η ∂²L/∂θ² √η, in size, (problems,): by powers, of differences."""
    roots = {n: _over(problems.rates[n].sqrt(), v) for n, v in problems.weights.items()}
    along: Named = {n: torch.ones_like(v) for n, v in problems.weights.items()}
    size = torch.zeros(problems.count, dtype=torch.float64)
    for _ in range(TURNS):
        length = _length(along)
        step = {n: DIFFERENCE * roots[n] * v / _over(length, v) for n, v in along.items()}
        ahead, behind = (
            gradient(problems.at({n: v + side * step[n] for n, v in problems.weights.items()}))
            for side in (1, -1)
        )
        along = {n: roots[n] * (ahead[n] - behind[n]) / (2 * DIFFERENCE) for n in ahead}
        size = _length(along)
    return size


def _length(named: Named) -> Tensor:
    squares = [(value**2).reshape(len(value), -1).sum(1) for value in named.values()]
    return torch.stack(squares).sum(0).sqrt()


def step(problems: Problems, length: Tensor) -> dict[str, Tensor]:
    """θ − h η ∂L/∂θ.

    Args:
        problems: with their weights.
        length: h of each problem, (problems,).
    """
    slopes = gradient(problems)
    return {
        name: value - _over(length * problems.rates[name], value) * slopes[name]
        for name, value in problems.weights.items()
    }


def descend(problems: Problems, length: Tensor, steps: int) -> Problems:
    """So many steps of a length each."""
    for _ in range(steps):
        problems = problems.at(step(problems, length))
    return problems


def halvings(problems: Problems, time: float, steps: int, levels: int) -> list[dict[str, Tensor]]:
    """Weights at a time from runs of `steps` steps, twice as many, and so on, side by side."""
    count = problems.count
    together = problems.rows(torch.arange(count).repeat(levels))
    lengths = [time / (steps << k) for k in range(levels)]
    length = torch.tensor(lengths, dtype=torch.float64).repeat_interleave(count)
    runs, done = [], 0
    for level in range(levels):
        together = descend(together, length, (steps << level) - done)
        done = steps << level
        runs.append({name: value[:count] for name, value in together.weights.items()})
        together, length = together.rows(torch.arange(count, len(length))), length[count:]
    return runs


def _over(factor: Tensor, value: Tensor) -> Tensor:
    return factor.reshape(-1, *[1] * (value.dim() - 1))
