"""How many directions descent reaches, in floats: what laws and brackets say, seen another way.

A chain of short flows, each at other inputs with other signals to the outputs (the slopes of some loss),
ends where their lengths say. The rank of that end by the lengths is the dimension of what can be reached,
for long enough chains the rank of the Lie algebra (Krener 1974). Steps of Runge and Kutta leave the leaf
of the laws a little: such a singular value falls with the step, one of a direction that is reached stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from symbolic.architecture.instance import Instance
from verify.networks.graph import Named
from verify.oracle.declared.descent import outputs
from verify.oracle.declared.drawing import draw
from verify.oracle.declared.problem import Problems
from verify.properties.declared.rates import absorbed, flat

LENGTH, STEPS = 0.1, 8  # of a flow, in lengths of the weights; for the finer chain twice as many
DIFFERENCE = 1e-5  # of lengths: what is left of its square is far below what is seen
NOISE, STAYS, FALLS = 1e-5, 0.1, 0.6  # below which nothing is seen; by how much a value may change


@dataclass(frozen=True)
class Reached:
    """Singular values of the end by the lengths, largest first.

    Attributes:
        values: with the finer steps.
        ratios: of these to those with the coarser steps.
    """

    values: tuple[float, ...]
    ratios: tuple[float, ...]

    @property
    def least(self) -> int:
        """Directions that are seen for certain."""
        return sum(
            value > NOISE and abs(ratio - 1) < STAYS
            for value, ratio in zip(self.values, self.ratios, strict=True)
        )

    @property
    def most(self) -> int:
        """With those that are not decided."""
        return sum(
            value > NOISE and ratio > FALLS
            for value, ratio in zip(self.values, self.ratios, strict=True)
        )


def reached(instance: Instance, seed: int = 0) -> Reached:
    """Singular values from one random start.

    Args:
        instance: of a declared network.
        seed: of the start, inputs and signals.

    Raises:
        ValueError: where there are gates, across which no step keeps the laws to such an order.
    """
    if any(one.kind == "gate" for one in instance.generated):
        raise ValueError(f"{instance.model.name}: steps across a gate leave the leaf of the laws")
    count = 2 * instance.weights + 4
    drawn = draw(instance.model, instance.sizes, count, seed, instance=instance, is_tame=False)
    coarse, fine = (_Chain(drawn, seed, steps).singular_values() for steps in (STEPS, 2 * STEPS))
    ratios = torch.where(coarse > 0, fine / coarse, 0)
    return Reached(tuple(fine.tolist()), tuple(ratios.tolist()))


class _Chain:
    """Flows one after another: a row as it is, and two for each length, a little longer and shorter."""

    def __init__(self, drawn: Problems, seed: int, steps: int) -> None:
        self.drawn, self.steps, count = drawn, steps, drawn.count
        generator = torch.Generator().manual_seed(seed)
        self.signals = torch.randn(drawn.targets.shape, dtype=torch.float64, generator=generator)
        if drawn.model.loss == "softmax":
            self.signals -= self.signals.mean(2, keepdim=True)
        self.rows = drawn.rows(torch.zeros(2 * count + 1, dtype=torch.long))
        changes = torch.eye(count, dtype=torch.float64).repeat_interleave(2, 0)
        signs = torch.tensor([1.0, -1.0], dtype=torch.float64).repeat(count)[:, None]
        self.lengths = 1 + DIFFERENCE * torch.cat([torch.zeros(1, count), signs * changes])

    def singular_values(self) -> Tensor:
        """Of the derivatives of the end by the lengths, each of length 1."""
        weights: Named = self.rows.weights
        for k in range(self.drawn.count):
            weights = self._flow(weights, k)
        ends = flat(absorbed(weights, self.rows.rates))
        by_lengths = (ends[1::2] - ends[2::2]) / (2 * DIFFERENCE)
        sizes = by_lengths.norm(dim=1, keepdim=True)
        return torch.linalg.svdvals(by_lengths / (sizes + (sizes == 0)))

    def _flow(self, weights: Named, k: int) -> Named:
        """The k-th flow; none where nothing moves."""
        first, speed = (
            flat(absorbed(one, self.rows.rates))[0].norm()
            for one in (weights, self._velocity(weights, k))
        )
        if not speed > 0:
            return weights
        step = LENGTH * first / speed / self.steps * self.lengths[:, k]
        for _ in range(self.steps):
            one = self._velocity(weights, k)
            two = self._velocity(_moved(weights, step / 2, one), k)
            three = self._velocity(_moved(weights, step / 2, two), k)
            four = self._velocity(_moved(weights, step, three), k)
            mean = {n: (one[n] + 2 * two[n] + 2 * three[n] + four[n]) / 6 for n in one}
            weights = _moved(weights, step, mean)
        return weights

    def _velocity(self, weights: Named, k: int) -> dict[str, Tensor]:
        """η ∘ Σ signal · ∂f/∂θ at the k-th inputs."""
        count = self.rows.count
        inputs = {n: v[k].expand(count, *v.shape[1:]) for n, v in self.drawn.inputs.items()}
        at = {n: v.detach().requires_grad_() for n, v in weights.items()}
        f = outputs(replace(self.rows, weights=at, inputs=inputs))
        total = (f * self.signals[k]).sum()
        slopes = torch.autograd.grad(total, tuple(at.values()), materialize_grads=True)
        return {
            n: slope * _over(self.rows.rates[n], slope) for n, slope in zip(at, slopes, strict=True)
        }


def _moved(weights: Named, step: Tensor, along: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {n: value + _over(step, value) * along[n] for n, value in weights.items()}


def _over(factor: Tensor, value: Tensor) -> Tensor:
    return factor.reshape(-1, *[1] * (value.dim() - 1))
