"""CASE.json: one network with its data, read strictly.

A number is a JSON number, and then the float64 it denotes, or a string, and then the exact decimal
it spells ("0.1", "-3e-5"). Text in a CSV file is read like strings. Nothing is evaluated.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from numeric import catalogue
from numeric.cases import keys
from numeric.cases.data import Matrix, Vector, data
from numeric.cases.keys import KEYS, required
from numeric.cases.weights import weights
from numeric.data import line, training
from numeric.data.arrays import Floats
from numeric.data.decimals import as_float, number, shown, times
from numeric.data.exact import ExactProblem, on_a_line, rational, rational_rows
from numeric.errors import InputError
from numeric.exact_flow import exact_flow

if TYPE_CHECKING:
    from numeric.data.training import TrainingProblem
    from numeric.methods.explicit.balls import ExactFlow
    from numeric.methods.explicit.floats import ExplicitFlow
    from numeric.methods.trajectory import Trajectory
    from numeric.methods.warp.balls import ExactWarpedFlow

LARGEST_POWER = 999
Made = TypeVar("Made")


@dataclass(frozen=True)
class Case:
    """One case, every number exact.

    Attributes:
        network: its name (see `numeric.catalogue`).
        gamma, eta_u, eta_w: hyperparameters.
        X, targets: the data; one row for a point.
        is_set: whether a data set was given (its loss is then a mean) or a point.
        u0, W0: initial weights: fractions as given, or float64 arrays as drawn.
        line_tolerance: how far off one line the data may be, relative to their size.
        loss: its name (see `numeric.catalogue`).
        reduction: of a data set, "mean" or "sum".
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
    line_tolerance: float = line.LINE_TOLERANCE
    loss: str = "square"
    reduction: str = "mean"

    def exact_problem(self) -> ExactProblem:
        """The case without rounding."""
        return ExactProblem(
            network=catalogue.load(self.network),
            u0=tuple(map(rational, self.u0)),
            W0=rational_rows(self.W0),
            X=rational_rows(self.X),
            targets=tuple(map(rational, self.targets)),
            is_set=self.is_set,
            loss=catalogue.load_loss(self.loss),
            reduction=self.reduction,
            gamma=rational(self.gamma),
            eta_u=rational(self.eta_u),
            eta_w=rational(self.eta_w),
        )

    def require_a_line(self) -> None:
        """Refuse data that rounding took off the line."""
        if not self.is_set:
            return
        try:
            on_a_line(rational_rows(self.X))
        except InputError as error:
            X = np.array([[as_float("X", z) for z in row] for row in self.X])
            first, second = np.linalg.svd(X, compute_uv=False)[:2]
            measured = f"singular values {first:.6g} and {second:.6g}"
            raise InputError(error.field, f"{error.found}; {measured}", error.expected) from None

    @property
    def balls(self) -> type[ExactFlow] | type[ExactWarpedFlow] | None:
        """What evaluates the network to any number of digits; None where nothing does."""
        return exact_flow(catalogue.load(self.network), catalogue.load_loss(self.loss))

    @property
    def is_mean_square(self) -> bool:
        """Whether the loss is the mean squared error, or that of one point."""
        one = len(self.targets) == 1
        return self.loss == "square" and (one or self.reduction == "mean")

    def exact(self) -> ExactFlow | ExactWarpedFlow:
        """The flow in balls; raises InputError for a network that has none, and for rounded data."""
        kind = self.balls
        if kind is None:
            raise InputError(
                "--digits", f"the network {self.network!r}", "a power 1, 2 or 3: no other is closed"
            )
        self.require_a_line()
        return kind.of(self.exact_problem())

    def floating(self) -> Trajectory:
        """The flow in floating point; raises InputError for numbers beyond float64."""
        from numeric.flow import solve  # methods are loaded by who needs them: balls do not

        return self._flow(solve)

    def explicit(self) -> ExplicitFlow:
        """The flow in closed form.

        Raises:
            InputError: for another network than the linear one, another loss than the mean square, and
                data on no line.
        """
        return self._flow(_explicit)

    def _flow(self, make: Callable[[TrainingProblem], Made]) -> Made:
        X, targets = _rounded("X", self.X), _rounded("targets", self.targets)
        start = _rounded("u0", self.u0), _rounded("W0", self.W0)
        rates = {n: as_float(n, getattr(self, n)) for n in ("gamma", "eta_u", "eta_w")}
        names = ("network", "loss", "reduction", "line_tolerance")
        given: dict[str, Any] = rates | {name: getattr(self, name) for name in names}
        data = (X if self.is_set else X[0], targets if self.is_set else targets[0])
        try:
            with np.errstate(all="ignore"):  # what overflows is not finite, and refused
                return make(training.read(*start, *data, **given))
        except OverflowError:
            found = "scales whose products are beyond float64"
            raise InputError("the case", found, "less extreme scales") from None


