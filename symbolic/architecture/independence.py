"""What an expanded network takes for granted of its functions, and where it is wrong to.

Fields are coefficients of monomials in data and functions of preactivations (`symbolic.architecture.
fields`). Laws that all of them allow are laws in any case. That there are no others needs the functions
to be independent, as functions of the data, at generic weights:

* exp, tanh, sigmoid, e^(−h²) and the like are algebraic functions of one exponential e^q each; they are
  algebraically independent over the data if the exponents q are linearly independent over ℚ up to
  what does not depend on the data (Ax 1971, On Schanuel's conjectures); i h for sine and cosine;
* log(1 + eʰ) and erf(h) are integrals over these, and independent with them (Ostrowski 1946; Ax);
* a function that depends on no data (all do at listed points) is a number, not a function.

Gates are not taken for independent: ranks are those of patterns that are seen to occur together
(`symbolic.architecture.gates`). That they occur in all patterns is asked where a width is left open.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

import sympy
from flint import fmpq

from symbolic.architecture.closures import h
from symbolic.architecture.fields import Exponents, Terms, terms
from symbolic.architecture.instance import Generated, Instance, Poly
from symbolic.proof.ranks import rank
from symbolic.proof.square_free import is_square_free

AX = "functions of preactivations are algebraically independent over the data (Ax 1971)"
GATES = "gates are open and shut as they are in the region whose rank this is: others may have more laws"


@dataclass(frozen=True)
class Assumptions:
    """What a complete count rests on beside what is computed.

    Attributes:
        made: in words.
        wrong: in words: where one is seen to fail, so that there may be more laws than were counted.
    """

    made: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def hold(self) -> bool:
        """Whether none is seen to fail."""
        return not self.wrong


def assumptions(instance: Instance) -> Assumptions:
    """Of an instance.

    Args:
        instance: expanded.
    """
    functions = [one for one in instance.generated if one.kind in ("function", "gate")]
    made = [AX] * any(one.kind == "function" for one in functions)
    made += [GATES] * any(one.kind == "gate" for one in functions)
    return Assumptions(tuple(made), tuple(_failures(instance, functions)))


def _failures(instance: Instance, functions: list[Generated]) -> Iterator[str]:
    moving = _moving(instance)
    if still := [one for one in functions if one.kind == "function" and one.index not in moving]:
        yield f"a function of {_short(still[0].argument)} does not depend on the data"
    yield from _of_what_is_there(instance)
    if not have_independent_exponents(instance, moving):
        yield "exponents of functions of preactivations are linearly dependent"


def reasons_against_all_patterns(instance: Instance) -> Iterator[str]:
    """Why gates may not be open and shut in all patterns, at generic weights, as the data vary.

    Args:
        instance: expanded.
    """
    moving, kinds = _moving(instance), {one.index: one.kind for one in instance.generated}
    gates = [one for one in instance.generated if one.kind == "gate"]
    data = {k for k in moving if k not in kinds}
    for one in gates:
        said = _short(one.argument)
        if one.index not in moving:
            yield f"a gate of {said} does not depend on the data"
        inner = _generators_in(one.argument) & kinds.keys()
        before = {k for k in inner if kinds[k] == "gate"}
        if inner - before or len(before) == 1:
            yield f"the sign of {said} may be known: a gate of a function"
        if any(sum(m[k] for k in data) > 1 for m in terms(one.argument)):
            yield f"the sign of {said} may be known: it is not linear in the data"
    moved = [one for one in gates if one.index in moving]
    for one, other in itertools.combinations(moved, 2):
        if _is_multiple(one.argument, other.argument, moving):
            yield f"gates of {_short(one.argument)} and {_short(other.argument)} are tied"


def have_independent_exponents(instance: Instance, moving: Collection[int]) -> bool:
    """Whether functions are algebraically independent as functions of some generators (Ax 1971).

    Args:
        instance: expanded; its functions that depend on none of these generators are left out.
        moving: generators that vary, and functions of them; all others are numbers.
    """
    exponents: dict[bool, list[Terms]] = {}
    for one in instance.generated:
        if one.function is None or one.index not in moving:
            continue
        for imaginary, q in _exponents(one.function):
            value = _at(q, one.argument, instance)
            varying = {m: c for m, c in terms(value).items() if _varies(m, moving)}
            exponents.setdefault(imaginary, []).append(varying)
    return all(rank(vectors) == len(vectors) for vectors in exponents.values())


def _of_what_is_there(instance: Instance) -> Iterator[str]:
    """A function, or a root, of what is none of the weights and data alone."""
    kinds = {one.index: one.kind for one in instance.generated}
    for one in instance.generated:
        inner = _generators_in(one.argument) & kinds.keys()
        if one.kind == "function" and any(kinds[k] == "gate" for k in inner):
            yield f"a function of {_short(one.argument)}, which has a gate in it"
            return
        if one.kind == "root" and (inner or not is_square_free(one.argument)):
            yield f"the root of {_short(one.argument)} may be one of what is there already"
            return


def _generators_in(p: Poly) -> set[int]:
    return {k for k, degree in enumerate(p.degrees()) if degree > 0}


def _moving(instance: Instance) -> set[int]:
    """Generators that depend on data."""
    first = min((one.index for one in instance.generated), default=len(instance.ring.gens()))
    found = set(range(instance.weights, first))
    for one in instance.generated:
        if _generators_in(one.argument) & found:
            found.add(one.index)
    return found


def _is_multiple(one: Poly, other: Poly, moving: set[int]) -> bool:
    """Whether the ratio does not depend on the data."""
    parts = [_by_data(p, moving) for p in (one, other)]
    if parts[0].keys() != parts[1].keys():
        return False
    first = next(iter(parts[0]))
    return bool(parts[1][first] * one == parts[0][first] * other)


def _by_data(p: Poly, moving: set[int]) -> dict[Exponents, Poly]:
    split: dict[Exponents, Terms] = {}
    for m, c in terms(p).items():
        data = tuple(e if k in moving else 0 for k, e in enumerate(m))
        rest = tuple(0 if k in moving else e for k, e in enumerate(m))
        split.setdefault(data, {})[rest] = c
    return {data: p.context().from_dict(part) for data, part in split.items()}


def _varies(m: Exponents, moving: Collection[int]) -> bool:
    return any(e and k in moving for k, e in enumerate(m))


@cache
def _exponents(function: sympy.Expr) -> tuple[tuple[bool, sympy.Expr], ...]:
    """Whether it is imaginary, and the exponent, of an algebraic function of one exponential.

    None for an integral, and for a cosine, which has that of its sine.
    """
    if function.has(sympy.log, sympy.erf, sympy.cos):
        return ()
    found = function.rewrite(sympy.exp).atoms(sympy.exp)
    one = min((part.args[0] for part in found), key=lambda q: (sympy.count_ops(q), str(q)))
    return ((True, one / sympy.I),) if one.has(sympy.I) else ((False, one),)


def _at(q: sympy.Expr, argument: Poly, instance: Instance) -> Poly:
    found = instance.zero
    for (power,), c in sympy.Poly(q, h).terms():
        found = found + argument**power * fmpq(int(c.p), int(c.q))
    return found


def _short(argument: Poly) -> str:
    said = str(argument)
    return said if len(said) < 40 else f"{said[:37]}..."
