"""The way to the equilibrium: the tangent kernel K as panels until f = y, in warped time.

The residual R = |y − f| falls with slope −K in x = |s|, so the equilibrium x* is where ∫K reaches the
distance |y − f(0)|. At the start of a panel where y − f does not cancel R is taken from there, so that
roundings do not add up.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from numeric.panels import Function, Panel, unit_nodes

Floats = NDArray[np.float64]

NODES = 16
FINEST = 1e-13  # a panel shorter than this, of those before it, is kept as it is
FADED = 1e-17  # what K would add, of the distance, on as long a way again when it is given up
LONGEST = 1e140
ROUNDED = 1e-15
CANCELLED = 16  # terms of y − f larger than it by this factor: their roundings would be felt


class Path(Protocol):
    """The way through warped time, taken panel by panel, as `numeric.neurons` goes it."""

    escapes: bool  # whether there is a pole ahead: then the kernel cannot fade for good

    def reach(self, width: float) -> float:
        """The widest panel from here, at most `width`, on which all is smooth."""
        ...

    def kernel(self, ahead: Floats) -> Floats:
        """K at increasing distances ahead."""
        ...

    def output(self, ahead: Floats) -> Floats:
        """The output at increasing distances ahead."""
        ...

    def advance(self, width: float) -> None:
        """Go on; `ahead` is counted from there."""
        ...

    def spread(self) -> float:
        """Sum of the sizes of the terms of the output here."""
        ...


class Paver:
    """Panels one after another, each as wide as a positive function of the path allows.

    Args:
        path: is advanced by `panel`'s caller.
        function: of increasing distances ahead.
        width: of the first panel that is tried.
        nodes: of a panel.
    """

    def __init__(self, path: Path, function: Function, width: float, nodes: int) -> None:
        self._path, self._function, self._unit = path, function, unit_nodes(nodes)
        self._width = self._scale = path.reach(width)
        self._finest = FINEST

    def panel(self) -> tuple[Panel, Floats]:
        """The next panel, and the values it was made from.

        One that is not sharp is shorter than the function is taken to have any structure, or its
        values are not finite and positive.
        """
        width = self._width
        while True:
            width = self._path.reach(width)
            values = self._function(width * self._unit)
            panel = Panel.of(values, width)
            sharp = panel.is_sharp(values)
            if sharp or width <= self._finest * self._scale:
                break
            width /= 2
        # Where the function is noisy such panels shall not become many.
        self._finest *= 1 if sharp else 2
        # Towards a pole panels become shorter without end.
        self._width, self._scale = (
            2 * width,
            width if self._path.escapes else max(width, self._scale),
        )
        return panel, values


class Course(NamedTuple):
    """K from the start to the equilibrium.

    Attributes:
        panels: K.
        residuals: |y − f| at the start of each panel.
        end: offset of the equilibrium on the last panel.
        kernel_at_end: K there, of better accuracy than the panel's.
    """

    panels: list[Panel]
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
        The course, or None where K fades before the distance is reached.
    """
    start = float(path.kernel(np.zeros(1))[0])
    if not start > 0:
        return None
    panels: list[Panel] = []
    residuals = [distance]
    x, paver = 0.0, Paver(path, path.kernel, distance / start / 8, NODES)
    while x < LONGEST:
        panel, _ = paver.panel()
        step = float(panel.integral(0.0, panel.width))
        if not step > 0:
            return None
        panels.append(panel)
        if step >= residuals[-1] * (1 - ROUNDED):
            end = panel.crossing(residuals[-1])
            return Course(panels, residuals, end, _kernel_at(path, panel, end))
        x += panel.width
        if not path.escapes and x * float(panel(panel.width)) <= FADED * distance:
            return None
        path.advance(panel.width)
        residual = _residual(path, target, residuals[-1] - step)
        if residual <= ROUNDED * residuals[-1]:  # a bend is the equilibrium itself
            return Course(panels, residuals, panel.width, float(panel(panel.width)))
        residuals.append(residual)
    return None


def _kernel_at(path: Path, panel: Panel, end: float) -> float:
    """K at the end: itself, or the panel's where a bend begins another branch there."""
    direct, fitted = float(path.kernel(np.array([end]))[0]), float(panel(end))
    return direct if abs(direct - fitted) <= 1e-6 * fitted else fitted


def _residual(path: Path, target: float, summed: float) -> float:
    """|y − f| here: itself, or as summed along the path where it cancels."""
    direct = abs(target - float(path.output(np.zeros(1))[0]))
    return direct if path.spread() + abs(target) <= CANCELLED * direct else summed
