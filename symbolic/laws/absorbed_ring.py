"""A second ring, of SymPy, to prove in what was found in the first: outputs at θ = e φ, e units of rates.

Its generators are the absorbed weights φ, the entries of the data, and e = √(η/η₀) for every rate but
that of reference: an identity in it holds at all weights, rates and inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from flint import fmpq
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import absorption_of_potentials, mixing_of
from symbolic.laws.absorption import Degrees
from symbolic.laws.reduction import Linear, Potential, potentials
from symbolic.laws.ring import Poly, Ring
from symbolic.proof.verdict import Proved, Undecided, Verdict


class AbsorbedRing:
    """Outputs of an instance with all rates in them.

    Args:
        instance: with polynomial outputs.

    Attributes:
        weights: φ.
        outputs: entry by entry.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._found = absorption_of_potentials(
            instance, potentials(instance, Ring(instance.names, ()))
        )
        rates = [name for name in self._found.names if name != self._found.reference]
        data = len(instance.ring.gens()) - instance.weights
        names = [f"w{k}" for k in range(instance.weights)] + [f"x{k}" for k in range(data)]
        self._ring = PolyRing([*names, *(f"e{k}" for k in range(len(rates)))], QQ)
        gens = list(self._ring.gens)
        self.weights = gens[: instance.weights]
        self._data = gens[instance.weights : instance.weights + data]
        self._root = dict(zip(rates, gens[instance.weights + data :], strict=True))
        trained = [
            w * self._root.get(name, self._ring.one)
            for w, name in zip(self.weights, instance.rates, strict=True)
        ]
        self.outputs = [
            self._at(p, [*trained, *self._data])
            for output in instance.outputs
            for p in output.entries
        ]

    @property
    def zero(self) -> PolyElement:
        """0."""
        return self._ring.zero

    def number(self, value: fmpq) -> PolyElement:
        """A rational number."""
        return self._ring.one * QQ(int(value.p), int(value.q))

    def at_weights(self, polynomial: Poly) -> PolyElement:
        """A polynomial in absorbed weights."""
        return self._at(polynomial, self.weights)

    def _at(self, polynomial: Poly, values: Sequence[PolyElement]) -> PolyElement:
        found = self._ring.zero
        for m, c in terms(polynomial).items():
            term = self.number(c)
            for value, exponent in zip(values, m, strict=True):
                if exponent:
                    term = term * value**exponent
            found += term
        return found

    def linear(self, polynomial: Linear, values: Sequence[PolyElement]) -> PolyElement:
        """A polynomial in others, at their values."""
        found = self._ring.zero
        for places, c in polynomial.items():
            found += prod((values[k] for k in places), start=self.number(c))
        return found

    def monomial(self, potential: Potential) -> PolyElement:
        """Of the data, by which a potential is multiplied."""
        return prod(
            (x**e for x, e in zip(self._data, potential.data, strict=True) if e),
            start=self._ring.one,
        )

    def scale(self, potential: Potential) -> PolyElement:
        """ρ of a potential, read off one of its monomials."""
        exponents = next(iter(terms(potential.value)))
        return prod(
            (
                self._root[name] ** e
                for name, e in zip(self._instance.rates, exponents, strict=True)
                if e and name in self._root
            ),
            start=self._ring.one,
        )

    def mixing(self, potentials: Sequence[Potential]) -> list[dict[int, PolyElement]]:
        """R by rows: c_k(θ) = Σ_l R_kl c_l(φ), as `symbolic.laws.absorbed` has it."""
        units = [self._root.get(name, self._ring.one) for name in self._found.names]
        found = []
        for row in mixing_of(self._instance, potentials, self._found):
            found.append({l: self._at_units(entry, units) for l, entry in row.items()})
        return found

    def _at_units(self, entry: Mapping[Degrees, fmpq], units: Sequence[PolyElement]) -> PolyElement:
        total = self._ring.zero
        for degrees, c in entry.items():
            powers = (unit**d for unit, d in zip(units, degrees, strict=True) if d)
            total += prod(powers, start=self.number(c))
        return total

    def outputs_are(self, written: Sequence[tuple[Potential, PolyElement]]) -> Verdict:
        """Whether outputs are Σ_k c_k m_k, but for what is free of weights.

        Args:
            written: potentials and what c_k is claimed to be.
        """
        rest = list(self.outputs)
        for potential, value in written:
            rest[potential.output] -= value * self.monomial(potential)
        trained = len(self.weights)
        if any(any(m[:trained]) for one in rest for m in one.itermonoms()):
            return Undecided("an output is another polynomial")
        return Proved("polynomials")
