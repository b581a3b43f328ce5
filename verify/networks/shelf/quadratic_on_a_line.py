"""f = Σᵢ uᵢ (wᵢ·x)²."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    return torch.einsum("h,h->", w["U"], torch.einsum("hn,n->h", w["W"], x["x"]) ** 2)
