"""One neuron of a declaration, γ u σ(Σⱼ wⱼ ξⱼ), ξⱼ entries of the inputs or 1: read, and proved for any.

The stage `symbolic.declared.two_layer` reads σ, γ and the numbers ξⱼ at a point that is drawn; at two
points they say which entries they are of. That this is the output, for symbols instead of the numbers, is
proved then.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import sympy
from sympy import Expr, Symbol

from symbolic.architecture.closures import h
from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.sizes import Shape, shape_of
from symbolic.declared import one_field, two_layer
from symbolic.declared.two_layer import TwoLayer
from symbolic.laws.one_field import first_function, weights_of
from symbolic.proof.certificate import DoesNotApply
from symbolic.proof.equality import is_proved, prove_equal
from symbolic.reduced.neuron import exact, gates_as_branches, in_symbols, symbols_of

MANY = 12  # weights and inputs of one neuron, up to which it is read
POINTS = (
    (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37),
    (41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89),
)
ONE = Fraction(1)
Source = tuple[int | None, Fraction]  # the place of an entry of the inputs, None for 1; a factor


@dataclass(frozen=True)
class Seen:
    """Weights w of a layer, and what they are multiplied by: the entries of an input, or 1.

    Attributes:
        layer: its name.
        axis: that counts neurons; None where there is one neuron.
        input: the input's name; None for 1.
        factor: of ξ.
    """

    layer: str
    axis: int | None
    input: str | None
    factor: Fraction


@dataclass(frozen=True)
class AsNeurons:
    """γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ ξⱼ).

    Attributes:
        network: the name of the network of σ.
        scale: γ.
        sizes: that are not any.
        rates: of u, and of w.
        outer: the layer of u, all of it.
        seen: those of w, in the order of ξ.
    """

    network: str
    scale: Fraction
    sizes: Sizes
    rates: tuple[str, str]
    outer: str
    seen: tuple[Seen, ...]


def read(model: Model, fixed: Sizes, base: Sizes, counted: str | None) -> Iterator[AsNeurons]:
    """What one neuron is read to be, where that is proved; nothing where it is none.

    Args:
        model: the declaration.
        fixed: sizes that are not any.
        base: sizes that stand for all, of one neuron.
        counted: the size that counts neurons, None where there is one alone.
    """
    data = _entries({name: shape_of(shape) for name, shape in model.inputs.items()}, base)
    weights = _entries({name: layer.shape for name, layer in model.layers.items()}, base)
    if not data or len(weights) > MANY or len(data) > MANY:
        return
    try:
        one, other = (_at_point(model, base, data, values) for values in POINTS)
        ((u, row),) = one.neurons
    except (DoesNotApply, ValueError):  # no neuron, or several that no size counts
        return
    name, factor = _network(one)
    if not name or (other.neurons, other.scale) != (one.neurons, one.scale):
        return
    xi = [_source(a, b) for a, b in zip(one.point, other.point, strict=True)]
    seen = _by_layer(model, [weights[j] for j in row], xi, data, counted)
    if seen is None or len(weights) != 1 + len(row):
        return
    if _is_proved(_instance(model, base), one, xi) and _is_alone(model, base, counted):
        scale = one.scale * factor
        yield AsNeurons(name, scale, fixed, one.rates, weights[u], tuple(seen))


def _entries(shapes: Mapping[str, Shape], sizes: Sizes) -> list[str]:
    """The array of each entry, in the order of the ring."""
    return [name for name, s in shapes.items() for _ in range(prod(z.at(sizes) for z in s))]


def _instance(model: Model, sizes: Sizes) -> Instance:
    """With a generator for each entry of the inputs, whatever data the declaration is for."""
    plain = dataclasses.replace(model, data="any", points=(), sizes=(), loss="any")
    return Instance(plain, sizes)


def _at_point(model: Model, sizes: Sizes, data: Sequence[str], values: Sequence[int]) -> TwoLayer:
    """The neurons at one point.

    Raises:
        DoesNotApply: where there are none.
    """
    point: dict[str, Any] = {}
    for name, shape in model.inputs.items():
        own = [v for v, one in zip(values, data, strict=False) if one == name]
        point[name] = _nested(own, [size.at(sizes) for size in shape_of(shape)])
    given = dataclasses.replace(model, data="points", points=(point,), sizes=(), loss="any")
    return two_layer.derive(one_field.derive(Instance(given, sizes)))


def _nested(values: Sequence[int], shape: Sequence[int]) -> Any:
    if not shape:
        return values[0]
    step = len(values) // shape[0]
    return [_nested(values[k * step : (k + 1) * step], shape[1:]) for k in range(shape[0])]


def _network(one: TwoLayer) -> tuple[str, Fraction]:
    """The name of the network of σ, and what σ is of that of the network; no name where it has none."""
    if one.has_name:
        return one.network.name, Fraction(1)
    factor, power = one.network.activation(h).as_coeff_Mul()
    base, exponent = power.as_base_exp()
    if base == h and exponent.is_Integer and exponent > 0 and factor.is_Rational:
        return f"power{exponent}", Fraction(int(factor.p), int(factor.q))
    return "", Fraction(1)


def _source(one: Fraction, other: Fraction) -> Source | None:
    """Of which entry of the inputs ξ is which multiple, by its values at two points; None for neither."""
    if one == other:
        return None, one
    for k, (a, b) in enumerate(zip(*POINTS, strict=True)):
        if one / a == other / b:
            return k, one / a
    return None


def _by_layer(
    model: Model,
    row: Sequence[str],
    xi: Sequence[Source | None],
    data: Sequence[str],
    counted: str | None,
) -> list[Seen] | None:
    """Layers of w with what they see: all entries of an input in their order, or 1 alone."""
    found = []
    for layer in dict.fromkeys(row):
        own = [source for name, source in zip(row, xi, strict=True) if name == layer]
        if None in own or len({source[1] for source in own if source}) > 1:
            return None
        places, factor = [source[0] for source in own if source], own[0][1] if own[0] else ONE
        name = None if places[0] is None else data[places[0]]
        if places != [k for k, z in enumerate(data) if z == name] and places != [None]:
            return None
        axis = [k for k, z in enumerate(model.layers[layer].shape) if counted in z.symbols]
        found.append(Seen(layer, axis[0] if axis else None, name, factor))
    return found


def _is_proved(instance: Instance, one: TwoLayer, xi: Sequence[Source | None]) -> bool:
    """Whether the output is γ u σ(Σ w ξ) for any inputs: for h > 0 and h < 0, with a w solved for h."""
    D, (u, row) = instance.weights, one.neurons[0]
    (output,) = instance.outputs[0].entries
    symbols: dict[int, Expr] = dict(symbols_of(instance))
    number = first_function(instance) - D
    symbols |= {D + k: Symbol(f"data_{k}", real=True) for k in range(number)}
    values = [
        exact(factor) * (1 if k is None else symbols[D + k])
        for k, factor in (source for source in xi if source)
    ]
    rest = sympy.Add(*(x * symbols[j] for x, j in zip(values[1:], row[1:], strict=True)))
    size = Symbol("size", positive=True)
    for h_ in (size, -size):
        solved = {**symbols, row[0]: (h_ - rest) / values[0]}
        here = gates_as_branches(in_symbols(instance, output, solved))
        claimed = exact(one.scale) * one.network.neuron(symbols[u], h_)
        if not is_proved(prove_equal(here, claimed)):
            return False
    return True


def _is_alone(model: Model, base: Sizes, counted: str | None) -> bool:
    """Whether nothing is added to the neurons: with two of them each term has weights."""
    if counted is None:
        return True
    two = _instance(model, {**base, counted: 2})
    (output,) = two.outputs[0].entries
    context = output.context()
    return all(weights_of(two, context.from_dict({m: c})) for m, c in terms(output).items())
