"""Stage: laws of whole matrices, at all sizes and for all rates (see `symbolic.laws.all_sizes`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from flint import fmpq

from symbolic.declared.fields import Fields
from symbolic.declared.written import matrix_law
from symbolic.laws.all_sizes import MatrixLaw, Part, matrix_laws
from symbolic.laws.ring import Poly, Ring
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class MatrixLaws(Record):
    """Laws whose proof does not look at sizes.

    Attributes:
        laws: a basis of combinations of P Pᵀ/η, Pᵀ P/η and ‖P‖²/η over the layers P.
    """

    fields: Need[Fields]
    laws: tuple[MatrixLaw, ...]

    def certify(self) -> Iterator[Certificate]:
        """Entry by entry at the sizes of the instance, which the proof by words does not use."""
        for law in self.laws:
            yield Certificate(f"{self._plain(law)} at these sizes", self._holds(law))

    def _plain(self, law: MatrixLaw) -> str:
        return matrix_law(law, self.rates, is_latex=False)

    @property
    def rates(self) -> dict[str, str]:
        """Names of the rates, by layer."""
        layers = self.fields.instance.model.layers
        return {name: layer.rate for name, layer in layers.items()}

    def _holds(self, law: MatrixLaw) -> Verdict:
        instance = self.fields.instance
        ring = Ring(instance.names, self.fields.generating)
        layers, start = dict[str, tuple[int, ...]](), dict[str, int]()
        for name, layer in instance.model.layers.items():
            start[name] = sum(map(prod, layers.values()))
            layers[name] = tuple(size.at(instance.sizes) for size in layer.shape)
        for entry in entries(law, ring, layers, start):
            if any(ring.along(entry, one) != 0 for one in ring.fields):
                return Undecided("an entry changes along a field")
        return Proved("derivatives in the exact ring")

    def explain(self) -> Iterator[Step]:
        """The laws."""
        rows = tuple(
            (f"M_{{{n}}}", matrix_law(law, self.rates, is_latex=True))
            for n, law in enumerate(self.laws, 1)
        )
        yield Step(
            "Matrix laws",
            rows,
            "The output is a sum of products of words in the layers; along the flow each of these "
            "matrices changes by words too, and those of a law cancel: at every size, for all rates.",
        )


def derive(fields: Fields) -> MatrixLaws:
    """Linear relations between words."""
    laws = tuple(matrix_laws(fields.instance.model))
    if not laws:
        raise DoesNotApply("no combination of P Pᵀ, Pᵀ P and ‖P‖² is conserved at all sizes")
    return MatrixLaws(fields=fields, laws=laws)


def entries(
    law: MatrixLaw, ring: Ring, layers: dict[str, tuple[int, ...]], start: dict[str, int]
) -> Iterator[Poly]:
    """The entries of a law at given sizes, on and above the diagonal; rates absorbed.

    Args:
        law: the law.
        ring: of the weights.
        layers: shapes by name.
        start: place of a layer's first weight among all.
    """
    total: dict[tuple[int, int], Poly] = {}
    for part in law.parts:
        rows = _rows(part, ring, layers[part.layer], start[part.layer])
        factor = fmpq(part.factor.numerator, part.factor.denominator)
        for a in range(len(rows)):
            for b in range(a, len(rows)):
                entry = sum(
                    (x * y for x, y in zip(rows[a], rows[b], strict=True)), ring.context.constant(0)
                )
                total[a, b] = total.get((a, b), ring.context.constant(0)) + entry * factor
    yield from total.values()


def _rows(part: Part, ring: Ring, shape: tuple[int, ...], start: int) -> list[Sequence[Poly]]:
    """Vectors whose inner products are the entries: rows of P, its columns, or all of it."""
    flat = ring.generators[start : start + prod(shape)]
    if part.kind == "norm":
        return [flat]
    width = shape[1] if len(shape) > 1 else 1
    rows = [flat[k : k + width] for k in range(0, len(flat), width)]
    return rows if part.kind == "outer" else [list(column) for column in zip(*rows, strict=True)]
