"""Laws with symbols for what is arbitrary but fixed: untrained weights, the line that data are on.

Laws were found at numbers that were drawn. With parameters p as symbols the fields are polynomials in
weights and p, and a law is one of

* a law that does not depend on p: one that every coefficient of a monomial in p annihilates, of every
  field, so that p is treated as data;
* a law of which the coefficients are polynomials of low degree in p: the same ansatz, with products of
  weights and of p;
* a law with coefficients that are rational in p. A vector of an echelon form of the laws that were drawn
  is the only law with its products of weights, up to a factor. So at symbols there is at most one, and it
  is the vector that as many equations leave as are independent at the numbers drawn: by elimination
  without fractions, whose entries are minors, over their greatest common divisor.

What comes out is a polynomial in weights and parameters over powers of rates: a law again, whose products
have parameters as factors. It is proved as others are (`symbolic.laws.certificates`), at all p.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce

from flint import fmpq, fmpq_mpoly_ctx, nmod_mat

from symbolic.architecture.fields import Field, terms
from symbolic.architecture.generated import Poly
from symbolic.laws.ansatz import Combination, Law, meetings, moved, sign_symmetries
from symbolic.laws.certificates import RatedRing
from symbolic.laws.rates import Powers, RatedLaw, absorbed, at, laws_with_rates
from symbolic.proof.null_space import PRIME, modulo, null_space, pivots_of

MOST, LARGEST, WIDEST, DEGREE = 40, 30, 8000, 2
"""Products in a law that is solved for, terms of an entry then; products of an ansatz, its degree."""
Entries = dict[int, Poly]


def parameters_as_data(fields: Sequence[Field], weights: int) -> list[Field]:
    """A field for each monomial in the parameters.

    Args:
        fields: with entries in weights and parameters.
        weights: their number.
    """
    found: list[Field] = []
    for one in fields:
        split: dict[tuple[int, ...], Field] = {}
        for i, entry in one.items():
            for m, c in entry.items():
                split.setdefault(m[weights:], {}).setdefault(i, {})[m[:weights]] = c
        found += split.values()
    return found


def free_of_parameters(
    fields: Sequence[Field], rates: Sequence[str], values: Mapping[str, int]
) -> Iterator[RatedLaw]:
    """Laws up to degree 2 that hold whatever the parameters are, those that are rational at some rates.

    Args:
        fields: with entries in weights and parameters, without rates.
        rates: the name of each weight's rate.
        values: numbers for the rates.
    """
    for law in laws_with_rates(parameters_as_data(fields, len(rates)), rates, len(rates)).laws:
        for one in (law, _over_first(law)):
            try:
                at(one, values)
            except ValueError:
                continue
            yield one
            break


def _over_first(law: RatedLaw) -> RatedLaw:
    """Over the powers of rates of its first product."""
    first = dict(next(iter(next(iter(law.values())))))
    found: RatedLaw = {}
    for factors, coefficient in law.items():
        for powers, c in coefficient.items():
            own = dict(powers)
            rest = {n: own.get(n, 0) - first.get(n, 0) for n in sorted(own.keys() | first.keys())}
            key = tuple((n, Fraction(power)) for n, power in rest.items() if power)
            found.setdefault(factors, {})[key] = c
    return found


def of_degree(
    degree: int,
    fields: Sequence[Field],
    rates: Sequence[str],
    parameters: int,
    reference: str | None,
) -> Iterator[RatedLaw]:
    """Laws up to degree 2 in the weights, of one degree in the parameters, where rates are absorbed.

    Args:
        degree: in the parameters.
        fields: with entries in weights and parameters, without rates.
        rates: the name of each weight's rate.
        parameters: their number.
        reference: the rate that the others are measured in, or None.
    """
    D, products = len(rates), itertools.combinations_with_replacement
    if math.comb(D + 2, 2) * math.comb(parameters + degree - 1, degree) > WIDEST:
        return
    signs = sign_symmetries(fields, D + parameters)
    blocks: dict[tuple[int, tuple[int, ...]], list[Combination]] = defaultdict(list)
    for size in (1, 2):
        for own in products(range(D), size):
            for others in products(range(D, D + parameters), degree):
                both = (*own, *others)
                parity = tuple(sum(sign >> i & 1 for i in both) % 2 for sign in signs)
                blocks[size, parity].append(both)
    meeting = meetings(fields)
    for block in blocks.values():
        rows: dict[tuple[int, tuple[int, ...]], dict[int, fmpq]] = defaultdict(dict)
        for column, factors in enumerate(block):
            for _, k, power, c in moved(factors, fields, meeting):
                rows[k, power][column] = rows[k, power].get(column, fmpq(0)) + c
        for vector in null_space(list(rows.values()), len(block)):
            law: RatedLaw = {}
            for factors, c in zip(block, vector, strict=True):
                if c != 0:
                    own = tuple(i for i in factors if i < D)
                    (powers,) = absorbed({own: c}, rates, reference)[own]
                    law[factors] = {powers: c}
            yield law


def are_multiples(one: RatedLaw, other: RatedLaw) -> bool:
    """Whether two laws are so, by a number that is not 0."""
    flat = [{(f, p): c for f, into in law.items() for p, c in into.items()} for law in (one, other)]
    if flat[0].keys() != flat[1].keys() or not flat[0]:
        return False
    key = next(iter(flat[0]))
    return all(c * flat[1][key] == flat[1][place] * flat[0][key] for place, c in flat[0].items())


class Parameters:
    """Laws as they stand with symbols.

    Args:
        names: of the weights, then of the parameters.
        rates: the name of each weight's rate.
        fields: with entries in weights and parameters, without rates.
        drawn: numbers of the parameters.
    """

    def __init__(
        self,
        names: Sequence[str],
        rates: Sequence[str],
        fields: Sequence[Field],
        drawn: Sequence[int],
    ) -> None:
        self.ring = RatedRing(names, rates, fields)
        self._weights, self._drawn = len(rates), drawn
        self._context = fmpq_mpoly_ctx.get(list(names[len(rates) :]), "degrevlex")

    def with_symbols(self, law: RatedLaw) -> RatedLaw | None:
        """A law at all parameters that is a multiple of this one at those drawn; None if none is found.

        Args:
            law: at the numbers drawn.
        """
        if self.ring.is_annihilated(law):
            return law
        products = [(factors, powers) for factors, c in law.items() for powers in c]
        if len(products) > MOST:
            return None
        vector = self._solved(self._chosen(self._equations(products), len(products)), len(products))
        if vector is None:
            return None
        found: RatedLaw = {}
        for (factors, powers), entry in zip(products, vector, strict=True):
            for m, c in terms(entry).items():
                more = (self._weights + k for k, e in enumerate(m) for _ in range(e))
                found.setdefault((*factors, *more), {})[powers] = c
        return found if self.ring.is_annihilated(found) else None

    def at_drawn(self, law: RatedLaw) -> RatedLaw:
        """A law with symbols, at the numbers drawn."""
        found: RatedLaw = {}
        for factors, coefficient in law.items():
            value = fmpq(1)
            for i in factors:
                value *= self._drawn[i - self._weights] if i >= self._weights else 1
            into = found.setdefault(tuple(i for i in factors if i < self._weights), {})
            for powers, c in coefficient.items():
                into[powers] = into.get(powers, fmpq(0)) + c * value
        kept = {f: {p: c for p, c in into.items() if c != 0} for f, into in found.items()}
        return {factors: into for factors, into in kept.items() if into}

    def _equations(self, products: Sequence[tuple[Combination, Powers]]) -> list[Entries]:
        """One for each monomial in weights and roots of rates, along each field."""
        rows: dict[tuple[int, ...], dict[int, Law]] = defaultdict(lambda: defaultdict(dict))
        for column, k, m, c in self.ring.changes(products):
            inner = m[self._weights : self._weights + len(self._drawn)]
            outer = (k, *m[: self._weights], *m[self._weights + len(self._drawn) :])
            into = rows[outer][column]
            into[inner] = into.get(inner, fmpq(0)) + c
        found = []
        for row in rows.values():
            entries = {column: self._context.from_dict(entry) for column, entry in row.items()}
            found.append({column: entry for column, entry in entries.items() if entry != 0})
        return [row for row in found if row]

    def _chosen(self, rows: list[Entries], columns: int) -> list[Entries]:
        """The shortest that are independent at the numbers drawn."""
        rows = sorted(rows, key=lambda row: sum(map(len, row.values())))
        transposed = nmod_mat(columns, max(1, len(rows)), PRIME)
        for n, row in enumerate(rows):
            for column, entry in row.items():
                transposed[column, n] = modulo(entry(*map(fmpq, self._drawn)))
        reduced, rank = transposed.rref()
        return [rows[n] for n in pivots_of(reduced, rank)]

    def _solved(self, rows: Sequence[Entries], columns: int) -> list[Poly] | None:
        """What the rows leave, where it is one vector and no entry becomes too large."""
        if len(rows) != columns - 1:
            return None
        reduced: dict[int, Entries] = {}
        for row in rows:
            for pivot, other in reduced.items():
                row = _without(row, other, pivot)
            if not row or max(map(len, row.values())) > LARGEST:
                return None
            new = min(row, key=lambda column: (len(row[column]), column))
            reduced = {pivot: _without(other, row, new) for pivot, other in reduced.items()}
            reduced[new] = row
        (free,) = set(range(columns)) - reduced.keys()
        common = self._context.constant(1)
        for pivot, row in reduced.items():
            common = common * row[pivot] / common.gcd(row[pivot])
        vector = [common] * columns
        for pivot, row in reduced.items():
            entry = row.get(free, self._context.constant(0))
            vector[pivot] = -entry * (common / row[pivot])
        return _primitive(dict(enumerate(vector)), columns)


def _without(row: Entries, other: Entries, pivot: int) -> Entries:
    """A combination of two that does not meet a column, over its common factor."""
    if pivot not in row:
        return row
    a, b = other[pivot], row[pivot]
    common = a.gcd(b)
    a, b = a / common, b / common
    found = {}
    for column in row.keys() | other.keys():
        entry = a * row[column] if column in row else -b * other[column]
        if column in row and column in other:
            entry = entry - b * other[column]
        if entry != 0:
            found[column] = entry
    if not found:
        return found
    divisor = reduce(lambda p, q: p.gcd(q), found.values())
    return {column: entry / divisor for column, entry in found.items()}


def _primitive(vector: Entries, columns: int) -> list[Poly]:
    divisor = reduce(lambda p, q: p.gcd(q), (entry for entry in vector.values() if entry != 0))
    return [vector[k] / divisor for k in range(columns)]
