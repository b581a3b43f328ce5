"""f = O V Σ_t (K t·Q q) t over the tokens t = a, b."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    tokens = torch.stack([x["a"], x["b"]])
    scores = torch.einsum("kd,d,ke,te->t", w["Q"], x["q"], w["K"], tokens)
    return torch.einsum("dv,ve,te,t->d", w["O"], w["V"], tokens, scores)
