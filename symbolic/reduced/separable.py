"""One coefficient of any degree, whose laws leave one variable: on a curve, and in its warp."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy import Expr

from symbolic.architecture.fields import terms
from symbolic.laws.absorbed import expression, number
from symbolic.laws.ansatz import Law, polynomial_laws
from symbolic.laws.blocks import Block
from symbolic.laws.rank import independent
from symbolic.laws.reduced_flow import letter, names
from symbolic.laws.reduction import Potential
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided
from symbolic.reduced import elliptic
from symbolic.reduced.curve import Curve, Letters, curves, simplest
from symbolic.reduced.elliptic import Elliptic
from symbolic.reduced.given import Given
from symbolic.reduced.recognised import Recognised
from symbolic.reduced.solution import all_proved


def separable(whole: Given, block: Block) -> Recognised:
    """One coefficient of any degree, whose laws leave one variable."""
    (k,) = block.potentials
    potential, rho = whole.potentials[k], whole.rates.scales[k]
    curve = _curve(whole, block, potential)
    if curve is None:
        return whole.open(block, "one clock for all weights: quadrature of the output in it")
    signal = (
        whole.rates.speed
        * rho
        * (whole.targets[k] - rho * curve.output - number(potential.constant))
    )
    moved = curve.velocities(signal)
    in_warp = _in_warp(whole, curve, signal)
    definitions = {
        curve.w: whole.rates.written(curve.coordinate),
        curve.p: whole.rates.written(curve.velocity),
        **{E: whole.rates.written(law) for E, law in curve.laws.items()},
    }
    return Recognised(
        f"separable, {curve.kind}",
        whole.weights(block),
        definitions,
        dict(zip((curve.w, curve.p), moved, strict=True)),
        {k: rho * curve.output + number(potential.constant)},
        None,
        curve,
        all_proved(_runs_on(whole, curve, potential)) + (in_warp.certificates if in_warp else ()),
        in_warp,
    )


def _curve(whole: Given, block: Block, potential: Potential) -> Curve | None:
    """The simplest, where the laws of the block leave one variable."""
    field = {i: terms(potential.value.derivative(i)) for i in block.weights}
    kept: list[Law] = []
    for law in polynomial_laws([field], whole.instance.weights):
        inside = all(i in block.weights for factors in law for i in factors)
        if inside and independent([*kept, law], (), whole.instance.weights) > len(kept):
            kept.append(law)
    if len(kept) != len(block.weights) - 1:
        return None
    letters = Letters(
        letter("w", whole.instance, real=True),
        letter("p", whole.instance, real=True),
        str(names("E", len(kept), whole.instance)[0]).split("_")[0] if kept else "E",
    )
    laws = list(map(whole.ring.law, kept))
    return simplest(curves(whole.ring, potential.value, laws, letters))


def _in_warp(whole: Given, curve: Curve, signal: Expr) -> Elliptic | None:
    """By elliptic functions, where the degree of the curve allows it."""
    r_1, r_2, r_3, r_4 = names("r", 4, whole.instance)
    g_2, g_3 = names("g", 3, whole.instance)[1:]
    letters = elliptic.Letters(
        letter("w_0", whole.instance, real=True), letter("p_0", whole.instance, real=True),
        g_2, g_3, (r_1, r_2, r_3, r_4), letter("s", whole.instance, real=True),
    )  # fmt: skip
    try:
        return elliptic.solved(curve, signal, letters)
    except DoesNotApply:
        return None


def _runs_on(whole: Given, curve: Curve, potential: Potential) -> Iterator[Certificate]:
    """By expansion in the weights."""
    weights = whole.rates.weights
    at = {curve.w: expression(curve.coordinate, weights)}
    at |= {E: expression(law, weights) for E, law in curve.laws.items()}
    c = expression(potential.value, weights)

    def along(z: Expr) -> Expr:
        return sum((sympy.diff(z, x) * sympy.diff(c, x) for x in weights), sympy.Integer(0))

    velocity = along(at[curve.w])
    at[curve.p] = velocity
    claims = {
        "(dw/ds)^2 = q(w; laws)": velocity**2 - curve.square.subs(at, simultaneous=True),
        "the output in w, dw/ds and the laws": c - curve.output.subs(at, simultaneous=True),
    }
    claims |= {f"{E} is conserved": along(at[E]) for E in curve.laws}
    for claim, rest in claims.items():
        left = sympy.Poly(rest, *weights)
        yield Certificate(claim, Proved("expansion") if left.is_zero else Undecided(str(left)))
