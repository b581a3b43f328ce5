"""What the raw equations say of the weights at one moment, in mpmath numbers of any precision.

θ′ = −η ∂L/∂θ with ∂L by central differences of the loss as it is written; and the equations of the
products of two layers, P = W₂W₁, R = P − B, which the weights' own give:

    P′ = −c (η₁ W₂W₂ᵀ R + η₂ R W₁ᵀW₁),  (W₁ᵀW₁)′ = −c η₁ (RᵀP + PᵀR),  (W₂W₂ᵀ)′ = −c η₂ (R Pᵀ + P Rᵀ).
"""

from __future__ import annotations

from typing import Any

from mpmath import mp, mpf

from verify.oracle.named.layers import Layers
from verify.oracle.named.problem import Problem

Entries = dict[str, list[Any]]


def velocities(problem: Problem, weights: Entries, rates: Entries, digits: int) -> Entries:
    """−η ∂L/∂θ of every weight, to about so many digits of the size of the loss over that of θ."""
    with mp.workdps(4 * digits):
        found: Entries = {}
        sides = problem.kinks(weights)
        for name, values in weights.items():
            found[name] = []
            for k, (value, rate) in enumerate(zip(values, rates[name], strict=True)):
                step = mpf(10) ** -digits * (abs(value) or 1)
                ahead, behind = (
                    problem.terms(
                        weights | {name: [*values[:k], value + s * step, *values[k + 1 :]]}, sides
                    )
                    for s in (1, -1)
                )
                found[name].append(-rate * (ahead - behind) / (2 * step))
        return found


def product_velocities(problem: Layers, seen: dict[str, Any]) -> dict[str, Any]:
    """Of the product and both Gram matrices."""
    c, (first, second) = _number(problem.scale), map(_number, problem.rate_pair)
    P, into, out = (mp.matrix(seen[name]) for name in ("product", "gram_in", "gram_out"))
    R = P - mp.matrix([[_number(z) for z in row] for row in problem.target])
    return {
        "product": -c * (first * out * R + second * R * into),
        "gram_in": -c * first * (R.T * P + P.T * R),
        "gram_out": -c * second * (R * P.T + P * R.T),
    }


def _number(value: Any) -> Any:
    return mpf(value.numerator) / value.denominator
