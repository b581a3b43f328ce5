"""Every picture as a reader of a paper sees it: labelled axes, words, nothing cut, no name astray."""

from __future__ import annotations

import contextlib
import itertools
import json
import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axis import Tick
from matplotlib.text import Annotation, Text

from numeric import GradientFlow
from numeric.limits import placing
from numeric.limits.courses import flows
from numeric.limits.diagram import AXES, diagram
from numeric.limits.exponents import PRESETS, scales
from scripts import figures, phase, solve_plot
from verify.measurements import exponents_picture, widths
from verify.measurements.bench import picture as bench_picture
from verify.measurements.bench.record import Point, Record, Row, Spread
from verify.papers.xu_ziyin.figure_one import Run

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
        for start in ("Gaussian", "orthogonal", "near-orthogonal") for words in figures.PHASES
    ]  # fmt: skip


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
    "figure 1": lambda _: figures.draw(curves(), 10_000, "png"),
    "figure 7": lambda _: figures.draw(curves(), 10_000, "png", figures.TITLE_SEVEN),
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
    drawn_axes = [axis for axis in figure.axes if axis.axison]
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
