"""CASE.json: one network with its data, read strictly.

A number is a JSON number, and then the float64 it denotes, or a string, and then the exact decimal
it spells ("0.1", "-3e-5"). Text in a CSV file is read like strings. Nothing is evaluated.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq, fmpz
from numpy.typing import NDArray

from numeric import hints, initial, line, networks
from numeric.absent import absent
from numeric.case_keys import INIT_KEYS, KEYS, SYNONYMS
from numeric.errors import InputError
from numeric.exact import ExactFlow, ExactPoint, exact_point, exact_set, rational
from numeric.exact_warped import ExactWarpedFlow
from numeric.flow import GradientFlow
from numeric.warped import WarpedFlow

DECIMAL = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,3}))?", re.ASCII)
LONGEST_DECIMAL = 100_000  # characters, as many as --digits may ask for
LARGEST_POWER = 999

Vector = list[Fraction]
Matrix = list[list[Fraction]]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One case, every number exact.

    Attributes:
        network: its name (see `numeric.networks`).
        gamma, eta_u, eta_w: hyperparameters.
        X, targets: the data; one row for a point.
        is_set: whether a data set was given (its loss is then a mean) or a point.
        u0, W0: initial weights: fractions as given, or float64 arrays as drawn.
    """

    network: str
    gamma: Fraction
    eta_u: Fraction
    eta_w: Fraction
    X: Matrix
    targets: Vector
    is_set: bool
    u0: Vector | Floats
    W0: Matrix | Floats

    def exact_data(self) -> ExactPoint:
        """The data for exact evaluation; raises InputError if rounding took it off the line."""
        if self.is_set:
            try:
                return exact_set(self.X, self.targets, networks.load(self.network).degree)
            except InputError as error:
                X = np.array([[_float("X", z) for z in row] for row in self.X])
                first, second = np.linalg.svd(X, compute_uv=False)[:2]
                measured = f"singular values {first:.6g} and {second:.6g}"
                raise InputError(
                    error.field, f"{error.found}; {measured}", error.expected
                ) from None
        return exact_point(self.X[0], self.targets[0])

    @property
    def has_balls(self) -> bool:
        """Whether the network can be evaluated to any number of digits."""
        network = networks.load(self.network)
        return network.is_explicit or network.has_flow_map

    def exact(self) -> ExactFlow | ExactWarpedFlow:
        """The flow in balls; raises InputError for a network that has none."""
        network = networks.load(self.network)
        if not self.has_balls:
            raise InputError(
                "--digits", f"the network {self.network!r}", "a power 1, 2 or 3: no other is closed"
            )
        start = (
            tuple(map(rational, self.u0)),
            tuple(tuple(map(rational, row)) for row in self.W0),
            self.exact_data(),
            rational(self.gamma),
            rational(self.eta_u),
            rational(self.eta_w),
        )
        return ExactFlow(*start) if network.is_explicit else ExactWarpedFlow(network, *start)

    def floating(self) -> GradientFlow | WarpedFlow:
        """The flow in floating point; raises InputError for numbers beyond float64."""
        X = np.array([[_float("X", z) for z in row] for row in self.X])
        targets = np.array([_float("targets", z) for z in self.targets])
        u0 = np.array([_float("u0", z) for z in self.u0])
        W0 = np.array([[_float("W0", z) for z in row] for row in self.W0])
        rates = {n: _float(n, getattr(self, n)) for n in ("gamma", "eta_u", "eta_w")}
        data = (X if self.is_set else X[0], targets if self.is_set else targets[0])
        if networks.load(self.network).is_explicit:
            return GradientFlow(u0, W0, *data, **rates)
        return WarpedFlow(self.network, u0, W0, *data, **rates)


