"""Gradient flow of any network of the family, solved in warped time.

    flow = WarpedFlow("cubic", u0, W0, x, y, gamma=1.0, eta_u=0.1, eta_w=0.1)
    flow.loss([0, 1, 10]), flow.u(1.0), flow.limit_kind

Everything is a function of one number, the warped time s(t): the neurons follow their own fields,
and t(s) is a quadrature whose inverse is computed once (`numeric.elapsed`).
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric import line, networks, point
from numeric.arrays import Floats, finite, float64
from numeric.course import find_course
from numeric.elapsed import Elapsed
from numeric.endless import Endless
from numeric.errors import InputError
from numeric.neurons import ClosedNeurons, MarchedNeurons, Neurons
from numeric.panels import Place

FAR = 1e100  # warped time beyond which nothing of a dying neuron is left
REMEMBERED = 10_000  # places that are kept
REACHED, SADDLE, BOUNDARY, AT_REST = "target", "saddle", "boundary", "at rest"


class WarpedFlow:
    """Gradient flow dθ/dt = −η_θ ∂L/∂θ of f(x) = γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ xⱼ), L = (f − y)².

    Args:
        network: the network's name, e.g. "quadratic", "tanh", "power5".
        u0: initial second layer, shape (d,).
        W0: initial first layer, shape (d, d0).
        x: one input, shape (d0,), or a data set, shape (n, d0): on a line for powers, on a ray
            for relu and its like, equal inputs for other activations.
        y: its target, or the targets of the set, shape (n,).
        gamma, eta_u, eta_w: output scale and learning rates.

    Raises:
        InputError: on shapes that disagree, values that are not finite, rates that are not
            positive, data without an effective point, and an unknown network.

    Attributes:
        point: what the data amount to, loss = M (f(m) − y)² + floor.
        limit_kind: where the flow ends: at the "target", at a "saddle" (no force is left, the target
            is out of reach), at a "boundary" (weights go to infinity, target out of reach), or
            "at rest" (it never moves).
    """

    def __init__(
        self,
        network: str,
        u0: ArrayLike,
        W0: ArrayLike,
        x: ArrayLike,
        y: ArrayLike,
        *,
        gamma: float = 1.0,
        eta_u: float = 1.0,
        eta_w: float = 1.0,
        line_tolerance: float = line.LINE_TOLERANCE,
    ) -> None:
        self.network = networks.load(network)
        self.u0, self.W0 = finite("u0", u0, 1), finite("W0", W0, 2)
        if self.W0.shape[0] != self.u0.size or not self.u0.size or not self.W0.shape[1]:
            raise InputError(
                "W0", f"shape {self.W0.shape}", f"({self.u0.size}, d0), one row per entry of u0"
            )
        for name, rate in (("gamma", gamma), ("eta_u", eta_u), ("eta_w", eta_w)):
            finite(name, rate, 0)
            if name != "gamma" and not rate > 0:
                raise InputError(name, rate, "a positive learning rate")
        self.point = self._data_point(x, y, line_tolerance)
        self._solve((float(gamma), float(eta_u), float(eta_w)))

    @classmethod
    def on_point(
        cls,
        network: networks.Network,
        u0: Floats,
        W0: Floats,
        data: point.DataPoint,
        rates: tuple[float, float, float],
    ) -> WarpedFlow:
        """The flow of data that are a point already; rates are γ, η_u, η_w."""
        self = cls.__new__(cls)
        self.network, self.u0, self.W0, self.point = network, u0, W0, data
        self._solve(rates)
        return self

    def _data_point(self, x: ArrayLike, y: ArrayLike, tolerance: float) -> point.DataPoint:
        inputs, targets = self.W0.shape[1], np.asarray(y)
        if targets.ndim == 0:
            one = finite("x", x, 1)
            if one.shape != (inputs,):
                raise InputError("x", f"shape {one.shape}", f"({inputs},), as W0 has columns")
            return point.of_point(one, float(finite("y", y, 0)))
        X, targets = finite("X", x, 2), finite("targets", y, 1)
        if X.shape != (targets.size, inputs) or not targets.size:
            raise InputError("X", f"shape {X.shape}", f"({targets.size}, {inputs})")
        return point.of_set(X, targets, self.network, tolerance)

    def _solve(self, rates: tuple[float, float, float]) -> None:
        """Find the equilibrium, if there is one, and prepare t(s)."""
        self._h0 = self.W0 @ self.point.vector
        self._parameters = self.network.parameters(*rates, self.point.norm_2)
        module, given = self.network.module, self._parameters
        with np.errstate(all="ignore"):
            self._f0 = float(np.sum(module.output(self.u0, self._h0, given)))
            start = float(np.sum(module.kernel(self.u0, self._h0, given)))
        if not (math.isfinite(self._f0) and math.isfinite(start)):
            found = f"an output of {self._f0} with a tangent kernel of {start}"
            raise InputError("the start", found, "weights whose output float64 can hold")
        residual = self._f0 - self.point.target
        self._sign = 1.0 if residual < 0 else -1.0
        self._known: dict[float, tuple[Place, float]] = {}
        self._elapsed: Elapsed | None = None
        self._endless: Endless | None = None
        if residual == 0 or not start > 0:
            self.limit_kind = REACHED if residual == 0 else AT_REST
            return
        rate = 2 * self.point.weight
        self._neurons = self._at_start()
        course = None
        if not self._is_out_of_reach():
            course = find_course(self._neurons, self.point.target, abs(residual))
        if course is not None:
            self.limit_kind = REACHED
            self._elapsed = Elapsed(course, rate)
            return
        self.limit_kind = self._kind_without_equilibrium()
        self._neurons = self._at_start()
        width = abs(residual) / start / 8
        self._endless = Endless(self._neurons, self.point.target, rate, width)

    def _at_start(self) -> Neurons:
        kind = ClosedNeurons if self.network.has_flow_map else MarchedNeurons
        return kind(self.network, self._parameters, self.u0, self._h0, self._sign)

    def _kind_without_equilibrium(self) -> str:
        """Neurons of a power die at h = 0, a saddle; its output 0 may be the target itself.

        Others fade as their weights grow for ever, or shrink.
        """
        if self.network.degree:
            return REACHED if self.point.target == 0 else SADDLE
        return BOUNDARY if self._neurons.are_growing() else SADDLE

    def _is_out_of_reach(self) -> bool:
        """For powers: no neuron grows without bound, so all die, and f ends at 0, short of y."""
        return (
            self.network.degree >= 2
            and not self._neurons.escapes
            and self._sign * self.point.target >= 0
        )

    def _times(self, t: ArrayLike) -> Floats:
        """Times as an array.

        Raises:
            InputError: for a time that is negative or not a number.
        """
        try:
            times = np.asarray(t, dtype=float)
        except (TypeError, ValueError):
            raise InputError("t", repr(t)[:60], "times t >= 0") from None
        if np.any(~(times >= 0)):
            raise InputError("t", times[~(times >= 0)].flat[0], "times t >= 0")
        return times

    def _sizes(self, t: ArrayLike) -> Floats:
        """The residual |y − f| at times t."""
        times = self._times(t)
        size = np.zeros(times.shape)
        for index in np.ndindex(times.shape):
            size[index] = self._place(float(times[index]))[1]
        return size

    def _place(self, t: float) -> tuple[Place, float]:
        """The place in warped time, and the residual |y − f| there; asked for again by observables."""
        if t not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[t] = self._find(t)
        return self._known[t]

    def _find(self, t: float) -> tuple[Place, float]:
        if self._elapsed is not None:
            return self._elapsed.place(t)
        if self._endless is None:
            return Place(0, 0.0), abs(self._f0 - self.point.target)
        place = self._endless.place(t)
        return place, abs(self.point.target - float(self._summed(*self._at(place))))

    def _x(self, place: Place) -> float:
        """|s| of a place."""
        if self._elapsed is not None:
            return self._elapsed.x(place)
        return self._endless.x(place) if self._endless is not None else 0.0

    def coordinate(self, t: float) -> float:
        """λ = −log(1 − x/x*) at time t, or x = |s| where there is no equilibrium."""
        if self._elapsed is not None:
            return -self._elapsed.log_distance(t)
        return self._x(self._place(t)[0])

    def warped_time(self, t: ArrayLike) -> Floats:
        """s(t), with ds/dt = 2M (y − f)."""
        times = self._times(t)
        x = np.zeros(times.shape)
        for index in np.ndindex(times.shape):
            x[index] = self._x(self._place(float(times[index]))[0])
        return np.asarray(self._sign * x)[()]

    def output(self, t: ArrayLike) -> Floats:
        """Output at the effective point, √M f(m)."""
        root = math.sqrt(self.point.weight)
        if self._endless is not None:  # the neurons die together: their sum does not cancel
            return root * self._each(t, self._summed)
        times = self._times(t)
        out = np.zeros(times.shape)
        for index in np.ndindex(times.shape):
            out[index] = root * self._output(*self._place(float(times[index])))
        return float64(out)

    def _output(self, place: Place, size: float) -> float:
        y = self.point.target
        late = y - self._sign * size
        if self._elapsed is None:
            return late
        gained = self._elapsed.gained(place)
        # Each is a sum that may cancel; the one with the smaller terms loses less.
        if abs(self._f0) + gained < abs(y) + size:
            return self._f0 + self._sign * gained
        return late

    def _summed(self, u: Floats, h: Floats) -> Any:
        return np.sum(self.network.module.output(u, h, self._parameters))

    def residual(self, t: ArrayLike) -> Floats:
        """Residual at the effective point, √M (f(m) − y), to full relative accuracy."""
        return float64(-self._sign * math.sqrt(self.point.weight) * self._sizes(t))

    def loss(self, t: ArrayLike) -> Floats:
        """(f − y)² for a point, the mean squared error for a data set."""
        return float64(self.point.floor + self.point.weight * self._sizes(t) ** 2)

    def neurons(self, t: float) -> tuple[Floats, Floats]:
        """Weights u and preactivations h of every neuron at one time."""
        if self._elapsed is None and self._endless is None:
            return self.u0, self._h0
        return self._at(self._place(float(t))[0])

    def _at(self, place: Place) -> tuple[Floats, Floats]:
        if not self._x(place) > FAR:
            return self._neurons.at(place)
        if not self.network.degree:  # they have gone as far as they go
            return self._neurons.at(place._replace(offset=min(place.offset, 1e6)))
        # All have died on their orbits, at h = 0.
        law = self.network.module.conserved(self.u0, self._h0, self._parameters)
        ends = np.copysign(np.sqrt(np.maximum(law, 0.0)), self.u0)
        return np.where(self._h0 == 0, self.u0, ends), np.zeros_like(self._h0)

    def u(self, t: ArrayLike) -> Floats:
        """Second layer, shape t.shape + (d,)."""
        return self._each(t, lambda u, h: u, (self.u0.size,))

    def W(self, t: ArrayLike) -> Floats:
        """First layer, shape t.shape + (d, d0): its part across the data does not move."""
        return self._each(t, lambda u, h: self._rows(h), self.W0.shape)

    def _rows(self, h: Floats) -> Floats:
        m, norm_2 = self.point.vector, self.point.norm_2
        if norm_2 == 0:
            return self.W0
        return self._across + np.outer(h / norm_2, m)

    @cached_property
    def _across(self) -> Floats:
        return self.W0 - np.outer(self._h0 / self.point.norm_2, self.point.vector)

    def norm_u(self, t: ArrayLike) -> Floats:
        """‖u‖."""
        return self._each(t, lambda u, h: np.linalg.norm(u))

    def norm_omega(self, t: ArrayLike) -> Floats:
        """‖ω‖, ω = W e the part of the first layer along the data."""
        length = math.sqrt(self.point.norm_2) or 1.0
        return self._each(t, lambda u, h: np.linalg.norm(h) / length)

    def norm_W(self, t: ArrayLike) -> Floats:
        """Frobenius norm ‖W‖."""
        across = np.linalg.norm(self._across) if self.point.norm_2 else np.linalg.norm(self.W0)
        length = math.sqrt(self.point.norm_2) or 1.0
        return self._each(t, lambda u, h: np.hypot(np.linalg.norm(h) / length, across))

    def alignment(self, t: ArrayLike) -> Floats:
        """Alignment ζ, the cosine of u and W x; NaN where one of them is zero."""

        def cosine(u: Floats, h: Floats) -> Any:
            with np.errstate(all="ignore"):
                return (u @ h) / (np.linalg.norm(u) * np.linalg.norm(h))

        return self._each(t, cosine)

    def _each(self, t: ArrayLike, function: Any, shape: tuple[int, ...] = ()) -> Floats:
        times = self._times(t)
        out = np.empty((*times.shape, *shape))
        for index in np.ndindex(times.shape):
            out[index] = function(*self.neurons(float(times[index])))
        return float64(out)

    @property
    def t_c(self) -> float:
        """Time scale: the residual falls like exp(−4 t/t_c); infinite where the flow has no target."""
        if self._elapsed is None:
            return math.inf
        return 2 / (self.point.weight * self._elapsed.kernel_at_equilibrium)
