"""The oracle of gradients: central differences of flows in balls, by every number that was given.

With 40 digits and a step of 1e-10 of a number's size a difference is right to 1e-15 of itself.
Observables that balls do not have are computed from the weights by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from flint import arb, fmpq

from numeric import GradientFlow
from numeric.catalogue import load, load_loss
from numeric.data.exact import ExactProblem, rational
from numeric.exact_flow import exact_flow
from numeric.namespaces import precision

DIGITS, STEP, BITS = 40, Fraction(1, 10**10), 300
NUMBERS = ("u0", "W0", "x", "y", "gamma", "eta_u", "eta_w", "t")
# σ and its slope of networks whose flows are evaluated in balls
SIGMA = {
    "linear": (lambda h: h, lambda h: arb(1)),
    "quadratic": (lambda h: h * h, lambda h: 2 * h),
    "cubic": (lambda h: h**3, lambda h: 3 * h * h),
}


@dataclass(frozen=True)
class Case:
    """A flow at one time; numbers are nested lists of float64."""

    network: str = "linear"
    loss: str = "square"
    reduction: str = "mean"
    values: dict[str, Any] = field(default_factory=dict)

    def at(self, **changes):
        return replace(self, values={**self.values, **changes})

    @property
    def options(self):
        return {"network": self.network, "loss": self.loss, "reduction": self.reduction}


class Oracle:
    """Values and derivatives of a case in balls."""

    def values(self, case):
        """Every observable, as balls."""
        v = case.values
        network, loss = load(case.network), load_loss(case.loss)
        is_set = np.ndim(v["x"]) == 2
        rows = v["x"] if is_set else [v["x"]]
        exact = ExactProblem(
            network=network, loss=loss, reduction=case.reduction, is_set=is_set,
            u0=tuple(map(rational, v["u0"])), W0=tuple(tuple(map(rational, z)) for z in v["W0"]),
            X=tuple(tuple(map(rational, z)) for z in rows),
            targets=tuple(map(rational, v["y"] if is_set else [v["y"]])),
            **{name: rational(v[name]) for name in ("gamma", "eta_u", "eta_w")},
        )  # fmt: skip
        flow = exact_flow(network, loss).of(exact)
        (found, start), _ = flow.solve([rational(v["t"]), fmpq(0)], DIGITS)
        given = {name: getattr(found, name) for name in ("output", "loss", "norm_u", "norm_W")}
        if found.residual is not None:
            given["residual"] = found.residual
        if found.alignment is not None:
            given["alignment"] = found.alignment
        given |= {f"u[{i}]": z for i, z in enumerate(found.u)}
        given |= {f"W[{i},{j}]": z for i, row in enumerate(found.W) for j, z in enumerate(row)}
        with precision(BITS):
            given |= self._by_hand(case, exact, found, start, rows)
        return given

    def _by_hand(self, case, exact, found, start, rows):
        sigma, slope = SIGMA[case.network]
        longest = max(range(len(rows)), key=lambda k: sum(z * z for z in rows[k]))
        m = [arb(z) for z in exact.X[longest]]  # kernels at the longest input
        norm_2 = sum(z * z for z in m)
        gamma, eta_u, eta_w = (arb(z) for z in (exact.gamma, exact.eta_u, exact.eta_w))

        def pre(W):
            return [sum((a * b for a, b in zip(row, m, strict=True)), arb(0)) for row in W]

        def distance(a, b):
            return sum(((x - y) ** 2 for x, y in zip(a, b, strict=True)), arb(0)).sqrt()

        def kernel(u, W):
            return gamma**2 * sum(
                eta_u * sigma(h) ** 2 + eta_w * norm_2 * (a * slope(h)) ** 2
                for a, h in zip(u, pre(W), strict=True)
            )

        flat = [[z for row in one.W for z in row] for one in (found, start)]
        h = pre(found.W)
        return {
            "norm_omega": distance(h, [arb(0)] * len(h)) / norm_2.sqrt(),
            "distance_u": distance(found.u, start.u),
            "distance_W": distance(*flat),
            "tangent_kernel": kernel(found.u, found.W),
            "kernel_change": kernel(found.u, found.W) / kernel(start.u, start.W) - 1,
        }

    def slopes(self, case, name, entry):
        """Derivatives of all observables by one number, times its size, and that size."""
        given = np.asarray(case.values[name], dtype=object)
        size = Fraction(float(np.max(np.abs(np.asarray(case.values[name], dtype=float))) or 1.0))
        sides = []
        for sign in (1, -1):
            moved = given.copy()
            moved[entry] = Fraction(float(given[entry])) + sign * STEP * size
            sides.append(self.values(case.at(**{name: moved.tolist()})))
        with precision(BITS):
            both = zip(sides[0].items(), sides[1].values(), strict=True)
            return {k: float((up - down) / (2 * rational(STEP))) for (k, up), down in both}, float(
                size
            )


def flow_of(case, dtype=torch.float64, **changes):
    """The flow of tensors, its leaves, and t."""
    values = case.values | changes
    leaves = {name: torch.tensor(values[name], dtype=dtype, requires_grad=True) for name in NUMBERS}
    given = {name: leaves[name] for name in ("gamma", "eta_u", "eta_w")}
    flow = GradientFlow(
        *(leaves[name] for name in ("u0", "W0", "x", "y")), **given, **case.options, xp=torch
    )
    return flow, leaves, leaves["t"]


def observed(flow, x, t):
    """What the oracle has, of a flow of tensors."""
    if x.ndim == 2:
        x = x[torch.argmax((x * x).sum(1))]
    names = (
        "output", "loss", "residual", "alignment", "norm_u", "norm_W", "norm_omega", "distance_u",
        "distance_W", "kernel_change",
    )  # fmt: skip
    found = {name: getattr(flow, name)(t) for name in names if name in flow.observables}
    u, W = flow.u(t), flow.W(t)
    found |= {f"u[{i}]": z for i, z in enumerate(u)}
    found |= {f"W[{i},{j}]": z for i, row in enumerate(W) for j, z in enumerate(row)}
    return found | {"tangent_kernel": flow.tangent_kernel(t, x, x)}


def compare(case, names=NUMBERS, skip=()):
    """The largest error of a gradient in all numbers, each component times the size of its number.

    Relative to the largest component, or to a thousandth of what is derived, of which roundings remain
    where it is stationary; and where the error is.
    """
    flow, leaves, t = flow_of(case)
    found, known = observed(flow, leaves["x"], t), Oracle().values(case)
    found = {key: z for key, z in found.items() if key in known}
    exact, got = ({key: {} for key in found} for _ in range(2))
    for name in names:
        slopes = {}
        for entry in np.ndindex(np.shape(case.values[name])):
            slopes[entry], size = Oracle().slopes(case, name, entry)
        for key, value in found.items():
            (grad,) = torch.autograd.grad(value, leaves[name], retain_graph=True, allow_unused=True)
            for entry, z in slopes.items():
                exact[key][name, entry] = z[key]
                got[key][name, entry] = 0.0 if grad is None else float(grad[entry]) * size
    worst = (0.0, "")
    for key in found.keys() - {*skip}:
        largest = max(
            *map(abs, exact[key].values()), abs(float(found[key].detach())) / 1000, 1e-300
        )
        for place, z in exact[key].items():
            error = abs(got[key][place] - z) / largest
            if not error <= worst[0]:
                worst = (error, f"{key} by {place}: {got[key][place]} instead of {z}, of {largest}")
    return worst


def directional(case, seed=0):
    """The largest error of gradients along one random change of all numbers, as `compare` has it."""
    generator = np.random.default_rng(seed)
    flow, leaves, t = flow_of(case)
    found = observed(flow, leaves["x"], t)
    sizes = {key: Fraction(float(np.max(np.abs(case.values[key])))) for key in NUMBERS}
    if case.loss in ("logistic", "hinge"):
        sizes["y"] = Fraction(0)  # a label is one
    change = {
        key: generator.choice([-1.0, -0.5, 0.5, 1.0], np.shape(z)) for key, z in case.values.items()
    }
    sides = []
    for sign in (1, -1):
        moved = {}
        for key in NUMBERS:
            rows = [
                Fraction(float(z)) + Fraction(float(by)) * (sign * STEP * sizes[key])
                for z, by in zip(np.ravel(case.values[key]), np.ravel(change[key]), strict=True)
            ]
            moved[key] = np.array(rows, dtype=object).reshape(np.shape(case.values[key])).tolist()
        sides.append(Oracle().values(case.at(**moved)))
    worst = (0.0, "")
    with precision(BITS):
        exact = {k: float((z - sides[1][k]) / (2 * rational(STEP))) for k, z in sides[0].items()}
    for key in found.keys() & exact.keys():
        grads = torch.autograd.grad(
            found[key], [*leaves.values()], retain_graph=True, allow_unused=True
        )
        terms = [
            np.asarray(grad) * change[name] * float(sizes[name])
            for name, grad in zip(leaves, grads, strict=True)
            if grad is not None
        ]
        largest = max(
            max(np.abs(z).max() for z in terms), abs(float(found[key].detach())) / 1000, 1e-300
        )
        error = abs(float(sum(z.sum() for z in terms)) - exact[key]) / largest
        if not error <= worst[0]:
            worst = (error, f"{key}: {sum(z.sum() for z in terms)} instead of {exact[key]}")
    return worst


@pytest.fixture(scope="session", name="directional")
def directional_function():
    """`directional`."""
    return directional


@pytest.fixture(scope="session", name="Case")
def case_class():
    """The class of cases."""
    return Case


@pytest.fixture(scope="session", name="compare")
def compare_function():
    """`compare`."""
    return compare


@pytest.fixture(scope="session", name="flow_of")
def flow_function():
    """`flow_of`."""
    return flow_of


@pytest.fixture(scope="session", name="Oracle")
def oracle_class():
    """The class of oracles."""
    return Oracle
