"""Closed forms: against the raw equations, at extreme times, where there is none, and altered ones."""

from __future__ import annotations

import math
import pickle
from types import ModuleType

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from numeric import GradientFlow, catalogue
from numeric.errors import InputError, InternalCheckError

TOLERANCE = 1e-8  # of the largest output or weight, which the raw equations are integrated to
SCALES = st.floats(-6, 0.4).map(lambda e: 10.0**e)
SEEDS = st.integers(0, 2**32 - 1)
KINDS = (
    ("chain_2", {}), ("diagonal", {"n": 2}), ("diagonal", {"n": 3}), ("squared_diagonal", {"n": 2}),
    ("squared_diagonal", {"n": 3}), ("symmetric_factorisation", {"n": 2, "r": 2}),
    ("symmetric_factorisation", {"n": 2, "r": 3}), ("symmetric_factorisation", {"n": 3, "r": 1}),
    ("two_layer_linear", {"n": 2, "h": 1, "m": 1}), ("two_layer_linear", {"n": 2, "h": 2, "m": 2}),
    ("two_layer_linear", {"n": 4, "h": 4, "m": 4}), ("lora", {"n": 3, "r": 2, "m": 3}),
)  # fmt: skip


def orthonormal(draw, rows, columns):
    return np.linalg.qr(draw.normal(size=(rows, columns)))[0]


def white(draw, points, n):
    return orthonormal(draw, points, n) * np.sqrt(points)


def balanced(draw, m, h, n, scale, rates):
    """U and V with Vᵀ-free laws: V Vᵀ/η_V − Uᵀ U/η_U = λ, λ = 0 where h is larger than m or n."""
    leaf = scale**2 * draw.uniform(0, 1) if h <= min(m, n) else 0.0
    rank = min(m, h, n)
    singular = scale * draw.uniform(0.2, 1, size=rank)
    turn = orthonormal(draw, h, h)[:, :rank]
    U = orthonormal(draw, m, m)[:, :rank] * singular @ turn.T
    V = turn * np.sqrt(singular**2 + leaf) @ orthonormal(draw, n, n)[:, :rank].T
    return U * math.sqrt(rates[0]), V * math.sqrt(rates[1])


def problem(name, sizes, seed, scale):
    """A problem that has a closed form."""
    draw = np.random.default_rng(seed)
    module = catalogue.load_declared(name)
    names = list(dict.fromkeys(module.RATES.values()))
    rates = dict(zip(names, draw.uniform(0.1, 1, size=len(names)), strict=True))
    n = sizes.get("n", 1)
    if name in ("two_layer_linear", "lora"):
        outer, inner = list(module.WEIGHTS)
        h = sizes.get("h", sizes.get("r"))
        pair = balanced(
            draw, sizes["m"], h, n, scale, [rates[module.RATES[z]] for z in (outer, inner)]
        )
        weights = dict(zip((outer, inner), pair, strict=True))
    else:
        weights = {
            z: scale * draw.normal(size=[sizes[s] for s in shape])
            for z, shape in module.WEIGHTS.items()
        }
    points = 7
    x = white(draw, points, n)
    targets = [sizes[s] for s in module.OUTPUT]
    frozen = {z: draw.normal(size=[sizes[s] for s in shape]) for z, shape in module.FROZEN.items()}
    if name == "chain_2":
        x = x[:, 0]
    return {
        "weights": weights, "x": x, "y": draw.normal(size=(points, *targets)), "frozen": frozen,
        "rates": rates, "network": name, "loss": draw.choice(["square", "half_square"]),
    }  # fmt: skip


def flows(given_):
    return (GradientFlow(**given_, method=one) for one in ("explicit", "march"))


def off(given_, t):
    """How far outputs and weights are off those of the raw equations, of what these may be off by."""
    short, long = flows(given_)
    size = 1 + np.abs(long.output(t)).max()
    found = np.abs(short.output(t) - long.output(t)).max() / size
    if "integrated" not in short.why:
        for z, array in long.weights(t).items():
            found = max(found, np.abs(short.weight(z, t) - array).max() / (1 + np.abs(array).max()))
    return found / TOLERANCE


