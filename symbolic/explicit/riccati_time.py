"""Stage: t as a function of the warp, and the Riccati equation behind it.

With α = e^{2s} the scalar equation becomes α′ = c₀ + c₁α + c₂α², so t(α) = ∫₁^α dz/(c₀ + c₁z +
c₂z²). The projective solution gives S = sinh(R t)/R along the trajectory, and with it the integral
as asinh(R S)/R: one formula on both branches (α growing or falling) and at the double root.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Poly, diff, exp

from symbolic.explicit.notation import A_P, A_Q, B, R, S, alpha
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati import Riccati, hyperbolic_square, solve
from symbolic.notation.symbols import lam, s
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.parts import named


@dataclass(frozen=True, kw_only=True)
class RiccatiTime(Record):
    """The scalar equation as a Riccati equation, solved both ways.

    Attributes:
        reduction: the scalar equation.
        coefficients: A_P, A_Q and B in terms of the hyperparameters, P and Q.
        riccati: α(t) in projective coordinates, with coefficients named A_P, A_Q, B.
        speed: dα/dt in terms of α.
        hyperbolic_sine: S = sinh(R t)/R as a function of α, on both branches.
    """

    reduction: Need[Reduction]
    coefficients: dict[Expr, Expr]
    riccati: Riccati
    speed: Expr
    hyperbolic_sine: Expr

    def certify(self) -> Iterator[Certificate]:
        """The chain rule for α = e^{2s}, the derivative of t, and the projective solution."""
        alpha_s = exp(2 * s)
        yield Certificate(
            "d(alpha)/dt in named coefficients",
            prove_equal(
                diff(alpha_s, s) * self.reduction.speed.xreplace({lam: self.reduction.rate}),
                self.speed.xreplace(named(self.coefficients, A_P, A_Q, B)).subs(alpha, alpha_s),
            ),
        )
        yield from _derivative_certificates(self)
        yield from _branch_certificates(self)
        yield Certificate("t = 0 at alpha = 1", _vanishes_at_start(self.hyperbolic_sine))
        yield Certificate("S agrees with the projective solution", _agrees(self))
        c_0, c_1, c_2 = self.riccati.coefficients
        yield Certificate(
            "the projective solution is that of d(alpha)/dt",
            prove_equal(self.speed, c_0 + c_1 * alpha + c_2 * alpha**2),
        )
        yield Certificate("it starts at alpha = 1", prove_zero(self.riccati.start - 1))

    def explain(self) -> Iterator[Step]:
        """The equation, its solution, and the time as an integral."""
        yield Step(
            "Riccati equation",
            ((r"\frac{d\alpha}{dt}", self.speed), *self.coefficients.items()),
            r"$\alpha=e^{2s}$, so that $p_i(t)^2=\alpha\,p_i(0)^2$ and $q_i(t)^2=q_i(0)^2/\alpha$.",
        )
        yield from self.riccati.steps
        yield Step(
            "Integral",
            (
                (S, self.hyperbolic_sine),
                (sympy.Symbol("t"), sympy.asinh(R * S) / R),
            ),
            r"$t=\int_1^\alpha dz/\dot\alpha(z)$: the derivative of the right side is $1/\dot\alpha$ "
            r"on both branches, its value at $\alpha=1$ is $0$. At $R=0$ it is $t=S$.",
        )

    @property
    def signed_sine(self) -> Expr:
        """S without its absolute value: negative where α falls."""
        return self.hyperbolic_sine.replace(sympy.Abs, lambda z: z)


def derive(reduction: Reduction) -> RiccatiTime:
    """Change the variable, name the coefficients, integrate."""
    speed = 2 * alpha * reduction.speed.xreplace({lam: reduction.rate})
    in_alpha = sympy.expand(speed.subs(s, sympy.log(alpha) / 2))
    if in_alpha.has(exp, sympy.log) or not in_alpha.is_polynomial(alpha):
        raise DoesNotApply(f"d(alpha)/dt = {in_alpha} is not polynomial in alpha")
    polynomial = Poly(in_alpha, alpha)
    if polynomial.degree() > 2:
        raise DoesNotApply(f"d(alpha)/dt has degree {polynomial.degree()} in alpha")
    c_0, c_1, c_2 = (polynomial.coeff_monomial(alpha**power) for power in range(3))
    scale = sympy.gcd_list([c.as_coeff_Mul()[0] for c in (c_0, c_1, c_2)])
    riccati = solve((scale * A_Q, scale * B, -scale * A_P), sympy.Integer(1))
    d_0, d_1, d_2 = riccati.coefficients
    velocity = d_0 + d_1 * alpha + d_2 * alpha**2
    return RiccatiTime(
        reduction=reduction,
        # λ is kept where it is a factor: B = λ y.
        coefficients={A_Q: c_0 / scale, B: c_1 / scale, A_P: -c_2 / scale},
        riccati=riccati,
        speed=velocity,
        hyperbolic_sine=sympy.Abs(alpha - 1) / sympy.sqrt(velocity.subs(alpha, 1) * velocity),
    )


def _derivative_certificates(record: RiccatiTime) -> Iterator[Certificate]:
    """dt/dα = S′/√(1 + R²S²) is 1/velocity: its square by the normal form, its sign by branch.

    With v₁ = v(1), 2v − (α−1)v′ = v₁ + v − c₂(α−1)², so dS/dα has the sign of v where v, v₁ > 0,
    since c₂ ≤ 0.
    """
    velocity, plain = record.speed, record.signed_sine
    slope = diff(plain, alpha)
    initial, second = velocity.subs(alpha, 1), sympy.expand(velocity).coeff(alpha, 2)
    turned = 2 * velocity - (alpha - 1) * diff(velocity, alpha)
    yield Certificate(
        "(dt/d alpha)^2 = 1/velocity^2",
        prove_equal(slope**2 * velocity**2, 1 + record.riccati.rate_squared * plain**2),
    )
    yield Certificate("S is not negative", _is_nonnegative(record.hyperbolic_sine))
    yield Certificate(
        "the logarithmic derivative of S",
        prove_equal(2 * velocity * (alpha - 1) * slope / plain, turned),
    )
    yield Certificate(
        "t grows with alpha where alpha grows",
        prove_equal(turned, initial + velocity - second * (alpha - 1) ** 2)
        if second.is_nonpositive
        else Undecided(f"sign of {second}"),
    )


def _branch_certificates(record: RiccatiTime) -> Iterator[Certificate]:
    """The falling branch is the growing one seen in 1/α with P and Q exchanged."""
    velocity, plain = record.speed, record.signed_sine
    mirror = {alpha: 1 / alpha, A_P: A_Q, A_Q: A_P, B: -B}
    yield Certificate(
        "exchanging P and Q sends alpha to 1/alpha",
        prove_equal(-(alpha**2) * velocity.xreplace(mirror), velocity),
    )
    yield Certificate(
        "the exchange leaves S as it is", prove_equal((plain**2).xreplace(mirror), plain**2)
    )


def _is_nonnegative(sine: Expr) -> Verdict:
    """An absolute value over a square root."""
    top, bottom = sympy.fraction(sine)
    if top.is_nonnegative and isinstance(bottom, sympy.Pow) and bottom.exp == sympy.Rational(1, 2):
        return Proved("absolute value over a root")
    return Undecided(f"sign of {sine}")


def _vanishes_at_start(sine: Expr) -> Verdict:
    value = sine.subs(alpha, 1)
    return Proved("substitution") if value == 0 else Undecided(f"S(1) = {value}")


def _agrees(record: RiccatiTime) -> Verdict:
    """At α = N/D the square of the formula is S²."""
    riccati = record.riccati
    squared = (record.signed_sine**2).subs(alpha, riccati.numerator / riccati.denominator)
    return prove_equal(squared, S**2, squares=hyperbolic_square(riccati.rate_squared))
