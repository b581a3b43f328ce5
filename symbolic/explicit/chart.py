"""Stage: the chart (p, q), found by factoring the conserved quadratic of a neuron.

With η_u, η_w replaced by squares the quadratic law splits into two linear forms over the rationals;
these are p and q up to scale. The scale is chosen so that the inverse has unit coefficients,
u = (p − q)/√η_w and h = ρ (p + q)/√η_u, which is the scale of Xu & Ziyin 2025, Eq. 4 at β = 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Matrix, Symbol, diff

from symbolic.explicit.notation import p_i, q_i
from symbolic.laws.conservation import Conservation, is_quadratic_form
from symbolic.notation.symbols import eta_u, eta_w, h_i, rho, u_i
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal


@dataclass(frozen=True, kw_only=True)
class Chart(Record):
    """Coordinates in which the conserved quantity is a product.

    Attributes:
        laws: of one neuron and between neurons.
        p, q: in terms of (u_i, h_i).
        u, h: the inverse, in terms of (p_i, q_i).
        conserved: p q as a multiple of the conserved quadratic.
    """

    laws: Need[Conservation]
    p: Expr
    q: Expr
    u: Expr
    h: Expr
    conserved: Expr

    @property
    def jacobian(self) -> Expr:
        """The determinant of ∂(p, q)/∂(u, h)."""
        return Matrix([[diff(form, z) for z in (u_i, h_i)] for form in (self.p, self.q)]).det()

    def certify(self) -> Iterator[Certificate]:
        """Compose both ways, and compare with the law."""
        (law,) = self.laws.own
        forward, inverse = {p_i: self.p, q_i: self.q}, {u_i: self.u, h_i: self.h}
        yield Certificate("p(u(p, q), h(p, q)) = p", prove_equal(self.p.xreplace(inverse), p_i))
        yield Certificate("q(u(p, q), h(p, q)) = q", prove_equal(self.q.xreplace(inverse), q_i))
        yield Certificate("u(p(u, h), q(u, h)) = u", prove_equal(self.u.xreplace(forward), u_i))
        yield Certificate("h(p(u, h), q(u, h)) = h", prove_equal(self.h.xreplace(forward), h_i))
        ratio = sympy.cancel(self.conserved / law)
        yield Certificate("p q is the conserved quadratic", _is_constant(ratio))
        yield Certificate("the Jacobian has one sign on the domain", _has_sign(self.jacobian))
        yield Certificate(
            "that multiple of it is p q", prove_equal(self.p * self.q, self.conserved)
        )

    def explain(self) -> Iterator[Step]:
        """The chart, its inverse, and what is conserved."""
        yield Step(
            "Chart",
            (
                (p_i, self.p),
                (q_i, self.q),
                (u_i, self.u),
                (h_i, self.h),
                (p_i * q_i, sympy.factor(self.conserved)),
                (r"\det\frac{\partial(p_i,q_i)}{\partial(u_i,h_i)}", self.jacobian),
            ),
            r"The conserved quadratic of neuron $i$ factors over $\sqrt{\eta_u},\sqrt{\eta_w}$ into "
            r"two linear forms; both compositions with the inverse are the identity for $\rho>0$.",
        )


def linear_factors(quadratic: Expr) -> tuple[Expr, Expr]:
    """The two linear forms of a quadratic form, over the field extended by √η_u and √η_w.

    Raises:
        DoesNotApply: when it does not split into two different linear forms.
    """
    if not is_quadratic_form(quadratic):
        raise DoesNotApply(f"{quadratic} is no quadratic form")
    root_u, root_w = Symbol("root_u", positive=True), Symbol("root_w", positive=True)
    polynomial = quadratic.xreplace({eta_u: root_u**2, eta_w: root_w**2})
    factors = [
        factor
        for factor, power in sympy.factor_list(polynomial)[1]
        if factor.has(u_i) and factor.has(h_i) and power == 1
    ]
    if len(factors) != 2:
        raise DoesNotApply(f"{quadratic} does not split into two linear forms: {factors}")
    back = {root_u: sympy.sqrt(eta_u), root_w: sympy.sqrt(eta_w)}
    plus, minus = sorted(
        (factor / sympy.Poly(factor, h_i).LC().as_coeff_Mul()[0] for factor in factors),
        key=lambda factor: (
            -sympy.sign(sympy.Poly(factor, u_i).LC().subs({root_u: 1, root_w: 1, rho: 1}))
        ),
    )
    return plus.xreplace(back), minus.xreplace(back)


def derive(laws: Conservation) -> Chart:
    """Factor the law of one neuron, scale, invert."""
    (law,) = laws.own
    plus, minus = linear_factors(law)
    scale = sympy.Symbol("scale", positive=True)
    forms = [scale * plus - p_i, scale * minus - q_i]
    solution = sympy.solve(forms, [u_i, h_i], dict=True)[0]
    # Unit coefficients in the inverse, up to the units of h and of the rates.
    unit = diff(solution[h_i], p_i) * sympy.sqrt(eta_u) / rho
    chosen = sympy.solve(unit - 1, scale)[0]
    forward = {p_i: sympy.expand(chosen * plus), q_i: sympy.expand(chosen * minus)}
    inverse = {z: sympy.factor(solution[z].xreplace({scale: chosen})) for z in (u_i, h_i)}
    ratio = sympy.cancel(sympy.expand(forward[p_i] * forward[q_i]) / law)
    return Chart(
        laws=laws,
        p=forward[p_i],
        q=forward[q_i],
        u=inverse[u_i],
        h=inverse[h_i],
        conserved=ratio * law,
    )


def _is_constant(ratio: Expr) -> Verdict:
    weights = ratio.free_symbols & {u_i, h_i}
    return Undecided(f"ratio {ratio} depends on {weights}") if weights else Proved("cancellation")


def _has_sign(jacobian: Expr) -> Verdict:
    if jacobian.is_positive or jacobian.is_negative:
        return Proved("signs of its factors")
    return Undecided(f"sign of {jacobian}")
