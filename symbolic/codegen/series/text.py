"""The loops of the recurrences: one coefficient of every series after another, eight neurons at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sympy import Expr, Integer, Symbol

from symbolic.codegen.emit.neuron import h, local, u
from symbolic.codegen.module import digest
from symbolic.codegen.native import native
from symbolic.codegen.printer import PrintError
from symbolic.codegen.program import Function, Program, Structure
from symbolic.codegen.series.rows import Choice, Combination, Form, Product, Row, Rows, WholePower
from symbolic.derivation import Derivation
from symbolic.proof.fractions import without_bare_fractions
from symbolic.proof.logistic import plainly
from symbolic.proof.stable_forms import stable
from symbolic.warp.neuron_series import NeuronSeries

HEADER = '''"""{title} Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: {digest}.

The formulas are those of `numeric.generated.{name}`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

{imports}

SLOTS = {slots}  # of `work`
'''
SERIES = '''
@typed(SERIES)
def series(u, h, side, given, pace, order, U, H, F, work):
    """Taylor coefficients in z of neurons at warped time pace z, and of the output of all.

    Args:
        u: second-layer weights at z = 0, of any number of neurons.
        h: their preactivations.
        side: 1 beyond the bend of the activation, −1 before it; read where there is one.
        given: {given}.
        pace: warped time per z.
        order: of the last coefficients.
        U: coefficients of u, are written, of shape (order + 1, neurons).
        H: those of h.
        F: coefficients of the neurons' sum are added to it.
        work: scratch of shape (SLOTS, order + 1, neurons).
    """
{body}
'''
POINTWISE = '''
@typed(POINTWISE)
def {name}(u, h, given):
    """{summary}"""
{given}
    return {value}
