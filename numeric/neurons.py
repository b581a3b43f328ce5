"""All neurons of a network in warped time: where they are at s, and the sums over them.

A closed flow map takes any s in one vectorised pass. Without one the neurons' own equations
dθ/ds = v(θ) are integrated (Dormand-Prince of order 8), which is smooth and takes few steps: in
warped time there is no stiffness, since the residual that slows learning down is not part of it.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from numeric.networks import Network

Floats = NDArray[np.float64]
KEPT = 1 << 20  # neurons times places that are kept on the way
CHUNK = 1 << 14  # neurons at a time: they fit the cache
TOLERANCE = 1e-13


class Neurons(Protocol):
    """What a trajectory asks of the neurons; `x` is |s| in the direction of motion."""

    def kernel(self, x: float, ahead: Floats) -> Floats:
        """Σ_i K_i at increasing distances ahead of x."""
        ...

    def output(self, x: float, ahead: Floats) -> Floats:
        """Σ_i γ u_i σ(h_i) at increasing distances ahead of x."""
        ...

    def at(self, x: float) -> tuple[Floats, Floats]:
        """Weights u and preactivations h of every neuron at x."""
        ...

    @property
    def escape(self) -> float:
        """The first x at which a neuron is infinite."""
        ...


class ClosedNeurons:
    """Neurons with a flow map in closed form.

    A place far from the start has lost digits that distances from it have not, so the flow map is
    taken from the latest place that was asked for; μ is conserved, and stays as it was at the start.

    Args:
        network: evaluators.
        parameters: hyperparameters.
        u, h: the start.
        sign: direction of motion in s.
    """

    def __init__(
        self, network: Network, parameters: Any, u: Floats, h: Floats, sign: float
    ) -> None:
        self._module, self._parameters, self._sign = network.module, parameters, sign
        self._u, self._h = u, h
        self._start = [
            self._module.neuron(u[part], h[part], parameters) for part in _slices(u.size)
        ]
        self._x, self._here = 0.0, self._start
        self._kept = [(0.0, self._start)]

    @property
    def escape(self) -> float:
        """The first pole in the direction of motion; a neuron at h = 0 stays and has none."""
        first = math.inf
        for part in self._start:
            mirrored = part._replace(first=self._sign * part.first)
            moving = part.h_0 != 0
            with np.errstate(all="ignore"):
                poles = np.where(moving, self._module.pole(mirrored), np.inf)
            first = min(first, float(poles.min()))
        return first

    def _place(self, part: Any, x: float) -> tuple[Floats, Floats]:
        with np.errstate(all="ignore"):
            place = self._module.place(np.float64(self._sign * x), part)
            u = self._module.u_at(self._parameters, part, place)
            h = self._module.h_at(self._parameters, part, place)
        # A dead neuron stays; its flow map says so by a difference of large exponentials.
        dead = part.h_0 == 0
        return np.where(dead, part.u_0, u), np.where(dead, 0.0, h)

    def kernel(self, x: float, ahead: Floats) -> Floats:
        """Σ_i K_i."""
        return self._sums(self._module.kernel, x, ahead)

    def output(self, x: float, ahead: Floats) -> Floats:
        """Σ_i γ u_i σ(h_i)."""
        return self._sums(self._module.output, x, ahead)

    def _sums(self, function: Callable[..., Floats], x: float, ahead: Floats) -> Floats:
        if x < self._x:
            self._x, self._here = 0.0, self._start
        if x > self._x:
            self._here = [self._rebased(part, x - self._x) for part in self._here]
            self._x = x
            if x > self._kept[-1][0] and self._u.size * len(self._kept) < KEPT:
                self._kept.append((x, self._here))
        total = np.zeros(len(ahead))
        for part in self._here:
            for k, distance in enumerate(ahead):
                u, h = self._place(part, float(distance))
                with np.errstate(all="ignore"):
                    total[k] += np.sum(function(u, h, self._parameters))
        return total

    def _rebased(self, part: Any, distance: float) -> Any:
        u, h = self._place(part, distance)
        with np.errstate(all="ignore"):
            return self._module.neuron(u, h, self._parameters)._replace(mu=part.mu)

    def at(self, x: float) -> tuple[Floats, Floats]:
        """Weights u and preactivations h of every neuron, from the nearest place that was kept."""
        base, parts = self._kept[bisect.bisect_right(self._kept, x, key=lambda z: z[0]) - 1]
        places = [self._place(part, x - base) for part in parts]
        u, h = (np.concatenate(z) for z in zip(*places, strict=True))
        return u, h


class MarchedNeurons:
    """Neurons whose equations are integrated in warped time; arguments as of `ClosedNeurons`.

    The state is kept at the latest place that was asked for, so that panels go forward only.
    """

    def __init__(
        self, network: Network, parameters: Any, u: Floats, h: Floats, sign: float
    ) -> None:
        self._module, self._parameters, self._sign = network.module, parameters, sign
        self._size = u.size
        self._start = np.concatenate([u, h])
        self._x, self._state = 0.0, self._start

    escape = math.inf

    def _velocity(self, x: float, state: Floats) -> Floats:
        u, h = state[: self._size], state[self._size :]
        out = np.empty_like(state)
        with np.errstate(all="ignore"):
            out[: self._size] = self._module.velocity_u(h, self._parameters)
            out[self._size :] = self._module.velocity_h(u, h, self._parameters)
        return self._sign * out

    def _march(self, start: float, state: Floats, stops: Floats) -> Iterator[Floats]:
        """States at increasing stops."""
        from scipy.integrate import DOP853

        last = float(stops[-1])
        if last <= start:
            yield from (state for _ in stops)
            return
        scale = float(np.abs(state).max()) or 1.0
        stepper = DOP853(
            self._velocity, start, state, last, rtol=TOLERANCE, atol=TOLERANCE * scale * 1e-3
        )
        waiting = list(stops)
        while waiting and waiting[0] <= start:
            yield state
            waiting.pop(0)
        while waiting:
            stepper.step()
            if stepper.status == "failed":
                for _ in waiting:
                    yield np.full_like(state, np.nan)
                return
            dense = stepper.dense_output()
            while waiting and waiting[0] <= stepper.t:
                at = waiting.pop(0)
                yield stepper.y.copy() if at == stepper.t else dense(at)

    def kernel(self, x: float, ahead: Floats) -> Floats:
        """Σ_i K_i."""
        return self._sums(self._module.kernel, x, ahead)

    def output(self, x: float, ahead: Floats) -> Floats:
        """Σ_i γ u_i σ(h_i)."""
        return self._sums(self._module.output, x, ahead)

    def _sums(self, function: Callable[..., Floats], x: float, ahead: Floats) -> Floats:
        if x < self._x:
            self._x, self._state = 0.0, self._start
        if x > self._x:
            (self._state,) = self._march(0.0, self._state, np.array([x - self._x]))
            self._x = x
        values = []
        for here in self._march(0.0, self._state, ahead):
            u, h = here[: self._size], here[self._size :]
            with np.errstate(all="ignore"):
                values.append(float(np.sum(function(u, h, self._parameters))))
        return np.array(values)

    def at(self, x: float) -> tuple[Floats, Floats]:
        """Weights u and preactivations h of every neuron."""
        (state,) = self._march(0.0, self._start, np.array([min(x, 1e6)]))
        return state[: self._size], state[self._size :]


def _slices(size: int) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, size, CHUNK)]
