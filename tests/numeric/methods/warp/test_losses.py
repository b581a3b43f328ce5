"""Any loss with any network: against DOP853 of the raw weights, with losses written by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import erf, expit

from numeric import GradientFlow, catalogue
from numeric.errors import InputError

SLOPES = {  # ∂ℓ/∂f, by hand
    "square": lambda f, y: 2 * (f - y),
    "half_square": lambda f, y: f - y,
    "quartic": lambda f, y: 4 * (f - y) ** 3,
    "huber": lambda f, y: np.clip(f - y, -1, 1),
    "log_cosh": lambda f, y: np.tanh(f - y),
    "logistic": lambda f, y: -y * expit(-y * f),
    "exponential": lambda f, y: -y * np.exp(-y * f),
    "hinge": lambda f, y: np.where(y * f < 1, -y, 0.0),
    "binary_cross_entropy": lambda f, y: expit(f) - y,
}
SIGMA = {  # σ and σ′, by hand
    "linear": (lambda h: h, lambda h: np.ones_like(h)),
    "quadratic": (lambda h: h**2, lambda h: 2 * h),
    "cubic": (lambda h: h**3, lambda h: 3 * h**2),
    "power4": (lambda h: h**4, lambda h: 4 * h**3),
    "relu": (lambda h: np.maximum(h, 0), lambda h: (h > 0) * 1.0),
    "leaky_relu": (lambda h: np.where(h > 0, h, h / 100), lambda h: np.where(h > 0, 1.0, 0.01)),
    "tanh": (np.tanh, lambda h: 1 / np.cosh(h) ** 2),
    "sine": (np.sin, np.cos),
    "exponential": (np.exp, np.exp),
    "erf": (erf, lambda h: 2 / math.sqrt(math.pi) * np.exp(-(h**2))),
    "softplus": (lambda h: np.logaddexp(0, h), expit),
    "swish": (lambda h: h * expit(h), lambda h: expit(h) * (1 + h * expit(-h))),
    "gelu": (
        lambda h: h * (1 + erf(h / math.sqrt(2))) / 2,
        lambda h: (
            (1 + erf(h / math.sqrt(2))) / 2 + h * np.exp(-(h**2) / 2) / math.sqrt(2 * math.pi)
        ),
    ),
}
RATES = {"gamma": 0.8, "eta_u": 0.6, "eta_w": 1.1}
TIMES = np.array([0.01, 0.2, 1.0, 4.0])


def by_integration(network, loss, u0, W0, X, Y, times):
    """Weights at the times, from the raw equations."""
    sigma, slope = SIGMA[network]
    d, d0 = W0.shape

    def velocity(t, z):
        u, W = z[:d], z[d:].reshape(d, d0)
        H = X @ W.T
        pulls = SLOPES[loss](RATES["gamma"] * sigma(H) @ u, Y) / len(Y)
        du = -RATES["eta_u"] * RATES["gamma"] * pulls @ sigma(H)
        dW = -RATES["eta_w"] * RATES["gamma"] * (u * slope(H) * pulls[:, None]).T @ X
        return np.concatenate([du, dW.ravel()])

    start = np.concatenate([u0, W0.ravel()])
    with np.errstate(all="ignore"):  # steps that are tried and rejected
        found = solve_ivp(velocity, (0, times[-1]), start, "DOP853", times, rtol=1e-11, atol=1e-13)
    return found.y[:d].T, found.y[d:].T.reshape(-1, d, d0)


def drawn(network, loss, points):
    """A small network with data on a line (equal inputs where σ is not homogeneous)."""
    generator = np.random.default_rng([*f"{network} {loss} {points}".encode()])
    u0, W0 = generator.normal(size=3) * 0.7, generator.normal(size=(3, 2)) * 0.7
    made = catalogue.load(network)
    along = generator.uniform(0.3, 1.3, points) if made.ray_degree else np.ones(points)
    if made.degree and points > 1:
        along[0] *= -1
    X = along[:, None] * generator.normal(size=2)
    kind = catalogue.load_loss(loss).TARGETS
    if kind == "any number":
        Y = generator.normal(size=points)
    else:
        Y = generator.choice([-1.0, 1.0], points) if kind == "-1 or 1" else generator.random(points)
    return u0, W0, X, Y


def test_every_loss_and_every_network_is_written_by_hand():
    assert set(SLOPES) == set(catalogue.losses())
    assert set(SIGMA) - {"power4"} == set(catalogue.names())


@pytest.mark.parametrize("points", [1, 3])
@pytest.mark.parametrize("loss", SLOPES)
@pytest.mark.parametrize("network", SIGMA)
def test_any_network_with_any_loss_follows_the_raw_equations(network, loss, points):
    u0, W0, X, Y = drawn(network, loss, points)
    flow = GradientFlow(u0, W0, X, Y, loss=loss, **RATES, network=network, method="warp")
    times = before_the_margin(flow) if loss == "hinge" else TIMES
    u, W = by_integration(network, loss, u0, W0, X, Y, times)
    kinked = loss in ("hinge", "huber") or "relu" in network  # there the reference loses digits
    size = max(1.0, np.abs(u).max(), np.abs(W).max())
    assert np.abs(flow.u(times) - u).max() < (1e-6 if kinked else 3e-9) * size
    assert np.abs(flow.W(times) - W).max() < (1e-6 if kinked else 3e-9) * size


def before_the_margin(flow):
    """Times up to shortly before a hinge arrives: there the raw equations chatter between both sides."""
    low, high = 0.0, float(TIMES[-1])
    if flow.residual(high) == 0 and flow.residual(0.0) != 0:
        while high - low > 1e-6 * high:
            middle = (low + high) / 2
            low, high = (low, middle) if flow.residual(middle) == 0 else (middle, high)
    return np.array([0.1, 0.5, 0.99]) * high


@pytest.mark.parametrize("loss", ["logistic", "exponential"])
@pytest.mark.parametrize("network", ["linear", "quadratic", "cubic", "tanh", "softplus"])
def test_where_the_minimum_is_at_infinity_late_growth_keeps_its_digits(network, loss):
    """Late, 1/ℒ′ grows by K per unit of time: t ℓ K → 1, with K the tangent kernel then."""
    u0, W0, x = np.array([0.5, 0.9]), np.array([[0.4, 0.3], [0.8, -0.2]]), np.array([1.0, 0.5])
    flow = GradientFlow(u0, W0, x, 1.0, loss=loss, network=network, method="warp")
    assert flow.limit_kind == "unbounded"
    assert flow.output(math.inf) == math.inf
    assert flow.loss(math.inf) == 0
    for t in (1e20, 1e100, 1e300):
        u, h = (z[0] for z in flow.neurons(np.array([t])))
        sigma, slope = SIGMA[network]
        kernel = float(np.sum(sigma(h) ** 2 + (x @ x) * (u * slope(h)) ** 2))
        assert t * flow.loss(t) * kernel == pytest.approx(1, abs=0.2)
        f = math.fsum(u * sigma(h))  # of the weights themselves
        assert flow.loss(t) == pytest.approx(math.exp(-f), rel=1e-9, abs=0)
    times = np.geomspace(1e-3, 1e300, 40)
    assert np.all(np.diff(flow.loss(times)) < 0)


@pytest.mark.parametrize("loss", ["logistic", "exponential"])
@pytest.mark.parametrize("network", ["linear", "quadratic", "cubic", "relu", "tanh"])
def test_without_a_limit_no_observable_is_a_number_but_the_loss(network, loss):
    """What has none is infinite or undefined; of norms of homogeneous networks it is known which."""
    u0, W0, x = np.array([0.5, 0.9]), np.array([[0.4, 0.3], [0.8, -0.2]]), np.array([1.0, 0.5])
    flow = GradientFlow(u0, W0, x, 1.0, loss=loss, network=network, method="warp")
    assert flow.limit_kind == "unbounded"
    for name in flow.observables:
        middle, last = getattr(flow, name)([1.0, math.inf])
        assert math.isfinite(middle)
        assert math.isfinite(last) == (name == "loss"), name
        if name.startswith(("norm", "distance")) and network != "tanh":
            assert last == math.inf
            assert getattr(flow, name)(math.inf) == math.inf
            assert getattr(flow, name)(1e300) > middle


def test_half_the_square_is_the_square_at_half_the_time():
    u0, W0, X, Y = drawn("cubic", "square", 1)
    half, whole = (
        GradientFlow(u0, W0, X, Y, loss=z, network="cubic") for z in ("half_square", "square")
    )
    assert np.array_equal(half.residual(2 * TIMES), whole.residual(TIMES))
    assert half.loss(2 * TIMES) == pytest.approx(whole.loss(TIMES) / 2, rel=1e-15)
    assert half.t_c == 2 * whole.t_c


@pytest.mark.parametrize("loss", ["square", "half_square", "logistic", "huber"])
def test_a_sum_over_n_points_is_the_mean_n_times_as_fast(loss):
    u0, W0, X, Y = drawn("quadratic", loss, 4)
    mean, total = (
        GradientFlow(u0, W0, X, Y, loss=loss, reduction=r, network="quadratic")
        for r in ("mean", "sum")
    )
    assert total.u(TIMES / 4) == pytest.approx(mean.u(TIMES), rel=1e-12)
    assert total.loss(TIMES / 4) == pytest.approx(4 * mean.loss(TIMES), rel=1e-12)


def test_the_hinge_arrives_at_its_margin_in_finite_time_and_stays():
    u0, W0, x = np.array([0.5]), np.array([[0.4]]), np.array([1.0])
    flow = GradientFlow(u0, W0, x, 1.0, loss="hinge", network="linear", method="warp")
    # u h = 1 with p = u + h growing like e^t: (u + h)² e^{2t} − (u − h)² e^{−2t} = 4.
    late = flow.loss([5.0, 1e10, 1e300])
    assert np.all(late == 0)
    assert flow.output(1e300) == pytest.approx(1, abs=1e-15)
    grid = np.linspace(0, 2, 2001)
    times = grid[flow.loss(grid) > 0]
    p, q = 0.9, 0.1
    gained = (p * np.exp(times)) ** 2 - (q * np.exp(-times)) ** 2
    assert flow.output(times) == pytest.approx(gained / 4, rel=1e-12)
    assert (p * math.exp(times[-1] + 1e-3)) ** 2 - (q * math.exp(-times[-1] - 1e-3)) ** 2 >= 4


def test_the_fourth_power_ends_like_one_over_the_square_root_of_time():
    """dR/dt = −4 K R³ late: R = 1/√(8 K t)."""
    u0, W0, X, Y = drawn("tanh", "quartic", 1)
    flow = GradientFlow(u0, W0, X, Y, loss="quartic", **RATES, network="tanh")
    u, h = (z[0] for z in flow.neurons(np.array([math.inf])))
    sigma, slope = SIGMA["tanh"]
    rho_2 = float(X[0] @ X[0])
    by_u, by_h = RATES["gamma"] * sigma(h), RATES["gamma"] * u * slope(h)
    kernel = float(np.sum(RATES["eta_u"] * by_u**2 + RATES["eta_w"] * rho_2 * by_h**2))
    for t in (1e8, 1e30, 1e200):
        assert abs(flow.residual(t)) == pytest.approx(1 / math.sqrt(8 * kernel * t), rel=1e-3)
    assert flow.limit_kind == "target"


@pytest.mark.parametrize("seed", range(8))
def test_two_derivations_of_the_linear_network_agree(seed):
    """Solved to the end in closed form, and neuron by neuron in warped time."""
    generator = np.random.default_rng(seed)
    d, d0 = int(generator.integers(1, 6)), int(generator.integers(1, 4))
    scale = 10.0 ** generator.uniform(-2, 2)
    u0, W0 = scale * generator.normal(size=d), scale * generator.normal(size=(d, d0))
    x, y = generator.normal(size=d0), float(generator.normal())
    warped = GradientFlow(u0, W0, x, y, **RATES, network="linear", method="warp")
    closed = GradientFlow(u0, W0, x, y, **RATES)
    times = np.array([0.0, 0.1, 1.0, 5.0]) * closed.t_c
    size = max(np.abs(u0).max(), np.abs(W0).max(), 1.0)
    assert warped.residual(times) == pytest.approx(closed.residual(times), rel=2e-12, abs=0)
    assert np.abs(warped.u(times) - closed.u(times)).max() < 1e-12 * size
    assert np.abs(warped.W(times) - closed.W(times)).max() < 1e-12 * size
    assert warped.t_c == pytest.approx(closed.t_c, rel=1e-12)
    assert warped.alignment(times) == pytest.approx(closed.alignment(times), rel=1e-11)


@pytest.mark.parametrize(
    ("loss", "y", "expected"),
    [
        ("logistic", 0.5, "targets -1 or 1 of the loss logistic"),
        ("hinge", 2.0, "targets -1 or 1"),
        ("binary_cross_entropy", 1.5, "targets from 0 to 1"),
        ("mse", 1.0, "'square', perhaps"),
    ],
)
def test_targets_and_names_that_a_loss_does_not_have_are_refused(loss, y, expected):
    with pytest.raises(InputError, match=expected):
        GradientFlow([1.0], [[1.0]], [1.0], y, loss=loss, network="tanh")


@pytest.mark.parametrize(
    ("network", "u0", "W0", "gamma"),
    [("tanh", [1.0], [[1.0]], 0.0), ("cubic", [0.0], [[0.0]], 1.0), ("relu", [1.0], [[-1.0]], 1.0)],
)
@pytest.mark.parametrize("loss", SLOPES)
def test_what_never_moves_keeps_its_loss(network, u0, W0, gamma, loss):
    flow = GradientFlow(u0, W0, [1.0], 1.0, loss=loss, gamma=gamma, network=network, method="warp")
    assert flow.limit_kind == "at rest"
    assert np.array_equal(flow.output([0, 1, 1e300]), np.zeros(3))
    at_zero = {
        "square": 1, "half_square": 0.5, "quartic": 1, "huber": 0.5, "log_cosh": math.log(math.cosh(1)),
        "logistic": math.log(2), "exponential": 1, "hinge": 1, "binary_cross_entropy": math.log(2),
    }  # fmt: skip
    assert flow.loss([0, 1, math.inf]) == pytest.approx(np.full(3, at_zero[loss]), rel=1e-14)


@pytest.mark.parametrize(
    "loss", [z for z in SLOPES if z not in ("logistic", "exponential", "binary_cross_entropy")]
)
@pytest.mark.parametrize("steps", [0, 1, -1])
def test_a_start_at_the_minimum_or_beside_it_stays(loss, steps):
    """f(0) = u h is the target or a neighbour of it in float64."""
    u = float(np.nextafter(1.0, 2.0 * steps)) if steps else 1.0
    flow = GradientFlow([u], [[1.0]], [1.0], 1.0, loss=loss, network="linear", method="warp")
    assert flow.limit_kind == "target"
    assert np.abs(flow.output([0.0, 1.0, 1e10, math.inf]) - 1).max() < 1e-15


def test_a_loss_without_a_finite_minimum_has_no_residual():
    flow = GradientFlow([1.0], [[1.0]], [1.0], 1.0, loss="logistic", network="tanh")
    with pytest.raises(InputError, match="a minimum at infinity"):
        flow.residual(1.0)


CURVATURES = {  # ∂²ℓ/∂f², by hand, of the smooth losses
    "square": lambda f, y: np.full_like(f, 2.0),
    "quartic": lambda f, y: 12 * (f - y) ** 2,
    "log_cosh": lambda f, y: 1 / np.cosh(np.minimum(np.abs(f - y), 300)) ** 2,
    "logistic": lambda f, y: expit(-y * f) * expit(y * f),
    "exponential": lambda f, y: np.exp(-y * f),
    "binary_cross_entropy": lambda f, y: expit(f) * expit(-f),
}
STENCIL = np.array([1.0, -8.0, 0.0, 8.0, -1.0]) / 12
STEP = 1e-3  # of log t


@pytest.mark.parametrize("loss", CURVATURES)
@pytest.mark.parametrize(
    "seed", [pytest.param(k, marks=pytest.mark.slow if k >= 6 else ()) for k in range(25)]
)
def test_the_output_moves_by_the_kernel_and_the_slope_whatever_the_size_of_the_start(loss, seed):
    """df/dt = −K ℓ′(f), at starts of any size: on saturated branches too, and past them."""
    generator = np.random.default_rng([seed, *loss.encode()])
    network = str(generator.choice(["linear", "quadratic", "cubic", "relu", "tanh"]))
    size = 10 ** generator.uniform(-6, 1.5)
    u0, W0 = size * generator.normal(size=3), size * generator.normal(size=(3, 2))
    x, sign = generator.normal(size=2), generator.choice([-1.0, 1.0])
    y = sign if loss in ("logistic", "exponential") else (sign + 2) / 4
    output = np.sum(u0 * SIGMA[network][0](W0 @ x))
    if loss == "exponential" and y * output < -700:
        with pytest.raises(InputError, match="whose loss and slope float64 can hold"):
            GradientFlow(u0, W0, x, y, loss=loss, network=network, method="warp")
        return
    flow = GradientFlow(u0, W0, x, y, loss=loss, network=network, method="warp")
    compared = sum(follows(flow, network, loss, x @ x, y, t) for t in np.geomspace(1e-6, 1e12, 37))
    assert compared >= 6  # those that end early are compared before they do


def follows(flow, network, loss, rho_2, y, t):
    """Whether df/dlog t was compared at t; not where it changes within a step of the differences."""

    def kernel_at(time):
        u, h = (z[0] for z in flow.neurons(np.array([time])))
        sigma, slope = SIGMA[network]
        return np.sum(sigma(h) ** 2 + rho_2 * (u * slope(h)) ** 2), np.sum(np.abs(u * sigma(h)))

    times = t * np.exp(STEP * np.arange(-2, 3))
    f, (kernel, spread) = flow.output(t), kernel_at(t)
    conditioning = t * kernel * CURVATURES[loss](np.array([f]), y)[0]
    ends = [kernel_at(times[k])[0] for k in (0, -1)]
    if conditioning > 30 or np.ptp(ends) > 0.02 * min(ends):
        return False
    change, expected = STENCIL @ flow.output(times) / STEP, -t * kernel * SLOPES[loss](f, y)
    rounding = 1e-15 * spread * (1 + conditioning)
    assert abs(change - expected) <= 1e-5 * abs(expected) + 4 * rounding / STEP
    return True
