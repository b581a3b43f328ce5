"""Elapsed time t(s) of the scalar equation ds/dt = 2M (y − f(s)), and its inverse, by quadrature.

Warped time is measured from the start in the direction of motion, x = |s| ≥ 0. The residual
R(x) = |y − f| falls with slope −K(x), where the tangent kernel K is a sum of squares. K is sampled at
Chebyshev nodes of panels that fit it to rounding; then

    R(x) = ∫_x^{x*} K,   t(x) = ∫_0^x dx / (2M R)

need no further evaluation of the network: R is a sum of positive terms from the equilibrium x*
backward, so it keeps its relative accuracy however small it is, and next to x*, with e = x* − x,

    2M t = λ / K(x*) + (a smooth function of e),   λ = log(ℓ/e),

is inverted in λ, so that times far past convergence are ordinary.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Sampler = Callable[[float, Floats], Floats]  # of a place and increasing distances from it

NODES = 16
FINE_NODES = 24
TAIL = 2e-15  # of the last Chebyshev coefficients of K, relative to its smallest value
SHORTEST = 1e-13  # a panel shorter than this, relative to x, holds a kink and is kept
FADED = 1e-17  # what a panel of doubled width adds when nothing more will come
LONGEST = 1e140
GAUSS, GAUSS_WEIGHTS = (np.array(z) for z in np.polynomial.legendre.leggauss(20))


def _unit_nodes(number: int) -> Floats:
    """Chebyshev nodes of the first kind, on [0, 1], increasing."""
    return (1 - np.cos((np.arange(number) + 0.5) * np.pi / number)) / 2


def _fit(values: Floats) -> Floats:
    """Chebyshev coefficients on [0, 1] from values at `_unit_nodes`."""
    number = len(values)
    angles = (np.arange(number) + 0.5) * np.pi / number
    table = np.cos(np.outer(np.arange(number), angles)) * (-1.0) ** np.arange(number)[:, None]
    coefficients = table @ values * 2 / number
    coefficients[0] /= 2
    return np.asarray(coefficients)


@dataclass(frozen=True)
class Panel:
    """A polynomial on [left, right].

    Attributes:
        left, right: ends.
        coefficients: Chebyshev, of the unit variable (x − left)/(right − left).
    """

    left: float
    right: float
    coefficients: Floats

    @property
    def width(self) -> float:
        """Right − left."""
        return self.right - self.left

    def __call__(self, x: ArrayLike) -> Floats:
        """Value at x."""
        z = 2 * (np.asarray(x, dtype=float) - self.left) / self.width - 1
        return np.asarray(chebyshev.chebval(z, self.coefficients))

    def integral(self, a: ArrayLike, b: ArrayLike) -> Floats:
        """∫_a^b by Gauss quadrature: exact, and a sum of positive terms where the values are."""
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        half, middle = (b - a) / 2, (a + b) / 2
        values = self(middle[..., None] + half[..., None] * GAUSS)
        return np.asarray(half * (values @ GAUSS_WEIGHTS))


def fit_panels(kernel: Sampler, distance: float, escape: float) -> tuple[list[Panel], float | None]:
    """K as panels from x = 0 until ∫K reaches `distance`.

    Args:
        kernel: K at a place and distances from it: counted from there they keep the digits that
            x has lost far from the start. It is asked panel by panel.
        distance: |y − f(0)|, which the integral of K has to reach.
        escape: x of the first pole of K, or infinity.

    Returns:
        Panels, and the equilibrium x*, or None where K fades before the distance is reached.
    """
    panels: list[Panel] = []
    x, gained, unit = 0.0, 0.0, _unit_nodes(NODES)
    start = float(kernel(0.0, np.zeros(1))[0])
    if not start > 0:
        return [], None
    first = min(distance / start, escape) / 8
    width = first
    while x < LONGEST:
        width = min(width, (escape - x) / 2)
        panel, good = _sample(kernel, x, width, unit)
        if not good and width > SHORTEST * max(x, first):
            width /= 2
            continue
        step = float(panel.integral(panel.left, panel.right))
        if not step > 0:
            break
        panels.append(panel)
        if gained + step >= distance:
            return panels, _crossing(panel, distance - gained)
        gained += step
        x = panel.right
        if math.isinf(escape) and step <= FADED * (distance - gained):
            break
        width *= 2
    return panels, None


def _sample(kernel: Sampler, x: float, width: float, unit: Floats) -> tuple[Panel, bool]:
    values = kernel(x, width * unit)
    panel = Panel(x, x + width, _fit(values))
    tail = float(np.abs(panel.coefficients[-2:]).max())
    good = bool(np.all(np.isfinite(values))) and values.min() > 0
    return panel, good and tail <= TAIL * NODES * float(values.min())


def _crossing(panel: Panel, distance: float) -> float:
    """Where ∫K from the panel's left reaches `distance`: Newton, K > 0, kept in a bracket."""
    low, high = panel.left, panel.right
    x = low + (high - low) / 2
    for _ in range(200):
        excess = float(panel.integral(panel.left, x)) - distance
        low, high = (low, x) if excess > 0 else (x, high)
        following = x - excess / float(panel(x))
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - x) <= 1e-16 * following or following in (low, high):
            return following
        x = following
    return x


