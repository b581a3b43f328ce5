"""Certificates of the chain: its links by the records of the closed form, and by two neurons written out.

The code that finds the links is in `symbolic.limits.chain`; of it, only names of symbols are used
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Symbol, sqrt

from symbolic.explicit import notation as n
from symbolic.explicit.distances import HYPERBOLIC, whole
from symbolic.explicit.weights import g
from symbolic.limits.chain import ZERO, Quantity, plain, y
from symbolic.limits.notation import m_oo, m_uo, m_uu, sine_2
from symbolic.notation.symbols import d, f, h_i, lam, rho, s, t, u_i
from symbolic.proof.certificate import Certificate
from symbolic.proof.equality import (
    Proved,
    Undecided,
    Verdict,
    is_proved,
    prove_equal,
    prove_zero,
)

if TYPE_CHECKING:
    from symbolic.limits.exponents import Scaling

MEAN_SQUARES = ("P", "Q", "movement_u", "movement_w", "norm_u", "norm_w")  # or roots of some
FIRST, SECOND = (sympy.symbols(f"u_{k} omega_{k}", real=True) for k in (1, 2))


def at_both_ends(record: Scaling) -> Iterator[Certificate]:
    """Means and output at t = 0, α and what is written with it at t = ∞, and bounds of squares."""
    yield from _start_certificates(record)
    yield from _limit_certificates(record)
    yield from _bound_certificates()


def link_by_link(record: Scaling) -> Iterator[Certificate]:
    """Every other link, and the size of each."""
    yield from _rate_certificates(record)
    yield from _layer_certificates(record)
    yield from _alignment_certificates(record)
    yield from _size_certificates(record)


def _mean(function: Expr) -> Expr:
    """Over two neurons, of a function of u_i(0) and ω_i(0), or of u_i and h_i."""
    neurons = (
        function.xreplace({n.u_i0: u, n.omega_i0: omega, u_i: u, h_i: rho * omega})
        for u, omega in (FIRST, SECOND)
    )
    return sympy.Add(*neurons) / 2


MEANS = {m_uu: _mean(n.u_i0**2), m_oo: _mean(n.omega_i0**2), m_uo: _mean(n.u_i0 * n.omega_i0)}


def _start_certificates(record: Scaling) -> Iterator[Certificate]:
    """At t = 0: the means, by two neurons written out; output, Gram determinant and kernel by them."""
    chart, exact = record.chart, record.exact
    in_moments = {n.P: exact("P"), n.Q: exact("Q")}
    output = plain(record.reduction.output.subs(s, 0)).xreplace(in_moments)
    determinant = record.scalars.constants[n.gram].xreplace(in_moments)
    determinant = determinant.subs(n.pq, _mean(chart.p * chart.q)).subs(d, 2)
    cosine_2 = m_uo**2 / (m_uu * m_oo)
    expected = d**2 * m_uu * m_oo * (1 - cosine_2)
    for name, coordinate in (("P", chart.p), ("Q", chart.q)):
        yield Certificate(
            f"{name}, two neurons", prove_equal(exact(name).xreplace(MEANS), _mean(coordinate**2))
        )
    yield Certificate("P - Q", prove_equal(exact("P_minus_Q"), exact("P") - exact("Q")))
    yield Certificate("output at t = 0", prove_equal(exact("output_0"), output))
    yield Certificate(
        "Gram determinant, two neurons",
        prove_equal(determinant.xreplace(MEANS), expected.subs(d, 2).xreplace(MEANS)),
    )


def _in_rates(record: Scaling, expression: Expr) -> Expr:
    """R² = 4B² + 16 A_P A_Q, f₀ = (A_P − A_Q)/λ and y = B/λ inserted, as the coefficients have it."""
    rate = plain(lam)
    values = {
        n.f_0: plain(n.A_P - n.A_Q) / rate,
        y: plain(n.B) / rate,
        n.R: plain(record.solution.rate),
    }
    return plain(expression).subs(values, simultaneous=True)


def _limit_certificates(record: Scaling) -> Iterator[Certificate]:
    """At t = ∞: α by the limits of N and D, and what is written with it."""
    solution, exact, limit = record.solution, record.exact, record.exact("alpha")

    def equal(left: Expr, right: Expr) -> Verdict:
        return prove_equal(_in_rates(record, left), _in_rates(record, right))

    halves = {n.r_plus: n.R + 2 * n.B, n.r_minus: n.R - 2 * n.B}
    top, bottom = solution.limit_numerator.subs(halves), solution.limit_denominator.subs(halves)
    yield Certificate("alpha(infinity) = N/D", equal(limit * plain(bottom), top))
    velocity = plain(record.integral.speed).subs(n.alpha, limit)
    yield Certificate("d(alpha)/dt = 0 there", equal(velocity, ZERO))
    yield Certificate("alpha(infinity) - 1", equal(exact("alpha_minus_1"), limit - 1))
    kernel = plain(record.change.kernel).subs(n.alpha, limit)
    yield Certificate("K(infinity) = R", equal(kernel, exact("kernel")))
    rise = {Symbol("alpha_minus_1", real=True): n.alpha - 1}
    for name, function in (("sinh", n.sinh_s), ("cosh", n.cosh_s)):
        found = exact(f"{name}_s").xreplace(rise).subs(n.alpha, g**2)
        yield Certificate(f"{name}(s) in alpha", prove_equal(found, HYPERBOLIC[function]))


def _bound_certificates() -> Iterator[Certificate]:
    """(1 − |r|)(a² + b²) ≤ a² + b² + 2 r a b ≤ (1 + |r|)(a² + b²), by squares."""
    a, b = sympy.symbols("a b", real=True)
    size, sign = Symbol("r", nonnegative=True), Symbol("sign", real=True)
    squares, form = a**2 + b**2, a**2 + b**2 + 2 * sign * size * a * b
    unit = {sign: 1}  # the other sign is this one at −b
    yield Certificate(
        "a square from below",
        prove_equal((form - (1 - size) * squares).subs(unit), size * (a + b) ** 2),
    )
    yield Certificate(
        "a square from above",
        prove_equal(((1 + size) * squares - form).subs(unit), size * (a - b) ** 2),
    )


def _rate_certificates(record: Scaling) -> Iterator[Certificate]:
    """Rates and times, by the equation of α; kernels by the slope of the output."""
    reduction, exact = record.reduction, record.exact
    rates = {plain(z): exact(z.name) for z in (n.A_P, n.A_Q, n.B)}
    speed = 2 * n.alpha * reduction.speed.xreplace({lam: reduction.rate})
    yield Certificate(
        "d(alpha)/dt in hyperparameters",
        prove_equal(
            plain(record.integral.speed).xreplace(rates),
            plain(speed.subs(s, sympy.log(n.alpha) / 2)),
        ),
    )
    rate_squared = plain(record.integral.riccati.rate_squared)
    yield Certificate("R squared", prove_equal(exact("R") ** 2, rate_squared))
    yield Certificate("R is positive", _is_positive(exact("R")))
    yield Certificate(
        "E = exp(-4 t / t_c)",
        prove_zero(record.solution.decaying - sympy.exp(-4 * t / exact("t_c"))),
    )
    yield Certificate(
        "kernel at t = 0",
        prove_equal(
            exact("kernel_0").xreplace(rates), plain((reduction.rate * reduction.slope).subs(s, 0))
        ),
    )
    kernels = {n.kernel_0: exact("kernel_0"), n.kernel_x: exact("kernel")}
    changed = exact("kernel_0") * (1 + exact("kernel_change").xreplace(kernels))
    yield Certificate(
        "K(infinity) = K_0 (1 + change)",
        prove_equal(_in_rates(record, changed), _in_rates(record, exact("kernel"))),
    )
    start = (exact("A_P") - exact("A_Q")).xreplace({n.P: exact("P"), n.Q: exact("Q")})
    yield Certificate("lambda f_0 = A_P - A_Q", prove_equal(plain(lam) * exact("output_0"), start))
    yield Certificate("lambda y = B", prove_equal(plain(lam) * y, exact("B")))


def _layer_certificates(record: Scaling) -> Iterator[Certificate]:
    """Norms and distances, as means over two neurons."""
    for layer, form, own in (
        ("u", record.change.u, n.u_i0),
        ("w", record.change.omega, n.omega_i0),
    ):
        norm, moved = record.exact(f"norm_{layer}"), record.exact(f"movement_{layer}")
        weight = whole(form)
        yield Certificate(
            f"norm of {layer}, two neurons",
            prove_equal((norm**2 / d).xreplace(MEANS), _mean(weight**2)),
        )
        yield Certificate(
            f"movement of {layer}, two neurons",
            prove_equal(
                moved.xreplace(MEANS).xreplace(HYPERBOLIC) ** 2 * _mean(own**2),
                _mean((weight - own) ** 2).xreplace(HYPERBOLIC),
            ),
        )


def _alignment_certificates(record: Scaling) -> Iterator[Certificate]:
    """Cosines by their definition: at t = 0, and at the target with G = |u|² |ω|² sin²(u, ω)."""
    start, end = record.exact("alignment_0"), record.exact("alignment")
    yield Certificate("cosine at t = 0", prove_equal(start * sqrt(m_uu) * sqrt(m_oo), m_uo))
    reached = plain(record.scalars.overlap.subs(f, y))
    determinant = d**2 * m_uu * m_oo * sine_2
    yield Certificate(
        "cosine at the target", prove_equal(end**2 * (reached**2 + determinant), reached**2)
    )
    yield Certificate("the cosine at the target is positive", _is_positive(end))


def _is_positive(quantity: Expr) -> Verdict:
    return (
        Proved("signs of its parts") if quantity.is_positive else Undecided(f"sign of {quantity}")
    )


def _size_certificates(record: Scaling) -> Iterator[Certificate]:
    """A mean of squares is of the size of what is left of it without the mixed mean."""
    own = []
    for link in record.chain:
        if link.name not in MEAN_SQUARES:
            own.append(prove_equal(link.sized, link.exact))
            continue
        yield Certificate(f"the squares of {link.name}", _squares(link))
    yield Certificate("everything else is its own size", all_proved(own))


def _squares(link: Quantity) -> Verdict:
    if not link.sized.is_nonnegative:
        return Undecided(f"sign of {link.sized}")
    return prove_equal(link.sized, link.exact.xreplace({m_uo: ZERO}))


def all_proved(verdicts: Iterable[Verdict]) -> Verdict:
    """The first that is not proved."""
    return next((one for one in verdicts if not is_proved(one)), Proved("each of them"))
