"""What a notebook shows of a flow: the numbers are the flow's own, and so are the points drawn."""

from __future__ import annotations

import html
import math
import re
from itertools import product
from types import ModuleType

import numpy as np
import pytest

from numeric import GradientFlow
from numeric.catalogue import losses, names
from numeric.errors import InputError, InternalCheckError
from numeric.methods.notebook.moments import Course
from numeric.methods.notebook.page import panels
from numeric.methods.notebook.picture import HEIGHT, WIDTH, Axis, Panel, svg

U0, W0 = np.array([0.5, -0.7, 0.9]), np.array([[0.4, 0.3], [0.8, -0.2], [-0.3, 0.6]])
X0 = np.array([1.0, -0.5])
SPREAD = np.array([[1.0, -0.5], [0.3, 1.2], [-0.7, 0.4], [0.9, 0.8]])  # on no line
TARGETS = np.array([1.0, 0.0, 1.0, 1.0])
FLOWS = {
    "explicit": lambda: GradientFlow(U0, W0, X0, 1.0, gamma=0.8, eta_u=0.6),
    "warp": lambda: GradientFlow(U0, W0, X0, 1.0, network="tanh", loss="huber"),
    "a saddle": lambda: GradientFlow([1.0], [[0.1, 0.0]], X0, -1.0, network="quadratic"),
    "late": lambda: GradientFlow(U0, W0, X0, 1.0, network="tanh", loss="quartic"),
    "unbounded": lambda: GradientFlow(U0, W0, X0, 1.0, network="cubic", loss="logistic"),
    "at rest": lambda: GradientFlow(0 * U0, 0 * W0, X0, 1.0, network="quadratic"),
    "march": lambda: GradientFlow(U0, W0, SPREAD, TARGETS, network="tanh"),
    "march, two inputs": lambda: GradientFlow(U0, W0, SPREAD[:2], [1.0, 0.3]),
}


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """What is asserted are values: they shall be there however slow the machine is."""
    for name in ("TO_THE_END", "PICTURE", "TABLE"):
        monkeypatch.setattr(f"numeric.methods.notebook.page.{name}", 60.0)


def rows(page):
    found = {}
    for row in re.findall("<tr>(.*?)</tr>", page):
        name, *cells = [html.unescape(z) for z in re.findall("<t[hd]>(.*?)</t[hd]>", row)]
        found[name] = cells
    return found


def value(cell):
    """An undefined one is a dash."""
    return math.nan if cell == "—" else float(cell)


def moments(found):
    return [float(cell.removeprefix("t = ").replace("∞", "inf")) for cell in found[""]]


def read_back(page, panel):
    """Points of the curves of a panel: from pixels to values by two ticks of each axis."""
    group = re.findall(r"<g .*?</g>", page, re.DOTALL)[panel]
    ticks = {}
    for kind, where in (("x", "x"), ("y", "y")):
        marks = re.findall(rf'<text ([^>]*class="{kind}"[^>]*)>(.*?)</text>', group)
        places = [float(re.search(rf'\b{where}="(.*?)"', given)[1]) for given, _ in marks]
        ticks[kind] = places, [float(label) for _, label in marks]

    def values(kind, pixels):
        places, labels = ticks[kind]
        is_log = len(labels) > 2 and labels[0] > 0 and math.isclose(
            labels[1] / labels[0], labels[2] / labels[1]
        )  # fmt: skip
        scaled = np.log(labels) if is_log else np.array(labels)
        slope, offset = np.polyfit(places, scaled, 1)
        found = slope * np.array(pixels) + offset
        return np.exp(found) if is_log else found

    curves = []
    for text in re.findall('<polyline points="(.*?)"', group):
        x, y = zip(*(map(float, point.split(",")) for point in text.split()), strict=True)
        curves.append((values("x", x), values("y", y)))
    return curves


@pytest.mark.parametrize("name", FLOWS)
def test_the_numbers_of_the_table_are_those_of_the_flow(name):
    flow = FLOWS[name]()
    found = rows(flow._repr_html_())
    assert found["method"][0].split(" ")[0] == flow.method
    assert flow.why in found["method"][0]
    assert found["ends"] == [flow.limit_kind]
    assert found["time scale t_c"] == [f"{flow.t_c:.6g}"]
    assert found["γ, η_u, η_w"] == [", ".join(f"{z:g}" for z in flow.problem.rates)]
    start, late, *ending = moments(found)
    assert start == 0 < late < math.inf
    assert ending == ([] if flow.limit_kind == "unbounded" else [math.inf])
    for observable in (
        "loss",
        "alignment",
        "kernel_change",
        "norm_u",
        "norm_W",
        "distance_u",
        "distance_W",
    ):
        if observable not in flow.observables:
            assert observable.replace("_", " ") not in found
            continue
        are_those_of(getattr(flow, observable), found[observable.replace("_", " ")], late, *ending)
    if flow.method != "march":
        are_those_of(flow.output, found["output"], late, *ending)
    for k in range(min(3, len(flow.problem.data.X))) if flow.method == "march" else ():
        cells = found[f"output at input {k + 1}"]
        are_those_of(lambda t, k=k: flow.output(t)[k], cells, late, *ending)


