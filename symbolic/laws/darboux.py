"""Rational and product laws: polynomials that every field multiplies.

A polynomial p with g_k p = κ_k p for every field g_k is a Darboux polynomial with cofactors κ_k. A
product ∏ pᵢ^nᵢ is conserved if and only if Σ nᵢ κ_k(pᵢ) = 0 for all k: an exact null space. Candidates
are weights, factors of polynomial laws, and semi-invariants, whose cofactors are numbers: these are
killed by all brackets of fields, and are common eigenvectors on that space.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import lcm

import sympy
from flint import fmpq, fmpq_mat

from symbolic.laws.ansatz import Law
from symbolic.laws.ring import Poly, PolynomialField, Ring
from symbolic.proof.null_space import null_space


@dataclass(frozen=True)
class ProductLaw:
    """∏ base^exponent is conserved.

    Attributes:
        factors: bases and whole exponents, none zero.
    """

    factors: tuple[tuple[Poly, int], ...]


def product_laws(ring: Ring, laws: Sequence[Law], degree: int = 2) -> list[ProductLaw]:
    """Products of Darboux polynomials that are conserved, none a product of polynomial laws alone.

    Args:
        ring: with the fields.
        laws: polynomial laws, whose factors are candidates.
        degree: of semi-invariants, at most.
    """
    candidates = _different(
        itertools.chain(
            ring.generators,
            (p for law in laws for p, _ in ring.law(law).factor()[1]),
            semi_invariants(ring, degree),
        )
    )
    known = [(p, cofactors) for p in candidates if (cofactors := _cofactors(ring, p)) is not None]
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


def semi_invariants(ring: Ring, degree: int) -> Iterator[Poly]:
    """Polynomials of one degree that every field multiplies by a number.

    Only fields that are linear and homogeneous have them beyond laws.
    """
    linear = all(p.total_degree() == 1 for one in ring.fields for p in one.values())
    if not linear:
        return
    pairs = itertools.combinations(ring.fields, 2)
    brackets = [b for f, g in pairs if (b := ring.bracket(f, g))]
    # What all brackets kill is a space that the fields map to itself only if these kill it too.
    brackets += [
        b for f, g in itertools.product(ring.fields, brackets) if (b := ring.bracket(f, g))
    ]
    for size in range(1, degree + 1):
        monomials = [
            _product(ring, factors)
            for factors in itertools.combinations_with_replacement(ring.generators, size)
        ]
        space = _killed(ring, monomials, brackets)
        yield from _eigenvectors(ring, space)


def _product(ring: Ring, factors: Iterable[Poly]) -> Poly:
    found = ring.context.constant(1)
    for factor in factors:
        found = found * factor
    return found


def _killed(
    ring: Ring, polynomials: Sequence[Poly], fields: Sequence[PolynomialField]
) -> list[Poly]:
    rows: dict[tuple[int, tuple[int, ...]], dict[int, fmpq]] = defaultdict(dict)
    for n, p in enumerate(polynomials):
        for k, one in enumerate(fields):
            for m, c in ring.along(p, one).to_dict().items():
                rows[k, tuple(map(int, m))][n] = c
    found = []
    for vector in null_space(list(rows.values()), len(polynomials)):
        found.append(
            sum(
                (p * c for p, c in zip(polynomials, vector, strict=True) if c != 0),
                ring.context.constant(0),
            )
        )
    return found


def _eigenvectors(ring: Ring, space: list[Poly]) -> Iterator[Poly]:
    """Common eigenvectors of all fields, which commute on a space; rational ones only."""
    parts = [space] if space else []
    for one in ring.fields:
        finer = []
        for part in parts:
            matrix = _matrix(ring, part, one)
            if matrix is None:
                return
            for value, _, vectors in matrix.T.eigenvects():
                if value.is_Rational:
                    finer.append([_combined(ring, part, vector) for vector in vectors])
        parts = finer
    for part in parts:
        yield from part


def _matrix(ring: Ring, part: list[Poly], one: PolynomialField) -> sympy.Matrix | None:
    rows = [_coordinates(part, ring.along(p, one)) for p in part]
    if any(row is None for row in rows):
        return None
    return sympy.Matrix([[sympy.Rational(int(c.p), int(c.q)) for c in row] for row in rows if row])


def _combined(ring: Ring, part: list[Poly], vector: sympy.Matrix) -> Poly:
    found = ring.context.constant(0)
    for p, c in zip(part, list(vector), strict=True):
        found = found + p * fmpq(int(c.p), int(c.q))
    return found


def _coordinates(part: list[Poly], p: Poly) -> list[fmpq] | None:
    """A polynomial in the span of others; None where it is outside."""
    columns = [{tuple(map(int, m)): c for m, c in q.to_dict().items()} for q in (*part, p)]
    monomials = sorted({m for column in columns for m in column})
    matrix = fmpq_mat(len(monomials), len(columns))
    for j, column in enumerate(columns):
        for i, m in enumerate(monomials):
            matrix[i, j] = column.get(m, fmpq(0))
    reduced, rank = matrix.rref()
    found = [fmpq(0)] * len(part)
    for i in range(rank):
        j = next(j for j in range(len(columns)) if reduced[i, j] != 0)
        if j == len(part):
            return None
        found[j] = reduced[i, len(part)]
    return found
