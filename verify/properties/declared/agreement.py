"""One output, read by torch, by hand, by the exact ring, and its gradient by the fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from sympy import Expr, lambdify
from torch import Tensor

from symbolic.architecture.closures import h
from symbolic.architecture.fields import Field, Terms, terms
from symbolic.architecture.instance import Instance
from verify.networks import graph, shelf
from verify.oracle.declared.descent import gradient, outputs
from verify.oracle.declared.problem import Problems
from verify.oracle.problem import Floats
from verify.properties.declared.rates import flat
from verify.properties.outcome import LeftOut, Results

ROUNDED = 1e-12  # of outputs, relative to the largest of a problem
VALUES: dict[str, Callable[[float], float]] = {
    "gate": lambda z: float(z > 0), "inverse": lambda z: 1 / z, "root": lambda z: z**0.5,
}  # fmt: skip
RESIDUE, INDEPENDENT = 1e-10, 1e-12  # of a gradient outside the fields; of singular values


def agrees_with_hand(problems: Problems) -> Results:
    """The graph in torch is the network by hand."""
    model = problems.model
    if not shelf.is_by_hand(model):
        yield LeftOut("not written by hand: its graph serves")
        return
    by_graph = replace(problems, forward=graph.forward(model, problems.sizes))
    found, expected = outputs(by_graph), outputs(problems)
    yield "graph", float(((found - expected).abs().amax((1, 2)) / _size(expected)).max())


def agrees_with_ring(problems: Problems, instance: Instance) -> Results:
    """The exact outputs, with the values of all functions in them, are those of torch."""
    expected, weights = outputs(problems), flat(problems.weights).numpy()
    for k in range(problems.count):
        for p in range(expected.shape[1]):
            place = [*weights[k], *_data(problems, instance, k, p)]
            point = p if instance.model.data == "points" else 0
            found = _evaluated(instance, np.array(place), point)
            error = np.abs(found - expected[k, p].numpy()).max()
            yield f"problem {k + 1}, input {p + 1}", float(error / _size(expected)[k])


def moves_along_fields(problems: Problems, fields: Sequence[Field], of: Sequence[str]) -> Results:
    """The gradient of any loss is a combination of the fields.

    Args:
        problems: some.
        fields: without rates.
        of: names of the weights.
    """
    places, slopes = (flat(one).numpy() for one in (problems.weights, gradient(problems)))
    for k, (place, slope) in enumerate(zip(places, slopes, strict=True)):
        matrix = np.array([_field(one, place, len(of)) for one in fields])
        lengths = np.linalg.norm(matrix, axis=1)
        matrix = matrix[lengths > 0] / lengths[lengths > 0, None]
        _, size, rows = np.linalg.svd(matrix, full_matrices=False)
        rows = rows[size > INDEPENDENT * size.max()]
        outside = slope - rows.T @ (rows @ slope)
        yield f"problem {k + 1}", float(np.linalg.norm(outside) / np.linalg.norm(slope) / RESIDUE)


def _size(expected: Tensor) -> Tensor:
    return ROUNDED * expected.abs().amax((1, 2))


def _data(problems: Problems, instance: Instance, k: int, p: int) -> list[float]:
    """Values of the generators that stand for data."""
    at = {name: value[k, p].reshape(-1) for name, value in problems.inputs.items()}
    if instance.model.data == "points":
        return []
    if instance.model.data == "line":
        return [float(at[n][0]) / one.entries[0] for n, one in instance.directions.items()]
    return [float(number) for value in at.values() for number in value]


def _evaluated(instance: Instance, place: Floats, point: int) -> Floats:
    values = np.zeros(len(instance.ring.gens()))
    values[: len(place)] = place
    for one in instance.generated:
        value = VALUES[one.kind] if one.function is None else _function(one.function)
        values[one.index] = value(_at(terms(one.argument), values))
    return np.array([_at(terms(entry), values) for entry in instance.outputs[point].entries])


@cache
def _function(of_h: Expr) -> Callable[[float], float]:
    found: Callable[[float], float] = lambdify(h, of_h, "math")
    return found


def _at(polynomial: Terms, values: Floats) -> float:
    if not polynomial:
        return 0.0
    exponents = np.array(list(polynomial))
    coefficients = np.array([int(c.p) / int(c.q) for c in polynomial.values()])
    return float((values[: exponents.shape[1]] ** exponents).prod(1) @ coefficients)


def _field(one: Field, place: Floats, weights: int) -> Floats:
    found = np.zeros(weights)
    for i, entry in one.items():
        found[i] = _at(entry, place)
    return found
