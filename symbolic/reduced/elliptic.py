"""A coordinate in the warp, by elliptic functions: w and dw/ds are fractions of ℘(s) and ℘′(s).

A curve p² = q(w; laws) of degree 4 or less (`symbolic.reduced.curve`) has the invariants g₂ and g₃, which
are polynomials in the laws, and w(s) for any start (`symbolic.reduced.weierstrass`). Where laws meet so
that g₂³ = 27 g₃² the genus falls and the same formula is elementary. The clock is one integral,

    t = ∫₀ˢ dσ / signal(w(σ), p(σ)),

of a function that is rational in ℘ and ℘′; for half a square the signal is speed · ρ (y − output). In
general it is an elliptic integral of the third kind, with poles where the output is y, and is left a
quadrature (`symbolic.reduced.elliptic_clock`). Where ℘ is elementary, so is t: what is integrated is a
fraction of one exponential of σ, or of σ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import factorial

import sympy
from sympy import Expr, Poly, Symbol

from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced import weierstrass
from symbolic.reduced.curve import Curve
from symbolic.reduced.solution import all_proved
from symbolic.reduced.weierstrass import SLOPE, WP, discriminant, general

DEGREE = 4


@dataclass(frozen=True)
class Letters:
    """Symbols of the start, of the invariants, of the derivatives of q, and of the warp."""

    w_0: Symbol
    p_0: Symbol
    g_2: Symbol
    g_3: Symbol
    r: tuple[Symbol, Symbol, Symbol, Symbol]
    s: Symbol


@dataclass(frozen=True)
class Elliptic:
    """A solution in the warp s of the coefficient that is alone.

    Attributes:
        letters: of its constants.
        constants: g₂ and g₃ in the laws, and r_k = q⁽ᵏ⁾(w₀)/k! in w₀ and the laws.
        values: w and p = dw/ds, by their symbols, in ℘(s; g₂, g₃), ℘′, the start and the constants; the
            output follows from these on the curve.
        discriminant: g₂³ − 27 g₃² in the laws, factored: the genus falls where it is 0.
        signal: ds/dt in w, p, the laws and what the loss brings: dt = ds/signal.
        certificates: what was proved.
    """

    letters: Letters
    constants: Mapping[Symbol, Expr]
    values: Mapping[Symbol, Expr]
    discriminant: Expr
    signal: Expr
    certificates: tuple[Certificate, ...]

    @property
    def is_elementary(self) -> bool:
        """Whether ℘ is, at all values of the laws."""
        return bool(self.discriminant == 0)


def solved(curve: Curve, signal: Expr, letters: Letters) -> Elliptic:
    """Solve and prove.

    Args:
        curve: p² = q(w).
        signal: ds/dt, in w, p and the laws.
        letters: that nothing else has.

    Raises:
        DoesNotApply: where q is of a higher degree than 4.
        CertificateError: where a proof fails.
    """
    if sympy.degree(curve.square, curve.w) > DEGREE:
        raise DoesNotApply(f"the curve is of degree {sympy.degree(curve.square, curve.w)} in w")
    found = general()
    at = dict(zip(weierstrass.START, (letters.p_0, *letters.r), strict=True))
    taylor = _taylor(curve, letters)
    square = {letters.p_0: curve.square.xreplace({curve.w: letters.w_0})}
    invariants = {
        letter: _without_start(g.xreplace(at).xreplace(taylor), square)
        for letter, g in ((letters.g_2, found.g_2), (letters.g_3, found.g_3))
    }
    g_2, g_3 = invariants.values()
    values = {
        curve.w: letters.w_0 + found.value.xreplace(at),
        curve.p: _in_invariants(found, at, letters),
    }
    record = Elliptic(
        letters,
        {**{letter: sympy.factor(g) for letter, g in invariants.items()}, **taylor},
        values,
        sympy.factor(discriminant(g_2, g_3)),
        signal,
        (),
    )
    proofs = (*found.certificates, *_proofs(curve, record, at))
    if record.is_elementary:
        proofs += weierstrass.elementary()
    return Elliptic(
        letters, record.constants, values, record.discriminant, signal, all_proved(proofs)
    )


def _in_invariants(
    found: weierstrass.Weierstrass, at: Mapping[Expr, Expr], letters: Letters
) -> Expr:
    """v′ = (top′ bottom − top bottom′)/bottom², with ℘″ = 6 ℘² − g₂/2."""
    top, bottom = found.top.xreplace(at), found.bottom.xreplace(at)

    def slope(z: Expr) -> Expr:
        second = 6 * WP**2 - letters.g_2 / 2
        return sympy.diff(z, WP) * SLOPE + sympy.diff(z, SLOPE) * second

    return slope(top) / bottom - top * slope(bottom) / bottom**2


def _taylor(curve: Curve, letters: Letters) -> dict[Symbol, Expr]:
    """r_k = q⁽ᵏ⁾(w₀)/k!."""
    at = {curve.w: letters.w_0}
    return {
        r: sympy.expand(sympy.diff(curve.square, curve.w, k).xreplace(at) / factorial(k))
        for k, r in enumerate(letters.r, 1)
    }


def _without_start(expression: Expr, square: Mapping[Symbol, Expr]) -> Expr:
    """With p₀² = q(w₀)."""
    ((p_0, q),) = square.items()
    return sympy.expand(sympy.expand(expression).subs(p_0**2, q))


def _proofs(curve: Curve, record: Elliptic, at: Mapping[Expr, Expr]) -> Iterator[Certificate]:
    letters, found = record.letters, general()
    v, q = Symbol("v"), curve.square
    shifted = q.xreplace({curve.w: letters.w_0 + v})
    series = q.xreplace({curve.w: letters.w_0})
    series += sum(record.constants[r] * v**k for k, r in enumerate(letters.r, 1))
    yield Certificate("q(w_0 + v) by its derivatives", _same(shifted, series))
    yield Certificate("g_2 and g_3 do not depend on the start", _free(record))
    square = {letters.p_0: q.xreplace({curve.w: letters.w_0})}
    for letter, g in ((letters.g_2, found.g_2), (letters.g_3, found.g_3)):
        of_start = _without_start(g.xreplace(at).xreplace(dict(record.constants)), square)
        yield Certificate(
            f"{letter} of the start is that of the laws", _same(of_start, record.constants[letter])
        )
    own = found.velocity.xreplace(at)
    stated = record.values[curve.p].xreplace({letters.g_2: found.g_2.xreplace(at)})
    yield Certificate("p = dw/ds", _cancels(own - stated))


def _free(record: Elliptic) -> Verdict:
    start = {record.letters.w_0, record.letters.p_0}
    both = (record.constants[record.letters.g_2], record.constants[record.letters.g_3])
    if any(one.free_symbols & start for one in both):
        return Undecided(f"{both}")
    return Proved("they do not occur")


def _same(one: Expr, other: Expr) -> Verdict:
    rest = sympy.expand(one - other)
    return Proved("expansion") if rest == 0 else Undecided(str(rest))


def _cancels(rest: Expr) -> Verdict:
    found = sympy.cancel(sympy.together(rest))
    return Proved("a fraction of polynomials") if found == 0 else Undecided(str(found))


def normal_form(elliptic: Elliptic) -> tuple[Expr, Expr]:
    """(℘′)² and what it is on the curve: 4 ℘³ − g₂ ℘ − g₃."""
    cubic = Poly(4 * WP**3 - elliptic.letters.g_2 * WP - elliptic.letters.g_3, WP)
    return SLOPE**2, cubic.as_expr()
