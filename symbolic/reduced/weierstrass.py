r"""What runs on a curve of degree 4 or less, by ℘ and ℘′: one formula, any start, no special cases.

With v = w − w₀, p₀ = w′(0) and q expanded at the start,

    (v′)² = p₀² + r₁ v + r₂ v² + r₃ v³ + r₄ v⁴,     v(0) = 0,     v′(0) = p₀,

v has two poles in a period, and so is sought as

    v = (α ℘′ + β ℘ + γ)/(℘² + δ ℘ + ε),     (℘′)² = 4 ℘³ − g₂ ℘ − g₃.

The seven unknowns are found from the power series of v, which its second derivative gives, and the
Laurent series of ℘. What was found is proved by differentiation, with nothing used but the equation of ℘:
it holds at a start that is a root of q, at r₄ = 0, and where the discriminant g₂³ − 27 g₃² is 0 and ℘
elementary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import sympy
from sympy import Expr, Symbol

from symbolic.proof.certificate import Certificate
from symbolic.proof.equality import prove_equal, prove_zero
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced.solution import all_proved

WP, SLOPE = sympy.symbols(r"\wp \wp'", real=True)
p_0, r_1, r_2, r_3, r_4 = sympy.symbols("p_0 r_1 r_2 r_3 r_4", real=True)
START = (p_0, r_1, r_2, r_3, r_4)
s = Symbol("s", real=True)
SERIES = 9  # coefficients of v: two more than what the last unknown is found from


@dataclass(frozen=True)
class Weierstrass:
    """The solution of (v′)² = p₀² + r₁ v + r₂ v² + r₃ v³ + r₄ v⁴, v(0) = 0, v′(0) = p₀.

    Attributes:
        top, bottom: v = top/bottom, in ℘(s; g₂, g₃) and ℘′.
        velocity: v′, in these too.
        g_2, g_3: the invariants.
        certificates: what was proved.
    """

    top: Expr
    bottom: Expr
    velocity: Expr
    g_2: Expr
    g_3: Expr
    certificates: tuple[Certificate, ...]

    @property
    def value(self) -> Expr:
        """The quotient v."""
        return self.top / self.bottom


@cache
def general() -> Weierstrass:
    """Solve and prove, for letters; once."""
    top, bottom, g_2, g_3 = _matched()
    velocity = _slope(top / bottom, g_2)
    found = Weierstrass(top, bottom, velocity, g_2, g_3, ())
    return Weierstrass(top, bottom, velocity, g_2, g_3, all_proved(_proofs(found)))


def _slope(expression: Expr, g_2: Expr) -> Expr:
    """d/ds by ℘″ = 6 ℘² − g₂/2, which is the equation of ℘ differentiated."""
    along = sympy.diff(expression, WP) * SLOPE
    return along + sympy.diff(expression, SLOPE) * (6 * WP**2 - g_2 / 2)


def _matched() -> tuple[Expr, Expr, Expr, Expr]:
    """The unknowns, from the order −3 in s on; each order is linear in the ones it brings."""
    alpha, beta, gamma, delta, epsilon, g_2, g_3 = unknowns = sympy.symbols(
        "alpha beta gamma delta epsilon g_2 g_3"
    )
    wp = s**-2 + g_2 * s**2 / 20 + g_3 * s**4 / 28
    v = sum((c * s**k for k, c in enumerate(_power_series())), sympy.Integer(0))
    rest = sympy.expand(
        v * (wp**2 + delta * wp + epsilon) - (alpha * sympy.diff(wp, s) + beta * wp + gamma)
    )
    orders = [rest.coeff(s, k) for k in range(-3, 4)]
    (found,) = sympy.solve(orders, unknowns, dict=True)
    top = sympy.expand(found[alpha]) * SLOPE + sympy.expand(found[beta]) * WP
    bottom = WP**2 + sympy.expand(found[delta]) * WP + sympy.expand(found[epsilon])
    return (
        top + sympy.expand(found[gamma]),
        bottom,
        sympy.expand(found[g_2]),
        sympy.expand(found[g_3]),
    )


def _power_series() -> list[Expr]:
    """Coefficients of v, by v″ = (r₁ + 2 r₂ v + 3 r₃ v² + 4 r₄ v³)/2."""
    v: list[Expr] = [sympy.Integer(0), p_0]

    def times(one: Sequence[Expr], other: Sequence[Expr]) -> list[Expr]:
        return [
            sum((one[i] * other[n - i] for i in range(n + 1)), sympy.Integer(0))
            for n in range(min(len(one), len(other)))
        ]

    while len(v) < SERIES:
        n = len(v) - 2
        square = times(v, v)
        cube = times(square, v)
        acceleration = 2 * r_2 * v[n] + 3 * r_3 * square[n] + 4 * r_4 * cube[n]
        acceleration += r_1 if n == 0 else 0
        v.append(sympy.expand(acceleration / (2 * (n + 1) * (n + 2))))
    return v


def _proofs(found: Weierstrass) -> Iterator[Certificate]:
    square = {SLOPE: 4 * WP**3 - found.g_2 * WP - found.g_3}
    v, velocity = found.value, found.velocity
    quartic = p_0**2 + r_1 * v + r_2 * v**2 + r_3 * v**3 + r_4 * v**4
    force = (r_1 + 2 * r_2 * v + 3 * r_3 * v**2 + 4 * r_4 * v**3) / 2
    yield Certificate("(dv/ds)^2 = q", prove_zero(velocity**2 - quartic, squares=square))
    yield Certificate(
        "d^2v/ds^2 = q'/2", prove_zero(_slope(velocity, found.g_2) - force, squares=square)
    )
    yield Certificate("v(0) = 0 and v'(0) = p_0", _starts(found))


def _starts(found: Weierstrass) -> Verdict:
    """At a pole of ℘: ℘ = 1/s² + s² h and ℘′ = −2/s³ + s k with h and k that stay bounded."""
    h, k = sympy.symbols("h k")
    at = {WP: s**-2 + s**2 * h, SLOPE: -2 * s**-3 + s * k}
    limits = [
        sympy.cancel(one.subs(at, simultaneous=True)).subs(s, 0)
        for one in (found.value, found.velocity)
    ]
    return Proved("at a pole of wp") if limits == [0, p_0] else Undecided(str(limits))


def discriminant(g_2: Expr, g_3: Expr) -> Expr:
    """g₂³ − 27 g₃²: where it is 0 two roots meet, and ℘ is elementary."""
    return g_2**3 - 27 * g_3**2


@cache
def elementary() -> tuple[Certificate, ...]:
    """That ℘ is elementary where roots meet, at e, e and −2e: g₂ = 12 e², g₃ = −8 e³."""
    e = Symbol("e", positive=True)
    return all_proved(
        Certificate(claim, _solves(wp, root))
        for claim, wp, root in (
            ("wp = e + 3 e/sinh(sqrt(3 e) s)^2", e + 3 * e / _decaying(sympy.sqrt(3 * e)), e),
            ("wp = -e + 3 e/sin(sqrt(3 e) s)^2", -e + 3 * e / sympy.sin(sympy.sqrt(3 * e) * s) ** 2, -e),
            ("wp = 1/s^2", s**-2, sympy.Integer(0)),
        )
    )  # fmt: skip


def _decaying(rate: Expr) -> Expr:
    """sinh² in exponentials."""
    return (sympy.exp(rate * s) - sympy.exp(-rate * s)) ** 2 / 4


def _solves(wp: Expr, e: Expr) -> Verdict:
    """The equation of ℘ at a double root e."""
    slope = sympy.diff(wp, s)
    return prove_equal(slope**2, 4 * wp**3 - 12 * e**2 * wp + 8 * e**3)
