"""GradientFlow: refusals, shapes with values, limits, inverses, large networks and data sets."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import mpmath
import numpy as np
import pytest
import torch
from mpmath import mp

from numeric import GradientFlow
from numeric.errors import InputError
from verify.oracle.taylor import integrate

ACCURACY = 1e-12
RATES = {"gamma": 0.8, "eta_u": 1.5, "eta_w": 0.4}
U0 = np.array([0.7, -0.4, 0.9])
W0 = np.array([[0.3, -0.1], [0.2, 0.5], [-0.4, 0.2]])
X, Y = np.array([0.5, -1.2]), 1.3
LINE = np.outer([1.0, -0.5, 2.0, 0.25], X)
TARGETS = np.array([0.9, -0.2, 1.5, 1.1])
TIMES = np.array([[0.0, 0.05, 0.3], [0.8, 2.0, 5.0]])


def point(**changes):
    arguments = {"u0": U0, "W0": W0, "x": X, "y": Y, **RATES, **changes}
    return GradientFlow(**arguments)


def data_set(**changes):
    return point(**{"x": LINE, "y": TARGETS, **changes})


def close(value, expected, rtol=ACCURACY):
    np.testing.assert_allclose(value, expected, rtol=rtol, atol=0)


# --- refusals ------------------------------------------------------------------------------------

WRONG = {
    "u0 of two dimensions": ({"u0": W0}, "u0", "(3, 2)"),
    "u0 a number": ({"u0": 1.0}, "u0", "()"),
    "u0 empty": ({"u0": [], "W0": np.zeros((0, 2))}, "W0", "(0, 2)"),
    "u0 text": ({"u0": ["a", "b", "c"]}, "u0", "'a'"),
    "u0 ragged": ({"u0": [1.0, [2.0], 3.0]}, "u0", "[2.0]"),
    "u0 NaN": ({"u0": [0.7, np.nan, 0.9]}, "u0[1]", "nan"),
    "u0 complex": ({"u0": U0 + 1j}, "u0", "1.j"),
    "W0 of one dimension": ({"W0": U0}, "W0", "(3,)"),
    "W0 one row too few": ({"W0": W0[:2]}, "W0", "(2, 2)"),
    "W0 without columns": ({"W0": np.zeros((3, 0)), "x": []}, "W0", "(3, 0)"),
    "W0 infinite": ({"W0": np.where(W0 == 0.5, -np.inf, W0)}, "W0[1][1]", "-inf"),
    "x too long": ({"x": [1.0, 2.0, 3.0]}, "x", "(3,)"),
    "x NaN": ({"x": [np.nan, 1.0]}, "x[0]", "nan"),
    "x a matrix, y a number": ({"x": LINE}, "x", "(4, 2)"),
    "y NaN": ({"y": np.nan}, "y", "nan"),
    "y infinite": ({"y": np.inf}, "y", "inf"),
    "X a vector, targets a vector": ({"y": TARGETS}, "X", "(2,)"),
    "targets too short": ({"x": LINE, "y": TARGETS[:3]}, "X", "(4, 2)"),
    "targets of two dimensions": ({"x": LINE, "y": W0}, "targets", "(3, 2)"),
    "targets NaN": ({"x": LINE, "y": [1, 2, np.nan, 3]}, "targets[2]", "nan"),
    "X infinite": ({"x": np.where(LINE[2, 0] == LINE, np.inf, LINE), "y": TARGETS}, "X[2][0]", "inf"),
    "X of the wrong dimension": ({"x": LINE[:, :1], "y": TARGETS}, "X", "(4, 1)"),
    "no data": ({"x": np.zeros((0, 2)), "y": np.zeros(0)}, "X", "(0, 2)"),
    "gamma NaN": ({"gamma": np.nan}, "gamma", "nan"),
    "gamma infinite": ({"gamma": -np.inf}, "gamma", "-inf"),
    "gamma a list": ({"gamma": [1.0]}, "gamma", "(1,)"),
    "eta_u zero": ({"eta_u": 0.0}, "eta_u", "0.0"),
    "eta_u NaN": ({"eta_u": np.nan}, "eta_u", "nan"),
    "eta_w negative": ({"eta_w": -0.1}, "eta_w", "-0.1"),
    "eta_w infinite": ({"eta_w": np.inf}, "eta_w", "inf"),
    "eta_w text": ({"eta_w": "fast"}, "eta_w", "fast"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_misuse_names_field_and_finding(name):
    changes, field, found = WRONG[name]
    with pytest.raises(InputError) as caught:
        point(**changes)
    assert caught.value.field == field
    assert found in str(caught.value.found)
    assert caught.value.expected
    assert str(caught.value) == (
        f"{field}: found {caught.value.found}; expected {caught.value.expected}"
    )
    assert "\n" not in str(caught.value)


def test_data_off_a_line_is_refused_with_the_second_singular_value():
    off = LINE + 1e-3 * np.arange(8).reshape(4, 2) ** 2
    with pytest.raises(InputError) as caught:
        data_set(x=off, method="explicit")
    first, second = np.linalg.svd(off, compute_uv=False)
    said = [float(z) for z in re.findall(r"\d+\.\d+(?:e-?\d+)?", caught.value.found)]
    assert caught.value.field == "X"
    assert said == [float(f"{first:.6g}"), float(f"{second:.6g}")]


def test_the_line_tolerance_can_be_widened():
    off = LINE + 1e-9 * np.arange(8).reshape(4, 2)
    with pytest.raises(InputError):
        data_set(x=off, method="explicit")
    widened = data_set(x=off, line_tolerance=1e-6)
    close(widened.loss(0.3), data_set().loss(0.3), rtol=1e-7)


@pytest.mark.parametrize(
    "name", ["alpha", "output", "residual", "loss", "alignment", "norm_u", "norm_W", "u", "W"]
)
@pytest.mark.parametrize("bad", [-1e-9, np.nan, -np.inf])
def test_a_time_before_the_start_is_refused(name, bad):
    with pytest.raises(InputError) as caught:
        getattr(point(), name)([0.0, bad])
    assert caught.value.field == "t"
    assert f"found {bad}; expected" in str(caught.value)


def test_a_kernel_input_of_the_wrong_length_is_refused():
    with pytest.raises(InputError) as caught:
        point().tangent_kernel(0.0, X, [1.0, 2.0, 3.0])
    assert caught.value.field == "x2"
    assert "3" in str(caught.value.found)


# --- scalars, weights and raw definitions agree ----------------------------------------------------


@pytest.mark.parametrize("flow", [point(), data_set()], ids=["point", "data set"])
def test_scalars_are_those_of_the_weights(flow):
    u, W = flow.u(TIMES), flow.W(TIMES)
    assert u.shape == (2, 3, 3)
    assert W.shape == (2, 3, 3, 2)
    e = X / np.linalg.norm(X)  # its first component is positive, as the set's convention demands
    omega = W @ e
    overlap = np.sum(u * omega, axis=-1)
    norms = [np.linalg.norm(z, axis=-1) for z in (u, omega)]
    close(flow.norm_u(TIMES), norms[0])
    close(flow.norm_omega(TIMES), norms[1])
    close(flow.norm_W(TIMES), np.sqrt(np.sum(W**2, axis=(-2, -1))))
    close(flow.overlap(TIMES), overlap)
    close(flow.alignment(TIMES), overlap / norms[0] / norms[1])
    p = np.sqrt(RATES["eta_u"]) * omega + np.sqrt(RATES["eta_w"]) * u
    close(flow.alpha(TIMES), (p[..., 0] / p[0, 0, 0]) ** 2)
    rho = float(flow.point.strength)
    close(flow.output(TIMES), RATES["gamma"] * rho * overlap)


def test_residual_and_loss_of_a_point_are_those_of_the_weights():
    flow, early = point(), TIMES[0]
    output = RATES["gamma"] * np.sum(flow.u(early) * (flow.W(early) @ X), axis=-1)
    close(flow.residual(early), output - Y)
    close(flow.loss(early), (output - Y) ** 2)


def test_the_loss_of_a_set_is_its_mean_squared_error():
    flow = data_set()
    outputs = RATES["gamma"] * np.einsum("sti,stij,nj->stn", flow.u(TIMES), flow.W(TIMES), LINE)
    close(flow.loss(TIMES), np.mean((outputs - TARGETS) ** 2, axis=-1))


def test_weights_at_the_start_are_those_given():
    flow = point()
    np.testing.assert_array_equal(flow.u(0), U0)
    np.testing.assert_array_equal(flow.W(0), W0)


def test_a_scalar_time_gives_a_scalar_and_the_entry_of_the_array():
    flow = point()
    for name in ("alpha", "output", "residual", "loss", "alignment", "norm_u", "norm_W"):
        values = getattr(flow, name)(TIMES)
        assert values.shape == TIMES.shape
        for index in np.ndindex(TIMES.shape):
            single = getattr(flow, name)(float(TIMES[index]))
            assert np.ndim(single) == 0
            assert single == values[index]


def test_the_weights_follow_the_gradient_of_the_loss():
    # The central difference of the weights is exact to the square of the step.
    flow, t, h = data_set(), 0.3, 1e-4
    u, W = flow.u(t), flow.W(t)
    errors = RATES["gamma"] * (LINE @ W.T) @ u - TARGETS
    factor = -2 * RATES["gamma"] / 4
    du = factor * RATES["eta_u"] * np.einsum("n,nj,ij->i", errors, LINE, W)
    dW = factor * RATES["eta_w"] * np.einsum("n,nj,i->ij", errors, LINE, u)
    for name, slope in (("u", du), ("W", dW)):
        before, after = (getattr(flow, name)(t + k * h) for k in (-1, 1))
        np.testing.assert_allclose((after - before) / (2 * h), slope, rtol=0, atol=1e-6)


def test_the_kernel_is_the_sum_over_all_parameters():
    flow, (x1, x2) = point(), (np.array([0.4, 1.1]), np.array([-0.7, 0.2]))
    for t in (0.0, 0.3, 2.0):
        u, W = flow.u(t), flow.W(t)
        kernel = RATES["gamma"] ** 2 * (
            RATES["eta_u"] * (W @ x1) @ (W @ x2) + RATES["eta_w"] * (x1 @ x2) * (u @ u)
        )
        close(flow.tangent_kernel(t, x1, x2), kernel)
        # The residual falls at twice the kernel of the data point.
        h = 1e-5
        slope = (flow.residual(t + 2 * h) - flow.residual(t)) / (2 * h)
        expected = -2 * flow.tangent_kernel(t + h, X, X) * flow.residual(t + h)
        close(slope, expected, rtol=1e-7)


def test_the_slope_of_the_alignment_is_its_difference_quotient():
    flow = point()
    for t in (0.1, 0.5):
        before, after = flow.alignment(t - 1e-5), flow.alignment(t + 1e-5)
        change = flow.alpha(t + 1e-5) - flow.alpha(t - 1e-5)
        close(flow.alignment_slope(t), (after - before) / change, rtol=1e-7)


def test_the_population_loss_is_the_mean_over_the_population():
    flow, generator = point(), np.random.default_rng(0)
    a, targets = generator.standard_normal(50), generator.standard_normal(50)
    e = X / np.linalg.norm(X)
    moments = np.mean(a * a), np.mean(a * targets), np.mean(targets**2)
    for t in (0.0, 0.3, 2.0):
        outputs = RATES["gamma"] * a * (flow.u(t) @ (flow.W(t) @ e))
        close(flow.population_loss(t, *moments), np.mean((outputs - targets) ** 2))


@pytest.mark.parametrize(
    ("moments", "field"),
    [((0.0, 0.0, 1.0), "second_moment"), ((1.0, 2.0, 3.9), "target_moment")],
)
def test_moments_of_no_population_are_refused(moments, field):
    with pytest.raises(InputError) as caught:
        point().population_loss(0.0, *moments)
    assert caught.value.field == field


# --- infinity, inverse -----------------------------------------------------------------------------


@pytest.mark.parametrize("flow", [point(), data_set(), point(y=-Y)], ids=["point", "set", "-y"])
def test_infinity_is_where_late_times_are(flow):
    late = 40 * flow.t_c  # exp(−160) from the end
    for name in ("alpha", "output", "alignment", "norm_u", "norm_W", "u", "W"):
        close(getattr(flow, name)(np.inf), getattr(flow, name)(late))
    assert abs(flow.loss(np.inf) - flow.loss(late)) <= ACCURACY * flow.point.floor + 1e-130
    assert flow.residual(np.inf) == 0
    assert flow.output(np.inf) == float(flow.point.target)
    mixed = flow.loss([0.1, np.inf, 0.2])
    assert list(mixed) == [flow.loss(0.1), flow.loss(np.inf), flow.loss(0.2)]


def test_the_loss_of_a_set_ends_at_least_squares():
    _, (rest,), _, _ = np.linalg.lstsq((LINE @ X)[:, None], TARGETS, rcond=None)
    close(data_set().loss(np.inf), rest / 4)


def test_the_residual_falls_at_the_time_scale():
    flow = point()
    first, second = flow.residual(10 * flow.t_c), flow.residual(13 * flow.t_c)
    close(np.log(first / second), 12.0)


@pytest.mark.parametrize("flow", [point(), data_set(), point(y=-Y)], ids=["point", "set", "-y"])
def test_the_time_to_a_loss_is_the_inverse_of_the_loss(flow):
    times = flow.t_c * np.array([0.05, 0.3, 1.0, 3.0])
    # Where a set's loss has come near its floor, the loss says little of the time.
    times = times if flow.point.floor == 0 else times[:3]
    close(flow.time_to_loss(flow.loss(times)), times, rtol=1e-11)
    end, start = flow.loss(np.inf), flow.loss(0)
    goals = end + (start - end) * np.array([0.9, 0.5, 0.01])
    close(flow.loss(flow.time_to_loss(goals)), goals)


def test_losses_that_are_never_met():
    flow = data_set()
    start, end = flow.loss(0), flow.loss(np.inf)
    assert flow.time_to_loss(start) == 0
    assert np.isnan(flow.time_to_loss(start * 1.01))
    assert flow.time_to_loss(end) == np.inf
    assert flow.time_to_loss(end * 0.99) == np.inf
    assert flow.time_to_loss(-1.0) == np.inf
    together = flow.time_to_loss([start, 2 * start, end])
    np.testing.assert_array_equal(together, [0, np.nan, np.inf])


def test_what_does_not_move_has_no_time_scale():
    still = point(gamma=0.0)
    assert still.t_c == np.inf
    np.testing.assert_array_equal(still.u([0, 7, np.inf]), [U0] * 3)
    np.testing.assert_array_equal(still.W([0, 7, np.inf]), [W0] * 3)
    np.testing.assert_array_equal(still.loss([0, 7, np.inf]), [Y**2] * 3)
    origin = point(x=np.zeros(2))
    np.testing.assert_array_equal(origin.W([0, 7, np.inf]), [W0] * 3)
    np.testing.assert_array_equal(origin.output([0, 7, np.inf]), [0] * 3)
    close(origin.norm_u(7), np.linalg.norm(U0))
    close(origin.norm_W(7), np.linalg.norm(W0))


def test_the_saddle_is_the_end_of_antiparallel_layers():
    e = np.array([0.0, 1.0])
    flow = GradientFlow(U0, -np.outer(U0, e), 1.5 * e, 0.7)
    np.testing.assert_array_equal(flow.u(np.inf), np.zeros(3))
    np.testing.assert_array_equal(flow.W(np.inf), np.zeros((3, 2)))
    assert np.isnan(flow.alignment(np.inf))
    assert (flow.output(np.inf), flow.residual(np.inf)) == (0, -0.7)
    assert flow.alignment(3.0) == -1


DYING = {
    "width 1": ([1.0], [[1.0]], [1.0], -1.0),
    "two": ([1.0, 2.0], [[1.0], [2.0]], [1.0], -1.0),
    "antiparallel": ([1.0, -2.0], [[0.0, -1.0], [0.0, 2.0]], [0.0, 3.0], 0.5),
}


@pytest.mark.parametrize("name", DYING)
def test_what_dies_keeps_its_alignment(name):
    flow = GradientFlow(*DYING[name])
    times = 10.0 ** np.arange(-30, 300, 3.7)
    np.testing.assert_array_equal(np.abs(flow.alignment(times)), np.ones(times.size))
    assert np.isnan(flow.alignment(np.inf))


@pytest.mark.parametrize("name", DYING)
def test_what_dies_has_moved_by_what_its_speed_says(name):
    # Early a layer moves at the speed of its gradient, to the second order in time.
    flow = GradientFlow(*DYING[name])
    u, W, x, y = (np.asarray(z) for z in DYING[name])
    pull = 2 * abs(u @ (W @ x) - y)
    for t in 10.0 ** np.arange(-300, -16, 7.3):
        close(flow.distance_u(t), pull * np.linalg.norm(W @ x) * t, rtol=1e-13)
        close(flow.distance_W(t), pull * np.linalg.norm(x) * np.linalg.norm(u) * t, rtol=1e-13)
    close(flow.distance_u(np.inf), np.linalg.norm(u))
    close(flow.distance_W(np.inf), np.linalg.norm(W))


def test_weights_that_start_at_zero_are_what_they_have_moved():
    # W₀₁ = 0 at first, and W′ = −η ∂L/∂W: 2·(1·1 + 2·3.5 + 1) · u₀ x₁ below zero.
    flow = GradientFlow([1.0, 2.0], [[1.0, 0.0], [2.5, 1.0]], [1.0, 1.0], -1.0)
    for t in 10.0 ** np.arange(-300, -16, 7.3):
        close(flow.W(t)[0, 1], -18 * t, rtol=1e-13)


def test_the_issue_at_t_of_1e_minus_10():
    flow = GradientFlow([1.0, 2.0], [[1.0], [2.0]], [1.0], -1.0)
    # 2 (f(0) − y) ‖W‖ t (1 − …): 26.83281573 … in forty digits of the Taylor series.
    ((u, _),) = integrate(
        ["1", "2"], [["1"], ["2"]], [["1"]], ["-1"], gamma="1", eta_u="1", eta_w="1",
        times=["1e-10"], digits=40,
    )  # fmt: skip
    with mp.workdps(50):
        moved = float(mpmath.sqrt(sum((a - b) ** 2 for a, b in zip(u, (1, 2), strict=True))))
    close(flow.distance_u(float("1e-10")), moved, rtol=1e-14)


# --- size ------------------------------------------------------------------------------------------


def test_a_million_neurons_are_copies_of_two():
    # k copies with γ/k and k η have the trajectory of one: f and every gradient are the same.
    copies, u, W = 500_000, U0[:2], W0[:2]
    small = point(u0=u, W0=W)
    large = point(
        u0=np.tile(u, copies), W0=np.tile(W, (copies, 1)), gamma=RATES["gamma"] / copies,
        eta_u=RATES["eta_u"] * copies, eta_w=RATES["eta_w"] * copies,
    )  # fmt: skip
    times = np.array([0.0, 0.3, 2.0, np.inf])
    for name in ("output", "loss", "alignment", "alpha"):
        close(getattr(large, name)(times), getattr(small, name)(times))
    close(large.residual(times[:3]), small.residual(times[:3]))
    close(large.norm_u(times), np.sqrt(copies) * small.norm_u(times))
    close(large.norm_W(times), np.sqrt(copies) * small.norm_W(times))
    close(large.t_c, small.t_c)
    close(large.u(0.3).reshape(copies, 2), np.broadcast_to(small.u(0.3), (copies, 2)))
    late = large.W(2.0).reshape(copies, 2, 2)
    close(late, np.broadcast_to(small.W(2.0), (copies, 2, 2)))


def test_many_inputs():
    # Along a unit vector e of 20 000 entries, W = ω eᵀ + what is across it.
    generator = np.random.default_rng(4)
    e = generator.standard_normal(20_000)
    e /= np.linalg.norm(e)
    omega, u = np.array([0.5, -0.2, 0.8]), U0
    wide = GradientFlow(u, np.outer(omega, e), 1.5 * e, Y, **RATES)
    narrow = GradientFlow(u, omega[:, None], [1.5], Y, **RATES)
    times = [0.0, 0.4, 1.0]
    for name in ("output", "residual", "alignment", "norm_u", "norm_W"):
        close(getattr(wide, name)(times), getattr(narrow, name)(times))
    close(wide.W(0.4), narrow.W(0.4) * e)


def test_a_hundred_thousand_rows_are_their_effective_point():
    generator = np.random.default_rng(2)
    a = generator.standard_normal(100_000)
    targets = 2 * a + 0.1 * generator.standard_normal(a.size)
    e = np.array([0.6, -0.8])
    flow = GradientFlow(U0, W0, np.outer(a, e), targets, **RATES)
    rho = np.sqrt(np.mean(a * a))
    y = np.mean(a * targets) / rho
    one = GradientFlow(U0, W0, rho * e, y, **RATES)
    times = [0.0, 0.3, 2.0]
    for name in ("output", "residual", "alignment", "norm_u", "norm_W", "alpha"):
        close(getattr(flow, name)(times), getattr(one, name)(times))
    close(flow.W(0.3), one.W(0.3))
    floor = np.mean((targets - y / rho * a) ** 2)
    close(flow.loss(times), one.loss(times) + floor)


def test_arguments_are_not_changed():
    u0, W, rows, targets = U0.copy(), W0.copy(), LINE.copy(), TARGETS.copy()
    flow = GradientFlow(u0, W, rows, targets, **RATES)
    flow.W([0.1, 1.0])
    for now, before in ((u0, U0), (W, W0), (rows, LINE), (targets, TARGETS)):
        np.testing.assert_array_equal(now, before)


# --- whose arrays they are -------------------------------------------------------------------------

AT_TIMES = [
    "alpha",
    "output",
    "residual",
    "loss",
    "overlap",
    "alignment",
    "alignment_slope",
    "norm_u",
    "norm_omega",
    "norm_W",
    "kernel",
    "kernel_change",
    "distance_u",
    "distance_W",
    "u",
    "W",
]
AT_REST = {"y": float(RATES["gamma"] * U0 @ (W0 @ X))}
OWNERS = {
    "point": {}, "set": {"x": LINE, "y": TARGETS}, "at rest": AT_REST, "gamma = 0": {"gamma": 0.0},
    "x = 0": {"x": np.zeros(2)}, "set at the origin": {"x": 0 * LINE, "y": TARGETS},
    "saddle": {"W0": -np.outer(U0, [0.0, 1.0]), "x": np.array([0.0, 1.5]), "eta_u": 1.0, "eta_w": 1.0},
}  # fmt: skip


def answers(flow, times):
    """Every array that a flow hands out."""
    found = {name: getattr(flow, name)(times) for name in AT_TIMES}
    found |= {f"state.{name}": z for name, z in flow.state(times)._asdict().items()}
    found["tangent_kernel"] = flow.tangent_kernel(times, X, LINE[1])
    found["population_loss"] = flow.population_loss(times, 1.0, 0.3, 2.0)
    found["time_to_loss"] = flow.time_to_loss(np.full(np.shape(times), 0.5 * flow.loss(0.0)))
    return found


@pytest.mark.parametrize("kind", OWNERS)
def test_a_flow_owns_what_it_keeps(kind):
    given = {"u0": U0, "W0": W0, "x": X, "y": Y, **OWNERS[kind]}
    mine = {
        k: torch.tensor(z) if k in ("u0", "W0") else np.array(z, dtype=np.longdouble)
        for k, z in given.items()
        if np.ndim(z)
    }
    handed = {k: z.numpy() if isinstance(z, torch.Tensor) else z for k, z in mine.items()}
    flow = point(**{**given, **handed})
    times = np.array([0.0, 0.3, 2.0, np.inf])
    before = answers(flow, times)
    for array in mine.values():  # as an optimiser does, in place
        array *= 2
        array += 1
    for name, now in answers(flow, times).items():
        np.testing.assert_array_equal(now, before[name], err_msg=name)
    np.testing.assert_array_equal(flow.u(0), given["u0"])
    np.testing.assert_array_equal(flow.W(0), given["W0"])


@pytest.mark.parametrize("times", [0.0, [0.0], [[0.0, 0.3], [2.0, np.inf]]], ids=str)
@pytest.mark.parametrize("kind", OWNERS)
def test_what_is_handed_out_is_the_callers(kind, times):
    flow = point(**OWNERS[kind])
    kept = {name: np.copy(z) for name, z in answers(flow, times).items()}
    for name, array in answers(flow, times).items():
        if isinstance(array, np.ndarray):  # numbers cannot be changed
            assert array.flags.writeable, name
            array[...] = -7.0
    for name, now in answers(flow, times).items():
        np.testing.assert_array_equal(now, kept[name], err_msg=name)


def test_what_is_kept_cannot_be_changed():
    flow = point()
    for array in (flow.u0, flow.W0, flow.point.direction, data_set().point.direction):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 1.0
    np.testing.assert_array_equal(flow.u0, U0)


@pytest.mark.slow
def test_threads_share_a_flow():
    flow, times = data_set(), np.linspace(0, 3, 200)
    alone = answers(flow, times)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: answers(flow, times), range(32)):
            for name, now in found.items():
                np.testing.assert_array_equal(now, alone[name], err_msg=name)


@pytest.mark.parametrize("apart", [60, 80, 85, 100, 150])
@pytest.mark.parametrize("is_second", [False, True])
def test_layers_far_apart_keep_all_digits(apart, is_second):
    """Their product is of ordinary size, and so is the loss, though units of both are far from it."""
    small, large = np.array([1.0, 2.0]) * 10.0**-apart, np.array([[1.0], [3.0]]) * 10.0**apart
    u, W = (large[:, 0], small[:, None]) if is_second else (small, large)
    flow = GradientFlow(u, W, [1.0], 0.0)
    expected = float(u @ W[:, 0])
    close(flow.output(0.0), expected, rtol=1e-14)
    close(flow.loss(0.0), expected**2, rtol=1e-14)
    np.testing.assert_array_equal(flow.u(0.0), u)
    np.testing.assert_array_equal(flow.W(0.0), W)
    close(flow.norm_u(0.0), np.hypot(*u), rtol=1e-14)
    assert flow.loss(1.0) == 0


def test_a_layer_of_zeros_beside_a_large_one_learns():
    flow = GradientFlow([0.0, 0.0], [[1e100], [3e100]], [1.0], 1.0)
    assert flow.loss(0.0) == 1.0
    close(flow.u(1.0), [1e-101, 3e-101])  # u = W y/‖W‖²
    close(flow.norm_u(1.0), np.sqrt(10.0) * 1e-101)
    close(flow.alignment(1.0), 1.0)


@pytest.mark.parametrize("t", [1e300, 1e304, 1.7e308])
@pytest.mark.parametrize("size", [1e-10, 1e-3, 1.0])
def test_the_latest_times_are_infinity(t, size):
    for rate in (1.0, 1e5):
        rates = {"eta_u": rate, "eta_w": rate}
        flow = GradientFlow([size, 2 * size], [[size], [3 * size]], [1.0], 2.0, **rates)
        for name in ("loss", "output", "u", "W", "norm_u", "distance_W", "alignment"):
            close(getattr(flow, name)(t), getattr(flow, name)(np.inf), rtol=1e-15)


def test_a_target_far_below_the_start_is_reached():
    flow = GradientFlow([1e100, 2e100], [[1e100], [-3e100]], [1e60], 0.4, gamma=1e39)
    assert flow.output(np.inf) == 0.4
    assert flow.output(1.0) == 0.4
    assert flow.residual(1.0) == 0
