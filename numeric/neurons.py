"""All neurons of a network in warped time: where they are at s, and the sums over them.

Neurons are taken from panel to panel (`numeric.panels`); a place is found from the start of its panel,
so that what is close to a pole, or far from the start, keeps its digits. A closed flow map takes any
distance in one vectorised pass. Without one the neurons' own equations dθ/ds = v(θ) are integrated
(Dormand-Prince of order 8), which is smooth and takes few steps: in warped time there is no
stiffness, since the residual that slows learning down is not part of it.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.networks import Network
from numeric.panels import Place

Floats = NDArray[np.float64]
State = tuple[Floats, Floats]

KEPT = 1 << 23  # neurons times places that are kept on the way
CHUNK = 1 << 14  # neurons at a time: they fit the cache
TOLERANCE = 1e-13
TOGETHER = 1e-12  # neurons that reach a bend this close to one another reach it at once
BALANCED = 1e-14  # E this small relative to its terms is zero, but for rounding
STEPS = 8  # of the integrator, about as many as a panel holds
OVER = 1e-300  # how far beyond a bend a neuron goes on that has reached it


class Neurons(ABC):
    """Neurons on their way, at the start of a panel; x = |s| in the direction of motion.

    Args:
        network: evaluators.
        parameters: hyperparameters.
        u, h: the start.
        sign: direction of motion in s.

    Attributes:
        escapes: whether a neuron becomes infinite at a finite x.
    """

    escapes: bool = False

    def __init__(
        self, network: Network, parameters: Any, u: Floats, h: Floats, sign: float
    ) -> None:
        self._network, self._module = network, network.module
        self._parameters, self._sign = parameters, sign
        self._state: State = (u, h)
        self._steps: list[float] = []
        self._kept: dict[int, State] = {0: self._state}
        self._stride = 1

    def _grows(self, u: Floats, h: Floats) -> Any:
        """Which neurons of a power h^β, β ≥ 2, become infinite: all others die, at h = 0.

        On an orbit u² − h²/β… = E. With E < 0 it never meets h = 0: |h| turns, and grows; with E ≥ 0 it
        goes on as it began. An E that is zero but for rounding counts as zero.
        """
        module, given = self._module, self._parameters
        outward = self._sign * module.velocity_h(u, h, given) * h > 0
        law = module.conserved(u, h, given)
        return (h != 0) & (outward | (law < -BALANCED * (u * u + np.abs(law))))

    @abstractmethod
    def reach(self, width: float) -> float:
        """The widest panel from here, at most `width`, on which all is smooth."""

    @abstractmethod
    def _states(self, state: State, ahead: Floats) -> Iterator[State]:
        """States at increasing distances ahead of a state."""

    def _after(self, state: State, width: float) -> State:
        """The state at the start of the next panel."""
        (following,) = self._states(state, np.array([width]))
        return following

    def kernel(self, ahead: Floats) -> Floats:
        """Σ_i K_i at increasing distances ahead."""
        return self._sums(self._module.kernel, ahead)

    def output(self, ahead: Floats) -> Floats:
        """Σ_i γ u_i σ(h_i) at increasing distances ahead."""
        return self._sums(self._module.output, ahead)

    def _sums(self, function: Callable[..., Floats], ahead: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return np.array(
                [
                    np.sum(function(u, h, self._parameters))
                    for u, h in self._states(self._state, ahead)
                ]
            )

    def are_growing(self) -> bool:
        """Whether Σ u² + h² grows here, in the direction of motion."""
        u, h = self._state
        with np.errstate(all="ignore"):
            by_u = np.sum(u * self._module.velocity_u(h, self._parameters))
            by_h = np.sum(h * self._module.velocity_h(u, h, self._parameters))
        return bool(self._sign * (by_u + by_h) > 0)

    def spread(self) -> float:
        """Σ_i |γ u_i σ(h_i)| here."""
        with np.errstate(all="ignore"):
            return float(np.sum(np.abs(self._module.output(*self._state, self._parameters))))

    def advance(self, width: float) -> None:
        """Go on to the start of the next panel."""
        self._state = self._after(self._state, width)
        self._steps.append(width)
        if len(self._steps) % self._stride == 0:
            self._kept[len(self._steps)] = self._state
        if self._state[0].size * len(self._kept) > KEPT and len(self._kept) > 2:
            self._stride *= 2
            self._kept = {k: z for k, z in self._kept.items() if k % self._stride == 0}

    def at(self, place: Place) -> State:
        """Weights u and preactivations h of every neuron, from the nearest state that was kept."""
        base = max(k for k in self._kept if k <= place.panel)
        state = self._kept[base]
        for width in self._steps[base : place.panel]:
            state = self._after(state, width)
        (found,) = self._states(state, np.array([place.offset]))
        return found


class ClosedNeurons(Neurons):
    """Neurons with a flow map in closed form; μ is conserved, and stays as it was at the start."""

    def __init__(
        self, network: Network, parameters: Any, u: Floats, h: Floats, sign: float
    ) -> None:
        super().__init__(network, parameters, u, h, sign)
        self._mu = np.asarray(np.broadcast_to(network.module.neuron(u, h, parameters).mu, u.shape))
        self._growing = self._grows(u, h)
        self.escapes = bool(np.any(self._growing))

    def _parts(self) -> Iterator[slice]:
        for first in range(0, self._mu.size, CHUNK):
            yield slice(first, first + CHUNK)

    def _described(self, state: State) -> Iterator[Any]:
        """The neurons as the generated module describes them, a chunk at a time."""
        u, h = state
        for part in self._parts():
            with np.errstate(all="ignore"):
                made = self._module.neuron(u[part], h[part], self._parameters)
            yield made._replace(mu=self._mu[part])

    def _escape(self, state: State) -> float:
        """Distance of the first pole ahead; a neuron that dies has none."""
        first = math.inf
        for part, one in zip(self._parts(), self._described(state), strict=True):
            mirrored = one._replace(first=self._sign * one.first)
            with np.errstate(all="ignore"):
                poles = np.where(self._growing[part], self._module.pole(mirrored), np.inf)
            first = min(first, float(poles.min()))
        return first

    def reach(self, width: float) -> float:
        """Half way to the pole; and no growing neuron's D falls by more than a few powers of e."""
        if self._known is not self._state:
            self._known = self._state
            self._reach = min(self._escape(self._state) / 2, self._fall(self._state))
        return min(width, self._reach)

    _known: State | None = None
    _reach = math.inf

    def _fall(self, state: State) -> float:
        """1/√μ of the fastest growing neuron: D = cosh + D₁ S + … cancels where it falls far."""
        fastest = 0.0
        for part in self._described(state):
            growing = (self._sign * part.first < 0) & (part.mu > 0) & (part.h_0 != 0)
            fastest = max(fastest, float(np.max(np.where(growing, part.mu, 0.0))))
        return 1 / math.sqrt(fastest) if fastest > 0 else math.inf

    def _states(self, state: State, ahead: Floats) -> Iterator[State]:
        parts = list(self._described(state))
        for distance in ahead:
            places = [self._mapped(part, float(distance)) for part in parts]
            yield tuple(np.concatenate(z) for z in zip(*places, strict=True))  # type: ignore[misc]

    def _mapped(self, part: Any, distance: float) -> State:
        with np.errstate(all="ignore"):
            place = self._module.place(np.float64(self._sign * distance), part)
            u = self._module.u_at(self._parameters, part, place)
            h = self._module.h_at(self._parameters, part, place)
        # A dead neuron stays; its flow map says so by a difference of large exponentials.
        dead = part.h_0 == 0
        return np.where(dead, part.u_0, u), np.where(dead, 0.0, h)


