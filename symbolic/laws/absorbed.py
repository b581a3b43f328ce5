"""Rates absorbed: weights over the root of their rate move along plain gradients.

With φ = θ/√η the flow dθ/dt = −η ∂L/∂θ is dφ/dt = −∂L/∂φ. A coefficient of the outputs that is
homogeneous in the weights of every rate is a power of rates times itself in φ,

    c(θ) = ρ c(φ),     ρ = ∏ η^(degree/2),

so that what was found with numbers alone holds at all rates. Weights of one single rate keep their
names: the rate is then a unit of time, whatever their coefficients are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import sympy
from flint import fmpq
from sympy import Expr, Symbol

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.laws.reduction import Potential
from symbolic.laws.ring import Poly
from symbolic.proof.certificate import DoesNotApply


@dataclass(frozen=True)
class Absorbed:
    """What absorbs the rates.

    Attributes:
        weights: symbols of the weights θ.
        units: of each weight, θ = unit · φ.
        scales: ρ of each potential.
        speed: of all weights: dφ/dt = −speed · ∂L/∂φ.
    """

    weights: tuple[Symbol, ...]
    units: tuple[Expr, ...]
    scales: tuple[Expr, ...]
    speed: Expr

    @property
    def absorbed(self) -> tuple[Expr, ...]:
        """The weights φ in terms of θ."""
        return tuple(w / unit for w, unit in zip(self.weights, self.units, strict=True))

    def written(self, polynomial: Poly) -> Expr:
        """A polynomial in φ, in terms of θ."""
        return expression(polynomial, self.absorbed)


def rate(name: str) -> Symbol:
    """The symbol of a learning rate."""
    return Symbol(name, positive=True)


def weight(name: str) -> Symbol:
    """The symbol of a weight."""
    return Symbol(name, real=True)


def number(value: fmpq) -> sympy.Rational:
    """A rational number of the ring, as one of SymPy."""
    return sympy.Rational(int(value.p), int(value.q))


def expression(polynomial: Poly, values: Sequence[Expr]) -> Expr:
    """A polynomial of the ring at values of its generators."""
    return sympy.Add(
        *(
            number(c) * sympy.Mul(*(v**e for v, e in zip(values, m, strict=True) if e))
            for m, c in terms(polynomial).items()
        )
    )


def absorbed(instance: Instance, potentials: Sequence[Potential]) -> Absorbed:
    """Absorb the rates of an instance.

    Args:
        instance: whose rates.
        potentials: coefficients of its outputs.

    Raises:
        DoesNotApply: where there are several rates, and a coefficient is not homogeneous in the weights
            of each.
    """
    weights = tuple(map(weight, instance.names))
    rates = dict.fromkeys(instance.rates)
    if len(rates) == 1:
        ones = (sympy.Integer(1),)
        return Absorbed(
            weights, ones * len(weights), ones * len(potentials), rate(instance.rates[0])
        )
    scales = tuple(_scale(p, instance.rates) for p in potentials)
    units = tuple(sympy.sqrt(rate(name)) for name in instance.rates)
    return Absorbed(weights, units, scales, sympy.Integer(1))


def _scale(potential: Potential, rates: Sequence[str]) -> Expr:
    found = set[tuple[tuple[str, int], ...]]()
    for m in terms(potential.value):
        degrees: dict[str, int] = defaultdict(int)
        for name, exponent in zip(rates, m, strict=True):
            degrees[name] += exponent
        found.add(tuple(sorted(degrees.items())))
    if len(found) > 1:
        raise DoesNotApply(
            "rates that differ: a coefficient of the outputs is not homogeneous in the weights of each"
        )
    return prod(
        (sympy.sqrt(rate(name)) ** degree for name, degree in found.pop()), start=sympy.Integer(1)
    )
