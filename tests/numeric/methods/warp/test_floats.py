"""The flow of any network in warped time, against the raw equations."""

from __future__ import annotations

import functools
import math

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.integrate import solve_ivp
from scipy.special import erf, expit

from numeric import GradientFlow
from numeric.cases import case as cases
from numeric.errors import InputError
from numeric.methods.warp import neurons, observables
from verify.oracle.taylor import integrate

POWERS = {"quadratic": 2, "cubic": 3, "power4": 4}
DIGITS = 25
RATES = {"gamma": 0.8, "eta_u": 1.5, "eta_w": 0.4}
# Closed neurons are exact to rounding, integrated ones to their tolerance of 1e-13 and its growth.
TOLERANCE = {"quadratic": 1e-13, "cubic": 1e-13, "power4": 5e-12}

STARTS = {
    "one neuron": ([0.7], [[0.6]], [1.1], 1.5),
    "c < 0": ([0.2], [[0.9]], [1.1], 1.5),
    "falling": ([0.9], [[0.8]], [1.0], 0.1),
    "two neurons": ([0.7, -0.4], [[0.3, -0.6], [0.2, 0.5]], [0.5, -1.2], 1.3),
    "three neurons": (
        [0.7, -0.4, 0.9], [[0.3, -0.5], [0.2, 0.5], [-0.4, 0.6]], [0.5, -1.2], -0.9,
    ),
    "dead neuron": ([0.7, 0.5], [[0.6, 0.0], [0.0, 0.8]], [1.0, 0.0], 1.0),
    "y = 0": ([0.7, 0.4], [[0.6], [-0.3]], [1.1], 0.0),
}  # fmt: skip


def numbers(value):
    return [numbers(z) for z in value] if isinstance(value, list) else mpf(value)


def sizes(flow, t):
    return max(float(np.abs(flow.u(t)).max()), float(np.abs(flow.W(t)).max()))


@functools.cache
def oracle(network, name, times):
    """Weights and the exact residual at times."""
    u0, W0, x, y = STARTS[name]
    beta = POWERS[network]
    weights = integrate(u0, W0, [x], [y], **RATES, times=times, digits=DIGITS, beta=beta)
    found = []
    with mp.workdps(DIGITS + 10):
        for u, W in weights:
            output = mpf(RATES["gamma"]) * mpmath.fsum(
                a * mp.fdot(row, numbers(x)) ** beta for a, row in zip(u, W, strict=True)
            )
            found.append((np.array(u, float), np.array(W, float), output - mpf(y)))
    return found


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("network", POWERS)
def test_powers_against_taylor_series(network, name):
    u0, W0, x, y = STARTS[name]
    flow = GradientFlow(u0, W0, x, y, **RATES, network=network, method="warp")
    times, tolerance = (0.05, 0.6, 2.0), TOLERANCE[network]
    for t, (u, W, residual) in zip(times, oracle(network, name, times), strict=True):
        scale = max(np.abs(u).max(), np.abs(W).max())
        np.testing.assert_allclose(flow.u(t), u, rtol=0, atol=tolerance * scale)
        np.testing.assert_allclose(flow.W(t), W, rtol=0, atol=tolerance * scale)
        exact = float(residual)
        if abs(exact) > 1e-12:  # the series know this many digits of a small one
            assert flow.residual(t) == pytest.approx(exact, rel=max(100 * tolerance, 1e-11), abs=0)
        assert flow.loss(t) == pytest.approx(exact**2, rel=1e-9, abs=1e-24)
        assert flow.output(t) == pytest.approx(exact + y, rel=1e-11, abs=1e-14)
        h = W @ np.array(x)
        assert flow.norm_u(t) == pytest.approx(np.linalg.norm(u), rel=1e-11)
        assert flow.norm_W(t) == pytest.approx(np.linalg.norm(W), rel=1e-11)
        along = np.linalg.norm(h) / np.linalg.norm(x)
        assert flow.norm_omega(t) == pytest.approx(along, rel=1e-11)
        cosine = u @ h / np.linalg.norm(u) / np.linalg.norm(h)
        assert flow.alignment(t) == pytest.approx(cosine, rel=1e-10)