def _explicit(problem: TrainingProblem) -> ExplicitFlow:
    from numeric.methods.explicit.floats import ExplicitFlow

    lacks = ExplicitFlow.lacks(problem)
    if lacks is not None:
        raise InputError(
            "the case", lacks, "the linear network (no activation, power 1) and the mean square"
        )
    return ExplicitFlow(problem)


def _rounded(name: str, values: Vector | Matrix | Floats) -> Floats:
    if isinstance(values, np.ndarray):
        return values
    return np.array([
        [as_float(name, z) for z in row] if isinstance(row, list) else as_float(name, row)
        for row in values
    ])  # fmt: skip


def load(path: Path) -> Case:
    """Read a case.

    Raises:
        InputError: naming the field, what was found and what was expected.
    """
    return parse(read(path), path.parent)


def read(path: Path) -> object:
    """The JSON of a file, keys once each; raises InputError for what is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InputError(str(path), reason, "a readable JSON file") from None
    try:
        content: object = json.loads(text, object_pairs_hook=_unique, parse_int=_whole)
    except json.JSONDecodeError as error:
        where = f"{path}, line {error.lineno} column {error.colno}"
        raise InputError(where, error.msg, "JSON") from None
    except RecursionError:
        raise InputError(str(path), "nesting too deep", "a JSON object") from None
    return content


def parse(content: object, folder: Path = Path()) -> Case:
    """A case from decoded JSON; `folder` is where relative data paths start."""
    fields = keys.fields("case", content, KEYS)
    network = _network(fields)
    rates = [number(name, required(fields, name)) for name in ("gamma", "eta_u", "eta_w")]
    for name, rate in zip(("eta_u", "eta_w"), rates[1:], strict=True):
        if rate <= 0:
            raise InputError(name, shown(fields[name]), "a positive learning rate")
    given = data(fields, folder)
    tolerance = as_float(
        "line_tolerance",
        number("line_tolerance", fields.get("line_tolerance", line.LINE_TOLERANCE)),
    )
    if not 0 <= tolerance < 1:
        raise InputError("line_tolerance", shown(fields["line_tolerance"]), "a number from 0 to 1")
    u0, W0 = weights(fields, *given, tolerance)
    gamma, eta_u, eta_w = rates
    loss, reduction = _loss(fields)
    return Case(
        network, gamma, eta_u, eta_w, *given, u0, W0, tolerance, loss=loss, reduction=reduction
    )


def _loss(fields: dict[str, Any]) -> tuple[str, str]:
    """The loss and how a data set's are put together."""
    found = [fields.get("loss", "square"), fields.get("reduction", "mean")]
    for name, value, example in zip(("loss", "reduction"), found, ("logistic", "sum"), strict=True):
        if not isinstance(value, str):
            raise InputError(name, shown(value), f'a name, such as "{example}"')
    loss, reduction = found
    catalogue.load_loss(loss)
    if reduction not in ("mean", "sum"):
        raise InputError("reduction", shown(reduction), '"mean" or "sum"')
    return loss, reduction


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


def _network(fields: dict[str, Any]) -> str:
    """The network's name, from a power or an activation."""
    if "activation" in fields:
        if "beta" in fields:
            raise InputError("beta, activation", "both", "one of them, or neither (beta is 1)")
        name = fields["activation"]
        if not isinstance(name, str):
            raise InputError("activation", shown(name), 'a name, such as "tanh"')
        return catalogue.load(name).name
    value = fields.get("beta", 1)
    power = number("beta", value)
    if power.denominator != 1 or not 1 <= power <= LARGEST_POWER:
        raise InputError("beta", shown(value), f"a whole number from 1 to {LARGEST_POWER}")
    return catalogue.of_power(int(power))


__all__ = ["Case", "load", "number", "parse", "times"]
