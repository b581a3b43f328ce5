"""Descent of problems of one model extrapolated to step zero, with what it can be believed.

Runs at h, h/2, h/4, … end at one time. Where the loss has no bends on the way their ends are a power
series in h (Richardson); past a bend only its first term is taken away. An observable is as uncertain
as it becomes when the weights move by their errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from verify.oracle.extrapolation import richardson
from verify.oracle.named.descent import Path, batch, halvings, moved, own, repeated
from verify.oracle.named.problem import Named, Place, Problem
from verify.oracle.problem import Floats

STEPS, LEVELS = 64, 5  # of the longest run; halvings and one
REACH = 4.0  # units 1/pace until the time of comparison
END_STEPS, END_LEVELS = 256, 4
END_STRIDE = 0.5  # units 1/pace, of the longest steps to the end
CHUNK = 32  # of the longest steps, after which it is seen what moves
STILL, FADED = (
    1e-9,
    1e-3,
)  # of what a step once moved, and in half the time, where descent has arrived
SHIFT = 1e-3  # of a layer's largest weight: residuals are quadratic in one weight at most
BALANCED = 1e-4  # of its terms: a pull that is none, of residuals that have so many digits
REACHED = 1e-11  # of its terms: a residual that is none
PATTERNS = 8  # directions in which weights are moved by their errors
Uncertain = tuple[Floats, Floats]  # a value and its error
Observed = dict[str, Uncertain]


@dataclass(frozen=True)
class Case:
    """A problem and what descent made of it.

    Attributes:
        problem: the problem.
        time: of comparison.
        start: observables of the weights at t = 0.
        runs: weights at `time` by run, the longest steps first.
        weights: the same, extrapolated.
        at_time: observables there.
        sizes: of their terms, here and at the start.
        steps: of the run with the longest steps: weights before, what is taken, weights after.
        passes: when a watched weight first passes 0; None where it does not until `time`.
        bent: whether the loss bends on the way.
        end: observables where descent has come to rest; None where it has not.
    """

    problem: Problem
    time: float
    start: Named
    runs: list[Named]
    weights: Observed
    at_time: Observed
    sizes: Named
    steps: list[tuple[Named, Named, Named]]
    passes: dict[Place, Uncertain | None]
    bent: bool
    end: Observed | None = field(default=None)


def build_reference(
    problems: Sequence[Problem], reaches: Sequence[float] | None = None, ends: bool = True
) -> list[Case]:
    """Descend.

    Args:
        problems: of one model.
        reaches: time of comparison of each in units of its 1/pace.
        ends: whether descent also goes on until it rests.
    """
    reaches = [REACH] * len(problems) if reaches is None else reaches
    times = np.array([r / _pace(one) for r, one in zip(reaches, problems, strict=True)])
    together = repeated(batch(problems), LEVELS)
    paths = halvings(together, torch.tensor(times / STEPS), STEPS, LEVELS)
    rests = _ends(problems) if ends else [None] * len(problems)
    return [_case(one, float(times[k]), paths, k, rests[k]) for k, one in enumerate(problems)]


def _pace(problem: Problem) -> float:
    return problem.pace() or 1.0


def _case(
    problem: Problem, time: float, paths: list[tuple[Path, Path]], k: int, end: Observed | None
) -> Case:
    runs = [own(problem, path[-1], k) for path, _ in paths]
    start = problem.start()
    sides = [tuple(problem.kinks(one)) for one in runs]
    bent = any(side != tuple(problem.kinks(start)) for side in sides)
    weights = _extrapolated(runs, bent)
    if bent:
        weights = _resting(problem, runs, weights)
    path, taken = paths[0]
    steps = [
        (own(problem, a, k), own(problem, b, k), own(problem, c, k))
        for a, b, c in zip(path, taken, path[1:], strict=False)
    ]
    size_at = [problem.sizes(one) for one in (start, runs[-1])]
    return Case(
        problem=problem,
        time=time,
        start=problem.observe(start),
        runs=runs,
        weights=weights,
        at_time=observed(problem, weights),
        sizes={name: np.maximum(value, size_at[1][name]) for name, value in size_at[0].items()},
        steps=steps,
        passes=_passes(problem, time, [path for path, _ in paths], k),
        bent=bent,
        end=end,
    )


def _extrapolated(runs: Sequence[Named], bent: bool) -> Observed:
    rule = first_order if bent else richardson
    return {name: rule([run[name] for run in runs]) for name in runs[0]}


def first_order(values: Sequence[Floats]) -> Uncertain:
    """The first term of the error in h taken away, and by how much all such differ.

    What a step does past a bend depends on where in it the bend is: near ones may agree by accident.
    """
    found = [2 * fine - coarse for coarse, fine in pairwise(values)]
    return found[-1], np.max([np.abs(one - found[-1]) for one in found[:-1]], axis=0)


def _resting(problem: Problem, runs: Sequence[Named], weights: Observed) -> Observed:
    """What has left rests less than a step beyond the bend, and at it where there are no steps."""
    found = dict(weights)
    before, last = problem.kinks(problem.start()), problem.kinks(runs[-1])
    for name in problem.padding:
        value, error = (z.copy() for z in found[name])
        for i, (one, other) in enumerate(zip(before, last, strict=True)):
            if one and not other:
                value[i], error[i] = 0.0, abs(runs[-1][name][i])
        found[name] = value, error
    return found


def observed(problem: Problem, weights: Observed) -> Observed:
    """Observables of uncertain weights."""
    middle = {name: value for name, (value, _) in weights.items()}
    values = problem.observe(middle)
    draw = np.random.default_rng(0)
    errors = {name: np.zeros(()) for name in values}
    for _ in range(PATTERNS):
        off = {
            name: value + draw.choice([-1.0, 1.0], size=value.shape) * error
            for name, (value, error) in weights.items()
        }
        for name, value in problem.observe(off).items():
            apart = np.abs(value - values[name])
            errors[name] = np.maximum(errors[name], np.max(apart, initial=0.0))
    return {name: (value, errors[name]) for name, value in values.items()}


def _passes(
    problem: Problem, time: float, paths: Sequence[Path], k: int
) -> dict[Place, Uncertain | None]:
    found: dict[Place, Uncertain | None] = {}
    for name, i in problem.watched():
        values = [np.array([float(at[name][k].reshape(-1)[i]) for at in path]) for path in paths]
        times = [_passage(one, time / (len(one) - 1)) for one in values]
        known = [np.asarray(t) for t in times if t is not None]
        if len(known) == len(times):
            found[name, i] = richardson(known)
        elif not known:
            found[name, i] = None
    if any(problem.kinks(problem.start())) and len(found) > 1:
        found = _past_the_first(found, problem, time, paths, k)
    return found


def _past_the_first(
    found: dict[Place, Uncertain | None],
    problem: Problem,
    time: float,
    paths: Sequence[Path],
    k: int,
) -> dict[Place, Uncertain | None]:
    """Passages after the first bend: of first order."""
    met = {place: value for place, value in found.items() if value is not None}
    first = min(met, key=lambda place: float(met[place][0]), default=None)
    changed = dict(found)
    for place in met:
        if place != first:
            name, i = place
            values = [np.array([float(at[name][k][i]) for at in path]) for path in paths]
            times = [_passage(one, time / (len(one) - 1)) for one in values]
            changed[place] = first_order([np.asarray(t) for t in times if t is not None])
    return changed


def _passage(values: Floats, step: float) -> float | None:
    """When a path first has the other sign: by a cubic through its last four places until then."""
    other = np.flatnonzero(np.sign(values) != np.sign(values[0]))
    if not other.size:
        return None
    last = int(other[0])
    first = max(0, last - 3)
    near, places = values[first : last + 1], np.arange(first, last + 1, dtype=float)
    low, high = float(last - 1), float(last)
    for _ in range(60):
        middle = (low + high) / 2
        side = np.sign(_through(places, near, middle)) == np.sign(values[0])
        low, high = (middle, high) if side else (low, middle)
    return (low + high) / 2 * step


def _through(places: Floats, values: Floats, x: float) -> float:
    """Lagrange's polynomial."""
    total = 0.0
    for j, one in enumerate(values):
        others = np.delete(places, j)
        total += float(one * np.prod((x - others) / (places[j] - others)))
    return total


