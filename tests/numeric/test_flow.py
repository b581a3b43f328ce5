"""One object for every network, loss and data: the method is told, the observables are the same."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from numeric import GradientFlow
from numeric.errors import InputError
from numeric.flow import METHODS
from numeric.methods.trajectory import Trajectory

U0, W0 = np.array([0.5, -0.7, 0.9]), np.array([[0.4, 0.3], [0.8, -0.2], [-0.3, 0.6]])
X0, RATES = np.array([1.0, -0.5]), {"gamma": 0.8, "eta_u": 0.6, "eta_w": 1.1}
SPREAD = np.array([[1.0, -0.5], [0.3, 1.2], [-0.7, 0.4], [0.9, 0.8]])  # on no line
INPUTS = np.array([[0.3, -1.0], [2.0, 0.5], [0.0, 0.0]])
TIMES = np.array([0.0, 0.05, 0.7, 3.0])
TORCH = {"tanh": torch.tanh, "relu": torch.relu, "quadratic": lambda h: h**2, "linear": lambda h: h,
         "sine": torch.sin}  # fmt: skip


@pytest.mark.parametrize(
    ("network", "loss", "x", "y", "method"),
    [
        ("linear", "square", X0, 1.0, "explicit"),
        ("linear", "half_square", X0, 1.0, "explicit"),
        ("linear", "logistic", X0, 1.0, "warp"),
        ("tanh", "square", X0, 1.0, "warp"),
        ("power7", "huber", X0, 1.0, "warp"),
        ("quadratic", "hinge", np.outer([1, -2], X0), [1.0, -1.0], "warp"),
        ("relu", "square", np.outer([1, -2], X0), [1.0, -1.0], "march"),
        ("tanh", "square", np.outer([1, 2], X0), [1.0, -1.0], "march"),
        ("linear", "square", SPREAD, [1.0, -1.0, 0.3, 0.0], "march"),
    ],
)
def test_the_strongest_method_answers_and_says_why_no_stronger_one_does(
    network, loss, x, y, method
):
    flow = GradientFlow(U0, W0, x, y, network=network, loss=loss)
    assert flow.method == method
    assert isinstance(flow, GradientFlow)
    stronger = list(METHODS)[: list(METHODS).index(method)]
    assert [f"not {name}: " in flow.why for name in stronger] == [True] * len(stronger)
    with pytest.raises(InputError, match="one of explicit, warp, march"):
        GradientFlow(U0, W0, x, y, network=network, loss=loss, method="exact")


@pytest.mark.parametrize("loss", ["square", "half_square", "log_cosh", "logistic"])
@pytest.mark.parametrize("network", ["linear", "quadratic", "cubic", "relu", "tanh"])
def test_a_set_of_one_input_is_that_input(network, loss):
    """Whatever the sign of its first component; a line has a direction, an input its own."""
    x = np.array([-0.7, 1.1])
    alone = GradientFlow(U0, W0, x, 1.0, network=network, loss=loss, **RATES)
    listed = GradientFlow(U0, W0, x[None], [1.0], network=network, loss=loss, **RATES)
    for name in alone.observables:
        np.testing.assert_array_equal(
            getattr(alone, name)(TIMES), getattr(listed, name)(TIMES), name
        )
    measured = RATES["gamma"] * listed.u(0.7) @ BY_HAND[network](listed.W(0.7) @ x)
    assert float(listed.output(0.7)) == pytest.approx(float(measured), rel=1e-12)


BY_HAND = {
    "linear": lambda h: h, "quadratic": lambda h: h**2, "cubic": lambda h: h**3,
    "relu": lambda h: np.maximum(h, 0), "tanh": np.tanh,
}  # fmt: skip


def test_a_method_that_does_not_apply_is_refused():
    with pytest.raises(InputError, match="has no inverse in closed form"):
        GradientFlow(U0, W0, X0, 1.0, network="tanh", method="explicit")
    with pytest.raises(InputError, match="no multiple of a square"):
        GradientFlow(U0, W0, X0, 1.0, loss="logistic", method="explicit")
    with pytest.raises(InputError, match="off one line"):
        GradientFlow(U0, W0, SPREAD, np.ones(4), method="warp")


def test_every_method_says_all_that_can_be_asked():
    def calls(kind, name):
        value = getattr(kind, name)
        code = getattr(getattr(value, "fget", value), "__code__", None)
        return code.co_names if code else ()

    asked = [name for name, value in vars(Trajectory).items() if not name.startswith("_") and (
        callable(value) or isinstance(value, property | classmethod))]  # fmt: skip
    for kind in METHODS.values():
        assert [name for name in asked if "NotImplementedError" in calls(kind, name)] == []


@pytest.mark.parametrize("method", ["explicit", "warp", "march"])
def test_times_may_have_any_shape_and_be_none(method):
    """No time at all was an IndexError of the linear network's checks."""
    flow = GradientFlow(U0, W0, X0, 1.0, network="linear", method=method)
    times = [0.3, np.float32(0.2), np.array(0.1), [], np.zeros((0, 3)), np.full((2, 1, 2), 0.2)]
    for observable in (*flow.observables, "u", "W"):
        ask = getattr(flow, observable)
        alone = np.shape(ask(0.1))
        for t in times:
            assert np.shape(ask(t)) == np.shape(t) + alone, (observable, t)


