"""What is said of a declared network: at all sizes, and at each of some sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symbolic.architecture.instance import Instance
from symbolic.declared.count import Count
from symbolic.declared.left import Left
from symbolic.declared.matrix_laws import MatrixLaws
from symbolic.declared.one_field import OneField
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.reach import Reach
from symbolic.declared.recognised import Solvable
from symbolic.declared.separable_laws import SeparableLaws
from symbolic.declared.summary_json import as_json
from symbolic.declared.two_layer import TwoLayer
from symbolic.declared.unreached import Unreached, matrix_laws_in
from symbolic.declared.written import Spelling, Written
from symbolic.laws.all_sizes import LawsAtAllSizes
from symbolic.laws.darboux import ProductLaw
from symbolic.proof.certificate import Record

__all__ = ["Records", "Summary", "Unreached", "at_least", "laws_at_all_sizes"]
Records = Mapping[type[Record], Record]


@dataclass(frozen=True)
class Summary:
    """A network at given sizes.

    Attributes:
        instance: which.
        records: what was derived.
        reasons: why a stage has no record.
        undecided: of those the ones that say nothing of the network: time was over, or no point was
            found to compute at.
        by_words: laws at all sizes of the declaration, whose proof looks at no sizes; where time was
            over before their entries were proved at these.
    """

    instance: Instance
    records: Mapping[Any, Any]
    reasons: Mapping[Any, str]
    undecided: Mapping[Any, str] = field(default_factory=dict)
    by_words: LawsAtAllSizes | None = None

    @property
    def count(self) -> Count | None:
        """Whether a law is missing; None where that was not reached."""
        return self.records.get(Count)

    @property
    def independent(self) -> int | None:
        """Independent laws of all kinds, at least; None where polynomial ones were not reached."""
        if self.count is not None:
            return self.count.independent
        polynomial: PolynomialLaws | None = self.records.get(PolynomialLaws)
        products: ProductLaws | None = self.records.get(ProductLaws)
        separable: SeparableLaws | None = self.records.get(SeparableLaws)
        if polynomial is None:
            return None
        beside = (
            products.independent if products else 0,
            *(separable.independent if separable else ()),
        )
        return polynomial.independent + sum(beside)

    @property
    def lie_rank(self) -> int | None:
        """The rank of the Lie algebra, at least.

        None where it was not reached, or where it rests on functions of preactivations and these are
        seen to be dependent, or were not looked at.
        """
        if self.count is not None:
            return None if self.count.wrong else self.count.rank
        reach: Reach | None = self.records.get(Reach)
        if reach is None or (self.instance.generated and reach.one_field is None):
            return None
        return reach.rank

    def laws(self, spelling: Spelling) -> list[str]:
        """Independent laws, of the simplest kind first."""
        written, found = Written(self.instance, spelling), []
        if PolynomialLaws in self.records:
            found += [written.law(law) for law in self.records[PolynomialLaws].shown]
        found += [written.product(law) for law in self._products()]
        separable: SeparableLaws | None = self.records.get(SeparableLaws)
        return found + (separable.written(spelling) if separable else [])

    def _products(self) -> tuple[ProductLaw, ...]:
        found: ProductLaws | None = self.records.get(ProductLaws)
        return found.laws if found else ()

    @property
    def kinds(self) -> dict[str, int | None]:
        """How many independent laws there are of each kind; None of a kind that is not searched.

        Separable ones are searched where one field is left.
        """
        simplest = self.records[PolynomialLaws].simplest if PolynomialLaws in self.records else []
        rational = sum(any(n < 0 for _, n in law.factors) for law in self._products())
        linear = sum(all(len(m) == 1 for m in law) for law in simplest)
        separable: int | None = None
        if SeparableLaws in self.records:
            separable = sum(self.records[SeparableLaws].independent)
        elif OneField in self.records:
            separable = 0
        return {
            "linear": linear,
            "quadratic": len(simplest) - linear,
            "rational": rational,
            "product": len(self._products()) - rational,
            "separable": separable,
        }

    def at_all_sizes(self, spelling: Spelling) -> list[tuple[str, str]]:
        """Matrix laws, and what each of them is."""
        record: MatrixLaws | None = self.records.get(MatrixLaws)
        return matrix_laws_in(self.instance.model, record or self.by_words, spelling)

    @property
    def all_sizes_decided(self) -> bool:
        """Whether it is known which laws of matrices there are."""
        return MatrixLaws not in self.undecided or self.by_words is not None

    @property
    def recognised(self) -> str | None:
        """The class of the flow; of neurons that no class solves in time, that they are some."""
        solvable: Solvable | None = self.records.get(Solvable)
        if TwoLayer in self.records and not (solvable and solvable.is_solved):
            return "neurons of one activation"
        return solvable.kind if solvable else None

    @property
    def drawn(self) -> dict[str, list[int]]:
        """What is arbitrary but fixed here: frozen weights, and directions of data; laws may be of it."""
        both = {**self.instance.frozen, **self.instance.directions}
        return {name: list(array.entries) for name, array in both.items()}

    @property
    def rank(self) -> str:
        """The rank of the Lie algebra; from above where what it rests on fails, from below uncounted."""
        if self.count is None:
            return at_least(self.lie_rank)
        return f"{'≤ ' if self.count.wrong else ''}{self.count.rank}"

    @property
    def complete(self) -> str:
        """Whether a law is missing, in a word or two."""
        if self.count is None:
            return "not decided"
        if self.count.wrong:
            return "not claimed"
        if self.count.is_complete:
            return "yes"
        if self.count.is_complete_across:
            return "across gates"
        is_open = self.count.reach.one_field is None
        return (
            f"not decided: gap {self.count.gap}" if is_open else f"no: {self.count.gap} not found"
        )

    @property
    def left(self) -> str:
        """How many variables are left, or between which numbers."""
        found: Left | None = self.records.get(Left)
        if found is None:
            return "?"
        return str(found.at_least) if found.is_exact else f"{found.at_least} … {found.at_most}"

    def as_json(self) -> dict[str, Any]:
        """For `json.dumps`."""
        return as_json(self)


def laws_at_all_sizes(
    found: Sequence[Summary | Unreached], spelling: Spelling
) -> list[tuple[str, str]]:
    """Matrix laws, and what each of them is, of the first sizes at which they were reached."""
    every = (one.at_all_sizes(spelling) for one in found)
    return next((laws for laws in every if laws), [])


def at_least(number: int | None) -> str:
    """A bound from below, in a table."""
    return "?" if number is None else f"≥ {number}"
