"""f = V Σ_t (q·A t) t over the tokens t = a, b."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    tokens = torch.stack([x["a"], x["b"]])
    scores = torch.einsum("d,de,te->t", x["q"], w["A"], tokens)
    return torch.einsum("de,te,t->d", w["V"], tokens, scores)
