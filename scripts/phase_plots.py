"""Pictures of phases: the diagram over two exponents, flows in a limit, measured exponents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from numeric.generated.scaling import linear
from numeric.generated.scaling.linear import Scales
from numeric.limits.exponents import PRESETS, STARTS, classify, moved
from scripts.picture import BLUE, GREEN, ORANGE, PURPLE, Floats, dense, picture, steady

if TYPE_CHECKING:
    from numeric.methods.explicit.floats import ExplicitFlow
    from verify.measurements.widths import Sample, Slope

AREAS = {"kernel": "#CFE3F2", "feature learning": "#FBE0C8"}
AXES = {
    "c_d": ("c_d",), "c_gamma": ("c_gamma",), "c_u": ("c_u",), "c_w": ("c_w",),
    "c_eta_u": ("c_eta_u",), "c_eta_w": ("c_eta_w",), "c_eta": ("c_eta_u", "c_eta_w"),
    "c_init": ("c_u", "c_w"),
}  # fmt: skip
LABELS = {
    "c_d": "$c_d$", "c_gamma": r"$c_\gamma$", "c_u": "$c_u$", "c_w": "$c_w$",
    "c_eta_u": r"$c_{\eta_u}$", "c_eta_w": r"$c_{\eta_w}$", "c_eta": r"$c_{\eta_u}=c_{\eta_w}$",
    "c_init": "$c_u=c_w$",
}  # fmt: skip
WORDS = {
    "c_d": "width", "c_gamma": "output scale", "c_u": "variance of $u$", "c_w": "variance of $W$",
    "c_eta_u": "learning rate of $u$", "c_eta_w": "learning rate of $W$", "c_eta": "learning rates",
    "c_init": "variance of both layers",
}  # fmt: skip
NAMES = {
    "ntk": "NTK", "mean-field": "mean field", "xavier": "Xavier", "kaiming": "Kaiming", "lazy": "lazy",
    "mup": "µP", "torch-default": "PyTorch default",
}  # fmt: skip
RESOLUTION = 601
NOISE = 1e-9  # of exponents on a grid of floats
TOUCHING = 0.002  # a function that only touches 0 has no change of sign there


def diagram(
    fixed: Scales, start: str, x: str, y: str, span: tuple[float, float], suffix: str
) -> bytes:
    """Phases and stability over two exponents, the others fixed.

    Args:
        fixed: the other exponents.
        start: how the layers start.
        x: the horizontal exponent, a name of `AXES`.
        y: the vertical one.
        span: of both.
        suffix: of the file.
    """
    lowest = [max(span[0], 0.0) if z == "c_d" else span[0] for z in (x, y)]  # widths do not shrink
    grid = np.meshgrid(*(np.linspace(low, span[1], RESOLUTION) for low in lowest))
    shape = grid[0].shape
    values = {name: np.full(shape, float(v)) for name, v in fixed._asdict().items()}
    for axis, coordinate in zip((x, y), grid, strict=True):
        values |= dict.fromkeys(AXES[axis], coordinate)
    c = Scales(**values)
    found = STARTS[start](c, np.maximum)
    change, rate = (np.broadcast_to(z, shape) for z in (found.kernel_change, found.R))
    difference = linear.by_weights(c, np.maximum) - linear.by_target(c, np.maximum)
    ratio = np.broadcast_to(found.P_minus_Q - found.P, shape)
    with picture(suffix, figsize=(5.6, 5.4)) as (figure, axis, buffer):
        axis.contourf(*grid, change < -NOISE, levels=(-0.5, 0.5, 1.5),
                      colors=(AREAS["feature learning"], AREAS["kernel"]))  # fmt: skip
        handles = [
            *_border(axis, grid, rate, "black", "-",
                     "stable, $t_c\\sim\\kappa^0$:\n$\\max(T_1,T_2)=0$ (Eq. 18)"),
            *_border(axis, grid, difference, ORANGE, "--",
                     "target and weights set the\nrate together: $T_1=T_2$ (Eq. 19)"),
            *_border(axis, grid, np.where(np.isfinite(ratio), ratio, -1.0) + TOUCHING, PURPLE, ":",
                     "$P/Q-1\\sim\\kappa^0$, so $P/Q$ does not tend\nto 1: no kernel phase on this line"),
        ]  # fmt: skip
        for words, mask in _regions(change, rate):
            _name(axis, grid, mask, words)
        axis.set(xlim=(lowest[0], span[1]), ylim=(lowest[1], span[1]))
        axis.set_xlabel(f"exponent {LABELS[x]} of the {WORDS[x]}")
        axis.set_ylabel(f"exponent {LABELS[y]} of the {WORDS[y]}")
        outside = _mark_presets(figure, axis, fixed, start, x, y, span)
        rest = [n for n in fixed._fields if n not in (*AXES[x], *AXES[y])]
        at = ", ".join(f"{LABELS[n]}$={getattr(fixed, n)}$" for n in rest)
        axis.set_title(f"Phases of the two-layer linear network, {start} start\n{at}", fontsize=10)
        missing = f"not in this plane: {', '.join(NAMES[n] for n in outside)}" if outside else None
        figure.legend(
            handles=handles, loc="outside lower center", ncols=2, fontsize=8, title=missing,
            title_fontsize=7,
        )  # fmt: skip
    return buffer.getvalue()


def _border(
    axis: Any, grid: Sequence[Floats], values: Floats, colour: str, style: Any, words: str
) -> list[Any]:
    """The line where values change sign, and its legend entry; nothing where they do not."""
    from matplotlib.lines import Line2D

    if values.min() >= -NOISE or values.max() < 0:
        return []
    axis.contour(*grid, values, levels=[0], colors=[colour], linestyles=[style], linewidths=2)
    return [Line2D([], [], color=colour, linestyle=style, linewidth=2, label=words)]


def _regions(change: Floats, rate: Floats) -> Iterator[tuple[str, Any]]:
    kernel = change < -NOISE
    for phase, of_phase in (("kernel", kernel), ("feature\nlearning", ~kernel)):
        for stability, stable in (
            ("frozen", rate < -NOISE), ("unstable", rate > NOISE), ("stable", np.abs(rate) <= NOISE),
        ):  # fmt: skip
            yield f"{phase},\n{stability}", of_phase & stable


def _name(axis: Any, grid: Sequence[Floats], mask: Any, words: str) -> None:
    """The name of a region, at its most inner point; small regions get none."""
    from scipy.ndimage import distance_transform_edt

    if mask.mean() < 0.02:
        return
    inner = distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    row, column = np.unravel_index(np.argmax(inner), inner.shape)
    axis.text(grid[0][row, column], grid[1][row, column], words, ha="center", va="center",
              fontsize=9, color="0.15")  # fmt: skip


def _mark_presets(
    figure: Any, axis: Any, fixed: Scales, start: str, x: str, y: str, span: tuple[float, float]
) -> list[str]:
    """Presets that lie in this plane, seen along the symmetries; returns the names of others."""
    outside: list[str] = []
    seen: dict[tuple[float, ...], list[str]] = {}
    for name, preset in PRESETS.items():
        c = preset.scales
        for direction in linear.SYMMETRIES:  # to the plane's variances
            (variance,) = (n for n in ("c_u", "c_w") if n in direction)
            if variance in AXES[x] or variance in AXES[y]:
                continue
            by = (getattr(fixed, variance) - getattr(c, variance)) / direction[variance]
            for n, weight in direction.items():
                c = moved(c, (n,), by * weight)
        rest = [n for n in fixed._fields if n not in (*AXES[x], *AXES[y])]
        tied = all(len({getattr(c, n) for n in AXES[z]}) == 1 for z in (x, y))
        place = tuple(float(getattr(c, AXES[z][0])) for z in (x, y))
        inside = all(span[0] <= z <= span[1] for z in place)
        same = all(getattr(c, n) == getattr(fixed, n) for n in rest) and preset.start == start
        if not (same and tied and inside):
            outside.append(name)
        else:
            seen.setdefault(place, []).append(name)
    for a, b in seen:
        axis.plot(a, b, "o", color="black", markersize=6, markerfacecolor="white", zorder=5)
    _name_points(figure, axis, {p: ", ".join(NAMES[n] for n in who) for p, who in seen.items()})
    return outside


def _name_points(figure: Any, axis: Any, points: dict[tuple[float, ...], str]) -> None:
    """Names beside points, with a line to each, where they cover no line, point or other name."""
    figure.canvas.draw()
    to_pixels = axis.transData.transform
    here = {place: to_pixels(place) for place in points}
    lines = [
        to_pixels(path.vertices)
        for collection in axis.collections if not np.any(collection.get_facecolor())
        for path in collection.get_paths() if len(path.vertices)
    ]  # fmt: skip
    crowd = np.concatenate([_filled(line) for line in lines] or [np.zeros((0, 2))])
    taken = [text.get_window_extent() for text in axis.texts]
    box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.8}
    for place, words in points.items():
        others = np.array([z for other, z in here.items() if other != place] or [[-1e9, -1e9]])
        best = None
        for distance in (12, 22, 34, 48):
            for angle in np.arange(0, 360, 30):
                offset = distance * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
                note = axis.annotate(
                    words, place, xytext=tuple(offset), textcoords="offset points", fontsize=8, zorder=6,
                    ha="left" if offset[0] > 1 else "right" if offset[0] < -1 else "center",
                    va="bottom" if offset[1] > 1 else "top" if offset[1] < -1 else "center", bbox=box,
                    arrowprops={"arrowstyle": "-", "color": "0.3", "linewidth": 0.8, "shrinkB": 3},
                )  # fmt: skip
                extent = note.get_window_extent().padded(4)
                cost = (
                    distance / 12 + 3 * _inside(crowd, extent) / 10 + 50 * _inside(others, extent)
                    + 20 * sum(extent.overlaps(one) for one in taken)
                    + 100 * (not _contains(axis.get_window_extent(), extent))
                    + 10 * (_nearest(extent, others) < 2 * _nearest(extent, here[place][None]))
                )  # fmt: skip
                if best is None or cost < best[0]:
                    if best is not None:
                        best[1].remove()
                    best = cost, note, extent
                else:
                    note.remove()
        if best is not None:
            taken.append(best[2])


def _filled(line: Floats) -> Floats:
    """Points along a line, two pixels apart."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.arange(0, along[-1], 2.0)
    return np.column_stack([np.interp(places, along, line[:, k]) for k in (0, 1)])


