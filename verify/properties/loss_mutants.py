"""Mutants of what is derived of a loss: its formulas, the edges of their branches, and its constants.

As of networks (`mutants`), each is loaded in place of the original and must be refuted by a value that
torch has otherwise, or be proved to change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import numpy as np
import sympy
from sympy import Expr, Piecewise
from sympy.core.relational import Relational

from numeric import catalogue
from symbolic import losses, models
from symbolic.codegen.loss_module import LossProgram, program
from symbolic.codegen.module import render_function
from symbolic.codegen.program import Function
from symbolic.network import convexity, stable_loss
from symbolic.proof.fractions import without_bare_fractions
from verify.properties.cells import are_same
from verify.properties.check import Violation
from verify.properties.losses import comparisons
from verify.properties.mutants import Mutant, Verdict, formula_changes, is_no_change


def made(name: str) -> LossProgram:
    """What is emitted of a loss."""
    convex = convexity.derive(replace(models.load("linear"), loss=losses.load(name)))
    return program(stable_loss.derive(convex))


def mutants(of: LossProgram) -> Iterator[Mutant]:
    """All mutants of all formulas."""
    for function in of.functions:
        for index, (symbol, expression) in enumerate(function.body):
            seen = {expression}
            for change, whatever in (*formula_changes(function, expression), *_edges(expression)):
                # A constant alone is printed as a whole number, or not at all.
                changed = whatever * whatever.q if whatever.is_Rational else whatever
                if changed not in seen:
                    seen.add(changed)
                    whole = function.with_assignment(index, without_bare_fractions(changed))
                    yield Mutant(function.name, symbol.name, change, changed, function, whole)
        yield from _other_results(function)


def _other_results(function: Function) -> Iterator[Mutant]:
    """One more than it is: a constant that no other change adds."""
    symbol, expression = function.body[-1]
    changed = expression + 1
    whole = function.with_assignment(len(function.body) - 1, changed)
    yield Mutant(function.name, symbol.name, "one more", changed, function, whole)


def _edges(expression: Expr) -> Iterator[tuple[str, Expr]]:
    """Conditions of branches, one at a time: turned round, and moved by one."""
    for piece in sorted(expression.atoms(Piecewise), key=str):
        for _, condition in piece.args:
            if not isinstance(condition, Relational):
                continue
            turned = condition.func(condition.rhs, condition.lhs)
            moved = condition.func(condition.lhs, condition.rhs + 1)
            for words, other in (("turned round", turned), ("moved by one", moved)):
                yield f"{condition} {words}", expression.xreplace({condition: other})


def judge(name: str, mutant: Mutant) -> Verdict:
    """Try to refute one mutant by its values."""
    module = _copy(name)
    text = "from __future__ import annotations\n" + render_function(mutant.changed)
    exec(compile(text, f"<{mutant}>", "exec"), module.__dict__)
    found = refuted(name, module)
    same = found is None and (is_no_change(mutant) or _is_same(mutant))
    return Verdict(mutant, found, same)


def _is_same(mutant: Mutant) -> bool:
    """Of functions of f − y: whether both are proved to be the same, whatever their branches."""
    if len(mutant.original.arguments) == 1:
        return False
    f, y = mutant.original.arguments
    error = sympy.Symbol("error", real=True)
    before, after = (_inserted(one).subs(f, error + y) for one in (mutant.original, mutant.changed))
    return not (before.has(y) or after.has(y)) and are_same(before, after, error)


def _inserted(function: Function) -> Expr:
    """What it returns, its assignments inserted."""
    known: dict[Expr, Expr] = {}
    for symbol, expression in function.body:
        known[symbol] = expression.xreplace(known)
    return known[function.result]


def judge_all(name: str) -> list[Verdict]:
    """Verdicts on all mutants of the formulas of a loss.

    Raises:
        ValueError: when the original itself is refuted.
    """
    own = refuted(name, _copy(name))
    if own is not None:
        raise ValueError(f"the original violates {own.where}")
    return [judge(name, mutant) for mutant in mutants(made(name))]


def altered_constants(name: str) -> Iterator[tuple[str, ModuleType]]:
    """Modules with one constant changed, and what was done."""
    module = catalogue.load_loss(name)
    bends = module.BENDS
    changes: list[tuple[str, object]] = [
        ("TARGETS", "any number" if module.TARGETS != "any number" else "-1 or 1"),
        ("SHIFTS", not module.SHIFTS),
        ("BOUNDED", not module.BOUNDED),
        ("FACTOR", 1 if module.FACTOR is None else None),
        ("BENDS", (*bends, 0.37)),
    ]
    if module.FACTOR is not None:
        changes.append(("FACTOR", 2 * module.FACTOR))
    if bends:
        changes += [("BENDS", bends[1:]), ("BENDS", tuple(z + 0.5 for z in bends))]
    for constant, value in changes:
        other = _copy(name)
        setattr(other, constant, value)
        yield f"{name}: {constant} = {value!r}", other


def refuted(name: str, module: ModuleType) -> Violation | None:
    """The first value that torch has otherwise, or None."""
    try:
        with np.errstate(all="ignore"):
            for where, ratio in comparisons(module, name):
                if not ratio <= 1:
                    return Violation(f"{name}: {where}", "property")
    except (ArithmeticError, TypeError, ValueError, IndexError) as error:
        return Violation(f"{name}: {type(error).__name__}: {error}"[:160], "exception")
    return None


def _copy(name: str) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(catalogue.load_loss(name).__dict__)
    return module