@pytest.mark.parametrize(("name", "sizes"), KINDS)
@settings(max_examples=6, deadline=None)
@given(seed=SEEDS, scale=SCALES, time=st.floats(-1.5, 1.0).map(lambda e: 10.0**e))
def test_a_closed_form_is_the_flow(name, sizes, seed, scale, time):
    assert off(problem(name, sizes, seed, scale), time) <= 1


@pytest.mark.parametrize(("name", "sizes"), KINDS)
@settings(max_examples=6, deadline=None)
@given(seed=SEEDS, scale=SCALES)
def test_at_any_time_it_is_finite_and_ends_where_it_should(name, sizes, seed, scale):
    """At t = ∞ at rest; late it is there."""
    given_ = problem(name, sizes, seed, scale)
    flow = GradientFlow(**given_, method="explicit")
    values = [flow.output(t) for t in (0.0, 1e-300, 1.0, 1e6, 1e300, math.inf)]
    assert all(np.all(np.isfinite(one)) for one in values)
    assert np.abs(values[1] - values[0]).max() <= 1e-12 * (1 + np.abs(values[0]).max())
    assert np.abs(values[-2] - values[-1]).max() <= 1e-12
    losses = flow.loss([0.0, 1e-3, 1.0, 1e3, 1e6, math.inf])
    assert np.all(np.diff(losses) <= 1e-12 * losses[0])
    if "integrated" not in flow.why:
        signal = given_["rates"] and flow.kernel(flow.residual(math.inf), math.inf)
        assert np.abs(signal).max() <= 1e-10


@settings(max_examples=20, deadline=None)
@given(u=st.sampled_from([0.0, 1e-100, 1e-12, -0.3, 2.0]), v=st.sampled_from([0.0, 1e-12, 0.3, -2.0]),
       y=st.sampled_from([0.0, 1.0, -1.0, 1e-9, 1e9]))  # fmt: skip
@example(u=0.3, v=-0.3, y=1.0)
@example(u=0.0, v=0.0, y=1.0)
@example(u=0.5, v=0.5, y=0.0)
@example(u=0.5, v=-0.5, y=0.0)
def test_saddles_zeros_and_ends_of_one_product(u, v, y):
    """Of a b at one point: a² − b² is kept, and the end is the target or the saddle."""
    flow = GradientFlow(
        weights={"a": u, "b": v},
        x=1.0,
        y=y,
        network="chain_2",
        loss="half_square",
        method="explicit",
    )
    for t in (0.0, 1e-8, 1.0, 1e6, math.inf):
        a, b = (float(flow.weight(z, t)) for z in "ab")
        assert math.isfinite(a)
        assert math.isfinite(b)
        assert a * a - b * b == pytest.approx(u * u - v * v, abs=1e-12 * (1 + a * a + b * b))
    on_saddle = (y > 0 and u == -v) or (y < 0 and u == v)
    end = float(flow.output(math.inf))
    if on_saddle:
        assert end == 0
    else:
        assert end == pytest.approx(y, rel=1e-12, abs=1e-12)


def test_weights_whose_squares_underflow_are_integrated():
    given_ = problem("squared_diagonal", {"n": 2}, 2, 0.5)
    given_["weights"] = {"u": np.array([1e-200, 0.5])}
    flow = GradientFlow(**given_)
    assert flow.method == "march"
    assert "squares that float64 does not hold" in flow.why


def test_one_layer_of_two_that_underflows_is_enough():
    given_ = problem("diagonal", {"n": 2}, 2, 0.5)
    assert GradientFlow(**given_).method == "explicit"
    weights = dict(given_["weights"])
    first = next(iter(weights))
    weights[first] = weights[first] * [1e-200, 1.0]
    flow = GradientFlow(**{**given_, "weights": weights})
    assert flow.method == "march"
    assert "squares that float64 does not hold" in flow.why


