"""The generated module of a loss: value, slope, curvature and minimum, for any number library.

Losses are emitted apart from networks, of which none knows its loss: any pair of them is a program.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr

from symbolic import vocabulary as notation
from symbolic.codegen.docstring import plain
from symbolic.codegen.module import digest_of, render_function
from symbolic.codegen.names import equations, named
from symbolic.codegen.program import Function
from symbolic.network.stable_loss import StableLoss, derived
from symbolic.proof.fractions import without_bare_fractions

f, y = named("f y")
HEADER = '''"""{title}: ℓ(f, y) of an output f at a target y.

Generated, do not edit. To change it, change symbolic/losses/{name}.py and run

    python3 scripts/run.py derive

SymPy {version}. Digest of the source expressions: {digest}.

Every function is elementwise: arguments broadcast, shapes are the caller's choice, and what is the same
everywhere is a plain number. `xp` is the namespace that computes: numpy (the default), torch, or any
object with the same function names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TARGETS = {targets!r}  # what a target may be
FACTOR = {factor}  # c where the loss is c (f − y)² + const; None where it is another function
SHIFTS = {shifts}  # whether it is a function of f − y alone
BENDS = {bends}  # f − y, or y f, at which the slope is not smooth
BOUNDED = {bounded}  # whether the minimum is at a finite output
'''


@dataclass(frozen=True)
class LossProgram:
    """A generated module of a loss.

    Attributes:
        name, title: as of the loss.
        targets: what a target may be, in words.
        factor: c where the loss is c (f − y)² + const; None where it is another function.
        shifts: whether it is a function of f − y alone.
        bends: f − y, or y f, at which the slope is not smooth.
        bounded: whether the minimum is at a finite output.
        functions: loss, slope, curvature and, where there is one, minimum.
    """

    name: str
    title: str
    targets: str
    factor: Expr | None
    shifts: bool
    bends: tuple[Expr, ...]
    bounded: bool
    functions: tuple[Function, ...]


def program(record: StableLoss) -> LossProgram:
    """What is emitted of a loss."""
    loss = record.loss.model.loss
    functions = [
        _function("loss", f"The {plain(loss.title)}.", record),
        _function("slope", "Its slope ∂ℓ/∂f.", record),
        _function("curvature", "Its second derivative, not negative.", record),
    ]
    if record.minimum:
        functions.append(_minimum(record))
    return LossProgram(
        name=loss.name,
        title=plain(loss.title[0].upper() + loss.title[1:]),
        targets=loss.targets.value,
        factor=record.loss.factor,
        shifts=record.shifts,
        bends=record.bends,
        bounded=bool(record.minimum),
        functions=tuple(functions),
    )


def render(record: StableLoss) -> str:
    """The text of the module."""
    return text(program(record))


def text(made: LossProgram) -> str:
    """The text of the module of a program."""
    head = HEADER.format(
        title=made.title,
        name=made.name,
        version=sympy.__version__,
        digest=digest_of(made.functions),
        targets=made.targets,
        factor="None" if made.factor is None else _number(made.factor),
        shifts=made.shifts,
        bends=f"({', '.join(map(_number, made.bends))},)" if made.bends else "()",
        bounded=made.bounded,
    )
    parts = [head, *map(render_function, made.functions)]
    return "\n\n".join(part.rstrip("\n") + "\n" for part in parts)


def _number(value: Expr) -> str:
    return str(value) if value.is_Integer else f"{value.p} / {value.q}"


def _function(name: str, summary: str, record: StableLoss) -> Function:
    form = record.forms[name]
    plain = derived(record.loss)[name]
    (symbol,) = named(f"{name}_value")
    used = ((z, value) for z, value in record.variables.items() if z in form.free_symbols)
    return Function(
        name=name,
        summary=summary,
        equations=equations(**{name: _local(plain)}),
        source=f"symbolic/losses/{record.loss.model.loss.name}.py",
        arguments=(f, y),
        structures=(),
        body=(
            *((z, _local(value)) for z, value in used),
            (symbol, without_bare_fractions(_local(form))),
        ),
        result=symbol,
    )


def _local(expression: Expr) -> Expr:
    return expression.xreplace({notation.f: f, notation.y: y})


def _minimum(record: StableLoss) -> Function:
    (place,), (plain, *_) = record.minimum, record.loss.minimum
    (symbol,) = named("minimum_value")
    return Function(
        name="minimum",
        summary="The output at which the slope is 0, or begins to be.",
        equations=equations(minimum=_local(plain)),
        source=f"symbolic/losses/{record.loss.model.loss.name}.py",
        arguments=(y,),
        structures=(),
        body=((symbol, _local(place)),),
        result=symbol,
    )
