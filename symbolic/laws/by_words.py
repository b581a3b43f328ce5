"""Polynomial laws of an instance that words prove, and how many there are at most: nothing is expanded.

Laws at all sizes hold at these, entry by entry (`symbolic.laws.all_sizes`), and so do products of two
linear ones; fields at points modulo a prime bound the number of all laws of degree 2 from above
(`symbolic.laws.sampled`). Where both meet, those are all. So the outputs of a network whose products
have millions of terms need not be written out.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flint import fmpq

from symbolic.architecture.model import Model, Sizes
from symbolic.laws.all_sizes import laws_at_all_sizes
from symbolic.laws.ansatz import Law
from symbolic.laws.entries import entries
from symbolic.laws.rates import RatedLaw, at, basis, drawn
from symbolic.laws.sampled import Samples, blocks_of, number_at_most
from symbolic.proof.ranks import first_independent


@dataclass(frozen=True)
class ByWords:
    """Laws of degree 1 and 2.

    Attributes:
        laws: entries of laws at all sizes, with symbolic rates, linearly independent.
        at_most: no more are linearly independent, at rates that are drawn; None where that was not found.
        products: of two linear ones, how many are linearly independent of the laws and each other.
    """

    laws: tuple[RatedLaw, ...]
    at_most: int | None
    products: int = 0

    @property
    def perhaps(self) -> int | None:
        """How many others there may be; None where that was not found."""
        return None if self.at_most is None else self.at_most - len(self.laws) - self.products

    @property
    def are_all(self) -> bool:
        """Whether there are no others."""
        return self.perhaps == 0


def by_words(model: Model, sizes: Sizes) -> ByWords:
    """Entries of laws at all sizes, and how many there are at most.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
    """
    found = written_entries(model, sizes)
    laws = basis(found, dict.fromkeys(_rates(model), 1)) if found else []
    return ByWords(tuple(laws), at_most(model, sizes), products_beside(laws, _rates(model)))


def products_beside(laws: Sequence[RatedLaw], rates: Iterable[str]) -> int:
    """How many products of two linear laws are linearly independent of the laws and of each other.

    Args:
        laws: with symbolic rates, linearly independent.
        rates: their names.
    """
    plain = [at(law, dict.fromkeys(rates, 1)) for law in laws]
    linear = [law for law in plain if max(map(len, law)) == 1]
    products = itertools.starmap(_product, itertools.combinations_with_replacement(linear, 2))
    return len(first_independent([*plain, *products])) - len(plain)


def _product(one: Law, other: Law) -> Law:
    found: Law = defaultdict(fmpq)
    for (f, a), (g, b) in itertools.product(one.items(), other.items()):
        found[tuple(sorted((*f, *g)))] += a * b
    return {factors: c for factors, c in found.items() if c != 0}


def _rates(model: Model) -> list[str]:
    return [layer.rate for layer in model.layers.values()]


def written_entries(model: Model, sizes: Sizes) -> list[RatedLaw]:
    """All entries of laws at all sizes."""
    return [one for law in laws_at_all_sizes(model).all for one in entries(law, model, sizes)]


def at_most(model: Model, sizes: Sizes, seed: int = 0) -> int | None:
    """No more polynomials of degree 2 are laws.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of the points, and of the rates.
    """
    rates = drawn(_rates(model), seed)
    return number_at_most(blocks_of(model, sizes), Samples(model, sizes, rates, seed))
