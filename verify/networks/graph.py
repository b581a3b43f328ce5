"""The graph of a declared network in torch: what serves where nobody wrote the network by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.sizes import Shape
from symbolic.architecture.tensor import Tensor as Node
from symbolic.architecture.walk import computed
from verify.networks import activation

Named = Mapping[str, Tensor]
Forward = Callable[[Named, Named, Named], Tensor]
"""The output at one input: of weights, the entries of the inputs, and untrained weights, by name."""


def forward(model: Model, sizes: Sizes) -> Forward:
    """The output of a declaration at fixed sizes, as torch computes its graph.

    Raises:
        ValueError: when called, where a value has another shape than its node.
    """
    root = model.graph.output

    def found(weights: Named, inputs: Named, frozen: Named) -> Tensor:
        leaves = {"weight": weights, "input": inputs, "frozen": frozen}
        return computed(root, _Torch(sizes, leaves))

    return found


@dataclass(frozen=True)
class _Torch:
    """The operations of a graph in torch."""

    sizes: Sizes
    leaves: Mapping[str, Named]

    def node(self, tensor: Node, of: tuple[Tensor, ...]) -> Tensor:
        """The value of a node; torch would stretch what does not fit, so its shape is compared."""
        found: Tensor = getattr(self, f"_{tensor.operation}")(tensor, *of)
        if tuple(found.shape) != self._at(tensor.shape):
            raise ValueError(f"{tensor}: shape {tuple(found.shape)}, not {self._at(tensor.shape)}")
        return found

    def _at(self, shape: Shape) -> tuple[int, ...]:
        return tuple(size.at(self.sizes) for size in shape)

    def _leaf(self, tensor: Node) -> Tensor:
        kind, name = tensor.detail
        return self.leaves[kind][name]

    def _number(self, tensor: Node) -> Tensor:
        value, powers = tensor.detail
        found = float(value)
        for size, exponent in powers:
            found *= float(size.at(self.sizes)) ** exponent
        return torch.tensor(found, dtype=torch.float64)

    def _eye(self, tensor: Node) -> Tensor:
        return torch.eye(tensor.shape[0].at(self.sizes), dtype=torch.float64)

    def _matmul(self, tensor: Node, a: Tensor, b: Tensor) -> Tensor:
        return a @ b

    def _transpose(self, tensor: Node, a: Tensor) -> Tensor:
        return a.transpose(-1, -2)

    def _add(self, tensor: Node, a: Tensor, b: Tensor) -> Tensor:
        return a + b

    def _multiply(self, tensor: Node, a: Tensor, b: Tensor) -> Tensor:
        return a * b

    def _power(self, tensor: Node, a: Tensor) -> Tensor:
        return a**tensor.detail

    def _sum(self, tensor: Node, a: Tensor) -> Tensor:
        return a.sum(-1)

    def _repeat(self, tensor: Node, a: Tensor) -> Tensor:
        return a[..., None].expand(self._at(tensor.shape))

    def _correlate(self, tensor: Node, w: Tensor, x: Tensor) -> Tensor:
        windows = x.unfold(-1, w.shape[-1], 1)  # (channels,) positions, places of the filter
        if w.dim() == 3:
            return torch.einsum("cdk,dpk->cp", w, windows)
        return torch.einsum("...k,pk->...p", w, windows)

    def _apply(self, tensor: Node, a: Tensor) -> Tensor:
        return activation(tensor.detail)(a)
