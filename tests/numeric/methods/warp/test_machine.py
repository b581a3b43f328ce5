"""Warped flows in machine code: what panels answer, what is true, or handed over."""

from __future__ import annotations

import copy
import math
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from scipy.integrate import solve_ivp

from numeric import GradientFlow, compiled
from numeric.errors import InputError
from numeric.methods.warp import machine
from numeric.methods.warp.floats import WarpedFlow

if not compiled.is_available():
    pytest.skip("nothing is compiled here; panels answer", allow_module_level=True)

from numeric.compiled.cache import typed
from numeric.compiled.series import SERIES
from numeric.compiled.taylor import calling, layout

SMOOTH = (
    "cubic", "erf", "exponential", "gelu", "power4", "power5", "quadratic", "sine", "softplus", "swish",
    "tanh",
)  # fmt: skip
EVERY = (*SMOOTH, "leaky_relu", "relu")
SCALARS = ("residual", "loss", "output", "norm_u", "norm_W", "distance_u", "distance_W", "kernel")
ROUNDED = 2e-13  # of what is asked, times by how much a time is felt


def drawn(network, seed, spread=1.0):
    """A start of random width and scales, and its rates."""
    draw = np.random.default_rng(seed)
    width, inputs = int(draw.integers(1, 12)), int(draw.integers(1, 4))

    def size(decades=spread):
        return 10 ** draw.uniform(-decades, decades)

    u, W = size() * draw.standard_normal(width), size() * draw.standard_normal((width, inputs))
    x, y = draw.standard_normal(inputs), size() * draw.choice([-1.0, 1.0])
    rates = {name: size(1.0) for name in ("gamma", "eta_u", "eta_w")}
    return (u, W, x, y), {"network": network, **rates}


def is_fast(flow):
    return isinstance(flow, WarpedFlow) and flow._machine is not None


def felt(flow, times):
    """By how much an error of a time is felt by the residual, at least 1."""
    finite = np.isfinite(times)
    rate = 2 * flow.kernel(np.where(finite, times, 0.0))
    return 1 + np.where(finite, rate * np.where(finite, times, 0.0), 0.0)


@pytest.mark.parametrize("network", EVERY)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), spread=st.sampled_from([0.5, 1.0, 2.0]))
def test_answers_are_those_of_panels(network, seed, spread):
    arguments, rates = drawn(network, seed, spread)
    try:
        fast = GradientFlow(*arguments, **rates)
    except InputError:
        return
    if not is_fast(fast):
        return
    slow = fast._on_panels()
    assert slow._machine is None
    times = np.concatenate([[0.0], fast.t_c * np.geomspace(1e-9, 1e9, 19), [np.inf]])
    assert (fast.limit_kind, fast.target) == (slow.limit_kind, slow.target)
    assert fast.t_c == pytest.approx(slow.t_c, rel=1e-13)
    room = ROUNDED * felt(slow, times)
    for name in ("residual", "loss", "norm_u", "norm_W", "kernel"):
        found, expected = getattr(fast, name)(times), getattr(slow, name)(times)
        # Weights have digits of the largest size that they have had.
        size = np.maximum.accumulate(expected) if name.startswith("norm") else np.abs(expected)
        right = np.abs(found - expected) <= room * size + 1e-300
        assert right.all(), (name, times[~right], found[~right], expected[~right])
    found, expected = fast.output(times), slow.output(times)
    assert np.all(np.abs(found - expected) <= room * (np.abs(found) + abs(fast.target)))


@pytest.mark.parametrize("network", EVERY)
def test_most_ordinary_starts_are_plain(network):
    found = []
    for seed in range(40):
        arguments, rates = drawn(network, seed, 0.3)
        flow = GradientFlow(*arguments, **rates)
        found.append(is_fast(flow) or flow.limit_kind != "target")
    assert np.mean(found) > 0.7


# --- what is true, by hand ---------------------------------------------------------------------------

