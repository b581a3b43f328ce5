"""Emitted functions of a neuron at warped time: coefficients, S, T and D, weights, gain, pole.

Every formula is one of the record's; here stand the branches of μ and what no branch may divide by.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Expr, Piecewise, Symbol, sqrt

from symbolic import vocabulary as notation
from symbolic.codegen.emit.neuron import local
from symbolic.codegen.names import ONE, ZERO, equations, named, real, safe
from symbolic.codegen.program import Function, Structure
from symbolic.warp.flow_map import REALISED, FlowMap
from symbolic.warp.hyperbolic_parts import SignOfMu
from symbolic.warp.stable_flow_map import StableFlowMap

u_0, h_0, s, mu, first, second = named("u_0 h_0 s mu first second")
discriminant, scale, S_mu, T_mu, denominator = named("discriminant scale S_mu T_mu denominator")
rate, angle, half, decayed, q = named("rate angle half decayed q")
SAFE_RATE, KEPT = safe(rate, rate > 0)
UP, DOWN = mu > 0, mu < 0

NEURON = Structure(
    name="Neuron",
    argument="neuron",
    fields=(u_0, h_0, mu, first, second, discriminant),
    meaning="A neuron's start and the coefficients of its linear equation in warped time.",
)
PLACE = Structure(
    name="Place",
    argument="place",
    fields=(scale, S_mu, T_mu, denominator),
    meaning="A neuron at a warped time: S, T and D, all times `scale`.",
)
Assignments = tuple[tuple[Symbol, Expr], ...]


def flow_map(solution: StableFlowMap, given: Structure) -> tuple[Function, ...]:
    """The neuron at a warped time, its gain of output, and where it escapes."""
    return (
        _coefficients(solution.flow_map, given),
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
        name="neuron",
        summary="The coefficients of a neuron's linear equation, from its start.",
        equations=equations(**{str(z): value for z, value in values.items()}),
        arguments=(u_0, h_0),
        structures=(given,),
        body=tuple(values.items()),
        result=NEURON,
    )


def _by_sign(values: Mapping[SignOfMu, Expr], otherwise: SignOfMu = SignOfMu.ZERO) -> Expr:
    """A value for each sign of μ, none of which divides by a rate of 0."""
    divided = {name: real(value).xreplace({1 / rate: 1 / SAFE_RATE, rate**-2: SAFE_RATE**-2})
               for name, value in values.items()}  # fmt: skip
    if len(divided) == 1:
        return divided[otherwise]
    return Piecewise(
        (divided[SignOfMu.POSITIVE], UP),
        (divided[SignOfMu.NEGATIVE], DOWN),
        (divided[otherwise], True),
    )


def _is_split(solution: StableFlowMap) -> bool:
    """Whether μ can be other than 0."""
    return len(solution.scaled) > 1


def _meaning() -> Mapping[str, Expr]:
    return equations(
        S_mu=real(REALISED[notation.S_mu]),
        T_mu=real(REALISED[notation.T_mu]),
        denominator=1 + first * S_mu + second * T_mu,
    )


def _place(solution: StableFlowMap) -> Function:
    """S and T times exp(−√μ|s|): only decaying exponentials appear."""
    S = {name: place.S for name, place in solution.scaled.items()}
    T = {name: place.T for name, place in solution.scaled.items()}
    body: Assignments = ((scale, ONE), (S_mu, _by_sign(S)), (T_mu, _by_sign(T)))
    if _is_split(solution):
        body = _oscillating_or_decaying(solution, dict(body))
    return Function(
        name="place",
        summary="A neuron's S, T and D at warped time s, scaled by exp(−√μ|s|) where μ > 0.",
        equations=_meaning(),
        arguments=(s,),
        structures=(NEURON,),
        body=(*body, (denominator, real(solution.denominator))),
        result=PLACE,
    )


def _oscillating_or_decaying(solution: StableFlowMap, parts: Mapping[Symbol, Expr]) -> Assignments:
    """With the angle 0 where it is not the one of a decay, so that no branch overflows."""
    up = solution.scaled[SignOfMu.POSITIVE]
    sine = sympy.sin(angle / 2)

    def branch(value: Piecewise) -> Piecewise:
        (rising, above), (falling, below), rest = value.args
        side = Piecewise((ONE, s >= 0), (-ONE, True))
        pieces = (
            (rising.xreplace({angle: decayed}), above),
            (falling.xreplace({sine: half}), below),
        )
        return Piecewise(*pieces, rest).xreplace({Symbol("sign", real=True): side})

    return (
        (rate, real(solution.rate)),
        (SAFE_RATE, KEPT),
        (angle, real(solution.angle)),
        (decayed, Piecewise((angle, UP), (ZERO, True))),
        (scale, real(up.scale).xreplace({angle: decayed})),
        (half, sine),
        (S_mu, branch(parts[S_mu])),
        (T_mu, branch(parts[T_mu])),
    )


def _entire_place(solution: StableFlowMap) -> Function:
    """S, T and D as entire functions of s, for complex s and for polynomials in s."""
    at_half = {name: S.subs(notation.s, notation.s / 2) for name, S in solution.entire.items()}
    here, mean = _by_sign(solution.entire), _by_sign(at_half)
    T = real(solution.entire_T)
    body: Assignments = ((S_mu, here), (T_mu, T.xreplace({half: mean})))
    if _is_split(solution):
        kept = ((rate, real(solution.rate)), (SAFE_RATE, KEPT))
        body = (*kept, (S_mu, here), (half, mean), (T_mu, T))
    return Function(
        name="entire_place",
        summary="A neuron's S, T and D, unscaled, as entire functions of s.",
        equations=_meaning(),
        arguments=(s,),
        structures=(NEURON,),
        body=(
            *body,
            (scale, ONE),
            (denominator, real(solution.denominator).xreplace({scale: ONE})),
        ),
        result=PLACE,
    )


def _rational_place(solution: StableFlowMap) -> Function:
    """S, T and D times 1 − μ z²/4 and the square of z's denominator: polynomials in both parts of z."""
    parts = solution.rational
    rational = {scale: real(parts.scale), S_mu: real(parts.S), T_mu: real(parts.T)}
    return Function(
        name="rational_place",
        summary="A neuron's S, T and D from z = z_top/z_bottom = 2 tanh(√μ s/2)/√μ, "
        "scaled to be polynomials.",
        equations=equations(**{part.name: whole for part, whole in rational.items()}),
        arguments=named("z_top z_bottom"),
        structures=(NEURON,),
        body=(*rational.items(), (denominator, real(solution.denominator))),
        result=PLACE,
    )


