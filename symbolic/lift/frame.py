"""The matrix Q of a network's weights, what acts on it, what stays, and what is conserved.

Outputs c_k = tr(H_k Q Qᵀ)/2 move Q by H_k Q (`symbolic.laws.gram`). A row ℓ with ℓ H_k = 0 for all k is
frozen: ℓ Q never moves. With columns K that are orthogonal to all of these, and N = Kᵀ K,

    Q = frozen + K R,     R = N⁻¹ Kᵀ Q,     c_k = tr(T_k R Rᵀ)/2,     dR/ds_k = A_k R,

where T_k = Kᵀ H_k K and A_k = N⁻¹ T_k. Rᵀ J R is conserved, whatever the signals are, for every J with
A_kᵀ J + J A_k = 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from flint import fmpq, fmpq_mat
from sympy import ImmutableMatrix

from symbolic.laws.absorbed import number
from symbolic.laws.gram import Form, Gram
from symbolic.proof.null_space import null_space
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True)
class Frame:
    """Rows of Q, and what acts on them.

    Attributes:
        gram: columns of Q, by places of weights, and forms H_k.
        frozen: a basis of the rows ℓ, each a vector with an entry for every row of Q.
        moving: the columns of K, orthogonal to each other and to these; unit vectors if none is frozen.
    """

    gram: Gram
    frozen: tuple[tuple[fmpq, ...], ...]
    moving: tuple[tuple[fmpq, ...], ...]

    @property
    def rows(self) -> int:
        """r, the number of rows of R."""
        return len(self.moving)

    @property
    def units(self) -> int:
        """h, the number of columns."""
        return len(self.gram.columns)

    @cached_property
    def norms(self) -> tuple[fmpq, ...]:
        """The diagonal of N."""
        return tuple(_dot(k, k) for k in self.moving)

    @property
    def columns(self) -> fmpq_mat:
        """K."""
        return fmpq_mat([list(row) for row in zip(*self.moving, strict=True)])

    @cached_property
    def traces(self) -> tuple[fmpq_mat, ...]:
        """T_k."""
        K = self.columns
        return tuple(K.transpose() * dense(H, self.gram.size) * K for H in self.gram.forms)

    @cached_property
    def actions(self) -> tuple[fmpq_mat, ...]:
        """A_k."""
        found = []
        for T in self.traces:
            found.append(
                fmpq_mat(
                    [[T[a, b] / n for b in range(self.rows)] for a, n in enumerate(self.norms)]
                )
            )
        return tuple(found)

    @cached_property
    def laws(self) -> tuple[fmpq_mat, ...]:
        """A basis of the symmetric J."""
        index = symmetric_places(self.rows)
        rows: dict[tuple[int, int, int], dict[int, fmpq]] = {}
        for k, A in enumerate(self.actions):
            for a, b, c in product(range(self.rows), repeat=3):
                if A[c, a] != 0:  # (Aᵀ J)_ab has A_ca J_cb, and (J A)_ba is its transpose
                    for place in ((k, a, b), (k, b, a)):
                        row, column = rows.setdefault(place, {}), index[min(c, b), max(c, b)]
                        row[column] = row.get(column, fmpq(0)) + A[c, a]
        return tuple(
            symmetric(vector, self.rows) for vector in null_space(list(rows.values()), len(index))
        )

    def certified(self) -> Verdict:
        """Nothing acts on frozen rows, forms act on the others by A_k, and both together are all rows.

        And what is said to be a law is one: A_kᵀ J + J A_k = 0, so that Rᵀ J R stays what it is.
        """
        N, forms = self.gram.size, [dense(H, self.gram.size) for H in self.gram.forms]
        for row in self.frozen:
            if any((fmpq_mat([list(row)]) * H) != fmpq_mat(1, N) for H in forms):
                return Undecided("a row that was said to be frozen moves")
        for H, A in zip(forms, self.actions, strict=True):
            if H * self.columns != self.columns * A:
                return Undecided("rows that move are moved by another matrix")
        for J, A in product(self.laws, self.actions):
            if A.transpose() * J + J * A != fmpq_mat(self.rows, self.rows):
                return Undecided("what was said to be a law changes")
        for k, (i, one) in product(self.frozen, enumerate(self.moving)):
            if _dot(k, one) != 0 or any(_dot(one, other) != 0 for other in self.moving[:i]):
                return Undecided("rows are not orthogonal")
        whole = fmpq_mat([list(row) for row in (*self.frozen, *self.moving)])
        if whole.rank() != N or len(self.frozen) + self.rows != N:
            return Undecided("rows do not span all")
        return Proved("matrices of numbers")


def frame(gram: Gram) -> Frame:
    """Take the rows of Q apart into those that are frozen and those that move.

    Args:
        gram: the columns and forms.
    """
    rows = [
        {b: c for (a, b), c in H.items() if a == row}
        for H in gram.forms
        for row in range(gram.size)
    ]
    frozen = null_space([row for row in rows if row], gram.size)
    if not frozen:
        return Frame(gram, (), tuple(_unit(a, gram.size) for a in range(gram.size)))
    rest = null_space([dict(enumerate(row)) for row in frozen], gram.size)
    return Frame(gram, tuple(map(tuple, frozen)), tuple(_orthogonal(rest)))


def dense(form: Form, size: int) -> fmpq_mat:
    """A form as a matrix."""
    found = fmpq_mat(size, size)
    for (a, b), c in form.items():
        found[a, b] = c
    return found


def written(matrix: fmpq_mat) -> ImmutableMatrix:
    """A matrix of the ring, as one of SymPy."""
    return ImmutableMatrix(matrix.nrows(), matrix.ncols(), [number(c) for c in matrix.entries()])


def symmetric_places(size: int) -> dict[tuple[int, int], int]:
    """Numbers of the entries (a, b), a ≤ b, of a symmetric matrix."""
    pairs = ((a, b) for a in range(size) for b in range(a, size))
    return {pair: k for k, pair in enumerate(pairs)}


def symmetric(entries: Sequence[fmpq], size: int) -> fmpq_mat:
    """A symmetric matrix of its entries (a, b), a ≤ b."""
    found = fmpq_mat(size, size)
    for (a, b), k in symmetric_places(size).items():
        found[a, b] = found[b, a] = entries[k]
    return found


def _orthogonal(vectors: Iterable[Sequence[fmpq]]) -> Iterator[tuple[fmpq, ...]]:
    """Gram–Schmidt without roots."""
    found: list[tuple[fmpq, ...]] = []
    for vector in vectors:
        rest = list(vector)
        for one in found:
            factor = _dot(rest, one) / _dot(one, one)
            rest = [a - factor * b for a, b in zip(rest, one, strict=True)]
        found.append(tuple(rest))
        yield found[-1]


def _dot(one: Sequence[fmpq], other: Sequence[fmpq]) -> fmpq:
    return sum((a * b for a, b in zip(one, other, strict=True)), fmpq(0))


def _unit(place: int, size: int) -> tuple[fmpq, ...]:
    return tuple(fmpq(int(a == place)) for a in range(size))
