"""The phase diagram: phases and stability over two exponents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from numeric.generated.scaling import linear
from numeric.generated.scaling.linear import Scales
from numeric.limits.exponents import PRESETS, STARTS, moved
from numeric.limits.placing import name_points
from numeric.picture import ORANGE, PURPLE, Floats, picture

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
    name_points(figure, axis, {p: ", ".join(NAMES[n] for n in who) for p, who in seen.items()})
    return outside
