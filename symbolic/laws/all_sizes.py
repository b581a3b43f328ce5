"""Matrix laws at all sizes: linear relations between words, an exact null space.

The gradient of a trace by a layer is a sum of words, so d/dt of P Pᵀ, of Pᵀ P and, for a square layer,
of P + Pᵀ are sums of words with signals in them, each divided by the layer's rate when it is; relations
between those of equal size are laws, at every size and for all rates. Where gates (ReLU) stand between
them, there may be relations between their diagonals alone.
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
KINDS = ("outer", "inner", "norm", "sum")


@dataclass(frozen=True)
class Part:
    """A summand of a law.

    Attributes:
        layer: P.
        kind: "outer" for P Pᵀ, "inner" for Pᵀ P, "norm" for ‖P‖², "sum" for P + Pᵀ.
        factor: of it over the layer's rate.
    """

    layer: str
    kind: str
    factor: Fraction


@dataclass(frozen=True)
class MatrixLaw:
    """Σ factor · (P Pᵀ, Pᵀ P, P + Pᵀ or ‖P‖²)/rate is conserved.

    Attributes:
        parts: the summands.
        size: of the symmetric matrix; None for a number.
    """

    parts: tuple[Part, ...]
    size: Size | None


@dataclass(frozen=True)
class DiagonalLaw:
    """Σ factor · diag(P Pᵀ, Pᵀ P or P + Pᵀ)/rate is conserved: a number for each neuron.

    Attributes:
        parts: the summands.
        size: of the vector.
    """

    parts: tuple[Part, ...]
    size: Size


def matrix_laws(model: Model) -> list[MatrixLaw]:
    """A basis of the laws of this form that hold for any loss, any data, at all sizes.

    Norm laws that are traces of matrix laws are left out.
    """
    candidates = _candidates(model)
    found = [
        law for size in candidates if size is not None for law in _relations(candidates[size], size)
    ]
    return found + _new_norms(found, list(_relations(candidates[None], None)), model)


def diagonal_laws(model: Model) -> list[DiagonalLaw]:
    """A basis of the laws of diagonals that hold for any loss, any data, at all sizes.

    Those that are diagonals of matrix laws are left out.
    """
    found = []
    for size, candidates in _candidates(model).items():
        if size is None:
            continue
        whole = [law.parts for law in _relations(candidates, size)]
        seen = [(name, kind, _on_diagonal(moved)) for name, kind, moved in candidates]
        for law in _relations(seen, size):
            if _rank(_in_candidates([*whole, law.parts], candidates)) > len(whole):
                whole.append(law.parts)
                found.append(DiagonalLaw(law.parts, size))
    return found


def _in_candidates(
    laws: list[tuple[Part, ...]], candidates: list[tuple[str, str, Moved]]
) -> list[list[Fraction]]:
    places = {(name, kind): n for n, (name, kind, _) in enumerate(candidates)}
    rows = []
    for parts in laws:
        rows.append([Fraction(0)] * len(places))
        for part in parts:
            rows[-1][places[part.layer, part.kind]] = part.factor
    return rows


def _on_diagonal(moved: Moved) -> Moved:
    """Words that have the same diagonal are one: M and Mᵀ; Δ M and M Δ with a diagonal Δ."""
    found = defaultdict[tuple[Scalars, Word], Fraction](Fraction)
    for (scalars, word), c in moved.items():
        found[scalars, _seen(word)] += c
    return found


def _seen(word: Word) -> Word:
    start, end = 0, len(word)
    while start < end and word[start].diagonal:
        start += 1
    while end > start and word[end - 1].diagonal:
        end -= 1
    inner = word[start:end]
    return (*sorted(word[:start] + word[end:]), *min(inner, transposed(inner)))


def _candidates(model: Model) -> dict[Size | None, list[tuple[str, str, Moved]]]:
    """By their size: what may be a summand, and how it moves."""
    words = Words(model)
    slopes = {name: _slope(words.closed, name) for name in model.layers}
    candidates: dict[Size | None, list[tuple[str, str, Moved]]] = defaultdict(list)
    for name, layer in model.layers.items():
        axes = len(layer.shape)
        if axes == 2:
            candidates[layer.shape[0]].append((name, "outer", _outer(name, slopes[name])))
            candidates[layer.shape[1]].append((name, "inner", _inner(name, slopes[name])))
            if layer.shape[0] == layer.shape[1]:
                candidates[layer.shape[0]].append((name, "sum", _symmetric(slopes[name])))
        if axes == 1:
            candidates[layer.shape[0]].append((name, "outer", _outer(name, slopes[name])))
        if axes <= 2:
            candidates[None].append((name, "norm", _norm(name, slopes[name])))
    return candidates


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


def _symmetric(slope: Moved) -> Moved:
    """d(P + Pᵀ) = Ṗ + Ṗᵀ."""
    found = defaultdict[tuple[Scalars, Word], Fraction](Fraction)
    for (scalars, word), c in slope.items():
        found[scalars, word] += c
        found[scalars, transposed(word)] += c
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
    row = [Fraction(0)] * (2 * len(names))  # the trace of P + Pᵀ is no norm
    for part in law.parts:
        row[names.index(part.layer) + (part.kind == "sum") * len(names)] += part.factor
    return row


def _rank(rows: list[list[Fraction]]) -> int:
    from flint import fmpq_mat

    if not rows:
        return 0
    return int(fmpq_mat([[fmpq(v.numerator, v.denominator) for v in row] for row in rows]).rank())
