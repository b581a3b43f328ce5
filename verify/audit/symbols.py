"""What the names of exact values stand for: in a paper's text, or in a user's claims.

A paper may read a symbol otherwise than the derivation does; a user's claims read all of them as the
notation table has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sympy import Symbol

from symbolic.notation.typesetting import typeset
from symbolic.vocabulary import TABLE
from verify.papers.paper import Paper

Meaning = tuple[str, str]  # LaTeX and words


@dataclass(frozen=True)
class Names:
    """Where names are looked up.

    Attributes:
        known: LaTeX and meaning of a name, None where it has none.
        latex: LaTeX of a paper's own symbols, by name.
    """

    known: Callable[[str], Meaning | None]
    latex: Mapping[str, str] = field(default_factory=dict)

    def symbol(self, name: str) -> str:
        """LaTeX of a symbol's name."""
        found = self.known(name)
        return found[0] if found else typeset(Symbol(name))

    def meaning(self, name: str) -> str | None:
        """What a symbol stands for; None where that is not known."""
        found = self.known(name)
        return found[1] if found else None


def _table(name: str) -> Meaning | None:
    return (TABLE[name].latex, TABLE[name].meaning) if name in TABLE else None


WEIGHTS = {
    r"u0_(\d)": (r"u_{%s}(0)", "second-layer weight of neuron %s at the start"),
    r"w0_(\d)(\d)": (r"w_{%s%s}(0)", "first-layer weight of neuron %s and input %s at the start"),
    r"x_(\d)": ("x_{%s}", "component %s of the data point"),
}
ENDS = {"alpha_end": (r"\alpha(\infty)", "p(∞)²/p(0)², where the flow ends")}


def _of_claims(name: str) -> Meaning | None:
    for pattern, (latex, words) in WEIGHTS.items():
        if found := re.fullmatch(pattern, name):
            return latex % found.groups(), words % found.groups()
    return ENDS.get(name) or _table(name)


def names_of(paper: Paper | None) -> Names:
    """The names of a paper's text; without one, of a user's claims."""
    if paper is None:
        return Names(_of_claims)
    own = paper.symbols
    return Names(lambda name: own.get(name) or _table(name), paper.latex)
