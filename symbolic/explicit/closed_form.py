"""Stage: the closed form in time, α(t), the residual, the limits and the time scale.

Time enters only through the decaying exponential E = e^{−2Rt} and τ = (1 − E)/R, and every sum has
terms of one sign, so the formulas are accurate as they stand:

* R ± 2B, one of which cancels, by their product (the conjugate root);
* N − D by the Wronskian instead of the difference;
* the residual by its ratio to the initial one, so that it keeps its digits when it is 1e-300.

Source: Xu & Ziyin 2025, Theorem 1 (Eq. 8-12) and Proposition 2; one formula covers both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Abs, Expr, exp, sqrt
from sympy.codegen.cfunctions import expm1

from symbolic.explicit.decaying import (
    MINUS,
    PLUS,
    by_decaying_exponentials,
    conjugate_root,
    progress,
)
from symbolic.explicit.notation import (
    A_P,
    B,
    C,
    E,
    R,
    S,
    alpha,
    denominator,
    numerator,
    r_minus,
    r_plus,
    residual_0,
    t_c,
    tau,
)
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati import hyperbolic_square
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.notation.symbols import lam, s, t, y
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero

ROOTS, IN_DECAY = {r_plus: PLUS, r_minus: MINUS}, {tau: (1 - E) / R}


@dataclass(frozen=True, kw_only=True)
class ClosedForm(Record):
    """The solution in time. All expressions are in the symbols of `symbolic.explicit.notation`.

    Attributes:
        reduction: the output in warped time.
        integral: α(t) in projective coordinates.
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

    reduction: Need[Reduction]
    integral: Need[RiccatiTime]
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

    def certify(self) -> Iterator[Certificate]:
        """Insert what E, τ, r_plus and r_minus are, and compare with the projective solution."""
        yield from _rewriting_certificates(self)
        yield from _root_certificates(self)
        yield from _residual_certificates(self)
        yield from _limit_certificates(self)
        yield Certificate("R is not negative", _is_nonnegative(self.rate))
        yield Certificate("the limits do not depend on time", _constant_limits(self))

    def explain(self) -> Iterator[Step]:
        """The solution, the residual, and what both tend to."""
        yield Step(
            "Closed form",
            (
                (E, self.decaying),
                (tau, (1 - E) / R),
                (r_plus, PLUS),
                (r_minus, MINUS),
                (r"R-2|B|", self.smaller),
                (alpha, numerator / denominator),
                (numerator, self.numerator),
                (denominator, self.denominator),
            ),
            r"$N$ and $D$ times $2e^{-Rt}$: only decaying exponentials and terms of one sign; of "
            r"$r_+$ and $r_-$ the smaller is the conjugate root. At $R=0$: $E=1$, $\tau=2t$.",
        )
        yield Step(
            "Residual",
            (
                (r"\frac{f(t)-y}{f(0)-y}", self.ratio),
                (r"\frac{f(t)-f(0)}{y-f(0)}", self.progress),
                (r"f(t)", self.output),
                (r"\varsigma=2\sinh(s)=\frac{N-D}{\sqrt{ND}}", self.growth),
            ),
            r"$y-f=\dot\alpha/(4\lambda\alpha)=(\dot ND-N\dot D)/(4\lambda ND)$, whose numerator is "
            r"constant; $N,D>0$, so the residual keeps its sign and $f$ is monotone in time.",
        )
        yield Step(
            "Limits and time scale",
            (
                (r"\alpha(\infty)", self.limit_numerator / self.limit_denominator),
                (t_c, self.time_scale),
                (E, exp(-4 * t / t_c)),
            ),
            r"The dominant eigenvector of $\mathcal M$: the equilibrium $f=y$, or the saddle at the "
            r"origin when $P=0<\lambda y$ ($\alpha\to\infty$) or $Q=0>\lambda y$ ($\alpha\to0$).",
        )

    @property
    def relation(self) -> dict[Expr, Expr]:
        """What R² is."""
        return {R: self.integral.riccati.rate_squared}

    @property
    def in_exponentials(self) -> tuple[Expr, Expr]:
        """N and D in E, R, A_P, A_Q and B."""
        inner = (z.xreplace(ROOTS).xreplace(IN_DECAY) for z in (self.numerator, self.denominator))
        top, bottom = inner
        return top, bottom


