"""Every symmetry of an instance with what it gives: in words, as matrices, and with its proof.

With M the rates of the weights, a transformation dθ/dε = A θ + b that leaves every output alone gives

* a law θᵀ S θ/2 + s·θ if A = M S, b = M s with S symmetric: Noether's theorem for gradient flow;
* a reduction if M⁻¹ A is antisymmetric and b = 0: the flow is the same along its orbits;
* else only θ̇ᵀ M⁻¹ (A θ + b) = 0, which holds along the flow and integrates to nothing; so where weights
  of different rates meet in a law, and these are not absorbed.

Discrete ones are changes of signs and permutations (`symbolic.laws.signs`, `symbolic.laws.permutations`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy
from flint import fmpq, fmpq_mat
from sympy import Expr, ImmutableSparseMatrix, Symbol

from symbolic.architecture.fields import Field, fields
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import number, rate, weight
from symbolic.laws.absorption import absorption
from symbolic.laws.ansatz import Law
from symbolic.laws.certificates import RatedRing
from symbolic.laws.permutations import Permutation, permutations
from symbolic.laws.rates import RatedLaw, absorbed
from symbolic.laws.reduction import field_of
from symbolic.laws.ring import Ring
from symbolic.laws.signs import sign_flips
from symbolic.laws.symmetries import Symmetry, symmetries
from symbolic.laws.symmetry_words import in_words
from symbolic.proof.certificate import Certificate
from symbolic.proof.verdict import Proved, Undecided, Verdict

KINDS = ("law", "reduction", "neither")


@dataclass(frozen=True)
class Explanation:
    """A symmetry and what it gives.

    Attributes:
        kind: one of `KINDS`.
        words: what it does to the weights.
        A: dθ/dε = A θ + b.
        b: the same, a column.
        S: of the law, M S = A; else None.
        law: θᵀ S θ/2 + s·θ; else None.
        certificates: that outputs are left alone, and what the kind says.
    """

    kind: str
    words: str
    A: ImmutableSparseMatrix
    b: ImmutableSparseMatrix
    S: ImmutableSparseMatrix | None
    law: Expr | None
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True)
class Explained:
    """All symmetries that were found.

    Attributes:
        continuous: a basis of the affine ones: those that give laws, reductions, and neither.
        signs: changes of signs that leave outputs alone: the weights that change theirs, a basis.
        permutations: of weights.
    """

    continuous: tuple[Explanation, ...]
    signs: tuple[tuple[Symbol, ...], ...]
    permutations: tuple[Permutation, ...]

    def of_kind(self, kind: str) -> tuple[Explanation, ...]:
        """Those that give a law, a reduction, or neither."""
        return tuple(one for one in self.continuous if one.kind == kind)


def explained(instance: Instance) -> Explained:
    """Find and prove the symmetries of an instance.

    Args:
        instance: of which; affine symmetries are of all weights together.
    """
    given = _given(instance)
    found = symmetries(given.fields, instance.weights)
    by_kind = {
        "law": found.laws,
        "reduction": found.isometries,
        "neither": _beside(found.all, [*found.laws, *found.isometries]),
    }
    continuous = [
        _explained(given, kind, one) for kind, several in by_kind.items() for one in several
    ]
    return Explained(tuple(continuous), sign_flips(instance), tuple(permutations(instance)))


@dataclass(frozen=True)
class _Given:
    """An instance with its fields.

    Attributes:
        reference: the rate in which the others are measured where they are absorbed; None for none.
        units: θ = unit · φ, with which φ moves along plain gradients; None where there are none
            (`symbolic.laws.rates`).
    """

    instance: Instance
    fields: Sequence[Field]
    ring: Ring
    rated: RatedRing
    reference: str | None
    units: Sequence[Expr] | None


def _given(instance: Instance) -> _Given:
    found = fields(instance)
    given = absorption(found, instance.rates)
    measure = rate(given.reference) if given.reference else sympy.Integer(1)
    units = [sympy.sqrt(rate(name) / measure) for name in instance.rates]
    ring = Ring(instance.names, found)
    rated = RatedRing(instance.names, instance.rates, found)
    return _Given(instance, found, ring, rated, given.reference, units if given.holds else None)


def _beside(all_: Sequence[Symmetry], known: Sequence[Symmetry]) -> list[Symmetry]:
    """As many of a basis as are needed beside a subspace."""
    places = {place: k for k, place in enumerate({p for one in (*all_, *known) for p in one})}
    columns = [*known, *all_]
    matrix = fmpq_mat(max(1, len(places)), max(1, len(columns)))
    for j, one in enumerate(columns):
        for place, c in one.items():
            matrix[places[place], j] = c
    reduced, rank = matrix.rref()
    pivots = [next(j for j in range(len(columns)) if reduced[i, j] != 0) for i in range(rank)]
    return [columns[j] for j in pivots if j >= len(known)]


def _explained(given: _Given, kind: str, one: Symmetry) -> Explanation:
    """A symmetry at all rates; where it is a law or an isometry at equal rates only, it is neither."""
    instance, D = given.instance, given.instance.weights
    meets = any(j >= 0 and instance.rates[i] != instance.rates[j] for i, j in one)
    words = in_words(instance, kind, one)
    units: Sequence[Expr] | None = [sympy.Integer(1)] * D
    if meets and kind != "neither":
        units = given.units
    if units is None:
        return _explained(given, "neither", one)
    A = {(i, j): number(c) * units[i] / units[j] for (i, j), c in one.items() if j >= 0}
    b = {(i, 0): number(c) * units[i] for (i, j), c in one.items() if j < 0}
    matrix, column = ImmutableSparseMatrix(D, D, A), ImmutableSparseMatrix(D, 1, b)
    S = law = None
    if kind == "law":
        over = [rate(name) for name in instance.rates]
        weights = [weight(name) for name in instance.names]
        S = ImmutableSparseMatrix(D, D, {(i, j): c / over[i] for (i, j), c in A.items()})
        law = sympy.Add(
            *(c / over[i] * weights[i] * weights[j] / 2 for (i, j), c in A.items()),
            *(c / over[i] * weights[i] for (i, _), c in b.items()),
        )
    return Explanation(kind, words, matrix, column, S, law, tuple(_proofs(given, kind, one)))


def _proofs(given: _Given, kind: str, one: Symmetry) -> Iterator[Certificate]:
    ring = given.ring
    yield Certificate("every output is left alone", _is_symmetry(ring, one))
    if kind == "law":
        symmetric = all(one.get((j, i)) == c for (i, j), c in one.items() if j >= 0)
        yield Certificate("A over the rates is symmetric", _verdict(symmetric))
        h = _at_rates(given, generating_function(one))
        conserved = given.rated.is_annihilated(h)
        yield Certificate("the law is conserved at all rates", _verdict(conserved))
    if kind == "reduction":
        antisymmetric = all(j >= 0 and one.get((j, i)) == -c for (i, j), c in one.items())
        yield Certificate("A over the rates is antisymmetric", _verdict(antisymmetric))
        length = sum((g * g for g in ring.generators), ring.context.constant(0))
        kept = ring.along(length, field_of(ring, one)) == 0
        yield Certificate("the length of the absorbed weights is left alone", _verdict(kept))


def _is_symmetry(ring: Ring, one: Symmetry) -> Verdict:
    """(A φ + b) · ∇ = 0 on what every field is the gradient of."""
    moved = field_of(ring, one)
    for field in ring.fields:
        total = ring.context.constant(0)
        for i, entry in moved.items():
            if i in field:
                total = total + entry * field[i]
        if total != 0:
            return Undecided("an output is moved")
    return Proved("polynomials")


def generating_function(one: Symmetry) -> Law:
    """H with ∇h = A φ + b, of a symmetric A."""
    found: Law = {}
    for (i, j), c in one.items():
        place = (min(i, j), max(i, j)) if j >= 0 else (i,)
        found[place] = found.get(place, fmpq(0)) + (c / 2 if j >= 0 else c)
    return {place: c for place, c in found.items() if c != 0}


def _at_rates(given: _Given, law: Law) -> RatedLaw:
    """A law of plain gradients, at all rates: over them, where weights of different ones do not meet."""
    rates = given.instance.rates
    if any(len({rates[i] for i in factors}) > 1 for factors in law):
        return absorbed(law, rates, given.reference)
    return {factors: {((rates[factors[0]], Fraction(-1)),): c} for factors, c in law.items()}


def _verdict(holds: bool) -> Verdict:
    return Proved("entries") if holds else Undecided("entries that are not")
