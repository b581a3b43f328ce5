"""Stage: the time at which a given loss is reached, in closed form.

The output at the target fixes α, α fixes S = sinh(R t)/R, and t = asinh(R S)/R. Written in the
ratio ϱ of residuals instead of α − 1, S keeps its digits for targets near the start and near the
end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Expr, Symbol, sqrt

from symbolic.explicit.notation import (
    A_P,
    A_Q,
    B,
    R,
    S,
    alpha,
    f_target,
    floor,
    loss,
    residual_0,
    residual_ratio,
)
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import lam, s, y
from symbolic.notation.typesetting import typeset
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.parts import exactly

distance = Symbol("distance", nonnegative=True)
signed, size = Symbol("signed", real=True), Symbol("size_residual", positive=True)


@dataclass(frozen=True, kw_only=True)
class TimeToLoss(Record):
    """Time as a function of the output.

    Attributes:
        reduction: the output in warped time.
        integral: time as a function of α.
        alpha: α where the output is f_target, for λ f_target ≥ 0 and for λ f_target < 0.
        sine: S there, in α and residual_ratio = (f_target − y) / (f(0) − y).
        time: t in terms of R and S.
        distance: |f_target − y| in the loss and the smallest one.
        target: f_target in signed = f_target − y.
        signed: that in the distance, for f(0) ≥ y and for f(0) < y.
        ratio: residual_ratio in the distance and size = |f(0) − y|.
        size: that in f(0) − y, for f(0) ≥ y and for f(0) < y.
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "time_to_loss": XU_ZIYIN.at("Eq. 38-39, inverted"),
    }

    reduction: Need[Reduction]
    integral: Need[RiccatiTime]
    alpha: tuple[Expr, Expr]
    sine: Expr
    time: Expr
    distance: Expr
    target: Expr
    signed: tuple[Expr, Expr]
    ratio: Expr
    size: tuple[Expr, Expr]

    def certify(self) -> Iterator[Certificate]:
        """Insert α into the output, and the residuals into S."""
        roots, speed = exactly(2, self.alpha), self.integral.speed
        # With B = λ y, the speed vanishes at the target if the target takes the place of y.
        quadratic = speed.subs(B, lam * f_target)
        yield Certificate("t = 0 at S = 0 and dt/dS = 1/cosh(R t)", _inverts(self.time))
        yield Certificate("S and both roots are positive", _positive(self.sine, *roots))
        for sign, root in zip((">=", "<"), roots, strict=True):
            yield Certificate(
                f"the output is reached, lambda f {sign} 0", prove_zero(quadratic.subs(alpha, root))
            )
        rate, output = self.reduction.rate, self.reduction.output.subs(s, sympy.log(alpha) / 2)
        names = {**self.integral.coefficients, lam: rate}
        yield Certificate(
            "the quadratic is f(alpha) = f_target",
            prove_equal(quadratic.xreplace(names), 4 * alpha * rate * (f_target - output)),
        )
        ratio = speed / (alpha * speed.subs(alpha, 1))
        yield Certificate(
            "the ratio of speeds is the ratio of residuals",
            prove_equal(ratio.xreplace(names), (output - y) / (output.subs(alpha, 1) - y)),
        )
        yield Certificate(
            "S in the ratio of residuals",
            prove_equal(self.sine.subs(residual_ratio, ratio) ** 2, self.integral.signed_sine**2),
        )
        yield from _target_certificates(self)

    def explain(self) -> Iterator[Step]:
        """The target, α there, and the time."""
        yield Step(
            "Time to a loss",
            (
                (f_target, rf"y+\operatorname{{sign}}(f(0)-y)\sqrt{{{_gap(self.reduction.unit)}}}"),
                (r"\varrho", r"\frac{f_\ast-y}{f(0)-y}"),
                (r"\alpha_\ast\big|_{\lambda f_\ast\ge0}", self.alpha[0]),
                (r"\alpha_\ast\big|_{\lambda f_\ast<0}", self.alpha[1]),
                (S, self.sine),
                (r"t_\ast", self.time),
            ),
            r"Solve $f(\alpha_\ast)=f_\ast$, of the two roots the positive one, and insert it into the "
            r"integral with $\alpha-1$ expressed by $1-\varrho$. At $R=0$: $t_\ast=S$.",
        )


