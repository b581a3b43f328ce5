"""Mutants of every derived formula, and what refutes them.

Each right-hand side of the generated program is changed in one place: a sign, a factor 2, an
exponent, a dropped term, a swapped symbol. A mutant is loaded in place of the original and must
violate a property. A change that is proved to leave the function's value as it is (the sign of
something that is squared) is no mutant; `symbolic.proof.equality` decides that, and such changes are
counted apart.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
import sympy
from sympy import Expr, Piecewise, Symbol

from numeric import catalogue
from symbolic.codegen.module import render_function
from symbolic.codegen.program import Function, Program, ProgramError
from symbolic.proof.equality import is_proved, prove_equal
from symbolic.proof.local_changes import local_changes
from verify.oracle.reference import Reference
from verify.properties.calls import Calls, calls
from verify.properties.check import Violation, everything, first_violation
from verify.properties.flows import ByNetwork, Maker

SWAPS = (
    ("eta_u", "eta_w"), ("P", "Q"), ("A_P", "A_Q"), ("p", "q"), ("r_plus", "r_minus"),
    ("numerator", "denominator"), ("u_0", "omega_0"), ("larger", "smaller"), ("b_1", "b_2"),
    ("norm_u_2", "norm_omega_2"), ("inner", "across"), ("gram", "balance"), ("M_aa", "M_ay"),
    ("f_0", "y"), ("rho", "gamma"), ("t", "R"), ("E", "tau"), ("omega", "omega_0"),
    ("u", "h"), ("u_0", "h_0"), ("first", "second"), ("S_mu", "T_mu"), ("mu", "discriminant"),
    ("z_top", "z_bottom"),
)  # fmt: skip


EXCHANGED = {
    sympy.tanh: sympy.sinh, sympy.sinh: sympy.cosh, sympy.cosh: sympy.sinh,
    sympy.sin: sympy.cos, sympy.cos: sympy.sin,
}  # fmt: skip

# Not formulas: which number is larger, how large rounding errors are, what would underflow.
BOOKKEEPING = (
    "rate_time", "lesser", "greater", "size_by_target", "size_by_alpha", "total_size", "decay_up",
    "decay_down", "terms", "one", "other_share", "total", "bound", "apart", "fallen", "long", "short",
    "aspect",
)  # fmt: skip
# Where nothing moves: the values there are 0, only derivatives see them (tests/numeric/test_gradients).
AT_REST = "both", "by_weights"
OTHERWISE = ("constants", "smaller"), ("at", "f"), ("kernel_change", "change")
GUARDS = (
    "_alone",
    "_reach",
    "_per_length",
    "_where_zero",
)  # of a square root, for derivatives at zero


def is_bookkeeping(name: str) -> bool:
    """Whether what has this name is no formula."""
    return name.startswith("safe_") or name in (*BOOKKEEPING, *AT_REST) or name.endswith(GUARDS)


@dataclass(frozen=True)
class Mutant:
    """One changed formula.

    Attributes:
        function, symbol: where it stands.
        change: what was done, in words.
        expression: what stands there now.
        original, changed: the function before and after.
    """

    function: str
    symbol: str
    change: str
    expression: Expr
    original: Function
    changed: Function

    def __str__(self) -> str:
        return f"{self.function}.{self.symbol}, {self.change}: {self.expression}"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    Attributes:
        mutant: the mutant.
        refuted_by: the comparison it violates, and whether by its value, or None.
        is_no_change: whether the function's value was proved to be the original one.
    """

    mutant: Mutant
    refuted_by: Violation | None
    is_no_change: bool = False

    @property
    def survived(self) -> bool:
        """Neither refuted nor proved to be no change: a hole in the checks."""
        return self.refuted_by is None and not self.is_no_change


def mutants(program: Program) -> Iterator[Mutant]:
    """All mutants of all formulas; guards and pure bookkeeping are not formulas.

    A formula that several functions share is changed in the first of them.
    """
    shared = set[tuple[Symbol, Expr]]()
    for function in program.functions:
        for index, (symbol, expression) in enumerate(function.body):
            if is_bookkeeping(symbol.name) or (symbol, expression) in shared:
                continue
            shared.add((symbol, expression))
            seen = {expression}
            known = _symbols(function)
            only_first = (function.name, symbol.name) in OTHERWISE
            for change, changed in _changes(expression, known):
                if only_first and not change.startswith("branch 1"):
                    continue
                if changed in seen or _is_same(expression, changed):
                    continue
                seen.add(changed)
                try:
                    whole = function.with_assignment(index, changed)
                except ProgramError:
                    continue  # a swap brought in a symbol that the function does not have
                yield Mutant(function.name, symbol.name, change, changed, function, whole)


def _symbols(function: Function) -> dict[str, Symbol]:
    """Every symbol that a function knows, by name."""
    given = [z for structure in function.structures for z in structure.fields]
    return {z.name: z for z in (*given, *function.arguments, *(z for z, _ in function.body))}


def formula_changes(function: Function, expression: Expr) -> Iterator[tuple[str, Expr]]:
    """A right-hand side of a function changed in one place, each time another."""
    yield from _changes(expression, _symbols(function))


