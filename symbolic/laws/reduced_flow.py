"""The flow in the invariants of the isometries, as expressions: what is needed to write it and to run it.

    dz/dt = Σ_k r_k F_k(z),     c_k = C_k(z),     r_k = −∂L/∂c_k,

with z of degree 2 (or 1) in the weights, F_k and C_k linear in z, and c_k the coefficient of a monomial
of the data in an output: for any loss, whatever the data are. What was found in the ring of the absorbed
weights (`symbolic.laws.reduction`) is proved here in another one, on the outputs themselves with all
rates in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol
from sympy.polys.rings import PolyElement

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import Absorbed, absorbed, number
from symbolic.laws.absorbed_ring import AbsorbedRing
from symbolic.laws.reduction import (
    Closed,
    Invariants,
    Linear,
    Potential,
    closed,
    invariants,
    potentials,
)
from symbolic.laws.ring import Ring
from symbolic.laws.symmetries import symmetries
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True)
class ReducedFlow:
    """The flow in invariants, for any loss.

    Attributes:
        variables: z_1 …
        definitions: of each, a polynomial in weights, over roots of rates.
        outputs: c_k in the variables, in the order of the potentials.
        fields: F_k in the variables, an entry for each.
        potentials: which coefficient of which output c_k is.
        absorbed: how rates are absorbed.
        action: the same in the ring, rates absorbed.
        rotations: dimension of the isometries that were divided out.
        certificates: what was proved of it.
    """

    variables: tuple[Symbol, ...]
    definitions: tuple[Expr, ...]
    outputs: tuple[Expr, ...]
    fields: tuple[tuple[Expr, ...], ...]
    potentials: tuple[Potential, ...]
    absorbed: Absorbed
    action: Closed
    rotations: int
    certificates: tuple[Certificate, ...]

    def velocities(self, signals: Sequence[Expr]) -> tuple[Expr, ...]:
        """dz/dt = Σ_k r_k F_k(z).

        Args:
            signals: r_k = −∂L/∂c_k, of each potential.
        """
        return tuple(
            sympy.expand(sum((r * F for r, F in zip(signals, row, strict=True)), sympy.Integer(0)))
            for row in zip(*self.fields, strict=True)
        )

    def white(self, targets: Sequence[Expr]) -> tuple[Expr, ...]:
        """dz/dt under half a square, where the monomials of the data are orthonormal: r_k = y_k − c_k.

        Args:
            targets: y_k, the mean of target times monomial.
        """
        return self.velocities([y - c for y, c in zip(targets, self.outputs, strict=True)])


def reduced_flow(instance: Instance) -> ReducedFlow:
    """Divide by isometries and changes of signs, where the flow closes.

    Args:
        instance: with polynomial outputs.

    Raises:
        DoesNotApply: where outputs are no polynomials, fields are not linear in the invariants, or rates
            are not absorbed.
    """
    ring = Ring(instance.names, generating := fields(instance))
    try:
        found = potentials(instance, ring)
    except ValueError as error:
        raise DoesNotApply(str(error)) from None
    of = invariants(ring, symmetries(generating, instance.weights), found)
    action = closed(ring, of, found)
    if action is None:
        raise DoesNotApply("fields or outputs are not linear in the quadratic invariants")
    rates = absorbed(instance, found)
    z = names("z", len(of.polynomials), instance)
    return ReducedFlow(
        z,
        tuple(map(rates.written, of.polynomials)),
        tuple(
            scale * linear(c, z) + number(p.constant)
            for scale, c, p in zip(rates.scales, action.outputs, found, strict=True)
        ),
        tuple(
            tuple(rates.speed * scale * linear(entry, z) for entry in row)
            for scale, row in zip(rates.scales, action.action, strict=True)
        ),
        tuple(found),
        rates,
        action,
        of.rotations,
        tuple(_certified(instance, of, action, found)),
    )


def names(letter: str, number: int, instance: Instance) -> tuple[Symbol, ...]:
    """Symbols letter_1 … that no weight, rate or input has; the letter doubled where one has."""
    taken = {*instance.names, *instance.rates, *map(str, instance.ring.gens())}
    while taken & {f"{letter}_{k}" for k in range(1, number + 1)}:
        letter += letter[0]
    return tuple(Symbol(f"{letter}_{k}", real=True) for k in range(1, number + 1))


def letter(wanted: str, instance: Instance, **assumptions: bool) -> Symbol:
    """A symbol whose name no weight, rate or input has; the letter doubled where one has."""
    taken = {*instance.names, *instance.rates, *map(str, instance.ring.gens())}
    while wanted in taken:
        wanted += wanted[0]
    return Symbol(wanted, **assumptions)


def linear(polynomial: Linear, values: Sequence[Expr]) -> Expr:
    """A polynomial in invariants, at values of these."""
    return sympy.Add(
        *(number(c) * sympy.Mul(*(values[k] for k in m)) for m, c in polynomial.items())
    )


def _certified(
    instance: Instance,
    of: Invariants,
    action: Closed,
    found: Sequence[Potential],
) -> Iterator[Certificate]:
    """On the outputs with all rates in them, by derivatives in another ring."""
    ring = AbsorbedRing(instance)
    z = [ring.at_weights(p) for p in of.polynomials]
    written = [
        (p, ring.scale(p) * ring.linear(C, z) + ring.number(p.constant))
        for p, C in zip(found, action.outputs, strict=True)
    ]
    yield Certificate("outputs are linear in the invariants", ring.outputs_are(written))
    yield Certificate(
        "invariants move as the closed flow says, at any input", _closes(ring, z, found, action)
    )


def _closes(
    ring: AbsorbedRing, z: Sequence[PolyElement], found: Sequence[Potential], action: Closed
) -> Verdict:
    """Σ_i ∂z/∂φ_i ∂f/∂φ_i = Σ_k F_k m_k, for every output f."""
    slopes = [{w: s for w in ring.weights if (s := one.diff(w)) != 0} for one in z]
    for n, output in enumerate(ring.outputs):
        gradient = {w: output.diff(w) for w in ring.weights}
        rows = [
            (ring.scale(p) * ring.monomial(p), row)
            for p, row in zip(found, action.action, strict=True)
            if p.output == n
        ]
        for i, slope in enumerate(slopes):
            rest = ring.zero
            for w, s in slope.items():
                rest += s * gradient[w]
            for factor, row in rows:
                rest -= factor * ring.linear(row[i], z)
            if rest != 0:
                return Undecided(f"z_{i + 1} moves otherwise in output {n + 1}")
    return Proved("polynomials")
