"""Stage 7, closed form in time: α(t), the residual, the limits and the time scale.

Time enters only through the decaying exponential E = e^{−2Rt} and τ = (1 − E)/R, and every sum has
terms of one sign, so the formulas are accurate as they stand:

* R ± 2B, one of which cancels, by their product (the conjugate root);
* N − D by the Wronskian instead of the difference;
* the residual by its ratio to the initial one, so that it keeps its digits when it is 1e-300.

Source: Xu & Ziyin 2025, Theorem 1 (Eq. 8-12) and Proposition 2; one formula covers both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy
from sympy import Abs, Expr, exp, sqrt
from sympy.codegen.cfunctions import expm1

from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati import hyperbolic_square
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.notation.symbols import (
    A_P,
    B,
    C,
    E,
    R,
    S,
    alpha,
    denominator,
    lam,
    numerator,
    r_minus,
    r_plus,
    residual_0,
    s,
    t,
    t_c,
    tau,
    y,
)
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero

PLUS, MINUS = R + 2 * B, R - 2 * B  # r_plus and r_minus, as they are defined
IN_DECAY = {tau: (1 - E) / R}


@dataclass(frozen=True, kw_only=True)
class ClosedForm(Record):
    """The solution in time. All expressions are in the symbols of `symbolic.notation.symbols`.

    Attributes:
        rate: R in terms of A_P, A_Q, B.
        larger, smaller: R + 2|B| and its conjugate R − 2|B|, without cancellation.
        numerator, denominator: N and D (times 2e^{−Rt}) in r_plus, r_minus, E and tau.
        decaying, elapsed: E and τ in R and t, without cancellation.
        ratio: residual(t) / residual(0) in E, N and D.
        progress: 1 − residual(t) / residual(0), as a sum of positive terms.
        output: f in α, as a difference of the two positive terms it consists of.
        growth: 2 sinh(s) in tau, N and D.
        limit_numerator, limit_denominator: N and D at t = ∞, times R.
        time_scale: t_c in terms of R.
    """

    rate: Expr
    larger: Expr
    smaller: Expr
    numerator: Expr
    denominator: Expr
    decaying: Expr
    elapsed: Expr
    ratio: Expr
    progress: Expr
    output: Expr
    growth: Expr
    limit_numerator: Expr
    limit_denominator: Expr
    time_scale: Expr


def derive(reduction: Reduction, integral: RiccatiTime) -> ClosedForm:
    """Rewrite the projective solution in decaying exponentials, step by named step."""
    riccati = integral.riccati
    top, bottom = (
        by_decaying_exponentials(riccati.numerator),
        by_decaying_exponentials(riccati.denominator),
    )
    smaller, larger = conjugate_root(riccati.rate_squared)
    limits = [sympy.expand(R * z.subs(E, 0).subs(tau, 1 / R)) for z in (top, bottom)]
    solution = {
        "rate": 2 * sqrt(sympy.expand(riccati.rate_squared / 4)),
        "larger": larger,
        "smaller": smaller,
        "numerator": top,
        "denominator": bottom,
        "decaying": exp(-2 * R * t),
        "elapsed": -expm1(-2 * R * t) / R,
        # 2e^{−Rt} multiplies both N and D, hence E = e^{−2Rt} and the factor 4.
        "ratio": 4 * E / (numerator * denominator),
        "progress": progress(integral),
        "output": sympy.expand((B - integral.speed / (4 * alpha)) / lam),
        "growth": -4 * lam * residual_0 * tau / sqrt(numerator * denominator),
        "limit_numerator": limits[0],
        "limit_denominator": limits[1],
        "time_scale": 2 / R,
    }
    return ClosedForm(
        **solution,
        certificates=(
            *_rewriting_certificates(integral, solution),
            *_residual_certificates(reduction, integral, solution),
            *_limit_certificates(integral, solution),
        ),
        steps=_steps(solution),
    )


def by_decaying_exponentials(solution: Expr) -> Expr:
    """2e^{−Rt} times a projective coordinate: 1 + E = 2E + Rτ, and R ± 2B are r_plus and r_minus."""
    scaled = sympy.expand(2 * solution.xreplace({C: (1 + E) / 2, S: tau / 2}))
    linear = scaled.coeff(B)
    root = r_plus if linear.subs(tau, 1) > 0 else r_minus
    rest = sympy.expand(scaled - B * linear - (1 + E))
    return 2 * E + tau * (root + sympy.cancel(rest / tau))


def conjugate_root(rate_squared: Expr) -> tuple[Expr, Expr]:
    """R − 2|B| as the product (R + 2B)(R − 2B) over R + 2|B|, and that."""
    product = sympy.expand(PLUS * MINUS).subs(R**2, rate_squared)
    larger = R + 2 * Abs(B)
    return sympy.cancel(sympy.expand(product) / larger), larger


def progress(integral: RiccatiTime) -> Expr:
    """(f(t) − f(0)) / (y − f(0)), by the difference quotient of f in α and α − 1 = τ W / D.

    The speed is 4λα(y − f), so that speed(1) − speed(α)/α = 4λ (f(α) − f(1)), and W = 4λ(y − f(0)).
    """
    speed = integral.speed
    quotient = sympy.cancel((speed.subs(alpha, 1) - speed / alpha) / (alpha - 1))
    return sympy.expand(tau * quotient.subs(alpha, numerator / denominator) / denominator)


def _rewriting_certificates(
    integral: RiccatiTime, solution: Mapping[str, Expr]
) -> tuple[Certificate, ...]:
    riccati = integral.riccati
    relation, named = {R: riccati.rate_squared}, {r_plus: PLUS, r_minus: MINUS}
    halves = {C: (1 + E) / 2, S: (1 - E) / (2 * R)}
    top, bottom = (
        solution[z].xreplace(named).xreplace(IN_DECAY) for z in ("numerator", "denominator")
    )
    return (
        Certificate(
            "N", prove_equal(top, 2 * riccati.numerator.xreplace(halves), squares=relation)
        ),
        Certificate(
            "D", prove_equal(bottom, 2 * riccati.denominator.xreplace(halves), squares=relation)
        ),
        Certificate(
            "(1 + E)/2 = exp(-R t) C",
            prove_zero((1 + solution["decaying"]) / 2 - exp(-R * t) * sympy.cosh(R * t)),
        ),
        Certificate(
            "tau/2 = exp(-R t) S",
            prove_zero(solution["elapsed"] / 2 - exp(-R * t) * sympy.sinh(R * t) / R),
        ),
        Certificate(
            "tau = (1 - E)/R", prove_zero(solution["elapsed"] - (1 - solution["decaying"]) / R)
        ),
        *(
            Certificate(
                f"conjugate root, B {sign} 0",
                prove_equal(solution["smaller"].subs(Abs(B), size), root, squares=relation),
            )
            for sign, size, root in ((">=", B, MINUS), ("<", -B, PLUS))
        ),
        Certificate("larger root", prove_equal(solution["larger"].subs(Abs(B), B), PLUS)),
        Certificate(
            "growth = (N - D) / sqrt(N D)",
            prove_equal(
                solution["growth"]
                .xreplace({residual_0: -riccati.wronskian / (4 * lam)})
                .xreplace(IN_DECAY)
                * sqrt(numerator)
                * sqrt(denominator),
                top - bottom,
                squares=relation,
            ),
        ),
        Certificate("R", prove_equal(solution["rate"] ** 2, riccati.rate_squared)),
        Certificate(
            "N - D by the Wronskian",
            prove_equal(
                top - bottom, (riccati.wronskian * tau).xreplace(IN_DECAY), squares=relation
            ),
        ),
    )


def _residual_certificates(
    reduction: Reduction, integral: RiccatiTime, solution: Mapping[str, Expr]
) -> tuple[Certificate, ...]:
    riccati = integral.riccati
    names = integral.coefficients
    initial = reduction.output.subs(s, 0) - y
    at_t = reduction.output.subs(s, sympy.log(numerator / denominator) / 2) - y
    exact = {numerator: riccati.numerator, denominator: riccati.denominator}
    relation = {C: hyperbolic_square(riccati.rate_squared)[C].xreplace(names)}
    product = riccati.numerator * riccati.denominator
    decaying = {numerator: solution["numerator"], denominator: solution["denominator"]}
    total = (solution["progress"] + solution["ratio"]).xreplace(decaying)
    total = total.xreplace({r_plus: PLUS, r_minus: MINUS}).xreplace(IN_DECAY)
    # N and D of the record are 2e^{−Rt} times the projective ones, and E is e^{−2Rt}.
    scaled = {
        numerator: 2 * sqrt(E) * riccati.numerator,
        denominator: 2 * sqrt(E) * riccati.denominator,
    }
    return (
        Certificate(
            "progress + ratio = 1",
            prove_equal(total, sympy.Integer(1), squares={R: riccati.rate_squared}),
        ),
        Certificate(
            "the ratio is 1 / (N D)",
            prove_equal(solution["ratio"].xreplace(scaled), 1 / product),
        ),
        Certificate(
            "f in alpha",
            prove_equal(
                solution["output"].xreplace(names).xreplace({lam: reduction.rate}),
                reduction.output.subs(s, sympy.log(alpha) / 2),
            ),
        ),
        Certificate(
            "the Wronskian is -4 lambda (f(0) - y)",
            prove_equal(riccati.wronskian.xreplace(names), -4 * reduction.rate * initial),
        ),
        Certificate(
            "f(t) - y = (f(0) - y) / (N D)",
            prove_equal(
                at_t.xreplace(exact).xreplace(names),
                initial / product.xreplace(names),
                squares=relation,
            ),
        ),
    )


def _limit_certificates(
    integral: RiccatiTime, solution: Mapping[str, Expr]
) -> tuple[Certificate, ...]:
    named = {r_plus: PLUS, r_minus: MINUS}
    limits = {
        numerator: solution["limit_numerator"].xreplace(named),
        denominator: solution["limit_denominator"].xreplace(named),
    }
    homogeneous = sympy.expand(integral.speed.subs(alpha, numerator / denominator) * denominator**2)
    return (
        *(
            Certificate(
                f"{name}(t) differs from its limit by a multiple of E",
                _is_multiple_of_E(
                    (solution[full].xreplace(named) - limits[symbol] / R).xreplace(IN_DECAY)
                ),
            )
            for name, full, symbol in (
                ("N", "numerator", numerator),
                ("D", "denominator", denominator),
            )
        ),
        Certificate(
            "the limit is an equilibrium",
            prove_zero(homogeneous.xreplace(limits), squares={R: integral.riccati.rate_squared}),
        ),
        Certificate(
            "P = 0 < B: the residual ends at -y, the saddle at the origin",
            _saddle(integral, solution),
        ),
        Certificate(
            "E = exp(-4 t / t_c)",
            prove_zero(solution["decaying"] - exp(-4 * t / solution["time_scale"])),
        ),
    )


def _saddle(integral: RiccatiTime, solution: Mapping[str, Expr]) -> Verdict:
    """With A_P = 0 < B, D is a multiple of E; the ratio of residuals then tends to −y/(f(0) − y)."""
    size = sympy.Symbol("size", positive=True)
    case = {A_P: 0, B: size, R: solution["rate"].subs({A_P: 0, B: size})}
    named = {r_plus: PLUS, r_minus: MINUS, tau: (1 - E) / R}
    top, bottom = (solution[z].xreplace(named).subs(case) for z in ("numerator", "denominator"))
    limit = sympy.cancel(4 * E / (top * bottom)).subs(E, 0)
    # λ (f(0) − y) is −1/4 of the Wronskian, and λ y = B.
    return prove_equal(limit, (4 * B / integral.riccati.wronskian).subs(case))


def _is_multiple_of_E(difference: Expr) -> Verdict:
    quotient = sympy.cancel(sympy.expand(difference) / E)
    return Undecided(str(difference)) if quotient.has(E) else Proved("division by E")


def _steps(solution: Mapping[str, Expr]) -> tuple[Step, ...]:
    return (
        Step(
            "Closed form",
            (
                (E, solution["decaying"]),
                (tau, (1 - E) / R),
                (r_plus, PLUS),
                (r_minus, MINUS),
                (r"R-2|B|", solution["smaller"]),
                (alpha, numerator / denominator),
                (numerator, solution["numerator"]),
                (denominator, solution["denominator"]),
            ),
            r"$N$ and $D$ times $2e^{-Rt}$: only decaying exponentials and terms of one sign; of "
            r"$r_+$ and $r_-$ the smaller is the conjugate root. At $R=0$: $E=1$, $\tau=2t$.",
        ),
        Step(
            "Residual",
            (
                (r"\frac{f(t)-y}{f(0)-y}", solution["ratio"]),
                (r"\frac{f(t)-f(0)}{y-f(0)}", solution["progress"]),
                (r"f(t)", solution["output"]),
                (r"\varsigma=2\sinh(s)=\frac{N-D}{\sqrt{ND}}", solution["growth"]),
            ),
            r"$y-f=\dot\alpha/(4\lambda\alpha)=(\dot ND-N\dot D)/(4\lambda ND)$, whose numerator is "
            r"constant; $N,D>0$, so the residual keeps its sign and $f$ is monotone in time.",
        ),
        Step(
            "Limits and time scale",
            (
                (r"\alpha(\infty)", solution["limit_numerator"] / solution["limit_denominator"]),
                (t_c, solution["time_scale"]),
                (E, exp(-4 * t / t_c)),
            ),
            r"The dominant eigenvector of $\mathcal M$: the equilibrium $f=y$, or the saddle at the "
            r"origin when $P=0<\lambda y$ ($\alpha\to\infty$) or $Q=0>\lambda y$ ($\alpha\to0$).",
        ),
    )
