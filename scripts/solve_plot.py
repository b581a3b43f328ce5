"""The picture of one case: curves of the exact flow, the times asked for as points on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from numeric import catalogue
from numeric.errors import InputError
from numeric.picture import BLUE, ORANGE, Floats, dense, picture, steady

if TYPE_CHECKING:
    from numeric.cases.case import Case
    from numeric.cases.solution import Solution
    from numeric.methods.trajectory import Trajectory

PANELS = (
    (("loss", ""),),
    (("output", ""),),
    (("alignment", ""),),
    (("norm_u", r"$\|u\|$"), ("norm_W", r"$\|W\|$")),
)
LABELS = ("loss $L$", "output $f$", r"alignment $\zeta$", "norms")
FEW, MANY = 80, 600  # places to begin a curve with, where a place is dear and where it is cheap
LIMIT = {"color": "0.45", "linestyle": ":", "linewidth": 1.3}
SCALE = {"color": "0.7", "linestyle": "-.", "linewidth": 1.0}
TARGET = {"color": "black", "linestyle": "--", "linewidth": 0.9}
TICKS = 4  # decades with a label, at most: on a logarithmic axis of time they have room
NOT_ONE = "no single number:\nthe data are on no line"
DEEPEST = 1e-20  # of the largest loss, down to which a logarithmic axis goes
ENDS = {
    "target": "reaches the target", "saddle": "ends at a saddle, short of the target",
    "not reached": "is still on its way at the end of float64", "at rest": "is at rest",
}  # fmt: skip


def draw(case: Case, solution: Solution, suffix: str) -> bytes:
    """Loss, output, alignment and norms over time, with their limits and t_c.

    Args:
        case: the network.
        solution: its answer at the times asked for.
        suffix: of the file.
    """
    asked = floats(solution.t)
    scale = number(solution.t_c)
    names = [name for panel in PANELS for name, _ in panel]
    is_log = _is_log(asked)
    last = max(asked) or 2 * scale
    last = min(max(last, 1e-280), 1e300) if 0 < last < math.inf else 1.0  # what an axis can show
    start = min((t for t in asked if t > 0), default=last)
    t, curves = _curves(case, names, last, start if is_log else None)
    with picture(suffix, nrows=2, ncols=2, figsize=(8.2, 6.2), sharex=True) as (
        figure, axes, buffer,
    ):  # fmt: skip
        for axis, panel, label in zip(axes.flat, PANELS, LABELS, strict=True):
            for (name, words), colour, style in zip(
                panel, (BLUE, ORANGE), ("-", "--"), strict=False
            ):
                curve = curves[names.index(name)]
                axis.plot(t, curve, style, color=colour, linewidth=1.5, label=words)
                axis.plot(asked, floats(getattr(solution, name)), "o", color=colour, markersize=3.5)
                limit = number(solution.limit[name])
                if math.isfinite(limit):
                    axis.axhline(limit, **LIMIT)
            axis.set_ylabel(label)
            axis.grid(alpha=0.3)
            if not np.isfinite([curves[names.index(name)] for name, _ in panel]).any():
                axis.text(0.5, 0.5, NOT_ONE, transform=axis.transAxes, ha="center", fontsize=8)
            if len(panel) > 1:
                axis.legend(fontsize=8)
            if 0 < scale <= last:
                axis.axvline(scale, **SCALE)
        target = _target(solution)
        if math.isfinite(target):
            axes[0, 1].axhline(target, **TARGET)
        _logarithmic(axes[0, 0])
        for axis in axes.flat:
            steady(axis)
        if is_log:
            axes[0, 0].set_xscale("symlog", linthresh=start)
            axes[0, 0].set_xticks(_decades(start, last))
        for axis in axes[1]:
            axis.set_xlabel("time $t$")
        axes[0, 0].set_xlim(0, last * (1.1 if is_log else 1.03))
        figure.suptitle(_title(case, solution), fontsize=10)
        handles = _legend(0 < scale <= last, math.isfinite(target))
        figure.legend(handles=handles, loc="outside lower center", ncols=5, fontsize=8)
    return buffer.getvalue()


def number(value: float | str | None) -> float:
    """As float64; what is infinite, undefined or a ball around zero is NaN."""
    unknown = value is None or isinstance(value, list) or str(value).startswith("[")
    return math.nan if unknown else float(value)  # type: ignore[arg-type]


def floats(values: Sequence[float | str | None]) -> list[float]:
    """All of them."""
    return list(map(number, values))


def _is_log(asked: Sequence[float]) -> bool:
    """Whether the times asked for crowd at the start, over decades."""
    positive = sorted(t for t in asked if t > 0)
    if len(positive) < 3:
        return False
    return positive[-1] > 50 * positive[0] and positive[len(positive) // 2] < 0.25 * positive[-1]


def _curve(flow: Trajectory, name: str, t: Floats) -> Floats:
    """An observable over time; NaN where it has no meaning, or is one number per input."""
    if name not in flow.observables:
        return np.full(t.shape, math.nan)
    found = np.asarray(getattr(flow, name)(t))
    return found if found.shape == t.shape else np.full(t.shape, math.nan)


def _curves(
    case: Case, names: Sequence[str], last: float, start: float | None
) -> tuple[Floats, Floats]:
    """Observables of the flow from 0 to the last time, as densely as they bend; none beyond float64."""
    try:
        flow = case.floating()
    except InputError:
        return np.zeros(0), np.zeros((len(names), 0))

    def values(t: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return np.array([_curve(flow, name, np.atleast_1d(t)) for name in names])

    size = MANY if flow.method == "explicit" else FEW
    places = np.linspace(0, last, size)
    if start is None:
        return dense(values, places)
    places = np.concatenate([np.linspace(0, start, size // 4), np.geomspace(start, last, size)])
    return dense(values, places, lambda t: np.arcsinh(t / start))


def _decades(start: float, last: float) -> list[float]:
    """Ticks of an axis that is linear up to `start`, as wide as a decade, and logarithmic from there."""
    first, end = math.log10(start), math.floor(math.log10(last))
    whole = range(math.ceil(first), end + 1)
    shown = whole[:: -max(1, math.ceil(len(whole) / TICKS))]
    room = (math.log10(last) - first + 1) / (2 * TICKS)
    return [0.0, *(10.0**k for k in reversed(shown) if k - first + 1 > room)]


def _target(solution: Solution) -> float:
    """The target y = f − (f − y), wherever the two are known."""
    output, residual = number(solution.output[0]), number(solution.residual[0])
    return output - residual


def _logarithmic(axis: Any) -> None:
    """A logarithmic axis where the loss falls by decades; it ends where the start dwarfs it."""
    curve, points = axis.get_lines()[:2]
    drawn = np.concatenate([curve.get_ydata(), points.get_ydata()])
    positive = drawn[np.isfinite(drawn) & (drawn > 0)]
    if not positive.size or positive.max() <= 100 * positive.min():
        return
    axis.set_yscale("log")
    lowest = max(positive.min(), DEEPEST * positive.max())
    axis.set_ylim(max(lowest / 2, 1e-300), min(float(positive.max()), 1e307) * 2)


def _title(case: Case, solution: Solution) -> str:
    network, d, d0 = catalogue.load(case.network), len(case.u0), len(case.X[0])
    name = {"linear": "linear network", "quadratic": "quadratic network", "cubic": "cubic network"}.get(
        network.name, f"network with σ(h) = $h^{{{network.power}}}$" if network.power
        else f"{network.name.replace('_', ' ')} network",
    )  # fmt: skip
    data = f"{len(case.X)} data" if case.is_set else "one data point"
    sizes = f"{d} neuron{'s' * (d > 1)}, {d0} input{'s' * (d0 > 1)}, {data}"
    scale = number(solution.t_c)
    rates = [
        f"$\\gamma={_short(case.gamma)}$", f"$\\eta_u={_short(case.eta_u)}$",
        f"$\\eta_w={_short(case.eta_w)}$",
        f"$t_c={_short(scale)}$" if math.isfinite(scale) else r"$t_c=\infty$",
    ]  # fmt: skip
    kind = solution.limit.get("kind")
    end = f"; the flow {ENDS[kind]}" if kind in ENDS else ""
    return f"Gradient flow of a {name}: {sizes}\n{', '.join(rates)}{end}"


def _short(value: Any) -> str:
    """Three digits, in mathtext."""
    text = f"{float(value):.3g}" if abs(value) < 10**300 else "10^{300}..."
    digits, _, exponent = text.partition("e")
    return f"{digits}\\cdot10^{{{int(exponent)}}}" if exponent else digits


def _legend(has_scale: bool, has_target: bool) -> list[Any]:
    from matplotlib.lines import Line2D

    def entry(words: str, **style: Any) -> Any:
        return Line2D([], [], label=words, **style)

    return [
        entry("exact flow", color=BLUE, linewidth=1.5),
        entry("times asked for", color=BLUE, marker="o", markersize=3.5, linestyle="none"),
        entry(r"limit $t\to\infty$", **LIMIT),
        *([entry("target $y$", **TARGET)] if has_target else []),
        *([entry("$t=t_c$", **SCALE)] if has_scale else []),
    ]