@pytest.mark.parametrize("network", POWERS)
def test_times_in_an_array_are_times_one_by_one(network):
    flow = GradientFlow(*STARTS["two neurons"], **RATES, network=network, method="warp")
    times = np.array([[0.0, 0.3], [2.0, np.inf]])
    for name in ("output", "residual", "loss", "alignment", "norm_u", "norm_W", "warped_time"):
        together = getattr(flow, name)(times)
        assert together.shape == (2, 2)
        for index in np.ndindex(2, 2):
            alone = getattr(flow, name)(times[index])
            assert together[index] == pytest.approx(alone, rel=2e-15, abs=0)
    assert flow.u(times).shape == (2, 2, 2)
    assert flow.W(times).shape == (2, 2, 2, 2)
    np.testing.assert_array_equal(flow.W(times)[1, 0], flow.W(2.0))


# --- activations that are no power -----------------------------------------------------------------

ACTIVATIONS = {
    "tanh": (np.tanh, lambda h: 1 - np.tanh(h) ** 2),
    "sine": (np.sin, np.cos),
    "exponential": (np.exp, np.exp),
    "softplus": (lambda h: np.logaddexp(0, h), expit),
    "swish": (lambda h: h * expit(h), lambda h: expit(h) * (1 + h * expit(-h))),
    "erf": (erf, lambda h: 2 / math.sqrt(math.pi) * np.exp(-h * h)),
    "gelu": (
        lambda h: h * (1 + erf(h / math.sqrt(2))) / 2,
        lambda h: (1 + erf(h / math.sqrt(2))) / 2 + h * np.exp(-h * h / 2) / math.sqrt(2 * math.pi),
    ),
    "relu": (lambda h: np.maximum(h, 0), lambda h: (h > 0) * 1.0),
    "leaky_relu": (lambda h: np.where(h > 0, h, h / 100), lambda h: np.where(h > 0, 1.0, 0.01)),
}


def raw(sigma, slope, u0, W0, X, targets, t, *, gamma, eta_u, eta_w):
    """Weights of the mean loss over any data, by integration of all of them."""
    u0, W0, X = np.asarray(u0, float), np.asarray(W0, float), np.asarray(X, float)
    d = u0.size

    def field(_, z):
        u, W = z[:d], z[d:].reshape(W0.shape)
        H = X @ W.T
        errors = gamma * sigma(H) @ u - targets
        by_u = gamma * errors @ sigma(H)
        by_W = gamma * ((errors[:, None] * slope(H)) * u).T @ X
        return -2 / len(X) * np.concatenate([eta_u * by_u, eta_w * by_W.ravel()])

    start = np.concatenate([u0, W0.ravel()])
    z = solve_ivp(field, (0, t), start, "DOP853", rtol=1e-13, atol=1e-15).y[:, -1]
    return z[:d], z[d:].reshape(W0.shape)


U0 = [0.7, -0.4, 0.9]
W0 = [[0.3, -0.5], [0.2, 0.5], [-0.4, 0.6]]
X0 = [0.5, -1.2]


@pytest.mark.parametrize("network", ACTIVATIONS)
def test_activations_against_integration_of_the_weights(network):
    sigma, slope = ACTIVATIONS[network]
    y = 1.3
    flow = GradientFlow(U0, W0, X0, y, **RATES, network=network, method="warp")
    for t in (0.1, 1.0):
        u, W = raw(sigma, slope, U0, W0, [X0], [y], t, **RATES)
        # DOP853 at 1e-13 with steps over kinks; the smooth ones agree ten times better.
        np.testing.assert_allclose(flow.u(t), u, rtol=2e-10, atol=2e-12)
        np.testing.assert_allclose(flow.W(t), W, rtol=2e-10, atol=2e-12)
        output = RATES["gamma"] * sigma(W @ X0) @ u
        assert flow.output(t) == pytest.approx(output, rel=1e-10)
        assert flow.residual(t) == pytest.approx(output - y, rel=1e-9)
        assert flow.loss(t) == pytest.approx((output - y) ** 2, rel=1e-9)


def test_equal_inputs_are_one_point():
    X, targets = np.tile(X0, (3, 1)), [1.0, 2.0, 0.3]
    flow = GradientFlow(U0, W0, X, targets, **RATES, network="tanh")
    u, W = raw(*ACTIVATIONS["tanh"], U0, W0, X, targets, 0.8, **RATES)
    np.testing.assert_allclose(flow.u(0.8), u, rtol=1e-11)
    np.testing.assert_allclose(flow.W(0.8), W, rtol=1e-11)
    errors = RATES["gamma"] * u @ np.tanh(W @ X0) - targets
    assert flow.loss(0.8) == pytest.approx(np.mean(errors**2), rel=1e-11)
    assert flow.loss(np.inf) == pytest.approx(np.var(targets), rel=1e-13)


