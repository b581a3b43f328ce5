"""A program to the text of one Python module that needs nothing but numpy."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Mapping, Sequence

import sympy
from sympy import Symbol

from symbolic.codegen.printer import print_expression
from symbolic.codegen.program import Function, Program, ProgramError, Structure
from symbolic.vocabulary import TABLE

HEADER = '''"""{title}

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: {source}. SymPy {version}. Digest of the source expressions: {digest}.

Every function is elementwise: arguments broadcast, shapes are the caller's choice. `xp` is the
namespace that computes: numpy (the default), torch, or any object with the same function names.
{note}
Accuracy is the relative error of a float64 evaluation against ball arithmetic on the same inputs,
over random cases whose scales are log-uniform over six decades.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
'''
HELPERS = {
    "_clip_exponent(": '''
def _clip_exponent(exponent: Any, xp: Any) -> Any:
    """`exponent`, held where exp(-exponent) would leave the normal numbers of its type.

    Derivatives divide by exp(-1.5 exponent), and are to be finite.
    """
    if not hasattr(xp, "finfo"):
        return exponent
    limit = -0.6 * np.log(xp.finfo(exponent.dtype).tiny)
    return xp.where(exponent < limit, exponent, limit)
''',
    "_mean_decay(": '''
def _mean_decay(z: Any, xp: Any) -> Any:
    """(1 − exp(−z))/z for z ≥ 0; for small z by its series, of which derivatives do not cancel."""
    if not hasattr(xp, "finfo"):
        return z + 1 if z == 0 else -xp.expm1(-z) / z
    is_small = z < 0.5
    near, far = xp.where(is_small, z, 0), xp.where(is_small, 1, z)
    series = 1 - near / 18
    for k in range(17, 1, -1):
        series = 1 - series * near / k
    return xp.where(is_small, series, -xp.expm1(-far) / far)
''',
    "_held(": '''
def _held(z: Any, bound: Any, xp: Any) -> Any:
    """`z`, brought back where rounding carries it beyond ±bound; its derivatives are those of z."""
    if not hasattr(xp, "finfo"):
        return z
    excess = xp.where(z > bound, z - bound, xp.where(z < -bound, z + bound, 0 * z))
    return z - (excess.detach() if hasattr(excess, "detach") else excess)
''',
    "_power(": '''
