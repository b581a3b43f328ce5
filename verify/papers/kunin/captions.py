"""Captions of Figures 3 and 4 in their own words, on paths of β in the plane, XᵀX = I.

Drawn there is β₀ across β* and as long: a balanced path is held against those of both limits δ → ±∞, direction
by direction. Velocities are those of Eq. 2, read as in `regimes`.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Basic, Eq, Expr, Integer, Symbol, sqrt

from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.claims.implication import Implication
from verify.papers.kunin import vote
from verify.papers.kunin.regimes import FROM_EQ_2, l, mu, mu_speed, phi_speed, rest_of_mu
from verify.papers.kunin.symbols import phi, s

steep = Symbol("k", positive=True)  # √(1 − φ²)/φ
grown = Symbol("q", positive=True)  # with φ = (q² − 1)/(q² + 1): logarithms stay of q alone
flat = Symbol("b", positive=True)  # 1/μ
WHERE = {phi: 1 / sqrt(1 + steep**2)}


def straight_size() -> Expr:
    """‖uβ₀ + (1 − u)β*‖ where the straight way from β₀ ⊥ β* of one size has a direction."""
    u = steep / (1 + steep)
    return s * sqrt(sympy.factor(u**2 + (1 - u) ** 2))


def meeting() -> Expr:
    """The √(1 − φ²)/φ > 0 at which both limits have one size."""
    slow = rest_of_mu().subs(WHERE)
    (where,) = sympy.solve(sympy.numer(sympy.together(straight_size() ** 2 - slow**2)), steep)
    return where


def _size_of_both() -> Expr:
    return (rest_of_mu() / s).subs(WHERE).subs(steep, meeting())


def balanced_size() -> Expr:
    """μ/‖β*‖ of δ = 0 at the direction of the meeting, from φ = 0 and μ = ‖β*‖.

    μ′/φ′ of Eq. 2 is linear in 1/μ: one integrating factor.
    """
    way = (grown**2 - 1) / (grown**2 + 1)
    slope = sympy.cancel((mu_speed(1) / phi_speed(1)).subs(l, 0))
    linear = sympy.Poly(sympy.cancel((-slope / mu**2).subs(mu, 1 / flat)), flat)
    rates = [linear.coeff_monomial(z).subs(phi, way) * sympy.diff(way, grown) for z in (flat, 1)]
    own, given = (sympy.apart(sympy.cancel(z), grown) for z in rates)
    factor = sympy.simplify(sympy.exp(-sympy.integrate(own, grown)))
    gained = sympy.integrate(sympy.expand(factor * given), grown)
    slant = sqrt(sympy.factor(1 - way**2)) / way  # √(1 − φ²)/φ
    (end,) = sympy.solve(sympy.numer(sympy.cancel(slant - meeting())), grown)
    last, first = ({grown: z} for z in (end, Integer(1)))
    whole = factor.subs(first) / s + gained.subs(last) - gained.subs(first)
    return sympy.radsimp(factor.subs(last)) / sympy.expand(s * sympy.expand(sympy.radsimp(whole)))


def _after_the_fall() -> Sequence[Basic]:
    """Μ rests at 0 while w does not turn."""
    return [Eq(rest_of_mu(), 0), s > 0]


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="downstream-back",
        loci=("Fig. 3",),
        says="downstream μ drops to zero, then μ and φ climb back to one: read as φ = 1 where μ is about to drop",
        test=Implication((), Eq(phi, 1), _after_the_fall, vote=vote.before_the_climb),
        expected=Verdict.FAILS,
        severity="typo",
        correction="μ climbs back, and φ climbs from 0: μ drops to φ₀‖β*‖, which is 0 where φ₀ = 0 alone",
        uses=("downstream-falls",),
    ),
    Claim(
        id="limits-meet",
        added=True,
        loci=("Fig. 4",),
        says="from β₀ ⊥ β*, ‖β₀‖ = ‖β*‖, the paths of both limits δ → ±∞ meet before their end, at √(1 − φ²) = φ: μ/‖β*‖ there",
        test=Equation(r"\mu/\|\beta_*\|", 1 / sqrt(2), _size_of_both),
        note="At ½(β₀ + β*): one path is straight, the other goes to 0 and then along the circle μ = φ‖β*‖.",
        uses=("upstream-straight", "downstream-falls"),
    ),
    Claim(
        id="balanced-between",
        loci=("Fig. 4",),
        says="balanced starts take a path between those of upstream and of downstream ones: read as μ/‖β*‖ between both, "
        "direction by direction, and so equal where both meet",
        test=Equation(
            r"\mu/\|\beta_*\|", 1 / sqrt(2), balanced_size,
            corrected=2 / (1 + sqrt(2) + sympy.log(1 + sqrt(2))), vote=vote.balanced_at_the_meeting,
        ),
        expected=Verdict.FAILS,
        severity="substantive",
        correction=r"\mu/\|\beta_*\|=2/(1+\sqrt2+\ln(1+\sqrt2))\approx0.607",
        note="The balanced path crosses the downstream one before ½(β₀ + β*), and is nearer to 0 than both there.",
        uses=("limits-meet", *FROM_EQ_2),
    ),
)  # fmt: skip
