"""A problem of a named model: its weights and rates, its loss in torch, and what is seen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from verify.oracle.problem import Floats

Named = dict[str, Floats]
Tensors = Mapping[str, Tensor]
Vector = Sequence[Fraction]
Matrix = Sequence[Vector]
Place = tuple[str, int]  # of a weight's array, and in it


class Problem(ABC):
    """A model with its start and its data, exact.

    Attributes:
        name: what is told of it.
        model: as a case names it.
        padding: of weights beside 0, which must leave the loss alone.
        unstable: whether the flow ends at a saddle, which the roundings of descent leave.
    """

    name: str
    unstable: bool
    model: ClassVar[str]
    padding: ClassVar[Mapping[str, float]] = {}

    @abstractmethod
    def start(self) -> Named:
        """Weights at t = 0, rounded."""

    @abstractmethod
    def rates(self) -> Named:
        """A rate of every weight."""

    @abstractmethod
    def data(self) -> Named:
        """What the loss needs beside the weights."""

    @staticmethod
    @abstractmethod
    def losses(weights: Tensors, data: Tensors) -> Tensor:
        """The loss of each of several problems, (problems,), padded with zeros."""

    @abstractmethod
    def pace(self) -> float:
        """A bound on the rate at which anything moves away or together: 1/pace is a time scale."""

    @abstractmethod
    def observe(self, weights: Named) -> Named:
        """Everything that is compared with the theory."""

    @abstractmethod
    def sizes(self, weights: Named) -> Named:
        """Of every observable, the size of the terms that it is a sum of."""

    @abstractmethod
    def terms(self, weights: Any, sides: Sequence[bool]) -> Any:
        """The loss in numbers of any kind, on one side of its bends."""

    def watched(self) -> list[Place]:
        """Weights whose first passage through 0 is looked for."""
        return []

    def remaining(self, weights: Named) -> Floats:
        """What is left of the residual that the flow can still take away."""
        return self.observe(weights)["residual"]

    def kinks(self, weights: Mapping[str, Any]) -> Sequence[bool]:
        """On which side of its bends the loss is; nothing where it has none."""
        return ()


def tangent_kernel(outputs: Any, weights: Named, rates: Named) -> Floats:
    """Σ_θ η_θ ∂f/∂θ ∂fᵀ/∂θ by autograd, a row an output.

    Args:
        outputs: all of them, of a mapping of tensors.
        weights: where.
        rates: of every weight.
    """
    at = {name: torch.tensor(value, requires_grad=True) for name, value in weights.items()}
    roots = np.concatenate([np.sqrt(rates[name]).ravel() for name in weights])
    values, rows = outputs(at), []
    for value in values:
        slopes = torch.autograd.grad(value, tuple(at.values()), retain_graph=True)
        rows.append(np.concatenate([one.numpy().ravel() for one in slopes]) * roots)
    found: Floats = np.array(rows)
    return found @ found.T


def kernel_distance(one: Floats, other: Floats) -> float:
    """S = 1 − ⟨K₁, K₂⟩/(‖K₁‖‖K₂‖), by the part of K₂ across K₁; NaN where one is 0."""
    sizes = float(np.linalg.norm(one)), float(np.linalg.norm(other))
    if not all(sizes):
        return float("nan")
    first, second = one / sizes[0], other / sizes[1]
    cosine = float(np.sum(first * second))
    across = float(np.sum((second - cosine * first) ** 2))
    return across / (1 + cosine) if cosine > 0 else 1 - cosine


def floats(rows: Any) -> Floats:
    """An array of exact numbers, rounded."""
    found: Floats = np.vectorize(float, otypes=[np.float64])(np.array(rows, dtype=object))
    return found
