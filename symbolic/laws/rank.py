"""How many laws are independent: the rank of their Jacobian at one point modulo a prime, from below."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import lcm

from flint import nmod_mat

from symbolic.architecture.fields import terms
from symbolic.laws.ansatz import Law
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.ring import Poly
from symbolic.proof.null_space import PRIME, modulo, pivots_of
from symbolic.proof.ranks import rank_modulo_prime


def independent(
    laws: Sequence[Law], products: Sequence[ProductLaw], weights: int, seed: int = 1
) -> int:
    """A lower bound of the generic rank, which it is but for an unlucky point.

    Args:
        laws: polynomials.
        products: of powers; the logarithm is as good as the product.
        weights: their number.
        seed: of the point.
    """
    point = _drawn(weights, seed)
    rows = [slope_of_law(law, point) for law in laws]
    rows += [slope_of_product(product, point) for product in products]
    return rank_modulo_prime(rows, weights)


def new_products(laws: Sequence[Law], products: Sequence[ProductLaw], weights: int) -> list[int]:
    """Places of the products that are independent of the laws and of the products before them.

    Args:
        laws: polynomials.
        products: of powers.
        weights: their number.
    """
    point = _drawn(weights, 1)
    rows = [slope_of_law(law, point) for law in laws]
    rows += [slope_of_product(product, point) for product in products]
    return [n - len(laws) for n in _first_independent(rows, weights) if n >= len(laws)]


def _drawn(weights: int, seed: int) -> list[int]:
    draw = random.Random(seed)
    return [draw.randrange(1, PRIME) for _ in range(weights)]


def _first_independent(rows: Sequence[Sequence[int]], weights: int) -> list[int]:
    """Places of rows that are independent of those before."""
    if not rows:
        return []
    columns = nmod_mat(weights, len(rows), [row[i] for i in range(weights) for row in rows], PRIME)
    reduced, rank = columns.rref()
    return pivots_of(reduced, rank)


def simplest(laws: Sequence[Law], weights: int, first: int = 0, seed: int = 1) -> list[int]:
    """Places of as many laws as are independent: of low degree first, then some, then of few terms.

    Args:
        laws: polynomials.
        weights: their number.
        first: how many come before others of their degree.
        seed: of the point.
    """
    order = sorted(
        range(len(laws)), key=lambda n: (max(map(len, laws[n])), n >= first, len(laws[n]))
    )
    point = _drawn(weights, seed)
    rows = [slope_of_law(laws[n], point) for n in order]
    return [order[j] for j in _first_independent(rows, weights)]


def slope_of_law(law: Law, point: Sequence[int]) -> list[int]:
    """A multiple of the differential of a polynomial law at a point modulo the prime."""
    row = [0] * len(point)
    whole = lcm(*(int(c.q) for c in law.values()))  # a multiple of a law is as good
    for factors, c in law.items():
        for i in set(factors):
            term, rest = int((c * whole).p) * factors.count(i), list(factors)
            rest.remove(i)
            for j in rest:
                term = term * point[j] % PRIME
            row[i] = (row[i] + term) % PRIME
    return row


def slope_of_product(product: ProductLaw, point: Sequence[int]) -> list[int]:
    """The differential of the logarithm of a product at a point modulo the prime."""
    row = [0] * len(point)
    for base, exponent in product.factors:
        share = exponent * pow(_at(base, point), -1, PRIME)
        for i in (i for i, degree in enumerate(base.degrees()) if degree > 0):
            row[i] = (row[i] + share * _at(base.derivative(i), point)) % PRIME
    return row


def _at(p: Poly, point: Sequence[int]) -> int:
    total = 0
    for m, c in terms(p).items():
        term = modulo(c)
        for value, exponent in zip(point, m, strict=True):
            if exponent:
                term = term * pow(value, exponent, PRIME) % PRIME
        total += term
    return total % PRIME