# --- bends -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("y", [1e-2, 1e-3, 1e-4, 1e-5])
def test_the_time_beyond_a_bend(y):
    """Weights turn hyperbolically on each side: the elapsed time by quadrature, stretch by stretch.

    Behind the bend the kernel is 1e4 times smaller, so that y − f nearly vanishes there at first.
    """
    u0, h0, slope = mpf("-0.9"), mpf("0.3"), mpf("0.01")
    flow = GradientFlow([float(u0)], [[float(h0)]], [1.0], y, network="leaky_relu")
    with mp.workdps(30):
        u0, h0, target = mpf(float(u0)), mpf(float(h0)), mpf(y)
        meeting, at_bend = mpmath.atanh(-h0 / u0), -mpmath.sqrt(u0**2 - h0**2)

        def before(s):
            return (u0 * mpmath.cosh(s) + h0 * mpmath.sinh(s)) * (
                h0 * mpmath.cosh(s) + u0 * mpmath.sinh(s)
            )

        def behind(s):
            return slope * at_bend**2 * mpmath.sinh(2 * slope * s) / 2

        def elapsed(f, s):
            return mpmath.quad(lambda z: 1 / (2 * (target - f(z))), mpmath.linspace(0, s, 40))

        equilibrium = mpmath.asinh(2 * target / slope / at_bend**2) / (2 * slope)
        first = elapsed(before, meeting)
        places = [(elapsed(before, meeting * k / 4), before(meeting * k / 4)) for k in (1, 2, 3)]
        for k in (mpf("0.01"), mpf("0.3"), mpf("0.9"), mpf("0.9999")):
            s = k * equilibrium
            places.append((first + elapsed(behind, s), behind(s)))
        for t, f in places:
            assert flow.residual(float(t)) == pytest.approx(float(f - target), rel=1e-11)


@pytest.mark.parametrize("network", ["relu", "leaky_relu"])
def test_a_neuron_on_the_ray_dies(network):
    # u = −h: on the orbit E = 0 into the saddle at 0, where u = −h = −1/√(1 + …) → 0.
    flow = GradientFlow([-1.0], [[1.0]], [1.0], 1.0, network=network, method="warp")
    assert flow.limit_kind == "saddle"
    # u′ = −2 (f − y)·h with f = −u² and h = −u: z = u² obeys z′ = −4 (1 + z) z.
    for t in (0.1, 1.0, 5.0):
        z = 1 / (2 * math.exp(4 * t) - 1)
        assert flow.u(t)[0] == pytest.approx(-math.sqrt(z), rel=1e-11)
        assert flow.W(t)[0, 0] == pytest.approx(math.sqrt(z), rel=1e-11)
    for t in (1e9, np.inf):
        assert flow.u(t)[0] == flow.W(t)[0, 0] == 0
        assert flow.loss(t) == 1


def test_an_output_beyond_floats_is_refused():
    with pytest.raises(InputError, match="an output of inf"):
        GradientFlow([1.0], [[1000.0]], [1.0], 1.0, network="exponential")


@pytest.mark.parametrize("network", ["relu", "leaky_relu"])
def test_neurons_that_meet_a_bend(network):
    """Panels end where a neuron meets it: a few of them, and all digits on both sides."""
    slope = {"relu": 0.0, "leaky_relu": 0.01}[network]
    # σ = h for h > 0: u and ω = h turn hyperbolically, u + h = e^{s}, u − h = −e^{−s} c.
    u0, h0, y = -0.9, 0.3, -0.05
    flow = GradientFlow([u0], [[h0]], [1.0], y, network=network, method="warp")
    meeting = math.atanh(h0 / abs(u0))  # warped time of h = 0, the target being above f at first
    assert flow.residual(0) == pytest.approx(u0 * h0 - y)
    at_bend = -math.sqrt(u0**2 - h0**2)  # u there: f = 0 > y has been passed on the way
    assert flow.limit_kind == "target"
    assert flow.warped_time(np.inf) < meeting
    beyond = GradientFlow([u0], [[h0]], [1.0], 0.5, network=network, method="warp")
    assert beyond.limit_kind == {"relu": "saddle", "leaky_relu": "target"}[network]
    # Behind the bend f = slope · u h: with relu nothing moves any more.
    if network == "relu":
        assert beyond.u(1e6)[0] == pytest.approx(at_bend, rel=1e-13)
        assert abs(beyond.W(1e6)[0, 0]) < 1e-12
        assert beyond.loss(1e6) == pytest.approx(0.25, rel=1e-13)
    else:
        u, h = beyond.u(np.inf)[0], beyond.W(np.inf)[0, 0]
        # There u² − h² is conserved too, and f = slope u h = y.
        assert slope * u * h == pytest.approx(0.5, rel=1e-12)
        assert u * u - h * h == pytest.approx(at_bend**2, rel=1e-11)
    assert len(beyond._neurons._steps) < 80