@pytest.mark.parametrize(("loss", "reduction"), [("square", "mean"), ("half_square", "sum")])
def test_all_three_methods_agree_on_the_linear_network(loss, reduction):
    x, y = np.outer([1.0, -0.4, 0.7], X0), [1.0, 0.2, 0.5]
    given = {"loss": loss, "reduction": reduction, **RATES}
    explicit, warp, march = (GradientFlow(U0, W0, x, y, method=name, **given) for name in METHODS)
    scalars = [name for name in Trajectory.SCALARS if name in warp.observables]
    for name in scalars:
        one, two = (getattr(flow, name)(TIMES) for flow in (explicit, warp))
        assert two == pytest.approx(one, rel=1e-11, abs=1e-14), name
    for name in ("loss", "norm_u", "norm_W"):
        one, two = (getattr(flow, name)(TIMES) for flow in (explicit, march))
        assert two == pytest.approx(one, rel=1e-9), name
    for flow, allowed in ((warp, 1e-12), (march, 1e-9)):
        assert flow.u(TIMES) == pytest.approx(explicit.u(TIMES), abs=allowed)
        assert flow.W(TIMES) == pytest.approx(explicit.W(TIMES), abs=allowed)
        assert flow.predict(INPUTS, TIMES) == pytest.approx(
            explicit.predict(INPUTS, TIMES), abs=allowed
        )
        assert flow.tangent_kernel(TIMES, INPUTS[0], INPUTS[1]) == pytest.approx(
            explicit.tangent_kernel(TIMES, INPUTS[0], INPUTS[1]), abs=allowed
        )
        goal = explicit.loss(0.7)
        assert flow.time_to_loss(goal) == pytest.approx(0.7, rel=100 * allowed)
    assert explicit.time_to_loss(explicit.loss(0.7)) == pytest.approx(0.7, rel=1e-12)
    assert warp.t_c == pytest.approx(explicit.t_c, rel=1e-12)
    assert [flow.limit_kind for flow in (explicit, warp)] == ["target", "target"]
    moments = 1.7, 0.9, 2.3
    assert warp.population_loss(TIMES, *moments) == pytest.approx(
        explicit.population_loss(TIMES, *moments), rel=1e-12
    )


