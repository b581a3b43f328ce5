"""Derivatives of a program in reverse: each assignment is differentiated, and gone through backward.

What an assignment v = e(a, b, …) is asked for, ∂/∂v, is handed on: ∂/∂a gains ∂/∂v · ∂e/∂a, of which the
slope is found by `symbolic.proof.slopes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sympy
from sympy import Expr, Symbol

from symbolic.codegen.compiled import (
    LIMITS,
    curves_of,
    names_known,
    quoted,
)
from symbolic.codegen.module import digest
from symbolic.codegen.native import native
from symbolic.codegen.program import Function, Program, Structure, clip_exponent, held
from symbolic.proof.slopes import ITSELF, slope
from symbolic.proof.stable_forms import mean_decay_slope

HEADER = '''"""{title} Derivatives, in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: {digest}.

A loop `pull_…` takes cotangents of an observable at all times to those of what is known (constants and
sums, as `numeric.generated.compiled.{name}` has them), which are added to, and of the times. `pull_start`
takes those of what is known to those of the rates and of sums over the weights, in the order of GIVEN.
"""

# mypy: ignore-errors
from __future__ import annotations

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, exp, held, mean_decay, mean_decay_slope, sqrt, where

GIVEN = ({given})
'''
STATE = '''
@call
def _state(t, known):
    """Of: {summary}"""
{given}
{body}
    return {state}


@call
def _pull_state(t, known, {cotangents}, by_known):
    """Cotangent of the time; those of what is known are added to."""
{given}
{none}
{body}
{backward}
{found}
    return by_t
'''
LOOP = '''
@kernel
def pull_{name}(times, known, cotangents, by_known, by_times):
    """Of: {summary}"""
    time = known[{time}]
{given}
{none}
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
{state}
{body}
        by_times[i] = _pull_state(t, known, {cotangents}, by_known) * time
{found}
'''
START = '''
@kernel
def pull_start(known, by_known, by_given):
    """Of constants and sums over the weights."""
{given}
{cotangents}
{body}
{found}
'''
BY = Symbol("by", real=True)
VALUE = "cotangents[i]"
# what `pull_start` hands back: rates, and the sums Σu², Σω², Σuω and Σw² over the weights
GIVEN = (
    "gamma", "eta_u", "eta_w", "rho", "y", "floor", "norm_u_0_2", "norm_omega_0_2", "overlap_0",
    "norm_W_0_2",
)  # fmt: skip
WIDTH = "of_d"  # has no derivative


class Step(NamedTuple):
    """An assignment.

    Attributes:
        name: what is assigned to.
        expression: what is.
        names: text of its symbols.
    """

    name: str
    expression: Expr
    names: Mapping[Symbol, str]


def render(program: Program) -> str:
    """The text of the module; empty where a program has no state."""
    if not program.observables:
        return ""
    header = HEADER.format(
        title=program.title,
        digest=digest(program),
        name=program.name,
        given=quoted(GIVEN),
    )
    functions = {one.name: one for one in program.functions}
    loops = _Loops(functions["at"], names_known(program))
    parts = [header, _start(program, functions), loops.state()]
    parts += [loops.of(*one) for one in curves_of(program)]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


# --- steps backward --------------------------------------------------------------------------------


def backward(steps: Sequence[Step], known: set[str]) -> Iterator[str]:
    """The cotangents of all that steps depend on.

    Args:
        steps: in order; those that nothing known depends on are left out.
        known: names of what has cotangents before; it gains those that come.
    """
    for step in reversed(steps):
        if step.name not in known:
            continue
        for symbol in sorted(step.expression.free_symbols, key=lambda z: step.names[z]):
            name = step.names[symbol]
            text = None if name == WIDTH else _contribution(step, symbol)
            if text is None:
                continue
            yield f"by_{name} {'+=' if name in known else '='} {text}"
            known.add(name)


def _contribution(step: Step, symbol: Symbol) -> str | None:
    """What a symbol's cotangent gains of that of an assignment; None where nothing."""
    # Guards of a value have no derivative.
    of = step.expression.replace(clip_exponent, lambda z: z).replace(held, lambda z, _: z)
    factor = slope(of, symbol)
    if factor == 0:
        return None
    names = dict(step.names) | {BY: f"by_{step.name}", ITSELF: step.name}
    decays = sorted(factor.atoms(mean_decay_slope), key=str)
    for k, decay in enumerate(decays):
        marked = Symbol(f"slope_{k}")
        factor = factor.xreplace({decay: marked})
        names[marked] = f"mean_decay_slope({native(decay.args[0], names)})"
    return native(BY * factor, names)


# --- the start -------------------------------------------------------------------------------------


def _start(program: Program, functions: Mapping[str, Function]) -> str:
    known = [z for z in names_known(program) if z not in LIMITS]
    names, steps = {f"of_{z}" for z in known}, list(_steps_of_start(functions))
    forward = [
        f"{step.name} = {native(step.expression, step.names)}"
        for step in steps
        if step.name not in names  # known to more digits than they would have of each other
    ]
    lines = list(backward(steps, {*names}))
    return START.format(
        given=_indented([f"of_{z} = known[{k}]" for k, z in enumerate(known)], 4),
        cotangents=_indented([f"by_of_{z} = by_known[{k}]" for k, z in enumerate(known)], 4),
        body=_indented([*forward, *lines], 4),
        found=_indented([f"by_given[{k}] = by_of_{name}" for k, name in enumerate(GIVEN)], 4),
    )


