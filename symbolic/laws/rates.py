"""Laws at any learning rates, from fields without rates.

The weights move along η_i F_i(θ). Where rates are absorbed (`symbolic.laws.absorption`) the weights

    φ_i = θ_i / √(η_i/η_reference)

move along combinations of the fields without rates: a law h(φ) at unit rates is h(θ/√η) at any. Between
weights of one rate, √η √η = η: such laws are rational in the rates. Without a reference φ = θ/√η.

Where more than one rate is not absorbed, the rates are put into the solve: a coefficient is Σ_g c_g/η_g
over all rates g, with c_g rational numbers. Products of such laws are laws, too, and laws at rates that
are drawn say whether all were found.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import isqrt

import sympy
from flint import fmpq

from symbolic.architecture.fields import Field, Terms
from symbolic.laws.absorption import absorption
from symbolic.laws.ansatz import (
    Combination,
    Guess,
    Law,
    apart,
    blocks,
    meetings,
    moved,
    number_of_laws,
    polynomial_laws,
)
from symbolic.proof.null_space import null_space
from symbolic.proof.ranks import first_independent

Powers = tuple[tuple[str, Fraction], ...]
"""Rates to powers, by name, none zero."""
RatedLaw = dict[Combination, dict[Powers, fmpq]]
"""Coefficients of products of weights: sums of multiples of powers of rates."""
DRAWS = 2


@dataclass(frozen=True)
class LawsWithRates:
    """Polynomial laws at any rates.

    Attributes:
        laws: with symbolic rates, independent over the rational functions of the rates.
        absorbed: whether θ → θ/√η made them from laws at unit rates.
        reference: the rate that the others are measured in there, or None.
        number: of the laws at generic rates, from rates that are drawn.
        draws: those rates, by name; without absorption, ranks are to be found at one of them.
    """

    laws: Sequence[RatedLaw]
    absorbed: bool
    reference: str | None
    number: int
    draws: Sequence[Mapping[str, int]]

    @property
    def complete(self) -> bool:
        """Whether there are as many with symbolic rates as there are at generic rates."""
        return len(self.laws) == self.number


def laws_with_rates(
    fields: Sequence[Field],
    rates: Sequence[str],
    weights: int,
    degree: int = 2,
    guess: Guess | None = None,
    scales: Sequence[int] = (),
) -> LawsWithRates:
    """The polynomial laws up to a degree, at any rates.

    Args:
        fields: without rates.
        rates: the name of each weight's rate.
        weights: their number.
        degree: of the laws.
        guess: of laws at unit rates (`symbolic.laws.ansatz.polynomial_laws`).
        scales: of weights, where they are known (ibid.).
    """
    given = absorption(fields, rates)
    draws = [drawn(rates, seed) for seed in range(DRAWS)]
    if given.holds:
        reference = given.reference
        found = polynomial_laws(fields, weights, degree, guess, scales)
        laws = [absorbed(law, rates, reference) for law in found]
        return LawsWithRates(laws, True, reference, len(laws), draws)
    # At rates that are drawn there are at least as many as at generic ones.
    numbers = (
        number_of_laws(with_rates(fields, rates, draw), weights, degree, scales) for draw in draws
    )
    number, solved = next(numbers), list[RatedLaw]()
    for own in (True, False):
        candidates = list(_solved(fields, rates, weights, degree, scales, own=own))
        candidates += list(_products(candidates, degree))
        solved = _independent(candidates, rates, draws[0])
        if len(solved) == number or len(solved) == (number := min([number, *numbers])):
            break
    return LawsWithRates(solved, False, None, number, draws)


def not_absorbed(fields: Sequence[Field], rates: Sequence[str]) -> tuple[str, ...]:
    """The rates of which scaled weights change the span of the fields, decided exactly."""
    return absorption(fields, rates).kept


def drawn(rates: Iterable[str], seed: int) -> dict[str, int]:
    """A different prime for each rate."""
    names = list(dict.fromkeys(rates))
    primes = list(sympy.sieve.primerange(2, sympy.prime(4 + 2 * len(names)) + 1))
    return dict(zip(names, map(int, random.Random(seed).sample(primes, len(names))), strict=True))


def with_rates(
    fields: Sequence[Field], rates: Sequence[str], values: Mapping[str, int | Fraction]
) -> list[Field]:
    """Rates ∘ fields.

    Args:
        fields: without rates.
        rates: the name of each weight's rate.
        values: of the rates.
    """

    def scaled(i: int, entry: Terms) -> Terms:
        rate = Fraction(values[rates[i]])
        return {m: c * fmpq(rate.numerator, rate.denominator) for m, c in entry.items()}

    return [{i: scaled(i, entry) for i, entry in one.items()} for one in fields]


def absorbed(law: Law, rates: Sequence[str], reference: str | None = None) -> RatedLaw:
    """h(φ), φ_i = θ_i / √(η_i/η_reference).

    Args:
        law: at unit rates.
        rates: the name of each weight's rate.
        reference: a rate, or None for φ = θ/√η.
    """
    return {factors: {_over_roots(factors, rates, reference): c} for factors, c in law.items()}


def _over_roots(factors: Combination, rates: Sequence[str], reference: str | None) -> Powers:
    powers: dict[str, Fraction] = defaultdict(Fraction)
    for i in factors:
        powers[rates[i]] -= Fraction(1, 2)
        if reference is not None:
            powers[reference] += Fraction(1, 2)
    return _powers(powers)


def _powers(powers: Mapping[str, Fraction]) -> Powers:
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def at(law: RatedLaw, values: Mapping[str, int | Fraction]) -> Law:
    """A law at rates that are numbers, of which what stands under a root is a square.

    Raises:
        ValueError: where a root is not rational.
    """
    found: Law = defaultdict(fmpq)
    for factors, coefficient in law.items():
        for powers, c in coefficient.items():
            found[factors] += c * _value(powers, tuple(values[name] for name, _ in powers))
    return {factors: c for factors, c in found.items() if c != 0}


@cache
def _value(powers: Powers, values: tuple[int | Fraction, ...]) -> fmpq:
    squared = Fraction(1)
    for (_, power), value in zip(powers, values, strict=True):
        squared *= Fraction(value) ** int(2 * power)
    root = Fraction(isqrt(squared.numerator), isqrt(squared.denominator))
    if root**2 != squared:
        raise ValueError(f"{squared} is no square of a rational number")
    return fmpq(root.numerator, root.denominator)


def expression(law: RatedLaw, names: Sequence[str]) -> sympy.Expr:
    """A law as a formula in the weights and the rates, which are positive symbols.

    Args:
        law: with symbolic rates.
        names: of the weights.
    """
    total = sympy.Integer(0)
    for factors, coefficient in law.items():
        product = sympy.Mul(*(sympy.Symbol(names[i], real=True) for i in factors))
        for powers, c in coefficient.items():
            rates = (sympy.Symbol(n, positive=True) ** sympy.Rational(p) for n, p in powers)
            total += sympy.Rational(int(c.p), int(c.q)) * product * sympy.Mul(*rates)
    return total


def _solved(
    fields: Sequence[Field],
    rates: Sequence[str],
    weights: int,
    degree: int,
    scales: Sequence[int],
    *,
    own: bool,
) -> Iterator[RatedLaw]:
    """All laws of which a coefficient is Σ_g c_g/η_g, over the rates of its weights or over all."""
    names, meeting = list(dict.fromkeys(rates)), meetings(fields)
    for block in blocks(fields, weights, degree):
        place = {factors: n for n, factors in enumerate(block)}
        here = [
            law
            for part in apart(block, scales)
            for law in _solved_in(part, fields, rates, meeting, None if own else names)
        ]
        # As they come from the block as a whole: by their last products.
        yield from sorted(here, key=lambda law: max(place[factors] for factors in law))


def _solved_in(
    part: Sequence[Combination],
    fields: Sequence[Field],
    rates: Sequence[str],
    meeting: Mapping[int, Sequence[int]],
    names: Sequence[str] | None,
) -> Iterator[RatedLaw]:
    columns = [
        (factors, name)
        for factors in part
        for name in (names or dict.fromkeys(rates[i] for i in factors))
    ]
    rows: dict[object, dict[int, fmpq]] = defaultdict(dict)
    for column, (factors, name) in enumerate(columns):
        for i, k, power, c in moved(factors, fields, meeting):
            ratio = None if rates[i] == name else (rates[i], name)
            row = rows[k, power, ratio]
            row[column] = row.get(column, fmpq(0)) + c
    for vector in null_space(list(rows.values()), len(columns)):
        yield _law(vector, columns)


def _products(laws: Sequence[RatedLaw], degree: int) -> Iterator[RatedLaw]:
    """Of several laws, up to a degree in the weights."""
    low = [law for law in laws if 2 * max(map(len, law)) <= degree]
    for count in range(2, degree + 1):
        for chosen in itertools.combinations_with_replacement(low, count):
            product: RatedLaw = {(): {(): fmpq(1)}}
            for law in chosen:
                product = _product(product, law)
            if max(map(len, product)) <= degree:
                yield product


def _product(one: RatedLaw, other: RatedLaw) -> RatedLaw:
    found: RatedLaw = {}
    for (f, a), (g, b) in itertools.product(one.items(), other.items()):
        into = found.setdefault(tuple(sorted((*f, *g))), {})
        for (p, c), (q, d) in itertools.product(a.items(), b.items()):
            total = defaultdict(Fraction, p)
            for name, power in q:
                total[name] += power
            into[_powers(total)] = into.get(_powers(total), fmpq(0)) + c * d
    return found


def _law(vector: Sequence[fmpq], columns: Sequence[tuple[Combination, str]]) -> RatedLaw:
    found: RatedLaw = {}
    for c, (factors, name) in zip(vector, columns, strict=True):
        if c != 0:
            found.setdefault(factors, {})[_powers({name: Fraction(-1)})] = c
    return found


def _independent(
    laws: Iterable[RatedLaw], rates: Sequence[str], values: Mapping[str, int]
) -> list[RatedLaw]:
    """A basis over the functions of the rates: first those that divide weights by their own rate."""

    def foreign(law: RatedLaw) -> int:
        return sum(
            any(rates[i] != name for i in factors)
            for factors, coefficient in law.items()
            for powers in coefficient
            for name, _ in powers
        )

    return basis(sorted(laws, key=lambda law: (foreign(law), len(law))), values)


def basis(laws: Sequence[RatedLaw], values: Mapping[str, int]) -> list[RatedLaw]:
    """As many of the laws as are linearly independent modulo a prime, the first ones.

    Args:
        laws: with symbolic rates.
        values: numbers for these.
    """
    return [laws[n] for n in first_independent([at(law, values) for law in laws])]
