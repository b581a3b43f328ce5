"""The initial weights of CASE.json: given, or drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

from numeric.cases.data import Matrix, Vector, flat, matrix, vector
from numeric.cases.keys import INIT_KEYS, fields, required
from numeric.data import initial, line
from numeric.data.arrays import Floats
from numeric.data.decimals import as_float, number, shown
from numeric.errors import InputError

MOST_WEIGHTS = 10**8  # that are drawn: 0.8 GB


def weights(
    given: dict[str, Any], X: Matrix, targets: Vector, is_set: bool, tolerance: float
) -> tuple[Vector | Floats, Matrix | Floats]:
    """u0 and W0.

    Args:
        given: the fields of the case.
        X: inputs.
        targets: one per row of X.
        is_set: whether these are a set, or a point.
        tolerance: how far off one line these may be.

    Raises:
        InputError: on shapes that disagree, and keys that are missing, unknown or too many.
    """
    has_weights = "u0" in given or "W0" in given
    if has_weights == ("init" in given):
        found = "both" if has_weights else "neither"
        raise InputError("u0, W0, init", found, "either u0 and W0, or init")
    if not has_weights:
        return _drawn(given["init"], X, targets, is_set, tolerance)
    u0 = vector("u0", flat("u0", required(given, "u0")))
    W0 = matrix("W0", required(given, "W0"))
    if len(W0) != len(u0):
        transposed = " (transposed, perhaps)" if len(W0[0]) == len(u0) else ""
        raise InputError("W0", f"{len(W0)} rows", f"{len(u0)}, one per entry of u0{transposed}")
    if len(W0[0]) != len(X[0]):
        raise InputError(
            "W0", f"{len(W0[0])} columns", f"{len(X[0])}, the input dimension of the data"
        )
    return u0, W0


def _drawn(
    value: object, X: Matrix, targets: Vector, is_set: bool, tolerance: float
) -> tuple[Floats, Floats]:
    given = fields("init", value, INIT_KEYS)
    kind = required(given, "kind", "init.")
    if not isinstance(kind, str) or kind not in initial.KINDS:
        raise InputError("init.kind", shown(kind), f"one of {', '.join(initial.KINDS)}")
    width = _whole("width", required(given, "width", "init."), 1)
    seed = _whole("seed", given.get("seed", 0), 0)
    sigma_u, sigma_w = (_deviation(name, given.get(name, 1)) for name in ("sigma_u", "sigma_w"))
    if width * (len(X[0]) + 1) > MOST_WEIGHTS:
        raise InputError("init.width", width, f"a network of at most {MOST_WEIGHTS:.0e} weights")
    values = np.array([[as_float("X", z) for z in row] for row in X])
    goals = np.array([as_float("targets", z) for z in targets])
    point = (
        line.of_set(values, goals, tolerance)
        if is_set
        else line.of_point(values[0], float(goals[0]))
    )
    e = point.direction.astype(np.float64)
    with np.errstate(over="ignore"):  # weights beyond float64 are refused where they are used
        return initial.draw(kind, width, e, sigma_u, sigma_w, seed)


def _whole(name: str, value: object, smallest: int) -> int:
    exact = number(f"init.{name}", value)
    if exact.denominator != 1 or exact < smallest:
        raise InputError(f"init.{name}", shown(value), f"a whole number of at least {smallest}")
    return int(exact)


def _deviation(name: str, value: object) -> float:
    sigma = number(f"init.{name}", value)
    if sigma < 0:
        raise InputError(f"init.{name}", shown(value), "a standard deviation of at least 0")
    return as_float(f"init.{name}", sigma, shown(value))
