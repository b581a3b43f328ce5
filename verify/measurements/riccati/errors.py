"""Errors of float64 states, observables and residuals, over drawn starts, by law and time."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from mpmath import mp

from verify.measurements.riccati import printed
from verify.measurements.riccati.references import (
    SERIES,
    SOLVER,
    Truth,
    flow_of,
    is_neuron,
    of_series,
    of_solver,
)
from verify.measurements.riccati.starts import Layers, layers, neuron
from verify.measurements.riccati.times import is_raw, times

DELTAS = (
    "-4", "-1", "0", "1", "4", "100", "-100", "1e6", "-1e6", "1e12", "-1e12", "1e-12", "-1e-12",
)  # fmt: skip
LAMBDAS = (
    "0", "1e-15", "-1e-15", "1e-8", "-1e-8", "1e-4", "-1e-4", "0.7", "-0.7", "100", "-100", "1e6",
    "-1e6",
)  # fmt: skip
NEURON, SQUARE, UNEQUAL = "single neuron", "3-3-3", "unequal sizes"
SMALLEST = 1e-280  # what is smaller is not measured: float64 has no digits there
STATE, OBSERVABLES, RESIDUAL, PRINTED, SAME = "state", "observables", "residual", "printed", "same"
Found = dict[str, float]


@dataclass(frozen=True)
class Error:
    """Of one quantity, over starts.

    Attributes:
        worst: relative; of numbers that are there.
        median: likewise.
        missing: of how many starts there is no number.
        measured: of how many there is one.
    """

    worst: float
    median: float
    missing: int
    measured: int


@dataclass(frozen=True)
class Row:
    """One law at one time.

    Attributes:
        network: and its sizes.
        law: δ or λ, as it is asked for.
        time: in words.
        reference: what errors are from.
        errors: by quantity; those that were measured of no start are left out.
    """

    network: str
    law: str
    time: str
    reference: str
    errors: dict[str, Error]


def measure(starts: int, seed: int, done: Callable[[str], None] = lambda _: None) -> list[Row]:
    """All rows.

    Args:
        starts: drawn for each law and each of the sizes.
        seed: of the first.
        done: is told of each law before it is measured.
    """
    found: list[Row] = []
    for law in DELTAS:
        done(f"δ = {law}")
        drawn = [neuron(Fraction(law), d, seed + k) for k in range(starts) for d in (1, 2, 3)]
        found += _rows(NEURON, law, drawn)
    for law in LAMBDAS:
        done(f"λ = {law}")
        for name, sizes in ((SQUARE, [(3, 3, 3)]), (UNEQUAL, unequal(Fraction(law)))):
            drawn = [layers(Fraction(law), z, seed + k) for k in range(starts) for z in sizes]
            found += _rows(name, law, drawn)
    return found


def unequal(law: Fraction) -> list[tuple[int, int, int]]:
    """Inputs, hidden units and outputs: a bottleneck, one unit, and more hidden than one side has."""
    wide = ([(2, 3, 4)] if law >= 0 else []) + ([(4, 3, 2)] if law <= 0 else [])
    return [(4, 2, 3), (5, 1, 2), *wide]


def _rows(network: str, law: str, problems: Sequence[Layers]) -> list[Row]:
    every = [of_problem(problem) for problem in problems]
    return [
        Row(network, law, name, SERIES if is_raw(name) else SOLVER, _pooled([z[name] for z in every]))
        for name in every[0]
    ]  # fmt: skip


def _pooled(found: Sequence[Found]) -> dict[str, Error]:
    names = dict.fromkeys(name for one in found for name in one)
    pooled = {name: _error([one[name] for one in found if name in one]) for name in names}
    return {name: one for name, one in pooled.items() if one is not None}


def _error(values: Sequence[float]) -> Error | None:
    numbers = [z for z in values if math.isfinite(z)]
    if not values:
        return None
    worst, median = (max(numbers), statistics.median(numbers)) if numbers else (math.nan,) * 2
    return Error(worst, median, len(values) - len(numbers), len(numbers))


def of_problem(problem: Layers) -> dict[str, Found]:
    """Errors at every time by quantity, NaN for what is no number."""
    flow, when = flow_of(problem), times(problem)
    raw = of_series(problem, {name: t for name, t in when.items() if is_raw(name)})
    found = {}
    for name, t in when.items():
        truth = raw.get(name) or of_solver(problem, flow, t)
        seen, square = flow.observables(np.array(t)), flow.flow.square(np.array(t))
        errors = _of_neuron if is_neuron(problem) else _of_layers
        found[name] = dict(errors(problem, t, seen, square, truth)) | {
            RESIDUAL: distance(np.ravel(seen["residual"]), _flat(truth.residual))
        }
    return {name: {k: z for k, z in one.items() if z is not None} for name, one in found.items()}


def distance(values: Any, true: Sequence[Any]) -> float | None:
    """‖values − true‖/‖true‖; None where that is smaller than float64 has digits of."""
    size = mp.sqrt(mp.fsum(z * z for z in true))
    if size < SMALLEST:
        return None
    apart = mp.fsum((mp.mpf(float(a)) - b) ** 2 for a, b in zip(values, true, strict=True))
    return float(mp.sqrt(apart) / size)


def _flat(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [z for row in rows for z in row]


def _of_layers(
    problem: Layers, t: float, seen: Any, square: Any, truth: Truth
) -> Iterator[tuple[str, float | None]]:
    """QQᵀ, and the worst of W₂W₁, W₁ᵀW₁ and W₂W₂ᵀ, each relative to its own size."""
    d = problem.sizes[0]
    yield STATE, distance(square.ravel(), _flat(truth.square))
    blocks = {
        "product": [row[:d] for row in truth.square[d:]],
        "gram_in": [row[:d] for row in truth.square[:d]],
        "gram_out": [row[d:] for row in truth.square[d:]],
    }
    apart = [distance(seen[name].ravel(), _flat(true)) for name, true in blocks.items()]
    yield OBSERVABLES, max((z for z in apart if z is not None), default=None)


def _of_neuron(
    problem: Layers, t: float, seen: Any, square: Any, truth: Truth
) -> Iterator[tuple[str, float | None]]:
    """(w, a); the worst of μ, φ and S; and the printed formula's.

    φ and S, at most 1, as they are, μ relative to itself or to ‖β*‖, whichever is larger: where a passes
    0 no float64 has it relative to itself.
    """
    state = [*seen["w"], seen["a"]]
    yield STATE, (apart := distance(state, truth.state))
    if apart is None:
        return
    aims = [mp.mpf(z.numerator) / z.denominator for z in problem.target[0]]
    *w, a = truth.state
    size, s = (mp.sqrt(mp.fsum(z * z for z in row)) for row in (w, aims))
    mu, phi, nu = a * size, mp.fdot(w, aims) / (size * s), mp.fdot(w, aims) / a
    begun = _kernel(problem.W2[0][0], problem.W1[0])
    far = _kernel_distance(begun, _kernel(a, w))
    off = (seen["mu"] - mu) / max(abs(mu), s), seen["phi"] - phi, seen["kernel_distance"] - far
    yield OBSERVABLES, max(abs(float(z)) for z in off)
    start = np.array([float(z) for z in problem.weights])
    given = float(start[-1]), start[:-1], np.array([float(z) for z in problem.target[0]])
    with np.errstate(all="ignore"):
        if problem.law:
            yield PRINTED, distance([printed.nu(*given, np.array(t))], [nu])
            yield SAME, distance([np.dot(state[:-1], given[2]) / state[-1]], [nu])
        elif given[0] > 0:  # the formula of δ = 0 is that of a > 0
            as_printed = printed.phi_and_mu(*given, np.array(t))
            yield PRINTED, distance(as_printed, [phi, mu])
            yield SAME, distance([seen["phi"], seen["mu"]], [phi, mu])


def _kernel(a: Any, w: Sequence[Any]) -> list[Any]:
    """a² 1 + w wᵀ, in mpmath: the tangent kernel on inputs that are the unit matrix."""
    a, *w = (mp.mpf(z.numerator) / z.denominator if isinstance(z, Fraction) else z for z in (a, *w))
    return [x * y + (a * a if i == j else 0) for i, x in enumerate(w) for j, y in enumerate(w)]


def _kernel_distance(first: Sequence[Any], second: Sequence[Any]) -> Any:
    """S = 1 − ⟨K₁, K₂⟩/(‖K₁‖‖K₂‖)."""
    return 1 - mp.fdot(first, second) / mp.sqrt(mp.fdot(first, first) * mp.fdot(second, second))
