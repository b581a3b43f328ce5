"""Stage: the state of the network at a time and at t = ∞, in forms that floats can compute.

f is known as a sum over start and target, f₀ ϱ + y (1 − ϱ), and as a difference in α. Either may cancel:
their mean weighted with the size of the other's terms has twice the error of the better one. e^{−|s|} is
the root of the smaller of N and D over the larger. At t = ∞ the network is at the equilibrium f = y; at
the saddle at the origin, with f = 0; or it has not moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Expr, Symbol, sqrt

from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.notation import (
    B,
    R,
    alpha,
    decay,
    denominator,
    f_0,
    numerator,
    residual_0,
    residual_ratio,
    tau,
)
from symbolic.explicit.weights import Weights
from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import f, lam, y
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import prove_equal, prove_zero
from symbolic.proof.parts import exactly
from symbolic.proof.same_function import elementary
from symbolic.proof.stable_forms import mean_decay

progress, by_target, by_alpha = (
    Symbol(name, real=True) for name in ("progress", "by_target", "by_alpha")
)
size_by_target, size_by_alpha, total_size = (
    Symbol(name, positive=True) for name in ("size_by_target", "size_by_alpha", "total_size")
)
# Not positive: the root of their quotient stays one root.
lesser, greater = Symbol("lesser", real=True), Symbol("greater", real=True)


@dataclass(frozen=True, kw_only=True)
class StableState(Record):
    """A state as it is computed.

    Attributes:
        closed, weights: where the formulas are from.
        alpha: α in N and D.
        exponent: −log E.
        elapsed: τ by a mean of the decay, right at R = 0 too.
        by_target: f in f₀, y, ϱ and progress = 1 − ϱ.
        by_alpha: f in N and D.
        output: the mean of both, in them, the sizes of their terms and the sum of the sizes.
        decay: e^{−|s|} in the lesser and the greater of N and D.
        growth_at_end: 2 sinh s at the equilibrium, in N and D there, times R.
        ratio_at_saddle: ϱ at the saddle.
        output_at_end: f at the equilibrium and at the saddle.
        decayed_at_end: 1 − e^{−|s|} where nothing moves and at the saddle.
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "at": XU_ZIYIN.at("Eq. 8-9 and Proposition 2"),
        "limit": XU_ZIYIN.at("Eq. 12"),
        "time_scale": XU_ZIYIN.at("Eq. 10"),
    }

    closed: Need[ClosedForm]
    weights: Need[Weights]
    alpha: Expr
    exponent: Expr
    elapsed: Expr
    by_target: Expr
    by_alpha: Expr
    output: Expr
    decay: Expr
    growth_at_end: Expr
    ratio_at_saddle: Expr
    output_at_end: tuple[Expr, Expr]
    decayed_at_end: tuple[Expr, Expr]

    def certify(self) -> Iterator[Certificate]:
        """Against the closed form."""
        closed = self.closed
        yield Certificate(
            "E by its exponent", prove_equal(sympy.exp(-self.exponent), closed.decaying)
        )
        yield Certificate(
            "tau by a mean of the decay", prove_equal(elementary(self.elapsed), closed.elapsed)
        )
        yield from _output_certificates(self)
        ends = self.closed.integral.riccati
        quotient = self.alpha.xreplace({numerator: ends.numerator, denominator: ends.denominator})
        whole = prove_equal(quotient * ends.denominator, ends.numerator)
        yield Certificate("alpha is the projective quotient", whole)
        for words, place, value in (
            (">=", {lesser: denominator, greater: numerator}, sqrt(alpha)),
            ("<", {lesser: numerator, greater: denominator}, 1 / sqrt(alpha)),
        ):
            product = (self.decay.xreplace(place) * value).subs(alpha, self.alpha)
            yield Certificate(
                f"decay = exp(-|s|), s {words} 0", prove_equal(product, sympy.Integer(1))
            )
        yield from _end_certificates(self)

    def explain(self) -> Iterator[Step]:
        """The output both ways, and the limits."""
        yield Step(
            "State of the network",
            (
                (decay, r"\sqrt{\min(N,D)/\max(N,D)}"),
                (f, self.by_target.xreplace({progress: 1 - residual_ratio})),
                (r"\phantom{f}", self.by_alpha),
                (r"\varrho(\infty)\big|_{\text{saddle}}", self.ratio_at_saddle),
                (r"\varsigma(\infty)", self.growth_at_end),
            ),
            r"The output as a sum over start and target, and as a difference in $\alpha$: either may "
            r"cancel, and their weighted mean does not. At $t=\infty$ stand $R\,N$ and $R\,D$.",
        )


