"""A program to machine code: constants in double-double numbers, and loops over times in float64.

Expressions are printed as for the module that they belong to; their names are bound otherwise. A loop
has the state and one observable written out in it, so that it compiles to vector instructions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbolic.codegen.module import digest
from symbolic.codegen.native import helped, native
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


def render(program: Program) -> str:
    """The text of the module; empty where a program has no state."""
    if not program.observables:
        return ""
    functions = {one.name: one for one in program.functions}
    constants, state = (
        next(z for z in program.structures if z.name == name) for name in ("Constants", "State")
    )
    asked = [z for z in program.observables if not _names(z) & POPULATION]
    sums = sorted(set().union(*map(_names, asked)))
    known = [*(z.name for z in constants.fields), *sums, *LIMITS]
    parts = [
        HEADER.format(
            title=program.title,
            digest=digest(program),
            name=program.name,
            constants=_quoted([z.name for z in constants.fields]),
            sums=_quoted(sums),
            limits=_quoted(LIMITS),
        )
    ]
    parts += [_structure(constants), _structure(state)]
    parts += [_precise(functions[name]) for name in PRECISE]
    loop = _Loop(functions["at"], known)
    parts += [loop.of(one.name, one.summary, one) for one in asked]
    parts += [
        loop.of(name, f"Entry {entry} of the state.", entry) for name, entry in ENTRIES.items()
    ]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def _names(function: Function) -> set[str]:
    return {z.name for z in function.arguments}


def _quoted(names: list[str] | tuple[str, ...]) -> str:
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
        text = helped(print_expression(expression, names))
        text = text.replace("xp.abs(", "abs(").replace("xp.clip_exponent(", "(")
        text = re.sub(r"\bxp\.(\w+)", lambda z: "xp." + NAMES.get(z[1], z[1]), text)
        lines.append(f"    {symbol.name} = {text}")
    if isinstance(function.result, Structure):
        values = ", ".join(names.get(z, z.name) for z in function.result.fields)
        lines.append(f"    return {function.result.name}({values})")
    else:
        lines.append(f"    return {names[function.result]}")
    return "\n".join(lines)


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
