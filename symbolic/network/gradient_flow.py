"""Stage 2, flow: gradient flow with a learning rate per layer.

dθ/dt = −η_θ ∂L/∂θ at symbolic width and input dimension. Every velocity is the same scalar
−∂L/∂f times the field v = (learning rates) ∘ ∇f, which does not know the target.
Source: Xu & Ziyin 2025, Eq. 2 and 22.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Sum, Symbol, diff

from symbolic.network.model import Activation, Model
from symbolic.notation.symbols import (
    d,
    d0,
    eta_u,
    eta_w,
    f,
    gamma,
    h_i,
    i,
    j,
    k,
    l,
    rho,
    u,
    u_i,
    w,
    x,
    x_j,
    y,
)
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import Verdict, prove_zero
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

    speed: Expr
    velocity_u: Expr
    velocity_w: Expr
    velocity_h: Expr
    output_i: Expr
    tangent_kernel_i: Expr


def derive(model: Model) -> Flow:
    """Differentiate the loss and take the factor all velocities share out of them."""
    # With σ left open the algebra of sums is the same for every network.
    output = model.with_open_activation().output(x)
    speed = -diff(model.loss(f, y), f)
    preactivation = Sum(w[k, j] * x[j], (j, 1, d0))
    field_u = eta_u * expand_sums(diff(output, u[k]))
    field_w = eta_w * expand_sums(diff(output, w[k, l]))

    def local(expression: Expr) -> Expr:
        expression = expression.xreplace({preactivation: h_i})
        return expression.xreplace({u[k]: u_i, x[l]: x_j})

    open_u, open_w = local(field_u), local(field_w)
    squares = Sum(x[l] ** 2, (l, 1, d0))
    open_h = expand_sums(Sum(x[l] * open_w.xreplace({x_j: x[l]}), (l, 1, d0)))
    open_h = open_h.xreplace({squares: rho**2})
    velocity_u, velocity_w, velocity_h = map(model.close, (open_u, open_w, open_h))
    output_i = gamma * model.neuron(u_i, h_i)
    kernel_i = diff(output_i, u_i) * velocity_u + diff(output_i, h_i) * velocity_h

    loss = model.loss(output, y)
    shared = speed.xreplace({f: output})
    certificates = [
        Certificate(
            f"d{weight}/dt = -rate * dL/d{weight} = -dL/df * v at every width",
            prove_zero(expand_sums(sympy.expand(-rate * diff(loss, weight) - shared * field))),
        )
        for weight, rate, field in ((u[k], eta_u, field_u), (w[k, l], eta_w, field_w))
    ]
    summand = gamma * u[i] * Activation(model.preactivation(x))
    certificates.append(
        Certificate(
            "the neurons' contributions sum to the output",
            prove_zero(expand_sums(output - Sum(summand, (i, 1, d)))),
        )
    )
    certificates += [
        Certificate(
            f"the same with every sum written out, d = {width}, d0 = {inputs}",
            _written_out(model, velocity_u, velocity_w, width, inputs),
        )
        for width, inputs in ((1, 1), (2, 3), (3, 2))
    ]
    steps = (
        Step(
            "Gradient flow",
            (
                (r"\frac{du_i}{dt}", speed * velocity_u),
                (r"\frac{dw_{ij}}{dt}", speed * velocity_w),
            ),
            r"Differentiate the loss at symbolic width and input dimension, with "
            r"$h_i=\sum_j w_{ij}x_j$ and $f=f(x)$; sums over Kronecker deltas are contracted.",
        ),
        Step(
            "Closure on a neuron",
            ((r"\frac{dh_i}{dt}", speed * velocity_h),),
            r"Multiply by $x_j$ and sum over the inputs: the pair $(u_i,h_i)$ is autonomous up to "
            r"the factor $2(y-f)$ that all neurons share; $v_u$ and $v_h$ are what is left without it, "
            r"$\rho=\|x\|$.",
        ),
    )
    return Flow(
        speed=speed,
        velocity_u=velocity_u,
        velocity_w=velocity_w,
        velocity_h=velocity_h,
        output_i=output_i,
        tangent_kernel_i=kernel_i,
        certificates=tuple(certificates),
        steps=steps,
    )


def _written_out(
    model: Model, velocity_u: Expr, velocity_w: Expr, width: int, inputs: int
) -> Verdict:
    """Compare with the gradient of the explicit output, σ in its place, weight by weight."""
    output = instantiate(model.output(x), {d: width, d0: inputs})
    plain = {entry: Symbol(str(entry), real=True) for entry in output.atoms(sympy.Indexed)}
    loss = model.loss(output, y).xreplace(plain)
    shared = -diff(model.loss(f, y), f).xreplace({f: output.xreplace(plain)})
    hidden = Sum(w[k, j] * x[j], (j, 1, d0))
    here = {u_i: u[k], h_i: hidden, x_j: x[l]}
    entries = [
        (u[k], eta_u, velocity_u.xreplace(here), {k: neuron}) for neuron in range(1, width + 1)
    ] + [
        (w[k, l], eta_w, velocity_w.xreplace(here), {k: neuron, l: entry})
        for neuron in range(1, width + 1)
        for entry in range(1, inputs + 1)
    ]
    # One polynomial in a marker holds all components: it is zero only if each of them is.
    difference, marker = sympy.Integer(0), Symbol("marker")
    for power, (weight, rate, field, at) in enumerate(entries):
        claimed = shared * instantiate(field.subs(at), {d: width, d0: inputs}).xreplace(plain)
        gradient = -rate * diff(loss, plain[weight.subs(at)])
        difference += marker**power * (gradient - claimed)
    return prove_zero(difference)
