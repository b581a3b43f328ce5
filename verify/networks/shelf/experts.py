"""f = Σ_k softmax_k(G x) (E x)_k."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    return torch.dot(torch.softmax(torch.mv(w["G"], x["x"]), 0), torch.mv(w["E"], x["x"]))
