"""What a start has of each mode, sorted: the hidden units are turned until it is lower echelon.

With G = Bᵀ S Q₀ (rows by decreasing exponent) an orthogonal V makes G V lower echelon: column j begins
in its pivot's row, and all that follows in it has an exponent that is not larger. Modes with one exponent
are turned among themselves, so that those a start has are whole modes and the others are not there. Which
exponents are equal is known exactly; so is a rank, or in how many bits it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from numeric.methods.riccati.decided import Ranks
from numeric.methods.riccati.spectrum import Modes, Numbers, singular


@dataclass(frozen=True)
class Echelon:
    """A start in its modes.

    Attributes:
        exponents: decreasing; equal ones are the same number.
        vectors: r × r, B, a column a mode.
        parts: r × k, G V without the columns that are zero; what is zero is the exact 0.
        pivots: k rows, increasing.
        turn: h × h, V.
        blurred: whether the precision does not tell different exponents apart.
        guessed: whether a part beside a pivot that is not exactly zero was taken for it.
        needed: in how many bits ranks are proved; 0 where they are in any.
    """

    exponents: list[Any]
    vectors: Numbers
    parts: Numbers
    pivots: list[int]
    turn: Numbers
    blurred: bool
    guessed: bool
    needed: int


def echelon(modes: Modes, parts: Numbers, ranks: Ranks, size: Any, mp: Any) -> Echelon:
    """Sort, turn and cut.

    Args:
        modes: of the flow.
        parts: G, r × h, in the order of the modes.
        ranks: what is known of the flow's exponents and of the start's ranks.
        size: of the start, √tr Q₀ᵀSQ₀.
        mp: context; what is below 2^(−half its bits), relative to sizes, is taken for zero.
    """
    small = mp.ldexp(1, -mp.prec // 2)
    order = sorted(range(len(parts)), key=lambda i: -modes.exponents[i])
    f = [modes.exponents[i] for i in order]
    B = [[row[i] for i in order] for row in modes.vectors]
    G = [list(parts[i]) for i in order]
    clusters = _clusters(ranks.roots.sizes)
    width, done, pivots = len(G[0]), 0, list[int]()
    V = [[mp.one if i == j else mp.zero for j in range(width)] for i in range(width)]
    blurred, guessed, needed = not _are_apart(f, clusters, mp), False, 0
    for number, rows in enumerate(clusters):
        mean = mp.zero if number == ranks.roots.zero else f[rows[0]]
        for i in rows:
            f[i] = mean
        sizes = _turn(rows, done, B, G, V, mp) if done < width else []
        rank = sum(1 for z in sizes if abs(z) > small * size)
        if any(sizes[rank:]) and done + rank < ranks.most(number + 1):
            needed = max(needed, 2 * width + ranks.bits(number + 1, done + rank + 1))
        for place, i in enumerate(rows):
            for j in range(done, width):
                if j - done != place or place >= rank:
                    G[i][j] = mp.zero
            for j in range(done):  # below a pivot
                if G[i][j] and abs(G[i][j]) <= small * size:
                    G[i][j], guessed = mp.zero, True
        pivots += rows[:rank]
        done += rank
    return Echelon(f, B, [row[:done] for row in G], pivots, V, blurred, guessed, needed)


def _clusters(sizes: list[int]) -> list[list[int]]:
    """The places of equal exponents."""
    ends = list(accumulate(sizes, initial=0))
    return [list(range(a, b)) for a, b in pairwise(ends)]


def _are_apart(f: list[Any], clusters: list[list[int]], mp: Any) -> bool:
    """Whether different exponents differ by so much that their vectors have two thirds of the bits."""
    level = mp.ldexp(max((abs(z) for z in f), default=mp.zero), -mp.prec // 3)
    return all(f[a[-1]] - f[b[0]] > level for a, b in pairwise(clusters))


def _turn(rows: list[int], done: int, B: Numbers, G: Numbers, V: Numbers, mp: Any) -> list[Any]:
    """Turn the modes of one cluster and the columns that are left until the cluster's part is diagonal.

    B, G and V are changed. Returns the diagonal.
    """
    width = len(G[0]) - done
    if len(rows) == 1 and width == 1:
        return [G[rows[0]][done]]
    block = [G[i][done:] for i in rows]
    U, sizes, W = singular(block, len(rows), width, mp)
    for row in (*G, *V):
        row[done:] = [mp.fdot(row[done:], column) for column in zip(*W, strict=True)]
    if len(rows) > 1:
        for row in B:
            old = [row[i] for i in rows]
            for place, i in enumerate(rows):
                row[i] = mp.fdot(old, [u[place] for u in U])
        columns = [[G[i][j] for i in rows] for j in range(len(G[0]))]
        for j, old in enumerate(columns):
            for place, i in enumerate(rows):
                G[i][j] = mp.fdot(old, [u[place] for u in U])
    return sizes
