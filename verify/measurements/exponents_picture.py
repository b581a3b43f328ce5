"""Measured exponents beside the derived ones, log-log."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from numeric.generated.scaling.linear import Scales
from numeric.limits.diagram import LABELS
from numeric.limits.exponents import classify
from numeric.picture import BLUE, ORANGE, picture
from verify.measurements.widths import Sample, Slope

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
