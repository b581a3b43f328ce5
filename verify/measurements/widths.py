"""Exponents measured on sampled networks: actual weights, over decades of κ, with several seeds.

At each κ and seed the weights are drawn, the closed form gives what training does to them
(`numeric.limits.extent`), and where the width is affordable torch descent gives it too. The slope over
the decades of each seed is one measurement of an exponent; mean and confidence interval are over seeds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.data import training
from numeric.generated.scaling.linear import Scales
from numeric.limits.extent import Extent
from numeric.methods.explicit.floats import ExplicitFlow

Floats = NDArray[np.float64]
QUANTITIES = (
    "t_c", "output_0", "kernel_change", "movement_u", "movement_w", "alignment",
)  # fmt: skip
FIXED_WIDTH, CORRELATION, TARGET = 8, 0.5, 1.3
STEP, STEPS = 0.02, 1500  # of descent, in units of 1/K, the largest; and half of it, to extrapolate
ROUNDED = 1e-12  # what is as small at every κ is zero
BY_DESCENT = 10_000  # neurons up to which torch descends
DECAYED = 1e-9, 1e-15  # of the loss, between which its decay is measured
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Sample:
    """One network, drawn and solved.

    Attributes:
        kappa: the scaling parameter.
        seed: of its weights.
        closed: name → value by the closed form.
        descent: the same by torch, or None where the width is too large.
    """

    kappa: float
    seed: int
    closed: dict[str, float]
    descent: dict[str, float] | None


@dataclass(frozen=True)
class Slope:
    """A measured exponent.

    Attributes:
        name: of the quantity.
        mean: slope of log|X| over log κ, mean over seeds; −inf where X is 0.
        half_width: of its confidence interval.
    """

    name: str
    mean: float
    half_width: float


def draw(c: Scales, start: str, kappa: float, seed: int) -> tuple[Floats, Floats, dict[str, Any]]:
    """Weights u (d,) and w (d, 1) of d = κ^c_d neurons, at least 2, and hyperparameters."""
    d = max(2, round(kappa ** float(c.c_d))) if c.c_d else FIXED_WIDTH
    generator = np.random.default_rng((seed, d))
    if start == "zero-output":  # every neuron twice, once with −u
        half = max(1, d // 2)
        u, w = (generator.standard_normal(half) for _ in range(2))
        u, w = np.concatenate([u, -u]), np.concatenate([w, w])
    else:
        u, w = (generator.standard_normal(d) for _ in range(2))
        if start == "correlated":
            w = CORRELATION * u + np.sqrt(1 - CORRELATION**2) * w
    sizes = {name: kappa ** float(getattr(c, name)) for name in c._fields}
    hyper = {"gamma": sizes["c_gamma"], "eta_u": sizes["c_eta_u"], "eta_w": sizes["c_eta_w"]}
    return u * np.sqrt(sizes["c_u"]), (w * np.sqrt(sizes["c_w"]))[:, None], hyper


def sampled(c: Scales, start: str, kappa: float, seed: int = 0) -> ExplicitFlow:
    """One network of a limit, at one κ."""
    u, w, hyper = draw(c, start, kappa, seed)
    return ExplicitFlow(training.read(u, w, [1.0], TARGET, **hyper))


def samples(
    c: Scales, start: str, kappas: Sequence[float], seeds: Sequence[int], descend: bool = True
) -> Iterator[Sample]:
    """Every κ with every seed; small ones first."""
    for kappa in sorted(kappas):
        for seed in seeds:
            u, w, hyper = draw(c, start, kappa, seed)
            flow = ExplicitFlow(training.read(u, w, [1.0], TARGET, **hyper))
            extent = Extent.of(flow)
            small = descend and u.size <= BY_DESCENT
            by_torch = _by_descent(u, w, hyper, extent.largest_kernel) if small else None
            yield Sample(kappa, seed, _named(extent), by_torch)


def _named(extent: Extent) -> dict[str, float]:
    return {
        "t_c": extent.t_c,
        "output_0": extent.output_0,
        "kernel_change": extent.kernel_change,
        "movement_u": extent.movement_u,
        "movement_w": extent.movement_W,
        "alignment": extent.alignment,
    }


def _by_descent(
    u: Floats, w: Floats, hyper: dict[str, float], largest_kernel: float
) -> dict[str, float]:
    """The same at the end of descent, measured of raw weights extrapolated to step zero."""
    start = torch_vector(u), torch_vector(w[:, 0])
    gamma, rates = hyper["gamma"], (hyper["eta_u"], hyper["eta_w"])
    runs = [_descend(start, gamma, rates, STEP / largest_kernel / k, STEPS * k) for k in (1, 2)]
    (*coarse, _), (*fine, _) = runs
    a, b = (2 * near - far for near, far in zip(fine, coarse, strict=True))
    pace = [run[2] for run in runs]

    def kernel(second: Any, first: Any) -> float:
        return float(gamma**2 * (rates[0] * (first @ first) + rates[1] * (second @ second)))

    return {
        "t_c": 2 * pace[1] - pace[0],
        "output_0": float(gamma * start[0] @ start[1]),
        "kernel_change": kernel(a, b) / kernel(*start) - 1,
        "movement_u": float((a - start[0]).norm() / start[0].norm()),
        "movement_w": float((b - start[1]).norm() / start[1].norm()),
        "alignment": float(a @ b / (a.norm() * b.norm())),
    }


def torch_vector(values: Floats) -> Any:
    """A float64 tensor of its own."""
    import torch

    return torch.tensor(values, dtype=torch.float64)


def _descend(
    start: tuple[Any, Any], gamma: float, rates: tuple[float, float], step: float, steps: int
) -> tuple[Any, Any, float]:
    """Plain gradient descent by autograd on (γ u·w − y)²; the end, and t_c by the decay of the loss.

    The residual falls like e^{−4t/t_c}: fitted over the second quarter of its digits.
    """
    import torch

    second, first = (z.clone().requires_grad_() for z in start)
    early = late = None
    for number in range(steps):
        loss = (gamma * second @ first - TARGET) ** 2
        small = float(loss.detach()) / TARGET**2
        early = (number, small) if early is None and small < DECAYED[0] else early
        late = (number, small) if late is None and small < DECAYED[1] else late
        gradients = torch.autograd.grad(loss, (second, first))
        with torch.no_grad():
            for weight, gradient, rate in zip((second, first), gradients, rates, strict=True):
                weight -= step * rate * gradient
    pace = float("nan")
    if early is not None and late is not None and late[1] > 0:
        rate = math.log(early[1] / late[1]) / ((late[0] - early[0]) * step)
        pace = 8 / rate  # of the squared residual
    return second.detach(), first.detach(), pace


def slopes(
    found: Sequence[Sample], which: Callable[[Sample], dict[str, float] | None]
) -> list[Slope]:
    """Exponents by least squares over log κ, one per seed, averaged."""
    seeds = sorted({sample.seed for sample in found})
    usable = [(s, values) for s in found if (values := which(s)) is not None]
    rows = []
    for name in QUANTITIES:
        fits = []
        for seed in seeds:
            points = [(s.kappa, abs(values[name])) for s, values in usable if s.seed == seed]
            if len({kappa for kappa, _ in points}) < 2:
                continue
            if all(value <= ROUNDED for _, value in points):
                fits.append(-np.inf)
                continue
            x, logs = np.log(np.array(points).T)
            fits.append(float(np.polyfit(x, logs, 1)[0]))
        if fits:
            rows.append(_interval(name, np.array(fits)))
    return rows


def _interval(name: str, fits: Floats) -> Slope:
    """Mean over seeds, and its confidence interval by Student's t."""
    if np.isinf(fits).any():
        return Slope(name, float(fits.min()), 0.0)
    if fits.size < 2:
        return Slope(name, float(fits.mean()), float("nan"))
    from scipy.stats import t as student

    quantile = float(student.ppf((1 + CONFIDENCE) / 2, fits.size - 1))
    return Slope(name, float(fits.mean()), quantile * float(fits.std(ddof=1)) / fits.size**0.5)