POTENTIALS = {
    "tanh": (mp.tanh, lambda h: mp.sinh(h) ** 2 / 2),
    "exponential": (mp.exp, lambda h: h),
    "cubic": (lambda h: h**3, lambda h: h**2 / 6),
    "sine": (mp.sin, lambda h: -mp.log(mp.cos(h))),
}  # σ and ∫σ/σ′


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("network", POTENTIALS)
def test_one_neuron_ends_where_its_law_meets_the_target(network, seed):
    """Its end, K there, and the time between two residuals by an integral over the output."""
    sigma, potential = POTENTIALS[network]
    draw = np.random.default_rng(seed)
    u0, w0, y = draw.uniform(0.3, 1.2), draw.uniform(0.2, 0.7), draw.uniform(1.5, 3.0)
    eta_u, eta_w = 10 ** draw.uniform(-1, 1, 2)
    flow = GradientFlow([u0], [[w0]], [1.0], y, network=network, eta_u=eta_u, eta_w=eta_w)
    if network == "sine":  # beyond h = π/2 the law says nothing
        y = float(0.9 * np.sin(1.5) * u0)
        flow = GradientFlow([u0], [[w0]], [1.0], y, network=network, eta_u=eta_u, eta_w=eta_w)
    assert is_fast(flow)
    with mp.workdps(30):
        ratio = 2 * mpf(eta_u) / mpf(eta_w)
        law = mpf(u0) ** 2 - ratio * potential(mpf(w0))

        def u_at(h):
            return mp.sqrt(law + ratio * potential(h))

        def kernel(h):
            return eta_u * sigma(h) ** 2 + eta_w * (u_at(h) * mp.diff(sigma, h)) ** 2

        def rate(h):  # dt/dh
            return 1 / (2 * (y - u_at(h) * sigma(h)) * mpf(eta_w) * u_at(h) * mp.diff(sigma, h))

        end = float(flow.neurons(np.array([np.inf]))[1][0, 0])
        h = mp.findroot(lambda h: u_at(h) * sigma(h) - mpf(y), mpf(end))
        assert end == pytest.approx(float(h), rel=1e-15)
        assert flow.t_c == pytest.approx(float(4 / (2 * kernel(h))), rel=2e-14)
        for part in (1e-3, 0.5, 0.99):
            there = mpf(w0) + part * (h - mpf(w0))
            t = mp.quad(rate, mp.linspace(mpf(w0), there, 9))
            found = flow.residual(float(t))
            exact = float(u_at(there) * sigma(there) - mpf(y))
            felt_by = 1 + 2 * float(kernel(there) * t)
            assert found == pytest.approx(exact, rel=1e-14 * felt_by, abs=0)
            moved = float(there - mpf(w0))
            assert flow.distance_W(float(t)) == pytest.approx(moved, rel=1e-13 * felt_by, abs=0)
            left = float((mpf(exact)) ** 2)
            assert flow.time_to_loss(left) == pytest.approx(float(t), rel=1e-11 / part)


def test_late_times_and_the_smallest_residuals_keep_their_digits():
    flow = GradientFlow([0.7, -0.4], [[0.6], [0.5]], [1.0], 1.0, network="tanh")
    assert is_fast(flow)
    rate = 4 / flow.t_c
    late = flow.t_c * np.array([10.0, 30.0, 60.0, 120.0])
    sizes = np.abs(flow.residual(late))
    falls = np.log(sizes[:-1] / sizes[1:])
    np.testing.assert_allclose(falls, rate * np.diff(late), rtol=1e-13)
    assert 0 < sizes[-1] < 1e-200
    assert flow.residual(np.inf) == 0


# --- the ends of time ----------------------------------------------------------------------------------


