"""Emitted functions of one neuron: activation, field, tangent kernel, conserved quantity, flow map.

Every network has the first; the flow map and its poles only where the derivation found them. All are
written in ρ² = ‖x‖², so that exact input stays rational.
"""

from __future__ import annotations

import sympy
from sympy import Abs, Expr, Integral, Piecewise, Symbol, sin, sqrt
from sympy.codegen.cfunctions import expm1

from symbolic import vocabulary as notation
from symbolic.codegen.fractions import without_bare_fractions
from symbolic.codegen.names import ONE, SOURCE, ZERO, equations, named, real, safe
from symbolic.codegen.program import Function, Structure
from symbolic.codegen.stable import stable, with_log1p
from symbolic.derivation import Derivation
from symbolic.laws.conservation import Conservation, unit_law
from symbolic.network.gradient_flow import Flow
from symbolic.warp import flow_map as warp
from symbolic.warp.equation import ScalarEquation
from symbolic.warp.flow_map import FlowMap

gamma, eta_u, eta_w, rho_2, u, h, u_0, h_0 = named("gamma eta_u eta_w rho_2 u h u_0 h_0")
s, beta, mu, first, second, discriminant = named("s beta mu first second discriminant")
scale, S_mu, T_mu, denominator = named("scale S_mu T_mu denominator")
z_top, z_bottom = named("z_top z_bottom")
D = Symbol("D_i", real=True)
RATES = (gamma, eta_u, eta_w, rho_2)

MEANING = "Hyperparameters and the squared norm of the data point."
NEURON = Structure(
    "Neuron",
    "neuron",
    (u_0, h_0, mu, first, second, discriminant),
    "A neuron's start and the coefficients of its linear equation in warped time.",
)
PLACE = Structure(
    "Place",
    "place",
    (scale, S_mu, T_mu, denominator),
    "A neuron at a warped time: S, T and D, all times `scale`.",
)


def local(expression: Expr, start: bool = False) -> Expr:
    """An expression of the derivation in the symbols of this module."""
    here = {"u_i": u_0, "h_i": h_0} if start else {"u_i": u, "h_i": h}
    expression = expression.subs(notation.rho, sqrt(Symbol("rho_2", positive=True)))
    expression = real(sympy.powsimp(expression))
    expression = expression.xreplace({Symbol(name, real=True): z for name, z in here.items()})
    expression = with_log1p(expression)
    return without_bare_fractions(expression)


def network(derivation: Derivation) -> Structure:
    """The hyperparameters; a power that the derivation left open is one of them."""
    left_open = notation.beta in derivation[Flow].output_i.free_symbols
    return Structure("Network", "network", (*RATES, *((beta,) if left_open else ())), MEANING)


def bends(derivation: Derivation) -> tuple[Expr, ...]:
    """Preactivations at which σ goes over from one branch to another, increasing."""
    edges = {
        edge
        for piece in derivation.model.activation(notation.h_i).rewrite(Piecewise).atoms(Piecewise)
        for _, condition in piece.args
        for relation in condition.atoms(sympy.core.relational.Relational)
        for edge in sympy.solve(relation.lhs - relation.rhs, notation.h_i)
    }
    return tuple(sorted(edges))


def neuron(derivation: Derivation) -> tuple[Function, ...]:
    """What every network has."""
    field, given = derivation[Flow], network(derivation)
    kernel = derivation[ScalarEquation].kernel_i
    law = unit_law(derivation[Conservation])
    rows: list[tuple[str, str, Expr, tuple[Symbol, ...], str]] = [
        ("activation", "Activation σ.", derivation.model.activation(notation.h_i), (h,), "Eq. 1"),
        (
            "output",
            "A neuron's contribution γ u σ(h) to the output.",
            field.output_i,
            (u, h),
            "Eq. 1",
        ),
        ("velocity_u", "Velocity du/ds in warped time.", field.velocity_u, (h,), "Eq. 22"),
        ("velocity_h", "Velocity dh/ds in warped time.", field.velocity_h, (u, h), "Eq. 22"),
        (
            "kernel",
            "A neuron's contribution to df/ds, the tangent kernel at x.",
            kernel,
            (u, h),
            "Eq. 32",
        ),
    ]
    for argument, weight in ((u, notation.u_i), (h, notation.h_i)):
        words = f"Slope of a neuron's contribution to the tangent kernel, by its {argument}."
        rows.append((f"kernel_by_{argument}", words, sympy.diff(kernel, weight), (u, h), "Eq. 32"))
    if law.has(Integral, sympy.polylog):
        slope = sympy.simplify(sympy.expand_func(-sympy.diff(law, notation.h_i) / 2))
        words = "g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved."
        rows.append(("orbit_slope", words, slope, (h,), "Eq. 23, any activation"))
    else:
        words = "The neuron's conserved quantity, in units of u²."
        rows.append(("conserved", words, law, (u, h), "Eq. 23"))
    return tuple(_simple(*row, given) for row in rows)


