"""Polynomial laws from fields at points modulo a prime: how many there are at most, and candidates.

A law h of degree 2 is annihilated by the field at every point, F(θ) · ∇h(θ) = 0: one linear equation for
its coefficients, and nothing is expanded for it (`symbolic.architecture.jets`). At whole numbers modulo a
prime such equations have at least the rational solutions, so that their number bounds that of the laws
from above; it is the number, but for an unlucky prime or unlucky points. Solutions themselves are only
candidates: what is a law is proved elsewhere.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isqrt

from flint import fmpq, nmod_mat

from symbolic.architecture.extent import is_long
from symbolic.architecture.gates import UnknownSignError, has_gates
from symbolic.architecture.jets import P
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.regions import Region, Seen, regions
from symbolic.laws.ansatz import Combination, Guess, Law, grouped
from symbolic.laws.gradings import scales, signs
from symbolic.laws.lie_rank import NoPointError, has_roots, point
from symbolic.proof.null_space import pivots_of

MORE, LARGEST = 8, 2500  # equations beside as many as there are unknowns; unknowns of a block,
LARGEST_WITH_ROOTS = 300  # and where points are hard to find
TRIES = 16  # of weights at which gates have signs
AT_ONE = 4  # fields at one point, where roots and inverses are to be found first
Sample = tuple[Sequence[int], Sequence[int]]


class Samples:
    """Weights, and a field there, modulo the prime; several at a point where points are hard to find.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        rates: whole numbers by name; without, all are 1.
        seed: of the points.

    Attributes:
        largest: block that they are drawn for.
        is_gated: whether there are gates.
    """

    def __init__(
        self, model: Model, sizes: Sizes, rates: Mapping[str, int] | None = None, seed: int = 0
    ) -> None:
        self._drawn = self._every(model, sizes, rates, seed)
        self._times = 2 if has_roots(model) else 1  # those at one point may be dependent
        self.largest = LARGEST_WITH_ROOTS if has_roots(model) else LARGEST
        self.is_gated = has_gates(model)
        self._known: list[Sample] = []

    @staticmethod
    def _every(
        model: Model, sizes: Sizes, rates: Mapping[str, int] | None, seed: int
    ) -> Iterator[Sample]:
        at_one, step = AT_ONE if has_roots(model) else 1, 1 if model.points else 2
        drawn = regions(model, sizes, seed) if has_gates(model) else None
        for n in itertools.count(seed << 20):  # listed points come in order
            seen = () if drawn is None else _next_region(model, sizes, drawn, n * step)
            theta, fields = point(model, sizes, n, rates, seen, start=n * step)
            for one in itertools.islice(fields, at_one):
                yield theta[0].tolist(), one(theta)[0].tolist()

    def equations(self, unknowns: int) -> Sequence[Sample]:
        """As many as give a solution of so many unknowns, and some more."""
        return self.first(self._times * unknowns + MORE)

    def first(self, number: int) -> Sequence[Sample]:
        """So many of them."""
        self._known += itertools.islice(self._drawn, max(0, number - len(self._known)))
        return self._known[:number]


def _next_region(model: Model, sizes: Sizes, drawn: Iterator[Region], k: int) -> tuple[Seen, ...]:
    """Any that has signs: to look for a rich one at each point takes most of the time."""
    for region in itertools.islice(drawn, TRIES):
        seen = Seen(model, sizes, region)
        try:
            seen.at(k)
        except UnknownSignError:
            continue
        return (seen,)
    raise NoPointError(f"{model.name}: no weights at which signs are known")


def blocks_of(model: Model, sizes: Sizes) -> list[Sequence[Combination]]:
    """Products of one or two weights, apart where changes of signs and scales tell them apart.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
    """
    powers, found = scales(model, sizes), list[Sequence[Combination]]()
    for block in grouped(signs(model, sizes), len(powers), 2):
        apart: dict[int, list[Combination]] = defaultdict(list)
        for factors in block:
            first, *others = (powers[i] for i in factors)
            apart[abs(first - sum(others))].append(factors)
        found += apart.values()
    return found


def number_at_most(blocks: Iterable[Sequence[Combination]], samples: Samples) -> int | None:
    """No more polynomials of these products are laws; None where a block has too many of them.

    Args:
        blocks: of which each law is a sum of laws.
        samples: of the network.
    """
    every = list(blocks)
    if any(len(block) > samples.largest for block in every):
        return None
    return sum(len(block) - _solved(block, samples)[1] for block in every)


def candidates(block: Sequence[Combination], samples: Samples) -> list[Law] | None:
    """As many polynomials as solve the equations, lifted to rational numbers; None where one is none.

    Args:
        block: products of weights.
        samples: of the network.
    """
    reduced, rank = _solved(block, samples)
    pivots = pivots_of(reduced, rank)
    found = list[Law]()
    for free in sorted(set(range(len(block))) - set(pivots)):
        values = {pivot: -int(reduced[i, free]) % P for i, pivot in enumerate(pivots)}
        places = {free: fmpq(1)}
        for pivot, value in values.items():
            if value:
                lifted = _lifted(value)
                if lifted is None:
                    return None
                places[pivot] = lifted
        found.append({block[j]: places[j] for j in sorted(places)})
    return found


def guessed(model: Model, sizes: Sizes) -> Guess | None:
    """Candidates of a block; None where the ansatz has few equations, and is solved at once.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
    """
    if not is_long(model, sizes):
        return None
    samples = Samples(model, sizes)

    def of_a_block(block: Sequence[Combination]) -> list[Law] | None:
        return None if len(block) > samples.largest else candidates(block, samples)

    return of_a_block


def _solved(block: Sequence[Combination], samples: Samples) -> tuple[nmod_mat, int]:
    """Echelon form and rank; with gates twice as many equations as long as that says more."""
    given = samples.equations(len(block))
    reduced, rank = _echelon(block, given)
    while samples.is_gated and rank < len(block):  # where gates are shut an equation may be empty
        given, before = samples.first(2 * len(given)), rank
        reduced, rank = _echelon(block, given)
        if rank == before:
            break
    return reduced, rank


def _echelon(block: Sequence[Combination], given: Sequence[Sample]) -> tuple[nmod_mat, int]:
    entries = [slope(factors, *one) for one in given for factors in block]
    reduced, rank = nmod_mat(len(given), len(block), entries, P).rref()
    return reduced, int(rank)


def slope(factors: Combination, theta: Sequence[int], field: Sequence[int]) -> int:
    """A product of one or two weights along a field, modulo the prime."""
    if len(factors) == 1:
        return field[factors[0]]
    i, j = factors
    return (theta[i] * field[j] + theta[j] * field[i]) % P


def change(law: Law, one: Sample) -> int:
    """A law along a field at a point, modulo the prime."""
    total = 0
    for factors, c in law.items():
        total += int(c.p) * pow(int(c.q), -1, P) * slope(factors, *one)
    return total % P


def _lifted(value: int) -> fmpq | None:
    """The rational number of small numerator and denominator that a number modulo the prime is of."""
    bound = isqrt(P // 2)
    a, b, s, t = P, value, 0, 1
    while b > bound:
        q = a // b
        a, b, s, t = b, a - q * b, t, s - q * t
    return fmpq(b, t) if t and abs(t) <= bound else None
