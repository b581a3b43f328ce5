"""Stage: one neuron's flow map in warped time s.

In warped time every neuron follows its own field, dθᵢ/ds = v(θᵢ), knowing nothing of the others.
For σ(h) = h^β some power y = h^m of the preactivation may obey a *linear* equation

    y″ = μ y + ν,   μ and ν conserved,

and then the neuron is solved on all branches at once: S = sinh(√μ s)/√μ and T = (cosh(√μ s) − 1)/μ
are entire functions of μ, so its sign, its zero and a vanishing preactivation are not special:

    D = (h(s)/h(0))^m = 1 + D₁ S + D₂ T.

The exponent is found, not given. `linear_powers` proves that there is one for β = 1, 2, 3
alone.
Source: Xu & Ziyin 2025, Eq. 27-34, who solve β = 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol, diff

from symbolic.laws.conservation import Conservation, is_quadratic_form, lie_derivative, unit_law
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import h_i, s, u_i
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Verdict, prove_equal, prove_zero
from symbolic.warp.notation import D_i, E_i, S_mu, T_mu, m, mu


@dataclass(frozen=True, kw_only=True)
class FlowMap(Record):
    """A neuron's flow map, in terms of its start (u_i, h_i) and of S and T.

    Attributes:
        exponent: m, with y = h^m.
        mu, nu: the conserved coefficients of y″ = μ y + ν.
        first, second: D₁ and D₂ of D = (h(s)/h(0))^m = 1 + D₁ S + D₂ T.
        denominator: D in terms of S and T.
        discriminant: Δ, which decides where D vanishes (see `pole`); Δ ≥ 0 where m < 0, and D = 0 is
            where the neuron is infinite.
        h, u: the neuron at s, in terms of D_i, S and T.
        gain: φ(s) − φ(0) times γ, the growth of the neuron's output, in S, T and D_i; every term
            has a factor S or T.
    """

    flow: Need[Flow]
    exponent: Expr
    mu: Expr
    nu: Expr
    first: Expr
    second: Expr
    denominator: Expr
    discriminant: Expr
    h: Expr
    u: Expr
    gain: Expr

    def certify(self) -> Iterator[Certificate]:
        """The linear equation, the field at the flow map, the gain, and what S and T stand for."""
        yield from _linear_certificates(self)
        yield from _flow_certificates(self)
        yield from FUNCTIONS
        z = Symbol("z", real=True)
        in_z = self.denominator.xreplace(rational_in(z, self.mu)) * (1 - self.mu * z**2 / 4)
        q = pole(self.first, self.discriminant)
        yield Certificate("D has the root z = 2/q", prove_zero(in_z.xreplace({z: 2 / q})))
        spelled = 1 + self.first * S_mu + self.second * T_mu
        yield Certificate("D = 1 + D_1 S + D_2 T", prove_equal(self.denominator, spelled))

    def explain(self) -> Iterator[Step]:
        """The linear equation and the flow map."""
        nu = Symbol(r"\nu", real=True)
        yield Step(
            "Linear equation in the warp",
            (
                (r"\frac{d^2}{ds^2}h_i^{m}", mu * h_i**m + nu),
                (m, self.exponent),
                (mu, self.mu),
                (nu, self.nu),
            ),
            r"$m$ is sought such that every term of $(h_i^m)''$ is a multiple of $h_i^m$ or "
            r"constant along the flow; $\mu$ and $\nu$ are conserved.",
        )
        yield Step(
            "Flow map of a neuron",
            ((D_i, self.denominator), ("h_i(s)", self.h), ("u_i(s)", self.u)),
            r"$S_\mu=\sinh(\sqrt\mu s)/\sqrt\mu$ and $T_\mu=(\cosh(\sqrt\mu s)-1)/\mu$ are entire in "
            r"$\mu$: one formula for every sign of $\mu$; on the right stand initial values.",
        )


def second_derivative_ratio(flow: Flow, law: Expr) -> Expr:
    """y″/y for y = h^m along v, in h and the conserved quantity E_i = law, with m open."""
    power = h_i**m
    ratio = _along(flow, _along(flow, power)) / power
    square = sympy.solve(law - E_i, u_i**2)[0]
    return sympy.powsimp(sympy.expand(sympy.expand(ratio).subs(u_i**2, square)))


def linear_exponent(ratio: Expr) -> Expr:
    """The exponent m ≠ 0 of smallest size with y″ = μ y + ν.

    Every term c(m) h^k of y″/y must be constant (k = 0), inhomogeneous (k = −m) or absent.

    Raises:
        DoesNotApply: when there is none.
    """
    terms: dict[Expr, Expr] = {}
    for term in sympy.Add.make_args(sympy.expand(ratio)):
        coefficient, power = term.as_independent(h_i, as_Add=False)
        exponent = power.as_base_exp()[1] if power != 1 else sympy.Integer(0)
        terms[exponent] = terms.get(exponent, sympy.Integer(0)) + coefficient
    candidates = {-exponent for exponent in terms}
    for coefficient in terms.values():
        candidates |= set(sympy.roots(sympy.Poly(sympy.factor(coefficient), m)))
    fitting = [
        candidate
        for candidate in candidates
        if candidate != 0
        and all(
            exponent in (0, -candidate) or sympy.expand(coefficient.subs(m, candidate)) == 0
            for exponent, coefficient in terms.items()
        )
    ]
    if not fitting:
        raise DoesNotApply(f"no power of h obeys a linear equation: y''/y = {ratio} for y = h^m")
    return min(fitting, key=lambda candidate: (abs(candidate), -candidate))


def warped_derivative(expression: Expr, value: Expr) -> Expr:
    """d/ds by the rules S′ = 1 + μ T and T′ = S."""
    return diff(expression, S_mu) * (1 + value * T_mu) + diff(expression, T_mu) * S_mu


def relation(value: Expr) -> dict[Expr, Expr]:
    """S² = 2 T + μ T², which is cosh² − sinh² = 1."""
    return {S_mu: 2 * T_mu + value * T_mu**2}


def rational_in(place: Expr, value: Expr) -> dict[Expr, Expr]:
    """S and T in z = 2 tanh(√μ s/2)/√μ, which is 2 tan(√−μ s/2)/√−μ for μ < 0 and s for μ = 0."""
    half = 1 - value * place**2 / 4
    return {S_mu: place / half, T_mu: place**2 / 2 / half}


def derive(flow: Flow, laws: Conservation) -> FlowMap:
    """Find the exponent, solve the linear equation, and turn y back into h and u.

    Raises:
        DoesNotApply: when no power of h obeys a linear equation.
    """
    if flow.velocity_h.has(sympy.Piecewise):
        raise DoesNotApply("the activation has branches: it is a power on each alone")
    law = unit_law(laws)
    if not is_quadratic_form(law):
        raise DoesNotApply(f"the activation is not a power: the neuron conserves {law}")
    ratio = second_derivative_ratio(flow, law)
    exponent = linear_exponent(ratio)
    value, over_y = (sympy.factor(part.xreplace({E_i: law})) for part in _parts(ratio, exponent))
    power = h_i**exponent
    first = sympy.cancel(_along(flow, power) / power)
    second = sympy.factor(value + over_y)
    denominator = 1 + first * S_mu + second * T_mu
    root = 1 / exponent
    h_s = sympy.expand(h_i * denominator**root) if root.is_Integer and root > 0 else h_i * D_i**root
    u_s = _weight(flow, h_s, denominator, value)
    return FlowMap(
        flow=flow,
        exponent=exponent,
        mu=value,
        nu=sympy.cancel(over_y * power),
        first=first,
        second=second,
        denominator=denominator,
        discriminant=sympy.factor(first**2 - 2 * second + value),
        h=h_s,
        u=u_s,
        gain=_gain(flow, h_s, u_s, denominator),
    )


def _along(flow: Flow, expression: Expr) -> Expr:
    return lie_derivative(expression, {u_i: flow.velocity_u, h_i: flow.velocity_h})


def _parts(ratio: Expr, exponent: Expr) -> tuple[Expr, Expr]:
    """μ and ν/y of y″/y = μ + ν/y, in E_i and h."""
    terms = sympy.Add.make_args(sympy.expand(sympy.expand(ratio).subs(m, exponent)))
    own = sympy.Add(*(term for term in terms if not term.has(h_i)))
    return own, sympy.Add(*terms) - own


def _weight(flow: Flow, h_s: Expr, denominator: Expr, value: Expr) -> Expr:
    """u(s) from h′ = v(h), which is u times a function of h."""
    slope = diff(h_s, D_i) * warped_derivative(denominator, value)
    slope += warped_derivative(h_s, value)
    per_weight = sympy.cancel(flow.velocity_h / u_i).xreplace({h_i: h_s})
    whole = sympy.powsimp(sympy.factor(sympy.powsimp(sympy.factor(slope / per_weight))))
    top, bottom = sympy.fraction(whole)
    return sympy.collect(sympy.expand(top), (S_mu, T_mu), sympy.factor) / bottom


def _gain(flow: Flow, h_s: Expr, u_s: Expr, denominator: Expr) -> Expr:
    """γ(φ(s) − φ(0)) without its constant term: every summand has a factor S or T."""
    here = sympy.powsimp(sympy.expand(flow.output_i.xreplace({u_i: u_s, h_i: h_s})))
    top, bottom = sympy.fraction(sympy.together(here))
    start = flow.output_i
    grown = sympy.expand(top) - sympy.expand(start)
    # 1 − D^k = −(D − 1)(1 + D + … + D^(k−1)), and D − 1 has a factor S or T in every term.
    power = sympy.Poly(bottom, D_i).degree() if bottom.has(D_i) else 0
    series = sympy.Add(*(D_i**k for k in range(power)))
    return (sympy.factor(grown) - start * (denominator - 1) * series) / bottom


def pole(first: Expr, discriminant: Expr) -> Expr:
    """The q = −D₁ + √Δ of the first s > 0 with D = 0, which has tanh(√μ s/2)/√μ = 1/q.

    In z = 2 tanh(√μ s/2)/√μ (see `rational_in`) D is a quadratic over 1 − μ z²/4; of its roots
    2/(−D₁ ± √Δ) the plus sign is met first.
    """
    return -first + sympy.sqrt(discriminant)


REALISED = {S_mu: sympy.sinh(sympy.sqrt(mu) * s) / sympy.sqrt(mu),
            T_mu: (sympy.cosh(sympy.sqrt(mu) * s) - 1) / mu}  # fmt: skip


def _linear_certificates(record: FlowMap) -> Iterator[Certificate]:
    flow, power, value = record.flow, h_i**record.exponent, record.mu
    twice = _along(flow, _along(flow, power))
    linear = prove_equal(twice, value * power + record.nu)
    yield Certificate("(h^m)'' = mu h^m + nu", linear)
    yield Certificate("mu is conserved", prove_zero(_along(flow, value)))
    yield Certificate("nu is conserved", prove_zero(_along(flow, record.nu)))


def _flow_certificates(record: FlowMap) -> Iterator[Certificate]:
    """The field of the flow map, its start, and the gain of the output."""
    flow, value, denominator = record.flow, record.mu, record.denominator
    here, rules = {u_i: record.u, h_i: record.h}, relation(record.mu)

    def equal(left: Expr, right: Expr) -> Verdict:
        left, right = (part.xreplace({D_i: denominator}) for part in (left, right))
        return prove_equal(left, right, squares=rules)

    def derivative(expression: Expr) -> Expr:
        inner = warped_derivative(denominator, value)
        return diff(expression, D_i) * inner + warped_derivative(expression, value)

    def growth(velocity: Expr) -> Expr:
        return velocity.xreplace(here)

    begin = {S_mu: sympy.Integer(0), T_mu: sympy.Integer(0), D_i: sympy.Integer(1)}
    gained = flow.output_i.xreplace(here) - flow.output_i
    slope = equal(derivative(record.gain), growth(flow.tangent_kernel_i))
    yield Certificate("dh/ds = v(h)", equal(derivative(record.h), growth(flow.velocity_h)))
    yield Certificate("du/ds = v(u)", equal(derivative(record.u), growth(flow.velocity_u)))
    yield Certificate("the flow map starts at u", prove_equal(record.u.xreplace(begin), u_i))
    yield Certificate("the flow map starts at h", prove_equal(record.h.xreplace(begin), h_i))
    yield Certificate("gain is the growth of the output", equal(record.gain, gained))
    yield Certificate("the slope of the gain is the tangent kernel", slope)
    # D is left free: a gain that cancels only where D = 1 would lose all digits near the start.
    nothing = record.gain.xreplace({S_mu: sympy.Integer(0), T_mu: sympy.Integer(0)})
    yield Certificate("every term of the gain has a factor S or T", prove_zero(nothing))


def _function_certificates() -> Iterator[Certificate]:
    """S and T, the same for all networks."""
    S, T = REALISED[S_mu], REALISED[T_mu]
    tangent = rational_in(2 * sympy.tanh(sympy.sqrt(mu) * s / 2) / sympy.sqrt(mu), mu)
    yield Certificate("S' = 1 + mu T", prove_equal(diff(S, s), 1 + mu * T))
    yield Certificate("T' = S", prove_equal(diff(T, s), S))
    yield Certificate("S^2 = 2 T + mu T^2", prove_zero(S**2 - 2 * T - mu * T**2))
    yield Certificate("T(s) = 2 S(s/2)^2", prove_equal(T, 2 * S.subs(s, s / 2) ** 2))
    for part in (S_mu, T_mu):
        rational = prove_equal(REALISED[part], tangent[part])
        yield Certificate(f"{part} is rational in z", rational)


FUNCTIONS = tuple(_function_certificates())
