"""Affine symmetries in words: which rows and columns of which layers they scale, mix, turn or shift."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Sequence

from flint import fmpq

from symbolic.architecture.instance import Instance, entry_names
from symbolic.laws.symmetries import Symmetry

VERBS = {"law": "mixes", "reduction": "turns", "neither": "moves"}
AXES = {1: ("entry",), 2: ("row", "column"), 3: ("slice", "row", "column")}
MOST = 4  # entries that are listed one by one
Index = tuple[int, ...]


def in_words(instance: Instance, kind: str, symmetry: Symmetry) -> str:
    """What a symmetry does to the weights, layer by layer.

    Args:
        instance: of which.
        kind: what it gives: "law", "reduction" or "neither".
        symmetry: entries of A and b, rates absorbed.
    """
    layers = _Layers(instance)
    scaled: dict[tuple[str, fmpq], list[Index]] = defaultdict(list)
    mixed: dict[tuple[str, str], list[tuple[Index, Index]]] = defaultdict(list)
    shifted: dict[tuple[str, fmpq], list[Index]] = defaultdict(list)
    for (i, j), c in sorted(symmetry.items()):
        layer, place = layers.places[i]
        if j < 0:
            shifted[layer, c].append(place)
        elif i == j:
            scaled[layer, c].append(place)
        elif i < j or (j, i) not in symmetry:
            other, there = layers.places[j]
            mixed[layer, other].append((place, there))
    said = []
    if scaled:
        first = next(iter(scaled))[1]
        parts = (
            f"{layers.group(layer, places)} by {_exponential(c / first)}"
            for (layer, c), places in scaled.items()
        )
        said.append(f"scales {', '.join(parts)}")
    if mixed:
        between = " with " if kind == "reduction" else ", "
        parts = (layers.pairs(*names, places) for names, places in mixed.items())
        said.append(f"{VERBS[kind]} {between.join(parts)}")
    if shifted:
        first = next(iter(shifted))[1]
        parts = (
            f"{layers.group(layer, places)} by {_multiple(c / first)}"
            for (layer, c), places in shifted.items()
        )
        said.append(f"shifts {', '.join(parts)}")
    return " and ".join(said)


def signs_in_words(instance: Instance, flipped: Collection[str]) -> str:
    """Which rows, columns and entries of layers change their signs.

    Args:
        instance: of which.
        flipped: names of the weights that do.
    """
    layers = _Layers(instance)
    places: dict[str, list[Index]] = defaultdict(list)
    for name, (layer, place) in zip(instance.names, layers.places, strict=True):
        if name in flipped:
            places[layer].append(place)
    return ", ".join(layers.group(layer, there) for layer, there in places.items())


def _exponential(c: fmpq) -> str:
    return f"exp({_multiple(c)})"


def _multiple(c: fmpq) -> str:
    sign, size = ("−" if c < 0 else ""), abs(c)
    return f"{sign}{'' if size == 1 else f'{size} '}ε"


class _Layers:
    """Places of weights in layers, and names of groups of them.

    Args:
        instance: whose layers.

    Attributes:
        places: layer and index of every weight.
    """

    def __init__(self, instance: Instance) -> None:
        self._shapes = {
            name: tuple(size.at(instance.sizes) for size in layer.shape)
            for name, layer in instance.model.layers.items()
        }
        self.places = [
            (name, place)
            for name, shape in self._shapes.items()
            for place in itertools.product(*map(range, shape))
        ]

    def group(self, layer: str, places: Sequence[Index]) -> str:
        """A layer, a row or a column of it, or its entries one by one."""
        shape = self._shapes[layer]
        whole = list(itertools.product(*map(range, shape)))
        if sorted(places) == whole:
            return layer
        for axis, word in enumerate(AXES[len(shape)] if len(shape) > 1 else ()):
            k = places[0][axis]
            if sorted(places) == [place for place in whole if place[axis] == k]:
                return f"{word} {k + 1} of {layer}"
        names = [self._name(layer, place) for place in places]
        return ", ".join(names[:MOST]) + (" …" if len(names) > MOST else "")

    def pairs(self, layer: str, other: str, places: Sequence[tuple[Index, Index]]) -> str:
        """Two rows or columns of a layer, or pairs of entries."""
        if layer == other and len(self._shapes[layer]) > 1:
            for axis, word in enumerate(AXES[len(self._shapes[layer])]):
                if found := self._lines(layer, axis, places):
                    return f"{word}s {found[0] + 1} and {found[1] + 1} of {layer}"
        names = [f"{self._name(layer, a)} with {self._name(other, b)}" for a, b in places]
        return ", ".join(names[:MOST]) + (" …" if len(names) > MOST else "")

    def _lines(
        self, layer: str, axis: int, places: Sequence[tuple[Index, Index]]
    ) -> tuple[int, int] | None:
        """The two lines of an axis whose entries are paired, all of them."""
        k, l = places[0][0][axis], places[0][1][axis]
        whole = {
            (place, (*place[:axis], l, *place[axis + 1 :]))
            for place in itertools.product(*map(range, self._shapes[layer]))
            if place[axis] == k
        }
        return (k, l) if k != l and set(places) == whole else None

    def _name(self, layer: str, place: Index) -> str:
        shape = self._shapes[layer]
        whole = list(itertools.product(*map(range, shape)))
        return entry_names(layer, shape)[whole.index(place)]
