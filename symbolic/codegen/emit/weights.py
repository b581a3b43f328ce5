"""Emitted functions of the weights, and the tangent kernel between two inputs."""

from __future__ import annotations

from sympy import Expr, Piecewise, Symbol

from symbolic.codegen.names import (
    CONSTANTS,
    RISING,
    SHRUNK,
    STATE,
    by_branch,
    change,
    e,
    equations,
    named,
    omega,
    omega_0,
    p,
    q,
    real,
    u,
    u_0,
    w,
    w_0,
)
from symbolic.codegen.program import Function
from symbolic.derivation import Derivation
from symbolic.explicit.stable_observables import StableObservables
from symbolic.explicit.tangent_kernel import TangentKernel
from symbolic.explicit.weights import Weights

HERE = {"u_i0": u_0, "omega_i0": omega_0, "p_i": p, "q_i": q}


def weights(derivation: Derivation) -> tuple[Function, ...]:
    """The weights of a neuron."""
    found = derivation[Weights]
    return (
        _weight("weight_u", "Second-layer weight u", u_0, u, found.u_growing),
        _weight(
            "weight_omega",
            "First-layer weight ω along the data",
            omega_0,
            omega,
            found.omega_growing,
        ),
        _change_omega(found.omega_change),
        _weight_w(real(derivation[StableObservables].w)),
    )


def _renamed(expression: Expr) -> Expr:
    return real(expression).xreplace({Symbol(name, real=True): z for name, z in HERE.items()})


def _weight(
    name: str, words: str, start: Symbol, result: Symbol, branches: tuple[Expr, Expr]
) -> Function:
    up, down = map(_renamed, branches)
    return Function(
        name=name,
        summary=f"{words} of a neuron.",
        equations=equations(up=up, down=down),
        arguments=(start, p, q),
        structures=(STATE, CONSTANTS),
        body=((result, Piecewise((up, RISING), (down, True))),),
        result=result,
    )


def _change_omega(branches: tuple[Expr, Expr]) -> Function:
    """Into the saddle the growing coordinate is 0, and at t = ∞ the decay is."""
    up, down = map(_renamed, branches)
    return Function(
        name="change_omega",
        summary="Change since the start of the first-layer weight ω along the data of a neuron.",
        equations=equations(up=up, down=down),
        arguments=(u_0, p, q),
        structures=(STATE, CONSTANTS),
        body=(*SHRUNK, (change, by_branch(up, down))),
        result=change,
    )


def _weight_w(value: Expr) -> Function:
    return Function(
        name="weight_w",
        summary="First-layer weight, from its initial value and the change of ω, or from its part "
        "across the data and ω.",
        equations=equations(w=value),
        arguments=(w_0, change, e),
        structures=(),
        body=((w, value),),
        result=w,
    )


def tangent_kernel(derivation: Derivation) -> Function:
    """The tangent kernel between two inputs."""
    (K,) = named("K")
    value = real(derivation[TangentKernel].value)
    return Function(
        name="tangent_kernel",
        summary="Tangent kernel K(x₁, x₂) between two inputs, df(x₁)/dt = −2 K(x₁, x) (f(x) − y).",
        equations=equations(K=value),
        arguments=named("inner b_1 b_2 across cross norm_u_2 norm_omega_2"),
        structures=(CONSTANTS,),
        body=((K, value),),
        result=K,
    )
