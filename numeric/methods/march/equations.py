"""The raw equations of all weights, regime by regime: between bends of σ and of the loss, and along them.

Where the velocities on both sides of a bend point to it, the weights slide along it: gradient flow is
then −θ′ = the element of least length of the Clarke subdifferential, and the slope at the bend is
whatever keeps the preactivation, or the output, where it is (Filippov).
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from numeric.data.arrays import Bools, Floats, Integers
from numeric.data.training import TrainingProblem
from numeric.methods.march.corner import Corner
from numeric.methods.march.directions import Directions, spanned
from numeric.methods.march.pieces import Pieces, Regimes
from numeric.methods.trajectory import UNIT, length

TOGETHER = 1e-13  # of the terms of a sum, its distance from a bend within which it is met


class Regime(NamedTuple):
    """Where preactivations, shape (n, d), and outputs, shape (n,), are (see `pieces`)."""

    h: Regimes
    f: Regimes

    @property
    def slides(self) -> bool:
        """Whether anything is kept at a bend."""
        return bool(np.any(self.kept))

    @property
    def kept(self) -> Bools:
        """What is kept at a bend, preactivations first."""
        return np.concatenate([self.h.ravel() % 2 == 1, self.f % 2 == 1])


class State(NamedTuple):
    """What velocities are made of.

    Attributes:
        u, W: weights.
        H, sigma, bent: preactivations, σ and σ′ of them, shape (n, d).
        outputs, pulls: f and −∂L/∂f, shape (n,).
    """

    u: Floats
    W: Floats
    H: Floats
    sigma: Floats
    bent: Floats
    outputs: Floats
    pulls: Floats


class Equations:
    """dθ/dt = −η_θ ∂L/∂θ for θ = (u, W), W row by row.

    Args:
        problem: what is trained.
    """

    def __init__(self, problem: TrainingProblem) -> None:
        self.problem = problem
        self.gamma, self._eta_u, self._eta_w = problem.rates
        self.X, targets = problem.data.X, problem.data.targets
        self._shape, self._lengths = problem.W0.shape, np.linalg.norm(self.X, axis=1)
        self.weight = problem.points / len(targets)
        module, given, loss = (
            problem.network.module,
            problem.network.parameters(*UNIT),
            problem.loss,
        )
        n, d = len(targets), problem.u0.size
        bends = np.broadcast_to(
            np.array(sorted(module.BENDS), dtype=float), (n, d, len(module.BENDS))
        )
        self.sigma = Pieces(
            lambda h: module.activation(h, given), lambda h: module.velocity_h(1.0, h, given), bends
        )
        places = np.array(loss.BENDS, dtype=float)[None, :]
        with np.errstate(all="ignore"):
            at = places + targets[:, None] if loss.SHIFTS else places / targets[:, None]
        self.slope = Pieces(
            lambda f: loss.slope(f, targets),
            lambda f: loss.curvature(f, targets),
            np.sort(np.where(np.isnan(at), np.inf, at), axis=-1),
        )
        self.has_bends = bool(module.BENDS or loss.BENDS)

    @cached_property
    def directions(self) -> Directions:
        """Of the inputs."""
        return Directions.of(self.X)

    def __reduce__(self) -> tuple[type[Equations], tuple[TrainingProblem]]:
        """What it is made from."""
        return Equations, (self.problem,)

    def start(self, theta: Floats) -> Regime:
        """The regime of weights; those at a bend are before it."""
        u, W = self.split(theta)
        with np.errstate(all="ignore"):
            H = self.X @ W.T
            h = self.sigma.regimes(H)
            return Regime(h, self.slope.regimes(self.gamma * self.sigma.on(h, H)[0] @ u))

    def velocity(self, theta: Floats, regime: Regime) -> Floats:
        """dθ/dt."""
        with np.errstate(all="ignore"):
            return self._velocity(self.state(theta, regime))

    def rate(self, theta: Floats, regime: Regime) -> float:
        """Of the fastest change, by the size of the velocity and by the tangent kernel off bends."""
        moving = length(self.velocity(theta, regime)) / (length(theta) or 1.0)
        with np.errstate(all="ignore"):
            off = self.start(theta)
            gradients = self.gradients(self.state(theta, off), off)
            return max(moving, self.weight * float(np.linalg.norm(gradients, 2)) ** 2)

    def is_learned(self, theta: Floats, regime: Regime) -> bool:
        """Whether the loss at every input is least, as far as its output is known."""
        with np.errstate(all="ignore"):
            state = self.state(theta, regime)
            off = TOGETHER * (np.abs(self.gamma * state.sigma) @ np.abs(state.u))
            low, high = (self.slope.value(state.outputs + step) for step in (-off, off))
            return bool(np.all((low <= 0) & (high >= 0)))

    def has_finite_kernel(self, theta: Floats) -> bool:
        """Whether float64 holds the tangent kernel: no entry is larger than those on its diagonal."""
        with np.errstate(all="ignore"):
            regime = self.start(theta)
            gradients = self.gradients(self.state(theta, regime), regime)
            return bool(np.all(np.isfinite(np.sum(gradients**2, axis=1))))

    def room(self, theta: Floats, regime: Regime) -> Floats:
        """How far everything is from leaving its regime, in roundings: negative where it has left it."""
        with np.errstate(all="ignore"):
            state = self.state(theta, regime)
            typical = np.linalg.norm(theta) / np.sqrt(theta.size)
            lengths = self._lengths[:, None] * np.maximum(np.linalg.norm(state.W, axis=1), typical)
            by_h = self._room(self.sigma, regime.h, state.H, state.bent, lengths)
            by_h = np.minimum(by_h, self._hold(state, regime, TOGETHER * typical))
            slopes = -state.pulls / self.weight
            sizes = np.abs(self.gamma * state.sigma) @ np.abs(state.u)
            by_f = self._room(self.slope, regime.f, state.outputs, slopes, sizes)
        return np.concatenate([by_h.ravel(), by_f])

    def _room(
        self, pieces: Pieces, regimes: Regimes, z: Floats, slopes: Floats, sizes: Floats
    ) -> Floats:
        """Off bends, the distance to the next; at one, that of the slope to those on both sides."""
        ends = np.min(np.abs(pieces.ends(regimes)), axis=0)
        typical = sizes + np.where(np.isfinite(ends), ends, 0)
        room = 1 + pieces.room(regimes, z) / (TOGETHER * typical)
        slides = regimes % 2 == 1
        if np.any(slides):
            before, after = self.sides(pieces, regimes, z)
            least, most = np.minimum(before, after), np.maximum(before, after)
            within = np.minimum(slopes - least, most - slopes)
            room = np.where(slides, 1 + within / (TOGETHER * (most - least)), room)
        return np.where(np.isnan(room), np.inf, room)

    def _hold(self, state: State, regime: Regime, typical: float) -> Floats:
        """How far bends of σ are from repelling what slides there, as they do beyond u = 0."""
        slides = regime.h % 2 == 1
        if not np.any(slides):
            return np.full(slides.shape, np.inf)
        before, after = self.sides(self.sigma, regime.h, state.H)
        jumps = (state.pulls * self._lengths)[:, None] * np.where(slides, after - before, 0.0)
        attracts = -state.u * np.sum(jumps, axis=0) / np.sum(np.abs(jumps), axis=0)
        return np.where(slides & ~np.isnan(attracts), 1 + attracts / typical, np.inf)

    def sides(self, pieces: Pieces, regimes: Regimes, z: Floats) -> tuple[Floats, Floats]:
        """What jumps at a bend, before and after it: σ′ of preactivations, ℓ′ of outputs."""
        which = 1 if pieces is self.sigma else 0
        before, after = (pieces.on(regimes + step * (regimes % 2), z)[which] for step in (-1, 1))
        return before, after

    def split(self, theta: Floats) -> tuple[Floats, Floats]:
        """The weights u and W."""
        d = self._shape[0]
        return theta[:d], theta[d:].reshape(self._shape)

    def state(self, theta: Floats, regime: Regime) -> State:
        """With the slopes at bends that keep there what slides."""
        u, W = self.split(theta)
        H = self.X @ W.T
        sigma, bent = self.sigma.on(regime.h, H)
        outputs = self.gamma * sigma @ u
        pulls = -self.weight * self.slope.on(regime.f, outputs)[0]
        state = State(u, W, H, sigma, bent, outputs, pulls)
        if regime.slides:
            state = self._keep_preactivations(self._keep_outputs(state, regime), regime)
        return state

    def _velocity(self, state: State) -> Floats:
        pulls = self.gamma * state.pulls
        by_W = (pulls[:, None] * state.bent * state.u).T @ self.X
        return np.concatenate([self._eta_u * pulls @ state.sigma, self._eta_w * by_W.ravel()])

    def _keep_preactivations(self, state: State, regime: Regime) -> State:
        bent = state.bent.copy()
        before, after = self.sides(self.sigma, regime.h, state.H)
        for i in np.flatnonzero(np.any(regime.h % 2 == 1, axis=0)):
            kept = np.flatnonzero(regime.h[:, i] % 2 == 1)
            low, high = before[kept, i], after[kept, i]
            shares = self.corner(state, int(i), kept, low, high).slopes()
            bent[kept, i] = low + shares * (high - low)
        return state._replace(bent=bent)

    def corner(self, state: State, i: int, rows: Integers, before: Floats, after: Floats) -> Corner:
        """Neuron i at bends of the inputs in some rows, with σ′ before and after them."""
        pushes = self.gamma * state.u[i] * state.pulls
        others = pushes * state.bent[:, i]
        others[rows] = 0
        return Corner(
            self.directions.only(rows), pushes[rows] * before, pushes[rows] * after, others @ self.X
        )

    def _keep_outputs(self, state: State, regime: Regime) -> State:
        kept = regime.f % 2 == 1
        if not np.any(kept):
            return state
        gradients, pulls = self.gradients(state, regime), state.pulls.copy()
        rest = pulls[~kept] @ gradients[~kept]
        found, *_ = np.linalg.lstsq(gradients[kept].T, -rest, rcond=None)
        pulls[kept] = found
        return state._replace(pulls=pulls)

    def gradients(self, state: State, regime: Regime) -> Floats:
        """√η ∂f/∂θ, a row per input, whose products are the tangent kernel, along what is kept.

        A row of W that is kept at bends of some inputs moves across these alone, whatever their slopes.
        """
        by_u = np.sqrt(self._eta_u) * state.sigma
        by_W = np.sqrt(self._eta_w) * (state.bent * state.u)[:, :, None] * self.X[:, None, :]
        for i in np.flatnonzero(np.any(regime.h % 2 == 1, axis=0)):
            kept = regime.h[:, i] % 2 == 1
            basis = spanned(self.X[kept])
            by_W[:, i] -= by_W[:, i] @ basis.T @ basis
            by_W[kept, i] = 0
        return self.gamma * np.hstack([by_u, by_W.reshape(len(by_u), -1)])
