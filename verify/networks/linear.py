"""The two-layer linear network in torch, written by hand from Xu & Ziyin 2025, Eq. 1, at power 1.

Batched: a leading axis B runs over independent networks. Networks of different sizes share a batch
by padding with zeros, which gradient descent leaves at zero.
"""

from __future__ import annotations

import torch
from torch import Tensor


def preactivation(W: Tensor, X: Tensor) -> Tensor:
    """H = W x, shapes (B, d, d0), (B, n, d0) → (B, n, d)."""
    return X @ W.transpose(-1, -2)


def forward(u: Tensor, W: Tensor, X: Tensor, gamma: Tensor) -> Tensor:
    """f(x) = γ Σᵢ uᵢ Σⱼ wᵢⱼ xⱼ, shape (B, n); u is (B, d), gamma (B,)."""
    return gamma[:, None] * torch.einsum("bnd,bd->bn", preactivation(W, X), u)


def loss(
    u: Tensor, W: Tensor, X: Tensor, targets: Tensor, counted: Tensor, gamma: Tensor
) -> Tensor:
    """Mean squared error of each network, shape (B,); `counted` marks real data points."""
    errors = (forward(u, W, X, gamma) - targets) ** 2 * counted
    return errors.sum(dim=1) / counted.sum(dim=1)
