"""Where the whole flow is a formula: initial weights and data in, observables at any time out.

One pass over the weights at construction, to twice the digits of float64; after it every scalar costs
O(1) per time, in float64 on formulas in which nothing cancels. What does cancel all the same (an
output that passes zero) is computed again in balls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import ArrayLike

from numeric.data import line
from numeric.data.arrays import Floats, float64
from numeric.data.many import Problems
from numeric.data.training import TrainingProblem
from numeric.double_double import DoubleDouble
from numeric.errors import InputError
from numeric.generated import linear
from numeric.methods.ending import AT_REST, REACHED, SADDLE
from numeric.methods.explicit import checks as flow_checks
from numeric.methods.explicit.layers import Layers
from numeric.methods.explicit.machine import Machine, twin
from numeric.methods.explicit.start import Start
from numeric.methods.explicit.units import Units, scale, times_two_to
from numeric.methods.explicit.wide import ball, xp
from numeric.methods.joint import Joint
from numeric.methods.trajectory import BLOCK, Trajectory, positive, times

CANCELLED = 2.0**-8  # what is left of its terms by so little has lost digits that are promised
SMALL = 2.0**-960  # below, float64 has fewer digits
BITS = 1100  # of what float64 holds, below 1
DYING = 400.0  # powers of e by which a network may have died until float64 loses it
DEAD = 1e4  # powers of e beyond which nothing is left in any range
LINE_SLACK = 1e-9  # a population's moments may be rounded


class ExplicitFlow(Trajectory):
    """Gradient flow of a network whose state has a closed form in time, under a square loss.

    f(x) = γ Σᵢ uᵢ Σⱼ wᵢⱼ xⱼ, L = c (f(x) − y)² or its mean or sum over a data set on a line (Xu & Ziyin
    2025, Theorem 1).

    Accuracy: 1e-12 relative or better for every scalar and every weight, the residual and changes since
    the start included at any size, from input of any scale, on every platform, unless more than about
    seven digits of the input cancel. They do

    * in a start that is parallel up to rounding (`is_parallel_up_to_rounding`), at late times;
    * in f(0) − y, where the start is at its target up to rounding: with it the residual and all changes;
    * in the distance of a layer that comes back;
    * in the targets of a set that a line fits up to rounding;
    * in a loss given to `time_to_loss` that agrees with that of the start, or of the end, so closely.

    What leaves the range of float64 is 0 or infinite. `balls` has no such limits.

    Args:
        problem: what is trained; its network has a state, its loss is a multiple of the square.

    Raises:
        OffLineError: for data that do not lie on a line.
        InternalCheckError: from every method, for an answer that violates what is proved of it. What
            numpy computes is checked by identities between observables (`checks`); what machine code
            computes, of the same formulas, by bounds that are proved of it, and layers by their norms.

    Attributes:
        checked: whether answers are checked before they are given (`checks`); verification
            of formulas leaves that to its own oracles.
        pace: by which time is multiplied: that of the mean square runs so much faster.
        machine: curves in machine code; None where this start is not plain, or nothing is compiled.
    """

    method = "explicit"
    SCALARS = (*Trajectory.SCALARS, "alpha", "alignment_slope")

    def __init__(self, problem: TrainingProblem) -> None:
        self.problem, self.network = problem, problem.network
        self.evaluators: Any = problem.network.module
        self.u0, self.W0 = problem.u0, problem.W0
        # L is that times the mean square, and time runs faster by it.
        self._factor = self.pace = problem.points * problem.loss.FACTOR
        is_number = problem.W0.shape[1] == 1 and len(problem.data.X) == 1
        if not is_number:
            self.point = self._effective_point()  # refuses data off a line
        self.machine = Machine.of(problem, None if is_number else self.point, self.pace)

    @cached_property
    def point(self) -> line.EffectivePoint:
        """The effective data point."""
        return self._effective_point()

    def _effective_point(self) -> line.EffectivePoint:
        X, targets, _, roundoff = self.problem.data
        if len(X) == 1:
            return line.of_point(X[0], float(targets[0]))
        return line.of_set(X, targets, self.problem.line_tolerance, self.evaluators, roundoff)

    @cached_property
    def start(self) -> Start:
        """Sums over the weights and what follows from them, in numpy and balls."""
        return Start.of(self.problem, self.point)

    @cached_property
    def units(self) -> Units:
        """Powers of two in which everything is computed."""
        return self.start.units

    @cached_property
    def scaled(self) -> linear.Constants:
        """Constants of the trajectory in these units."""
        return self.start.wide.constants()

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy is made anew of the problem: everything follows from it."""
        return _again, (type(self), self.problem, self.why, self.checked)

    @classmethod
    def lacks(cls, problem: TrainingProblem) -> str | None:
        """What a problem lacks for this method; None where it lacks nothing but, perhaps, a line."""
        if "state" not in problem.network.module.CAPABILITIES:
            return f"t(s) of the network {problem.network.name} has no inverse in closed form"
        return (
            None
            if problem.is_square
            else f"the loss {problem.loss_name} is no multiple of a square"
        )

    @classmethod
    def jointly(cls, problems: Problems) -> Joint | None:
        """Many problems at once, in machine code if it is there."""
        if problems.network.module is not linear:
            return None
        from numeric.methods.explicit.many import JointExplicit

        if twin(linear) is None:
            return JointExplicit(problems)
        from numeric.methods.explicit.many_machine import JointMachine

        return JointMachine(problems)

    # --- states ------------------------------------------------------------------------------------

    def moments(self, t: ArrayLike) -> Floats:
        """Times in units, in which the loss is the mean square.

        Raises:
            InputError: for a time that is negative or not a number.
        """
        with np.errstate(all="ignore"):
            return np.asarray(np.ldexp(times(t) * self.pace, self.units.time))

    def state(self, t: ArrayLike) -> linear.State:
        """Where the network is at times t: α, e^{−|s|}, 2 sinh s, the ratio of residuals and f.

        Raises:
            InputError: for a time that is negative or not a number.
        """
        found = self.at(self.moments(t))
        return found._replace(f=float64(np.ldexp(found.f, self.units.f)))

    def at(self, moments: Floats) -> linear.State:
        """The state at times in units; its output is in units, too."""
        state = self._plain(moments)
        lost = self._lost(moments, state)
        if not np.any(lost):
            return state
        repaired = linear.State(*(np.array(entry) for entry in state))
        for index in np.argwhere(lost):
            place = tuple(index)
            for entry, value in zip(repaired, self._in_balls(float(moments[place])), strict=True):
                entry[place] = value
        return repaired

    def _plain(self, moments: Floats) -> linear.State:
        """The state in float64 all through."""
        with np.errstate(all="ignore"):
            forever = np.isinf(moments) | np.isinf(2 * self.scaled.R * moments)
            running = self.evaluators.at(np.where(forever, 0.0, moments), self.scaled)
            if not forever.any():
                return running
            limit = self.evaluators.limit(self.scaled)
        return linear.State(
            *(np.where(forever, last, now) for last, now in zip(limit, running, strict=True))
        )

    def _lost(self, moments: Floats, state: linear.State) -> Any:
        """Where float64 loses digits of a state: its output passes zero, or the network dies."""
        c, lost = self.scaled, False
        if self.passes_zero:
            lost = np.abs(state.f) < CANCELLED * np.abs(c.f_0 * state.residual_ratio)
        if self.dies:
            lost = lost | self._is_dead(moments)
        return lost

    def _decay_time(self, moments: Floats) -> Floats:
        """By how many powers of e the residual has fallen, or the product of the layers."""
        with np.errstate(all="ignore"):
            return np.asarray(4 * moments / self.evaluators.time_scale(self.scaled))

    def _in_balls(self, moment: float) -> list[float]:
        """The state at a time in units."""
        state = self.start.wide.state(moment)
        return [float(part.hi) for part in self.start.wide.parts(lambda c, _: tuple(state(c)))]

    @cached_property
    def ends(self) -> tuple[linear.State, linear.State]:
        """The states at t = 0 and at t = ∞, in units."""
        return self.at(np.array(0.0)), self.at(np.array(np.inf))

    @cached_property
    def sums(self) -> dict[str, float]:
        """The sums that observables need, in units."""
        floor = times_two_to(self.point.floor, -2 * self.units.f)
        return self.start.wide.sums | {"floor": float(floor.hi)}

    def observe(self, name: str, state: linear.State) -> Any:
        """An observable of the generated module at a state, in units, unchecked."""
        if name in ("alpha", "output"):
            return state.alpha if name == "alpha" else state.f
        return self._of_sums(name, state, self.sums)

    def _of_sums(self, name: str, state: linear.State, sums: Mapping[str, Any]) -> Any:
        given = (sums[z] for z in self.evaluators.OBSERVABLES[name])
        with np.errstate(all="ignore"):
            return getattr(self.evaluators, name)(*given, state, self.scaled)

    # --- scalars -----------------------------------------------------------------------------------

    def _scalar(self, name: str, t: ArrayLike) -> Floats:
        machine = self.machine
        if machine is None:
            return self._by_formula(name, t)
        given = _given(t)
        return self._whole(
            name, given, *machine.curve(name, given, unit_exponent(name, machine.units))
        )

    def curves(self, names: Sequence[str], t: ArrayLike) -> dict[str, Floats]:
        """Several observables at the same times, by name: the state is computed once."""
        machine, given = self.machine, _given(t)
        if machine is None or not NAMES.issuperset(names):
            return super().curves(names, t)
        entries = [ENTRY_OF.get(name, name) for name in names]
        exponents = [unit_exponent(entry, machine.units) for entry in entries]
        curves = machine.curves(entries, given, exponents)
        found = {
            name: self._whole(entry, given, *curve)
            for name, entry, curve in zip(names, entries, curves, strict=True)
        }
        if "loss" in found:
            found["loss"] = self._as_loss(found["loss"])
        return found

    def _as_loss(self, square: Floats) -> Floats:
        """The loss, of the mean square."""
        return square if self._factor == 1.0 else float64(self._factor * square)

    def _whole(self, name: str, given: Floats, found: Floats, lost: int) -> Floats:
        """What machine code found of an observable, and what it does not vouch for."""
        if lost:
            places = np.isnan(found)
            if name in PASSING:
                exponent = unit_exponent(name, self.machine.units)
                found[places] = self.machine.again(name, given[places], exponent)
                places = np.isnan(found)
            if places.any():  # what is no time is refused here, too
                found[places] = self._by_formula(name, given[places])
        return found[()]

    def _by_formula(self, name: str, t: ArrayLike) -> Floats:
        """An observable by the formulas in numpy, and in balls where float64 loses digits."""
        if not self.start.is_in_range:
            return self._as_given(name, times(t) * self.pace)
        moments = self.moments(t)
        state = self.at(moments)
        values = self.observe(name, state)
        lost = self._vanishes(name, moments, state)
        if not np.any(lost):
            return self._checked(name, t, state, values)
        values = np.array(values)
        values[lost] = self._wide(name, moments[lost])
        rest = ~lost
        self._checked(name, moments[rest], self.at(moments[rest]), values[rest])
        return self._in_units(name, values)

    def _vanishes(self, name: str, moments: Floats, state: linear.State) -> Any:
        """Where float64 does not hold an observable, or what it is made of, on the way."""
        late: Any = self._is_dead(moments) if self.dies else False
        if name not in ("residual", "loss") or self.scaled.residual_0 == 0:
            return late
        size = np.log2(abs(self.scaled.residual_0)) + self.units.f
        falls = self._decay_time(moments) / np.log(2)
        small = (np.abs(state.residual_ratio) < SMALL) & (moments < np.inf)
        return late | (small & (falls < size + BITS))

    def _is_dead(self, moments: Floats) -> Any:
        """Where a network that ends at the saddle has as good as died."""
        return (self._decay_time(moments) > DYING) & np.isfinite(moments)

    def _checked(self, name: str, t: ArrayLike, state: linear.State, values: Any) -> Floats:
        if self.checked and self.start.is_in_range:
            flow_checks.check(self, name, t, state, values)
        return self._in_units(name, values)

    def _in_units(self, name: str, values: Any) -> Floats:
        with np.errstate(all="ignore"):
            return float64(np.ldexp(values, unit_exponent(name, self.units)) + 0)  # no −0

    @cached_property
    def passes_zero(self) -> bool:
        """Whether the output has another sign at the end than at the start."""
        return bool(self.scaled.f_0 * self._end.f < 0)

    @cached_property
    def dies(self) -> bool:
        """Whether the flow ends at the saddle, where all that was along the data is zero."""
        return bool(self._end.decay == 0 and self._end.f == 0)

    @cached_property
    def _end(self) -> linear.State:
        return self._plain(np.array(np.inf))

    def _as_given(self, name: str, moments: Floats) -> Floats:
        """An observable in balls without units, where float64 does not hold what is on the way."""
        wide, entry, of = self.start.as_given, {"output": "f"}.get(name, name), self.point.floor
        moments = self.start.reached(moments)
        found = [wide.observe(entry, float(t), {"floor": of}) for t in np.ravel(moments)]
        return float64(np.reshape(found, np.shape(moments)) + 0.0)

    def _wide(self, name: str, moments: Floats) -> Floats:
        """An observable at times in units, one by one in balls."""
        wide, entry = self.start.wide, {"output": "f"}.get(name, name)
        more = {"floor": times_two_to(self.point.floor, -2 * self.units.f)}
        if self.dies:  # what has died is 0, and what is no size changes no more
            gone = DEAD / 4 * float(self.evaluators.time_scale(self.scaled))
            moments = np.where(np.isinf(moments), moments, np.minimum(moments, gone))
        found = [wide.observe(entry, float(t), more) for t in np.ravel(moments)]
        return np.reshape(found, np.shape(moments))

    def alpha(self, t: ArrayLike) -> Floats:
        """α(t) = p(t)²/p(0)² = e^{2s}, the same for all neurons."""
        return self._scalar("alpha", t)

    def output(self, t: ArrayLike) -> Floats:
        """Output f at the effective point."""
        return self._scalar("output", t)

    def residual(self, t: ArrayLike) -> Floats:
        """Residual f − y, to full relative accuracy at any size."""
        return self._scalar("residual", t)

    def loss(self, t: ArrayLike) -> Floats:
        """(f − y)² for a point, the mean squared error (Eq. 20) for a data set, or multiples of these."""
        return self._as_loss(self._scalar("loss", t))

    def overlap(self, t: ArrayLike) -> Floats:
        """u·ω, with ω = W e along the data; the output is γρ times it."""
        return self._scalar("overlap", t)

    def alignment(self, t: ArrayLike) -> Floats:
        """Alignment ζ, the cosine of u and W x; NaN where one of them is zero."""
        return self._scalar("alignment", t)

    def alignment_slope(self, t: ArrayLike) -> Floats:
        """Slope dζ/dα; NaN where ζ is."""
        return self._scalar("alignment_slope", t)

    def norm_u(self, t: ArrayLike) -> Floats:
        """‖u‖."""
        return self._scalar("norm_u", t)

    def norm_omega(self, t: ArrayLike) -> Floats:
        """‖ω‖ = ‖W e‖, the part of the first layer along the data."""
        return self._scalar("norm_omega", t)

    def norm_W(self, t: ArrayLike) -> Floats:
        """Frobenius norm ‖W‖."""
        return self._scalar("norm_W", t)

    def kernel(self, t: ArrayLike) -> Floats:
        """Tangent kernel K(x, x) at the effective point; the residual falls at the rate 2 K."""
        return self._scalar("kernel_x", t)

    def kernel_change(self, t: ArrayLike) -> Floats:
        """Relative change of K(x, x) since the start, to full relative accuracy however small."""
        return self._scalar("kernel_change", t)

    def distance_u(self, t: ArrayLike) -> Floats:
        """‖u(t) − u(0)‖, to full relative accuracy however small."""
        return self._scalar("distance_u", t)

    def distance_W(self, t: ArrayLike) -> Floats:
        """‖W(t) − W(0)‖, to full relative accuracy however small."""
        return self._scalar("distance_W", t)

    def population_loss(
        self, t: ArrayLike, second_moment: float, cross_moment: float, target_moment: float
    ) -> Floats:
        """E[(f(a e) − ỹ)²] over a population on the line of the data, a along `point.direction`.

        Raises:
            InputError: for moments that no population has.
        """
        if not second_moment > 0:
            raise InputError("second_moment", second_moment, "E[a²] > 0")
        m_aa, m_ay = DoubleDouble(float(second_moment)), DoubleDouble(float(cross_moment))
        floor = float(target_moment) - m_ay * m_ay / m_aa
        if floor.hi < -LINE_SLACK * target_moment:
            least = float((m_ay * m_ay / m_aa).hi)
            raise InputError("target_moment", target_moment, f"at least {least!r}")
        units = self.units
        sums = {
            "M_aa": scale(float(m_aa.hi), -2 * units.rho),
            "M_ay": scale(float(m_ay.hi), -units.f - units.rho),
            "floor": max(scale(float(floor.hi), -2 * units.f), 0.0),
        }
        state = self.at(self.moments(t))
        values = self._of_sums("population_loss", state, sums)
        found = self._checked("population_loss", t, state, values)
        return float64(self.problem.loss.FACTOR * found)

    def time_to_loss(self, loss: ArrayLike) -> Floats:
        """Time at which the loss has fallen to `loss`: the inverse of `loss`, in closed form.

        Infinite for a loss that is approached but never reached, NaN for one above the start.
        """
        with np.errstate(all="ignore"):
            goal = np.ldexp(np.asarray(loss, np.float64) / self._factor, -2 * self.units.f)
        start, end = (self.observe("loss", state) for state in self.ends)
        inside = (goal <= start) & (goal > end)
        result = self._reached(np.where(inside, goal, start), inside)
        result = np.where(inside, result, np.where(goal > start, np.nan, np.inf))
        # A loss is given in float64, where start and limit are rounded themselves.
        result = np.where(goal == end, np.inf, result)
        result = np.where(goal == start, 0, result)
        result = np.where(np.isnan(goal), np.nan, result)
        if self.checked:
            flow_checks.inverse(self, goal, result)
        with np.errstate(all="ignore"):
            return float64(np.ldexp(result, -self.units.time) / self.pace)

    def _reached(self, goal: Floats, inside: Any) -> Floats:
        """Times in units at which the loss is what is given, in units; in balls where much cancels."""
        c, floor = self.scaled, self.sums["floor"]
        with np.errstate(all="ignore"):
            found = np.array(self.evaluators.time_to_loss(goal, floor, c))
            left = np.sqrt(goal - floor)
            passed = c.y + np.where(c.residual_0 >= 0, left, -left)
            lost = (goal - floor < CANCELLED * goal) | (np.abs(passed) < CANCELLED * left)
            lost |= np.abs(left) > (1 - CANCELLED) * np.abs(c.residual_0)
        exact = times_two_to(self.point.floor, -2 * self.units.f)
        for index in np.argwhere(lost & inside):
            place = tuple(index)

            def formula(c: Any, _: Any, goal: float = float(goal[place])) -> tuple[Any, ...]:
                return (self.evaluators.time_to_loss(arb(goal), ball(exact), c, xp),)

            found[place] = float(self.start.wide.parts(formula)[0].hi)
        return found

    # --- weights -----------------------------------------------------------------------------------

    @cached_property
    def layers(self) -> Layers:
        """Weights at any time."""
        return Layers(self)

    def u(self, t: ArrayLike, out: Floats | None = None) -> Floats:
        """Second layer, shape t.shape + (d,); written to `out`, if given (memory-mapped, say)."""
        return self.layers.each("u", t, out)

    def W(self, t: ArrayLike, out: Floats | None = None) -> Floats:
        """First layer, shape t.shape + (d, d0); written to `out` if given."""
        return self.layers.each("W", t, out)

    def blocks(self, t: ArrayLike, size: int = BLOCK) -> Iterator[tuple[slice, Floats, Floats]]:
        """Neurons, so many at once, with their weights at times: see `Trajectory.blocks`."""
        return self.layers.blocks(t, positive(size))

    def tangent_kernel(self, t: ArrayLike, x1: ArrayLike, x2: ArrayLike) -> Floats:
        """Tangent kernel K(x₁, x₂) between two inputs of shape (d0,), at times t."""
        one, two = self._input("x1", x1), self._input("x2", x2)
        return float64(self.layers.tangent_kernel(self.moments(t), one, two))

    def predict(self, inputs: ArrayLike, t: ArrayLike) -> Floats:
        """Output at any inputs, shape (d0,) or (n, d0); what is across the data does not move."""
        X, is_one = self._inputs(inputs)
        found = np.stack([self.layers.predict(self.moments(t), x) for x in X], axis=-1)
        return float64(found[..., 0] if is_one else found)

    # --- what is known of the whole flow -------------------------------------------------------------

    @cached_property
    def constants(self) -> linear.Constants:
        """Hyperparameters and rates of the trajectory, as they are."""
        return self.start.as_given.constants()

    def doubts(self) -> list[str]:
        """Data off their line, and a start in which more cancels than is held."""
        found = [line.doubt(self.point.deviation)]
        if self.is_parallel_up_to_rounding:
            found.append(
                "the start is (anti)parallel up to rounding: digits may be lost at late times; "
                "--digits computes them"
            )
        return [doubt for doubt in found if doubt]

    @property
    def is_parallel_up_to_rounding(self) -> bool:
        """Whether P or Q is not zero but as small as rounding errors would make it."""
        small, large = sorted((self.scaled.P, self.scaled.Q))
        return bool(0 < small <= 1e-24 * large)

    @property
    def t_c(self) -> float:
        """Time scale: the residual falls like exp(−4 t / t_c); infinite where R = 0."""
        with np.errstate(all="ignore"):
            time = float(self.evaluators.time_scale(self.scaled))
        return scale(time, -self.units.time) / self.pace

    @property
    def target(self) -> float:
        """Target y of the effective point."""
        return float(self.point.target)

    @property
    def limit_kind(self) -> str:
        """Where the flow ends: at the "target", at a "saddle", or "at rest", where it starts."""
        start, end = self.ends
        if self.observe("residual", end) == 0 or self.observe("residual", start) == 0:
            return REACHED
        return AT_REST if end.f == start.f else SADDLE


