"""Weights of problems with their rates: by layer, over the roots of rates, in one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from verify.networks.graph import Named
from verify.oracle.declared.problem import Problems


@dataclass(frozen=True)
class State:
    """Weights of problems side by side, or steps of them.

    Attributes:
        weights: by layer, (problems, *shape).
        by_layer: the rate of each layer, (problems,).
        by_name: the same by the rates' names.
    """

    weights: Named
    by_layer: Named
    by_name: Named

    def at(self, weights: Named) -> State:
        """Other weights at the same rates."""
        return replace(self, weights=weights)

    def at_rate_one(self) -> State:
        """The same weights, as if all rates were 1."""
        ones = [
            {name: torch.ones_like(rate) for name, rate in rates.items()}
            for rates in (self.by_layer, self.by_name)
        ]
        return State(self.weights, *ones)

    @property
    def absorbed(self) -> dict[str, Tensor]:
        """φ = θ/√η, by layer."""
        return absorbed(self.weights, self.by_layer)


def state(problems: Problems) -> State:
    """The weights of problems."""
    names = {name: layer.rate for name, layer in problems.model.layers.items()}
    by_name = {rate: problems.rates[name] for name, rate in names.items()}
    return State(problems.weights, problems.rates, by_name)


def absorbed(weights: Named, rates: Named) -> dict[str, Tensor]:
    """φ = θ/√η, by layer."""
    return {name: value / _over(rates[name], value) for name, value in weights.items()}


def restored(weights: Named, rates: Named) -> dict[str, Tensor]:
    """θ = φ √η, by layer."""
    return {name: value * _over(rates[name], value) for name, value in weights.items()}


def flat(weights: Mapping[str, Tensor]) -> Tensor:
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
