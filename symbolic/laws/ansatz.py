"""Polynomial laws of an instance: all polynomials up to a degree that every field annihilates.

The ansatz falls apart into blocks, which are solved one by one: by the degree, where every field is
homogeneous, and by signs. If the fields are the same up to their sign when some weights change theirs,
a law splits into a part that changes its sign and one that does not, and both are laws. Scales that are
known, s^aᵢ for each weight, split it by |aᵢ − aⱼ| of its products, as `symbolic.laws.gradings` has it;
wrong ones leave laws out, and make none.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from flint import fmpq

from symbolic.architecture.fields import Exponents, Field
from symbolic.proof.null_space import null_space, rank_modulo

Combination = tuple[int, ...]
Law = dict[Combination, fmpq]
"""Coefficients of products of weights, each given by the sorted places of its factors."""
Guess = Callable[[Sequence[Combination]], list[Law] | None]


def polynomial_laws(
    fields: Sequence[Field],
    weights: int,
    degree: int = 2,
    guess: Guess | None = None,
    scales: Sequence[int] = (),
) -> list[Law]:
    """A basis of the polynomials without a constant term, up to a degree, that all fields annihilate.

    Args:
        fields: with polynomial entries.
        weights: their number.
        degree: of the ansatz.
        guess: of a block as many independent polynomials as it has laws, or more, each without the first
            products of the others; None for none. They are taken if all fields annihilate them.
        scales: a of each weight, where they are known and the degree is 2 at most.
    """
    found: list[Law] = []
    meeting = meetings(fields)
    for block in blocks(fields, weights, degree):
        place = {factors: n for n, factors in enumerate(block)}
        here = list[Law]()
        for part in apart(block, scales):
            guessed = guess(part) if guess is not None else None
            if guessed is None or not all(_is_annihilated(law, fields, meeting) for law in guessed):
                vectors = null_space(_rows(part, fields, meeting), len(part))
                guessed = [{part[j]: c for j, c in enumerate(v) if c != 0} for v in vectors]
            here += guessed
        found += sorted(here, key=lambda law: max(place[factors] for factors in law))
    return found


def number_of_laws(
    fields: Sequence[Field], weights: int, degree: int = 2, scales: Sequence[int] = ()
) -> int:
    """At least that of the polynomial laws, which it is but for an unlucky prime: ranks modulo it.

    Args:
        fields: with polynomial entries.
        weights: their number.
        degree: of the ansatz.
        scales: a of each weight, where they are known and the degree is 2 at most.
    """
    meeting = meetings(fields)
    return sum(
        len(part) - rank_modulo(_rows(part, fields, meeting), len(part))
        for block in blocks(fields, weights, degree)
        for part in apart(block, scales)
    )


def _is_annihilated(
    law: Law, fields: Sequence[Field], meeting: Mapping[int, Sequence[int]]
) -> bool:
    """Whether the derivative along every field is the zero polynomial."""
    total: dict[tuple[int, Exponents], fmpq] = defaultdict(fmpq)
    for factors, coefficient in law.items():
        for _, k, power, c in moved(factors, fields, meeting):
            total[k, power] += c * coefficient
    return all(c == 0 for c in total.values())


def meetings(fields: Sequence[Field]) -> Mapping[int, Sequence[int]]:
    """By weight, the fields that move it."""
    found: dict[int, list[int]] = defaultdict(list)
    for k, one in enumerate(fields):
        for i in one:
            found[i].append(k)
    return found


def _rows(
    block: Sequence[Combination], fields: Sequence[Field], meeting: Mapping[int, Sequence[int]]
) -> list[dict[int, fmpq]]:
    rows: dict[tuple[int, Exponents], dict[int, fmpq]] = defaultdict(dict)
    for column, factors in enumerate(block):
        for _, k, power, c in moved(factors, fields, meeting):
            row = rows[k, power]
            row[column] = row.get(column, fmpq(0)) + c
    return list(rows.values())


def moved(
    factors: Combination, fields: Sequence[Field], meeting: Mapping[int, Sequence[int]]
) -> Iterator[tuple[int, int, Exponents, fmpq]]:
    """A product of weights along each field: which weight moved, which field, exponents, coefficient.

    Args:
        factors: the product.
        fields: all of them.
        meeting: by weight, the fields that move it.
    """
    for i in set(factors):
        multiple, rest = factors.count(i), list(factors)
        rest.remove(i)
        for k in meeting.get(i, ()):
            for m, c in fields[k][i].items():
                power = list(m)
                for j in rest:
                    power[j] += 1
                yield i, k, tuple(power), c * multiple


def blocks(fields: Sequence[Field], weights: int, degree: int) -> Iterable[Sequence[Combination]]:
    """Products of up to so many weights, apart where signs or the degree tell them apart.

    Args:
        fields: with polynomial entries; rates change nothing.
        weights: their number.
        degree: of the products, at most.
    """
    graded = all(_is_homogeneous(one) for one in fields)
    return grouped(sign_symmetries(fields, weights), weights, degree, graded=graded)


def grouped(
    signs: Sequence[int], weights: int, degree: int, *, graded: bool = False
) -> Iterable[Sequence[Combination]]:
    """Products of up to so many weights by which changes of signs change theirs, and by their degree.

    Args:
        signs: bit i of each for weight i.
        weights: their number.
        degree: of the products, at most.
        graded: whether products of different degrees are apart.
    """
    masks = [sum(1 << g for g, sign in enumerate(signs) if sign >> i & 1) for i in range(weights)]
    found: dict[tuple[int, int], list[Combination]] = defaultdict(list)
    for size in range(1, degree + 1):
        for factors in itertools.combinations_with_replacement(range(weights), size):
            parity = 0
            for i in factors:
                parity ^= masks[i]
            found[parity, size if graded else 0].append(factors)
    return found.values()


def apart(block: Sequence[Combination], scales: Sequence[int]) -> list[Sequence[Combination]]:
    """The parts of a block of products of one or two weights.

    Args:
        block: products.
        scales: a of each weight; none to leave the block whole.
    """
    if not scales:
        return [block]
    found: dict[int, list[Combination]] = defaultdict(list)
    for factors in block:
        first, *others = (scales[i] for i in factors)
        found[abs(first - sum(others))].append(factors)
    return list(found.values())


def _is_homogeneous(one: Field) -> bool:
    return len({sum(m) for entry in one.values() for m in entry}) == 1


def sign_symmetries(fields: Sequence[Field], weights: int) -> list[int]:
    """Changes of signs that leave every field the same up to its own sign: bit i for weight i.

    Entry i of a field, of the monomial m, changes its sign by m + e_i: alike for all its monomials.
    """
    pivots: dict[int, int] = {}
    for one in fields:
        masks = [_parity(m) ^ 1 << i for i, entry in one.items() for m in entry]
        for mask in masks[1:]:
            _eliminate(pivots, mask ^ masks[0])
    return _kernel(pivots, weights)


def kernel_of_parities(rows: Iterable[int], weights: int) -> list[int]:
    """A basis of the vectors over F₂ that meet every row in an even number of places."""
    pivots: dict[int, int] = {}
    for row in rows:
        _eliminate(pivots, row)
    return _kernel(pivots, weights)


def _parity(m: Exponents) -> int:
    return sum(1 << i for i, e in enumerate(m) if e % 2)


def _eliminate(pivots: dict[int, int], row: int) -> None:
    while row:
        lead = row.bit_length()
        if lead not in pivots:
            pivots[lead] = row
            return
        row ^= pivots[lead]


def _kernel(pivots: dict[int, int], weights: int) -> list[int]:
    """Vectors over F₂ that meet every row in an even number of places."""
    for lead in sorted(pivots):
        for other in pivots:
            if other != lead and pivots[other] >> (lead - 1) & 1:
                pivots[other] ^= pivots[lead]
    found = []
    for place in range(1, weights + 1):
        if place not in pivots:
            bits = [lead for lead, row in pivots.items() if row >> (place - 1) & 1]
            found.append(sum(1 << (lead - 1) for lead in bits) | 1 << (place - 1))
    return found
