"""Semi-invariants of linear fields: forms in the weights that every field multiplies by a number.

They are killed by all brackets of fields, and are common eigenvectors of the fields on that space.

Where no field mixes some blocks of weights, each maps products of a weight of one block and one of
another to such products: a form falls apart into pieces, and these are semi-invariants with the same
numbers, so that each piece is looked at by itself. Where linear forms that are semi-invariants span a
block, it is split. Forms on split blocks are sums of products of these, and ratios of products with the
same numbers are conserved: beyond them there is nothing new, and nothing is looked for.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import prod

import sympy
from flint import fmpq, fmpq_mat

from symbolic.laws.ring import Poly, PolynomialField, Ring
from symbolic.proof.null_space import null_space

Block = tuple[int, ...]


def semi_invariants(ring: Ring, degree: int) -> Iterator[Poly]:
    """Forms that every field multiplies by a number; above degree 1 those not on split blocks alone.

    Only fields that are linear and homogeneous have them beyond laws.

    Args:
        ring: with the fields.
        degree: of the forms, at most.
    """
    if not all(p.total_degree() == 1 for one in ring.fields for p in one.values()):
        return
    pairs = itertools.combinations(ring.fields, 2)
    brackets = [b for f, g in pairs if (b := ring.bracket(f, g))]
    # What all brackets kill is a space that the fields map to itself only if these kill it too.
    brackets += [
        b for f, g in itertools.product(ring.fields, brackets) if (b := ring.bracket(f, g))
    ]
    every, split = blocks_of(ring), set[Block]()
    for size in range(1, degree + 1):
        for piece in itertools.combinations_with_replacement(every, size):
            if split.issuperset(piece):
                continue
            found = list(_of_a_piece(ring, piece, brackets))
            if size == 1 and len(found) == len(piece[0]):
                split.add(piece[0])
            yield from found


def blocks_of(ring: Ring) -> list[Block]:
    """Weights that fields with linear entries mix, the finest blocks, in order."""
    block = {i: {i} for i in range(len(ring.generators))}
    for i, entry in ((i, p) for one in ring.fields for i, p in one.items()):
        for m in entry.to_dict():
            (j,) = (j for j, exponent in enumerate(m) if exponent)
            if block[i] is not block[j]:
                block[i] |= block[j]
                block |= dict.fromkeys(block[j], block[i])
    return sorted({tuple(sorted(one)) for one in block.values()})


def _of_a_piece(
    ring: Ring, piece: Sequence[Block], brackets: Sequence[PolynomialField]
) -> Iterator[Poly]:
    weights = set(itertools.chain(*piece))
    factors = sorted({tuple(sorted(one)) for one in itertools.product(*piece)})
    monomials = [prod((ring.generators[i] for i in one), start=ring.one) for one in factors]
    space = _killed(ring, monomials, _restricted(brackets, weights))
    yield from _eigenvectors(ring, space, _restricted(ring.fields, weights))


def _restricted(fields: Iterable[PolynomialField], weights: set[int]) -> list[PolynomialField]:
    """On some of the weights, without multiples of one before."""
    found: dict[object, PolynomialField] = {}
    for one in fields:
        part = {i: one[i] for i in sorted(weights & one.keys())}
        if part:
            lead = next(iter(part.values())).leading_coefficient()
            found.setdefault(tuple((i, str(p / lead)) for i, p in part.items()), part)
    return list(found.values())


def _killed(
    ring: Ring, polynomials: Sequence[Poly], fields: Sequence[PolynomialField]
) -> list[Poly]:
    if not fields:
        return list(polynomials)
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


def _eigenvectors(
    ring: Ring, space: list[Poly], fields: Sequence[PolynomialField]
) -> Iterator[Poly]:
    """Common eigenvectors of fields, which commute on a space; rational ones only."""
    parts = [space] if space else []
    for one in fields:
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
