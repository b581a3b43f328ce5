"""What is said of a flow: one line for the prompt, tables and a picture for a notebook."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from numeric.methods.notebook import moments, picture
from numeric.methods.notebook.moments import INPUTS, REFUSALS, Budget, Course

if TYPE_CHECKING:
    from numeric.methods.trajectory import Trajectory

TO_THE_END, PICTURE, TABLE = 0.1, 0.2, 0.1  # seconds that each may take
SHOWN = ("alignment", "kernel_change", "norm_u", "norm_W", "distance_u", "distance_W")
NOTHING = "—"


def line(flow: Trajectory) -> str:
    """Network, loss, width, method, and where the flow ends, if that is known."""
    problem = flow.problem
    about = f"{flow.network.name}, {problem.loss_name} loss, {_count(flow.u0.size, 'neuron')}"
    return f"<GradientFlow: {about}, {flow.method}, {_end(flow)}>"


@np.errstate(all="ignore")
def page(flow: Trajectory) -> str:
    """Tables of what was given and what comes of it, and loss and output against time, in HTML."""
    ends = moments.ends(flow, TO_THE_END)
    course = moments.course(flow, PICTURE, ends)
    parts = [_table(_about(flow)), _table(_values(flow, course, ends), heading=True)]
    drawn = picture.svg(panels(flow, course))
    if len(flow.problem.data.X) > INPUTS and flow.method == "march":
        n = len(flow.problem.data.X)
        parts.append(f"<p>Outputs at the first {INPUTS} of {n} inputs.</p>")
    return "<div>" + "\n".join([*parts, drawn]) + "</div>"


def panels(flow: Trajectory, course: Course) -> list[picture.Panel]:
    """The picture: loss, and output with its target."""
    outputs = list(zip(_outputs(course.outputs.shape[1]), course.outputs.T, strict=True))
    level = None
    if flow.method != "march" and math.isfinite(flow.target):
        level = flow.target
    return [
        picture.Panel("loss", course.times, [("loss", course.loss)], course.is_log),
        picture.Panel("output", course.times, outputs, course.is_log, level),
    ]


def _outputs(number: int) -> list[str]:
    return ["output"] if number == 1 else [f"output at input {k + 1}" for k in range(number)]


def _end(flow: Trajectory) -> str:
    known = flow.method != "march" or flow.comes(math.inf, 0.0)
    return f"ends: {flow.limit_kind}" if known else "not followed to its end yet"


def _about(flow: Trajectory) -> Iterable[Sequence[str]]:
    problem = flow.problem
    n, (d, d0) = len(problem.data.X), flow.W0.shape
    gamma, eta_u, eta_w = problem.rates
    over = f", {problem.reduction} over {n} data points" if n > 1 else ""
    yield "method", flow.method + (f" ({flow.why})" if flow.why else "")
    yield "network", f"{flow.network.name}: {_count(d, 'neuron')}, {_count(d0, 'input component')}"
    yield "loss", problem.loss_name + over
    yield "γ, η_u, η_w", f"{gamma:.6g}, {eta_u:.6g}, {eta_w:.6g}"
    if not moments.asks_for_too_much(flow):
        yield "time scale t_c", _number(lambda _: flow.t_c, 0.0)
    yield "ends", _end(flow).removeprefix("ends: ")


def _values(flow: Trajectory, course: Course, ends: bool) -> Iterable[Sequence[str]]:
    """A header, and a row per observable: at the start, the latest time drawn, and the end."""
    budget = Budget(TABLE)
    times = (0.0, float(course.times[-1]), *((math.inf,) if ends else ()))

    def row(observable: Callable[[float], Any], k: int = 0) -> Iterable[str]:
        """An observable at all times; of several at once, the k-th."""
        for t in times:
            in_time = t == 0 or budget.left
            yield _number(observable, t, k) if in_time else NOTHING

    yield "", *(f"t = {t:.6g}".replace("inf", "∞") for t in times)
    yield "loss", *row(flow.loss)
    for k, name in enumerate(_outputs(course.outputs.shape[1])):
        yield name, *row(flow.output, k)
    for name in SHOWN:
        too_much = name == "kernel_change" and moments.asks_for_too_much(flow)
        if name in flow.observables and not too_much:
            yield name.replace("_", " "), *row(getattr(flow, name))


def _number(observable: Callable[[float], Any], t: float, k: int = 0) -> str:
    """Its digits; nothing where it is undefined, or refused."""
    try:
        value = np.ravel(observable(t))[k]
    except REFUSALS:
        return NOTHING
    return NOTHING if np.isnan(value) else f"{value:.6g}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _table(rows: Iterable[Sequence[str]], heading: bool = False) -> str:
    found = []
    for k, (name, *cells) in enumerate(rows):
        tag = "th" if heading and k == 0 else "td"
        texts = "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)
        found.append(f"<tr><th>{html.escape(name)}</th>{texts}</tr>")
    return "<table>" + "\n".join(found) + "</table>"