def _simple(
    name: str,
    summary: str,
    value: Expr,
    arguments: tuple[Symbol, ...],
    source: str,
    given: Structure,
) -> Function:
    (result,) = named(f"{name}_value")
    expression = local(value)
    return Function(
        name,
        summary,
        equations(**{name: expression}),
        f"{SOURCE}, {source}",
        arguments,
        (given,),
        ((result, stable(expression, h)),),
        result,
    )


def flow_map(solution: FlowMap, given: Structure) -> tuple[Function, ...]:
    """The neuron at a warped time, its gain of output, and where it escapes."""
    return (
        _coefficients(solution, given),
        _place(solution),
        _entire_place(solution),
        _rational_place(solution),
        *_weights(solution, given),
        *_gain(solution, given),
        _pole(solution),
    )


def _coefficients(solution: FlowMap, given: Structure) -> Function:
    values = {
        mu: local(solution.mu, start=True),
        first: local(solution.first, start=True),
        second: local(solution.second, start=True),
        discriminant: local(solution.discriminant, start=True),
    }
    return Function(
        "neuron",
        "The coefficients of a neuron's linear equation, from its start.",
        equations(**{str(z): value for z, value in values.items()}),
        f"{SOURCE}, Eq. 27",
        (u_0, h_0),
        (given,),
        tuple(values.items()),
        NEURON,
    )


def _place(solution: FlowMap) -> Function:
    """S and T times exp(−√μ|s|): only decaying exponentials appear."""
    rate, angle, safe_rate = named("rate angle safe_rate")
    whole = scale + first * S_mu + second * T_mu
    size = Abs(s)
    if solution.mu == 0:
        body: tuple[tuple[Symbol, Expr], ...] = (
            (scale, ONE), (S_mu, s), (T_mu, s**2 / 2),
        )  # fmt: skip
    else:
        sign = Piecewise((ONE, s >= 0), (-ONE, True))
        up, down = mu > 0, mu < 0
        decayed, half = named("decayed half")
        body = (
            (rate, sqrt(Abs(mu))),
            safe(rate, rate > 0),
            (angle, rate * size),
            (decayed, Piecewise((angle, up), (ZERO, True))),
            (scale, sympy.exp(-decayed)),
            (half, sin(angle / 2)),
            (S_mu, Piecewise(
                (-sign * expm1(-2 * decayed) / (2 * safe_rate), up),
                (sign * sin(angle) / safe_rate, down), (s, True))),
            (T_mu, Piecewise(
                ((expm1(-decayed) / safe_rate) ** 2 / 2, up),
                (2 * (half / safe_rate) ** 2, down), (s**2 / 2, True))),
        )  # fmt: skip
    return Function(
        "place",
        "A neuron's S, T and D at warped time s, scaled by exp(−√μ|s|) where μ > 0.",
        equations(
            S_mu=real(warp.REALISED[notation.S_mu]),
            T_mu=real(warp.REALISED[notation.T_mu]),
            denominator=1 + first * S_mu + second * T_mu,
        ),
        f"{SOURCE}, Eq. 29",
        (s,),
        (NEURON,),
        (*body, (denominator, whole)),
        PLACE,
    )


def _entire_place(solution: FlowMap) -> Function:
    """S, T and D as entire functions of s, for complex s and for polynomials in s."""
    rate, half = named("rate half")
    if solution.mu == 0:
        body: tuple[tuple[Symbol, Expr], ...] = ((S_mu, s), (T_mu, s**2 / 2))
    else:
        realised = real(warp.REALISED[notation.S_mu])

        def entire(z: Expr) -> Expr:
            up = realised.subs(Symbol("s", real=True), z).subs(sqrt(mu), rate)
            down = sin(rate * z) / rate
            guard, _ = safe(rate, rate > 0)
            return Piecewise(
                (up.xreplace({1 / rate: 1 / guard}), mu > 0),
                (down.xreplace({1 / rate: 1 / guard}), mu < 0),
                (z, True),
            )

        body = (
            (rate, sqrt(Abs(mu))),
            safe(rate, rate > 0),
            (S_mu, entire(s)),
            (half, entire(s / 2)),
            (T_mu, 2 * half**2),
        )
    return Function(
        "entire_place",
        "A neuron's S, T and D, unscaled, as entire functions of s.",
        equations(
            S_mu=real(warp.REALISED[notation.S_mu]),
            T_mu=real(warp.REALISED[notation.T_mu]),
            denominator=1 + first * S_mu + second * T_mu,
        ),
        f"{SOURCE}, Eq. 29",
        (s,),
        (NEURON,),
        (*body, (scale, ONE), (denominator, 1 + first * S_mu + second * T_mu)),
        PLACE,
    )


def _rational_place(solution: FlowMap) -> Function:
    """S, T and D times 1 − μ z²/4 and the square of z's denominator: polynomials in both parts of z."""
    value = mu if solution.mu != 0 else ZERO
    common = z_bottom**2 - value * z_top**2 / 4
    rational = {
        Symbol(part.name, real=True): sympy.cancel(whole * common)
        for part, whole in warp.rational_in(z_top / z_bottom, value).items()
    }
    return Function(
        "rational_place",
        "A neuron's S, T and D from z = z_top/z_bottom = 2 tanh(√μ s/2)/√μ, scaled to be polynomials.",
        equations(scale=common, **{part.name: whole for part, whole in rational.items()}),
        f"{SOURCE}, Eq. 29",
        (z_top, z_bottom),
        (NEURON,),
        (
            (scale, common),
            *rational.items(),
            (denominator, scale + first * S_mu + second * T_mu),
        ),
        PLACE,
    )