def test_small_starts_keep_their_digits():
    """From 1e-8 with the target 1: the logistic function, in whose exact form nothing cancels."""
    u, t = 1e-8, 9.0
    flow = GradientFlow(weights={"u": [u, 1.0]}, x=np.eye(2) * np.sqrt(2), y=[math.sqrt(2), 0.0],
                        network="squared_diagonal", loss="half_square")  # fmt: skip
    expected = 1 / (1 + (1 / u**2 - 1) * math.exp(-4 * t))
    assert flow.method == "explicit"
    assert flow.weight("u", t)[0] ** 2 == pytest.approx(expected, rel=1e-13)


def test_a_start_of_too_low_a_rank_ends_at_what_it_can_reach():
    """U of one column twice: the largest eigenvalue alone is learned."""
    x, Y = np.eye(2) * np.sqrt(2), np.diag([3.0, 2.0]) * np.sqrt(2)
    flow = GradientFlow(weights={"U": [[0.1, 0.1], [0.1, 0.1]]}, x=x, y=Y,
                        network="symmetric_factorisation")  # fmt: skip
    for t in (1e6, math.inf):
        assert np.abs(flow.output(t) / np.sqrt(2) - np.diag([3.0, 0.0])).max() <= 1e-12


def test_other_inputs_and_weights():
    given_ = problem("lora", {"n": 3, "r": 2, "m": 3}, 3, 0.5)
    short, long = flows(given_)
    x = np.random.default_rng(4).normal(size=(5, 3))
    assert np.abs(short.predict(x, 2.0) - long.predict(x, 2.0)).max() <= 1e-8
    assert np.abs(short.predict(x[0], 2.0) - long.predict(x[0], 2.0)).max() <= 1e-8
    assert np.abs(short.weight("A", 2.0) - long.weight("A", 2.0)).max() <= 1e-8
    assert float(short.error(2.0)) <= 1e-7
    again = pickle.loads(pickle.dumps(short))
    assert np.array_equal(again.output(2.0), short.output(2.0))


def altered(name, change):
    module, found = catalogue.load_declared(name), ModuleType("altered")
    vars(found).update(vars(module))
    for key in module.SOLUTIONS:
        formula = getattr(module, key)
        setattr(found, key, lambda w, r, y, t, f=formula: change(f, w, r, y, t))
    return found


CHANGES = {
    "target": lambda f, w, r, y, t: f(w, r, 1.001 * y, t),
    "time": lambda f, w, r, y, t: f(w, r, y, 1.001 * t),
    "rate": lambda f, w, r, y, t: f(w, {z: 1.001 * one for z, one in r.items()}, y, t),
    "start": lambda f, w, r, y, t: f({z: 1.001 * one for z, one in w.items()}, r, y, t),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["symmetric_factorisation", "lora"])
def test_an_altered_form_is_found(name, change):
    sizes = next(one for z, one in KINDS if z == name)
    given_ = problem(name, sizes, 5, 0.5)
    assert off(given_, 0.7) <= 1
    assert off({**given_, "network": altered(name, CHANGES[change])}, 0.7) > 10


def test_altered_weights_do_not_keep_their_laws():
    def change(f, w, r, y, t):
        found = f(w, r, y, t)
        return {**found, "u": 1.001 * found["u"]}

    given_ = problem("diagonal", {"n": 2}, 6, 0.5)
    flow = GradientFlow(**{**given_, "network": altered("diagonal", change)})
    with pytest.raises(InternalCheckError, match="is conserved and has drifted"):
        flow.weights(1.0)


UNFIT = {
    "sizes": (lambda g: {**g, "weights": {"U": np.ones((3, 3))}, "x": np.eye(3), "y": np.eye(3)},
              "sizes are not"),
    "loss": (lambda g: {**g, "loss": "quartic"}, "the loss is no square"),
    "data": (lambda g: {**g, "x": g["x"] + 0.1 * g["x"][:, ::-1]}, "monomials of the data correlate"),
    "moments": (lambda g: {**g, "x": g["x"] * [1.0, 1.1]}, "different moments"),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNFIT)
