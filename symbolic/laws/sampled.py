"""Polynomial laws from fields at points modulo a prime: how many there are at most, and candidates.

A law h of degree 2 is annihilated by the field at every point, F(θ) · ∇h(θ) = 0: one linear equation for
its coefficients, and nothing is expanded for it (`symbolic.architecture.jets`). At whole numbers modulo a
prime such equations have at least the rational solutions, so that their number bounds that of the laws
from above; it is the number, but for an unlucky prime or unlucky points. Solutions themselves are only
candidates: what is a law is proved elsewhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isqrt

from flint import fmpq, nmod_mat

from symbolic.architecture.extent import is_long
from symbolic.architecture.gates import UnknownSignError, has_gates
from symbolic.architecture.jets import P, Sample, slopes
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.regions import Region, Seen, regions
from symbolic.laws.ansatz import Combination, Guess, Law, apart, grouped
from symbolic.laws.gradings import scales, signs
from symbolic.laws.lie_rank import NoPointError, has_roots, point
from symbolic.proof.null_space import pivots_of

MORE, LARGEST = 8, 2500  # equations beside as many as there are unknowns; unknowns of a block
TRIES = 16  # of weights at which gates have signs
AT_ONE = 4  # fields at one point, where roots are to be found first


class Samples:
    """Weights, and a field there, modulo the prime; several at a point where points are hard to find.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        rates: whole numbers by name; without, all are 1.
        seed: of the points.

    Attributes:
        largest: block that they are drawn for.
        share: of as many equations as there are unknowns one part in so many more, as long as that says
            more, where some may be empty, with gates shut, or dependent, at one point; else 0.
    """

    def __init__(
        self, model: Model, sizes: Sizes, rates: Mapping[str, int] | None = None, seed: int = 0
    ) -> None:
        self._drawn = self._every(model, sizes, rates, seed)
        self.largest = LARGEST
        self.share = 1 if has_gates(model) else 8 if has_roots(model) else 0
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
        return self.first(unknowns + MORE)

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
    powers = scales(model, sizes)
    blocks = grouped(signs(model, sizes), len(powers), 2)
    return [part for block in blocks for part in apart(block, powers)]


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
    """Echelon form and rank; where equations may be empty more of them as long as they say more."""
    given = samples.equations(len(block))
    reduced, rank = _matrix(block, given).rref()
    while samples.share and rank < len(block):
        every = samples.first(len(given) + len(given) // samples.share)
        if _is_solved_by(_matrix(block, every[len(given) :]), reduced, int(rank)):
            break
        given = every
        reduced, rank = _matrix(block, given).rref()
    return reduced, int(rank)


def _matrix(block: Sequence[Combination], given: Sequence[Sample]) -> nmod_mat:
    return nmod_mat(len(given), len(block), slopes(block, given), P)


def _is_solved_by(rows: nmod_mat, reduced: nmod_mat, rank: int) -> bool:
    """Whether what solves an echelon form solves other rows."""
    pivots = pivots_of(reduced, rank)
    free = sorted(set(range(reduced.ncols())) - set(pivots))
    solutions = nmod_mat(reduced.ncols(), len(free), P)
    for k, j in enumerate(free):
        solutions[j, k] = 1
        for i, pivot in enumerate(pivots):
            solutions[pivot, k] = -int(reduced[i, j]) % P
    return not any((rows * solutions).entries())


def change(law: Law, one: Sample) -> int:
    """A law along a field at a point, modulo the prime."""
    numbers = (int(c.p) * pow(int(c.q), -1, P) for c in law.values())
    return sum(c * slope for c, slope in zip(numbers, slopes(list(law), [one]), strict=True)) % P


def _lifted(value: int) -> fmpq | None:
    """The rational number of small numerator and denominator that a number modulo the prime is of."""
    bound = isqrt(P // 2)
    a, b, s, t = P, value, 0, 1
    while b > bound:
        q = a // b
        a, b, s, t = b, a - q * b, t, s - q * t
    return fmpq(b, t) if t and abs(t) <= bound else None
