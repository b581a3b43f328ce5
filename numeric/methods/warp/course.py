"""The way to the equilibrium: the tangent kernel K as panels until f = y, in warped time.

The residual R = |y − f| falls with slope −K in x = |s|, so the equilibrium x* is where ∫K reaches the
distance |y − f(0)|. At the start of a panel where y − f does not cancel R is taken from there, so that
roundings do not add up.

A panel has units of its own (`units`): its x and its K are of ordinary size, however small the
weights are there; and a coordinate z of its own (`approach`), which leads towards a pole. R is
as given. How small K is says nothing: a network that starts close to a saddle has next to no kernel for
a long while, and then learns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from numeric.errors import InputError, InternalCheckError
from numeric.methods.warp.approach import Approach
from numeric.methods.warp.panels import Function, Panel, unit_nodes
from numeric.methods.warp.stack import Stack
from numeric.methods.warp.units import Units, scale

Floats = NDArray[np.float64]

NODES = 24
LONGEST = 1e300  # of x, where it is given up
UNDERFLOW = 1e-290  # of K: below, it may have no digits
NOTHING = 1e-20  # of R, what K that underflows may add
DULL = 1000  # panels that are kept though they are not sharp
COARSER = 16  # by which the narrowest panel is wider after one that was not sharp
MANY = 1600  # panels
FIRST = 1.25  # of the distance to the equilibrium where K stays as it is, the first panel
WIDER = 2  # the next panel that is tried, of the last
ROUNDED = 1e-15
CANCELLED = 16  # terms of y − f larger than it by this factor: their roundings would be felt


class Noise(NamedTuple):
    """Errors of K in float64.

    Attributes:
        relative: by the rounding of weights.
        least: of K, that has digits; below, something has underflown.
    """

    relative: float
    least: float


class Path(Protocol):
    """The way through warped time, taken panel by panel, as `neurons` goes it."""

    escapes: bool  # whether there is a pole ahead: then panels become shorter without end
    is_wide: bool  # whether evaluating it takes long, and not the calls alone
    finest: float  # a panel shorter than this, of those before it, is kept as it is

    @property
    def units(self) -> Units:
        """Of distances ahead and of K, on the present panel."""
        ...

    @property
    def approach(self) -> Approach:
        """The coordinate z in which distances ahead are counted."""
        ...

    @property
    def noise(self) -> Noise:
        """Errors of K here."""
        ...

    def reach(self, width: float) -> float:
        """The widest panel from here, at most `width`, on which all is smooth."""
        ...

    def kernel(self, ahead: Floats) -> Floats:
        """K = |df/dz| at increasing distances ahead."""
        ...

    def output(self, ahead: Floats) -> Floats:
        """The output at increasing distances ahead, as given."""
        ...

    def advance(self, width: float) -> None:
        """Go on; `ahead` is counted from there."""
        ...

    def output_here(self) -> float:
        """The output here, as given."""
        ...

    def spread(self) -> float:
        """Sum of the sizes of the terms of the output here, as given."""
        ...


class Paver:
    """Panels one after another, each as wide as a positive function of the path allows.

    Args:
        path: is advanced by `panel`'s caller.
        function: of increasing distances ahead.
        width: of the first panel that is tried.
        nodes: of a panel.
        conditioning: by how much errors of K, which are those of the output, are felt by the
            function; asked at the start of each panel.
        limit: the widest panel from here, at most as wide as the one it is given.
    """

    def __init__(
        self,
        path: Path,
        function: Function,
        width: float,
        nodes: int,
        conditioning: Callable[[], float] = lambda: 0.0,
        limit: Callable[[float], float] = lambda width: width,
    ) -> None:
        self._path, self._function, self._unit = path, function, unit_nodes(nodes)
        self._conditioning, self._limit = conditioning, limit
        self._width = self._scale = path.reach(width)
        self._finest, self._x, self._dull = path.finest, path.units.x, 0

    def panel(self, enough: float = 0.0) -> Panel:
        """The next panel.

        One that is not sharp is shorter than the function is taken to have any structure, or its
        values are not finite and positive; or they underflow, and their integral is nothing of `enough`.
        """
        shift, self._x = self._x - self._path.units.x, self._path.units.x
        width, self._scale = scale(self._width, shift), scale(self._scale, shift)
        noise = self._path.noise
        rounding = noise.relative * (1 + 2 * self._conditioning())
        while True:
            width = self._limit(self._path.reach(width))
            panel = self._sampled(width, rounding)
            nothing = _vanishes(panel.values, width, enough, noise.least)
            sharp = nothing or panel.is_sharp(rounding)
            if sharp or width <= self._finest * self._scale:
                break
            width /= 2
        # Where the function is noisy such panels shall not become many.
        self._dull += not sharp
        if self._dull > DULL:
            raise InternalCheckError("the tangent kernel could not be resolved along the way")
        self._finest *= 1 if sharp else COARSER
        # Towards a pole panels become shorter without end.
        self._width = WIDER * width
        self._scale = width if self._path.escapes else max(width, self._scale)
        return panel

    def _sampled(self, width: float, rounding: float) -> Panel:
        """The function on a panel; of many neurons, which are smooth together, at a third of the nodes.

        These are nodes of the others: where they do not do, nothing is lost.
        """
        if not self._path.is_wide:
            return Panel(width, self._function(width * self._unit))
        values, few = np.empty(self._unit.size), np.zeros(self._unit.size, bool)
        few[1::3] = True
        panel = Panel(width, self._function(width * self._unit[few]))
        if panel.is_sharp(rounding):
            return panel
        values[few], values[~few] = panel.values, self._function(width * self._unit[~few])
        return Panel(width, values)


def _vanishes(values: Floats, width: float, enough: float, least: float) -> bool:
    largest = float(np.abs(values).max())
    return largest <= least and largest * width <= NOTHING * enough


class Course(NamedTuple):
    """K from the start to the equilibrium.

    Attributes:
        panels: K.
        units: of each panel.
        approaches: the coordinate of each panel.
        residuals: |y − f| at the start of each panel.
        end: offset of the equilibrium on the last panel.
        kernel_at_end: K there, of better accuracy than the panel's.
    """

    panels: list[Panel]
    units: list[Units]
    approaches: list[Approach]
    residuals: list[float]
    end: float
    kernel_at_end: float


def find_course(path: Path, target: float, distance: float) -> Course | None:
    """K as panels from x = 0 until ∫K reaches `distance`.

    Args:
        path: at its start; it is asked panel by panel.
        target: y.
        distance: |y − f(0)|, which the integral of K has to reach.

    Returns:
        The course, or None where the distance is not reached.
    """
    start = float(path.kernel(np.zeros(1))[0])
    panels: list[Panel] = []
    units: list[Units] = []
    approaches: list[Approach] = []
    residuals = [distance]
    x, first = 0.0, FIRST * scale(distance, -path.units.f) / (start or UNDERFLOW)
    paver = Paver(path, path.kernel, first, NODES)
    while path.escapes or x < LONGEST:
        if len(panels) == MANY:
            expected = "weights and a target of sizes that are nearer to one another"
            raise InputError("the start", f"more than {MANY} panels on the way", expected)
        left = scale(residuals[-1], -path.units.f)
        panel = paver.panel(left)
        step = panel.total
        if not step > 0 and not _vanishes(panel.values, panel.width, left, path.noise.least):
            return None
        panels.append(panel)
        units.append(path.units)
        approaches.append(path.approach)
        gained = scale(step, path.units.f)
        if gained >= residuals[-1] * (1 - ROUNDED):
            end = float(Stack.of([panel]).crossing(np.zeros(1, int), np.array([left]))[0])
            kernel = _kernel_at(path, panel, end)
            return Course(panels, units, approaches, residuals, end, kernel)
        x += scale(panel.width, path.units.x)
        path.advance(panel.width)
        residual = _residual(path, target, residuals[-1] - gained)
        if residual <= ROUNDED * residuals[-1]:  # a bend is the equilibrium itself
            return Course(panels, units, approaches, residuals, panel.width, panel.end)
        residuals.append(residual)
    return None


def _kernel_at(path: Path, panel: Panel, end: float) -> float:
    """K at the end: itself, or the panel's where a bend begins another branch there."""
    direct, fitted = float(path.kernel(np.array([end]))[0]), float(panel(end))
    return direct if abs(direct - fitted) <= 1e-6 * fitted else fitted


def _residual(path: Path, target: float, summed: float) -> float:
    """|y − f| here: itself, or as summed along the path where it cancels."""
    direct = abs(target - path.output_here())
    return direct if path.spread() + abs(target) <= CANCELLED * direct else summed
