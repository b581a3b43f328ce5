"""What defines a Riccati flow, exactly: F, S, the start, and the law whose leaf it is on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numeric.errors import InputError

Matrix = list[list[Fraction]]
ROUNDING = Fraction(1, 10**12)  # of the law's terms, by which rounded weights may be off its leaf


@dataclass(frozen=True)
class Law:
    """The law (Qᵀ J Q)′ = 0 and the leaf Qᵀ J Q = λ 1 of it that a flow is on.

    Attributes:
        J: symmetric, r × r.
        value: λ.
    """

    J: Matrix
    value: Fraction


@dataclass(frozen=True)
class Given:
    """A flow dQ/dt = F Q − Q Qᵀ S Q with its start, every number exact.

    Attributes:
        F: r × r.
        S: r × r, positive definite, S F symmetric.
        start: Q₀, r × h.
        law: None where the flow has this form for any start.
        off: how far the start is off the leaf, relative to the law's terms; at most `ROUNDING`.
    """

    F: Matrix
    S: Matrix
    start: Matrix
    law: Law | None
    off: Fraction

    @property
    def bits(self) -> int:
        """How many bits all numbers have together: a measure of how small what is not 0 can be."""
        entries = (z for matrix in (self.F, self.S, self.start) for row in matrix for z in row)
        return sum(z.numerator.bit_length() + z.denominator.bit_length() for z in entries)


def given(F: Any, S: Any, start: Any, law: tuple[Any, Any] | None = None) -> Given:
    """Read a flow.

    Args:
        F: r × r, of whole numbers, fractions or floats, each of them exact.
        S: r × r.
        start: Q₀, r × h.
        law: J and λ.

    Raises:
        InputError: for shapes that disagree, numbers that are not finite, an S F that is not symmetric,
            and a start off the leaf, with the entry that is off most and by how much.
    """
    F, S, start = matrix("F", F), matrix("S", S), matrix("Q0", start)
    size = len(start)
    for name, found in (("F", F), ("S", S)):
        if len(found) != size or len(found[0]) != size:
            raise InputError(
                name, f"{len(found)} × {len(found[0])}", f"{size} × {size}, as Q0 has rows"
            )
    SF = product(S, F)
    for name, found in (("S", S), ("S F", SF)):
        if not _is_symmetric(found):
            raise InputError(
                name, "no symmetric matrix", "S and S F symmetric (the gauge of the lift)"
            )
    if law is None:
        return Given(F, S, start, None, Fraction(0))
    J, value = matrix("J", law[0]), Fraction(law[1])
    return Given(F, S, start, Law(J, value), _off(J, value, start))


def matrix(name: str, rows: Iterable[Iterable[Any]]) -> Matrix:
    """Rows of exact numbers; raises InputError for none, for unequal rows and for what is not finite."""
    try:
        found = [[Fraction(z) for z in row] for row in rows]
    except (OverflowError, ValueError, TypeError):
        raise InputError(
            name, "entries that are no finite numbers", "a matrix of numbers"
        ) from None
    if not found or not found[0] or any(len(row) != len(found[0]) for row in found):
        raise InputError(name, "no rows of equal length", "a matrix")
    return found


def product(A: Matrix, B: Matrix) -> Matrix:
    """A B."""
    columns = list(zip(*B, strict=True))
    return [[sum((x * y for x, y in zip(row, column, strict=True) if x and y), Fraction(0))
             for column in columns] for row in A]  # fmt: skip


def transposed(A: Matrix) -> Matrix:
    """Aᵀ."""
    return [list(column) for column in zip(*A, strict=True)]


def _is_symmetric(A: Matrix) -> bool:
    return all(A[i][j] == A[j][i] for i in range(len(A)) for j in range(i))


def _off(J: Matrix, value: Fraction, start: Matrix) -> Fraction:
    """How far Qᵀ J Q is off λ 1, relative to the sizes of what it is the sum of."""
    law = product(transposed(start), product(J, start))
    bare = [[abs(z) for z in row] for row in start]
    sizes = product(transposed(bare), product([[abs(z) for z in row] for row in J], bare))
    size = max(max(map(max, sizes)), abs(value))
    size_of = range(len(law))
    wanted_at = [[value if i == j else Fraction(0) for j in size_of] for i in size_of]
    worst, i, j = max((abs(law[i][j] - wanted_at[i][j]), i, j) for i in size_of for j in size_of)
    if worst > ROUNDING * size:
        wanted = float(wanted_at[i][j])
        found = f"{float(law[i][j]):.6g} at ({i}, {j}), off {wanted:.6g} by {float(worst):.3g}"
        raise InputError(
            "the law at the start, QᵀJQ", found, f"{float(value):.6g} times the unit matrix"
        )
    return worst / size if size else Fraction(0)
