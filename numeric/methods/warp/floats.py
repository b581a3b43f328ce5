"""Gradient flow of any network of the family, solved in warped time.

Everything is a function of one number, the warped time s(t): the neurons follow their own fields,
and t(s) is a quadrature whose inverse is computed once (`elapsed`). Plain flows are answered in machine
code, by series (`machine`); panels are made of them when something asks for these.
"""

from __future__ import annotations

import math
import time
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric.data import point
from numeric.data.arrays import Floats, float64
from numeric.data.effective_loss import Ahead, EffectiveLoss
from numeric.data.training import TrainingProblem
from numeric.errors import InputError, InternalCheckError
from numeric.methods import proved
from numeric.methods.ending import AT_REST, REACHED, SADDLE, UNBOUNDED, UNFINISHED
from numeric.methods.trajectory import times
from numeric.methods.warp.course import LONGEST, UNDERFLOW, find_course
from numeric.methods.warp.elapsed import NODES, SMALLEST, Elapsed
from numeric.methods.warp.endless import Endless
from numeric.methods.warp.machine import Machine
from numeric.methods.warp.marched import MarchedNeurons
from numeric.methods.warp.neurons import ClosedNeurons, Neurons
from numeric.methods.warp.observables import NeuronObservables
from numeric.methods.warp.pace import Ending, LossPace, Pace, Slowness, SquarePace
from numeric.methods.warp.panels import Place, Places
from numeric.methods.warp.start import Exact, require_departures, start
from numeric.methods.warp.units import Rates, fitting, plain, scale
from numeric.pickling import Lock

FAR = 1e100  # warped time beyond which nothing is left of a neuron of degree 2 or 3 that dies
FEW = 4096  # neurons that are integrated where the closed flow map has not the digits
DISPARATE = 1e60  # y − f in units of the start, from which on the closed flow map may overflow
EARLY = 1 << 14  # neurons times places on the first panel, whose change is integrated
APART = 1e-15  # of the largest neuron, one that grows: on its way units change
TOO_SMALL = 1e-270  # y − f in units of the start: what is left of the weights' change underflows
STILL = 0.1  # of h, that a neuron which is followed to the end of float64 has moved at least
AGREED = 1e-6  # the output of the neurons at the end with the target
AT_THE_END = Place(-1, math.inf)
AT_START, ON_PANELS = ("_start", "_ahead"), ("_neurons", "_elapsed", "_endless")