def derive(reduction: Reduction, integral: RiccatiTime) -> ClosedForm:
    """Rewrite the projective solution in decaying exponentials, step by named step."""
    riccati = integral.riccati
    top, bottom = (
        by_decaying_exponentials(riccati.numerator),
        by_decaying_exponentials(riccati.denominator),
    )
    smaller, larger = conjugate_root(riccati.rate_squared)
    limits = [sympy.expand(R * z.subs(E, 0).subs(tau, 1 / R)) for z in (top, bottom)]
    return ClosedForm(
        reduction=reduction,
        integral=integral,
        rate=2 * sqrt(sympy.expand(riccati.rate_squared / 4)),
        larger=larger,
        smaller=smaller,
        numerator=top,
        denominator=bottom,
        decaying=exp(-2 * R * t),
        elapsed=-expm1(-2 * R * t) / R,
        # 2e^{−Rt} multiplies both N and D, hence E = e^{−2Rt} and the factor 4.
        ratio=4 * E / (numerator * denominator),
        progress=progress(integral),
        output=sympy.expand((B - integral.speed / (4 * alpha)) / lam),
        growth=-4 * lam * residual_0 * tau / sqrt(numerator * denominator),
        limit_numerator=limits[0],
        limit_denominator=limits[1],
        time_scale=2 / R,
    )


def _rewriting_certificates(record: ClosedForm) -> Iterator[Certificate]:
    riccati, relation = record.integral.riccati, record.relation
    halves = {C: (1 + E) / 2, S: (1 - E) / (2 * R)}
    top, bottom = record.in_exponentials
    yield Certificate(
        "N", prove_equal(top, 2 * riccati.numerator.xreplace(halves), squares=relation)
    )
    yield Certificate(
        "D", prove_equal(bottom, 2 * riccati.denominator.xreplace(halves), squares=relation)
    )
    yield Certificate(
        "(1 + E)/2 = exp(-R t) C",
        prove_zero((1 + record.decaying) / 2 - exp(-R * t) * sympy.cosh(R * t)),
    )
    yield Certificate(
        "tau/2 = exp(-R t) S",
        prove_zero(record.elapsed / 2 - exp(-R * t) * sympy.sinh(R * t) / R),
    )
    yield Certificate("tau = (1 - E)/R", prove_zero(record.elapsed - (1 - record.decaying) / R))


def _root_certificates(record: ClosedForm) -> Iterator[Certificate]:
    riccati, relation = record.integral.riccati, record.relation
    top, bottom = record.in_exponentials
    for sign, size, root in ((">=", B, MINUS), ("<", -B, PLUS)):
        yield Certificate(
            f"conjugate root, B {sign} 0",
            prove_equal(record.smaller.subs(Abs(B), size), root, squares=relation),
        )
    yield Certificate("larger root", prove_equal(record.larger.subs(Abs(B), B), PLUS))
    initial = {residual_0: -riccati.wronskian / (4 * lam)}
    growth = record.growth.xreplace(initial).xreplace(IN_DECAY)
    yield Certificate(
        "growth = (N - D) / sqrt(N D)",
        prove_equal(growth * sqrt(numerator) * sqrt(denominator), top - bottom, squares=relation),
    )
    yield Certificate("R", prove_equal(record.rate**2, riccati.rate_squared))
    yield Certificate(
        "N - D by the Wronskian",
        prove_equal(top - bottom, (riccati.wronskian * tau).xreplace(IN_DECAY), squares=relation),
    )


