"""Stage: where the loss is a square, a data set on a line is one effective point.

The loss over the set is a quadratic polynomial in the output g at the unit vector; completing its square
gives the point (x, y) with the same loss up to a constant. Source: Xu & Ziyin 2025, Proposition 1 and
Eq. 20-21.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Expr, Sum

from symbolic.network.convexity import ConvexLoss
from symbolic.network.datasets import EffectiveLoss, g
from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import M_aa, M_ay, M_yy, N, a, d0, direction, j, n, rho, target, y
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.sums import expand_sums, replace_sums


@dataclass(frozen=True, kw_only=True)
class EffectivePoint(Record):
    """The point that stands for a data set on a line.

    Attributes:
        strength: ρ = ‖x‖ in terms of the moments M_aa, M_ay, M_yy of the set.
        target: y in terms of the moments M_aa, M_ay, M_yy of the set.
        floor: loss over the set − loss at the point; constant in the weights.
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "strength": XU_ZIYIN.at("Proposition 1"),
        "target": XU_ZIYIN.at("Proposition 1"),
    }

    model: Need[Model]
    data: Need[EffectiveLoss]
    strength: Expr
    target: Expr
    floor: Expr

    def certify(self) -> Iterator[Certificate]:
        """Loss, output and norm of the point against those of the set."""
        second = M_aa if self.data.ray_degree else sympy.Integer(1)  # ‖x‖^(2β)
        yield Certificate(
            "loss over the set = loss at the effective point + constant",
            prove_equal(
                in_moments(self.data),
                self.model.loss(sympy.sqrt(second) * g, self.target) + self.floor,
            ),
        )
        yield Certificate(
            "the output at x = strength * e is the output at e, scaled by the square root of M_aa",
            self._scales(sympy.sqrt(second)),
        )
        norm = Sum((self.strength * direction[j]) ** 2, (j, 1, d0))
        unit = {Sum(direction[j] ** 2, (j, 1, d0)): sympy.Integer(1)}
        yield Certificate(
            "the strength is the norm of x, for a unit vector e",
            prove_equal(replace_sums(norm, unit), self.strength**2),
        )

        positive = self.strength.is_nonnegative
        sign = Proved("signs of its factors") if positive else Undecided(f"sign of {self.strength}")
        yield Certificate("the strength is not negative", sign)

    def _scales(self, factor: Expr) -> Verdict:
        """f(strength · e) = factor · f(e)."""
        degree = self.data.ray_degree
        if degree != self.data.degree:  # the data stage proves σ(c h) = c^β σ(h) for c > 0
            return prove_equal(self.strength**degree, factor)
        output = self.model.output(direction)
        scaled = output.xreplace({direction[j]: self.strength * direction[j]})
        if degree == 0:
            return prove_zero(scaled - factor * output)
        return prove_zero(_expanded(scaled) - factor * _expanded(output))

    def explain(self) -> Iterator[Step]:
        """The point, with its moments spelled out."""
        moments = {symbol / N: total / N for total, symbol in _moments(self.data).items()}
        loss = "(f(x)-y)^2" if self.model.loss.name == "square" else r"\ell(f(x),y)"
        yield Step(
            "Effective point",
            (
                (rho, self.strength.xreplace(moments)),
                (y, self.target.xreplace(moments)),
                (rf"\tilde L - {loss}", self.floor.xreplace(moments)),
            ),
            _explained(self.data),
        )


def _moments(data: EffectiveLoss) -> dict[Expr, Expr]:
    """Sums over the set, by the moments that name them."""
    degree = data.ray_degree
    sums = {
        Sum(a[n] ** (2 * degree), (n, 1, N)): N * M_aa,
        Sum(a[n] ** degree * target[n], (n, 1, N)): N * M_ay,
        Sum(target[n] ** 2, (n, 1, N)): N * M_yy,
    }
    return sums if degree else sums | {Sum(target[n], (n, 1, N)): N * M_ay}  # aₙ = 1


def in_moments(data: EffectiveLoss) -> Expr:
    """The loss over the set, in g and the moments."""
    return replace_sums(data.loss, _moments(data))


def derive(model: Model, loss: ConvexLoss, data: EffectiveLoss) -> EffectivePoint:
    """Complete the square of the loss over a set in the output at the unit vector.

    Raises:
        DoesNotApply: when the loss is no square.
    """
    if loss.factor is None:
        raise DoesNotApply("the loss is no square: a set with different targets is no single point")
    quadratic = sympy.Poly(in_moments(data), g)
    second, first, constant = (
        quadratic.coeff_monomial(g**power) / loss.factor for power in (2, 1, 0)
    )
    point = -first / (2 * sympy.sqrt(second))
    return EffectivePoint(
        model=model,
        data=data,
        strength=second ** (1 / (2 * data.ray_degree)) if data.ray_degree else sympy.Integer(1),
        target=point,
        floor=loss.factor * (constant - point**2),
    )


def _explained(data: EffectiveLoss) -> str:
    """What the effective point rests on."""
    if not data.ray_degree:
        return r"$\sigma$ is not homogeneous: all $a_n=1$, one input with $M$ targets."
    ray = "" if data.degree else r" $\sigma$ is homogeneous for positive factors only: all $a_n>0$."
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
