"""f = g v·x/‖v‖."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    return w["g"] * torch.dot(w["v"], x["x"]) / torch.linalg.vector_norm(w["v"])
