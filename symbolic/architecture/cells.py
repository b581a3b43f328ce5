"""Which patterns of gates occur at given weights, all of them: real arithmetic over the data.

Gate after gate, in the order in which they are nested: with those before it known, a preactivation is a
polynomial in the data, and both of its signs are asked for, together with the signs so far. So every
pattern that occurs on an open set of data is found, with exact data at which it does; that there are no
others is what the solver proves. Where the data are listed points, or a gate sees no data, it is a sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

import sympy

from symbolic.architecture.fields import terms
from symbolic.architecture.gates import Point
from symbolic.architecture.generated import Poly
from symbolic.architecture.instance import Instance, entry_names
from symbolic.architecture.regions import Region
from symbolic.proof.real_arithmetic import SolverError, find

MOST = 200


class NotEnumeratedError(ValueError):
    """It is not known which patterns occur; the message is the reason."""


@dataclass(frozen=True)
class Cell:
    """A pattern of gates that occurs.

    Attributes:
        open: 0 or 1 by generator.
        inputs: data at which it does.
    """

    open: Mapping[int, int]
    inputs: Point


@dataclass(frozen=True)
class _Part:
    open: Mapping[int, int]
    signs: tuple[sympy.Basic, ...]
    at: Mapping[sympy.Symbol, sympy.Rational]


def cells(instance: Instance, region: Region, most: int = MOST) -> list[Cell]:
    """Of the gates of an instance, at weights of a region.

    Args:
        instance: expanded.
        region: with its weights.
        most: patterns, at most.

    Raises:
        NotEnumeratedError: where a gate is of more than polynomials, a sign is not decided, or there are
            too many.
    """
    weights = {
        name: value
        for layer, values in region.weights.items()
        for name, value in zip(_names(instance, layer), values, strict=True)
    }
    first = min((one.index for one in instance.generated), default=len(instance.ring.gens()))
    symbols = [sympy.Symbol(n, real=True) for n in instance.ring.names()[instance.weights : first]]
    found = [_Part({}, (), dict.fromkeys(symbols, sympy.Rational(1)))]
    for one in instance.generated:
        if one.kind != "gate":
            continue
        found = [
            part for before in found for part in _both(instance, one.index, one.argument, weights, before)
        ]  # fmt: skip
        if len(found) > most:
            raise NotEnumeratedError(f"there are more than {most} patterns of gates")
    return [Cell(part.open, _inputs(instance, part.at)) for part in found]


def _both(
    instance: Instance,
    index: int,
    argument: Poly,
    weights: Mapping[str, int | Fraction],
    before: _Part,
) -> Iterator[_Part]:
    """A part of the data where a gate is open, and one where it is shut, if there are both."""
    h = _in_data(instance, argument, weights, before.open)
    if not h.free_symbols:
        yield _Part({**before.open, index: int(bool(h > 0))}, before.signs, before.at)
        return
    for value, sign in ((1, h > 0), (0, h < 0)):
        holds = sign.subs(before.at) == sympy.true
        try:
            at = before.at if holds else find([*before.signs, sign])
        except SolverError as error:
            raise NotEnumeratedError(f"the sign of {h} is not decided: {error}") from None
        if at is not None:
            yield _Part({**before.open, index: value}, (*before.signs, sign), {**before.at, **at})


def _in_data(
    instance: Instance,
    argument: Poly,
    weights: Mapping[str, int | Fraction],
    open_: Mapping[int, int],
) -> sympy.Expr:
    """A preactivation at weights, with the gates before it."""
    names, found = instance.ring.names(), sympy.Integer(0)
    others = {one.index for one in instance.generated} - set(open_)
    for m, c in terms(argument).items():
        term = sympy.Rational(int(c.p), int(c.q))
        for k, e in enumerate(m):
            if not e:
                continue
            if k in others:
                raise NotEnumeratedError("a gate is of a function, a root or an inverse")
            if k in open_:
                term *= open_[k]
            elif k < instance.weights:
                term *= sympy.Rational(Fraction(weights[names[k]])) ** e
            else:
                term *= sympy.Symbol(names[k], real=True) ** e
        found += term
    return sympy.expand(found)


def _names(instance: Instance, layer: str) -> list[str]:
    shape = instance.model.layers[layer].shape
    return entry_names(layer, [size.at(instance.sizes) for size in shape])


def _inputs(instance: Instance, at: Mapping[sympy.Symbol, sympy.Rational]) -> Point:
    values = iter(Fraction(int(v.p), int(v.q)) for v in at.values())
    model, found = instance.model, dict[str, list[Fraction]]()
    if model.data == "points":
        return {}
    for name, shape in model.graph.inputs.items():
        if model.data == "line":
            along = next(values)
            found[name] = [along * d for d in instance.directions[name].entries]
        else:
            count = prod(size.at(instance.sizes) for size in shape)
            found[name] = [next(values) for _ in range(count)]
    return found
