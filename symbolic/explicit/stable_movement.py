"""Stage: the change since the start in forms that floats can compute.

The tangent kernel is a hypotenuse, K² = 4 (4 A_P A_Q + (λ f)²). Its change is a multiple of f − f₀, which
by P and Q is no difference. A distance is decayed √(other + gap (2 cross + gap grown)), where gap is
decayed/decay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Abs, Expr, Symbol, sqrt

from symbolic.explicit.movement import Movement, Spread
from symbolic.explicit.notation import alpha, decayed, f_0, kernel_0, kernel_x
from symbolic.explicit.notation import decay as remaining
from symbolic.explicit.observables import Observables
from symbolic.explicit.reduction import Reduction
from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import eta_u, eta_w, f, gamma, lam, rho
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal
from symbolic.proof.parts import exactly

along, radical, rise = (
    Symbol("along", real=True),
    Symbol("radical", real=True),
    Symbol("rise", real=True),
)
gap, square = Symbol("gap", nonnegative=True), Symbol("square", nonnegative=True)


@dataclass(frozen=True, kw_only=True)
class StableMovement(Record):
    """Changes as they are computed.

    Attributes:
        reduction, observables, movement: where the formulas are from.
        square: what K²/4 is without the output.
        along: |λ f|.
        kernel: K in radical = √(square + along²).
        kernel_start: K₀ in A_P and A_Q.
        kernel_change: (K − K₀)/K₀ in rise = f − f₀, f, f₀, K and K₀.
        rise: f − f₀ in P, Q, decay and decayed, for s ≥ 0 and for s < 0.
        gap: decayed/decay.
        distance: the root of a squared distance, square = other + gap (2 cross + gap grown).
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "kernel_x": XU_ZIYIN.at("Eq. 13"),
        "kernel_change": XU_ZIYIN.at("Eq. 13"),
        "distance_u": XU_ZIYIN.at("Eq. 49"),
        "distance_W": XU_ZIYIN.at("Eq. 49"),
    }

    reduction: Need[Reduction]
    observables: Need[Observables]
    movement: Need[Movement]
    square: Expr
    along: Expr
    kernel: Expr
    kernel_start: Expr
    kernel_change: Expr
    rise: tuple[Expr, Expr]
    gap: Expr
    distance: Expr

    def certify(self) -> Iterator[Certificate]:
        """By substitution."""
        rate, moved = {lam: self.reduction.rate}, self.movement
        whole = self.whole_kernel.xreplace(rate)
        square = prove_equal(whole**2, moved.kernel_in_output**2)
        yield Certificate("K is a hypotenuse", square)
        yield Certificate("K is not negative", _is_nonnegative(self.whole_kernel))
        yield Certificate("along is a size", prove_equal(self.along, Abs(lam * f)))
        yield Certificate("no square is negative", _is_nonnegative(self.square))
        start = prove_equal(self.kernel_start, moved.kernel.subs(alpha, 1))
        yield Certificate("K at the start", start)
        change = self.kernel_change.xreplace({rise: f - f_0}).xreplace(rate)
        yield Certificate("the change of K by the rise", prove_equal(change, moved.kernel_change))
        plain = zip(exactly(2, self.rise), self.observables.overlap_gained, strict=True)
        for words, (found, gained) in zip((">=", "<"), plain, strict=True):
            # f is γρ u·ω, and so is its rise.
            times = prove_equal(found * self.observables.overlap, f * gained)
            yield Certificate(f"the rise, s {words} 0", times)
        for name, spreads in (("u", moved.spread_u), ("omega", moved.spread_omega)):
            for words, spread in zip((">=", "<"), spreads, strict=True):
                verdict = self._distance(spread)
                yield Certificate(f"distance of {name}, s {words} 0", verdict)

        yield Certificate("no distance is negative", _is_nonnegative(self.distance))

    def _distance(self, spread: Spread) -> Verdict:
        within = {square: spread.within(gap).xreplace({gap: self.gap})}
        return prove_equal((self.distance**2).xreplace(within), spread.squared)

    @property
    def whole_kernel(self) -> Expr:
        """K in A_P, A_Q, λ and f."""
        return self.kernel.xreplace({radical: sqrt(self.square + (lam * f) ** 2)})

    def explain(self) -> Iterator[Step]:
        """The kernel by the output, and its change by the rise."""
        yield Step(
            "Tangent kernel without cancellation",
            (
                (kernel_x, self.whole_kernel),
                (kernel_0, self.kernel_start),
                (r"f-f_0\big|_{s\ge0}", self.rise[0]),
            ),
            r"$f-f_0$ as a multiple of $\bar\delta$, in $P$ and $Q$.",
        )


def derive(reduction: Reduction, observables: Observables, movement: Movement) -> StableMovement:
    """Write K and its change in λ, and name what is computed once."""
    factor, inner = sympy.factor(in_rate(movement.kernel_in_output**2)).as_coeff_Mul()
    scale = f / observables.overlap
    up, down = (gained * scale for gained in observables.overlap_gained)
    return StableMovement(
        reduction=reduction,
        observables=observables,
        movement=movement,
        square=sympy.expand(inner - (lam * f) ** 2),
        along=Abs(lam * f),
        kernel=sqrt(factor) * radical,
        kernel_start=sympy.expand(movement.kernel.subs(alpha, 1)),
        kernel_change=sympy.factor(in_rate(movement.kernel_change) / (f - f_0)) * rise,
        rise=(up, down),
        gap=decayed / remaining,
        distance=decayed * sqrt(square),
    )


def in_rate(expression: Expr) -> Expr:
    """With λ instead of γ."""
    scale = lam / (sqrt(eta_u) * sqrt(eta_w) * rho)
    return sympy.factor(expression.xreplace({gamma: scale}))


def _is_nonnegative(value: Expr) -> Verdict:
    return Proved("signs of its factors") if value.is_nonnegative else Undecided(f"{value}")