def _inside(points: Floats, box: Any) -> int:
    """How many points a box covers."""
    x, y = points.T
    return int(np.sum((x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)))


def _contains(outer: Any, inner: Any) -> bool:
    """Whether a box lies in another."""
    return bool(
        outer.x0 <= inner.x0
        and inner.x1 <= outer.x1
        and outer.y0 <= inner.y0
        and inner.y1 <= outer.y1
    )


def _nearest(box: Any, points: Floats) -> float:
    """Distance of a box from the nearest of some points."""
    x, y = points.T
    across = np.maximum(np.maximum(box.x0 - x, x - box.x1), 0)
    up = np.maximum(np.maximum(box.y0 - y, y - box.y1), 0)
    return float(np.hypot(across, up).min())


PANELS = (
    r"alignment $\zeta$", "tangent kernel $K/K_0$", r"$\|u\|/\|u_0\|$", r"$\|W\|/\|W_0\|$",
)  # fmt: skip
LARGE = 5  # change that a logarithmic axis shows better
STYLES = ("-", "--", ":", "-.")


def flows(
    columns: Sequence[tuple[str, Sequence[tuple[str, ExplicitFlow]]]],
    suffix: str,
    title: str = "",
    legend: str = "",
) -> bytes:
    """ζ, kernel and norms over t/t_c: one column per limit, one curve per network.

    Args:
        columns: title and labelled networks of each.
        suffix: of the file.
        title: of the whole.
        legend: what the labels say.
    """
    size = {"figsize": (1.6 + 2.6 * len(columns), 8.4), "sharex": True, "squeeze": False}
    if len(columns) == 1:
        size["figsize"] = (4.8, 8.4)
    with picture(suffix, nrows=4, ncols=len(columns), sharey="row", **size) as (
        figure,
        axes,
        buffer,
    ):
        for k, (words, networks) in enumerate(columns):
            axes[0, k].set_title(words, fontsize=9)
            for (label, flow), style, colour in zip(
                networks, STYLES, (BLUE, ORANGE, GREEN, PURPLE), strict=False
            ):
                t, curves = dense(partial(_course, flow), np.linspace(0, 3, 300))
                for axis, curve in zip(axes[:, k], curves, strict=True):
                    axis.plot(t, curve, style, color=colour, label=label, linewidth=1.6)
            axes[3, k].set_xlabel("time $t/t_c$")
            axes[3, k].set_xlim(0, 3)
            axes[3, k].set_xticks([0, 1, 2, 3])
        for row, name in zip(axes, PANELS, strict=True):
            row[0].set_ylabel(name)
            for axis in row:
                axis.grid(alpha=0.3)
        for axis in axes[1:, 0]:
            # A curve that stays where it was is a line, not a magnified rounding.
            low, high = axis.get_ylim()
            axis.set_ylim(min(max(low, 0.0), 0.9), max(high, 1.1))
            if high > LARGE:
                axis.set_yscale("log")
                axis.set_ylim(0.7, high * 1.5)
        steady(axes[0, 0])
        if title:
            figure.suptitle(title, fontsize=10)
        handles, labels = axes[0, 0].get_legend_handles_labels()
        if any(labels):
            figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=8,
                          title=legend or None, title_fontsize=8)  # fmt: skip
    return buffer.getvalue()


