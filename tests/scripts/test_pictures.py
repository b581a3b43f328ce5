"""Every picture as a reader of a paper sees it: labelled axes, words, nothing cut, no name astray."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axis import Tick
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.text import Annotation, Text
from mpmath import mp

from numeric import GradientFlow
from numeric.limits import placing
from numeric.limits.courses import flows
from numeric.limits.diagram import AXES, diagram
from numeric.limits.exponents import PRESETS, scales
from scripts import phase, solve_plot
from verify.measurements import exponents_picture, widths
from verify.measurements.bench import picture as bench_picture
from verify.measurements.bench.record import Point, Record, Row, Spread
from verify.oracle import raw_flow
from verify.papers.kunin import neuron, paths, regime_times, trajectories
from verify.papers.kunin.figures import figure2, figure3, figure4, regimes
from verify.papers.xu_ziyin import alignment_picture
from verify.papers.xu_ziyin.figure_one import Run
from verify.papers.xu_ziyin.figures import figure1, figure7

MATH = re.compile(r"\$[^$]*\$")


@contextlib.contextmanager
def drawn(call):
    """The figures that a call makes, still open."""
    kept, close = [], plt.close
    plt.close = kept.append
    try:
        call()
        yield kept
    finally:
        plt.close = close
        close("all")


def speeds(networks):
    """A record of these networks, where the time is the width."""
    peers = {"a": ("formula in numpy",), "e": ("DOP853", "heyoka")}
    rows = [
        Row(cell, "x", name, d, 1000 if cell == "a" else 50, peer, error=1e-16, peer_error=1e-13)
        .timed([1e-3 * d], [5e-3 * d])
        for name in networks for cell in ("a" if name == "linear" else "e")
        for d in (1, 10, 1000) for peer in peers[cell]
    ]  # fmt: skip
    points = [Point("tanh", 10, z, "1e-08", 1e-3, 1e-9) for z in ("ours", "DOP853")]
    one = Spread.of([1.0])
    return Record({}, {}, one, one, tuple(rows), tuple(points))


def curves():
    t = np.linspace(0, 600, 30)
    return [
        Run(start, words, t, np.exp(-t / 100), t[::5], np.exp(-t[::5] / 100))
        for start in ("Gaussian", "orthogonal", "near-orthogonal") for words in alignment_picture.WORDS
    ]  # fmt: skip


def level_sets():
    return {
        delta: trajectories.trajectories(delta, step=0.03, end=1.0) for delta in trajectories.DELTAS
    }


def planes():
    return {
        panel: paths.paths(panel, (4.0, 0.0, -4.0), step=0.1)
        for panel in (paths.WHITE, paths.LOW_RANK)
    }


@functools.cache
def charts():
    """A coarse map, on all of both axes, and one ring."""
    places, scales = regimes.deltas()[::4], regimes.SCALES[::8]
    rows = list(regime_times.chart(places, scales))
    of = {n: np.array([[getattr(z, n) for z in row] for row in rows]).T for n in regimes.PANELS}
    return places, scales, of, regimes.points([(1.0, 0.0)])


def exponents():
    c = PRESETS["mup"].scales
    found = list(widths.samples(c, "independent", [1e2, 1e3, 1e4], range(3), descend=False))
    table = widths.slopes(found, lambda sample: sample.closed)
    return exponents_picture.exponents(found, table, c, "independent", ".png")


def one_flow(y=0.3):
    flow = GradientFlow([1.0, -0.5], [[0.3, 0.2], [0.1, 0.9]], [1.0, 2.0], y)
    title = "Gradient flow of a linear network of 2 neurons, 2 inputs"
    return flows([("kernel phase", [("", flow)])], ".png", title)


def of_case(tmp_path):
    case = {"gamma": 1, "eta_u": 0.1, "eta_w": 0.1, "x": [1], "y": 1,
            "init": {"kind": "gaussian", "width": 1000}}  # fmt: skip
    (tmp_path / "case.json").write_text(json.dumps(case))
    return phase.main([str(tmp_path / "case.json"), "--plot", str(tmp_path / "a.png"), "--json"])


def solved(network):
    from numeric.cases.case import parse
    from numeric.cases.solution import default_times
    from numeric.cases.solution import solve as evaluate

    case = parse({
        "activation": network, "gamma": "1e-3", "eta_u": "1.25e7", "eta_w": 1,
        "X": [[1, 2], [1, 2]], "targets": [1, 2], "u0": [0.1, 0.2], "W0": [[0.3, 1], [0.1, 0.5]],
    })  # fmt: skip
    return solve_plot.draw(case, evaluate(case, default_times(case)), ".png")


PLANES = [
    axes for axes in itertools.combinations(AXES, 2)
    if not set(AXES[axes[0]]) & set(AXES[axes[1]])
]  # fmt: skip
PICTURES = {
    "figure 1": lambda _: alignment_picture.draw(curves(), 10_000, figure1.TITLE, ".png"),
    "figure 7": lambda _: alignment_picture.draw(curves(), 10_000, figure7.TITLE, ".png"),
    "kunin figure 2": lambda _: figure2.draw(level_sets(), ".png", 8),
    "kunin figure 3": lambda _: figure3.draw(figure3.curves(step=0.05, end=2.0), ".png"),
    "kunin figure 4": lambda _: figure4.draw(planes(), ".png"),
    "kunin regimes": lambda _: regimes.draw(*charts(), ".png"),
    "exponents": lambda _: exponents(),
    "one flow": lambda _: one_flow(),
    "one flow to 0": lambda _: one_flow(0.0),
    "lazy": lambda path: phase.main(["--preset", "lazy", "--plot", str(path / "a.png"), "--json"]),
    "a case": of_case,
    "linear": lambda _: solved("linear"),
    "leaky relu": lambda _: solved("leaky_relu"),
    "power": lambda _: solved("power4"),
    "speed": lambda _: bench_picture.draw(speeds(["linear", "cubic", "tanh", "relu"]), ".png"),
    "speed of one": lambda _: bench_picture.draw(speeds(["linear"]), ".png"),
    "no speed": lambda _: bench_picture.draw(speeds([]), ".png"),
}


def texts_of(figure):
    """Every text that shows, numbers at ticks left out."""
    ticks = {id(z) for tick in figure.findobj(Tick) for z in (tick.label1, tick.label2)}
    return [
        text for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and id(text) not in ticks
    ]  # fmt: skip


def check(figure):
    figure.canvas.draw()
    shown = figure.bbox.padded(1)
    for text in texts_of(figure):
        words = MATH.sub("", text.get_text())
        assert "_" not in words, text
        assert "\\not" not in text.get_text()
        box = text.get_window_extent()
        assert shown.x0 <= box.x0 and box.x1 <= shown.x1, text  # noqa: PT018
        assert shown.y0 <= box.y0 and box.y1 <= shown.y1, text  # noqa: PT018
    for legend in figure.legends:
        box = legend.get_window_extent()
        assert shown.x0 <= box.x0
        assert box.x1 <= shown.x1
    bars = [axis for axis in figure.axes if axis.get_label() == "<colorbar>"]
    drawn_axes = [axis for axis in figure.axes if axis.axison and axis not in bars]
    for axis in drawn_axes:
        place = axis.get_subplotspec()
        if place.is_last_row():
            assert axis.get_xlabel(), axis
        shares = axis.get_shared_y_axes().get_siblings(axis)
        assert any(one.get_ylabel() for one in shares), axis
    assert len(drawn_axes) == 1 or figure.get_suptitle()
    assert figure.get_suptitle() or drawn_axes[0].get_title()


@pytest.mark.parametrize("name", PICTURES)
def test_axes_are_labelled_in_words_and_nothing_is_cut(name, tmp_path):
    with drawn(lambda: PICTURES[name](tmp_path)) as found:
        for figure in found:
            check(figure)
        assert found


SOME_PLANES = [
    pytest.param(axes, id=",".join(axes), marks=pytest.mark.slow if k % 6 else ())
    for k, axes in enumerate(PLANES)
]


@pytest.mark.parametrize("start", ["independent", "zero-output"])
@pytest.mark.parametrize("axes", SOME_PLANES)
def test_names_of_points_read_as_their_own(start, axes):
    fixed = scales(1, 0, 0, 0)
    with drawn(lambda: diagram(fixed, start, *axes, (-3.0, 3.0), ".png")) as (figure,):
        check(figure)
        (axis,) = figure.axes
        notes = [text for text in axis.texts if isinstance(text, Annotation)]
        points = np.array([axis.transData.transform(note.xy) for note in notes])
        boxes = [note.get_bbox_patch().get_window_extent() for note in notes]
        regions = [t.get_window_extent() for t in axis.texts if not isinstance(t, Annotation)]
        for k, (note, box) in enumerate(zip(notes, boxes, strict=True)):
            distances = placing.nearest(box, points[k][None])
            others = np.delete(points, k, axis=0)
            if len(others):
                assert placing.nearest(box, others) > distances, note
                assert not placing.inside(others, box)
            assert not any(box.overlaps(one) for one in boxes[k + 1 :] + regions), note
            assert note.arrow_patch is not None


def test_lines_of_figure_3_are_the_raw_flow_and_points_are_descent():
    found = figure3.curves([4.0, -4.0], step=0.02, end=2.0)
    with drawn(lambda: figure3.draw(found, ".png")) as (figure,):
        for k, one in enumerate(found):
            start = neuron.from_delta(one.delta, figure3.BETA, figure3.X, figure3.TARGETS)
            network = raw_flow.Layered([[list(start.w)], [[start.a]]], [1, 1], start.X, [[0], [1]])
            lines = [axis.get_lines()[2 * k : 2 * k + 2] for axis in figure.axes]
            t = lines[0][0].get_xdata()
            some = t[[len(t) // 3, len(t) // 2]]
            states = raw_flow.integrate(network, list(map(mp.mpf, some)), 15)
            sizes = [mp.norm(w) for (w,), _ in states]
            mu = [float(a * size) for (_, ((a,),)), size in zip(states, sizes, strict=True)]
            phi = [float(w[1] / size) for ((w,), _), size in zip(states, sizes, strict=True)]
            for (line, points), name, true in zip(
                lines, figure3.PANELS, (mu, phi, None), strict=True
            ):
                if true is not None:
                    assert line.get_ydata()[np.isin(t, some)] == pytest.approx(true, rel=1e-12)
                assert np.array_equal(points.get_xdata(), one.recorded)
                assert np.array_equal(points.get_ydata(), one.descent[name])
                at = np.interp(one.recorded, line.get_xdata(), line.get_ydata())
                assert np.abs(at - one.descent[name]).max() < 0.05


def test_the_map_and_its_rings_hold_what_was_computed():
    places, scales, of, run = charts()
    with drawn(lambda: regimes.draw(places, scales, of, run, ".png")) as (figure,):
        for axis, name in zip(figure.axes, regimes.PANELS, strict=False):
            (mesh,) = (z for z in axis.collections if isinstance(z, QuadMesh))
            shown = np.reshape(mesh.get_array(), (-1, regimes.FINER * (len(scales) - 1) + 1))
            every = np.asarray(shown)[:: regimes.FINER, :: regimes.FINER]
            assert every == pytest.approx(np.maximum(of[name], regimes.LEAST))
            (rings,) = (z for z in axis.collections if isinstance(z, PathCollection))
            assert rings.get_offsets().tolist() == [[1.0, 0.0]]
            assert np.asarray(rings.get_array()) == pytest.approx([getattr(run[0].descent, name)])
            assert rings.norm is mesh.norm


def test_crosses_of_figure_2_stand_at_zero_and_hidden_lines_complete_the_shown_ones():
    crossing = [one for one in level_sets()[-2.0] if one.crossing() is not None]
    with drawn(lambda: figure2.draw({-2.0: crossing, 0.0: [], 2.0: []}, ".png", 8)) as (figure,):
        lines = figure.axes[0].get_lines()
        marks = [line for line in lines if line.get_marker() == "x"]
        assert 0 < len(marks) <= len(crossing)
        for mark in marks:
            assert float(mark.get_data_3d()[2][0]) == pytest.approx(0, abs=1e-12)
        long = [line.get_data_3d() for line in lines if np.size(line.get_xdata()) > 100]
        of_flow = long[-2 * len(crossing) :]  # after both hyperbolas
        for hidden, shown in zip(of_flow[::2], of_flow[1::2], strict=True):
            w_1, w_2, a = np.where(np.isnan(shown), hidden, shown)
            assert a**2 - w_1**2 - w_2**2 == pytest.approx(np.full(a.shape, -2.0), abs=1e-13)
