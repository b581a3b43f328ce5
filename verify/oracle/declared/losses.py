"""Losses of the outputs at one input: any, any of their differences, or one by its name.

A problem has a share of each loss of its class; a sum of losses is a loss.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from verify import losses

Loss = Callable[[Tensor, Tensor], Tensor]
"""ℓ(f, y): all outputs at one input, and as many targets."""


def _coupled(f: Tensor, y: Tensor) -> Tensor:
    """Log Σ_k cosh(k (f₁ − y₁) + …): no sum over outputs."""
    places = torch.arange(1.0, 1 + f.numel(), dtype=f.dtype) / f.numel()
    return torch.logsumexp(torch.cat([places * (f - y), y - f]), 0)


def _cross_entropy(f: Tensor, y: Tensor) -> Tensor:
    """Of logits f with the classes' probabilities softmax(y)."""
    return torch.logsumexp(f, 0) - torch.softmax(y, 0) @ f


def _centred(f: Tensor, y: Tensor) -> Tensor:
    """Squares of what is left without the mean: another loss of differences."""
    return ((f - f.mean() - y) ** 2).sum()


CLASSES = ("any", "softmax")  # of a loss in other units another is of the class


def of_class(name: str) -> Sequence[Loss]:
    """The losses of a class, or one by its name.

    Args:
        name: "any", "softmax" or the name of a loss.

    Raises:
        ValueError: for a name that nobody knows.
    """
    if name == "any":
        return (_by_name("square"), _by_name("log_cosh"), _coupled)
    if name == "softmax":
        return (_cross_entropy, _centred)
    return (_by_name(name),)


def targets(name: str) -> str:
    """What the targets of a class may be: any numbers, ±1, or from 0 to 1."""
    return losses.REAL if name in ("any", "softmax") else losses.targets(name)


def _by_name(name: str) -> Loss:
    one = losses.loss(name)
    return lambda f, y: one(f, y).sum()
