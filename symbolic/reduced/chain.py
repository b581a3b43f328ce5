"""Scalar chains of any depth, L = ½ (∏ a_l − y)²: one variable is left, and its clock is one integral.

A factor `a` of the product p, `b` the product of the others, has a′ = η (y − p) b. So (a²/η)′ is
2 (y − p) p, the same for every factor: differences of a_l²/η_l are conserved. With z = a²/η of the
least factor, c_l = a_l²/η_l − z, H = ∏ η_l, P(z) = ∏ (z + c_l), p = σ √(H P), Y = y/√H,

    dt = dz (σ Y/√P + 1) / (2 H (Y² − P)).

What P − Y² is at its roots is all that is needed of the depth (Lagrange).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import sympy
from sympy import Expr, Symbol

from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict

a, b, y = sympy.symbols("a b y", real=True)
eta, H = sympy.symbols("eta H", positive=True)
z, Y, sigma = sympy.symbols("z Y sigma", real=True)
root_P = Symbol("root_P", positive=True)  # √P


@dataclass(frozen=True, kw_only=True)
class ChainClock(Record):
    """The clock of a scalar chain, whatever its depth.

    Attributes:
        moved: d(a²/η)/dt in the product and the target, the same for every factor.
        integrand: dt/dz in z, Y, σ and √P, times H.
    """

    moved: Expr
    integrand: Expr

    def certify(self) -> Iterator[Certificate]:
        """By differentiation of the loss."""
        loss = (a * b - y) ** 2 / 2
        velocity = -eta * sympy.diff(loss, a)
        own = sympy.diff(a**2 / eta, a) * velocity
        p = Symbol("p", real=True)
        yield Certificate(
            "d(a^2/eta)/dt is that of every factor", zero(own.subs(b, p / a) - self.moved)
        )
        yield Certificate("no rate, and no factor, occurs in it", _free(self.moved, {a, b, eta}))
        at = {p: sigma * sympy.sqrt(H) * root_P, y: sympy.sqrt(H) * Y}
        rest = self.integrand * self.moved.subs(at) / H - 1
        yield Certificate("dt = dz/(dz/dt)", zero(_of_sign(sympy.numer(sympy.together(rest)))))

    def explain(self) -> Iterator[Step]:
        """The law and the clock."""
        yield Step(
            "One variable",
            (
                (r"\frac{d}{dt} \frac{a_l^2}{\eta_l}", self.moved),
                (r"H \, \frac{dt}{dz}", self.integrand.subs(root_P, sympy.sqrt(Symbol("P")))),
            ),
            "The right side knows no l: the differences are conserved, at every depth.",
        )


def _free(expression: Expr, letters: set[Symbol]) -> Verdict:
    found = expression.free_symbols & letters
    return Undecided(str(found)) if found else Proved("they do not occur")


def _of_sign(polynomial: Expr) -> Expr:
    """With σ² = 1."""
    return sympy.rem(sympy.expand(polynomial), sigma**2 - 1, sigma)


def zero(rest: Expr) -> Verdict:
    """Whether a fraction of polynomials is 0."""
    found = sympy.cancel(sympy.together(rest))
    return Proved("a fraction of polynomials") if found == 0 else Undecided(str(found))


@cache
def derive() -> ChainClock:
    """The clock, from the loss."""
    p = Symbol("p", real=True)
    velocity = -eta * sympy.diff((a * b - y) ** 2 / 2, a)
    moved = sympy.factor(sympy.cancel((2 * a / eta * velocity).subs(b, p / a)))
    at = {p: sigma * sympy.sqrt(H) * root_P, y: sympy.sqrt(H) * Y}
    slow = sympy.cancel(moved.subs(at) / H)  # dz/dt over H
    conjugate = Y + sigma * root_P
    below = _of_sign(sympy.cancel(slow * conjugate / (sigma * root_P)))
    above = sympy.expand(_of_sign(sigma * conjugate) / root_P)
    return ChainClock(moved=moved, integrand=above / sympy.factor(below))
