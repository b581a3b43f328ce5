"""Laws at all sizes: linear relations between words, an exact null space.

Along the flow P Pᵀ, Pᵀ P, P + Pᵀ, ‖P‖² and vectors of a layer, over its rate, change by words with
signals in them (`symbolic.laws.motions`); relations between those of equal size are laws, at every size
and for all rates. Where entries are multiplied, by gates or by one another, there may be relations
between their diagonals alone: a number for each neuron.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from flint import fmpq

from symbolic.architecture.model import Model
from symbolic.architecture.sizes import Size
from symbolic.laws.motions import Moving, moving
from symbolic.proof.null_space import null_space
from symbolic.proof.ranks import rank


@dataclass(frozen=True)
class Part:
    """A summand of a law.

    Attributes:
        layer: P.
        kind: "outer" for P Pᵀ, "inner" for Pᵀ P, "norm" for ‖P‖², "sum" for P + Pᵀ, "entries" for
            a vector as a diagonal matrix, or a number.
        factor: of it over the layer's rate.
    """

    layer: str
    kind: str
    factor: Fraction


Parts: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True)
class MatrixLaw:
    """Σ factor · (P Pᵀ, Pᵀ P, P + Pᵀ or ‖P‖²)/rate is conserved.

    Attributes:
        parts: the summands.
        size: of the symmetric matrix; None for a number.
    """

    parts: Parts
    size: Size | None


@dataclass(frozen=True)
class DiagonalLaw:
    """Σ factor · (the diagonal of P Pᵀ, Pᵀ P, P + Pᵀ, or a vector)/rate: a number for each neuron.

    Attributes:
        parts: the summands.
        size: of the vector.
    """

    parts: Parts
    size: Size


@dataclass(frozen=True)
class LawsAtAllSizes:
    """A basis of the laws of these forms that hold for any loss, any data, at all sizes.

    Attributes:
        matrices: of whole matrices, and of norms that are no traces of others.
        diagonals: of diagonals that are none of a matrix law.
    """

    matrices: tuple[MatrixLaw, ...]
    diagonals: tuple[DiagonalLaw, ...]

    @property
    def all(self) -> tuple[MatrixLaw | DiagonalLaw, ...]:
        """Both."""
        return (*self.matrices, *self.diagonals)


def laws_at_all_sizes(model: Model) -> LawsAtAllSizes:
    """Linear relations between words.

    Args:
        model: the declaration.
    """
    by_size: dict[Size | None, list[Moving]] = {}
    for one in moving(model):
        by_size.setdefault(one.size, []).append(one)
    norms = by_size.pop(None)
    matrices, diagonals = list[MatrixLaw](), list[DiagonalLaw]()
    for size, candidates in by_size.items():
        if size is not None:
            whole = list(_relations([one for one in candidates if one.kind != "entries"]))
            seen = _relations([one.on_diagonal() for one in candidates])
            matrices += [MatrixLaw(parts, size) for parts in whole]
            diagonals += [DiagonalLaw(parts, size) for parts in _new(whole, seen, _as_it_is)]
    traces = [law.parts for law in matrices] + [law.parts for law in diagonals]
    matrices += [MatrixLaw(parts, None) for parts in _new(traces, _relations(norms), _as_trace)]
    return LawsAtAllSizes(tuple(matrices), tuple(diagonals))


def matrix_laws(model: Model) -> list[MatrixLaw]:
    """Those of whole matrices, and of norms that are no traces of others."""
    return list(laws_at_all_sizes(model).matrices)


def diagonal_laws(model: Model) -> list[DiagonalLaw]:
    """Those of diagonals that are none of a matrix law."""
    return list(laws_at_all_sizes(model).diagonals)


def _relations(candidates: Sequence[Moving]) -> Iterator[Parts]:
    keys = {key: k for k, key in enumerate({key for one in candidates for key in one.moved})}
    rows: list[dict[int, fmpq]] = [{} for _ in keys]
    for column, one in enumerate(candidates):
        for key, c in one.moved.items():
            rows[keys[key]][column] = fmpq(c.numerator, c.denominator)
    for vector in null_space(rows, len(candidates)):
        whole = lcm(*(int(c.q) for c in vector))
        yield tuple(
            Part(one.layer, one.kind, Fraction(whole * int(c.p), int(c.q)))
            for one, c in zip(candidates, vector, strict=True)
            if c != 0
        )


def _as_it_is(part: Part) -> Hashable:
    return part.layer, part.kind


def _as_trace(part: Part) -> Hashable:
    """Traces of P Pᵀ and Pᵀ P are one; that of P + Pᵀ or of entries is no norm."""
    return part.layer, part.kind in ("sum", "entries")


def _new(
    known: Sequence[Parts], tried: Iterable[Parts], seen: Callable[[Part], Hashable]
) -> Iterator[Parts]:
    """Those that are no combinations of others, up to what is seen of their parts."""
    basis = list(known)
    for one in tried:
        if _rank([*basis, one], seen) > _rank(basis, seen):
            basis.append(one)
            yield one


def _rank(laws: Sequence[Parts], seen: Callable[[Part], Hashable]) -> int:
    vectors = []
    for parts in laws:
        vector: dict[Hashable, fmpq] = {}
        for part in parts:
            c, place = part.factor, seen(part)
            vector[place] = vector.get(place, fmpq(0)) + fmpq(c.numerator, c.denominator)
        vectors.append(vector)
    return rank(vectors)
