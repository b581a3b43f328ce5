"""f = u·(a − μ)/σ with a = W x, μ its mean, σ² its variance: mean of (a − μ)²."""

from __future__ import annotations

from collections.abc import Mapping

import torch.nn.functional as F
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    a = F.linear(x["x"], w["W"])
    return (w["u"] * F.layer_norm(a, a.shape, eps=0.0)).sum()
