"""Gradient flow in warped time from exact rational input, in Arb balls: any number of digits.

Everything the neurons need is rational (`ExactNeurons`), so a neuron that does not move, the sign of
μ, a target that is out of reach and a start at the target are decided, not guessed. Two unknowns are
real: the equilibrium x*, a zero of a monotone function that is enclosed by its signs, and the place
at a time t, by a Newton step in balls from a float guess. Near the equilibrium the place is
e = x* exp(−λ), and the residual R = e G(e) is the gain of the neurons counted from the equilibrium,
so it keeps its digits at any size.

The elapsed time is a sum of logarithms over the roots of f = y, where the network has one
(`logarithms`), and else a rigorous quadrature.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import acb, arb, arb_series, ctx, fmpq

from numeric.catalogue import Network
from numeric.methods.explicit.balls import ExactPoint, Snapshot
from numeric.namespaces import Balls, Complex, Series, UndecidedError

xp, complex_xp, series_xp = Balls(), Complex(), Series()
LEAST = 8192  # doublings and halvings on the way to the equilibrium
SERIES_BITS = 2  # each term of a series is this many bits smaller than the one before


@dataclass(frozen=True)
class ExactNeurons:
    """Neurons with exact starts.

    Attributes:
        network: evaluators, with a flow map.
        parameters: exact hyperparameters.
        neurons: those that move, as the generated module describes them.
        moving: their indices.
    """

    network: Network
    parameters: Any
    neurons: tuple[Any, ...]
    moving: tuple[int, ...]

    def sum(self, function: str, s: Any, neurons: Sequence[Any], namespace: Any) -> Any:
        """Σ_i function_i at warped time s, a real or complex ball."""
        module, total = self.network.module, s * 0
        for one in neurons:
            place = module.entire_place(s, one, namespace)
            if function == "gain":
                top = module.gain_numerator(self.parameters, one, place, namespace)
                total += module.gain(top, place, namespace)
            else:
                u, h = self.at(one, place, namespace)
                total += getattr(module, function)(u, h, self.parameters, namespace)
        return total

    def at(self, one: Any, place: Any, namespace: Any) -> tuple[Any, Any]:
        """Weights u and preactivations h of a neuron at a place."""
        module = self.network.module
        return (
            _off_zero(module.u_at(self.parameters, one, place, namespace)),
            _off_zero(module.h_at(self.parameters, one, place, namespace)),
        )


class Equilibrium:
    """The flow towards an equilibrium x* at finite warped time.

    Args:
        neurons: with exact starts.
        sign: direction of motion in s.
        distance: |y − f(0)|, exact.
        escape: the first pole, a ball, or None.
    """

    def __init__(
        self, neurons: ExactNeurons, sign: int, distance: fmpq, escape: arb | None
    ) -> None:
        self.neurons, self.sign, self.distance = neurons, sign, distance
        self.x = self._enclose(escape)
        self.based = [rebased(neurons, one, sign * self.x) for one in neurons.neurons]

    def _gained(self, x: arb) -> arb:
        return self.sign * self.neurons.sum("gain", self.sign * x, self.neurons.neurons, xp)

    def _enclose(self, escape: arb | None) -> arb:
        """A ball around x*, by a bracket, bisection and Newton steps whose result is checked."""
        low, high = self._bracket(escape)
        x = _middle(low, high)
        for _ in range(40):  # until Newton converges
            x, low, high = self._halve(x, low, high)
        for _ in range(ctx.prec):
            excess = self._gained(x) - self.distance
            step = excess / self.neurons.sum("kernel", self.sign * x, self.neurons.neurons, xp)
            x = _exact(x - step)
            if abs(step) < x * arb(2) ** (-ctx.prec // 2):
                return self._widened(x)
        raise UndecidedError("the equilibrium is not enclosed at this precision")

    def _widened(self, x: arb) -> arb:
        """A ball around x at whose ends f is on either side: as narrow as f, which may cancel, tells."""
        bits = 16
        while bits < ctx.prec // 2:
            radius = arb(2) ** (bits - ctx.prec) * x
            if self._gained(x - radius) < self.distance < self._gained(x + radius):
                return arb(x.mid(), radius.upper())
            bits += 16
        raise UndecidedError("the equilibrium is not enclosed at this precision")

    def _bracket(self, escape: arb | None) -> tuple[arb, arb]:
        """Two x between which f passes the target, as close as a factor 2 in x and to the pole."""
        low = arb(0)
        for high in self._outward(escape):
            if self._gained(high) > self.distance:
                break
            low = high
        else:
            raise UndecidedError("no place past the equilibrium found at this precision")
        for _ in range(LEAST):
            if low > 0:
                return low, high
            half = _exact(high / 2)
            low, high = (low, half) if self._gained(half) > self.distance else (half, high)
        raise UndecidedError("no place before the equilibrium found at this precision")

    def _outward(self, escape: arb | None) -> Iterator[arb]:
        """X that double, or whose distance to the pole halves."""
        for k in range(1, LEAST):
            x = arb(2) ** k if escape is None else _exact(escape.lower() * (1 - arb(2) ** -k))
            if escape is not None and not x < escape:
                return
            yield x

    def _halve(self, x: arb, low: arb, high: arb) -> tuple[arb, arb, arb]:
        excess = self._gained(x) - self.distance
        if excess > 0:
            high = x
        elif excess < 0:
            low = x
        return _middle(low, high), low, high

    def slope_average(self, e: Any, namespace: Any = xp) -> Any:
        """G = R/e, with e = x* − x: a mean of K over the stretch, which next to x* is K itself."""
        if namespace is xp and e < self.x * arb(2) ** (-2 * ctx.prec):
            end = e.upper()
            stretch = arb((end / 2).mid(), end)  # around 0, but not its middle (see `_off_zero`)
            return self.neurons.sum("kernel", stretch, self.based, namespace)
        gain = self.neurons.sum("gain", -self.sign * e, self.based, namespace)
        return -self.sign * gain / e

    @cached_property
    def near(self) -> Taylor:
        """The Taylor series of 1/G at the equilibrium.

        G(e) is a mean of K over the stretch from x* − e to x*, so on a disc it lies in any convex
        set that holds K there. Where that set excludes 0, 1/G is analytic and bounded.
        """
        disc = _exact(self.x / 2)
        for _ in range(LEAST):
            box = acb(arb(0, disc), arb(0, disc))
            least = abs(self.neurons.sum("kernel", box, self.based, complex_xp)).lower()
            if least > 0:
                break
            disc = _exact(disc / 2)
        else:
            raise UndecidedError("no disc around the equilibrium is free of zeros of the kernel")
        gain = _series(self.neurons, self.based, -self.sign)
        return Taylor(_inverse([-self.sign * c for c in gain[1:]]), disc, 1 / arb(least))

    def residual_near(self, e: arb) -> arb:
        """R from the gain since the equilibrium where e is small, and since the start elsewhere."""
        if e < self.near.disc / 2:
            return e * self.slope_average(e)
        return residual(self, self.x - e, xp)

    def place(self, coordinate: arb) -> tuple[arb, arb]:
        """X and R at λ; x keeps its digits next to the start, e next to the end."""
        e = self.x * (-coordinate).exp()
        x = -self.x * (-coordinate).expm1()
        return x, self.residual_near(e) if e < x else residual(self, x, xp)

    def rate_of_coordinate(self, coordinate: arb, rate: arb) -> arb:
        """dλ/dt."""
        e = self.x * (-coordinate).exp()
        return rate * self.residual_near(e) / e


class Unreachable:
    """The flow of a network whose neurons all die: x runs to infinity, R falls to its limit."""

    def __init__(self, neurons: ExactNeurons, sign: int, distance: fmpq, target: fmpq) -> None:
        self.neurons, self.sign, self.distance, self.target = neurons, sign, distance, target

    def place(self, coordinate: arb) -> tuple[arb, arb]:
        """X and R at x."""
        return coordinate, residual(self, coordinate, xp)

    def rate_of_coordinate(self, coordinate: arb, rate: arb) -> arb:
        """dx/dt."""
        return rate * residual(self, coordinate, xp)


def residual(motion: Equilibrium | Unreachable, x: Any, namespace: Any) -> Any:
    """R(x) from the gain since the start; near an equilibrium it cancels."""
    neurons, sign = motion.neurons, motion.sign
    return motion.distance - sign * neurons.sum("gain", sign * x, neurons.neurons, namespace)


@dataclass(frozen=True)
class Taylor:
    """∫ of 1/R or of 1/G around a centre, by Taylor coefficients with a bound on what is left out.

    Attributes:
        coefficients: of the integrand, at the centre.
        disc: radius ϱ on which the integrand is analytic.
        bound: M, of its size there: coefficient k is at most M/ϱ^k.
    """

    coefficients: list[arb]
    disc: arb
    bound: arb

    def primitive(self, distance: arb, first: int = 0) -> arb:
        """Σ_{k ≥ first} c_k z^(k+1−first)/(k+1−first), z = distance, |z| < ϱ.

        With `first` = 1 that is the integral of the integrand without its value at the centre, over
        the distance.
        """
        total, number = arb(0), len(self.coefficients)
        for k in range(number - 1, first - 1, -1):
            total = (total + self.coefficients[k] / (k + 1 - first)) * distance
        ratio = abs(distance) / self.disc
        rest = self.bound * ratio**number / (1 - ratio)
        rest = rest if first else rest * abs(distance)
        return total + arb(0, rest.upper())


def around(motion: Equilibrium | Unreachable, x: arb, guess: arb | None = None) -> Taylor:
    """The Taylor series of 1/R at x, on a disc of at most the radius that is guessed.

    R changes by the integral of K, so on a disc of radius ϱ it is at least R(x) − ϱ max|K|.
    """
    neurons, sign = motion.neurons, motion.sign
    based = [rebased(neurons, one, sign * x) for one in neurons.neurons]
    here = residual(motion, x, xp)
    disc = here / neurons.sum("kernel", arb(0), based, xp) / 2
    if guess is not None and guess < disc:
        disc = guess
    for _ in range(LEAST):
        disc = _exact(disc)
        box = acb(arb(0, disc), arb(0, disc))
        largest = abs(neurons.sum("kernel", box, based, complex_xp)).upper()
        least = here - disc * largest
        if least > 0:
            break
        disc = disc / 2
    else:
        raise UndecidedError("no disc on which the residual keeps from zero at this precision")
    gain = _series(neurons, based, sign)
    slopes = [here, *(-sign * c for c in gain[1:])]
    return Taylor(_inverse(slopes), disc, 1 / least)


def rebased(neurons: ExactNeurons, one: Any, s: Any) -> Any:
    """A neuron with its place at s as its start; μ is conserved, and keeps its exact value."""
    place = neurons.network.module.entire_place(s, one, xp)
    u, h = neurons.at(one, place, xp)
    return neurons.network.module.neuron(u, h, neurons.parameters)._replace(mu=one.mu)


def _series(neurons: ExactNeurons, based: Sequence[Any], sign: int) -> list[arb]:
    """Taylor coefficients of Σ gain at s = sign · z."""
    before, ctx.cap = ctx.cap, ctx.prec // SERIES_BITS + 4
    try:
        return list(neurons.sum("gain", arb_series([0, sign]), based, series_xp).coeffs())
    finally:
        ctx.cap = before


def _inverse(coefficients: list[arb]) -> list[arb]:
    before, ctx.cap = ctx.cap, ctx.prec // SERIES_BITS + 3
    try:
        return list((1 / arb_series(coefficients)).coeffs())
    finally:
        ctx.cap = before


def _off_zero(value: Any) -> Any:
    """A ball whose middle is 0 with another middle: arb's powers of such a ball are nan."""
    if isinstance(value, arb) and value.mid() == 0 and value.rad() > 0:
        radius = value.rad()
        return arb(radius.upper() / 4, (radius * 2).upper())
    return value


def _exact(value: arb) -> arb:
    return arb(value.mid())


def _middle(low: arb, high: arb) -> arb:
    return _exact((low + high) / 2)


__all__ = ["Equilibrium", "ExactNeurons", "ExactPoint", "Fraction", "Snapshot", "Unreachable"]