SIX_DIGITS = 5e-6  # what a number is off by, of its size, that is printed to six digits


def are_those_of(observable, cells, late, *ending):
    """The cells at the start, at a time that is printed to six digits itself, and at the end."""
    ways = [[0.0], late * np.array([1 - SIX_DIGITS, 1.0, 1 + SIX_DIGITS]), *([t] for t in ending)]
    assert "nan" not in cells
    for cell, times in zip(cells, ways, strict=True):
        around = [float(observable(t)) for t in times]
        rounded = SIX_DIGITS * max(map(abs, around))
        if np.isnan(around).any():
            assert np.isnan(around).all()
            assert math.isnan(value(cell))
        else:
            assert min(around) - rounded <= value(cell) <= max(around) + rounded


@pytest.mark.parametrize("name", FLOWS)
def test_the_points_drawn_are_those_of_the_flow(name):
    flow = FLOWS[name]()
    page = flow._repr_html_()
    (times, losses_drawn), = read_back(page, 0)  # fmt: skip
    assert np.all(np.diff(times) > 0)
    expected = flow.loss(np.maximum(times, 0.0))
    # A hundredth of a pixel, and what the curve changes within it.
    room = 2e-3 * np.ptp(expected) + 2e-2 * np.abs(np.gradient(expected)) + 1e-12
    assert np.all(np.abs(losses_drawn - expected) <= room)
    outputs = read_back(page, 1)
    assert len(outputs) == (min(3, len(flow.problem.data.X)) if flow.method == "march" else 1)
    for k, (when, drawn) in enumerate(outputs):
        expected = np.array([np.atleast_1d(flow.output(t))[k] for t in np.maximum(when, 0.0)])
        room = 2e-3 * np.ptp(expected) + 2e-2 * np.abs(np.gradient(expected)) + 2e-3
        assert np.all(np.abs(drawn - expected) <= room)
    if flow.limit_kind != "at rest":
        assert losses_drawn[0] - losses_drawn[-1] > 0.98 * (flow.loss(0) - _least(flow))
        assert losses_drawn[0] > 0.95 * flow.loss(0)


def _least(flow):
    return 0.0 if flow.limit_kind == "unbounded" else float(flow.loss(math.inf))


def test_many_inputs_are_said_to_be_left_out():
    assert "Outputs at the first 3 of 4 inputs." in FLOWS["march"]()._repr_html_()
    assert "Outputs at" not in FLOWS["march, two inputs"]()._repr_html_()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("explicit", "<GradientFlow: linear, square loss, 3 neurons, explicit, ends: target>"),
        ("a saddle", "<GradientFlow: quadratic, square loss, 1 neuron, warp, ends: saddle>"),
        ("unbounded", "<GradientFlow: cubic, logistic loss, 3 neurons, warp, ends: unbounded>"),
        (
            "march",
            "<GradientFlow: tanh, square loss, 3 neurons, march, not followed to its end yet>",
        ),
    ],
)
def test_a_flow_is_one_line(name, line):
    assert repr(FLOWS[name]()) == line


def test_an_integrated_flow_says_where_it_ends_once_it_is_known():
    flow = FLOWS["march, two inputs"]()
    flow.loss(math.inf)
    assert repr(flow).endswith("ends: target>")


def test_a_flow_that_takes_long_is_shown_as_far_as_it_comes(monkeypatch):
    for name in ("TO_THE_END", "PICTURE", "TABLE"):
        monkeypatch.setattr(f"numeric.methods.notebook.page.{name}", 0.0)
    for name in ("march", "unbounded"):
        flow = FLOWS[name]()
        found = rows(flow._repr_html_())
        assert found["loss"][0] == f"{flow.loss(0):.6g}"
        assert moments(found)[0] == 0
        assert math.inf not in moments(found)


