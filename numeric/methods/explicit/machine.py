"""An explicit flow in machine code: constants from sums over the weights, and curves over times.

It answers what is plain: one input or a set, weights of ordinary size in which nothing cancels, times at
which float64 has its digits. For everything else it says so, and the caller computes in numpy and balls.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from itertools import repeat
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from numeric import compiled
from numeric.compiled import halves
from numeric.data import pages
from numeric.data.arrays import Floats, Integers
from numeric.data.line import EffectivePoint
from numeric.data.training import TrainingProblem
from numeric.double_double import DoubleDouble
from numeric.errors import InternalCheckError
from numeric.methods.explicit.units import Units

GENERATED, TWINS = "numeric.generated.", "numeric.generated.compiled."
SLACK = 1e-9  # as in `proved`
ORDINARY = 900  # exponents of factors that are normal numbers with room
NONE = np.empty(0)
FALLING = ("residual", "loss")  # what the late ratio of residuals is a factor of
FEWER, MORE = (
    2.0**-9,
    2.0**-31,
)  # what may be left by pairs, of what must be: of fewer digits, of all
ROWS = 1 << 20  # rows of weights that are summed at once
TOGETHER = 1 << 21  # numbers after which memory is given back
PART = 1 << 13  # times whose states fit the cache


@cache
def twin(module: ModuleType) -> Any:
    """A generated module in machine code; None where there is none, or nothing that compiles it."""
    name = module.__name__.removeprefix(GENERATED)
    is_ours = module.__name__ != name and sys.modules.get(module.__name__) is module
    if not (is_ours and compiled.is_available() and importlib.util.find_spec(TWINS + name)):
        return None
    return importlib.import_module(TWINS + name)


class Prepared(NamedTuple):
    """What `prepared` writes.

    Attributes:
        known: constants, sums and limits, in the order of KNOWN; a row for each kind of observable.
        rests: what rounding took away from the constants.
        units: exponents of the units.
        bounds: between which observables are.
    """

    known: Floats
    rests: Floats
    units: Integers
    bounds: Floats


def _room(module: Any) -> Prepared:
    kinds, bounds = _sizes()
    return Prepared(
        np.empty((kinds, len(module.KNOWN))),
        np.empty(len(module.CONSTANTS)),
        np.empty(5, np.int64),
        np.empty((bounds, 2)),
    )


@cache
def _sizes() -> tuple[int, int]:
    _, _, prepared = _loops()
    return len(prepared.KINDS), len(prepared.BOUNDS)


class Machine:
    """Curves of one flow.

    Args:
        module: formulas in machine code.
        start: what `prepared` made of a start.
    """

    def __init__(self, module: Any, start: Prepared) -> None:
        self._module, self._start, self.units = module, start, Units(*start.units.tolist())
        self._known, self._rests = start.known[0], start.rests
        self._last = NONE, NONE
        self._begun_by: tuple[TrainingProblem, float] | None = None

    @classmethod
    def of(cls, problem: TrainingProblem, point: EffectivePoint | None, pace: float) -> Any:
        """The curves of a problem; None where its start is not plain, or nothing is compiled.

        Args:
            problem: what is trained.
            point: its effective point; None for one number as input.
            pace: by which time is multiplied.
        """
        module = twin(problem.network.module)
        if module is None:
            return None
        start = _room(module)
        if not (
            _begun(problem, pace, start) if point is None else _of_rows(problem, point, pace, start)
        ):
            return None
        found = cls(module, start)
        if point is None:
            found._begun_by = problem, pace
        return found

    def curve(self, name: str, times: Floats, exponent: int) -> tuple[Floats, int]:
        """An observable at times, times 2^exponent; NaN where it is not plain, and how often that is.

        Args:
            name: of the observable.
            times: of any shape.
            exponent: of its unit.
        """
        if abs(exponent) > ORDINARY:
            return np.full(times.shape, np.nan), times.size
        of, known, low, high = self._bounded(name)
        out = np.empty(times.shape)
        lost = of.loop(times.reshape(-1), known, 2.0**exponent, low, high, out.reshape(-1))
        return out, lost

    def curves(
        self, names: Sequence[str], times: Floats, exponents: Sequence[int]
    ) -> list[tuple[Floats, int]]:
        """Several observables at the same times, of one state: see `curve`."""
        if max(map(abs, exponents), default=0) > ORDINARY:
            return [self.curve(*one) for one in zip(names, repeat(times), exponents, strict=False)]
        module, size = self._module, times.size
        found = [np.empty(times.shape) for _ in names]
        flat = [times, *found] if times.ndim == 1 else [z.reshape(-1) for z in (times, *found)]
        lost = [0] * len(found)
        state = np.empty(module.ENTRIES * (min(PART, size) + module.TOGETHER))
        for start in range(0, size, PART):
            part, *rows = flat if size <= PART else [z[start : start + PART] for z in flat]
            module.over_state(part, self._known, state)
            for k, name in enumerate(names):
                of, known, low, high = self._bounded(name)
                lost[k] += of.reading(state, known, 2.0 ** exponents[k], low, high, rows[k])
        return list(zip(found, lost, strict=True))

    def pull(
        self, name: str, times: Floats, exponent: int, cotangents: Floats
    ) -> tuple[dict[str, float], Floats]:
        """From cotangents of a curve to those of what the flow was given, and of the times.

        Those are of rates, of the effective point and of sums over the weights, by the names of the
        adjoint's GIVEN; not finite where a derivative has left float64.

        Args:
            name: of the observable.
            times: one dimension, at which `curve` vouches for it.
            exponent: of its unit.
            cotangents: of its values.
        """
        adjoint: Any = importlib.import_module(self._module.__name__ + "_adjoint")
        by_known, by_times = np.zeros(self._known.size), np.empty(times.size)
        found, scaled = np.empty(len(adjoint.GIVEN)), np.ldexp(cotangents, exponent)
        getattr(adjoint, "pull_" + name)(times, self._known, scaled, by_known, by_times)
        adjoint.pull_start(self._known, by_known, found)
        a, b, rho, f, time = self.units
        n = f - a - b
        in_units = {
            "gamma": rho - n, "eta_u": 2 * n + 2 * b - time, "eta_w": 2 * n + 2 * a - time, "rho": -rho,
            "y": -f, "floor": -2 * f, "norm_u_0_2": -2 * a, "norm_omega_0_2": -2 * b,
            "overlap_0": -a - b, "norm_W_0_2": -2 * b,
        }  # fmt: skip
        exponents = [in_units[z] for z in adjoint.GIVEN]
        given = np.ldexp(found, exponents).tolist()
        return dict(zip(adjoint.GIVEN, given, strict=True)), by_times

    def again(self, name: str, times: Floats, exponent: int) -> Floats:
        """What passes zero, at times where float64 has lost it; NaN where pairs have lost it, too."""
        least = self._bounded(name)[1][_places(self._module)["least_output"]]
        if abs(exponent) > ORDINARY or not least > 0:
            return np.full(times.size, np.nan)
        found = self._of_pairs(name, times, exponent, (self._known, self._rests), least * FEWER)
        lost = np.isnan(found)
        if lost.any():
            found[lost] = self._of_pairs(name, times[lost], exponent, self._precise, least * MORE)
        return found

    def _of_pairs(
        self,
        name: str,
        times: Floats,
        exponent: int,
        constants: tuple[Floats, Floats],
        least: float,
    ) -> Floats:
        """An observable at states of double-double numbers, where its output is not smaller than said."""
        _, known, low, high = self._bounded(name)
        module, places, known = self._module, _places(self._module), known.copy()
        known[places["least_output"]] = least
        state, out = np.empty(module.ENTRIES * (times.size + module.TOGETHER)), np.empty(times.size)
        _moving().states(times, *constants, known[places["time"]], state)
        getattr(module, "from_" + name)(state, known, 2.0**exponent, low, high, out)
        return out

    def layer(
        self,
        name: str,
        moments: Floats,
        u: Floats,
        w: Floats,
        out: Floats,
        sign: float = 1.0,
        after: Callable[[int, int], None] | None = None,
    ) -> Floats:
        """Write a layer of one column at times; Σ of its squares then, and of those of changes, in units.

        Args:
            name: "u" or "W".
            moments: times in units, one dimension.
            u: second layer at t = 0.
            w: the column of the first.
            out: of shape (times, neurons).
            sign: by which the column is multiplied to be ω, along the data.
            after: is told, once in a while, from where to where neurons have been written.
        """
        units, is_u = self.units, name == "u"
        scales = np.array([2.0**-units.u, sign * 2.0**-units.omega])
        factor = 2.0**units.u if is_u else sign * 2.0**units.omega
        step = u.size if after is None else max(1, TOGETHER // moments.size)
        table, moving = self._coefficients(moments), _moving()

        def part(which: slice) -> Floats:
            sums = np.zeros((moments.size, 2))
            for start in range(which.start, which.stop, step):
                stop = min(start + step, which.stop)
                moving.write(table, u, w, (start, stop), scales, is_u, factor, out, sums)
                if after is not None:
                    after(start, stop)
            return sums

        return np.sum(halves.over(part, u.size, u.size * moments.size), axis=0)

    def _coefficients(self, moments: Floats) -> Floats:
        """What weights are of those at t = 0, at times in units; those of the last call are kept."""
        last, table = self._last
        if not np.array_equal(last, moments):
            with np.errstate(over="ignore"):
                reached = np.where(np.isinf(2 * self._of["R"] * moments), np.inf, moments)
            moving = _moving()
            table = np.empty((moments.size, moving.ENTRIES))
            moving.coefficients(reached, *self._precise, table)
            self._last = moments.copy(), table
        return table

    def _bounded(self, name: str) -> tuple[Asked, Floats, float, float]:
        """An observable, what it needs to know, and between what it is, by what is proved."""
        of, start = _asked(self._module, name), self._start
        low, high = start.bounds[of.bound].tolist()
        return of, start.known[of.kind], low, high

    @cached_property
    def _precise(self) -> tuple[Floats, Floats]:
        """Constants and their rests, of sums with all digits: for what is left where much cancels."""
        if self._begun_by is None or self._begun_by[0].u0.size <= _loops()[0].FEW:
            return self._known, self._rests
        problem, pace = self._begun_by
        start, found = _room(self._module), _with_all_digits(problem)
        if not _loops()[2].begin(found, _numbers(problem, pace), False, *start):
            raise InternalCheckError("a start is plain by some digits, and not by all")
        return start.known[0], start.rests

    @cached_property
    def _of(self) -> dict[str, float]:
        """What is known, by name."""
        return dict(zip(self._module.KNOWN, self._known.tolist(), strict=True))


class Asked(NamedTuple):
    """An observable.

    Attributes:
        loop: over times.
        reading: the same at states that are there.
        kind: the row of what is known that it needs.
        bound: the row of bounds that it is between.
    """

    loop: Any
    reading: Any
    kind: int
    bound: int


@cache
def _asked(module: Any, name: str) -> Asked:
    """What answers an observable of a module."""
    _, _, of = _loops()
    kind = of.FALLS if name in FALLING else of.PASSES if name in module.PASSING else of.KEEPS
    own = {"alignment": of.ALIGNMENT, "output": of.OUTPUT, "residual": of.RESIDUAL, "loss": of.LOSS}
    bound = own.get(name, of.SIGNED if name in ("overlap", "kernel_change") else of.SIZE)
    return Asked(getattr(module, "over_" + name), getattr(module, "from_" + name), kind, bound)


@cache
def _places(module: Any) -> dict[str, int]:
    return {name: place for place, name in enumerate(module.KNOWN)}


def _begun(problem: TrainingProblem, pace: float, start: Prepared) -> bool:
    """Constants for one number as input, from sums over two columns; whether the start is plain."""
    columns, _, prepared = _loops()
    found = problem.sums
    if found is None:
        found = columns.of(problem.u0, problem.W0.reshape(-1), pages.release)
    numbers, is_coarse = _numbers(problem, pace), problem.u0.size > columns.FEW
    if prepared.begin(found, numbers, is_coarse, *start):
        return True
    if not is_coarse:
        return False
    return bool(prepared.begin(_with_all_digits(problem), numbers, False, *start))


def _numbers(problem: TrainingProblem, pace: float) -> tuple[float, ...]:
    data = problem.data
    return (
        *_split(problem.gamma), *_split(problem.eta_u), *_split(problem.eta_w),
        data.X.item(0), data.targets.item(0), float(problem.u0.size), float(pace),
    )  # fmt: skip


def _with_all_digits(problem: TrainingProblem) -> Floats:
    """Sums over two columns to twice the digits of float64."""
    u, w = problem.u0, problem.W0.reshape(-1)
    found = np.empty((-(-u.size // ROWS), 8))
    for k, sums in enumerate(found):
        first, last = k * ROWS, (k + 1) * ROWS
        _loops()[1].of_columns(u[first:last], w[first:last], sums)
        if len(found) > 1:
            pages.release(u, first, last)
            pages.release(w, first, last)
    return found[0] if len(found) == 1 else _together(found, 6)


def _of_rows(problem: TrainingProblem, point: EffectivePoint, pace: float, start: Prepared) -> bool:
    """Constants from sums over rows of weights; whether the start is plain."""
    _, loops, prepared = _loops()
    rates = np.zeros(12)
    rates[:6] = *_split(problem.gamma), *_split(problem.eta_u), *_split(problem.eta_w)
    for k, value in enumerate((point.strength, point.target, point.floor)):
        rates[6 + 2 * k], rates[7 + 2 * k] = value.hi, value.lo
    found = np.empty((-(-problem.u0.size // ROWS), 10))
    for k, sums in enumerate(found):
        first, last = k * ROWS, (k + 1) * ROWS
        u, W = problem.u0[first:last], problem.W0[first:last]
        loops.of_rows(u, W, point.direction, point.direction_rest, sums)
        if len(found) > 1:
            pages.release(problem.u0, first, last)
            pages.release(problem.W0, first, last)
    sums = found[0] if len(found) == 1 else _together(found, 8)
    return bool(prepared.prepare(sums, rates, problem.u0.size, pace, *start))


@cache  # an import statement takes half a microsecond
def _loops() -> tuple[Any, Any, Any]:
    from numeric.compiled import columns, sums
    from numeric.methods.explicit import prepared

    return columns, sums, prepared


@cache
def _moving() -> Any:
    from numeric.methods.explicit import moving

    return moving


def _together(found: Floats, number: int) -> Floats:
    """Sums of parts, with their rests, and the largest of each, which stand behind the first numbers."""
    total = found.max(axis=0)
    for k in range(0, number, 2):
        whole = DoubleDouble(found[:, k], found[:, k + 1]).sum()
        total[k], total[k + 1] = whole.hi, whole.lo
    return np.asarray(total)


def _split(rate: Any) -> tuple[float, float]:
    """A number of any precision in float64, and what that leaves of it."""
    if type(rate) is np.float64:
        return float(rate), 0.0
    parts = DoubleDouble.of(rate)
    return float(parts.hi), float(parts.lo)
