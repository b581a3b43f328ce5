"""What is left of a Riccati flow to its limit, QQᵀ − lim QQᵀ, not by a difference of near things.

lim QQᵀ = Σ f b bᵀ over the growing pivots. A pivot has settled when it and those before it have grown
beyond the other parts of their columns, and beyond √f, and so has one that starts near its limit; with p
those that have,
C = N_pᵀ N_p/f + Δ and L the pivots' own square of N, what is left is B R Bᵀ with R = N C⁻¹ Nᵀ but for

    R_pp = −f L^{−T} Δ C⁻¹ N_pᵀ,
    Δ = e^{−(lead_j + lead_k) t} (1 − Σ_p g gᵀ/f)_jk + Σ_{i not in p} ωᵢ Mᵢ Mᵢᵀ,

and N C⁻¹ Nᵀ − f for pivots that are to settle, which are not near their limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from numeric.methods.riccati.constants import Constants
from numeric.methods.riccati.moving import Entries, Moved, combined, dot


def settled(constants: Constants, t: Any) -> int:
    """How many pivots have settled at one time."""
    return max(constants.near, sum(1 for time in constants.settling if t > time))


def limit(constants: Constants) -> Entries:
    """The limit of QQᵀ, r × r."""
    return _of_modes(constants, constants.pivots[: constants.growing])


def lacking(constants: Constants) -> Entries:
    """What the limit lacks of Σ f b bᵀ over all growing modes, which a start that has each reaches.

    Of two layers on white inputs that sum has the target as its product: no difference of near things,
    and the exact 0 where nothing is lacking.
    """
    c = constants
    absent = (i for i, f in enumerate(c.exponents) if f > 0 and i not in c.pivots)
    return _of_modes(c, absent)


def _of_modes(c: Constants, modes: Iterable[int]) -> Entries:
    grown = [(i, c.exponents[i]) for i in modes]
    none = 0 * c.exponents[0]
    return [[sum((f * a[i] * b[i] for i, f in grown), none) for b in c.vectors] for a in c.vectors]


def end_state(constants: Constants, xp: Any) -> list[Any]:
    """The limit ± √f b of Q of one hidden unit, of its growing pivot on the start's side, or 0."""
    c = constants
    if not c.growing:
        return [0 * c.exponents[0] for _ in c.vectors]
    i = c.pivots[0]
    side = c.sign if c.parts[i][0] > 0 else -c.sign
    return [side * xp.sqrt(c.exponents[i]) * row[i] for row in c.vectors]


def in_modes(moved: Moved, first: int, t: Any) -> Entries:
    """R, r × r, at times at which the `first` pivots have settled."""
    c = moved.constants
    if not c.pivots:
        return [[0 * t for _ in c.vectors] for _ in c.vectors]
    columns = list(zip(*moved.rows, strict=True))
    found = [[dot(a, b, t) for b in columns] for a in columns]
    for i in c.pivots[first : c.growing]:
        found[i][i] = found[i][i] - c.exponents[i]
    change = moved.solved(_change(moved, first))
    grown = c.pivots[:first]
    for n in grown:
        right = [dot([row[j] for row in change], columns[n], t) for j in range(first)]
        for i, z in zip(grown, _backward(moved, grown, right), strict=True):
            found[i][n] = -c.exponents[i] * z
    return found


def remaining(moved: Moved, first: int, t: Any) -> Entries:
    """QQᵀ − lim QQᵀ, r × r, at times at which the `first` pivots have settled."""
    B = moved.constants.vectors
    half = [[combined(b, row, t) for b in B] for row in in_modes(moved, first, t)]
    return [[combined(a, [row[n] for row in half], t) for n in range(len(a))] for a in B]


def _change(moved: Moved, first: int) -> Entries:
    """Δ, k × first: the columns of the pivots that have settled."""
    c = moved.constants
    low = moved.gram(i for i in range(len(c.exponents)) if i not in c.pivots[:first])
    paces = [moved.pace(j) for j in range(len(low))]
    for j, row in enumerate(low):
        for k in range(j + 1):
            row[k] = row[k] + c.rests[first][j][k] * (paces[j] * paces[k])
        if c.logs[j]:
            row[j] = row[j] + moved.ones[j]
    return [[low[j][k] if k <= j else low[k][j] for k in range(first)] for j in range(len(low))]


def _backward(moved: Moved, grown: list[int], right: list[Any]) -> list[Any]:
    """L^{−T} right, L the lower triangular square of N of the settled pivots."""
    found = list(right)
    for j in reversed(range(len(grown))):
        z = right[j]
        for later in range(j + 1, len(grown)):
            if (entry := moved.raised[grown[later]][j]) is not None:
                z = z - entry * found[later]
        found[j] = z / moved.raised[grown[j]][j]
    return found
