"""What is trained of a declared network: weights, data, rates and loss, checked once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from numeric import catalogue
from numeric.data.arrays import Floats, finite, unwrapped
from numeric.errors import InputError
from numeric.methods.declared import losses
from numeric.methods.declared.losses import Loss
from numeric.pickling import NamesModules

Arrays = Mapping[str, Floats]
REDUCTIONS = ("mean", "sum")
TERM = re.compile(r"([+-]?)(\d*)([A-Za-z_]\w*)?")


@dataclass(frozen=True)
class DeclaredProblem(NamesModules):
    """A declared network and its training.

    Attributes:
        module: the generated module.
        weights: initial ones, by name.
        inputs: with an axis of points.
        targets: of the shape of the outputs.
        frozen: untrained weights.
        rates: by name.
        loss: of the outputs.
        reduction: "mean" or "sum" over the points.
        sizes: by symbol.
        is_set: whether a data set was given, or a point.
    """

    module: ModuleType
    weights: Arrays
    inputs: Arrays
    targets: Floats
    frozen: Arrays
    rates: Mapping[str, float]
    loss: Loss
    reduction: str
    sizes: Mapping[str, int]
    is_set: bool

    @property
    def points(self) -> int:
        """Their number."""
        return len(self.targets)

    @property
    def given(self) -> dict[str, Any]:
        """What the module's functions take beside weights and inputs."""
        return {"frozen": self.frozen} if self.module.FROZEN else {}


def read(
    weights: Mapping[str, Any],
    x: Any,
    y: Any,
    *,
    network: str | ModuleType,
    rates: Any = 1.0,
    frozen: Mapping[str, Any] | None = None,
    loss: str | ModuleType | None = None,
    reduction: str = "mean",
) -> DeclaredProblem:
    """A problem as people write it; see `numeric.methods.declared.flow.DeclaredFlow`.

    Raises:
        InputError: for what is missing, too much, of another shape, or not finite.
    """
    module = catalogue.load_declared(network) if isinstance(network, str) else network
    if not hasattr(module, "POINTWISE"):
        raise InputError("network", repr(network)[:60], "a name or a module of a declared network")
    if reduction not in REDUCTIONS:
        raise InputError("reduction", repr(reduction), f"one of {', '.join(REDUCTIONS)}")
    sizes: dict[str, int] = {}
    layers = _named("weights", weights, module.WEIGHTS, sizes)
    fixed = _named("frozen", frozen or {}, module.FROZEN, sizes)
    data, is_set = inputs(module, x, sizes)
    given: Loss = losses.named(loss or (losses.SOFTMAX if module.LOSS == "softmax" else "square"))
    targets, is_set = _targets(module, given, y, data, sizes, is_set)
    return DeclaredProblem(
        module, layers, data, targets, fixed, _rates(module, rates), given, reduction, sizes, is_set
    )  # fmt: skip


def _targets(
    module: ModuleType, loss: Loss, y: Any, data: Arrays, sizes: Mapping[str, int], is_set: bool
) -> tuple[Floats, bool]:
    values = unwrapped(y)
    values = finite("y", values, np.ndim(values))
    shape = tuple(value_of(size, sizes, "y") for size in module.OUTPUT)
    if not module.POINTWISE:
        return losses.targets(loss, values[None], (1, *shape)), False
    points = len(next(iter(data.values())))
    if not is_set:
        values = values[None]
    return losses.targets(loss, values, (points, *shape)), is_set