def _residual_certificates(record: ClosedForm) -> Iterator[Certificate]:
    reduction, integral, riccati = record.reduction, record.integral, record.integral.riccati
    names, product = integral.coefficients, riccati.numerator * riccati.denominator
    initial = reduction.output.subs(s, 0) - y
    decaying = {numerator: record.numerator, denominator: record.denominator}
    total = (record.progress + record.ratio).xreplace(decaying).xreplace(ROOTS).xreplace(IN_DECAY)
    yield Certificate(
        "progress + ratio = 1", prove_equal(total, sympy.Integer(1), squares=record.relation)
    )
    # N and D of the record are 2e^{−Rt} times the projective ones, and E is e^{−2Rt}.
    scaled = {
        numerator: 2 * sqrt(E) * riccati.numerator,
        denominator: 2 * sqrt(E) * riccati.denominator,
    }
    yield Certificate(
        "the ratio is 1 / (N D)", prove_equal(record.ratio.xreplace(scaled), 1 / product)
    )
    yield Certificate(
        "f in alpha",
        prove_equal(
            record.output.xreplace(names).xreplace({lam: reduction.rate}),
            reduction.output.subs(s, sympy.log(alpha) / 2),
        ),
    )
    yield Certificate(
        "the Wronskian is -4 lambda (f(0) - y)",
        prove_equal(riccati.wronskian.xreplace(names), -4 * reduction.rate * initial),
    )
    at_t = reduction.output.subs(s, sympy.log(numerator / denominator) / 2) - y
    exact = {numerator: riccati.numerator, denominator: riccati.denominator}
    yield Certificate(
        "f(t) - y = (f(0) - y) / (N D)",
        prove_equal(
            at_t.xreplace(exact).xreplace(names),
            initial / product.xreplace(names),
            squares={C: hyperbolic_square(riccati.rate_squared)[C].xreplace(names)},
        ),
    )


def _limit_certificates(record: ClosedForm) -> Iterator[Certificate]:
    limits = [z.xreplace(ROOTS) for z in (record.limit_numerator, record.limit_denominator)]
    for name, full, limit in zip("ND", record.in_exponentials, limits, strict=True):
        yield Certificate(
            f"{name}(t) differs from its limit by a multiple of E",
            _is_multiple_of_E(full - limit / R),
        )
    at_end = dict(zip((numerator, denominator), limits, strict=True))
    speed = record.integral.speed.subs(alpha, numerator / denominator)
    homogeneous = sympy.expand(speed * denominator**2)
    yield Certificate(
        "the limit is an equilibrium",
        prove_zero(homogeneous.xreplace(at_end), squares=record.relation),
    )
    yield Certificate(
        "P = 0 < B: the residual ends at -y, the saddle at the origin", _saddle(record)
    )
    yield Certificate(
        "E = exp(-4 t / t_c)", prove_zero(record.decaying - exp(-4 * t / record.time_scale))
    )


def _saddle(record: ClosedForm) -> Verdict:
    """With A_P = 0 < B, D is a multiple of E; the ratio of residuals then tends to −y/(f(0) − y)."""
    size = sympy.Symbol("size", positive=True)
    case = {A_P: 0, B: size, R: record.rate.subs({A_P: 0, B: size})}
    top, bottom = (z.subs(case) for z in record.in_exponentials)
    limit = sympy.cancel(4 * E / (top * bottom)).subs(E, 0)
    # λ (f(0) − y) is −1/4 of the Wronskian, and λ y = B.
    return prove_equal(limit, (4 * B / record.integral.riccati.wronskian).subs(case))


def _is_nonnegative(rate: Expr) -> Verdict:
    return Proved("sign of a root") if rate.is_nonnegative else Undecided(f"sign of {rate}")


def _constant_limits(record: ClosedForm) -> Verdict:
    symbols = record.limit_numerator.free_symbols | record.limit_denominator.free_symbols
    found = symbols & {E, t, tau}
    return Undecided(f"limits in {found}") if found else Proved("inspection")


def _is_multiple_of_E(difference: Expr) -> Verdict:
    quotient = sympy.cancel(sympy.expand(difference) / E)
    return Undecided(str(difference)) if quotient.has(E) else Proved("division by E")
