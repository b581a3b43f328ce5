"""Rates of layers, and where they may be absorbed.

Laws of an instance are found without rates. With them φ = θ/√η moves along √η v(√η φ) where θ, at the
rates 1, moves along v(θ). Of a gradient v that is homogeneous in each group of weights that share a rate
the two are multiples of each other, so that a law(θ) at the rates 1 is the law(φ) at all rates. Where a
field is not homogeneous, laws are looked at with equal rates alone, which only set the unit of time.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from symbolic.architecture.fields import Field
from verify.networks.graph import Named


def not_homogeneous(fields: Sequence[Field], rates: Sequence[str]) -> list[str]:
    """The rates in whose weights a field is not homogeneous, of two or more rates.

    Args:
        fields: with polynomial entries.
        rates: of the weights, entry by entry.
    """
    names = sorted(set(rates))
    if len(names) < 2:
        return []
    return [name for name in names if not all(_is_homogeneous(one, name, rates) for one in fields)]


def _is_homogeneous(field: Field, name: str, rates: Sequence[str]) -> bool:
    """Whether all terms of θ·v have one degree in the weights of a rate, as θ·∇c of a monomial c has."""
    found = {
        sum(e for e, rate in zip(m, rates, strict=True) if rate == name) + (rates[i] == name)
        for i, entry in field.items()
        for m in entry
    }
    return len(found) <= 1


def absorbed(weights: Named, rates: Named) -> dict[str, Tensor]:
    """φ = θ/√η, by layer."""
    return {name: value / _over(rates[name], value) for name, value in weights.items()}


def restored(weights: Named, rates: Named) -> dict[str, Tensor]:
    """θ = φ √η, by layer; of a gradient by θ, that by φ."""
    return {name: value * _over(rates[name], value) for name, value in weights.items()}


def flat(weights: Named) -> Tensor:
    """All weights of each problem in the order of the declaration, (problems, D)."""
    return torch.cat([value.reshape(len(value), -1) for value in weights.values()], 1)


def named(values: Tensor, like: Named) -> dict[str, Tensor]:
    """The same by layer again."""
    sizes = [value[0].numel() for value in like.values()]
    parts = torch.split(values, sizes, 1)
    return {
        name: part.reshape(len(part), *value.shape[1:])
        for (name, value), part in zip(like.items(), parts, strict=True)
    }


def _over(rate: Tensor, value: Tensor) -> Tensor:
    return rate.sqrt().reshape(-1, *[1] * (value.dim() - 1))
