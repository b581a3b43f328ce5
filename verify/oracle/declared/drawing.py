"""Problems of a declared network, drawn: weights, rates, data of its class, targets and losses.

Scales are log-uniform; targets lie around the first outputs, as far away as these are large. The loss is
scaled so that time is measured in a unit of the problem's own: in it the weights, each over the root of
its rate, move at most by their own length, and curvatures are at most about 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod

import numpy as np
import torch
from torch import Tensor

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.sizes import Shape
from verify import losses
from verify.networks import shelf
from verify.networks.graph import Named
from verify.oracle.declared.descent import curvature, descend, gradient, outputs
from verify.oracle.declared.losses import CLASSES, of_class, targets
from verify.oracle.declared.problem import Problems

INPUTS = 4  # a problem has, where they are not listed
DECADES = 0.4  # scales are 10^±this
TRIALS, TRIAL, STEPS = 2, 0.25, 8  # how many, how long, in steps
SPARE = 3  # times as many are drawn: of some small networks every gate is shut


class StillError(ValueError):
    """Of too few random starts a network moves: no gradient moves it, or most starts are dead."""


def draw(
    model: Model,
    sizes: Sizes,
    count: int,
    seed: int,
    *,
    instance: Instance | None = None,
    equal_rates: bool = False,
    is_tame: bool = True,
) -> Problems:
    """Draw problems.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        count: how many.
        seed: of everything that is drawn.
        instance: whose untrained weights and line of data are taken, where laws may depend on them.
        equal_rates: whether all layers learn at the rate 1.
        is_tame: whether curvature is looked at; a single step needs no such care.

    Raises:
        StillError: where too few of the random starts move.
    """
    random = np.random.default_rng(seed)
    drawn = _unscaled(model, sizes, SPARE * count, random, instance, equal_rates)
    paces = _speed(drawn)
    moving = torch.nonzero(torch.isfinite(paces) & (paces > 0))[:count, 0]
    if len(moving) < count:
        raise StillError(f"{model.name}: nothing moves from {SPARE * count} random starts")
    drawn = _scaled_by(drawn, 1 / paces).rows(moving)
    return _tamed(drawn) if is_tame else drawn


def _unscaled(
    model: Model,
    sizes: Sizes,
    count: int,
    random: np.random.Generator,
    instance: Instance | None,
    equal_rates: bool,
) -> Problems:
    shapes = {name: _at(layer.shape, sizes) for name, layer in model.layers.items()}
    weights = {name: _scaled(random, count, shape) for name, shape in shapes.items()}
    by_name = {layer.rate: _scale(random, count) for layer in model.layers.values()}
    if equal_rates:
        by_name = dict.fromkeys(by_name, torch.ones(count, dtype=torch.float64))
    rates = {name: by_name[layer.rate] for name, layer in model.layers.items()}
    frozen, directions = _fixed(model, sizes, random, instance)
    drawn = Problems(
        model,
        sizes,
        shelf.forward(model, sizes),
        weights,
        rates,
        _inputs(model, sizes, directions, random, count),
        frozen,
        torch.zeros(count, 0),
        torch.ones(count, dtype=torch.float64),
        _shares(random, count, len(of_class(model.loss))),
    )
    first = outputs(drawn)
    drawn = replace(drawn, targets=_targets(model.loss, random, first))
    if model.loss not in CLASSES:
        return drawn
    size = first.square().mean(dim=(1, 2)).sqrt()
    return replace(drawn, units=size + (size == 0))


def _speed(drawn: Problems) -> Tensor:
    """How fast the weights move at the start, each over the root of its rate, by their length."""
    speed, length = (
        sum((v.reshape(len(v), -1) ** 2).sum(1) * drawn.rates[n] ** power for n, v in one.items())
        for one, power in ((gradient(drawn), 1), (drawn.weights, -1))
    )
    return (torch.as_tensor(speed) / torch.as_tensor(length)).sqrt()


def _tamed(drawn: Problems) -> Problems:
    """With curvatures of 1 at most, at the start and where a trial leads to."""
    drawn = _scaled_by(drawn, 1 / curvature(drawn).clamp(min=1))
    for _ in range(TRIALS):
        there = descend(drawn, drawn.units.new_full((drawn.count,), TRIAL / STEPS), STEPS)
        drawn = _scaled_by(drawn, 1 / curvature(there).clamp(min=1))
    return drawn


def _scaled_by(drawn: Problems, factors: Tensor) -> Problems:
    """With multiples of the losses."""
    return replace(drawn, shares=drawn.shares * factors[:, None])


def _fixed(
    model: Model, sizes: Sizes, random: np.random.Generator, instance: Instance | None
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Untrained weights, and directions of the inputs."""
    if instance is None:
        named = model.graph.frozen, model.graph.inputs
        frozen, directions = (
            {n: _normal(random, *_at(shape, sizes)) for n, shape in one.items()} for one in named
        )
        return frozen, directions
    exact = instance.frozen, instance.directions
    frozen, directions = (
        {n: _tensor(one.entries).reshape(one.shape) for n, one in arrays.items()}
        for arrays in exact
    )
    return frozen, directions


