"""The two-layer network in torch, written by hand from Xu & Ziyin 2025, Eq. 1, for any σ and loss.

Batched: a leading axis B runs over independent networks. Networks of different sizes share a batch
by padding with zeros. Where σ(0) ≠ 0 a neuron of zeros would learn, so `real` marks those that are.
"""

from __future__ import annotations

from torch import Tensor

from verify import losses
from verify.networks import Activation


def preactivation(W: Tensor, X: Tensor) -> Tensor:
    """H = W x, shapes (B, d, d0), (B, n, d0) → (B, n, d)."""
    return X @ W.transpose(-1, -2)


def forward(
    u: Tensor, W: Tensor, X: Tensor, real: Tensor, gamma: Tensor, activation: Activation
) -> Tensor:
    """f(x) = γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ xⱼ), shape (B, n); u and real are (B, d), gamma (B,)."""
    # Of many small networks a product and a sum take half the time of one contraction, backwards too.
    outputs = (activation(preactivation(W, X)) * (u * real)[:, None]).sum(dim=2)
    return gamma[:, None] * outputs


def loss(
    u: Tensor,
    W: Tensor,
    X: Tensor,
    targets: Tensor,
    counted: Tensor,
    real: Tensor,
    gamma: Tensor,
    activation: Activation,
    of_point: losses.Loss | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Loss of each network, shape (B,), the squared error unless given; `counted` marks real points."""
    of_point = losses.loss("square") if of_point is None else of_point
    terms = of_point(forward(u, W, X, real, gamma, activation), targets) * counted
    return terms.sum(dim=1) / (counted.sum(dim=1) if reduction == "mean" else 1)
