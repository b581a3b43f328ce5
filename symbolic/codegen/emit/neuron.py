"""Emitted functions of one neuron: activation, field, tangent kernel, conserved quantity.

All are written in ρ² = ‖x‖², so that exact input stays rational.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Integral, Piecewise, Symbol, sqrt

from symbolic.codegen.fractions import without_bare_fractions
from symbolic.codegen.names import SOURCE, equations, named, real
from symbolic.codegen.program import Function, Structure
from symbolic.codegen.stable import stable, with_log1p
from symbolic.derivation import Derivation
from symbolic.laws.conservation import Conservation, unit_law
from symbolic.network.gradient_flow import Flow
from symbolic.notation import symbols as notation
from symbolic.warp.equation import ScalarEquation

gamma, eta_u, eta_w, rho_2, u, h, u_0, h_0 = named("gamma eta_u eta_w rho_2 u h u_0 h_0")
(beta,) = named("beta")
RATES = (gamma, eta_u, eta_w, rho_2)

MEANING = "Hyperparameters and the squared norm of the data point."


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


__all__ = ["bends", "local", "network", "neuron"]
