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
from symbolic.writing.family import Row, markdown, row
from symbolic.writing.losses_table import LossesRow

INTRODUCTION = """\
# The family of additive two-layer networks on one effective data point

Written by `python3 scripts/run.py derive`; do not edit. Every statement below was proved by the program
that wrote it: a record of the derivation cannot exist without its certificates.

f(x) = γ Σᵢ uᵢ σ(hᵢ), hᵢ = Σⱼ wᵢⱼ xⱼ, loss (f − y)², dθ/dt = −η_θ ∂L/∂θ. In warped time s,
ds/dt = 2 (y − f), every neuron follows its own field and f is monotone, with the tangent kernel K as its
slope.

## What is solved
"""

NEW = """\
Xu & Ziyin 2025 solve β = 1 and leave β = 2, 3 "to a future work". To our knowledge these are new:

* that a power of the preactivation obeys a linear equation in warped time for β = 1, 2, 3 and for no
  other power, and the flow map that follows, one formula for all signs of the conserved quantity;
* the elapsed time at β = 3 as a finite sum of logarithms at any width, at β = 2 for commensurable or
  zero frequencies, and at width 1 for every integer β: for y ≠ 0 and simple roots
  t = s/(2y) − Σ_r log((z − r)/(z(0) − r))/(2 K(r)) over the roots r of f(r) = y;
* that at β = 2 no elementary formula for t(s) holds for all starts: two neurons that start at u = 0 with
  incommensurable frequencies, and y = 1, have none (residue criterion of Risch). Other starts with
  incommensurable frequencies, and zero frequencies beside others, are open;
* that t(s) is elementary at any width for the linear and the cubic network under every loss whose slope
  is rational branch by branch, and under no loss of exponentials (exponential, logistic, log-cosh,
  binary cross-entropy); for other networks see the table above;
* the clocks F of a neuron as integrals of rational functions, elementary, for every integer β ≥ 2.
"""


@dataclass(frozen=True)
class Section:
    """What the report says of one network.

    Attributes:
        row: in the table.
        laws: conserved quantities and the clock, Markdown.
        proofs: every certificate, Markdown.
        times: for which losses t(s) is elementary.
    """

    row: Row
    laws: str
    proofs: str
    times: LossesRow


def section(derivation: Derivation) -> Section:
    """The report's part on a network."""
    times = losses_table.row(derivation)
    return Section(row(derivation), _laws(derivation), _proofs(derivation), times)


def report(sections: Sequence[Section], counts: str, powers: str, clocks: str) -> str:
    """The whole report, in Markdown.

    Args:
        sections: of all networks.
        counts: of laws for data of any rank, by `counts_section`.
        powers: which of them are linear in the warp, by `powers_section`.
        clocks: of further powers, by `clocks_section`.
    """
    parts = [
        INTRODUCTION,
        markdown(one.row for one in sections),
        "\n## Under which losses t(s) is elementary\n",
        losses_table.markdown([one.times for one in sections]),
        "## What is new\n",
        NEW,
        "## Which powers are linear in the warp\n",
        powers,
        "\n## Why a line: laws that are left when the data span more\n",
        counts,
        "\n## The laws, network by network\n",
        *(one.laws for one in sections),
        "## Clocks of further powers\n",
        clocks,
        "\n## The proofs, network by network\n",
        *(one.proofs for one in sections),
    ]
    return "\n".join(parts).rstrip() + "\n"


def clocks_section(clocks: Mapping[int, Clock]) -> str:
    """The clocks of further powers, each with its proofs."""
    return "\n".join(_further(power, clock) for power, clock in clocks.items())


def powers_section(powers: Powers) -> str:
    """The theorem on powers that are linear in the warp."""
    solutions = ", ".join(f"(β, m) = ({b}, {m})" for b, m in powers.solutions)
    lines = [
        "y = h^m satisfies y″ = μ y + ν with conserved μ and ν exactly for "
        f"{solutions}. Conserved at every power: u² − {_code(powers.law)}.",
        "",
        *_claims(powers),
    ]
    return "\n".join(lines)


def _code(law: sympy.Expr) -> str:
    (u,) = (z for z in law.free_symbols if str(z) == "u_i")
    return f"`{sympy.sstr(sympy.simplify(u**2 - law))}`"


def counts_section(counts: LawCounts) -> str:
    """The table of laws for data of any rank."""
    rows = counting.rows(counts)
    lines = [
        "Laws conserved for all targets and every loss, for data of rank r: D minus the rank of the Lie "
        "algebra that the gradient fields generate (brackets at an exact rational point give a lower "
        "bound of the rank, the laws found an upper one; where they meet the count is proved). On a "
        "line D − 1 laws are left, and one variable remains. For r ≥ 2 and β ≥ 2 only the norms and "
        "what lies across the data are conserved.",
        "",
        "| " + " | ".join(counting.HEADER) + " |",
        "|---" * len(counting.HEADER) + "|",
        *("| " + " | ".join(map(str, row)) + " |" for row in rows),
        "",
        f"{len(counts.certificates)} certificates proved.",
    ]
    return "\n".join(lines)


def _laws(derivation: Derivation) -> str:
    law = sympy.sstr(unit_law(derivation[Conservation]))
    lines = [
        f"### {derivation.model.name}",
        "",
        f"* of a neuron: `{law}`",
        *_clock(derivation[Clock]),
    ]
    lines += [f"* across inputs: `{law}`" for law in derivation[Conservation].linear]
    lines += [f"* between neurons: `{law}`" for law in derivation[Conservation].between]
    return "\n".join([*lines, ""])


def _further(power: int, clock: Clock) -> str:
    return "\n".join([f"### h^{power}", "", *_clock(clock), "", *_claims(clock), ""])


def _clock(clock: Clock) -> list[str]:
    return [
        f"* clock, {name}, z = `{clock.coordinate[name]}`: F = `{sympy.sstr(value)}`"
        for name, value in clock.values.items()
    ]


def _proofs(derivation: Derivation) -> str:
    lines = [f"### {derivation.model.title}", ""]
    for kind, record in derivation.items():
        lines += [f"**{stage_name(kind)}**", "", *_claims(record), ""]
    lines += [f"*{stage_name(kind)}*: {why}." for kind, why in derivation.reasons.items()]
    return "\n".join([*lines, ""])


def _claims(record: Record) -> list[str]:
    return [
        f"* `{certificate.claim}` — {certificate.verdict.how}"
        for certificate in record.certificates
        if isinstance(certificate.verdict, Proved)
    ]
