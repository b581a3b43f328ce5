"""Stage: laws of whole matrices, at all sizes and for all rates (see `symbolic.laws.all_sizes`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from symbolic.architecture.extent import gradient_terms
from symbolic.architecture.fields import MOST
from symbolic.architecture.fields import fields as fields_of
from symbolic.architecture.instance import Instance
from symbolic.declared.fields import Fields
from symbolic.declared.written import matrix_law
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, laws_at_all_sizes
from symbolic.laws.certificates import RatedRing
from symbolic.laws.entries import entries
from symbolic.laws.motions import scope
from symbolic.laws.rank import independent
from symbolic.laws.rates import at
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class MatrixLaws(Record):
    """Laws whose proof does not look at sizes.

    Attributes:
        laws: a basis of combinations of P Pᵀ/η, Pᵀ P/η, (P + Pᵀ)/η, ‖P‖²/η and 1ᵀ P 1/η over the
            layers P.
        diagonals: of which only the diagonal is conserved, a number for each neuron; so vectors, as
            P 1/η and 1ᵀ P/η.
        independent: how many of their entries are independent at the sizes of the instance.
    """

    fields: Need[Fields]
    laws: tuple[MatrixLaw, ...]
    diagonals: tuple[DiagonalLaw, ...]
    independent: int

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
        yield from self._for_others()
        claim = f"at least {self.independent} of their entries are independent at these sizes"
        yield Certificate(claim, self._are_independent())

    def _holds(self, law: MatrixLaw | DiagonalLaw, ring: RatedRing) -> Verdict:
        instance = self.fields.instance
        if self.fields.by_words is not None:
            is_one = law in laws_at_all_sizes(instance.model).all
            return (
                Proved("by words, at all sizes") if is_one else Undecided("words know no such law")
            )
        if all(map(ring.is_annihilated, entries(law, instance.model, instance.sizes))):
            return Proved("derivatives in the exact ring of weights and roots of rates")
        return Undecided("an entry changes along a field")

    def _for_others(self) -> Iterator[Certificate]:
        """Laws that do not need the declared loss or points hold without them."""
        model = self.fields.instance.model
        if self.fields.by_words is not None or not scope(model).needs:
            return
        for needs in sorted({law.needs for law in self.all if set(law.needs) != {"loss", "data"}}):
            laws = [law for law in self.all if law.needs == needs]
            claim = f"laws that need {' and '.join(needs) or 'neither'} of loss and data hold for others"
            yield Certificate(claim, self._hold_for_others(laws, needs))

    def _hold_for_others(
        self, laws: Sequence[MatrixLaw | DiagonalLaw], needs: tuple[str, ...]
    ) -> Verdict:
        model, sizes = self.fields.instance.model, self.fields.instance.sizes
        loss = model.loss if "loss" in needs else "any"
        wider = replace(model, loss=loss)
        if "data" not in needs:
            wider = replace(wider, data="any", points=())
        if gradient_terms(wider, sizes) > MOST:
            known = laws_at_all_sizes(model).all
            are = all(law in known for law in laws)
            return Proved("by words, at all sizes") if are else Undecided("words know no such law")
        instance = Instance(wider, sizes)
        ring = RatedRing(instance.names, instance.rates, fields_of(instance))
        every = (one for law in laws for one in entries(law, wider, sizes))
        if all(map(ring.is_annihilated, every)):
            return Proved("derivatives in the exact ring of weights and roots of rates")
        return Undecided("an entry changes along a field of another loss or other data")

    def _are_independent(self) -> Verdict:
        if _independent(self.fields, self.all, seed=2) < self.independent:
            return Undecided("the rank of their differentials at another point is smaller")
        return Proved("the rank of their differentials at a point, at unit rates, modulo a prime")

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
            "The output is a sum of products of layers with linked indices; along the flow each of "
            "these matrices changes by such products too, and those of a law cancel: at every size, "
            "for all rates. Of a diagonal it is those with one index for both axes that cancel; of a sum "
            "1ᵀ P or P 1 over an index, those in which that index is summed.",
        )


def derive(fields: Fields) -> MatrixLaws:
    """Linear relations between words."""
    found = laws_at_all_sizes(fields.instance.model)
    if not found.all:
        raise DoesNotApply(
            "words find no combination of P Pᵀ, Pᵀ P, P + Pᵀ, ‖P‖², P 1 and 1ᵀ P that is conserved"
        )
    return MatrixLaws(
        fields=fields,
        laws=found.matrices,
        diagonals=found.diagonals,
        independent=_independent(fields, found.all),
    )


def _independent(fields: Fields, laws: Iterable[MatrixLaw | DiagonalLaw], seed: int = 1) -> int:
    instance = fields.instance
    ones = dict.fromkeys(instance.rates, 1)
    every = (one for law in laws for one in entries(law, instance.model, instance.sizes))
    return independent([at(one, ones) for one in every], (), instance.weights, seed)
