"""Stage 5, the scalar equation: the whole network is one equation for warped time, any activation.

In warped time each neuron follows its own field, dθᵢ/ds = v(θᵢ), and the output is a function of s
alone. Then

    ds/dt = −∂L/∂f (f(s)),   df/ds = K(s) = Σᵢ (η_u (γσᵢ)² + η_w ρ² (γ uᵢ σ′ᵢ)²) ≥ 0,

so f is monotone, and y − f(s) is the integral of the tangent kernel from s to the equilibrium: a sum
of squares, in which nothing cancels. That is how the evaluators compute it.
Source: Xu & Ziyin 2025, Eq. 5 and 32, for powers.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, diff

from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import eta_u, eta_w, f, h_i, rho, u_i, y
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal


@dataclass(frozen=True, kw_only=True)
class ScalarEquation(Record):
    """ds/dt and df/ds.

    Attributes:
        speed: ds/dt, in the output f.
        kernel_i: the contribution of neuron i to df/ds.
        squares: (factor, base) pairs with kernel_i = Σ factor · base², factors positive.
    """

    speed: Expr
    kernel_i: Expr
    squares: tuple[tuple[Expr, Expr], ...]


def derive(flow: Flow) -> ScalarEquation:
    """Write the tangent kernel of a neuron as a sum of squares."""
    by_u, by_h = diff(flow.output_i, u_i), diff(flow.output_i, h_i)
    factors = ((eta_u, by_u), (eta_w * rho**2, by_h))
    total = sympy.Add(*(factor * base**2 for factor, base in factors))
    certificates = (
        Certificate("df/ds is a sum of squares", prove_equal(total, flow.tangent_kernel_i)),
        *(Certificate(f"{factor} is positive", _positive(factor)) for factor, _ in factors),
        Certificate(
            "the flow stops where f = y and nowhere else",
            _vanishes_at_the_target(flow.speed),
        ),
    )
    step = Step(
        "The network in warped time",
        (
            (r"\frac{ds}{dt}", flow.speed),
            (r"\frac{df}{ds}", r"\sum_i K_i"),
            ("K_i", total),
        ),
        r"In warped time $d\theta_i/ds=v(\theta_i)$; $f$ is monotone in $s$, with the tangent kernel "
        r"as its slope.",
    )
    return ScalarEquation(
        speed=flow.speed,
        kernel_i=total,
        squares=factors,
        certificates=certificates,
        steps=(step,),
    )


def _positive(factor: Expr) -> Verdict:
    return Proved("signs of its factors") if factor.is_positive else Undecided(f"sign of {factor}")


def _vanishes_at_the_target(speed: Expr) -> Verdict:
    roots = sympy.solve(speed, f)
    return Proved("solved") if roots == [y] else Undecided(f"roots {roots}")
