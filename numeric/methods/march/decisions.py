"""Where weights go on that meet bends of σ or of the loss: beyond them, back, or along them."""

from __future__ import annotations

import numpy as np

from numeric.data.arrays import Bools, Floats, Integers
from numeric.methods.march.corner import Corner
from numeric.methods.march.descents import followed, set_out
from numeric.methods.march.directions import OUTSIDE, shortest, spanned
from numeric.methods.march.equations import Equations, Regime, State
from numeric.methods.march.pieces import Pieces, Regimes

JUMPS = 1e-9  # of the slopes on both sides of a bend: below, it is one of the curvature
AT_ONCE = 2.0  # roundings from a bend, within which it is met with others
SPANNED = 100.0  # the same, of inputs in the span of those that are met


class Decisions:
    """From one regime of the equations to the next.

    Args:
        equations: whose.
    """

    def __init__(self, equations: Equations) -> None:
        self._equations = equations

    def start(self, theta: Floats) -> Regime:
        """The regime in which weights set out: those at a bend are before it, as in torch.

        Where they leave it, it is as descent does in the limit of small steps.

        Raises:
            OpenError: where that is not known.
        """
        given = self._equations.start(theta)
        h = given.h.copy()
        with np.errstate(all="ignore"):
            state = self._equations.state(theta, given)
            at = self._equations.sigma.room(given.h, state.H) == 0
            for i in np.flatnonzero(np.any(at, axis=0)):
                h[:, i] = self._set_out(state, given.h[:, i], at[:, i], int(i))
        return Regime(h, given.f)

    def decide(self, theta: Floats, regime: Regime) -> tuple[Floats, Regime]:
        """Where weights go on that have met a bend, or leave one, and they themselves, moved onto it.

        Raises:
            OpenError: where that may be in several ways.
        """
        with np.errstate(all="ignore"):
            room = self._equations.room(theta, regime)
            by_h, by_f = room[: regime.h.size].reshape(regime.h.shape), room[regime.h.size :]
            near = max(AT_ONCE, room.min())
            state = self._equations.state(theta, regime)
            f = self._outputs(state, regime, by_f <= near)
            state = self._equations.state(theta, Regime(regime.h, f))
            W, h = state.W.copy(), regime.h.copy()
            for i in np.flatnonzero(np.any((by_h <= near) | (regime.h % 2 == 1), axis=0)):
                hit = self._hit(regime.h[:, i], by_h[:, i], near)
                W[i], h[:, i] = self._follow(state, regime.h[:, i], hit, int(i))
        return np.concatenate([state.u, W.ravel()]), Regime(h, f)

    def _hit(self, regimes: Regimes, room: Floats, near: float) -> Bools:
        """The inputs whose bends a neuron is at, with all that lie in the span of others."""
        X, lengths = self._equations.X, self._equations.directions.lengths
        hit = ((room <= near) | (regimes % 2 == 1)) & (lengths != 0)
        basis = spanned(X[hit])
        outside = np.linalg.norm(X - X @ basis.T @ basis, axis=1) > OUTSIDE * np.abs(lengths)
        return hit | ((room <= SPANNED) & ~outside)

    def _set_out(self, state: State, regimes: Regimes, at: Bools, i: int) -> Regimes:
        """Of one neuron that starts at bends of some inputs."""
        rows = np.flatnonzero(at & (self._equations.directions.lengths != 0))
        found = regimes.copy()
        if rows.size:
            met = regimes.copy()
            met[rows] += 1
            found[rows] = met[rows] + set_out(self._corner(state, i, rows, met))
        return found

    def _follow(self, state: State, regimes: Regimes, hit: Bools, i: int) -> tuple[Floats, Regimes]:
        """Of one neuron at bends: its row of W, moved onto those it slides along, and its regimes."""
        column, rows, row = self._column(i), np.flatnonzero(hit), state.W[i].copy()
        met, found = regimes.copy(), regimes.copy()
        met[rows] = column.met(regimes, state.H[:, i])[rows]
        corner = self._corner(state, i, rows, met)
        found[rows] = met[rows] + followed(corner, (regimes - met)[rows])
        slides = found % 2 == 1
        if np.any(slides):
            X, bends = self._equations.X[slides], column.ends(found)[0][slides]
            row += np.linalg.lstsq(X, bends - X @ row, rcond=None)[0]
        return row, found

    def _column(self, i: int) -> Pieces:
        sigma = self._equations.sigma
        return Pieces(sigma.value, sigma.slope, sigma.bends[:, i])

    def _corner(self, state: State, i: int, rows: Integers, met: Regimes) -> Corner:
        column, z = self._column(i), state.H[:, i]
        before, after = (column.on(met + step * (met % 2), z)[1][rows] for step in (-1, 1))
        return self._equations.corner(state, i, rows, before, after)

    def _outputs(self, state: State, regime: Regime, hit: Bools) -> Regimes:
        """The outputs at bends of the loss; where its slope does not jump they go on beyond."""
        found = regime.f.copy()
        if not np.any(hit):
            return found
        slope, weight = self._equations.slope, self._equations.weight
        at = np.flatnonzero(hit | (regime.f % 2 == 1))
        met = slope.met(regime.f, state.outputs)
        before, after = (
            -weight * slope.on(met + step * (met % 2), state.outputs)[0][at] for step in (-1, 1)
        )
        gradients = self._equations.gradients(state, regime)
        jumps = np.abs(after - before) > JUMPS * (np.abs(after) + np.abs(before))
        speed = gradients @ (state.pulls @ gradients)
        found[at] = met[at] + np.where(speed[at] > 0, 1, -1)
        which = at[jumps]
        if which.size:
            others = state.pulls.copy()
            others[which] = before[jumps]
            parts = gradients[which] * (after - before)[jumps][:, None]
            found[which] = met[which] + shortest(others @ gradients, parts)[1]
        return found