'''
AT_POINTS = ("output", "kernel", "conserved", "orbit_slope")
Slope = tuple[Row, Row, Expr]  # a function of h, and its slope over a constant
INDENT = "    "
LANES = 8
IMPORTS = (
    ("math", ("acosh", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "erf", "erfc", "exp", "expm1",
              "log", "log1p", "pi", "pow", "sin", "sinh", "sqrt", "tan", "tanh")),
    ("numeric.compiled.cache", ("typed",)),
    ("numeric.compiled.lanes", ("LANES", "add_product", "chosen", "lanes", "load", "store", "store_first",
                                "sum_of_first")),
    ("numeric.compiled.scalars", ("where",)),
    ("numeric.compiled.series", ("CURVATURE", "POINTWISE", "SERIES", "SPACE", "aligned", "fill", "put",
                                 "whole_power", "with_ends")),
)  # fmt: skip


def render(program: Program, derivation: Derivation) -> str:
    """The text of the module; empty where the activation has no series."""
    if NeuronSeries not in derivation:
        return ""
    try:
        found = _Series(derivation, next(z for z in program.structures if z.name == "Network"))
        points = [z for z in program.functions if z.name in AT_POINTS]
        parts = [SERIES.format(given=found.documented, body=found.body), *map(_at_points, points)]
    except PrintError:
        return ""
    text = "\n\n".join(part.strip("\n") + "\n" for part in parts)
    header = HEADER.format(
        title=program.title,
        digest=digest(program),
        name=program.name,
        imports=imports(text),
        slots=LANES * (found.series + 1),
    )
    return f"{header}\n\n{text}"


def imports(text: str) -> str:
    """What a text uses, imported."""
    lines, code = [], re.sub(r'""".*?"""', "", text, flags=re.DOTALL)
    for module, names in IMPORTS:
        used = [z for z in names if re.search(rf"(?<![\w.]){z}\b", code)]
        if used:
            lines.append(f"from {module} import {', '.join(used)}")
    text = "\n".join(lines)
    return re.sub(r"^(from math .*)\n", r"\1\n\n", text)


def given_by(structure: Structure, text: str) -> list[str]:
    """What a text uses of the hyperparameters, taken from their array."""
    names = [z.name for z in structure.fields]
    return [
        f"{name} = given[{place}]"
        for place, name in enumerate(names)
        if re.search(rf"\b{name}\b", text)
    ]


def _at_points(function: Function) -> str:
    ((_, expression),) = function.body
    (structure,) = function.structures
    value = native(expression, {z: z.name for z in structure.fields})
    given = [INDENT + line for line in given_by(structure, value)]
    return POINTWISE.format(
        name=function.name, summary=function.summary, given="\n".join(given), value=value
    )


class _Series:
    """The body of the function that expands neurons.

    Args:
        derivation: of the network.
        structure: its hyperparameters.
    """

    def __init__(self, derivation: Derivation, structure: Structure) -> None:
        found = derivation[NeuronSeries]
        self._structure = structure
        self._values = {z.symbol.name: local(plainly(z.value)) for z in found.functions}
        slopes = {z.symbol: local(z.slope) for z in found.functions}
        split = {
            name: local(polynomial).as_independent(*slopes, h, u, as_Add=False)
            for name, polynomial in found.polynomials.items()
        }
        rows = Rows([u, h, *slopes])
        self._slopes = [
            (rows.given[z], *factored(rows, rows.form(slope))) for z, slope in slopes.items()
        ]
        self._rates = {name: rate for name, (rate, _) in split.items()}
        self._of_u = rows.form(split["velocity_u"][1])
        self._of_h = rows.form(split["velocity_h"][1])
        self._output, scale = factored(rows, rows.form(split["output"][1]))
        self._rates["output"] *= scale
        self._rows = rows
        self.has_sides = any(isinstance(z, Choice) for z in rows.made)
        self._powers = [z for z in rows.made if isinstance(z, WholePower)]
        names = [z.name for z in (*rows.given.values(), *rows.made)]
        self._places = [*names, "way", *(["side"] if self.has_sides else [])]

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
        given = given_by(self._structure, "\n".join(lines))
        return "\n".join(INDENT + line if line else "" for line in [*given, *lines])

    def _lines(self) -> Iterator[str]:
        yield f"to_u = pace * {factor(self._rates['velocity_u'])}"
        yield f"to_h = pace * {factor(self._rates['velocity_h'])}"
        yield "rows, work = order + 1, aligned(work)"
        for place, name in enumerate(self._places):
            yield f"at_{name} = {place} * rows"
        for place, power in enumerate(self._powers):
            yield f"space_{power.name} = ({len(self._places)} + {place} * SPACE) * rows"
        yield "for first in range(0, u.size, LANES):"
        for line in (*self._start(), "for k in range(rows):"):
            yield INDENT + line
        for line in self._coefficients():
            yield 2 * INDENT + line

    def _start(self) -> Iterator[str]:
        yield "count = min(LANES, u.size - first)"
        yield "for lane in range(count):"
        yield INDENT + "h_0 = h[first + lane]"
        values = [("u", "u[first + lane]"), ("h", "h_0")]
        values += [("side", "side[first + lane]")] if self.has_sides else []
        values += [
            (name, native(without_bare_fractions(stable(value, h)), {h: "h_0"}))
            for name, value in self._values.items()
        ]
        for name, value in values:
            yield INDENT + f"put(work, at_{name}, lane, {value})"
        for name, _ in values:
            yield f"fill(work, at_{name}, count)"

    def _coefficients(self) -> Iterator[str]:
        if any(None in form for form in (self._of_u, self._of_h, *forms_of(self._rows))):
            yield "one = 1.0 if k == 0 else 0.0"
        products = [row for row in self._rows.made if isinstance(row, Product)]
        yield from inner_terms(self._slopes, products)
        yield from functions_of_h(self._slopes)
        for row in sorted(self._rows.made, key=lambda z: z.level):
            yield f"store(work, at_{row.name} + k, {value_of(row)})"
        total = f"sum_of_first(load(work, at_{self._output.name} + k), count)"
        yield f"F[k] += {factor(self._rates['output'])} * {total}"
        yield "store_first(U, k * u.size + first, count, load(work, at_u + k))"
        yield "store_first(H, k * u.size + first, count, load(work, at_h + k))"
        yield "if k < order:"
        yield INDENT + f"store(work, at_u + k + 1, {sum_of(self._of_u, True)} * (to_u / (k + 1)))"
        yield INDENT + f"way = {sum_of(self._of_h, True)} * to_h"
        yield INDENT + "store(work, at_way + k + 1, way)"
        yield INDENT + "store(work, at_h + k + 1, way / (k + 1))"


def forms_of(rows: Rows) -> Iterator[Form]:
    """All sums that rows are made of."""
    for row in rows.made:
        if isinstance(row, Combination):
            yield dict(row.terms)
        if isinstance(row, Choice):
            yield from (dict(row.right), dict(row.left))


def inner_terms(slopes: Sequence[Slope], products: Sequence[Product]) -> Iterator[str]:
    """Of all sums at once, terms without coefficient k: nothing in them waits for another."""
    names = [f"{row.name}_by_h" for row, _, _ in slopes] + [z.name for z in products]
    yield from (f"{name} = lanes(0.0)" for name in names)
    if names:
        yield "for j in range(1, k):"
    if slopes:
        yield INDENT + "way = load(work, at_way + j)"
    terms = [("way", slope) for _, slope, _ in slopes]
    terms += [(f"load(work, at_{z.left.name} + j)", z.right) for z in products]
    for name, (left, right) in zip(names, terms, strict=True):
        other = f"load(work, at_{right.name} + k - j)"
        yield INDENT + f"{name} = add_product({name}, {left}, {other})"


def functions_of_h(slopes: Sequence[Slope]) -> Iterator[str]:
    """Coefficient k of functions of h, from that of their slopes before it."""
    if slopes:
        yield "if k > 0:"
        yield INDENT + "way = load(work, at_way + k)"
    for row, slope, scale in slopes:
        whole = f"add_product({row.name}_by_h, way, load(work, at_{slope.name}))"
        yield INDENT + f"store(work, at_{row.name} + k, {whole} * ({factor(scale)} / k))"


def value_of(row: Row) -> str:
    """The text of coefficient k of a row."""
    if isinstance(row, Product):
        return f"with_ends({row.name}, work, at_{row.left.name}, at_{row.right.name}, k)"
    if isinstance(row, Combination):
        return sum_of(dict(row.terms))
    if isinstance(row, Choice):
        right, left = (sum_of(dict(side)) for side in (row.right, row.left))
        return f"chosen(load(work, at_side), {right}, {left})"
    if isinstance(row, WholePower):
        exponent = number(row.exponent)
        return f"whole_power(work, at_{row.base.name}, {exponent}, space_{row.name}, rows, k)"
    raise TypeError(f"no text for {row}")


def factored(rows: Rows, form: Form) -> tuple[Row, Expr]:
    """A sum as one row and a constant."""
    if len(form) == 1 and None not in form:
        ((row, scale),) = form.items()
        if row is not None:
            return row, scale
    return rows.row(form), Integer(1)


def number(expression: Expr) -> str:
    """The text of a constant."""
    if expression.is_Rational and not expression.is_Integer:
        return f"{expression.p} / {expression.q}"
    names = {z: z.name for z in expression.free_symbols if isinstance(z, Symbol)}
    return native(without_bare_fractions(expression), names)


def factor(expression: Expr) -> str:
    """The text of a constant that something is multiplied by or divided."""
    text = number(expression)
    return f"({text})" if expression.is_Add else text


def sum_of(form: Form, is_factor: bool = False) -> str:
    """The text of coefficient k of a sum."""
    terms = []
    for row, coefficient in form.items():
        part = "lanes(one)" if row is None else f"load(work, at_{row.name} + k)"
        terms.append(part if coefficient == 1 else f"{part} * ({number(coefficient)})")
    text = " + ".join(terms) or "lanes(0.0)"
    return f"({text})" if is_factor and len(terms) > 1 else text
