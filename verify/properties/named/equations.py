"""The theory solves the raw equations at any time, however late: where descent and series do not reach.

Differences of what it gives in many digits are the velocities that its own state says; and at t = 0 it
is the start, so that it is the flow.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mpmath import mp, mpf

from verify.oracle.named.equations import product_velocities, velocities
from verify.oracle.named.layers import Layers
from verify.oracle.named.problem import Problem
from verify.oracle.named.reference import Case
from verify.properties.named.theory import Maker, Theory
from verify.properties.outcome import LeftOut, Results

DIGITS, STEP = 60, 20  # of the states; of the difference in time
RIGHT = 1e-15  # of a velocity, to it and to rates times state; rates are rounded to floats
TIMES = (Fraction(1, 7), Fraction(3), Fraction(10**4), Fraction(10**20))  # in units of 1/pace


def solves_its_equations(case: Case, make: Maker) -> Results:
    """d/dt by differences is −η ∂L/∂θ by differences of the loss, from early to 10²⁰ time scales."""
    problem, theory = case.problem, make(case.problem)
    if not theory.has_digits:
        yield LeftOut("it has no digits: marched in floats")
        return
    unit = Fraction(case.time) / 4
    for time in (unit * factor for factor in TIMES):
        with mp.workdps(4 * DIGITS):
            yield f"{problem.name}: t = {float(time):.2g}", _off(problem, theory, time)


def _off(problem: Problem, theory: Theory, time: Fraction) -> float:
    small = time / 10**STEP
    before, now, after = (theory.digits(t, DIGITS) for t in (time - small, time, time + small))
    twice = 2 * mpf(small.numerator) / small.denominator
    expected = _expected(problem, now)
    whole, pace = max(map(abs, _flat([now[name] for name in expected]))), problem.pace()
    worst = mpf(0)
    for name, wanted in expected.items():
        ends = _flat(after[name]), _flat(before[name])
        slopes = [(a - b) / twice for a, b in zip(*ends, strict=True)]
        size = max(map(abs, [*_flat(wanted), *slopes]), default=mpf(0))
        # What is as good as at rest moves by less than the differences of its digits.
        floor = mpf(10) ** (4 - DIGITS) * (max(map(abs, ends[0])) / twice + whole * pace)
        for slope, value in zip(slopes, _flat(wanted), strict=True):
            worst = max(worst, abs(slope - value) / (RIGHT * size + floor + mpf(10) ** -300))
    return float(worst)


def _expected(problem: Problem, now: dict[str, Any]) -> dict[str, Any]:
    if isinstance(problem, Layers):
        return {name: list(z) for name, z in product_velocities(problem, now).items()}
    names = problem.start()
    weights = {name: _flat(now[name]) for name in names}
    rates = {name: [mpf(float(z)) for z in values] for name, values in problem.rates().items()}
    return velocities(problem, weights, rates, DIGITS // 2)


def _flat(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [z for one in value for z in _flat(one)]
    return [mpf(value)]
