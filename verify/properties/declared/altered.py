"""Altered laws and symmetries, which must be refuted: how many are, and which are not.

What is proved to be a law again, by the exact derivatives along all fields, is no alteration and counted
apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flint import fmpq
from sympy import prime

from symbolic.architecture.model import Model
from symbolic.laws.all_sizes import MatrixLaw
from symbolic.laws.ansatz import Combination, Law
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.ring import Poly, Ring
from symbolic.laws.symmetries import Symmetry
from verify.properties.declared.maps import Map, flip, rotation
from verify.properties.declared.quantities import (
    Quantity,
    alterations,
    is_conserved,
    monomial,
    without_rates,
)


@dataclass(frozen=True)
class Altered:
    """An altered quantity.

    Attributes:
        quantity: the altered one.
        is_law: whether it is proved to be a law again.
    """

    quantity: Quantity
    is_law: bool


def of_polynomial(
    law: Law, quantity: Quantity, ring: Ring, rates: Sequence[str]
) -> Iterator[Altered]:
    """Coefficients doubled and negated; the rates left out.

    Args:
        law: a polynomial.
        quantity: the same in torch.
        ring: with the fields.
        rates: of the weights, entry by entry; one name for all where they are equal.
    """
    kept = [_is_law(ring, factors) for factors in law]
    for k, one in enumerate(alterations(quantity)):
        yield Altered(one, kept[k // 2])
    if len(set(rates)) > 1:
        yield Altered(without_rates(quantity), is_conserved(ring, _scaled(ring.law(law), rates)))


def _is_law(ring: Ring, factors: Combination) -> bool:
    """Whether a product of weights is a law: a field that moves one of them alone says no."""
    for one in ring.fields:
        if sum(i in one for i in set(factors)) == 1:
            return False
    return is_conserved(ring, monomial(ring, factors))


def of_product(
    law: ProductLaw, quantity: Quantity, ring: Ring, rates: Sequence[str]
) -> Iterator[Altered]:
    """Exponents changed by one; the rates left out."""
    kept = [is_conserved(ring, base) for base, _ in law.factors]
    for k, one in enumerate(alterations(quantity)):
        yield Altered(one, kept[k // 2])
    if len(set(rates)) > 1:
        scaled = (_scaled(base, rates) for base, _ in law.factors)
        same = all(
            one * base.leading_coefficient() == base * one.leading_coefficient()
            for one, (base, _) in zip(scaled, law.factors, strict=True)
        )
        yield Altered(without_rates(quantity), same)


def of_matrices(law: MatrixLaw, quantity: Quantity, model: Model) -> Iterator[Altered]:
    """Factors doubled and negated; the rates left out where the layers have different ones."""
    for one in alterations(quantity):
        yield Altered(one, False)
    if len({model.layers[part.layer].rate for part in law.parts}) > 1:
        yield Altered(without_rates(quantity), False)


def of_rotation(symmetry: Symmetry, name: str, ring: Ring) -> Iterator[tuple[Map, bool]]:
    """Each pair of entries taken out of A, one after another, and whether a symmetry is left."""
    for i, j in symmetry:
        rest = {place: c for place, c in symmetry.items() if place not in ((i, j), (j, i))}
        if i < j and rest:
            words = f"{name} without entry {i + 1}, {j + 1}"
            yield rotation(rest, len(ring.generators), words), _is_symmetry(ring, rest)


def _is_symmetry(ring: Ring, symmetry: Symmetry) -> bool:
    """Whether A φ is orthogonal to every field."""
    for one in ring.fields:
        total = ring.context.constant(0)
        for (i, j), c in symmetry.items():
            if i in one:
                total = total + one[i] * ring.generators[j] * c
        if total != 0:
            return False
    return True


def of_flip(mask: int, flips: Sequence[int], names: Sequence[str]) -> Iterator[tuple[Map, bool]]:
    """Each sign taken back, one after another, and whether a symmetry is left.

    Args:
        mask: of the change of signs.
        flips: a basis of all that are symmetries.
        names: of the weights.
    """
    for i in range(len(names)):
        if mask >> i & 1:
            changed = mask ^ 1 << i
            yield flip(changed, names), _is_spanned(changed, flips)


def _is_spanned(mask: int, basis: Sequence[int]) -> bool:
    """Over F₂."""
    reduced: list[int] = []
    for one in (*basis, mask):
        for other in reduced:
            one = min(one, one ^ other)
        if one:
            reduced.append(one)
    return len(reduced) == len(basis)


def _scaled(p: Poly, rates: Sequence[str]) -> Poly:
    """Weights times a prime for each rate: different rates, as good as any."""
    primes = {rate: prime(k + 1) for k, rate in enumerate(dict.fromkeys(rates))}
    context = p.context()
    found = {}
    for m, c in p.to_dict().items():
        factor = fmpq(1)
        for exponent, rate in zip(m, rates, strict=True):
            factor *= fmpq(int(primes[rate])) ** int(exponent)
        found[m] = c * factor
    return context.from_dict(found)


@dataclass(frozen=True)
class Refuted:
    """What became of alterations.

    Attributes:
        of: how many there were.
        refuted: how many violated a property.
        laws_again: how many more were proved to be laws.
        survivors: the others.
    """

    of: int = 0
    refuted: int = 0
    laws_again: int = 0
    survivors: tuple[str, ...] = ()

    def add(self, name: str, *, refuted: bool) -> Refuted:
        """With another one."""
        survivors = self.survivors if refuted else (*self.survivors, name)
        return replace(self, of=self.of + 1, refuted=self.refuted + refuted, survivors=survivors)

    def __add__(self, other: Refuted) -> Refuted:
        return Refuted(
            self.of + other.of,
            self.refuted + other.refuted,
            self.laws_again + other.laws_again,
            self.survivors + other.survivors,
        )