def load(path: Path) -> Case:
    """Read a case.

    Raises:
        InputError: naming the field, what was found and what was expected.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InputError(str(path), reason, "a readable JSON file") from None
    try:
        content = json.loads(text, object_pairs_hook=_unique, parse_int=_whole)
    except json.JSONDecodeError as error:
        where = f"{path}, line {error.lineno} column {error.colno}"
        raise InputError(where, error.msg, "JSON") from None
    except RecursionError:
        raise InputError(str(path), "nesting too deep", "a JSON object") from None
    return parse(content, path.parent)


def parse(content: object, folder: Path = Path()) -> Case:
    """A case from decoded JSON; `folder` is where relative data paths start."""
    fields = _fields("case", content, KEYS)
    network = _network(fields)
    rates = {}
    for name in ("gamma", "eta_u", "eta_w"):
        rates[name] = number(name, _required(fields, name))
        if name != "gamma" and rates[name] <= 0:
            raise InputError(name, _show(fields[name]), "a positive learning rate")
    X, targets, is_set = _data(fields, folder)
    u0, W0 = _weights(fields, X, targets, is_set)
    return Case(network=network, **rates, X=X, targets=targets, is_set=is_set, u0=u0, W0=W0)


def number(field: str, value: object) -> Fraction:
    """The exact value of a JSON number or a decimal string."""
    if isinstance(value, str):
        return _decimal(field, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(field, _show(value), 'a number, such as 0.5 or "0.1"')
    try:
        as_float = float(value)
    except OverflowError:
        as_float = math.inf
    if not math.isfinite(as_float):
        raise InputError(field, _show(value), "a finite number within the range of float64")
    return Fraction(as_float)


def _decimal(field: str, text: str) -> Fraction:
    """The exact value of a decimal, beyond the 4300 digits at which Python's own conversion stops."""
    if len(text) > LONGEST_DECIMAL:
        expected = f"a number of at most {LONGEST_DECIMAL} characters"
        raise InputError(field, f"{len(text)} characters", expected)
    match = DECIMAL.fullmatch(text.strip())
    if not match:
        raise InputError(field, _show(text), 'a number, such as 0.5 or "0.1"')
    sign, digits, exponent = match.groups()
    before, _, after = digits.partition(".")
    power = int(exponent or 0) - len(after)
    value = fmpq(fmpz(sign.replace("+", "") + before + after)) * fmpq(10) ** power
    return Fraction(int(value.p), int(value.q))


def times(text: str) -> list[Fraction]:
    """Comma-separated times, exact decimals, t ≥ 0."""
    values = []
    for position, part in enumerate(text.split(",")):
        value = number(f"--times, entry {position + 1}", part)
        if value < 0:
            raise InputError(f"--times, entry {position + 1}", part.strip(), "a time t >= 0")
        values.append(value)
    return values


def _float(field: str, value: Fraction | float, shown: str = "a number beyond float64") -> float:
    try:
        return float(value)
    except OverflowError:
        raise InputError(field, shown, "a number within the range of float64") from None


def _whole(text: str) -> int | float:
    """A JSON integer; one beyond float64 is infinite, as a JSON number with a point is."""
    return int(text) if len(text) < 400 else math.copysign(math.inf, -1 if text[0] == "-" else 1)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise InputError(key, "the key twice", "each key once")
        content[key] = value
    return content


def _show(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):  # an integer beyond Python's limit of digits; nesting
        return "something too long to show"
    return text if len(text) <= 60 else text[:57] + "..."


def _fields(name: str, content: object, known: Sequence[str]) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise InputError(name, _show(content), f"an object with keys {', '.join(known)}")
    prefix = "" if name == "case" else f"{name}."
    for key in content:
        if key not in known:
            sentence = absent(key)
            expected = (
                f"{sentence}; keys are {', '.join(known)}"
                if sentence and hints.plain(key) not in map(hints.plain, known)
                else hints.suggestion(key, known, "keys", SYNONYMS[name])
            )
            raise InputError(prefix + key, "an unknown key", expected)
    return content


def _required(fields: dict[str, Any], name: str, prefix: str = "") -> Any:
    if name not in fields:
        raise InputError(prefix + name, "nothing", "this key")
    return fields[name]


def _network(fields: dict[str, Any]) -> str:
    """The network's name, from a power or an activation."""
    if "activation" in fields:
        if "beta" in fields:
            raise InputError("beta, activation", "both", "one of them, or neither (beta is 1)")
        name = fields["activation"]
        if not isinstance(name, str):
            raise InputError("activation", _show(name), 'a name, such as "tanh"')
        return networks.load(name).name
    value = fields.get("beta", 1)
    power = number("beta", value)
    if power.denominator != 1 or not 1 <= power <= LARGEST_POWER:
        raise InputError("beta", _show(value), f"a whole number from 1 to {LARGEST_POWER}")
    return networks.of_power(int(power))


