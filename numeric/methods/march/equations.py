"""The raw equations of all weights, regime by regime: between bends of σ and of the loss, and along them.

Where the velocities on both sides of a bend point to it, the weights slide along it: gradient flow is
then −θ′ = the element of least length of the Clarke subdifferential, and the slope at the bend is
whatever keeps the preactivation, or the output, where it is (Filippov).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import lsq_linear

from numeric.data.arrays import Bools, Floats
from numeric.data.training import TrainingProblem
from numeric.methods.march.pieces import Pieces, Regimes
from numeric.methods.trajectory import UNIT

TOGETHER = 1e-13  # of the terms of a sum, its distance from a bend within which it is met
ROUNDS = 100  # of slopes of σ and of the loss that are both sought
AGREED = 1e-14
JUMPS = 1e-9  # of the slopes on both sides of a bend: below, it is one of the curvature


class Regime(NamedTuple):
    """Where preactivations, shape (n, d), and outputs, shape (n,), are (see `pieces`)."""

    h: Regimes
    f: Regimes

    @property
    def slides(self) -> bool:
        """Whether anything is kept at a bend."""
        return bool(np.any(self.h % 2) or np.any(self.f % 2))


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
        self._gamma, self._eta_u, self._eta_w = problem.rates
        self._X, targets = problem.data.X, problem.data.targets
        self._shape, self._lengths = problem.W0.shape, np.linalg.norm(self._X, axis=1)
        self._weight = problem.points / len(targets)
        module, given, loss = (
            problem.network.module,
            problem.network.parameters(*UNIT),
            problem.loss,
        )
        n, d = len(targets), problem.u0.size
        bends = np.broadcast_to(
            np.array(sorted(module.BENDS), dtype=float), (n, d, len(module.BENDS))
        )
        self._sigma = Pieces(
            lambda h: module.activation(h, given), lambda h: module.velocity_h(1.0, h, given), bends
        )
        places = np.array(loss.BENDS, dtype=float)[None, :]
        with np.errstate(all="ignore"):
            at = places + targets[:, None] if loss.SHIFTS else places / targets[:, None]
        self._slope = Pieces(
            lambda f: loss.slope(f, targets),
            lambda f: loss.curvature(f, targets),
            np.sort(np.where(np.isnan(at), np.inf, at), axis=-1),
        )
        self.has_bends = bool(module.BENDS or loss.BENDS)

    def __reduce__(self) -> tuple[type[Equations], tuple[TrainingProblem]]:
        """What it is made from."""
        return Equations, (self.problem,)

    def start(self, theta: Floats) -> Regime:
        """The regime of weights; those at a bend are before it."""
        u, W = self._split(theta)
        with np.errstate(all="ignore"):
            H = self._X @ W.T
            h = self._sigma.regimes(H)
            return Regime(h, self._slope.regimes(self._gamma * self._sigma.on(h, H)[0] @ u))

    def velocity(self, theta: Floats, regime: Regime) -> Floats:
        """dθ/dt."""
        with np.errstate(all="ignore"):
            return self._velocity(self._state(theta, regime))

    def has_finite_kernel(self, theta: Floats) -> bool:
        """Whether float64 holds the tangent kernel: no entry is larger than those on its diagonal."""
        with np.errstate(all="ignore"):
            gradients = self._gradients(self._state(theta, self.start(theta)))
            return bool(np.all(np.isfinite(np.sum(gradients**2, axis=1))))

    def room(self, theta: Floats, regime: Regime) -> Floats:
        """How far everything is from leaving its regime, in roundings: negative where it has left it."""
        with np.errstate(all="ignore"):
            state = self._state(theta, regime)
            typical = np.linalg.norm(theta) / np.sqrt(theta.size)
            lengths = self._lengths[:, None] * np.maximum(np.linalg.norm(state.W, axis=1), typical)
            by_h = self._room(self._sigma, regime.h, state.H, state.bent, lengths)
            slopes = -state.pulls / self._weight
            sizes = np.abs(self._gamma * state.sigma) @ np.abs(state.u)
            by_f = self._room(self._slope, regime.f, state.outputs, slopes, sizes)
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
            before, after = self._sides(pieces, regimes, z)
            least, most = np.minimum(before, after), np.maximum(before, after)
            within = np.minimum(slopes - least, most - slopes)
            room = np.where(slides, 1 + within / (TOGETHER * (most - least)), room)
        return np.where(np.isnan(room), np.inf, room)

    def _sides(self, pieces: Pieces, regimes: Regimes, z: Floats) -> tuple[Floats, Floats]:
        """What jumps at a bend, before and after it: σ′ of preactivations, ℓ′ of outputs."""
        which = 1 if pieces is self._sigma else 0
        before, after = (pieces.on(regimes + step, z)[which] for step in (-1, 1))
        return before, after

    def _split(self, theta: Floats) -> tuple[Floats, Floats]:
        d = self._shape[0]
        return theta[:d], theta[d:].reshape(self._shape)

    def _state(self, theta: Floats, regime: Regime) -> State:
        u, W = self._split(theta)
        H = self._X @ W.T
        sigma, bent = self._sigma.on(regime.h, H)
        outputs = self._gamma * sigma @ u
        pulls = -self._weight * self._slope.on(regime.f, outputs)[0]
        state = State(u, W, H, sigma, bent, outputs, pulls)
        return self._sliding(state, regime) if regime.slides else state

    def _velocity(self, state: State) -> Floats:
        pulls = self._gamma * state.pulls
        by_W = (pulls[:, None] * state.bent * state.u).T @ self._X
        return np.concatenate([self._eta_u * pulls @ state.sigma, self._eta_w * by_W.ravel()])

    def _sliding(self, state: State, regime: Regime) -> State:
        """The slopes at bends that keep there what slides."""
        both = np.any(regime.h % 2) and np.any(regime.f % 2)
        for _ in range(ROUNDS if both else 1):
            before = state.pulls
            state = self._keep_outputs(self._keep_preactivations(state, regime), regime)
            if np.allclose(before, state.pulls, rtol=AGREED, atol=0):
                break
        return state

    def _keep_preactivations(self, state: State, regime: Regime) -> State:
        bent = state.bent.copy()
        for i in np.flatnonzero(np.any(regime.h % 2 == 1, axis=0)):
            kept = regime.h[:, i] % 2 == 1
            bound = self._X[kept]
            rest = (state.pulls[~kept] * bent[~kept, i]) @ self._X[~kept]
            found, *_ = np.linalg.lstsq(bound @ bound.T, -bound @ rest, rcond=None)
            pulls = state.pulls[kept]
            bent[kept, i] = np.where(pulls != 0, found / pulls, bent[kept, i])
        return state._replace(bent=bent)

    def _keep_outputs(self, state: State, regime: Regime) -> State:
        kept = regime.f % 2 == 1
        if not np.any(kept):
            return state
        gradients, pulls = self._gradients(state), state.pulls.copy()
        rest = pulls[~kept] @ gradients[~kept]
        found, *_ = np.linalg.lstsq(gradients[kept].T, -rest, rcond=None)
        pulls[kept] = found
        return state._replace(pulls=pulls)

    def _gradients(self, state: State) -> Floats:
        """√η ∂f/∂θ, a row per input, whose products are the tangent kernel."""
        by_u = np.sqrt(self._eta_u) * state.sigma
        by_W = np.sqrt(self._eta_w) * (state.bent * state.u)[:, :, None] * self._X[:, None, :]
        return self._gamma * np.hstack([by_u, by_W.reshape(len(by_u), -1)])

    def _hits(self, theta: Floats, regime: Regime) -> tuple[Bools, Bools]:
        """What leaves its regime: of preactivations, shape (n, d), and of outputs, shape (n,)."""
        room = self.room(theta, regime)
        hit = room <= max(2.0, room.min())
        return hit[: regime.h.size].reshape(regime.h.shape), hit[regime.h.size :]

    def is_open(self, theta: Floats, regime: Regime) -> bool:
        """Whether a neuron meets bends of inputs in several directions at once.

        So does one whose row of W is 0: which way it goes on is not said by the velocities there, and
        need not be unique.
        """
        hits = self._hits(theta, regime)[0] & (regime.h % 2 == 0)
        several = np.flatnonzero(np.count_nonzero(hits, axis=0) > 1)
        return any(np.linalg.matrix_rank(self._X[hits[:, i]]) > 1 for i in several)

    def decide(self, theta: Floats, regime: Regime) -> tuple[Floats, Regime]:
        """Where weights go on that have met a bend, or leave one: beyond it, back, or along it.

        Bends that are met together are decided one after the other (see `is_open`).
        """
        with np.errstate(all="ignore"):
            state = self._state(theta, regime)
            by_h, by_f = self._hits(theta, regime)
            by_h |= regime.h % 2 == 1
            f = self._decide_outputs(state, regime, by_f)
            state = self._state(theta, Regime(regime.h, f))
            W, h = state.W.copy(), regime.h.copy()
            for i in np.flatnonzero(np.any(by_h, axis=0)):
                W[i], h[:, i] = self._decide_neuron(state, regime.h[:, i], by_h[:, i], int(i))
        return np.concatenate([state.u, W.ravel()]), Regime(h, f)

    def _decide_neuron(
        self, state: State, regimes: Regimes, hit: Bools, i: int
    ) -> tuple[Floats, Regimes]:
        """One neuron at its bends: its row of W, moved onto them, and its regimes."""
        one = Pieces(self._sigma.value, self._sigma.slope, self._sigma.bends[:, i])
        at = np.flatnonzero(hit | (regimes % 2 == 1))
        met = regimes.copy()
        met[at] = one.met(regimes, state.H[:, i])[at]
        before, after = self._sides_of(one, met, state.H[:, i], at)
        push = self._gamma * state.u[i] * state.pulls
        attracts = push[at] * (after - before) < 0
        bent, found = state.bent[:, i].copy(), regimes.copy()
        for k, n in enumerate(at):  # what does not attract goes to the side that it moves to
            if not attracts[k]:
                bent[n] = before[k]
                speed = self._X[n] @ ((push * bent) @ self._X)
                found[n] = met[n] + (1 if speed > 0 else -1)
                bent[n] = after[k] if speed > 0 else before[k]
        which = at[attracts]
        if which.size:
            low, high = before[attracts], after[attracts]
            share = self._shares(push, bent, which, low, high)
            found[which] = np.where(
                share <= 0, met[which] - 1, np.where(share >= 1, met[which] + 1, met[which])
            )
        row = state.W[i].copy()
        slides = found % 2 == 1
        if np.any(slides):
            bends = one.ends(found)[0][slides]
            row += np.linalg.lstsq(self._X[slides], bends - self._X[slides] @ row, rcond=None)[0]
        return row, found

    def _shares(
        self, push: Floats, bent: Floats, which: Regimes, low: Floats, high: Floats
    ) -> Floats:
        """How far slopes are from low to high where the velocity is shortest; ≤ 0 and ≥ 1 at the ends."""
        others = push * bent
        others[which] = push[which] * low
        found = lsq_linear(
            (self._X[which] * (push[which] * (high - low))[:, None]).T,
            -(others @ self._X), bounds=(0.0, 1.0), method="bvls",
        )  # fmt: skip
        return np.where(found.active_mask == 0, found.x, np.where(found.active_mask < 0, 0.0, 1.0))

    def _sides_of(self, one: Pieces, met: Regimes, z: Floats, at: Regimes) -> tuple[Floats, Floats]:
        before, after = (one.on(met + step * (met % 2), z)[1][at] for step in (-1, 1))
        return before, after

    def _decide_outputs(self, state: State, regime: Regime, hit: Bools) -> Regimes:
        """The outputs at bends of the loss; where its slope does not jump they go on beyond."""
        at = np.flatnonzero(hit | (regime.f % 2 == 1))
        found = regime.f.copy()
        if not np.any(hit):
            return found
        met = self._slope.met(regime.f, state.outputs)
        before, after = (
            -self._weight * self._slope.on(met + step * (met % 2), state.outputs)[0][at]
            for step in (-1, 1)
        )
        gradients = self._gradients(state)
        jumps = np.abs(after - before) > JUMPS * (np.abs(after) + np.abs(before))
        speed = gradients @ (state.pulls @ gradients)
        found[at] = met[at] + np.where(speed[at] > 0, 1, -1)
        which = at[jumps]
        if which.size:
            others = state.pulls.copy()
            others[which] = before[jumps]
            share = lsq_linear(
                (gradients[which] * (after - before)[jumps][:, None]).T,
                -(others @ gradients), bounds=(0.0, 1.0), method="bvls",
            )  # fmt: skip
            mask = share.active_mask
            found[which] = met[which] + np.where(mask == 0, 0, np.where(mask < 0, -1, 1))
        return found