def test_data_on_a_ray_against_the_mean_loss():
    a = np.array([0.4, 1.0, 1.3, 0.8])
    for sign in (1, -1):
        X, targets = sign * np.outer(a, X0), np.array([0.3, 1.4, -0.2, 1.0])
        flow = GradientFlow(U0, W0, X, targets, **RATES, network="relu")
        for t in (0.2, 1.5):
            u, W = raw(*ACTIVATIONS["relu"], U0, W0, X, targets, t, **RATES)
            np.testing.assert_allclose(flow.u(t), u, rtol=2e-10)
            np.testing.assert_allclose(flow.W(t), W, rtol=2e-10)
            mean = np.mean((RATES["gamma"] * np.maximum(X @ W.T, 0) @ u - targets) ** 2)
            assert flow.loss(t) == pytest.approx(mean, rel=1e-10)
    with pytest.raises(InputError, match="one ray"):
        GradientFlow(U0, W0, [[1.0, 0.0], [-1.0, 0.0]], [1.0, 2.0], network="relu", method="warp")


# --- data sets on a line ---------------------------------------------------------------------------


@pytest.mark.parametrize("signs", ["one side", "both sides"])
@pytest.mark.parametrize("network", ["quadratic", "cubic"])
def test_data_on_a_line_against_the_mean_loss(network, signs):
    beta = POWERS[network]
    a = np.array([0.4, 1.0, 1.3, 0.8]) * ([1, 1, 1, 1] if signs == "one side" else [1, -1, 1, -1])
    X, targets = np.outer(a, X0), np.array([0.3, 1.4, -0.2, 1.0])
    flow = GradientFlow(U0, W0, X, targets, **RATES, network=network, method="warp")
    for t in (0.2, 1.5):
        u, W = raw(
            lambda h: h**beta, lambda h: beta * h ** (beta - 1), U0, W0, X, targets, t, **RATES
        )
        np.testing.assert_allclose(flow.u(t), u, rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(flow.W(t), W, rtol=1e-11, atol=1e-13)
        mean = np.mean((RATES["gamma"] * (X @ W.T) ** beta @ u - targets) ** 2)
        assert flow.loss(t) == pytest.approx(mean, rel=1e-11)
    # The direction of the data is a matter of sign: the weights are not.
    turned = GradientFlow(U0, W0, X[::-1], targets[::-1], **RATES, network=network, method="warp")
    np.testing.assert_allclose(turned.u(1.5), flow.u(1.5), rtol=1e-12)


# --- cases that are special ------------------------------------------------------------------------


@pytest.mark.parametrize("network", ["quadratic", "cubic", "power4", "tanh"])
def test_all_weights_zero(network):
    flow = GradientFlow([0, 0], [[0.0], [0.0]], [1.0], 1.0, network=network, method="warp")
    assert flow.limit_kind == "at rest"
    assert flow.t_c == math.inf
    for t in (0, 5.0, np.inf):
        np.testing.assert_array_equal(flow.u(t), [0, 0])
        np.testing.assert_array_equal(flow.W(t), [[0], [0]])
        assert (flow.loss(t), flow.output(t), flow.residual(t)) == (1.0, 0.0, -1.0)
        assert math.isnan(flow.alignment(t))


@pytest.mark.parametrize("network", ["quadratic", "cubic", "power4"])
def test_a_start_at_the_target(network):
    beta = POWERS[network]
    flow = GradientFlow([0.5], [[2.0]], [1.0], 0.5 * 2.0**beta, network=network, method="warp")
    assert flow.limit_kind == "target"
    for t in (0, 3.0, np.inf):
        assert (flow.u(t)[0], flow.W(t)[0, 0]) == (0.5, 2.0)
        assert (flow.loss(t), flow.residual(t)) == (0.0, 0.0)


@pytest.mark.parametrize("given", [{"gamma": 0.0}, {"x": [0.0, 0.0]}])
@pytest.mark.parametrize("network", ["quadratic", "cubic", "power4"])
def test_networks_that_do_not_move(network, given):
    rates = {name: given.get(name, rate) for name, rate in RATES.items()}
    flow = GradientFlow(U0, W0, given.get("x", X0), 1.3, **rates, network=network, method="warp")
    assert flow.limit_kind == "at rest"
    assert flow.t_c == math.inf
    for t in (0.0, 7.0, np.inf):
        np.testing.assert_array_equal(flow.u(t), U0)
        np.testing.assert_allclose(flow.W(t), W0, rtol=4e-16)
        assert (flow.output(t), flow.residual(t)) == (0.0, -1.3)
    assert flow.norm_W(1.0) == pytest.approx(np.linalg.norm(W0), rel=1e-15)


def test_an_input_of_zero_where_the_activation_is_not():
    # σ(0) = 1: f = γ Σ u, so Σu relaxes at the rate 2 γ² η_u d.
    flow = GradientFlow(U0, W0, [0.0, 0.0], 1.3, **RATES, network="exponential")
    gamma, rate = RATES["gamma"], 2 * RATES["gamma"] ** 2 * RATES["eta_u"] * 3
    start = gamma * sum(U0) - 1.3
    for t in (0.1, 1.0, 4.0):
        assert flow.residual(t) == pytest.approx(start * math.exp(-rate * t), rel=1e-11)
        moved = start * math.expm1(-rate * t) / (3 * gamma)
        np.testing.assert_allclose(flow.u(t), np.array(U0) + moved, rtol=1e-12)
        np.testing.assert_array_equal(flow.W(t), W0)


UNREACHABLE = {
    "quadratic": ([-0.5], [[0.3]]),
    "cubic": ([-0.5], [[0.3]]),
    "power4": ([-0.5], [[0.3]]),
}


@pytest.mark.parametrize("network", ["quadratic", "cubic", "power4"])
def test_a_target_out_of_reach(network):
    # One neuron on the wrong side of u² = c: it dies at h = 0, and f = 0 is short of y = 1.
    u0, W0 = UNREACHABLE[network]
    beta = POWERS[network]
    flow = GradientFlow(u0, W0, [1.0], 1.0, network=network, method="warp")
    assert flow.limit_kind == "saddle"
    assert flow.t_c == math.inf
    law = 0.25 - 0.09 / beta
    (end,) = flow.u(np.inf)
    assert end == pytest.approx(-math.sqrt(law), rel=1e-13)
    assert flow.W(np.inf)[0, 0] == 0.0
    assert flow.loss(np.inf) == pytest.approx(1.0, abs=1e-12)
    times = (0.5, 5.0)
    weights = integrate(
        u0, W0, [[1.0]], [1.0], gamma=1, eta_u=1, eta_w=1, times=times, digits=25, beta=beta
    )
    for t, (u, W) in zip(times, weights, strict=True):
        assert flow.u(t)[0] == pytest.approx(float(u[0]), rel=1e-11)
        assert flow.W(t)[0, 0] == pytest.approx(float(W[0][0]), rel=1e-11)
    for t in (1e10, 1e100, 1e300):
        assert flow.u(t)[0] == pytest.approx(-math.sqrt(law), rel=1e-4)
        assert flow.loss(t) == pytest.approx(1.0, rel=1e-4)
    if beta == 3:
        # h' = 6 η_w (y − f) u h², y − f → 1: 1/h grows like 6 |u∞| t.
        assert flow.W(1e10)[0, 0] * 6e10 * math.sqrt(law) == pytest.approx(1.0, rel=1e-4)


@pytest.mark.parametrize("network", ["quadratic", "cubic"])
def test_a_target_of_zero_at_the_end_of_dying_neurons(network):
    flow = GradientFlow([0.5], [[0.3]], [1.0], 0.0, network=network, method="warp")
    assert flow.limit_kind == "target"
    assert flow.loss(np.inf) == 0.0
    assert 0 < flow.output(1e3) < flow.output(1.0) < 0.5 * 0.3 ** POWERS[network]


def test_a_kernel_that_fades_has_a_boundary():
    # σ = eʰ with u < 0 cannot be positive enough: h → −∞, f → 0⁻ or u turns; y beyond reach.
    flow = GradientFlow([0.5], [[0.2]], [1.0], -1.0, network="exponential")
    u, W = raw(*ACTIVATIONS["exponential"], [0.5], [[0.2]], [[1.0]], [-1.0], 2.0,
               gamma=1.0, eta_u=1.0, eta_w=1.0)  # fmt: skip
    assert flow.u(2.0)[0] == pytest.approx(u[0], rel=1e-11)
    assert flow.W(2.0)[0, 0] == pytest.approx(W[0, 0], rel=1e-11)


# --- late times ------------------------------------------------------------------------------------


@pytest.mark.parametrize("network", ["quadratic", "cubic"])
def test_a_residual_of_1e_minus_200_against_balls(network):
    flow = GradientFlow(*STARTS["two neurons"], **RATES, network=network, method="warp")
    assert flow.limit_kind == "target"
    u0, W0, x, y = STARTS["two neurons"]
    content = {"activation": network, **RATES, "u0": u0, "W0": W0, "x": x, "y": y}
    t = 115 * flow.t_c  # exp(−4 · 115) = 1e-200
    exact = cases.parse(content).exact()
    ((snapshot, _), scale) = exact.solve([cases.rational(cases.number("t", t)), None], 20)
    size = float(snapshot.residual.mid())
    assert 1e-203 < abs(size) < 1e-195
    assert flow.residual(t) == pytest.approx(size, rel=1e-12, abs=0)
    assert flow.t_c == pytest.approx(float(scale.mid()), rel=4e-15)
    np.testing.assert_allclose(flow.u(t), [float(z.mid()) for z in snapshot.u], rtol=2e-14)


@pytest.mark.parametrize("network", ["quadratic", "cubic", "power4", "tanh", "softplus"])
def test_the_time_scale_is_that_of_the_residual(network):
    flow = GradientFlow(*STARTS["two neurons"], **RATES, network=network, method="warp")
    t = 20 * flow.t_c
    ratio = flow.residual(t + flow.t_c) / flow.residual(t)
    assert ratio == pytest.approx(math.exp(-4), rel=1e-10)
    assert flow.residual(np.inf) == 0.0
    assert flow.output(np.inf) == pytest.approx(1.3, rel=1e-15)
    np.testing.assert_allclose(flow.u(np.inf), flow.u(t), rtol=1e-13)
    output = RATES["gamma"] * flow.network.module.activation(
        flow.W(np.inf) @ np.array([0.5, -1.2]), flow.network.parameters(1.0, 1.0, 1.0, 1.0)
    ) @ flow.u(np.inf)  # fmt: skip
    assert output == pytest.approx(1.3, rel=1e-11)


@pytest.mark.parametrize("size", [1e-2, 1e-4, 1e-6])
@pytest.mark.parametrize("network", ["quadratic", "cubic"])
def test_small_initial_weights_lose_no_digits(network, size):
    # A long plateau, then a jump: h grows by 1/size, and D falls to its power.
    flow = GradientFlow([size], [[size]], [1.0], 1.0, network=network, method="warp")
    beta = POWERS[network]
    u, h = flow.u(np.inf)[0], flow.W(np.inf)[0, 0]
    assert u * h**beta == pytest.approx(1.0, rel=1e-13)
    law = size**2 * (1 - 1 / beta)
    assert u * u - h * h / beta == pytest.approx(law, abs=1e-13)
    # u² = law + h²/β, so the end is a root of one polynomial.
    with mp.workdps(30):
        exact = mpmath.findroot(
            lambda z: (mpf(law) + z * z / beta) * z ** (2 * beta) - 1, mpf(beta) ** mpf("0.17")
        )
    assert h == pytest.approx(float(exact), rel=1e-13)


@pytest.mark.parametrize("t", [1.0, 10.0, 100.0])
def test_a_dead_neuron_stays(t):
    flow = GradientFlow([3.0, 0.1], [[0.0], [0.1]], [1.0], 1.0, network="quadratic")
    assert flow.u(t)[0] == pytest.approx(3.0, rel=1e-13)
    assert flow.W(t)[0, 0] == 0.0


# --- misuse ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("activation", {"network": "tahn"}),
        ("u0", {"u0": [0.1, math.nan]}),
        ("u0", {"u0": [[0.1, 0.2], [0.3, 0.4]]}),
        ("W0", {"u0": [[0.1]]}),
        ("u0", {"u0": ["a", "b"]}),
        ("W0", {"W0": [[0.1, 0.2]]}),
        ("W0", {"W0": [0.1, 0.2]}),
        ("W0", {"W0": [[0.1, math.inf], [0.2, 0.3]]}),
        ("x", {"x": [1.0]}),
        ("x", {"x": [1.0, math.inf]}),
        ("x", {"x": [[1.0, 2.0], [2.0, 4.0]]}),
        ("y", {"y": math.nan}),
        ("X", {"x": [[1.0, 2.0], [2.0, 4.0]], "y": [1.0]}),
        ("X", {"x": [[1.0, 2.0], [2.0, 5.0]], "y": [1.0, 2.0], "method": "warp"}),
        ("targets", {"x": [[1.0, 2.0]], "y": [math.inf]}),
        ("gamma", {"gamma": math.inf}),
        ("eta_u", {"eta_u": 0.0}),
        ("eta_w", {"eta_w": -1.0}),
        ("eta_w", {"eta_w": math.nan}),
    ],
    ids=str,
)
def test_misuse_names_the_field(field, change):
    arguments = {"network": "cubic", "u0": [0.1, 0.2], "W0": [[0.1, 0.2], [0.3, 0.4]],
                 "x": [1.0, 2.0], "y": 1.0} | RATES | change  # fmt: skip
    with pytest.raises(InputError) as caught:
        GradientFlow(**arguments)
    assert caught.value.field.partition("[")[0] == field
    assert "\n" not in str(caught.value)


