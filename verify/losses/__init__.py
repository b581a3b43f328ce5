"""Losses are known by their name: ℓ(f, y) in torch, element by element, and where its slope bends.

A name is looked up in a file of that name beside this one, then in the table below: torch's own function
where it has one. Derivatives are autograd's.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]
REAL, SIGNS, PROBABILITIES = "real", "signs", "probabilities"  # what targets may be


def _square(f: Tensor, y: Tensor) -> Tensor:
    return (f - y) ** 2


def _log_cosh(f: Tensor, y: Tensor) -> Tensor:
    """With both derivatives finite far away, where those of log cosh and of logaddexp are not."""
    return F.softplus(2 * (f - y), threshold=600) - (f - y) - math.log(2)


def _binary_cross_entropy(f: Tensor, y: Tensor) -> Tensor:
    """Of logits; as torch's own sums it, two digits are left at f = −31."""
    up, down = (F.softplus(side * f, threshold=600) for side in (1, -1))
    return (1 - y) * up + y * down


OWN: dict[str, Loss] = {
    "square": _square,
    "half_square": lambda f, y: F.mse_loss(f, y, reduction="none") / 2,
    "quartic": lambda f, y: (f - y) ** 4,
    "huber": functools.partial(F.huber_loss, reduction="none"),
    "log_cosh": _log_cosh,
    # torch's soft_margin_loss has no slope at f = −1e9.
    "logistic": lambda f, y: F.softplus(-y * f, threshold=600),
    "exponential": lambda f, y: torch.exp(-y * f),
    "hinge": lambda f, y: F.relu(1 - y * f),
    "binary_cross_entropy": _binary_cross_entropy,
}
# 0 where the slope or its slope jumps, of one sign on each side.
BENDS: dict[str, Loss] = {
    "huber": lambda f, y: (f - y).abs() - 1,
    "hinge": lambda f, y: 1 - y * f,
}
TARGETS = {
    "logistic": SIGNS, "exponential": SIGNS, "hinge": SIGNS, "binary_cross_entropy": PROBABILITIES,
}  # fmt: skip


@functools.cache
def loss(name: str) -> Loss:
    """ℓ(f, y) of a loss by its name.

    Raises:
        ValueError: for a name that nobody knows.
    """
    found = _from_file(name, "loss") or OWN.get(name)
    if found is None:
        raise ValueError(
            f"no loss {name!r}: one of {', '.join(OWN)}; a file verify/losses/{name}.py with a function "
            "loss(f, y) would be used"
        )
    return found


@functools.cache
def bend(name: str) -> Loss | None:
    """What is 0 where the loss is not smooth; None for a smooth one."""
    return _from_file(name, "bend") or BENDS.get(name)


def targets(name: str) -> str:
    """What the targets of a loss may be: any numbers, ±1, or from 0 to 1."""
    return TARGETS.get(name, REAL)


@functools.cache
def is_square(name: str) -> bool:
    """Whether ℓ is a multiple of (f − y)²: then twice the error is four times the loss, at any y."""
    error = 1.25 * 2.0 ** torch.arange(-20, 20, dtype=torch.float64)
    error, function = torch.cat([error, -error]), loss(name)
    # Powers of two are exact in floats, so that a square passes without a tolerance.
    one, two = (function(factor * error, torch.zeros_like(error)) for factor in (1, 2))
    return torch.equal(two, 4 * one) and shifts(name)


def shifts(name: str) -> bool:
    """Whether it is a function of f − y alone, by values at whole numbers."""
    f, y = torch.meshgrid(*2 * (torch.arange(-8.0, 8.0, dtype=torch.float64),), indexing="ij")
    return torch.allclose(loss(name)(f + 4, y + 4), loss(name)(f, y), rtol=1e-12, atol=1e-12)


def derivatives(name: str, f: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """∂ℓ/∂f and ∂²ℓ/∂f², by autograd, of the same shape as f."""
    place = f.detach().requires_grad_()
    value = loss(name)(place, y)
    (slope,) = torch.autograd.grad(value.sum(), place, create_graph=True)
    if not slope.requires_grad:  # constant on every branch
        return slope.detach(), torch.zeros_like(slope)
    (curvature,) = torch.autograd.grad(slope.sum(), place, allow_unused=True)
    if curvature is None:
        curvature = torch.zeros_like(slope)
    return slope.detach(), curvature


def _from_file(name: str, function: str) -> Loss | None:
    if not (name.isidentifier() and name.islower()) or name.startswith("_"):
        return None
    module = f"{__name__}.{name}"
    if importlib.util.find_spec(module) is None:
        return None
    return getattr(importlib.import_module(module), function, None)
