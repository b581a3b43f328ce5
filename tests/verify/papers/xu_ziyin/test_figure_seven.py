"""Figure 7: theory and descent of two Gaussians under binary cross-entropy."""

from __future__ import annotations

import numpy as np
import pytest

from verify.papers.xu_ziyin import figure_seven
from verify.papers.xu_ziyin.figure_one import PHASES, STARTS

KERNEL, FEATURE = PHASES
WIDTH = 300


def test_both_classes_are_on_the_line_and_named_by_their_targets():
    problem = figure_seven.problem("Gaussian", KERNEL, WIDTH)
    assert (problem.loss, problem.reduction) == ("binary_cross_entropy", "mean")
    for label, mean in enumerate(figure_seven.MEANS):
        x = problem.X[problem.targets == label]
        assert x.shape == (50, 1)
        assert x.mean() == pytest.approx(mean, abs=0.6)
    assert (problem.X < 0).any()


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.slow
def test_points_are_on_their_lines(start):
    runs = [figure_seven.run(start, phase, WIDTH) for phase in PHASES]
    assert [one.phase for one in runs] == [KERNEL, FEATURE]
    assert max(one.deviation for one in runs) < 0.01
    moved = [float(np.ptp(one.theory)) for one in runs]
    if start == "orthogonal":
        assert max(moved) < 1e-12
    else:
        assert moved[1] > 5 * moved[0]
        assert moved[1] > 0.1


def test_points_come_nearer_with_the_step(monkeypatch):
    """Descent is off by one order in the step: half the step, twice as many, half the distance."""
    coarse = figure_seven.run("Gaussian", FEATURE, WIDTH)
    monkeypatch.setitem(figure_seven.FRACTIONS, "Gaussian", figure_seven.FRACTIONS["Gaussian"] / 2)
    monkeypatch.setattr(figure_seven, "STEPS", 2 * figure_seven.STEPS)
    fine = figure_seven.run("Gaussian", FEATURE, WIDTH)
    assert fine.theory[-1] == pytest.approx(coarse.theory[-1], rel=1e-9)
    assert fine.deviation / coarse.deviation == pytest.approx(0.5, abs=0.05)