def test_rows_that_differ_are_refused_without_a_degree():
    with pytest.raises(InputError) as caught:
        GradientFlow(U0, W0, [[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0], network="tanh", method="warp")
    assert caught.value.field == "X"


@pytest.mark.parametrize("t", [-1.0, math.nan, [0.0, -2.0], "soon"])
def test_times_before_the_start_are_refused(t):
    flow = GradientFlow(*STARTS["two neurons"], **RATES, network="cubic")
    for ask in (flow.output, flow.u, flow.loss, flow.alignment, flow.warped_time):
        with pytest.raises(InputError) as caught:
            ask(t)
        assert caught.value.field == "t"


@pytest.mark.parametrize("name", ["quadratic", "cubic", "tanh", "relu"])
def test_changes_are_the_same_however_many_neurons_are_worked_on_at_a_time(name, monkeypatch):
    generator = np.random.default_rng(4)
    flow = GradientFlow(
        generator.normal(size=30), generator.normal(size=(30, 1)), [1.0], 0.4, network=name
    )
    times = flow.t_c * np.array([1e-8, 0.01, 0.5])
    ask = ("distance_u", "distance_W", "kernel_change")
    together = [getattr(flow, observable)(times) for observable in ask]
    for module in (neurons, observables):
        monkeypatch.setattr(module, "AT_ONCE", 70)
    for observable, expected in zip(ask, together, strict=True):
        assert np.all(expected != 0)
        np.testing.assert_allclose(getattr(flow, observable)(times), expected, rtol=1e-12)


@pytest.mark.parametrize("loss", ["square", "quartic"])
@pytest.mark.parametrize("name", ["quadratic", "cubic", "power4"])
def test_small_changes_keep_their_digits_until_the_end(name, loss):
    """Weights of order one that hardly move, against the first order of what they move by.

    All move by s · v(0), and y − f falls by s · K: what is left of it tells s.
    """
    generator = np.random.default_rng(1)
    u, h = generator.normal(size=(2, 5)) + 2.0
    start = GradientFlow(u, h[:, None], [1.0], 0.0, network=name, loss=loss, method="warp")
    y = float(start.output(0.0)) * (1 + 1e-9)
    flow = GradientFlow(u, h[:, None], [1.0], y, network=name, loss=loss, method="warp")
    degree = {"quadratic": 2, "cubic": 3, "power4": 4}[name]
    by_u, by_h = h**degree, degree * u * h ** (degree - 1)
    kernel = np.sum(by_u**2 + by_h**2)
    for t in (0.3 * flow.t_c, 3 * flow.t_c) if loss == "square" else (1e20, 1e30):
        moved = (abs(flow.residual(0.0)) - abs(flow.residual(t))) / kernel
        expected = moved * math.sqrt(np.sum(by_h**2))
        assert flow.distance_W(t) == pytest.approx(expected, rel=3e-9, abs=0)
