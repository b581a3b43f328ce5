"""Any network under any loss as tensors: the warped flow of numpy, differentiated implicitly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numeric.methods.tensors import line
from numeric.methods.tensors.host import CHANGES, NEURONS, SCALARS, Numbers, Setting, named
from numeric.methods.tensors.trajectory import TensorTrajectory

if TYPE_CHECKING:
    from numeric.methods.tensors.reading import TensorProblem

Inputs = tuple[Any, ...]  # u0, W0, m, scales, targets, γ, η_u, η_w and t


class TensorWarpedFlow(TensorTrajectory):
    """Gradient flow of f(x) = γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ xⱼ) under any convex loss, as tensors.

    The flow is solved on the host, in float64, by `WarpedFlow`: its values are those of numpy, and so are
    its refusals, which are raised within `vmap` and `compile` as well. Derivatives are found by implicit
    differentiation along the way that was taken (`numeric.methods.warp.adjoint`).

    Accuracy: values as `WarpedFlow` has them, in float64; gradients 1e-9 of their largest component, at
    any time, also where the residual is 1e-300, unless digits cancel. They do in the gradient of a change
    since the start that is small beside the start, and, of a set, in that of residual and loss where a
    loss is flat at its minimum (quartic) and the residual small beside that of the start.
    First derivatives alone, by reverse mode: second ones are refused, since what a gradient is made of
    (weights of a quadrature along the way) is found on the host and has no derivative there. None exists
    at a bend of σ (a start with h = 0 under relu), at one of ℓ (a start there, or two inputs that pass it
    at once), of a norm or an alignment of zero. By an input of 0 they are refused. The residual is NaN
    where the least loss is at an infinite output.

    Args:
        problem: what is trained; data on a line for powers, on a ray for relu and its like, equal inputs
            for other activations. Derivatives by inputs of a set are those along its line.
    """

    method = "warp"

    def __init__(self, problem: TensorProblem) -> None:
        super().__init__(problem)
        given = problem
        self._m, self._scales = self._along()
        setting = Setting(
            given.network, given.loss, given.reduction, given.is_set, given.line_tolerance
        )
        self._setting = named(setting)
        self._warped = given.library.warped(given)

    @property
    def _weight(self) -> Any:
        """M, of a square; 1 of other losses."""
        square = self.problem.loss.FACTOR is not None
        return self.problem.xp.mean(self._scales**2) if square else 1.0

    @property
    def _h0(self) -> Any:
        """Preactivations at the start."""
        return self.W0 @ self._m

    @property
    def _norm_2(self) -> Any:
        """‖m‖²."""
        return self._m @ self._m

    def _along(self) -> tuple[Any, Any]:
        """M, and the outputs at the inputs in units of the output there (`numeric.data.point`)."""
        X, network, xp = self.problem.X, self.problem.network, self.problem.xp
        if len(X) == 1:
            return X[0], xp.ones_like(self.problem.targets)
        if not network.ray_degree:
            return xp.mean(X, 0), xp.ones_like(self.problem.targets)
        direction = line.direction_of(X, self.problem.library)
        along = X @ direction
        if not network.degree:  # a ray
            sign = xp.where(xp.all(along <= 0), -1, 1)
            direction, along = sign * direction, sign * along
        return direction, along**network.ray_degree

    def _inputs(self, t: Any) -> Inputs:
        given = self.problem
        rates = given.gamma, given.eta_u, given.eta_w
        return self.u0, self.W0, self._m, self._scales, given.targets, *rates, t

    def _operators(self, name: str, inputs: Inputs) -> Any:
        """What is asked of the host, by operators of the library."""
        library = self.problem.library
        u0, W0, m, scales, targets, *rates, t = inputs
        felt = u0, W0 @ m, m @ m, scales, targets, *rates, t.reshape(-1)
        kept = (library.still(z) for z in (W0, self.problem.X))
        numbers = Numbers(*(library.wide(z) for z in (*felt, *kept)))
        if name == SCALARS:
            return library.scalars(self._setting, numbers)
        return library.neurons(self._setting, numbers, name == CHANGES)

    def _asked(self, name: str, moments: Any) -> Any:
        """What is asked of the host, at times in a row."""
        inputs, found = self._inputs(moments), None
        if self._warped is not None:
            found = self._warped.observe(name, inputs, self._operators)
        return self._operators(name, inputs) if found is None else found

    def _scalars(self, t: Any) -> Any:
        """Residual f − f*, output at m and loss, of shape (3, *t.shape)."""
        moments = self._moments(t)
        return self._like(self._asked(SCALARS, moments).reshape(3, *moments.shape))

    def _neurons(self, t: Any, changes: bool = False) -> Any:
        """U and h, or what they have changed, of shape (2, *t.shape, d)."""
        moments = self._moments(t)
        found = self._asked(CHANGES if changes else NEURONS, moments)
        return self._like(found.reshape(2, *moments.shape, self.u0.shape[0]))

    def _moments(self, t: Any) -> Any:
        found, forever = self._times(t)
        return found + float("inf") if forever else found

    def output(self, t: Any) -> Any:
        """Output at the effective point, √M f(m)."""
        return self._weight**0.5 * self._scalars(t)[1]

    def residual(self, t: Any) -> Any:
        """Residual √M (f(m) − f*), to full relative accuracy; NaN where f* is infinite."""
        return self._weight**0.5 * self._scalars(t)[0]

    def loss(self, t: Any) -> Any:
        """Of a point, or over a data set by its reduction."""
        return self._scalars(t)[2]

    def u(self, t: Any) -> Any:
        """Second layer, shape t.shape + (d,)."""
        return self._neurons(t)[0]

    def W(self, t: Any) -> Any:
        """First layer, shape t.shape + (d, d0): its part across the data does not move."""
        moved = self._neurons(t, changes=True)[1]
        return self.W0 + (moved / self._norm_2_safe)[..., None] * self._m

    @property
    def _norm_2_safe(self) -> Any:
        return self.problem.xp.where(self._norm_2 > 0, self._norm_2, 1)

    @property
    def _length(self) -> Any:
        """‖m‖, or 1 where the input is 0."""
        return self._norm_2_safe**0.5

    def overlap(self, t: Any) -> Any:
        """u·ω, with ω = W e along the data."""
        u, h = self._neurons(t)
        return (u * h).sum(-1) / self._length

    def alignment(self, t: Any) -> Any:
        """Alignment ζ, the cosine of u and W x; NaN where one of them is zero."""
        u, h = self._neurons(t)
        return (u * h).sum(-1) / ((u * u).sum(-1) * (h * h).sum(-1)) ** 0.5

    def norm_u(self, t: Any) -> Any:
        """‖u‖."""
        return self._norms(self.u(t))

    def norm_omega(self, t: Any) -> Any:
        """‖ω‖ = ‖W e‖, the part of the first layer along the data."""
        return self._norms(self._neurons(t)[1]) / self._length

    def norm_W(self, t: Any) -> Any:
        """Frobenius norm ‖W‖."""
        across = self.W0 - (self._h0 / self._norm_2_safe)[:, None] * self._m
        square = (across * across).sum() if self.W0.shape[1] > 1 else 0.0
        along = self._neurons(t)[1] / self._length
        return ((along * along).sum(-1) + square) ** 0.5

    def distance_u(self, t: Any) -> Any:
        """‖u(t) − u(0)‖, its derivative 0 where it is 0."""
        return self._norms(self._neurons(t, changes=True)[0])

    def distance_W(self, t: Any) -> Any:
        """‖W(t) − W(0)‖, its derivative 0 where it is 0."""
        return self._norms(self._neurons(t, changes=True)[1]) / self._length

    def kernel(self, t: Any) -> Any:
        """Tangent kernel K(x, x) at the effective point; df/dt = −K ∂L/∂f there."""
        return self._weight * self._kernel(*self._neurons(t))

    def _kernel(self, u: Any, h: Any) -> Any:
        given = self.problem
        parameters = given.network.parameters(given.gamma, given.eta_u, given.eta_w, self._norm_2)
        return (given.network.module.kernel(u, h, parameters, given.xp) + 0 * u).sum(-1)

    def kernel_change(self, t: Any) -> Any:
        """Relative change of K(x, x) since the start, as a difference: to 1e-15 of the start."""
        return self._kernel(*self._neurons(t)) / self._kernel(self.u0, self._h0) - 1

    def _norms(self, rows: Any) -> Any:
        xp, square = self.problem.xp, (rows * rows).sum(-1)
        return xp.where(square > 0, xp.where(square > 0, square, 1) ** 0.5, 0)
