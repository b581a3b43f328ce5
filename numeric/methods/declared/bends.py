"""Where weights go on that meet a bend of a function: beyond it, or along it."""

from __future__ import annotations

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.declared.equations import Equations, Regime
from numeric.methods.march.descents import OpenError

STILL = 1e-9  # of the fastest of the speeds on both sides of a bend: below, nothing moves
HOLDS = 1e-9  # of the same, by which a bend has to attract what slides along it
AT_ONCE = 100.0  # roundings from a bend, within which it is met with others
SEVERAL = "from where it may go on in several ways"


class Bends:
    """From one regime of the equations to the next.

    Args:
        equations: whose.
    """

    def __init__(self, equations: Equations) -> None:
        self._equations = equations

    def start(self, theta: Floats) -> Regime:
        """The regime in which weights set out: those at a bend are before it, as in torch.

        Raises:
            OpenError: where they leave it in several ways.
        """
        regime = self._equations.start(theta)
        if not self._equations.has_bends:
            return regime
        with np.errstate(all="ignore"):
            heights = self._equations.heights(theta, self._equations.gates(theta, regime))
            for place in np.flatnonzero(heights == 0):
                regime = self._met(theta, regime, int(place))
        return regime

    def decide(self, theta: Floats, regime: Regime) -> tuple[Floats, Regime]:
        """Where weights go on that have met a bend, or leave one, and they themselves.

        What meets bends at once is decided on in the order of the graph: behind a function that closes
        nothing moves.

        Raises:
            OpenError: where that may be in several ways.
        """
        with np.errstate(all="ignore"):
            room = self._equations.room(theta, regime)
            for layer in self._equations.layers:
                met = [k for k in range(layer.start, layer.stop) if room[k] <= AT_ONCE]
                for place in met:
                    if regime.kept[place] and room[place] <= 1:
                        regime = self._left(theta, regime, place)
                regime = self._met_together(theta, regime, [k for k in met if not regime.kept[k]])
        return theta, regime

    def _met_together(self, theta: Floats, regime: Regime, places: list[int]) -> Regime:
        """Of arguments of one layer at their bends: all beyond them, if all go on there; else in turn."""
        if len(places) > 1:
            before = self._speeds(theta, regime)
            outwards = 1 - 2 * regime.gates
            moving = [k for k in places if outwards[k] * before[k] > STILL * np.abs(before).max()]
            other = regime
            for place in moving:
                other = _with(other, place, 1 - regime.gates[place], False)
            after = self._speeds(theta, other)
            still = STILL * max(np.abs(before).max(), np.abs(after).max())
            if moving and all(outwards[k] * after[k] >= -still for k in moving):
                return other
        for place in places:
            regime = self._met(theta, regime, place)
        return regime

    def _met(self, theta: Floats, regime: Regime, place: int) -> Regime:
        """Of an argument at its bend, on the side that its gate says."""
        own, other = regime, _with(regime, place, 1 - regime.gates[place], False)
        speeds = [self._speeds(theta, one) for one in (own, other)]
        before, after = (float(one[place]) for one in speeds)
        outwards = -1 if regime.gates[place] > 0.5 else 1
        still = STILL * float(np.abs(speeds).max())
        if outwards * before <= still:
            return own  # it turns back, or rests
        if outwards * after >= -still:
            return other
        return self._settled(theta, _with(regime, place, 0.5, True), place)

    def _settled(self, theta: Floats, regime: Regime, place: int) -> Regime:
        """Of what slides along a bend that it has met: what no longer does beside it leaves its own."""
        left: list[int] = []
        while True:
            shares = self._shares(theta, regime)
            off = np.where(regime.kept, np.maximum(-shares, shares - 1), -1.0)
            worst = int(off.argmax())
            if off[worst] <= HOLDS:
                break
            if worst == place:
                raise OpenError(SEVERAL)
            regime = _with(regime, worst, float(shares[worst] > 0.5), False)
            left.append(worst)
        speeds = self._speeds(theta, regime)
        still = STILL * np.abs(speeds).max()
        if any((2 * regime.gates[k] - 1) * speeds[k] < -still for k in left):
            raise OpenError(SEVERAL)
        self._require_attraction(theta, regime)
        return regime

    def _left(self, theta: Floats, regime: Regime, place: int) -> Regime:
        """Of an argument whose share has come to 0 or 1."""
        return _with(regime, place, float(self._shares(theta, regime)[place] > 0.5), False)

    def _shares(self, theta: Floats, regime: Regime) -> Floats:
        return np.concatenate([np.ravel(z) for z in self._equations.gates(theta, regime)])

    def _speeds(self, theta: Floats, regime: Regime) -> Floats:
        return self._equations.speeds(theta, self._equations.gates(theta, regime))

    def _require_attraction(self, theta: Floats, regime: Regime) -> None:
        """Refuse a way along bends that what is beside it does not come back to."""
        kept = np.flatnonzero(regime.kept)
        _, slopes = self._equations.sensitivity(theta, self._shares(theta, regime), kept)
        size = np.abs(slopes).max()
        if not np.all(np.linalg.eigvals(slopes).real < -HOLDS * size):
            raise OpenError(SEVERAL)


def _with(regime: Regime, place: int, gate: float, kept: bool) -> Regime:
    gates, slides = regime.gates.copy(), regime.kept.copy()
    gates[place], slides[place] = gate, kept
    return Regime(gates, slides)
