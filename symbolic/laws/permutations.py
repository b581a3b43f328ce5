"""Permutations of weights that leave the network as it is: of neurons, channels, heads, layers.

Candidates exchange two neighbouring values of a size's index, on every axis of that size, or two layers
of one shape and one rate (those whose names differ by a number, all together). Each is proved in the
exact ring: it sends preactivations to preactivations, and with them every output to itself; where the
size is one of inputs or outputs as well, entries of data and outputs are exchanged with the weights.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from symbolic.architecture.fields import Terms, terms
from symbolic.architecture.instance import Instance, entry_names
from symbolic.architecture.model import Model
from symbolic.architecture.sizes import Shape, Size

Images = Mapping[str, str]
"""Names of the entries that move, by name."""


@dataclass(frozen=True)
class Permutation:
    """A permutation of weights that leaves the network as it is.

    Attributes:
        words: what is exchanged.
        images: where each weight goes, by place.
        relabels: whether entries of data or outputs are exchanged with the weights.
        data: entries of inputs that are, by name.
        outputs: where each entry of an output goes, by place; None for nowhere else.
    """

    words: str
    images: tuple[int, ...]
    relabels: bool
    data: tuple[tuple[str, str], ...] = ()
    outputs: tuple[int, ...] | None = None


def permutations(instance: Instance) -> list[Permutation]:
    """Those of the candidates that are proved; neighbours generate all of a size.

    Args:
        instance: of which; on listed points the data stay where they are.
    """
    candidates = itertools.chain(_of_sizes(instance), _of_layers(instance))
    outputs = [[terms(entry) for entry in output.entries] for output in instance.outputs]
    found = []
    for words, weights, data, swapped in candidates:
        moves = any(a != b for a, b in weights.items())
        if moves and _holds(instance, outputs, weights, data, swapped):
            place = {name: k for k, name in enumerate(instance.names)}
            images = tuple(place[weights.get(name, name)] for name in instance.names)
            there = tuple(k for _, k in _outputs(instance, swapped)) if swapped else None
            relabels = bool(data) or swapped is not None
            found.append(Permutation(words, images, relabels, tuple(data.items()), there))
    return found


Candidate = tuple[str, Images, Images, tuple[Size, int] | None]


def _of_sizes(instance: Instance) -> Iterator[Candidate]:
    model = instance.model
    fixed = model.data in ("points", "line")
    for symbol in model.symbols:
        size = Size.of(symbol)
        layers = {n: layer.shape for n, layer in model.layers.items()}
        inputs = {} if fixed else model.graph.inputs
        for k in range(size.at(instance.sizes) - 1):
            yield (
                f"{symbol}: {k + 1} with {k + 2}",
                _exchanged(instance, layers, size, k),
                _exchanged(instance, inputs, size, k),
                (size, k) if size in model.graph.output.shape else None,
            )


def _exchanged(
    instance: Instance, arrays: Mapping[str, Shape], size: Size, k: int
) -> dict[str, str]:
    """Entries whose index is k or k + 1 on axes of a size, and where they go."""
    swap = {k: k + 1, k + 1: k}
    found = {}
    for name, shape in arrays.items():
        numbers = [one.at(instance.sizes) for one in shape]
        places = list(itertools.product(*map(range, numbers)))
        names = dict(zip(places, entry_names(name, numbers), strict=True))
        for place in places:
            moved = tuple(
                swap.get(i, i) if axis == size else i for i, axis in zip(place, shape, strict=True)
            )
            if moved != place:
                found[names[place]] = names[moved]
    return found


def _of_layers(instance: Instance) -> Iterator[Candidate]:
    model = instance.model
    for a, b in itertools.combinations(model.layers, 2):
        if _are_alike(model, a, b):
            yield f"{a} with {b}", _swapped(instance, [(a, b)]), {}, None
    numbers = sorted({name[-1] for name in model.layers if name[-1].isdigit()})
    for first, second in itertools.combinations(numbers, 2):
        pairs = [
            (name, name[:-1] + second)
            for name in model.layers
            if name.endswith(first) and name[:-1] + second in model.layers
        ]
        if len(pairs) > 1 and all(_are_alike(model, a, b) for a, b in pairs):
            words = ", ".join(f"{a} with {b}" for a, b in pairs)
            yield words, _swapped(instance, pairs), {}, None


def _are_alike(model: Model, a: str, b: str) -> bool:
    one, other = model.layers[a], model.layers[b]
    return one.rate == other.rate and one.shape == other.shape


def _swapped(instance: Instance, pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    found = {}
    for a, b in pairs:
        numbers = [one.at(instance.sizes) for one in instance.model.layers[a].shape]
        names = zip(entry_names(a, numbers), entry_names(b, numbers), strict=True)
        for one, other in names:
            found[one], found[other] = other, one
    return found


def _holds(
    instance: Instance,
    outputs: Sequence[Sequence[Terms]],
    weights: Images,
    data: Images,
    swapped: tuple[Size, int] | None,
) -> bool:
    """Whether the exchange sends functions to functions and outputs to outputs."""
    gens = instance.ring.gens()
    # Generators of functions come last, and may have the name of a weight.
    place = {str(g): k for k, g in reversed(list(enumerate(gens)))}
    images = list(range(len(gens)))
    for name, other in {**weights, **data}.items():
        images[place[name]] = place[other]
    kinds = _kinds(instance)
    for one, kind in zip(instance.generated, kinds, strict=True):
        moved = _moved(terms(one.argument), images)
        same = (
            other.index
            for other, like in zip(instance.generated, kinds, strict=True)
            if like == kind and terms(other.argument) == moved
        )
        index = next(same, None)
        if index is None:
            return False
        images[one.index] = index
    # Functions of one kind and order may be of other activations: their slopes tell.
    slopes = {one.index: one.slope for one in instance.generated}
    if any(terms(slopes[images[k]]) != _moved(terms(slope), images) for k, slope in slopes.items()):
        return False
    return all(
        entries[there] == _moved(entries[here], images)
        for entries in outputs
        for here, there in _outputs(instance, swapped)
    )


def _kinds(instance: Instance) -> list[tuple[str, int]]:
    """Kinds of functions; those of one kind and one argument are told apart by their order."""
    seen = Counter[tuple[str, frozenset[Any]]]()
    found = []
    for one in instance.generated:
        key = one.kind, frozenset(terms(one.argument).items())
        found.append((one.kind, seen[key]))
        seen[key] += 1
    return found


def _moved(polynomial: Terms, images: Sequence[int]) -> Terms:
    """Terms with exponents where the images are."""
    found: Terms = {}
    for m, c in polynomial.items():
        power = [0] * len(images)
        for k, e in enumerate(m):
            if e:
                power[images[k]] += e
        found[tuple(power)] = c
    return found


def _outputs(instance: Instance, swapped: tuple[Size, int] | None) -> Iterator[tuple[int, int]]:
    """Which entry of an output goes where."""
    shape = instance.model.graph.output.shape
    numbers = [one.at(instance.sizes) for one in shape]
    for place in itertools.product(*map(range, numbers)):
        moved = place
        if swapped is not None:
            size, k = swapped
            swap = {k: k + 1, k + 1: k}
            moved = tuple(
                swap.get(i, i) if axis == size else i for i, axis in zip(place, shape, strict=True)
            )
        yield _place(place, numbers), _place(moved, numbers)


def _place(index: Sequence[int], numbers: Sequence[int]) -> int:
    """Of an entry, row by row."""
    return sum(i * prod(numbers[n + 1 :]) for n, i in enumerate(index))
