"""GradientFlow at every scale against balls: weights of `ExactFlow`, the rest measured from these.

Starts, rates, data and times are log-uniform over many decades, each layer and some neurons with a
scale of their own; degenerate networks are drawn as often as generic ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq

from numeric import GradientFlow
from numeric.data.exact import exact_point, exact_set, rational, rational_rows
from numeric.methods.explicit import machine
from numeric.methods.explicit.balls import ExactFlow
from numeric.namespaces import precision

ACCURACY = 1e-12  # relative, as the docstring of GradientFlow states it
DIGITS, BITS = 140, 512  # the change of a weight at t = 1e-30 is a difference of those
SMALLEST, LARGEST = arb("1e-290"), arb("1e290")  # where float64 keeps its digits


@dataclass
class Network:
    """Arguments of GradientFlow, changed in place by what makes a kind of network."""

    generator: np.random.Generator
    u: Any = None
    W: Any = None
    x: Any = None
    y: Any = None
    rates: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        draw = self.generator
        width = int(draw.integers(1, 51 if draw.random() < 0.2 else 6))
        inputs = int(draw.integers(1, 5))
        size = self.scale(-30, 3)
        self.u = size * draw.standard_normal(width)
        size = size if draw.random() < 0.5 else self.scale(-30, 3)
        self.W = size * draw.standard_normal((width, inputs))
        self.x = self.scale(-3, 3) * draw.standard_normal(inputs)
        self.y = self.scale(-8, 8) * float(draw.choice([-1, 1]))
        self.rates = {
            "gamma": self.scale(-6, 6) * float(draw.choice([-1, 1])),
            "eta_u": self.scale(-6, 6), "eta_w": self.scale(-6, 6),
        }  # fmt: skip

    def scale(self, low: float, high: float) -> float:
        return float(10 ** self.generator.uniform(low, high))

    def along_an_axis(self, ratio: float | Any) -> None:
        """W x = ratio u x, exact in floats."""
        axis = int(self.generator.integers(self.x.size))
        self.x[np.arange(self.x.size) != axis] = 0
        self.W[:, axis] = ratio * self.u
        self.rates["eta_w"] = self.rates["eta_u"]


def _set(network: Network) -> None:
    draw, inputs = network.generator, network.x.size
    a = np.round(8 * draw.standard_normal(int(draw.integers(1, 6)))) / 8
    network.x = np.outer(a, np.round(16 * draw.standard_normal(inputs)))
    network.y = network.y * draw.standard_normal(a.size)


def _scaled(network: Network) -> None:
    draw, width = network.generator, network.u.size
    network.u *= 10 ** draw.uniform(-15, 0, width)
    network.W *= 10 ** draw.uniform(-15, 0, (width, 1))


def _nearly(network: Network) -> None:
    noise = network.generator.standard_normal(network.u.size)
    network.along_an_axis(-(1 + network.scale(-4, -1) * noise))


def _other_rates(network: Network) -> None:
    network.along_an_axis(2.0)
    network.rates["eta_w"] = 4 * network.rates["eta_u"]


def _at_rest(network: Network) -> None:
    network.u[:], network.W[:], network.x[:] = 2.0**-7, 0.0, 0.0
    network.W[:, 0], network.x[0], network.rates["gamma"] = 2.0**-3, 2.0, 1.0
    network.y = float(2 * np.sum(network.u * network.W[:, 0]))


def _dead(network: Network) -> None:
    dead = network.generator.random(network.u.size) < 0.5
    network.u[dead], network.W[dead] = 0, 0


def _first_entries(network: Network) -> None:
    network.W[network.generator.random(network.W.shape) < 0.5] = 0
    network.u[network.generator.random(network.u.size) < 0.3] = 0


def _one(network: Network) -> None:
    network.u, network.W = network.u[:1], network.W[:1]


KINDS: dict[str, Callable[[Network], None]] = {
    "generic": lambda network: None,
    "scaled neurons": _scaled,
    "data set": _set,
    "width 1": _one,
    "parallel": lambda network: network.along_an_axis(1.0),
    "antiparallel": lambda network: network.along_an_axis(-1.0),
    "nearly antiparallel": _nearly,
    "parallel, other rates": _other_rates,
    "y = 0": lambda network: setattr(network, "y", 0.0),
    "u = 0": lambda network: network.u.fill(0.0),
    "W = 0": lambda network: network.W.fill(0.0),
    "zero entries": _first_entries,
    "dead neurons": _dead,
    "x = 0": lambda network: network.x.fill(0.0),
    "gamma = 0": lambda network: network.rates.update(gamma=0.0),
    "at rest": _at_rest,
}


def exact(network: Network) -> ExactFlow:
    """The same from the exact values of the floats."""
    if np.size(network.y) > 1:
        point = exact_set(rational_rows(network.x), tuple(map(rational, network.y)))
    else:
        point = exact_point(
            tuple(map(rational, np.ravel(network.x))), rational(np.ravel(network.y)[0])
        )
    return ExactFlow(
        tuple(map(rational, network.u)), rational_rows(network.W),
        point, *(rational(network.rates[name]) for name in ("gamma", "eta_u", "eta_w")),
    )  # fmt: skip


def measured(flow: ExactFlow, snapshot: Any) -> dict[str, Any]:
    """What can be told from the weights, in balls."""
    direction, length = flow.point.direction, sum((z * z for z in flow.point.direction), fmpq(0))
    e = [arb(z) / arb(length).sqrt() if length else arb(0) for z in direction]

    def along(W: Any) -> list[arb]:
        return [sum((arb(w) * z for w, z in zip(row, e, strict=True)), arb(0)) for row in W]

    def norm(values: Any) -> arb:
        return sum((arb(z) ** 2 for z in values), arb(0)).sqrt()

    def minus(a: Any, b: Any) -> list[arb]:
        # What is shorter than its error bar is a change of exactly zero: t = 0, or nothing moves.
        changes = [arb(x) - arb(z) for x, z in zip(a, b, strict=True)]
        return [arb(0) if z.contains(0) else z for z in changes]

    u, omega, omega_0 = snapshot.u, along(snapshot.W), along(flow.W0)
    return {
        "u": list(u), "W": [z for row in snapshot.W for z in row],
        "output": snapshot.output, "residual": snapshot.residual, "loss": snapshot.loss,
        "alignment": snapshot.alignment, "norm_u": norm(u), "alpha": snapshot.alpha,
        "norm_W": norm(z for row in snapshot.W for z in row),
        "distance_u": norm(minus(u, flow.u0)), "distance_W": norm(minus(omega, omega_0)),
    }  # fmt: skip


def agrees(value: float, ball: arb | None) -> bool:
    if ball is None:
        return bool(np.isnan(value))
    if ball == 0 or (ball.contains(0) and abs(ball) < SMALLEST):
        return value == 0 or (ball != 0 and abs(value) < 1e-290)
    if abs(ball) < SMALLEST:
        return abs(value) <= 1e-289
    if not abs(ball) < LARGEST:
        return abs(value) > 1e289
    return bool(abs((arb(value) - ball) / ball) < ACCURACY)


@pytest.mark.parametrize("is_compiled", [True, False], ids=["machine code", "numpy"])
@pytest.mark.parametrize("kind", KINDS)
def test_floats_are_the_balls_at_every_scale(kind: str, is_compiled: bool, monkeypatch: Any):
    if not is_compiled:
        monkeypatch.setattr(machine, "twin", lambda module: None)
    for seed in range(12):
        network = Network(np.random.default_rng(seed))
        KINDS[kind](network)
        flow = GradientFlow(network.u, network.W, network.x, network.y, **network.rates)
        c = flow.constants
        rate = float(2 * (c.A_P + c.A_Q) + c.R) or 1.0
        times = [0.0, network.scale(-30, -4) / rate, network.scale(-4, 1) / rate,
                 network.scale(1, 4) / rate, np.inf]  # fmt: skip
        ball_flow = exact(network)
        asked = [None if np.isinf(t) else rational(t) for t in times]
        snapshots, _ = ball_flow.solve(asked, DIGITS)
        with precision(BITS):
            for t, snapshot in zip(times, snapshots, strict=True):
                for name, balls in measured(ball_flow, snapshot).items():
                    several = balls if isinstance(balls, list) else [balls]
                    found = np.ravel(getattr(flow, name)(t))
                    for value, ball in zip(found, several, strict=True):
                        assert agrees(float(value), ball), (seed, name, t, value, ball)
