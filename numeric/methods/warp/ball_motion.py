"""The flow in warped time in balls: towards an equilibrium at a finite x = |s|, or without one.

Two unknowns are real: the equilibrium x*, a zero of a monotone function that is enclosed by its signs,
and the place at a time t, by a Newton step in balls from a float guess (`ball_clock`). Near the
equilibrium the place is e = x* exp(−λ), and what is left of the output is the gain of the neurons counted
from the equilibrium, so it keeps its digits at any size.
"""

from __future__ import annotations

from functools import cached_property

from flint import acb, arb, arb_series, ctx

from numeric.methods.warp.ball_neurons import (
    LEAST,
    SERIES_BITS,
    ExactNeurons,
    complex_xp,
    rebased,
    series,
    xp,
)
from numeric.methods.warp.ball_series import Taylor, inverse, terms
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
        """|ℒ′| at a place, in units of the rate."""
        return arb(self.way.pull(self.neurons.gained(x, self.sign, xp), self.piece(x)))

    def piece(self, x: arb) -> int:
        """Between which bends a place is.

        Raises:
            UndecidedError: at a bend.
        """
        for number, edge in enumerate(self.edges):
            if x < edge:
                return number
            if not x > edge:
                raise UndecidedError("the place is at a bend of the loss at this precision")
        return len(self.edges)

    def around(self, x: arb, piece: int, guess: arb | None = None) -> Taylor:
        """The Taylor series of 1/pull at x, on a disc of at most the radius that is guessed.

        The output changes by the integral of K, so on a disc of radius ϱ by at most ϱ max|K|.
        """
        neurons, way = self.neurons, self.way
        based = [rebased(neurons, one, self.sign * x) for one in neurons.neurons]
        gained = neurons.gained(x, self.sign, xp)
        disc = self._room_at(gained) / neurons.sum("kernel", arb(0), based, xp) / 2
        if guess is not None and guess < disc:
            disc = guess
        for _ in range(LEAST):
            disc = exact(disc)
            box = acb(arb(0, disc), arb(0, disc))
            change = disc * abs(neurons.sum("kernel", box, based, complex_xp)).upper()
            moved = acb(gained + arb(0, change), arb(0, change))
            least = abs(acb(way.pull(moved, piece))).lower()
            if least > 0:
                break
            disc = disc / 2
        else:
            raise UndecidedError("no disc on which the pull keeps from zero at this precision")
        gain = [self.sign * c for c in series(neurons, based, self.sign)[1:]]
        with terms(4):
            pull = arb_series([gained, *gain])
            slopes = list(arb_series(way.pull(pull, piece)).coeffs())
        return Taylor(inverse(slopes), disc, 1 / arb(least))

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
    def near(self) -> Taylor:
        """The Taylor series of e/pull at the equilibrium, where ℒ″ > 0.

        left/e is a mean of K over the stretch from x* − e to x*, and pull/left one of ℒ″: on a disc each
        lies in any convex set that holds K, or ℒ″, there. Where both exclude 0, e/pull is analytic and
        bounded.
        """
        disc = self._room
        for _ in range(LEAST):
            box = acb(arb(0, disc), arb(0, disc))
            kernel = abs(self.neurons.sum("kernel", box, self.based, complex_xp))
            change = disc * kernel.upper()
            curved = self.way.steepness(acb(arb(0, change), arb(0, change)))
            least = kernel.lower() * abs(acb(curved)).lower()
            if least > 0:
                break
            disc = exact(disc / 2)
        else:
            raise UndecidedError("no disc around the equilibrium is free of zeros of the kernel")
        gain = series(self.neurons, self.based, -self.sign)[1:]
        with terms(4):
            left = arb_series([arb(0), *(-self.sign * c for c in gain)])
            pull = list(arb_series(self.way.near(left)).coeffs())[1:]
        return Taylor(inverse(pull), disc, 1 / arb(least))

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

    def rate_of_coordinate(self, coordinate: arb, rate: arb) -> arb:
        """dλ/dt."""
        e = self.x * (-coordinate).exp()
        if self.way.ending is Ending.EXPONENTIAL and e < self.near.disc / 2**SERIES_BITS:
            return rate / self.near.value(e)
        if 4 * e < self._room:
            return rate * arb(self.way.near(self.left(e))) / e
        return rate * self.pull(self.x - e) / e


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


__all__ = ["Arrival", "Endless", "Equilibrium", "Motion"]