def _gap(unit: Expr) -> str:
    """(f − y)² by the loss, LaTeX."""
    gap = r"L-L_{\min}"
    return gap if unit == 1 else rf"({gap})/{typeset(unit)}"


def derive(reduction: Reduction, integral: RiccatiTime) -> TimeToLoss:
    """Solve f(α) = f_target, and take α − 1 out of the integral."""
    speed = sympy.expand(integral.speed)
    constant, linear, square = (speed.coeff(alpha, power) for power in range(3))
    # With B = λ y, the speed vanishes at the target if the target takes the place of y.
    quadratic = constant + linear.subs(B, lam * f_target) * alpha + square * alpha**2
    roots = sympy.solve(quadratic, alpha)
    direct = next(r for r in roots if r.subs({A_P: 1, A_Q: 1, lam: 1, f_target: 0}) > 0)
    other = sympy.expand(-quadratic.coeff(alpha, 1) / square) - direct
    # speed(1) − speed(α)/α = (α − 1) · step, and speed(α)/α = ϱ speed(1).
    step = sympy.expand(sympy.cancel((speed.subs(alpha, 1) - speed / alpha) / (alpha - 1)))
    return TimeToLoss(
        reduction=reduction,
        integral=integral,
        alpha=(direct, sympy.factor(constant / square / other)),
        sine=(1 - residual_ratio) / (step * sqrt(alpha * residual_ratio)),
        time=sympy.asinh(R * S) / R,
        distance=sqrt((loss - floor) / reduction.unit),
        target=y + signed,
        signed=(distance, -distance),
        ratio=distance / size,
        size=(residual_0, -residual_0),
    )


def _target_certificates(record: TimeToLoss) -> Iterator[Certificate]:
    """The residual keeps its sign, so that f_target − y has that of f(0) − y."""
    reached = record.reduction.unit * record.distance**2 + floor
    yield Certificate("the distance has the loss", prove_equal(reached, loss))
    above = record.distance.subs(loss, floor + distance)
    sign = Proved("sign of a root") if above.is_nonnegative else Undecided(f"sign of {above}")
    yield Certificate("it is not negative", sign)
    gaps, sizes = exactly(2, record.signed), exactly(2, record.size)
    for words, gap, start, side in zip((">=", "<"), gaps, sizes, (1, -1), strict=True):
        residual = record.target.xreplace({signed: gap}) - y
        yield Certificate(f"the target, f(0) {words} y", prove_equal(residual, side * distance))
        yield Certificate(
            f"the size of f(0) - y, f(0) {words} y", prove_equal(start, side * residual_0)
        )
        yield Certificate(
            f"the ratio of residuals, f(0) {words} y",
            prove_equal(record.ratio.xreplace({size: start}) * residual_0, residual),
        )


def _inverts(time: Expr) -> Verdict:
    """With S = sinh(R t)/R, dS/dt = cosh(R t) = √(1 + R²S²)."""
    if time.subs(S, 0) != 0:
        return Undecided(f"t = {time.subs(S, 0)} at S = 0")
    return prove_equal(sympy.diff(time, S) * sqrt(1 + R**2 * S**2), sympy.Integer(1))


def _positive(sine: Expr, direct: Expr, conjugate: Expr) -> Verdict:
    """No root vanishes for A_P, A_Q > 0 and S none for ϱ < 1: one point of each decides its sign."""
    half = sympy.Rational(1, 2)
    at = {A_P: 1, A_Q: 1, lam: 1, alpha: 2, residual_ratio: half}
    values = [
        sine.subs(at),
        direct.subs({**at, f_target: half}),
        conjugate.subs({**at, f_target: -half}),
    ]
    return (
        Proved("sign at a point") if all(v.is_positive for v in values) else Undecided(f"{values}")
    )
