"""Polynomial laws of an instance that words prove, and how many there are at most: nothing is expanded.

Laws at all sizes hold at these, entry by entry (`symbolic.laws.all_sizes`); fields at points modulo a
prime bound the number of all laws of degree 2 from above (`symbolic.laws.sampled`). Where both meet,
those are all. So the outputs of a network whose products have millions of terms need not be written out.
"""

from __future__ import annotations

from dataclasses import dataclass

from symbolic.architecture.model import Model, Sizes
from symbolic.laws.all_sizes import laws_at_all_sizes
from symbolic.laws.entries import entries
from symbolic.laws.rates import RatedLaw, basis, drawn
from symbolic.laws.sampled import Samples, blocks_of, number_at_most


@dataclass(frozen=True)
class ByWords:
    """Laws of degree 1 and 2.

    Attributes:
        laws: entries of laws at all sizes, with symbolic rates, linearly independent.
        at_most: no more are linearly independent, at rates that are drawn; None where that was not found.
    """

    laws: tuple[RatedLaw, ...]
    at_most: int | None

    @property
    def are_all(self) -> bool:
        """Whether there are no others."""
        return self.at_most == len(self.laws)


def by_words(model: Model, sizes: Sizes) -> ByWords:
    """Entries of laws at all sizes, and how many there are at most.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
    """
    found = written_entries(model, sizes)
    ones = dict.fromkeys((layer.rate for layer in model.layers.values()), 1)
    return ByWords(tuple(basis(found, ones)) if found else (), at_most(model, sizes))


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
    rates = drawn([layer.rate for layer in model.layers.values()], seed)
    return number_at_most(blocks_of(model, sizes), Samples(model, sizes, rates, seed))
