"""Stage 3, conservation: what gradient flow conserves, found as the null space of an ansatz.

The field v of stage 2 acts on one neuron at a time, so an ansatz over two representative neurons i,
k and two representative inputs j, l finds the laws of every width and input dimension:

* linear in the weights, across inputs;
* quadratic, per neuron;
* quadratic, between two neurons.

An activation that no quadratic law fits has its law by separation (`separation`); networks
without a bilinear law between neurons have the differences of the clocks (`symbolic.warp.clock`) in its
place. That none is missing is shown in `completeness`.
Source: Xu & Ziyin 2025, Eq. 23-26 and 29 (their Eq. 29 at β = 1 gives the laws between neurons).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Piecewise, Poly, diff

from symbolic.laws.separation import has_no_jumps, separate
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import (
    g_ii,
    g_ik,
    h_i,
    h_k,
    u_i,
    u_k,
    w_ij,
    w_il,
    x_j,
    x_l,
)
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import prove_zero

Field = Mapping[Expr, Expr]


@dataclass(frozen=True, kw_only=True)
class Conservation(Record):
    """The conserved quantities, in the representatives of `symbolic.notation.symbols`.

    Attributes:
        linear: across inputs j and l of neuron i.
        own: of neuron i in (u_i, h_i), quadratic or by separation.
        own_rows: quadratic, of neuron i with Σ_j w_ij²; follows from `linear`.
        between: quadratic, between neurons i and k in (u, h).
    """

    linear: tuple[Expr, ...]
    own: tuple[Expr, ...]
    own_rows: tuple[Expr, ...]
    between: tuple[Expr, ...]


def _cleared(law: Expr) -> Expr:
    """A quadratic form without denominators, which are rates and norms; any other law as it is."""
    whole = sympy.fraction(sympy.together(law))[0]
    return whole if is_quadratic_form(whole) else law


def is_quadratic_form(law: Expr) -> bool:
    """Whether a law is a quadratic form in u_i and h_i, as it is for every power."""
    if not law.is_polynomial(u_i, h_i):
        return False
    return bool(Poly(law, u_i, h_i).homogeneous_order() == 2)


def unit_law(laws: Conservation) -> Expr:
    """E, the law of a neuron, with unit coefficient of u_i²."""
    (law,) = laws.own
    return sympy.expand(law / sympy.expand(law).coeff(u_i, 2))


def lie_derivative(quantity: Expr, field: Field) -> Expr:
    """Σ v(z) ∂quantity/∂z over the coordinates of the field."""
    return sympy.Add(*(diff(quantity, z) * velocity for z, velocity in field.items()))


def field_of(flow: Flow) -> dict[Expr, Expr]:
    """V on the representatives: two neurons, two inputs, inner products of rows."""
    other = {u_i: u_k, h_i: h_k}
    row = flow.velocity_w / x_j
    return {
        u_i: flow.velocity_u,
        h_i: flow.velocity_h,
        w_ij: flow.velocity_w,
        w_il: flow.velocity_w.xreplace({x_j: x_l}),
        u_k: flow.velocity_u.xreplace(other),
        h_k: flow.velocity_h.xreplace(other),
        # v moves the row w_i along x, so that <w_i, w_k> changes by its factor times h_k.
        g_ii: 2 * row * h_i,
        g_ik: row * h_k + row.xreplace(other) * h_i,
    }


def null_space(ansatz: Sequence[Expr], field: Field) -> tuple[Expr, ...]:
    """All combinations of the ansatz, with coefficients constant in the weights, that v conserves."""
    weights = [z for z in field if z not in (g_ii, g_ik)]
    changes = [sympy.expand(lie_derivative(term, field)) for term in ansatz]
    opaque = {part: sympy.Dummy() for change in changes for part in _functions(change, weights)}
    derivatives = [Poly(change.xreplace(opaque), *weights, *opaque.values()) for change in changes]
    monomials = sorted({monomial for poly in derivatives for monomial in poly.monoms()})
    system = sympy.Matrix(
        [[poly.coeff_monomial(monomial) for poly in derivatives] for monomial in monomials]
    )
    laws = []
    for vector in system.nullspace():
        law = sympy.together(sympy.Add(*(c * term for c, term in zip(vector, ansatz, strict=True))))
        laws.append(sympy.factor_terms(sympy.fraction(law)[0]))
    return tuple(laws)


def _functions(expression: Expr, weights: Sequence[Expr]) -> set[Expr]:
    """The factors of the terms that are no polynomials in the weights; they stand for themselves."""
    return {
        factor
        for term in sympy.Add.make_args(expression)
        for factor in sympy.Mul.make_args(term)
        if factor.has(*weights) and not factor.is_polynomial(*weights)
    }


def derive(flow: Flow) -> Conservation:
    """Solve the ansatz spaces and prove every law found."""
    field = field_of(flow)
    linear = null_space([u_i, w_ij, w_il], field)
    own = null_space([u_i**2, u_i * h_i, h_i**2], field) or (_cleared(separate(flow).law),)
    with_rows = null_space([u_i**2, u_i * h_i, h_i**2, g_ii], field)
    own_rows = tuple(law for law in with_rows if law.has(g_ii))
    between = null_space([u_i * u_k, u_i * h_k, h_i * u_k, h_i * h_k], field)
    laws = {"linear": linear, "own": own, "own_rows": own_rows, "between": between}
    certificates = tuple(
        Certificate(f"{kind}: v({law}) = 0", prove_zero(lie_derivative(law, field)))
        for kind, found in laws.items()
        for law in found
    )
    certificates += tuple(
        Certificate(f"{law} has no jumps", has_no_jumps(law)) for law in own if law.has(Piecewise)
    )
    steps = [
        Step(
            "Conservation across inputs",
            tuple((law, r"\mathrm{const}") for law in linear),
            r"Null space of the linear ansatz $c_1u_i+c_2w_{ij}+c_3w_{il}$ under $v$.",
        ),
        Step(
            "Conservation per neuron",
            tuple((law, r"\mathrm{const}") for law in (*own, *own_rows)),
            r"Null space of the quadratic ansatz in $u_i$, $h_i$ and $\sum_j w_{ij}^2$."
            if own_rows
            else r"Along $v$ the ratio $u_i\,dh_i/du_i$ depends on $h_i$ alone, and is integrated.",
        ),
    ]
    if between:
        steps.append(
            Step(
                "Conservation between neurons",
                tuple((law, r"\mathrm{const}") for law in between),
                r"Null space of the bilinear ansatz in $(u_i,h_i)$ and $(u_k,h_k)$, $i\neq k$.",
            )
        )
    return Conservation(
        linear=linear,
        own=own,
        own_rows=own_rows,
        between=between,
        certificates=certificates,
        steps=tuple(steps),
    )
