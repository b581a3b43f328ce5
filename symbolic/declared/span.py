"""The span of sparse vectors modulo a prime, and fields as such vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from symbolic.architecture.fields import Exponents, Terms
from symbolic.architecture.instance import Instance
from symbolic.proof.null_space import PRIME, modulo

Place = tuple[int, Exponents]
Vector = dict[Place, int]


class Values:
    """Coefficients of monomials in the weights, at values of all that is no weight.

    Powers of a gate are the gate, so that it may have any value.

    Args:
        instance: whose generators they are of.
        point: values of all generators modulo the prime.
    """

    def __init__(self, instance: Instance, point: Sequence[int]) -> None:
        self._weights, self._point = instance.weights, point
        self._gates = {one.index for one in instance.generated if one.kind == "gate"}
        self._known: dict[Exponents, int] = {}

    def coefficients(self, one: Mapping[int, Terms]) -> Vector:
        """Of a field, or of a gradient."""
        found: Vector = {}
        for i, entry in one.items():
            for m, c in entry.items():
                place = i, m[: self._weights]
                value = modulo(c) * self._outer(m[self._weights :])
                found[place] = (found.get(place, 0) + value) % PRIME
        return {place: value for place, value in found.items() if value}

    def _outer(self, m: Exponents) -> int:
        if m not in self._known:
            value = 1
            for k, exponent in enumerate(m, self._weights):
                if exponent:
                    power = 1 if k in self._gates else exponent
                    value = value * pow(self._point[k], power, PRIME) % PRIME
            self._known[m] = value
        return self._known[m]


class Span:
    """Vectors in an echelon form.

    A vector with a place that no other has keeps it: it is never needed to reduce another of them.

    Args:
        vectors: that span it.
    """

    def __init__(self, vectors: Iterable[Vector]) -> None:
        given = list(vectors)
        met = Counter(place for one in given for place in one)
        self._own: dict[Place, Vector] = {}
        self._others: dict[Place, Vector] = {}
        shared = []
        for one in given:
            place = next((place for place in one if met[place] == 1), None)
            if place is None:
                shared.append(one)
            else:
                self._own[place] = one
        for one in shared:
            rest = _reduced(dict(one), self._others)
            if rest:
                self._others[next(iter(rest))] = rest

    def has(self, vector: Vector) -> bool:
        """Whether a vector is a combination of them."""
        rest = _reduced(dict(vector), {p: self._own[p] for p in vector if p in self._own})
        return not _reduced(rest, self._others)


def _reduced(vector: Vector, echelon: Mapping[Place, Vector]) -> Vector:
    """Without the places of the echelon, whose vectors have none of those before them."""
    for place, one in echelon.items():
        if place not in vector:
            continue
        factor = vector[place] * pow(one[place], -1, PRIME) % PRIME
        for other, value in one.items():
            left = (vector.get(other, 0) - factor * value) % PRIME
            if left:
                vector[other] = left
            else:
                vector.pop(other, None)
    return vector
