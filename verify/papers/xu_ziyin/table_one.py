"""Table 1 of Xu & Ziyin 2025 as it is printed, and each entry held against the derived exponents."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from numeric.generated.scaling import linear
from numeric.generated.scaling.linear import Scales
from numeric.limits.exponents import FEATURE, FROZEN, KERNEL, STABLE, UNSTABLE, classify, scales

H = Fraction(1, 2)


@dataclass(frozen=True)
class Column:
    """One column, in printed order; both learning rates are equal.

    Attributes:
        name: of the scaling.
        start: how its layers start, from the text.
        c_d, c_gamma, c_u, c_w, c_eta: the first block.
        phase: below it.
        star, star_phase: the second block: the rate that makes training stable.
        plus: (c_eta, c_gamma) of the third block, a feature learning phase.
        minus: (c_eta, c_gamma) of the fourth block, a kernel phase.
    """

    name: str
    start: str
    c_d: int
    c_gamma: Fraction | int
    c_u: int
    c_w: int
    c_eta: int
    phase: str
    star: int
    star_phase: str
    plus: tuple[int, int]
    minus: tuple[int, Fraction | int]

    def at(self, eta: Fraction | int, gamma: Fraction | int | None = None) -> Scales:
        """The column's exponents with other rates, and another output scale."""
        c_gamma = self.c_gamma if gamma is None else gamma
        return scales(self.c_d, c_gamma, self.c_u, self.c_w, eta, eta)


LEARNING = "learning"
TABLE = (
    Column("NTK", "independent", 1, -H, 0, 0, 0, "kernel", 0, "kernel", (1, -1), (0, -H)),
    Column("MF", "independent", 1, -1, 0, 0, 0, "frozen", 1, LEARNING, (1, -1), (0, -H)),
    Column("Xavier", "independent", 1, 0, -1, -1, 0, LEARNING, 0, LEARNING, (0, 0), (-2, 1)),
    Column("Kaiming", "independent", 1, 0, -1, 0, 0, "unstable", -1, "kernel", (1, -1), (-1, 0)),
    Column("lazy", "zero-output", 0, 1, 0, 0, 0, "unstable", -2, "kernel", (0, 0), (-2, 1)),
)
WORDS = {
    (STABLE, KERNEL): "kernel", (STABLE, FEATURE): LEARNING,
    (FROZEN, KERNEL): "frozen", (FROZEN, FEATURE): "frozen",
    (UNSTABLE, KERNEL): "unstable", (UNSTABLE, FEATURE): "unstable",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One entry of the table and what the derivation says.

    Attributes:
        locus: column and row.
        printed: as in the paper.
        derived: the derivation's own, where it is unique, or what the printed choice leads to.
        holds: whether they agree.
        unique: whether the derivation admits no other value.
    """

    locus: str
    printed: str
    derived: str
    holds: bool
    unique: bool


def entries() -> list[Entry]:
    """All entries, block by block."""
    return [entry for column in TABLE for entry in _of(column)]


def _choice(there: Scales, phase: str) -> str:
    """Whether these are among the choices that the derivation gives for a phase: no rate is to be changed."""
    below = there.c_gamma <= linear.border(there)
    shift = (linear.feature_shift if phase == FEATURE else linear.kernel_shift)(there)
    return "a derived choice" if below == (phase == FEATURE) and shift == 0 else "none of them"


def _of(column: Column) -> list[Entry]:
    def leads_to(given: Scales) -> str:
        found = classify(given, column.start)
        return WORDS[found.stability, found.phase]

    def entry(row: str, printed: object, derived: object, unique: bool) -> Entry:
        texts = str(printed), str(derived)
        return Entry(f"{column.name}, {row}", *texts, texts[0] == texts[1], unique)

    first = column.at(column.c_eta)
    shift = classify(first, column.start).exponents.t_c
    (plus_eta, plus_gamma), (minus_eta, minus_gamma) = column.plus, column.minus
    rows = [
        entry("phase", column.phase, leads_to(first), True),
        entry("c_eta*", column.star, column.c_eta + shift, True),
        entry("phase at c_eta*", column.star_phase, leads_to(column.at(column.star)), True),
    ]
    for sign, words, eta, gamma, phase in (
        ("+", LEARNING, plus_eta, plus_gamma, FEATURE), ("-", "kernel", minus_eta, minus_gamma, KERNEL),
    ):  # fmt: skip
        there = column.at(eta, gamma)
        rows += [
            entry(f"phase at c_eta^{sign}, c_gamma^{sign}", words, leads_to(there), False),
            entry(
                f"c_eta^{sign}, c_gamma^{sign}", "a derived choice", _choice(there, phase), False
            ),
        ]
    return rows
