"""Stage 1, data: a data set on a line is one effective point.

For x̃ₙ = aₙ e with a unit vector e and σ homogeneous of degree β the loss over the set is a quadratic
polynomial in the network's output g at e. Completing its square gives the point (x, y) with the same
loss up to a constant. Without homogeneity (degree 0) this holds for N targets of one input, aₙ = 1.
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
        degree: β of σ(c h) = c^β σ(h), 0 where there is none.
        strength: ρ = ‖x‖ in terms of the moments M_aa, M_ay, M_yy of the set.
        target: y in terms of the moments M_aa, M_ay, M_yy of the set.
        floor: loss over the set − loss at the point; constant in the weights.
    """

    degree: Expr
    strength: Expr
    target: Expr
    floor: Expr


def degree_of_homogeneity(model: Model) -> Expr:
    """The β ≥ 1 with σ(c h) = c^β σ(h) for every real c, found from σ; 0 when there is none."""
    scale, value = sympy.symbols("scale value", positive=True)
    start = model.activation(value)
    ratio = sympy.powsimp(sympy.cancel(model.activation(scale * value) / start))
    base, exponent = ratio.as_base_exp()
    if base != scale or not (exponent.is_Integer or exponent.is_Symbol) or exponent.is_negative:
        return sympy.Integer(0)
    parity = sympy.powsimp(sympy.cancel(model.activation(-value) / start))
    return exponent if sympy.simplify(parity - (-1) ** exponent) == 0 else sympy.Integer(0)


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
    if not degree:  # aₙ = 1
        moments |= {Sum(target[n], (n, 1, N)): N * M_ay}
    quadratic = sympy.Poly(replace_sums(set_loss, moments), g)
    second, first, constant = (quadratic.coeff_monomial(g**power) for power in (2, 1, 0))
    strength = second ** (1 / (2 * degree)) if degree else sympy.Integer(1)
    effective_target = -first / (2 * sympy.sqrt(second))
    floor = constant - effective_target**2

    output_at_e = model.output(direction)
    scaled = output_at_e.xreplace({direction[j]: strength * direction[j]})
    grown = scaled - sympy.sqrt(second) * output_at_e
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
            prove_zero(_expanded(scaled) - sympy.sqrt(second) * _expanded(output_at_e))
            if degree
            else prove_zero(grown),
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
            r"$x=\rho e$."
            if degree
            else r"$\sigma$ is not homogeneous: all $a_n=1$, one input with $N$ targets.",
        ),
    )
    return EffectivePoint(
        degree=degree,
        strength=strength,
        target=effective_target,
        floor=floor,
        certificates=certificates,
        steps=steps,
    )


def _expanded(output: Expr) -> Expr:
    """Powers of the preactivation expanded in a common factor of its terms."""
    return expand_sums(output).replace(
        lambda part: isinstance(part, sympy.Pow) and part.base.has(Sum),
        lambda part: sympy.expand_power_base(expand_sums(part.base) ** part.exp),
    )