def _steps_of_start(functions: Mapping[str, Function]) -> Iterator[Step]:
    """From rates and sums to constants and sums that observables need."""
    for mean, of in (("P", "growing"), ("Q", "falling")):
        yield _mean_square(mean, functions[of])
    u_2, omega_2, overlap, W_2 = (Symbol(z, real=True) for z in GIVEN[-4:])
    own = {z: f"of_{z.name}" for z in (u_2, omega_2, overlap, W_2)}
    yield Step("of_gram", u_2 * omega_2 - overlap**2, own)
    yield Step("of_perp_2", W_2 - omega_2, own)
    renamed = {"norm_u_2": "of_norm_u_0_2", "norm_omega_2": "of_norm_omega_0_2"}
    for of in ("balance", "initial_output"):
        yield from _assigned(functions[of], renamed)
    f_0, y = Symbol("f_0", real=True), Symbol("y", real=True)
    yield Step("of_residual_0", f_0 - y, {f_0: "of_f_0", y: "of_y"})
    yield from _assigned(functions["constants"], {})


def _assigned(function: Function, renamed: Mapping[str, str]) -> Iterator[Step]:
    """The assignments of a function, all names with a mark."""
    names = {z: renamed.get(z.name, f"of_{z.name}") for z in function.arguments}
    names |= {z: f"of_{z.name}" for z, _ in function.body}
    for symbol, expression in function.body:
        yield Step(names[symbol], expression, names)


def _mean_square(name: str, function: Function) -> Step:
    """The mean of p² over neurons, of a p that is linear in u and ω."""
    ((_, expression),) = function.body
    by_name = {z.name: z for z in function.arguments}
    terms = sympy.Poly(expression**2, by_name["u_0"], by_name["omega_0"]).as_dict()
    u_2, omega_2, overlap, d = (Symbol(z, real=True) for z in (*GIVEN[-4:-1], "d"))
    sums = {(2, 0): u_2, (0, 2): omega_2, (1, 1): overlap}
    total = sum((factor * sums[powers] for powers, factor in terms.items()), sympy.S.Zero)
    names = {z: f"of_{z.name}" for z in (*function.arguments, u_2, omega_2, overlap, d)}
    return Step(f"of_{name}", total / d, names)


# --- loops -----------------------------------------------------------------------------------------


class _Loops:
    """Loops over times of one network.

    Args:
        at: the state at a time.
        known: names of what is known, in order.
    """

    def __init__(self, at: Function, known: Sequence[str]) -> None:
        assert isinstance(at.result, Structure)
        self._at, self._place = at, {name: place for place, name in enumerate(known)}
        self._constants = {z: f"of_{z.name}" for s in at.structures for z in s.fields}
        self._state = {z: f"at_{z.name}" for z in at.result.fields}

    def state(self) -> str:
        """The state at a time, and what is handed on from its cotangents."""
        names: dict[Symbol, str] = {z: f"at_{z.name}" for z, _ in self._at.body}
        names |= self._constants | {z: z.name for z in self._at.arguments}
        steps = [Step(names[symbol], of, names) for symbol, of in self._at.body]
        used, state = self._used(steps), list(self._state.values())
        return STATE.format(
            summary=self._at.summary,
            given=self._given(used),
            none=_indented([*(f"by_of_{z} = 0.0" for z in used), "by_t = 0.0"], 4),
            body=_indented([f"{z.name} = {native(z.expression, z.names)}" for z in steps], 4),
            state=", ".join(state),
            cotangents=", ".join(f"by_{z}" for z in state),
            backward=_indented(list(backward(steps, {*state, *(f"of_{z}" for z in used), "t"})), 4),
            found=self._found(used),
        )

    def of(self, name: str, summary: str, observable: Function | str) -> str:
        """The loop of an observable, or of an entry of the state."""
        steps, result = self._steps(observable)
        used = self._used(steps)
        known = {result, *(f"of_{z}" for z in used)}
        lines = [f"{step.name} = {native(step.expression, step.names)}" for step in steps]
        lines += [f"by_{result} = {VALUE}", *backward(steps, known)]
        state = list(self._state.values())
        return LOOP.format(
            name=name,
            summary=summary,
            time=self._place["time"],
            given=self._given(used),
            none=_indented([f"by_of_{z} = 0.0" for z in used], 4),
            state=_indented(
                [f"{z} = state[{k}]" for k, z in enumerate(state) if z in self._asked(steps)], 8
            ),
            body=_indented(lines, 8),
            cotangents=", ".join(f"by_{z}" if z in known else "0.0" for z in state),
            found=self._found(used),
        )

    def _steps(self, observable: Function | str) -> tuple[list[Step], str]:
        """Assignments of an observable, and the name of its value."""
        if isinstance(observable, str):
            return [], f"at_{observable}"
        assert isinstance(observable.result, Symbol)
        names = self._constants | self._state | {z: f"of_{z.name}" for z in observable.arguments}
        names |= {z: z.name for z, _ in observable.body}
        steps = [Step(names[symbol], of, names) for symbol, of in observable.body]
        return steps, names[observable.result]

    def _used(self, steps: Sequence[Step]) -> list[str]:
        """What of that which is known is used, in order."""
        asked = self._asked(steps)
        return [z for z in self._place if z not in LIMITS and f"of_{z}" in asked]

    @staticmethod
    def _asked(steps: Sequence[Step]) -> set[str]:
        return {step.names[z] for step in steps for z in step.expression.free_symbols}

    def _given(self, used: Sequence[str]) -> str:
        return _indented([f"of_{z} = known[{self._place[z]}]" for z in used], 4)

    def _found(self, used: Sequence[str]) -> str:
        return _indented([f"by_known[{self._place[z]}] += by_of_{z}" for z in used], 4)


def _indented(lines: Sequence[str], by: int) -> str:
    return "\n".join(" " * by + line for line in lines)
