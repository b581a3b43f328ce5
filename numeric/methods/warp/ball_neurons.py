"""Neurons with exact starts in warped time, in balls, complex balls and power series.

Everything they need is rational, so a neuron that does not move, the sign of μ and whether a neuron
grows without bound are decided, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flint import arb, arb_series, ctx

from numeric.catalogue import Network
from numeric.data.exact import Vector
from numeric.methods.warp.ball_zero import exact, off_zero, zero
from numeric.namespaces import Balls, Complex, Lazy, Series, UndecidedError

xp, complex_xp, series_xp = Lazy(Balls()), Lazy(Complex()), Series()
LEAST = 8192  # doublings and halvings on the way to a place
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
            off_zero(module.u_at(self.parameters, one, place, namespace)),
            off_zero(module.h_at(self.parameters, one, place, namespace)),
        )

    def grows(self, one: Any, sign: int) -> bool:
        """Whether a neuron grows without bound on this way; else it comes to rest at an output of 0.

        Where E < 0 its |h| turns, if it falls. With E ≥ 0 it goes on as it began, unless it passes h = 0,
        as one of degree 1 does with E > 0.
        """
        module, given = self.network.module, self.parameters
        law = module.conserved(one.u_0, one.h_0, given)
        turns = law != 0 if self.network.degree == 1 else law < 0
        return bool(turns or sign * module.velocity_h(one.u_0, one.h_0, given) * one.h_0 > 0)

    def escape(self, sign: int) -> arb | None:
        """The first |s| at which a neuron is infinite, None where none ever is."""
        poles = []
        for one in self.neurons:
            if self.grows(one, sign):
                balls = type(one)(*map(arb, one))
                poles.append(arb(self.network.module.pole(
                    balls._replace(first=sign * balls.first), xp)))  # fmt: skip
        finite = [pole for pole in poles if pole.is_finite()]
        return min(finite, key=lambda pole: float(pole.mid())) if finite else None

    def gained(self, x: Any, sign: int, namespace: Any) -> Any:
        """How far the output has moved at |s| = x, along the way."""
        return sign * self.sum("gain", sign * x, self.neurons, namespace)

    def crossing(self, amount: Any, sign: int, escape: arb | None) -> arb:
        """The |s| at which the output has moved so far.

        Raises:
            UndecidedError: when this precision does not enclose it.
        """
        return zero(
            lambda x: self.gained(x, sign, xp) - amount,
            lambda x: arb(self.sum("kernel", sign * x, self.neurons, xp)),
            *self._bracket(amount, sign, escape),
        )

    def _bracket(self, amount: Any, sign: int, escape: arb | None) -> tuple[arb, arb]:
        """Two x between which it is, as close as a factor 2 in x and to the pole."""
        low = arb(0)
        for high in _outward(escape):
            if self.gained(high, sign, xp) > amount:
                break
            low = high
        else:
            raise UndecidedError("no place past the equilibrium found at this precision")
        for _ in range(LEAST):
            if low > 0:
                return low, high
            half = exact(high / 2)
            low, high = (low, half) if self.gained(half, sign, xp) > amount else (half, high)
        raise UndecidedError("no place before the equilibrium found at this precision")


def exact_neurons(network: Network, u: Vector, h: Vector, parameters: Any) -> ExactNeurons:
    """Those neurons that may move."""
    module, degree = network.module, network.degree
    feels = degree == 1 and parameters.rho_2 != 0  # at h = 0
    moving = tuple(i for i, (a, b) in enumerate(zip(u, h, strict=True)) if b or (feels and a))
    found = []
    for i in moving:
        # Of a neuron that starts at h = 0 the coefficients of D are infinite; one of degree 1 has no D.
        one = module.neuron(u[i], h[i] if h[i] else arb(0), parameters)
        found.append(one._replace(h_0=h[i]))
    return ExactNeurons(network, parameters, tuple(found), moving)


def _outward(escape: arb | None) -> Iterator[arb]:
    """X that double, or whose distance to the pole halves."""
    for k in range(1, LEAST):
        x = arb(2) ** k if escape is None else exact(escape.lower() * (1 - arb(2) ** -k))
        if escape is not None and not x < escape:
            return
        yield x


def rebased(neurons: ExactNeurons, one: Any, s: Any) -> Any:
    """A neuron with its place at s as its start; μ is conserved, and keeps its exact value."""
    place = neurons.network.module.entire_place(s, one, xp)
    u, h = neurons.at(one, place, xp)
    return neurons.network.module.neuron(u, h, neurons.parameters)._replace(mu=one.mu)


def series(neurons: ExactNeurons, based: Sequence[Any], sign: int) -> list[arb]:
    """Taylor coefficients of Σ gain at s = sign · z from the first on.

    They are those of the output, which takes fewer products of series, unless u and h are roots of D:
    the gain is rational.
    """
    power = neurons.network.module.GAIN_POWER
    of = "gain" if power and power % 2 == 0 else "output"
    before, ctx.cap = ctx.cap, ctx.prec // SERIES_BITS + 4
    try:
        s = arb_series([0, sign])
        return list(neurons.sum(of, s, based, series_xp).coeffs())[1:]
    finally:
        ctx.cap = before


__all__ = ["ExactNeurons", "complex_xp", "exact_neurons", "rebased", "series", "series_xp", "xp"]
