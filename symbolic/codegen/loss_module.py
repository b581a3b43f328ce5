"""The generated module of a loss: value, slope, curvature and minimum, for any number library.

Losses are emitted apart from networks, of which none knows its loss: any pair of them is a program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy
from sympy import Expr, Piecewise, Symbol
from sympy.codegen.cfunctions import log1p

from symbolic import vocabulary as notation
from symbolic.codegen.fractions import without_bare_fractions
from symbolic.codegen.module import digest_of, render_function
from symbolic.codegen.names import equations, named
from symbolic.codegen.program import Function
from symbolic.codegen.stable import stable, with_log1p
from symbolic.network.convexity import ConvexLoss
from symbolic.network.losses import Targets

f, y, margin, missing, error = named("f y margin missing error")
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


def program(record: ConvexLoss) -> LossProgram:
    """What is emitted of a loss."""
    loss = record.model.loss
    functions = [
        _function("loss", f"The {loss.title}.", record, loss(notation.f, notation.y)),
        _function("slope", "Its slope ∂ℓ/∂f.", record, record.slope),
        _function("curvature", "Its second derivative, not negative.", record, record.curvature),
    ]
    if record.minimum:
        functions.append(_minimum(record))
    return LossProgram(
        name=loss.name,
        title=loss.title[0].upper() + loss.title[1:],
        targets=loss.targets.value,
        factor=record.factor,
        shifts=_shifts(record),
        bends=_bends(record),
        bounded=bool(record.minimum),
        functions=tuple(functions),
    )


def render(record: ConvexLoss) -> str:
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


def _shifts(record: ConvexLoss) -> bool:
    moved = {notation.f: notation.f + notation.y}
    return not sympy.simplify(record.slope.subs(moved, simultaneous=True)).has(notation.y)


def _bends(record: ConvexLoss) -> tuple[Expr, ...]:
    """Where the branches of the slope meet, in the error f − y or in the margin y f."""
    if not record.slope.has(Piecewise):
        return ()
    place = notation.f - notation.y if _shifts(record) else notation.f * notation.y
    found = {
        sympy.simplify(place.subs(notation.f, edge))
        for piece in record.slope.atoms(Piecewise)
        for _, condition in piece.args
        for relation in condition.atoms(sympy.core.relational.Relational)
        for edge in sympy.solve(relation.lhs - relation.rhs, notation.f)
    }
    return tuple(sorted(found))


def _function(name: str, summary: str, record: ConvexLoss, value: Expr) -> Function:
    body, result = _forms(record)(value)
    used = tuple(one for one in body if one[0] in result.free_symbols)
    (symbol,) = named(f"{name}_value")
    plain = value.xreplace({notation.f: f, notation.y: y})
    return Function(
        name=name,
        summary=summary,
        equations=equations(**{name: plain}),
        source=f"symbolic/losses/{record.model.loss.name}.py",
        arguments=(f, y),
        structures=(),
        body=(*used, (symbol, without_bare_fractions(result))),
        result=symbol,
    )


Form = Callable[[Expr], tuple[tuple[tuple[Symbol, Expr], ...], Expr]]


def _forms(record: ConvexLoss) -> Form:
    """In which variable a loss is computed, so that nothing cancels or overflows."""
    targets = record.model.loss.targets
    if targets is Targets.SIGNS:
        return _in_margin
    if targets is Targets.PROBABILITIES:
        return _between_both_targets
    return _in_error if _shifts(record) else _plain


def _in_margin(value: Expr) -> tuple[tuple[tuple[Symbol, Expr], ...], Expr]:
    """Targets ±1: in y f; odd powers of y are y."""
    inner = value.subs(notation.f, margin / notation.y)
    inner = inner.replace(
        lambda part: part.is_Pow and part.base == notation.y and part.exp.is_Integer,
        lambda part: notation.y if part.exp % 2 else sympy.Integer(1),
    )
    inner = inner.xreplace({notation.y: y})
    return ((margin, y * f),), stable(with_log1p(inner), margin)


def _between_both_targets(value: Expr) -> tuple[tuple[tuple[Symbol, Expr], ...], Expr]:
    """Targets from 0 to 1, in which the loss is linear: (1 − y) ℓ(f, 0) + y ℓ(f, 1)."""
    ends = [
        stable(with_log1p(sympy.simplify(value.subs(notation.y, end)).xreplace({notation.f: f})), f)
        for end in (0, 1)
    ]
    if ends[0] == ends[1]:
        return (), ends[0]
    return ((missing, 1 - y),), missing * ends[0] + y * ends[1]


def _in_error(value: Expr) -> tuple[tuple[tuple[Symbol, Expr], ...], Expr]:
    """A function of f − y."""
    inner = sympy.simplify(value.subs(notation.f, error + notation.y))
    return ((error, f - y),), stable(with_log1p(inner), error)


def _plain(value: Expr) -> tuple[tuple[tuple[Symbol, Expr], ...], Expr]:
    return (), value.xreplace({notation.f: f, notation.y: y})


def _minimum(record: ConvexLoss) -> Function:
    (place,) = record.minimum
    (symbol,) = named("minimum_value")
    value = place.xreplace({notation.y: y})
    if value.has(sympy.log):
        value = value.replace(
            sympy.log, lambda z: sympy.log(sympy.Mul(*(_positive(part) for part in z.args)))
        )
        value = sympy.expand_log(value, force=True)
        value = value.replace(lambda part: part == sympy.log(1 - y), lambda part: log1p(-y))
    return Function(
        name="minimum",
        summary="The output at which the slope is 0, or begins to be.",
        equations=equations(minimum=place.xreplace({notation.y: y})),
        source=f"symbolic/losses/{record.model.loss.name}.py",
        arguments=(y,),
        structures=(),
        body=((symbol, value),),
        result=symbol,
    )


def _positive(part: Expr) -> Expr:
    """A factor of −y/(y − 1) by its positive counterpart."""
    return -part if part == -1 else part.subs(y - 1, 1 - y) if part.has(y - 1) else part
