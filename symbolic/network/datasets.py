"""Stage 1, data: a data set on a line is one effective point.

For x̃ₙ = aₙ e with a unit vector e and σ homogeneous of degree β the loss over the set is a quadratic
polynomial in the network's output g at e. Completing its square gives the point (x, y) with the same
loss up to a constant. Where σ is homogeneous for c > 0 only, as relu is, this holds for a set on a ray,
aₙ > 0; without homogeneity (degree 0) for N targets of one input, aₙ = 1.
Source: Xu & Ziyin 2025, Proposition 1 and Eq. 20-21.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Sum

from symbolic.network.model import Model
from symbolic.notation.symbols import M_aa, M_ay, M_yy, N, a, d0, direction, j, n, rho, target, x, y
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import Verdict, prove_equal, prove_zero
from symbolic.proof.sums import expand_sums, replace_sums


@dataclass(frozen=True, kw_only=True)
class EffectivePoint(Record):
    """The point that stands for a data set on a line.

    Attributes:
        degree: β of σ(c h) = c^β σ(h) for every real c, 0 where there is none.
        ray_degree: β of σ(c h) = c^β σ(h) for c > 0, 0 where there is none.
        strength: ρ = ‖x‖ in terms of the moments M_aa, M_ay, M_yy of the set.
        target: y in terms of the moments M_aa, M_ay, M_yy of the set.
        floor: loss over the set − loss at the point; constant in the weights.
    """

    degree: Expr
    ray_degree: Expr
    strength: Expr
    target: Expr
    floor: Expr


def degrees_of_homogeneity(model: Model) -> tuple[Expr, Expr]:
    """The β ≥ 1 with σ(c h) = c^β σ(h), found from σ: for every real c, and for c > 0; 0 for none."""
    scale, value = sympy.symbols("scale value", positive=True)
    sides = (value, -value)
    alive = [side for side in sides if model.activation(side) != 0]
    found = {_power_of(scale, model.activation(scale * z) / model.activation(z)) for z in alive}
    exponent = found.pop() if len(found) == 1 else None
    if exponent is None:
        return sympy.Integer(0), sympy.Integer(0)
    parity = len(alive) == 2 and model.activation(-value) / model.activation(value)
    mirrored = parity and sympy.simplify(sympy.powsimp(parity) - (-1) ** exponent) == 0
    return exponent if mirrored else sympy.Integer(0), exponent


def _power_of(scale: Expr, ratio: Expr) -> Expr | None:
    """β where the ratio is scale^β, β an integer ≥ 1 or left open."""
    base, exponent = sympy.powsimp(sympy.cancel(ratio)).as_base_exp()
    is_power = exponent.is_Symbol or (exponent.is_Integer and exponent.is_positive)
    return exponent if base == scale and is_power else None


def derive(model: Model) -> EffectivePoint:
    """Complete the square of the loss over a set in the output at the unit vector."""
    any_sign, degree = degrees_of_homogeneity(model)
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
            _homogeneous(model, degree)
            if degree != any_sign
            else prove_zero(_expanded(scaled) - sympy.sqrt(second) * _expanded(output_at_e))
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
                    Sum(model.loss(sympy.Symbol(r"f(a_n\hat x)"), target[n]), (n, 1, N)) / N,
                ),
            ),
            rf"Definition: {model.source}. The data lie on a line, $a_n\hat x$ with a unit vector "
            r"$\hat x$.",
        ),
        Step(
            "Effective point",
            (
                (rho, strength.xreplace(spelled)),
                (y, effective_target.xreplace(spelled)),
                (r"\tilde L - (f(x)-y)^2", floor.xreplace(spelled)),
            ),
            _explained(any_sign, degree),
        ),
    )
    return EffectivePoint(
        degree=any_sign,
        ray_degree=degree,
        strength=strength,
        target=effective_target,
        floor=floor,
        certificates=certificates,
        steps=steps,
    )


def _homogeneous(model: Model, degree: Expr) -> Verdict:
    """σ(c h) = c^β σ(h) for c > 0, of either sign of h: then the output is homogeneous too."""
    scale, value = sympy.symbols("scale value", positive=True)
    return prove_zero(
        sympy.Add(
            *(
                mark * (model.activation(scale * z) - scale**degree * model.activation(z))
                for mark, z in zip(sympy.symbols("mark_1 mark_2"), (value, -value), strict=True)
            )
        )
    )


def _explained(any_sign: Expr, degree: Expr) -> str:
    """What the effective point rests on."""
    if not degree:
        return r"$\sigma$ is not homogeneous: all $a_n=1$, one input with $M$ targets."
    ray = "" if any_sign else r" $\sigma$ is homogeneous for positive factors only: all $a_n>0$."
    return (
        r"The loss over the set is a quadratic polynomial in $f(\hat x)$; its square is completed. "
        rf"$x=\rho\hat x$.{ray}"
    )


def _expanded(output: Expr) -> Expr:
    """Powers of the preactivation expanded in a common factor of its terms."""
    return expand_sums(output).replace(
        lambda part: isinstance(part, sympy.Pow) and part.base.has(Sum),
        lambda part: sympy.expand_power_base(expand_sums(part.base) ** part.exp),
    )
