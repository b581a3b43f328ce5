"""Of which solved class a quadratic system is.

| class | test |
|---|---|
| linear | no quadratic part |
| logistic | each equation has its own variable as a factor, and no other |
| Lotka-Volterra | each equation has its own variable as a factor |
| Riccati | the quadratic part and its brackets with translations commute: an algebra 𝔤₋₁ + 𝔤₀ + 𝔤₁ |
| separable | one equation is left |

That none applies is a statement about this search, and no proof that there is no solution.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symbolic.architecture.fields import terms
from symbolic.laws.reduction import Linear, blocks

NONE = "none of the solvable classes searched"
Components = tuple[fmpq_mpoly, ...]


def recognised(system: Sequence[Linear]) -> str:
    """The class of a system, block by block; different classes joined by "and"."""
    found = dict.fromkeys(_block(system, block) for block in blocks(system))
    return " and ".join(found) if found else "linear"


def _block(system: Sequence[Linear], block: Sequence[int]) -> str:
    place = {k: i for i, k in enumerate(block)}
    own = [{tuple(place[k] for k in m): c for m, c in system[b].items()} for b in block]
    if all(len(m) <= 1 for equation in own for m in equation):
        return "linear"
    if all(i in m for i, equation in enumerate(own) for m in equation):
        return "logistic" if len(own) == 1 else "Lotka-Volterra"
    if _is_riccati(own):
        return "Riccati" if len(own) == 1 else "matrix Riccati"
    return "separable" if len(own) == 1 else NONE


def _is_riccati(system: Sequence[Linear]) -> bool:
    """Whether the quadratic fields that the quadratic part and translations generate commute.

    The search ends with the first pair that does not, which is at once where there is one.
    """
    n = len(system)
    ring = fmpq_mpoly_ctx.get([f"z{i}" for i in range(n)], "degrevlex")
    z = ring.gens()
    quadratic = []
    for equation in system:
        total = ring.constant(0)
        for places, c in equation.items():
            if len(places) > 2:
                return False
            if len(places) == 2:
                total = total + z[places[0]] * z[places[1]] * c
        quadratic.append(total)
    first = tuple(quadratic)
    translated = [tuple(entry.derivative(i) for entry in first) for i in range(n)]
    span = _Span()
    span.takes(first)
    pool, waiting = [first], [first]
    while waiting:
        one = waiting.pop()
        for linear in translated:
            bracket = _bracket(linear, one)
            if not span.takes(bracket):
                continue
            if not all(_vanishes(_bracket(other, bracket)) for other in pool):
                return False
            pool.append(bracket)
            waiting.append(bracket)
    return True


def _vanishes(field: Components) -> bool:
    return all(entry == 0 for entry in field)


def _bracket(f: Components, g: Components) -> Components:
    def along(p: fmpq_mpoly, field: Components) -> fmpq_mpoly:
        found = p * 0
        for i, entry in enumerate(field):
            found = found + p.derivative(i) * entry
        return found

    return tuple(along(b, f) - along(a, g) for a, b in zip(f, g, strict=True))


class _Span:
    """Fields that are independent over the rational numbers, kept in echelon form."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, tuple[int, ...]], dict[tuple[int, tuple[int, ...]], fmpq]] = {}

    def takes(self, field: Components) -> bool:
        """Whether a field is outside the span; it is in it then."""
        row = {(k, m): c for k, entry in enumerate(field) for m, c in terms(entry).items()}
        while row:
            lead = max(row)
            if lead not in self._rows:
                self._rows[lead] = {key: c / row[lead] for key, c in row.items()}
                return True
            factor = row[lead]
            for key, c in self._rows[lead].items():
                left = row.get(key, fmpq(0)) - factor * c
                if left == 0:
                    row.pop(key, None)
                else:
                    row[key] = left
        return False
