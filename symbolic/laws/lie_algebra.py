"""The Lie algebra that polynomial fields generate, exactly, where its dimension is small."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import fmpq

from symbolic.laws.ring import PolynomialField, Ring

Entry = tuple[int, tuple[int, ...]]
Vector = dict[Entry, fmpq]


def lie_algebra(
    ring: Ring, most: int, tick: Callable[[], None] | None = None
) -> list[PolynomialField] | None:
    """A basis; None where there are more than so many independent brackets.

    Brackets of generators with what is there are enough: brackets that nest to the right span all.

    Args:
        ring: with the generating fields.
        most: dimension that is looked for.
        tick: called before each bracket; may raise.
    """
    echelon: dict[Entry, Vector] = {}
    basis: list[PolynomialField] = []
    waiting = list(ring.fields)
    while waiting:
        one = waiting.pop(0)
        if not _is_new(one, echelon):
            continue
        basis.append(one)
        if len(basis) > most:
            return None
        for generator in ring.fields:
            if tick is not None:
                tick()
            waiting.append(ring.bracket(generator, one))
    return basis


def rank_of_fields(fields: Sequence[PolynomialField]) -> int:
    """Over the rational numbers."""
    echelon: dict[Entry, Vector] = {}
    return sum(_is_new(one, echelon) for one in fields)


def _is_new(one: PolynomialField, echelon: dict[Entry, Vector]) -> bool:
    """Whether a field is independent of what is there, which it then joins."""
    vector: Vector = {
        (i, tuple(map(int, m))): c for i, p in one.items() for m, c in p.to_dict().items()
    }
    while vector:
        lead = max(vector)
        known = echelon.get(lead)
        if known is None:
            c = vector[lead]
            echelon[lead] = {entry: value / c for entry, value in vector.items()}
            return True
        factor = vector[lead]
        for entry, value in known.items():
            left = vector.get(entry, fmpq(0)) - factor * value
            if left == 0:
                vector.pop(entry, None)
            else:
                vector[entry] = left
    return False
