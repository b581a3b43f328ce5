"""Warped networks as tensors: values against numpy, derivatives against three others.

Those are the linearised raw equations, integrated beside them, and differences of numpy and of balls.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp
from scipy.special import erf, expit

from numeric import GradientFlow
from numeric.errors import InputError

VALUES = {
    "u0": [0.7, -0.4, 0.9], "W0": [[0.3, 0.2], [0.4, -0.5], [0.6, 0.4]], "x": [1.0, -0.5], "y": 1.3,
    "gamma": 0.8, "eta_u": 1.5, "eta_w": 0.4, "t": 0.3,
}  # fmt: skip
RATES = ("gamma", "eta_u", "eta_w")
SQRT_PI = math.sqrt(math.pi)


def normal(h):
    return np.exp(-h * h / 2) / math.sqrt(2 * math.pi)


# σ, σ′ and σ″ by hand
SIGMA = {
    "linear": (lambda h: h, lambda h: 1 + 0 * h, lambda h: 0 * h),
    "quadratic": (lambda h: h**2, lambda h: 2 * h, lambda h: 2 + 0 * h),
    "cubic": (lambda h: h**3, lambda h: 3 * h**2, lambda h: 6 * h),
    "power5": (lambda h: h**5, lambda h: 5 * h**4, lambda h: 20 * h**3),
    "tanh": (np.tanh, lambda h: 1 / np.cosh(h) ** 2, lambda h: -2 * np.tanh(h) / np.cosh(h) ** 2),
    "sine": (np.sin, np.cos, lambda h: -np.sin(h)),
    "exponential": (np.exp, np.exp, np.exp),
    "erf": (erf, lambda h: 2 / SQRT_PI * np.exp(-h * h), lambda h: -4 * h / SQRT_PI * np.exp(-h * h)),
    "softplus": (lambda h: np.log1p(np.exp(h)), expit, lambda h: expit(h) * expit(-h)),
    "swish": (
        lambda h: h * expit(h),
        lambda h: expit(h) * (1 + h * expit(-h)),
        lambda h: expit(h) * expit(-h) * (2 + h * (1 - 2 * expit(h))),
    ),
    "gelu": (
        lambda h: h * (1 + erf(h / math.sqrt(2))) / 2,
        lambda h: (1 + erf(h / math.sqrt(2))) / 2 + h * normal(h),
        lambda h: (2 - h * h) * normal(h),
    ),
    "relu": (lambda h: np.maximum(h, 0), lambda h: (h > 0) * 1.0, lambda h: 0 * h),
    "leaky_relu": (
        lambda h: np.where(h > 0, h, h / 100),
        lambda h: np.where(h > 0, 1.0, 0.01),
        lambda h: 0 * h,
    ),
}  # fmt: skip
# ∂ℓ/∂f, ∂²ℓ/∂f², ∂²ℓ/∂f∂y and ∂ℓ/∂y by hand
LOSSES = {
    "square": (lambda f, y: 2 * (f - y), lambda f, y: 2.0, lambda f, y: -2.0, lambda f, y: 2 * (y - f)),
    "quartic": (
        lambda f, y: 4 * (f - y) ** 3, lambda f, y: 12 * (f - y) ** 2, lambda f, y: -12 * (f - y) ** 2,
        lambda f, y: -4 * (f - y) ** 3,
    ),
    "log_cosh": (
        lambda f, y: np.tanh(f - y), lambda f, y: 1 / np.cosh(f - y) ** 2,
        lambda f, y: -1 / np.cosh(f - y) ** 2, lambda f, y: -np.tanh(f - y),
    ),
    "logistic": (
        lambda f, y: -y * expit(-y * f), lambda f, y: y * y * expit(y * f) * expit(-y * f),
        lambda f, y: -expit(-y * f) + y * f * expit(y * f) * expit(-y * f),
        lambda f, y: -f * expit(-y * f),
    ),
    "exponential": (
        lambda f, y: -y * np.exp(-y * f), lambda f, y: y * y * np.exp(-y * f),
        lambda f, y: (y * f - 1) * np.exp(-y * f), lambda f, y: -f * np.exp(-y * f),
    ),
    "binary_cross_entropy": (
        lambda f, y: expit(f) - y, lambda f, y: expit(f) * expit(-f), lambda f, y: -1.0, lambda f, y: -f,
    ),
}  # fmt: skip
NUMBERS = ("u0", "h0", "gamma", "eta_u", "eta_w", "rho_2", "y")


def linearised(case):
    """U, h, f and ℓ at the time, and their derivatives by `NUMBERS` in a row, then by t."""
    v, d = case.values, len(case.values["u0"])
    sigma, slope, bending = SIGMA[case.network]
    pull, curvature, pull_by_y, by_y = LOSSES[case.loss]
    x, y = np.array(v["x"]), v["y"]
    gamma, eta_u, eta_w, rho_2 = v["gamma"], v["eta_u"], v["eta_w"], x @ x
    many = 2 * d + 5
    of = {name: np.eye(many)[2 * d + k] for k, name in enumerate(NUMBERS[2:])}

    def parts(z):
        u, h = z[:d], z[d : 2 * d]
        moved = z[2 * d :].reshape(2 * d, many)
        f = gamma * (u @ sigma(h))
        by = gamma * (sigma(h) @ moved[:d] + (u * slope(h)) @ moved[d:]) + f / gamma * of["gamma"]
        return u, h, moved, f, by

    def velocity(_, z):
        u, h, moved, f, by = parts(z)
        r = -pull(f, y)
        dr = -curvature(f, y) * by - pull_by_y(f, y) * of["y"]
        to_u, to_h = eta_u * gamma * sigma(h), eta_w * gamma * rho_2 * u * slope(h)
        relative_u = dr + r * (of["eta_u"] / eta_u + of["gamma"] / gamma)
        relative_h = dr + r * (of["eta_w"] / eta_w + of["gamma"] / gamma + of["rho_2"] / rho_2)
        turned = moved[:d] * slope(h)[:, None] + (u * bending(h))[:, None] * moved[d:]
        du = eta_u * gamma * r * slope(h)[:, None] * moved[d:] + to_u[:, None] * relative_u
        dh = eta_w * gamma * rho_2 * r * turned + to_h[:, None] * relative_h
        return np.concatenate([r * to_u, r * to_h, du.ravel(), dh.ravel()])

    start = np.concatenate([v["u0"], np.array(v["W0"]) @ x, np.eye(2 * d, many).ravel()])
    done = solve_ivp(velocity, (0, v["t"]), start, "DOP853", rtol=1e-13, atol=1e-15)
    u, h, moved, f, by = parts(done.y[:, -1])
    now = velocity(0.0, done.y[:, -1])[: 2 * d]
    by_t = gamma * (now[:d] @ sigma(h) + now[d:] @ (u * slope(h)))
    loss_by = pull(f, y) * by + by_y(f, y) * of["y"]
    return {
        "output": (f, np.append(by, by_t)),
        "loss": (None, np.append(loss_by, pull(f, y) * by_t)),
        **{f"u[{i}]": (u[i], np.append(moved[i], now[i])) for i in range(d)},
        **{f"h[{i}]": (h[i], np.append(moved[d + i], now[d + i])) for i in range(d)},
    }


def given_by(case, by_number):
    """Derivatives by what a user gives, from those by `NUMBERS` and t."""
    v, d = case.values, len(case.values["u0"])
    x, W0 = np.array(v["x"]), np.array(v["W0"])
    by_h, rest = by_number[d : 2 * d], by_number[2 * d :]
    return {
        "u0": by_number[:d], "W0": np.outer(by_h, x), "gamma": rest[0], "eta_u": rest[1],
        "eta_w": rest[2], "x": by_h @ W0 + 2 * rest[3] * x, "y": rest[4], "t": rest[5],
    }  # fmt: skip


def worst_error(case, flow_of):
    """Of all gradients, relative to the largest component of each, of which the integrator has digits."""
    flow, leaves, t = flow_of(case)
    found = {"output": flow.output(t), "loss": flow.loss(t)}
    h = flow.W(t) @ leaves["x"]
    found |= {f"u[{i}]": z for i, z in enumerate(flow.u(t))} | {
        f"h[{i}]": z for i, z in enumerate(h)
    }
    worst = (0.0, "")
    for name, (_, by_number) in linearised(case).items():
        exact = given_by(case, by_number)
        largest = max(1e-4, *(np.abs(z).max() for z in exact.values()))
        for leaf, z in exact.items():
            (grad,) = torch.autograd.grad(
                found[name], leaves[leaf], retain_graph=True, allow_unused=True
            )
            off = np.abs((0.0 if grad is None else grad.numpy()) - z).max() / largest
            if not off <= worst[0]:
                worst = (off, f"{name} by {leaf}: {grad} instead of {z}")
    return worst


@pytest.mark.parametrize("t", [0.02, 1.0])
@pytest.mark.parametrize("network", [z for z in SIGMA if z != "linear"])
def test_gradients_of_every_network(Case, flow_of, network, t):
    if network == "quadratic":
        t = t / 4
    error, where = worst_error(Case(network=network, values=VALUES | {"t": t}), flow_of)
    assert error < 1e-9, where


@pytest.mark.parametrize("t", [0.05, 2.0])
@pytest.mark.parametrize("loss", [z for z in LOSSES if z != "square"])
@pytest.mark.parametrize("network", ["linear", "cubic", "tanh"])
def test_gradients_under_every_loss(Case, flow_of, network, loss, t):
    y = {"logistic": -1.0, "exponential": 1.0, "binary_cross_entropy": 0.3}.get(loss, 1.3)
    error, where = worst_error(
        Case(network=network, loss=loss, values=VALUES | {"t": t, "y": y}), flow_of
    )
    assert error < 1e-9, where


WAYS = [
    {"y": -1.5},  # neurons change sides, die, or turn
    {"u0": [-0.7, 0.4, 0.2], "W0": [[0.3, 0.2], [0.4, -0.1], [-0.6, 0.4]], "y": 0.8},
    {"u0": [0.5], "W0": [[-0.3, -1.6]], "t": 3.0},
    {"gamma": -0.8},
    {
        "u0": [0.7, -0.4, 0.0],
        "W0": [[0.3, 0.2], [60.0, -0.5], [0.2, 0.4]],
    },  # one saturated, one at rest
]


@pytest.mark.parametrize("network", ["tanh", "quadratic", "cubic", "gelu", "erf"])
@pytest.mark.parametrize("changes", WAYS)
def test_gradients_on_other_ways(Case, flow_of, network, changes):
    if network in ("quadratic", "cubic") and changes is WAYS[-1]:
        changes = changes | {"W0": [[0.3, 0.2], [0.2, 0.4], [0.4, -0.3]]}
    error, where = worst_error(Case(network=network, values=VALUES | {"t": 1.5} | changes), flow_of)
    assert error < 1e-9, where


def differences(case, name, entry, answers):
    """Of the flow in numpy, of fourth order."""
    step = 2e-3

    def value(by):
        values = {key: np.array(z, dtype=float) for key, z in case.values.items()}
        values[name][entry] += by
        rates = {key: float(values[key]) for key in RATES}
        flow = GradientFlow(*(values[z] for z in ("u0", "W0", "x", "y")), **rates, **case.options)
        return np.array([answer(flow, float(values["t"])) for answer in answers])

    near, far = (value(k * step) - value(-k * step) for k in (1, 2))
    return (8 * near - far) / (12 * step)


ANSWERS = (
    lambda flow, t: flow.loss(t), lambda flow, t: flow.u(t)[0], lambda flow, t: flow.W(t)[0, 1],
    lambda flow, t: flow.W(t)[-1, 0],
)  # fmt: skip


@pytest.mark.parametrize("network", ["relu", "leaky_relu"])
@pytest.mark.parametrize("changes", [pytest.param(WAYS[0], marks=pytest.mark.slow), *WAYS[1:3]])
def test_gradients_where_neurons_cross_a_bend(Case, flow_of, network, changes):
    case = Case(network=network, values=VALUES | {"t": 1.5} | changes)
    flow, leaves, t = flow_of(case)
    found = [
        torch.autograd.grad(answer(flow, t), [*leaves.values()], retain_graph=True)
        for answer in ANSWERS
    ]
    for k, leaf in enumerate(leaves):
        for entry in np.ndindex(leaves[leaf].shape):
            slopes = differences(case, leaf, entry, ANSWERS)
            grads = [float(grad[k][entry]) for grad in found]
            assert grads == pytest.approx(slopes, abs=2e-8), (leaf, entry)


LINE = np.outer([1.0, 0.5, 2.0], [1.0, -0.5])
SETS = {  # network, loss, inputs, targets
    "square": ("cubic", "square", LINE, [1.0, 0.2, 1.5]),
    "logistic": ("quadratic", "logistic", LINE, [1.0, 1.0, -1.0]),
    "ray": ("leaky_relu", "log_cosh", -LINE, [1.0, 0.2, 1.5]),
    "equal": ("tanh", "quartic", np.outer(np.ones(3), [1.0, -0.5]), [1.0, 0.2, 1.5]),
    "huber": ("linear", "huber", LINE, [3.0, 0.2, 1.5]),
    "soft": ("tanh", "binary_cross_entropy", np.outer(np.ones(3), [1.0, -0.5]), [0.9, 0.2, 0.8]),
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_derivatives_by_a_set_are_those_along_its_line(Case, flow_of, name, reduction):
    """Along a random change that keeps the inputs on a line, or equal."""
    network, loss, X, y = SETS[name]
    values = VALUES | {"x": X, "y": y, "t": 0.7}
    case = Case(network=network, loss=loss, reduction=reduction, values=values)
    flow, leaves, t = flow_of(case)
    generator = np.random.default_rng(3)
    m, a = X[0], X[:, 0] / X[0, 0]
    turned = generator.normal(size=2)
    scaled = np.zeros(3) if name in ("equal", "soft") else generator.normal(size=3)
    direction = {key: np.asarray(generator.normal(size=np.shape(values[key]))) for key in leaves}
    direction["x"] = np.outer(scaled, m) + np.outer(a, turned)
    if name == "logistic":  # labels are labels
        direction["y"] = np.zeros(3)

    def answers(by):
        given = {key: np.asarray(values[key]) + by * direction[key] for key in leaves}
        given["x"] = np.outer(a + by * scaled, m + by * turned)
        rates = {key: float(given[key]) for key in RATES}
        made = GradientFlow(*(given[z] for z in ("u0", "W0", "x", "y")), **rates, **case.options)
        t = float(given["t"])
        return np.array(
            [made.loss(t), made.output(t), made.residual(t), made.u(t)[0], made.W(t)[0, 1]]
        )

    step = 3e-4
    near, far = (answers(k * step) - answers(-k * step) for k in (1, 2))
    slopes = (8 * near - far) / (12 * step)
    found = [flow.loss(t), flow.output(t), flow.residual(t), flow.u(t)[0], flow.W(t)[0, 1]]
    for value, slope in zip(found, slopes, strict=True):
        grads = torch.autograd.grad(value, [*leaves.values()], retain_graph=True, allow_unused=True)
        felt = sum(
            float((grad.numpy() * direction[key]).sum())
            for key, grad in zip(leaves, grads, strict=True)
            if grad is not None
        )
        assert felt == pytest.approx(slope, abs=3e-8)


@pytest.mark.parametrize(("network", "loss"), [("cubic", "square"), ("tanh", "logistic"),
                                               ("relu", "huber"), ("linear", "quartic")])  # fmt: skip
def test_values_are_those_of_numpy(Case, flow_of, network, loss):
    case = Case(network=network, loss=loss, values=VALUES | {"y": 1.0})
    v, times = case.values, np.array([[0.0, 1e-6, 0.2], [3.0, 40.0, 1e4]])
    flow = flow_of(case)[0]
    rates = {key: v[key] for key in RATES}
    expected = GradientFlow(v["u0"], v["W0"], v["x"], v["y"], **rates, **case.options)
    with torch.no_grad():
        for name in (*expected.observables, "u", "W"):
            found = getattr(flow, name)(torch.tensor(times)).numpy()
            assert found == pytest.approx(getattr(expected, name)(times), rel=1e-12, abs=1e-15), (
                name
            )
            if loss != "logistic":
                found = np.asarray(getattr(flow, name)(math.inf))
                assert found == pytest.approx(
                    getattr(expected, name)(math.inf), rel=1e-12, abs=1e-15
                )
        inputs = np.array([[1.0, 0.5], [0.0, -1.0]])
        assert flow.predict(inputs, times).numpy() == pytest.approx(
            expected.predict(inputs, times), rel=1e-12, abs=1e-14
        )
        kernels = flow.tangent_kernel(torch.tensor(times), *inputs).numpy()
        assert kernels == pytest.approx(
            expected.tangent_kernel(times, *inputs), rel=1e-12, abs=1e-15
        )


def test_many_times_are_each_by_itself(Case, flow_of):
    flow, leaves, _ = flow_of(Case(network="quadratic", values=VALUES))
    times = [0.0, 1e-9, 0.01, 0.1, 0.3, 1.0, 5.0, 50.0]
    one = torch.autograd.grad(
        flow.loss(torch.tensor(times, dtype=torch.float64)).sum(), leaves["u0"]
    )[0]
    each = [torch.autograd.grad(flow.loss(t), leaves["u0"])[0] for t in times]
    assert torch.allclose(one, sum(each), rtol=1e-13, atol=0)


@pytest.mark.slow
@pytest.mark.parametrize("network", ["tanh", "cubic"])
def test_torch_checks_every_observable_by_itself(Case, flow_of, network):
    _, leaves, _ = flow_of(Case(network=network, values=VALUES))

    def observed(*numbers):
        given = dict(zip(leaves, numbers, strict=True))
        rates = {key: given[key] for key in RATES}
        flow = GradientFlow(
            *(given[z] for z in ("u0", "W0", "x", "y")), **rates, network=network, xp=torch
        )
        names = (*flow.observables, "u", "W")
        return tuple(getattr(flow, name)(given["t"]) for name in names)

    assert torch.autograd.gradcheck(observed, tuple(leaves.values()))


@pytest.mark.parametrize(("network", "loss", "t"), [
    ("quadratic", "square", 40.0), ("cubic", "log_cosh", 8.0), ("quadratic", "quartic", 1e4),
    ("quadratic", "quartic", 1e12), ("cubic", "quartic", 1e18),
    ("linear", "logistic", 50.0), ("quadratic", "hinge", 0.05), ("quadratic", "hinge", 30.0),
])  # fmt: skip
def test_late_gradients_are_differences_of_balls(Case, directional, network, loss, t):
    """Where residuals are 1e-100, or 1e-4, derivatives keep the digits that they have."""
    values = {"u0": [0.7, -0.4], "W0": [[0.3, 0.2], [0.1, -0.5]], "y": 1.0, "t": t}
    error, where = directional(Case(network=network, loss=loss, values=VALUES | values))
    assert error < 1e-9, where


def test_second_derivatives_and_what_has_no_flow_are_refused(Case, flow_of):
    flow, leaves, t = flow_of(Case(network="tanh", values=VALUES))
    (grad,) = torch.autograd.grad(flow.loss(t), leaves["u0"], create_graph=True)
    with pytest.raises(NotImplementedError, match="second derivatives"):
        grad.sum().backward()
    with pytest.raises(InputError, match="rows that differ"):
        GradientFlow(
            torch.ones(2), torch.ones(2, 2), np.eye(2), [1.0, 2.0], network="tanh", xp=torch
        ).u(1.0)
    with pytest.raises(InputError, match="explicit"):
        GradientFlow(
            torch.ones(2), torch.ones(2, 1), [1.0], 2.0, loss="huber", method="explicit", xp=torch
        )
    assert flow_of(Case(loss="logistic", values=VALUES | {"y": 1.0}))[0].residual(1.0).isnan()
    asked = GradientFlow(torch.ones(2), torch.ones(2, 1), [1.0], 2.0, method="warp", xp=torch)
    assert asked.method == "warp"


def test_a_flat_minimum_is_felt_by_the_distance_from_it(Case, directional):
    """From 5000 to 4e-6: of the output alone ℒ″ has no digits, and changes of the place cancel."""
    values = {
        "u0": [-0.29, 0.025, -0.84], "W0": [[-11.8, -3.7], [-4.3, 10.0], [15.0, 3.0]], "x": [5.0, -0.06],
        "y": -0.5, "gamma": 0.22, "eta_u": 0.28, "eta_w": 1.1, "t": 2.0,
    }  # fmt: skip
    error, where = directional(Case(network="cubic", loss="quartic", values=values))
    assert error < 1e-10, where
