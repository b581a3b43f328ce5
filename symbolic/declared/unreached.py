"""A network at sizes that were not reached, and the laws at all sizes that are said all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symbolic.architecture.model import Model
from symbolic.declared.matrix_laws import MatrixLaws
from symbolic.declared.written import LATEX, Spelling, matrix_law, shape
from symbolic.laws.all_sizes import LawsAtAllSizes


def matrix_laws_in(
    model: Model, found: MatrixLaws | LawsAtAllSizes | None, spelling: Spelling
) -> list[tuple[str, str]]:
    """Laws at all sizes as text, and what each of them is; none where none were reached."""
    laws = found.all if found is not None else ()
    return [
        (
            matrix_law(law, model.layers, is_latex=spelling is LATEX),
            shape(law),
        )
        for law in laws
    ]


@dataclass(frozen=True)
class Unreached:
    """A network at sizes where the time was over before its outputs were expanded: nothing is found.

    Attributes:
        model, sizes: which.
        reason: in words.
        by_words: laws at all sizes, for which nothing is expanded.
    """

    model: Model
    sizes: Mapping[str, int]
    reason: str
    by_words: LawsAtAllSizes | None = None

    def at_all_sizes(self, spelling: Spelling) -> list[tuple[str, str]]:
        """Matrix laws, and what each of them is."""
        return matrix_laws_in(self.model, self.by_words, spelling)

    @property
    def all_sizes_decided(self) -> bool:
        """Whether it is known which laws of matrices there are."""
        return self.by_words is not None

    @property
    def weights(self) -> int:
        """Their number."""
        return self.model.number_of_weights(self.sizes)

    def as_json(self) -> dict[str, Any]:
        """As that of a `Summary`, with nothing in it."""
        nothing = dict.fromkeys(
            (
                "independent",
                "lie_rank",
                "gap",
                "left",
                "left_between",
                "recognised",
                "activation",
                "how_far",
            )
        )
        kinds = dict.fromkeys(("linear", "quadratic", "rational", "product", "separable"))
        return {
            "sizes": dict(self.sizes), "weights": self.weights, **nothing, "complete": False,
            "symmetries": {}, "signs": [], "permutations": [], "regions": None, "solutions": [],
            "drawn": {}, "assumed": [], "solved": False, "chain": None, "every_width": {},
            "laws": [], "said": [], "kinds": kinds, "not_decided": {"Instance": self.reason},
            "does_not_apply": {},
        }  # fmt: skip
