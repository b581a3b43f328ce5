"""The course of alignment, tangent kernel and norms in time, side by side for networks of a limit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from numeric.methods.explicit.floats import ExplicitFlow
from numeric.picture import BLUE, GREEN, ORANGE, PURPLE, Floats, dense, picture, steady

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
