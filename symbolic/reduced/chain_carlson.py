"""The clock of an unbalanced chain of depth 3 or 4: logarithms and Carlson's R_J at the roots of P = Y².

At the roots r_i of P − Y² (Lagrange), with A_i = −1/(2 P′(r_i)),

    H dt = Σ A_i (σ Y/√P + 1)/(z − r_i) dz,

and the parts with 1/√P are elliptic of the third kind. At depth 3 ζ = z + t turns one into

    R_J(x, y, z, p) = (3/2) ∫₀^∞ dt / (√((t+x)(t+y)(t+z)) (t + p)).

At depth 4 P has one root more; w = 1/(z + e), −e one of its roots, is a variable in which it has not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import sympy
from sympy import Expr, Symbol

from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced import chain
from symbolic.reduced.chain import Y, sigma, z, zero

x_1, x_2, x_3, t = sympy.symbols("x_1 x_2 x_3 t", positive=True)
p, r, others = sympy.symbols("p r others")  # R_J's last; a root; Π (r − r_j) over the others
w = Symbol("w", positive=True)
e = Symbol("e", real=True)
d = sympy.symbols("d_1 d_2 d_3", positive=True)
side = Symbol("side", real=True)  # ±1, of the d_j
logarithm = Symbol("logarithm")  # of z − r
MOST = 4


class carlson_rj(sympy.Function):
    """R_J; its integral is the principal value where its last argument is negative."""

    nargs = 4


class carlson_rf(sympy.Function):
    """R_F."""

    nargs = 3


@dataclass(frozen=True, kw_only=True)
class UnbalancedChain(Record):
    """H t as a function of z, up to a constant: the sum of a term over the roots of P = Y².

    Attributes:
        three: the term of depth 3, in z + c_l as x_l, z − r as p, its logarithm and P′(r) as `others`.
        four: the term of depth 4, in x_j = side (1/d_j − w), p = side (1/(r + e) − w).
    """

    three: Expr
    four: Expr

    def certify(self) -> Iterator[Certificate]:
        """Each is differentiated under the integral."""
        yield from _lagrange()
        yield from _third_kind()
        yield from _as_clock(self)

    def explain(self) -> Iterator[Step]:
        """The terms."""
        yield Step(
            "Unbalanced chains",
            ((r"H t|_{r,\,L=3}", self.three), (r"H t|_{r,\,L=4}", self.four)),
            "Partial fractions over the roots of P = Y²; R_J is differentiated under its integral.",
        )


def kernel(x: tuple[Expr, Expr, Expr], last: Expr) -> Expr:
    """What R_J is the integral of, from t = 0 on."""
    return sympy.Rational(3, 2) / (_root(x[0] + t) * _root(x[1] + t) * _root(x[2] + t) * (last + t))


def _root(of: Expr) -> Expr:
    return sympy.sqrt(of)


def _lagrange() -> Iterator[Certificate]:
    stated = (sigma * Y / chain.root_P + 1) / (2 * (Y**2 - chain.root_P**2))
    yield Certificate("the clock of a chain", zero(chain.derive().integrand - stated))
    for depth in (3, MOST):
        roots = sympy.symbols(f"r_1:{depth + 1}")
        whole = sympy.prod([z - one for one in roots])
        slopes = {one: sympy.diff(whole, z).subs(z, one) for one in roots}
        rest = sum(-1 / (2 * slopes[one] * (z - one)) for one in roots) + 1 / (2 * whole)
        yield Certificate(f"partial fractions, L = {depth}", zero(rest))


def _arguments() -> tuple[tuple[Expr, ...], Expr]:
    """R_J's at depth 4, in w."""
    return tuple(1 / one - side * w for one in d), side / (r + e) - side * w


