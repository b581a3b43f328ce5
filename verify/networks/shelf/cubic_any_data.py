"""f_m = Σ_i U_mi (w_i·x)³."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    hidden = torch.einsum("ij,j->i", w["W"], x["x"])
    return torch.einsum("mi,i->m", w["U"], hidden**3)
