"""Sampled networks: what the closed form says of them is what descent does, and slopes are fits."""

import numpy as np
import pytest

from numeric.limits.exponents import PRESETS, scales
from verify.measurements import widths


@pytest.mark.parametrize(
    ("c", "start"),
    [
        (PRESETS["ntk"].scales, "independent"),
        (PRESETS["mup"].scales, "independent"),
        (scales(0, 1, 0, 0, -2, -2), "zero-output"),
        (scales(0, -1, 1, 1, 1, 1), "correlated"),
        (PRESETS["kaiming"].scales, "independent"),
    ],
)
@pytest.mark.slow
def test_closed_form_beside_descent(c, start):
    found = list(widths.samples(c, start, [10.0, 100.0], range(2)))
    assert len(found) == 4
    for sample in found:
        assert sample.descent.keys() == sample.closed.keys() == set(widths.QUANTITIES)
        for name, value in sample.descent.items():
            # Extrapolated from steps of 2 and 1 % of the time scale, with errors of their product.
            assert value == pytest.approx(
                sample.closed[name], rel=0.01, abs=0.05 * widths.STEP**2
            ), name


def test_starts():
    for kappa in (3.0, 100.0):
        u, w, _ = widths.draw(scales(1, 0, 0, 0), "zero-output", kappa, 0)
        assert abs(u @ w[:, 0]) < 1e-14 * np.linalg.norm(u) * np.linalg.norm(w)
        assert u.size >= 2
    u, w, hyper = widths.draw(scales(1, -1, 2, -1, 3, 1), "correlated", 10_000.0, 1)
    assert u.size == 10_000
    assert np.corrcoef(u, w[:, 0])[0, 1] == pytest.approx(widths.CORRELATION, abs=0.03)
    assert np.std(u) == pytest.approx(1e4, rel=0.03)
    assert np.std(w) == pytest.approx(1e-2, rel=0.03)
    assert hyper == {"gamma": 1e-4, "eta_u": 1e12, "eta_w": 1e4}


def test_large_widths_are_left_to_the_closed_form():
    (sample,) = widths.samples(PRESETS["ntk"].scales, "independent", [3e4], [0])
    assert sample.descent is None
    assert widths.slopes([sample], lambda s: s.descent) == []


def test_slopes_are_least_squares_with_students_interval():
    def sample(kappa, seed, value):
        return widths.Sample(kappa, seed, dict.fromkeys(widths.QUANTITIES, value), None)

    kappas = [10.0, 100.0, 1000.0]
    found = [
        sample(k, seed, k**power) for seed, power in enumerate((-1.0, -0.8, -0.6)) for k in kappas
    ]
    for row in widths.slopes(found, lambda s: s.closed):
        assert row.mean == pytest.approx(-0.8)
        assert row.half_width == pytest.approx(4.302653 * 0.2 / 3**0.5, rel=1e-6)  # t of 2 degrees
    zeros = [sample(k, 0, 0.0) for k in kappas]
    assert {row.mean for row in widths.slopes(zeros, lambda s: s.closed)} == {-np.inf}


@pytest.mark.slow
def test_measured_exponents_meet_the_derived_ones():
    from numeric.limits.exponents import classify

    for name in ("ntk", "kaiming", "mup"):
        c = PRESETS[name].scales
        found = list(widths.samples(c, "independent", [1e2, 1e4, 1e6], range(12), descend=False))
        for row in widths.slopes(found, lambda s: s.closed):
            derived = float(getattr(classify(c).exponents, row.name))
            # Half a dozen quantities of three limits: twice a 95 % interval, and the finite width.
            assert abs(row.mean - derived) <= 2 * row.half_width + 0.02, (name, row)
