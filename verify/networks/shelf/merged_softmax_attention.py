"""f = Σ_t softmax_t(q·A x_t) V x_t over the rows x_t of X."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    scores = torch.einsum("d,de,te->t", x["q"], w["A"], x["X"])
    return torch.einsum("t,de,te->d", F.softmax(scores, dim=0), w["V"], x["X"])
