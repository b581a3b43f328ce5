"""What is to be learned by one network, and many of them as one tensor program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """Initial weights, data on a line and hyperparameters of one network.

    Attributes:
        name: what is special about it.
        u0, W0: shapes (d,), (d, d0).
        X, targets: shapes (n, d0), (n,); a data set, also when n = 1.
        gamma, eta_u, eta_w: hyperparameters.
        network: name of the activation.
        loss, reduction: its name; "mean" or "sum" over the data.
    """

    name: str
    u0: Floats
    W0: Floats
    X: Floats
    targets: Floats
    gamma: float
    eta_u: float
    eta_w: float
    network: str = "linear"
    loss: str = "square"
    reduction: str = "mean"

    @property
    def has_the_default_loss(self) -> bool:
        """Whether the loss is the mean squared error."""
        return (self.loss, self.reduction) == ("square", "mean")

    def arguments(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """For `numeric.GradientFlow`."""
        rates = {"gamma": self.gamma, "eta_u": self.eta_u, "eta_w": self.eta_w}
        return (self.u0, self.W0, self.X, self.targets), rates


@dataclass(frozen=True)
class Batch:
    """Problems of one network as one tensor program, padded with zeros.

    Attributes:
        u, W, X, targets: shapes (B, d), (B, d, d0), (B, n, d0), (B, n).
        counted: 1 for a data point, 0 for padding, shape (B, n).
        real: 1 for a neuron, 0 for padding, shape (B, d).
        gamma, eta_u, eta_w: shape (B,).
        network, loss, reduction: as of the problems.
    """

    u: Tensor
    W: Tensor
    X: Tensor
    targets: Tensor
    counted: Tensor
    real: Tensor
    gamma: Tensor
    eta_u: Tensor
    eta_w: Tensor
    network: str
    loss: str = "square"
    reduction: str = "mean"

    def rows(self, rows: slice | Tensor) -> Batch:
        """Some of the networks, or some of them several times."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        chosen: dict[str, Any] = {
            name: part[rows] for name, part in parts.items() if isinstance(part, Tensor)
        }
        return replace(self, **chosen)


def batch(problems: Sequence[Problem], dtype: torch.dtype = torch.float64) -> Batch:
    """Pad and stack.

    Raises:
        ValueError: for problems of different networks, losses or reductions.
    """
    networks = sorted({p.network for p in problems})
    if len(networks) != 1:
        raise ValueError(f"a batch is of one network, not of {', '.join(networks) or 'none'}")
    kinds = sorted({(p.loss, p.reduction) for p in problems})
    if len(kinds) != 1:
        raise ValueError(f"a batch is of one loss, not of {', '.join(map(' '.join, kinds))}")
    d = max(p.u0.size for p in problems)
    d0 = max(p.W0.shape[1] for p in problems)
    n = max(p.targets.size for p in problems)

    def stack(values: Sequence[Floats], *shape: int) -> Tensor:
        out = np.zeros((len(values), *shape))
        for index, value in enumerate(values):
            out[index][tuple(slice(size) for size in value.shape)] = value
        return torch.tensor(out, dtype=dtype)

    gamma, eta_u, eta_w = (
        torch.tensor([getattr(p, name) for p in problems], dtype=dtype)
        for name in ("gamma", "eta_u", "eta_w")
    )
    return Batch(
        stack([p.u0 for p in problems], d),
        stack([p.W0 for p in problems], d, d0),
        stack([p.X for p in problems], n, d0),
        stack([p.targets for p in problems], n),
        stack([np.ones(p.targets.size) for p in problems], n),
        stack([np.ones(p.u0.size) for p in problems], d),
        gamma,
        eta_u,
        eta_w,
        networks[0],
        *kinds[0],
    )