@pytest.mark.parametrize("network", TORCH)
@pytest.mark.parametrize("x", [X0[None], SPREAD[:2]], ids=["a point", "on no line"])
def test_predictions_and_kernels_are_those_of_the_weights(network, x):
    targets = np.linspace(-1, 1, len(x))
    flow = GradientFlow(U0, W0, x, targets, network=network, **RATES)
    for t in TIMES:
        u, W = (torch.tensor(z, requires_grad=True) for z in (flow.u(t), flow.W(t)))
        outputs = RATES["gamma"] * TORCH[network](torch.tensor(INPUTS) @ W.T) @ u
        assert flow.predict(INPUTS, t) == pytest.approx(outputs.detach().numpy(), abs=1e-12)
        assert flow.predict(INPUTS[1], t) == pytest.approx(float(outputs[1].detach()), abs=1e-12)
        one, two = (torch.autograd.grad(outputs[k], (u, W), retain_graph=True) for k in (0, 1))
        kernel = RATES["eta_u"] * one[0] @ two[0] + RATES["eta_w"] * torch.sum(one[1] * two[1])
        assert flow.tangent_kernel(t, *INPUTS[:2]) == pytest.approx(
            float(kernel.detach()), abs=1e-12
        )
        assert flow.norm_u(t) == pytest.approx(float(torch.linalg.norm(u.detach())), rel=1e-13)
        assert flow.distance_W(t) == pytest.approx(np.linalg.norm(flow.W(t) - W0), abs=1e-13)


@pytest.mark.parametrize("network", ["tanh", "gelu", "quadratic", "cubic", "softplus", "sine"])
@pytest.mark.parametrize("t", [1e-12, 1e-6, 1e-2])
def test_early_changes_keep_their_digits(network, t):
    """ΔK/K = t dK/dt/K + O(t²), by mpmath from the velocities at the start, and distances likewise."""
    flow = GradientFlow(U0, W0, X0, 1.3, network=network, **RATES)
    with mpmath.workdps(50):
        exact = _changes(network, t)
    for name, value in exact.items():
        found = float(getattr(flow, name)(t))
        assert found == pytest.approx(float(value), rel=2e-12 + t * 1e-16), name


SIGMA = {
    "tanh": mpmath.tanh,
    "gelu": lambda h: h * (1 + mpmath.erf(h / mpmath.sqrt(2))) / 2,
    "quadratic": lambda h: h**2,
    "cubic": lambda h: h**3,
    "softplus": lambda h: mpmath.log(1 + mpmath.exp(h)),
    "sine": mpmath.sin,
}


def _changes(network, t):
    """A Taylor series of the raw equations (neurons u, h) to sixth order, by mpmath's own."""
    gamma, eta_u, eta_w = (mpmath.mpf(RATES[z]) for z in ("gamma", "eta_u", "eta_w"))
    x, sigma = [mpmath.mpf(z) for z in X0], SIGMA[network]
    rho_2 = mpmath.fsum(z * z for z in x)
    u = [mpmath.mpf(z) for z in U0]
    h = [mpmath.fsum(mpmath.mpf(w) * z for w, z in zip(row, x, strict=True)) for row in W0]

    def slope(z):
        return mpmath.diff(sigma, z)

    def velocity(u, h):
        pull = -2 * (
            gamma * mpmath.fsum(a * sigma(b) for a, b in zip(u, h, strict=True)) - mpmath.mpf("1.3")
        )
        by_u = [eta_u * gamma * pull * sigma(b) for b in h]
        return by_u, [
            eta_w * gamma * rho_2 * pull * a * slope(b) for a, b in zip(u, h, strict=True)
        ]

    def kernel(u, h):
        return gamma**2 * mpmath.fsum(
            eta_u * sigma(b) ** 2 + eta_w * rho_2 * (a * slope(b)) ** 2
            for a, b in zip(u, h, strict=True)
        )

    start, steps = (u, h), 40
    for _ in range(steps):  # the classical method of order four, at 50 digits
        u, h = _runge_kutta(velocity, u, h, mpmath.mpf(t) / steps)
    moved = [
        [a - b for a, b in zip(now, then, strict=True)]
        for now, then in zip((u, h), start, strict=True)
    ]
    return {
        "kernel_change": kernel(u, h) / kernel(*start) - 1,
        "distance_u": mpmath.norm(moved[0]),
        "distance_W": mpmath.norm(moved[1]) / mpmath.sqrt(rho_2),
    }


