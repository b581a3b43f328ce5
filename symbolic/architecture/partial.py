"""Fields of some layers alone, where those of all have more terms than are written out.

What is a function of the weights of some layers changes by the derivatives of the outputs by these. Of
layers that no function of preactivations is of, these are polynomials in them, whose coefficients are
other weights, data and functions: one field for each monomial in these, and what all of them annihilate
is conserved. Monomials may be dependent, so that there are fewer fields: then laws may be missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from flint import fmpq

from symbolic.architecture.extent import gradient_terms
from symbolic.architecture.fields import (
    MOST,
    Exponents,
    Field,
    different,
    nonzero,
    potentials,
    terms,
)
from symbolic.architecture.instance import Instance, Poly
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import in_order, leaves


def layers_beside_functions(model: Model, sizes: Sizes) -> list[str]:
    """Layers that no function but gates is of, those of few terms first, as many as are written out.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
    """
    root = model.graph.output
    inside = {
        name for tensor in in_order(root) if _has_slope(tensor) for name in leaves(tensor, "weight")
    }
    outside = sorted(
        leaves(root, "weight").keys() - inside,
        key=lambda name: (gradient_terms(model, sizes, [name]), name),
    )
    while outside and gradient_terms(model, sizes, outside) > MOST:
        outside.pop()
    return outside


def _has_slope(tensor: Tensor) -> bool:
    """Whether it is a function whose value is a generator with a slope; a gate has none."""
    return (tensor.operation == "apply" and tensor.detail != "relu") or (
        tensor.operation == "power" and tensor.detail < 0
    )


def weights_beside_functions(instance: Instance) -> list[int]:
    """Places of the weights of these layers."""
    model, sizes, end, found = instance.model, instance.sizes, 0, list[int]()
    layers = layers_beside_functions(model, sizes)
    for name, layer in model.layers.items():
        start, end = end, end + prod(size.at(sizes) for size in layer.shape)
        found += range(start, end) if name in layers else ()
    return found


def partial_fields(instance: Instance) -> list[Field]:
    """Fields on these weights, without the rates; no two of them are multiples."""
    weights = weights_beside_functions(instance)
    return different(one for p in potentials(instance) for one in _separated(instance, weights, p))


def _separated(instance: Instance, weights: list[int], potential: Poly) -> Iterator[Field]:
    """One field for each monomial in all that are none of the weights; powers of gates are one."""
    inner, D = set(weights), instance.weights
    gates = {one.index for one in instance.generated if one.kind == "gate"}
    found: dict[Exponents, Field] = {}
    for i in weights:
        for m, c in terms(potential.derivative(i)).items():
            outer = tuple(
                0 if k in inner else min(e, 1) if k in gates else e for k, e in enumerate(m)
            )
            own = tuple(e if k in inner else 0 for k, e in enumerate(m[:D]))
            entry = found.setdefault(outer, {}).setdefault(i, {})
            entry[own] = entry.get(own, fmpq(0)) + c
    for one in found.values():
        if kept := nonzero(one):
            yield kept
