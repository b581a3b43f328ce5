"""f = U (W a + V b)², one layer (W V) on the one-hot pair (a, b)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    pair = torch.cat([x["a"], x["b"]])
    hidden = F.linear(pair, torch.cat([w["W"], w["V"]], dim=1))
    return F.linear(hidden.square(), w["U"])
