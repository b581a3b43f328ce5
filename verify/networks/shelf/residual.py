"""z = x + B₁ A₁ x, f = z + B₂ A₂ z."""

from __future__ import annotations

from collections.abc import Mapping

import torch.nn.functional as F
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    z = x["x"] + F.linear(F.linear(x["x"], w["A1"]), w["B1"])
    return z + F.linear(F.linear(z, w["A2"]), w["B2"])
