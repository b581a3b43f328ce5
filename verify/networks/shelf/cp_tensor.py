"""f = Σ_r (A_r·x)(B_r·y)(C_r·z), a tensor Σ_r A_r ⊗ B_r ⊗ C_r met by x ⊗ y ⊗ z."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    tensor = torch.einsum("ri,rj,rk->ijk", w["A"], w["B"], w["C"])
    return torch.einsum("ijk,i,j,k->", tensor, x["x"], x["y"], x["z"])
