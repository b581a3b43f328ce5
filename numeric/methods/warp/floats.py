"""Gradient flow of any network of the family, solved in warped time.

    flow = WarpedFlow("cubic", u0, W0, x, y, gamma=1.0, eta_u=0.1, eta_w=0.1)
    flow.loss([0, 1, 10]), flow.u(1.0), flow.limit_kind

Everything is a function of one number, the warped time s(t): the neurons follow their own fields,
and t(s) is a quadrature whose inverse is computed once (`elapsed`).
"""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric import catalogue
from numeric.data import line, point, shapes
from numeric.data.arrays import Floats, finite, float64, unwrapped
from numeric.data.effective_loss import Ahead, EffectiveLoss
from numeric.errors import InputError, InternalCheckError
from numeric.methods import proved
from numeric.methods.warp.course import LONGEST, UNDERFLOW, find_course
from numeric.methods.warp.elapsed import SMALLEST, Elapsed
from numeric.methods.warp.endless import Endless
from numeric.methods.warp.marched import MarchedNeurons
from numeric.methods.warp.neurons import ClosedNeurons, Neurons
from numeric.methods.warp.pace import LossPace, Pace, Slowness, SquarePace
from numeric.methods.warp.panels import Place
from numeric.methods.warp.start import Exact, start
from numeric.methods.warp.units import Rates, fitting, plain, scale

FAR = 1e100  # warped time beyond which nothing is left of a neuron of degree 2 or 3 that dies
REMEMBERED = 10_000  # places that are kept
FEW = 4096  # neurons that are integrated where the closed flow map has not the digits
DISPARATE = 1e60  # y − f in units of the start, from which on the closed flow map may overflow
APART = 1e-15  # of the largest neuron, one that grows: on its way units change
TOO_SMALL = 1e-270  # y − f in units of the start: what is left of the weights' change underflows
STILL = 0.1  # of h, that a neuron which is followed to the end of float64 has moved at least
AGREED = 1e-6  # the output of the neurons at the end with the target
AT_THE_END = Place(-1, math.inf)
REACHED, SADDLE, UNFINISHED, AT_REST = "target", "saddle", "not reached", "at rest"
UNBOUNDED = "unbounded"