def _weights(solution: StableFlowMap, given: Structure) -> tuple[Function, ...]:
    (u_s, h_s) = named("u_s h_s")
    exact = solution.flow_map
    return tuple(
        Function(
            name=f"{name}_at",
            summary=f"{words} at a warped time.",
            equations=equations(**{name: local(plain, start=True)}),
            arguments=(),
            structures=(given, NEURON, PLACE),
            body=((result, local(value, start=True)),),
            result=result,
        )
        for name, words, result, plain, value in (
            ("u", "Second-layer weight", u_s, exact.u, solution.u),
            ("h", "Preactivation", h_s, exact.h, solution.h),
        )
    )


def _gain(solution: StableFlowMap, given: Structure) -> tuple[Function, ...]:
    """The gain, and its numerator alone, which polynomials in s can be put into."""
    gain, top = named("gain_value top")
    words = "Growth of a neuron's output since s = 0; every term has a factor S or T."
    return (
        Function(
            name="gain_numerator",
            summary=words + " Times a power of D.",
            equations=equations(top=local(solution.plain_numerator, start=True)),
            arguments=(),
            structures=(given, NEURON, PLACE),
            body=((top, local(solution.gain_numerator, start=True)),),
            result=top,
        ),
        Function(
            name="gain",
            summary=words,
            equations=equations(gain=local(solution.flow_map.gain, start=True)),
            arguments=(top,),
            structures=(PLACE,),
            body=((gain, real(solution.gain)),),
            result=gain,
        ),
    )


def _pole(solution: StableFlowMap) -> Function:
    """The first s > 0 with D = 0. Only a negative power of D is infinite there."""
    root, safe_q, pole_at = named("root safe_q pole_at")
    q_value = real(solution.q)
    base = (
        (root, sqrt(discriminant)),
        (q, q_value.xreplace({sqrt(discriminant): root})),
        (safe_q, Piecewise((q, q > 0), (ONE, True))),
    )
    meaning = equations(q=q_value)
    body: Assignments
    if not solution.pole:
        meaning, body = equations(pole=sympy.oo), ((pole_at, sympy.oo),)
    elif not _is_split(solution):
        here = real(solution.pole[SignOfMu.ZERO]).xreplace({q: safe_q})
        body = (*base, (pole_at, Piecewise((here, q > 0), (sympy.oo, True))))
    else:
        body = (*base, *_pole_by_sign(solution, safe_q, pole_at))
    return Function(
        name="pole",
        summary="The first warped time s > 0 at which the neuron is infinite; infinity if it never is.",
        equations=meaning,
        arguments=(),
        structures=(NEURON,),
        body=body,
        result=pole_at,
    )


def _pole_by_sign(solution: StableFlowMap, safe_q: Symbol, pole_at: Symbol) -> Assignments:
    """For μ ≥ 0 there is a pole, q > √μ, if D₁ < 0 (see `StableFlowMap`)."""
    (ratio,) = named("ratio")
    kept = {1 / rate: 1 / SAFE_RATE}
    up, down, zero = (real(solution.pole[name]) for name in SignOfMu)
    pieces = (
        (down.xreplace(kept), DOWN),
        (sympy.oo, first >= 0),
        (up.xreplace({rate / q: ratio}).xreplace(kept), UP),
        (zero.xreplace({q: safe_q}), True),
    )
    return (
        (rate, real(solution.rate)),
        (SAFE_RATE, KEPT),
        (ratio, Piecewise((rate / safe_q, first < 0), (ZERO, True))),
        (pole_at, Piecewise(*pieces)),
    )


__all__ = ["NEURON", "PLACE", "flow_map"]
