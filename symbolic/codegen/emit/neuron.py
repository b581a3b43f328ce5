"""Emitted functions of one neuron: activation, field, tangent kernel, conserved quantity.

All are written in ρ² = ‖x‖², so that exact input stays rational.
"""

from __future__ import annotations

from sympy import Expr, Symbol, sqrt

from symbolic import vocabulary as notation
from symbolic.codegen.names import equations, named, real
from symbolic.codegen.program import Function, Structure
from symbolic.derivation import Derivation
from symbolic.network.gradient_flow import Flow
from symbolic.proof.fractions import without_bare_fractions
from symbolic.warp.stable_neuron import Form, StableNeuron

gamma, eta_u, eta_w, rho_2, u, h, u_0, h_0 = named("gamma eta_u eta_w rho_2 u h u_0 h_0")
(beta,) = named("beta")
RATES = (gamma, eta_u, eta_w, rho_2)

MEANING = "Hyperparameters and the squared norm of the data point."


def local(expression: Expr, start: bool = False) -> Expr:
    """An expression of the derivation in the symbols of this module."""
    here = {"u_i": u_0, "h_i": h_0} if start else {"u_i": u, "h_i": h}
    expression = expression.subs(notation.rho, sqrt(Symbol("rho_2", positive=True)))
    expression = real(expression).xreplace({Symbol(n, real=True): z for n, z in here.items()})
    return without_bare_fractions(expression)


def network(derivation: Derivation) -> Structure:
    """The hyperparameters; a power that the derivation left open is one of them."""
    left_open = notation.beta in derivation[Flow].output_i.free_symbols
    return Structure(
        name="Network",
        argument="network",
        fields=(*RATES, *((beta,) if left_open else ())),
        meaning=MEANING,
    )


WORDS = {
    "activation": ("Activation σ.", (h,)),
    "output": ("A neuron's contribution γ u σ(h) to the output.", (u, h)),
    "velocity_u": ("Velocity du/ds in warped time.", (h,)),
    "velocity_h": ("Velocity dh/ds in warped time.", (u, h)),
    "kernel": ("A neuron's contribution to df/ds, the tangent kernel at x.", (u, h)),
    "kernel_by_u": (
        "Slope of a neuron's contribution to the tangent kernel, by its u.", (u, h),
    ),
    "kernel_by_h": (
        "Slope of a neuron's contribution to the tangent kernel, by its h.", (u, h),
    ),
    "orbit_slope": (
        "g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved.", (h,),
    ),
    "conserved": ("The neuron's conserved quantity, in units of u².", (u, h)),
}  # fmt: skip


def neuron(derivation: Derivation) -> tuple[Function, ...]:
    """What every network has."""
    given, forms = network(derivation), derivation[StableNeuron].forms
    return tuple(_function(name, form, given) for name, form in forms.items())


def _function(name: str, form: Form, given: Structure) -> Function:
    (result,) = named(f"{name}_value")
    summary, arguments = WORDS[name]
    return Function(
        name=name,
        summary=summary,
        equations=equations(**{name: local(form.plain)}),
        arguments=arguments,
        structures=(given,),
        body=((result, local(form.stable)),),
        result=result,
    )


__all__ = ["local", "network", "neuron"]
