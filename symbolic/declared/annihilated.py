"""Whether laws are annihilated at all rates: derivatives in a ring with the roots of the rates in it.

With s² = η a law with symbolic rates is a polynomial in weights and s over a power of s, and a weight of
rate η moves along s² times its entry of a field. The laws were found at numbers, or by linear algebra.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symbolic.architecture.fields import Field
from symbolic.laws.rates import RatedLaw

Poly: TypeAlias = fmpq_mpoly


class RatedRing:
    """Polynomials in weights and roots of rates, and fields on the weights.

    Args:
        names: of the weights.
        rates: the name of each weight's rate.
        fields: without rates.
    """

    def __init__(self, names: Sequence[str], rates: Sequence[str], fields: Iterable[Field]) -> None:
        self._roots = {rate: len(names) + k for k, rate in enumerate(dict.fromkeys(rates))}
        roots = [f"root_{k}" for k in range(len(self._roots))]
        self._weights = len(names)
        self._ring = fmpq_mpoly_ctx.get(
            [*(f"w_{k}" for k in range(len(names))), *roots], "degrevlex"
        )
        self._fields = [
            {i: self._moved(entry, self._roots[rates[i]]) for i, entry in one.items()}
            for one in fields
        ]

    def _moved(self, entry: Mapping[tuple[int, ...], fmpq], root: int) -> Poly:
        rate = [0] * len(self._roots)
        rate[root - self._weights] = 2
        return self._ring.from_dict({(*m, *rate): c for m, c in entry.items()})

    def is_annihilated(self, law: RatedLaw) -> bool:
        """Whether every field annihilates a law, as an identity in weights and rates."""
        polynomial = self._cleared(law)
        for one in self._fields:
            total = self._ring.constant(0)
            for i, entry in one.items():
                slope = polynomial.derivative(i)
                if slope != 0:
                    total = total + slope * entry
            if total != 0:
                return False
        return True

    def _cleared(self, law: RatedLaw) -> Poly:
        """A law times a power of the roots that makes it a polynomial."""
        below = [0] * len(self._roots)
        for coefficient in law.values():
            for powers in coefficient:
                for name, power in powers:
                    place = self._roots[name] - self._weights
                    below[place] = min(below[place], int(2 * power))
        found: dict[tuple[int, ...], fmpq] = {}
        for factors, coefficient in law.items():
            weights = [0] * self._weights
            for i in factors:
                weights[i] += 1
            for powers, c in coefficient.items():
                roots = [-n for n in below]
                for name, power in powers:
                    roots[self._roots[name] - self._weights] += int(2 * power)
                key = (*weights, *roots)
                found[key] = found.get(key, fmpq(0)) + c
        return self._ring.from_dict(found)
