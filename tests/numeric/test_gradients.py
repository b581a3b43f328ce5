"""Derivatives by torch of every observable, against differences of the same module in 80 digits.

The parameters are the user's: weights, hyperparameters, time. Degenerate networks are pinned, because
a formula may be right there and its derivative not: a branch that drops a term, 0/0, the root of 0.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest
import torch
from mpmath import mp, mpf

from numeric.generated import linear
from numeric.namespaces import Mpmath

HYPER = ("gamma", "eta_u", "eta_w", "rho", "y", "t")
DIGITS, STEP = 80, mpf(10) ** -25
ALLOWED = 1e-7  # of the largest derivative of an observable, each times the size of its parameter
ROUNDING = 1e-12  # of the observable itself: what remains where derivatives cancel
MIX = 0.9  # of the initial residual: the goal of `time_to_loss`


@dataclass(frozen=True)
class Case:
    """A network of input dimension 1."""

    u: tuple[float, ...]
    omega: tuple[float, ...]
    gamma: float = 1.0
    eta_u: float = 1.0
    eta_w: float = 1.0
    rho: float = 1.0
    y: float = 1.0
    t: float = 0.5

    @property
    def values(self) -> list[float]:
        """Every parameter."""
        return [*(getattr(self, name) for name in HYPER), *self.u, *self.omega]

    @property
    def sizes(self) -> list[float]:
        """What a change of each parameter is relative to, also where it is 0."""
        u, omega = (max(map(abs, z)) for z in (self.u, self.omega))
        u, omega = u or omega or 1.0, omega or u or 1.0
        output = abs(self.gamma * self.rho) * u * omega
        hyper = [abs(getattr(self, name)) or 1.0 for name in HYPER[:4]]
        hyper += [abs(self.y) or output or 1.0, self.t or 1e-3]
        return [*hyper, *([u] * len(self.u)), *([omega] * len(self.u))]


def observe(values: list[Any], goal: Any | None, xp: Any, one: Any) -> dict[str, Any]:
    """Every observable; the Gram determinant as a sum of squares, so that it is smooth at 0."""
    gamma, eta_u, eta_w, rho, y, t = values[:6]
    width = (len(values) - 6) // 2
    u, omega = values[6 : 6 + width], values[6 + width :]

    def dot(a: list[Any], b: list[Any]) -> Any:
        return functools.reduce(lambda x, z: x + z, (x * z for x, z in zip(a, b, strict=True)))

    p, q = (
        [form(a, b, eta_u, eta_w, xp) for a, b in zip(u, omega, strict=True)]
        for form in (linear.growing, linear.falling)
    )
    d, overlap = one * width, dot(u, omega)
    f_0 = linear.initial_output(gamma, rho, overlap, xp)
    c = linear.constants(
        gamma, eta_u, eta_w, rho, y, d, dot(p, p) / d, dot(q, q) / d, f_0, f_0 - y, xp
    )
    state = linear.at(t, c, xp)
    minors = [(u[i] * omega[j] - u[j] * omega[i]) ** 2 for i in range(width) for j in range(i)]
    gram = functools.reduce(lambda a, b: a + b, minors, one * 0)
    balance = linear.balance(eta_u, eta_w, dot(u, u), dot(omega, omega), xp)
    norms, moved = (gram, balance, overlap), (dot(u, u), dot(omega, omega), overlap)
    found = {
        "alpha": state.alpha,
        "output": state.f,
        "residual": linear.residual(state, c, xp),
        "loss": linear.loss(one * 0, state, c, xp),
        "overlap": linear.overlap(overlap, state, c, xp),
        "norm_u": linear.norm_u(*norms, state, c, xp),
        "norm_omega": linear.norm_omega(*norms, state, c, xp),
        "norm_W": linear.norm_W(gram, balance, one, overlap, state, c, xp),
        "kernel": linear.kernel_x(state, c, xp),
        "kernel_change": linear.kernel_change(state, c, xp),
        "distance_u": linear.distance_u(*moved, state, c, xp),
        "distance_W": linear.distance_W(*moved, state, c, xp),
        "change of omega": linear.change_omega(u[0], p[0], q[0], state, c, xp),
        "u": linear.weight_u(u[0], p[0], q[0], state, c, xp),
        "omega": linear.weight_omega(omega[0], p[0], q[0], state, c, xp),
        "t_c": linear.time_scale(c, xp),
    }
    for name in ("alignment", "alignment_slope"):
        if any(z != 0 for z in u) and any(z != 0 for z in omega):
            found[name] = getattr(linear, name)(gram, overlap, state, c, xp)
    if goal is not None:
        found["time_to_loss"] = linear.time_to_loss(goal, one * 0, c, xp)
    return found


def by_torch(case: Case, goal: float | None) -> dict[str, list[float]]:
    leaves = [torch.tensor(z, dtype=torch.float64, requires_grad=True) for z in case.values]
    one = torch.ones((), dtype=torch.float64)
    slopes = {}
    for name, value in observe(leaves, goal and goal * one, torch, one).items():
        grads = [None] * len(leaves)
        if value.requires_grad:
            grads = torch.autograd.grad(value, leaves, retain_graph=True, allow_unused=True)
        slopes[name] = [0.0 if z is None else float(z) for z in grads]
    return slopes


def by_differences(case: Case, goal: Any | None) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Values, and derivatives times the sizes of the parameters; None at a kink."""
    xp, base = Mpmath(mpmath.mp), [mpf(z) for z in case.values]
    goal = goal and mpf(goal)
    here = observe(base, goal, xp, mpf(1))
    slopes: dict[str, list[Any]] = {name: [] for name in here}
    for k, size in enumerate(case.sizes):
        sides = []
        for sign in (1, -1):
            moved = list(base)
            moved[k] = moved[k] + sign * STEP * mpf(size)
            sides.append(observe(moved, goal, xp, mpf(1)))
        for name, value in here.items():
            # Before t = 0 the formulas go on, but a distance or a norm has its kink there.
            up, down = ((side.get(name, value) - value) / STEP for side in sides)
            smooth = abs(up + down) <= mpf(10) ** -15 * (abs(up) + abs(down) + abs(value))
            slopes[name].append((up - down) / 2 if smooth and mpmath.isfinite(value) else None)
    return here, slopes


