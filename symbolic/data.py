"""Stage 1, data: a data set on a line is one effective point.

For x̃ₙ = aₙ e with a unit vector e the loss over the set is a quadratic polynomial in the network's
output g at e. Completing its square gives the point (x, y) with the same loss up to a constant.
Source: Xu & Ziyin 2025, Proposition 1 and Eq. 20-21.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Sum

from symbolic.equality import prove_equal, prove_zero
from symbolic.model import Model
from symbolic.notation import M_aa, M_ay, M_yy, N, a, d0, direction, j, n, rho, target, x, y
from symbolic.record import Certificate, Record, Step
from symbolic.sums import expand_sums, replace_sums


@dataclass(frozen=True, kw_only=True)
class EffectivePoint(Record):
    """The point that stands for a data set on a line.

    Attributes:
        strength: ρ = ‖x‖ in terms of the moments M_aa, M_ay, M_yy of the set.
        target: y in terms of the moments M_aa, M_ay, M_yy of the set.
        floor: loss over the set − loss at the point; constant in the weights.
    """

    strength: Expr
    target: Expr
    floor: Expr


def degree_of_homogeneity(model: Model) -> int:
    """The β with φ(u, c h) = c^β φ(u, h), found from φ.

    Raises:
        ValueError: when the neuron is not homogeneous, so that a data set has no effective point.
    """
    scale, weight, value = sympy.symbols("scale weight value", positive=True)
    ratio = sympy.cancel(model.neuron(weight, scale * value) / model.neuron(weight, value))
    base, exponent = ratio.as_base_exp()
    if base != scale or not exponent.is_Integer:
        raise ValueError(f"{model.name}: the neuron is not homogeneous in its preactivation")
    return int(exponent)


def derive(model: Model) -> EffectivePoint:
    """Complete the square of the loss over a set in the output at the unit vector."""
    degree = degree_of_homogeneity(model)
    g = sympy.Symbol("g", real=True)
    set_loss = Sum(model.loss(a[n] ** degree * g, target[n]), (n, 1, N)) / N
    moments = {
        Sum(a[n] ** (2 * degree), (n, 1, N)): N * M_aa,
        Sum(a[n] ** degree * target[n], (n, 1, N)): N * M_ay,
        Sum(target[n] ** 2, (n, 1, N)): N * M_yy,
    }
    quadratic = sympy.Poly(replace_sums(set_loss, moments), g)
    second, first, constant = (quadratic.coeff_monomial(g**power) for power in (2, 1, 0))
    strength = second ** sympy.Rational(1, 2 * degree)
    effective_target = -first / (2 * sympy.sqrt(second))
    floor = constant - effective_target**2

    output_at_e = model.output(direction)
    scaled = output_at_e.xreplace({direction[j]: strength * direction[j]})
    certificates = (
        Certificate(
            "loss over the set = loss at the effective point + constant",
            prove_equal(
                quadratic.as_expr(),
                model.loss(sympy.sqrt(second) * g, effective_target) + floor,
            ),
        ),
        Certificate(
            "the output at x = strength * e is the output at e, scaled by the square root of M_aa",
            prove_zero(
                expand_sums(expand_sums(scaled) - sympy.sqrt(second) * expand_sums(output_at_e))
            ),
        ),
        Certificate(
            "the strength is the norm of x, for a unit vector e",
            prove_equal(
                replace_sums(
                    Sum((strength * direction[j]) ** 2, (j, 1, d0)),
                    {Sum(direction[j] ** 2, (j, 1, d0)): sympy.Integer(1)},
                ),
                strength**2,
            ),
        ),
    )
    spelled = {symbol / N: total / N for total, symbol in moments.items()}
    steps = (
        Step(
            "Network and loss",
            (
                ("f(x)", model.output(x)),
                (
                    r"\tilde L",
                    Sum(model.loss(sympy.Symbol(r"f(a_{n}e)"), target[n]), (n, 1, N)) / N,
                ),
            ),
            rf"Definition: {model.source}. The data lie on a line, $a_ne$ with a unit vector $e$.",
        ),
        Step(
            "Effective point",
            (
                (rho, strength.xreplace(spelled)),
                (y, effective_target.xreplace(spelled)),
                (r"\tilde L - (f(x)-y)^2", floor.xreplace(spelled)),
            ),
            r"The loss over the set is a quadratic polynomial in $f(e)$; its square is completed. "
            r"$x=\rho e$.",
        ),
    )
    return EffectivePoint(
        strength=strength,
        target=effective_target,
        floor=floor,
        certificates=certificates,
        steps=steps,
    )
