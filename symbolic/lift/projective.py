"""Lift P: the flow as a projected linear one, dQ/dt = F Q − Q Qᵀ S Q + Σ_j G_j Q (Qᵀ J_j Q).

Under half a square with second moments M of what multiplies the outputs, and b those with the targets,

    dR/dt = Σ_k (b_k − Σ_l M_kl c_l) A_k R,      M_(o m)(p n) = δ_op h_mn,

where output o has the coefficient c_(o m) of the monomial m of the data, and h are the moments of these.
So F = Σ_k b_k A_k, and for the cubic part unknown S, G_j *and* h solve one homogeneous linear system:

    Σ_kl M_kl tr(T_l Z)/2 A_k = Z S − Σ_j G_j Z J_j     for all Z = R Rᵀ, applied to R,
    S A_k = A_kᵀ S     (the gauge: (S, G) and (S + μ J, G + μ) are the same flow).

Its solutions say at once for which data there is a lift: the moments h that occur; what vanishes on all
of them are the conditions. With two hidden units or more it has to hold for every symmetric Z; with one
only where it is applied to the vector of which Z is made.

On Rᵀ J_j R = λ_j 1 the flow is dR/dt = F_λ R − R Rᵀ S R, F_λ = F + Σ_j λ_j G_j, which is linear but for a
factor on the right: R = N U with dN/dt = F_λ N.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flint import fmpq, fmpq_mat
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

from symbolic.laws.reduction import Potential
from symbolic.lift.frame import Frame, symmetric, symmetric_places
from symbolic.proof.null_space import null_space
from symbolic.proof.verdict import Proved, Undecided, Verdict

Key = tuple[int, tuple[int, ...]]
"""An equation: the row, and which product of entries of R, or (k, a, b) of the gauge."""
Column = dict[Key, fmpq]


@dataclass(frozen=True)
class Direction:
    """Moments that allow the lift, and the lift at these.

    Attributes:
        moments: h, symmetric.
        S: symmetric; S A_k is, too.
        G: of each law, in the order of the frame.
    """

    moments: fmpq_mat
    S: fmpq_mat
    G: tuple[fmpq_mat, ...]


@dataclass(frozen=True)
class Projective:
    """Lift P of a frame.

    Attributes:
        frame: Q, and what acts on it.
        monomials: exponents of the data: of the rows and columns of h.
        places: output and number of the monomial of each potential.
        directions: a basis of the moments that allow it.
        conditions: a basis of the linear forms that vanish on these: coefficients of h_mn, m ≤ n.
    """

    frame: Frame
    monomials: tuple[tuple[int, ...], ...]
    places: tuple[tuple[int, int], ...]
    directions: tuple[Direction, ...]
    conditions: tuple[dict[tuple[int, int], fmpq], ...]

    def at(self, moments: fmpq_mat) -> Direction | None:
        """The lift at given moments; None where they do not allow it."""
        index = symmetric_places(len(self.monomials))
        columns = [*(one.moments for one in self.directions), moments]
        rows = [{j: h[a, b] for j, h in enumerate(columns)} for a, b in index]
        found = null_space(rows, len(columns))
        if not found:
            return None
        factors = [-c / found[-1][-1] for c in found[-1][:-1]]
        return _combined(self.directions, factors)

    @property
    def white(self) -> Direction | None:
        """The lift at h = 1."""
        size = len(self.monomials)
        return self.at(
            fmpq_mat(size, size, [int(a == b) for a in range(size) for b in range(size)])
        )


def projective(frame: Frame, potentials: Sequence[Potential]) -> Projective:
    """Solve for S, G and the moments.

    Args:
        frame: of these potentials.
        potentials: coefficients of outputs.
    """
    monomials = tuple(dict.fromkeys(p.data for p in potentials))
    number = {m: k for k, m in enumerate(monomials)}
    places = tuple((p.output, number[p.data]) for p in potentials)
    r, pairs = frame.rows, symmetric_places(len(monomials))
    columns = [*_of_S(frame), *_of_G(frame), *_of_moments(frame, places, pairs)]
    equations: dict[Key, dict[int, fmpq]] = defaultdict(dict)
    for j, column in enumerate(columns):
        for key, c in column.items():
            if c != 0:
                equations[key][j] = c
    vectors = null_space(list(equations.values()), len(columns))
    first = len(columns) - len(pairs)
    directions = tuple(
        _read(vector, r, len(frame.laws), len(monomials))
        for vector in vectors
        if any(c != 0 for c in vector[first:])
    )
    allowed = [dict(enumerate(vector[first:])) for vector in vectors]
    named = list(pairs)
    conditions = tuple(
        {named[k]: c for k, c in enumerate(form) if c != 0}
        for form in null_space(allowed, len(pairs))
    )
    return Projective(frame, monomials, places, directions, conditions)


def _read(vector: Sequence[fmpq], r: int, laws: int, size: int) -> Direction:
    entries = r * (r + 1) // 2
    S, rest = symmetric(vector[:entries], r), vector[entries:]
    G = tuple(fmpq_mat(r, r, list(rest[j * r * r : (j + 1) * r * r])) for j in range(laws))
    return Direction(symmetric(rest[laws * r * r :], size), S, G)


def _combined(directions: Sequence[Direction], factors: Sequence[fmpq]) -> Direction:
    moments, S, *G = (
        sum((c * one for c, one in zip(factors[1:], ones[1:], strict=True)), factors[0] * ones[0])
        for ones in zip(*((d.moments, d.S, *d.G) for d in directions), strict=True)
    )
    return Direction(moments, S, tuple(G))


# ------------------------------------------------------------- the linear system


def _cubic(frame: Frame, a: int, b: int, Z: tuple[int, int]) -> Key:
    """The equation of Z_cd R_b in row a: with one hidden unit, of R_b R_c R_d."""
    if frame.units == 1:
        return a, tuple(sorted((b, *Z)))
    return a, (b, *sorted(Z))


def _of_S(frame: Frame) -> Iterator[Column]:
    """What each entry of S, a ≤ b, adds: −Z S, and S A_k − A_kᵀ S."""
    r = frame.rows
    for p, q in symmetric_places(r):
        found: Column = defaultdict(fmpq)
        for row, column in {(p, q), (q, p)}:
            for a in range(r):
                found[_cubic(frame, a, column, (a, row))] -= 1
            for k, A in enumerate(frame.actions):
                for b in range(r):
                    if A[column, b] != 0:
                        found[-1 - k, (row, b)] += A[column, b]
                        found[-1 - k, (b, row)] -= A[column, b]
        yield found


def _of_G(frame: Frame) -> Iterator[Column]:
    """What each entry of each G_j adds: G_j Z J_j."""
    r = frame.rows
    for J in frame.laws:
        entries = [(d, b, J[d, b]) for d in range(r) for b in range(r) if J[d, b] != 0]
        for a in range(r):
            for c in range(r):
                found: Column = defaultdict(fmpq)
                for d, b, value in entries:
                    found[_cubic(frame, a, b, (c, d))] += value
                yield found


def _of_moments(
    frame: Frame, places: Sequence[tuple[int, int]], pairs: dict[tuple[int, int], int]
) -> Iterator[Column]:
    """What each moment adds: tr(T_l Z)/2 A_k, both ways."""
    at = {place: k for k, place in enumerate(places)}
    outputs = dict.fromkeys(o for o, _ in places)
    traces, actions = ([_entries(one) for one in ones] for ones in (frame.traces, frame.actions))
    for m, n in pairs:
        found: Column = defaultdict(fmpq)
        for o in outputs:
            for k, l in {(at.get((o, m)), at.get((o, n))), (at.get((o, n)), at.get((o, m)))}:
                if k is None or l is None:
                    continue
                for a, b, action in actions[k]:
                    for c, d, trace in traces[l]:
                        found[_cubic(frame, a, b, (c, d))] += action * trace / 2
        yield found


def _entries(matrix: fmpq_mat) -> list[tuple[int, int, fmpq]]:
    n = matrix.nrows()
    return [(a, b, matrix[a, b]) for a in range(n) for b in range(n) if matrix[a, b] != 0]


# ------------------------------------------------------------- certificates


def certified(found: Projective) -> Verdict:
    """The cubic part, as an identity of polynomials in the entries of R and factors of the directions."""
    frame, n = found.frame, len(found.directions)
    r, h = (
        frame.rows,
        min(frame.units, 2),
    )  # every symmetric Z is a sum of R Rᵀ, the third unit adds none
    ring = PolyRing(
        [*(f"r{a}_{i}" for a in range(r) for i in range(h)), *(f"f{j}" for j in range(n))], QQ
    )
    R = [[ring.gens[a * h + i] for i in range(h)] for a in range(r)]
    factors = ring.gens[r * h :]
    total = [[ring.zero] * h for _ in range(r)]
    for factor, one in zip(factors, found.directions, strict=True):
        total = _plus(total, _difference(found, one, R), factor)
    if any(entry != 0 for row in total for entry in row):
        return Undecided("the cubic part is another")
    if any((one.S * A).transpose() != one.S * A for one in found.directions for A in frame.actions):
        return Undecided("S A is not symmetric")
    return Proved("polynomials in the entries of Q")


Entries = list[list[PolyElement]]


def _difference(found: Projective, one: Direction, R: Entries) -> Entries:
    """Σ M_kl c_l A_k R − R Rᵀ S R + Σ G_j R Rᵀ J_j R."""
    frame = found.frame
    outputs = [_traced(T, R) for T in frame.traces]
    zero = R[0][0] * 0
    total = [[zero] * len(R[0]) for _ in R]
    for A, (o, m) in zip(frame.actions, found.places, strict=True):
        signal = zero
        for c, (p, n) in zip(outputs, found.places, strict=True):
            if p == o and one.moments[m, n] != 0:
                signal += c * _qq(one.moments[m, n])
        total = _plus(total, _at(A, R), signal)
    total = _plus(total, _times(R, _transposed_times(R, _at(one.S, R))), -1)
    for J, G in zip(frame.laws, one.G, strict=True):
        total = _plus(total, _at(G, _times(R, _transposed_times(R, _at(J, R)))), 1)
    return total


def _qq(value: fmpq) -> object:
    return QQ(int(value.p), int(value.q))


def _traced(T: fmpq_mat, R: Entries) -> PolyElement:
    """tr(T R Rᵀ)/2."""
    total = R[0][0] * 0
    for row, moved in zip(R, _at(T, R), strict=True):
        total += sum((a * b for a, b in zip(row, moved, strict=True)), total * 0)
    return total * QQ(1, 2)


def _at(matrix: fmpq_mat, R: Entries) -> Entries:
    n, zero = matrix.nrows(), R[0][0] * 0
    return [
        [
            sum((R[b][i] * _qq(matrix[a, b]) for b in range(n) if matrix[a, b] != 0), zero)
            for i in range(len(R[0]))
        ]
        for a in range(n)
    ]


def _transposed_times(R: Entries, other: Entries) -> Entries:
    columns, theirs = list(zip(*R, strict=True)), list(zip(*other, strict=True))
    zero = R[0][0] * 0
    return [
        [sum((a * b for a, b in zip(one, two, strict=True)), zero) for two in theirs]
        for one in columns
    ]


def _times(R: Entries, square: Entries) -> Entries:
    zero, columns = R[0][0] * 0, list(zip(*square, strict=True))
    return [
        [sum((a * b for a, b in zip(row, column, strict=True)), zero) for column in columns]
        for row in R
    ]


def _plus(one: Entries, other: Entries, factor: PolyElement | int) -> Entries:
    return [
        [a + b * factor for a, b in zip(*rows, strict=True)]
        for rows in zip(one, other, strict=True)
    ]
