"""Weights and data as people hold them, brought to the shapes that are computed with.

A second layer may be a row or a column, as torch's `Linear(d, 1).weight` is; targets may be a column.
What has several outputs is refused with a sentence.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from numeric.data.arrays import Floats, finite, roundoff, unwrapped
from numeric.errors import InputError

FEW = 64  # components of an input that are looked at one by one
ONE_OUTPUT = "the network has one output, several are not derived"


class Data(NamedTuple):
    """Inputs and targets.

    Attributes:
        X: inputs, shape (n, d0); one row for a point.
        targets: shape (n,).
        is_set: whether a data set was given, or a point.
        roundoff: unit roundoff of the type that the inputs came in, 0 where it says nothing.
    """

    X: Floats
    targets: Floats
    is_set: bool
    roundoff: float


def second_layer(u0: ArrayLike, copy: bool = True) -> Floats:
    """u0 of shape (d,), (1, d) or (d, 1) as (d,); for `copy` see `numeric.data.arrays.own`.

    Raises:
        InputError: for other shapes, and for what is not finite.
    """
    values = u0 if isinstance(u0, np.memmap) else unwrapped(u0)
    return _vector("u0", values, "(d,), (1, d) or (d, 1)", copy=copy)


def data(x: ArrayLike, y: ArrayLike, inputs: int) -> Data:
    """A point, x (d0,) and y a number, or a data set, x (n, d0) and y (n,) or (n, 1).

    A point may have its target as (1,) or (1, 1), and its input as one row; inputs of a set may be
    (n,) where d0 is 1.

    Args:
        x: input or inputs.
        y: target or targets.
        inputs: d0.

    Raises:
        InputError: on shapes that disagree, and values that are not finite.
    """
    if (found := _plain_point(x, y, inputs)) is not None:
        return found
    given, goals = unwrapped(x), unwrapped(y)
    unit = roundoff(x)
    dimensions = given.ndim if isinstance(given, np.ndarray) else None
    is_number = not isinstance(goals, np.ndarray) or goals.ndim == 0
    if is_number or (goals.size == 1 and dimensions == 1):
        if dimensions == 2 and given.shape[0] == 1:
            given = given[0]
        one = finite("x", given, 1)
        if one.shape != (inputs,):
            raise InputError("x", f"shape {one.shape}", f"({inputs},), as W0 has columns")
        target = np.reshape(goals, ()) if isinstance(goals, np.ndarray) else goals
        return Data(one[None], finite("y", target, 0)[None], False, unit)
    if dimensions == 1 and inputs == 1:
        given = given[:, None]
    X, targets = finite("X", given, 2), _vector("targets", goals, "(n,) or (n, 1)", column=True)
    if X.shape != (targets.size, inputs) or not targets.size:
        raise InputError("X", f"shape {X.shape}", f"({targets.size}, {inputs})")
    return Data(X, targets, True, unit)


def _plain_point(x: Any, y: Any, inputs: int) -> Data | None:
    """A point of a few floats and a float, which are what most points are; None for others."""
    if type(y) is not float or inputs > FEW:
        return None
    numbers = x.tolist() if type(x) is np.ndarray and x.dtype == np.float64 else x
    if type(numbers) not in (list, tuple) or len(numbers) != inputs:
        return None
    for number in (*numbers, y):
        if type(number) is not float or not math.isfinite(number):
            return None
    one, target = np.array([numbers]), np.array([y])
    one.setflags(write=False)
    target.setflags(write=False)
    return Data(one, target, False, 0.0)


def require_targets(targets: Floats, module: ModuleType) -> None:
    """Refuse targets that a loss has no meaning for.

    Raises:
        InputError: naming the first such target.
    """
    if module.TARGETS == "-1 or 1":
        right = np.abs(targets) == 1
    elif module.TARGETS == "from 0 to 1":
        right = (targets >= 0) & (targets <= 1)
    else:
        return
    if not np.all(right):
        name = module.__name__.rpartition(".")[2]
        expected = f"targets {module.TARGETS} of the loss {name}"
        raise InputError("y", f"{targets[~right].flat[0]:g}", expected)


def _vector(name: str, values: Any, shapes: str, column: bool = False, copy: bool = True) -> Floats:
    """A vector that may be a column or, for weights, a row."""
    if isinstance(values, np.ndarray) and values.ndim == 2:
        if values.shape[1] != 1 and (column or values.shape[0] != 1):
            found = f"an array of shape {values.shape}"
            raise InputError(name, found, f"shape {shapes}: {ONE_OUTPUT}")
        values = values.reshape(-1)
    return finite(name, values, 1, copy)
