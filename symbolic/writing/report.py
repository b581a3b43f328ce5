"""The report on the family: what is solved for which network, and the proof behind each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy

from symbolic.derivation import Derivation, stage_name
from symbolic.laws import counting
from symbolic.laws.conservation import Conservation, unit_law
from symbolic.laws.counting import LawCounts
from symbolic.proof.certificate import Record
from symbolic.proof.equality import Proved
from symbolic.warp.clock import Clock
from symbolic.warp.linear_powers import Powers
from symbolic.writing import losses_table
from symbolic.writing.document import Block, Heading, Items, Paragraph, Table, code, plain
from symbolic.writing.family import Row, row, table
from symbolic.writing.losses_table import LossesRow

INTRODUCTION = (
    """\
Written by `python3 scripts/run.py derive`; do not edit. Every statement below was proved by the program
that wrote it: a record of the derivation cannot exist without its certificates.""",
    """\
f(x) = γ Σᵢ uᵢ σ(hᵢ), hᵢ = Σⱼ wᵢⱼ xⱼ, loss (f − y)², dθ/dt = −η_θ ∂L/∂θ. In warped time s,
ds/dt = 2 (y − f), every neuron follows its own field and f is monotone, with the tangent kernel K as its
slope.""",
)
NEW = """\
Xu & Ziyin 2025 solve β = 1 and leave β = 2, 3 "to a future work". To our knowledge these are new:"""
NEWS = (
    """\
that a power of the preactivation obeys a linear equation in warped time for β = 1, 2, 3 and for no
  other power, and the flow map that follows, one formula for all signs of the conserved quantity;""",
    """\
the elapsed time at β = 3 as a finite sum of logarithms at any width, at β = 2 for commensurable or
  zero frequencies, and at width 1 for every integer β: for y ≠ 0 and simple roots
  t = s/(2y) − Σ_r log((z − r)/(z(0) − r))/(2 K(r)) over the roots r of f(r) = y;""",
    """\
that at β = 2 no elementary formula for t(s) holds for all starts: two neurons that start at u = 0 with
  incommensurable frequencies, and y = 1, have none (residue criterion of Risch). Other starts with
  incommensurable frequencies, and zero frequencies beside others, are open;""",
    """\
that t(s) is elementary at any width for the linear and the cubic network under every loss whose slope
  is rational branch by branch, and under no loss of exponentials (exponential, logistic, log-cosh,
  binary cross-entropy); for other networks see the table above;""",
    """\
the clocks F of a neuron as integrals of rational functions, elementary, for every integer β ≥ 2.""",
)


@dataclass(frozen=True)
class Section:
    """What the report says of one network.

    Attributes:
        row: in the table.
        laws: conserved quantities and the clock.
        proofs: every certificate.
        times: for which losses t(s) is elementary.
    """

    row: Row
    laws: Sequence[Block]
    proofs: Sequence[Block]
    times: LossesRow


def section(derivation: Derivation) -> Section:
    """The report's part on a network."""
    times = losses_table.row(derivation)
    return Section(row(derivation), _laws(derivation), _proofs(derivation), times)


def report(
    sections: Sequence[Section],
    counts: Sequence[Block],
    powers: Sequence[Block],
    clocks: Sequence[Block],
) -> list[Block]:
    """The whole report.

    Args:
        sections: of all networks.
        counts: of laws for data of any rank, by `counts_section`.
        powers: which of them are linear in the warp, by `powers_section`.
        clocks: of further powers, by `clocks_section`.
    """
    return [
        Heading(1, "The family of additive two-layer networks on one effective data point"),
        *map(Paragraph, INTRODUCTION),
        Heading(2, "What is solved"),
        table(one.row for one in sections),
        Heading(2, "Under which losses t(s) is elementary"),
        *losses_table.blocks([one.times for one in sections]),
        Heading(2, "What is new"),
        Paragraph(NEW),
        Items(NEWS),
        Heading(2, "Which powers are linear in the warp"),
        *powers,
        Heading(2, "Why a line: laws that are left when the data span more"),
        *counts,
        Heading(2, "The laws, network by network"),
        *(block for one in sections for block in one.laws),
        Heading(2, "Clocks of further powers"),
        *clocks,
        Heading(2, "The proofs, network by network"),
        *(block for one in sections for block in one.proofs),
    ]


def clocks_section(clocks: Mapping[int, Clock]) -> list[Block]:
    """The clocks of further powers, each with its proofs."""
    return [block for power, clock in clocks.items() for block in _further(power, clock)]


def powers_section(powers: Powers) -> list[Block]:
    """The theorem on powers that are linear in the warp."""
    solutions = ", ".join(f"(β, m) = ({b}, {m})" for b, m in powers.solutions)
    said = (
        "y = h^m satisfies y″ = μ y + ν with conserved μ and ν exactly for "
        f"{solutions}. Conserved at every power: u² − {_subtracted(powers.law)}."
    )
    return [Paragraph(said), _claims(powers)]


def _subtracted(law: sympy.Expr) -> str:
    (u,) = (z for z in law.free_symbols if str(z) == "u_i")
    return code(sympy.sstr(sympy.simplify(u**2 - law)))


COUNTS = (
    "Laws conserved for all targets and every loss, for data of rank r: D minus the rank of the Lie "
    "algebra that the gradient fields generate (brackets at an exact rational point give a lower "
    "bound of the rank, the laws found an upper one; where they meet the count is proved). On a "
    "line D − 1 laws are left, and one variable remains. For r ≥ 2 and β ≥ 2 only the norms and "
    "what lies across the data are conserved."
)


def counts_section(counts: LawCounts) -> list[Block]:
    """The table of laws for data of any rank."""
    rows = tuple(tuple(map(str, row)) for row in counting.rows(counts))
    width = round(0.9 / len(counting.HEADER), 3)
    return [
        Paragraph(COUNTS),
        Table(tuple(counting.HEADER), (width,) * len(counting.HEADER), rows),
        Paragraph(f"{len(counts.certificates)} certificates proved."),
    ]


def _laws(derivation: Derivation) -> list[Block]:
    found = derivation[Conservation]
    return [
        Heading(3, derivation.model.name),
        Items(
            (
                f"of a neuron: {_code(unit_law(found))}",
                *_clock(derivation[Clock]),
                *(f"across inputs: {_code(law)}" for law in found.linear),
                *(f"between neurons: {_code(law)}" for law in found.between),
            )
        ),
    ]


def _further(power: int, clock: Clock) -> list[Block]:
    return [Heading(3, f"h^{power}"), Items(tuple(_clock(clock))), _claims(clock)]


def _clock(clock: Clock) -> list[str]:
    return [
        f"clock, {name}, z = {_code(clock.coordinate[name])}: F = {_code(value)}"
        for name, value in clock.values.items()
    ]


def _code(expression: sympy.Expr) -> str:
    return code(sympy.sstr(expression))


def _proofs(derivation: Derivation) -> list[Block]:
    blocks: list[Block] = [Heading(3, derivation.model.title)]
    for kind, record in derivation.items():
        blocks += [Paragraph(f"**{stage_name(kind)}**"), _claims(record)]
    refused = (f"*{stage_name(kind)}*: {plain(why)}." for kind, why in derivation.reasons.items())
    return [*blocks, Items(tuple(refused))]


def _claims(record: Record) -> Items:
    return Items(
        tuple(
            f"{code(certificate.claim)} — {plain(certificate.verdict.how)}"
            for certificate in record.certificates
            if isinstance(certificate.verdict, Proved)
        )
    )
