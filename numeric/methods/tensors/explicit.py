"""The flow of the linear network under a square, as tensors.

Curves are computed on the host where that is served (`curves`), everything else, and what is derived
twice, in operations of the library (`formulas`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from numeric.generated import linear
from numeric.methods.tensors import line
from numeric.methods.tensors.formulas import Formulas, Given
from numeric.methods.tensors.reading import TensorProblem
from numeric.methods.tensors.trajectory import TensorTrajectory

ARRAYS = ("u0", "W0", "X", "targets", "gamma", "eta_u", "eta_w")


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
        self._curves = problem.library.curves(problem)
        self._unchanged = None
        if self._curves is None:  # values are of copies, as those of curves are
            self._unchanged = problem.library.unchanged(problem)
            problem = replace(
                problem,
                **{name: problem.library.copied(getattr(problem, name)) for name in ARRAYS},
            )
        super().__init__(problem)
        self._module: Any = problem.network.module
        self._unit = problem.points * problem.loss.FACTOR
        # Not `cached_property`: it has a lock, which `torch.compile` refuses.
        self._point: line.TensorPoint | None = None
        self._made: Formulas | None = None
        self._learns = not problem.library.is_constant(*(getattr(problem, name) for name in ARRAYS))
        self._learns_data = not problem.library.is_constant(problem.X, problem.targets)
        if self._curves is None:  # data off a line are refused at once
            self.point  # noqa: B018

    @property
    def point(self) -> line.TensorPoint:
        """The effective data point; anew where it is learned: a graph serves one derivative."""
        if self._learns_data:
            return self._effective_point()
        if self._point is None:
            self._point = self._effective_point()
        return self._point

    def _effective_point(self) -> line.TensorPoint:
        given = self.problem
        if len(given.X) == 1:
            return line.of_point(given.X[0], given.targets[0], given.xp)
        return line.of_set(given.X, given.targets, given.library, given.line_tolerance)

    @property
    def _formulas(self) -> Formulas:
        if self._unchanged is not None:
            self._unchanged.require()
        if self._learns:
            return self._formulas_of(self._given(self.point))
        if self._made is None:
            self._made = self._formulas_of(self._given(self.point))
        return self._made

    def _formulas_of(self, given: Given) -> Formulas:
        known = given if given.point else given._replace(point=self.point)
        return Formulas(known, self._module, self._unit, self.problem.xp)

    def _given(self, point: line.TensorPoint | None) -> Given:
        given = self.problem
        return Given(self.u0, self.W0, point, given.gamma, given.eta_u, given.eta_w)

    @property
    def constants(self) -> linear.Constants:
        """Hyperparameters and rates of the trajectory."""
        return self._formulas.constants

    def state(self, t: Any) -> linear.State:
        """Where the network is at times t."""
        return self._state(self._formulas, t)

    def _state(self, formulas: Formulas, t: Any) -> linear.State:
        moments, forever = self._times(t)
        return formulas.end if forever else formulas.at(moments)

    def _scalar(self, name: str, t: Any) -> Any:
        """An observable of the generated module."""
        moments, forever = self._times(t)
        if self._curves is not None and not forever:
            given = self._given(self.point if self._learns_data else None)
            found = self._curves.observe(name, moments, given, self._formulas_of)
            if found is not None:
                return found
        formulas = self._formulas
        return formulas.observe(name, self._state(formulas, t))

    def alpha(self, t: Any) -> Any:
        """α(t) = p(t)²/p(0)² = e^{2s}, the same for all neurons."""
        return self._scalar("alpha", t)

    def output(self, t: Any) -> Any:
        """Output f at the effective point."""
        return self._scalar("output", t)

    def residual(self, t: Any) -> Any:
        """Residual f − y, to full relative accuracy at any size."""
        return self._scalar("residual", t)

    def loss(self, t: Any) -> Any:
        """(f − y)² for a point, the mean squared error (Eq. 20) for a data set, or multiples of these."""
        return self._scalar("loss", t)

    def overlap(self, t: Any) -> Any:
        """u·ω, with ω = W e along the data; the output is γρ times it."""
        return self._scalar("overlap", t)

    def alignment(self, t: Any) -> Any:
        """Alignment ζ, the cosine of u and W x; NaN where one of them is zero."""
        return self._scalar("alignment", t)

    def alignment_slope(self, t: Any) -> Any:
        """Slope dζ/dα; NaN where ζ is."""
        return self._scalar("alignment_slope", t)

    def norm_u(self, t: Any) -> Any:
        """‖u‖."""
        return self._scalar("norm_u", t)

    def norm_omega(self, t: Any) -> Any:
        """‖ω‖ = ‖W e‖, the part of the first layer along the data."""
        return self._scalar("norm_omega", t)

    def norm_W(self, t: Any) -> Any:
        """Frobenius norm ‖W‖."""
        return self._scalar("norm_W", t)

    def kernel(self, t: Any) -> Any:
        """Tangent kernel K(x, x) at the effective point; the residual falls at the rate 2 K."""
        return self._scalar("kernel_x", t)

    def kernel_change(self, t: Any) -> Any:
        """Relative change of K(x, x) since the start."""
        return self._scalar("kernel_change", t)

    def distance_u(self, t: Any) -> Any:
        """‖u(t) − u(0)‖."""
        return self._scalar("distance_u", t)

    def distance_W(self, t: Any) -> Any:
        """‖W(t) − W(0)‖."""
        return self._scalar("distance_W", t)

    def u(self, t: Any) -> Any:
        """Second layer, shape t.shape + (d,)."""
        formulas = self._formulas
        u, _, p, q = formulas.neurons
        state = _column(self._state(formulas, t))
        return self._module.weight_u(u, p, q, state, formulas.constants, self.problem.xp)

    def W(self, t: Any) -> Any:
        """First layer, shape t.shape + (d, d0): start and change early, what is across and ω late."""
        formulas, xp, e = self._formulas, self.problem.xp, self.point.direction
        state, constants = _column(self._state(formulas, t)), formulas.constants
        u, omega, p, q = formulas.neurons
        change = self._module.change_omega(u, p, q, state, constants, xp)
        now = self._module.weight_omega(omega, p, q, state, constants, xp)
        is_early = (state.decay > state.decayed)[..., None]
        start = xp.where(is_early, self.W0, formulas.across)
        along = xp.where(is_early, change[..., None], now[..., None])
        return self._module.weight_w(start, along, e, xp)

    def time_to_loss(self, loss: Any) -> Any:
        """Time at which the loss has fallen to `loss`: the inverse of `loss`, in closed form.

        Infinite for a loss that is approached but never reached, NaN for one above the start; without
        derivative there, and at the start.
        """
        return self._formulas.time_to_loss(self._like(loss))

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
