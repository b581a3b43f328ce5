"""Where the whole flow is a formula: initial weights and data in, observables at any time out.

One pass over the weights at construction; after it every scalar costs O(1) per time. Scalars are
computed in numpy's extended precision (64-bit mantissa on x86, where it also has a wider range) and
returned as float64.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric.data import line
from numeric.data.arrays import Floats, float64
from numeric.data.line import extended
from numeric.data.training import TrainingProblem
from numeric.errors import InputError
from numeric.generated import linear
from numeric.methods.ending import AT_REST, REACHED, SADDLE
from numeric.methods.explicit import checks as flow_checks
from numeric.methods.trajectory import Trajectory, times
from numeric.pickling import NamesModules

CHUNK = 1 << 14  # neurons or weights held in extended precision at a time: they fit the cache


class ExplicitFlow(NamesModules, Trajectory):
    """Gradient flow of a network whose state has a closed form in time, under a square loss.

    f(x) = γ Σᵢ uᵢ Σⱼ wᵢⱼ xⱼ, L = c (f(x) − y)² or its mean or sum over a data set on a line (Xu & Ziyin
    2025, Theorem 1).

    Accuracy, where numpy's extended precision has 64 bits: 1e-12 relative or better for every scalar
    and every weight, the residual and changes since the start included at any size, from input of any
    scale, unless more than about seven digits of the input cancel. They do

    * in a start that is parallel up to rounding (`is_parallel_up_to_rounding`), at late times;
    * in f(0) − y, where the start is at its target up to rounding: with it the residual and all changes;
    * in the output or a weight that passes zero, and in the distance of a layer that comes back;
    * in the targets of a set that a line fits up to rounding;
    * in a loss given to `time_to_loss` that agrees with that of the start, or of the end, so closely.

    What leaves the range of float64 is 0 or infinite. `balls` has no such limits.

    Args:
        problem: what is trained; its network has a state, its loss is a multiple of the square.

    Raises:
        OffLineError: for data that do not lie on a line.
        InternalCheckError: from every method, for an answer that violates what is proved of it.

    Attributes:
        point: the effective data point.
        checked: whether answers are checked before they are given (`checks`); verification
            of formulas leaves that to its own oracles.
        constants: hyperparameters and rates of the trajectory.
        balance: η_u‖ω‖² − η_w‖u‖², constant.
        across_2: ‖W‖² − ‖ω‖², constant.
        ends: the states at t = 0 and at t = ∞.
    """

    method = "explicit"
    SCALARS = (*Trajectory.SCALARS, "alpha", "alignment_slope")

    def __init__(self, problem: TrainingProblem) -> None:
        self.problem, self.network = problem, problem.network
        self.evaluators: Any = problem.network.module
        self.u0, self.W0 = problem.u0, problem.W0
        self._unit = (
            problem.points * problem.loss.FACTOR
        )  # of time: L is that times the mean square
        self.point = self._effective_point()
        self._pass_over_weights(
            *(extended(z) for z in (problem.gamma, problem.eta_u, problem.eta_w))
        )

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

    def _effective_point(self) -> line.EffectivePoint:
        X, targets, _, roundoff = self.problem.data
        if len(X) == 1:
            return line.of_point(X[0], float(targets[0]))
        return line.of_set(X, targets, self.problem.line_tolerance, self.evaluators, roundoff)

    def _pass_over_weights(self, gamma: Any, eta_u: Any, eta_w: Any) -> None:
        """Everything the trajectory needs of the weights: O(d d0), once."""
        e, rho, y = self.point[:3]
        self._rates = eta_u, eta_w
        self._omega, self.across_2 = _split(self.W0, e)
        u_2, omega_2, overlap, p_2, q_2 = (extended(0) for _ in range(5))
        for part in self._parts():
            u, omega, p, q = self._neurons(part)
            u_2, omega_2, overlap = u_2 + u @ u, omega_2 + omega @ omega, overlap + u @ omega
            p_2, q_2 = p_2 + p @ p, q_2 + q @ q
        # The Gram determinant as |u|² times the squared rejection: nothing cancels.
        slope, rejected = (overlap / u_2 if u_2 > 0 else extended(0)), extended(0)
        for part in self._parts():
            rejection = self._omega[part] - slope * self.u0[part]
            rejected += rejection @ rejection
        # Two vectors of one component are parallel, whatever rounding says.
        self._is_alone = np.count_nonzero((self.u0 != 0) | (self._omega != 0)) <= 1
        gram = extended(0) if self._is_alone else u_2 * rejected
        self.balance = self.evaluators.balance(eta_u, eta_w, u_2, omega_2)
        self._sums = {
            "norm_u_0_2": u_2, "norm_omega_0_2": omega_2, "overlap_0": overlap, "gram": gram,
            "balance": self.balance, "perp_2": self.across_2, "floor": self.point.floor,
        }  # fmt: skip
        d = extended(self.u0.size)
        f_0 = self.evaluators.initial_output(gamma, rho, overlap)
        self.constants = self.evaluators.constants(
            gamma, eta_u, eta_w, rho, y, d, p_2 / d, q_2 / d, f_0, f_0 - y
        )
        with np.errstate(all="ignore"):
            self.ends = (
                self.evaluators.at(extended(0), self.constants),
                self.evaluators.limit(self.constants),
            )

    def _parts(self, inputs: int = 1) -> Iterator[slice]:
        """Slices of neurons whose weights fit the cache in extended precision."""
        size = max(1, CHUNK // inputs)
        for start in range(0, self.u0.size, size):
            yield slice(start, start + size)

    def _neurons(self, part: slice) -> tuple[Any, Any, Any, Any]:
        """u, ω, p and q at t = 0, in extended precision."""
        u, omega = self.u0[part].astype(extended), self._omega[part]
        p, q = (
            z(u, omega, *self._rates) for z in (self.evaluators.growing, self.evaluators.falling)
        )
        return u, omega, p, q

    def state(self, t: ArrayLike) -> linear.State:
        """Where the network is at times t: α, e^{−|s|}, 2 sinh s and the ratio of residuals.

        Raises:
            InputError: for a time that is negative or not a number.
        """
        moments = times(t, extended) * self._unit
        forever = np.isinf(moments)
        with np.errstate(all="ignore"):
            running = self.evaluators.at(np.where(forever, extended(0), moments), self.constants)
            if not forever.any():
                return running
            limit = self.evaluators.limit(self.constants)
        return linear.State(
            *(np.where(forever, last, now) for last, now in zip(limit, running, strict=True))
        )

    def observe(self, name: str, state: linear.State) -> Any:
        """An observable of the generated module at a state, in extended precision, unchecked."""
        if name in ("alpha", "output"):
            return state.alpha if name == "alpha" else state.f
        return self._of_sums(name, state, self._sums)

    def _of_sums(self, name: str, state: linear.State, sums: Mapping[str, Any]) -> Any:
        given = (sums[z] for z in self.evaluators.OBSERVABLES[name])
        with np.errstate(all="ignore"):
            return getattr(self.evaluators, name)(*given, state, self.constants)

    def _scalar(self, name: str, t: ArrayLike) -> Floats:
        state = self.state(t)
        return self._checked(name, t, state, self.observe(name, state))

    def _checked(self, name: str, t: ArrayLike, state: linear.State, values: Any) -> Floats:
        if self.checked:
            flow_checks.check(self, name, t, state, values)
        return float64(values + 0)  # no −0

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
        return float64(self._unit * self._scalar("loss", t))

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
        m_aa, m_ay = extended(second_moment), extended(cross_moment)
        floor = extended(target_moment) - m_ay * m_ay / m_aa
        if floor < -LINE_SLACK * target_moment:
            raise InputError("target_moment", target_moment, f"at least {float(m_ay**2 / m_aa)!r}")
        factor = self.problem.loss.FACTOR
        sums = {"M_aa": m_aa, "M_ay": m_ay, "floor": max(floor, extended(0))}
        state = self.state(t)
        values = self._of_sums("population_loss", state, sums)
        return float64(factor * self._checked("population_loss", t, state, values))

    def u(self, t: ArrayLike) -> Floats:
        """Second layer, shape t.shape + (d,)."""
        moments = times(t, extended)
        out = np.empty((*moments.shape, self.u0.size))
        for index in np.ndindex(moments.shape):
            state = self.state(moments[index])
            for part in self._parts():
                with np.errstate(all="ignore"):
                    out[index][part] = self._layers(part, state)[0]
            if self.checked:
                flow_checks.weights(self, "u", moments[index], out[index])
        return out

    def W(self, t: ArrayLike) -> Floats:
        """First layer, shape t.shape + (d, d0): one write of the output."""
        moments = times(t, extended)
        out = np.empty((*moments.shape, *self.W0.shape))
        for index in np.ndindex(moments.shape):
            state = self.state(moments[index])
            for part in self._parts(self.W0.shape[1]):
                with np.errstate(all="ignore"):
                    out[index][part] = self._first_layer(part, state)
            if self.checked:
                flow_checks.weights(self, "W", moments[index], out[index])
        return out

    def _layers(self, part: slice, state: linear.State) -> tuple[Any, Any]:
        """Weights u and ω of neurons, relative to themselves unless they cross zero."""
        u, omega, p, q = self._neurons(part)
        u = self.evaluators.weight_u(u, p, q, state, self.constants)
        omega = self.evaluators.weight_omega(omega, p, q, state, self.constants)
        if not self._is_alone:
            return u, omega
        # A neuron alone has the norms. The larger weight knows its sign, and u ω has its own.
        c, sign = self.constants, np.sign(self.observe("overlap", state))
        larger = c.eta_w * u**2 > c.eta_u * omega**2
        of_u = np.where(larger, np.sign(u), sign * np.sign(omega))
        of_omega = np.where(larger, sign * np.sign(u), np.sign(omega))
        return of_u * self.observe("norm_u", state), of_omega * self.observe("norm_omega", state)

    def _first_layer(self, part: slice, state: linear.State) -> Any:
        """Rows of W: start and change of ω early, what is across the data and ω itself late."""
        u, omega, p, q = self._neurons(part)
        rows, e = self.W0[part], self.point.direction
        is_early = bool(state.decay > state.decayed)
        if is_early:
            change = self.evaluators.change_omega(u, p, q, state, self.constants)
            early = self.evaluators.weight_w(rows, change[:, None], e)
            if not self._is_alone:
                return early
        across = rows - omega[:, None] * e
        late = self.evaluators.weight_w(across, self._layers(part, state)[1][:, None], e)
        # With nothing across the data a weight is a multiple of ω, also when that passes zero.
        return np.where(across == 0, late, early) if is_early else late

    def tangent_kernel(self, t: ArrayLike, x1: ArrayLike, x2: ArrayLike) -> Floats:
        """Tangent kernel K(x₁, x₂) between two inputs of shape (d0,), at times t."""
        one, two = (self._input(name, z).astype(extended) for name, z in (("x1", x1), ("x2", x2)))
        e, c = self.point.direction, self.constants
        b_1, b_2 = one @ e, two @ e
        g_1, g_2 = (_split(self.W0, z)[0] - b * self._omega for z, b in ((one, b_1), (two, b_2)))
        state = self.state(t)
        with np.errstate(all="ignore"):
            value = self.evaluators.tangent_kernel(
                one @ two,
                b_1,
                b_2,
                g_1 @ g_2,
                self.evaluators.weight_omega(*self._cross(b_2 * g_1 + b_1 * g_2, 1), state, c),
                self.observe("norm_u", state) ** 2,
                self.observe("norm_omega", state) ** 2,
                c,
            )
        return float64(value)

    def _cross(self, vector: Any, layer: int) -> list[Any]:
        """Products of a vector over the neurons with u (layer 0) or ω (1) and with p and q at t = 0.

        Weights are linear in these: so are their products with a vector, at all times.
        """
        u, omega, p, q = self._neurons(slice(None))
        return [vector @ z for z in ((u, omega)[layer], p, q)]

    def predict(self, inputs: ArrayLike, t: ArrayLike) -> Floats:
        """Output at any inputs, shape (d0,) or (n, d0); what is across the data does not move."""
        X, is_one = self._inputs(inputs)
        state, c = self.state(t), self.constants
        found = np.empty((*np.shape(state.f), len(X)))
        for k, x in enumerate(X.astype(extended)):
            along = x @ self.point.direction
            still = _split(self.W0, x)[0] - along * self._omega
            with np.errstate(all="ignore"):
                across = self.evaluators.weight_u(*self._cross(still, 0), state, c)
                overlap = along * self.observe("overlap", state)
                found[..., k] = float64(c.gamma * (overlap + across))
        return found[..., 0] if is_one else found

    def time_to_loss(self, loss: ArrayLike) -> Floats:
        """Time at which the loss has fallen to `loss`: the inverse of `loss`, in closed form.

        Infinite for a loss that is approached but never reached, NaN for one above the start.
        """
        goal = np.asarray(loss, dtype=extended) / self._unit
        start, end = (self.observe("loss", state) for state in self.ends)
        inside = (goal <= start) & (goal > end)
        with np.errstate(all="ignore"):
            time = self.evaluators.time_to_loss(
                np.where(inside, goal, start), self.point.floor, self.constants
            )
            result = np.where(inside, time, np.where(goal > start, np.nan, np.inf))
            # A loss is given in float64, where start and limit are rounded themselves.
            rounded = goal.astype(np.float64)
            result = np.where(rounded == np.float64(end), np.inf, result)
            result = np.where(rounded == np.float64(start), 0, result)
            result = np.where(np.isnan(goal), np.nan, result) / self._unit
        if self.checked:
            flow_checks.inverse(self, goal, result)
        return float64(result)

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
        small, large = sorted((self.constants.P, self.constants.Q))
        return bool(0 < small <= 1e-24 * large)

    @property
    def t_c(self) -> float:
        """Time scale: the residual falls like exp(−4 t / t_c); infinite where R = 0."""
        with np.errstate(all="ignore"):
            return float(self.evaluators.time_scale(self.constants) / self._unit)

    @property
    def target(self) -> float:
        """Target y of the effective point."""
        return float(self.constants.y)

    @property
    def limit_kind(self) -> str:
        """Where the flow ends: at the "target", at a "saddle", or "at rest", where it starts."""
        start, end = self.ends
        if self.observe("residual", end) == 0 or self.observe("residual", start) == 0:
            return REACHED
        return AT_REST if end.f == start.f else SADDLE


LINE_SLACK = 1e-9  # a population's moments may be rounded


def _split(W: Floats, vector: Any) -> tuple[Any, Any]:
    """W·vector in extended precision, and the squared norm of what W has across it.

    The second is meaningful for a unit vector (or zero) only.
    """
    along, across = np.empty(W.shape[0], dtype=extended), extended(0)
    rows = max(1, CHUNK // W.shape[1])
    for start in range(0, W.shape[0], rows):
        part = slice(start, start + rows)
        block = W[part].astype(extended)
        along[part] = np.einsum("ij,j->i", block, vector)
        if W.shape[1] > 1 or not vector.any():
            block -= along[part, None] * vector
            across += np.einsum("ij,ij->", block, block)
    return along, across
