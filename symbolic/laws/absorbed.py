"""Rates absorbed: weights over the root of their rate move along plain gradients.

With φ = θ/u, u = √(η/η₀), the flow dθ/dt = −η ∂L/∂θ is dφ/dt = −η₀ ∂L/∂φ, and coefficients of the outputs
are combinations of themselves in φ (`symbolic.laws.absorption` has the criterion and why),

    c_k(θ) = Σ_l R_kl c_l(φ),

up to constants, with monomials in u for R; where a coefficient is homogeneous in the weights of every
rate but that of reference, c(θ) = ρ c(φ). So what was found with numbers alone holds at all rates.
Weights of one single rate keep their names: the rate is then a unit of time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy
from flint import fmpq
from sympy import Expr, Symbol

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.laws.absorption import (
    Absorption,
    Degrees,
    absorption_of,
    graded_terms,
    mixing,
    names_of,
)
from symbolic.laws.reduction import Potential
from symbolic.laws.ring import Poly
from symbolic.proof.certificate import DoesNotApply


@dataclass(frozen=True)
class Absorbed:
    """What absorbs the rates.

    Attributes:
        weights: symbols of the weights θ.
        units: of each weight, θ = unit · φ.
        scales: ρ of each potential; empty where some are not multiples of themselves.
        speed: of all weights: dφ/dt = −speed · ∂L/∂φ.
        mixing: R by rows, entries by column.
    """

    weights: tuple[Symbol, ...]
    units: tuple[Expr, ...]
    scales: tuple[Expr, ...]
    speed: Expr
    mixing: tuple[Mapping[int, Expr], ...] = ()

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


def absorbed(
    instance: Instance, potentials: Sequence[Potential], *, mixed: bool = False
) -> Absorbed:
    """Absorb the rates of an instance.

    Args:
        instance: whose rates.
        potentials: coefficients of its outputs.
        mixed: whether combinations of coefficients will do, which are in `mixing`.

    Raises:
        DoesNotApply: where rates are not absorbed; and, unless `mixed`, where a coefficient is not a
            multiple of itself in φ.
    """
    found = absorption_of_potentials(instance, potentials)
    if not found.holds:
        raise DoesNotApply(
            "rates that differ: a coefficient of the outputs is not homogeneous in the weights of each, "
            f"nor are its parts coefficients: {', '.join(found.kept)}"
        )
    measure = rate(found.reference) if found.reference else sympy.Integer(1)
    unit = {name: sympy.sqrt(rate(name) / measure) for name in found.names}
    rows = []
    for row in mixing_of(instance, potentials, found):
        entries = {
            l: _at_units(entry, [unit[name] for name in found.names]) for l, entry in row.items()
        }
        rows.append(entries)
    is_single = all(set(row) == {k} for k, row in enumerate(rows))
    if not is_single and not mixed:
        raise DoesNotApply(
            "rates that differ: a coefficient of the outputs is a combination of several at equal rates"
        )
    return Absorbed(
        tuple(map(weight, instance.names)),
        tuple(unit[name] for name in instance.rates),
        tuple(row[k] for k, row in enumerate(rows)) if is_single else (),
        measure,
        tuple(rows),
    )


def absorption_of_potentials(instance: Instance, potentials: Sequence[Potential]) -> Absorption:
    """How the rates of an instance are absorbed in coefficients; a single one is the reference."""
    names = names_of(instance.rates)
    if len(names) == 1:
        return Absorption(names, names)
    return absorption_of(
        [graded_terms(terms(p.value), instance.rates) for p in potentials], instance.rates
    )


def mixing_of(
    instance: Instance, potentials: Sequence[Potential], found: Absorption
) -> Iterator[dict[int, dict[Degrees, fmpq]]]:
    """The rows of R: by column its terms, coefficients by degrees in the units of `found.names`."""
    reference = found.names.index(found.reference) if found.reference else None
    graded = [graded_terms(terms(p.value), instance.rates) for p in potentials]
    yield from mixing(graded, reference)


def _at_units(entry: Mapping[Degrees, fmpq], units: Sequence[Expr]) -> Expr:
    return sympy.Add(
        *(
            number(c) * sympy.Mul(*(unit**d for unit, d in zip(units, degrees, strict=True)))
            for degrees, c in entry.items()
        )
    )
