"""Problems to verify on: one network each, over all scales, with the degenerate cases pinned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    """

    name: str
    u0: Floats
    W0: Floats
    X: Floats
    targets: Floats
    gamma: float
    eta_u: float
    eta_w: float

    def arguments(self) -> tuple[tuple[Any, ...], dict[str, float]]:
        """For `numeric.flow.GradientFlow`."""
        rates = {"gamma": self.gamma, "eta_u": self.eta_u, "eta_w": self.eta_w}
        return (self.u0, self.W0, self.X, self.targets), rates


@dataclass(frozen=True)
class Batch:
    """Problems as one tensor program, padded with zeros."""

    u: Tensor
    W: Tensor
    X: Tensor
    targets: Tensor
    counted: Tensor
    gamma: Tensor
    eta_u: Tensor
    eta_w: Tensor


def batch(problems: Sequence[Problem], dtype: torch.dtype = torch.float64) -> Batch:
    """Pad and stack."""
    d = max(p.u0.size for p in problems)
    d0 = max(p.W0.shape[1] for p in problems)
    n = max(p.targets.size for p in problems)

    def stack(values: Sequence[Floats], *shape: int) -> Tensor:
        out = np.zeros((len(values), *shape))
        for index, value in enumerate(values):
            out[index][tuple(slice(size) for size in value.shape)] = value
        return torch.tensor(out, dtype=dtype)

    return Batch(
        stack([p.u0 for p in problems], d),
        stack([p.W0 for p in problems], d, d0),
        stack([p.X for p in problems], n, d0),
        stack([p.targets for p in problems], n),
        stack([np.ones(p.targets.size) for p in problems], n),
        *(
            torch.tensor([getattr(p, name) for p in problems], dtype=dtype)
            for name in ("gamma", "eta_u", "eta_w")
        ),
    )


def random_problem(generator: np.random.Generator, spread: float = 1.0) -> Problem:
    """A problem with shapes from 1 and scales log-uniform over 10^±spread."""

    def scale() -> float:
        return float(10 ** generator.uniform(-spread, spread))

    d, d0, n = (int(generator.integers(1, high)) for high in (6, 5, 5))
    e = generator.standard_normal(d0)
    a = generator.standard_normal(n) * scale() / np.linalg.norm(e)
    return Problem(
        "random",
        generator.standard_normal(d) * scale(),
        generator.standard_normal((d, d0)) * scale(),
        np.outer(a, e),
        generator.standard_normal(n) * scale(),
        scale() * float(generator.choice([-1, 1])),
        scale(),
        scale(),
    )


def degenerate_problems() -> list[Problem]:
    """One problem for each way in which the paper's formula divides by zero or loses meaning."""
    # Along an axis and with equal rates p = 0 and q = 0 are exact in floats.
    u, e = np.array([0.7, -0.4, 0.9]), np.array([0.0, 1.0])
    base = Problem(
        "", u, np.outer(u, e), np.array([2 * e, -e]), np.array([1.0, 0.3]), 0.8, 1.0, 1.0
    )
    single = np.array([[0.5]])
    one = Problem("", np.array([0.6]), np.array([[0.3]]), single, np.array([1.0]), 1.2, 0.7, 1.1)
    anti, f = -np.outer(u, e), np.array([0.6, 0.8])
    noise = np.array([[0.3, -0.1], [0.2, 0.5], [-0.4, 0.2]])
    zero = np.zeros_like(base.targets)
    return [
        replace(base, name="Q = 0: parallel layers, reachable target"),
        replace(base, name="P = 0: antiparallel layers, target of the other sign", W0=anti),
        replace(
            base,
            name="P = 0: antiparallel layers, reachable target",
            W0=anti,
            targets=-base.targets,
        ),
        replace(base, name="y = 0", W0=noise, targets=zero),
        replace(base, name="y = 0 and Q = 0: double root", targets=zero),
        replace(base, name="y = 0 and P = 0: double root", W0=anti, targets=zero),
        replace(base, name="parallel layers, rounded", W0=np.outer(u, f), X=np.outer([2, -1], f)),
        replace(base, name="small weights", u0=1e-6 * u, W0=1e-6 * noise),
        replace(base, name="a dead neuron", W0=noise * [[1], [0], [1]], u0=u * [1, 0, 1]),
        replace(base, name="all weights zero", W0=0 * anti, u0=0 * u),
        replace(base, name="first layer zero", W0=0 * anti),
        replace(base, name="second layer zero", W0=noise, u0=0 * u),
        replace(base, name="x with a zero", X=np.array([[0.0, 1.5], [0.0, -2.0]]), W0=noise),
        replace(base, name="x = 0", X=np.zeros((2, 2)), W0=noise),
        replace(base, name="gamma = 0", W0=noise, gamma=0.0),
        replace(
            base,
            name="a weight row across the data",
            W0=np.array([[0.8, 0.0], [0.2, 0.1], [0.5, 0.5]]),
        ),
        replace(one, name="width 1, input dimension 1"),
        replace(one, name="width 1, y = 0", targets=np.array([0.0])),
        replace(one, name="width 1, negative target", targets=np.array([-1.0])),
        # Powers of two: the initial residual is 0 in floats too.
        replace(
            one,
            name="start at the target",
            gamma=2.0,
            u0=np.array([0.5]),
            W0=np.array([[0.25]]),
            targets=np.array([0.125]),
        ),
    ]


def problems(count: int, seed: int, spread: float = 0.5) -> list[Problem]:
    """The degenerate problems and `count` random ones."""
    generator = np.random.default_rng(seed)
    return degenerate_problems() + [random_problem(generator, spread) for _ in range(count)]
