"""All neurons of a network in warped time: where they are at s, and the sums over them.

Neurons are taken from panel to panel (`panels`); a place is found from the start of its panel,
so that what is close to a pole, or far from the start, keeps its digits. A closed flow map takes any
distance in one vectorised pass; other neurons are integrated (`marched`). In warped time the
residual that slows learning down is not part of the equations.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from numeric.catalogue import Network
from numeric.methods.warp.approach import STRAIGHT, Approach
from numeric.methods.warp.course import UNDERFLOW, Noise
from numeric.methods.warp.panels import GAUSS, GAUSS_WEIGHTS, Places
from numeric.methods.warp.start import Start
from numeric.methods.warp.units import Rates, Units, scale
from numeric.pickling import NamesModules

Floats = NDArray[np.float64]
State = tuple[Floats, Floats]
Kept = TypeVar("Kept")

KEPT = 1 << 23  # neurons times places that are kept on the way
AT_ONCE = 1 << 19  # neurons times nodes of an integral at a time
WIDE = 256  # neurons, from which on fewer nodes are tried first
CHUNK = 1 << 14  # neurons at a time: they fit the cache
ROUNDED = 2.0**-52
TOWARDS_A_POLE = 2.0  # of the distance to it: by so many powers of e a neuron of degree 2 grows


class Neurons(NamesModules, ABC):
    """Neurons on their way, at the start of a panel; x = |s| in the direction of motion.

    Distances ahead are in the coordinate of the panel, K = |df/dz| and all else in its units; outputs
    and weights are as given.

    Args:
        network: evaluators.
        rates: hyperparameters.
        begun: the start.
        sign: direction of motion in s.

    Attributes:
        is_wide: whether neurons are so many that evaluating them takes longer than the calls.
        escapes: whether a neuron becomes infinite at a finite x.
        finest: a panel shorter than this, of those before it, is kept as it is.
    """

    escapes: bool = False
    finest: float = 1e-40  # between bends all is smooth, if on the smallest of scales

    def __init__(self, network: Network, rates: Rates, begun: Start, sign: float) -> None:
        self._network, self._module = network, network.module
        self._rates, self._begun, self._sign = rates, begun, sign
        self.is_wide = begun.u.size >= WIDE
        self._steps: list[float] = []
        self._stride = 1
        if network.degree > 1:
            self.escapes = bool(np.any(begun.grows(network, sign)))

    @property
    @abstractmethod
    def units(self) -> Units:
        """Units of the present panel."""

    @property
    @abstractmethod
    def approach(self) -> Approach:
        """The coordinate of the present panel."""

    @property
    def noise(self) -> Noise:
        """Errors of K here."""
        if self._network.ray_degree:
            return Noise(ROUNDED * max(1, self._network.degree), UNDERFLOW)
        u, h = self._now()
        with np.errstate(all="ignore"):
            here, next_to = (
                self._module.kernel(u, z, self.units.parameters) for z in (h, h * (1 + ROUNDED))
            )
            shaken = float(np.sum(np.abs(here - next_to)) / np.sum(here))
        shaken = max(ROUNDED, shaken) if math.isfinite(shaken) else ROUNDED
        # K is u² σ′² and more, where σ′² may underflow by itself.
        return Noise(shaken, UNDERFLOW * max(1.0, float(np.abs(u).max()) ** 2))

    @abstractmethod
    def reach(self, width: float) -> float:
        """The widest panel from here, at most `width`, on which all is smooth."""

    @abstractmethod
    def _now(self) -> State:
        """Weights and preactivations at the start of the present panel, in its units."""

    @abstractmethod
    def _ahead(self, distances: Floats) -> Iterator[State]:
        """Weights and preactivations at increasing distances ahead, in the units of the panel.

        Of shape (distances, neurons), some distances after others.
        """

    @abstractmethod
    def _found(self, panel: int, offsets: Floats) -> tuple[State, Units, Approach]:
        """The same on any panel, of shape (offsets, neurons)."""

    @abstractmethod
    def advance(self, width: float) -> None:
        """Go on to the start of the next panel."""

    def _keep(self, kept: dict[int, Kept], width: float, here: Kept, size: int) -> dict[int, Kept]:
        """What is kept of the way after a panel of this width, thinned out where it is too much."""
        self._steps.append(width)
        if len(self._steps) % self._stride == 0:
            kept[len(self._steps)] = here
        if size * len(kept) > KEPT and len(kept) > 2:
            self._stride *= 2
            return {k: z for k, z in kept.items() if k % self._stride == 0}
        return kept

    def kernel(self, ahead: Floats) -> Floats:
        """Σ_i K_i at increasing distances ahead."""
        return self.approach.slope(ahead) * self._sums(self._module.kernel, ahead)

    def output(self, ahead: Floats) -> Floats:
        """Σ_i γ u_i σ(h_i) at increasing distances ahead, as given."""
        with np.errstate(all="ignore"):
            return np.asarray(np.ldexp(self._sums(self._module.output, ahead), self.units.f))

    def _sums(self, function: Callable[..., Floats], ahead: Floats) -> Floats:
        given = self.units.parameters
        with np.errstate(all="ignore"):
            found = [np.sum(function(u, h, given), axis=-1) for u, h in self._ahead(ahead)]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _terms(self) -> Floats:
        """γ u_i σ(h_i) here, in the units of the panel."""
        with np.errstate(all="ignore"):
            return np.asarray(self._module.output(*self._now(), self.units.parameters))

    def output_here(self) -> float:
        """Σ_i γ u_i σ(h_i) here, as given."""
        return scale(float(self._terms().sum()), self.units.f)

    def spread(self) -> float:
        """Σ_i |γ u_i σ(h_i)| here, as given."""
        return scale(float(np.abs(self._terms()).sum()), self.units.f)

    def here(self) -> State:
        """Weights and preactivations at the start of the present panel, as given."""
        return self.units.given(*self._now())

    def at(self, places: Places) -> State:
        """Weights u and preactivations h of every neuron, as given, of shape (places, neurons)."""
        panels = set(places.panel.tolist())
        if len(panels) == 1:
            found, units, _ = self._found(panels.pop(), places.offset)
            u, h = units.given(*found)
        else:
            u, h = (np.empty((places.panel.size, self._begun.u.size)) for _ in range(2))
        for panel in sorted(panels):
            rows = np.flatnonzero(places.panel == panel)
            found, units, _ = self._found(panel, places.offset[rows])
            u[rows], h[rows] = units.given(*found)
        begun = (places.panel == 0) & (places.offset == 0)
        if begun.any():
            u[begun], h[begun] = self._begun.u, self._begun.h
        return u, h

    def change(self, offsets: Floats) -> State:
        """What u and h have changed at offsets on the first panel: an integral, which does not cancel.

        A part of the nodes at a time: of a million neurons all of them are hundreds of megabytes.
        """
        size, number = self._begun.u.size, GAUSS.size
        found = np.zeros((2, offsets.size, size))
        rows = max(1, AT_ONCE // (size * number))
        nodes = number if rows > 1 else min(number, max(1, AT_ONCE // size))
        for first in range(0, offsets.size, rows):
            row = slice(first, first + rows)
            for node in range(0, number, nodes):
                found[:, row] += self._changed(offsets[row], slice(node, node + nodes))
        _, units, _ = self._found(0, np.zeros(1))
        with np.errstate(all="ignore"):
            return units.given(*found)

    def _changed(self, offsets: Floats, part: slice) -> Floats:
        """A part of the sum over the nodes of Gauss, of both, in the units of the first panel."""
        half = offsets[:, None] / 2
        nodes = half * (1 + GAUSS[part])
        (u, h), units, approach = self._found(0, nodes.ravel())
        with np.errstate(all="ignore"):
            by_u = self._module.velocity_u(h, units.parameters)
            by_h = self._module.velocity_h(u, h, units.parameters)
            factor = self._sign * half * GAUSS_WEIGHTS[part] * approach.slope(nodes)
            shape = (*nodes.shape, h.shape[-1])
            fields = (np.broadcast_to(z, h.shape).reshape(shape) for z in (by_u, by_h))
            return np.array([np.einsum("pg,pgi->pi", factor, z) for z in fields])


class ClosedNeurons(Neurons):
    """Neurons with a flow map in closed form; μ is conserved, and stays as it was at the start."""

    def __init__(self, network: Network, rates: Rates, begun: Start, sign: float) -> None:
        super().__init__(network, rates, begun, sign)
        self._parameters = begun.units.parameters
        self._state = begun.units.scaled(begun.u, begun.h)
        self._parts = [
            slice(first, first + CHUNK) for first in range(0, begun.u.size, CHUNK)
        ]  # fmt: skip
        with np.errstate(all="ignore"):
            described = self._module.neuron(*self._state, self._parameters)
        self._mu = np.asarray(np.broadcast_to(described.mu, begun.u.shape))
        self._growing = begun.grows(network, sign)
        self._any_mu = bool((self._mu > 0).any())
        self._kept: dict[int, State] = {0: self._state}
        self._arrive()
        self._approaches = [self._towards()]

    @property
    def approach(self) -> Approach:
        """Towards the first pole ahead."""
        return self._approaches[-1]

    @property
    def units(self) -> Units:
        """Those of the start, all the way."""
        return self._begun.units

    def _now(self) -> State:
        return self._state

    def _ahead(self, distances: Floats) -> Iterator[State]:
        if distances.size == 1 and distances[0] == 0:
            u, h = self._state
            return iter([(u[None], h[None])])
        return self._states(self._described, self.approach.x(distances))

    def advance(self, width: float) -> None:
        """Go on to the start of the next panel."""
        self._state = self._after(self._described, width, self.approach)
        self._kept = self._keep(self._kept, width, self._state, self._state[0].size)
        self._arrive()
        self._approaches.append(self._towards())

    def _arrive(self) -> None:
        """What is known of the neurons at the start of a panel."""
        self._described = self._describe(self._state)
        self._reach: float | None = None

    def _found(self, panel: int, offsets: Floats) -> tuple[State, Units, Approach]:
        base = max(k for k in self._kept if k <= panel)
        described = self._describe(self._kept[base])
        for k in range(base, panel):
            described = self._describe(
                self._after(described, self._steps[k], self._approaches[k])
            )  # fmt: skip
        approach = self._approaches[panel]
        blocks = [*self._states(described, approach.x(offsets))]
        if len(blocks) == 1:
            return blocks[0], self.units, approach
        u, h = (np.concatenate(z) for z in zip(*blocks, strict=True))
        return (u, h), self.units, approach

    def _after(self, described: list[Any], width: float, approach: Approach) -> State:
        ((u, h),) = self._states(described, np.atleast_1d(approach.x(width)))
        return u[0], h[0]

    def _towards(self) -> Approach:
        return Approach(self._escape(self._described)) if self.escapes else STRAIGHT

    def _describe(self, state: State) -> list[Any]:
        """The neurons as the generated module describes them, a chunk at a time."""
        u, h = state
        with np.errstate(all="ignore"):
            return [
                self._module.neuron(u[part], h[part], self._parameters)._replace(mu=self._mu[part])
                for part in self._parts
            ]

    def _escape(self, described: list[Any]) -> float:
        """Distance of the first pole ahead; a neuron that dies has none."""
        first = math.inf
        for part, one in zip(self._parts, described, strict=True):
            mirrored = one._replace(first=self._sign * one.first)
            with np.errstate(all="ignore"):
                poles = self._module.pole(mirrored)[self._growing[part]]
            first = min(first, float(poles.min(initial=math.inf)))
        return first

    def reach(self, width: float) -> float:
        """Some way to the pole; and no growing neuron's D falls by more than a few powers of e."""
        if self._reach is None:
            furthest = TOWARDS_A_POLE * self.approach.pole
            self._reach = min(furthest, self.approach.z(self._fall()))
        return min(width, self._reach)

    def _fall(self) -> float:
        """1/√μ of the fastest growing neuron: D = cosh + D₁ S + … cancels where it falls far."""
        fastest = 0.0
        for part in self._described if self._any_mu else ():
            growing = (self._sign * part.first < 0) & (part.mu > 0) & (part.h_0 != 0)
            fastest = max(fastest, float(part.mu.max(where=growing, initial=0.0)))
        return 1 / math.sqrt(fastest) if fastest > 0 else math.inf

    def _states(self, described: list[Any], ahead: Floats) -> Iterator[State]:
        together = max(1, CHUNK // self._mu.size)
        for first in range(0, ahead.size, together):
            distances = ahead[first : first + together, None]
            places = [self._mapped(part, distances) for part in described]
            if len(places) == 1:
                yield places[0]
                continue
            u, h = (np.concatenate(z, axis=1) for z in zip(*places, strict=True))
            yield u, h

    def _mapped(self, part: Any, distances: Floats) -> State:
        with np.errstate(all="ignore"):
            place = self._module.place(self._sign * distances, part)
            u = self._module.u_at(self._parameters, part, place)
            h = self._module.h_at(self._parameters, part, place)
        # A dead neuron stays; its flow map says so by a difference of large exponentials.
        dead = part.h_0 == 0
        if dead.any():
            return np.where(dead, part.u_0, u), np.where(dead, 0.0, h)
        return u, h