def check(case: Case) -> None:
    f_0 = case.gamma * case.rho * float(np.dot(case.u, case.omega))
    moves = case.gamma * case.rho * (f_0 - case.y) != 0 and any((*case.u, *case.omega))
    goal = (MIX * (f_0 - case.y)) ** 2 if moves else None
    found = by_torch(case, goal)
    with mp.workdps(DIGITS):
        values, expected = by_differences(case, goal)
        assert found.keys() == values.keys()
        for name, slopes in expected.items():
            largest = max((abs(z) for z in slopes if z is not None), default=mpf(0))
            value = abs(values[name]) if mpmath.isfinite(values[name]) else mpf(0)
            allowed = ALLOWED * largest + ROUNDING * value + mpf(10) ** -290
            if (
                case.t == 0
            ):  # what is of second order there has a difference of the order of the step
                allowed += 1000 * STEP
            for k, (exact, slope) in enumerate(zip(slopes, found[name], strict=True)):
                where = (name, k, slope, case)
                assert np.isfinite(slope), where
                if exact is not None:
                    assert abs(mpf(slope) * mpf(case.sizes[k]) - exact) <= allowed, (where, exact)


U, OMEGA = (0.7, -0.4), (0.3, 0.2)
PINNED = {
    "generic": Case((0.7, -0.4, 0.9), (0.3, 0.2, -0.4), 0.8, 1.5, 0.4, 1.3, 1.3, 0.3),
    "late": Case(U, OMEGA, t=8.0),
    "very late": Case(U, OMEGA, t=300.0),
    "very early": Case(U, OMEGA, t=1e-12),
    "at the start": Case(U, OMEGA, t=0.0),
    "Q = 0": Case((1.0, 2.0), (1.0, 2.0), y=8.0, t=0.1),
    "Q = 0, late": Case((1.0, 2.0), (1.0, 2.0), y=8.0, t=3.0),
    "Q = 0, very late": Case((1.0, 2.0), (1.0, 2.0), y=8.0, t=300.0),
    "Q = 0, falling": Case((1.0, 2.0), (1.0, 2.0), t=0.1),
    "Q = 0, falling, late": Case((1.0, 2.0), (1.0, 2.0), t=5.0),
    "Q = 0, dies": Case((1.0, 2.0), (1.0, 2.0), y=-1.0, t=0.3),
    "Q = 0, dies, other rates": Case((1.0, 2.0), (2.0, 4.0), eta_u=0.5, eta_w=2.0, y=-1.0, t=0.3),
    "Q = 0, dies, early": Case((1.0, 2.0), (1.0, 2.0), y=-1.0, t=1e-8),
    "Q = 0, dies, late": Case((1.0, 2.0), (1.0, 2.0), y=-1.0, t=8.0),
    "P = 0, dies": Case((1.0, 2.0), (-1.0, -2.0), t=0.3),
    "P = 0, reaches its target": Case((1.0, 2.0), (-1.0, -2.0), y=-1.0, t=0.3),
    "P = 0, reaches its target, late": Case((1.0, 2.0), (-1.0, -2.0), y=-8.0, t=300.0),
    "width 1": Case((0.7,), (0.3,)),
    "width 1, dies": Case((1.0,), (1.0,), y=-1.0, t=1.0),
    "u = 0": Case((0.0, 0.0), (0.3, 0.5)),
    "u = 0, late": Case((0.0, 0.0), (0.3, 0.5), t=10.0),
    "u = 0, at the start": Case((0.0, 0.0), (0.3, 0.5), t=0.0),
    "omega = 0": Case((0.3, 0.5), (0.0, 0.0)),
    "omega = 0, at the start": Case((0.3, 0.5), (0.0, 0.0), t=0.0),
    "all weights 0": Case((0.0, 0.0), (0.0, 0.0)),
    "gamma = 0": Case(U, OMEGA, gamma=0.0),
    "gamma = 1e-12": Case(U, OMEGA, gamma=1e-12),
    "rho = 0": Case(U, OMEGA, rho=0.0),
    "y = 0": Case(U, OMEGA, y=0.0),
    "y = 1e-30": Case(U, OMEGA, y=1e-30),
    "double root, Q = 0": Case((1.0, 2.0), (1.0, 2.0), y=0.0),
    "double root, P = 0": Case((1.0, 2.0), (-1.0, -2.0), y=0.0),
    "nearly a double root": Case((1.0, 2.0), (1.0, 2.0), y=1e-12),
    "nearly a double root, dies": Case((1.0, 2.0), (1.0, 2.0), y=-1e-12),
    "small": Case((7e-8, -4e-8), (3e-8, 2e-8), t=3.0),
    "tiny": Case((7e-30, -4e-30), (3e-30, 2e-30), t=30.0),
    "slow": Case(U, OMEGA, eta_u=1e-20, eta_w=1e-20),
    "f(0) = 0": Case((1.0, 1.0), (1.0, -1.0)),
    "nearly parallel": Case((1.0, 2.0), (1.0, 2.000001), y=-1.0),
}


