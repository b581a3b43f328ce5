"""The inverse of the elapsed time in balls."""

from __future__ import annotations

from functools import cached_property

from flint import arb, ctx, fmpq

from numeric.methods.warp.ball_elapsed import AnyMotion, Elapsed, Panels, Series, elapsed_time
from numeric.methods.warp.ball_motion import Arrival, Equilibrium, Unbounded
from numeric.methods.warp.ball_neurons import xp
from numeric.methods.warp.pace import Ending
from numeric.namespaces import UndecidedError

STEPS = (
    400  # of the inversion of t(s): brackets of hundreds of decades are halved in their logarithm
)
WIDENED = 24  # bits by which a hull is widened that does not hold its image


class Clock:
    """Inverts the elapsed time of a motion.

    Args:
        motion: of the network.
        times: how many are asked for.
    """

    def __init__(self, motion: AnyMotion, times: int) -> None:
        self.motion, self.rate, self._times = motion, arb(motion.way.rate), times

    @cached_property
    def _elapsed(self) -> Elapsed:
        """Made where a time is asked for: the start and the end need none."""
        return elapsed_time(self.motion, self._times)

    @property
    def scale(self) -> arb:
        """Time scale: the residual falls like exp(−4 t/t_c).

        Infinite where it does not, or slower than any exponential; 0 where it vanishes in finite time.
        """
        motion = self.motion
        if isinstance(motion, Arrival):
            return arb(0)
        if not isinstance(motion, Equilibrium) or motion.way.ending is Ending.SLOW:
            return arb("inf")
        kernel = motion.neurons.sum("kernel", motion.sign * motion.x, motion.neurons.neurons, xp)
        return 4 / (self.rate * arb(motion.way.steepness(arb(0))) * kernel)

    def has_arrived(self, t: fmpq) -> bool | None:
        """Whether the equilibrium is reached by a time; None where this precision does not tell."""
        if not isinstance(self.motion, Arrival):
            return False
        assert isinstance(self._elapsed, Panels)
        arrival = self._elapsed.to_the_last_edge() / self.rate
        return bool(arrival < t) if arrival < t or arrival > t else None

    def time(self, coordinate: arb) -> arb:
        """Elapsed time at λ or x."""
        return self._elapsed(coordinate) / self.rate

    def coordinate(self, t: fmpq, guess: float) -> arb:
        """An enclosure of the coordinate at t: Newton kept in a bracket, the last step in balls.

        Args:
            t: time.
            guess: the coordinate in float64, if it has it.

        Raises:
            UndecidedError: when this precision does not enclose it.
        """
        if t == 0:
            return arb(0)
        low, high = arb(0), arb("inf")
        if isinstance(self._elapsed, Panels):
            low, high = self._elapsed.around(arb(t) * self.rate)
        value = arb(guess) if low < guess < high else self._first(t, low, high)
        for _ in range(STEPS):
            value = arb(value.mid())
            if not value.is_finite():
                break
            now = self.time(value)
            step = self._step(t, now, value)
            if abs(step).upper() < abs(value) * arb(2) ** (-ctx.prec // 2):
                return self._enclosed(t, value, now, abs(step).upper())
            low, high = (value, high) if now < t else (low, value)
            following = value + step
            if following < low or following > high or not following > 0:
                following = _between(low, high, value)
            value = following
        raise UndecidedError("the place at a time is not enclosed at this precision")

    def _speed(self, coordinate: arb) -> arb:
        """dλ/dt or dx/dt; from series that are there, or from the neurons."""
        if isinstance(self._elapsed, Series):
            return self.rate / self._elapsed.slowness(coordinate)
        return self.motion.rate_of_coordinate(coordinate, self.rate)

    @property
    def _is_geometric(self) -> bool:
        """Whether the coordinate goes on with the logarithm of a late time."""
        return isinstance(self.motion, Unbounded) or self.motion.way.ending is Ending.SLOW

    def _first(self, t: fmpq, low: arb, high: arb) -> arb:
        if high.is_finite():
            return (low + high) / 2
        early = t * self.motion.rate_of_coordinate(arb(0), self.rate)
        return max(early.log1p() if self._is_geometric else early, 2 * low)

    def _step(self, t: fmpq, now: arb, value: arb) -> arb:
        """Newton's, for the time, or for its logarithm where that is far off."""
        speed = self._speed(value)
        if self._is_geometric and now > 0 and not now / 2 < t < 2 * now:
            return now * (t / now).log() * speed
        return (t - now) * speed

    def _enclosed(self, t: fmpq, value: arb, now: arb, size: arb) -> arb:
        """A Newton step in balls, on a hull that is widened until it holds its own image."""
        bits = 8
        while bits < ctx.prec // 2:
            hull = arb(value.mid(), 4 * size + abs(value) * arb(2) ** (bits - ctx.prec))
            found = value + (t - now) * self._speed(hull)
            if found in hull:
                return found
            bits += WIDENED
        raise UndecidedError("the place at a time is not enclosed at this precision")


def _between(low: arb, high: arb, value: arb) -> arb:
    """Somewhere within a bracket that may reach from 0 to infinity, in the middle of its logarithm."""
    if not high.is_finite():
        return 16 * value
    if low == 0:
        return value / 16
    return (low * high).sqrt() if high > 4 * low else (low + high) / 2
