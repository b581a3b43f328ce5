"""Conservation: one step of descent moves a law by its own value at the step, and the flow not at all."""

from __future__ import annotations

import numpy as np

from verify.oracle.extrapolation import richardson
from verify.oracle.named.reference import Case
from verify.properties.named.theory import Maker
from verify.properties.outcome import LeftOut, Results, ratio

ROUNDED = 1e-14  # of the terms of a law: a step's roundings
BENT = "the loss bends on the way: no power series"


def drifts_exactly(case: Case, make: Maker) -> Results:
    """With θ′ = θ − m, m = h η ∂L, a quadratic law q changes by q(m): its linear part is 0.

    Of a neuron that is h² η_aη_w (η_a (∂_aL)² − η_w‖∂_wL‖²).
    """
    theory, worst = make(case.problem), 0.0
    for before, moved, after in case.steps:
        values, sizes = zip(*(theory.laws(one) for one in (before, moved, after)), strict=True)
        size = float(sum(sizes)) + 1e-300
        off = np.max(np.abs(values[2] - values[0] - values[1]))
        worst = max(worst, float(off) / (ROUNDED * size))
    yield case.problem.name, worst


def keeps_its_laws(case: Case, make: Maker) -> Results:
    """Along extrapolated descent a law is what it was, which is what the theory says it is."""
    theory = make(case.problem)
    begun, size = theory.laws(case.problem.start())
    if (told := theory.law()) is not None:
        yield (
            f"{case.problem.name}: at the start",
            ratio(told, begun, np.zeros(()), 1e-2 * float(size)),
        )
    if case.bent:
        yield LeftOut(BENT)
        return
    found = [theory.laws(run) for run in case.runs]
    value, error = richardson([one[0] for one in found])
    largest = max(float(one[1]) for one in found)
    # Of a single number the estimate may vanish by accident: no law is known better than the weights.
    relative = max(
        float(np.max(e)) / (float(np.max(np.abs(v))) + 1e-300) for v, e in case.weights.values()
    )
    allowed = np.maximum(error, relative * largest)
    yield f"{case.problem.name}: on the way", ratio(begun, value, allowed, largest)


def keeps_its_own_laws(case: Case, make: Maker) -> Results:
    """The theory's weights are on the leaf that it names."""
    theory = make(case.problem)
    found = theory.observables(case.time)
    weights = {name: np.atleast_1d(found[name]) for name in case.problem.start() if name in found}
    if set(weights) != set(case.problem.start()):
        yield LeftOut("weights are not given")
        return
    if (told := theory.law()) is None:
        yield LeftOut("the law is not said")
        return
    value, size = theory.laws(weights)
    error = np.asarray(2 * theory.accuracy * float(size))
    yield case.problem.name, ratio(value, told, error, float(size))
