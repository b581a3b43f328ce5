"""f = Σ_cp u_cp Σ_j w_cj x_(p+j)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    windows = x["x"].unfold(0, w["w"].shape[1], 1)
    return torch.einsum("cp,cj,pj->", w["u"], w["w"], windows)
