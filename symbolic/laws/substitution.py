"""Outputs of a network with other weights put in: what proves a discrete symmetry.

The declaration is expanded twice in one ring, at generators and at the generators that take their places.
Functions of equal arguments are one generator, as are even and odd ones of opposite arguments; there are
no others than those of the network. What is equal then is equal as a function. Nothing here is used where
such symmetries are looked for, but the parity of a function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import prod
from typing import Any

from flint import fmpq_mpoly_ctx
from sympy import Expr, expand_func, simplify

from symbolic.architecture.arrays import Array
from symbolic.architecture.closures import CLOSURES, closed, h
from symbolic.architecture.expansion import Expansion, constant
from symbolic.architecture.generated import Functions, Poly
from symbolic.architecture.instance import Instance, entry_names
from symbolic.architecture.walk import computed, in_order

Leaves = Mapping[str, Array[Poly]]


@cache
def parity(function: Expr) -> int:
    """1 of an even function of h, −1 of an odd one, 0 of any other."""
    mirrored = function.subs(h, -h)
    if mirrored == function:
        return 1
    return -1 if simplify(expand_func(mirrored + function)) == 0 else 0


class _NewFunctionError(ValueError):
    """An argument that is none of the network's."""


class _UpToSign(Functions):
    """Functions whose arguments have a leading coefficient that is positive, where that says all.

    Attributes:
        is_full: whether no more are made.
    """

    is_full = False

    def _new(self) -> int:
        if self.is_full:
            raise _NewFunctionError
        return super()._new()

    def applied(self, name: str, argument: Poly) -> Poly:
        if name in CLOSURES and _is_negative(argument):
            sign = parity(closed(name).of_h)
            if sign:
                return super().applied(name, -argument) * sign
        return super().applied(name, argument)

    def inverse(self, of: Poly) -> Poly:
        return -super().inverse(-of) if _is_negative(of) else super().inverse(of)


def _is_negative(polynomial: Poly) -> bool:
    return bool(polynomial != 0 and polynomial.leading_coefficient() < 0)


class Substitution:
    """An instance in a ring of its own, at generators and at what takes their places.

    Args:
        instance: of which.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance, model = instance, instance.model
        shapes = {name: self._at(shape) for name, shape in model.graph.inputs.items()}
        self._shapes = {name: self._at(layer.shape) for name, layer in model.layers.items()}
        names: list[str] = []
        if model.data == "line":
            names = list(shapes)
        elif model.data != "points":
            names = [n for name, shape in shapes.items() for n in entry_names(name, shape)]
        self._inputs, self._data = shapes, {name: k for k, name in enumerate(names)}
        first = instance.weights + len(names)
        self._ring = fmpq_mpoly_ctx.get(
            [f"g_{k}" for k in range(first + self._room())], "degrevlex"
        )
        self._functions = _UpToSign(self._ring, first, model.name, str(instance.sizes))
        self._plain = list(self._outputs(self._ring.gens()[: instance.weights], {}))
        self._functions.is_full = True

    def leaves_alone(
        self,
        places: Sequence[int],
        signs: Sequence[int] = (),
        data: Mapping[str, str] | None = None,
        outputs: Sequence[int] | None = None,
    ) -> bool:
        """Whether outputs are the same with other weights put in.

        Args:
            places: of the weight that takes the place of each.
            signs: by which it is multiplied; none for 1.
            data: entries of inputs that take the places of others, by name.
            outputs: which entry of the output each becomes; None for itself.
        """
        generators = self._ring.gens()
        weights = [generators[k] for k in places]
        if signs:
            weights = [w * sign for w, sign in zip(weights, signs, strict=True)]
        try:
            found = list(self._outputs(weights, data or {}))
        except _NewFunctionError:
            return False
        for before, after in zip(self._plain, found, strict=True):
            there = outputs if outputs is not None else range(len(before))
            if any(after[here] != before[k] for here, k in enumerate(there)):
                return False
        return True

    def _at(self, shape: Any) -> tuple[int, ...]:
        return tuple(size.at(self._instance.sizes) for size in shape)

    def _room(self) -> int:
        """Generators that functions may need."""
        needed = 0
        for tensor in in_order(self._instance.model.graph.output):
            if tensor.operation == "apply" or (tensor.operation == "power" and tensor.detail < 0):
                known = CLOSURES.get(tensor.detail) if tensor.operation == "apply" else None
                needed += prod(self._at(tensor.shape)) * (len(known[1]) if known else 2)
        return needed * max(1, len(self._instance.model.points))

    def _outputs(self, weights: Sequence[Poly], data: Mapping[str, str]) -> Iterator[list[Poly]]:
        """By point, with weights and entries of data put in."""
        instance, start = self._instance, 0
        layers = dict[str, Array[Poly]]()
        for name, shape in self._shapes.items():
            layers[name] = Array(shape, list(weights[start : start + prod(shape)]))
            start += prod(shape)
        frozen = {name: array.map(self._constant) for name, array in instance.frozen.items()}
        for x in self._data_at(data):
            leaves = {"weight": layers, "input": x, "frozen": frozen}
            expansion = Expansion(self._functions, instance.sizes, leaves)
            yield list(computed(instance.model.graph.output, expansion).entries)

    def _data_at(self, moved: Mapping[str, str]) -> Iterator[Leaves]:
        instance, generators = self._instance, self._ring.gens()

        def entry(name: str) -> Poly:
            return generators[instance.weights + self._data[moved.get(name, name)]]

        if instance.model.data == "points":
            for point in instance.model.points:
                yield {
                    name: Array(shape, [self._constant(c) for c in _flat(point[name])])
                    for name, shape in self._inputs.items()
                }
        elif instance.model.data == "line":
            yield {
                name: Array(one.shape, [self._constant(c) * entry(name) for c in one.entries])
                for name, one in instance.directions.items()
            }
        else:
            yield {
                name: Array(shape, [entry(n) for n in entry_names(name, shape)])
                for name, shape in self._inputs.items()
            }

    def _constant(self, value: Any) -> Poly:
        return constant(self._ring, value)


def _flat(values: Any) -> Iterator[Any]:
    if isinstance(values, Sequence):
        for value in values:
            yield from _flat(value)
    else:
        yield values
