"""f = C s_3 of the recurrence s_t = a ∘ s_(t−1) + B x_t, s_0 = 0, over x, y, z."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    state = torch.zeros_like(w["a"])
    for name in ("x", "y", "z"):
        state = w["a"] * state + torch.mv(w["B"], x[name])
    return torch.mv(w["C"], state)
