"""A single neuron on white inputs in tensors of torch: differentiable by weights, rates, data and times.

The lift is linear: in a time Δ it is E = e^{ΔF} and Γ = 2∫ e^{sFᵀ} S e^{sF} ds, both from one exponential
of a matrix, and Q goes to E Q/√(1 + QᵀΓQ). A time is cut in equal steps that are short beside the fastest
exponent, so nothing overflows; Γ and E are those of one step.
"""

from __future__ import annotations

import math
from typing import Any

from numeric.catalogue import load_lift
from numeric.data.decimals import shown
from numeric.errors import InputError
from numeric.methods.lifted import observed

SHORT = 2.0  # a step times the size of F
STEPS = 10_000


class TensorNeuron:
    """f = a wᵀx under ½‖X a w − y‖² with XᵀX = c 1, as `numeric.methods.lifted.neuron.SingleNeuron`.

    Every argument may be a float64 tensor that wants gradients, of any order; what comes out has them.
    Of one hidden unit every start is on a leaf of the law, so derivatives are those of the raw flow.

    Args:
        a0: a number.
        w0: n numbers.
        eta_a, eta_w: learning rates.
        scale: c > 0.
        target: β* = Xᵀy/c, n numbers.

    Raises:
        InputError: for shapes that disagree.
    """

    def __init__(self, a0: Any, w0: Any, eta_a: Any, eta_w: Any, scale: Any, target: Any) -> None:
        import torch  # slow to load

        self._torch = torch
        a0, w0, self.target, self._scale, *rates = (
            torch.as_tensor(z, dtype=torch.float64)
            for z in (a0, w0, target, scale, eta_a, eta_w)
        )  # fmt: skip
        if a0.ndim or w0.ndim != 1 or self.target.shape != w0.shape:
            found = f"a0, w0, target of shapes {[tuple(z.shape) for z in (a0, w0, self.target)]}"
            raise InputError("the shapes", found, "a number and two vectors of one length")
        self._rates = rates[0], rates[1]
        self._start = torch.cat([w0, a0[None]])
        lift, size = load_lift("single_neuron"), len(w0)
        by_name = {"eta_a": rates[0], "eta_w": rates[1]}
        a_row, w_row = ([row[0] for row in lift.ROWS].index(name) for name in ("a", "w"))

        def diagonal(numbers: Any) -> Any:
            return torch.cat([(numbers[w_row] + 0 * w0), (numbers[a_row] + 0 * a0)[None]])

        J = diagonal(lift.law(by_name))
        self.delta = (J * self._start * self._start).sum()
        force = lift.force(self._scale, by_name)
        column, row = (
            (plain + turned) * self.target for plain, turned in (force[w_row, a_row], force[a_row, w_row])
        )  # fmt: skip
        coupling = torch.nn.functional.pad(column[:, None], (size, 0))
        below = torch.nn.functional.pad(row[None, :], (0, 1))
        self._F = torch.cat([coupling, below]) + torch.diag(
            self.delta * diagonal(lift.lifted(self._scale, by_name))
        )
        self._S = torch.diag(diagonal(lift.brake(self._scale, by_name)))

    def state(self, t: Any) -> tuple[Any, Any]:
        """At times t ≥ 0, of any shape: a, and w with its components last.

        Raises:
            InputError: for times of more than `STEPS` steps.
        """
        torch = self._torch
        t = torch.as_tensor(t, dtype=torch.float64)
        size = float(torch.linalg.matrix_norm(self._F).detach())
        last = float(t.detach().abs().max()) if t.numel() else 0.0
        steps = max(1, math.ceil(last * size / SHORT))
        if steps > STEPS:
            longest = STEPS * SHORT / size
            raise InputError("t", shown(last), f"a time up to {longest:.3g}, after {STEPS} steps")
        E, Gamma = self._step(t.reshape(-1) / steps)
        Q = self._start.expand(len(E), -1)
        for _ in range(steps):
            scale = 1 + torch.einsum("ti,tij,tj->t", Q, Gamma, Q)
            Q = torch.einsum("tij,tj->ti", E, Q) / torch.sqrt(scale)[:, None]
        return Q[:, -1].reshape(t.shape), Q[:, :-1].reshape(*t.shape, -1)

    def _step(self, pace: Any) -> tuple[Any, Any]:
        torch, r = self._torch, len(self._start)
        none = torch.zeros_like(self._F)
        generator = torch.cat(
            [torch.cat([-self._F.T, 2 * self._S], 1), torch.cat([none, self._F], 1)]
        )
        whole = torch.linalg.matrix_exp(pace[:, None, None] * generator)
        E = whole[:, r:, r:]
        return E, E.transpose(1, 2) @ whole[:, :r, r:]

    def observables(self, t: Any, since: Any = 0.0) -> dict[str, Any]:
        """a, w, mu, phi, loss, residual and kernel_distance (from a time), vectors with components last.

        Normwise to 1e-13; the residual is a difference here, whose digits are lost where it is small.
        """
        torch = self._torch
        a, w = self.state(t)
        begun_a, begun_w = self.state(since)
        parts, none = list(w.unbind(-1)), 0 * a
        left = a[..., None] * w - self.target
        unit = torch.eye(len(self.target), dtype=torch.float64)
        begun, now = (
            observed.kernel(p + none, [z + none for z in q.unbind(-1)], self._rates, unit)
            for p, q in ((begun_a, begun_w), (a, w))
        )
        return {
            "a": a,
            "w": w,
            "mu": a * observed.norm(parts, torch),
            "phi": observed.alignment(parts, [z + none for z in self.target], torch),
            "loss": self._scale / 2 * (left * left).sum(-1),
            "residual": left,
            "kernel_distance": observed.distance(begun, now, torch),
        }
