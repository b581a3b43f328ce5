"""What does not close: β = 2 with two incommensurable frequencies.

With z_k = exp(√μ_k s) the output of neuron k is rational in z_k. If √μ₁/√μ₂ is irrational, z₁ and z₂
are algebraically independent over the constants, and 1/(y − f) = A/B lies in the tower C(z₁)(z₂) of
exponential monomials with the derivation D z_k = √μ_k z_k. The residue criterion of the Risch
algorithm (Rothstein-Trager; Bronstein, Symbolic Integration I, Theorem 5.6.1) then says: if A/B has
an elementary integral, all roots ζ of the resultant of A − ζ D B and B with respect to z₂ are
constants. For two neurons one of the monic resultant's coefficients depends on z₁; so t(s) is not an
elementary function of s.

The two neurons start at u = 0 with units chosen so that h(s)² = a²/cos²(a s), a₁ = 1 and a₂ = r: a
counterexample, which shows that no formula for all starts exists. Where r is rational z₁ and z₂ are
powers of one exponential, the argument does not apply, and `elapsed` has the formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from flint import fmpq_mpoly
from sympy import Expr, I, Poly, Rational, Symbol, diff

from symbolic.network.convexity import ConvexLoss
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import eta_u, eta_w, gamma, h_i, rho, u_i
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, is_proved, prove_equal
from symbolic.proof.gaussian import Gaussian
from symbolic.proof.remembered import remembered
from symbolic.warp.flow_map import FlowMap
from symbolic.warp.notation import D_i, S_mu, T_mu

z_1, z_2, zeta = Symbol("z_1"), Symbol("z_2"), Symbol("zeta")
ratio = Symbol("r", positive=True)
TARGET = Rational(1)
RING = Gaussian(zeta, z_1, z_2, ratio)


@dataclass(frozen=True, kw_only=True)
class NotElementary(Record):
    """The residue criterion, violated.

    Attributes:
        resultant: in ζ, monic up to a factor in z_1.
        coefficient: a ratio of its coefficients that depends on z_1.
    """

    loss: Need[ConvexLoss]
    flow: Need[Flow]
    warp: Need[FlowMap]
    resultant: Expr
    coefficient: Expr

    def certify(self) -> Iterator[Certificate]:
        """The criterion, and that the exponentials are the flow of both neurons."""
        first, second = _neurons(self.flow, self.warp)
        top, bottom = _fraction(first + second)
        below, coefficients = Poly(bottom, z_2), _coefficients(self.resultant)
        rest = RING(_resultant(top, bottom) - self.resultant)
        whole = Proved("expansion") if rest == 0 else Undecided(f"they differ by {rest}")
        yield Certificate("the resultant is that of A - zeta D B and B", whole)
        is_ratio = _position(self.coefficient, self.resultant) is not None
        named = Proved("cancellation") if is_ratio else Undecided(f"{self.coefficient}")
        yield Certificate("it is a ratio of coefficients to the leading one", named)
        varies = _varies(self.coefficient)
        leading = _never_zero(below.LC())
        yield Certificate("the leading coefficient of B is not zero", leading)
        normal = _never_zero(coefficients.get(below.degree(), sympy.Integer(0)))
        yield Certificate("B is normal: the resultant has a root for each of its roots", normal)
        yield Certificate(
            "a ratio of coefficients depends on z_1: the residues are not constant", varies
        )
        for name, output, frequency, z in (
            ("first", first, sympy.Integer(1), z_1), ("second", second, ratio, z_2),
        ):  # fmt: skip
            yield Certificate(
                f"the {name} neuron, in exponentials, has the slope of the tangent kernel",
                _is_flow(self.flow, self.warp, output, frequency, z),
            )
        yield Certificate(
            "A/B = 1/(y - f)", prove_equal(top / bottom, 1 / (TARGET - first - second))
        )

    def explain(self) -> Iterator[Step]:
        """The criterion and what violates it."""
        first, second = _neurons(self.flow, self.warp)
        degree = max(_coefficients(self.resultant))
        k = _position(self.coefficient, self.resultant)
        yield Step(
            "No elementary time for incommensurable frequencies",
            (
                ("f", (first + second).xreplace({ratio: Symbol("a_2")})),
                (
                    r"\operatorname{res}_{z_2}(A_0-c\,\mathcal DA_1,\,A_1)",
                    rf"\text{{a polynomial of degree {degree} in $c$, with coefficients "
                    r"$\varphi_k$}",
                ),
                (
                    rf"\partial_{{z_1}}\frac{{\varphi_{k}}}{{\varphi_0}}",
                    r"\text{a function that is not $0$}",
                ),
            ),
            r"Residue criterion of the Risch algorithm in $\mathbb C(z_1)(z_2)$, "
            r"$z_k=e^{2\mathrm{i}a_ks}$, with $a_1=1$, $a_2$ irrational, and $A_0/A_1=1/(y-f)$ at "
            r"$y=1$: the residues are not constants.",
        )


def derive(loss: ConvexLoss, flow: Flow, warp: FlowMap | None) -> NotElementary:
    """Write two neurons in exponentials and compute the resultant.

    Raises:
        DoesNotApply: when neurons have no frequency, or no flow map, or the loss is no square.
    """
    if warp is None or warp.mu == 0:
        raise DoesNotApply("the neurons are not exponentials of warped time")
    if not warp.mu.has(u_i, h_i):
        raise DoesNotApply("all neurons have one frequency, whatever their start")
    if loss.factor is None:
        raise DoesNotApply("shown for losses that are squares alone")
    resultant = _resultant(*_fraction(sympy.Add(*_neurons(flow, warp))))
    lead, *others = _from_the_first(resultant)
    k = next((k for k, other in enumerate(others) if _change(other, lead) != 0), 0)
    return NotElementary(
        loss=loss, flow=flow, warp=warp, resultant=resultant, coefficient=others[k] / lead
    )


@remembered
def _neurons(flow: Flow, warp: FlowMap) -> tuple[Expr, Expr]:
    """Outputs of both neurons in their exponentials."""
    return _output(flow, warp, sympy.Integer(1), z_1), _output(flow, warp, ratio, z_2)


def _fraction(output: Expr) -> tuple[Expr, Expr]:
    """A and B of A/B = 1/(y − f)."""
    top, bottom = sympy.fraction(sympy.together(1 / (TARGET - output)))
    return top, bottom


@remembered
def _resultant(top: Expr, bottom: Expr) -> Expr:
    """Of A − ζ D B and B with respect to z₂, in ζ."""
    found = RING.resultant(RING(top - zeta * _derivation(bottom)), RING(bottom), z_2)
    return sympy.Add(*(part * zeta**k for k, part in RING.coefficients(found, zeta).items()))


@remembered
def _coefficients(resultant: Expr) -> dict[int, Expr]:
    """Of the powers of ζ."""
    return RING.coefficients(RING(resultant), zeta)


def _from_the_first(resultant: Expr) -> list[Expr]:
    """Coefficients of all powers of ζ from the largest on."""
    found = _coefficients(resultant)
    return [found.get(power, sympy.Integer(0)) for power in range(max(found), -1, -1)]


@remembered
def _change(top: Expr, bottom: Expr) -> fmpq_mpoly:
    """The numerator of the derivative of a fraction by z₁."""
    above, below = RING(top), RING(bottom)
    first, second = (RING.derivative(part, z_1) for part in (above, below))
    return RING.product(first, below) - RING.product(above, second)


@remembered
def _position(coefficient: Expr, resultant: Expr) -> int | None:
    """Which of the coefficients of the resultant, over the leading one, it is."""
    lead, *others = _from_the_first(resultant)
    found = (k for k, other in enumerate(others, 1) if _are_equal(coefficient, other / lead))
    return next(found, None)


def _are_equal(left: Expr, right: Expr) -> bool:
    return is_proved(prove_equal(left, right, squares={I: sympy.Integer(-1)}))


def _units(frequency: Expr) -> dict[Expr, Expr]:
    """A start at u = 0, and rates such that h′ = u h and u′ = h²; h = a gives μ = −a²."""
    return {
        gamma: sympy.Integer(1), eta_u: sympy.Integer(1), eta_w: Rational(1, 2),
        rho: sympy.Integer(1), u_i: sympy.Integer(0), h_i: frequency,
    }  # fmt: skip


def _output(flow: Flow, warp: FlowMap, frequency: Expr, z: Symbol) -> Expr:
    """A neuron's output in z = exp(2 i a s)."""
    return sympy.factor(sympy.simplify(_in_exponential(flow.output_i, warp, frequency, z)))


