"""From cotangents of what a flow answers to cotangents of all that it was given.

The neurons' equations, the elapsed time and the equilibrium are differentiated implicitly, along the way
that was found. At fixed warped time the output changes by φ, a sum over neurons (`neurons`), and the
speed r = |ds/dt| by −ℒ″ φ and by what the data change of ℒ′. At fixed t, with x = |s|,

    δx = r (∫ δr/r² dx + δt),

a row of numbers on δr at the nodes of the pieces; near an equilibrium `ending` has the rows. Everything
is linear in the changes, and here it is gone through backward.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.data.effective_loss import EffectiveLoss
from numeric.methods.warp.adjoint import ending, neurons, slow_end
from numeric.methods.warp.adjoint.gradients import Cotangents, Gradients
from numeric.methods.warp.adjoint.losses import DataLoss, Outputs
from numeric.methods.warp.adjoint.moments import Moments
from numeric.methods.warp.adjoint.pieces import of_flow
from numeric.methods.warp.adjoint.places import Located, locate
from numeric.methods.warp.adjoint.polynomials import AT_ONE, NODES, WHOLE, integrals, values
from numeric.methods.warp.adjoint.tables import Tables
from numeric.methods.warp.floats import WarpedFlow
from numeric.methods.warp.pace import Ending

Floats = NDArray[np.float64]


class AtTimes(NamedTuple):
    """The flow at times, and cotangents of it, which are added to.

    Attributes:
        located: the places.
        output, speed: f and |ds/dt|.
        left: cotangents of f − f*, or of f where no f* is.
        x, t: cotangents of |s| and of the times.
        minimum: that of f*, an array without dimension.
    """

    located: Located
    output: Floats
    speed: Floats
    left: Floats
    x: Floats
    t: Floats
    minimum: Floats


class OnPieces(NamedTuple):
    """Cotangents at the nodes of the pieces, (pieces, NODES): of φ and of the speed.

    Attributes:
        phi, speed: these.
        jumps: cotangents of the outputs at jumps.
    """

    phi: Floats
    speed: Floats
    jumps: Floats


def changes_of(flow: WarpedFlow, t: Floats) -> tuple[Floats, Floats]:
    """U − u(0) and h − h(0) at times in a row, (times, neurons); early on they do not cancel."""
    return flow._change(t)


class Adjoint:
    """What derivatives of a flow up to a time need, made once.

    Args:
        flow: solved, that moves (`rest` has those that do not).
        scales, targets: of the data, as the loss over them has it.
        latest: the last time that is asked for.
    """

    def __init__(self, flow: WarpedFlow, scales: Floats, targets: Floats, latest: float) -> None:
        self._flow, self._sign = flow, flow._sign
        weights = np.full(len(targets), 1 / len(targets))
        given = EffectiveLoss(flow.problem.loss, scales, targets, weights)
        self._loss = DataLoss(given, flow.problem.points, flow._ahead if flow._bounded else None)
        gamma, eta_u, eta_w, rho_2 = flow._rates
        rho = math.sqrt(rho_2)
        self._chi = rho * math.sqrt(eta_w / eta_u)
        self._kappa = gamma * rho * math.sqrt(eta_u) * math.sqrt(eta_w)
        self._Gamma = gamma * math.sqrt(eta_u / eta_w) / rho
        self._U = self._chi * flow._start.u
        self._begun = neurons.field(flow.network, self._U, flow._start.h)
        # The slope of such a loss is one of the distance from its minimum, whatever the data are.
        of_distance = len(targets) == 1 and flow.problem.loss.SHIFTS
        elapsed = flow._elapsed
        self._is_slow = bool(
            of_distance and elapsed is not None and elapsed.pace.ending is Ending.SLOW
        )
        self._way = of_flow(flow, self._chi, self._kappa, latest, self._is_slow)
        self._on = Tables(flow, self._loss, self._way, self._Gamma, gamma**2 * eta_u)

    def pull(self, moments: Moments, given: Cotangents) -> Gradients:
        """Cotangents of what was given, from those of answers at times in a row."""
        at, logs = self._at_times(moments), np.zeros(3)  # of κ, Γ, χ
        data = self._answers(given, at)
        along, across, rest = self._weights(moments.t, given, at, logs)
        nodes = self._times(at)
        if self._flow._bounded:
            data += self._loss.minimum_by_data(self._flow.point.target, float(at.minimum))
        data += self._data_on_the_way(nodes)
        by_neuron = self._nodes(nodes, logs)
        starts = neurons.Starts(along + by_neuron.along, across + by_neuron.across)
        by_U, by_h = neurons.pulled_to_start(self._begun, self._U, starts)
        by_U, by_h = by_U + rest[0], by_h + rest[1]
        logs[2] += float(by_U @ self._U)
        return self._gathered(self._chi * by_U, by_h, data, logs, at.t)

    def _at_times(self, moments: Moments) -> AtTimes:
        flow, t, left = self._flow, moments.t, moments.left
        located = locate(flow, self._way, t, moments.places)
        if flow._elapsed is not None:
            pace, runs = flow._elapsed.pace, left > 0
            speed = np.where(runs, pace.rate * left * pace.factor(np.where(runs, left, 1.0)), 0.0)
        else:
            speed = np.abs(self._loss.slope(moments.output))
        left, x, by_t = (np.zeros(t.size) for _ in range(3))
        return AtTimes(located, moments.output, speed, left, x, by_t, np.zeros(()))

    def _answers(self, given: Cotangents, at: AtTimes) -> Floats:
        """From answers to f, and to the data where they are felt directly: of scales and targets."""
        data, slope = np.zeros((2, len(self._loss.loss.targets))), -self._sign * at.speed
        # At a bend for good: of whatever side, if it is the same for the output and for the data.
        slope = np.where(at.located.has_arrived, self._loss.slope(at.output), slope)
        by_output = given.output.copy()
        # Of one point under a loss of f − y, loss and slope say the same of y and of f.
        if not (self._flow._bounded and data.shape[1] == 1 and self._loss.loss.module.SHIFTS):
            data += self._loss.value_by_data(Outputs(at.output), given.loss)
            by_output += given.loss * slope
            at.left[:] = by_output
        else:
            at.left[:] = by_output + given.loss * slope
        if self._flow._bounded:
            at.left[:] += given.residual
            at.minimum[...] += by_output.sum()
        return data

    def _weights(
        self, t: Floats, given: Cotangents, at: AtTimes, logs: Floats
    ) -> tuple[Floats, Floats, tuple[Floats, Floats]]:
        """From weights at times to c(0) and w of neurons, the place, and the start of what rests."""
        none = np.zeros_like(self._U)
        if given.u is None or given.h is None:
            return none, none, (none, none)
        u, h = self._flow.neurons(t)
        U, by_U = self._chi * u, given.u / self._chi
        here = neurons.field(self._flow.network, U, h)
        moved = neurons.pulled(here, U, by_U, given.h)
        shear = np.empty_like(U)
        for k in np.unique(at.located.piece):
            some = at.located.piece == k
            shear[some] = values(at.located.unit[some]) @ self._way.made[k].shear
        tau = self._kappa * np.asarray(self._flow.warped_time(t))
        still = self._begun.square == 0
        along = np.where(still, 0.0, moved.along)
        across = np.where(still, 0.0, moved.across + moved.along * shear)
        at.x[:] += self._kappa * self._sign * along.sum(axis=1)
        logs[0] += float(tau @ along.sum(axis=1))
        logs[2] -= float(np.sum(u * given.u))
        pulled = neurons.pulled_at_rest(
            self._flow.network, self._U, self._begun, tau, by_U, given.h
        )
        held = ~still & (self._begun.slope == 0)  # σ′ has underflown: h stays
        by_h = np.where(still, pulled[1], np.where(held, given.h.sum(axis=0), 0.0))
        return along.sum(axis=0), across.sum(axis=0), (np.where(still, pulled[0], 0.0), by_h)

    def _times(self, at: AtTimes) -> OnPieces:
        """From what is felt at times to the nodes of the pieces."""
        phi, felt = (np.zeros((len(self._way.pieces), NODES)) for _ in range(2))
        located, before = at.located, np.zeros(len(self._way.pieces) + 1)
        ordinary = ~located.is_last & ~located.has_arrived
        widths = np.array([piece.width for piece in self._way.pieces])
        for k in np.unique(located.piece[ordinary]):
            some = np.flatnonzero(ordinary & (located.piece == k))
            rows = values(located.unit[some])
            by_x = at.x[some] + self._sign * at.left[some] * (rows @ self._on.kernel[k])
            phi[k] += (self._sign * at.left[some]) @ rows
            if self._flow._bounded:
                at.minimum[...] -= at.left[some].sum()
            at.t[some] += at.speed[some] * by_x
            by_time = at.speed[some] * by_x
            felt[k] += widths[k] * (by_time @ integrals(located.unit[some]))
            before[k] += by_time.sum()
        last = np.zeros(NODES)
        if located.is_last.any():
            stretch = self._slow_stretch if self._is_slow else self._last_stretch
            last = stretch(at, phi[-1], before)
        if located.has_arrived.any():
            self._arrived(at, phi[-1])
        later = before.sum() - np.cumsum(before)[:-1]
        felt += (widths * later)[:, None] * WHOLE
        if self._way.pieces[-1].is_last:
            felt[-1] = 0.0
        with np.errstate(all="ignore"):
            speed = felt * self._on.stretch / self._on.speed**2
        speed[-1] = np.where(felt[-1] == 0, 0.0, speed[-1]) + last
        # A bend at another place is passed at another time, of which all later times feel the slack.
        by_outputs = np.zeros(len(self._on.jumps))
        for k, jump in enumerate(self._on.jumps):
            by_outputs[k] = -jump.slack * later[jump.piece] / jump.kernel
            phi[jump.piece] -= by_outputs[k] * AT_ONE
        return OnPieces(phi, speed, self._sign * by_outputs)

    def _last_stretch(self, at: AtTimes, phi: Floats, before: Floats) -> Floats:
        """Of the speed on the last stretch; the other arguments are added to."""
        some, stretch = np.flatnonzero(at.located.is_last), self._on.stretch[-1]
        rows = ending.rows(
            self._on.speed[-1] / stretch,
            self._on.kernel[-1] * stretch,
            self._way.pieces[-1].width,
            at.located.log_ratio[some],
        )
        by_place = at.x[some] * (values(at.located.unit[some]) @ stretch)
        by_left = -self._sign * at.left[some]
        phi += by_left @ rows.left_output
        by_before = by_place * rows.place_before + by_left * rows.left_before
        at.t[some] -= by_before
        before[-1] -= by_before.sum()
        return np.asarray((by_place @ rows.place + by_left @ rows.left_speed) / stretch)

    def _slow_stretch(self, at: AtTimes, phi: Floats, before: Floats) -> Floats:
        """The same where the end is slow: of the speed nothing, it changes as the distance does."""
        some, width = np.flatnonzero(at.located.is_last), self._way.pieces[-1].width
        kernel = self._on.kernel[-1]
        rows = slow_end.rows(
            self._on.speed_before_the_end, kernel, width, at.located.log_ratio[some]
        )
        by_bracket = at.x[some] + self._sign * at.left[some] * rows.kernel
        at.t[some] += by_bracket * rows.speed
        before[-1] += float(by_bracket @ rows.speed)
        by_left = (by_bracket @ rows.bracket + at.x[some] @ rows.place) / kernel
        phi -= by_left
        at.minimum[...] += self._sign * by_left.sum()
        return np.zeros(NODES)

    def _arrived(self, at: AtTimes, phi: Floats) -> None:
        """Where the flow is at its minimum for good: x moves as f* does, and as the neurons do."""
        end = AT_ONE
        by_output = at.x[at.located.has_arrived].sum() / (end @ self._on.kernel[-1])
        phi -= by_output * end
        at.minimum[...] += self._sign * by_output

    def _data_on_the_way(self, nodes: OnPieces) -> Floats:
        """Of scales and targets, by what they are to ℒ′ at nodes."""
        cotangents = -self._sign * nodes.speed.ravel()
        found = np.stack(self._loss.slope_by_data(self._on.outputs, cotangents))
        for jump, cotangent in zip(self._on.jumps, nodes.jumps, strict=True):
            found += self._loss.bend_by_data(jump.output, float(cotangent))
        return found

    def _nodes(self, nodes: OnPieces, logs: Floats) -> neurons.Starts:
        """From nodes to the neurons: φ = Γ Σ |v|² (c(0) + w I) + f δ log Γ + K s δ log κ."""
        curvature = self._loss.curvature(self._on.outputs).reshape(self._on.output.shape)
        phi = self._sign * (nodes.phi - curvature * nodes.speed)
        logs[0] += float(np.sum(phi * self._on.kernel * self._sign * self._on.x))
        logs[1] += float(np.sum(phi * self._on.output))
        along, across = np.zeros_like(self._U), np.zeros_like(self._U)
        for weights, made in zip(self._Gamma * phi, self._way.made, strict=True):
            along += weights @ made.square
            across += np.einsum("n,nk,nk->k", weights, made.square, made.shear)
        return neurons.Starts(along, across)

    def _gathered(self, u0: Floats, h0: Floats, data: Floats, logs: Floats, t: Floats) -> Gradients:
        kappa, Gamma, chi = (float(z) for z in logs)
        gamma, eta_u, eta_w, rho_2 = self._flow._rates
        return Gradients(
            u0,
            h0,
            (kappa - Gamma + chi) / 2 / rho_2,
            data[0],
            data[1],
            (kappa + Gamma) / gamma,
            (kappa + Gamma - chi) / 2 / eta_u,
            (kappa - Gamma + chi) / 2 / eta_w,
            t,
        )
