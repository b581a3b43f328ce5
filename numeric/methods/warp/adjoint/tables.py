"""What is at the nodes of a way, as tables over its pieces, and where the slope of the loss jumps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.methods.warp.adjoint.losses import DataLoss, Outputs
from numeric.methods.warp.adjoint.pieces import Way
from numeric.methods.warp.adjoint.polynomials import AT_ONE, AT_ZERO
from numeric.methods.warp.floats import WarpedFlow

Floats = NDArray[np.float64]
JUMPS = 1e-9  # of the speed, from which on it is no rounding


class Jump(NamedTuple):
    """Where the slope of a loss jumps on the way.

    Attributes:
        piece: that ends there.
        output: f.
        slack: by how much dt/dx is greater before than after.
        kernel: K.
    """

    piece: int
    output: float
    slack: float
    kernel: float


class Tables:
    """At the nodes, arrays of shape (pieces, NODES).

    Args:
        flow: that moves.
        loss: over its data.
        way: its pieces.
        scale: f = scale · Σ U σ.
        kernel_scale: K = that · Σ |v|².

    Attributes:
        x, stretch: |s|, and dx/dz.
        output, speed: f and |ds/dt|.
        kernel: K.
        jumps: of the slope of the loss.
    """

    def __init__(
        self, flow: WarpedFlow, loss: DataLoss, way: Way, scale: float, kernel_scale: float
    ) -> None:
        made = way.made
        self._flow, self._panel = flow, way.pieces[-1].panel
        self.x, self.stretch = (
            np.stack([getattr(z, name) for z in made]) for name in ("x", "stretch")
        )
        self.kernel = kernel_scale * np.stack([z.square.sum(axis=-1) for z in made])
        self._left = np.stack([z.left for z in made])
        if flow._elapsed is not None:
            self.output = np.asarray(flow.point.target - flow._sign * self._left)
            self.speed = self._by_distance(self._left)
        else:
            self.output = scale * np.stack([z.output for z in made])
            self.speed = np.abs(loss.slope(self.output.ravel())).reshape(self.output.shape)
        self.jumps = list(self._jumps_on_the_way()) if loss.jumps else []

    @property
    def outputs(self) -> Outputs:
        """Those at all nodes in a row."""
        left = None if self._flow._elapsed is None else self._left.ravel()
        return Outputs(self.output.ravel(), left)

    def speed_before_the_end(self, distances: Floats) -> Floats:
        """|ds/dt| at distances to the equilibrium, in the coordinate of the last panel."""
        elapsed = self._flow._elapsed
        assert elapsed is not None
        panels = np.full(distances.size, self._panel)
        return self._by_distance(elapsed.way.residual(panels, distances))

    def _by_distance(self, left: Floats) -> Floats:
        """|ds/dt| by |f* − f|."""
        elapsed = self._flow._elapsed
        assert elapsed is not None
        return np.asarray(elapsed.pace.rate * left * elapsed.pace.factor(left))

    def _jumps_on_the_way(self) -> Iterator[Jump]:
        """Pieces end where a loss bends."""
        before, after = self.speed[:-1] @ AT_ONE, self.speed[1:] @ AT_ZERO
        apart = np.abs(before - after) > JUMPS * np.maximum(before, after)
        for piece in np.flatnonzero(apart):
            slack = 1 / float(before[piece]) - 1 / float(after[piece])
            output, kernel = (float(z[piece] @ AT_ONE) for z in (self.output, self.kernel))
            yield Jump(int(piece), output, slack, kernel)