def _inputs(
    model: Model,
    sizes: Sizes,
    directions: Named,
    random: np.random.Generator,
    count: int,
) -> dict[str, Tensor]:
    shapes = {n: _at(shape, sizes) for n, shape in model.graph.inputs.items()}
    if model.data == "points":
        listed = {n: [_flat(point[n]) for point in model.points] for n in shapes}
        return {
            n: _tensor(listed[n]).reshape(1, -1, *shape).repeat(count, 1, *[1] * len(shape))
            for n, shape in shapes.items()
        }
    if model.data == "line":
        return {
            n: torch.einsum("pi,...->pi...", _normal(random, count, INPUTS), one / one.norm())
            for n, one in directions.items()
        }
    entries = [prod(shape) for shape in shapes.values()]
    points = max(INPUTS, sum(entries)) if model.data == "white" else INPUTS
    flat = _normal(random, count, points, sum(entries))
    if model.data == "white":  # the mean of x xᵀ is 1
        flat = torch.linalg.qr(flat)[0] * points**0.5
    parts = torch.split(flat, entries, 2)
    return {
        n: part.reshape(count, points, *shape)
        for (n, shape), part in zip(shapes.items(), parts, strict=True)
    }


def _targets(loss: str, random: np.random.Generator, first: Tensor) -> Tensor:
    drawn = _normal(random, *first.shape)
    if targets(loss) == losses.SIGNS:
        return drawn.sign()
    if targets(loss) == losses.PROBABILITIES:
        return torch.sigmoid(drawn)
    size = first.square().mean(dim=(1, 2), keepdim=True).sqrt()
    return first + (size + (size == 0)) * drawn


def _shares(random: np.random.Generator, count: int, kinds: int) -> Tensor:
    """Each loss alone and then shares of all, in turn."""
    found = _tensor(random.dirichlet(np.ones(kinds), count))
    for k in range(kinds):
        found[k :: kinds + 1] = torch.eye(kinds, dtype=torch.float64)[k]
    return found


def _scaled(random: np.random.Generator, count: int, shape: tuple[int, ...]) -> Tensor:
    scale = _scale(random, count).reshape(count, *[1] * len(shape))
    return _normal(random, count, *shape) * scale


def _scale(random: np.random.Generator, count: int) -> Tensor:
    return _tensor(10 ** random.uniform(-DECADES, DECADES, count))


def _normal(random: np.random.Generator, *shape: int) -> Tensor:
    return _tensor(random.standard_normal(shape))


def _tensor(values: object) -> Tensor:
    return torch.tensor(np.asarray(values, dtype=np.float64))


def _at(shape: Shape, sizes: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(size.at(sizes) for size in shape)


def _flat(values: object) -> list[float]:
    if isinstance(values, list | tuple):
        return [number for value in values for number in _flat(value)]
    return [float(values)]  # type: ignore[arg-type]