def _third_kind() -> Iterator[Certificate]:
    """The derivative of an integral of f(t) that depends on z + t alone is −f(0)."""
    c = sympy.symbols("c_1:4", nonnegative=True)
    at = kernel(tuple(z + one for one in c), z - r)
    yield Certificate("depth 3: it depends on z + t", zero(sympy.diff(at, z) - sympy.diff(at, t)))
    yield Certificate("it tends to 0", _vanishes(kernel((x_1, x_2, x_3), p)))
    x, last = _arguments()
    moved = w - side * t
    for one, factor in zip(d, x, strict=True):
        rest = one * (factor + t) - (1 - side * one * moved)
        yield Certificate(f"depth 4: {one} in w - side t", _signed(rest))
    rest = (r + e) * side * (last + t) - (1 - (r + e) * moved)
    yield Certificate("depth 4: the root in w - side t", _signed(rest))


def _vanishes(f: Expr) -> Verdict:
    found = sympy.limit(f.subs({x_1: 1, x_2: 2, x_3: 3, p: 4}), t, sympy.oo)
    return Proved("limit") if found == 0 else Undecided(str(found))


def _signed(rest: Expr) -> Verdict:
    """A polynomial with side² = 1."""
    top = sympy.expand(sympy.numer(sympy.together(rest)))
    return zero(sympy.rem(top, side**2 - 1, side))


def _as_clock(found: UnbalancedChain) -> Iterator[Certificate]:
    """Each term is A (log(z − r) + σ Y (integral)), the integral with the right derivative."""
    A = -1 / (2 * others)
    R_J, R_F = carlson_rj(x_1, x_2, x_3, p), carlson_rf(x_1, x_2, x_3)
    # d R_J/dz = −f(0), at which ⅔ f(0) √P (z − r) = 1.
    elliptic = sympy.expand(found.three / A).coeff(R_J) * -sympy.Rational(3, 2)
    yield Certificate("depth 3", zero(sympy.expand(found.three).coeff(logarithm) - A))
    yield Certificate("depth 3: σ Y/(√P (z - r))", zero(elliptic - sigma * Y))
    yield Certificate("depth 4", zero(sympy.expand(found.four).coeff(logarithm) - A))
    root_Q, rho = Symbol("root_Q"), r + e  # √∏ (1 − side d_j w)
    size = sympy.sqrt(d[0] * d[1] * d[2])  # ∏ √x_j is root_Q over it
    # With x of w − side t an integral of f has the derivative side f(0) in w.
    slopes = {R_J: side * sympy.Rational(3, 2) * size * rho * side / (root_Q * (1 - rho * w)),
              R_F: side * size / (2 * root_Q)}  # fmt: skip
    whole = sympy.expand(found.four / A)
    in_w = sum(whole.coeff(f) * slope for f, slope in slopes.items())
    in_z = in_w * -(w**2)  # dw/dz
    stated = sigma * Y * w**2 / root_Q / (1 / w - e - r)  # √P = root_Q/w²
    yield Certificate(
        "depth 4: σ Y/(√P (z - r))", _signed(sympy.cancel(sympy.together(in_z - stated)))
    )
    square = (1 / w) * sympy.prod([1 / w - side * one for one in d])
    rest = square * w**4 - sympy.prod([1 - side * one * w for one in d])
    yield Certificate("depth 4: √P in w", zero(rest))


@cache
def derive() -> UnbalancedChain:
    """The terms, by partial fractions and substitution."""
    A = -1 / (2 * others)
    R_J, R_F = carlson_rj(x_1, x_2, x_3, p), carlson_rf(x_1, x_2, x_3)
    # ∫ from z on, which falls by the integrand: R_J is 3/2 of it.
    three = A * (logarithm - sigma * Y * sympy.Rational(2, 3) * R_J)
    rho, size = r + e, sympy.sqrt(d[0] * d[1] * d[2])
    # dz/(√P (z − r)) = −(1/ρ) (1/(1 − ρ w) − 1) dw/√∏
    third, first = side * 2 * R_J / (3 * size * rho * side), side * 2 * R_F / size
    four = A * (logarithm + sigma * Y * -(third - first) / rho)
    return UnbalancedChain(three=three, four=four)