def _invert(panel: Panel, elapsed: float) -> float:
    """X with ∫_left^x panel = elapsed, for a positive integrand: Newton in a bracket."""
    low, high = panel.left, panel.right
    x = low + elapsed / float(panel(low))
    for _ in range(100):
        x = x if low <= x <= high else (low + high) / 2
        excess = float(panel.integral(panel.left, x)) - elapsed
        low, high = (low, x) if excess > 0 else (x, high)
        following = x - excess / float(panel(x))
        if abs(following - x) <= 4e-16 * abs(following):
            break
        x = following
    return min(max(x, panel.left), panel.right)


class Elapsed:
    """t(x) and its inverse, for an equation that has an equilibrium.

    Args:
        panels: K, from x = 0 at least to the equilibrium.
        equilibrium: x*.
        rate: 2M.

    Attributes:
        equilibrium: x*.
        kernel_at_equilibrium: K(x*).
    """

    def __init__(self, panels: list[Panel], equilibrium: float, rate: float) -> None:
        self.equilibrium, self._rate, self._panels = equilibrium, rate, panels
        self._lefts = np.array([panel.left for panel in panels])
        last = panels[-1]
        self._length = min(last.width / 2, equilibrium)
        edge = equilibrium - self._length
        self._tail_integrals()
        self.kernel_at_equilibrium = float(self.kernel(equilibrium))
        self._edges = self._breakpoints(edge)
        self._times: list[Panel] = []
        elapsed = [0.0]
        unit = _unit_nodes(FINE_NODES)
        for left, right in zip(self._edges[:-1], self._edges[1:], strict=True):
            nodes = left + (right - left) * unit
            panel = Panel(left, right, _fit(1 / (rate * self.residual(nodes))))
            self._times.append(panel)
            elapsed.append(elapsed[-1] + float(panel.integral(left, right)))
        self._elapsed = np.array(elapsed)
        self._near = self._near_equilibrium(unit)

    def _tail_integrals(self) -> None:
        """∫ of K from each panel's left end to the equilibrium."""
        tails = [0.0]
        for panel in reversed(self._panels):
            right = min(panel.right, self.equilibrium)
            tails.append(tails[-1] + float(panel.integral(panel.left, right)))
        self._tails = np.array(tails[::-1])

    def _breakpoints(self, edge: float) -> list[float]:
        """Ends of panels on which 1/R is smooth: no longer than their distance to x*."""
        points = {0.0, edge, *(left for left in self._lefts if left < edge)}
        gap = self._length
        while self.equilibrium - 2 * gap > 0:
            gap *= 2
            points.add(self.equilibrium - gap)
        ordered = sorted(points)
        return [z for k, z in enumerate(ordered) if k == 0 or z > ordered[k - 1]]

    def _on_panels(self, x: ArrayLike, value: Callable[[int, Floats], Floats]) -> Floats:
        x = np.asarray(x, dtype=float)
        out = np.empty(x.shape)
        which = np.clip(np.searchsorted(self._lefts, x, side="right") - 1, 0, None)
        for index in np.unique(which):
            here = which == index
            out[here] = value(int(index), x[here])
        return out

    def kernel(self, x: ArrayLike) -> Floats:
        """K(x)."""
        return self._on_panels(x, lambda index, z: self._panels[index](z))

    def residual(self, x: ArrayLike) -> Floats:
        """R(x) = ∫_x^{x*} K."""

        def value(index: int, z: Floats) -> Floats:
            panel = self._panels[index]
            right = np.full(z.shape, min(panel.right, self.equilibrium))
            return panel.integral(z, right) + self._tails[index + 1]

        return self._on_panels(x, value)

    def gained(self, x: ArrayLike) -> Floats:
        """∫_0^x K, a sum of positive terms too."""
        steps = [self._tails[k] - self._tails[k + 1] for k in range(len(self._panels))]
        heads = np.concatenate([[0.0], np.cumsum(steps)])

        def value(index: int, z: Floats) -> Floats:
            panel = self._panels[index]
            return panel.integral(np.full(z.shape, panel.left), z) + heads[index]

        return self._on_panels(x, value)

    def slope_average(self, e: ArrayLike) -> Floats:
        """G(e) = R/e = ∫_0^1 K(x* − eθ) dθ, for e within the last stretch; no cancellation."""
        e = np.asarray(e, dtype=float)
        theta, weights = (GAUSS + 1) / 2, GAUSS_WEIGHTS / 2
        return np.asarray(self._stretch(self.equilibrium - e[..., None] * theta) @ weights)

    def _near_equilibrium(self, unit: Floats) -> Panel:
        """(1/G(e) − 1/K*)/e on [0, ℓ], the smooth part of the integrand."""
        nodes = self.equilibrium - self._length * unit[::-1]
        self._stretch = Panel(
            self.equilibrium - self._length, self.equilibrium, _fit(self.kernel(nodes[::1]))
        )
        e = self._length * unit
        self._inverse_kernel = 1 / float(self._stretch(self.equilibrium))
        smooth = (1 / self.slope_average(e) - self._inverse_kernel) / e
        return Panel(0.0, self._length, _fit(smooth))

    def time(self, x: ArrayLike) -> Floats:
        """t(x); infinite at the equilibrium."""
        x = np.asarray(x, dtype=float)
        flat = np.array([self._time_at(float(z)) for z in x.ravel()])
        return flat.reshape(x.shape)

    def _time_at(self, x: float) -> float:
        if x >= self._edges[-1]:
            e = self.equilibrium - x
            return self._late(e, math.log(self._length / e)) if e > 0 else math.inf
        k = int(np.searchsorted(self._edges, x, side="right")) - 1
        return float(self._elapsed[k] + self._times[k].integral(self._edges[k], x))

    def _late(self, e: float, log_ratio: float) -> float:
        smooth = float(self._near.integral(e, self._length))
        return float(self._elapsed[-1] + (self._inverse_kernel * log_ratio + smooth) / self._rate)

    def place(self, t: float) -> tuple[float, float]:
        """X and R at time t: the inverse of `time`.

        Returns:
            x, and R, which keeps its digits where x* − x has none.
        """
        if t >= self._elapsed[-1]:
            if math.isinf(t):
                return self.equilibrium, 0.0
            log_ratio = self._log_ratio(t)
            e = self._length * math.exp(-log_ratio)
            return self.equilibrium - e, e * float(self.slope_average(np.array(e)))
        k = int(np.searchsorted(self._elapsed, t, side="right")) - 1
        x = _invert(self._times[k], t - float(self._elapsed[k]))
        return x, float(self.residual(np.array([x]))[0])

    def log_distance(self, t: float) -> float:
        """Log((x* − x)/x*) at time t, of full accuracy at both ends."""
        if t >= self._elapsed[-1]:
            return math.log(self._length / self.equilibrium) - self._log_ratio(t)
        return math.log1p(-self.place(t)[0] / self.equilibrium)

    def _log_ratio(self, t: float) -> float:
        """λ with t = t(ℓ e^{−λ}): Newton from the tangent at e = 0; dt/dλ = 1/(2M G)."""
        value = (t - self._elapsed[-1]) * self._rate / self._inverse_kernel
        for _ in range(60):
            e = self._length * math.exp(-value)
            slope = 1 / (self._rate * float(self.slope_average(np.array(e))))
            following = max(value - (self._late(e, value) - t) / slope, 0.0)
            if abs(following - value) <= 1e-15 * max(1.0, following):
                return following
            value = following
        return value


