"""Finding scalars of the network: sums over neurons, and forms of them in which nothing cancels.

What is found here is proved where it is handed on, in `symbolic.explicit.observables`.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Sum, sqrt

from symbolic.explicit.notation import (
    P,
    Q,
    alpha,
    balance,
    decay,
    decayed,
    gram,
    norm_omega_2,
    norm_u_2,
    overlap,
    p,
    p_i,
    pq,
    q,
    q_i,
)
from symbolic.explicit.weights import Weights, g
from symbolic.laws.conservation import Conservation
from symbolic.network.effective_point import EffectivePoint
from symbolic.notation.symbols import M_aa, d, eta_u, eta_w, f, h_i, i, rho, u_i
from symbolic.proof.sums import replace_sums


def summed_law(laws: Conservation) -> Expr:
    """The quadratic laws of the neurons, summed and divided by ρ²: conserved, in squared norms."""
    (law,) = laws.own
    total = law.xreplace({u_i**2: norm_u_2, h_i**2: rho**2 * norm_omega_2}) / rho**2
    total = sympy.expand(total)
    return total if total.coeff(norm_omega_2).is_positive else -total


def substitute(weights: Weights) -> dict[str, Expr]:
    """Sums over neurons of products of the closed-form weights, in P, Q, pq and α."""
    moments = {
        Sum(p[i] ** 2, (i, 1, d)): d * P,
        Sum(q[i] ** 2, (i, 1, d)): d * Q,
        Sum(p[i] * q[i], (i, 1, d)): d * pq,
    }
    indexed = {p_i: p[i], q_i: q[i]}

    def total(product: Expr) -> Expr:
        summed = replace_sums(Sum(sympy.expand(product).xreplace(indexed), (i, 1, d)), moments)
        return sympy.factor(summed.subs(g, sqrt(alpha)))

    plain = {
        "overlap": total(weights.u * weights.omega),
        "norm_u_2": total(weights.u**2),
        "norm_omega_2": total(weights.omega**2),
    }
    plain["alignment"] = plain["overlap"] / sqrt(plain["norm_u_2"] * plain["norm_omega_2"])
    return plain


def gained(observable: Expr) -> tuple[Expr, Expr]:
    """Its change since α = 1, at α = decay^∓2, with 1 − decay² = decayed (1 + decay) taken out."""
    change = sympy.expand(observable - observable.subs(alpha, 1))
    quotients = [
        sympy.expand(sympy.cancel(change.subs(alpha, decay**power) / (1 - decay**2)))
        for power in (-2, 2)
    ]
    rising, falling = (decayed * (1 + decay) * quotient for quotient in quotients)
    return rising, falling


def conjugate_roots(sign: int) -> tuple[Expr, Expr]:
    """A squared norm for Δ ≥ 0 and for Δ < 0, the root that cancels taken by its conjugate.

    X = η_w‖u‖² (sign +) or η_u‖ω‖² (sign −) is the positive root of X (X ± Δ) = η_u η_w ((u·ω)² +
    G).
    """
    rate = eta_w if sign > 0 else eta_u
    product = eta_u * eta_w * (overlap**2 + gram)
    unknown = sympy.Symbol("X", positive=True)
    roots = sympy.solve(unknown**2 + sign * balance * unknown - product, unknown)
    at = {balance: 0, overlap: 1, gram: 1, eta_u: 1, eta_w: 1}
    direct = next(root for root in roots if root.subs(at) > 0)
    other = sympy.expand(-sign * balance - direct)
    conjugate = sympy.factor(-product / other)
    branches = (conjugate, direct) if sign > 0 else (direct, conjugate)
    return branches[0] / rate, branches[1] / rate


def population_loss(point: EffectivePoint, unit: Expr) -> Expr:
    """M_aa (f/ρ − M_ay/M_aa)² + (M_yy − M_ay²/M_aa), times the unit: completed in the slope f/ρ."""
    best = point.target / point.strength
    return unit * M_aa * (f / rho - best) ** 2 + point.floor
