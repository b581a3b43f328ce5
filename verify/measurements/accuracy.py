"""Measured accuracy of the generated evaluators: float64 against balls, on the same inputs.

Inputs are float64 numbers, so the balls enclose what a perfect evaluation would return. The result
goes into the docstrings of the generated module and is held by a test.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx

from numeric.generated import linear
from numeric.namespaces import Balls, UndecidedError

CASES, SEED, BITS = 2000, 5, 2000
GUARD = 1e-290  # below it float64 loses digits to its own range


@dataclass(frozen=True)
class Accuracy:
    """Relative errors of one function.

    Attributes:
        median: of all cases.
        worst: of all cases.
    """

    median: float
    worst: float

    def __str__(self) -> str:
        return f"relative error at most {self.worst:.0e}, median {self.median:.0e} ({CASES} cases)"


def measure(cases: int = CASES, seed: int = SEED) -> dict[str, Accuracy]:
    """Errors of every function, over random cases."""
    generator = np.random.default_rng(seed)
    errors: dict[str, list[float]] = {}
    before, ctx.prec = ctx.prec, BITS
    try:
        for _ in range(cases):
            inputs = _inputs(generator)
            floats = dict(_values(inputs, np))
            try:
                balls = dict(_values({k: arb(v) for k, v in inputs.items()}, Balls()))
            except UndecidedError:
                continue  # a branch decided by a rounding error of 2000 bits: not met so far
            for name, value in floats.items():
                error = _relative(value, balls[name])
                if error is not None:
                    errors.setdefault(name.split(".")[0], []).append(error)
    finally:
        ctx.prec = before
    return {name: Accuracy(float(np.median(z)), max(z)) for name, z in errors.items()}


def bounds(stored: Mapping[str, list[float]]) -> dict[str, list[float]]:
    """Median and worst error of every function, rounded up; a stored bound within a factor 5 stays.

    Args:
        stored: bounds of an earlier measurement, by function.
    """
    found = {}
    for function, errors in sorted(measure().items()):
        fresh = [rounded_up(errors.median), rounded_up(errors.worst)]
        old = stored.get(function)
        keep = old is not None and all(
            new <= one <= 5 * new for new, one in zip(fresh, old, strict=True)
        )
        found[function] = old if keep and old is not None else fresh
    return found


def rounded_up(value: float) -> float:
    """The next number of one digit, so that a bound does not change with every machine."""
    if value == 0:
        return 0.0
    scale = 10.0 ** math.floor(math.log10(value))
    return float(f"{math.ceil(value / scale) * scale:.0e}")


def _relative(value: Any, ball: Any) -> float | None:
    exact, value = float(arb(ball).mid()), float(value)
    if not math.isfinite(exact) or abs(exact) < GUARD or abs(exact) > 1 / GUARD:
        return None
    return abs(float((arb(value) - ball) / ball))


def _inputs(generator: np.random.Generator) -> dict[str, Any]:
    """One network with consistent sums, as float64 numbers."""

    def scale() -> float:
        return float(10 ** generator.uniform(-3, 3))

    d = int(generator.integers(1, 6))
    u, omega = (scale() * generator.standard_normal(d) for _ in range(2))
    eta_u, eta_w, rho, y = scale(), scale(), scale(), scale() * generator.choice([-1, 1])
    p, q = (f(u, omega, eta_u, eta_w) for f in (linear.growing, linear.falling))
    gamma = scale() * float(generator.choice([-1, 1]))
    f_0 = gamma * rho * (u @ omega)
    values = {
        "gamma": gamma, "eta_u": eta_u, "eta_w": eta_w, "rho": rho, "y": y, "d": d,
        "P": np.mean(p * p), "Q": np.mean(q * q), "f_0": f_0, "residual_0": f_0 - y,
        "u_0": u[0], "omega_0": omega[0], "p": p[0], "q": q[0],
        "gram": max((u @ u) * (omega @ omega) - (u @ omega) ** 2, 0.0),
        "balance": eta_u * (omega @ omega) - eta_w * (u @ u), "overlap_0": u @ omega,
        "norm_u_0_2": u @ u, "norm_omega_0_2": omega @ omega,
        "perp_2": scale(), "floor": scale(), "M_aa": scale(), "M_ay": scale(),
        "time": 10 ** generator.uniform(-3, 2),
        "mix": generator.uniform(0.01, 0.99),
        "inner": scale(), "b_1": scale(), "b_2": scale(), "across": scale(), "cross": scale(),
    }  # fmt: skip
    return {name: float(value) for name, value in values.items()}


def _values(inputs: Mapping[str, Any], xp: Any) -> Iterator[tuple[str, Any]]:
    """Every function at these inputs, in a namespace."""

    def evaluate(function: str, names: str, *structures: Any) -> Any:
        arguments = [inputs[name] for name in names.split()]
        return getattr(linear, function)(*arguments, *structures, xp=xp)

    with np.errstate(all="ignore"):
        c = evaluate("constants", "gamma eta_u eta_w rho y d P Q f_0 residual_0")
        # The time in units of the time scale, rounded the same way for both namespaces.
        rate = (
            2
            * math.sqrt(float(inputs["y"]) ** 2 * float(inputs["eta_u"]) * float(inputs["eta_w"]))
            * abs(float(inputs["gamma"]))
            * float(inputs["rho"])
        )
        t = inputs["time"] / rate if xp is np else arb(float(inputs["time"]) / rate)
        state, end = linear.at(t, c, xp), linear.limit(c, xp)
        for name in ("lam", "A_P", "A_Q", "R", "r_plus", "r_minus"):
            yield f"constants.{name}", getattr(c, name)
        for name in linear.State._fields:
            yield f"at.{name}", getattr(state, name)
            yield f"limit.{name}", getattr(end, name)
        yield "time_scale", linear.time_scale(c, xp)
        yield "strength", linear.strength(inputs["M_aa"], xp)
        yield "target", evaluate("target", "M_aa M_ay")
        for name, arguments in (linear.WEIGHTS | linear.OBSERVABLES).items():
            yield name, evaluate(name, " ".join(arguments), state, c)
        yield "growing", evaluate("growing", "u_0 omega_0 eta_u eta_w")
        yield "falling", evaluate("falling", "u_0 omega_0 eta_u eta_w")
        yield "initial_output", evaluate("initial_output", "gamma rho overlap_0")
        yield "balance", evaluate("balance", "eta_u eta_w M_aa perp_2")
        yield "weight_w", evaluate("weight_w", "u_0 p b_1")
        kernel = "inner b_1 b_2 across cross M_aa perp_2"
        yield "tangent_kernel", evaluate("tangent_kernel", kernel, c)
        goal = float(inputs["floor"]) + (float(inputs["mix"]) * float(inputs["residual_0"])) ** 2
        goal = goal if xp is np else arb(goal)
        yield "time_to_loss", linear.time_to_loss(goal, inputs["floor"], c, xp)