def _given(t: ArrayLike) -> Floats:
    """Times as an array; the loop over them tells which are none."""
    if type(t) is np.ndarray and t.dtype == np.float64:
        return t
    return np.array(t) if type(t) is float else times(t)


PASSING = ("output", "overlap", "alignment")  # what passes zero with the output
ENTRY_OF = {"kernel": "kernel_x"}  # observables that the generated module names otherwise
UNIT_OF: dict[str, Callable[[Any], Any]] = {
    "output": lambda z: z.f, "residual": lambda z: z.f, "loss": lambda z: 2 * z.f,
    "population_loss": lambda z: 2 * z.f, "overlap": lambda z: z.u + z.omega, "norm_u": lambda z: z.u,
    "norm_omega": lambda z: z.omega, "norm_W": lambda z: z.omega, "distance_u": lambda z: z.u,
    "distance_W": lambda z: z.omega, "kernel_x": lambda z: z.time,
}  # fmt: skip


def unit_exponent(name: str, units: Any) -> Any:
    """The exponent of the unit, a power of two, of an observable; of many flows, an array or 0."""
    of = UNIT_OF.get(name)
    return 0 if of is None else of(units)


NAMES = frozenset(ExplicitFlow.SCALARS)


def _again(kind: type[ExplicitFlow], problem: TrainingProblem, why: str, checked: bool) -> Any:
    flow = kind(problem)
    flow.why, flow.checked = why, checked
    return flow
