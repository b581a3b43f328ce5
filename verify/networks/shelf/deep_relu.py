"""f = U relu(V relu(W x))."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    first = torch.relu(F.linear(x["x"], w["W"]))
    second = torch.relu(F.linear(first, w["V"]))
    return F.linear(second, w["U"])