def _in_exponential(expression: Expr, warp: FlowMap, frequency: Expr, z: Symbol) -> Expr:
    """An expression in u and h, both at s, in z."""
    units = _units(frequency)
    here = sympy.powsimp(sympy.expand(expression.xreplace({u_i: warp.u, h_i: warp.h})))
    here = here.xreplace({D_i: warp.denominator}).subs(units)
    sine, cosine = Symbol("sine"), Symbol("cosine")
    places = {S_mu: sine / frequency, T_mu: (1 - cosine) / frequency**2}
    root = sympy.sqrt(z)
    return here.subs(places).subs(
        {sine: (root - 1 / root) / (2 * I), cosine: (root + 1 / root) / 2}
    )


def _derivation(expression: Expr) -> Expr:
    """D = d/ds, with D z_k = 2 i a_k z_k."""
    return 2 * I * (z_1 * diff(expression, z_1) + ratio * z_2 * diff(expression, z_2))


@remembered
def _never_zero(expression: Expr) -> Verdict:
    """Whether a polynomial in z_1 vanishes identically at no ratio r > 0."""
    return _none_is_shared(RING(expression))


@remembered
def _varies(coefficient: Expr) -> Verdict:
    """Whether it depends on z₁ at every ratio r > 0."""
    return _none_is_shared(_change(*sympy.fraction(sympy.together(coefficient))))


def _none_is_shared(polynomial: fmpq_mpoly) -> Verdict:
    common = sympy.gcd_list(list(RING.coefficients(polynomial, z_1).values()))
    if common != 0 and Poly(common, ratio).is_monomial:
        return Proved("the coefficients of the powers of z_1 have no common root r")
    return Undecided(f"common factor {common}")


@remembered
def _is_flow(flow: Flow, warp: FlowMap, output: Expr, frequency: Expr, z: Symbol) -> Verdict:
    """D f = K: the exponential form has the derivative of the flow."""
    kernel = _in_exponential(flow.tangent_kernel_i, warp, frequency, z)
    return prove_equal(_derivation(output), kernel, squares={I: sympy.Integer(-1)})