def derive(closed: ClosedForm, weights: Weights) -> StableState:
    """Write the output both ways, and take the limits."""
    exponent = -closed.decaying.args[0]
    means = by_target * size_by_alpha / total_size + by_alpha * size_by_target / total_size
    return StableState(
        closed=closed,
        weights=weights,
        alpha=numerator / denominator,
        exponent=exponent,
        elapsed=sympy.cancel(exponent / R) * mean_decay(exponent),
        by_target=f_0 * residual_ratio + y * progress,
        # α as a quotient, so that α² does not occur in derivatives.
        by_alpha=sympy.expand(closed.output.xreplace({alpha: numerator / denominator})),
        output=means,
        decay=sqrt(lesser / greater),
        growth_at_end=closed.growth.subs(tau, 1),
        ratio_at_saddle=-y / residual_0,
        output_at_end=(y, sympy.Integer(0)),
        decayed_at_end=(sympy.Integer(0), sympy.Integer(1)),
    )


def _output_certificates(record: StableState) -> Iterator[Certificate]:
    # f − y = ϱ (f₀ − y), and progress is 1 − ϱ: both are certificates of the closed form.
    start = record.by_target.xreplace({progress: 1 - residual_ratio})
    yield Certificate("f by start and target", prove_equal(start - y, residual_ratio * (f_0 - y)))
    quotient = record.closed.output.xreplace({alpha: numerator / denominator})
    yield Certificate("f in N and D", prove_equal(record.by_alpha, quotient))
    alike = record.output.xreplace({by_target: f, by_alpha: f})
    mean = alike.xreplace({total_size: size_by_target + size_by_alpha})
    yield Certificate("f is a mean of two that are alike", prove_equal(mean, f))
    other = record.output.xreplace({size_by_target: sympy.Integer(0), total_size: size_by_alpha})
    yield Certificate(
        "the one with the smaller terms has more weight", prove_equal(other, by_target)
    )


def _end_certificates(record: StableState) -> Iterator[Certificate]:
    closed = record.closed
    # τ → 1/R, and what stands for N and D is R times them.
    at_end = {tau: 1 / R, numerator: numerator / R, denominator: denominator / R}
    growth = closed.growth.subs(at_end, simultaneous=True)
    yield Certificate("2 sinh s at t = infinity", prove_equal(growth, record.growth_at_end))
    # λ (f(0) − y) is −1/4 of the Wronskian, λ y = B, and 4B/W is the limit of ϱ there.
    wronskian = closed.integral.riccati.wronskian
    named = {residual_0: -wronskian / (4 * lam), y: B / lam}
    saddle = prove_equal(record.ratio_at_saddle.xreplace(named), 4 * B / wronskian)
    yield Certificate("the ratio of residuals at the saddle", saddle)
    for words, value, ratio in zip(
        ("equilibrium", "saddle"), exactly(2, record.output_at_end), (sympy.Integer(0), -y / residual_0),
        strict=True,
    ):  # fmt: skip
        yield Certificate(f"f at the {words}", prove_zero(y + residual_0 * ratio - value))
    still, saddle_ = exactly(2, record.decayed_at_end)
    for words, value, left in (("where nothing moves", still, 1), ("at the saddle", saddle_, 0)):
        yield Certificate(f"1 - exp(-|s|) {words}", prove_equal(value + left, sympy.Integer(1)))