def _ends(problems: Sequence[Problem]) -> list[Observed | None]:
    """Where long descent has come to rest."""
    paces = np.array([_pace(one) for one in problems])
    of, step = repeated(batch(problems), END_LEVELS), torch.tensor(END_STRIDE / paces)
    short = torch.cat([step / (1 << level) for level in range(END_LEVELS)])
    motions = [_motion(moved(of, short)).reshape(END_LEVELS, -1)]
    halfway = of.weights
    for chunk in range(END_STEPS // CHUNK):
        ways = halvings(of, step, CHUNK, END_LEVELS, keep=False)
        weights = {n: torch.cat([path[-1][n] for path, _ in ways]) for n in of.weights}
        of = replace(of, weights=weights)
        motions.append(np.array([_motion(taken[-1]) for _, taken in ways]))
        if 2 * (chunk + 1) == END_STEPS // CHUNK:
            halfway = of.weights
    runs: list[list[Named]] = [[] for _ in problems]
    quiet = np.ones(len(problems), dtype=bool)
    for level in range(END_LEVELS):
        for k, one in enumerate(problems):
            runs[k].append(own(one, of.weights, level * len(problems) + k))
            before = own(one, halfway, level * len(problems) + k)
            quiet[k] &= _rests(one, before, runs[k][-1], [float(z[level][k]) for z in motions])
    return [
        observed(one, _extrapolated(run, False)) if is_quiet else None
        for one, run, is_quiet in zip(problems, runs, quiet, strict=True)
    ]


def _rests(problem: Problem, before: Named, weights: Named, motions: Sequence[float]) -> bool:
    """Whether nothing is left to go: no residual, or a motion that faded instead of being slow.

    Beside a quick motion that fades a slow one is not seen. So the residual has faded too, or it pulls
    on nothing.
    """
    if problem.unstable or tuple(problem.kinks(weights)) != tuple(problem.kinks(problem.start())):
        return False
    early, residual = (
        float(np.max(np.abs(problem.remaining(at)), initial=0.0)) for at in (before, weights)
    )
    if residual <= REACHED * float(problem.sizes(weights)["residual"]):
        return True
    half, last = motions[len(motions) // 2], motions[-1]
    if last > min(STILL * max(motions), FADED * half):
        return False
    return residual <= FADED * early or _is_balanced(problem, weights)


def _is_balanced(problem: Problem, weights: Named) -> bool:
    """Whether the residual pulls on no layer.

    The pull Σ rᵢ ∂rᵢ of a layer's weights is compared with the sum of the absolute values.
    """
    rest = np.ravel(problem.remaining(weights))
    for name, value in weights.items():
        pulls, terms = [], []
        for place in np.ndindex(value.shape):
            apart = max(float(np.abs(value).max()), 1e-300) * SHIFT
            sides = []
            for sign in (1, -1):
                other = value.copy()
                other[place] += sign * apart
                sides.append(np.ravel(problem.remaining(weights | {name: other})))
            each = rest * (sides[0] - sides[1]) / (2 * apart)
            pulls.append(abs(float(each.sum())))
            terms.append(float(np.abs(each).sum()))
        if max(pulls) > BALANCED * max(terms):
            return False
    return True


def _motion(taken: dict[str, Tensor]) -> Floats:
    """The largest of what a step takes, of each problem."""
    largest = [z.abs().reshape(len(z), -1).amax(1) for z in taken.values()]
    found: Floats = torch.stack(largest).amax(0).numpy()
    return found