def test_what_has_not_come_in_time_does_not_go_on(monkeypatch):
    steps = []
    flow = FLOWS["march"]()
    step = flow._runs[0]._solver.step
    monkeypatch.setattr(flow._runs[0]._solver, "step", lambda: (steps.append(1), step())[1])
    assert not flow.comes(1e6, 0.0)
    assert len(steps) <= 1
    assert not flow.comes(math.inf, 0.0)
    assert flow.comes(0.5, 60.0)
    assert len(steps) > 5
    assert flow.comes(0.5, 0.0)
    assert flow.comes(math.inf, 60.0)
    assert flow.comes(math.inf, 0.0)


def test_texts_are_escaped():
    flow = FLOWS["warp"]()
    flow.why = "<b> & co"
    other = ModuleType("a.<i>")
    other.__dict__.update(vars(flow.problem.loss), __name__="a.<i>")
    object.__setattr__(flow.problem, "loss", other)
    page = flow._repr_html_()
    assert "&lt;b&gt; &amp; co" in page
    assert "&lt;i&gt;" in page
    assert "<b>" not in page
    assert "<i>" not in page
    drawn = svg([Panel("<u>", np.arange(2.0), [("<s>", np.arange(2.0))] * 2)])
    assert "<u>" not in drawn
    assert "<s>" not in drawn


@pytest.mark.parametrize(
    "scale", [pytest.param(z, marks=pytest.mark.slow) for z in (1.0, 1e-40, 1e5)]
)
@pytest.mark.parametrize("network", [*names(), "power5"])
def test_every_flow_has_a_page(network, scale, monkeypatch):
    """Whatever a flow refuses to answer, its page is there."""
    for name in ("TO_THE_END", "PICTURE", "TABLE"):
        monkeypatch.setattr(f"numeric.methods.notebook.page.{name}", 0.01)
    shown = 0
    for loss, (x, y) in product(losses(), ((X0, 1.0), (SPREAD, TARGETS))):
        y = y if loss == "binary_cross_entropy" else 2 * np.asarray(y) - 1
        try:
            flow = GradientFlow(scale * U0, scale * W0, x, y, network=network, loss=loss)
        except (InputError, InternalCheckError):
            continue
        assert repr(flow).startswith(
            f"<GradientFlow: {flow.network.name}, {loss} loss, 3 neurons, "
        )
        page = flow._repr_html_()
        found = rows(page)
        assert found["loss"], page
        shown += 1
    assert shown or scale != 1.0


@pytest.mark.parametrize(
    ("low", "high", "is_log"),
    [(0.0, 1.0, False), (-3.0, 1e4, False), (1e-300, 1e-299, False), (-1.7e308, 1.7e308, False),
     (1.0, 1 + 1e-14, False), (1e-30, 1e12, True), (0.3, 12345.0, True), (5.0, 5.0, False),
     (0.0, 0.0, False), (0.0, 5e-324, False)],
)  # fmt: skip
def test_ticks_are_round_numbers_on_the_axis(low, high, is_log):
    axis = Axis.over(np.array([low, high]), 10.0, -100.0, is_log)
    ticks = axis.ticks()
    assert 1 <= len(ticks) <= 8
    assert ticks == sorted(set(ticks))
    pixels = [axis.pixel(tick) for tick in ticks]
    assert all(-90 - 1e-9 <= pixel <= 10 + 1e-9 for pixel in pixels)
    assert (axis.pixel(axis.low), axis.pixel(axis.high)) == pytest.approx((10, -90))
    assert axis.low <= low <= high <= axis.high


def test_curves_that_are_not_finite_are_left_out():
    times, values = np.arange(4.0), np.array([1.0, math.nan, math.inf, 3.0])
    drawn = svg([Panel("f", times, [("f", values)])])
    assert len(re.search('<polyline points="(.*?)"', drawn)[1].split()) == 2
    assert svg([Panel("f", times, [("f", np.full(4, math.nan))])]) == ""


def test_a_panel_marks_the_target():
    flow = FLOWS["warp"]()
    course = Course(np.array([0.0, 1.0]), flow.loss([0, 1]), flow.output([0, 1])[:, None], False)
    levels = [panel.level for panel in panels(flow, course)]
    assert levels == [None, 1.0]
    page = svg(panels(flow, course))
    (place,) = re.findall(r'd="M\d+ ([\d.]+)H\d+" class="level"', page)
    drawn = re.findall(r'class="y"[^>]*>([^<]*)<', page.split("</g>")[1])
    where = re.findall(r'y="([\d.]+)"[^>]*class="y"', page.split("</g>")[1])
    assert dict(zip(drawn, where, strict=True))["1"] == place
    assert f'width="{2 * WIDTH}" height="{HEIGHT}"' in page
