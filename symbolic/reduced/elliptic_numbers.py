r"""℘ of real invariants as a point of its curve, and a solution on it at numbers, to any precision.

(X : Y : Z) = (℘ : ℘′ : 1) lies on Y² Z = 4 X³ − g₂ X Z² − g₃ Z³, with a pole of ℘ at (0 : 1 : 0). Near 0

    ℘(u) = u⁻² + Σ_{k ≥ 2} c_k u^{2k−2},   c₂ = g₂/20,  c₃ = g₃/28,
    c_k = 3 Σ_{m=2}^{k−2} c_m c_{k−m}/((2k + 1)(k − 3)),

where |c_k| ≤ Bᵏ by induction, B = max(√(|g₂|/20), ∛(|g₃|/28)): with B u² ≤ 1/16 each term is at most a
sixteenth of the bound before it. From there the argument is doubled by the tangent to the curve, in
homogeneous coordinates, which divide by nothing: no case of a pole, a half period, or a discriminant 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache

import mpmath
import sympy
from mpmath import mp, mpf
from sympy import Expr, Symbol

from symbolic.reduced import weierstrass
from symbolic.reduced.curve import Curve
from symbolic.reduced.elliptic import Elliptic
from symbolic.reduced.weierstrass import SLOPE, WP

SMALL = mpf(1) / 16  # of B u²
ROUGH = 40  # bits of a distance, half of which is used
GUARD = 40  # bits; two more for each doubling

SENSITIVE, PIECE = 12, 64  # bits: 8/log 2 for each unit of √B s, in pieces that are kept

Point = tuple[mpf, mpf, mpf]
Constants = tuple[tuple[mpf, mpf], tuple[mpf, mpf, mpf], tuple[mpf, mpf]]


def point(s: mpf, g_2: mpf, g_3: mpf) -> Point:
    """(X : Y : Z) of ℘(s; g₂, g₃), scaled so that the largest entry is 1.

    Args:
        s: real argument.
        g_2: real invariant.
        g_3: the other, with any discriminant.
    """
    if s == 0:
        return mpf(0), mpf(1), mpf(0)
    bound = _bound(g_2, g_3)
    doublings = 0
    while bound * (s / 2**doublings) ** 2 > SMALL:
        doublings += 1
    with mp.extraprec(GUARD + 4 * doublings):
        found = _near_zero(s / mpf(2) ** doublings, g_2, g_3)
        for _ in range(doublings):
            found = _doubled(found, g_2, g_3)
        return found


def _bound(g_2: mpf, g_3: mpf) -> mpf:
    """B."""
    return max(mpmath.sqrt(abs(g_2) / 20), mpmath.cbrt(abs(g_3) / 28))


def _near_zero(u: mpf, g_2: mpf, g_3: mpf) -> Point:
    """u³ (℘, ℘′, 1), by as many terms as the precision asks for."""
    c = _laurent(g_2, g_3, mp.prec)
    square = u * u
    value, slope, power = mpf(1), mpf(-2), square
    for k in range(2, len(c)):
        power *= square  # u^{2k}
        value += c[k] * power
        slope += (2 * k - 2) * c[k] * power
    return _scaled((u * value, slope, u**3))


@lru_cache(maxsize=64)
def _laurent(g_2: mpf, g_3: mpf, bits: int) -> tuple[mpf, ...]:
    """c_k, as many as the bits ask for."""
    c = [mpf(0), mpf(0), g_2 / 20, g_3 / 28]
    for k in range(4, bits // 4 + 3):
        total = sum((c[m] * c[k - m] for m in range(2, k - 1)), mpf(0))
        c.append(3 * total / ((2 * k + 1) * (k - 3)))
    return tuple(c)


def _doubled(at: Point, g_2: mpf, g_3: mpf) -> Point:
    X, Y, Z = at
    if Z == 0:
        return at
    N, D = 6 * X * X - g_2 * Z * Z / 2, 2 * Y * Z  # slope N/(Y Z) of the tangent
    across = X * Y * Y * Z
    return _scaled(
        (
            D * (N * N - 8 * across),
            -(8 * Y**4 * Z * Z + 2 * N**3 - 24 * N * across),
            D**3,
        )
    )


def _scaled(at: Point) -> Point:
    size = max(map(abs, at))
    X, Y, Z = (value / size for value in at)
    return X, Y, Z


class AtNumbers:
    """A solution on its curve, where laws, start and rates are numbers.

    Args:
        elliptic: the solution.
        curve: that it is on.
        values: of w₀ and p₀, the laws, and of rates and targets where time is asked for.
    """

    def __init__(self, elliptic: Elliptic, curve: Curve, values: Mapping[Symbol, mpf]) -> None:
        self._elliptic, self._curve, self._given = elliptic, curve, dict(values)
        letters = elliptic.letters
        self._start = values[letters.w_0], values[letters.p_0]
        self._prepared: dict[int, Constants] = {}
        with mp.workprec(ROUGH):
            self._growth = mpmath.sqrt(_bound(*self._constants()[0]))

    def _constants(self) -> Constants:
        """g₂ and g₃, α, β and γ, δ and ε, at the working precision."""
        known, letters = dict(self._given), self._elliptic.letters
        for name, definition in self._elliptic.constants.items():
            known[name] = _number(definition, known)
        found = weierstrass.general()
        own = dict(zip(weierstrass.START, (letters.p_0, *letters.r), strict=True))
        top, bottom = _linear(found.top.xreplace(own)), _monic(found.bottom.xreplace(own))
        alpha, beta, gamma = (_number(c, known) for c in top)
        delta, epsilon = (_number(c, known) for c in bottom)
        return (known[letters.g_2], known[letters.g_3]), (alpha, beta, gamma), (delta, epsilon)

    def at(self, s: mpf) -> tuple[mpf, mpf]:
        """w(s) and p(s) = dw/ds; infinite at a pole of w.

        Args:
            s: the warp, real.
        """
        # Where roots meet, a flow that tends to them leaves them again by what its constants are rounded:
        # by less than exp(8 √B s) of it, as ℘ has no faster exponentials than exp(4 √B s).
        bits = mp.prec + GUARD + PIECE * (1 + int(SENSITIVE * self._growth * abs(s) / PIECE))
        with mp.workprec(bits):
            if bits not in self._prepared:
                self._prepared[bits] = self._constants()
            w, p = self._on_point(s, *self._prepared[bits])
        return +w, +p

    def _on_point(
        self, s: mpf, g: tuple[mpf, mpf], of_top: tuple[mpf, mpf, mpf], of_bottom: tuple[mpf, mpf]
    ) -> tuple[mpf, mpf]:
        X, Y, Z = point(s, *g)
        w_0, p_0 = self._start
        if Z == 0:
            return w_0, p_0
        (alpha, beta, gamma), (delta, epsilon) = of_top, of_bottom
        # Z² times numerator, denominator and their derivatives; ℘″ = 6 ℘² − g₂/2.
        top = (alpha * Y + beta * X + gamma * Z) * Z
        bottom = X * X + (delta * X + epsilon * Z) * Z
        if bottom == 0:
            return mpf("inf"), mpf("inf")
        second = 6 * X * X - g[0] * Z * Z / 2
        top_moves = alpha * second + beta * Y * Z
        bottom_moves = (2 * X + delta * Z) * Y
        return w_0 + top / bottom, (top_moves * bottom - top * bottom_moves) / bottom**2

    def output(self, s: mpf) -> mpf:
        """The coefficient of the outputs, in absorbed weights."""
        return self._on_curve(self._curve.output, s)

    def signal(self, s: mpf) -> mpf:
        """ds/dt."""
        return self._on_curve(self._elliptic.signal, s)

    def elapsed(self, s: mpf) -> mpf:
        """t(s) = ∫₀ˢ dσ/signal, where the signal keeps its sign up to s."""
        return mpmath.quad(lambda one: 1 / self.signal(one), [0, s])

    def free_of_poles(self, s: mpf) -> mpf:
        """A distance within which w has no pole: in which its majorant has none.

        Args:
            s: from where.
        """
        w, p = self.at(s)
        square, known = self._curve.square, {**self._given, self._curve.w: w}
        r = [abs(_number(sympy.diff(square, self._curve.w, k), known)) for k in range(1, 5)]
        coefficients = [p * p, *(one / mpmath.factorial(k) for k, one in enumerate(r, 1))]

        def inverse_speed(V: mpf) -> mpf:
            return 1 / mpmath.sqrt(mpmath.polyval(coefficients[::-1], V))

        with mp.workprec(ROUGH):
            # with V = x² the root at V = 0, where p = 0, is none
            return mpmath.quad(lambda x: 2 * x * inverse_speed(x * x), [0, 1, mpmath.inf])

    def _on_curve(self, expression: Expr, s: mpf) -> mpf:
        w, p = self.at(s)
        return _number(expression, {**self._given, self._curve.w: w, self._curve.p: p})


def _linear(top: Expr) -> tuple[Expr, Expr, Expr]:
    """α, β, γ of α ℘′ + β ℘ + γ."""
    zero = {WP: 0, SLOPE: 0}
    return top.coeff(SLOPE, 1), top.coeff(WP, 1), top.subs(zero)


def _monic(bottom: Expr) -> tuple[Expr, Expr]:
    """δ, ε of ℘² + δ ℘ + ε."""
    return bottom.coeff(WP, 1), bottom.subs(WP, 0)


def _number(expression: Expr, values: Mapping[Symbol, mpf]) -> mpf:
    """A polynomial or fraction at numbers, at the working precision."""
    symbols = sorted(expression.free_symbols, key=str)
    return mpf(1) * _function(expression, tuple(symbols))(*(values[one] for one in symbols))


@cache
def _function(expression: Expr, symbols: tuple[Symbol, ...]) -> Callable[..., mpf]:
    return sympy.lambdify(symbols, expression, "mpmath")  # rationals are quotients of mpf
