"""What vectors span, in fractions."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq, fmpq_mat

from numeric.methods.riccati.given import Matrix

Vector = list[Fraction]


def square(vector: Vector) -> Fraction:
    """The sum of squares."""
    return dot(vector, vector)


def dot(a: Vector, b: Vector) -> Fraction:
    """The scalar product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def independent(gram: Matrix) -> Matrix:
    """An orthogonal basis of the rows of XᵀX: Gram–Schmidt in fractions."""
    found: Matrix = []
    for row in gram:
        rest = [x - y for x, y in zip(row, projected(row, found), strict=True)]
        if any(rest):
            found.append(rest)
    return found


def projected(vector: Vector, basis: Matrix) -> Vector:
    """Onto the span of orthogonal vectors."""
    found = [Fraction(0)] * len(vector)
    for one in basis:
        factor = dot(vector, one) / square(one)
        found = [x + factor * y for x, y in zip(found, one, strict=True)]
    return found


def least_squares(gram: Matrix, cross: Vector) -> Vector:
    """β* with XᵀX β* = Xᵀy, of least norm.

    Args:
        gram: XᵀX.
        cross: Xᵀy; what of it is off the range of XᵀX, as a rounding may be, is left out.
    """
    basis = independent(gram)
    moved = [[dot(row, one) for row in gram] for one in basis]
    inner = fmpq_mat([[_exact(dot(a, b)) for b in moved] for a in basis])
    found = inner.solve(fmpq_mat([[_exact(dot(one, cross))] for one in basis]))
    parts = [Fraction(int(found[k, 0].p), int(found[k, 0].q)) for k in range(len(basis))]
    return [dot(parts, list(row)) for row in zip(*basis, strict=True)]


def _exact(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