class Endless:
    """t(x) and its inverse where the flow has no equilibrium at finite x: R falls to a limit ≥ 0.

    Panels of 1/(2M R), each twice as wide as the one before where R allows it, are made as far as a
    time asks for.

    Args:
        residual: R at a place and distances from it.
        rate: 2M.
        width: of the first panel that is tried.
    """

    def __init__(self, residual: Sampler, rate: float, width: float) -> None:
        self._sample_residual, self._rate, self._width = residual, rate, width
        self._panels: list[Panel] = []
        self._elapsed = [0.0]
        self._ended = False

    def _extend(self) -> None:
        x = self._panels[-1].right if self._panels else 0.0
        unit = _unit_nodes(FINE_NODES)
        while True:
            values = self._sample_residual(x, self._width * unit)
            with np.errstate(all="ignore"):
                speeds = 1 / (self._rate * values)
            if not np.all(np.isfinite(speeds)) or x > LONGEST:
                self._ended = True
                return
            panel = Panel(x, x + self._width, _fit(speeds))
            tail = float(np.abs(panel.coefficients[-2:]).max())
            if tail <= TAIL * FINE_NODES * float(speeds.min()) or self._width <= SHORTEST * x:
                break
            self._width /= 2
        self._panels.append(panel)
        self._elapsed.append(self._elapsed[-1] + float(panel.integral(panel.left, panel.right)))
        self._ended = bool(np.ptp(values) <= FADED * values.min())
        self._width *= 2

    def place(self, t: float) -> float:
        """X at time t."""
        if t == 0 or math.isinf(t):
            return t
        while self._elapsed[-1] < t and not self._ended:
            self._extend()
        if t >= self._elapsed[-1]:  # R has its limit: t goes on linearly
            last = self._panels[-1]
            return last.right + (t - self._elapsed[-1]) / float(last(last.right))
        k = int(np.searchsorted(self._elapsed, t, side="right")) - 1
        return _invert(self._panels[k], t - self._elapsed[k])
