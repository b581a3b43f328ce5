"""One case evaluated at given times, ready to be printed: floats, or strings of correct digits.

Small networks are evaluated in balls and rounded once, so their float64 numbers are right to the
last digit or two; larger ones in extended precision (`numeric.methods.explicit.floats`). What is
infinite or undefined is None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb

from numeric.cases.case import Case
from numeric.data.exact import rational
from numeric.errors import InputError, InternalCheckError
from numeric.methods import proved
from numeric.methods.digits import Snapshot
from numeric.methods.ending import REACHED, SADDLE, UNBOUNDED
from numeric.methods.explicit.balls import ExactFlow
from numeric.namespaces import UndecidedError, precision

if TYPE_CHECKING:
    from numeric.methods.trajectory import Trajectory

FLOAT_DIGITS = 22
"""Digits asked of the balls when float64 is wanted: enough to round correctly nearly always."""

BALL_WORK = 200_000
"""Ball operations, about half a second, up to which float64 answers of a linear network come from
balls."""

WARPED_BALLS = (5, 32)
"""Neurons and times up to which those of the quadratic and the cubic network do: a second or so."""

LEFT, LONGER = 0.01, 40
"""Share of the loss that default times leave, and how often they are made a quarter longer for it."""

ORDINARY = 10**12
"""Sizes of weights and times, and of their inverses, up to which balls are the way to float64."""

Number = float | str | None
SCALARS = ("output", "residual", "loss", "alignment", "norm_u", "norm_W", "alpha")
AT_THE_END = ("output", "residual", "loss", "alignment", "norm_u", "norm_W")


@dataclass(frozen=True)
class Solution:
    """The answer to one case: one entry per time; u and W are None when not asked for.

    Attributes:
        t: times.
        u, W: weights.
        output, residual, loss, alignment, norm_u, norm_W, alpha: see `numeric.GradientFlow`;
            alpha is None for networks that are not linear, a residual where the least loss is at an
            infinite output.
        t_c: time scale.
        limit: u, W, alignment and loss at t = ∞; and the kind of end, as `limit_kind` of
            `numeric.methods.trajectory`.
        method: which method answered, "balls", "explicit", "warp" or "march".
        why: why no stronger one did; empty where none is.
    """

    t: list[Number]
    u: list[Any] | None
    W: list[Any] | None
    output: list[Number]
    residual: list[Number]
    loss: list[Number]
    alignment: list[Number]
    norm_u: list[Number]
    norm_W: list[Number]
    alpha: list[Number] | None
    t_c: Number
    limit: dict[str, Any]
    method: str
    why: str

    def as_json(self) -> dict[str, Any]:
        """A dictionary for `json.dumps`, without the keys that were not asked for."""
        content = {
            key: value
            for key, value in asdict(self).items()
            if (value is not None and value != "") or key == "t_c"
        }
        if self.u is None:
            content["limit"] = {k: v for k, v in self.limit.items() if k not in ("u", "W")}
        return content


def solve(
    case: Case,
    times: Sequence[Fraction],
    digits: int | None = None,
    *,
    weights: bool = True,
    progress: Callable[[int], None] = lambda bits: None,
    warn: Callable[[str], None] = lambda message: None,
) -> Solution:
    """Evaluate a case.

    Args:
        case: the network and its data.
        times: t ≥ 0.
        digits: None for float64, else how many correct digits every number shall have.
        weights: whether u and W are wanted.
        progress: told each working precision in bits.
        warn: told what may cost digits.

    Raises:
        InputError: for digits below 1, and for data that is off the line.
    """
    if digits is not None and digits < 1:
        raise InputError("--digits", digits, "a whole number of at least 1")
    if digits is not None:
        return _by_balls(case, times, digits, weights, progress)
    neurons, inputs = len(case.u0), len(case.X[0])
    work = (len(times) + 1) * neurons * (inputs + 4 if weights else 4)
    if _is_small(case, times, work) and _on_line_exactly(case):
        return _by_balls(case, times, None, weights, progress)
    flow = case.floating()
    for doubt in flow.doubts():
        warn(doubt)
    return _by_floats(flow, times, weights)


def _is_small(case: Case, times: Sequence[Fraction], work: int) -> bool:
    """Whether balls are fast enough to be the way to float64, too."""
    if case.balls is None or not case.is_mean_square:
        return False
    if case.balls is ExactFlow:
        return work <= BALL_WORK
    if len(case.u0) > WARPED_BALLS[0] or len(times) > WARPED_BALLS[1]:
        return False
    # Their bits, and with them their time, grow with the logarithms of all that is given.
    given = [*times, *case.u0, *(w for row in case.W0 for w in row)]
    sizes = [abs(Fraction(z)) for z in given if z != 0]
    return all(1 / ORDINARY < size < ORDINARY for size in sizes)


def default_times(case: Case, number: int = 21) -> list[Fraction]:
    """Equally spaced times over two time scales, or more where the loss has not fallen by then.

    A small start rests on a plateau for many t_c. Where there is no scale, times are from 0 to 1.
    """
    flow = case.floating()
    last = 1.0
    if 0 < flow.t_c < math.inf:
        last = 2 * flow.t_c
        start, end = (float(flow.loss(t)) for t in (0.0, math.inf))
        for _ in range(LONGER):
            if not float(flow.loss(last)) - end > LEFT * (start - end):
                break
            last *= 1.25
    # Short decimals, so that a table can show them in full.
    step = Fraction(f"{min(last, 1e300) / (number - 1):.1e}")
    return [step * k for k in range(number)]


def _on_line_exactly(case: Case) -> bool:
    try:
        case.require_a_line()
    except InputError:
        return False
    return True


def to_number(value: arb | None, digits: int | None) -> Number:
    """A ball as float64 (digits None) or as a string of correct digits.

    A ball around zero that was not proved to be zero is shown as a ball.
    """
    if value is None or not value.is_finite():
        return None
    if value == 0:
        return 0.0 if digits is None else "0"
    if digits is None:
        number = float(value.mid()) + 0.0  # never -0.0
        return number if math.isfinite(number) else None
    with precision(4 * digits + 64):
        return str(value.str(digits, radius=value.contains(0)))


def _by_balls(
    case: Case,
    times: Sequence[Fraction],
    digits: int | None,
    weights: bool,
    progress: Callable[[int], None],
) -> Solution:
    exact = [*(rational(t) for t in times), None]
    flow = case.exact()
    wanted = digits or FLOAT_DIGITS
    try:
        snapshots, scale = flow.solve(exact, wanted, weights=weights, progress=progress)
    except UndecidedError as error:
        expected = "less extreme scales; a smaller --digits does not help"
        raise InputError("case", f"numbers that no ball encloses ({error})", expected) from None
    *running, last = snapshots

    def convert(value: Any) -> Any:
        if isinstance(value, list):
            return [convert(entry) for entry in value]
        return to_number(value, digits)

    def column(name: str) -> Any:
        if any(getattr(snapshot, name, None) is None for snapshot in running) and name == "alpha":
            return None
        return [convert(getattr(snapshot, name)) for snapshot in running]

    with precision(4 * (digits or FLOAT_DIGITS) + 64):
        shown = [convert(arb(rational(t))) for t in times]
    _check(times, snapshots, flow.limit_kind)
    return Solution(
        t=shown,
        u=column("u") if weights else None,
        W=column("W") if weights else None,
        **{name: column(name) for name in SCALARS},
        t_c=to_number(scale, digits),
        limit=_limit(last, convert) | {"kind": flow.limit_kind},
        method="balls",
        why="",
    )


def _check(times: Sequence[Fraction], snapshots: Sequence[Snapshot], kind: str | None) -> None:
    """What is proved of every trajectory, of these balls; the last one is the limit.

    Raises:
        InternalCheckError: where it does not hold.
    """
    residuals = [snapshot.residual for snapshot in snapshots]
    if any(residual is None for residual in residuals):  # the least loss is at an infinite output
        return
    sizes = [abs(float(residual.mid())) for residual in residuals if residual is not None]
    moments = [*(_rounded(t) for t in times), math.inf]
    proved.never_grows("|f - y|", moments, sizes, max(sizes))
    if (kind == REACHED and sizes[-1] > 0) or (kind == SADDLE and sizes[-1] == 0):
        raise InternalCheckError(f"a flow that ends at the {kind} with a residual of {sizes[-1]:g}")


def _rounded(t: Fraction) -> float:
    try:
        return float(t)
    except OverflowError:
        return math.inf


def _limit(last: Snapshot, convert: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: convert(getattr(last, name)) for name in ("u", "W", *AT_THE_END)}


def _by_floats(flow: Trajectory, times: Sequence[Fraction], weights: bool) -> Solution:
    t = np.array([float(time) for time in times])

    def convert(values: Any) -> Any:
        if isinstance(values, list):
            return [convert(entry) for entry in values]
        return values if math.isfinite(values) else None

    def observe(name: str, at: Any) -> Any:
        if name not in (*flow.observables, "u", "W"):  # it has no meaning here
            return convert(np.full(np.shape(at), np.nan).tolist())
        return convert(np.asarray(getattr(flow, name)(at)).tolist())

    def at_the_end(name: str) -> Any:
        """Of a flow without end only the loss has a limit that is known."""
        known = name == "loss" or flow.limit_kind != UNBOUNDED
        return observe(name, np.inf) if known else None

    limit = {name: at_the_end(name) for name in AT_THE_END}
    if weights:
        limit = {"u": at_the_end("u"), "W": at_the_end("W"), **limit}
    return Solution(
        t=t.tolist(),
        u=observe("u", t) if weights else None,
        W=observe("W", t) if weights else None,
        **{name: observe(name, t) for name in SCALARS if name != "alpha"},
        alpha=observe("alpha", t) if "alpha" in flow.observables else None,
        t_c=convert(flow.t_c),
        limit=limit | {"kind": flow.limit_kind},
        method=flow.method,
        why=flow.why,
    )
