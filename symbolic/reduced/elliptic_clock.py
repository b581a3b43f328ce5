"""Where the warp is at a time: the inverse of t(s) = ∫₀ˢ dσ/signal, by steps that meet no pole.

From where it stands w runs as (v′)² = Σ r_k vᵏ, and its power series is less, term by term, than that of
the same equation with |r_k|: no pole is nearer than the time in which that one blows up,

    T = ∫₀^∞ dV / √(p² + |r₁| V + |r₂| V² + |r₃| V³ + |r₄| V⁴).

Outputs grow along their own gradient, so on a step of T/2 the signal has one root at most, where the flow
rests: there s = s* − d e^{−x} has dt/dx that tends to a number.
"""

from __future__ import annotations

from collections.abc import Callable

import mpmath
from mpmath import mp, mpf

from symbolic.reduced.elliptic_numbers import AtNumbers

STEPS, ITERATIONS, PIECE = 200, 60, 4


def warp_at(solution: AtNumbers, time: mpf) -> mpf:
    """s(t), from t = 0 on.

    Args:
        solution: at numbers, with rates and targets.
        time: t ≥ 0.

    Raises:
        ArithmeticError: where time is not reached in many steps: the warp grows without end.
    """
    first = solution.signal(mpf(0))
    s, elapsed, direction = mpf(0), mpf(0), mpmath.sign(first)
    if direction == 0 or time == 0:
        return s
    for _ in range(STEPS):
        step = direction * solution.free_of_poles(s) / 2
        if solution.signal(s + step) * direction <= 0:
            return _before_rest(solution, s, s + step, time - elapsed)
        passed = mpmath.quad(lambda one: 1 / solution.signal(one), [s, s + step])
        if elapsed + passed >= time:
            return _within(solution, s, step, time - elapsed)
        s, elapsed = s + step, elapsed + passed
    raise ArithmeticError(f"t = {time} is not reached in {STEPS} steps of the warp")


def _within(solution: AtNumbers, s: mpf, step: mpf, time: mpf) -> mpf:
    """Where the time is reached, in a step in which it is."""
    return s + step * _reached(lambda part: step / solution.signal(s + part * step), time, mpf(1))


def _before_rest(solution: AtNumbers, s: mpf, beyond: mpf, time: mpf) -> mpf:
    """With x of s = rest − d exp(−x), up to where s is the rest at this precision."""
    rest = mpmath.findroot(solution.signal, (s, beyond), solver="anderson", verify=False)
    d = rest - s
    most = mpmath.log(abs(d) / max(abs(d), abs(rest)) / mp.eps) - 2

    def slope(x: mpf) -> mpf:
        left = d * mpmath.exp(-x)
        return left / solution.signal(rest - left)

    return rest - d * mpmath.exp(-_reached(slope, time, most))


def _reached(slope: Callable[[mpf], mpf], time: mpf, most: mpf) -> mpf:
    """The x with ∫₀ˣ slope = time, by Newton's method; `most` where it would be beyond.

    Args:
        slope: positive and smooth.
        time: to be reached.
        most: largest x.
    """
    x, passed = mpf(0), mpf(0)
    for _ in range(ITERATIONS):
        new = min(most, x + (time - passed) / slope(x))
        pieces = 1 + int(abs(new - x) / PIECE)
        passed += mpmath.quad(slope, mpmath.linspace(x, new, pieces + 1))
        if abs(new - x) <= mp.eps * 2**10 * max(1, abs(new)) or (new == most and passed < time):
            return new
        x = new
    raise ArithmeticError(f"the clock does not settle at t = {time}")
