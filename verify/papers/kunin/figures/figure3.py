"""Figure 3: μ, φ and the kernel distance S(0, t) of one neuron from one β₀, for seven δ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from numeric.methods.lifted.neuron import SingleNeuron
from numeric.picture import Floats, dense, picture
from verify.papers.figure import Drawn, Row, Setting, Track, untracked
from verify.papers.kunin import palette
from verify.papers.kunin.neuron import from_delta, together
from verify.papers.kunin.simulated import Neurons, crowded, descend, distances

# As the authors' public notebook has it: whitened inputs, ‖β₀‖ = ‖β*‖ = 1, β₀ ⊥ β*.
DELTAS = (4.0, 2.0, 1.0, 0.0, -1.0, -2.0, -4.0)
BETA, X, TARGETS = (-1.0, 0.0), ((1.0, 0.0), (0.0, 1.0)), (0.0, 1.0)
END, STEP, RECORDED = 20.0, 0.005, 26
PANELS = {
    "mu": r"signed magnitude $\mu=a\|w\|$", "phi": r"alignment $\varphi=\cos\angle(w,\beta_*)$",
    "kernel_distance": "kernel distance $S(0,t)$",
}  # fmt: skip
SYMBOLS = {"mu": "μ", "phi": "φ", "kernel_distance": "S(0, t)"}
TITLE = (
    r"One linear neuron $f(x)=a\,w^Tx$, $\beta=aw$, on two whitened inputs, "
    r"$\|\beta_0\|=\|\beta_*\|=1$, $\beta_0\perp\beta_*$"
)


@dataclass(frozen=True)
class Curves:
    """Theory and descent from one δ.

    Attributes:
        delta: δ.
        flow: theory.
        recorded: times at which descent was measured.
        descent: what it was there, by the names of `PANELS`.
    """

    delta: float
    flow: SingleNeuron
    recorded: Floats
    descent: dict[str, Floats]

    def theory(self, t: Floats) -> Floats:
        """The panels at times, a row each."""
        found = self.flow.observables(t)
        return np.array([found[name] for name in PANELS])

    def deviations(self) -> dict[str, float]:
        """The largest distance of a point from its line, by panel."""
        apart = np.abs(self.theory(self.recorded) - np.array([*self.descent.values()])).max(-1)
        return dict(zip(PANELS, map(float, apart), strict=True))


def measured(found: Neurons, start: Neurons) -> dict[str, Floats]:
    """What the panels show, from weights alone: (records, neurons) each."""
    sizes = np.linalg.norm(found.w, axis=-1)
    aim = found.X.T @ found.targets
    return {
        "mu": found.a * sizes,
        "phi": found.w @ aim / sizes / np.linalg.norm(aim),
        "kernel_distance": distances(found, start),
    }


def curves(
    deltas: Sequence[float] = DELTAS,
    step: float = STEP,
    end: float = END,
    refine: int = 1,
    track: Track = untracked,
) -> list[Curves]:
    """Theory and descent of every δ, descent `refine` times as fine as it is recorded."""
    starts = [from_delta(delta, BETA, X, TARGETS) for delta in deltas]
    begun = together(starts)
    steps, lengths = crowded(end, step, RECORDED), np.full(len(starts), step / refine)
    found = measured(descend(begun, lengths, [refine * z for z in steps], track), begun)
    return [
        Curves(
            delta,
            start.flow(),
            step * np.array(steps, dtype=np.float64),
            {n: z[:, k] for n, z in found.items()},
        )
        for k, (delta, start) in enumerate(zip(deltas, starts, strict=True))
    ]


def make(setting: Setting, track: Track) -> Drawn:
    """All seven."""
    found = curves(track=track)
    rows: list[Row] = [
        {"curve": f"δ = {one.delta:g}", "quantity": SYMBOLS[name], "deviation": deviation}
        for one in found for name, deviation in one.deviations().items()
    ]  # fmt: skip
    return Drawn({"kunin_figure3": partial(draw, found)}, rows)


def draw(found: Sequence[Curves], suffix: str) -> bytes:
    """Three panels over time."""
    deltas = [one.delta for one in found]
    end = max(float(one.recorded[-1]) for one in found)
    size = {"figsize": (9.6, 3.7), "sharex": True}
    with picture(suffix, nrows=1, ncols=3, **size) as (figure, axes, buffer):
        for one in found:
            colour, marker = palette.colour(one.delta, deltas), palette.marker(one.delta)
            t, lines = dense(one.theory, end * np.linspace(0, 1, 200) ** 2, np.sqrt)
            for axis, line, name in zip(axes, lines, PANELS, strict=True):
                axis.plot(t, line, color=colour, linewidth=1.5)
                axis.plot(one.recorded, one.descent[name], marker, color=colour, markersize=3.6,
                          markerfacecolor="white", markeredgewidth=0.9)  # fmt: skip
        for axis, words in zip(axes, PANELS.values(), strict=True):
            axis.set_xscale("function", functions=(np.sqrt, np.square))
            axis.set(xlabel=r"time $t$ (spaced as $\sqrt{t}$)", xlim=(0, end), ylim=(-0.04, 1.04))
            axis.set_xticks([0, 1, 3, 6, 10, 15, 20])
            axis.set_ylabel(words)
            axis.grid(alpha=0.3)
        figure.legend(
            handles=[palette.handle(delta, deltas) for delta in deltas], fontsize=8,
            loc="outside lower center", ncols=len(deltas), columnspacing=1.2,
            title="upstream (blue), balanced (black), downstream (orange)", title_fontsize=8,
        )  # fmt: skip
        figure.suptitle(f"{TITLE}\nlines: theory, points: gradient descent", fontsize=10)
    return buffer.getvalue()
