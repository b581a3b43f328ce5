"""f = g ∘ (V x) over the norms of the rows of V = W + B A, W frozen."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    directions = frozen["W"] + w["B"] @ w["A"]
    units = directions / torch.linalg.vector_norm(directions, dim=1, keepdim=True)
    return torch.mv(w["g"][:, None] * units, x["x"])