def _runge_kutta(velocity, u, h, step):
    def moved(by, factor):
        return [
            [a + factor * step * b for a, b in zip(part, change, strict=True)]
            for part, change in zip((u, h), by, strict=True)
        ]

    one = velocity(u, h)
    two = velocity(*moved(one, mpmath.mpf(1) / 2))
    three = velocity(*moved(two, mpmath.mpf(1) / 2))
    four = velocity(*moved(three, 1))
    mean = [
        [(a + 2 * b + 2 * c + d) / 6 for a, b, c, d in zip(*parts, strict=True)]
        for parts in zip(one, two, three, four, strict=True)
    ]
    return moved(mean, 1)


SLOPES = {
    "square": lambda f, y: 2 * (f - y),
    "logistic": lambda f, y: -y / (1 + torch.exp(y * f)),
    "huber": lambda f, y: torch.clamp(f - y, -1, 1),
}


@pytest.mark.parametrize("loss", SLOPES)
@pytest.mark.parametrize("network", ["tanh", "quadratic", "linear", "sine"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_data_on_no_line_follow_the_raw_equations(network, loss, reduction):
    """Against another integrator, of velocities that torch's autograd gives."""
    y = np.array([1.0, -1.0, 1.0, 1.0])
    flow = GradientFlow(U0, W0, SPREAD, y, network=network, loss=loss, reduction=reduction, **RATES)
    X, Y = torch.tensor(SPREAD), torch.tensor(y)

    def velocity(t, z):
        u, W = (
            torch.tensor(z[:3], requires_grad=True),
            torch.tensor(z[3:].reshape(3, 2), requires_grad=True),
        )
        f = RATES["gamma"] * TORCH[network](X @ W.T) @ u
        pulls = SLOPES[loss](f, Y).detach() / (4 if reduction == "mean" else 1)
        by_u, by_W = torch.autograd.grad(f, (u, W), grad_outputs=pulls)
        return np.concatenate(
            [-RATES["eta_u"] * by_u.numpy(), -RATES["eta_w"] * by_W.numpy().ravel()]
        )

    found = solve_ivp(
        velocity, (0, 3), np.concatenate([U0, W0.ravel()]), "DOP853", TIMES, rtol=1e-12, atol=1e-13
    )
    for k, t in enumerate(TIMES):
        off = np.abs(np.concatenate([flow.u(t), flow.W(t).ravel()]) - found.y[:, k]).max()
        assert off < (1e-7 if loss == "huber" else 1e-9)
        assert off <= 10 * flow.error(t) + 1e-10
    assert flow.residual(0.7) == pytest.approx(flow.predict(SPREAD, 0.7) - y, abs=1e-15)
    assert np.all(np.diff(flow.loss(TIMES)) < 0)


def test_what_is_marched_ends_where_it_comes_to_rest():
    flow = GradientFlow(U0, W0, SPREAD[:2], [1.0, 0.3], **RATES)
    assert flow.limit_kind == "target"
    assert flow.output(math.inf) == pytest.approx([1.0, 0.3], abs=1e-6)
    over = GradientFlow(U0, W0, SPREAD, [1.0, 0.3, -0.2, 1.0], **RATES)
    assert over.limit_kind == "stationary"  # four targets for two directions: the least squares
    slope, *_ = np.linalg.lstsq(SPREAD, [1.0, 0.3, -0.2, 1.0], rcond=None)
    assert over.output(math.inf) == pytest.approx(SPREAD @ slope, abs=1e-6)
    still = GradientFlow(np.zeros(3), np.zeros((3, 2)), SPREAD, np.ones(4), network="quadratic")
    assert still.limit_kind == "at rest"
    with pytest.raises(InputError, match="data on no line"):
        over.alignment(1.0)
    assert over.observables == tuple(
        name for name in Trajectory.SCALARS if name not in ("overlap", "alignment", "norm_omega")
    )


@pytest.mark.parametrize("loss", ["square", "logistic", "quartic", "hinge", "exponential"])
@pytest.mark.parametrize("network", ["linear", "tanh", "cubic", "relu"])
@pytest.mark.parametrize("t", [1e-5, 0.3, 2.0])
def test_the_time_to_a_loss_is_the_inverse_of_the_loss(network, loss, t):
    flow = GradientFlow(U0, W0, X0, 1.0, network=network, loss=loss)
    start, value = float(flow.loss(0)), float(flow.loss(t))
    if value == flow.loss(math.inf):  # a hinge has arrived
        return
    fall = (flow.loss(t * (1 - 1e-4)) - flow.loss(t * (1 + 1e-4))) / 2e-4  # by log t
    assert flow.time_to_loss(value) == pytest.approx(t, rel=1e-12 + 1e-14 * start / fall)
    assert np.isnan(flow.time_to_loss(2 * start))
    assert flow.time_to_loss(start) == 0
    assert flow.time_to_loss(-1.0) == math.inf


def test_what_is_marched_from_rest_stays_and_velocities_beyond_float64_are_refused():
    x, y = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [1.0, 2.0, 3.0]
    flow = GradientFlow(np.zeros(2), np.zeros((2, 2)), x, y, network="tanh")
    assert (flow.method, flow.limit_kind) == ("march", "at rest")
    assert np.array_equal(flow.output([0.0, 1.0, math.inf]), np.zeros((3, 3)))
    for size, found in ((1e200, "velocities beyond float64"), (1e-200, "velocities below float64")):
        with pytest.raises(InputError, match=found):
            GradientFlow(size * np.ones(2), size * np.eye(2), x, y, network="cubic")
    dead = GradientFlow(np.ones(2), -np.ones((2, 2)), x, y, network="relu")
    assert dead.limit_kind == "at rest"


@pytest.mark.parametrize(("loss", "y"), [("binary_cross_entropy", 1.0), ("binary_cross_entropy", 0.0),
                                         ("logistic", -1.0), ("exponential", 1.0)])  # fmt: skip
def test_an_unbounded_flow_ends_at_the_infimum_of_its_loss(loss, y):
    flow = GradientFlow([1.0], [[1.0]], [1.0], y, network="tanh", loss=loss)
    assert flow.limit_kind == "unbounded"
    assert float(flow.loss(math.inf)) == 0.0
    X, targets = [[1.0], [1.0], [0.0]], [y, y, y]
    with_zero = GradientFlow([0.5], [[1.0]], X, targets, network="linear", loss=loss)
    left = {"exponential": 1.0}.get(loss, math.log(2)) / 3  # of the input 0, whose output is 0
    assert float(with_zero.loss(math.inf)) == pytest.approx(left, rel=1e-12)


@pytest.mark.parametrize("rate", [3, True, np.int8(3), np.uint64(2**60 - 1), 2**63 - 1])
@pytest.mark.parametrize("inputs", [1, 2])
def test_whole_rates_are_those_numbers(rate, inputs):
    draw = np.random.default_rng(0)
    given = (
        draw.standard_normal(4),
        draw.standard_normal((4, inputs)),
        draw.standard_normal(inputs),
        1.3,
    )
    for name in ("gamma", "eta_u", "eta_w"):
        found, expected = (GradientFlow(*given, **{name: z}) for z in (rate, float(rate)))
        for t in (0.0, 0.1 / float(rate) ** 2):
            np.testing.assert_array_equal(found.W(t), expected.W(t))
            assert found.loss(t) == expected.loss(t)


def test_weights_that_are_no_array_are_told_or_read():
    scalar = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    flow = GradientFlow([0.3, 0.4], [[scalar], [scalar]], [1.0], 2.0)
    np.testing.assert_array_equal(flow.W0, [[0.5], [0.5]])
    with pytest.raises(InputError):
        GradientFlow([0.3, 0.4], [[1.0], [1.0, 2.0]], [1.0], 2.0)
