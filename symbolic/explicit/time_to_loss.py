"""Stage 8, continued: the time at which a given loss is reached, in closed form.

The output at the target fixes α, α fixes S = sinh(R t)/R, and t = asinh(R S)/R. Written in the
ratio ϱ of residuals instead of α − 1, S keeps its digits for targets near the start and near the
end.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, sqrt

from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.notation.symbols import A_P, A_Q, B, R, S, alpha, f_target, lam, residual_ratio, s, y
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero


@dataclass(frozen=True, kw_only=True)
class TimeToLoss(Record):
    """Time as a function of the output.

    Attributes:
        alpha: α where the output is f_target, for λ f_target ≥ 0 and for λ f_target < 0.
        sine: S there, in α and residual_ratio = (f_target − y) / (f(0) − y).
        time: t in terms of R and S.
    """

    alpha: tuple[Expr, Expr]
    sine: Expr
    time: Expr


def derive(reduction: Reduction, integral: RiccatiTime) -> TimeToLoss:
    """Solve f(α) = f_target, and take α − 1 out of the integral."""
    speed = sympy.expand(integral.speed)
    constant, linear, square = (speed.coeff(alpha, power) for power in range(3))
    # With B = λ y, the speed vanishes at the target if the target takes the place of y.
    quadratic = constant + linear.subs(B, lam * f_target) * alpha + square * alpha**2
    roots = sympy.solve(quadratic, alpha)
    direct = next(r for r in roots if r.subs({A_P: 1, A_Q: 1, lam: 1, f_target: 0}) > 0)
    other = sympy.expand(-quadratic.coeff(alpha, 1) / square) - direct
    conjugate = sympy.factor(constant / square / other)
    # speed(1) − speed(α)/α = (α − 1) · step, and speed(α)/α = ϱ speed(1).
    step = sympy.expand(sympy.cancel((speed.subs(alpha, 1) - speed / alpha) / (alpha - 1)))
    sine = (1 - residual_ratio) / (step * sqrt(alpha * residual_ratio))
    ratio = speed / (alpha * speed.subs(alpha, 1))
    names = {**integral.coefficients, lam: reduction.rate}
    output = reduction.output.subs(s, sympy.log(alpha) / 2)
    time = sympy.asinh(R * S) / R
    certificates = (
        Certificate("t = 0 at S = 0 and dt/dS = 1/cosh(R t)", _inverts(time)),
        Certificate("S and both roots are positive", _positive(sine, direct, conjugate)),
        *(
            Certificate(f"the output is reached, {sign}", prove_zero(quadratic.subs(alpha, root)))
            for sign, root in (("lambda f >= 0", direct), ("lambda f < 0", conjugate))
        ),
        Certificate(
            "the quadratic is f(alpha) = f_target",
            prove_equal(
                quadratic.xreplace(names),
                4 * alpha * reduction.rate * (f_target - output),
            ),
        ),
        Certificate(
            "the ratio of speeds is the ratio of residuals",
            prove_equal(ratio.xreplace(names), (output - y) / (output.subs(alpha, 1) - y)),
        ),
        Certificate(
            "S in the ratio of residuals",
            prove_equal(
                sine.subs(residual_ratio, ratio) ** 2,
                integral.hyperbolic_sine.replace(sympy.Abs, lambda z: z) ** 2,
            ),
        ),
    )
    step_ = Step(
        "Time to a loss",
        (
            (f_target, r"y+\operatorname{sign}(f(0)-y)\sqrt{L-L_{\min}}"),
            (r"\varrho", r"\frac{f_\ast-y}{f(0)-y}"),
            (r"\alpha_\ast\big|_{\lambda f_\ast\ge0}", direct),
            (r"\alpha_\ast\big|_{\lambda f_\ast<0}", conjugate),
            (S, sine),
            (r"t_\ast", sympy.asinh(R * S) / R),
        ),
        r"Solve $f(\alpha_\ast)=f_\ast$, of the two roots the positive one, and insert it into the "
        r"integral with $\alpha-1$ expressed by $1-\varrho$. At $R=0$: $t_\ast=S$.",
    )
    return TimeToLoss(
        alpha=(direct, conjugate),
        sine=sine,
        time=time,
        certificates=certificates,
        steps=(step_,),
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
