"""f_m = Σ_h P_mh (w_h·x) (v_h·x)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    return torch.einsum("mh,hi,hj,i,j->m", w["P"], w["W"], w["V"], x["x"], x["x"])
