"""A program to machine code: constants in double-double numbers, and loops over times in float64.

Expressions are printed as for the module that they belong to; their names are bound otherwise. A loop
has the state and one observable written out in it, so that it compiles to vector instructions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sympy import Symbol

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
loses digits there, or the value is not where what is proved of it says. For several observables at the
same times `over_state` writes the state once, entry by entry for {together} times at a time, and a loop
`from_…` writes an observable at it.
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
PASSING = ({passing})  # what passes zero with the output
ENTRIES, TOGETHER = {entries}, {together}  # numbers of a state, times of a block
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
{plain}
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful
'''
STATE = '''
@kernel
def over_state(times, known, state):
    """Times in units, and the state at them."""
    time = known[{time}]
{given}
    for first in range(0, times.size, TOGETHER):
        size = min(TOGETHER, times.size - first)
        part, block = times[first : first + size], state[ENTRIES * first :]
        for i in range(size):
            t = part[i] * time
{body}
'''
READING = '''
@kernel
def from_{name}(state, known, factor, low, high, out):
    """{summary}"""
    time, late, least_ratio, least_output = {limits}
{given}
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
{body}
{plain}
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful
'''
PLAIN = ("(t >= 0)", "(t <= late)", "(value >= low)", "(value <= high)", "({ratio} >= least_ratio)")
PASSES = "(abs({output}) >= least_output * {ratio})"
PASSING = (
    "output",
    "overlap",
    "alignment",
)  # what passes zero with the output, and loses digits there
TOGETHER = 64  # times whose states lie side by side
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
    constants, state = structures(program)
    sums, known = sums_of(program), names_known(program)
    parts = [
        HEADER.format(
            title=program.title,
            digest=digest(program),
            name=program.name,
            constants=quoted([z.name for z in constants.fields]),
            sums=quoted(sums),
            limits=quoted(LIMITS),
            passing=quoted(PASSING),
            entries=1 + len(state.fields),
            together=TOGETHER,
        )
    ]
    parts += [_structure(constants), _structure(state)]
    parts += [_precise(functions[name]) for name in PRECISE]
    loop, curves = Loop(functions["at"], known), list(curves_of(program))
    parts += [loop.of(*curve) for curve in curves]
    parts += [loop.state(), *(loop.reading(*curve) for curve in curves)]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def structures(program: Program) -> tuple[Structure, Structure]:
    """Constants and state."""
    constants, state = (
        next(z for z in program.structures if z.name == name) for name in ("Constants", "State")
    )
    return constants, state


def curves_of(program: Program) -> Iterator[tuple[str, str, Function | str]]:
    """Name and meaning of every curve, and the observable, or the entry of the state, that it is."""
    for one in program.observables:
        if not _names(one) & POPULATION:
            yield one.name, one.summary, one
    for name, entry in ENTRIES.items():
        yield name, f"Entry {entry} of the state.", entry


def sums_of(program: Program) -> list[str]:
    """Names of the sums over weights that curves need."""
    needed = (_names(one) for _, _, one in curves_of(program) if isinstance(one, Function))
    return sorted(set().union(*needed))


def names_known(program: Program) -> list[str]:
    """Names of what is known of a trajectory, in order."""
    return [*(z.name for z in structures(program)[0].fields), *sums_of(program), *LIMITS]


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


class Loop:
    """Loops over times of one network.

    Args:
        at: the state at a time.
        known: names of what is known, in order.
    """

    TEMPLATE = LOOP
    LIMIT, GIVEN, INDENT = "known[{}]", "    of_{} = known[{}]", 8

    def __init__(self, at: Function, known: list[str]) -> None:
        self._at, self._place = at, {name: place for place, name in enumerate(known)}
        self._state = {z: f"at_{z.name}" for z in at.result.fields}

    def of(self, name: str, summary: str, observable: Function | str) -> str:
        """The loop of an observable, or of an entry of the state."""
        lines = [*self._at_lines(), *self._lines(observable)]
        return self.TEMPLATE.format(
            name=name,
            summary=summary,
            limits=self._limits,
            given=self._given(lines),
            body=_indented(lines, self.INDENT),
            plain=_indented(_plain(name), self.INDENT),
        )

    def state(self) -> str:
        """The loop that writes the state."""
        lines = list(self._at_lines())
        entries = ["t", *self._state.values()]
        stores = [f"block[{_place_of(k)}] = {entry}" for k, entry in enumerate(entries)]
        return STATE.format(
            time=self._place["time"], given=self._given(lines), body=_indented(lines + stores, 12)
        )

    def reading(self, name: str, summary: str, observable: Function | str) -> str:
        """The loop of an observable at a state that is there."""
        lines = list(self._lines(observable))
        text = "\n".join([*lines, *_plain(name)])
        entries = ["t", *self._state.values()]
        loads = [
            f"{entry} = block[{_place_of(k)}]"
            for k, entry in enumerate(entries)
            if re.search(rf"\b{entry}\b", text)
        ]
        return READING.format(
            name=name,
            summary=summary,
            limits=self._limits,
            given=self._given(lines) or "    pass",
            body=_indented(loads + lines, 12),
            plain=_indented(_plain(name), 12),
        )

    def _given(self, lines: list[str]) -> str:
        text = "\n".join(lines)
        used = [z for z in self._place if z not in LIMITS and re.search(rf"\bof_{z}\b", text)]
        return "\n".join(self.GIVEN.format(z, self._place[z]) for z in used)

    @property
    def _limits(self) -> str:
        return ", ".join(self.LIMIT.format(self._place[z]) for z in LIMITS)

    @property
    def _constants(self) -> dict[Symbol, str]:
        return {z: f"of_{z.name}" for s in self._at.structures for z in s.fields}

    def _at_lines(self) -> Iterator[str]:
        names = self._constants | {z: f"at_{z.name}" for z, _ in self._at.body}
        for symbol, expression in self._at.body:
            yield f"at_{symbol.name} = {native(expression, names)}"

    def _lines(self, observable: Function | str) -> Iterator[str]:
        if isinstance(observable, str):
            yield f"value = at_{observable}"
            return
        own = {z: f"of_{z.name}" for z in observable.arguments}
        names = self._constants | self._state | own | {z: z.name for z, _ in observable.body}
        for symbol, expression in observable.body:
            yield f"{symbol.name} = {native(expression, names)}"
        yield f"value = {names[observable.result]}"


def _plain(name: str) -> list[str]:
    """The test of a value."""
    tests = [*PLAIN, PASSES] if name in PASSING else PLAIN
    text = " & ".join(tests).format(ratio="at_residual_ratio", output="at_f")
    return [f"plain = {text}"]


def _place_of(entry: int) -> str:
    return f"{entry * TOGETHER} + i" if entry else "i"


def _indented(lines: list[str], by: int) -> str:
    return "\n".join(" " * by + line for line in lines)
