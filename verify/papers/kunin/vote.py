"""Torch's vote: raw networks of this paper, trained by descent; their weights say who is right."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from verify.claims.claim import Siding

Loss = Callable[[Mapping[str, Tensor]], Tensor]
DOUBLE = torch.float64


def descend(
    weights: Mapping[str, object], rates: Mapping[str, float], loss: Loss, step: float, steps: int
) -> dict[str, Tensor]:
    """Weights after so many steps, every weight against its slope times its rate, by autograd."""
    now = {k: torch.tensor(v, dtype=DOUBLE, requires_grad=True) for k, v in weights.items()}
    groups = [{"params": [z], "lr": step * rates[k]} for k, z in now.items()]
    optimizer = torch.optim.SGD(groups)
    for _ in range(steps):
        optimizer.zero_grad()
        loss(now).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return {k: z.detach() for k, z in now.items()}


def neuron(X: Sequence[Sequence[float]], y: Sequence[float]) -> Loss:
    """½‖Xβ − y‖², β = a w."""
    data, targets = torch.tensor(X, dtype=DOUBLE), torch.tensor(y, dtype=DOUBLE)
    return lambda z: ((data @ (z["a"] * z["w"]) - targets) ** 2).sum() / 2


def branch() -> Siding:
    """Sign of a(∞) from a start that the printed formula sends to the other branch."""
    w_1 = -15 / 28
    start = {"a": 1.0, "w": [w_1, (64 / 7 - w_1**2) ** 0.5]}
    end = descend(start, {"a": 7 / 16, "w": 1.0}, neuron([[1, 0], [0, 1]], [2, 0]), 0.01, 6000)
    return Siding(r"\mathrm{sgn}\,a(\infty)", float(torch.sign(end["a"])), -1.0, 1.0, 1e-9)


def selected(
    beta: Sequence[float], row: Sequence[float], y: float, delta: float, product: float
) -> Tensor:
    """Argmin Ψ_δ − ψ_δ⟨β₀/‖β₀‖, β⟩ on one line row·β = y, with √product ‖β‖ for ‖β‖ in Ψ and ψ.

    The slope along the line grows, as Ψ is convex: it is halved into.
    """
    start, along = torch.tensor(beta, dtype=DOUBLE), torch.tensor(row, dtype=DOUBLE)
    across = torch.stack([-along[1], along[0]])
    foot = y * along / (along @ along)

    def first_layer(size: Tensor) -> Tensor:
        return torch.sqrt(torch.sqrt(delta**2 + 4 * product * size**2) - delta)

    tilt = first_layer(start.norm()) * start / start.norm()
    low, high = -1e3, 1e3
    for _ in range(200):
        middle = (low + high) / 2
        beta_there = foot + middle * across
        size = beta_there.norm()
        rising = (first_layer(size) * beta_there / size - tilt) @ across > 0
        low, high = (low, middle) if rising else (middle, high)
    return foot + low * across


def interpolator(a: float) -> Siding:
    """β₁(∞) from one data point, at rates of product 8 and δ = 4a² − 1.78."""
    w, row, y, rates = [0.5, 0.8], [1.0, 0.5], 1.5, {"a": 2.0, "w": 4.0}
    end = descend({"a": a, "w": w}, rates, neuron([row], [y]), 0.002, 20_000)
    delta = rates["w"] * a**2 - rates["a"] * (w[0] ** 2 + w[1] ** 2)
    start = [a * z for z in w]
    printed, corrected = (float(selected(start, row, y, delta, k)[0]) for k in (1.0, 8.0))
    # Descent conserves δ but for its step, in first order.
    return Siding(r"\beta_1(\infty)", float(end["a"] * end["w"][0]), printed, corrected, 1e-4)


def blocks() -> Siding:
    """β₁₂′ of one hidden unit a = (1, 0), w = 0 with one input and targets (1, 1): A has not full rank."""
    step = 1e-7
    end = descend(
        {"A": [[1.0, 0.0]], "W": [[0.0]]}, {"A": 1.0, "W": 1.0},
        lambda z: ((z["W"].T @ z["A"] - 1) ** 2).sum() / 2, step, 1,
    )  # fmt: skip
    speed = (end["W"].T @ end["A"])[0, 1] / step
    return Siding(r"\dot\beta_{12}(0)", float(speed), 1.0, 0.0, 1e-6)


def caption() -> Siding:
    """δ² of one neuron of Figure 1, drawn as its caption says, τ = α = 2."""
    tau = alpha = 2.0
    w = (
        torch.nn.functional.normalize(torch.tensor([0.3, -0.8, 0.5], dtype=DOUBLE), dim=0)
        * tau
        / alpha
    )
    delta = (alpha * tau) ** 2 - float(w @ w)
    printed = tau**2 * (alpha**2 - alpha**-2)
    return Siding(r"\delta^2", delta**2, printed, printed**2, 1e-12)


PLANE = neuron([[1, 0], [0, 1]], [1, 0])
ONES = {"a": 1.0, "w": 1.0}


def start(delta: float, cosine: float) -> dict[str, object]:
    """Weights with ‖β₀‖ = ‖β*‖ = 1, of that δ at rates 1 and that cosine."""
    root = (delta**2 + 4) ** 0.5
    # Each from a sum: a difference would lose digits.
    larger = ((root + abs(delta)) / 2) ** 0.5
    a, size = (larger, 1 / larger) if delta >= 0 else (1 / larger, larger)
    return {"a": a, "w": [size * cosine, size * (1 - cosine**2) ** 0.5]}


def measured(weights: Mapping[str, Tensor]) -> tuple[float, float]:
    """μ and φ."""
    size = weights["w"].norm()
    return float(weights["a"] * size), float(weights["w"][0] / size)


def upstream_ratio() -> tuple[float, float, Mapping[str, float]]:
    """μ′/φ′ at δ = 10⁴, from one small step."""
    begin = start(1e4, 0.6)
    before = measured(descend(begin, ONES, PLANE, 1.0, 0))
    after = measured(descend(begin, ONES, PLANE, 1e-9, 1))
    ratio = (after[0] - before[0]) / (after[1] - before[1])
    return ratio, 1e-4, {"mu": before[0], "phi": before[1], "s": 1.0}


def upstream_dip() -> Siding:
    """The smallest μ on the way, δ = 10⁴ and φ₀ = 0.6."""
    smallest, now = 1.0, start(1e4, 0.6)
    for _ in range(300):
        found = descend(now, ONES, PLANE, 1e-6, 1)
        now = {"a": float(found["a"]), "w": found["w"].tolist()}
        smallest = min(smallest, measured(found)[0])
    return Siding(r"\min_t\mu/\|\beta_*\|", smallest, 1.0, 0.8**0.5, 1e-4)


def downstream_mu() -> tuple[float, float, Mapping[str, float]]:
    """μ at δ = −10⁵ after 20/|δ|."""
    end = descend(start(-1e5, 0.6), ONES, PLANE, 1e-7, 2000)
    return measured(end)[0], 1e-4, {"phi": 0.6, "s": 1.0}


def before_the_climb() -> Siding:
    """φ at δ = −10⁵ after 20/|δ|, where μ has dropped to zero: from β₀ ⊥ β*."""
    end = descend(start(-1e5, 0.0), ONES, PLANE, 1e-7, 2000)
    return Siding(r"\varphi", measured(end)[1], 1.0, 0.0, 1e-4)


def balanced_at_the_meeting() -> Siding:
    """μ where w is as far from β₀ as from β*, δ = 0 and β₀ ⊥ β*: between two steps, by a straight line."""
    now = start(0.0, 0.0)
    before = measured(descend(now, ONES, PLANE, 0.0, 0))
    for _ in range(2000):
        found = descend(now, ONES, PLANE, 5e-4, 1)
        now, after = {"a": float(found["a"]), "w": found["w"].tolist()}, measured(found)
        if after[1] >= 0.5**0.5:
            break
        before = after
    part = (0.5**0.5 - before[1]) / (after[1] - before[1])
    size = before[0] + part * (after[0] - before[0])
    corrected = 2 / (1 + math.sqrt(2) + math.asinh(1))
    # Descent is off the flow by the order of its step.
    return Siding(r"\mu/\|\beta_*\|", size, 0.5**0.5, corrected, 5e-4)


def downstream_end() -> Siding:
    """φ(∞) from φ₀ = −0.6, δ = −10."""
    end = descend(start(-10, -0.6), ONES, PLANE, 0.05, 6000)
    return Siding(r"\varphi(\infty)", measured(end)[1], 1.0, -1.0, 1e-3)


def downstream_distance() -> tuple[float, float, Mapping[str, float]]:
    """S between both ends, δ = −30: short of the limit by the order of δ⁻²."""
    begin = start(-30, 0.6)
    kernels = []
    for steps in (0, 6000):
        found = descend(begin, ONES, PLANE, 0.03, steps)
        kernels.append(found["a"] ** 2 * torch.eye(2) + torch.outer(found["w"], found["w"]))
    one, other = kernels
    distance = 1 - (one * other).sum() / (one.norm() * other.norm())
    return float(distance), 3e-3, {"phi": 0.6}
