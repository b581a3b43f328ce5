"""Observables of neurons that are followed one by one along the data, all from their weights.

A neuron is (u, h), with h its preactivation at the point m that the data amount to. Changes since the
start are computed as changes, so that the smallest keep their digits.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric.data import line
from numeric.data.arrays import Floats, float64
from numeric.data.point import DataPoint
from numeric.errors import InputError
from numeric.methods.ending import UNBOUNDED
from numeric.methods.trajectory import Trajectory, length, lengths, times
from numeric.methods.warp.start import Start
from numeric.methods.warp.units import Rates, fitting

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
AT_ONCE = 1 << 19  # neurons, times and places on the way that are worked on at a time
SMALL = 0.05  # of itself, or of 1: a change over which the kernel's slopes are integrated
MOMENT_SLACK = 1e-9  # a population's moments may be rounded


class NeuronObservables(Trajectory):
    """What a trajectory of neurons (u, h) along the data has to say beyond its weights.

    Attributes:
        point: what the data amount to.
    """

    point: DataPoint
    _start: Start
    _rates: Rates

    @abstractmethod
    def neurons(self, t: Floats) -> tuple[Floats, Floats]:
        """Weights u and preactivations h of every neuron, of shape (times, neurons)."""

    @abstractmethod
    def _change(self, t: Floats) -> tuple[Floats, Floats]:
        """Changes of u and h since the start, of shape (times, neurons)."""

    def doubts(self) -> list[str]:
        """Data off their line."""
        doubt = line.doubt(self.point.deviation)
        return [] if doubt is None else [doubt]

    @property
    def _rates_given(self) -> tuple[float, float, float]:
        return self._rates.gamma, self._rates.eta_u, self._rates.eta_w

    @property
    def _length(self) -> float:
        """‖m‖, or 1 where the input is 0."""
        return math.sqrt(self.point.norm_2) or 1.0

    def _at_last(
        self,
        t: ArrayLike,
        function: Callable[[Floats], Floats],
        end: float = math.inf,
        size: int | None = None,
    ) -> Floats:
        """A function of the weights at all times.

        Args:
            t: times.
            function: of many times.
            end: at t = ∞ where homogeneous neurons grow without bound; of others nothing is known there.
            size: how many numbers a time takes on the way; the width, if it is not given.
        """
        found = self._rows(t, function, size=size or self._width)
        if self.limit_kind != UNBOUNDED:
            return found
        return np.where(np.isinf(times(t)), end if self.network.ray_degree else math.nan, found)[()]

    @property
    def _width(self) -> int:
        return self.u0.size

    def u(self, t: ArrayLike) -> Floats:
        """Second layer, shape t.shape + (d,)."""
        return self._rows(t, lambda time: self.neurons(time)[0], (self._width,), self._width)

    def W(self, t: ArrayLike) -> Floats:
        """First layer, shape t.shape + (d, d0): its part across the data does not move.

        Entries keep their digits where the change is small, and the whole where it is not.
        """
        return self._rows(t, self._first_layer, self.W0.shape, self.W0.size)

    def _first_layer(self, t: Floats) -> Floats:
        m, norm_2 = self.point.vector, self.point.norm_2
        if norm_2 == 0:
            return np.broadcast_to(self.W0, (t.size, *self.W0.shape))
        (_, moved), (_, h) = self._change(t), self.neurons(t)
        early = np.abs(moved) <= np.abs(self._start.h) / 2
        along = np.where(early, moved, h)[..., None] * (m / norm_2)
        return np.where(early[..., None], self.W0, self._across) + along

    @cached_property
    def _across(self) -> Floats:
        if self.W0.shape[1] == 1:
            return np.zeros_like(self.W0)
        return self.W0 - np.outer(self._start.h / self.point.norm_2, self.point.vector)

    def norm_u(self, t: ArrayLike) -> Floats:
        """‖u‖."""
        return self._at_last(t, lambda time: lengths(self.neurons(time)[0]))

    def norm_omega(self, t: ArrayLike) -> Floats:
        """‖ω‖, ω = W e the part of the first layer along the data."""
        return self._at_last(t, lambda time: lengths(self.neurons(time)[1]) / self._length)

    def norm_W(self, t: ArrayLike) -> Floats:
        """Frobenius norm ‖W‖."""
        across = length(self._across if self.point.norm_2 else self.W0)
        return float64(np.hypot(self.norm_omega(t), across))

    def overlap(self, t: ArrayLike) -> Floats:
        """u·ω, with ω = W e along the data."""
        return self._at_last(t, lambda time: _dots(*self.neurons(time)) / self._length, math.nan)

    def alignment(self, t: ArrayLike) -> Floats:
        """Alignment ζ, the cosine of u and W x; NaN where one of them is zero."""
        return self._at_last(t, lambda time: _cosines(*self.neurons(time)), math.nan)

    def distance_u(self, t: ArrayLike) -> Floats:
        """‖u(t) − u(0)‖, to full relative accuracy however small."""
        return self._at_last(t, lambda time: lengths(self._change(time)[0]))

    def distance_W(self, t: ArrayLike) -> Floats:
        """‖W(t) − W(0)‖, to full relative accuracy however small."""
        return self._at_last(t, lambda time: lengths(self._change(time)[1]) / self._length)

    def kernel(self, t: ArrayLike) -> Floats:
        """Tangent kernel K(x, x) at the effective point; df/dt = −K ∂L/∂f there."""
        return self._at_last(t, lambda time: self.point.weight * self._kernel(*self.neurons(time)))

    @np.errstate(all="ignore")
    def _kernel(self, u: Floats, h: Floats) -> Floats:
        units = fitting(self.network, self._rates, u, h)
        terms = self.network.module.kernel(*units.scaled(u, h), units.parameters)
        summed = np.sum(np.broadcast_to(terms, u.shape), axis=1)
        return np.asarray(np.ldexp(summed, np.ravel(units.f - units.x)))

    def kernel_change(self, t: ArrayLike) -> Floats:
        """Relative change of K(x, x) since the start, to full relative accuracy however small."""
        return self._at_last(t, self._kernel_change, size=NODES.size * self._width)

    @np.errstate(all="ignore")
    def _kernel_change(self, t: Floats) -> Floats:
        """Σ_i (K_i − K_i(0))/K(0): where a neuron has moved little, its kernel's slopes integrated."""
        begun, (by_u, by_h), (u, h) = self._start, self._change(t), self.neurons(t)
        units = fitting(self.network, self._rates, begun.u, begun.h)
        start, moved, now = (units.scaled(*z) for z in ((begun.u, begun.h), (by_u, by_h), (u, h)))
        module, given = self.network.module, units.parameters
        whole = np.broadcast_to(module.kernel(*start, given), begun.u.shape)
        start_kernel = float(np.sum(whole))
        if not start_kernel:
            return np.zeros(t.size)
        gone = module.kernel(*now, given) - whole
        little = _is_small(by_u, begun.u) & _is_small(by_h, begun.h, self.network.ray_degree)
        integrals, together = np.zeros(u.shape), max(1, AT_ONCE // u.size)
        for first in range(0, NODES.size, together):
            part = slice(first, first + together)
            theta = (NODES[part, None, None] + 1) / 2
            on_the_way = tuple(a + theta * b for a, b in zip(start, moved, strict=True))
            slopes = moved[0] * module.kernel_by_u(*on_the_way, given)
            slopes = slopes + moved[1] * module.kernel_by_h(*on_the_way, given)
            slopes = np.broadcast_to(slopes, (len(theta), *u.shape))
            integrals += np.tensordot(WEIGHTS[part] / 2, slopes, axes=1)
        changes = np.where(little, integrals, gone)
        return np.asarray(np.sum(changes, axis=1) / start_kernel)

    def population_loss(
        self, t: ArrayLike, second_moment: float, cross_moment: float, target_moment: float
    ) -> Floats:
        """E[(f(a e) − ỹ)²] over a population on the line of the data, a along e = m/‖m‖.

        Raises:
            InputError: for another loss than a multiple of the square, an activation that is not
                homogeneous, and moments that no population has.
        """
        degree = self.network.ray_degree
        if not (self.problem.is_square and degree):
            found = f"{self.network.name} with the loss {self.problem.loss_name}"
            raise InputError("population_loss", found, "a homogeneous activation and a square")
        floor = float(target_moment) - float(cross_moment) ** 2 / float(second_moment)
        if not second_moment > 0 or floor < -MOMENT_SLACK * target_moment:
            found = f"E[a²ᵝ] = {second_moment}, E[ỹ²] = {target_moment}"
            raise InputError("moments", found, "E[a²ᵝ] > 0 and E[ỹ²] >= E[aᵝ ỹ]²/E[a²ᵝ]")
        outputs = self.output(times(t)) / math.sqrt(self.point.weight or 1.0)
        off = outputs / self._length**degree - cross_moment / second_moment
        return float64(self.problem.loss.FACTOR * (max(floor, 0.0) + second_moment * off**2))


def _is_small(change: Floats, start: Floats, degree: int = 1) -> Any:
    """Whether a change is small beside the start; without homogeneity, on the scale of 1 as well."""
    room = np.abs(start) if degree else np.maximum(np.abs(start), 1.0)
    return np.abs(change) <= SMALL * room


def _dots(u: Floats, h: Floats) -> Floats:
    """u·h of each row, whatever the size of the two."""
    (a, large_a), (b, large_b) = _unit(u), _unit(h)
    return np.asarray(large_a * (large_b * np.sum(a * b, axis=1)))


def _cosines(u: Floats, h: Floats) -> Floats:
    (a, large_a), (b, large_b) = _unit(u), _unit(h)
    size = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    with np.errstate(all="ignore"):
        cosines = np.clip(np.sum(a * b, axis=1) / size, -1.0, 1.0)
    return np.where((large_a == 0) | (large_b == 0), np.nan, cosines)


def _unit(rows: Floats) -> tuple[Floats, Floats]:
    """Rows whose largest entry is 1 in size, and by what they are to be multiplied."""
    largest = np.abs(rows).max(axis=1, initial=0.0)
    return rows / np.where(largest > 0, largest, 1.0)[:, None], largest
