"""Matrix laws at all sizes: linear relations between words, an exact null space.

The gradient of a trace by a layer is a sum of words, so d/dt (P Pᵀ) and d/dt (Pᵀ P) are sums of words
with signals in them, each divided by the layer's rate when it is; relations between those of equal size
are laws, at every size and for all rates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq

from symbolic.architecture.model import Model
from symbolic.architecture.sizes import Size
from symbolic.architecture.words import Letter, Scalars, Word, Words, closed, transposed
from symbolic.proof.null_space import null_space

Moved = dict[tuple[Scalars, Word], Fraction]
KINDS = ("outer", "inner", "norm")


@dataclass(frozen=True)
class Part:
    """A summand of a law.

    Attributes:
        layer: P.
        kind: "outer" for P Pᵀ, "inner" for Pᵀ P, "norm" for ‖P‖².
        factor: of it over the layer's rate.
    """

    layer: str
    kind: str
    factor: Fraction


@dataclass(frozen=True)
class MatrixLaw:
    """Σ factor · (P Pᵀ, Pᵀ P or ‖P‖²)/rate is conserved.

    Attributes:
        parts: the summands.
        size: of the symmetric matrix; None for a number.
    """

    parts: tuple[Part, ...]
    size: Size | None


def matrix_laws(model: Model) -> list[MatrixLaw]:
    """A basis of the laws of this form that hold for any loss, any data, at all sizes.

    Norm laws that are traces of matrix laws are left out.
    """
    words = Words(model)
    slopes = {name: _slope(words.closed, name) for name in model.layers}
    candidates: dict[Size | None, list[tuple[str, str, Moved]]] = defaultdict(list)
    for name, layer in model.layers.items():
        axes = len(layer.shape)
        if axes == 2:
            candidates[layer.shape[0]].append((name, "outer", _outer(name, slopes[name])))
            candidates[layer.shape[1]].append((name, "inner", _inner(name, slopes[name])))
        if axes == 1:
            candidates[layer.shape[0]].append((name, "outer", _outer(name, slopes[name])))
        if axes <= 2:
            candidates[None].append((name, "norm", _norm(name, slopes[name])))
    found = [
        law for size in candidates if size is not None for law in _relations(candidates[size], size)
    ]
    return found + _new_norms(found, list(_relations(candidates[None], None)), model)


def _slope(closed_words: Mapping[Scalars, Fraction], layer: str) -> Moved:
    """The gradient by a layer: other scalars, and a word of its shape."""
    found: Moved = defaultdict(Fraction)
    for scalars, c in closed_words.items():
        for k, word in enumerate(scalars):
            others = tuple(sorted(scalars[:k] + scalars[k + 1 :]))
            for i, letter in enumerate(word):
                if letter.trained and letter.name == layer:
                    rest = word[i + 1 :] + word[:i]
                    found[others, rest if letter.transposed else transposed(rest)] += c
    return found


def _outer(name: str, slope: Moved) -> Moved:
    """d(P Pᵀ) = P Ṗᵀ + Ṗ Pᵀ."""
    P, found = Letter(name, False, True), defaultdict[tuple[Scalars, Word], Fraction](Fraction)
    for (scalars, word), c in slope.items():
        found[scalars, (P, *transposed(word))] += c
        found[scalars, (*word, P.T)] += c
    return found


def _inner(name: str, slope: Moved) -> Moved:
    """d(Pᵀ P) = Pᵀ Ṗ + Ṗᵀ P."""
    P, found = Letter(name, False, True), defaultdict[tuple[Scalars, Word], Fraction](Fraction)
    for (scalars, word), c in slope.items():
        found[scalars, (P.T, *word)] += c
        found[scalars, (*transposed(word), P)] += c
    return found


def _norm(name: str, slope: Moved) -> Moved:
    """D tr(Pᵀ P)/2, in closed words."""
    P, found = Letter(name, True, True), defaultdict[tuple[Scalars, Word], Fraction](Fraction)
    for (scalars, word), c in slope.items():
        found[tuple(sorted((*scalars, closed((P, *word))))), ()] += c
    return found


def _relations(candidates: list[tuple[str, str, Moved]], size: Size | None) -> Iterator[MatrixLaw]:
    keys = {key: k for k, key in enumerate({key for _, _, moved in candidates for key in moved})}
    rows: list[dict[int, fmpq]] = [{} for _ in keys]
    for column, (_, _, moved) in enumerate(candidates):
        for key, c in moved.items():
            if c:
                rows[keys[key]][column] = fmpq(c.numerator, c.denominator)
    for vector in null_space(rows, len(candidates)):
        parts = tuple(
            Part(name, kind, Fraction(int(c.p), int(c.q)))
            for (name, kind, _), c in zip(candidates, vector, strict=True)
            if c != 0
        )
        yield MatrixLaw(parts, size)


def _new_norms(matrices: list[MatrixLaw], norms: list[MatrixLaw], model: Model) -> list[MatrixLaw]:
    """Those that traces of matrix laws do not give."""
    names = list(model.layers)
    rows = [_in_norms(law, names) for law in matrices]
    found = []
    for law in norms:
        row = _in_norms(law, names)
        if _rank([*rows, row]) > _rank(rows):
            rows.append(row)
            found.append(law)
    return found


def _in_norms(law: MatrixLaw, names: list[str]) -> list[Fraction]:
    row = [Fraction(0)] * len(names)
    for part in law.parts:
        row[names.index(part.layer)] += part.factor
    return row


def _rank(rows: list[list[Fraction]]) -> int:
    from flint import fmpq_mat

    if not rows:
        return 0
    return int(fmpq_mat([[fmpq(v.numerator, v.denominator) for v in row] for row in rows]).rank())
