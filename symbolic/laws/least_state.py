"""The least number of variables that no loss can do without, between two bounds.

From below it is the rank of `what_is_left`. From above, three counts; a state of that size does:

* weights less independent laws: the weights stay on a level of all laws;
* outputs and fields are the same along an orbit of the isometries, so what laws do that isometries leave
  alone are constant on is what is reached by both, and of it the isometries' own directions are not seen:
  weights less such laws less the rank of the isometries;
* the number of invariants in which the flow closes.

Fields are plain gradients here: at equal rates, and at all where these are absorbed (see
`symbolic.laws.rates`).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq, nmod_mat

from symbolic.architecture.extent import gradient_terms
from symbolic.architecture.fields import MOST, fields, terms
from symbolic.architecture.instance import Instance
from symbolic.laws.ansatz import Law, polynomial_laws
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.rank import independent
from symbolic.laws.reduction import closed, field_of, invariants, potentials
from symbolic.laws.ring import Ring
from symbolic.laws.symmetries import Symmetries, Symmetry, symmetries
from symbolic.laws.what_is_left import ranks
from symbolic.proof.null_space import PRIME, modulo, null_space


@dataclass(frozen=True)
class LeastState:
    """How many variables are left.

    Attributes:
        at_least: no state is smaller, for arbitrary signals of the loss.
        at_most: a state of this size does.
        reached: rank of the Lie algebra, from below.
        reason: of the bound from above, in words.
    """

    at_least: int
    at_most: int
    reached: int
    reason: str

    @property
    def is_exact(self) -> bool:
        """Whether both bounds meet."""
        return self.at_least == self.at_most


def least_state(
    instance: Instance,
    laws: Sequence[Law] | None = None,
    products: Sequence[ProductLaw] = (),
    seed: int = 0,
    budget: int | None = None,
) -> LeastState:
    """Both bounds.

    Args:
        instance: the network.
        laws: its polynomial laws, where they are known.
        products: its rational and product laws.
        seed: of the point.
        budget: of `ranks`.
    """
    known = polynomial_laws(fields(instance), instance.weights) if laws is None else list(laws)
    most = instance.weights - independent(known, products, instance.weights)
    reached, _, at_least = ranks(
        instance.model, instance.sizes, seed=seed, enough=most, budget=budget
    )
    bounds = [(most, "weights less independent laws")]
    if at_least < most and gradient_terms(instance.model, instance.sizes) <= MOST:
        generating = fields(instance)
        ring = Ring(instance.names, generating)
        symmetric = symmetries(generating, instance.weights)
        bounds += _by_isometries(ring, symmetric, known)
        bounds += _by_closure(instance, ring, symmetric)
    at_most, reason = min(bounds, key=lambda bound: bound[0])
    return LeastState(at_least, at_most, reached, reason)


def _by_isometries(ring: Ring, found: Symmetries, laws: Sequence[Law]) -> list[tuple[int, str]]:
    if not found.isometries:
        return []
    D = len(ring.generators)
    kept = invariant_laws(ring, found, laws)
    count = D - independent(kept, (), D) - rank_of(found.isometries, D)
    return [(count, "what isometries do not move, on a level of the laws that they leave alone")]


def invariant_laws(ring: Ring, found: Symmetries, laws: Sequence[Law]) -> list[Law]:
    """A basis of the combinations of laws that all isometries leave alone."""
    rows: dict[tuple[int, tuple[int, ...]], dict[int, fmpq]] = defaultdict(dict)
    for n, law in enumerate(laws):
        for k, one in enumerate(found.isometries):
            for m, c in terms(ring.along(ring.law(law), field_of(ring, one))).items():
                rows[k, m][n] = c
    kept = []
    for vector in null_space(list(rows.values()), len(laws)):
        combined: Law = defaultdict(fmpq)
        for factor, law in zip(vector, laws, strict=True):
            for place, c in law.items():
                combined[place] += factor * c
        kept.append({place: c for place, c in combined.items() if c != 0})
    return kept


def rank_of(symmetries: Sequence[Symmetry], weights: int, seed: int = 1) -> int:
    """The dimension of what symmetries move a generic point along, from below."""
    draw = random.Random(seed)
    point = [draw.randrange(1, PRIME) for _ in range(weights)]
    rows = []
    for one in symmetries:
        row = [0] * weights
        for (i, j), c in one.items():
            row[i] = (row[i] + modulo(c) * (point[j] if j >= 0 else 1)) % PRIME
        rows.append(row)
    flat = [value for row in rows for value in row]
    return int(nmod_mat(len(rows), weights, flat, PRIME).rank()) if rows else 0


def _by_closure(instance: Instance, ring: Ring, found: Symmetries) -> list[tuple[int, str]]:
    try:
        coefficients = potentials(instance, ring)
    except ValueError:
        return []
    z = invariants(ring, found, coefficients)
    if closed(ring, z, coefficients) is None:
        return []
    return [(len(z.polynomials), "invariants in which the flow closes")]
