"""Single linear neurons f = a wᵀx side by side under gradient descent that torch really runs, rates 1.

Their loss ½ Σ (f(x) − y)² and their tangent kernel are differentiated by autograd: nothing of the
theory is used. Descent is off the flow by one order in the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from verify.papers.figure import Track, untracked

Floats = NDArray[np.float64]
DOUBLE = torch.float64


@dataclass(frozen=True)
class Neurons:
    """Neurons with data in common.

    Attributes:
        a: second layer, (neurons,) or, along descent, (records, neurons).
        w: first layer, (…, neurons, inputs).
        X: inputs, (points, inputs).
        targets: (points,).
    """

    a: Floats
    w: Floats
    X: Floats
    targets: Floats

    @property
    def beta(self) -> Floats:
        """The product a w."""
        return self.a[..., None] * self.w

    def at(self, record: int) -> Neurons:
        """One record alone."""
        return Neurons(self.a[record], self.w[record], self.X, self.targets)

    def losses(self) -> Floats:
        """½ Σ (f(x) − y)² of each."""
        left = self.beta @ self.X.T - self.targets
        return (left**2).sum(-1) / 2


def crowded(end: float, step: float, count: int) -> list[int]:
    """About so many numbers of steps up to an end, spaced as √: curves bend at the beginning."""
    places = np.round(end / step * np.linspace(0, 1, count) ** 2)
    return list(map(int, np.unique(places)))


def outputs(a: Tensor, w: Tensor, X: Tensor) -> Tensor:
    """f(x) = a w·x, (neurons, points)."""
    return a[:, None] * (w @ X.T)


def descend(
    start: Neurons, step: Floats, record: Sequence[int], track: Track = untracked
) -> Neurons:
    """Weights after each of some numbers of steps, increasing; a step is θ − h ∂L/∂θ.

    Args:
        start: one of each neuron.
        step: h of each, (neurons,).
        record: numbers of steps.
        track: of the records.
    """
    X, y, h = (torch.tensor(z, dtype=DOUBLE) for z in (start.X, start.targets, step))
    a, w = (torch.tensor(z, dtype=DOUBLE, requires_grad=True) for z in (start.a, start.w))
    kept = []
    for before, now in track(list(pairwise([0, *record])), len(record)):
        for _ in range(now - before):
            loss = ((outputs(a, w, X) - y) ** 2).sum() / 2
            by_a, by_w = torch.autograd.grad(loss, (a, w))
            with torch.no_grad():
                a, w = a - h * by_a, w - h[:, None] * by_w
            a.requires_grad_(), w.requires_grad_()
        kept.append((a.detach().numpy(), w.detach().numpy()))
    return Neurons(
        np.stack([z for z, _ in kept]), np.stack([z for _, z in kept]), start.X, start.targets
    )


def kernels(found: Neurons) -> Floats:
    """Tangent kernels Σ_θ ∂f(x)/∂θ ∂f(x′)/∂θ, (…, points, points)."""
    X = torch.tensor(found.X, dtype=DOUBLE)
    a = torch.tensor(found.a.reshape(-1), dtype=DOUBLE, requires_grad=True)
    w = torch.tensor(found.w.reshape(-1, found.w.shape[-1]), dtype=DOUBLE, requires_grad=True)
    points = outputs(a, w, X).sum(0)  # neurons are apart: the slope of a sum is that of each
    slopes = [torch.autograd.grad(f, (a, w), retain_graph=True) for f in points]
    J = torch.stack([torch.cat([by_a[:, None], by_w], -1) for by_a, by_w in slopes], 1)
    kernel = J @ J.transpose(1, 2)
    return kernel.reshape(*found.a.shape, *kernel.shape[1:]).numpy()


def distances(found: Neurons, start: Neurons) -> Floats:
    """S = 1 − ⟨K₁, K₂⟩/(‖K₁‖‖K₂‖) between the start and each record."""
    first, now = kernels(start), kernels(found)
    sizes = np.linalg.norm(first, axis=(-2, -1)) * np.linalg.norm(now, axis=(-2, -1))
    return 1 - (first * now).sum((-2, -1)) / sizes
