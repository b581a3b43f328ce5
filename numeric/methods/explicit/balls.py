"""Gradient flow from exact rational input, in Arb balls: any number of correct digits.

What is rational stays rational (sums over the weights, the balance, the Gram determinant, the sign
and the zero of p, q and of the initial residual), so a zero is known to be a zero. The rest is
evaluated by the generated formulas in balls, at a precision that is doubled until every number has
its digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from flint import arb, fmpq

from numeric.catalogue import Network
from numeric.errors import InputError
from numeric.generated import linear
from numeric.methods.ending import AT_REST, REACHED, SADDLE
from numeric.namespaces import Balls, UndecidedError, precision

xp = Balls()
GUARD_BITS = 40
FIRST_BITS = 128


class ExactPoint(NamedTuple):
    """Data on a line, exactly: inputs are coordinates times `direction`, which need not be unit.

    Attributes:
        direction: rational vector m along the line.
        second_moment: mean of the squared coordinates along m.
        cross_moment: mean of coordinate times target.
        floor: smallest mean squared error.
    """

    direction: tuple[fmpq, ...]
    second_moment: fmpq
    cross_moment: fmpq
    floor: fmpq


def rational(value: Fraction | float) -> fmpq:
    """The exact value of a fraction or of a float."""
    fraction = Fraction(value)
    return fmpq(fraction.numerator, fraction.denominator)


def exact_point(x: Sequence[Fraction], y: Fraction) -> ExactPoint:
    """One data point."""
    return ExactPoint(tuple(map(rational, x)), fmpq(1), rational(y), fmpq(0))


def exact_set(
    X: Sequence[Sequence[Fraction]], targets: Sequence[Fraction], degree: int = 1
) -> ExactPoint:
    """A data set whose rows lie exactly on one line.

    Args:
        X: inputs.
        targets: one per row.
        degree: β of the activation; moments are of the β-th powers of the coordinates.

    Raises:
        InputError: naming a row that does not.
    """
    rows = [tuple(map(rational, row)) for row in X]
    goals = [rational(target) for target in targets]
    size = fmpq(len(rows))
    direction = next((row for row in rows if any(row)), None)
    if direction is None:
        mean = sum((z * z for z in goals), fmpq(0)) / size
        return ExactPoint(rows[0], fmpq(0), fmpq(0), mean)
    # The sign convention of numeric.data.line: the first nonzero component is positive.
    first = next(index for index, value in enumerate(direction) if value)
    if direction[first] < 0:
        direction = tuple(-value for value in direction)
    along = [row[first] / direction[first] for row in rows]
    for number, (a, row) in enumerate(zip(along, rows, strict=True)):
        if any(value != a * m for value, m in zip(row, direction, strict=True)):
            raise InputError(
                f"X[{number}]",
                "a row that is not an exact multiple of the others (rounded data)",
                "rows exactly on one line, e.g. numbers as decimal strings; rounded data have no digits "
                "to be certified: leave out --digits",
            )
    coordinates = [a**degree for a in along]
    second = sum((a * a for a in coordinates), fmpq(0)) / size
    cross = sum((a * z for a, z in zip(coordinates, goals, strict=True)), fmpq(0)) / size
    total = sum((z * z for z in goals), fmpq(0)) / size
    return ExactPoint(direction, second, cross, total - cross * cross / second)


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
    overlap_0: arb
    gram: arb
    balance: arb
    perp_2: arb
    floor: arb


class Snapshot(NamedTuple):
    """The network at one time. Weights are None when not asked for."""

    u: list[arb] | None
    W: list[list[arb]] | None
    output: arb
    residual: arb
    loss: arb
    alignment: arb | None
    norm_u: arb
    norm_W: arb
    alpha: arb | None


@dataclass(frozen=True)
class ExactFlow:
    """Gradient flow from exact input.

    Attributes:
        u0: initial second layer.
        W0: initial first layer, one row per neuron.
        point: the data.
        gamma, eta_u, eta_w: exact hyperparameters.
    """

    u0: tuple[fmpq, ...]
    W0: tuple[tuple[fmpq, ...], ...]
    point: ExactPoint
    gamma: fmpq
    eta_u: fmpq
    eta_w: fmpq

    NEEDS: ClassVar[str] = "state"  # of a network's capabilities

    @classmethod
    def of(cls, network: Network, *start: Any) -> ExactFlow:
        """The flow of a network from its weights, data and rates; all linear ones are the same."""
        return cls(*start)

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
        h = [_dot(row, m) for row in self.W0]
        return _Sums(
            h,
            _dot(self.u0, self.u0),
            _dot(h, h),
            _dot(self.u0, h),
            _dot(m, m),
            sum((_dot(row, row) for row in self.W0), fmpq(0)),
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
            arb(sums.u_h) / m_norm,
            arb((sums.u_2 * sums.h_2 - sums.u_h * sums.u_h) / m_2),
            arb(linear.balance(self.eta_u, self.eta_w, sums.u_2, sums.h_2 / m_2)),
            arb(sums.W_2 - sums.h_2 / m_2),
            arb(point.floor),
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
        c = known.constants
        sums = (known.gram, known.balance, known.overlap_0)
        norm_u, norm_omega = (
            arb(linear.norm_u(*sums, state, c, xp)),
            arb(linear.norm_omega(*sums, state, c, xp)),
        )
        norm_W = arb(
            linear.norm_W(known.gram, known.balance, known.perp_2, known.overlap_0, state, c, xp)
        )
        defined = xp.not_equal(norm_u, 0) and xp.not_equal(norm_omega, 0)
        return Snapshot(
            self._u(state, known, norm_u) if weights else None,
            self._W(state, known, norm_omega) if weights else None,
            arb(state.f),
            linear.residual(state, c, xp),
            linear.loss(known.floor, state, c, xp),
            linear.alignment(known.gram, known.overlap_0, state, c, xp) if defined else None,
            norm_u,
            norm_W,
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
        return linear.at(arb(t), known.constants, xp)

    def solve(
        self,
        times: Sequence[fmpq | None],
        digits: int,
        *,
        weights: bool = True,
        progress: Callable[[int], None] = lambda bits: None,
    ) -> tuple[list[Snapshot], arb]:
        """The network at exact times, every number to `digits` digits, and the time scale t_c.

        Args:
            times: t ≥ 0; None stands for t = ∞.
            digits: correct decimal digits wanted of every number.
            weights: whether the weights are wanted.
            progress: called with each working precision, in bits.

        A number that is zero is the exact ball 0 wherever the program can prove it, and otherwise a
        ball around 0 whose radius shows how far the precision was driven.
        """
        wanted = int(digits * 3.33) + GUARD_BITS
        bits, limit = max(FIRST_BITS, 2 * wanted), 64 * (wanted + 64)
        while True:
            progress(bits)
            try:
                snapshots, scale = self._at_precision(bits, times, weights)
            except UndecidedError:
                if bits > limit:
                    raise
            else:
                done = all(_has_bits(z, wanted) for z in (scale, *_numbers(snapshots)))
                if done or bits > limit:
                    return snapshots, scale
            bits *= 2

    def _at_precision(
        self, bits: int, times: Sequence[fmpq | None], weights: bool
    ) -> tuple[list[Snapshot], arb]:
        with precision(bits):
            known = self._evaluate()
            snapshots = [self._snapshot(self._state(t, known), known, weights) for t in times]
            return snapshots, arb(linear.time_scale(known.constants, xp))


def _dot(a: Iterable[fmpq], b: Iterable[fmpq]) -> fmpq:
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


def _has_bits(value: arb, bits: int) -> bool:
    return bool(value == 0 or not value.is_finite() or value.rel_accuracy_bits() >= bits)


def _numbers(snapshots: Iterable[Snapshot]) -> Iterable[arb]:
    for snapshot in snapshots:
        yield from (z for z in snapshot[2:] if z is not None)
        yield from snapshot.u or ()
        for row in snapshot.W or ():
            yield from row
