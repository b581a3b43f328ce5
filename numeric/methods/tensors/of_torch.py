"""What `library` asks of torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from numeric.methods.tensors import torch_curves, torch_operators, torch_plain, torch_warped
from numeric.methods.tensors.host import Numbers
from numeric.methods.tensors.library import Curves, Warped
from numeric.methods.tensors.torch_unchanged import Unchanged

if TYPE_CHECKING:
    from numeric.methods.tensors.reading import TensorProblem


class TorchLibrary:
    """torch, on any device."""

    xp: Any = torch

    def placed(self, values: Mapping[str, Any], leading: Sequence[str]) -> dict[str, Any]:
        """Values as tensors of one floating type on one device (see `Library`)."""
        like = _like(values, leading)
        return {
            name: value.to(like)
            if isinstance(value, Tensor)
            else torch.as_tensor(value, dtype=like.dtype, device=like.device)
            for name, value in values.items()
        }

    def decided(self, condition: Tensor) -> bool | None:
        """Whether a condition holds; None within `torch.func.vmap` and `torch.compile`."""
        if torch.compiler.is_compiling():
            return None
        try:
            return bool(condition)
        except RuntimeError:  # a tensor of many: vmap tells no value
            return None

    def row(self, array: Tensor, index: Tensor) -> Tensor:
        """One row of a tensor."""
        return torch.index_select(array, 0, index.reshape(1))[0]

    def to_numpy(self, array: Tensor) -> Any:
        """The values on the host; None within `torch.func` and `torch.compile`."""
        return torch_plain.to_numpy(array)

    def wide(self, array: Tensor) -> Tensor:
        """The same in float64."""
        return array.double()

    def still(self, array: Tensor) -> Tensor:
        """The same without derivative."""
        return array.detach()

    def is_constant(self, *arrays: Tensor) -> bool:
        """Whether none requires a gradient."""
        return not any(z.requires_grad for z in arrays)

    def copied(self, array: Tensor) -> Tensor:
        """A clone, of which derivatives are those of the tensor."""
        return array.clone()

    def unchanged(self, problem: TensorProblem) -> Unchanged | None:
        """Versions and values, outside of transforms."""
        return None if problem.seen is None else Unchanged(problem, problem.seen)

    def curves(self, problem: TensorProblem) -> Curves | None:
        """Those of float64 on the host, outside of transforms."""
        return torch_curves.of(problem)

    def warped(self, problem: TensorProblem) -> Warped | None:
        """That of plain tensors of the host."""
        return torch_warped.of(problem)

    def scalars(self, setting: str, given: Numbers) -> Tensor:
        """`host.scalars`."""
        return torch_operators.differentiable("scalars")(*given, setting)

    def neurons(self, setting: str, given: Numbers, changes: bool) -> Tensor:
        """`host.neurons`."""
        return torch_operators.differentiable("neurons")(*given, setting, changes)


def _like(values: Mapping[str, Any], leading: Sequence[str]) -> Tensor:
    """An empty tensor of the type and on the device that all shall have."""
    given = [z for z in values.values() if isinstance(z, Tensor)]
    first = [values[name] for name in leading if isinstance(values[name], Tensor)]
    floating = [z for z in first or given if z.is_floating_point()]
    dtype = torch.float64
    if floating:
        dtype = floating[0].dtype
        for z in floating:
            dtype = torch.promote_types(dtype, z.dtype)
    device = (first or given)[0].device if given else torch.device("cpu")
    return torch.empty((), dtype=dtype, device=device)


LIBRARY = TorchLibrary()
