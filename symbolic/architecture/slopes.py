"""Derivatives of contractions by one of their letters: each taken out, one after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeAlias

from symbolic.architecture.contractions import Contraction, Letter

Terms: TypeAlias = dict[Contraction, Fraction]
Items: TypeAlias = Iterable[tuple[Contraction, Fraction]]


def summed(terms: Items) -> Terms:
    """A sum, each contraction once."""
    found: Terms = defaultdict(Fraction)
    for one, c in terms:
        for size, power in one.scales:
            c = c if size.terms else c * Fraction(size.constant) ** power
        scales = tuple(scale for scale in one.scales if scale[0].terms)
        found[one._replace(scales=scales).canonical()] += c
    return {one: c for one, c in found.items() if c}


def slope(closed: Items, name: str) -> Terms:
    """The gradient by a letter, with the axes of that; what is left of a product counts once.

    Args:
        closed: contractions without free indices, and their coefficients.
        name: of the letter.
    """

    def terms() -> Iterator[tuple[Contraction, Fraction]]:
        for one, c in closed:
            if all(letter.name != name for letter, _ in one.factors):
                continue
            plain = tuple((Letter(letter.name), indices) for letter, indices in one.factors)
            for k, (letter, indices) in enumerate(one.factors):
                if letter.name == name and letter.above:
                    others = plain[:k] + plain[k + 1 :]
                    yield Contraction(indices, others, one.scales), c * letter.counts

    return summed(terms())
