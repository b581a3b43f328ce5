"""Stage: the loss over a data set on a line is a loss of one number.

For x̃ₙ = aₙ e with a unit vector e and σ homogeneous of degree β the output at x̃ₙ is aₙ^β g, with g the
output at e; so the loss over the set is ℒ(g) = mean of ℓ(aₙ^β g, ỹₙ), whatever ℓ is. Where σ is
homogeneous for c > 0 only, as relu is, this holds for a set on a ray, aₙ > 0; without homogeneity
(degree 0) for N targets of one input, aₙ = 1. Source: Xu & Ziyin 2025, Eq. 20-21, for the square.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Sum

from symbolic.network.model import Model
from symbolic.notation.symbols import N, a, n, target, x
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Refuted, Undecided, Verdict, prove_equal, prove_zero

g = sympy.Symbol("g", real=True)  # the output at the unit vector e
scale, value = sympy.symbols("scale value", positive=True)


@dataclass(frozen=True, kw_only=True)
class EffectiveLoss(Record):
    """The loss over a data set on a line, in the output at the unit vector of the line.

    Attributes:
        degree: β of σ(c h) = c^β σ(h) for every real c, 0 where there is none.
        ray_degree: β of σ(c h) = c^β σ(h) for c > 0, 0 where there is none.
        loss: ℒ(g), a mean over the set.
    """

    model: Need[Model]
    degree: Expr
    ray_degree: Expr
    loss: Expr

    def certify(self) -> Iterator[Certificate]:
        """By σ at scaled preactivations, and at two of opposite sign."""
        model, any_sign, ray = self.model, self.degree, self.ray_degree
        yield Certificate(f"sigma is homogeneous of degree {ray} for c > 0", _degree_is(model, ray))
        yield Certificate(
            f"of degree {any_sign} for c < 0, too", _mirrored_degree_is(model, any_sign, ray)
        )
        mean = sum(model.loss(scale**ray * g, target[k]) for k in (1, 2)) / 2
        written_out = self.loss.subs(N, 2).doit().xreplace({a[1]: scale, a[2]: scale})
        yield Certificate("two data points written out", prove_zero(written_out - mean))

    def explain(self) -> Iterator[Step]:
        """What is given."""
        at_the_set = (
            Sum(self.model.loss(sympy.Symbol(r"f(a_n\hat x)", real=True), target[n]), (n, 1, N)) / N
        )
        yield Step(
            "Network and loss",
            (("f(x)", self.model.output(x)), (r"\tilde L", at_the_set)),
            rf"Definition: {self.model.source}. The data lie on a line, $a_n\hat x$ with a unit vector "
            r"$\hat x$.",
        )


def degrees_of_homogeneity(model: Model) -> tuple[Expr, Expr]:
    """The β ≥ 1 with σ(c h) = c^β σ(h), found from σ: for every real c, and for c > 0; 0 for none."""
    sides = (value, -value)
    alive = [side for side in sides if model.activation(side) != 0]
    found = {_power_of(model.activation(scale * z) / model.activation(z)) for z in alive}
    exponent = found.pop() if len(found) == 1 else None
    if exponent is None:
        return Integer(0), Integer(0)
    return exponent if len(alive) == 2 and _is_mirrored(model, exponent) else Integer(0), exponent


def _power_of(ratio: Expr) -> Expr | None:
    """β where the ratio is scale^β, β an integer ≥ 1 or left open."""
    base, exponent = sympy.powsimp(sympy.cancel(ratio)).as_base_exp()
    is_power = exponent.is_Symbol or (exponent.is_Integer and exponent.is_positive)
    return exponent if base == scale and is_power else None


def _is_mirrored(model: Model, degree: Expr) -> bool:
    parity = model.activation(-value) / model.activation(value)
    return bool(sympy.simplify(sympy.powsimp(parity) - (-1) ** degree) == 0)


def derive(model: Model) -> EffectiveLoss:
    """Find how σ scales, and write every output of the set in the one at the unit vector."""
    any_sign, ray = degrees_of_homogeneity(model)
    loss = Sum(model.loss(a[n] ** ray * g, target[n]), (n, 1, N)) / N
    return EffectiveLoss(model=model, degree=any_sign, ray_degree=ray, loss=loss)


def _degree_is(model: Model, degree: Expr) -> Verdict:
    """σ(c h) = c^β σ(h) for c > 0 and h of either sign; or no integer β ≥ 1 does it, as values show."""
    sigma = model.activation
    if degree != 0:
        return prove_zero(
            sympy.Add(
                *(
                    mark * sympy.expand_power_base(sigma(scale * z) - scale**degree * sigma(z))
                    for mark, z in zip(sympy.symbols("mark_1 mark_2"), (value, -value), strict=True)
                )
            )
        )
    for side in (Integer(1), Integer(-1)):
        one, two, four = (sigma(side * place) for place in (1, 2, 4))
        if isinstance(prove_equal(one * four, two**2), Refuted):
            return Proved("values at 1, 2 and 4")
        if one != 0 and not sympy.log(two / one, 2).is_integer:
            return Proved("values at 1 and 2")
    return Undecided("values at 1, 2 and 4 would fit a power")


def _mirrored_degree_is(model: Model, any_sign: Expr, ray: Expr) -> Verdict:
    """σ(−h) = (−1)^β σ(h), or not, as values at ±1 show; no degree for c < 0 without one for c > 0."""
    if any_sign not in (0, ray):
        return Undecided(f"degree {any_sign} for c < 0, and {ray} for c > 0")
    sides = model.activation(-value), (-1) ** ray * model.activation(value)
    if any_sign != 0:
        return Proved("parity") if _is_mirrored(model, ray) else prove_equal(*sides)
    if ray == 0 or isinstance(prove_equal(*sides), Refuted):
        return Proved("values at 1 and -1")
    return Undecided("sigma is mirrored")
