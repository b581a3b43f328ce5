"""The data of CASE.json: a point, a data set, or a CSV file; every number exact."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

from numeric.cases.keys import required
from numeric.data.decimals import number, shown
from numeric.data.shapes import ONE_OUTPUT
from numeric.errors import InputError

Vector = list[Fraction]
Matrix = list[list[Fraction]]


def vector(name: str, value: object) -> Vector:
    """A list of numbers, exactly; raises InputError for anything else."""
    if not isinstance(value, list) or not value:
        raise InputError(name, shown(value), "a list of numbers")
    return [number(f"{name}[{index}]", entry) for index, entry in enumerate(value)]


def matrix(name: str, value: object) -> Matrix:
    """Rows of numbers of equal length; raises InputError for anything else."""
    if not isinstance(value, list) or not value:
        raise InputError(name, shown(value), "a list of rows, each a list of numbers")
    rows = [vector(f"{name}[{index}]", row) for index, row in enumerate(value)]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise InputError(
                f"{name}[{index}]", f"{len(row)} numbers", f"{len(rows[0])}, as in {name}[0]"
            )
    return rows


def flat(name: str, value: object) -> object:
    """A column [[1], [2]] as a list, and a row [[1, 2]] of weights, too.

    Raises:
        InputError: for several columns, which several outputs would have.
    """
    if not (isinstance(value, list) and value and all(isinstance(row, list) for row in value)):
        return value
    if all(len(row) == 1 for row in value):
        return [row[0] for row in value]
    if name == "u0" and len(value) == 1:
        return value[0]
    raise InputError(name, shown(value), f"a list of numbers: {ONE_OUTPUT}")


def data(fields: dict[str, Any], folder: Path) -> tuple[Matrix, Vector, bool]:
    """Inputs, targets, and whether they are a set.

    Args:
        fields: of the case.
        folder: where the path of a file starts.

    Raises:
        InputError: for no data or too many, and for what are no numbers.
    """
    forms = {"a point": ("x", "y"), "a data set": ("X", "targets"), "a file": ("data",)}
    given = [words for words, keys in forms.items() if any(key in fields for key in keys)]
    if len(given) != 1:
        found = " and ".join(given) or "no data"
        raise InputError("data", found, "exactly one of: x and y, X and targets, data")
    if "data" in fields:
        return (*_csv(fields["data"], folder), True)
    if given == ["a point"]:
        x, y = vector("x", required(fields, "x")), required(fields, "y")
        if isinstance(y, list) and len(y) > 1:
            raise InputError(
                "y", shown(y), f"a number: {ONE_OUTPUT} (a data set has X and targets)"
            )
        y = y[0] if isinstance(y, list) and y else y
        return [x], [number("y", y)], False
    X = matrix("X", required(fields, "X"))
    targets = vector("targets", flat("targets", required(fields, "targets")))
    if len(X) != len(targets):
        raise InputError("targets", f"{len(targets)} numbers", f"{len(X)}, one per row of X")
    return X, targets, True


def _csv(name: object, folder: Path) -> tuple[Matrix, Vector]:
    if not isinstance(name, str):
        raise InputError("data", shown(name), "the path of a CSV file, relative to the case")
    path = folder / name
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [
                (reader.line_num, row) for reader in [csv.reader(file)] for row in reader if row
            ]
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"data ({path})", reason, "a readable CSV file") from None
    if not rows or len(rows[0][1]) < 2:
        raise InputError(
            f"data ({path})", "no rows of two columns or more", "inputs, then the target"
        )
    for line_number, row in rows:
        if len(row) != len(rows[0][1]):
            raise InputError(
                f"data ({path}), line {line_number}", f"{len(row)} columns", str(len(rows[0][1]))
            )
    values = [
        [number(f"data ({path}), line {at} column {k + 1}", cell) for k, cell in enumerate(row)]
        for at, row in rows
    ]
    return [row[:-1] for row in values], [row[-1] for row in values]
