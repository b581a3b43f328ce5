"""The start of a network: what float64 would lose of it is computed exactly.

Differences decide everything: on which side of the saddle a neuron passes is the sign of its conserved
quantity E, and how fast a network learns is y − f(0). Where their terms cancel, they are computed from
the exact input, in rational numbers or in balls, and rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import arb, fmpq
from numpy.typing import NDArray

from numeric.catalogue import Network
from numeric.errors import InputError
from numeric.methods.warp.units import Rates, Units, fitting, plain, scale
from numeric.namespaces import Balls, precision

Floats = NDArray[np.float64]

CLOSE = 1e-4  # E, or y − f, of its terms: below, it is computed exactly
MANY = 20_000  # neurons beyond which it is not: each takes some microseconds
ROUNDED = 4e-16  # E of its terms that is zero for all that float64 can tell
JUMPS = 1e-10  # between neighbours in float64, of σ, from which on its digits are too few
BITS = (400, 1600, 6400)  # tried in turn
NEXT = 2.0**-20  # of h, to a neighbour whose velocity tells the slope
HANGS = 1e-10  # of h, from a zero of its velocity, where few digits are left of what it moves
GROWS = 23.0  # exponent of that distance on the way, from which on they are felt: e²³ = 1e10
NEGLIGIBLE = 2.0**-1074  # what a difference is less than that float64 cannot hold
xp = Balls()


@dataclass(frozen=True)
class Start:
    """A network at s = 0.

    Attributes:
        u, h: weights and preactivations.
        units: in which they, and what follows, are of ordinary size.
        law: E of each neuron in units of û², of full relative accuracy; without meaning where σ is
            not homogeneous.
        close: neurons whose orbit passes so close to the saddle that u and h in float64 do not tell.
        output: f(0), as given.
        residual: y − f(0), as given.
        moves: whether any velocity is not zero.
    """

    u: Floats
    h: Floats
    units: Units
    law: Floats
    close: NDArray[np.bool_]
    output: float
    residual: float
    moves: bool
    _growing: dict[float, NDArray[np.bool_]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    def outward(self, network: Network, sign: float) -> NDArray[np.bool_]:
        """Neurons of a homogeneous network whose |h| grows at first."""
        u, h = np.sign(self.u), np.sign(self.h)
        with np.errstate(all="ignore"):
            moved = network.module.velocity_h(u, h, self.units.parameters)
        return np.asarray(sign * moved * h > 0)

    def grows(self, network: Network, sign: float) -> NDArray[np.bool_]:
        """Neurons of a homogeneous network that grow without bound: all others come to rest.

        With E < 0 an orbit never meets h = 0: |h| turns, if it shrinks, and grows. With E ≥ 0 it goes
        on as it began, for E = 0 into the saddle. A neuron of degree 1 with E > 0 passes h = 0 at a
        finite time, and goes on where σ does not vanish on the other side.
        """
        if sign not in self._growing:
            self._growing[sign] = self._grows(network, sign)
        return self._growing[sign]

    def _grows(self, network: Network, sign: float) -> NDArray[np.bool_]:
        below = network.module.activation(np.float64(-1.0), self.units.parameters)
        passes = network.ray_degree == 1 and bool(below != 0)
        stays = (self.law == 0) & (self.h != 0) if passes else self.law >= 0
        alive = (self.law != 0) | (self.h != 0) if passes else network.module.activation(
            np.sign(self.h), self.units.parameters) != 0  # fmt: skip
        return np.asarray(alive & (self.outward(network, sign) | ~stays))


def start(network: Network, rates: Rates, u: Floats, W: Floats, m: Floats, y: float) -> Start:
    """Everything of a start that is decided once.

    Args:
        network: evaluators.
        rates: γ, η_u, η_w and ‖m‖².
        u: initial second layer.
        W: initial first layer.
        m: the data point.
        y: its target.

    Raises:
        InputError: where f(0) or y − f(0) is beyond float64.
    """
    with np.errstate(all="ignore"):
        h = W @ m
    feels = np.ones(u.size, bool)
    if network.degree > 1:
        feels = h != 0
    units = fitting(network, rates, u[feels], h[feels]) if feels.any() else plain(network, rates)
    scaled = units.scaled(u, h)
    with np.errstate(all="ignore"):
        terms = network.module.output(*scaled, units.parameters)
        by_u = network.module.velocity_u(scaled[1], units.parameters)
        by_h = network.module.velocity_h(*scaled, units.parameters)
        spread = scale(float(np.sum(np.abs(terms))), units.f)
        output = scale(float(np.sum(terms)), units.f)
        residual = y - output
    if not (math.isfinite(spread) and math.isfinite(residual)):
        raise InputError(
            "the start", f"an output of {spread:g}", "weights whose output float64 can hold"
        )
    _require_digits(network, h, units)
    exact = Exact(network, rates, u, W, m)
    if u.size <= MANY and abs(residual) <= CLOSE * (spread + abs(y)):
        residual = exact.residual(y)
    moves = bool(np.any(by_u != 0) or np.any(by_h != 0))
    law, close = np.zeros_like(u), np.zeros(u.shape, bool)
    if network.ray_degree and rates.gamma and rates.rho_2:
        law, close = _law(network, units, scaled, exact)
    return Start(u, h, units, law, close, output, residual, moves)


def _require_digits(network: Network, h: Floats, units: Units) -> None:
    """Refuse preactivations between two of which σ oscillates: float64 does not tell its value."""
    if network.ray_degree:
        return
    with np.errstate(all="ignore"):
        here, next_to = (
            network.module.activation(z, units.parameters) for z in (h, np.nextafter(h, 0))
        )
    jumps = np.abs(here - next_to) > JUMPS * np.abs(here).max(initial=0.0)
    if np.any(jumps & (np.abs(h) > 1)):
        found = f"a preactivation of {h[np.argmax(jumps)]:.3g}"
        expected = f"one so small that float64 has digits of {network.name} there"
        raise InputError("W0, x", found, expected)


def require_departures(
    network: Network, rates: Rates, start: Start, exact: Callable[[], Exact], way: float
) -> None:
    """Refuse neurons so close to a zero of σ′ which repels them that rounding decides how they leave.

    Their distance from it has few digits, or none, and grows exponentially.

    Args:
        network: evaluators.
        rates: γ, η_u, η_w and ‖m‖².
        start: the start.
        exact: the same in rational numbers; one that rests exactly stays.
        way: warped time s from the start to the end.

    Raises:
        InputError: where there is one.
    """
    if network.ray_degree:
        return
    u, h, given = start.u, start.h, plain(network, rates).parameters
    with np.errstate(all="ignore"):
        here, beside = (
            np.sign(way) * network.module.velocity_h(u, z, given) for z in (h, h + NEXT * h)
        )
        turned = (beside - here) / NEXT
        near = np.abs(here) < HANGS * np.abs(turned)
        near &= (h != 0) & (turned * np.sign(h) * np.abs(way) > GROWS * np.abs(h))
    for i in np.flatnonzero(near):
        if not exact().is_at_rest(int(i)):
            found = f"a neuron at h = {h[i]:.17g}, a zero of σ′ but for its rounding, which grows"
            raise InputError("W0, x", found, "one whose distance from there float64 holds")


def _law(
    network: Network, units: Units, scaled: tuple[Floats, Floats], exact: Exact
) -> tuple[Floats, NDArray[np.bool_]]:
    """E of each neuron, and where it is small."""
    u, h = scaled
    with np.errstate(all="ignore"):
        law = np.array(network.module.conserved(u, h, units.parameters), dtype=np.float64)
        size = 2 * u * u + np.abs(law)
    close = (np.abs(law) <= CLOSE * size) & (h != 0)
    if np.count_nonzero(close) > MANY:
        return np.where(np.abs(law) <= ROUNDED * size, 0.0, law), close
    for i in np.flatnonzero(close):
        law[i] = exact.law(int(i), units)
    return law, close


class Exact:
    """The start in rational numbers."""

    def __init__(self, network: Network, rates: Rates, u: Floats, W: Floats, m: Floats) -> None:
        self._network, self._u, self._W, self._m = network, u, W, m
        gamma, eta_u, eta_w = map(_rational, rates[:3])
        self._parameters = network.parameters(gamma, eta_u, eta_w, _dot(m, m))

    def law(self, i: int, units: Units) -> float:
        """E of a neuron, in units of û²."""
        u, h = _rational(float(self._u[i])), _dot(self._W[i], self._m)
        return _decided(
            lambda: self._network.module.conserved(u, h, self._parameters, xp), -2 * units.u
        )

    def residual(self, y: float) -> float:
        """Y − f(0)."""
        return _decided(lambda: self._residual(y), 0)

    def _residual(self, y: float) -> Any:
        total: Any = _rational(y)
        for u, row in zip(self._u, self._W, strict=True):
            h: Any = _dot(row, self._m)
            if not self._network.ray_degree:
                h = arb(h)
            total = total - self._network.module.output(_rational(u), h, self._parameters, xp)
        return total

    def is_at_rest(self, i: int) -> bool:
        """Whether the preactivation of a neuron begins exactly where it does not move."""
        u: Any = arb(_rational(self._u[i]))
        with precision(BITS[0]):
            velocity = self._network.module.velocity_h(
                u, arb(_dot(self._W[i], self._m)), self._parameters, xp
            )
            return bool(arb(velocity).is_zero())

    def is_dead(self, i: int) -> bool:
        """Whether a neuron never moves: its velocities are 0, and have not underflown."""
        u: Any = arb(_rational(self._u[i]))
        h: Any = arb(_dot(self._W[i], self._m))
        module, given = self._network.module, self._parameters
        with precision(BITS[0]):
            both = module.velocity_u(h, given, xp), module.velocity_h(u, h, given, xp)
            return all(arb(velocity).is_zero() for velocity in both)


def _rational(value: float) -> fmpq:
    return fmpq(*float(value).as_integer_ratio())


def _dot(a: Sequence[float] | Floats, b: Sequence[float] | Floats) -> fmpq:
    products = (_rational(x) * _rational(y) for x, y in zip(a, b, strict=True))
    return sum(products, fmpq(0))


def _decided(value: Callable[[], Any], exponent: int) -> float:
    """Value · 2^exponent as float64, evaluated in balls until it has digits; 0 where it underflows.

    Raises:
        InputError: where the last precision does not tell it from zero.
    """
    for bits in BITS:
        with precision(bits):
            ball = arb(value())
            if ball.is_zero() or ball.rel_accuracy_bits() >= 60:
                return _rounded(ball, exponent)
            if scale(float(abs(ball).upper()), exponent) <= NEGLIGIBLE:
                return 0.0
    raise InputError("the start", f"a difference of {ball}", "one that is not of rounding size")


def _rounded(ball: arb, exponent: int) -> float:
    """Value · 2^exponent as float64."""
    middle, power = ball.mid().man_exp()
    shift = max(int(middle).bit_length() - 64, 0)
    return scale(float(int(middle) >> shift), int(power) + shift + exponent)


__all__ = ["Exact", "Start", "require_departures", "start"]
