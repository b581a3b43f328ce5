"""Finding how far training goes: weights in their initial values, and sums over their changes.

What is found here is proved where it is handed on, in `symbolic.explicit.movement`.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from symbolic.explicit.chart import Chart
from symbolic.explicit.notation import (
    A_P,
    A_Q,
    P,
    Q,
    alpha,
    cosh_s,
    decay,
    decayed,
    norm_omega_0_2,
    norm_u_0_2,
    omega_i0,
    overlap_0,
    p_i,
    q_i,
    sinh_s,
    u_i0,
)
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.explicit.weights import g
from symbolic.notation.symbols import d, eta_u, eta_w, h_i, rho, s, u_i

Form = dict[Expr, Expr]  # a linear form: initial weight → coefficient
HYPERBOLIC = {cosh_s: (g + 1 / g) / 2, sinh_s: (g - 1 / g) / 2}


def whole(form: Form) -> Expr:
    """The weight that a linear form is."""
    return sympy.Add(*(z * coefficient for z, coefficient in form.items()))


def in_initial_weights(weight: Expr, chart: Chart) -> Form:
    """A weight at warped time s as a linear form in u_i(0) and ω_i(0), in cosh s and sinh s."""
    start = {u_i: u_i0, h_i: rho * omega_i0}
    coordinates = {p_i: chart.p.xreplace(start), q_i: chart.q.xreplace(start)}
    in_start = sympy.expand(weight.xreplace(coordinates))
    form = {}
    for initial in (u_i0, omega_i0):
        coefficient = in_start.coeff(initial)
        even = sympy.cancel((coefficient + coefficient.subs(g, 1 / g)) / 2 / HYPERBOLIC[cosh_s])
        odd = sympy.cancel((coefficient - coefficient.subs(g, 1 / g)) / 2 / HYPERBOLIC[sinh_s])
        form[initial] = even * cosh_s + odd * sinh_s
    return form


def moved(form: Form, own: Expr) -> Expr:
    """Sum over neurons of the squared change; cosh s − 1 by its product with cosh s + 1."""
    change = {z: c - (1 if z == own else 0) for z, c in form.items()}
    shifted = {z: c.subs(cosh_s, cosh_s + 1) if c.has(cosh_s) else c for z, c in change.items()}
    by_u, by_omega = (shifted[z].subs(cosh_s, sinh_s**2 / (cosh_s + 1)) for z in (u_i0, omega_i0))
    return by_u**2 * norm_u_0_2 + by_omega**2 * norm_omega_0_2 + 2 * by_u * by_omega * overlap_0


def sums_moved(change: Expr, chart: Chart) -> tuple[Expr, Expr, Expr]:
    """The sums over neurons of which a squared distance consists, where a weight changes by ± this."""
    start = {u_i: u_i0, h_i: rho * omega_i0}
    sums = {u_i0**2: norm_u_0_2, omega_i0**2: norm_omega_0_2, u_i0 * omega_i0: overlap_0}
    squares = {p_i**2: d * P, q_i**2: d * Q}
    initial = {p_i: chart.p.xreplace(start), q_i: chart.q.xreplace(start)}
    parts = sympy.Add.make_args(sympy.expand(change / decayed))
    grown = sympy.Add(*(z for z in parts if z.has(p_i, q_i))) * decay / decayed
    other = sympy.Add(*(z for z in parts if not z.has(p_i, q_i)))
    mixed = _summed(other * grown.xreplace(initial), sums)
    return _summed(other**2, sums), _common(mixed), _summed(grown**2, squares)


def _summed(product: Expr, sums: Form) -> Expr:
    """A quadratic form with each pair of weights replaced by their sum over neurons."""
    expanded = sympy.expand(product)
    return sympy.Add(*(expanded.coeff(pair) * total for pair, total in sums.items()))


def _common(form: Expr) -> Expr:
    """With the square root that its terms share taken out: where they cancel exactly, floats do too."""
    rate = next(z for z in (eta_u, eta_w) if form.coeff(overlap_0).as_powers_dict()[z] > 0)
    shared = sympy.sqrt(rate) / (2 * (eta_w if rate == eta_u else eta_u))
    return shared * sympy.expand(form / shared)


def kernel_by_decay(kernel: Expr, integral: RiccatiTime) -> tuple[Expr, Expr]:
    """(K − K₀)/K₀ at α = decay^∓2, with 1 − decay² = decayed (1 + decay) taken out."""
    start = kernel.subs(alpha, 1)
    relative = sympy.cancel(((kernel - start) / start).xreplace(integral.coefficients))
    changes = []
    for power in (-2, 2):
        quotient = sympy.cancel(relative.subs(alpha, decay**power) / (1 - decay**2))
        top, bottom = sympy.fraction(sympy.together(quotient))
        divided = sympy.expand(sympy.expand(top) / sympy.cancel(bottom / (P + Q)))
        changes.append(decayed * (1 + decay) * divided / (P + Q))
    return changes[0], changes[1]


def in_rates(expression: Expr, integral: RiccatiTime) -> Expr:
    """An expression in P, Q and s in the rates A_P and A_Q, and α = e^{2s}."""
    in_alpha = sympy.expand(expression.subs(s, sympy.log(alpha) / 2))
    solved = {z: rate * z / integral.coefficients[rate] for z, rate in ((P, A_P), (Q, A_Q))}
    return sympy.expand(sympy.cancel(in_alpha.xreplace(solved)))
