"""Gradient flow of any network, loss and data: the raw equations for all weights, integrated by LSODA.

Nothing is solved: this is what is left where the data are on no line, and the equations say no more
than they do. How far off the answer is, is measured: the same way is gone once more with tolerances a
hundred times as large, and `error` is how far apart the two are.
"""

from __future__ import annotations

import contextlib
import math
from functools import cached_property
from time import monotonic

import numpy as np
from numpy.typing import ArrayLike

from numeric.data.arrays import Floats, float64
from numeric.data.training import TrainingProblem
from numeric.errors import InputError
from numeric.methods.ending import AT_REST, REACHED, STATIONARY, UNFINISHED
from numeric.methods.march.equations import Equations
from numeric.methods.march.integration import Integration
from numeric.methods.march.rest import followed
from numeric.methods.trajectory import UNIT, Trajectory, length
from numeric.pickling import Lock

RELATIVE = 1e-11  # tolerance of the integrator, of each weight or of the typical one
COARSER = 100  # times that, of the second run
LEFT = 1e-6  # of the pull of each target at the start, where they are reached
NO_LINE = "data on one line, or equal inputs"


class MarchedFlow(Trajectory):
    """Gradient flow dθ/dt = −η_θ ∂L/∂θ, the weights integrated as they are.

    At t = ∞ it is where the weights come to rest; where steps lead no further, where they have led.

    Accuracy: as `error` says, measured; about 1e-10 of the typical weight for a while of ordinary
    training. Costs grow with the time asked for. Where weights meet a bend of σ or of the loss they cross
    it, turn, or slide along it: the flow is the limit of descent of small steps (Filippov), and a step of
    the integrator ends there. A neuron that starts at a bend of σ starts before it, as in torch.
    Where one meets bends of inputs in several directions at once, as a row of W does that is 0, it goes
    the one way that leads away from there, or the one that all descents of small steps go. Where these
    part, by where their last step fell, later times are refused: as they do where a neuron slides along
    a bend while u passes 0, which repels from then on.

    Args:
        problem: what is trained; any network, loss and data.

    Raises:
        InputError: for velocities or a tangent kernel beyond float64 at the start, and for a time that
            takes more steps than are allowed, or that lies beyond a place from which the flow may go on
            in several ways.
    """

    method = "march"

    def __init__(self, problem: TrainingProblem) -> None:
        self.problem, self.network = problem, problem.network
        self.u0, self.W0 = problem.u0, problem.W0
        self._X, self._targets = problem.data.X, problem.data.targets
        self._weight = problem.points / len(self._targets)
        self._given = self.network.parameters(*UNIT)
        self._equations = Equations(problem)
        self._lock = Lock()
        start = np.concatenate([self.u0, self.W0.ravel()])
        self._require_motion(start)
        typical = length(start) / math.sqrt(start.size)
        self._runs = [
            Integration(self._equations, start, RELATIVE * factor, RELATIVE * factor * typical)
            for factor in (1, COARSER)
        ]

    def _require_motion(self, start: Floats) -> None:
        """Refuse what float64 does not hold: velocities that overflow, or underflow to none."""
        moved = self._velocity(start)
        if not np.all(np.isfinite(moved)):
            found = "velocities beyond float64"
        elif not self._equations.has_finite_kernel(start):
            found = "a tangent kernel beyond float64"
        elif not np.any(moved) and self._has_underflown(start):
            found = "velocities below float64"
        else:
            return
        raise InputError("the start", found, "weights whose velocities float64 can hold")

    def _has_underflown(self, theta: Floats) -> bool:
        """Whether a neuron only seems to rest: σ and its slope do not vanish by sign alone."""
        u, H = self._preactivations(theta)
        module, given = self.network.module, self._given
        by_u, by_h = (np.broadcast_to(z, H.shape) for z in (
            module.activation(H, given), module.velocity_h(u, H, given)))  # fmt: skip
        alive = np.broadcast_to(module.activation(np.sign(H), given), H.shape) != 0
        pulled = (self._slopes(self.problem.rates[0] * by_u @ u) != 0)[:, None]
        lost = ((by_u == 0) & (H != 0)) | ((by_h == 0) & (H != 0) & (u != 0))
        return bool(self.problem.rates[0] and np.any(pulled & alive & lost))

    @property
    def target(self) -> float:
        """Not defined: inputs have targets of their own."""
        raise InputError("target", "data on no line", NO_LINE)

    @classmethod
    def lacks(cls, problem: TrainingProblem) -> str | None:
        """What a problem lacks for this method: nothing."""
        return None

    def _preactivations(self, theta: Floats) -> tuple[Floats, Floats]:
        """u, and H with a row per input."""
        d = self.u0.size
        return theta[:d], self._X @ theta[d:].reshape(self.W0.shape).T

    def _velocity(self, theta: Floats) -> Floats:
        return self._equations.velocity(theta, self._equations.start(theta))

    def _slopes(self, outputs: Floats) -> Floats:
        found = self.problem.loss.slope(outputs, self._targets)
        return np.asarray(np.broadcast_to(found, outputs.shape), dtype=float)

    def _weights(self, t: float, run: int = 0) -> Floats:
        """All weights at one time, u first; at t = ∞ where they have come to rest."""
        with self._lock, np.errstate(all="ignore"):
            if not self._moves:
                return self._runs[run].at(0.0)
            return self._runs[run].at(self._rest[0] if math.isinf(t) else t)

    def comes(self, t: float, seconds: float) -> bool:
        """Whether the state at a time is there, or can be within about so many seconds."""
        until = monotonic() + seconds
        with self._lock, np.errstate(all="ignore"):
            if math.isfinite(t) and self._moves:
                return self._runs[0].can_reach(t, until)
            if self._moves and "_rest" not in vars(self) and seconds > 0:
                with contextlib.suppress(TimeoutError):
                    self._rest = self._followed(until)
            return "_rest" in vars(self) or not self._moves

    @cached_property
    def _moves(self) -> bool:
        return bool(np.any(self._velocity(self._runs[0].at(0.0))))

    @cached_property
    def _rest(self) -> tuple[float, bool]:
        """When the weights have come to rest, and whether they have: else the latest time reached."""
        with self._lock, np.errstate(all="ignore"):
            return self._followed()

    def _followed(self, until: float = math.inf) -> tuple[float, bool]:
        """Follow the weights from one time to its double until they move no more, three times in a row.

        Raises:
            TimeoutError: where the clock (`time.monotonic`) comes to `until` before.
        """
        return followed(self._runs[0], self._rate, until)

    @cached_property
    def _rate(self) -> float:
        """Of the fastest change at the start, by the size of the velocity and by the tangent kernel."""
        theta = np.concatenate([self.u0, self.W0.ravel()])
        return self._equations.rate(theta, self._equations.start(theta))

    def doubts(self) -> list[str]:
        """That nothing was solved."""
        return [f"the raw equations are integrated, without a formula: {self.why}"]

    @property
    def observables(self) -> tuple[str, ...]:
        """Those that need no line; output, residual and kernel are those of all inputs."""
        on_a_line = ("overlap", "alignment", "norm_omega")
        return tuple(name for name in self.SCALARS if name not in on_a_line)

    @property
    def limit_kind(self) -> str:
        """Where the flow ends, as far as it was followed."""
        return self._ending

    @cached_property
    def _ending(self) -> str:
        if not self._moves:
            return REACHED if not np.any(self._slopes(self.output(0.0))) else AT_REST
        if not self._rest[1]:
            return UNFINISHED
        pulls = [np.abs(self._slopes(self.output(t))).max() for t in (0.0, math.inf)]
        return REACHED if pulls[1] <= LEFT * pulls[0] else STATIONARY

    def error(self, t: ArrayLike) -> Floats:
        """How far the weights may be off: the largest difference to a run of coarser tolerance."""
        return self._each(
            t, lambda time: float(np.abs(self._weights(time) - self._weights(time, 1)).max())
        )

    def u(self, t: ArrayLike) -> Floats:
        """Second layer, shape t.shape + (d,)."""
        return self._each(t, lambda time: self._weights(time)[: self.u0.size], (self.u0.size,))

    def W(self, t: ArrayLike) -> Floats:
        """First layer, shape t.shape + (d, d0)."""

        def rows(time: float) -> Floats:
            return self._weights(time)[self.u0.size :].reshape(self.W0.shape)

        return self._each(t, rows, self.W0.shape)

    def output(self, t: ArrayLike) -> Floats:
        """Output at every input, shape t.shape + (n,)."""
        return self.predict(self._X, t)

    def residual(self, t: ArrayLike) -> Floats:
        """f(x) − y at every input, shape t.shape + (n,)."""
        return float64(self.output(t) - self._targets)

    def loss(self, t: ArrayLike) -> Floats:
        """The loss over the data by its reduction."""
        with np.errstate(all="ignore"):
            terms = self.problem.loss.loss(self.output(t), self._targets)
            return float64(self._weight * np.sum(terms, axis=-1))

    def kernel(self, t: ArrayLike) -> Floats:
        """Tangent kernel between all inputs, shape t.shape + (n, n)."""
        n = len(self._X)
        return self._each(t, lambda time: self._kernel_matrix(time, self._X), (n, n))

    def kernel_change(self, t: ArrayLike) -> Floats:
        """‖K(t) − K(0)‖/‖K(0)‖ of the kernel between all inputs."""
        start = self._kernel_matrix(0.0, self._X)

        def change(time: float) -> float:
            with np.errstate(all="ignore"):
                return float(
                    length(self._kernel_matrix(time, self._X) - start) / np.float64(length(start))
                )

        return self._each(t, change)

    def overlap(self, t: ArrayLike) -> Floats:
        """Not defined: the data are on no line."""
        raise InputError("overlap", "data on no line", NO_LINE)

    def alignment(self, t: ArrayLike) -> Floats:
        """Not defined: the data are on no line."""
        raise InputError("alignment", "data on no line", NO_LINE)

    def norm_omega(self, t: ArrayLike) -> Floats:
        """Not defined: the data are on no line."""
        raise InputError("norm_omega", "data on no line", NO_LINE)

    def population_loss(
        self, t: ArrayLike, second_moment: float, cross_moment: float, target_moment: float
    ) -> Floats:
        """Not defined: the data are on no line."""
        raise InputError("population_loss", "data on no line", NO_LINE)

    @property
    def t_c(self) -> float:
        """Time scale, of the fastest change at the start: 4 over twice its rate."""
        return 2 / self._rate if self._rate > 0 else math.inf
