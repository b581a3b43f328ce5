"""The phases: their diagram, flows in each, exponents of sampled networks and derived."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from numeric.limits.courses import flows
from numeric.limits.diagram import diagram
from numeric.limits.exponents import MOVES, PRESETS, classify, moved, scales
from verify.measurements import widths
from verify.measurements.exponents_picture import exponents
from verify.papers.figure import Drawn, Setting, Track

H = Fraction(1, 2)
SPAN = (-3.0, 3.0)


def make(setting: Setting, track: Track) -> Drawn:
    """Networks that grow wide, and some of a fixed width."""
    wide, fixed = scales(1, 0, 0, 0), scales(0, 0, 0, 0)
    makers: dict[str, Callable[[], Callable[[str], bytes]]] = {
        "phase_diagram": lambda: partial(diagram, wide, "independent", "c_gamma", "c_eta", SPAN),
        "phase_diagram_fixed_width": lambda: partial(
            diagram, fixed, "independent", "c_gamma", "c_w", SPAN
        ),
        "phase_flows": _flows,
        "phase_exponents_ntk": _exponents,
    }
    return Drawn({name: maker() for name, maker in track(makers.items(), len(makers))})


def _flows() -> Callable[[str], bytes]:
    stable = moved(PRESETS["mean-field"].scales, MOVES["both learning rates"], Fraction(1))
    columns = []
    for words, c in (
        ("NTK: $c_\\gamma=-1/2$, $c_\\eta=0$", PRESETS["ntk"].scales),
        ("mean field: $c_\\gamma=-1$, $c_\\eta=1$", stable),
        ("$c_\\gamma=-3/2$, $c_\\eta=3/2$", scales(1, -H * 3, 0, 0, H * 3, H * 3)),
    ):  # fmt: skip
        networks = [(f"$10^{k}$", widths.sampled(c, "independent", 10.0**k)) for k in (2, 4, 6)]
        columns.append((f"{words}\n{classify(c).phase} phase", networks))
    title = "Linear networks of three widths, layers drawn independently: exact flow"
    return lambda suffix: flows(columns, suffix, title=title, legend="width $d=\\kappa$")


def _exponents() -> Callable[[str], bytes]:
    ntk = PRESETS["ntk"].scales
    found = list(widths.samples(ntk, "independent", [10.0**k for k in range(2, 8)], range(8)))
    rows = widths.slopes(found, lambda sample: sample.closed)
    return partial(exponents, found, rows, ntk, "independent")
