"""The picture of a case: exact curves as dense as they bend, the times asked for on them, and limits."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

from numeric import picture
from numeric.cases.case import parse
from numeric.cases.solution import default_times
from numeric.cases.solution import solve as evaluate
from scripts import solve_plot

NETWORKS = ("linear", "quadratic", "cubic", "tanh", "relu")
DIPS = {  # ‖u‖ has its minimum between two of the 21 default times
    "gamma": "0.5", "eta_u": "0.3", "eta_w": "1.1", "x": ["1", "2.5"], "y": "-1.5",
    "u0": ["0.3", "-0.2"], "W0": [["1", "2"], ["0.5", "-0.1"]],
}  # fmt: skip
LOGISTIC = {"gamma": 1, "eta_u": 1, "eta_w": 1, "x": [1], "y": 1, "u0": ["0.3"], "W0": [["0.3"]]}
SADDLE = {"gamma": 1, "eta_u": 1, "eta_w": 1, "x": [1], "y": -1, "u0": [0.5], "W0": [[0.5]]}
STILL = LOGISTIC | {"gamma": 0}
NAMES = ("loss", "output", "alignment", "norm_u", "norm_W")


@contextlib.contextmanager
def drawn(case, times=None, digits=None):
    """The figure that is saved, before it is closed."""
    case = parse(case)
    solution = evaluate(case, default_times(case) if times is None else times, digits)
    kept, close = [], plt.close
    plt.close = kept.append
    try:
        solve_plot.draw(case, solution, ".png")
        yield kept[0], case, solution
    finally:
        plt.close = close
        close("all")


def curves(figure):
    """(x, y) of the curves, and of the points on them."""
    lines = [line for axis in figure.axes for line in axis.get_lines()]
    solid = [line.get_data() for line in lines if line.get_color() in picture.COLOURS]
    return solid[::2], solid[1::2]


def test_curves_are_the_solution_between_the_points_too():
    with drawn(LOGISTIC, [Fraction(k, 10) for k in range(6)]) as (figure, _, solution):
        smooth, points = curves(figure)
        t, f = smooth[1]
        np.testing.assert_allclose(f, 1 / (1 + (1 / 0.09 - 1) * np.exp(-4 * t)), rtol=1e-12)
        assert (t[0], t[-1]) == (0, 0.5)
        for name, (x, y) in zip(NAMES, points, strict=True):
            assert list(x) == solution.t
            assert list(y) == getattr(solution, name)


@pytest.mark.parametrize("digits", [None, 30])
def test_a_minimum_between_two_times_is_shown(digits):
    with drawn(DIPS, digits=digits) as (figure, case, _):
        t, norm = curves(figure)[0][NAMES.index("norm_u")]
        fine = case.floating().norm_u(np.linspace(0, t[-1], 100_001))
        asked = curves(figure)[1][NAMES.index("norm_u")][1]
        assert norm.min() == pytest.approx(fine.min(), rel=1e-5)
        assert min(asked) > 1.005 * fine.min()  # the points alone miss it


@settings(max_examples=20)
@given(
    network=st.sampled_from(NETWORKS), seed=st.integers(0, 50), spread=st.floats(-1.5, 0.5),
    y=st.floats(-3, 3).filter(lambda y: y == 0 or abs(y) > 1e-100),  # a power refuses less
)  # fmt: skip
@example(network="linear", seed=0, spread=-5.0, y=1.0)
def test_straight_lines_between_points_are_the_curve(network, seed, spread, y):
    case = LOGISTIC | {
        "activation": network, "y": y, "eta_w": 0.4, "x": [1, 0.5], "u0": None, "W0": None,
        "init": {"kind": "gaussian", "width": 3, "seed": seed, "sigma_u": 10**spread,
                 "sigma_w": 10**spread},
    }  # fmt: skip
    case = {key: value for key, value in case.items() if value is not None}
    parsed = parse(case)
    flow, last = parsed.floating(), float(default_times(parsed)[-1])
    t, found = solve_plot._curves(parsed, NAMES, last, None)
    between = 0.5 * (t[1:] + t[:-1])
    assert (t[0], t[-1]) == (0, last)
    for name, values in zip(NAMES, found, strict=True):
        true = np.asarray(getattr(flow, name)(between))
        known = np.isfinite(true) & np.isfinite(values[1:] + values[:-1])
        off = np.abs(true - 0.5 * (values[1:] + values[:-1]))[known]
        assert off.max(initial=0) <= 0.005 * np.ptp(values[np.isfinite(values)]) + 1e-12


@pytest.mark.parametrize("last", [1e-280, 1e-12, 50, 1e15, 1e300])
def test_every_time_asked_for_is_in_the_picture(last):
    times = [Fraction(last) * Fraction(k) for k in (0, Fraction(1, 1000), Fraction(1, 10), 1)]
    with drawn(LOGISTIC, times) as (figure, _, _):
        for axis in figure.axes:
            low, high = axis.get_xlim()
            assert (low, high >= last) == (0, True)
        figure.canvas.draw()
        labels = [z.get_window_extent() for z in figure.axes[2].get_xticklabels() if z.get_text()]
        inside = [z for z in labels if z.width and z.x0 >= 0]
        assert len(inside) >= 2
        assert all(a.x1 < b.x0 for a, b in pairwise(inside))


def test_rounding_is_neither_magnified_nor_followed():
    with drawn(SADDLE) as (figure, _, _):  # the alignment is 1 all the way
        t, alignment = curves(figure)[0][NAMES.index("alignment")]
        assert np.ptp(alignment) < 1e-12
        assert len(t) < 1000
        low, high = figure.axes[2].get_ylim()
        assert high - low > 0.05


def test_limits_target_and_time_scale_are_drawn_and_said():
    with drawn(SADDLE) as (figure, _, solution):
        levels = [
            {float(line.get_ydata()[0]) for line in axis.get_lines() if len(line.get_xdata()) == 2}
            for axis in figure.axes
        ]
        assert solution.limit["loss"] in levels[0]
        assert {solution.limit["output"], -1.0} <= levels[1]  # the limit and the target
        assert {solution.limit["norm_u"], solution.limit["norm_W"]} <= levels[3]
        for axis in figure.axes:
            assert any(set(line.get_xdata()) == {solution.t_c} for line in axis.get_lines())
            assert axis.get_ylabel()
        for axis in figure.axes[2:]:
            assert axis.get_xlabel() == "time $t$"
        title = figure.get_suptitle()
        assert "linear network" in title
        assert "t_c=1" in title
        (legend,) = figure.legends
        words = [text.get_text() for text in legend.get_texts()]
        assert words[:2] == ["exact flow", "times asked for"]
        assert {"target $y$", "$t=t_c$"} < set(words)


@pytest.mark.parametrize(
    ("case", "times", "digits"),
    [
        (STILL, None, None), (STILL, [Fraction(0)], 30), (LOGISTIC, [Fraction(0)], None),
        (LOGISTIC, [Fraction(10) ** k for k in range(-3, 4)], None),
        (LOGISTIC | {"y": "1e400", "u0": ["1e200"], "W0": [["1e200"]]}, [Fraction(0)], 10),
        (LOGISTIC | {"u0": [0], "W0": [[0]]}, None, None),
        (LOGISTIC | {"y": "0.09"}, None, None), (LOGISTIC | {"gamma": "1e-200"}, None, None),
        (LOGISTIC | {"activation": "tanh", "y": 5}, None, None),
        (LOGISTIC | {"beta": 7}, [Fraction(1)], None),
    ],
)  # fmt: skip
def test_cases_that_hardly_make_a_picture_make_one_without_warnings(case, times, digits):
    with drawn(case, times, digits) as (figure, _, _):
        assert len(figure.axes) == 4


def test_a_small_start_is_shown_until_it_has_learned():
    for start in ("1e-3", "1e-6", "1e-12"):
        with drawn(LOGISTIC | {"u0": [start], "W0": [[start]]}) as (_, _, solution):
            assert solution.loss[0] > 0.99
            assert solution.loss[-1] < 0.02


def test_times_over_decades_get_a_logarithmic_axis():
    with drawn(LOGISTIC, [Fraction(10) ** k for k in range(-3, 3)]) as (figure, _, _):
        assert figure.axes[0].get_xscale() == "symlog"
    with drawn(LOGISTIC) as (figure, _, _):
        assert figure.axes[0].get_xscale() == "linear"