def _vector(name: str, value: object) -> Vector:
    if not isinstance(value, list) or not value:
        raise InputError(name, _show(value), "a list of numbers")
    return [number(f"{name}[{index}]", entry) for index, entry in enumerate(value)]


def _matrix(name: str, value: object) -> Matrix:
    if not isinstance(value, list) or not value:
        raise InputError(name, _show(value), "a list of rows, each a list of numbers")
    rows = [_vector(f"{name}[{index}]", row) for index, row in enumerate(value)]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise InputError(
                f"{name}[{index}]", f"{len(row)} numbers", f"{len(rows[0])}, as in {name}[0]"
            )
    return rows


def _data(fields: dict[str, Any], folder: Path) -> tuple[Matrix, Vector, bool]:
    forms = {"a point": ("x", "y"), "a data set": ("X", "targets"), "a file": ("data",)}
    given = [words for words, keys in forms.items() if any(key in fields for key in keys)]
    if len(given) != 1:
        found = " and ".join(given) or "no data"
        raise InputError("data", found, "exactly one of: x and y, X and targets, data")
    if "data" in fields:
        return (*_csv(fields["data"], folder), True)
    if given == ["a point"]:
        x, y = _vector("x", _required(fields, "x")), number("y", _required(fields, "y"))
        return [x], [y], False
    X = _matrix("X", _required(fields, "X"))
    targets = _vector("targets", _required(fields, "targets"))
    if len(X) != len(targets):
        raise InputError("targets", f"{len(targets)} numbers", f"{len(X)}, one per row of X")
    return X, targets, True


def _csv(name: object, folder: Path) -> tuple[Matrix, Vector]:
    if not isinstance(name, str):
        raise InputError("data", _show(name), "the path of a CSV file, relative to the case")
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


def _weights(
    fields: dict[str, Any], X: Matrix, targets: Vector, is_set: bool
) -> tuple[Vector | Floats, Matrix | Floats]:
    has_weights = "u0" in fields or "W0" in fields
    if has_weights == ("init" in fields):
        found = "both" if has_weights else "neither"
        raise InputError("u0, W0, init", found, "either u0 and W0, or init")
    if not has_weights:
        return _drawn(fields["init"], X, targets, is_set)
    u0 = _vector("u0", _required(fields, "u0"))
    W0 = _matrix("W0", _required(fields, "W0"))
    if len(W0) != len(u0):
        raise InputError("W0", f"{len(W0)} rows", f"{len(u0)}, one per entry of u0")
    if len(W0[0]) != len(X[0]):
        raise InputError(
            "W0", f"{len(W0[0])} columns", f"{len(X[0])}, the input dimension of the data"
        )
    return u0, W0


def _drawn(value: object, X: Matrix, targets: Vector, is_set: bool) -> tuple[Floats, Floats]:
    fields = _fields("init", value, INIT_KEYS)
    kind = _required(fields, "kind", "init.")
    if not isinstance(kind, str) or kind not in initial.KINDS:
        raise InputError("init.kind", _show(kind), f"one of {', '.join(initial.KINDS)}")
    whole = {}
    for name, smallest, default in (("width", 1, None), ("seed", 0, 0)):
        given = _required(fields, name, "init.") if default is None else fields.get(name, default)
        exact = number(f"init.{name}", given)
        if exact.denominator != 1 or exact < smallest:
            raise InputError(f"init.{name}", _show(given), f"a whole number of at least {smallest}")
        whole[name] = int(exact)
    sigmas = {}
    for name in ("sigma_u", "sigma_w"):
        sigma = number(f"init.{name}", fields.get(name, 1))
        if sigma < 0:
            raise InputError(
                f"init.{name}", _show(fields[name]), "a standard deviation of at least 0"
            )
        shown = _show(fields.get(name, 1))
        sigmas[name] = _float(f"init.{name}", sigma, shown)
    values = np.array([[_float("X", z) for z in row] for row in X])
    goals = np.array([_float("targets", z) for z in targets])
    point = line.of_set(values, goals) if is_set else line.of_point(values[0], float(goals[0]))
    e = point.direction.astype(np.float64)
    try:
        u0, W0 = initial.draw(kind, whole["width"], e, **sigmas, seed=whole["seed"])
    except (MemoryError, OverflowError, ValueError):
        raise InputError("init.width", whole["width"], "a network that fits in memory") from None
    return u0, W0


__all__ = ["Case", "load", "number", "parse", "times"]
