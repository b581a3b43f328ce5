"""Theorem 3.1 and what follows of it: which interpolator the flow selects.

w′ lies in the row space of X, so that w(∞) − w₀ does. A function Ψ of ‖β‖ whose slope is a constant times ‖w‖
on the level set of δ has ∇Ψ − ψβ₀/‖β₀‖ in the row space at β(∞), with ψ the same constant times ‖w₀‖, and a
of one sign: that is the theorem, as Ψ is convex. So the theorem says Ψ′(‖β‖)/ψ = ‖w‖/‖w₀‖.
"""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Expr, Integer, Rational, Symbol, sqrt

from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Equation
from verify.papers.kunin.symbols import W, X, along, delta, eta_a, eta_w
from verify.papers.kunin.vote import interpolator

x, x_0 = Symbol("x", positive=True), Symbol("x_0", positive=True)  # ‖β‖ at the end and at the start
lift = Symbol("l", nonnegative=True)  # |δ|
m, m_0 = (
    Symbol("m", positive=True),
    Symbol("m_0", positive=True),
)  # η_a‖w‖² or η_w a²: the smaller one
multiple = Symbol("k", real=True)
RATES = sqrt(eta_a) * sqrt(eta_w)


def potential(size: Expr = x) -> Expr:
    """Ψ_δ as printed, of ‖β‖."""
    root = sqrt(delta**2 + 4 * size**2)
    return Rational(1, 3) * (root - 2 * delta) * sqrt(root + delta)


def slope(size: Expr = x) -> Expr:
    """dΨ_δ/d‖β‖, simplified by nobody: as SymPy differentiates it."""
    return sympy.diff(potential(size), x)


def tilt(size: Expr = x_0) -> Expr:
    """ψ_δ as printed."""
    return sqrt(sqrt(delta**2 + 4 * size**2) - delta)


def _level(sign: int) -> dict[Expr, Expr]:
    """δ = ±l, and ‖β‖ by the smaller of η_a‖w‖² and η_w a², which is m: the other is m + l."""
    return {
        delta: sign * lift, x: sqrt(m) * sqrt(m + lift) / RATES, x_0: sqrt(m_0) * sqrt(m_0 + lift) / RATES,
    }  # fmt: skip


def _first_layer(sign: int) -> Expr:
    """‖w‖/‖w₀‖ there."""
    return sqrt(m) / sqrt(m_0) if sign > 0 else sqrt(m + lift) / sqrt(m_0 + lift)


def _theorem(sign: int) -> Equation:
    product = {eta_w: 1 / eta_a}
    stated = Convention("", (_level(sign),))
    unit = Convention("η_aη_w = 1", (_level(sign),), product)
    return Equation(
        r"\Psi_\delta'(\|\beta\|)/\psi_\delta", slope() / tilt(), lambda: _first_layer(sign), (stated, unit),
        corrected=slope(RATES * x) / (RATES * tilt(RATES * x_0)), vote=partial(interpolator, 1.0 if sign > 0 else 0.5),
    )  # fmt: skip


def _balanced() -> Equation:
    """The same from δ = 0, where ‖β‖ scales with the rates on both sides, at any of them."""
    sizes = {z: size.subs(lift, 0) for z, size in _level(1).items()}
    return Equation(
        r"\Psi_0'(\|\beta\|)/\psi_0", slope() / tilt(), lambda: sqrt(m) / sqrt(m_0), (Convention("", (sizes,)),)
    )  # fmt: skip


CORRECTION = r"\|\beta\|\to\sqrt{\eta_a\eta_w}\|\beta\|\ \text{in}\ \Psi_\delta\ \text{and}\ \psi_\delta,\quad\psi_\delta\to\sqrt{\eta_a\eta_w}\psi_\delta"


def _row_space() -> Expr:
    """n·w′ for n ⊥ both rows, which are multiples of one: n = (−x₁₂, x₁₁)."""
    across = sympy.Matrix([[-X[0, 1], X[0, 0]]])
    one_row = {X[1, 0]: multiple * X[0, 0], X[1, 1]: multiple * X[0, 1]}
    return (across * sympy.Matrix([along(z) for z in W]))[0].subs(one_row)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="row-space",
        added=True,
        loci=("Theorem 3.1",),
        says="w moves in the row space of X",
        test=Equation(r"n\cdot\dot w", Integer(0), _row_space),
    ),
    *(
        Claim(
            id=f"theorem-{name}",
            loci=("Theorem 3.1", "Eq. 5"),
            says=f"the interpolator is argmin Ψ_δ(β) − ψ_δ⟨β₀/‖β₀‖, β⟩, for δ {sign_words} 0: Ψ′/ψ = ‖w‖/‖w₀‖",
            printed=r"\Psi_\delta=\tfrac13(\sqrt{\delta^2+4\|\beta\|^2}-2\delta)\sqrt{\sqrt{\delta^2+4\|\beta\|^2}+\delta},\ "
            r"\psi_\delta=\sqrt{\sqrt{\delta^2+4\|\beta_0\|^2}-\delta}",
            test=_theorem(sign),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction=CORRECTION,
            note="δ has the rates and the potential has them not; from δ = 0 that does not matter (theorem-balanced). "
            "Sharper than printed: w₀ stands for β₀/‖β₀‖, as "
            "argmin Ψ − √(2η_a) √(η_aη_w) sgn(a(∞)) ⟨w₀, β⟩ over the interpolators, and β may pass 0.",
            uses=("row-space", f"convex-{name}"),
        )
        for name, sign, sign_words in (("upstream", 1, "≥"), ("downstream", -1, "≤"))
    ),
    Claim(
        id="theorem-balanced",
        added=True,
        loci=("Theorem 3.1", "Eq. 5"),
        says="from δ = 0 that holds at any rates",
        test=_balanced(),
        uses=("row-space",),
    ),
    *(
        Claim(
            id=f"convex-{name}",
            added=True,
            loci=("Theorem 3.1",),
            says=f"Ψ_δ is convex: its second derivative along ‖β‖ is 2‖β‖ / (√(δ² + 4‖β‖²) Ψ′) > 0 (δ {words} 0)",
            test=Equation(
                r"\Psi_\delta''", 2 * x / (sqrt(delta**2 + 4 * x**2) * tilt(x)), lambda: sympy.diff(slope(), x),
                (Convention("", (), _level(sign) | {x: _level(sign)[x].subs({eta_a: 1, eta_w: 1})}),),
            ),
        )
        for name, sign, words in (("upstream", 1, "≥"), ("downstream", -1, "≤"))
    ),
)  # fmt: skip
