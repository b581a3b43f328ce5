"""Every network from starts of any size: what is proved holds, and independent answers agree."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.special import erf, expit

from numeric import GradientFlow
from numeric.cases import case as cases
from numeric.errors import InputError

POWERS = ("quadratic", "cubic", "power4", "power7")
ACTIVATIONS = {
    "tanh": (np.tanh, lambda h: 1 / np.cosh(h) ** 2),
    "sine": (np.sin, np.cos),
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
TERMS = {
    "exponential": (np.exp,), "quadratic": (np.square,), "cubic": (lambda h: h**3,),
    "power4": (lambda h: h**4,), "power7": (lambda h: h**7,),
}  # fmt: skip
TIMES = [0, 1e-300, 1e-100, 1e-10, 1e-3, 1, 10, 100, 1e4, 1e10, 1e100, 1e300, math.inf]


# --- what is proved --------------------------------------------------------------------------------


def drawn(exponent, seed):
    """A network of that size: widths 1 to 8; neurons and layers of other sizes, zero, balanced."""
    generator = np.random.default_rng(seed)
    width, inputs = int(generator.integers(1, 9)), int(generator.integers(1, 4))
    spread, between = (
        generator.choice([0, 2, 150], p=[0.3, 0.4, 0.3]),
        generator.choice([0, 2, 100]),
    )
    sizes = 10.0 ** np.clip(exponent + spread * generator.uniform(-1, 1, width), -300, 100)
    other = 10.0 ** np.clip(np.log10(sizes) + between * generator.uniform(-1, 1), -300, 100)
    u = sizes * generator.standard_normal(width)
    W = other[:, None] * generator.standard_normal((width, inputs))
    kind = generator.integers(0, 6)
    if kind == 0:
        u[:] = 0
    elif kind == 1:
        W[0] = 0
    elif kind == 2:
        W = np.abs(u)[:, None] * np.eye(1, inputs)
    x = generator.standard_normal(inputs)
    y = float(generator.choice([-1, 0, 1, 1])) * 10.0 ** generator.uniform(-3, 3)
    rates = {name: 10.0 ** generator.uniform(-1, 1) for name in ("gamma", "eta_u", "eta_w")}
    return u, W, x, y, rates


QUICK = ("tanh", "relu", "quadratic", "cubic")  # of every kind one
EVERY = [
    pytest.param(name, marks=() if name in QUICK else pytest.mark.slow)
    for name in (*ACTIVATIONS, "exponential", *POWERS)
]


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=15, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_what_is_proved_holds_at_every_scale(name, data):
    exponent, seed = data.draw(st.floats(-300, 100)), data.draw(st.integers(0, 10**6))
    u, W, x, y, rates = drawn(exponent, seed)
    try:
        flow = GradientFlow(u, W, x, y, **rates, network=name, method="warp")
    except InputError:  # sizes that float64 cannot hold together
        sizes = np.abs(np.concatenate([u, W.ravel()]))
        sizes = sizes[sizes > 0]
        assert sizes.max() > 100 or sizes.max() / sizes.min() > 1e20 or y == 0
        return
    np.testing.assert_array_equal(flow.u(0), u)
    np.testing.assert_array_equal(flow.W(0), W)
    sigma = TERMS.get(name, ACTIVATIONS.get(name, (None,)))[0]
    with np.errstate(all="ignore"):
        terms = rates["gamma"] * u * sigma(W @ x)
        close = 1e-13 * max(1, np.abs(W @ x).max()) * np.abs(terms).sum()
    assert flow.output(0) == pytest.approx(terms.sum(), rel=1e-13, abs=close + 1e-300)
    output, residual, alignment = (
        getattr(flow, of)(TIMES) for of in ("output", "residual", "alignment")
    )
    for values in (output, residual, flow.u(TIMES), flow.W(TIMES), flow.norm_W(TIMES)):
        assert np.all(np.isfinite(values))
    sizes = np.abs(residual)
    assert np.all(sizes[1:] <= sizes[:-1] * (1 + 1e-9))
    assert np.all(np.sign(residual) * np.sign(residual[0]) >= 0)
    least, most = sorted((output[0], output[-1]))
    room = 1e-9 * max(abs(least), abs(most))
    assert np.all((output >= least - room) & (output <= most + room))
    assert not np.any(np.abs(alignment) > 1)
    if flow.limit_kind == "target":
        assert output[-1] == pytest.approx(y, rel=1e-9, abs=1e-300)
        assert residual[-1] == 0
    else:
        assert flow.limit_kind in ("saddle", "at rest", "not reached")
        assert flow.limit_kind != "saddle" or abs(output[-1]) <= 1e-9 * abs(y)


def test_a_flow_that_is_over_at_once_starts_where_it_was_put():
    """All of its panels take less time than float64 holds: then t = 0 is no late time."""
    u, W, x, y, rates = drawn(0.02, 2047)  # W ~ 1e87, f(0) ~ 1e258
    flow = GradientFlow(u, W, x, y, **rates, network="cubic", method="warp")
    assert flow._elapsed._elapsed[-1] == 0
    np.testing.assert_array_equal(flow.u([0.0, 1.0])[0], u)
    np.testing.assert_array_equal(flow.W(0.0), W)
    start = rates["gamma"] * float(u @ (W @ x) ** 3)
    assert flow.output(0.0) == pytest.approx(start, rel=1e-13)
    assert flow.residual(0.0) == pytest.approx(start - y, rel=1e-13)
    assert flow.output(1e-300) == pytest.approx(y, rel=1e-9)
    assert flow._elapsed.log_distance(0.0) == 0


@pytest.mark.parametrize("name", [*ACTIVATIONS, "exponential", *POWERS])
@pytest.mark.parametrize("size", [1e-30, 1e-3, 1.0, 3.0])
def test_a_second_layer_that_starts_at_zero_has_digits_from_its_first_moment_on(name, size):
    """u(t) = 2 η_u γ y σ(h(0)) t as long as nothing else has moved."""
    h = np.array([size, 2 * size])
    flow = GradientFlow(
        [0.0, 0.0], h[:, None], [1.0], -0.5, gamma=2.0, eta_u=3.0, network=name, method="warp"
    )
    power = {"quadratic": 2, "cubic": 3, "power4": 4, "power7": 7}.get(name)
    sigma = np.exp(h) if name == "exponential" else h**power if power else ACTIVATIONS[name][0](h)
    unit = 1e-17 * min(1.0, size, 1 / max(1.0, float(np.sum(sigma**2))))
    for t in (unit, 1e-20 * unit, 1e-100 * unit):
        if np.min(sigma) * t < 1e-300:  # beyond float64
            continue
        np.testing.assert_allclose(flow.u(t), -6.0 * sigma * t, rtol=1e-12)
        assert flow.norm_u(t) == pytest.approx(6 * math.hypot(*sigma) * t, rel=1e-12, abs=0)
        cosine = sigma @ h / math.hypot(*sigma) / math.hypot(*h)
        assert flow.alignment(t) == pytest.approx(-cosine, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "u", "h", "y"),
    [
        ("quadratic", [1.0], [1e-72], 1.0),
        ("quadratic", [1.0], [1e-300], 1.0),
        ("cubic", [1.0], [1e-60], 1.0),
        ("cubic", [1e-9], [1e-125], 1.0),
        ("cubic", [-1e50], [2e49], -1e-5),
        ("power7", [1.0], [1e-60], 1.0),
        ("quadratic", [1.0, -1e-43], [1e-44, 1e-43], -1.0),
        *((name, [1.0, 1e-123], [1e-123, 1.0], 1.0) for name in ACTIVATIONS),
        *((name, [1.0, 1e-300], [1e-300, 1.0], 1.0) for name in ACTIVATIONS),
        *((name, [1e-100], [1e-7], 1.0) for name in ACTIVATIONS),
    ],
)
def test_layers_and_neurons_of_very_different_sizes(name, u, h, y):
    flow = GradientFlow(u, np.array(h)[:, None], [1.0], y, network=name, method="warp")
    assert flow.limit_kind == "target"
    np.testing.assert_array_equal(flow.u(0), u)
    np.testing.assert_array_equal(flow.W(0)[:, 0], h)
    output = flow.output(TIMES)
    assert np.all(np.diff(output) * np.sign(y - output[0]) >= -1e-9 * np.abs(output[:-1]))
    assert output[-1] == pytest.approx(y, rel=1e-9)
    assert np.all(np.diff(np.abs(flow.residual(TIMES))) <= 0)


@pytest.mark.parametrize(
    ("name", "u", "h"),
    [
        ("gelu", 1.0, -24.0), ("gelu", 1.0, -39.0), ("exponential", 1.0, -750.0),
        ("exponential", 1.0, -700.0), ("softplus", 1.0, -700.0), ("swish", 1.0, -750.0),
        ("softplus", 1e95, -1e95), ("cubic", -1e60, 2e59), ("power7", 1.0, 1e-300),
    ],
)  # fmt: skip
def test_what_float64_cannot_follow_is_refused_in_a_line(name, u, h):
    """Velocities underflow in the tail of an activation: to say where that ends would be a guess."""
    with pytest.raises(InputError, match=r"^the start: found"):
        GradientFlow([u], [[h]], [1.0], 1e-5 if h > 0 else 1.0, network=name, method="warp")


@pytest.mark.parametrize("h", [100.0, 138.0, 139.0, 200.0, 300.0])
def test_the_residual_of_a_saturated_neuron_is_its_own(h):
    with mpmath.workdps(400):
        exact = float(mpmath.tanh(h) - 1)
    flow = GradientFlow([1.0], [[h]], [1.0], 1.0, network="tanh")
    assert flow.residual(0) == pytest.approx(exact, rel=1e-15, abs=0)
    erf_like = GradientFlow([1.0], [[h / 15]], [1.0], 1.0, network="erf")
    with mpmath.workdps(400):
        exact = -float(mpmath.erfc(h / 15))
    assert erf_like.residual(0) == pytest.approx(exact, rel=1e-12, abs=0)


def test_a_residual_that_vanishes_has_no_sign():
    assert str(GradientFlow([0.5], [[1.0]], [1.0], 1.0, network="tanh").residual(math.inf)) == "0.0"


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("size", [1e-300, 1e-30, 1e-3, 1.0, 100.0, 1e3])
def test_the_work_for_a_hundred_neurons_is_bounded(name, size):
    """Panels on the way to the equilibrium; each costs some passes over the neurons."""
    generator = np.random.default_rng(4)
    u, h = size * generator.standard_normal((2, 100))
    try:
        flow = GradientFlow(u, h[:, None], [1.0], 1.0, network=name, method="warp")
    except InputError:
        assert (name, size >= 100) == ("exponential", True)
        return
    assert flow.limit_kind == "target"
    assert flow._elapsed.way.last < (1500 if size == 1e-300 else 300)


# --- independent answers ---------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(
    st.floats(-300, 100),
    st.floats(-2, 2),
    st.floats(-2, 2),
    st.sampled_from(["relu", "leaky_relu"]),
)
@example(-300.0, 0.0, 0.3, "relu")
@example(-15.0, 0.0, 0.3, "relu")
@example(100.0, 0.0, 0.3, "relu")
def test_neurons_on_the_linear_side_are_the_linear_network(exponent, a, b, name):
    """Two derivations of one network, which share no formula: p e^s, and neurons in warped time."""
    size = 10.0**exponent
    u, W = [size, size * 10.0**a], [[size * 10.0**b], [2 * size]]
    warped, linear = (
        GradientFlow(u, W, [1.0], 1.0, network=name, method="warp"),
        GradientFlow(u, W, [1.0], 1.0),
    )
    if warped._start.residual < 0:  # weights that shrink may pass the bend
        assert warped.output(np.inf) == linear.output(np.inf) == 1
        return
    plateau = max(-exponent, 1.0) * math.log(10) / 2
    for t in (0.0, 0.01 * plateau, 0.5 * plateau, plateau - 1, plateau, plateau + 1, plateau + 10):
        # A time has 16 digits, and weights grow like exp(2t): near 1e-300 three are felt.
        close = {"rel": 4e-12 + 6e-14 * plateau, "abs": 1e-300}
        for of in ("output", "residual", "loss", "norm_u", "norm_W", "alignment"):
            assert getattr(warped, of)(t) == pytest.approx(getattr(linear, of)(t), **close)
        np.testing.assert_allclose(warped.u(t), linear.u(t), rtol=close["rel"])
        np.testing.assert_allclose(warped.W(t), linear.W(t), rtol=close["rel"])


def integrated(name, u0, h0, y, t, gamma=1.0, method="DOP853", rtol=1e-12):
    """Weights and preactivations by integration of the raw equations, x = 1."""
    sigma, slope = ACTIVATIONS[name]
    d = len(u0)

    def field(_, z):
        u, h = z[:d], z[d:]
        force = 2 * gamma * (y - gamma * (sigma(h) @ u))
        return np.concatenate([force * sigma(h), force * u * slope(h)])

    start = np.concatenate([u0, h0])
    z = solve_ivp(field, (0, t), start, method, rtol=rtol, atol=1e-14 * np.abs(start).max()).y[
        :, -1
    ]
    return z[:d], z[d:]


@pytest.mark.parametrize("size", [1e-9, 1e-15, 1e-40])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_small_starts_against_integration(name, size):
    u0, h0 = np.array([1.0, -0.3]) * size, np.array([2.0, 0.7]) * size
    flow = GradientFlow(u0, h0[:, None], [1.0], 1.0, network=name, method="warp")
    assert flow.limit_kind == "target"
    slope = float(ACTIVATIONS[name][1](np.array([1e-200]))[0])
    plateau = 1.0 if name == "softplus" else -math.log(size) / (2 * slope)
    for t in (0.5 * plateau, plateau, 1.2 * plateau + 1):
        u, h = integrated(name, u0, h0, 1.0, t)
        # The integrator's error grows with the weights, over some hundred steps.
        np.testing.assert_allclose(flow.u(t), u, rtol=1e-8)
        np.testing.assert_allclose(flow.W(t)[:, 0], h, rtol=1e-8)
        f = ACTIVATIONS[name][0](h) @ u
        assert flow.output(t) == pytest.approx(f, rel=3e-8, abs=0)


@pytest.mark.parametrize(
    ("name", "h0", "y"), [("sine", 1.0, 50.0), ("swish", -1.0, -10.0), ("tanh", 1.0, 1e3)]
)
def test_stiff_neurons_against_an_implicit_integrator(name, h0, y):
    # h comes to rest, or nearly, while u has far to go.
    flow = GradientFlow([1.0], [[h0]], [1.0], y, gamma=0.1, network=name, method="warp")
    for t in (1.0, 30.0, 200.0):
        (u,), (h,) = integrated(name, np.array([1.0]), np.array([h0]), y, t, 0.1, "Radau", 1e-9)
        assert flow.u(t)[0] == pytest.approx(u, rel=1e-6, abs=0)
        assert flow.W(t)[0, 0] == pytest.approx(h, rel=1e-6, abs=0)
    assert flow.output(np.inf) == y
    assert len(flow._neurons._steps) < 100


# --- the side of a separatrix ----------------------------------------------------------------------

NEIGHBOURS = [-2, -1, 0, 1, 2]


def laws(u, h, beta):
    """h² − β u², exactly."""
    return Fraction(h) ** 2 - beta * Fraction(u) ** 2


@pytest.mark.parametrize("step", NEIGHBOURS)
@pytest.mark.parametrize("name", ["quadratic", "cubic", "power4", "power5", "power9"])
@pytest.mark.parametrize("u", [1.0, pytest.param(0.7, marks=pytest.mark.slow), 1e-20])
def test_the_side_of_a_separatrix_is_that_of_the_exact_input(name, u, step):
    beta = {"quadratic": 2, "cubic": 3}.get(name) or int(name[5:])
    h = math.sqrt(beta) * u
    for _ in range(abs(step)):
        h = math.nextafter(h, math.inf if step > 0 else 0.0)
    flow = GradientFlow([u], [[h]], [1.0], -1.0, network=name, method="warp")
    law = laws(u, h, beta)
    assert flow.limit_kind == ("target" if law > 0 else "saddle")
    # u passes zero where E says it does: u² − h²/β = E all the way.
    if law > 0 and u > 1e-3:
        end_u, end_h = flow.u(np.inf)[0], flow.W(np.inf)[0, 0]
        assert end_u * end_h**beta == pytest.approx(-1.0, rel=1e-11, abs=0)
        assert end_h == pytest.approx(math.sqrt(beta) * abs(end_u), rel=1e-11, abs=0)


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
@pytest.mark.parametrize("h", [1.0, math.nextafter(1, 2), math.nextafter(1, 0)])
def test_the_side_of_a_separatrix_of_piecewise_linear_neurons(name, h):
    flow = GradientFlow([1.0], [[h]], [1.0], -1.0, network=name, method="warp")
    if h == 1:
        kind = "saddle"  # onto it
    elif h > 1:
        kind = "target"  # u turns, on the linear side
    else:  # h turns: relu is dead there
        kind = "target" if name == "leaky_relu" else "saddle"
    assert flow.limit_kind == kind


@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_the_way_past_a_saddle_against_balls(name):
    h = math.sqrt({"quadratic": 2, "cubic": 3}[name])
    h = h if laws(1.0, h, 2 if name == "quadratic" else 3) > 0 else math.nextafter(h, 2)
    content = {"activation": name, "gamma": 1, "eta_u": 1, "eta_w": 1, "x": [1], "y": -1,
               "u0": [1], "W0": [[h]]}  # fmt: skip
    flow = GradientFlow([1.0], [[h]], [1.0], -1.0, network=name, method="warp")
    times = [1.0, 1e6, 3e7, 1e9]
    exact = cases.parse(content).exact()
    snapshots, _ = exact.solve([cases.rational(t) for t in times], 20)
    for t, snapshot in zip(times, snapshots, strict=True):
        assert flow.u(t)[0] == pytest.approx(float(snapshot.u[0].mid()), rel=1e-9, abs=0)
        assert flow.W(t)[0, 0] == pytest.approx(float(snapshot.W[0][0].mid()), rel=1e-9, abs=0)


# --- ownership, threads, changes -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tanh", "cubic", "relu"])
@pytest.mark.parametrize("y", [1.0, None])
def test_a_flow_owns_its_arrays(name, y):
    u, W, x = np.array([0.5, -0.2]), np.array([[0.3, 0.1], [0.4, 0.2]]), np.array([1.0, 2.0])
    if y is None:  # at rest
        u, W, y = np.zeros(2), np.zeros((2, 2)), 1.0
    flow = GradientFlow(u, W, x, y, network=name, method="warp")
    before = [flow.u(1.0), flow.W(1.0), flow.norm_W(1.0), flow.loss(2.0)]
    for array in (u, W, x):
        array += 7.0
    for t in (0.0, 1.0, np.inf):
        for handed in (flow.u(t), flow.W(t), *flow.neurons(np.array([t]))):
            handed += 3.0
    after = [flow.u(1.0), flow.W(1.0), flow.norm_W(1.0), flow.loss(2.0)]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_threads_see_one_flow():
    u, W = np.array([-0.5, -0.2]), np.array([[0.3], [0.2]])
    times = 10.0 ** np.random.default_rng(1).uniform(-3, 8, 40)
    alone = GradientFlow(u, W, [1.0], 1.0, network="power4")
    assert alone.limit_kind == "saddle"
    expected = {float(t): (alone.residual(t), alone.W(t)[0, 0]) for t in times}
    shared = GradientFlow(u, W, [1.0], 1.0, network="power4")
    orders = [np.random.default_rng(k).permutation(times) for k in range(4)]

    def ask(order):
        return [(float(t), shared.residual(t), shared.W(t)[0, 0]) for t in order]

    with ThreadPoolExecutor(4) as pool:
        for answers in pool.map(ask, orders):
            for t, residual, weight in answers:
                assert residual == pytest.approx(expected[t][0], rel=1e-12, abs=0)
                assert weight == pytest.approx(expected[t][1], rel=1e-9, abs=0)


def test_threads_may_ask_for_the_end_and_for_times_at_once():
    """An integrator that two of them drove made a way of its own, for good."""
    random = np.random.default_rng(0)
    given = [random.normal(size=shape) for shape in (3, (3, 3), (4, 3), 4)]
    times = [1.0, 5.0, 20.0]
    alone, shared = (GradientFlow(*given, network="tanh", method="march") for _ in range(2))
    expected = [float(alone.loss(t)) for t in times]
    with ThreadPoolExecutor(2) as pool:
        end, losses = pool.submit(lambda: shared.limit_kind), pool.map(shared.loss, times)
    assert end.result() == "target"
    assert list(losses) == expected


@pytest.mark.parametrize("t", [1e-300, 1e-100, 1e-20, 1e-8])
@pytest.mark.parametrize("name", ["quadratic", "power4", "tanh", "relu", "gelu"])
def test_an_entry_that_starts_at_zero_has_all_its_digits(name, t):
    u, W, x, y = (
        np.array([1.0, 0.5]),
        np.array([[1.0, 0.0], [0.5, 0.25]]),
        np.array([1.0, 1.0]),
        -1.0,
    )
    flow = GradientFlow(u, W, x, y, network=name, method="warp")
    module, given = flow.network.module, flow.network.parameters(1.0, 1.0, 1.0, 1.0)
    h = W @ x
    f = float(np.sum(module.output(u, h, given)))
    slope = 2 * (y - f) * float(module.velocity_h(u, h, given)[0])
    # To first order in t; the second is smaller by t.
    assert flow.W(t)[0, 1] == pytest.approx(slope * t, rel=1e-13 + 300 * t, abs=0)


@pytest.mark.parametrize("size", [1e-170, 1e100])
def test_norms_and_alignment_of_any_size(size):
    flow = GradientFlow([3 * size, 4 * size], [[3 * size], [4 * size]], [1.0], 1.0, network="relu")
    assert flow.alignment(0.0) == pytest.approx(1.0, rel=1e-15, abs=0)
    assert flow.norm_u(0.0) == pytest.approx(5 * size, rel=1e-15, abs=0)
    assert flow.norm_W(0.0) == pytest.approx(5 * size, rel=1e-15, abs=0)


def test_a_kernel_beyond_floats_is_refused():
    with pytest.raises(InputError, match="tangent kernel"):
        GradientFlow([1e170], [[1e170]], [1.0], 1.0, network="tanh")
