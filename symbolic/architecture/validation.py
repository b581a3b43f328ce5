"""What is wrong with a declaration, before its output is called: each thing in words."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any

from symbolic.architecture.sizes import SizeError, shape_of
from symbolic.notation.source import Source

if TYPE_CHECKING:
    from symbolic.architecture.model import Model, Sizes

DATA = ("any", "line", "white", "points")


def problems(model: Model) -> Iterator[str]:
    """What makes it none; each is looked for where those before are not there."""
    yield from _texts(model)
    yield from _layers(model)
    yield from _inputs(model)
    yield from _names(model)
    yield from _output(model.output)
    yield from _data(model)
    if isinstance(model.sizes, str | Mapping) or not isinstance(model.sizes, Sequence):
        yield "sizes are a list of instances, ({...},)"
    for sizes in model.sizes:
        if not isinstance(sizes, Mapping):
            yield "sizes are a list of instances, ({...},)"


def at_sizes(model: Model, sizes: Sizes) -> Iterator[str]:
    """What makes sizes none of a network: a symbol, a number, a list of points that does not fit."""
    if unknown := sorted(str(symbol) for symbol in sizes.keys() - set(model.symbols)):
        yield f"no size {unknown[0]!r}: sizes are {', '.join(model.symbols)}"
    for symbol, n in sizes.items():
        if isinstance(n, bool) or not isinstance(n, int):
            yield f"a size is a whole number, not {symbol} = {n!r}"
    shapes = {name: shape_of(shape) for name, shape in model.inputs.items()}
    try:
        for shape in (*(layer.shape for layer in model.layers.values()), *shapes.values()):
            for size in shape:
                size.at(sizes)
    except SizeError as error:
        yield str(error)
    for point in model.points:
        for name, shape in shapes.items():
            found, entries = _entries(point[name]), prod(size.at(sizes) for size in shape)
            if len(found) != entries:
                yield f"a point has {len(found)} entries of {name}, not {entries}"


def _texts(model: Model) -> Iterator[str]:
    for field, is_empty in (("name", False), ("title", True), ("loss", False), ("data", False)):
        found = getattr(model, field)
        if not isinstance(found, str) or not (found or is_empty):
            yield f"a {field} is a text, not {found!r}"
    if not isinstance(model.source, str | Source):
        yield f'a source is a text such as "own", not {model.source!r}'


def _layers(model: Model) -> Iterator[str]:
    from symbolic.architecture.model import Layer

    if not isinstance(model.layers, Mapping):
        yield 'layers are by name, {"W": Layer("m", "n")}'
    if not model.layers:
        yield "a network has at least one layer"
    for name, layer in model.layers.items():
        if not isinstance(layer, Layer):
            yield f"{name} is no Layer but {layer!r}"


def _inputs(model: Model) -> Iterator[str]:
    if not isinstance(model.inputs, Mapping):
        yield 'inputs are shapes by name, {"x": ("n",)}'
    for name, shape in model.inputs.items():
        if isinstance(shape, str) or not isinstance(shape, Sequence):
            yield f'an input has a shape such as ("n",), and {name} has {shape!r}'


def _names(model: Model) -> Iterator[str]:
    for name in (*model.layers, *model.inputs):
        fits = isinstance(name, str) and name.isidentifier() and name.isascii()
        if not fits or keyword.iskeyword(name) or name.startswith("_"):
            yield f"{name!r} is no name of a layer or an input"
    for name, layer in model.layers.items():
        if layer.rate in model.layers or layer.rate in model.inputs:
            yield f"{layer.rate!r} is the rate of {name!r}, and a name"
    if both := sorted(model.layers.keys() & model.inputs.keys()):
        yield f"{both[0]!r} is a layer and an input"


def _output(output: Any) -> Iterator[str]:
    """Whether it can be called with three things."""
    says = "an output is a function of weights, inputs and functions, lambda w, x, F: …"
    if not callable(output):
        yield f"{says}, not {output!r}"
    try:
        inspect.signature(output).bind(None, None, None)
    except TypeError:
        yield says
    except ValueError:  # of what is no Python function nothing is known
        return


def _data(model: Model) -> Iterator[str]:
    if model.data not in DATA:
        yield f"data is one of {', '.join(DATA)}, not {model.data!r}"
    if isinstance(model.points, str | Mapping) or not isinstance(model.points, Sequence):
        yield "points are a list of inputs, [{...}]"
    if model.data == "points" and not model.points:
        yield 'data="points", and points are missing: points=[{"x": [1, 2]}], one or more'
    if model.data != "points" and model.points:
        yield f'points are listed where data="points", and data is "{model.data}"'
    for point in model.points:
        if not isinstance(point, Mapping):
            yield f"a point is entries by the name of an input, not {point!r}"
        for name in model.inputs:
            if name not in point:
                yield f"a point has no {name}: it has {', '.join(map(str, point))}"
            for value in _entries(point[name]):
                if not _is_number(value):
                    yield f"an entry of a point is a number, not {value!r}"


def _entries(values: Any) -> list[Any]:
    """Those of nested lists."""
    if isinstance(values, str) or not isinstance(values, Sequence):
        return [values]
    return [entry for value in values for entry in _entries(value)]


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, str | bool) and Fraction(value) is not None
    except (TypeError, ValueError, OverflowError):
        return False
