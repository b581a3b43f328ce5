"""Networks whose outputs are linear in a Gram matrix, and the matrix Riccati flow on a leaf of a law.

Where all coefficients of the outputs are quadratic forms, the weights are rows of a matrix Q (N × h) if
every form acts on each of its h columns alike: c_k = ρ_k tr(H_k Z)/2 with Z = Q Qᵀ. Then

    dQ/dt = R Q,     dZ/dt = R Z + Z R,     R = Σ_k ρ_k r_k H_k,

for any loss, and Qᵀ J Q is conserved for every J with H_k J + J H_k = 0. Under half a square on white
data r_k = y_k − c_k. On the leaf Qᵀ J Q = λ 1 of such a law Z J Z = λ Z, and if with some B and G

    −Σ_k tr(H_k Z)/2 · (H_k Z + Z H_k) = G Z J Z + Z J Z Gᵀ − Z B Z

for all symmetric Z, then dZ/dt = F Z + Z Fᵀ − ρ² Z B Z with F = Σ_k ρ y_k H_k + ρ² λ G: a matrix Riccati
equation, on that leaf; where G = 0 does, everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import sympy
from flint import fmpq
from sympy import ImmutableMatrix

from symbolic.architecture.fields import terms
from symbolic.laws.absorbed import number
from symbolic.laws.reduction import Potential
from symbolic.proof.null_space import null_space

Form = dict[tuple[int, int], fmpq]
"""A symmetric matrix: entries by row and column, both of (a, b) and (b, a)."""
Quadratic = dict[tuple[int, int], fmpq]
"""A quadratic form in the entries of Z, which are numbered by `entry`."""


@dataclass(frozen=True)
class Gram:
    """Outputs that are linear in Z = Q Qᵀ.

    Attributes:
        columns: of Q, the places of its weights, row by row.
        forms: H_k of each potential.
    """

    columns: tuple[tuple[int, ...], ...]
    forms: tuple[Form, ...]

    @property
    def size(self) -> int:
        """N, of Z."""
        return len(self.columns[0])

    def matrices(self) -> tuple[ImmutableMatrix, ...]:
        """H_k as matrices."""
        return tuple(matrix(form, range(self.size)) for form in self.forms)


def matrix(form: Form, places: Sequence[int]) -> ImmutableMatrix:
    """A form as a matrix, of the rows and columns that are given."""
    return ImmutableMatrix([[number(form.get((a, b), fmpq(0))) for b in places] for a in places])


def gram(potentials: Sequence[Potential], weights: Sequence[int]) -> Gram | None:
    """The columns that all forms act on alike; None where there are none.

    Args:
        potentials: coefficients of the outputs, in absorbed weights.
        weights: places of those that occur in them.
    """
    hessians = [hessian(p) for p in potentials]
    if any(one is None for one in hessians):
        return None
    known = [one for one in hessians if one is not None]
    columns = _components(known, weights)
    if len({len(column) for column in columns}) != 1:
        return None
    forms = [tuple(_on(one, column) for one in known) for column in columns]
    if any(form != forms[0] for form in forms):
        return None
    return Gram(tuple(columns), forms[0])


def hessian(potential: Potential) -> Form | None:
    """The matrix of second derivatives of a quadratic form; None for anything else."""
    found: Form = {}
    for m, c in terms(potential.value).items():
        if sum(m) != 2:
            return None
        i, j = (k for k, e in enumerate(m) for _ in range(e))
        found[i, j] = found[j, i] = c * (2 if i == j else 1)
    return found


def _components(forms: Sequence[Form], weights: Sequence[int]) -> list[tuple[int, ...]]:
    root = {k: k for k in weights}

    def find(k: int) -> int:
        while root[k] != k:
            k = root[k]
        return k

    for form in forms:
        for i, j in form:
            root[find(i)] = find(j)
    found: dict[int, list[int]] = defaultdict(list)
    for k in weights:
        found[find(k)].append(k)
    return [tuple(column) for column in found.values()]


def _on(form: Form, column: Sequence[int]) -> Form:
    place = {i: a for a, i in enumerate(column)}
    return {(place[i], place[j]): c for (i, j), c in form.items() if i in place}


def conserved(found: Gram) -> list[Form]:
    """A basis of the symmetric J with H_k J + J H_k = 0 for all k: Qᵀ J Q is conserved."""
    n, index = found.size, pairs(found.size)
    rows: dict[tuple[int, int, int], dict[int, fmpq]] = defaultdict(lambda: defaultdict(fmpq))
    for (p, q), column in index.items():
        for k, H in enumerate(found.forms):
            for (a, b), c in H.items():
                for left, right in {(p, q), (q, p)}:
                    if b == left:  # (H J) at (a, right)
                        rows[k, a, right][column] += c
                    if a == right:  # (J H) at (left, b)
                        rows[k, left, b][column] += c
    kept = [{j: c for j, c in row.items() if c != 0} for row in rows.values()]
    return [_symmetric(vector, index) for vector in null_space(kept, n * (n + 1) // 2)]


def pairs(size: int) -> dict[tuple[int, int], int]:
    """Numbers of the entries (a, b), a ≤ b, of a symmetric matrix."""
    index = [(a, b) for a in range(size) for b in range(a, size)]
    return {pair: k for k, pair in enumerate(index)}


def _numbers(index: dict[tuple[int, int], int]) -> Callable[[int, int], int]:
    """The number of an entry in either order."""

    def number_of(a: int, b: int) -> int:
        return index[min(a, b), max(a, b)]

    return number_of


def _symmetric(vector: Sequence[fmpq], index: dict[tuple[int, int], int]) -> Form:
    found: Form = {}
    for (a, b), k in index.items():
        if vector[k] != 0:
            found[a, b] = found[b, a] = vector[k]
    return found


@dataclass(frozen=True)
class RiccatiForm:
    """The quadratic part of a white flow as −Z B Z + G Z J Z + Z J Z Gᵀ.

    Attributes:
        B: symmetric.
        G: 0 where no law is needed.
        J: of the law; None where none is needed.
    """

    B: ImmutableMatrix
    G: ImmutableMatrix
    J: ImmutableMatrix | None


def riccati_form(found: Gram) -> RiccatiForm | None:
    """Find B, and G and J where a law is needed; None where there are none.

    The potentials' scales are taken to be equal. Without a law if that does, and with B a multiple of the
    identity if that does: on a leaf B is free up to multiples of J.
    """
    laws: list[Form | None] = [None, *conserved(found)]
    tried = (_solved(found, J, alone) for J in laws for alone in (True, False))
    return next((one for one in tried if one is not None), None)


def _solved(found: Gram, J: Form | None, is_multiple: bool) -> RiccatiForm | None:
    n, index = found.size, pairs(found.size)
    shapes: list[list[tuple[int, int]]] = (
        [[(a, a) for a in range(n)]] if is_multiple else [list({(p, q), (q, p)}) for p, q in index]
    )
    columns = [*_of_B(shapes, index), *_of_G(n, index, J)]
    columns.append(_quadratic_part(found, index))
    rows: dict[tuple[int, tuple[int, int]], dict[int, fmpq]] = defaultdict(dict)
    for j, column in enumerate(columns):
        for k, quadratic in column.items():
            for m, c in quadratic.items():
                if c != 0:
                    rows[k, m][j] = c
    last = len(columns) - 1
    for vector in null_space(list(rows.values()), len(columns)):
        if vector[last] != 0:
            scaled = [number(-c / vector[last]) for c in vector]
            return _read(scaled, shapes, n, J)
    return None


def _read(
    values: Sequence[sympy.Rational],
    shapes: Sequence[Sequence[tuple[int, int]]],
    n: int,
    J: Form | None,
) -> RiccatiForm:
    where = {place: k for k, shape in enumerate(shapes) for place in shape}
    B = ImmutableMatrix(n, n, lambda a, b: values[where[a, b]] if (a, b) in where else 0)
    if J is None:
        return RiccatiForm(B, ImmutableMatrix.zeros(n, n), None)
    first = len(shapes)
    G = ImmutableMatrix(n, n, lambda a, b: values[first + a * n + b])
    return RiccatiForm(B, G, matrix(J, range(n)))


def _of_B(
    shapes: Sequence[Sequence[tuple[int, int]]], index: dict[tuple[int, int], int]
) -> Iterator[dict[int, Quadratic]]:
    """What each unknown of B adds to the entries of dZ/dt."""
    z = _numbers(index)
    for shape in shapes:
        yield {
            k: _sum((z(a, p), z(q, b), fmpq(-1)) for p, q in shape) for (a, b), k in index.items()
        }


def _of_G(
    n: int, index: dict[tuple[int, int], int], J: Form | None
) -> Iterator[dict[int, Quadratic]]:
    """What each entry of G adds."""
    if J is None:
        return
    z = _numbers(index)
    ZJZ = {
        (a, b): _sum((z(a, p), z(q, b), c) for (p, q), c in J.items())
        for a in range(n)
        for b in range(n)
    }
    for p in range(n):
        for q in range(n):
            yield {
                k: _added(ZJZ[q, b] if a == p else {}, ZJZ[a, q] if b == p else {})
                for (a, b), k in index.items()
            }


def _quadratic_part(found: Gram, index: dict[tuple[int, int], int]) -> dict[int, Quadratic]:
    """−Σ_k tr(H_k Z)/2 · (H_k Z + Z H_k), entry by entry."""
    z = _numbers(index)
    total: dict[int, Quadratic] = {}
    for H in found.forms:
        trace = [(z(p, q), -c / 2) for (p, q), c in H.items()]
        by_row: dict[int, list[tuple[int, fmpq]]] = defaultdict(list)
        for (a, q), c in H.items():
            by_row[a].append((q, c))
        for (a, b), k in index.items():
            moved = [(z(q, b), c) for q, c in by_row[a]] + [(z(a, q), c) for q, c in by_row[b]]
            part = _sum((i, j, c * d) for i, c in trace for j, d in moved)
            total[k] = _added(total.get(k, {}), part)
    return total


def _sum(products: Iterable[tuple[int, int, fmpq]]) -> Quadratic:
    found: Quadratic = defaultdict(fmpq)
    for i, j, c in products:
        found[min(i, j), max(i, j)] += c
    return found


def _added(one: Quadratic, other: Quadratic) -> Quadratic:
    found: Quadratic = defaultdict(fmpq, one)
    for m, c in other.items():
        found[m] += c
    return found