class WarpedFlow:
    """Gradient flow dθ/dt = −η_θ ∂L/∂θ of f(x) = γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ xⱼ), L = (f − y)².

    Args:
        network: the network's name, e.g. "quadratic", "tanh", "power5"; or evaluators of one's own.
        u0: initial second layer, shape (d,); a row (1, d) or column is taken, too.
        W0: initial first layer, shape (d, d0).
        x: one input, shape (d0,), or a data set, shape (n, d0): on a line for powers, on a ray
            for relu and its like, equal inputs for other activations.
        y: its target, or the targets of the set, shape (n,) or (n, 1).
        loss: its name, e.g. "square", "half_square", "logistic", "huber", or a module like theirs; convex
            in the output.
        reduction: of a data set, "mean" or "sum".
        gamma, eta_u, eta_w: output scale and learning rates.

    Accuracy: residual, loss and output to about 1e-12 of themselves, times the conditioning of the flow
    (a time has 16 digits, and a small start grows exponentially in it); weights to 1e-13 of the largest
    size they have had on the way: one that passes through zero keeps these digits, not its own.

    Raises:
        InputError: on shapes that disagree, values that are not finite, rates that are not
            positive, data without an effective point, and an unknown network; where float64 does not
            hold the start (y − f(0), the tangent kernel, σ of large preactivations), the velocities of
            neurons in the tail of an activation, or the sizes of weights and target together; and where
            the way takes more panels or evaluations than are allowed.
        InternalCheckError: by an answer that violates what is proved of it.

    Attributes:
        point: what the data amount to: for squares M (f(m) − y)² + floor; for other losses y is the
            output at m with the least loss, which may be infinite.
        limit_kind: where the flow ends: at the "target", at a "saddle" (no force is left, the target
            is out of reach), "not reached" (it is still on its way at the latest time float64 holds,
            and t = ∞ is answered by the state then), "unbounded" (the least loss is at an infinite
            output; weights at t = ∞ are those at the latest time), or "at rest" (it never moves).
    """

    def __init__(
        self,
        network: str | catalogue.Network,
        u0: ArrayLike,
        W0: ArrayLike,
        x: ArrayLike,
        y: ArrayLike,
        *,
        loss: str | ModuleType = "square",
        reduction: str = "mean",
        gamma: float = 1.0,
        eta_u: float = 1.0,
        eta_w: float = 1.0,
        line_tolerance: float = line.LINE_TOLERANCE,
    ) -> None:
        self.network = catalogue.load(network) if isinstance(network, str) else network
        self.u0, self.W0 = shapes.second_layer(u0), finite("W0", W0, 2)
        if self.W0.shape[0] != self.u0.size or not self.u0.size or not self.W0.shape[1]:
            raise InputError(
                "W0", f"shape {self.W0.shape}", f"({self.u0.size}, d0), one row per entry of u0"
            )
        for name, rate in (("gamma", gamma), ("eta_u", eta_u), ("eta_w", eta_w)):
            finite(name, rate, 0)
            if name != "gamma" and not rate > 0:
                raise InputError(name, rate, "a positive learning rate")
        self._unit = 1.0
        self._loss: EffectiveLoss | None = None
        self.point = self._data_point(x, y, loss, reduction, line_tolerance)
        self._solve((float(unwrapped(gamma)), float(unwrapped(eta_u)), float(unwrapped(eta_w))))

    @classmethod
    def on_point(
        cls,
        network: catalogue.Network,
        u0: Floats,
        W0: Floats,
        data: point.DataPoint,
        rates: tuple[float, float, float],
    ) -> WarpedFlow:
        """The flow of data that are a point already; rates are γ, η_u, η_w."""
        self = cls.__new__(cls)
        self.network, self.u0, self.W0, self.point = network, u0, W0, data
        self._unit, self._loss = 1.0, None
        self._solve(rates)
        return self

    def _data_point(
        self, x: ArrayLike, y: ArrayLike, loss: str | ModuleType, reduction: str, tolerance: float
    ) -> point.DataPoint:
        """What the data amount to; a loss that is no square is kept beside it."""
        module = catalogue.load_loss(loss) if isinstance(loss, str) else loss
        if reduction not in ("mean", "sum"):
            raise InputError("reduction", repr(reduction), "'mean' or 'sum'")
        X, targets, is_set, roundoff = shapes.data(x, y, self.W0.shape[1])
        self._unit = float(len(targets)) if reduction == "sum" else 1.0
        if module.FACTOR is None:
            given = (X, targets, self.network, module, tolerance, roundoff)
            found, self._loss = point.of_loss(*given)
            return found
        self._unit *= module.FACTOR
        if not is_set:
            return point.of_point(X[0], float(targets[0]))
        return point.of_set(X, targets, self.network, tolerance, roundoff)

    @np.errstate(all="ignore")
    def _solve(self, rates: tuple[float, float, float]) -> None:
        """Find the equilibrium, if there is one, and prepare t(s)."""
        self._rates = Rates(*rates, self.point.norm_2)
        self._lock = threading.Lock()
        self._known: dict[float, tuple[Place, float]] = {}
        self._elapsed: Elapsed | None = None
        self._endless: Endless | None = None
        self._begin()
        target = self.point.target
        distance = abs(self._start.residual) if self._bounded else 1 + abs(self._start.output)
        if distance == 0 or not self._start.moves or self.point.weight == 0:
            self.limit_kind = REACHED if distance == 0 else AT_REST
            if distance and self.point.weight and self.point.norm_2 and self._rates.gamma:
                self._require_motion(self._start.u, self._start.h, 0.0)
            return
        if self._bounded:
            self._require_digits(distance)
        self._neurons = self._at_start()
        kernel = float(self._neurons.kernel(np.zeros(1))[0])
        if not math.isfinite(kernel):
            found = f"a tangent kernel of {kernel:g}"
            raise InputError("the start", found, "weights whose tangent kernel float64 can hold")
        course = None
        if self._bounded and self._may_reach():
            course = find_course(self._neurons, target, distance)
        if course is not None:
            self.limit_kind = REACHED
            self._elapsed = Elapsed(course, self._pace(distance))
            self._check_the_end()
            return
        if self._bounded and not self.network.ray_degree:
            self._require_motion(*self._neurons.here(), LONGEST)
        self.limit_kind = self._kind_without_equilibrium()
        self._neurons = self._at_start()
        width = scale(distance, -self._neurons.units.f) / (kernel or UNDERFLOW) / 8
        rate = self._unit if self._loss is not None else 2 * self.point.weight * self._unit
        rest = 0.0 if self.limit_kind == SADDLE else None
        self._endless = Endless(self._neurons, Slowness(self._loss, target, rate, rest), width)

    @property
    def is_bounded(self) -> bool:
        """Whether the least loss is at a finite output, from which a residual can be measured."""
        return self._bounded

    def _pace(self, distance: float) -> Pace:
        """The speed of warped time by the distance from the least loss."""
        if self._ahead is None:
            return SquarePace(2 * self.point.weight * self._unit)
        return LossPace(self._ahead, distance, self._unit)

    def _begin(self) -> None:
        """The start, and the minimum of the loss that lies ahead of it."""
        given = self.network, self._rates, self.u0, self.W0, self.point.vector
        self._ahead: Ahead | None = None
        if self._loss is not None:
            output = start(*given, 0.0).output
            if not (
                np.isfinite(self._loss.slope(output)) and np.isfinite(self._loss.value(output))
            ):
                found = f"an output of {output:.3g}"
                raise InputError("the start", found, "one whose loss and slope float64 can hold")
            self._ahead = self._loss.ahead(output)
            target = output if self._ahead is None else self._ahead.minimum
            self.point = self.point._replace(target=target)
        target = self.point.target
        self._bounded = math.isfinite(target)
        self._start = start(*given, target if self._bounded else 0.0)
        if self._loss is not None and self._ahead is None:
            self._start = replace(self._start, residual=0.0)
        self._sign = 1.0 if (self._start.residual if self._bounded else target) > 0 else -1.0
        if self._ahead is not None:
            # y − f(0) is exact, the sign of a slope at a rounded f(0) is not.
            self._ahead = replace(self._ahead, sign=self._sign)

    def _require_digits(self, distance: float) -> None:
        """Refuse what is so small beside the weights that K underflows on the way to it.

        The output is like |h|^β where it fades, and K like |h|^(2β − 2).
        """
        degree, unit = self.network.degree, -self._start.units.f
        least = UNDERFLOW ** (degree / (2 * degree - 2)) if degree > 1 else 0.0
        too_close = scale(distance, unit) < TOO_SMALL or distance < SMALLEST
        if too_close or 0 < scale(abs(self.point.target), unit) < least:
            found = f"y − f(0) = {self._start.residual:.3g}"
            if not too_close:
                found = f"y = {self.point.target:.3g}"
            expected = "weights whose smallest relevant change float64 holds"
            raise InputError("the start", f"{found} beside weights of such size", expected)

    def _at_start(self) -> Neurons:
        """Neurons at the start; those with a closed flow map by it, where float64 serves it."""
        given = (self.network, self._rates, self._start, self._sign)
        begun = self._start
        far = scale(abs(begun.residual), -begun.units.f) > DISPARATE
        close = np.any(begun.close & ~begun.outward(self.network, self._sign))
        sizes = np.hypot(begun.u, begun.h)
        growing = sizes[begun.grows(self.network, self._sign)]
        apart = growing.size and growing.min() < APART * sizes.max()
        # Where h = 0 is no rest, h(s)/h(0) says nothing of a neuron that starts there.
        passes = self.network.degree == 1 and bool(np.any(begun.h == 0))
        delicate = begun.u.size <= FEW and (far or close or apart)
        if self.network.has_flow_map and not (delicate or passes):
            return ClosedNeurons(*given)
        return MarchedNeurons(*given)

    def _require_motion(self, u: Floats, h: Floats, x: float) -> None:
        """Refuse to say where a flow ends whose neurons were not followed: velocities have underflown.

        A neuron that fades moves by one in x again and again; one that is dead never does.
        """
        parameters, module = plain(self.network, self._rates).parameters, self.network.module
        by_u = np.abs(module.velocity_u(h, parameters))
        by_h = np.abs(module.velocity_h(u, h, parameters))
        still = np.flatnonzero(np.maximum(by_u, by_h) * x < STILL)
        given = self.u0, self.W0, self.point.vector
        exact = Exact(self.network, self._rates, *given)
        for i in still:
            if not exact.is_dead(int(i)):
                found = f"a neuron at h = {h[i]:.3g}, whose velocities float64 cannot hold"
                raise InputError(
                    "the start", found, "weights that leave the tail of the activation"
                )

    def _may_reach(self) -> bool:
        """Whether f passes y, where it is known beforehand: networks of a homogeneous activation.

        If no neuron grows all come to rest at an output of 0, and f passes what is on the way there.
        """
        if not self.network.ray_degree:
            return True
        grows = np.any(self._start.grows(self.network, self._sign))
        return bool(grows or self._sign * self.point.target < 0)

    def _kind_without_equilibrium(self) -> str:
        """Homogeneous neurons come to rest at a saddle; its output 0 may be the target itself.

        Others fade, where σ vanishes at infinity, like 1/x, beyond all of float64.
        """
        if not self._bounded:
            grows = not self.network.ray_degree or self._may_reach()
            return UNBOUNDED if grows else SADDLE
        if not self.network.ray_degree:
            return UNFINISHED
        if self._may_reach():  # it is proved to be reached
            found = "a target that is reached only where the tangent kernel has underflown"
            raise InputError("the start", found, "weights and a target of nearer sizes")
        return REACHED if self.point.target == 0 else SADDLE

    def _check_the_end(self) -> None:
        """At the equilibrium the neurons' own output is the target, and their laws are as they were.

        Raises:
            InternalCheckError: where they are not.
        """
        u, h = self.neurons(math.inf)
        units, module = self._neurons.units, self.network.module
        scaled = units.scaled(u, h)
        with np.errstate(all="ignore"):
            terms = np.asarray(module.output(*scaled, units.parameters))
            ends = scale(float(np.sum(terms)), units.f)
            size = scale(float(np.sum(np.abs(terms))), units.f) + abs(self._start.residual)
        if not abs(ends - self.point.target) <= AGREED * size:
            raise InternalCheckError(
                f"the output ends at {ends:.6g}, not at {self.point.target:.6g}"
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
        """The residual |y − f| at times t.

        Raises:
            InputError: where the least loss is at an infinite output.
        """
        if not self._bounded:
            raise InputError("loss", "a minimum at infinity", "one at an output, for a residual")
        times = self._times(t)
        size = np.zeros(times.shape)
        for index in np.ndindex(times.shape):
            size[index] = self._place(float(times[index]))[1]
        proved.never_grows("|y − f|", times, size, abs(self._start.residual))
        return size

    def _place(self, t: float) -> tuple[Place, float]:
        """The place in warped time, and the residual |y − f| there; asked for again by observables."""
        with self._lock:
            if t not in self._known:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                self._known[t] = self._find(t)
            return self._known[t]

    @np.errstate(all="ignore")
    def _find(self, t: float) -> tuple[Place, float]:
        if self._elapsed is not None:
            return self._elapsed.place(t)
        if self._endless is None:
            return Place(0, 0.0), abs(self._start.residual)
        if math.isinf(t) and self.network.ray_degree and self.limit_kind != UNBOUNDED:
            return AT_THE_END, abs(self.point.target)
        place = self._endless.place(t)
        return place, abs(self.point.target - self._summed(*self._at(place)))

    def _x(self, place: Place) -> float:
        """|s| of a place."""
        if place == AT_THE_END:
            return math.inf
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
        if self._endless is not None:  # the neurons go one way together: their sum does not cancel
            outputs = root * self._each(t, self._summed)
            ends = self.limit_kind == UNBOUNDED and np.isinf(self._times(t))
            return np.where(ends, self._sign * math.inf, outputs)[()]
        times = self._times(t)
        out = np.zeros(times.shape)
        for index in np.ndindex(times.shape):
            out[index] = root * self._output(*self._place(float(times[index])))
        return float64(out)

    def _output(self, place: Place, size: float) -> float:
        y = self.point.target
        if self._elapsed is None:  # it never moves
            return y if self.limit_kind == REACHED else self._start.output
        late = y - self._sign * size
        gained = self._elapsed.gained(place)
        # Both are sums along the way, from its two ends: the shorter one has lost less.
        return self._start.output + self._sign * gained if gained < size else late

    def _summed(self, u: Floats, h: Floats) -> float:
        """Σ_i γ u_i σ(h_i), for weights of any size."""
        units = fitting(self.network, self._rates, u, h)
        with np.errstate(all="ignore"):
            terms = self.network.module.output(*units.scaled(u, h), units.parameters)
            return scale(float(np.sum(terms)), units.f)

    def residual(self, t: ArrayLike) -> Floats:
        """Residual at the effective point, √M (f(m) − y), to full relative accuracy."""
        size = math.sqrt(self.point.weight) * self._sizes(t)
        return float64(-self._sign * size + 0.0)  # never -0.0

    def loss(self, t: ArrayLike) -> Floats:
        """Of a point, or over a data set by its reduction; infinite beyond float64."""
        with np.errstate(over="ignore"):
            if self._loss is None:
                square = self.point.floor + self.point.weight * self._sizes(t) ** 2
                return float64(self._unit * square)
            if self._bounded and self._ahead is not None:
                return float64(self._unit * self._ahead.value(self._sizes(t)))
            return float64(self._unit * self._loss.value(self.output(t)))

    def neurons(self, t: float) -> tuple[Floats, Floats]:
        """Weights u and preactivations h of every neuron at one time."""
        if self._elapsed is None and self._endless is None:
            return self._start.u.copy(), self._start.h.copy()
        place = self._place(float(t))[0]
        with self._lock:
            return self._at(place)

    @np.errstate(all="ignore")
    def _at(self, place: Place) -> tuple[Floats, Floats]:
        if place == AT_THE_END:
            return self._at_rest()
        if isinstance(self._neurons, ClosedNeurons) and place.offset > FAR:
            return self._at_rest()
        return self._neurons.at(place)

    def _at_rest(self) -> tuple[Floats, Floats]:
        """Where neurons of a homogeneous network end that do not grow: on their orbits, at h = 0."""
        begun = self._start
        u, _ = begun.units.given(np.sqrt(np.maximum(begun.law, 0.0)), begun.h)
        still = self.network.module.activation(np.sign(begun.h), begun.units.parameters) == 0
        return (
            np.where(still, begun.u, np.copysign(u, begun.u)),
            np.where(still, begun.h, 0.0),
        )

    def _change(self, t: float) -> tuple[Floats, Floats]:
        """U − u(0) and h − h(0)."""
        if self._elapsed is None and self._endless is None:
            return np.zeros_like(self._start.u), np.zeros_like(self._start.h)
        place = self._place(t)[0]
        with self._lock:
            if place.panel == 0 and place.offset < FAR:
                return self._neurons.change(place)
            u, h = self._at(place)
        return u - self._start.u, h - self._start.h

    def u(self, t: ArrayLike) -> Floats:
        """Second layer, shape t.shape + (d,)."""
        return self._each(t, lambda u, h: u, (self.u0.size,))

    def W(self, t: ArrayLike) -> Floats:
        """First layer, shape t.shape + (d, d0): its part across the data does not move.

        Entries keep their digits where the change is small, and the whole where it is not.
        """
        times = self._times(t)
        out = np.empty((*times.shape, *self.W0.shape))
        for index in np.ndindex(times.shape):
            out[index] = self._rows(float(times[index]))
        return out

    def _rows(self, t: float) -> Floats:
        m, norm_2 = self.point.vector, self.point.norm_2
        if norm_2 == 0:
            return self.W0.copy()
        _, moved = self._change(t)
        _, h = self.neurons(t)
        early = np.abs(moved) <= np.abs(self._start.h) / 2
        along = np.where(early, moved, h)[:, None] * (m / norm_2)
        return np.where(early[:, None], self.W0, self._across) + along

    @cached_property
    def _across(self) -> Floats:
        if self.W0.shape[1] == 1:
            return np.zeros_like(self.W0)
        return self.W0 - np.outer(self._start.h / self.point.norm_2, self.point.vector)

    def norm_u(self, t: ArrayLike) -> Floats:
        """‖u‖."""
        return self._each(t, lambda u, h: _norm(u))

    def norm_omega(self, t: ArrayLike) -> Floats:
        """‖ω‖, ω = W e the part of the first layer along the data."""
        length = math.sqrt(self.point.norm_2) or 1.0
        return self._each(t, lambda u, h: _norm(h) / length)

    def norm_W(self, t: ArrayLike) -> Floats:
        """Frobenius norm ‖W‖."""
        across = _norm(self._across.ravel() if self.point.norm_2 else self.W0.ravel())
        length = math.sqrt(self.point.norm_2) or 1.0
        return self._each(t, lambda u, h: np.hypot(_norm(h) / length, across))

    def alignment(self, t: ArrayLike) -> Floats:
        """Alignment ζ, the cosine of u and W x; NaN where one of them is zero."""
        return self._each(t, _cosine)

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
        with np.errstate(all="ignore"):
            return float(np.float64(4) / (self._elapsed.pace.rate * self._elapsed.decay_rate))


def _norm(values: Floats) -> float:
    """Euclidean norm, whatever the size of the values."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0:
        return 0.0
    return largest * float(np.linalg.norm(values / largest))


def _cosine(u: Floats, h: Floats) -> float:
    largest = float(np.abs(u).max()), float(np.abs(h).max())
    if 0 in largest:
        return math.nan
    a, b = u / largest[0], h / largest[1]
    cosine = float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    return min(max(cosine, -1.0), 1.0)
