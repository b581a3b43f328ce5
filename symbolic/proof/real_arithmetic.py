"""Statements about polynomials, and maxima of them, in real variables, decided exactly.

An exponent of a scaling limit is a sum of maxima of linear forms; where alignment grows or norms shrink
is a matter of signs of polynomials. Real arithmetic decides whether such inequalities have a common
solution, and finds an exact one where they have. The solver is Z3; what it finds is inserted and checked.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
import z3
from sympy import Expr, Max, Min, Rational, Symbol

from symbolic.proof.verdict import Proved, Refuted, Undecided, Verdict

Point = dict[Symbol, Rational]
DIGITS = 30  # of an irrational solution, if the statements hold close to it too
PLAIN = tuple(Rational(z) for z in ("1", "2", "1/2", "-1"))  # tried for what is irrational
DEPTH = 3  # how many of those
TRIES = 60  # of them, together
# Of the solver, in its own units, that do not depend on the machine: about 20 s, 2 s and 0.1 s.
EFFORT, SOME, LITTLE = 100_000_000, 20_000_000, 1_000_000


class SolverError(RuntimeError):
    """The solver gave no answer, or one that is wrong."""


def prove_implication(hypotheses: Sequence[sympy.Basic], conclusion: sympy.Basic) -> Verdict:
    """Whether the conclusion holds wherever the hypotheses do.

    Args:
        hypotheses: equations and inequalities between polynomials, or maxima of them, in real symbols,
            with exact coefficients; a symbol that is positive or not negative is taken at its word.
        conclusion: one more, or several joined by And, Or, Implies or Equivalent.

    Returns:
        Proved; or Refuted with exact values at which the hypotheses hold and the conclusion does not.
    """
    try:
        point = find([*hypotheses, sympy.Not(conclusion)])
    except SolverError as error:
        return Undecided(str(error))
    if point is None:
        return Proved("real arithmetic")
    return Refuted({z.name: str(value) for z, value in point.items()}, f"not {conclusion}")


def follows(hypotheses: Sequence[sympy.Basic], conclusion: sympy.Basic) -> bool:
    """Whether some effort proves it; False says nothing."""
    try:
        return _solve([*hypotheses, sympy.Not(conclusion)], SOME) is None
    except SolverError:
        return False


def find(statements: Sequence[sympy.Basic]) -> Point | None:
    """Exact values at which all statements hold, or None where there are none.

    Raises:
        SolverError: where the solver does not decide, or what it found does not satisfy them.
        ValueError: for an expression that is no polynomial or maximum.
    """
    found = _solve(statements, EFFORT)
    if found is None:
        return None
    point, irrational = found
    if _satisfies(point, statements):
        return point
    plain = _plain_solution(statements, irrational, DEPTH, iter(range(TRIES)))
    if plain is None:
        raise SolverError(f"{point} does not satisfy {statements}")
    return plain


def _solve(statements: Sequence[sympy.Basic], effort: int) -> tuple[Point, list[Symbol]] | None:
    """A solution, rounded where it is irrational, and the symbols of which it is."""
    symbols = sorted(set().union(*(z.free_symbols for z in statements)), key=str)
    # A context of its own: what was asked before shall not decide which solution is found.
    context = z3.Context()
    names = {z: z3.Real(z.name, context) for z in symbols}
    solver = z3.Solver(ctx=context)
    solver.set("rlimit", effort)
    solver.add(*(names[z] >= 0 for z in symbols if z.is_nonnegative))
    solver.add(*(names[z] > 0 for z in symbols if z.is_positive))
    solver.add(*(_formula(statement, names, context) for statement in statements))
    answer = solver.check()
    if answer == z3.unsat:
        return None
    if answer != z3.sat:
        raise SolverError(f"not decided: {solver.reason_unknown()}")
    model = solver.model()
    values = {z: model.eval(name, model_completion=True) for z, name in names.items()}
    irrational = [z for z, value in values.items() if z3.is_algebraic_value(value)]
    return {z: _rational(value) for z, value in values.items()}, irrational


def _plain_solution(
    statements: Sequence[sympy.Basic],
    irrational: Sequence[Symbol],
    depth: int,
    tries: Iterator[int],
) -> Point | None:
    """A rational solution, by giving plain values to what was irrational, one after the other."""
    if depth == 0:
        return None
    for symbol, value in itertools.product(irrational, PLAIN):
        if next(tries, None) is None:
            return None
        narrower = [*statements, sympy.Eq(symbol, value, evaluate=False)]
        try:
            found = _solve(narrower, LITTLE)
        except SolverError:
            continue
        if found is None:
            continue
        point, rest = found
        if _satisfies(point, statements):
            return point
        if deeper := _plain_solution(narrower, rest, depth - 1, tries):
            return deeper
    return None


def _satisfies(point: Point, statements: Sequence[sympy.Basic]) -> bool:
    values = {z: Fraction(value.p, value.q) for z, value in point.items()}
    return all(_is_true(statement, values) for statement in statements)


def _rational(value: Any) -> Rational:
    if z3.is_algebraic_value(value):
        value = value.approx(DIGITS)
    return Rational(value.numerator_as_long(), value.denominator_as_long())


RELATIONS: dict[type, Callable[[Any, Any], Any]] = {
    sympy.Eq: lambda a, b: a == b,
    sympy.Ne: lambda a, b: a != b,
    sympy.Gt: lambda a, b: a > b,
    sympy.Ge: lambda a, b: a >= b,
    sympy.Lt: lambda a, b: a < b,
    sympy.Le: lambda a, b: a <= b,
}


def _formula(statement: sympy.Basic, names: dict[Symbol, Any], context: Any) -> Any:
    if isinstance(statement, sympy.And):
        return z3.And([_formula(part, names, context) for part in statement.args])
    if isinstance(statement, sympy.Or):
        return z3.Or([_formula(part, names, context) for part in statement.args])
    if isinstance(statement, (sympy.Implies, sympy.Equivalent)):
        left, right = (_formula(part, names, context) for part in statement.args)
        return z3.Implies(left, right) if isinstance(statement, sympy.Implies) else left == right
    if statement in (sympy.true, sympy.false):
        return z3.BoolVal(statement == sympy.true, context)
    if isinstance(statement, sympy.Not):
        return z3.Not(_formula(statement.args[0], names, context))
    relation = RELATIONS[type(statement)]
    return relation(_term(statement.lhs, names, context), _term(statement.rhs, names, context))


def _term(expression: Expr, names: dict[Symbol, Any], context: Any) -> Any:
    if expression.is_Rational:
        return z3.RealVal(f"{expression.p}/{expression.q}", context)
    if isinstance(expression, Symbol):
        return names[expression]
    if expression.is_Add:
        return z3.Sum([_term(part, names, context) for part in expression.args])
    if expression.is_Mul:
        return z3.Product([_term(part, names, context) for part in expression.args])
    if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
        return _term(expression.base, names, context) ** int(expression.exp)
    if isinstance(expression, (Max, Min)):
        return _extreme(expression, names, context)
    raise ValueError(f"{expression} is no polynomial and no maximum")


def _is_true(statement: sympy.Basic, values: Mapping[Symbol, Fraction]) -> bool:
    """Without the solver, in fractions."""
    if statement in (sympy.true, sympy.false):
        return bool(statement == sympy.true)
    if type(statement) in RELATIONS:
        left, right = (_value(side, values) for side in statement.args)
        return bool(RELATIONS[type(statement)](left, right))
    parts = [_is_true(part, values) for part in statement.args]
    return CONNECTIVES[type(statement)](parts)


CONNECTIVES: dict[type, Callable[[list[bool]], bool]] = {
    sympy.And: all,
    sympy.Or: any,
    sympy.Not: lambda parts: not parts[0],
    sympy.Implies: lambda parts: parts[1] or not parts[0],
    sympy.Equivalent: lambda parts: len(set(parts)) == 1,
}


def _value(expression: Expr, values: Mapping[Symbol, Fraction]) -> Fraction:
    if isinstance(expression, Symbol):
        return values[expression]
    if expression.is_Rational:
        return Fraction(expression.p, expression.q)
    if expression.is_Pow:
        return _value(expression.base, values) ** int(expression.exp)
    combine: dict[type, Any] = {sympy.Add: sum, sympy.Mul: math.prod, Max: max, Min: min}
    return Fraction(combine[expression.func](_value(part, values) for part in expression.args))


def _extreme(expression: Expr, names: dict[Symbol, Any], context: Any) -> Any:
    first, *rest = (_term(part, names, context) for part in expression.args)
    for other in rest:
        keep = first >= other if isinstance(expression, Max) else first <= other
        first = z3.If(keep, first, other)
    return first
