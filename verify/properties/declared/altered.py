"""Altered laws and symmetries, which must be refuted: how many are, and which are not.

What is proved to be a law again, by the exact derivatives along all fields, is no alteration and counted
apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flint import fmpq

from symbolic.architecture.fields import Field
from symbolic.architecture.model import Model
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw
from symbolic.laws.ansatz import Combination
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.rates import RatedLaw, at, drawn, with_rates
from symbolic.laws.ring import Poly, Ring
from symbolic.laws.symmetries import Symmetry
from verify.properties.declared.maps import Map, flip, rotation
from verify.properties.declared.quantities import Quantity, alterations, monomials


@dataclass(frozen=True)
class Altered:
    """An altered quantity.

    Attributes:
        quantity: the altered one.
        is_law: whether it is proved to be a law again.
        of_rates: whether it is the rates that were left out.
    """

    quantity: Quantity
    is_law: bool
    of_rates: bool = False


class Exact:
    """What the exact ring says of alterations.

    Args:
        names: of the weights.
        fields: without rates.
        rates: of the weights, entry by entry.
    """

    def __init__(self, names: Sequence[str], fields: Sequence[Field], rates: Sequence[str]) -> None:
        self.rates, self.ring = rates, Ring(names, fields)
        # Squares, so that their roots are rational.
        self.values = {name: value**2 for name, value in drawn(rates, 0).items()}
        self.ones = dict.fromkeys(self.values, 1)
        self.rated = Ring(names, with_rates(fields, rates, self.values))

    def of_polynomial(self, law: RatedLaw, quantity: Quantity) -> Iterator[Altered]:
        """Coefficients doubled and negated; the rates left out.

        Args:
            law: a polynomial with rates.
            quantity: the same in torch.
        """
        kept = [self._is_law(one.factors) for one in monomials(law)]
        for k, one in enumerate(alterations(quantity)):
            yield Altered(one, kept[k // 2])
        if len(self.values) > 1:
            plain = self.rated.law(at(law, self.ones))
            yield Altered(quantity.without_rates(), self._is_conserved(plain), True)

    def of_product(self, law: ProductLaw, quantity: Quantity) -> Iterator[Altered]:
        """Exponents changed by one; the rates left out."""
        kept = [
            all(self.ring.along(base, one) == 0 for one in self.ring.fields)
            for base, _ in law.factors
        ]
        for k, one in enumerate(alterations(quantity)):
            yield Altered(one, kept[k // 2])
        if len(self.values) > 1:
            same = all(self._is_multiple(base) for base, _ in law.factors)
            yield Altered(quantity.without_rates(), same, True)

    def _is_law(self, factors: Combination) -> bool:
        """Whether a product of weights is a law: a field that moves one of them alone says no."""
        for one in self.rated.fields:
            if sum(i in one for i in set(factors)) == 1:
                return False
        return self._is_conserved(self.rated.law({factors: fmpq(1)}))

    def _is_conserved(self, p: Poly) -> bool:
        return all(self.rated.along(p, one) == 0 for one in self.rated.fields)

    def _is_multiple(self, base: Poly) -> bool:
        """Whether a base is a multiple of itself with weights over the roots of rates."""
        scaled = {}
        for m, c in base.to_dict().items():
            factor = fmpq(1)
            for exponent, rate in zip(m, self.rates, strict=True):
                factor *= fmpq(self.values[rate]) ** int(exponent)
            scaled[m] = c * factor
        other = base.context().from_dict(scaled)
        return bool(other * base.leading_coefficient() == base * other.leading_coefficient())


def of_matrices(
    law: MatrixLaw | DiagonalLaw, quantity: Quantity, model: Model
) -> Iterator[Altered]:
    """Factors doubled and negated; the rates left out where the layers have different ones."""
    for one in alterations(quantity):
        yield Altered(one, False)
    if len({model.layers[part.layer].rate for part in law.parts}) > 1:
        yield Altered(quantity.without_rates(), False, True)


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
