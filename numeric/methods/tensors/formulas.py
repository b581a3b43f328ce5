"""The linear network under a square in operations of a tensor library: sums over weights, then formulas.

Derivatives of any order, `vmap`, `compile` and `jit` are the library's own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numeric.generated import linear
from numeric.methods.tensors.line import TensorPoint


class Given(NamedTuple):
    """What the flow is a function of, beside the time: weights, the effective point and rates.

    The point may be left out, where the data are not learned.
    """

    u0: Any
    W0: Any
    point: TensorPoint | None
    gamma: Any
    eta_u: Any
    eta_w: Any


class Formulas:
    """Everything the trajectory needs of the weights, O(d d0), once; and what follows at a state.

    Args:
        given: tensors.
        module: generated evaluators.
        unit: by which time and loss are multiplied, as against the mean square.
        xp: namespace of the library.
    """

    def __init__(self, given: Given, module: Any, unit: float, xp: Any) -> None:
        self.module, self.unit, self.xp = module, unit, xp
        assert given.point is not None
        e, rho, y, self.floor = given.point
        u, d = given.u0, float(given.u0.shape[0])
        omega = given.W0 @ e
        self.neurons = (
            u,
            omega,
            module.growing(u, omega, given.eta_u, given.eta_w, xp),
            module.falling(u, omega, given.eta_u, given.eta_w, xp),
        )
        u_2, omega_2, overlap, p_2, q_2 = (
            a @ b
            for a, b in ((u, u), (omega, omega), (u, omega), *((z, z) for z in self.neurons[2:]))
        )
        # The Gram determinant as |u|² times the squared rejection: nothing cancels.
        rejected = omega - overlap / xp.where(u_2 > 0, u_2, 1) * u
        gram = u_2 * (rejected @ rejected) if d > 1 else 0 * u_2
        self.across = given.W0 - omega[:, None] * e
        self._sums = {
            "norm_u_0_2": u_2, "norm_omega_0_2": omega_2, "overlap_0": overlap, "gram": gram,
            "balance": module.balance(given.eta_u, given.eta_w, u_2, omega_2),
            "perp_2": xp.sum(self.across**2) if given.W0.shape[1] > 1 else 0 * u_2, "floor": self.floor,
        }  # fmt: skip
        f_0 = module.initial_output(given.gamma, rho, overlap)
        self.constants = module.constants(
            given.gamma, given.eta_u, given.eta_w, rho, y, d, p_2 / d, q_2 / d, f_0, f_0 - y, xp
        )

    def at(self, moments: Any) -> linear.State:
        """Where the network is at times."""
        found: linear.State = self.module.at(self.unit * moments, self.constants, self.xp)
        return found

    @property
    def end(self) -> linear.State:
        """Where it is at t = ∞."""
        found: linear.State = self.module.limit(self.constants, self.xp)
        return found

    def observe(self, name: str, state: linear.State) -> Any:
        """An observable of the generated module, or an entry of the state, at a state."""
        if name in ("alpha", "output"):
            return state.alpha if name == "alpha" else state.f
        given = (self._sums[z] for z in self.module.OBSERVABLES[name])
        found = getattr(self.module, name)(*given, state, self.constants, self.xp)
        return self.unit * found if name == "loss" else found

    def time_to_loss(self, loss: Any) -> Any:
        """When the loss has fallen to a goal; see `TensorExplicitFlow.time_to_loss`."""
        xp, zero = self.xp, 0 * self.constants.R
        start = self.observe("loss", self.at(zero))
        end = self.observe("loss", self.end)
        inside = (loss < start) & (loss > end)
        # Beyond its domain the formula is evaluated where it has a value, and a derivative.
        safe = xp.where(inside, loss, start / 2 + end / 2)
        goal = safe / self.unit
        time = self.module.time_to_loss(goal, self.floor, self.constants, xp) / self.unit
        beyond = xp.where(loss > start, xp.nan, xp.where(loss == start, 0.0, xp.inf))
        return xp.where(inside, time, xp.where(loss == loss, beyond, xp.nan))
