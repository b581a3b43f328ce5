"""Gradient flow from exact rational input, in Arb balls: any number of correct digits.

What is rational stays rational (sums over the weights, the balance, the Gram determinant, the sign
and the zero of p, q and of the initial residual), so a zero is known to be a zero. The rest is
evaluated by the generated formulas in balls, at a precision that is doubled until every number has
its digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import ClassVar

from flint import arb, fmpq

from numeric.catalogue import Network
from numeric.data.exact import ExactPoint, ExactProblem, dot
from numeric.generated import linear
from numeric.methods.digits import Progress, Snapshot, silent, to_digits
from numeric.methods.ending import AT_REST, REACHED, SADDLE
from numeric.namespaces import Balls

xp = Balls()
ONE = fmpq(1)


@dataclass(frozen=True)
class _Sums:
    """Rational sums over the weights; h = W m, and ‖m‖² where a norm enters."""

    h: list[fmpq]
    u_2: fmpq
    h_2: fmpq
    u_h: fmpq
    m_2: fmpq
    W_2: fmpq


@dataclass(frozen=True)
class _Evaluated:
    """Everything that does not depend on time, as balls at the present precision."""

    constants: linear.Constants
    e: list[arb]
    omega: list[arb]
    p: list[arb]
    q: list[arb]
    sums: dict[str, arb]


@dataclass(frozen=True)
class ExactFlow:
    """Gradient flow from exact input.

    Attributes:
        u0: initial second layer.
        W0: initial first layer, one row per neuron.
        point: the data.
        gamma, eta_u, eta_w: exact hyperparameters.
        unit: by which the mean squared error is multiplied to give the loss.
    """

    u0: tuple[fmpq, ...]
    W0: tuple[tuple[fmpq, ...], ...]
    point: ExactPoint
    gamma: fmpq
    eta_u: fmpq
    eta_w: fmpq
    unit: fmpq = ONE

    MULTIPLES: ClassVar[int] = 64

    @classmethod
    def of(cls, problem: ExactProblem) -> ExactFlow:
        """The flow of a problem.

        Raises:
            InputError: for rows that are not on one line exactly.
        """
        rates = problem.gamma, problem.eta_u, problem.eta_w
        return cls(problem.u0, problem.W0, problem.point(), *rates, problem.unit)

    @staticmethod
    def serves(network: Network, loss: ModuleType) -> bool:
        """Whether it evaluates a network under a loss: s(t) is closed, the loss a square."""
        return "state" in network.module.CAPABILITIES and loss.FACTOR is not None

    @cached_property
    def limit_kind(self) -> str:
        """Where the flow ends: at the "target", at a "saddle", or "at rest", where it starts."""
        (start, end), _ = self.solve([fmpq(0), None], 1, weights=False)
        if end.residual == 0 or start.residual == 0:
            return REACHED
        return AT_REST if self._is_at_rest else SADDLE

    @property
    def _is_at_rest(self) -> bool:
        sums, point = self._sums, self.point
        moves = self.gamma != 0 and point.second_moment != 0 and sums.m_2 != 0
        return not moves or (sums.u_2 == 0 and sums.h_2 == 0)

    @cached_property
    def _sums(self) -> _Sums:
        m = self.point.direction
        h = [dot(row, m) for row in self.W0]
        return _Sums(
            h,
            dot(self.u0, self.u0),
            dot(h, h),
            dot(self.u0, h),
            dot(m, m),
            sum((dot(row, row) for row in self.W0), fmpq(0)),
        )

    def _evaluate(self) -> _Evaluated:
        """The pass over the weights at the present precision."""
        sums, point = self._sums, self.point
        moves = sums.m_2 != 0
        m_norm = arb(sums.m_2).sqrt() if moves else arb(1)
        m_2 = sums.m_2 if moves else fmpq(1)
        scale = linear.strength(arb(point.second_moment), xp)
        target = linear.target(arb(point.second_moment), arb(point.cross_moment), xp)
        eta_u, eta_w = arb(self.eta_u), arb(self.eta_w)
        omega = [arb(h) / m_norm for h in sums.h]
        p = self._coordinates(linear.growing, -1, omega, m_2)
        q = self._coordinates(linear.falling, +1, omega, m_2)
        d = arb(len(self.u0))
        constants = linear.constants(
            arb(self.gamma), eta_u, eta_w, scale * arb(sums.m_2).sqrt(), target, d,
            sum((z * z for z in p), arb(0)) / d, sum((z * z for z in q), arb(0)) / d,
            scale * self._slope(), self._initial_residual(scale), xp,
        )  # fmt: skip
        return _Evaluated(
            constants,
            [arb(value) / m_norm for value in point.direction],
            omega,
            p,
            q,
            {
                "overlap_0": arb(sums.u_h) / m_norm,
                "gram": arb((sums.u_2 * sums.h_2 - sums.u_h * sums.u_h) / m_2),
                "balance": arb(linear.balance(self.eta_u, self.eta_w, sums.u_2, sums.h_2 / m_2)),
                "perp_2": arb(sums.W_2 - sums.h_2 / m_2),
                "floor": arb(point.floor),
            },
        )

    def _coordinates(
        self, form: Callable[..., arb], sign: int, omega: list[arb], m_2: fmpq
    ) -> list[arb]:
        """P or q of every neuron; a zero is decided over the rationals and is exact."""
        values = []
        for u, h, w in zip(self.u0, self._sums.h, omega, strict=True):
            balanced = self.eta_u * h * h == self.eta_w * u * u * m_2
            vanishes = balanced and h * u * sign >= 0
            exact = arb(0) if vanishes else form(arb(u), w, arb(self.eta_u), arb(self.eta_w), xp)
            values.append(exact)
        return values

    def _initial_residual(self, scale: arb) -> arb:
        """f(0) − y: the square root of a moment times a rational number, whose zero is exact."""
        point = self.point
        if point.second_moment == 0:
            return arb(0)
        return scale * (self._slope() - point.cross_moment / point.second_moment)

    def _slope(self) -> fmpq:
        """Initial output at `direction`; it is rational."""
        return linear.initial_output(self.gamma, fmpq(1), self._sums.u_h)

    def _snapshot(self, state: linear.State, known: _Evaluated, weights: bool) -> Snapshot:
        def observe(name: str) -> arb:
            given = (known.sums[z] for z in linear.OBSERVABLES[name])
            return getattr(linear, name)(*given, state, known.constants, xp)

        norm_u, norm_omega = arb(observe("norm_u")), arb(observe("norm_omega"))
        defined = xp.not_equal(norm_u, 0) and xp.not_equal(norm_omega, 0)
        return Snapshot(
            self._u(state, known, norm_u) if weights else None,
            self._W(state, known, norm_omega) if weights else None,
            arb(state.f),
            observe("residual"),
            self.unit * observe("loss"),
            observe("alignment") if defined else None,
            norm_u,
            arb(observe("norm_W")),
            arb(state.alpha),
        )

    def _u(self, state: linear.State, known: _Evaluated, norm: arb) -> list[arb]:
        if norm == 0:
            return [arb(0)] * len(self.u0)
        return [
            linear.weight_u(arb(u), p, q, state, known.constants, xp)
            for u, p, q in zip(self.u0, known.p, known.q, strict=True)
        ]

    def _W(self, state: linear.State, known: _Evaluated, norm: arb) -> list[list[arb]]:
        m_2, c = self._sums.m_2 or fmpq(1), known.constants
        rows = []
        for row, h, start, u, p, q in zip(
            self.W0, self._sums.h, known.omega, self.u0, known.p, known.q, strict=True
        ):
            omega = arb(0) if norm == 0 else linear.weight_omega(start, p, q, state, c, xp)
            change = linear.change_omega(arb(u), p, q, state, c, xp)
            # The part across the data is rational: a row along the data has none, exactly. What starts
            # at zero is its change, of which nothing cancels.
            rows.append(
                [
                    linear.weight_w(arb(w - h * m / m_2), omega, e, xp)
                    if w
                    else linear.weight_w(arb(0), change, e, xp)
                    for w, m, e in zip(row, self.point.direction, known.e, strict=True)
                ]
            )
        return rows

    def _state(self, t: fmpq | None, known: _Evaluated) -> linear.State:
        if t is None:
            return linear.limit(known.constants, xp)
        return linear.at(arb(self.unit * t), known.constants, xp)

    def solve(
        self,
        times: Sequence[fmpq | None],
        digits: int,
        *,
        weights: bool = True,
        progress: Progress = silent,
    ) -> tuple[list[Snapshot], arb]:
        """The network at exact times, every number to `digits` digits, and the time scale t_c.

        Arguments and result are those of `numeric.methods.digits.to_digits`.
        """
        return to_digits(self, times, digits, weights=weights, progress=progress)

    def evaluate(
        self, times: Sequence[fmpq | None], weights: bool, last: bool
    ) -> tuple[Sequence[Snapshot], arb]:
        """Every time at the present precision, and t_c."""
        known = self._evaluate()
        snapshots = [self._snapshot(self._state(t, known), known, weights) for t in times]
        return snapshots, arb(linear.time_scale(known.constants, xp)) / self.unit
