"""Weights of an explicit flow, and what is linear in them, at any time.

A weight is linear in its start and in p and q of its neuron: u(t) = a u₀ + b p + c q, with coefficients
of the state alone. Coefficients, coordinates and the combination have twice the digits of float64, so
that a weight that passes zero keeps those that are promised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from flint import arb
from numpy.typing import ArrayLike

from numeric.data import pages
from numeric.data.arrays import Floats
from numeric.double_double import DoubleDouble, Precise, combination, dot, precise
from numeric.errors import InputError
from numeric.methods.explicit import checks as flow_checks
from numeric.methods.explicit.start import Start
from numeric.methods.explicit.sums import BLOCK, OFTEN, Weights, coordinates
from numeric.methods.explicit.wide import ball, xp
from numeric.methods.trajectory import times

if TYPE_CHECKING:
    from numeric.methods.explicit.floats import ExplicitFlow

CANCELLED = 2.0**-8  # see `floats`
ALONE = 2.0**-40  # of its terms: what is left of a weight has a good deal of its digits
LARGEST = 2.0**900  # coefficients, of which products are exact
UNITS = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
Coefficients = tuple[DoubleDouble, DoubleDouble, DoubleDouble]


class Motion(NamedTuple):
    """How weights follow from their start at one time.

    Attributes:
        u, omega, change_omega: coefficients of the weight itself (for the change: of u), of p and of q.
        is_early: whether a weight is still closer to its start than to its end.
    """

    u: Coefficients
    omega: Coefficients
    change_omega: Coefficients
    is_early: bool


class Layers:
    """Weights of a flow.

    Args:
        flow: the flow.
    """

    def __init__(self, flow: ExplicitFlow) -> None:
        self._flow = flow

    @property
    def _start(self) -> Start:
        return self._flow.start

    @property
    def _weights(self) -> Weights:
        return self._flow.start.weights

    def each(self, name: str, t: ArrayLike, out: Floats | None = None) -> Floats:
        """The layer "u" or "W" at all times, shape t.shape + that of the layer; in `out`, if given.

        Raises:
            InputError: for an `out` of another shape or type.
        """
        flow, given = self._flow, times(t)
        shape = (*given.shape, *(flow.u0.shape if name == "u" else flow.W0.shape))
        if out is None:
            out = np.empty(shape)
        elif np.shape(out) != shape or getattr(out, "dtype", None) != np.float64:
            found = f"{getattr(out, 'dtype', type(out).__name__)} of shape {np.shape(out)}"
            raise InputError("out", found, f"float64 of shape {shape}")
        if self._is_plain(out):
            self._by_machine(name, given, out)
            return out
        if not self._start.is_in_range:
            moments = self._start.reached(given * flow.pace)
            for index in np.ndindex(given.shape):
                out[index] = self._exactly(name, float(moments[index]))
            return out
        moments = flow.moments(given)
        for index in np.ndindex(moments.shape):
            self._write(name, float(moments[index]), out[index])
            if flow.checked:
                flow_checks.weights(flow, name, moments[index], out[index])
        return out

    def _is_plain(self, out: Floats) -> bool:
        """Whether machine code writes a layer: one input, a start that is plain."""
        return out.flags.c_contiguous and self._is_one_column and self._start_is_plain

    @property
    def _start_is_plain(self) -> bool:
        return self._flow.machine is not None

    @property
    def _is_one_column(self) -> bool:
        return self._flow.W0.shape[1] == 1 and bool(abs(self._flow.point.direction[0]) == 1)

    def _by_machine(self, name: str, given: Floats, out: Floats) -> None:
        flow, moments = self._flow, self._in_units(np.ravel(given))
        flat = out.reshape(moments.size, flow.u0.size).view(np.ndarray)
        arrays = flow.u0, flow.W0, out
        after = self._after(flat) if any(map(pages.is_mapped, arrays)) else None
        sums = self._written(name, moments, slice(0, flow.u0.size), flat, after)
        self._check(name, np.ravel(given), sums)

    def _in_units(self, given: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return np.asarray(np.ldexp(given * self._flow.pace, self._flow.machine.units.time))

    def _written(
        self,
        name: str,
        moments: Floats,
        part: slice,
        out: Floats,
        after: Callable[[int, int], None] | None = None,
    ) -> Floats:
        """Write neurons of a layer of one column at times in units; Σ of squares and of changes'."""
        flow, sign = self._flow, float(self._flow.point.direction[0])
        u, w = flow.u0[part], flow.W0.reshape(-1)[part]
        return np.asarray(flow.machine.layer(name, moments, u, w, out, sign, after))

    def _after(self, out: Floats) -> Callable[[int, int], None]:
        """What lets go of memory behind the neurons that are written."""

        def release(start: int, stop: int) -> None:
            pages.release(self._flow.u0, start, stop)
            pages.release(self._flow.W0, start, stop)
            for row in out:
                pages.release(row, start, stop)

        return release

    def _check(self, name: str, given: Floats, sums: Floats) -> None:
        if self._flow.checked:
            units = self._flow.machine.units
            exponent = units.u if name == "u" else units.omega
            norms, moved = np.sqrt(sums).T
            flow_checks.layer(self._flow, name, given, exponent, norms, moved)

    def blocks(self, t: ArrayLike, size: int) -> Iterator[tuple[slice, Floats, Floats]]:
        """Neurons, so many at once, with their weights at times."""
        flow, given = self._flow, times(t)
        width, inputs = flow.W0.shape
        parts = [slice(k, min(k + size, width)) for k in range(0, width, size)]
        if not (self._is_one_column and self._start_is_plain):
            yield from self._blocks_by_formula(given, parts)
            return
        moments = self._in_units(np.ravel(given))
        sums = {name: np.zeros((moments.size, 2)) for name in ("u", "W")}
        for part in parts:
            found = []
            for name in sums:
                out = np.empty((moments.size, part.stop - part.start))
                sums[name] += self._written(name, moments, part, out)
                found.append(out)
            pages.release(flow.u0, part.start, part.stop)
            pages.release(flow.W0, part.start, part.stop)
            u, W = found
            yield part, u.reshape(*given.shape, -1), W.reshape(*given.shape, -1, inputs)
        for name, of_all in sums.items():
            self._check(name, np.ravel(given), of_all)

    def _blocks_by_formula(
        self, given: Floats, parts: list[slice]
    ) -> Iterator[tuple[slice, Floats, Floats]]:
        flow = self._flow
        if not self._start.is_in_range:
            u, W = self.each("u", given), self.each("W", given)
            for part in parts:
                yield part, u[..., part].copy(), W[..., part, :].copy()
            return
        moments = flow.moments(given)
        motions = {index: self.motion(float(moments[index])) for index in np.ndindex(given.shape)}
        for part in parts:
            width = part.stop - part.start
            u, W = (np.empty((*given.shape, width, *more)) for more in ((), flow.W0.shape[1:]))
            for index, motion in motions.items():
                self._write_part("u", motion, float(moments[index]), part, u[index])
                self._write_part("W", motion, float(moments[index]), part, W[index])
            yield part, u, W

    def _write(self, name: str, moment: float, out: Floats) -> None:
        self._write_part(name, self.motion(moment), moment, slice(0, len(out)), out)

    def _write_part(
        self, name: str, motion: Motion, moment: float, neurons: slice, out: Floats
    ) -> None:
        """Write neurons of a layer at a time in units."""
        units = self._flow.units
        layer, exponent = (self._u, units.u) if name == "u" else (self._W, units.omega)
        for start in range(neurons.start, neurons.stop, BLOCK):
            part = slice(start, min(start + BLOCK, neurons.stop))
            place = slice(part.start - neurons.start, part.stop - neurons.start)
            with np.errstate(all="ignore"):
                out[place] = np.ldexp(layer(part, motion, moment), exponent) + 0
            if start % OFTEN == 0:
                for array in (self._flow.u0, self._flow.W0):
                    pages.release(array, max(0, start - OFTEN), start)
                pages.release(out, max(0, place.start - OFTEN), place.start)

    def motion(self, moment: float) -> Motion:
        """Coefficients at a time in units."""
        module, state = self._flow.evaluators, self._start.wide.state(moment)

        def formula(c: Any, _: Any) -> tuple[arb, ...]:
            now = state(c)
            return tuple(
                getattr(module, name)(*map(arb, unit), now, c, xp)
                for name in ("weight_u", "weight_omega", "change_omega")
                for unit in UNITS
            )

        found = self._start.wide.parts(formula)
        now = self._flow.at(np.array(moment))
        return Motion(
            (found[0], found[1], found[2]),
            (found[3], found[4], found[5]),
            (found[6], found[7], found[8]),
            bool(now.decay > now.decayed),
        )

    def _u(self, part: slice, motion: Motion, moment: float) -> Any:
        u, omega = self._weights.layers(part)
        return self._both(motion, moment, u, omega)[0].hi

    def _both(
        self, motion: Motion, moment: float, u: DoubleDouble, omega: DoubleDouble
    ) -> tuple[DoubleDouble, DoubleDouble]:
        """U and ω of neurons at a time."""
        p, q = coordinates(self._flow.evaluators, u, omega, self._start.rates)
        now = _combined(motion.u, u, p, q), _combined(motion.omega, omega, p, q)
        if not self._start.is_alone:
            return now
        terms = (motion.u, (u, p, q)), (motion.omega, (omega, p, q))
        sizes = [
            sum(np.abs(a.hi * z.hi) for a, z in zip(*pair, strict=True) if a.hi != 0)
            for pair in terms
        ]
        return self._alone(now, sizes, moment)

    def _exactly(self, name: str, moment: float) -> Floats:
        """A layer at a time, in balls without units, where float64 does not hold what is on the way."""
        module, start = self._flow.evaluators, self._start
        wide, e = start.as_given, start.exact_direction
        state = wide.state(moment)

        def formula(c: Any, _: Any) -> tuple[arb, ...]:
            now, found = state(c), []
            for row, (u, omega) in zip(self._flow.W0, start.exact_layers, strict=True):
                p, q = (
                    of(u, omega, wide.rates.eta_u, wide.rates.eta_w, xp)
                    for of in (module.growing, module.falling)
                )
                if name == "u":
                    found.append(module.weight_u(u, p, q, now, c, xp))
                    continue
                moved = module.change_omega(u, p, q, now, c, xp)
                found += [
                    module.weight_w(arb(float(w)), moved, z, xp)
                    for w, z in zip(row, e, strict=True)
                ]
            return tuple(found)

        given = self._flow.u0 if name == "u" else self._flow.W0
        return np.array([part.hi for part in wide.parts(formula)]).reshape(given.shape)

    def _alone(
        self, now: tuple[DoubleDouble, DoubleDouble], sizes: list[Any], moment: float
    ) -> tuple[DoubleDouble, DoubleDouble]:
        """A neuron alone has the norms, which do not cancel where a weight goes to zero.

        The larger weight knows its sign, and u ω has its own.
        """
        u, omega = now
        lost = [np.abs(z.hi) < ALONE * size for z, size in zip(now, sizes, strict=True)]
        if not np.any(lost):
            return now
        sign, norm_u, norm_omega = (
            self._observed(name, moment) for name in ("overlap", "norm_u", "norm_omega")
        )
        of_u = np.where(lost[0], np.sign(sign) * np.sign(omega.hi) * norm_u, u.hi)
        of_omega = np.where(lost[1], np.sign(sign) * np.sign(u.hi) * norm_omega, omega.hi)
        return precise(of_u), precise(of_omega)

    def _observed(self, name: str, moment: float) -> Any:
        return self._flow.observe(name, self._flow.at(np.array(moment)))

    def _W(self, part: slice, motion: Motion, moment: float) -> Any:
        """Rows of W: start and change of ω early, what is across the data and ω itself late."""
        weights, alone = self._weights, self._start.is_alone
        (u, omega), e = weights.layers(part), weights.direction
        if e.hi.size == 1 and abs(e.hi[0]) == 1:
            return self._rows(0.0, self._both(motion, moment, u, omega)[1])
        rows = weights.rows(part)
        early: Any = None
        if motion.is_early:
            change = self._change(motion, u, omega)
            early = self._rows(rows, change)
            if not alone:
                return early
        now = self._both(motion, moment, u, omega)[1]
        across = rows - omega[:, None] * e
        late = self._rows(across, now)
        # With nothing across the data a weight is a multiple of ω, also when that passes zero.
        return late if early is None else np.where(across.hi == 0, late, early)

    def _change(self, motion: Motion, u: DoubleDouble, omega: DoubleDouble) -> DoubleDouble:
        """How far ω has moved."""
        p, q = coordinates(self._flow.evaluators, u, omega, self._start.rates)
        return _combined(motion.change_omega, u, p, q)

    def _rows(self, start: Any, moved: DoubleDouble) -> Any:
        """Rows of W from those at the start, or from what is across the data."""
        column, e = moved[:, None], self._weights.direction
        return self._flow.evaluators.weight_w(precise(start), column, e, Precise()).hi

    # --- sums over neurons that are linear in the weights ----------------------------------------------

    def predict(self, moments: Floats, x: Floats) -> Floats:
        """Output at one input, at times in units."""
        module, units = self._flow.evaluators, self._flow.units
        along = dot(self._weights.direction, precise(x))
        terms = self._cross(self._still(x, along), "u")

        def value(sums: Mapping[str, Any], state: Any, c: Any, sizes: bool, xp: Any) -> Any:
            given, beside = [_number(z, xp) for z in terms], _number(along, xp)
            overlap = module.overlap(sums["overlap_0"], state, c, xp)
            if sizes:
                size = _size(module.weight_u, given, state, c)
                return abs(c.gamma) * (abs(beside * overlap) + size)
            return c.gamma * (beside * overlap + module.weight_u(*given, state, c, xp))

        exponent = units.f - units.rho
        with np.errstate(all="ignore"):
            return np.asarray(np.ldexp(self._refined(value, moments), exponent) + 0)

    def tangent_kernel(self, moments: Floats, one: Floats, two: Floats) -> Floats:
        """K(x₁, x₂), at times in units."""
        module, units, e = self._flow.evaluators, self._flow.units, self._weights.direction
        b_1, b_2 = dot(precise(one), e), dot(precise(two), e)
        g_1, g_2 = self._still(one, b_1), self._still(two, b_2)
        terms = self._cross(b_2 * g_1 + b_1 * g_2, "omega")
        known = dot(precise(one), precise(two)), b_1, b_2, dot(g_1, g_2)

        def value(sums: Mapping[str, Any], state: Any, c: Any, sizes: bool, xp: Any) -> Any:
            norms = (
                module.norm_u(sums["gram"], sums["balance"], sums["overlap_0"], state, c, xp) ** 2,
                module.norm_omega(sums["gram"], sums["balance"], sums["overlap_0"], state, c, xp)
                ** 2,
            )
            given = [_number(z, xp) for z in terms]
            if sizes:
                parts = [abs(_number(z, xp)) for z in known]
                cross = _size(module.weight_omega, given, state, c)
            else:
                parts = [_number(z, xp) for z in known]
                cross = module.weight_omega(*given, state, c, xp)
            return module.tangent_kernel(*parts, cross, *norms, c, xp)

        exponent = units.time - 2 * units.rho
        with np.errstate(all="ignore"):
            return np.asarray(np.ldexp(self._refined(value, moments), exponent) + 0)

    def _refined(self, value: Callable[..., Any], moments: Floats) -> Floats:
        """A value at times, in float64, and in balls where little of its terms is left."""
        flow, wide = self._flow, self._start.wide
        state = flow.at(moments)
        with np.errstate(all="ignore"):
            found = np.array(value(flow.sums, state, flow.scaled, False, np), dtype=np.float64)
            size = value(flow.sums, state, flow.scaled, True, np)
        lost = (np.abs(found) < CANCELLED * size) | (not self._start.is_in_range)
        for index in zip(*np.nonzero(np.atleast_1d(lost)), strict=True):
            at = wide.state(float(np.atleast_1d(moments)[index]))
            (one,) = wide.parts(partial(_at, at, value))
            found[index if found.ndim else ()] = float(one.hi)
        return found

    def _still(self, x: Floats, along: DoubleDouble) -> DoubleDouble:
        """Preactivations of an input less those of its part along the data: they do not move."""
        rows = combination(self._weights.rows(slice(None)).T, precise(x))
        return rows - along * self._weights.layers(slice(None))[1]

    def _cross(self, vector: DoubleDouble, layer: str) -> list[DoubleDouble]:
        """Products of a vector over the neurons with u or ω and with p and q at t = 0."""
        u, omega = self._weights.layers(slice(None))
        p, q = coordinates(self._flow.evaluators, u, omega, self._start.rates)
        return [dot(vector, z) for z in (u if layer == "u" else omega, p, q)]


def _at(
    state: Callable[[Any], Any], value: Callable[..., Any], c: Any, sums: Mapping[str, Any]
) -> tuple[Any]:
    """A formula in balls at a state."""
    return (value(sums, state(c), c, False, xp),)


def _number(value: DoubleDouble, namespace: Any) -> Any:
    """In the numbers of a namespace."""
    return float(value.hi) if namespace is np else ball(value)


def _size(weight: Callable[..., Any], given: Sequence[float], state: Any, c: Any) -> Any:
    """Of the terms of what is linear in its arguments."""
    return sum(abs(weight(*unit, state, c) * z) for unit, z in zip(UNITS, given, strict=True))


def _combined(
    by: Coefficients, start: DoubleDouble, p: DoubleDouble, q: DoubleDouble
) -> DoubleDouble:
    """start, p and q times their coefficients."""
    total = start * by[0]
    for z, coefficient in ((p, by[1]), (q, by[2])):
        if abs(coefficient.hi) >= LARGEST:  # of what does not move
            total = total + np.where(z.hi == 0, 0.0, z.hi * coefficient.hi)
        elif coefficient.hi != 0:
            total = total + z * coefficient
    return total
