"""The flow in warped time in balls: towards an equilibrium at a finite x = |s|, or without one.

Two unknowns are real: the equilibrium x*, a zero of a monotone function that is enclosed by its signs,
and the place at a time t, by a Newton step in balls from a float guess (`ball_clock`). Near the
equilibrium the place is e = x* exp(−λ), and what is left of the output is the gain of the neurons counted
from the equilibrium, so it keeps its digits at any size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, reduce
from typing import Any

from flint import acb, arb, arb_series, ctx

from numeric.methods.warp.ball_discs import SPREAD, Expansion, Steady, square
from numeric.methods.warp.ball_neurons import (
    LEAST,
    SERIES_BITS,
    ExactNeurons,
    complex_xp,
    rebased,
    series,
    xp,
)
from numeric.methods.warp.ball_series import Laurent, Taylor, inverse, terms
from numeric.methods.warp.ball_ways import Way
from numeric.methods.warp.ball_zero import exact
from numeric.methods.warp.pace import Ending
from numeric.namespaces import UndecidedError


class Motion:
    """Neurons on their way through warped time, x from 0 on.

    Args:
        neurons: with exact starts.
        way: the loss ahead of them.
        grows: whether some of them grow without bound.

    Attributes:
        edges: x at which the pull is not smooth, increasing.
    """

    def __init__(self, neurons: ExactNeurons, way: Way, grows: bool) -> None:
        self.neurons, self.way, self.sign = neurons, way, way.sign
        self.escape = neurons.escape(way.sign) if grows else None
        met = [bend for bend in way.bends if grows or bend < -way.sign * way.output]
        self.edges = [neurons.crossing(bend, self.sign, self.escape) for bend in met]

    def pull(self, x: arb) -> arb:
        """|ℒ′| at a place, in units of the rate; at a bend what it is on either side."""
        gained = self.neurons.gained(x, self.sign, xp)
        first = sum(1 for edge in self.edges if edge < x)
        last = sum(1 for edge in self.edges if not x < edge)
        found = [arb(self.way.pull(gained, piece)) for piece in range(first, last + 1)]
        return reduce(arb.union, found)

    def measure(self, x: arb) -> arb:
        """What the elapsed time is expanded in: x."""
        return x

    def expansion(self, x: arb, guess: arb | None = None) -> Expansion:
        """The output around x, on a disc of about the radius that is guessed."""
        based, gained = self._based(x), self.neurons.gained(x, self.sign, xp)
        kernel = self.neurons.sum("kernel", arb(0), based, xp)
        room = self._room_at(gained) / kernel if guess is None else guess
        for _ in range(ctx.prec if kernel.is_finite() else 0):
            room = exact(room)
            bound = abs(self.neurons.sum("kernel", square(room), based, complex_xp)).upper()
            if bound < kernel * arb(2) ** (ctx.prec // SPREAD):
                gain = series(self.neurons, based, self.sign)
                return Expansion(gained, [self.sign * c for c in gain], room, arb(bound))
            room = room / 2
        raise UndecidedError("no disc on which the kernel is bounded at this precision")

    def integrand(self, around: Expansion, piece: int) -> Taylor:
        """1/pull as a Taylor series in `measure`."""
        radius, least = self._disc(around, piece, around.change)
        with terms(4):
            output = arb_series([around.gained, *around.gain])
            pull = list(arb_series(self.way.pull(output, piece)).coeffs())
        return Taylor(inverse(pull), radius, 1 / least)

    def _disc(self, around: Expansion, piece: int, change: Callable[[arb], arb]) -> tuple[arb, arb]:
        """A radius in x up to which the pull keeps from zero, and its least size there.

        Args:
            around: the output there.
            piece: of the loss.
            change: of the output up to a radius in x, or what may stand for it.
        """
        radius = around.room / 2
        steady = Steady(lambda g: self.way.pull(g, piece), around.gained, 2 * around.change(radius))
        for _ in range(ctx.prec):
            size = change(radius)
            if size > 0:
                least = steady.least(size)
                if least > 0:
                    return radius, least
            radius = radius / 2
        raise UndecidedError("no disc on which the pull keeps from zero at this precision")

    def _based(self, x: arb) -> list[Any]:
        return [rebased(self.neurons, one, self.sign * x) for one in self.neurons.neurons]

    def _room_at(self, gained: arb) -> arb:
        """How far the output may move before the pull vanishes, as far as is known."""
        way = self.way
        if way.distance is None or way.ending is Ending.ARRIVAL:
            return 1 + abs(arb(way.output)) + gained
        return arb(way.distance - gained)


class Endless(Motion):
    """Without an equilibrium: the coordinate is x, which runs to infinity, or to a pole."""

    def place(self, coordinate: arb) -> tuple[arb, arb | None]:
        """X, and what is left of the way, None where the minimum is infinite."""
        if self.way.distance is None:
            return coordinate, None
        return coordinate, self.way.distance - self.neurons.gained(coordinate, self.sign, xp)

    def rate_of_coordinate(self, coordinate: arb, rate: arb) -> arb:
        """dx/dt."""
        return rate * self.pull(coordinate)

    @cached_property
    def rest(self) -> arb | None:
        """The pull in the end, where all neurons come to rest."""
        if self.escape is not None or any(
            self.neurons.grows(one, self.sign) for one in self.neurons.neurons
        ):
            return None
        return arb(self.way.pull(-self.sign * self.way.output, len(self.edges)))


class Unbounded(Endless):
    """Output and neurons grow without bound, and the pull vanishes, often exponentially in the output.

    The elapsed time is expanded in what the output gained, g: dt = dg/(K pull). Where the pull falls
    over a distance in g that is always the same, that in x is ever shorter.
    """

    def measure(self, x: arb) -> arb:
        """G."""
        return self.neurons.gained(x, self.sign, xp)

    def integrand(self, around: Expansion, piece: int) -> Taylor:
        """1/(K pull) in g: on a disc around x where |K| ≥ k g has an inverse up to k times its radius."""
        room, least = self._disc(around, piece, around.invertible)
        slowest = around.slowest(room)
        with terms(4):
            places = arb_series([arb(0), *around.gain]).reversion()
            pull = arb_series(self.way.pull(arb_series([around.gained, 1]), piece))
        with terms(3):
            found = list((places.derivative() / pull).coeffs())
            found += [arb(0)] * (ctx.cap - len(found))
        return Taylor(found, exact(room * slowest), 1 / (slowest * least))


class Equilibrium(Motion):
    """Towards an equilibrium x*: the coordinate is λ = log(x*/e), e = x* − x."""

    def __init__(self, neurons: ExactNeurons, way: Way, grows: bool) -> None:
        super().__init__(neurons, way, grows)
        self.x = neurons.crossing(way.distance, self.sign, self.escape)
        self.based = [rebased(neurons, one, self.sign * self.x) for one in neurons.neurons]
        last = self.x - self.edges[-1] if self.edges else self.x
        self._room = exact(last / 2)

    def _average(self, e: arb) -> arb:
        """Left/e: a mean of K over the stretch, which next to x* is K itself."""
        if e < self.x * arb(2) ** (-2 * ctx.prec):
            end = e.upper()
            stretch = arb(
                (end / 2).mid(), end
            )  # around 0, but not its middle (see `ExactNeurons.at`)
            return arb(self.neurons.sum("kernel", stretch, self.based, xp))
        return arb(-self.sign * self.neurons.sum("gain", -self.sign * e, self.based, xp) / e)

    @cached_property
    def near(self) -> Laurent | None:
        """The series of 1/pull at the equilibrium, where the pull has a zero of some order k there.

        left/e is a mean of K over the stretch from x* − e to x*, and k! pull/left^k one of the k-th
        derivative of the pull: on a disc each lies in any convex set that holds K, or that, there. Where
        both exclude 0, e^k/pull is analytic and bounded.
        """
        order = self.way.order
        if order is None:
            return None
        disc = self._room
        for _ in range(LEAST):
            kernel = abs(self.neurons.sum("kernel", square(disc), self.based, complex_xp))
            curved = self.way.steepness(square(disc * kernel.upper()))
            least = arb(kernel.lower()) ** order * abs(acb(curved)).lower()
            if least > 0:
                break
            disc = exact(disc / 2)
        else:
            raise UndecidedError("no disc around the equilibrium is free of zeros of the kernel")
        gain = series(self.neurons, self.based, -self.sign)
        with terms(3 + order):
            left = arb_series([arb(0), *(-self.sign * c for c in gain)])
            pull = list(arb_series(self.way.near(left)).coeffs())[order:]
        return Laurent(Taylor(inverse(pull), disc, 1 / arb(least)), order)

    @cached_property
    def radius(self) -> arb:
        """How far from the equilibrium its series is used."""
        return arb(0) if self.near is None else self.near.taylor.disc / 2**SERIES_BITS

    def left(self, e: arb) -> arb:
        """What is left, by the gain since the equilibrium where e is small, else since the start."""
        if 4 * e < self._room:
            return e * self._average(e)
        return arb(self.way.distance - self.neurons.gained(self.x - e, self.sign, xp))

    def place(self, coordinate: arb) -> tuple[arb, arb | None]:
        """X and what is left at λ; x keeps its digits next to the start, e next to the end."""
        e = self.x * (-coordinate).exp()
        x = -self.x * (-coordinate).expm1()
        if e < x:
            return x, self.left(e)
        return x, self.way.distance - self.neurons.gained(x, self.sign, xp)

    @cached_property
    def turn(self) -> arb:
        """Λ from which on what is left is counted from the equilibrium, and not from the start."""
        return exact((4 * self.x / self._room).log())

    def slowness(self, coordinate: arb) -> arb:
        """dt/dλ in units of 1/rate, of a motion that `Quadrature` serves."""
        e = self.x * (-coordinate).exp()
        if not coordinate < self.turn:
            gain = self.neurons.sum("gain", -self.sign * e, self.based, xp)
            return arb(e / self.way.near(-self.sign * gain))
        x = -self.x * (-coordinate).expm1()
        return arb(e / self.way.pull(self.neurons.gained(x, self.sign, xp)))

    def slowness_around(self, coordinate: acb) -> acb:
        """The same on a complex ball, as an analytic function; not finite where that may have a pole.

        Next to the equilibrium pull/e is a mean of the slope of the pull times one of the kernel, both
        on a disc, whatever the angle at which e is on it.
        """
        disc = (self.x * (-arb(coordinate.real.lower())).exp()).upper()
        kernel = self.neurons.sum("kernel", square(disc), self.based, complex_xp)
        found = acb(1 / (self.way.steepness(square(disc * abs(kernel).upper())) * kernel))
        if found.is_finite():
            return found
        # Elsewhere by the kernel of neurons that start at the middle: there nothing of them cancels.
        middle = arb(coordinate.real.mid())
        e, x = self.x * (-middle).exp(), -self.x * (-middle).expm1()
        step = e * (middle - coordinate).expm1()
        stretch = acb(step.real.union(0), step.imag.union(0))
        kernel = self.neurons.sum("kernel", -self.sign * stretch, self._based(x), complex_xp)
        gained = self.neurons.gained(x, self.sign, xp) - kernel * step
        return acb((e + step) / self.way.pull(gained))

    def rate_of_coordinate(self, coordinate: arb, rate: arb) -> arb:
        """dλ/dt."""
        e = self.x * (-coordinate).exp()
        has_digits = self.way.keeps_digits and self.way.order == 1
        if not has_digits and self.near is not None and e < self.radius:
            return rate / (self.near.value(e) * e)
        if 4 * e < self._room:
            return rate * arb(self.way.near(self.left(e))) / e
        return rate * self.pull(-self.x * (-coordinate).expm1()) / e


class Arrival(Motion):
    """Towards an equilibrium that is reached in finite time: the coordinate is x; x* is the last edge."""

    def __init__(self, neurons: ExactNeurons, way: Way, grows: bool) -> None:
        super().__init__(neurons, way, grows)
        self.x = neurons.crossing(way.distance, self.sign, self.escape)
        self.edges.append(self.x)

    def place(self, coordinate: arb) -> tuple[arb, arb | None]:
        """X and what is left."""
        return coordinate, self.way.distance - self.neurons.gained(coordinate, self.sign, xp)

    def rate_of_coordinate(self, coordinate: arb, rate: arb) -> arb:
        """dx/dt."""
        return rate * self.pull(coordinate)


AnyMotion = Equilibrium | Arrival | Endless

__all__ = ["AnyMotion", "Arrival", "Endless", "Equilibrium", "Motion", "Unbounded"]
