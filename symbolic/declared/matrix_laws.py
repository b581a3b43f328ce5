"""Stage: laws of whole matrices, at all sizes and for all rates (see `symbolic.laws.all_sizes`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symbolic.declared.annihilated import RatedRing
from symbolic.declared.fields import Fields
from symbolic.declared.written import matrix_law
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, laws_at_all_sizes
from symbolic.laws.entries import entries
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class MatrixLaws(Record):
    """Laws whose proof does not look at sizes.

    Attributes:
        laws: a basis of combinations of P Pᵀ/η, Pᵀ P/η, (P + Pᵀ)/η and ‖P‖²/η over the layers P.
        diagonals: of which only the diagonal is conserved, a number for each neuron.
    """

    fields: Need[Fields]
    laws: tuple[MatrixLaw, ...]
    diagonals: tuple[DiagonalLaw, ...]

    @property
    def all(self) -> tuple[MatrixLaw | DiagonalLaw, ...]:
        """Both."""
        return (*self.laws, *self.diagonals)

    def certify(self) -> Iterator[Certificate]:
        """Entry by entry at the sizes of the instance, which the proof by words does not use."""
        instance = self.fields.instance
        ring = RatedRing(instance.names, instance.rates, self.fields.generating)
        for law in self.all:
            written = matrix_law(law, instance.model.layers, is_latex=False)
            claim = f"{written} at these sizes, at all rates"
            yield Certificate(claim, self._holds(law, ring))

    def _holds(self, law: MatrixLaw | DiagonalLaw, ring: RatedRing) -> Verdict:
        instance = self.fields.instance
        if all(map(ring.is_annihilated, entries(law, instance.model, instance.sizes))):
            return Proved("derivatives in the exact ring of weights and roots of rates")
        return Undecided("an entry changes along a field")

    def explain(self) -> Iterator[Step]:
        """The laws."""
        layers = self.fields.instance.model.layers
        rows = tuple(
            (f"M_{{{n}}}", matrix_law(law, layers, is_latex=True))
            for n, law in enumerate(self.all, 1)
        )
        yield Step(
            "Matrix laws",
            rows,
            "The output is a sum of products of words in the layers; along the flow each of these "
            "matrices changes by words too, and those of a law cancel: at every size, for all rates.",
        )


def derive(fields: Fields) -> MatrixLaws:
    """Linear relations between words."""
    found = laws_at_all_sizes(fields.instance.model)
    if not found.all:
        raise DoesNotApply(
            "words find no combination of P Pᵀ, Pᵀ P, P + Pᵀ and ‖P‖² that is conserved"
        )
    return MatrixLaws(fields=fields, laws=found.matrices, diagonals=found.diagonals)