class WarpedFlow(NeuronObservables):
    """Gradient flow dθ/dt = −η_θ ∂L/∂θ of f(x) = γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ xⱼ) under any convex loss.

    Args:
        problem: what is trained; data on a line for powers, on a ray for relu and its like, equal inputs
            for other activations.

    Accuracy: residual, loss and output to about 1e-12 of themselves, times the conditioning of the flow
    (a time has 16 digits, and a small start grows exponentially in it); weights to 1e-13 of the largest
    size they have had on the way: one that passes through zero keeps these digits, not its own.

    Raises:
        OffLineError: for data without an effective point.
        InputError: where float64 does not hold the start (y − f(0), the tangent kernel, σ of large
            preactivations), the velocities of neurons in the tail of an activation, or the sizes of
            weights and target together; and where the way takes more panels or evaluations than are
            allowed.
        InternalCheckError: by an answer that violates what is proved of it.

    Attributes:
        point: what the data amount to: for squares M (f(m) − y)² + floor; for other losses y is the
            output at m with the least loss, which may be infinite.
    """

    method = "warp"

    def __init__(self, problem: TrainingProblem) -> None:
        self.problem, self.network = problem, problem.network
        self.u0, self.W0 = problem.u0, problem.W0
        self._unit = problem.points  # by which the loss is multiplied
        self._loss: EffectiveLoss | None = None
        self.point = self._data_point()
        self._rates = Rates(*problem.rates, self.point.norm_2)
        self._lock = Lock()
        self._machine = self._in_machine_code()
        if self._machine is None:
            self._solve()
            return
        self._ending, self._bounded, self._sign = REACHED, True, self._machine.sign

    def _in_machine_code(self) -> Machine | None:
        """The flow in machine code, if it is plain."""
        return Machine.of(self.problem, self.point, self._unit) if self._loss is None else None

    def __getattr__(self, name: str) -> Any:
        """What only the panels of warped time know, for a flow that is answered in machine code.

        Raises:
            InputError: where the flow is plain, and panels refuse it.
        """
        if name not in AT_START + ON_PANELS or "_machine" not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        with self._lock:
            if name not in self.__dict__:
                solved = copy(self)
                solved._machine = None  # noqa: SLF001
                names = AT_START if name in AT_START else ON_PANELS
                solved._begin() if name in AT_START else solved._solve()  # noqa: SLF001
                # All at once: another thread sees all of them, or none and waits.
                self.__dict__.update({entry: solved.__dict__[entry] for entry in names})
        return self.__dict__[name]

    def _on_panels(self) -> WarpedFlow:
        """The same flow without machine code."""
        _, other = self._elapsed, copy(self)
        other._machine = None  # noqa: SLF001
        return other

    def _at_moments(self, t: Floats, is_change: bool = False) -> tuple[Floats, Floats] | None:
        """Neurons at times in a row, or their changes, in machine code; None where it does not vouch."""
        if self._machine is None:
            return None
        places, lost = self._machine.located(t)
        return None if lost else self._machine.neurons(places, is_change)

    @classmethod
    def lacks(cls, problem: TrainingProblem) -> str | None:
        """What a problem lacks for this method: nothing but, perhaps, a line."""
        return None

    def _data_point(self) -> point.DataPoint:
        """What the data amount to; a loss that is no square is kept beside it."""
        given, tolerance = self.problem, self.problem.line_tolerance
        X, targets, _, roundoff = given.data
        if not given.is_square:
            found, self._loss = point.of_loss(
                X, targets, self.network, given.loss, tolerance, roundoff
            )
            return found
        self._unit *= given.loss.FACTOR
        if len(X) == 1:
            return point.of_point(X[0], float(targets[0]))
        return point.of_set(X, targets, self.network, tolerance, roundoff)

    @np.errstate(all="ignore")
    def _solve(self) -> None:
        """Find the equilibrium, if there is one, and prepare t(s)."""
        self._elapsed: Elapsed | None = None
        self._endless: Endless | None = None
        self._begin()
        target = self.point.target
        distance = abs(self._start.residual) if self._bounded else 1 + abs(self._start.output)
        if distance == 0 or not self._start.moves or self.point.weight == 0:
            self._ending = REACHED if distance == 0 else AT_REST
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
            self._ending = REACHED
            self._elapsed = Elapsed(course, self._pace(distance))
            self._check_the_end()
            self._require_departures(self._elapsed.equilibrium)
            return
        self._require_departures(math.inf)
        if self._bounded and not self.network.ray_degree:
            self._require_motion(*self._neurons.here(), LONGEST)
        self._ending = self._kind_without_equilibrium()
        self._neurons = self._at_start()
        width = scale(distance, -self._neurons.units.f) / (kernel or UNDERFLOW) / 8
        rate = self._unit if self._loss is not None else 2 * self.point.weight * self._unit
        rest = 0.0 if self.limit_kind == SADDLE else None
        self._endless = Endless(self._neurons, Slowness(self._loss, target, rate, rest), width)

    @property
    def limit_kind(self) -> str:
        """Where the flow ends (see `Trajectory`)."""
        return self._ending

    @property
    def target(self) -> float:
        """The output with the least loss, √M times that at m; infinite where there is none."""
        return math.sqrt(self.point.weight) * self.point.target

    @property
    def observables(self) -> tuple[str, ...]:
        """All of them; no residual where the least loss is at an infinite output."""
        return tuple(name for name in self.SCALARS if self._bounded or name != "residual")

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
        if "flow map" in self.network.module.CAPABILITIES and not (delicate or passes):
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

    def _require_departures(self, way: float) -> None:
        """Refuse neurons of which rounding decides how they leave a rest that repels them."""
        given = self.u0, self.W0, self.point.vector
        require_departures(
            self.network, self._rates, self._start,
            lambda: Exact(self.network, self._rates, *given), self._sign * way,
        )  # fmt: skip

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
        u, h = (z[0] for z in self.neurons(np.array([math.inf])))
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

    def _sizes(self, t: ArrayLike) -> Floats:
        """The residual |y − f| at times t.

        Raises:
            InputError: where the least loss is at an infinite output.
        """
        if not self._bounded:
            raise InputError("loss", "a minimum at infinity", "one at an output, for a residual")
        if self._machine is not None:
            found, lost = self._machine.located(t)
            if not lost:
                return found[0]
            return self._on_panels()._sizes(t)  # noqa: SLF001
        moments = times(t)
        size = self._rows(moments, lambda some: self._located(some)[1], size=NODES)
        proved.never_grows("|y − f|", moments, size, abs(self._start.residual))
        return size

    def _places(self, t: Floats) -> Places:
        """The places in warped time at times of any shape."""
        if self._elapsed is not None:
            return self._elapsed.places(t)[0]
        if self._endless is None:
            return Places(np.zeros(t.shape, dtype=int), np.zeros(t.shape))
        resting = np.isinf(t) & self._rests
        panel, offset = np.full(t.shape, AT_THE_END.panel), np.full(t.shape, AT_THE_END.offset)
        if not resting.all():
            panel[~resting], offset[~resting] = self._endless.places(t[~resting])
        return Places(panel, offset)

    def _located(self, t: Floats) -> tuple[Places, Floats]:
        """The places, and the residuals |y − f| there."""
        with self._lock:
            if self._elapsed is not None:
                return self._elapsed.places(t)
            places = self._places(t)
        if self._endless is None:
            return places, np.full(t.shape, abs(self._start.residual))
        sizes = np.abs(self.point.target - self._rows(t, self._own_output, size=self.u0.size))
        resting = places.panel == AT_THE_END.panel
        return places, np.where(resting, abs(self.point.target), sizes)

    def _own_output(self, t: Floats) -> Floats:
        """Of the neurons, at times in a row."""
        return self._sums(*self.neurons(t))

    def comes(self, t: float, seconds: float) -> bool:
        """Whether the state at a time is there, or can be within about so many seconds."""
        if self._machine is not None or self._endless is None or (math.isinf(t) and self._rests):
            return True
        with self._lock:
            return self._endless.comes(t, time.monotonic() + seconds)

    @property
    def _rests(self) -> bool:
        """Whether neurons come to rest at t = ∞, though the flow has no equilibrium in warped time."""
        return bool(self.network.ray_degree) and self.limit_kind != UNBOUNDED

    def coordinate(self, t: float) -> float:
        """λ = −log(1 − x/x*) at time t, or x = |s| where there is no equilibrium."""
        if self._elapsed is not None:
            with self._lock:
                return -self._elapsed.log_distance(t)
        return abs(float(self.warped_time(t)))

    def warped_time(self, t: ArrayLike) -> Floats:
        """s(t), with ds/dt = 2M (y − f)."""
        if self._machine is not None:
            found, lost = self._machine.located(t)
            if not lost:
                return np.asarray(self._sign * self._machine.x(found))[()]
        with self._lock:
            places = self._places(times(t))
            if self._elapsed is not None:
                return np.asarray(self._sign * self._elapsed.x(places))[()]
            x = np.zeros(places.panel.shape)
            for index in np.ndindex(x.shape):
                place = Place(int(places.panel[index]), float(places.offset[index]))
                if place == AT_THE_END:
                    x[index] = math.inf
                elif self._endless is not None:
                    x[index] = self._endless.x(place)
        return np.asarray(self._sign * x)[()]

    def output(self, t: ArrayLike) -> Floats:
        """Output at the effective point, √M f(m)."""
        root = math.sqrt(self.point.weight)
        if self._machine is not None:
            found, lost = self._machine.outputs(t)
            return float64(root * found) if not lost else self._on_panels().output(t)
        if self._endless is not None:  # the neurons go one way together: their sum does not cancel
            outputs = root * self._rows(t, self._own_output, size=self.u0.size)
            ends = self.limit_kind == UNBOUNDED and np.isinf(times(t))
            return np.where(ends, self._sign * math.inf, outputs)[()]
        return root * self._rows(t, lambda some: self._outputs(*self._located(some)), size=NODES)

    def _outputs(self, places: Places, sizes: Floats) -> Floats:
        y = self.point.target
        if self._elapsed is None:  # it never moves
            still = y if self.limit_kind == REACHED else self._start.output
            return np.full(sizes.shape, still)
        gained = self._elapsed.gained(places)
        # Both are sums along the way, from its two ends: the shorter one has lost less.
        early = self._start.output + self._sign * gained
        return np.where(gained < sizes, early, y - self._sign * sizes)

    @np.errstate(all="ignore")
    def _sums(self, u: Floats, h: Floats) -> Floats:
        """Σ_i γ u_i σ(h_i) of each row, for weights of any size."""
        units = fitting(self.network, self._rates, u, h)
        terms = self.network.module.output(*units.scaled(u, h), units.parameters)
        return np.asarray(np.ldexp(np.sum(terms, axis=1), np.ravel(units.f)))

    def residual(self, t: ArrayLike) -> Floats:
        """Residual at the effective point, √M (f(m) − y), to full relative accuracy."""
        size = math.sqrt(self.point.weight) * self._sizes(t)
        return float64(-self._sign * size + 0.0)  # never -0.0

    def loss(self, t: ArrayLike) -> Floats:
        """Of a point, or over a data set by its reduction; infinite beyond float64."""
        if self._machine is not None:
            found, lost = self._machine.loss(t)
            return found[()] if not lost else self._on_panels().loss(t)
        with np.errstate(over="ignore"):
            if self._loss is None:
                square = self.point.floor + self.point.weight * self._sizes(t) ** 2
                return float64(self._unit * square)
            if self._bounded and self._ahead is not None:
                return float64(self._unit * self._ahead.value(self._sizes(t)))
            return float64(self._unit * self._loss.value(self.output(t)))

    def time_to_loss(self, loss: ArrayLike) -> Floats:
        """Time at which the loss has fallen to `loss`: the inverse of `loss` (see `Trajectory`).

        The loss says how large the residual is, and that where the flow is on its way.
        """
        if self._machine is None and (
            self._elapsed is None or self._elapsed.pace.ending is Ending.SLOW
        ):
            return super().time_to_loss(loss)
        goals = np.asarray(loss, dtype=np.float64)
        start, end = float(self.loss(0.0)), float(self.loss(math.inf))
        found = np.where(goals < end, math.inf, np.where(goals == start, 0.0, math.nan))
        sizes = np.zeros(goals.shape)
        within = (goals < start) & (goals > end)
        sizes[within] = self._sizes_at(goals[within])
        found[sizes > 0] = self._times_of(sizes[sizes > 0])
        # A loss that is the last one, to rounding, is reached somewhere.
        last = (goals < start) & (goals >= end) & (sizes == 0)
        found[last] = super().time_to_loss(goals[last])
        return float64(found)

    def _times_of(self, sizes: Floats) -> Floats:
        """Times at which the residual |y − f| is so large."""
        if self._machine is not None:
            found = self._machine.times(sizes)
            if not np.isnan(found).any():
                return found
        elapsed = self._elapsed
        return np.full(sizes.shape, math.nan) if elapsed is None else elapsed.times(sizes)

    def _sizes_at(self, loss: Floats) -> Floats:
        """The residual |y − f| at values of the loss between the first and the last."""
        value, largest = loss / self._unit, abs(self._start.residual)
        if self._ahead is not None:
            return self._ahead.distances(value, largest)
        size = np.sqrt(np.maximum(value - self.point.floor, 0.0) / self.point.weight)
        return np.minimum(size, largest)

    def neurons(self, t: Floats) -> tuple[Floats, Floats]:
        """Weights u and preactivations h of every neuron, of shape (times, neurons)."""
        found = self._at_moments(t)
        if found is not None:
            return found
        if self._elapsed is None and self._endless is None:
            return self._repeated(self._start.u, t), self._repeated(self._start.h, t)
        with self._lock:
            return self._at(self._places(t))

    @staticmethod
    def _repeated(values: Floats, t: Floats) -> Floats:
        return np.repeat(values[None], t.size, axis=0)

    @np.errstate(all="ignore")
    def _at(self, places: Places) -> tuple[Floats, Floats]:
        resting = places.panel == AT_THE_END.panel
        if isinstance(self._neurons, ClosedNeurons):
            resting |= places.offset > FAR
        if not resting.any():
            return self._neurons.at(places)
        u, h = (self._repeated(z, places.offset) for z in self._at_rest())
        going = np.flatnonzero(~resting)
        if going.size:
            rest = Places(places.panel[going], places.offset[going])
            u[going], h[going] = self._neurons.at(rest)
        return u, h

    def _at_rest(self) -> tuple[Floats, Floats]:
        """Where neurons of a homogeneous network end that do not grow: on their orbits, at h = 0."""
        begun = self._start
        u, _ = begun.units.given(np.sqrt(np.maximum(begun.law, 0.0)), begun.h)
        still = self.network.module.activation(np.sign(begun.h), begun.units.parameters) == 0
        return (
            np.where(still, begun.u, np.copysign(u, begun.u)),
            np.where(still, begun.h, 0.0),
        )

    def _change(self, t: Floats) -> tuple[Floats, Floats]:
        """U − u(0) and h − h(0), of shape (times, neurons); early on they do not cancel."""
        found = self._at_moments(t, is_change=True)
        if found is not None:
            return found
        if self._elapsed is None and self._endless is None:
            return self._repeated(0 * self._start.u, t), self._repeated(0 * self._start.h, t)
        with self._lock:
            places = self._places(t)
            early = (places.panel == 0) & (places.offset < FAR)
            u, h = self._at(places)
            u, h = u - self._start.u, h - self._start.h
            rows = np.flatnonzero(early)
            together = max(1, EARLY // self.u0.size)
            for first in range(0, rows.size, together):
                some = rows[first : first + together]
                u[some], h[some] = self._neurons.change(places.offset[some])
        return u, h

    @property
    def t_c(self) -> float:
        """Time scale: the residual falls like exp(−4 t/t_c); infinite where the flow has no target."""
        if self._machine is not None:
            return self._machine.t_c
        if self._elapsed is None:
            return math.inf
        with np.errstate(all="ignore"):
            return float(np.float64(4) / (self._elapsed.pace.rate * self._elapsed.decay_rate))
