"""The end of a flow: where descent comes to rest, the loss on the way, the names of what happens."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from verify.oracle.named.chain import Chain
from verify.oracle.named.neuron import Neuron
from verify.oracle.named.problem import Vector
from verify.oracle.named.reference import REACH, Case
from verify.properties.named.agreement import compare
from verify.properties.named.theory import Maker
from verify.properties.outcome import FLOOR, LeftOut, Results

CAUTION = 4.0  # times the error of an extrapolation from steps as long as those to the end
RESTING = 1e-6  # of the size of an observable: what descent that rests may still be from its end
MOMENTS = 17
LATE, MARCHED = 1e20, 1e3  # in units of 1/pace: of a solution, and of a march, which takes long
SLOWEST = 10.0  # d(T) over d(T) − d(2T) for d ~ T^−1/6, as four equal factors fall to no target
MOVING = 1e-6  # of the size of an observable, in the time from T to 2T


def ends_where_descent_ends(case: Case, make: Maker) -> Results:
    """At t = ∞ every observable is where descent came to rest."""
    if case.end is None:
        yield LeftOut("descent does not come to rest, rests at a saddle, or meets a bend")
        return
    end = make(case.problem).limit()
    if end is None:
        yield LeftOut("the end is not known")
        return
    measured = {name: (value, CAUTION * error) for name, (value, error) in case.end.items()}
    if "phi" in measured and np.abs(measured["w"][0]).max() <= RESTING * float(case.sizes["w"]):
        yield LeftOut("the direction of a layer that ends at zero")
        del measured["phi"]
    yield from compare(end, measured, case.sizes, case.problem.name, RESTING)


def tends_to_its_limit(case: Case, make: Maker) -> Results:
    """Late states are the limit, but for what the flow has still to go.

    They are those that solve the raw equations; descent ends within fewer digits.
    """
    theory = make(case.problem)
    if (end := theory.limit()) is None:
        yield LeftOut("the end is not known")
        return
    time = case.time / REACH * (LATE if theory.has_digits else MARCHED)
    before, late = (theory.observables(z * time) for z in (1, 2))
    names = [n for n in end if n in case.sizes and n not in ("phi", "kernel_distance")]
    sizes = {n: float(case.sizes[n]) + float(np.max(np.abs(end[n]))) + 1e-300 for n in names}
    moved = {n: float(np.max(np.abs(late[n] - before[n]))) for n in names}
    if any(moved[n] > MOVING * sizes[n] for n in names):
        yield LeftOut("it still moves when it is late")
        return
    for name in names:
        allowed = (FLOOR + 2 * theory.accuracy) * sizes[name] + SLOWEST * moved[name]
        off = float(np.max(np.abs(late[name] - end[name])))
        yield f"{case.problem.name}: {name}", off / allowed


def falls(case: Case, make: Maker) -> Results:
    """The loss never rises."""
    theory = make(case.problem)
    times = case.time * np.linspace(0, 8, MOMENTS)
    losses = np.array([float(theory.observables(t)["loss"]) for t in times])
    rise = float(np.clip(np.diff(losses), 0, None).max())
    allowed = (1e-13 + theory.accuracy) * float(case.sizes["loss"]) + 1e-300
    yield case.problem.name, rise / allowed


def names_what_happens(case: Case, make: Maker) -> Results:
    """The regime, or the kind of the end, is what exact signs of the start say."""
    told = make(case.problem).regime()
    if told is None:
        yield LeftOut("it has no name")
        return
    expected = _expected(case)
    yield f"{case.problem.name}: {told}, signs say {expected}", 0.0 if told == expected else np.inf


def _expected(case: Case) -> str:
    problem = case.problem
    if isinstance(problem, Neuron):
        return _regime(problem)
    assert isinstance(problem, Chain)
    return _kind(problem)


def _regime(problem: Neuron) -> str:
    """The sign of η_w a² − η_a‖w∥²: of w in the row space of X."""
    basis: list[list[Fraction]] = []
    for row in problem.X:
        rest = [z - s for z, s in zip(row, _projected(row, basis), strict=True)]
        basis += [rest] if any(rest) else []
    seen = _projected(problem.w0, basis)
    delta = problem.eta_w * problem.a0**2 - problem.eta_a * sum(z * z for z in seen)
    return "upstream" if delta > 0 else "downstream" if delta < 0 else "balanced"


def _projected(vector: Vector, basis: list[list[Fraction]]) -> list[Fraction]:
    found = [Fraction(0)] * len(vector)
    for one in basis:
        share = sum((x * y for x, y in zip(vector, one, strict=True)), Fraction(0))
        share /= sum((x * x for x in one), Fraction(0))
        found = [z + share * x for z, x in zip(found, one, strict=True)]
    return found


def _kind(problem: Chain) -> str:
    """A chain ends at a saddle where its product has the wrong sign and two factors shrink together."""
    product = Fraction(1)
    for one in problem.a0:
        product *= one
    if product == problem.y or list(problem.a0).count(Fraction(0)) > 1:
        return "at rest"
    squares = [one * one / rate for one, rate in zip(problem.a0, problem.eta, strict=True)]
    pinned = squares.count(min(squares)) > 1
    return "saddle" if pinned and product * problem.y < 0 else "target"
