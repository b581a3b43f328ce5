"""Curves of the linear network on the host: values and cotangents of all they depend on, in numpy.

A curve depends on the weights by four sums, so that its gradient is linear in them: two updates of rank
one. The sums, the curve and its derivative are machine code; where that does not vouch for an answer,
there is none here, and the library's own operations compute it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from numeric.data.arrays import Floats
from numeric.data.training import TrainingProblem
from numeric.methods.explicit.floats import ExplicitFlow, unit_exponent

Needed = Collection[str]  # names of `Cotangents`
LARGEST = 1e200  # cotangents of sums: those of plain weights follow without overflow


class Cotangents(NamedTuple):
    """Of what a curve is made of: weights, the effective point, rates and times.

    Attributes:
        u0, W0: of the weights; ω = W e is felt by both W and e. None where they are not asked for.
        direction, strength, target, floor: of the effective point; the direction's as those.
        gamma, eta_u, eta_w: of output scale and rates.
        t: of the times in a row.
    """

    u0: Floats | None
    W0: Floats | None
    direction: Floats | None
    strength: float
    target: float
    floor: float
    gamma: float
    eta_u: float
    eta_w: float
    t: Floats


class Curves:
    """Curves of one flow.

    Args:
        problem: what is trained.
    """

    def __init__(self, problem: TrainingProblem) -> None:
        self._flow = ExplicitFlow(problem)

    @property
    def are_served(self) -> bool:
        """Whether the start is plain, and machine code is there."""
        return self._flow.machine is not None

    def values(self, name: str, t: Floats) -> Floats | None:
        """An observable of the generated module at times in a row; None where it is not vouched for."""
        machine = self._flow.machine
        if machine is None:
            return None
        found, lost = machine.curve(name, t, unit_exponent(name, machine.units))
        return None if lost else self._factor(name) * found

    def pull(self, name: str, t: Floats, cotangents: Floats, needed: Needed) -> Cotangents | None:
        """From cotangents of `values` to those of what is needed; None where they leave float64."""
        machine = self._flow.machine
        assert machine is not None
        scaled = self._factor(name) * cotangents
        of, by_t = machine.pull(name, t, unit_exponent(name, machine.units), scaled)
        if not (all(abs(z) < LARGEST for z in of.values()) and np.all(np.isfinite(by_t))):
            return None
        point = of["rho"], of["y"], of["floor"]
        rates = of["gamma"], of["eta_u"], of["eta_w"]
        return Cotangents(*self._layers(of, needed), *point, *rates, by_t)

    def _layers(
        self, of: Mapping[str, float], needed: Needed
    ) -> tuple[Floats | None, Floats | None, Floats | None]:
        """Of u, W and the direction: linear in u, ω = W e and W."""
        u, W, e = self._flow.u0, self._flow.W0, self._direction()
        omega, overlap = (W @ e if W.shape[1] > 1 else W[:, 0] * e[0]), of["overlap_0"]
        by_u = by_W = by_e = None
        if "u0" in needed:
            by_u = 2 * of["norm_u_0_2"] * u + overlap * omega
        if "W0" in needed or "direction" in needed:
            by_omega = 2 * of["norm_omega_0_2"] * omega + overlap * u
            by_W = by_omega[:, None] * e
            by_e = W.T @ by_omega if "direction" in needed else None
            if of["norm_W_0_2"]:
                by_W += 2 * of["norm_W_0_2"] * W
        return by_u, by_W, by_e

    def _direction(self) -> Floats:
        X = self._flow.problem.data.X
        return np.sign(X[0]) if X.size == 1 else self._flow.point.direction

    def _factor(self, name: str) -> float:
        """Of a loss, beside the mean square."""
        return self._flow.pace if name == "loss" else 1.0
