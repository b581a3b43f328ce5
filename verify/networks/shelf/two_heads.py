"""f = Σ_h V_h Σ_t (K_h t·Q_h q) t over heads h = 1, 2 and the tokens t = a, b."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    tokens = torch.stack([x["a"], x["b"]])
    Q, K, V = (torch.stack([w[f"{name}1"], w[f"{name}2"]]) for name in "QKV")
    scores = torch.einsum("hkd,d,hke,te->ht", Q, x["q"], K, tokens)
    return torch.einsum("hde,te,ht->d", V, tokens, scores)
