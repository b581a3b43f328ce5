"""Gradients of plain warped flows in machine code: against balls, raw equations, and what is the same.

No panels are made here: a gradient that the machine code does not vouch for fails.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp
from scipy.special import erf, expit

pytest.importorskip("numba", reason="nothing is compiled here; numpy computes")
from numeric import GradientFlow, compiled
from numeric.methods.tensors.host import Solved
from numeric.methods.warp.adjoint import machine
from numeric.methods.warp.adjoint.gradients import Cotangents

if not compiled.is_available():
    pytest.skip("nothing is compiled here; numpy computes", allow_module_level=True)

SMOOTH = ("tanh", "cubic", "gelu", "quadratic", "power4", "softplus", "sine", "swish", "erf",
          "exponential")  # fmt: skip
NAMES = ("residual", "output", "loss")
VALUES = {
    "u0": [0.7, -0.4], "W0": [[0.3, 0.2], [0.1, -0.5]], "x": [0.8, -0.6], "y": 1.2, "gamma": 0.9,
    "eta_u": 1.3, "eta_w": 0.7, "t": 0.4,
}  # fmt: skip


@pytest.fixture(autouse=True)
def without_panels(monkeypatch):
    """Nothing is handed over."""

    def refuse(self, t):
        raise AssertionError("panels are asked")

    monkeypatch.setattr(Solved, "adjoint", refuse)
    monkeypatch.setattr(Solved, "moments", refuse)


STARTS = {
    "generic": {},
    "at once": {"t": 0.0},
    "early": {"t": 1e-7},
    "late": {"t": 4.0},
    "far past convergence": {"t": 60.0},
    "small": {"u0": [7e-4, -4e-4], "W0": [[3e-3, 2e-3], [1e-3, -5e-3]], "t": 300.0},
    "wide apart": {"u0": [7e2, -4e-4], "W0": [[3e-3, 2e-3], [1.0, -2.0]], "t": 1e-6},
    "beyond the saddle": {"y": -1.2, "t": 2.0},
    "one neuron without second weight": {"u0": [0.7, 0.0], "t": 1.0},
    "one neuron at rest": {"u0": [0.7, 0.0], "W0": [[0.3, -0.5], [0.0, 0.0]], "t": 1.0},
    "near the target": {"y": 0.0022, "t": 0.3},
    "other rates": {"gamma": 30.0, "eta_u": 1e-4, "eta_w": 5.0, "t": 0.02},
}


@pytest.mark.parametrize("network", ["quadratic", "cubic"])
@pytest.mark.parametrize("start", STARTS)
def test_gradients_are_differences_of_balls(Case, Oracle, flow_of, network, start):
    case = Case(network=network, values=VALUES | STARTS[start])
    flow, leaves, t = flow_of(case)
    slopes = {
        (name, entry): Oracle().slopes(case, name, entry)
        for name in leaves
        for entry in np.ndindex(np.shape(case.values[name]))
        if not (name == "t" and case.values["t"] == 0)
    }
    for key in NAMES:
        found = getattr(flow, key)(t)
        gradient = torch.autograd.grad(found, [*leaves.values()])
        by_name = dict(zip(leaves, gradient, strict=True))
        largest = max(abs(exact[key]) for exact, _ in slopes.values())
        for (name, entry), (exact, size) in slopes.items():
            assert abs(float(by_name[name][entry]) * size - exact[key]) <= 1e-11 * largest, (
                key,
                name,
            )


def normal(h):
    return np.exp(-h * h / 2) / np.sqrt(2 * np.pi)


def below(h):
    return (1 + erf(h / np.sqrt(2))) / 2


# σ, σ′ and σ″
SIGMA = {
    "tanh": (np.tanh, lambda h: 1 - np.tanh(h) ** 2, lambda h: -2 * np.tanh(h) / np.cosh(h) ** 2),
    "sine": (np.sin, np.cos, lambda h: -np.sin(h)),
    "exponential": (np.exp, np.exp, np.exp),
    "erf": (
        erf, lambda h: 2 / np.sqrt(np.pi) * np.exp(-h * h),
        lambda h: -4 * h / np.sqrt(np.pi) * np.exp(-h * h),
    ),
    "softplus": (lambda h: np.log1p(np.exp(h)), expit, lambda h: expit(h) * expit(-h)),
    "swish": (
        lambda h: h * expit(h), lambda h: expit(h) * (1 + h * expit(-h)),
        lambda h: expit(h) * expit(-h) * (2 + h * (expit(-h) - expit(h))),
    ),
    "gelu": (
        lambda h: h * below(h), lambda h: below(h) + h * normal(h), lambda h: (2 - h * h) * normal(h)
    ),
    "power4": (lambda h: h**4, lambda h: 4 * h**3, lambda h: 12 * h**2),
    "quadratic": (lambda h: h**2, lambda h: 2 * h, lambda h: 2 + 0 * h),
    "cubic": (lambda h: h**3, lambda h: 3 * h**2, lambda h: 6 * h),
}  # fmt: skip


@pytest.mark.parametrize("network", SMOOTH)
@pytest.mark.parametrize("d", [1, 3, 20])
def test_gradients_are_those_of_the_linearised_raw_equations(network, d):
    """Along one random change of all that was given, at several times."""
    sigma, slope, bend = SIGMA[network]
    draw = np.random.default_rng(d)
    given = [draw.normal(size=d) / np.sqrt(d), draw.normal(size=d), 1.4, 0.8, 1.2, 0.7, 1.1]
    change = [draw.normal(size=d), draw.normal(size=d), *draw.normal(size=5)]

    def field(_t, z):
        u, h, du, dh = z.reshape(4, d)
        y, gamma, eta_u, eta_w, rho = given[2:]
        dy, dgamma, deta_u, deta_w, drho = change[2:]
        r = gamma * u @ sigma(h) - y
        dr = dgamma * u @ sigma(h) + gamma * (du @ sigma(h) + (u * slope(h)) @ dh) - dy
        to_u, to_w = -2 * eta_u * gamma, -2 * eta_w * gamma * rho**2
        dto_u = -2 * (deta_u * gamma + eta_u * dgamma)
        dto_w = -2 * rho * (deta_w * gamma * rho + eta_w * dgamma * rho + 2 * eta_w * gamma * drho)
        s, along = sigma(h), u * slope(h)
        ds, dalong = slope(h) * dh, du * slope(h) + u * bend(h) * dh
        return np.concatenate([
            to_u * r * s, to_w * r * along,
            dto_u * r * s + to_u * (dr * s + r * ds),
            dto_w * r * along + to_w * (dr * along + r * dalong),
        ])  # fmt: skip

    leaves = [torch.tensor(z, dtype=torch.float64, requires_grad=True) for z in given]
    u0, h0, y, gamma, eta_u, eta_w, rho = leaves
    x = rho.reshape(1)
    flow = GradientFlow(
        u0,
        (h0 / rho)[:, None],
        x,
        y,
        network=network,
        gamma=gamma,
        eta_u=eta_u,
        eta_w=eta_w,
        xp=torch,
    )
    scale = float(GradientFlow(
        given[0], given[1][:, None] / given[6], [given[6]], given[2], network=network,
        **dict(zip(("gamma", "eta_u", "eta_w"), given[3:6], strict=True)),
    ).t_c)  # fmt: skip
    t = scale * np.array([0.01, 0.3, 0.8])
    start = np.concatenate([given[0], given[1], change[0], change[1]])
    exact = solve_ivp(field, (0, t[-1]), start, "DOP853", t, rtol=1e-13, atol=1e-15).y.T
    for k, z in enumerate(exact):
        u, h, du, dh = z.reshape(4, d)
        expected = change[3] * u @ sigma(h) + given[3] * (du @ sigma(h) + (u * slope(h)) @ dh)
        gradient = torch.autograd.grad(flow.output(float(t[k])), leaves, retain_graph=True)
        terms = [np.sum(np.asarray(g) * c) for g, c in zip(gradient, change, strict=True)]
        size = max(np.abs(np.asarray(g)).max() for g in gradient)
        assert abs(sum(terms) - expected) <= 1e-10 * size


def draws(count, seed):
    """Plain flows: sizes of weights over 1e±6, rates over 1e±2; times up to far past convergence."""
    draw = np.random.default_rng(seed)
    for k in range(count):
        network = SMOOTH[k % len(SMOOTH)]
        d, sizes = int(draw.choice([1, 2, 7, 40])), 10 ** draw.uniform(-6, 1, 2)
        u, W = draw.normal(size=d) * sizes[0], draw.normal(size=(d, 1)) * sizes[1]
        rates = dict(zip(("gamma", "eta_u", "eta_w"), 10 ** draw.uniform(-2, 2, 3), strict=True))
        x, y = np.array([10 ** draw.uniform(-1, 1)]), draw.normal() * 10 ** draw.uniform(-2, 2)
        try:
            flow = GradientFlow(u, W, x, y, network=network, **rates)
        except ValueError:
            continue
        if flow._machine is not None:
            yield flow, rates, flow.t_c * 10 ** draw.uniform(-6, 2.5)


def test_gradients_know_in_what_units_they_are():
    """Three scalings under which a flow is the same; relative to the terms, at any residual."""
    served = 0
    for flow, rates, t in draws(120, 0):
        moments, size = np.array([t]), abs(float(flow.residual(t)))
        if size < 1e-290:
            continue
        given = Cotangents(np.array([1 / size]), np.zeros(1), np.zeros(1))
        found = machine.pull(flow, np.ones(1), np.array([flow.point.target]), moments, given)
        if found is None:
            continue
        served += 1
        gamma, of_u, of_w = (rates[z] * float(getattr(found, z)) for z in rates)
        time, y = t * float(found.t[0]), flow.point.target * float(found.targets[0])
        value = np.sign(float(flow.residual(t)))
        for same in (
            [of_u, of_w, -time],  # rates and time
            [
                float(flow.u0 @ found.u0),
                -gamma,
                2 * of_u,
            ],  # second layer, output scale and its rate
            [y, gamma, -2 * of_u, -2 * of_w, -value],  # target, output and its scale, rates
        ):
            assert abs(sum(same)) <= 1e-11 * max(map(abs, same)), (flow.network.name, t, same)
    assert served > 80


def test_a_sum_of_many_times_is_the_sum_of_each():
    """Times in any order, twice, at the start and at the end."""
    flow = GradientFlow([0.7, -0.4], [[0.3], [0.9]], [1.0], 1.2, network="tanh")
    t = flow.t_c * np.array([0.3, 0.0, 5.0, 0.3, 1e-9, 90.0, np.inf, 1.1, 1e-3])
    rows = np.random.default_rng(0).normal(size=(3, t.size))

    def pull(moments, given):
        data = np.ones(1), np.array([1.2])
        return machine.pull(flow, *data, moments, Cotangents(*given))

    whole = pull(t, rows)
    each = [pull(t[k : k + 1], rows[:, k : k + 1]) for k in range(t.size)]
    for name in whole._fields[:-1]:
        parts = [np.asarray(getattr(one, name)) for one in each]
        size = np.abs(parts).max()
        assert np.abs(np.asarray(getattr(whole, name)) - sum(parts)).max() <= 1e-13 * size
    assert np.allclose(whole.t, [one.t[0] for one in each], rtol=1e-13, atol=0)


def test_of_a_set_scales_and_targets_are_felt():
    """Two rows of one line: against differences of the loss at data that are changed."""
    x, y = np.array([[1.0, 0.5], [-0.6, -0.3]]), np.array([1.2, 0.4])
    u, W = np.array([0.7, -0.4]), np.array([[0.3, 0.2], [0.9, -0.5]])

    def loss(y, eta):
        flow = GradientFlow(u, W, x, y, network="cubic", eta_u=eta)
        return float(flow.loss(0.8))

    leaves = [torch.tensor(z, dtype=torch.float64, requires_grad=True) for z in (y, 1.0)]
    flow = GradientFlow(
        torch.tensor(u), torch.tensor(W), torch.tensor(x), leaves[0], network="cubic",
        eta_u=leaves[1], xp=torch,
    )  # fmt: skip
    by_y, by_eta = torch.autograd.grad(flow.loss(0.8), leaves)
    step = 1e-5
    for k, change in enumerate(np.eye(2)):
        expected = (loss(y + step * change, 1.0) - loss(y - step * change, 1.0)) / (2 * step)
        assert abs(float(by_y[k]) - expected) <= 1e-8
    assert abs(float(by_eta) - (loss(y, 1 + step) - loss(y, 1 - step)) / (2 * step)) <= 1e-8
