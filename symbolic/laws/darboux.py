"""Rational and product laws: polynomials that every field multiplies.

A polynomial p with g_k p = κ_k p for every field g_k is a Darboux polynomial with cofactors κ_k. A
product X
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import lcm

from flint import fmpq

from symbolic.laws.ansatz import Law
from symbolic.laws.ring import Poly, Ring
from symbolic.laws.semi_invariants import semi_invariants
from symbolic.proof.null_space import null_space


@dataclass(frozen=True)
class ProductLaw:
    """∏ base^exponent is conserved.

    Attributes:
        factors: bases and whole exponents, none zero.
    """

    factors: tuple[tuple[Poly, int], ...]


def product_laws(
    ring: Ring, laws: Sequence[Law], degree: int = 2, weights: Collection[int] | None = None
) -> list[ProductLaw]:
    """Products of Darboux polynomials that are conserved, none a product of polynomial laws alone.

    Args:
        ring: with the fields.
        laws: polynomial laws, whose factors are candidates.
        degree: of semi-invariants, at most.
        weights: of which products are searched, where fields are known on these alone; None for all.
    """
    candidates = itertools.chain(
        ring.generators,
        (p for law in laws for p, _ in ring.law(law).factor()[1]),
        semi_invariants(ring, degree),
    )
    of_these = (p for p in candidates if weights is None or weights_in(p).issubset(weights))
    known = [
        (p, cofactors)
        for p in _different(of_these)
        if (cofactors := _cofactors(ring, p)) is not None
    ]
    rows: dict[tuple[int, tuple[int, ...]], dict[int, fmpq]] = defaultdict(dict)
    for n, (_, cofactors) in enumerate(known):
        for k, cofactor in enumerate(cofactors):
            for m, c in cofactor.to_dict().items():
                rows[k, tuple(map(int, m))][n] = c
    found = []
    for vector in null_space(list(rows.values()), len(known)):
        whole = lcm(*(int(c.q) for c in vector))
        factors = tuple(
            (p, int((c * whole).p)) for (p, _), c in zip(known, vector, strict=True) if c != 0
        )
        if len(factors) > 1 or factors[0][0].total_degree() > 0:
            found.append(ProductLaw(factors))
    return found


def weights_in(p: Poly) -> set[int]:
    """Places of the weights that a polynomial is of."""
    return {i for i, degree in enumerate(p.degrees()) if degree > 0}


def _different(candidates: Iterable[Poly]) -> list[Poly]:
    found: dict[str, Poly] = {}
    for p in candidates:
        lead = p.leading_coefficient()
        monic = p * (1 / lead)
        found.setdefault(str(monic), monic)
    return list(found.values())


def _cofactors(ring: Ring, p: Poly) -> list[Poly] | None:
    found = []
    for one in ring.fields:
        quotient, rest = divmod(ring.along(p, one), p)
        if rest != 0:
            return None
        found.append(quotient)
    return found
