"""The modes of a Riccati flow: exponents f and vectors b with F b = f b and bᵢᵀ S bⱼ = δᵢⱼ.

Where the law grades the flow, with Γ = S⁻¹J, Γ² = κ 1, F = K + m Γ, K Γ = −Γ K, the exponents are
±√(m²κ + s²) of the singular values s of K's block, and ±m√κ off its row and column spaces: the small
one of D ± m by the conjugate of the large one. Otherwise they are the eigenvalues of the symmetric
S^{1/2} F S^{−1/2}.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numeric.methods.riccati.decided import rank
from numeric.methods.riccati.given import Given, Matrix, product

Numbers = list[list[Any]]


@dataclass(frozen=True)
class Modes:
    """Modes of a flow, in mpmath numbers.

    Attributes:
        exponents: f, one a mode.
        vectors: r × r, a column a mode.
    """

    exponents: list[Any]
    vectors: Numbers


def modes(flow: Given, context: Any) -> Modes:
    """The modes at the precision of an mpmath context."""
    graded = _grading(flow)
    return _symmetric(flow, context) if graded is None else _graded(flow, *graded, context)


def _grading(flow: Given) -> tuple[list[int], Fraction] | None:
    """The sign of Γ of each row, and m√κ; None where the law does not grade the flow.

    Of S and J that are diagonal, as those of two layers are: else Γ is no matter of signs.
    """
    if flow.law is None or not (_is_diagonal(flow.S) and _is_diagonal(flow.law.J)):
        return None
    ratios = [flow.law.J[i][i] / flow.S[i][i] for i in range(len(flow.S))]
    if len({abs(z) for z in ratios}) != 1 or not ratios[0]:
        return None
    signs = [1 if z > 0 else -1 for z in ratios]
    rows = range(len(signs))
    same = {(i, j): flow.F[i][j] for i in rows for j in rows if signs[i] == signs[j]}
    middle = {signs[i] * flow.F[i][i] for i in rows}
    if len(middle) != 1 or any(z for (i, j), z in same.items() if i != j):
        return None
    return signs, middle.pop()


def _is_diagonal(A: Matrix) -> bool:
    return not any(z for i, row in enumerate(A) for j, z in enumerate(row) if i != j)


def _graded(flow: Given, signs: list[int], middle: Fraction, mp: Any) -> Modes:
    above = [i for i, sign in enumerate(signs) if sign > 0]
    below = [i for i, sign in enumerate(signs) if sign < 0]
    roots = [mp.sqrt(number(flow.S[i][i], mp)) for i in range(len(signs))]
    m = number(middle, mp)
    block = [[roots[i] * number(flow.F[i][j], mp) / roots[j] for j in below] for i in above]
    U, sizes, V = singular(block, len(above), len(below), mp)
    # What is beyond the exact rank is 0, and within it is not, however small.
    known = rank([[flow.F[i][j] for j in below] for i in above]) if above and below else 0
    sizes = [s if k < known else mp.zero for k, s in enumerate(sizes)]
    exponents: list[Any] = []
    columns: list[list[Any]] = []

    def add(exponent: Any, of_above: Any, u: int, of_below: Any, v: int) -> None:
        column = [mp.zero] * len(signs)
        for place, i in enumerate(above):
            column[i] += of_above * U[place][u] / roots[i] if of_above else 0
        for place, j in enumerate(below):
            column[j] += of_below * V[place][v] / roots[j] if of_below else 0
        exponents.append(exponent)
        columns.append(column)

    for k, s in enumerate(sizes):
        g = mp.hypot(m, s)
        large, small = ((g + abs(m)), s) if g else (mp.one, mp.zero)
        norm = mp.hypot(large, small)
        large, small = large / norm, small / norm
        first, second = (large, small) if m >= 0 else (small, large)
        add(g, first, k, second, k)
        add(-g, -second, k, first, k)
    for u in range(len(sizes), len(above)):
        add(m, mp.one, u, mp.zero, 0)
    for v in range(len(sizes), len(below)):
        add(-m, mp.zero, 0, mp.one, v)
    return Modes(exponents, [list(row) for row in zip(*columns, strict=True)])


def _symmetric(flow: Given, mp: Any) -> Modes:
    size = range(len(flow.S))
    L = mp.cholesky(mp.matrix([[number(z, mp) for z in row] for row in flow.S]))  # S = L Lᵀ
    inverse = mp.inverse(L)
    SF = mp.matrix([[number(z, mp) for z in row] for row in product(flow.S, flow.F)])
    even = inverse * SF * inverse.T
    values, E = mp.eigsy((even + even.T) / 2)
    vectors = inverse.T * E
    return Modes(list(values), [[vectors[i, j] for j in size] for i in size])


def singular(
    block: Numbers, rows: int, columns: int, mp: Any
) -> tuple[Numbers, list[Any], Numbers]:
    """Left vectors (columns of a square matrix), singular values, right vectors likewise."""
    if not rows or not columns or not any(z for row in block for z in row):
        return unit(rows, mp), [mp.zero] * min(rows, columns), unit(columns, mp)
    A = mp.matrix(block)
    if rows < columns:
        V, S, U = mp.svd_r(A.T, full_matrices=True)
        return _plain(U.T), list(S), _plain(V)
    U, S, V = mp.svd_r(A, full_matrices=True)
    return _plain(U), list(S), _plain(V.T)


def unit(size: int, mp: Any) -> Numbers:
    """The unit matrix."""
    return [[mp.one if i == j else mp.zero for j in range(size)] for i in range(size)]


def number(value: Fraction, mp: Any) -> Any:
    """A fraction at the precision of the context."""
    return mp.mpf(value.numerator) / value.denominator


def fraction(value: Any) -> Fraction:
    """An mpmath number, exactly."""
    sign, mantissa, exponent, _ = value._mpf_
    whole = -int(mantissa) if sign else int(mantissa)
    return Fraction(whole) * Fraction(2) ** exponent


def _plain(A: Any) -> Numbers:
    return [[A[i, j] for j in range(A.cols)] for i in range(A.rows)]
