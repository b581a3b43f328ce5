"""Stage: gradient flow with a learning rate per layer.

dθ/dt = −η_θ ∂L/∂θ at symbolic width and input dimension. Every velocity is the same scalar
−∂L/∂f times the field v = (learning rates) ∘ ∇f, which does not know the target.
Source: Xu & Ziyin 2025, Eq. 2 and 22.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Sum, Symbol, diff

from symbolic.network.losses import SQUARE, OpenLoss, OpenSlope
from symbolic.network.model import Model
from symbolic.notation import symbols as n
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Verdict, prove_equal, prove_zero
from symbolic.proof.sums import expand_sums, instantiate


@dataclass(frozen=True, kw_only=True)
class Flow(Record):
    """The vector field, factored.

    Attributes:
        speed: −∂L/∂f, the scalar all weights share.
        velocity_u: v of u_i, in u_i and h_i.
        velocity_w: v of w_ij, in u_i, h_i and x_j.
        velocity_h: v of the preactivation h_i = Σ_j w_ij x_j.
        output_i: the contribution γ φ(u_i, h_i) of neuron i to the output.
        tangent_kernel_i: the contribution of neuron i to v(f), the tangent kernel at x.
    """

    model: Need[Model]
    speed: Expr
    velocity_u: Expr
    velocity_w: Expr
    velocity_h: Expr
    output_i: Expr
    tangent_kernel_i: Expr

    def certify(self) -> Iterator[Certificate]:
        """The gradient of the loss at every width, and once more with every sum written out."""
        for weight, rate, field in (
            (n.u[n.k], n.eta_u, self.velocity_u), (n.w[n.k, n.l], n.eta_w, self.velocity_w),
        ):  # fmt: skip
            yield Certificate(
                f"d{weight}/dt = -rate * dL/d{weight} = -dL/df * v at every width",
                prove_equal(_gradient(self.model, weight, rate), field),
            )
        yield Certificate(
            "the neurons' contributions sum to the output",
            prove_equal(_summand(self.model), self.output_i),
        )
        for width, inputs in ((1, 1), (2, 3), (3, 2)):
            yield Certificate(
                f"the same with every sum written out, d = {width}, d0 = {inputs}",
                _written_out(self, width, inputs),
            )
        loss = self.model.loss(n.f, n.y)
        yield Certificate("the speed is -dL/df", prove_equal(self.speed, -diff(loss, n.f)))
        row = expand_sums(
            Sum(n.x[n.l] * self.velocity_w.xreplace({n.x_j: n.x[n.l]}), (n.l, 1, n.d0))
        )
        moved = row.xreplace({Sum(n.x[n.l] ** 2, (n.l, 1, n.d0)): n.rho**2})
        yield Certificate("v(h) is the sum of x_j v(w_ij)", prove_equal(moved, self.velocity_h))
        by_u, by_h = (diff(self.output_i, z) for z in (n.u_i, n.h_i))
        yield Certificate(
            "the tangent kernel of a neuron is a sum of squares",
            prove_equal(n.eta_u * by_u**2 + n.eta_w * n.rho**2 * by_h**2, self.tangent_kernel_i),
        )

    def explain(self) -> Iterator[Step]:
        """The flow of the weights, and of one neuron."""
        speed = "2(y-f)" if self.model.loss is SQUARE else r"-\partial\ell/\partial f"
        yield Step(
            "Gradient flow",
            (
                (r"\frac{du_i}{dt}", self.speed * self.velocity_u),
                (r"\frac{dw_{ij}}{dt}", self.speed * self.velocity_w),
            ),
            r"Differentiate the loss at symbolic width and input dimension, with "
            r"$h_i=\sum_j w_{ij}x_j$ and $f=f(x)$; sums over Kronecker deltas are contracted.",
        )
        yield Step(
            "Closure on a neuron",
            ((r"\frac{dh_i}{dt}", self.speed * self.velocity_h),),
            r"Multiply by $x_j$ and sum over the inputs: the pair $(u_i,h_i)$ is autonomous up to "
            rf"the factor ${speed}$ that all neurons share; $v_u$ and $v_h$ are what is left without it, "
            r"$\rho=\|x\|$.",
        )


def derive(model: Model) -> Flow:
    """Differentiate the loss and take the factor all velocities share out of them."""
    # With σ left open the algebra of sums is the same for every network.
    output = model.with_open_activation().output(n.x)
    field_u = n.eta_u * expand_sums(diff(output, n.u[n.k]))
    field_w = n.eta_w * expand_sums(diff(output, n.w[n.k, n.l]))
    open_u, open_w = _local(field_u), _local(field_w)
    squares = Sum(n.x[n.l] ** 2, (n.l, 1, n.d0))
    open_h = expand_sums(Sum(n.x[n.l] * open_w.xreplace({n.x_j: n.x[n.l]}), (n.l, 1, n.d0)))
    open_h = open_h.xreplace({squares: n.rho**2})
    velocity_u, velocity_w, velocity_h = map(model.close, (open_u, open_w, open_h))
    output_i = n.gamma * model.neuron(n.u_i, n.h_i)
    return Flow(
        model=model,
        speed=-diff(model.loss(n.f, n.y), n.f),
        velocity_u=velocity_u,
        velocity_w=velocity_w,
        velocity_h=velocity_h,
        output_i=output_i,
        tangent_kernel_i=diff(output_i, n.u_i) * velocity_u + diff(output_i, n.h_i) * velocity_h,
    )


def _local(expression: Expr) -> Expr:
    """Of neuron k and input l, in the representatives u_i, h_i and x_j."""
    preactivation = Sum(n.w[n.k, n.j] * n.x[n.j], (n.j, 1, n.d0))
    return expression.xreplace({preactivation: n.h_i}).xreplace({n.u[n.k]: n.u_i, n.x[n.l]: n.x_j})


def _gradient(model: Model, weight: Expr, rate: Expr) -> Expr:
    """−rate · ∂L/∂weight over −∂L/∂f, for any loss of the output: it is left open, as σ is."""
    output = model.with_open_activation().output(n.x)
    gradient = expand_sums(sympy.expand(-rate * diff(OpenLoss(output), weight)))
    return model.close(_local(sympy.cancel(gradient / -OpenSlope(output))))


def _summand(model: Model) -> Expr:
    """What the output sums over neurons, with the scale that stands before the sum."""
    (total,) = (part for part in model.output(n.x).atoms(Sum) if part.limits[0][0] == n.i)
    before = sympy.cancel(model.output(n.x) / total)
    inner = total.function.xreplace({model.preactivation(n.x): n.h_i, n.u[n.i]: n.u_i})
    return before * inner


def _written_out(flow: Flow, width: int, inputs: int) -> Verdict:
    """Compare with the gradient of the explicit output, σ in its place, weight by weight."""
    output = instantiate(flow.model.output(n.x), {n.d: width, n.d0: inputs})
    plain = {entry: Symbol(str(entry), real=True) for entry in output.atoms(sympy.Indexed)}
    hidden = Sum(n.w[n.k, n.j] * n.x[n.j], (n.j, 1, n.d0))
    here = {n.u_i: n.u[n.k], n.h_i: hidden, n.x_j: n.x[n.l]}
    entries = [
        (n.u[n.k], n.eta_u, flow.velocity_u.xreplace(here), {n.k: neuron})
        for neuron in map(sympy.Integer, range(1, width + 1))
    ] + [
        (n.w[n.k, n.l], n.eta_w, flow.velocity_w.xreplace(here), {n.k: neuron, n.l: entry})
        for neuron in map(sympy.Integer, range(1, width + 1))
        for entry in map(sympy.Integer, range(1, inputs + 1))
    ]
    # One polynomial in a marker holds all components: it is zero only if each of them is.
    difference, marker = sympy.Integer(0), Symbol("marker")
    explicit = output.xreplace(plain)
    for power, (weight, rate, field, at) in enumerate(entries):
        claimed = instantiate(field.xreplace(at), {n.d: width, n.d0: inputs}).xreplace(plain)
        gradient = rate * diff(explicit, plain[weight.xreplace(at)])
        difference += marker**power * (gradient - claimed)
    return prove_zero(difference)
