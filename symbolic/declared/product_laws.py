"""Stage: rational and product laws, where polynomials leave something (see `symbolic.laws.darboux`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sympy import Integer

from symbolic.architecture.fields import UNWRITTEN, Field
from symbolic.architecture.independence import assumptions
from symbolic.architecture.partial import partial_fields, weights_beside_functions
from symbolic.declared.fields import Fields
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.reach import Reach
from symbolic.declared.written import LATEX, Written
from symbolic.laws.certificates import is_conserved_product
from symbolic.laws.darboux import ProductLaw, product_laws, weights_in
from symbolic.laws.rank import independent, new_products
from symbolic.laws.ring import Ring
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class ProductLaws(Record):
    """Products of powers of polynomials in absorbed weights, φ = θ/√η, that are conserved.

    Attributes:
        laws: each a product; a ratio where exponents are of both signs.
        independent: how many are independent of the polynomial laws, and of each other.
    """

    polynomial: Need[PolynomialLaws]
    laws: tuple[ProductLaw, ...]
    independent: int

    def certify(self) -> Iterator[Certificate]:
        """The logarithmic derivative along every field; the rank beside the polynomials."""
        yield Certificate("every field annihilates every product", self._are_laws())
        yield Certificate(
            f"{self.independent} are independent of the others", self._are_independent()
        )

    def _are_laws(self) -> Verdict:
        instance = self.polynomial.fields.instance
        generating, weights = _written(self.polynomial.fields)
        factors = (p for law in self.laws for p, _ in law.factors)
        if self.polynomial.fields.by_words is not None and not self.laws:
            return Undecided(UNWRITTEN)
        if not all(weights_in(p).issubset(weights) for p in factors):
            return Undecided(UNWRITTEN)
        ring = Ring(instance.names, generating)
        if not all(is_conserved_product(law, ring) for law in self.laws):
            return Undecided("a product changes along a field")
        return Proved("derivatives in the exact ring")

    def _are_independent(self) -> Verdict:
        weights = self.polynomial.fields.instance.weights
        rank = independent(self.polynomial.plain, self.laws, weights, seed=2)
        if rank >= self.polynomial.independent + self.independent:
            return Proved("rank of differentials modulo 2^61 - 1")
        return Undecided(f"rank {rank} at another point")

    def explain(self) -> Iterator[Step]:
        """The laws."""
        written = Written(self.polynomial.fields.instance, LATEX)
        rows = tuple((f"R_{{{n}}}", written.product(law)) for n, law in enumerate(self.laws, 1))
        yield Step(
            "Rational and product laws",
            (*rows, (r"\#\{\text{independent}\}", Integer(self.independent))),
            "Each factor is multiplied by every field with a cofactor of its own; weighted by the "
            "exponents the cofactors cancel.",
        )


def _written(fields: Fields) -> tuple[Sequence[Field], Collection[int]]:
    """Fields, and the weights on which they are written out: all, or those of a few layers."""
    instance = fields.instance
    if fields.by_words is None:
        return fields.generating, range(instance.weights)
    return partial_fields(instance), weights_beside_functions(instance)


def derive(polynomial: PolynomialLaws, reach: Reach) -> ProductLaws:
    """Products of Darboux polynomials whose cofactors cancel."""
    fields = polynomial.fields
    weights = fields.instance.weights
    is_exact = reach.one_field is not None or assumptions(fields.instance).hold
    if is_exact and polynomial.independent + reach.rank == weights:
        raise DoesNotApply("polynomial laws and the rank account for all weights")
    if not polynomial.is_absorbed or polynomial.reference:
        raise DoesNotApply("rates are not absorbed: products are searched at absorbed rates alone")
    generating, searched = _written(fields)
    if not generating:
        raise DoesNotApply(UNWRITTEN)
    ring, plain = Ring(fields.instance.names, generating), polynomial.plain
    found = product_laws(ring, plain, weights=set(searched))
    laws = [found[n] for n in new_products(plain, found, weights)]
    if not laws and fields.by_words is not None:
        raise DoesNotApply(UNWRITTEN)
    if not laws:
        raise DoesNotApply("no product of Darboux polynomials is a law of its own")
    return ProductLaws(polynomial=polynomial, laws=tuple(laws), independent=len(laws))
