"""Networks whose outputs are linear in a Gram matrix.

Where all coefficients of the outputs are quadratic forms, the weights are rows of a matrix Q (N × h) if
every form acts on each of its h columns alike: c_k = ρ_k tr(H_k Z)/2 with Z = Q Qᵀ. Then

    dQ/dt = R Q,     dZ/dt = R Z + Z R,     R = Σ_k ρ_k r_k H_k,

for any loss, r_k being its signals. What this is under half a square, `symbolic.lift` finds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq
from sympy import ImmutableMatrix

from symbolic.architecture.fields import terms
from symbolic.laws.absorbed import number
from symbolic.laws.reduction import Potential

Form = dict[tuple[int, int], fmpq]
"""A symmetric matrix: entries by row and column, both of (a, b) and (b, a)."""


@dataclass(frozen=True)
class Gram:
    """Outputs that are linear in Z = Q Qᵀ.

    Attributes:
        columns: of Q, the places of its weights, row by row.
        forms: H_k of each potential.
    """

    columns: tuple[tuple[int, ...], ...]
    forms: tuple[Form, ...]

    @property
    def size(self) -> int:
        """N, of Z."""
        return len(self.columns[0])

    def matrices(self) -> tuple[ImmutableMatrix, ...]:
        """H_k as matrices."""
        return tuple(matrix(form, range(self.size)) for form in self.forms)


def matrix(form: Form, places: Sequence[int]) -> ImmutableMatrix:
    """A form as a matrix, of the rows and columns that are given."""
    return ImmutableMatrix([[number(form.get((a, b), fmpq(0))) for b in places] for a in places])


def gram(potentials: Sequence[Potential], weights: Sequence[int]) -> Gram | None:
    """The columns that all forms act on alike; None where there are none.

    Args:
        potentials: coefficients of the outputs, in absorbed weights.
        weights: places of those that occur in them.
    """
    hessians = [hessian(p) for p in potentials]
    if any(one is None for one in hessians):
        return None
    known = [one for one in hessians if one is not None]
    columns = _components(known, weights)
    if len({len(column) for column in columns}) != 1:
        return None
    forms = [tuple(_on(one, column) for one in known) for column in columns]
    if any(form != forms[0] for form in forms):
        return None
    return Gram(tuple(columns), forms[0])


def hessian(potential: Potential) -> Form | None:
    """The matrix of second derivatives of a quadratic form; None for anything else."""
    found: Form = {}
    for m, c in terms(potential.value).items():
        if sum(m) != 2:
            return None
        i, j = (k for k, e in enumerate(m) for _ in range(e))
        found[i, j] = found[j, i] = c * (2 if i == j else 1)
    return found


def _components(forms: Sequence[Form], weights: Sequence[int]) -> list[tuple[int, ...]]:
    root = {k: k for k in weights}

    def find(k: int) -> int:
        while root[k] != k:
            k = root[k]
        return k

    for form in forms:
        for i, j in form:
            root[find(i)] = find(j)
    found: dict[int, list[int]] = defaultdict(list)
    for k in weights:
        found[find(k)].append(k)
    return [tuple(column) for column in found.values()]


def _on(form: Form, column: Sequence[int]) -> Form:
    place = {i: a for a, i in enumerate(column)}
    return {(place[i], place[j]): c for (i, j), c in form.items() if i in place}