@pytest.mark.parametrize("network", EVERY)
def test_at_zero_there_is_the_start_and_at_infinity_the_end(network):
    arguments, rates = drawn(network, 3, 0.3)
    flow = GradientFlow(*arguments, **rates)
    u, W, _, y = arguments
    np.testing.assert_array_equal(flow.u(0.0), u)
    np.testing.assert_array_equal(flow.W([0.0, 0.0])[1], W)
    assert flow.distance_u(0.0) == flow.distance_W(0.0) == flow.warped_time(0.0) == 0
    if is_fast(flow):
        assert flow.residual(np.inf) == flow.loss(np.inf) == 0
        assert flow.output(np.inf) == y
        far = flow.t_c * 1e6
        np.testing.assert_array_equal(flow.u(np.inf), flow.u(far))
        assert flow.time_to_loss([flow.loss(0.0), 0.0, 2 * flow.loss(0.0)])[0] == 0
        assert np.isinf(flow.time_to_loss(-1.0))


@pytest.mark.parametrize("network", ["cubic", "tanh", "gelu"])
def test_times_in_any_order_are_times_one_by_one(network):
    """Eight of a piece are inverted together: not one may take what its neighbour is."""
    arguments, rates = next(
        z
        for z in (drawn(network, seed) for seed in range(99))
        if is_fast(GradientFlow(*z[0], **z[1]))
    )
    flow = GradientFlow(*arguments, **rates)
    times = np.concatenate(
        [[0.0, np.inf, 5e-324, 1e300, 0.0], np.geomspace(1e-9, 50, 90) * flow.t_c]
    )
    np.random.default_rng(1).shuffle(times)
    places, lost = flow._machine.located(times)
    alone = [flow._machine.located(float(t))[0] for t in times]
    assert lost == 0
    np.testing.assert_array_equal(places, np.transpose(alone))
    some = np.concatenate([times[:13], [-1.0], times[13:30], [np.nan, -np.inf]])
    found, lost = flow._machine.loss(some)
    assert lost == 3
    np.testing.assert_array_equal(np.isnan(found), ~(some >= 0))
    with pytest.raises(InputError, match="t: found -1"):
        flow.loss(some)


def test_times_in_an_array_are_times_one_by_one():
    arguments, rates = drawn("tanh", 3, 0.3)
    flow = GradientFlow(*arguments, **rates)
    times = flow.t_c * np.array([[0.0, 1e-7, 3.0], [0.1, 2.0, np.inf]])
    for name in ("residual", "loss", "output", "warped_time", "norm_u"):
        together = getattr(flow, name)(times)
        for index in np.ndindex(times.shape):
            assert together[index] == getattr(flow, name)(float(times[index]))
    back = flow.loss(times[::-1, ::-1])
    np.testing.assert_array_equal(back[::-1, ::-1], flow.loss(times))
    frozen = times.copy()
    frozen.setflags(write=False)
    np.testing.assert_array_equal(flow.loss(frozen), flow.loss(times))
    assert flow.loss([]).shape == (0,)
    for wrong in (-1.0, np.nan):
        for name in ("residual", "loss", "output", "u", "warped_time"):
            with pytest.raises(InputError):
                getattr(flow, name)([1.0, wrong])


# --- what is handed over ----------------------------------------------------------------------------

