"""The flow of the linear network under a square, as tensors: sums over the weights, then formulas.

Nothing but operations of the library: derivatives of any order, `vmap`, `compile` and `jit` are its own.
"""

from __future__ import annotations

from typing import Any

from numeric.generated import linear
from numeric.methods.tensors import line
from numeric.methods.tensors.reading import TensorProblem
from numeric.methods.tensors.trajectory import TensorTrajectory


class TensorExplicitFlow(TensorTrajectory):
    """Gradient flow of a network whose state has a closed form in time, under a square loss.

    Accuracy: that of the tensors' own type; in float64 1e-12 for values and 1e-9 for derivatives, unless
    digits cancel, of which `ExplicitFlow` names the cases (it computes in a wider type). No derivative
    exists where f(0) = y of what does not move then (a distance), where a norm is 0, and by x where it is
    0 (see `numeric.generated.linear`).

    Args:
        problem: what is trained; its network has a state, its loss is a multiple of the square.

    Raises:
        OffLineError: for data that do not lie on a line.
    """

    method = "explicit"
    SCALARS = (*TensorTrajectory.SCALARS, "alpha", "alignment_slope")

    def __init__(self, problem: TensorProblem) -> None:
        super().__init__(problem)
        self._module: Any = problem.network.module
        self._unit = problem.points * problem.loss.FACTOR
        self.point = self._effective_point()
        self._pass_over_weights()

    def _effective_point(self) -> line.TensorPoint:
        given = self.problem
        if len(given.X) == 1:
            return line.of_point(given.X[0], given.targets[0], given.xp)
        return line.of_set(given.X, given.targets, given.library, given.line_tolerance)

    def _pass_over_weights(self) -> None:
        """Everything the trajectory needs of the weights: O(d d0), once."""
        given, xp, module = self.problem, self.problem.xp, self._module
        e, rho, y, floor = self.point
        u, d = self.u0, float(self.u0.shape[0])
        omega = self.W0 @ e
        self._neurons = (
            u,
            omega,
            module.growing(u, omega, given.eta_u, given.eta_w, xp),
            module.falling(u, omega, given.eta_u, given.eta_w, xp),
        )
        u_2, omega_2, overlap, p_2, q_2 = (
            a @ b
            for a, b in ((u, u), (omega, omega), (u, omega), *((z, z) for z in self._neurons[2:]))
        )
        # The Gram determinant as |u|² times the squared rejection: nothing cancels.
        rejected = omega - overlap / xp.where(u_2 > 0, u_2, 1) * u
        gram = u_2 * (rejected @ rejected) if d > 1 else 0 * u_2
        self._across = self.W0 - omega[:, None] * e
        self._sums = {
            "norm_u_0_2": u_2, "norm_omega_0_2": omega_2, "overlap_0": overlap, "gram": gram,
            "balance": module.balance(given.eta_u, given.eta_w, u_2, omega_2),
            "perp_2": xp.sum(self._across**2) if self.W0.shape[1] > 1 else 0 * u_2, "floor": floor,
        }  # fmt: skip
        f_0 = module.initial_output(given.gamma, rho, overlap)
        self.constants = module.constants(
            given.gamma, given.eta_u, given.eta_w, rho, y, d, p_2 / d, q_2 / d, f_0, f_0 - y, xp
        )

    def state(self, t: Any) -> linear.State:
        """Where the network is at times t."""
        moments, forever = self._times(t)
        if forever:
            return self._module.limit(self.constants, self.problem.xp)
        return self._module.at(self._unit * moments, self.constants, self.problem.xp)

    def _observe(self, name: str, state: linear.State) -> Any:
        given = (self._sums[z] for z in self._module.OBSERVABLES[name])
        return getattr(self._module, name)(*given, state, self.constants, self.problem.xp)

    def alpha(self, t: Any) -> Any:
        """α(t) = p(t)²/p(0)² = e^{2s}, the same for all neurons."""
        return self.state(t).alpha

    def output(self, t: Any) -> Any:
        """Output f at the effective point."""
        return self.state(t).f

    def residual(self, t: Any) -> Any:
        """Residual f − y, to full relative accuracy at any size."""
        return self._observe("residual", self.state(t))

    def loss(self, t: Any) -> Any:
        """(f − y)² for a point, the mean squared error (Eq. 20) for a data set, or multiples of these."""
        return self._unit * self._observe("loss", self.state(t))

    def overlap(self, t: Any) -> Any:
        """u·ω, with ω = W e along the data; the output is γρ times it."""
        return self._observe("overlap", self.state(t))

    def alignment(self, t: Any) -> Any:
        """Alignment ζ, the cosine of u and W x; NaN where one of them is zero."""
        return self._observe("alignment", self.state(t))

    def alignment_slope(self, t: Any) -> Any:
        """Slope dζ/dα; NaN where ζ is."""
        return self._observe("alignment_slope", self.state(t))

    def norm_u(self, t: Any) -> Any:
        """‖u‖."""
        return self._observe("norm_u", self.state(t))

    def norm_omega(self, t: Any) -> Any:
        """‖ω‖ = ‖W e‖, the part of the first layer along the data."""
        return self._observe("norm_omega", self.state(t))

    def norm_W(self, t: Any) -> Any:
        """Frobenius norm ‖W‖."""
        return self._observe("norm_W", self.state(t))

    def kernel(self, t: Any) -> Any:
        """Tangent kernel K(x, x) at the effective point; the residual falls at the rate 2 K."""
        return self._observe("kernel_x", self.state(t))

    def kernel_change(self, t: Any) -> Any:
        """Relative change of K(x, x) since the start."""
        return self._observe("kernel_change", self.state(t))

    def distance_u(self, t: Any) -> Any:
        """‖u(t) − u(0)‖."""
        return self._observe("distance_u", self.state(t))

    def distance_W(self, t: Any) -> Any:
        """‖W(t) − W(0)‖."""
        return self._observe("distance_W", self.state(t))

    def u(self, t: Any) -> Any:
        """Second layer, shape t.shape + (d,)."""
        u, _, p, q = self._neurons
        return self._module.weight_u(
            u, p, q, _column(self.state(t)), self.constants, self.problem.xp
        )

    def W(self, t: Any) -> Any:
        """First layer, shape t.shape + (d, d0): start and change early, what is across and ω late."""
        state, xp, e = _column(self.state(t)), self.problem.xp, self.point.direction
        u, omega, p, q = self._neurons
        change = self._module.change_omega(u, p, q, state, self.constants, xp)
        now = self._module.weight_omega(omega, p, q, state, self.constants, xp)
        is_early = (state.decay > state.decayed)[..., None]
        start = xp.where(is_early, self.W0, self._across)
        along = xp.where(is_early, change[..., None], now[..., None])
        return self._module.weight_w(start, along, e, xp)

    def time_to_loss(self, loss: Any) -> Any:
        """Time at which the loss has fallen to `loss`, which lies between its end and its start."""
        goal = self._like(loss) / self._unit
        time = self._module.time_to_loss(goal, self.point.floor, self.constants, self.problem.xp)
        return time / self._unit

    @property
    def t_c(self) -> Any:
        """Time scale: the residual falls like exp(−4 t / t_c); infinite where R = 0."""
        return self._module.time_scale(self.constants, self.problem.xp) / self._unit

    @property
    def target(self) -> Any:
        """Target y of the effective point."""
        return self.constants.y


def _column(state: linear.State) -> linear.State:
    """The state at each time, for all neurons."""
    return linear.State(*(z[..., None] for z in state))