def _course(flow: ExplicitFlow, t: Floats) -> Floats:
    """ζ, K/K₀ and the norms as shares of their start, at times in units of t_c."""
    now = t * flow.t_c
    with np.errstate(all="ignore"):
        return np.array([
            flow.alignment(now), 1 + flow.kernel_change(now),
            flow.norm_u(now) / flow.norm_u(0.0), flow.norm_W(now) / flow.norm_W(0.0),
        ])  # fmt: skip


QUANTITIES = {
    "t_c": ("time scale", "$t_c$"), "output_0": ("output at the start", "$|f(0)|$"),
    "kernel_change": ("relative change of the kernel", r"$|K(\infty)/K(0)-1|$"),
    "movement_u": ("movement of $u$", r"$\|u(\infty)-u(0)\|/\|u(0)\|$"),
    "movement_w": ("movement of $W$", r"$\|W(\infty)-W(0)\|/\|W(0)\|$"),
    "alignment": ("alignment at the end", r"$|\zeta(\infty)|$"),
}  # fmt: skip


def exponents(
    found: Sequence[Sample], rows: Sequence[Slope], given: Scales, start: str, suffix: str
) -> bytes:
    """Every sampled network over κ, log-log, with the derived slope through its means."""
    derived = classify(given, start).exponents
    names = [row.name for row in rows if np.isfinite(row.mean)]
    size = {"figsize": (9.4, 6.0), "sharex": True, "squeeze": False}
    with picture(suffix, nrows=2, ncols=3, **size) as (figure, axes, buffer):
        for axis in list(axes.flat)[len(names) :]:
            axis.set_axis_off()
        for name, axis in zip(names, axes.flat, strict=False):
            x = np.array([s.kappa for s in found])
            values = np.abs([s.closed[name] for s in found])
            axis.loglog(x, values, ".", color=BLUE, markersize=4, label="closed form, one network")
            torch = [(s.kappa, abs(s.descent[name])) for s in found if s.descent is not None]
            if torch:
                axis.loglog(*np.array(torch).T, "o", markerfacecolor="none", markersize=7,
                            color=ORANGE, label="gradient descent (torch), the same network")  # fmt: skip
            slope = float(getattr(derived, name))
            middle = np.exp(np.mean(np.log(values) - slope * np.log(x)))
            ends = np.array([x.min(), x.max()])
            axis.loglog(ends, middle * ends**slope, "--", color="0.2", linewidth=1.2,
                        label="derived exponent, through the mean")  # fmt: skip
            row = next(r for r in rows if r.name == name)
            words, symbol = QUANTITIES[name]
            measured = f"{row.mean:.3f}\\pm{row.half_width:.3f}"
            exponent = f"derived ${getattr(derived, name)}$, measured ${measured}$"
            axis.set_title(f"{words}: exponent\n{exponent}", fontsize=8)
            axis.set_ylabel(symbol)
            axis.grid(alpha=0.3)
            if slope == 0:  # fluctuations of a constant shall not fill the panel
                low, high = axis.get_ylim()
                axis.set_ylim(min(low, middle / 10), max(high, middle * 10))
        width = " (width)" if given.c_d == 1 else ""
        for axis in axes[1]:
            axis.set_xlabel(f"$\\kappa${width}")
        at = ", ".join(f"{LABELS[n]}$={value}$" for n, value in given._asdict().items())
        figure.suptitle(f"Exponents, derived and measured: {start} start, {at}", fontsize=10)
        handles, labels = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8)
    return buffer.getvalue()
