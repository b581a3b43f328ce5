"""Stage: laws of whole matrices, at all sizes and for all rates (see `symbolic.laws.all_sizes`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq, fmpq_mat

from symbolic.declared.fields import Fields
from symbolic.declared.written import matrix_law
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, diagonal_laws, matrix_laws
from symbolic.laws.certificates import RatedRing
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
    model = fields.instance.model
    diagonals = tuple(diagonal_laws(model))
    laws = tuple(law for law in matrix_laws(model) if not _is_trace(law, diagonals))
    if not laws and not diagonals:
        raise DoesNotApply(
            "words find no combination of P Pᵀ, Pᵀ P, P + Pᵀ and ‖P‖² that is conserved"
        )
    return MatrixLaws(fields=fields, laws=laws, diagonals=diagonals)


def _is_trace(law: MatrixLaw, diagonals: tuple[DiagonalLaw, ...]) -> bool:
    """Whether a law of norms is a combination of traces of laws of diagonals."""
    every: list[MatrixLaw | DiagonalLaw] = [law, *diagonals]
    layers = [part.layer for one in every for part in one.parts]
    places = {name: k for k, name in enumerate(dict.fromkeys(layers))}
    rows = []
    for one in every:
        rows.append([fmpq(0)] * len(places))
        for part in one.parts:
            c = fmpq(part.factor.numerator, part.factor.denominator)
            rows[-1][places[part.layer]] += c
    linear = any(part.kind == "sum" for one in diagonals for part in one.parts)
    if law.size is not None or not diagonals or linear:
        return False
    return int(fmpq_mat(rows).rank()) == int(fmpq_mat(rows[1:]).rank())
