"""f = Σ_t softmax_t(Q q·K x_t) V x_t over the rows x_t of X."""

from __future__ import annotations

from collections.abc import Mapping

import torch.nn.functional as F
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    query, keys = w["Q"] @ x["q"], F.linear(x["X"], w["K"])
    return F.softmax(keys @ query, dim=0) @ F.linear(x["X"], w["V"])