class MarchedNeurons(Neurons):
    """Neurons whose equations are integrated; panels end where a neuron meets a bend of σ."""

    def __init__(
        self, network: Network, parameters: Any, u: Floats, h: Floats, sign: float
    ) -> None:
        super().__init__(network, parameters, u, h, sign)
        if network.degree >= 2:
            self.escapes = bool(np.any(self._grows(u, h)))
        self._decay = self._decay_rates(u, h)
        trial = self._stepper(self._state, math.inf)
        for _ in range(STEPS // 2):
            if trial.status == "running":
                trial.step()
        self._step = float(trial.h_abs)  # of the integrator, lately

    def _decay_rates(self, u: Floats, h: Floats) -> Floats:
        """−h′/h of neurons that shrink along a ray to u = h = 0, for relu and its like; else 0.

        With E = 0 they keep that rate for ever. Integrated, they would come off the ray by rounding.
        """
        if self._network.degree or self._network.ray_degree != 1:
            return np.zeros_like(u)
        module, given = self._module, self._parameters
        speed = self._sign * module.velocity_h(u, h, given)
        law = module.conserved(u, h, given)
        dies = (speed * h < 0) & (np.abs(law) <= BALANCED * u * u)
        return np.where(dies, -speed / np.where(dies, h, 1.0), 0.0)

    @cached_property
    def _bends(self) -> tuple[float, ...]:
        return tuple(map(float, self._module.BENDS))

    def _branch(self, h: Floats) -> tuple[Floats, Floats]:
        """The preactivations between the bends next to h, where σ is smooth; all for h at a bend."""
        edges = np.array([-math.inf, *self._bends, math.inf])
        above = np.searchsorted(edges[1:-1], h, side="right") + 1
        at_bend = edges[above - 1] == h
        lowest, highest = (np.nextafter(edges[k], h) for k in (above - 1, above))
        return np.where(at_bend, -math.inf, lowest), np.where(at_bend, math.inf, highest)

    def _velocity(self, x: float, state: Floats, lowest: Floats, highest: Floats) -> Floats:
        u, h = np.split(state, 2)
        # Beyond a bend the field is held: an integrator that looks ahead finds no kink there.
        h = np.clip(h, lowest, highest)
        with np.errstate(all="ignore"):
            du = self._module.velocity_u(h, self._parameters)
            dh = self._module.velocity_h(u, h, self._parameters)
        integrated = self._decay == 0
        return self._sign * np.concatenate([du * integrated, dh * integrated])

    def _stepper(self, state: State, end: float) -> Any:
        from scipy.integrate import DOP853

        start = np.concatenate(state)
        scale = float(np.abs(start).max()) or 1.0
        lowest, highest = self._branch(state[1])
        return DOP853(
            lambda x, y: self._velocity(x, y, lowest, highest),
            0.0, start, end, rtol=TOLERANCE, atol=TOLERANCE * scale * 1e-3,
        )  # fmt: skip

    def _states(self, state: State, ahead: Floats) -> Iterator[State]:
        waiting = [float(distance) for distance in ahead]
        while waiting and waiting[0] <= 0:
            yield state
            waiting.pop(0)
        if not waiting:
            return
        stepper = self._stepper(state, waiting[-1])
        self._step = 0.0
        while waiting:
            stepper.step()
            if stepper.status == "failed":
                for _ in waiting:
                    yield np.full_like(state[0], np.nan), np.full_like(state[1], np.nan)
                return
            self._step = max(self._step, float(stepper.step_size))
            dense = stepper.dense_output() if waiting[0] < stepper.t else None
            while waiting and waiting[0] <= stepper.t:
                at = waiting.pop(0)
                here = stepper.y.copy() if dense is None or at == stepper.t else dense(at)
                u, h = np.split(here, 2)
                left = np.exp(-self._decay * at)
                yield u * left, h * left

    def reach(self, width: float) -> float:
        """As far as some steps of the integrator; up to where the first neuron meets a bend."""
        width = min(width, STEPS * self._step)
        if not self._bends:
            return width
        if self._known is not self._state or self._searched < width:
            self._known, self._searched = self._state, width
            self._meeting = self._first_meeting(width)
        return min(width, self._meeting)

    _known: State | None = None
    _searched, _meeting = 0.0, math.inf

    def _first_meeting(self, width: float) -> float:
        """Distance at which a neuron first changes its side of a bend, or infinity."""
        size, stepper = self._state[0].size, self._stepper(self._state, width)
        bends = np.array(self._bends)[:, None]
        sides = np.sign(self._state[1] - bends)
        while stepper.status == "running":
            stepper.step()
            changed = np.argwhere((np.sign(stepper.y[size:] - bends) * sides) < 0)
            if stepper.status == "failed":
                break
            if changed.size:
                dense = stepper.dense_output()
                return min(_root(dense, size + i, bends[b, 0], stepper) for b, i in changed)
        return math.inf

    def _after(self, state: State, width: float) -> State:
        """As it is, but a neuron that has just reached a bend goes on beyond it."""
        u, h = super()._after(state, width)
        for bend in self._bends:
            gone = h - state[1]
            met = (np.abs(h - bend) <= TOGETHER * np.abs(gone)) & (state[1] != bend)
            h = np.where(met, bend + np.copysign(OVER, gone), h)
        return u, h


def _root(dense: Any, component: int, level: float, stepper: Any) -> float:
    """Where a component of the last step passes a level."""
    from scipy.optimize import brentq

    return float(
        brentq(
            lambda x: dense(x)[component] - level, stepper.t_old, stepper.t, xtol=1e-300, rtol=1e-15
        )
    )