def scaled(expression: Expr) -> Expr:
    """An expression in S, T and D, in terms of scaled ones; coefficients by name."""
    named_parts = {
        notation.D_i: Symbol("D_hat", positive=True),
    }
    expression = local(expression.xreplace(named_parts), start=True)
    # `scale` is merely real: a root of a quotient stays one root, of an array in every backend.
    bare = expression.subs(
        {
            Symbol("S_mu", real=True): S_mu / scale,
            Symbol("T_mu", real=True): T_mu / scale,
            Symbol("D_hat", real=True): denominator / scale,
        },
        simultaneous=True,
    )
    if not bare.is_rational_function():
        return bare
    top, bottom = sympy.fraction(sympy.cancel(bare))
    return sympy.collect(sympy.expand(top), (S_mu, T_mu), sympy.factor) / bottom


def _weights(solution: FlowMap, given: Structure) -> tuple[Function, ...]:
    (u_s, h_s) = named("u_s h_s")
    return tuple(
        Function(
            f"{name}_at",
            f"{words} at a warped time.",
            equations(**{name: local(value, start=True)}),
            f"{SOURCE}, Eq. 7",
            (),
            (given, NEURON, PLACE),
            ((result, scaled(value)),),
            result,
        )
        for name, words, result, value in (
            ("u", "Second-layer weight", u_s, solution.u),
            ("h", "Preactivation", h_s, solution.h),
        )
    )


def gain_power(solution: FlowMap) -> int:
    """The power of D below the gain."""
    bottom = sympy.fraction(solution.gain)[1]
    return int(sympy.Poly(bottom, notation.D_i).degree()) if bottom.has(notation.D_i) else 0


def _gain(solution: FlowMap, given: Structure) -> tuple[Function, ...]:
    """The gain, and its numerator alone, which polynomials in s can be put into."""
    gain, top = named("gain_value top")
    value = scaled(solution.gain)
    power = gain_power(solution)
    numerator = sympy.factor(value * denominator**power)
    words = "Growth of a neuron's output since s = 0; every term has a factor S or T."
    structures = (given, NEURON, PLACE)
    source = f"{SOURCE}, Eq. 32"
    exact = local(solution.gain, start=True)
    whole = sympy.cancel(value * denominator**power / numerator) * top / denominator**power
    return (
        Function("gain_numerator", words + " Times a power of D.", equations(top=exact * D**power),
                 source, (), structures, ((top, numerator),), top),
        Function("gain", words, equations(gain=exact), source, (top,), (PLACE,),
                 ((gain, whole),), gain),
    )  # fmt: skip


def _pole(solution: FlowMap) -> Function:
    """The first s > 0 with D = 0: 2 artanh(√μ/q)/√μ, 2 arctan2(√−μ, q)/√−μ or 2/q.

    Only a negative power of D is infinite there; a positive one is 0, and the neuron passes through.
    """
    q, root, rate, safe_q, pole_at, ratio = named("q root rate safe_q pole_at ratio")
    meaning = equations(q=-first + sqrt(discriminant))
    base = (
        (root, sqrt(discriminant)),
        (q, -first + root),
        (safe_q, Piecewise((q, q > 0), (ONE, True))),
    )
    body: tuple[tuple[Symbol, Expr], ...]
    if solution.exponent > 0:
        meaning, body = equations(pole=sympy.oo), ((pole_at, sympy.oo),)
    elif solution.mu == 0:
        body = (*base, (pole_at, Piecewise((2 / safe_q, q > 0), (sympy.oo, True))))
    else:
        # q (−D₁ − √Δ) = D₁² − Δ = 2 D₂ − μ = μ: for μ ≥ 0 there is a pole, q > √μ, if D₁ < 0.
        safe_ratio = Piecewise((rate / safe_q, first < 0), (ZERO, True))
        body = (
            *base,
            (rate, sqrt(Abs(mu))),
            safe(rate, rate > 0),
            (ratio, safe_ratio),
            (
                pole_at,
                Piecewise(
                    (2 * sympy.atan2(rate, q) / Symbol("safe_rate", real=True), mu < 0),
                    (sympy.oo, first >= 0),
                    (2 * sympy.atanh(ratio) / Symbol("safe_rate", real=True), mu > 0),
                    (2 / safe_q, True),
                ),
            ),
        )
    return Function(
        "pole",
        "The first warped time s > 0 at which the neuron is infinite; infinity if it never is.",
        meaning,
        f"{SOURCE}, Eq. 29",
        (),
        (NEURON,),
        body,
        pole_at,
    )


__all__ = ["NEURON", "PLACE", "flow_map", "network", "neuron"]
