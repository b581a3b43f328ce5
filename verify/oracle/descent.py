"""Gradient descent that torch really runs: the oracle. It shares no code with the theory.

Descent is not flow: the error of a trajectory is of order one in the step. Runs at steps h, h/2,
h/4 … are therefore extrapolated to h = 0 (Richardson), and the difference of the last two
extrapolations says how far the result can be believed.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from verify import losses
from verify.networks import activation, two_layer
from verify.oracle.problem import Batch

PARALLEL = 100_000  # preactivations of a batch, from which on several threads are faster


def gradient(batch: Batch, u: Tensor, W: Tensor) -> tuple[Tensor, Tensor]:
    """∂L/∂u and ∂L/∂W of every network, by autograd."""
    u, W = u.detach().requires_grad_(), W.detach().requires_grad_()
    values = two_layer.loss(
        u,
        W,
        batch.X,
        batch.targets,
        batch.counted,
        batch.real,
        batch.gamma,
        activation(batch.network),
        losses.loss(batch.loss),
        batch.reduction,
    )
    by_u, by_W = torch.autograd.grad(values.sum(), (u, W))
    return by_u, by_W


def descend(
    batch: Batch, step: Tensor, steps: int, record: Sequence[int] = ()
) -> dict[int, tuple[Tensor, Tensor]]:
    """Plain gradient descent with a rate per layer.

    Args:
        batch: the networks and their initial weights.
        step: h of each network, shape (B,); one step moves θ by −h η_θ ∂L/∂θ.
        steps: how many.
        record: numbers of steps after which the weights are kept; `steps` always is.
    """
    u, W = batch.u.clone(), batch.W.clone()
    step_u, step_W = (step * batch.eta_u)[:, None], (step * batch.eta_w)[:, None, None]
    kept = {0: (u, W)} if 0 in record else {}
    with _threads_that_pay(batch):
        for number in range(1, steps + 1):
            by_u, by_W = gradient(batch, u, W)
            u, W = u - step_u * by_u, W - step_W * by_W
            if number == steps or number in record:
                kept[number] = (u, W)
    return kept


def halvings(batch: Batch, time: Tensor, steps: int, levels: int) -> list[tuple[Tensor, Tensor]]:
    """Weights at `time` (B,) from runs of `steps` steps, twice as many, and so on.

    The runs go side by side as one tensor program, and each leaves it when it has arrived.
    """
    count = len(time)
    together = batch.rows(torch.arange(count).repeat(levels))
    step = torch.cat([time / (steps << level) for level in range(levels)])
    runs, done = [], 0
    for level in range(levels):
        further = (steps << level) - done
        u, W = descend(together, step, further)[further]
        runs.append((u[:count], W[:count]))
        together = replace(together, u=u, W=W).rows(slice(count, None))
        step, done = step[count:], steps << level
    return runs


@contextlib.contextmanager
def _threads_that_pay(batch: Batch) -> Iterator[None]:
    """One thread for small batches: torch splits a thousand numbers among threads.

    They then wait for each other at every operation, thirty times longer on a busy machine.
    """
    threads = torch.get_num_threads()
    if batch.targets.numel() * batch.u.shape[1] < PARALLEL:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@dataclass(frozen=True)
class Extrapolated:
    """Weights of the flow, extrapolated from descent, with an error estimate per weight."""

    u: Tensor
    W: Tensor
    error_u: Tensor
    error_W: Tensor


def richardson(values: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Limit of values at h, h/2, h/4 … whose error is a power series in h, and its error.

    The error is the difference from the extrapolation that lacks the coarsest run.
    """
    row = list(values)
    order = 0
    while len(row) > 1:
        order += 1
        last = row[-1]
        row = [
            (2**order * fine - coarse) / (2**order - 1) for coarse, fine in itertools.pairwise(row)
        ]
    return row[0], (row[0] - last).abs()


def flow(batch: Batch, time: Tensor, steps: int, levels: int = 5) -> Extrapolated:
    """The flow at `time` (B,), from descent with `steps` steps, twice as many, and so on."""
    runs = halvings(batch, time, steps, levels)
    u, error_u = richardson([run[0] for run in runs])
    W, error_W = richardson([run[1] for run in runs])
    return Extrapolated(u, W, error_u, error_W)


def outputs(batch: Batch, u: Tensor, W: Tensor) -> Tensor:
    """The output at every input, shape (B, n)."""
    sigma = activation(batch.network)
    return two_layer.forward(u, W, batch.X, batch.real, batch.gamma, sigma)


def tangent_kernel_rate(
    batch: Batch, u: Tensor, W: Tensor, curvature: Tensor | None = None
) -> Tensor:
    """The speed of learning: mean over data of ½ ℓ″ Σ_θ η_θ (∂f(x)/∂θ)², shape (B,), by autograd.

    A sum where the loss is one. ½ ℓ″, which is 1 for the square, is taken at the output, or as given,
    shape (B, n).
    """
    u, W = u.detach().requires_grad_(), W.detach().requires_grad_()
    places = outputs(batch, u, W)
    if curvature is None:
        curvature = losses.derivatives(batch.loss, places, batch.targets)[1]
    rate = torch.zeros(u.shape[0], dtype=u.dtype)
    for index in range(places.shape[1]):
        by_u, by_W = torch.autograd.grad(places[:, index].sum(), (u, W), retain_graph=True)
        here = batch.eta_u * (by_u**2).sum(1) + batch.eta_w * (by_W**2).sum((1, 2))
        rate = rate + here * batch.counted[:, index] * curvature[:, index] / 2
    return (rate / (batch.counted.sum(1) if batch.reduction == "mean" else 1)).detach()
