"""One output, read by torch, by hand, by the exact ring, and its gradient by the fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import torch
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
    count, inputs = expected.shape[:2]
    found = np.empty(expected.shape)
    for p in range(inputs):
        data = _data(problems, instance, p)
        listed = instance.model.data == "points"
        found[:, p] = _evaluated(instance, np.hstack([weights, data]), p if listed else 0)
    errors = np.abs(found - expected.numpy()).max(axis=2) / _size(expected).numpy()[:, None]
    for k, p in np.ndindex(count, inputs):
        yield f"problem {k + 1}, input {p + 1}", float(errors[k, p])


def moves_along_fields(
    problems: Problems, fields: Sequence[Field], names: Sequence[str]
) -> Results:
    """The gradient of any loss is a combination of the fields.

    Args:
        problems: some.
        fields: without rates.
        names: of the weights.
    """
    places, slopes = (flat(one).numpy() for one in (problems.weights, gradient(problems)))
    matrices = np.zeros((problems.count, len(fields), len(names)))
    for number, one in enumerate(fields):
        for i, entry in one.items():
            matrices[:, number, i] = _at(entry, places)
    for k, (matrix, slope) in enumerate(zip(matrices, slopes, strict=True)):
        lengths = np.linalg.norm(matrix, axis=1)
        scaled = matrix[lengths > 0] / lengths[lengths > 0, None]
        _, size, rows = np.linalg.svd(scaled, full_matrices=False)
        rows = rows[size > INDEPENDENT * size.max()]
        outside = slope - rows.T @ (rows @ slope)
        yield f"problem {k + 1}", float(np.linalg.norm(outside) / np.linalg.norm(slope) / RESIDUE)


def _size(expected: Tensor) -> Tensor:
    return ROUNDED * expected.abs().amax((1, 2))


def _data(problems: Problems, instance: Instance, p: int) -> Floats:
    """Values of the generators that stand for data at an input, (problems, generators)."""
    at = {name: value[:, p].reshape(problems.count, -1) for name, value in problems.inputs.items()}
    if instance.model.data == "points" or not at:
        return np.empty((problems.count, 0))
    if instance.model.data == "line":
        firsts = [at[n][:, :1] / one.entries[0] for n, one in instance.directions.items()]
        return torch.cat(firsts, 1).numpy()
    return torch.cat(list(at.values()), 1).numpy()


def _evaluated(instance: Instance, places: Floats, point: int) -> Floats:
    """The outputs at a listed point or at any input, (problems, outputs)."""
    values = np.zeros((len(places), len(instance.ring.gens())))
    values[:, : places.shape[1]] = places
    for one in instance.generated:
        function = VALUES[one.kind] if one.function is None else _function(one.function)
        values[:, one.index] = [function(z) for z in _at(terms(one.argument), values)]
    entries = instance.outputs[point].entries
    return np.stack([_at(terms(entry), values) for entry in entries], axis=1)


@cache
def _function(of_h: Expr) -> Callable[[float], float]:
    found: Callable[[float], float] = lambdify(h, of_h, "math")
    return found


def _at(polynomial: Terms, values: Floats) -> Floats:
    """Values of a polynomial, of generators in rows."""
    factors = [[i for i, e in enumerate(m) for _ in range(e)] for m in polynomial]
    most = max(1, *map(len, factors)) if factors else 1
    padded = np.array([f + [-1] * (most - len(f)) for f in factors], int).reshape(-1, most)
    with_one = np.hstack([values, np.ones((len(values), 1))])
    coefficients = np.array([int(c.p) / int(c.q) for c in polynomial.values()])
    return np.asarray(with_one[:, padded].prod(axis=2) @ coefficients)
