"""The closed form at t = 0 and t = ∞ as a chain: each quantity in earlier ones, in a form of known size.

A sum over neurons of (a u_i + b ω_i)² lies between 1 − |r| and 1 + |r| times a² Σu² + b² Σω², where r
is the cosine of u and ω. Where |r| < 1 it is therefore of the order of the larger of both, so the
width is at least 2. Source: Xu & Ziyin 2025, appendix B.4, Eq. 17, 18 and 46-52.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol, sqrt

from symbolic.explicit import notation as n
from symbolic.explicit.chart import Chart
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.distances import Form
from symbolic.explicit.movement import Movement
from symbolic.explicit.observables import Observables
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.limits.notation import m_oo, m_uo, m_uu, sine_2
from symbolic.notation import symbols as notation
from symbolic.notation.symbols import d, eta_u, eta_w, f, h_i, lam, rho, u_i


def _positive(symbol: Symbol) -> Symbol:
    return Symbol(symbol.name, positive=True)


gamma, y = _positive(notation.gamma), _positive(notation.y)
ZERO = sympy.Integer(0)
POSITIVE = {z: _positive(z) for z in (notation.gamma, notation.y, n.A_P, n.A_Q, n.B)}
SYMBOLS = {
    "P": n.P, "Q": n.Q, "output_0": n.f_0, "R": n.R, "kernel_0": n.kernel_0, "kernel": n.kernel_x,
    "alpha": n.alpha, "sinh_s": n.sinh_s, "cosh_s": n.cosh_s,
    **{z.name: POSITIVE[z] for z in (n.A_P, n.A_Q, n.B)},
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """One link of the chain.

    Attributes:
        name: as results call it.
        exact: its value in earlier links, hyperparameters and means over the initial weights.
        sized: a positive multiple of it, between constants, in which nothing cancels; or `exact`.
    """

    name: str
    exact: Expr
    sized: Expr

    @property
    def symbol(self) -> Symbol:
        """By which later links refer to it."""
        return SYMBOLS.get(self.name, Symbol(self.name, real=True))

    @property
    def exponent(self) -> Symbol:
        """The symbol of its exponent."""
        return Symbol(f"e_{self.name}", real=True)


def build(
    chart: Chart,
    integral: RiccatiTime,
    solution: ClosedForm,
    scalars: Observables,
    change: Movement,
) -> tuple[Quantity, ...]:
    """The chain, from the records of the closed form."""
    return (
        *_at_start(chart),
        *_rates(integral, solution, change),
        *_at_the_end(),
        *_of_layers(scalars, change),
    )


def plain(expression: Expr) -> Expr:
    """γ, y and the rates positive, λ inserted."""
    inserted = expression.subs(lam, sqrt(eta_u) * sqrt(eta_w) * notation.gamma * rho)
    return inserted.xreplace(POSITIVE)


def _link(name: str, exact: Expr, sized: Expr | None = None) -> Quantity:
    exact = plain(exact)
    return Quantity(name, exact, exact if sized is None else plain(sized))


def _at_start(chart: Chart) -> Iterator[Quantity]:
    of_p, of_q = mean_square(chart.p), mean_square(chart.q)
    yield _link("P", *of_p)
    yield _link("Q", *of_q)
    yield _link("P_minus_Q", sympy.factor(of_p[0] - of_q[0]))
    yield _link("output_0", gamma * rho * d * m_uo)


def _rates(integral: RiccatiTime, solution: ClosedForm, change: Movement) -> Iterator[Quantity]:
    for z in (n.A_P, n.A_Q, n.B):
        yield _link(z.name, integral.coefficients[z])
    yield _link("R", solution.rate)
    yield _link("t_c", solution.time_scale)
    yield _link("kernel_0", change.kernel.subs(n.alpha, 1))
    yield _link("kernel", n.R)
    yield _link("kernel_change", change.kernel_change.subs(f, y))


def _at_the_end() -> Iterator[Quantity]:
    """α(∞), the positive root of dα/dt = 0; and α(∞) − 1, by its conjugate and that of R/2 − B."""
    yield _link("alpha", (n.R / 2 + n.B) / (2 * n.A_P))
    # No difference but y − f₀ is left.
    rise = _link(
        "alpha_minus_1", lam * (y - n.f_0) * (n.R / 2 + n.B) / (n.A_P * (n.R / 2 + n.B + 2 * n.A_Q))
    )
    yield rise
    yield _link("sinh_s", rise.symbol / (2 * sqrt(n.alpha)))
    yield _link("cosh_s", (n.alpha + 1) / (2 * sqrt(n.alpha)))


def _of_layers(scalars: Observables, change: Movement) -> Iterator[Quantity]:
    sums = {n.norm_u_0_2: d * m_uu, n.norm_omega_0_2: d * m_oo, n.overlap_0: d * m_uo}
    squares_only = {**sums, n.overlap_0: ZERO}
    for name, distance, norm_2 in (
        ("movement_u", change.moved_u_2, d * m_uu),
        ("movement_w", change.moved_omega_2, d * m_oo),
    ):
        yield _link(name, *(sqrt(distance.xreplace(z) / norm_2) for z in (sums, squares_only)))
    for name, form in (("norm_u", change.u), ("norm_w", change.omega)):
        yield _link(name, *(sqrt(d * z) for z in mean_square_of(form)))
    yield _link("alignment_0", m_uo / sqrt(m_uu * m_oo))
    reached = {n.overlap: scalars.overlap.subs(f, y), n.gram: d**2 * m_uu * m_oo * sine_2}
    yield _link("alignment", scalars.alignment.xreplace(reached))


def mean_square(coordinate: Expr) -> tuple[Expr, Expr]:
    """Mean over neurons of the square of a linear form in u_i and h_i: exactly, and its squares."""
    form = sympy.expand(coordinate.xreplace({u_i: n.u_i0, h_i: rho * n.omega_i0}))
    return mean_square_of({z: form.coeff(z) for z in (n.u_i0, n.omega_i0)})


def mean_square_of(form: Form) -> tuple[Expr, Expr]:
    """The same of a form by its coefficients."""
    by_u, by_omega = form[n.u_i0], form[n.omega_i0]
    squares = by_u**2 * m_uu + by_omega**2 * m_oo
    return squares + 2 * by_u * by_omega * m_uo, squares
