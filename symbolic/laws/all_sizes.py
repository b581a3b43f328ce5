"""Laws at all sizes: linear relations between words, an exact null space.

Along the flow P Pᵀ, Pᵀ P, P + Pᵀ, ‖P‖², vectors of a layer and sums of its rows and columns, over its
rate, change by words with signals in them (`symbolic.laws.motions`); relations between those of equal
size are laws, at every size and for all rates. Where entries are multiplied, by gates or by one another,
there may be relations between their diagonals alone, as between vectors: a number for each neuron.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import lcm
from typing import TypeAlias

from flint import fmpq

from symbolic.architecture.contractions import Contraction
from symbolic.architecture.model import Model
from symbolic.architecture.sizes import Size
from symbolic.architecture.slopes import Terms
from symbolic.laws.motions import Moving, Scope, moving, scope
from symbolic.proof.null_space import null_space
from symbolic.proof.ranks import rank


@dataclass(frozen=True)
class Part:
    """A summand of a law.

    Attributes:
        layer: P.
        kind: "outer" for P Pᵀ, "inner" for Pᵀ P, "norm" for ‖P‖², "sum" for P + Pᵀ; as diagonal
            matrices "entries" for a vector, or a number, "rows" for P 1 and "columns" for 1ᵀ P; "total"
            for the sum of all entries.
        factor: of it over the layer's rate.
    """

    layer: str
    kind: str
    factor: Fraction


Parts: TypeAlias = tuple[Part, ...]
VECTORS = frozenset(("entries", "rows", "columns"))


@dataclass(frozen=True)
class MatrixLaw:
    """Σ factor · (P Pᵀ, Pᵀ P, P + Pᵀ or ‖P‖², 1ᵀ P 1)/rate is conserved.

    Attributes:
        parts: the summands.
        size: of the symmetric matrix; None for a number.
        needs: "loss" or "data" or both, if it does not hold for others than the declared.
    """

    parts: Parts
    size: Size | None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class DiagonalLaw:
    """Σ factor · (the diagonal of P Pᵀ, Pᵀ P, P + Pᵀ, or a vector)/rate: a number for each neuron.

    Attributes:
        parts: the summands.
        size: of the vector.
        needs: "loss" or "data" or both, if it does not hold for others than the declared.
    """

    parts: Parts
    size: Size
    needs: tuple[str, ...] = ()

    @property
    def is_linear(self) -> bool:
        """Whether it is of vectors alone: P 1, 1ᵀ P or a layer that is one."""
        return all(part.kind in VECTORS for part in self.parts)


@dataclass(frozen=True)
class LawsAtAllSizes:
    """A basis of the laws of these forms that hold for the declared loss and data, at all sizes.

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
    every, declared = moving(model), scope(model)
    for one in every:
        by_size.setdefault(one.size, []).append(declared.of(one) if declared.needs else one)
    norms = by_size.pop(None)
    matrices, diagonals = list[MatrixLaw](), list[DiagonalLaw]()
    for size, candidates in by_size.items():
        if size is not None:
            possible = _possible(candidates)
            squares = [one for one in possible if one.is_symmetric]
            whole = list(_relations(squares, Moving.as_matrix))
            seen = _relations(possible, Moving.on_diagonal)
            matrices += [MatrixLaw(parts, size) for parts in whole]
            diagonals += [DiagonalLaw(parts, size) for parts in _new(whole, seen, _as_it_is)]
    traces = [law.parts for law in matrices] + [law.parts for law in diagonals]
    numbers = _relations(_possible(norms), Moving.as_matrix)
    matrices += [MatrixLaw(parts, None) for parts in _new(traces, numbers, _as_trace)]
    if declared.needs:
        wider = partial(_needs, {(one.layer, one.kind): one for one in every}, declared)
        matrices = [replace(law, needs=wider(law)) for law in matrices]
        diagonals = [replace(law, needs=wider(law)) for law in diagonals]
    return LawsAtAllSizes(tuple(matrices), tuple(diagonals))


def _needs(
    every: Mapping[tuple[str, str], Moving], declared: Scope, law: MatrixLaw | DiagonalLaw
) -> tuple[str, ...]:
    """What of the loss and the data a law is for, if it is not for any."""
    parts = [(part.factor, every[part.layer, part.kind]) for part in law.parts]
    for needs, tried in declared.wider():
        total: dict[Contraction, Fraction] = defaultdict(Fraction)
        for factor, one in parts:
            found = tried.of(one)
            terms = found.on_diagonal() if isinstance(law, DiagonalLaw) else found.as_matrix()
            for term, c in terms.items():
                total[term] += factor * c
        if not any(total.values()):
            return needs
    return declared.needs


def matrix_laws(model: Model) -> list[MatrixLaw]:
    """Those of whole matrices, and of norms that are no traces of others."""
    return list(laws_at_all_sizes(model).matrices)


def diagonal_laws(model: Model) -> list[DiagonalLaw]:
    """Those of diagonals that are none of a matrix law."""
    return list(laws_at_all_sizes(model).diagonals)


def _possible(candidates: Sequence[Moving]) -> list[Moving]:
    """Without those that have a term whose letters no other term has: nothing cancels that."""
    kept = [(one, [_letters(term) for term, _ in one.moved]) for one in candidates]
    while True:
        often = Counter(letters for _, several in kept for letters in several)
        fewer = [one for one in kept if all(often[letters] > 1 for letters in one[1])]
        if len(fewer) == len(kept):
            return [one for one, _ in kept]
        kept = fewer


def _letters(term: Contraction) -> Hashable:
    """What names of indices do not change."""
    scales = frozenset(scale for scale in term.scales if scale[0].terms)
    return tuple(sorted(letter for letter, _ in term.factors)), scales


def _relations(candidates: Sequence[Moving], moved: Callable[[Moving], Terms]) -> Iterator[Parts]:
    motions = [moved(one) for one in candidates]
    keys = {key: k for k, key in enumerate({key for one in motions for key in one})}
    rows: list[dict[int, fmpq]] = [{} for _ in keys]
    for column, one in enumerate(motions):
        for key, c in one.items():
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
    """Traces of P Pᵀ and Pᵀ P are one, and so are sums over P 1 and 1ᵀ P."""
    if part.kind == "sum":
        return part.layer, "trace"
    return part.layer, "total" if part.kind in VECTORS | {"total"} else "norm"


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
