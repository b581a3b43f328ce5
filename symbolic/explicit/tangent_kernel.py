"""Stage: the tangent kernel between any two inputs.

K(x₁, x₂) = Σ_θ η_θ ∂f(x₁)/∂θ ∂f(x₂)/∂θ, so that df(x₁)/dt = −K(x₁, x) ∂L/∂f. The preactivation of
an input splits into a part across the data, which is conserved, and b ω_i along it. Source: Xu &
Ziyin 2025, Eq. 13 (with the learning rates as they follow from Eq. 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Expr, IndexedBase, Sum, diff

from symbolic.explicit.notation import across, b_1, b_2, cross, inner, norm_omega_2, norm_u_2
from symbolic.network.gradient_flow import Flow
from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import d, d0, eta_u, eta_w, gamma, h_i, j, k, l, rho, u, u_i, w, x_j
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.sums import expand_sums

first, second = IndexedBase("x_1", real=True), IndexedBase("x_2", real=True)


@dataclass(frozen=True, kw_only=True)
class TangentKernel(Record):
    """The tangent kernel.

    Attributes:
        model: the network.
        flow: of a neuron in u_i and h_i.
        value: K in inner, b_1, b_2, across, cross and the squared norms of u and ω.
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "tangent_kernel": XU_ZIYIN.at("Eq. 13"),
    }

    model: Need[Model]
    flow: Need[Flow]
    value: Expr

    def certify(self) -> Iterator[Certificate]:
        """What is conserved along v, and two neurons written out."""
        along = sympy.Symbol("b", real=True)
        # Along x the row moves by v(w_ij) = c x_j, so an input's preactivation by c (x₁·x) = c ρ b.
        row = self.flow.velocity_w / x_j
        yield Certificate("no sum is left over", _complete(self.value))
        yield Certificate(
            "the preactivation across the data is conserved",
            prove_zero(row * rho * along - along * self.flow.velocity_h / rho),
        )
        yield Certificate(
            "two neurons and two inputs written out", _written_out(self.model, self.value)
        )

    def explain(self) -> Iterator[Step]:
        """The kernel in sums over neurons, and with these named."""
        yield Step(
            "Tangent kernel",
            (
                ("K(x_1,x_2)", summed(self.model)),
                (r"\phantom{K}", self.value),
            ),
            r"$\sum_\theta\eta_\theta\,\partial_\theta f(x_1)\,\partial_\theta f(x_2)$, "
            r"differentiated at symbolic size; $b=x\cdot\hat x$, $\Sigma_\perp=\sum_i g_{1i}g_{2i}$ "
            r"and $\Sigma_\times=\sum_i\omega_i(b_2g_{1i}+b_1g_{2i})$ with the conserved "
            r"$g_i=\sum_jw_{ij}x_j-b\,\omega_i$.",
        )


def summed(model: Model) -> Expr:
    """The kernel as sums over neurons and inputs, at any width and input dimension."""
    outputs = [model.output(point) for point in (first, second)]
    by_u = [expand_sums(diff(output, u[k])) for output in outputs]
    by_w = [expand_sums(diff(output, w[k, l])) for output in outputs]
    return expand_sums(Sum(eta_u * by_u[0] * by_u[1], (k, 1, d))) + expand_sums(
        Sum(expand_sums(Sum(eta_w * by_w[0] * by_w[1], (l, 1, d0))), (k, 1, d))
    )


def derive(model: Model, flow: Flow) -> TangentKernel:
    """Differentiate the output at two inputs, and split preactivations across and along the data."""
    hidden = Sum(
        Sum(w[k, j] * first[j], (j, 1, d0)) * Sum(w[k, j] * second[j], (j, 1, d0)), (k, 1, d)
    )
    named = {
        hidden: across + cross + b_1 * b_2 * norm_omega_2,
        Sum(u[k] ** 2, (k, 1, d)): norm_u_2,
        Sum(first[l] * second[l], (l, 1, d0)): inner,
    }
    refusal = DoesNotApply("the tangent kernel is no polynomial in a few sums over the neurons")
    if not model.neuron(u_i, h_i).is_polynomial(h_i):
        raise refusal
    whole = summed(model).xreplace(named)
    if whole.has(Sum):
        raise refusal
    value = sympy.factor(whole)
    return TangentKernel(model=model, flow=flow, value=value)


def _complete(value: Expr) -> Verdict:
    return Undecided(f"unnamed sums in {value}") if value.has(Sum) else Proved("inspection")


def _written_out(model: Model, value: Expr) -> Verdict:
    """Differentiate the explicit output; the named sums by their definitions, along e = (3/5, 4/5)."""
    weights = sympy.symbols("u_1 u_2 w_11 w_12 w_21 w_22", real=True)
    u_weights, rows = weights[:2], (weights[2:4], weights[4:])
    inputs = (sympy.symbols("a_1 a_2", real=True), sympy.symbols("c_1 c_2", real=True))
    e = (sympy.Rational(3, 5), sympy.Rational(4, 5))

    def dot(a: Sequence[Expr], b: Sequence[Expr]) -> Expr:
        return sympy.Add(*(one * two for one, two in zip(a, b, strict=True)))

    outputs = [
        gamma
        * sympy.Add(*(model.neuron(u, dot(row, z)) for u, row in zip(u_weights, rows, strict=True)))
        for z in inputs
    ]
    explicit = sympy.Add(
        *(
            (eta_u if weight in u_weights else eta_w)
            * diff(outputs[0], weight)
            * diff(outputs[1], weight)
            for weight in weights
        )
    )
    omega = [dot(row, e) for row in rows]
    b = [dot(z, e) for z in inputs]
    g = [
        [dot(row, z) - along * w for row, w in zip(rows, omega, strict=True)]
        for z, along in zip(inputs, b, strict=True)
    ]
    mixed = [b[1] * one + b[0] * two for one, two in zip(*g, strict=True)]
    sums = {
        inner: dot(*inputs), b_1: b[0], b_2: b[1], across: dot(*g), cross: dot(omega, mixed),
        norm_u_2: dot(u_weights, u_weights), norm_omega_2: dot(omega, omega),
    }  # fmt: skip
    return prove_equal(value.subs(sums, simultaneous=True), explicit)