def _power(base: Any, exponent: Any) -> Any:
    """base^exponent: of arrays by squares, which takes a hundredth of the time that `pow` takes."""
    is_whole = isinstance(base, np.ndarray) and isinstance(exponent, int)
    if not is_whole or not 3 <= exponent <= 32:
        return base**exponent
    half = _power(base, exponent // 2)
    return half * half * base if exponent % 2 else half * half
''',
    "_root(": '''
def _root(number: Any, xp: Any) -> Any:
    """Square root of a plain number; a float where the namespace computes in floats."""
    return float(np.sqrt(number)) if hasattr(xp, "finfo") else xp.sqrt(number)
''',
    "_erf(": '''
def _erf(z: Any, xp: Any) -> Any:
    """Error function; numpy has none and takes that of SciPy."""
    if hasattr(xp, "erf"):
        return xp.erf(z)
    from scipy.special import erf

    return erf(z)
''',
    "_erfc(": '''
def _erfc(z: Any, xp: Any) -> Any:
    """1 − erf; numpy has none and takes that of SciPy."""
    if hasattr(xp, "erfc"):
        return xp.erfc(z)
    from scipy.special import erfc

    return erfc(z)
''',
}
WIDTH = 100
MAKERS = {
    "Constants": "as made by `constants`",
    "State": "as made by `at` or `limit`",
    "Network": "hyperparameters",
    "Neuron": "as made by `neuron`",
    "Place": "as made by `place`",
}


def render(program: Program, accuracy: Mapping[str, str]) -> str:
    """The text of the module.

    Args:
        program: structures and functions.
        accuracy: measured relative error of a function in float64, as text, by name.
    """
    parts = [
        HEADER.format(
            title=program.title,
            source=program.source,
            version=sympy.__version__,
            digest=digest(program),
            note=program.note,
        )
    ]
    structures = [_structure(structure) for structure in program.structures]
    functions = [
        render_function(function, accuracy.get(function.name)) for function in program.functions
    ]
    text = "".join(functions)
    facts = [
        f"CAPABILITIES = {program.capabilities}  # what can be done with this module",
        f"DEGREE = {degree_text(program.degree)}  # of σ(c h) = c^DEGREE σ(h); 0 where there is none",
        f"RAY_DEGREE = {degree_text(program.ray_degree)}  # the same for c > 0",
        f"BENDS = {bends_text(program.bends)}  # preactivations at which σ is not smooth",
    ]
    if program.gain_power is not None:
        facts.append(f"GAIN_POWER = {program.gain_power}  # gain = gain_numerator / D^GAIN_POWER")
    for name, of_a_state, meaning in (
        ("WEIGHTS", program.weights, "weights at a state, and what of a neuron's start they need"),
        (
            "OBSERVABLES",
            program.observables,
            "numbers of a state, and the sums over the start they need",
        ),
    ):
        if of_a_state:
            facts.append(_arguments(name, of_a_state, meaning))
    parts[0] += "\n" + "\n".join(facts) + "\n"
    parts += [helper.strip("\n") for mark, helper in HELPERS.items() if mark in text]
    parts += [*structures, *functions]
    return "\n\n".join(part.rstrip("\n") + "\n" for part in parts)


def _arguments(name: str, functions: Sequence[Function], meaning: str) -> str:
    """A mapping from names of functions to those of their plain parameters."""
    entries = ((z.name, tuple(symbol.name for symbol in z.arguments)) for z in functions)
    lines = (f'    "{function}": {_tuple(given)},' for function, given in entries)
    return "\n".join([f"# {meaning}", f"{name}: dict[str, tuple[str, ...]] = {{", *lines, "}"])


def _tuple(names: Sequence[str]) -> str:
    return "(" + ", ".join(f'"{z}"' for z in names) + ("," if len(names) == 1 else "") + ")"


def degree_text(degree: sympy.Expr) -> str:
    """The degree of homogeneity; None where the caller chooses it."""
    return str(degree) if degree.is_number else "None"


def bends_text(bends: Sequence[sympy.Expr]) -> str:
    """A tuple of exact numbers.

    Raises:
        ProgramError: for a bend that is not rational.
    """
    for bend in bends:
        if not bend.is_Rational:
            raise ProgramError(f"the activation bends at {bend}, which is not rational")
    numbers = (str(z.p) if z.is_Integer else f"{z.p} / {z.q}" for z in bends)
    return "(" + ", ".join(numbers) + ("," if len(bends) == 1 else "") + ")"


def digest(program: Program) -> str:
    """Of all its functions."""
    return digest_of(program.functions)


def digest_of(functions: Sequence[Function]) -> str:
    """SHA-256, shortened, over all assignments in their exact form."""
    lines = [
        f"{function.name} {symbol} {sympy.srepr(expression)}"
        for function in functions
        for symbol, expression in function.body
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _meaning(symbol: Symbol) -> str:
    return TABLE[symbol.name].meaning


def _structure(structure: Structure) -> str:
    lines = [f"class {structure.name}(NamedTuple):", f'    """{structure.meaning}"""', ""]
    lines += [f"    {symbol.name}: Any  # {_meaning(symbol)}" for symbol in structure.fields]
    return "\n".join(lines)


def _docstring(function: Function, accuracy: str | None) -> list[str]:
    def entry(name: str, meaning: str) -> list[str]:
        return textwrap.wrap(f"{name}: {meaning}.", WIDTH - 8, subsequent_indent="    ")

    lines = [function.summary, ""]
    for name, value in function.equations.items():
        lines += textwrap.wrap(
            f"{name} = {sympy.sstr(value)}",
            WIDTH - 8,
            initial_indent="    ",
            subsequent_indent="        ",
        )
    lines.append("")
    arguments: list[str] = []
    for symbol in function.arguments:
        arguments += entry(symbol.name, _meaning(symbol))
    for structure in function.structures:
        arguments += entry(structure.argument, MAKERS[structure.name])
    if arguments:
        lines += ["Args:", *("    " + line for line in arguments)]
        lines += ["    xp: the namespace that computes.", ""]
    if accuracy:
        lines += [f"Accuracy: {accuracy}."]
    if function.source:
        lines += [f"Source: {function.source}."]
    return lines


def render_function(function: Function, accuracy: str | None = None) -> str:
    """The text of one evaluator."""
    names = {
        symbol: f"{structure.argument}.{symbol.name}"
        for structure in function.structures
        for symbol in structure.fields
    }
    for symbol, _ in function.body:
        names[symbol] = symbol.name
    parameters = [f"{s.argument}: {s.name}" for s in function.structures]
    parameters = [*(f"{symbol.name}: Any" for symbol in function.arguments), *parameters]
    if isinstance(function.result, Structure):
        returned, annotation = _construct(function.result, names), function.result.name
    else:
        returned, annotation = names[function.result], "Any"
    first, *rest = _docstring(function, accuracy)
    lines = [f"def {function.name}({', '.join([*parameters, 'xp: Any = np'])}) -> {annotation}:"]
    lines += [f'    """{first}', *(f"    {line}".rstrip() for line in rest), '    """']
    for symbol, expression in function.body:
        lines.append(f"    {symbol.name} = {print_expression(expression, names)}")
    if lines[-1].startswith(f"    {returned} = "):
        lines[-1] = "    return " + lines[-1].removeprefix(f"    {returned} = ")
    else:
        lines.append(f"    return {returned}")
    return "\n".join(lines)


def _construct(structure: Structure, names: Mapping[Symbol, str]) -> str:
    values = ", ".join(names.get(symbol, symbol.name) for symbol in structure.fields)
    return f"{structure.name}({values})"
