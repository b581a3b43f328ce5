"""How long states take, in one run: making the flow, one time, and each of 1000 times in a batch."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from verify.measurements.bench.timing import Call, Spread, Turns, interleaved
from verify.measurements.riccati import printed
from verify.measurements.riccati.references import flow_of
from verify.measurements.riccati.starts import layers, neuron

BATCH = 1000
TURNS = Turns(7, 2.0)
MATRICES = f"3-3-3, QQᵀ: each of {BATCH} times"
GOAL = 50e-6  # seconds of MATRICES


def measure(seed: int) -> dict[str, Spread]:
    """Seconds by what is done, of a batch those of one of its times."""
    one, wide = neuron(Fraction(1), 3, seed), layers(Fraction(1), (3, 3, 3), seed)
    single, matrices = flow_of(one), flow_of(wide)
    t = np.linspace(0.0, 20.0, BATCH)
    a, w = float(one.W2[0][0]), np.array([float(z) for z in one.W1[0]])
    target = np.array([float(z) for z in one.target[0]])
    calls: Mapping[str, Call] = {
        "single neuron: making the flow": lambda: flow_of(one),
        "single neuron, (w, a): one time": lambda: single.flow.state(1.0),
        f"single neuron, (w, a): each of {BATCH} times": lambda: single.flow.state(t),
        f"single neuron, all observables: each of {BATCH} times": lambda: single.observables(t),
        f"the printed formula, ν: each of {BATCH} times": lambda: printed.nu(a, w, target, t),
        "3-3-3: making the flow": lambda: flow_of(wide),
        "3-3-3, QQᵀ: one time": lambda: matrices.flow.square(1.0),
        MATRICES: lambda: matrices.flow.square(t),
        f"3-3-3, all observables: each of {BATCH} times": lambda: matrices.observables(t),
    }
    found = interleaved(calls, TURNS)
    share = {name: BATCH if name.endswith("times") else 1 for name in calls}
    return {name: Spread.of([z / share[name] for z in each]) for name, each in found.items()}