def _changes(expression: Expr, known: Mapping[str, Symbol]) -> Iterator[tuple[str, Expr]]:
    if isinstance(expression, Piecewise):
        yield from _branch_changes(expression, known)
        return
    yield "sign", -expression
    yield "factor 2", 2 * expression
    yield from local_changes(expression)
    yield from _function_changes(expression)
    for one, two in SWAPS:
        a, b = known.get(one), known.get(two)
        if a is not None and b is not None and (expression.has(a) or expression.has(b)):
            yield f"{one} and {two} swapped", expression.xreplace({a: b, b: a})


def _function_changes(expression: Expr) -> Iterator[tuple[str, Expr]]:
    """One transcendental function for another, and twice its argument."""
    for node in sympy.preorder_traversal(expression):
        if type(node) in EXCHANGED:
            (argument,) = node.args
            other = EXCHANGED[type(node)](argument)
            yield f"another function for {node}", expression.xreplace({node: other})
            yield (
                f"twice the argument of {node}",
                expression.xreplace({node: node.func(2 * argument)}),
            )


def _branch_changes(
    expression: Piecewise, known: Mapping[str, Symbol]
) -> Iterator[tuple[str, Expr]]:
    """Change one branch at a time, and exchange the first two."""
    for index, (value, _) in enumerate(expression.args):
        for change, changed in _changes(value, known):
            arguments = [list(pair) for pair in expression.args]
            arguments[index][0] = changed
            yield f"branch {index + 1}: {change}", Piecewise(*map(tuple, arguments), evaluate=False)
    (first, condition), (second, other), *rest = expression.args
    yield (
        "branches exchanged",
        Piecewise((second, condition), (first, other), *rest, evaluate=False),
    )


def _is_same(one: Expr, two: Expr) -> bool:
    if isinstance(one, Piecewise) or isinstance(two, Piecewise):
        return bool(one == two)
    try:
        return is_proved(prove_equal(one, two))
    except (ValueError, ZeroDivisionError):
        return False


def load(mutant: Mutant, name: str) -> Maker:
    """What makes flows of the network of that name that compute with the mutant."""
    network = catalogue.load(name)
    module = ModuleType("mutant")
    module.__dict__.update(network.module.__dict__)
    text = "from __future__ import annotations\n" + render_function(mutant.changed)
    exec(compile(text, f"<{mutant}>", "exec"), module.__dict__)
    mutated = replace(network, module=module)
    return ByNetwork(mutated)


def judge(reference: Reference, mutant: Mutant, called: Calls | None = None) -> Verdict:
    """Try to refute one mutant; one that fails to compute, or to end, is refuted by that.

    Where it is known what the original calls, only what calls the changed function is asked.
    """
    with np.errstate(all="ignore"):  # a mutant may well divide by zero
        make = load(mutant, reference.network)
        concerns = everything if called is None else called.concern(mutant.function)
        refuted_by = first_violation(reference, make, concerns=concerns)
    return Verdict(mutant, refuted_by, refuted_by is None and is_no_change(mutant))


def is_no_change(mutant: Mutant) -> bool:
    """Whether the function returns the same, proved on every combination of its branches."""
    conditions = sorted(
        {
            condition
            for function in (mutant.original, mutant.changed)
            for _, expression in function.body
            for piece in expression.atoms(Piecewise)
            for _, condition in piece.args
            if condition != sympy.true
        },
        key=str,
    )
    try:
        return all(
            is_proved(prove_equal(before, after))
            for choice in itertools.product((sympy.true, sympy.false), repeat=len(conditions))
            for truth in [dict(zip(conditions, choice, strict=True))]
            for before, after in zip(
                *(_values(f, truth) for f in (mutant.original, mutant.changed)), strict=True
            )
        )
    except (ValueError, TypeError, ZeroDivisionError):
        return False


def _values(function: Function, truth: Mapping[sympy.Basic, sympy.Basic]) -> list[Expr]:
    """What the function returns, its assignments inserted, on the branches that `truth` picks."""
    result = function.result
    returned = (result,) if isinstance(result, Symbol) else result.fields
    known: dict[Expr, Expr] = {}
    for symbol, expression in function.body:
        picked = expression.replace(
            lambda part: isinstance(part, Piecewise),
            lambda part: next(v for v, c in part.args if truth.get(c, c) == sympy.true),
        )
        known[symbol] = picked.xreplace(known)
    return [known.get(symbol, symbol) for symbol in returned]


def judge_all(
    reference: Reference,
    program: Program,
    some: Iterable[Mutant] | None = None,
    workers: int = 2,
) -> Iterator[Verdict]:
    """Verdicts on mutants of a program, as they come, from several processes.

    Args:
        reference: what they are compared with.
        program: the original.
        some: mutants of it; all of them unless given.
        workers: how many processes.

    Raises:
        ValueError: when the original itself violates a property.

    The reference is computed before the processes fork; what they run needs no torch.
    """
    own = first_violation(reference, limit=None)  # its machine code may have to be compiled first
    if own is not None:
        raise ValueError(f"the original violates {own.where}: that reference would refute anything")
    global _ASKED
    _ASKED = reference, calls(reference)
    chosen = list(mutants(program) if some is None else some)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(_judge_here, chosen, chunksize=8)


_ASKED: tuple[Reference, Calls] | None = None


def _judge_here(mutant: Mutant) -> Verdict:
    assert _ASKED is not None
    reference, called = _ASKED
    return judge(reference, mutant, called)
