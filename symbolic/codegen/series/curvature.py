"""The loop that expands second derivatives of the output along a neuron's way, beside `text`.

The way is there as coefficients: what a change of the start makes of it is linear in the change, and the
coefficients of this linear equation are these.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbolic.codegen.emit.neuron import h, local, u
from symbolic.codegen.module import digest
from symbolic.codegen.native import native
from symbolic.codegen.printer import PrintError
from symbolic.codegen.program import Program, Structure
from symbolic.codegen.series import text
from symbolic.codegen.series.rows import Product, Rows, WholePower
from symbolic.derivation import Derivation
from symbolic.proof.fractions import without_bare_fractions
from symbolic.proof.logistic import plainly
from symbolic.proof.stable_forms import stable
from symbolic.warp.closure import on_sides
from symbolic.warp.neuron_series import CURVATURES, NeuronSeries

CURVATURE = '''
@typed(CURVATURE)
def curvature(given, order, U, H, UH, HH, work):
    """Taylor coefficients in z of second derivatives of each neuron's output, along its way.

    Args:
        given: {given}.
        order: of the last coefficients.
        U: coefficients of u, of shape (order + 1, neurons).
        H: those of the preactivation h.
        UH: coefficients of the derivative by u and h, are written.
        HH: of that by h twice.
        work: scratch of shape (SLOTS, order + 1, neurons).
    """
{body}
'''
INDENT = text.INDENT


def render(program: Program, derivation: Derivation) -> str:
    """The text of the module; empty where the activation has no series, or a bend."""
    if NeuronSeries not in derivation or has_bend(derivation[NeuronSeries]):
        return ""
    try:
        found = _Curvature(derivation, next(z for z in program.structures if z.name == "Network"))
        code = CURVATURE.format(given=found.documented, body=found.body)
    except PrintError:
        return ""
    header = text.HEADER.format(
        title=program.title,
        digest=digest(program),
        name=program.name,
        imports=text.imports(code),
        slots=text.LANES * (found.series + 1),
    )
    return f"{header}\n\n{code.lstrip()}"


def has_bend(found: NeuronSeries) -> bool:
    """Whether the slope of the output jumps: then a change is felt by when the bend is passed, too."""
    return any(
        one.has(on_sides) for one in (*found.polynomials.values(), *found.curvatures.values())
    )


class _Curvature:
    """The body of the function.

    Args:
        derivation: of the network.
        structure: its hyperparameters.
    """

    def __init__(self, derivation: Derivation, structure: Structure) -> None:
        found = derivation[NeuronSeries]
        self._structure = structure
        slopes = {z.symbol: local(z.slope) for z in found.functions}
        split = [
            local(found.curvatures[z]).as_independent(*slopes, h, u, as_Add=False)
            for z in CURVATURES
        ]
        rows = Rows([u, h, *slopes])
        self._forms = [(rate, rows.form(part)) for rate, part in split]
        self._values = {z.symbol.name: local(plainly(z.value)) for z in found.functions}
        self._slopes = [
            (rows.given[z], *text.factored(rows, rows.form(slope))) for z, slope in slopes.items()
        ]
        self._rows = rows
        self._powers = [z for z in rows.made if isinstance(z, WholePower)]
        names = [z.name for z in (*rows.given.values(), *rows.made)]
        self._places = [*names, "way"]

    @property
    def documented(self) -> str:
        """What the array of hyperparameters holds."""
        return ", ".join(z.name for z in self._structure.fields)

    @property
    def series(self) -> int:
        """How many there are."""
        return len(self._places) + 12 * len(self._powers)

    @property
    def body(self) -> str:
        """Its lines."""
        lines = list(self._lines())
        given = text.given_by(self._structure, "\n".join(lines))
        return "\n".join(INDENT + line if line else "" for line in [*given, *lines])

    def _lines(self) -> Iterator[str]:
        yield "rows, neurons, work = order + 1, U.shape[1], aligned(work)"
        for place, name in enumerate(self._places):
            yield f"at_{name} = {place} * rows"
        for place, power in enumerate(self._powers):
            yield f"space_{power.name} = ({len(self._places)} + {place} * SPACE) * rows"
        yield "for first in range(0, neurons, LANES):"
        for line in (*self._start(), "for k in range(rows):"):
            yield INDENT + line
        for line in self._coefficients():
            yield 2 * INDENT + line

    def _start(self) -> Iterator[str]:
        yield "count = min(LANES, neurons - first)"
        yield "for k in range(rows):"
        for name in ("u", "h"):
            yield INDENT + "for lane in range(count):"
            yield 2 * INDENT + f"put(work, at_{name} + k, lane, {name.upper()}[k, first + lane])"
            yield INDENT + f"fill(work, at_{name} + k, count)"
        yield INDENT + "store(work, at_way + k, load(work, at_h + k) * k)"
        values = [
            (name, native(without_bare_fractions(stable(value, h)), {h: "h_0"}))
            for name, value in self._values.items()
        ]
        if values:
            yield "for lane in range(count):"
            yield INDENT + "h_0 = H[0, first + lane]"
        for name, value in values:
            yield INDENT + f"put(work, at_{name}, lane, {value})"
        for name, _ in values:
            yield f"fill(work, at_{name}, count)"

    def _coefficients(self) -> Iterator[str]:
        forms = [form for _, form in self._forms]
        if any(None in form for form in (*forms, *text.forms_of(self._rows))):
            yield "one = 1.0 if k == 0 else 0.0"
        products = [row for row in self._rows.made if isinstance(row, Product)]
        yield from text.inner_terms(self._slopes, products)
        yield from text.functions_of_h(self._slopes)
        for row in sorted(self._rows.made, key=lambda z: z.level):
            yield f"store(work, at_{row.name} + k, {text.value_of(row)})"
        for name, (rate, form) in zip(("UH", "HH"), self._forms, strict=True):
            value = text.sum_of(form, is_factor=True)
            scale = "" if rate == 1 else f" * {text.factor(rate)}"
            yield f"store_first({name}, k * neurons + first, count, {value}{scale})"