PLAIN = ([0.7, -0.4], [[0.6], [0.5]], [1.0], 1.0)
HANDED_OVER = {
    "another loss": (PLAIN, {"loss": "logistic"}),
    "at the target": (([1.0], [[0.0]], [1.0], 0.0), {}),
    "next to the target": (([1.0, -1.0], [[0.5], [0.5]], [1.0], 1e-9), {}),
    "no input": (([1.0], [[0.5]], [0.0], 1.0), {}),
    "no output scale": (PLAIN, {"gamma": 0.0}),
    "nothing moves": (([0.0], [[0.0]], [1.0], 1.0), {}),
    "tiny": (([1e-60], [[1e-60]], [1.0], 1.0), {}),
    "subnormal": (([1.0, 1e-310], [[0.5], [0.3]], [1.0], 1.0), {}),
    "a huge target": (([0.1], [[0.1]], [1.0], 1e160), {}),
    "an oscillating activation": (([0.1], [[3e3]], [1.0], 1.0), {"network": "sine"}),
    "a saddle": (([0.5], [[0.5]], [1.0], -1.0), {"network": "cubic"}),
    "close to the saddle": (([0.5], [[-0.8660254 / 0.5 * 0.5 * 1.0]], [1.0], 1.0), {"network": "cubic"}),
    "an even activation that dies": (([0.5], [[0.5]], [1.0], -1.0), {"network": "quadratic"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HANDED_OVER)
def test_what_is_not_plain_is_answered_as_without_machine_code(name, monkeypatch):
    arguments, options = HANDED_OVER[name]
    options = {"network": "tanh", **options}

    def answers():
        try:
            flow = GradientFlow(*arguments, **options, method="warp")
        except InputError as refused:
            return str(refused)
        assert flow._machine is None
        times = np.array([0.0, 0.3, 2.0, np.inf])
        return flow.limit_kind, flow.loss(times).tobytes(), flow.u(times).tobytes()

    found = answers()
    monkeypatch.setattr(machine, "_series", lambda module: None)
    assert answers() == found


def test_construction_refuses_what_panels_refuse():
    for arguments in (([1e200], [[1e200]], [1.0], 1.0), ([1.0], [[1.0]], [1e-170], 1.0)):
        with pytest.raises(InputError):
            GradientFlow(*arguments, network="cubic")


# --- what vouches -------------------------------------------------------------------------------------


def broken(how):
    """The series of tanh, wrong in one way."""
    right = machine._series(GradientFlow(*PLAIN, network="tanh").network.module).series
    column, coefficient, factor = how

    @typed(SERIES)
    def series(u, h, side, given, pace, order, U, H, F, work):
        before = F.copy()
        right(u, h, side, given, pace, order, U, H, F, work)
        if order >= coefficient:
            if column == 0:
                U[coefficient] *= factor
            elif column == 1:
                H[coefficient] *= factor
            else:
                F[coefficient] = before[coefficient] + factor * (
                    F[coefficient] - before[coefficient]
                )

    return calling.address(series)


@pytest.mark.parametrize(
    "how",
    [(0, 1, 1 + 1e-9), (1, 1, 1 + 1e-9), (2, 0, 1 + 1e-9), (2, 1, 1 + 1e-9), (0, 4, 1.001), (1, 4, 1.001),
     (2, 3, 1.001), (0, 2, -1.0), (2, 2, -1.0), (1, 3, 0.0)],
)  # fmt: skip
def test_a_wrong_coefficient_is_noticed(how, monkeypatch):
    arguments = ([0.9, -0.3], [[0.4], [1.0]], [1.0], 2.5)
    assert is_fast(GradientFlow(*arguments, network="tanh"))
    address = broken(how)
    right = machine._addresses(machine._series(GradientFlow(*PLAIN, network="tanh").network.module))
    monkeypatch.setattr(machine, "_addresses", lambda _: np.array([address, *right[1:]]))
    assert not is_fast(GradientFlow(*arguments, network="tanh"))


@pytest.mark.parametrize(("place", "network"), [(1, "erf"), (2, "erf"), (3, "sine")])
def test_another_network_s_output_kernel_or_law_is_noticed(place, network, monkeypatch):
    flow = GradientFlow(*PLAIN, network="tanh")
    right = machine._addresses(machine._series(flow.network.module))
    other = machine._addresses(
        machine._series(GradientFlow(*PLAIN, network=network).network.module)
    )
    mixed = right.copy()
    mixed[place] = other[place]
    assert is_fast(flow)
    assert mixed[place] != right[place]
    monkeypatch.setattr(machine, "_addresses", lambda _: mixed)
    assert not is_fast(GradientFlow(*PLAIN, network="tanh"))


def test_an_answer_that_nothing_vouches_for_is_asked_of_panels():
    flow = GradientFlow(*PLAIN, network="tanh")
    begun = flow._machine._pieces[: int(flow._machine._known[layout.PIECES]), layout.BEGUN]
    late = flow._machine._known[layout.LATE]
    times = np.append(begun, late) / flow._machine._known[layout.RATE] * 0.9
    right = flow.loss(times), flow.residual(times), flow.output(times), flow.u(times)
    flow._machine._pieces[: len(begun), layout.OF_PIECE] *= 1.5  # R on the clock's pieces
    assert flow._machine.loss(times)[1] > 0
    found = flow.loss(times), flow.residual(times), flow.output(times), flow.u(times)
    for one, other in zip(found, right, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


# --- copies, threads, no compiler ---------------------------------------------------------------------


def test_copies_answer_as_the_flow_itself():
    flow = GradientFlow(*PLAIN, network="tanh")
    times = np.linspace(0.0, 9.0, 7)
    for other in (pickle.loads(pickle.dumps(flow)), copy.copy(flow), copy.deepcopy(flow)):
        assert is_fast(other)
        np.testing.assert_array_equal(other.loss(times), flow.loss(times))
        np.testing.assert_array_equal(other.W(times), flow.W(times))
        assert other.coordinate(1.0) == flow.coordinate(1.0)


def test_threads_see_panels_whole():
    flow = GradientFlow(*PLAIN, network="tanh")
    expected = GradientFlow(*PLAIN, network="tanh").coordinate(0.7)
    gate, found = threading.Barrier(8), []

    def ask():
        gate.wait()
        found.append((flow.coordinate(0.7), float(flow.loss(0.7)), float(flow.norm_W(0.7))))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert found[0][0] == expected


def test_without_a_compiler_panels_answer():
    program = (
        "from numeric import GradientFlow; f = GradientFlow([0.7, -0.4], [[0.6], [0.5]], [1.0], 1.0, "
        "network='tanh'); print(f._machine, repr(float(f.loss(0.7))))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "EXACTFLOW_COMPILED": "0"},
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert found[0] == "None"
    assert float(found[1]) == pytest.approx(
        float(GradientFlow(*PLAIN, network="tanh").loss(0.7)), rel=1e-14
    )


SMALL_BESIDE_LARGE = {
    "quadratic": ([30.0, 0.1], [[1e-15], [0.1]], 10.0),
    "quadratic, tinier": ([1e4, 0.1], [[1e-30], [0.1]], 10.0),
    "erf": ([1.0], [[0.2]], 1e10),
}


SIGMA = {
    "quadratic": (lambda z: z * z, lambda z: 2 * z),
    "erf": (math.erf, lambda z: 2 / math.sqrt(math.pi) * math.exp(-z * z)),
}
TIGHT = 3e-14  # of DOP853
TOLD = 1e-11  # its errors, of what grows by 30 powers of e


@pytest.mark.parametrize("case", SMALL_BESIDE_LARGE)
def test_a_tiny_coordinate_beside_a_large_one_keeps_its_digits(case):
    """It may grow exponentially: what is cut off it is felt then. Against the neurons' own equations."""
    u, W, y = SMALL_BESIDE_LARGE[case]
    network = case.partition(",")[0]
    sigma, slope = SIGMA[network]
    flow = GradientFlow(u, W, [1.0], y, network=network)
    assert flow._machine is not None
    t = flow.t_c * np.array([0.05, 0.3, 1.0, np.inf])
    s, outputs = flow.warped_time(t), np.zeros(t.size)
    for k, (u_0, (h_0,)) in enumerate(zip(u, W, strict=True)):
        way = solve_ivp(
            lambda _, z: [sigma(z[1]), z[0] * slope(z[1])], (0, s[-1]), [u_0, h_0],
            method="DOP853", rtol=TIGHT, atol=0, t_eval=s,
        ).y  # fmt: skip
        np.testing.assert_allclose(flow.u(t)[:, k], way[0], rtol=TOLD)
        np.testing.assert_allclose(flow.W(t)[:, k, 0], way[1], rtol=TOLD)
        outputs += [a * sigma(b) for a, b in zip(*way, strict=True)]
    np.testing.assert_allclose(flow.output(t), outputs, rtol=TOLD)
    assert outputs[-1] == pytest.approx(y, rel=TOLD)
