"""f_m = Σ_i U_mi tanh(w_i·x)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    hidden = torch.tanh(torch.einsum("ij,j->i", w["W"], x["x"]))
    return torch.einsum("mi,i->m", w["U"], hidden)
