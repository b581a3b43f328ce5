"""Derivatives of a flow that does not move: what a change of the problem makes of it is linear in time.

A start where the loss is least: a change δ of f − f* falls like exp(−ℒ″ K t), and the neurons go along
their velocities g, by what makes up for it. Neurons whose velocities vanish, under a pull −ℒ′ that stays:
each obeys its linearised equation. Where γ = 0 nothing is felt, and a change of γ is felt by velocities.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numeric.data.effective_loss import EffectiveLoss
from numeric.errors import InputError
from numeric.methods.ending import REACHED
from numeric.methods.warp.adjoint.gradients import Cotangents, Gradients
from numeric.methods.warp.adjoint.losses import DataLoss, Outputs
from numeric.methods.warp.adjoint.moments import Moments
from numeric.methods.warp.floats import WarpedFlow

Floats = NDArray[np.float64]


class Resting:
    """What derivatives of a flow at rest need.

    Args:
        flow: that does not move.
        scales, targets: of the data, as the loss over them has it.

    Raises:
        InputError: for an input of 0, which has no direction for the first layer to move along.
    """

    def __init__(self, flow: WarpedFlow, scales: Floats, targets: Floats) -> None:
        if not flow.point.norm_2 > 0:
            raise InputError("x", "an input of 0", "one that has a direction, for a derivative")
        weights = np.full(len(targets), 1 / len(targets))
        given = EffectiveLoss(flow.problem.loss, scales, targets, weights)
        self._flow, self._loss = flow, DataLoss(given, flow.problem.points)
        self._u, self._h = flow._start.u, flow._start.h
        one = flow.network.parameters(1.0, 1.0, 1.0, 1.0)
        module, shape = flow.network.module, self._h.shape
        self._sigma = np.broadcast_to(module.activation(self._h, one), shape)
        self._slope = np.broadcast_to(module.velocity_h(1.0, self._h, one), shape)
        self._gamma, self._eta_u, self._eta_w, self._rho_2 = flow._rates

    def pull(self, moments: Moments, given: Cotangents) -> Gradients:
        """Cotangents of what was given, from those of answers at times in a row."""
        at, t = Outputs(moments.output), moments.t
        by_u = by_h = np.zeros((t.size, self._u.size))
        if given.u is not None and given.h is not None:
            by_u, by_h = given.u, given.h
        data = np.stack(self._loss.value_by_data(at, given.loss))
        by_output = given.output + given.loss * self._loss.slope(at.f)
        if self._flow.limit_kind == REACHED:
            by_start, by_least = self._returned(t, at, by_output + given.residual, by_u, by_h)
            by_least += float(by_output.sum())
            u0, h0, gamma = by_u.sum(axis=0), by_h.sum(axis=0), 0.0
        else:
            by_start = float((by_output + given.residual).sum())
            by_least = -float(given.residual.sum())
            u0, h0, gamma = self._linearised(t, float(self._loss.slope(at.f[:1])[0]), by_u, by_h)
        if self._rests_on_a_plateau(at):  # wherever it rests there is no less
            by_start += by_least
        elif self._flow._bounded:
            data += self._loss.minimum_by_data(float(self._flow.point.target), by_least)
        u0 = u0 + by_start * self._gamma * self._sigma
        h0 = h0 + by_start * self._gamma * self._u * self._slope
        gamma += float(by_start * (self._u @ self._sigma))
        return Gradients(u0, h0, 0.0, data[0], data[1], gamma, 0.0, 0.0, np.zeros(t.size))

    def _returned(
        self, t: Floats, at: Outputs, by_gap: Floats, by_u: Floats, by_h: Floats
    ) -> tuple[float, float]:
        """Cotangents of f(0) and f* from those of f − f* and of the neurons, which go back along g."""
        g_u = self._gamma * self._eta_u * self._sigma
        g_h = self._gamma * self._eta_w * self._rho_2 * self._u * self._slope
        kernel = self._gamma * float(self._sigma @ g_u + (self._u * self._slope) @ g_h)
        rate = kernel * float(self._loss.curvature(Outputs(at.f[:1]))[0])
        left = np.exp(-rate * t) if rate else np.ones(t.size)
        back = -np.expm1(-rate * t) / kernel if rate else np.zeros(t.size)
        found = float(left @ by_gap - back @ (by_u @ g_u + by_h @ g_h))
        return found, -found

    def _linearised(
        self, t: Floats, pull: float, by_u: Floats, by_h: Floats
    ) -> tuple[Floats, Floats, float]:
        """Cotangents of u(0), h(0) and γ, of neurons whose velocities vanish under the pull ℒ′."""
        s = -pull * t[:, None]  # warped time
        to_u = self._gamma * self._eta_u * self._slope
        to_h = self._gamma * self._eta_w * self._rho_2 * self._slope
        angle = s * np.sqrt(to_u * to_h)
        with np.errstate(over="ignore"):
            even = np.cosh(angle)
            odd = s * np.where(angle != 0, np.sinh(angle) / np.where(angle != 0, angle, 1.0), 1.0)
            grown = even
            if self._flow.network.ray_degree == 2:  # σ″ = 2 at h = 0
                grown = np.exp(2 * s * self._gamma * self._eta_w * self._rho_2 * self._u)
        u0 = (even * by_u + odd * to_h * by_h).sum(axis=0)
        h0 = (grown * by_h + odd * to_u * by_u).sum(axis=0)
        felt = 0.0
        if self._gamma == 0:
            to_u, to_h = self._eta_u * self._sigma, self._rho_2 * self._u * self._slope
            felt = float(s[:, 0] @ (by_u @ to_u + self._eta_w * (by_h @ to_h)))
        return u0, h0, felt

    def _rests_on_a_plateau(self, at: Outputs) -> bool:
        """Whether losses around the start are equal: a hinge that is content."""
        flow, module = self._flow, self._loss.loss.module
        if flow.limit_kind != REACHED or flow._loss is None or module.SHIFTS:
            return False
        return bool(self._loss.curvature(Outputs(at.f[:1]))[0] == 0)
