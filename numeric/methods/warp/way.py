"""The way to the equilibrium: warped time, gained output and what is left, at any place of a course.

K on the panels of a course is given (`course`); its integrals from both ends of a panel are polynomials
too. Both are sums of positive terms: what was gained, from the start on, and what is left, from the
equilibrium backward, keep their relative accuracy however small they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.methods.warp.course import Course
from numeric.methods.warp.panels import Panel, unit_nodes
from numeric.methods.warp.stack import Stack

Floats = NDArray[np.float64]
Which = int | NDArray[np.intp]


class Way:
    """Everything by the place: number of a panel, and offset from its start or distance to its end.

    Arguments broadcast.

    Args:
        course: K, from the start to the equilibrium.

    Attributes:
        ends: length of each panel, of the last up to the equilibrium.
        x_units, f_units: exponents of two in which distances on a panel, and outputs, are counted.
        starts: x at the start of each panel, and at the equilibrium.
        kernels: K.
        distance: R at the start.
        equilibrium: x*.
        last: number of the last panel.
    """

    def __init__(self, course: Course) -> None:
        self.ends = np.array([*(panel.width for panel in course.panels[:-1]), course.end])
        self.last = len(self.ends) - 1
        self.x_units, self.f_units = (
            np.array([getattr(units, name) for units in course.units]) for name in ("x", "f")
        )
        self._poles = np.array([approach.pole for approach in course.approaches])
        self._approach = course.approaches[-1]
        self.kernels = Stack.of([*course.panels[:-1], _up_to(course.panels[-1], course.end)])
        self._means_ahead = self.kernels.means
        self._behind = self.kernels.reversed()
        self._means_behind = self._behind.means
        every = np.arange(len(self.ends))
        whole = np.ldexp(self._distance(every, self.ends), self.x_units)
        self.starts = np.concatenate([[0.0], np.cumsum(whole)])
        self.equilibrium = float(self.starts[-1])
        steps = np.ldexp(self.kernels.totals, self.f_units)
        self._heads = np.concatenate([[0.0], np.cumsum(steps)])
        self._tails = np.array([*course.residuals, 0.0])
        self.distance = float(course.residuals[0])

    def _distance(self, panel: Which, offset: ArrayLike) -> Floats:
        """Of the start of a panel in x, in its units."""
        pole, z = self._poles[panel], np.asarray(offset, dtype=float)
        finite = np.where(np.isinf(pole), 1.0, pole)
        return np.where(np.isinf(pole), z, -finite * np.expm1(-z / finite))

    def slope(self, panel: Which, behind: ArrayLike) -> Floats:
        """dx/dz at a distance to the end of a panel."""
        return np.asarray(np.exp(-(self.ends[panel] - behind) / self._poles[panel]))

    def x(self, panel: Which, offset: ArrayLike) -> Floats:
        """|s|."""
        gone = np.ldexp(self._distance(panel, offset), self.x_units[panel])
        return np.asarray(self.starts[panel] + gone)

    def gained(self, panel: Which, offset: ArrayLike) -> Floats:
        """|f − f(0)| = ∫_0^x K."""
        within = np.asarray(offset, dtype=float) * self._means_ahead(panel, offset)
        return np.asarray(self._heads[panel] + np.ldexp(within, self.f_units[panel]))

    def residual(self, panel: Which, behind: ArrayLike) -> Floats:
        """R = |y − f|, the integral of K to the equilibrium, from a distance to the end of a panel."""
        index, distance = np.asarray(panel), np.asarray(behind, dtype=float)
        within = np.ldexp(distance * self._means_behind(index, distance), self.f_units[index])
        return np.asarray(within + self._tails[index + 1])

    def place_of(self, residuals: Floats) -> tuple[NDArray[np.intp], Floats]:
        """Panels, and distances to their ends, at which R is so large."""
        panel = np.searchsorted(-self._tails[1:-1], -residuals, side="right")
        left = np.maximum(residuals - self._tails[panel + 1], 0.0)
        return panel, self._behind.crossing(panel, np.ldexp(left, -self.f_units[panel]))

    def average(self, e: ArrayLike) -> Floats:
        """The mean of K over the last e before the equilibrium; no cancellation."""
        return self._means_behind(self.last, e)

    @property
    def last_kernel(self) -> float:
        """K at the equilibrium, of the panel."""
        return float(self.kernels(self.last, self.ends[-1]))

    def left(self, e: float) -> float:
        """x* − x at e before the equilibrium, in units of the last panel, over e."""
        if e == 0:
            return float(self.slope(self.last, 0.0))
        return self._approach.behind(float(self.ends[-1]), e) / e


def _up_to(panel: Panel, end: float) -> Panel:
    """The first part of a panel."""
    return Panel(end, panel(end * unit_nodes(len(panel.values))))
