"""Why there is a law: the affine symmetries of the outputs, and which of them gives one.

A field A θ + b leaves every output alone if and only if it is orthogonal to every gradient. With the
rates absorbed (θ over the root of its rate) the weights move along gradients, so

* A symmetric, A θ + b = ∇h with h = θᵀAθ/2 + b·θ: h is conserved; laws of degree 2 are of this kind;
* A antisymmetric, b = 0: the flow commutes with the rotation, which reduces it and gives no law;
* any other gives only θ̇ · (A θ + b) = 0 along the flow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flint import fmpq

from symbolic.architecture.fields import Field, Terms
from symbolic.laws.ansatz import sign_symmetries
from symbolic.proof.null_space import null_space

Symmetry = dict[tuple[int, int], fmpq]
"""Entries of A by row and column; column −1 for b."""


@dataclass(frozen=True)
class Symmetries:
    """The affine symmetries of an instance, by what they give.

    Attributes:
        all: a basis.
        laws: those that are gradients.
        isometries: those that are antisymmetric.
    """

    all: Sequence[Symmetry]
    laws: Sequence[Symmetry]
    isometries: Sequence[Symmetry]

    @property
    def neither(self) -> int:
        """How many more there are."""
        return len(self.all) - len(self.laws) - len(self.isometries)


def symmetries(fields: Sequence[Field], weights: int) -> Symmetries:
    """All affine symmetries, and the two subspaces.

    Args:
        fields: gradients, rates absorbed.
        weights: their number.
    """
    found: list[Symmetry] = []
    moving: dict[int, list[tuple[int, Terms]]] = defaultdict(list)
    for k, one in enumerate(fields):
        for i, entry in one.items():
            moving[i].append((k, entry))
    for block in _blocks(fields, weights):
        found += _of_block(block, moving)
    return Symmetries(found, list(_subspace(found, _asymmetry)), list(_subspace(found, _symmetry)))


def _blocks(fields: Sequence[Field], weights: int) -> Iterable[list[tuple[int, int]]]:
    """Entries of A that signs do not tell apart."""
    signs = sign_symmetries(fields, weights)
    masks = [sum(1 << g for g, sign in enumerate(signs) if sign >> i & 1) for i in range(weights)]
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for i in range(weights):
        for j in range(-1, weights):
            found[masks[i] ^ (masks[j] if j >= 0 else 0)].append((i, j))
    return found.values()


def _of_block(
    block: Sequence[tuple[int, int]], moving: Mapping[int, Sequence[tuple[int, Terms]]]
) -> Iterator[Symmetry]:
    """From the entries of all fields, by the weight that they move."""
    rows: dict[tuple[int, tuple[int, ...]], dict[int, fmpq]] = defaultdict(dict)
    for column, (i, j) in enumerate(block):
        for k, entry in moving.get(i, ()):
            for m, c in entry.items():
                place = (*m[:j], m[j] + 1, *m[j + 1 :]) if j >= 0 else m
                row = rows[k, place]
                row[column] = row.get(column, fmpq(0)) + c
    for vector in null_space(list(rows.values()), len(block)):
        yield {block[n]: c for n, c in enumerate(vector) if c != 0}


def _asymmetry(one: Symmetry) -> dict[tuple[int, int], fmpq]:
    """A − Aᵀ above the diagonal: 0 for gradients."""
    found: dict[tuple[int, int], fmpq] = defaultdict(fmpq)
    for (i, j), c in one.items():
        if j >= 0 and i != j:
            found[min(i, j), max(i, j)] += c if i < j else -c
    return found


def _symmetry(one: Symmetry) -> dict[tuple[int, int], fmpq]:
    """A + Aᵀ and b: 0 for rotations."""
    found: dict[tuple[int, int], fmpq] = defaultdict(fmpq)
    for (i, j), c in one.items():
        found[(min(i, j), max(i, j)) if j >= 0 else (i, j)] += c
    return found


def _subspace(
    all_: Sequence[Symmetry], vanishing: Callable[[Symmetry], Mapping[tuple[int, int], fmpq]]
) -> Iterator[Symmetry]:
    """Combinations of which a part vanishes."""
    rows: dict[tuple[int, int], dict[int, fmpq]] = defaultdict(dict)
    for n, one in enumerate(all_):
        for place, c in vanishing(one).items():
            if c != 0:
                rows[place][n] = c
    for vector in null_space(list(rows.values()), len(all_)):
        combined: Symmetry = defaultdict(fmpq)
        for n, factor in enumerate(vector):
            if factor != 0:
                for place, c in all_[n].items():
                    combined[place] += factor * c
        yield {place: c for place, c in combined.items() if c != 0}
