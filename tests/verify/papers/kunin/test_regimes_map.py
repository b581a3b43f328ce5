"""The map of regimes: against a Taylor series of the raw flow, on the axis δ = 0, and against descent."""

import numpy as np
import pytest
import torch
from mpmath import mp, mpf

from verify.oracle.descent import richardson
from verify.oracle.kernel_distance import distance, kernel
from verify.oracle.raw_flow import Layered, integrate
from verify.papers.kunin.figures import regimes
from verify.papers.kunin.regime_times import ALIGNED, FITTED, chart, regime, start

DIGITS = 20
LEVELS = 4


@pytest.mark.parametrize(
    ("delta", "scale"),
    [
        (-2.0, 0.3),
        (0.0, 1.0),
        (0.5, 0.2),
        *(
            pytest.param(*z, marks=pytest.mark.slow)
            for z in ((3.0, 3.0), (-0.01, 0.02), (-3.0, 4.0))
        ),
    ],
)
def test_times_and_distance_are_those_of_the_raw_flow(delta, scale):
    begun = start(delta, scale)
    assert begun.a * np.hypot(*begun.w) == pytest.approx(scale**2, rel=4e-16)
    found = regime(begun)
    with mp.workdps(DIGITS + 12):
        layers = [[list(begun.w)], [[begun.a]]]
        network = Layered(layers, [1, 1], begun.X, [[y] for y in begun.targets])
        # The slowest that is left falls as e^(−t/|δ|) or faster.
        end = found.fit + 30 * (1 + abs(delta))
        times = sorted([mpf(found.align), mpf(found.fit), mpf(end)])
        states = integrate(network, times, DIGITS)
        at = dict(zip(times, states, strict=True))
        (w,), ((a,),) = at[mpf(found.align)]
        assert float(w[1] / mp.norm(w)) == pytest.approx(ALIGNED, rel=1e-10)
        (w,), ((a,),) = at[mpf(found.fit)]
        loss = ((a * w[0]) ** 2 + (a * w[1] - 1) ** 2) / 2
        assert float(loss) == pytest.approx(FITTED / 2, rel=1e-9)
        apart = distance(kernel(layers, [1, 1], begun.X), kernel(states[-1], [1, 1], begun.X))
        assert found.distance == pytest.approx(float(apart), abs=1e-12)


@pytest.mark.parametrize("scale", [1e-2, 0.3, 1.0, 30.0, 1e2])
def test_on_the_axis_of_balance_alignment_knows_no_scale(scale):
    """φ = tanh t, and S(0, ∞) = 1/(d + 3); both sides of the axis come to it."""
    found = regime(start(0.0, scale))
    assert found.align == pytest.approx(np.arctanh(ALIGNED), rel=1e-10)
    assert found.distance == pytest.approx(1 / 5, rel=1e-14)
    near = [regime(start(sign * 1e-9, scale)) for sign in (1, -1)]
    # What δ changes is of the order δ/‖β₀‖.
    small = 1e-9 * max(1, scale**-2) * 10
    for one in near:
        assert [one.align, one.fit, one.distance] == pytest.approx(
            [found.align, found.fit, found.distance], rel=small
        )
    assert near[0].align < found.align < near[1].align


def test_far_regimes_are_lazy_and_delayed():
    upstream, downstream = regime(start(1e4, 1.0)), regime(start(-1e4, 1.0))
    # β goes straight from one unit vector to an orthogonal one, the rest falling as e^(−δt).
    assert upstream.align == pytest.approx(
        np.log1p(ALIGNED / np.sqrt(1 - ALIGNED**2)) / 1e4, rel=1e-3
    )
    assert upstream.fit == pytest.approx(np.log(np.sqrt(2) / 0.1) / 1e4, rel=1e-3)
    assert 0 < upstream.distance < 1e-15
    # w turns by φ′ = φ(1 − φ²)/|δ| from what the fall of μ left, about φ = 1/δ².
    turning = 1e4 * np.log(1e8 * ALIGNED / np.sqrt(1 - ALIGNED**2))
    assert downstream.align == pytest.approx(turning, rel=1e-3)
    assert downstream.distance == pytest.approx(1, abs=1e-7)


def test_the_axis_of_the_map_has_balance_in_its_middle():
    places = regimes.deltas()
    middle = len(places) // 2
    assert places[middle] == 0
    assert np.array_equal(places, -places[::-1])
    assert (np.diff(places) > 0).all()
    assert places[-1] == 1e4
    rows = list(chart(places[[0, middle, -1]], np.array([0.1, 1.0])))
    assert [rows[1][1].align, rows[0][1].align] == pytest.approx([np.arctanh(ALIGNED)] * 2)
    assert rows[1][0] == regime(start(-1e4, 1.0))


def test_descent_comes_to_the_map_with_the_step():
    run = [(0.8, -1.0), (0.8, 0.0), (3.2, 6.0)]
    found = [regimes.points(run, 0.06 / 2**k, longer=4) for k in range(LEVELS)]
    for several in zip(*found, strict=True):
        for name in regimes.PANELS:
            true, broken = (getattr(several[0].theory, name) * z for z in (1, 1.002))
            values = torch.tensor([getattr(z.descent, name) for z in several], dtype=torch.float64)
            best, allowed = richardson(list(values))
            assert abs(best - true) <= allowed, (several[0], name)
            assert abs(best - broken) > allowed, (several[0], name)
        assert max(several[0].deviations().values()) < 0.03


def test_what_is_drawn_between_goes_through_what_is_computed():
    places, scales = regimes.deltas()[::6], np.geomspace(0.01, 100, 5)
    values = np.exp(np.random.default_rng(0).normal(size=(len(places), len(scales))))
    x, y, finer = regimes._finer(places, scales, values)
    step = regimes.FINER
    assert x[::step] == pytest.approx(scales)
    assert y[::step] == pytest.approx(places, rel=1e-14, abs=1e-15)
    assert finer[::step, ::step] == pytest.approx(values)
    middle = np.sqrt(values[:, :-1] * values[:, 1:])
    assert finer[::step, step // 2 :: step] == pytest.approx(middle)
