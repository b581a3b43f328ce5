"""A program to machine code: constants in double-double numbers, and loops over times in float64.

Expressions are printed as for the module that they belong to; their names are bound otherwise. A loop
has the state and one observable written out in it, so that it compiles to vector instructions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sympy import Expr, Symbol

from symbolic.codegen.module import digest
from symbolic.codegen.printer import print_expression
from symbolic.codegen.program import Function, Program, Structure

HEADER = '''"""{title} In machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: {digest}.

The formulas are those of `numeric.generated.{name}`, documented there. `known` is an array of the
constants and of the sums over weights, in the order of KNOWN. A loop `over_…` writes an observable at
all times, times a factor; NaN stands at times for which it does not vouch, and they are counted: float64
loses digits there, or the value is not where what is proved of it says.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import nan
from typing import Any, NamedTuple

from numeric.compiled import scalars as xp
from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, exp, held, mean_decay, sqrt, where

CONSTANTS = ({constants})
SUMS = ({sums})
LIMITS = ({limits})  # of what float64 is enough for
KNOWN = (*CONSTANTS, *SUMS, *LIMITS)
'''
LOOP = '''
@kernel
def over_{name}(times, known, factor, low, high, out):
    """{summary}"""
    time, late, least_ratio, least_output = {limits}
{given}
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
{body}
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & ({ratio} >= least_ratio)
            & (abs({output}) >= least_output * {ratio})
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful
'''
LIMITS = ("time", "late", "least_ratio", "least_output")
POPULATION = {"M_aa", "M_ay"}  # given with the question, not with the weights
ENTRIES = {"alpha": "alpha", "output": "f"}  # of a state
PRECISE = (
    "initial_output", "balance", "growing", "falling", "constants", "at", "limit", "time_scale",
    "weight_u", "weight_omega", "change_omega",
)  # fmt: skip
NAMES = {"exp": "precise_exp", "expm1": "precise_expm1", "mean_decay": "precise_mean_decay"}
NATIVE = {
    "greater": ">", "greater_equal": ">=", "less": "<", "less_equal": "<=", "not_equal": "!=",
    "logical_and": "&", "logical_or": "|",
}  # fmt: skip


def render(program: Program) -> str:
    """The text of the module; empty where a program has no state."""
    if not program.observables:
        return ""
    functions = {one.name: one for one in program.functions}
    constants, state = (_structure_of(program, name) for name in ("Constants", "State"))
    known, sums = known_names(program), sums_of(program)
    parts = [
        HEADER.format(
            title=program.title,
            digest=digest(program),
            name=program.name,
            constants=quoted([z.name for z in constants.fields]),
            sums=quoted(sums),
            limits=quoted(LIMITS),
        )
    ]
    parts += [_structure(constants), _structure(state)]
    parts += [_precise(functions[name]) for name in PRECISE]
    loop = _Loop(functions["at"], known)
    parts += [loop.of(*one) for one in observables_of(program)]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def observables_of(program: Program) -> Iterator[tuple[str, str, Function | str]]:
    """Name and meaning of every curve, and the observable, or the entry of the state, that it is."""
    for one in program.observables:
        if not _names(one) & POPULATION:
            yield one.name, one.summary, one
    for name, entry in ENTRIES.items():
        yield name, f"Entry {entry} of the state.", entry


def sums_of(program: Program) -> list[str]:
    """The sums over weights that curves need, in order."""
    needed = (_names(one) for _, _, one in observables_of(program) if isinstance(one, Function))
    return sorted(set().union(*needed))


def known_names(program: Program) -> list[str]:
    """What a loop knows, in order: constants, sums and limits."""
    constants = _structure_of(program, "Constants")
    return [*(z.name for z in constants.fields), *sums_of(program), *LIMITS]


def _structure_of(program: Program, name: str) -> Structure:
    return next(z for z in program.structures if z.name == name)


def _names(function: Function) -> set[str]:
    return {z.name for z in function.arguments}


def quoted(names: list[str] | tuple[str, ...]) -> str:
    """Names as strings of a tuple."""
    return ", ".join(f'"{name}"' for name in names)


def _structure(structure: Structure) -> str:
    fields = [f"    {symbol.name}: Any" for symbol in structure.fields]
    return "\n".join(
        [f"class {structure.name}(NamedTuple):", f'    """{structure.meaning}"""', "", *fields]
    )


def _precise(function: Function) -> str:
    """One function, of double-double numbers."""
    names = {
        symbol: f"{structure.argument}.{symbol.name}"
        for structure in function.structures
        for symbol in structure.fields
    } | {symbol: symbol.name for symbol, _ in function.body}
    parameters = [z.name for z in function.arguments] + [z.argument for z in function.structures]
    lines = [
        "@call",
        f"def {function.name}({', '.join(parameters)}):",
        f'    """{function.summary}"""',
    ]
    for symbol, expression in function.body:
        text = _helped(print_expression(expression, names))
        text = text.replace("xp.abs(", "abs(").replace("xp.clip_exponent(", "(")
        text = re.sub(r"\bxp\.(\w+)", lambda z: "xp." + NAMES.get(z[1], z[1]), text)
        lines.append(f"    {symbol.name} = {text}")
    if isinstance(function.result, Structure):
        values = ", ".join(names.get(z, z.name) for z in function.result.fields)
        lines.append(f"    return {function.result.name}({values})")
    else:
        lines.append(f"    return {names[function.result]}")
    return "\n".join(lines)


def _helped(text: str) -> str:
    """Helpers of the module are names of the namespace, and know it."""
    return re.sub(r"(?<![\w.])_(\w+)\(", r"xp.\1(", text.replace(", xp)", ")"))


class _Loop:
    """Loops over times of one network.

    Args:
        at: the state at a time.
        known: names of what is known, in order.
    """

    def __init__(self, at: Function, known: list[str]) -> None:
        self._at, self._place = at, {name: place for place, name in enumerate(known)}
        self._state = {z: f"at_{z.name}" for z in at.result.fields}

    def of(self, name: str, summary: str, observable: Function | str) -> str:
        """The loop of an observable, or of an entry of the state."""
        lines = list(self._lines(observable))
        text = "\n".join(lines)
        used = [z for z in self._place if z not in LIMITS and re.search(rf"\bof_{z}\b", text)]
        given = [f"    of_{z} = known[{self._place[z]}]" for z in used]
        return LOOP.format(
            name=name,
            summary=summary,
            limits=", ".join(f"known[{self._place[z]}]" for z in LIMITS),
            given="\n".join(given),
            body="\n".join(f"        {line}" for line in lines),
            ratio="at_residual_ratio",
            output="at_f",
        )

    def _lines(self, observable: Function | str) -> Iterator[str]:
        constants = {z: f"of_{z.name}" for s in self._at.structures for z in s.fields}
        names = constants | {z: f"at_{z.name}" for z, _ in self._at.body}
        for symbol, expression in self._at.body:
            yield f"at_{symbol.name} = {native(expression, names)}"
        if isinstance(observable, str):
            yield f"value = at_{observable}"
            return
        own = {z: f"of_{z.name}" for z in observable.arguments}
        names = constants | self._state | own | {z: z.name for z, _ in observable.body}
        for symbol, expression in observable.body:
            yield f"{symbol.name} = {native(expression, names)}"
        yield f"value = {names[observable.result]}"


def native(expression: Expr, names: Mapping[Symbol, str]) -> str:
    """An expression of float64 numbers: comparisons by operators, guards of derivatives left out."""
    text = _helped(print_expression(expression, names))
    return re.sub(r"\bxp\.(\w+)", lambda found: SHORT.get(found[1], found[1]), _operators(text))


SHORT = {"clip_exponent": "", "minimum": "min", "maximum": "max", "root": "sqrt"}


def _operators(text: str) -> str:
    """Comparisons and connectives of the namespace as operators, from the innermost on."""
    pattern = re.compile(rf"xp\.({'|'.join(NATIVE)})\(")
    while found := pattern.search(text):
        start, depth, comma = found.end(), 1, -1
        for place in range(start, len(text)):
            depth += (text[place] == "(") - (text[place] == ")")
            if depth == 1 and text[place] == "," and comma < 0:
                comma = place
            if depth == 0:
                break
        one, two = text[start:comma], text[comma + 1 : place].strip()
        joined = f"(({one}) {NATIVE[found[1]]} ({two}))"
        text = text[: found.start()] + joined + text[place + 1 :]
    return text