def test_where_it_does_not_hold_it_is_not_taken(kind):
    change, says = UNFIT[kind]
    given_ = change(problem("symmetric_factorisation", {"n": 2, "r": 2}, 7, 0.5))
    flow = GradientFlow(**given_)
    # The lift holds at all sizes; it lacks what the closed form lacks else.
    assert flow.method == ("riccati" if kind == "sizes" else "march")
    assert ("weights" if kind == "sizes" else says) in flow.why
    with pytest.raises(InputError, match=says):
        GradientFlow(**given_, method="explicit")


def test_off_the_leaf_of_its_law_it_is_not_taken():
    given_ = problem("two_layer_linear", {"n": 2, "h": 2, "m": 2}, 8, 0.5)
    assert GradientFlow(**given_).method == "explicit"
    U = given_["weights"]["U"] + 1e-6
    flow = GradientFlow(**{**given_, "weights": {**given_["weights"], "U": U}})
    assert flow.method == "march"
    assert "not balanced" in flow.why
    assert "none of the solvable" in GradientFlow(
        weights={"A": np.ones((1, 2)), "B": np.eye(2), "C": np.eye(2)}, x=np.eye(2), y=[[1.0], [2.0]],
        network="three_layer_linear",
    ).why  # fmt: skip


def test_a_diagonal_law_is_no_leaf_where_its_entries_differ():
    """V Vᵀ − Uᵀ U = diag(0.1, 0.9): integrated, and as by the equations written down here."""
    U, t = np.array([[0.5, 0.2], [-0.1, 0.4]]), 0.7
    V = np.linalg.cholesky(U.T @ U + np.diag([0.1, 0.9]))
    draw = np.random.default_rng(12)
    x, y = white(draw, 7, 2), draw.normal(size=(7, 2))
    flow = GradientFlow(weights={"U": U, "V": V}, x=x, y=y, network="two_layer_linear",
                        loss="half_square")  # fmt: skip

    def velocity(_, flat):
        u, v = flat.reshape(2, 2, 2)
        signal = (y - x @ v.T @ u.T).T @ x / 7
        return np.concatenate([(signal @ v.T).ravel(), (u.T @ signal).ravel()])

    start = np.concatenate([U.ravel(), V.ravel()])
    raw = solve_ivp(velocity, (0, t), start, method="DOP853", rtol=1e-12, atol=1e-14).y[:, -1]
    u, v = raw.reshape(2, 2, 2)
    assert np.abs(flow.output(t) - x @ v.T @ u.T).max() <= TOLERANCE
    assert flow.method == "march"
    assert "not balanced" in flow.why


@pytest.mark.parametrize(
    ("name", "sizes"),
    [("squared_diagonal", {"n": 2}), ("two_layer_linear", {"n": 2, "h": 2, "m": 2})],
)
def test_a_sum_over_points_is_as_many_times_as_fast(name, sizes):
    given_ = {**problem(name, sizes, 13, 0.5), "reduction": "sum"}
    assert off(given_, 0.1) <= 1
    short, _ = flows(given_)
    mean, _ = flows({**given_, "reduction": "mean"})
    assert np.abs(short.output(0.1) - mean.output(0.7)).max() <= 1e-12
    assert np.abs(short.output(0.1) - mean.output(0.1)).max() > 1e-2


def test_modes_may_have_moments_of_their_own():
    """Each coefficient of squared weights has its own clock."""
    given_ = problem("squared_diagonal", {"n": 2}, 9, 0.5)
    given_["x"] = given_["x"] * [0.5, 2.0]
    assert off(given_, 0.5) <= 1
    given_["x"] = given_["x"] * [0.0, 1.0]  # one that no point has
    assert off(given_, 0.5) <= 1
    short, _ = flows(given_)
    assert short.weight("u", math.inf)[0] == given_["weights"]["u"][0]


def test_an_unknown_method_is_refused():
    with pytest.raises(InputError, match="one of explicit, warp, riccati, march"):
        GradientFlow(**problem("chain_2", {}, 1, 0.5), method="exact")
