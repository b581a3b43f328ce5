"""Which tensors numpy can read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import forward_ad


def to_numpy(array: Tensor) -> Any:
    """The values on the host, in float64; None within `torch.func` and `torch.compile`."""
    if torch.compiler.is_compiling():
        return None
    try:
        if array.device.type == "cpu" and array.dtype == torch.float64:
            return array.detach().numpy()
        return array.detach().cpu().double().numpy()
    except RuntimeError:  # a tensor of a transform has no storage
        return None


def is_plain(*tensors: Tensor) -> bool:
    """Whether tensors are float64 of the host, without tangents of forward mode."""
    unpack: Callable[[Tensor], Any] = forward_ad.unpack_dual
    return all(
        z.dtype == torch.float64 and z.device.type == "cpu" and unpack(z).tangent is None
        for z in tensors
    )