def inputs(module: ModuleType, x: Any, sizes: dict[str, int]) -> tuple[Arrays, bool]:
    """Inputs with an axis of points, and whether they had one."""
    if x is None and hasattr(module, "LISTED"):
        x = {name: [point[name] for point in module.LISTED] for name in module.INPUTS}
    if x is None and not module.INPUTS:
        x = {}
    if not isinstance(x, Mapping):
        if len(module.INPUTS) != 1:
            names = ", ".join(module.INPUTS) or "none, for the network has no inputs"
            raise InputError("x", "one array", f"inputs by name: {names}")
        x = {next(iter(module.INPUTS)): x}
    _require_names("x", x, module.INPUTS)
    arrays = {name: unwrapped(x[name]) for name in module.INPUTS}
    axes = {name: np.ndim(array) - len(module.INPUTS[name]) for name, array in arrays.items()}
    if len(set(axes.values())) > 1 or not set(axes.values()) <= {0, 1}:
        name = next(iter(axes))
        shape = ", ".join(module.INPUTS[name])
        expected = f"({shape}) for a point, or (points, {shape}), the same for all inputs"
        raise InputError(f"x[{name!r}]", f"shape {np.shape(arrays[name])}", expected)
    is_set = 1 in axes.values()
    found: dict[str, Floats] = {}
    for name, array in arrays.items():
        values = finite(f"x[{name!r}]", array, np.ndim(array))
        values = values if is_set else values[None]
        _measure(f"x[{name!r}]", values.shape[1:], module.INPUTS[name], sizes)
        found[name] = values
    if len({len(values) for values in found.values()}) > 1 or not all(map(len, found.values())):
        counts = ", ".join(f"{len(values)} of {name}" for name, values in found.items())
        raise InputError("x", counts, "as many points of every input, at least one")
    return found, is_set


def _named(
    what: str, given: Mapping[str, Any], shapes: Mapping[str, Any], sizes: dict[str, int]
) -> Arrays:
    if not isinstance(given, Mapping):
        raise InputError(what, type(given).__name__, f"arrays by name: {', '.join(shapes)}")
    _require_names(what, given, shapes)
    found = {}
    for name, shape in shapes.items():
        values = finite(f"{what}[{name!r}]", given[name], len(shape))
        _measure(f"{what}[{name!r}]", values.shape, shape, sizes)
        found[name] = values
    return found


def _require_names(
    what: str, given: Mapping[str, Any], names: Mapping[str, Any], kind: str = "an array"
) -> None:
    there = ", ".join(names) or "none"
    if missing := [name for name in names if name not in given]:
        raise InputError(f"{what}[{missing[0]!r}]", "nothing", f"{kind}: there are {there}")
    if extra := [name for name in given if name not in names]:
        raise InputError(what, repr(extra[0]), f"names among {there}")


def _measure(
    what: str, shape: tuple[int, ...], declared: tuple[str, ...], sizes: dict[str, int]
) -> None:
    """Learn sizes from a shape, and compare it with those known."""
    for value, size in zip(shape, declared, strict=True):
        if size.isidentifier():
            sizes.setdefault(size, value)
    for axis, (value, size) in enumerate(zip(shape, declared, strict=True)):
        if all(symbol in sizes for symbol in symbols_of(size)):
            wanted = value_of(size, sizes, what)
            if wanted != value:
                found = f"{value} along axis {axis}"
                raise InputError(what, found, f"{wanted}, as {size} is elsewhere")


def symbols_of(size: str) -> list[str]:
    """The symbols in a size such as "n-k+1"."""
    return [symbol for _, _, symbol in TERM.findall(size) if symbol]


def value_of(size: str, sizes: Mapping[str, int], what: str) -> int:
    """The value of a size.

    Raises:
        InputError: where it is less than 1, or a symbol has none.
    """
    total = 0
    for sign, number, symbol in TERM.findall(size):
        if number or symbol:
            if symbol and symbol not in sizes:
                raise InputError(what, f"no array with the size {symbol}", "weights and inputs")
            value = int(number or 1) * (sizes[symbol] if symbol else 1)
            total += -value if sign == "-" else value
    if total < 1:
        raise InputError(what, f"{size} = {total}", "a size of at least 1")
    return total


def _rates(module: ModuleType, rates: Any) -> dict[str, float]:
    names = list(dict.fromkeys(module.RATES.values()))
    if not isinstance(rates, Mapping):
        rates = dict.fromkeys(names, rates)
    _require_names("rates", rates, dict.fromkeys(names), "a positive number")
    found = {}
    for name in names:
        rate = float(finite(f"rates[{name!r}]", rates[name], 0))
        if not (rate > 0 and math.isfinite(rate)):
            raise InputError(f"rates[{name!r}]", rate, "a positive number")
        found[name] = rate
    return found