@pytest.mark.parametrize("name", PINNED)
def test_torch_has_the_derivatives_of_every_observable(name: str):
    check(PINNED[name])


@pytest.mark.parametrize("seed", range(25))
def test_torch_has_the_derivatives_at_any_scale(seed: int):
    generator = np.random.default_rng(seed)
    spread = float(generator.choice([0.5, 2, 6, 12]))

    def scale() -> float:
        return float(10 ** generator.uniform(-spread, spread))

    width = int(generator.integers(1, 4))
    u, omega = (scale() * generator.standard_normal(width) for _ in range(2))
    gamma, rho, y = scale(), scale(), scale() * float(generator.choice([-1, 1]))
    eta_u, eta_w = (float(10 ** generator.uniform(-2, 2)) for _ in range(2))
    fastest = 2 * gamma * rho * abs(y) * np.sqrt(eta_u * eta_w)
    fastest += (gamma * rho) ** 2 * (eta_u * omega @ omega + eta_w * u @ u)
    t = float(10 ** generator.uniform(-4, 1.3)) / fastest
    check(Case(tuple(u), tuple(omega), gamma, eta_u, eta_w, rho, y, t))


@pytest.mark.parametrize("t", [20.0, 80.0, 200.0, 1e4, 1e10])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_derivatives_of_what_has_died_are_finite(t: float, sign: float):
    for case in (
        Case((1.0, 2.0), (sign, 2 * sign), y=-sign, t=t), Case((1.0,), (sign,), y=-sign, t=t),
    ):  # fmt: skip
        for name, slopes in by_torch(case, 0.1).items():
            if name != "time_to_loss" and name != "alpha":  # never reached; 1/tiny²
                assert np.isfinite(slopes).all(), (name, slopes)


@pytest.mark.parametrize("t", [1.0, 200.0, 1e6])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_dies_keeps_its_alignment_in_float64(t: float, sign: float):
    one = torch.ones((), dtype=torch.float64)
    case = Case((1.0, 2.0), (sign, 2 * sign), y=-sign, t=t)
    found = observe([z * one for z in case.values], None, torch, one)
    assert float(found["alignment"]) == sign
    assert float(found["alignment_slope"]) == 0
