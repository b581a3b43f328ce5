"""Where a chain is at a time: the clock inverted in the logarithm of the distance from the limit.

x = x* − (x* − x₀) e^{−u}, u ≥ 0: u grows with time, and the distance keeps its digits, however small.
The residual is factored, x R − Y = −(x* − x) (…), and so are the weights: no subtraction takes digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flint import arb, fmpq

from numeric.methods.chains import clock, integral
from numeric.methods.chains.balls import ball, root
from numeric.methods.chains.exact import Chain
from numeric.namespaces import UndecidedError

TRIALS = 600
FURTHER = 16  # bits beyond those of the precision


@dataclass(frozen=True)
class State:
    """A chain at one time, in balls.

    Attributes:
        a: factors.
        product: their product.
        residual: product − y.
        loss: half its square.
    """

    a: tuple[arb, ...]
    product: arb
    residual: arb
    loss: arb


class Motion:
    """A chain that moves, at the precision that flint has when it is made.

    Args:
        chain: not at rest.
        solved: whether its clock is asked for.

    Raises:
        NoClockError: where the clock has no closed form.
        UndecidedError: where the precision is too low.
    """

    def __init__(self, chain: Chain, solved: bool = True) -> None:
        self.chain = chain
        self.time_of = clock.antiderivative(chain) if solved and chain.depth > 1 else None
        place = clock.place(chain)
        self.end, self.end_radius = place.end, place.radius
        self.Y, self.H = root(chain.level), ball(chain.H)
        self.start = root(chain.square) * chain.sign
        self.whole = self.end - self.start

    @cached_property
    def _origin(self) -> arb | None:
        """The clock at the start; None where its form is 0/0 there, or nowhere finite."""
        if self.time_of is None:
            return None
        found = self.time_of(self.start, self.whole, self.chain.sign or 1)
        return found if found.is_finite() else None

    @cached_property
    def _across(self) -> arb:
        """What the two sides of x = 0 differ by."""
        assert self.time_of is not None
        before, after = (self.time_of(arb(0), self.end, side) for side in (-1, 1))
        return before - after

    def elapsed(self, u: arb) -> arb:
        """The time at u, by the closed form; by the integral where that is 0/0 at the start."""
        if self._origin is None:
            return integral.elapsed(self.chain, self.end, self.whole, u)
        assert self.time_of is not None
        x, gap = self.position(u)
        side = (1 if x > 0 else -1) if self.chain.sign < 0 else 1
        found = self.time_of(x, gap, side) - self._origin
        if clock.has_legs(self.chain) and self.chain.sign < 0 < side:
            found += self._across
        return found / self.H

    def at(self, time: fmpq) -> State:
        """The state at a time > 0."""
        u = self.H * ball(time) if self.chain.depth == 1 else self._inverted(ball(time))
        return self.state(*self.position(u))

    @property
    def limit(self) -> State:
        """The state at t = ∞."""
        return self.state(self.end, arb(0))

    def time_to(self, residual: arb) -> arb:
        """The time at which |∏ a − y| has fallen to a value between those at the start and the end."""
        goal = residual / self.H.sqrt()
        low, high = arb(0), arb(1)
        while abs(self.lacking(*self.position(high))).mid() > goal.mid():
            low, high = high, 2 * high
        for _ in range(2 * clock.bits()):
            middle = ((low + high) / 2).mid()
            over = abs(self.lacking(*self.position(middle))).mid() > goal.mid()
            low, high = (middle, high) if over else (low, middle)
        u = low.union(high)
        if self.chain.depth == 1:
            return u / self.H
        return self._time(u)

    def velocity(self, u: arb) -> arb:
        """du/dt."""
        return 1 / self._speed(*self.position(u))

    def position(self, u: arb) -> tuple[arb, arb]:
        """X and x* − x."""
        gap = self.whole * (-u).exp()
        x = self.start - self.whole * (-u).expm1() if u < 1 else self.end - gap
        return x, gap

    def lacking(self, x: arb, gap: arb) -> arb:
        """Y − x R, factored."""
        chain = self.chain
        if chain.level == 0:
            return -x * clock.radius(chain, x)
        if chain.ends_at_saddle or not x > 0:
            return self.Y - x * clock.radius(chain, x)
        return gap * self._pull(x, gap)

    def _pull(self, x: arb, gap: arb) -> arb:
        """(Y − x R)/(x* − x), without subtraction where x > 0."""
        chain, R = self.chain, clock.radius(self.chain, x)
        if chain.level == 0:
            return R
        if chain.ends_at_saddle or not x > 0:
            return (self.Y - x * R) / gap
        return integral.pull(chain, self.end, self.end_radius, x, R)

    def state(self, x: arb, gap: arb) -> State:
        """All of a chain at x."""
        chain = self.chain
        z, H = x * x, self.H.sqrt()
        a = []
        for k, (c, eta, start) in enumerate(zip(chain.c, chain.eta, chain.a, strict=True)):
            if k == chain.least:
                a.append(x * root(eta) * chain.flip)
            else:
                sign = 1 if start > 0 else -1
                a.append(
                    ((z + ball(c)) * ball(eta)).sqrt() * sign if c else abs(x) * root(eta) * sign
                )
        side = 1 if chain.y >= 0 else -1
        if chain.level == 0:
            side = 1 if chain.product > 0 else -1
        residual = -H * self.lacking(x, gap) * side
        product = H * x * clock.radius(chain, x) * side
        return State(tuple(a), product, residual, residual * residual / 2)

    def _speed(self, x: arb, gap: arb) -> arb:
        """dt/du."""
        return 1 / (self.H * self._pull(x, gap) * clock.radius(self.chain, x))

    def _time(self, u: arb) -> arb:
        """The time at u; far on its way by the slope there, which is enclosed from there on."""
        if self._far is not None and u > self._far:
            x, gap = self.position(self._far)
            on = self._speed(x.union(self.end), gap)
            return self._finite(self.elapsed(self._far)) + (u - self._far) * on
        return self._finite(self.elapsed(u))

    @cached_property
    def _far(self) -> arb | None:
        """Where x is the target, to all bits; None where the flow ends at 0."""
        if not self.end > 0:
            return None
        left = (abs(self.whole) / self.end).log() + (clock.bits() + FURTHER) * arb(2).log()
        return left.mid()

    @staticmethod
    def _finite(time: arb) -> arb:
        if not time.is_finite():
            raise UndecidedError("the clock")
        return time

    def _inverted(self, time: arb) -> arb:
        """The ball of u at a time: Newton's method within brackets, then proved by two signs."""
        low, high = arb(0), None
        u = (time / self._speed(self.start, self.whole)).mid()
        for trial in range(TRIALS):
            now = self._time(u)
            slope = self._speed(*self.position(u))
            rest = now - time
            if rest.mid() > 0:
                high = u
            else:
                low = u
            step = rest / slope
            if abs(step.mid()) < 2 * step.rad() or abs(step).mid() < abs(u) * arb(2) ** (
                8 - clock.bits()
            ):
                return self._proved(u, step, time)
            u = _next(u, now.mid(), time.mid(), slope.mid(), (low, high), trial)
        raise UndecidedError(f"the clock is not inverted in {TRIALS} steps")

    def _proved(self, u: arb, step: arb, time: arb) -> arb:
        """With a radius at whose ends the clock is certainly before and after."""
        error = (4 * abs(step)).upper() + u * arb(2) ** (8 - clock.bits())
        first, last = (u - error).mid(), (u + error).mid()
        if not first > 0 or not (self._time(first) < time and self._time(last) > time):
            raise UndecidedError("the place at a time")
        return first.union(last)


def _next(
    u: arb, now: arb, time: arb, slope: arb, bracket: tuple[arb, arb | None], trial: int
) -> arb:
    """Newton's step, on t in u or on log t in log u by turns, or half of the bracket."""
    low, high = bracket
    step = (now - time) / slope
    if trial % 3 == 1 and now > 0:
        step = -u * (-(now / time).log() * now / (slope * u)).expm1()
    candidate = (u - step).mid()
    inside = candidate > low and (high is None or candidate < high)
    if inside and trial % 3 < 2:
        return candidate
    if high is None:
        return 4 * u
    return ((low * high).sqrt() if low > 0 else high / 1024).mid()
