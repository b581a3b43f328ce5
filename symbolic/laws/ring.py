"""Polynomials in the weights of an instance, and fields on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symbolic.architecture.fields import Field
from symbolic.laws.ansatz import Law

Poly: TypeAlias = fmpq_mpoly
PolynomialField = dict[int, Poly]


class Ring:
    """Polynomials in the weights, and fields on them.

    Args:
        names: of the weights.
        fields: with polynomial entries.
    """

    def __init__(self, names: Sequence[str], fields: Sequence[Field]) -> None:
        self.context = fmpq_mpoly_ctx.get(list(names), "degrevlex")
        self.generators, self.one = self.context.gens(), self.context.constant(1)
        self.fields: list[PolynomialField] = [
            {i: self.context.from_dict(entry) for i, entry in one.items()} for one in fields
        ]

    def law(self, law: Law) -> Poly:
        """A polynomial law."""
        found: dict[tuple[int, ...], fmpq] = defaultdict(fmpq)
        for factors, c in law.items():
            power = [0] * len(self.generators)
            for i in factors:
                power[i] += 1
            found[tuple(power)] += c
        return self.context.from_dict(dict(found))

    def along(self, p: Poly, one: PolynomialField) -> Poly:
        """The derivative of a polynomial along a field."""
        found = self.context.constant(0)
        for i, entry in one.items():
            slope = p.derivative(i)
            if slope != 0:
                found = found + slope * entry
        return found

    def bracket(self, f: PolynomialField, g: PolynomialField) -> PolynomialField:
        """[f, g], entries that are not zero."""
        found: PolynomialField = {}
        for i in f.keys() | g.keys():
            entry = self.context.constant(0)
            if i in g:
                entry = entry + self.along(g[i], f)
            if i in f:
                entry = entry - self.along(f[i], g)
            if entry != 0:
                found[i] = entry
        return found
