"""Checks of what was found, by other means than it was found with.

* A polynomial law, found by elimination over products of weights: the Lie derivative along every field,
  with symbols for the roots of rates, is the zero polynomial of a ring.
* A product law, found by cofactors: Σ nᵢ g(pᵢ) ∏_(j≠i) pⱼ is the zero polynomial for every field g.
* A law at all sizes, found and proved by words: its entries at some sizes are polynomial laws there.
* Independence, found modulo a prime: the rank of the differentials at whole numbers, over ℚ.
* The rank of the Lie algebra, found by jets modulo a prime: brackets of polynomials, and the rank of
  their values at whole numbers, over ℚ; for small instances.

Each rank bounds the other: laws are constant on what the fields reach, so their sum is at most the
number of weights, and equality leaves no law out. It is a statement on the fields; what it says of the
network rests on `symbolic.architecture.independence` where functions of preactivations occur.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction

from flint import fmpq, fmpq_mat, fmpq_mpoly_ctx

from symbolic.architecture.fields import Field
from symbolic.architecture.model import Model, Sizes
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.entries import entries
from symbolic.laws.rates import RatedLaw
from symbolic.laws.ring import Poly, PolynomialField, Ring

DEPTH, MOST = 4, 30


def is_conserved(law: RatedLaw, fields: Sequence[Field], rates: Sequence[str]) -> bool:
    """Whether Σ_i η_i F_i ∂_i h is the zero polynomial in weights and roots of rates, for every field.

    Args:
        law: with symbolic rates.
        fields: without.
        rates: the name of each weight's rate.
    """
    names = list(dict.fromkeys(rates))
    weights = [f"x{k}" for k in range(len(rates))]
    context = fmpq_mpoly_ctx.get([*weights, *(f"s{k}" for k in range(len(names)))], "degrevlex")
    lowest = min((p for c in law.values() for powers in c for _, p in powers), default=Fraction(0))
    shift = max(0, -int(2 * lowest))  # times a power of all rates, which are not 0
    h = context.from_dict(dict(_polynomial(law, len(rates), names, shift)))
    roots = dict(zip(names, context.gens()[len(rates) :], strict=True))
    tail = (0,) * len(names)
    for one in fields:
        moved = context.constant(0)
        for i, entry in one.items():
            component = context.from_dict({(*m, *tail): c for m, c in entry.items()})
            moved = moved + h.derivative(i) * component * roots[rates[i]] ** 2
        if moved != 0:
            return False
    return True


def _polynomial(
    law: RatedLaw, weights: int, names: Sequence[str], shift: int
) -> Iterator[tuple[tuple[int, ...], fmpq]]:
    found: dict[tuple[int, ...], fmpq] = {}
    for factors, coefficient in law.items():
        of_weights = [0] * weights
        for i in factors:
            of_weights[i] += 1
        for powers, c in coefficient.items():
            known = dict(powers)
            of_rates = [shift + int(2 * known.get(name, Fraction(0))) for name in names]
            place = (*of_weights, *of_rates)
            found[place] = found.get(place, fmpq(0)) + c
    yield from found.items()


def is_conserved_product(law: ProductLaw, ring: Ring) -> bool:
    """Whether d log ∏ pᵢ^nᵢ, times ∏ pᵢ, is the zero polynomial along every field.

    Args:
        law: a product.
        ring: with the fields.
    """
    for one in ring.fields:
        total = ring.context.constant(0)
        for k, (p, exponent) in enumerate(law.factors):
            term = ring.along(p, one) * exponent
            for j, (q, _) in enumerate(law.factors):
                term = term * q if j != k else term
            total = total + term
        if total != 0:
            return False
    return True


def holds_at(
    law: MatrixLaw | DiagonalLaw, model: Model, sizes: Sizes, fields: Sequence[Field]
) -> bool:
    """Whether all entries of a law at all sizes are conserved at some, with symbolic rates.

    Args:
        law: at all sizes.
        model: that it is of.
        sizes: a number for each size symbol.
        fields: of that instance, without rates.
    """
    rates = [
        layer.rate
        for layer in model.layers.values()
        for _ in range(_entries([size.at(sizes) for size in layer.shape]))
    ]
    return all(is_conserved(one, fields, rates) for one in entries(law, model, sizes))


def _entries(shape: Sequence[int]) -> int:
    size = 1
    for n in shape:
        size *= n
    return size


def whole_point(weights: int, seed: int = 0) -> list[fmpq]:
    """Whole numbers, drawn."""
    draw = random.Random(seed)
    return [fmpq(draw.randint(-99, 99) or 1) for _ in range(weights)]


def rank_of_differentials(polynomials: Sequence[Poly], point: Sequence[fmpq]) -> int:
    """At a point, over ℚ: at least so many polynomials are independent."""
    if not polynomials:
        return 0
    rows = [[p.derivative(i)(*point) for i in range(len(point))] for p in polynomials]
    return int(fmpq_mat(rows).rank())


def rank_of_brackets(
    ring: Ring, point: Sequence[fmpq], enough: int, depth: int = DEPTH, most: int = MOST
) -> int:
    """Of brackets of up to so many fields at a point, over ℚ: the rank is at least that.

    Args:
        ring: with the fields.
        point: weights.
        enough: no rank is larger.
        depth: of brackets.
        most: brackets that are taken to the next depth.
    """
    values, level = list[list[fmpq]](), list(ring.fields)
    for _ in range(depth):
        kept: list[PolynomialField] = []
        for one in level:
            row = [one[i](*point) if i in one else fmpq(0) for i in range(len(point))]
            if len(kept) < most:
                kept.append(one)
            if fmpq_mat([*values, row]).rank() > len(values):
                values.append(row)
            if len(values) >= enough:
                return len(values)
        level = [b for g in kept for f in ring.fields if (b := ring.bracket(f, g))]
    return len(values)
