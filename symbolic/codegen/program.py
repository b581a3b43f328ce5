"""What a generated module consists of: functions as lists of assignments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Symbol


class ProgramError(ValueError):
    """A function that uses a name it was not given, or defines one twice."""


class clip_exponent(sympy.Function):
    """z, held where exp(−z) would leave the normal numbers of z's type."""

    nargs = 1


class held(sympy.Function):
    """z, where rounding carries it beyond ±bound brought back; the derivatives are those of z."""

    nargs = 2


@dataclass(frozen=True, kw_only=True)
class Structure:
    """A NamedTuple of the generated module.

    Attributes:
        name: of the class.
        argument: the name of a parameter that holds one.
        fields: the symbols it holds.
        meaning: its docstring.
    """

    name: str
    argument: str
    fields: tuple[Symbol, ...]
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Function:
    """One evaluator.

    Attributes:
        name: of the function.
        summary: first line of its docstring.
        equations: what it evaluates, as the derivation has it (guards left out).
        source: where it is printed.
        arguments: plain parameters.
        structures: parameters that hold several symbols.
        body: assignments, in order.
        result: the symbol or structure that is returned.
    """

    name: str
    summary: str
    equations: Mapping[str, Expr]
    source: str = ""
    arguments: tuple[Symbol, ...]
    structures: tuple[Structure, ...]
    body: tuple[tuple[Symbol, Expr], ...]
    result: Symbol | Structure

    def __post_init__(self) -> None:
        given = [z for structure in self.structures for z in structure.fields]
        given += self.arguments
        known, spelled = set(given), [z.name for z in given]
        twice = sorted({name for name in spelled if spelled.count(name) > 1})
        if twice:
            raise ProgramError(f"{self.name}: {', '.join(twice)} given twice")
        for symbol, expression in self.body:
            missing = expression.free_symbols - known
            if missing:
                raise ProgramError(f"{self.name}: {symbol} uses {missing}, known are {known}")
            if symbol.name in {z.name for z in known}:  # whatever is assumed of it
                raise ProgramError(f"{self.name}: {symbol} is defined twice")
            if expression.atoms(sympy.Float):
                raise ProgramError(f"{self.name}: {symbol} holds a float: {expression}")
            known.add(symbol)
        wanted = self.result.fields if isinstance(self.result, Structure) else (self.result,)
        if set(wanted) - known:
            raise ProgramError(f"{self.name}: returns {set(wanted) - known}, which is not computed")

    def with_assignment(self, index: int, expression: Expr) -> Function:
        """The same function with one right-hand side replaced (this is how mutants are made)."""
        body = list(self.body)
        body[index] = (body[index][0], expression)
        return replace(self, body=tuple(body))


@dataclass(frozen=True, kw_only=True)
class Program:
    """A generated module.

    Attributes:
        name: of the network.
        title: first line of the module docstring.
        source: where the network is defined.
        note: a line of the module docstring on where derivatives are defined.
        capabilities: what can be done with it: "state", "neuron", "flow map".
        degree: β of σ(c h) = c^β σ(h), 0 where there is none; a symbol where it is left open.
        ray_degree: the same for c > 0.
        bends: preactivations at which σ is not smooth.
        structures: NamedTuples, in order.
        functions: evaluators, in order.
        gain_power: the power of D below the gain, where there is a flow map.
        weights, observables: functions of a state, where there is one.
    """

    name: str
    title: str
    source: str
    note: str
    capabilities: tuple[str, ...]
    degree: Expr
    ray_degree: Expr
    bends: tuple[Expr, ...]
    structures: tuple[Structure, ...]
    functions: tuple[Function, ...]
    gain_power: int | None = None
    weights: tuple[Function, ...] = ()
    observables: tuple[Function, ...] = ()

    def with_function(self, function: Function) -> Program:
        """The same program with the function of that name replaced."""
        functions = tuple(function if f.name == function.name else f for f in self.functions)
        return replace(self, functions=functions)
