"""Networks with a bend in machine code: against hyperbolic functions and integrals in mpmath."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp, mpf

from numeric import GradientFlow, compiled
from numeric.methods.warp import machine
from numeric.methods.warp.floats import WarpedFlow
from verify.oracle.rays import Ray

if not compiled.is_available():
    pytest.skip("nothing is compiled here; panels answer", allow_module_level=True)

from numeric.compiled.cache import typed
from numeric.compiled.series import SERIES
from numeric.compiled.taylor import calling, heap, layout, zeros

SLOPES = {"relu": mpf(0), "leaky_relu": mpf(1) / 100}
ROUNDED = 2e-14  # of what is asked, times by how much a time is felt
DIGITS = 34
PLACES = "1e-6", "0.01", "0.3", "0.7", "0.99", "0.999999"  # of the way


def made(network, u, h, y, **rates):
    """A flow of neurons with one input, and the same in mpmath."""
    flow = GradientFlow(u, np.array(h)[:, None], [1.0], y, network=network, **rates)
    return flow, Ray(u, h, y, SLOPES[network], **rates)


def is_fast(flow):
    return isinstance(flow, WarpedFlow) and flow._machine is not None


def met(flow):
    """How many neurons meet the bend before the equilibrium."""
    return int(flow._machine._known[layout.MET])


def sizes(exact, x):
    """Exact weights of all neurons, and by what each kind is measured."""
    there = [exact.neuron(i, x) for i in range(len(exact.u))]
    return [
        ([z[k] for z in there], max(*(abs(z[k]) for z in there), *map(abs, begun)))
        for k, begun in enumerate((exact.u, exact.h))
    ]


def assert_agrees(flow, exact, places=PLACES):
    """Residual, weights, their changes, and times, along the way and where neurons meet the bend."""
    with mp.workdps(DIGITS):
        meetings = [x for x in exact.meetings if x < exact.end * (1 - mpf("1e-6"))]
        assert met(flow) == len(meetings)
        along = sorted([*(exact.end * mpf(part) for part in places), *meetings])
        for x, t in zip(along, exact.times(along), strict=True):
            time, left = float(t), exact.left(x)
            step = x * mpf(10) ** -12
            pull = (exact.left(x - step) - left) / step
            room = ROUNDED * (1 + float(2 * pull * t))
            assert abs(flow.residual(time)) == pytest.approx(float(left), rel=room, abs=0)
            assert abs(flow.warped_time(time)) == pytest.approx(float(x), rel=room, abs=0)
            found = flow.neurons(np.array([time]))
            kinds = sizes(exact, x), (exact.u, exact.h), found, ("distance_u", "distance_W")
            for (expected, size), begun, weights, name in zip(*kinds, strict=True):
                off = [abs(a - float(b)) for a, b in zip(weights[0], expected, strict=True)]
                assert max(off) <= room * float(size)
                moved = mp.norm([a - mpf(b) for a, b in zip(expected, begun, strict=True)])
                assert getattr(flow, name)(time) == pytest.approx(float(moved), rel=room, abs=0)
            back = flow.time_to_loss(float(left) ** 2)
            assert back == pytest.approx(time, rel=room / min(1.0, float(2 * pull * t)))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("network", SLOPES)
def test_small_networks_are_hyperbolic_functions(network, seed):
    draw = np.random.default_rng(seed)
    size = int(draw.integers(2, 6))
    scale = 10 ** draw.uniform(-1, 1, 2)
    rates = {name: float(10 ** draw.uniform(-1, 1)) for name in ("gamma", "eta_u", "eta_w")}
    for _ in range(100):  # one that meets the bend, and reaches its target
        u, h = scale[:, None] * draw.standard_normal((2, size))
        y = float(
            draw.choice([-1.0, 1.0]) * scale[0] * scale[1] * draw.uniform(0.5, 3) * rates["gamma"]
        )
        flow, exact = made(network, u, h, y, **rates)
        if is_fast(flow) and met(flow):
            break
    assert is_fast(flow)
    assert met(flow)
    assert_agrees(flow, exact)


DEGENERATE = {
    "on the bend, to the right": ([1.0, 0.5], [0.0, 0.4], 1.5, "leaky_relu", 0),
    "on the bend, to the left": ([-1.0, 0.5], [0.0, 0.4], 1.5, "leaky_relu", 0),
    "on the bend, dead": ([1.0, 0.5], [0.0, 0.4], 1.5, "relu", 0),
    "two at once": ([-1.0, -2.0, 1.0], [0.1, 0.2, 0.8], 2.0, "relu", 2),
    "two at once, leaky": ([-1.0, -2.0, 1.0], [0.1, 0.2, 0.8], 2.0, "leaky_relu", 2),
    "two almost at once": ([-1.0, -1.0, 1.0], [0.1, 0.1 + 1e-9, 0.8], 2.0, "relu", 2),
    "from the left": ([1.0, 0.7], [-0.001, 0.4], 1.5, "leaky_relu", 1),
    "one meets it, alone": ([-0.5], [0.3], 0.001, "leaky_relu", 1),
    "dead ones": ([1.0, -3.0, 0.5, -1.0], [-0.2, -1.0, 0.4, 0.05], 1.5, "relu", 1),
    "of unlike sizes": ([-1e-3, 1e3, 1.0], [1e-5, 1e-3, 1e-6], 5.0, "relu", 0),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_starts(name):
    u, h, y, network, number = DEGENERATE[name]
    flow, exact = made(network, u, h, y)
    assert is_fast(flow)
    assert met(flow) == number
    assert_agrees(flow, exact)


HANDED_OVER = {
    "all are dead": ([1.0, -1.0], [-0.3, -0.5], 1.0),
    "all die before the target": ([-1.0, -1.0], [0.3, 0.5], 1.0),
    "nothing moves": ([0.0], [0.0], 1.0),
}


@pytest.mark.parametrize("name", HANDED_OVER)
def test_what_never_reaches_its_target_is_handed_over(name):
    flow, _ = made("relu", *HANDED_OVER[name])
    assert not is_fast(flow)
    assert flow.limit_kind != "target"
    assert np.isfinite(flow.loss(np.array([0.0, 1.0, np.inf]))).all()


def test_a_bend_right_after_the_start_is_handed_over():
    """Times after it would lose digits."""
    assert not is_fast(made("relu", [-1.0, 1.0], [1e-12, 0.8], 2.0)[0])
    assert is_fast(made("relu", [-1.0, 1.0], [1e-3, 0.8], 2.0)[0])


def test_whether_it_meets_the_bend_at_the_equilibrium_is_not_told_in_machine_code():
    with mp.workdps(DIGITS):
        _, exact = made("relu", [-1.0, 1.0], [0.2, 0.8], 2.0)
        y = float(exact.output(exact.meetings[0]))
    flow, _ = made("relu", [-1.0, 1.0], [0.2, 0.8], y)
    assert not is_fast(flow)


@pytest.mark.parametrize("network", SLOPES)
def test_many_neurons(network):
    """Each by itself at the warped time of the flow; and the residual there."""
    draw = np.random.default_rng(5)
    u, h = draw.standard_normal((2, 300))
    flow, exact = made(network, u, h, 3.0, gamma=0.05)
    assert is_fast(flow)
    assert met(flow) > 3
    times = flow.t_c * np.array([0.0, 0.01, 0.1, 0.3, 1.0, np.inf])
    found = flow.neurons(times)
    with mp.workdps(DIGITS):
        assert met(flow) == sum(x < exact.end for x in exact.meetings)
        for k, x in enumerate(np.abs(flow.warped_time(times))):
            there = [[float(z) for z in exact.neuron(i, mpf(float(x)))] for i in range(u.size)]
            for kind in range(2):
                off = np.abs(found[kind][k] - [z[kind] for z in there])
                assert off.max() <= 1e-14 * np.abs((u, h)[kind]).max()
            left = float(exact.left(mpf(float(x))))
            assert abs(flow.residual(times[k])) == pytest.approx(left, rel=1e-13, abs=1e-14)


# --- what vouches -------------------------------------------------------------------------------------

MEETS = ([-1.0, 1.0, 0.5], [0.1, 0.8, -0.1], 2.0)


def broken(how):
    """The series of leaky_relu, wrong beyond the bend."""
    right = machine._series(made("leaky_relu", *MEETS)[0].network.module).series

    @typed(SERIES)
    def series(u, h, side, given, pace, order, U, H, F, work):
        sides = side.copy()
        for i in range(side.size):
            if h[i] == 0 and how == 0:  # on the side it came from
                sides[i] = -side[i]
        before = F.copy()
        right(u, h, sides, given, pace, order, U, H, F, work)
        for k in range(F.size):
            if how == 1 and h[0] == 0 and u.size == 1:  # what it adds to f
                F[k] = before[k] - (F[k] - before[k])
            if how == 2 and h[0] == 0 and u.size == 1 and k == 3:
                F[k] *= 2

    return calling.address(series)


@pytest.mark.parametrize("how", range(3))
def test_a_wrong_exchange_is_noticed(how, monkeypatch):
    flow, _ = made("leaky_relu", *MEETS)
    assert is_fast(flow)
    assert met(flow) == 1
    right = machine._addresses(machine._series(flow.network.module))
    address = broken(how)
    monkeypatch.setattr(machine, "_addresses", lambda _: np.array([address, *right[1:]]))
    assert not is_fast(made("leaky_relu", *MEETS)[0])


# --- places -------------------------------------------------------------------------------------------


def test_the_first_zero_of_a_polynomial():
    draw = np.random.default_rng(0)
    told = 0
    for _ in range(400):
        roots = draw.uniform(-2, 3, 6)
        c = np.zeros(layout.TERMS)
        c[:7] = np.polynomial.polynomial.polyfromroots(roots)
        c *= np.sign(c[0])
        ahead = roots[(roots > 0) & (roots <= 1.5)]
        found = zeros.first_zero(c, 6, 1.5)
        if np.isnan(found):
            continue
        told += 1
        expected = ahead.min() if ahead.size else np.inf
        assert found == pytest.approx(expected, rel=1e-9)
    assert told > 390


def test_a_zero_that_is_only_touched_is_not_told_or_is_there():
    c = np.zeros(layout.TERMS)
    for height, expected in ((1e-3, np.inf), (-1e-3, 0.5 - np.sqrt(1e-3))):
        c[:3] = 0.25 + height, -1.0, 1.0
        assert zeros.first_zero(c, 2, 1.0) == pytest.approx(expected)
    c[:3] = 0.25, -1.0, 1.0
    assert np.isnan(zeros.first_zero(c, 2, 1.0)) or zeros.first_zero(c, 2, 1.0) == 0.5


def test_a_heap_gives_places_in_order():
    draw = np.random.default_rng(1)
    at, who = draw.random(50), np.arange(50)
    places, count, found = at.copy(), 50, []
    heap.heaped(at, who, count)
    again = who[0]
    while count:
        found.append((at[0], int(who[0])))
        later = at[0] + 0.5 if who[0] == again and len(found) == 1 else np.inf
        count = heap.replaced(at, who, count, later)
    expected = sorted([*zip(places, range(50), strict=True), (places[again] + 0.5, int(again))])
    assert found == expected
