"""Stage: observables in forms that floats can compute, also for layers that die or are parallel.

The overlap u·ω is known by the output, and by what it has gained, which needs no γρ ≠ 0; the mean of both
has the digits of the one, and where little is gained the derivatives of the other. With the hypotenuse
‖u‖‖ω‖ = √(G + (u·ω)²) neither norms, alignment nor slope have a square that underflows; each norm is the
root that does not cancel for its sign of the balance Δ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Abs, Expr, Symbol, sqrt

from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.notation import (
    alpha,
    balance,
    decay,
    floor,
    gram,
    overlap,
    overlap_0,
    residual_0,
    residual_ratio,
    zeta,
)
from symbolic.explicit.observables import Observables
from symbolic.explicit.weights import Weights
from symbolic.network.effective_point import EffectivePoint
from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import eta_u, eta_w, f, h_i, rho, x_j, y
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal
from symbolic.proof.parts import exactly

residual, scale, by_output, gained, by_gain, along, change, e = (
    Symbol(name, real=True)
    for name in ("residual", "scale", "by_output", "gained", "by_gain", "along", "change", "e")
)
terms, one, other, total = (
    Symbol(name, positive=True) for name in ("terms", "one", "other_share", "total")
)
hypotenuse, share, sine_2, length, divisor, size_balance, root = (
    Symbol(name, positive=True)
    for name in ("hypotenuse", "share", "sine_2", "length", "divisor", "size_balance", "root")
)
w_0 = Symbol("w_0", real=True)
# Not positive: the root of a product of rates stays one root.
RATES = {rate: Symbol(rate.name, real=True) for rate in (eta_u, eta_w)}
HALF = sympy.Rational(1, 2)


@dataclass(frozen=True, kw_only=True)
class StableObservables(Record):
    """Observables as they are computed.

    Attributes:
        model, point, closed, weights, observables: where the formulas are from.
        residual: f − y in the initial one and ϱ.
        loss: of what was given, in the residual.
        scale: f/(u·ω).
        by_output, by_gain: u·ω by the output, and by its start and what it has gained.
        terms: the sizes of both terms of by_gain.
        shares: weights of by_gain and of by_output.
        overlap: the mean of both.
        alignment: ζ in the overlap and the hypotenuse.
        share: G/hypotenuse, and sine_2: that once more divided by it.
        alignment_slope: dζ/dα in the hypotenuse, sine_2 and the decay, for s ≥ 0 and for s < 0.
        length: 2 √(η_u η_w) times the hypotenuse, with root = √(Δ² + length²).
        divisor: |Δ| + root.
        norm_u, norm_omega: in the hypotenuse and the divisor, for Δ ≥ 0 and for Δ < 0.
        along: the output at the unit vector of the data.
        population_loss: in that and the smallest loss.
        w: w_ij in its start, the change of ω_i and the component e_j of the unit vector.
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "residual": XU_ZIYIN.at("Eq. 8"),
        "loss": XU_ZIYIN.at("Eq. 3 and 56"),
        "overlap": XU_ZIYIN.at("Eq. 53"),
        "alignment": XU_ZIYIN.at("Eq. 14"),
        "alignment_slope": XU_ZIYIN.at("Eq. 15"),
        "population_loss": XU_ZIYIN.at("appendix D"),
        "norm_u": XU_ZIYIN.at("section 3.3"),
        "norm_omega": XU_ZIYIN.at("section 3.3"),
        "norm_W": XU_ZIYIN.at("section 3.3"),
    }

    model: Need[Model]
    point: Need[EffectivePoint]
    closed: Need[ClosedForm]
    weights: Need[Weights]
    observables: Need[Observables]
    residual: Expr
    loss: Expr
    scale: Expr
    by_output: Expr
    by_gain: Expr
    terms: Expr
    shares: tuple[Expr, Expr]
    overlap: Expr
    alignment: Expr
    share: Expr
    sine_2: Expr
    alignment_slope: tuple[Expr, Expr]
    length: Expr
    divisor: Expr
    norm_u: tuple[Expr, Expr]
    norm_omega: tuple[Expr, Expr]
    along: Expr
    population_loss: Expr
    w: Expr

    def certify(self) -> Iterator[Certificate]:
        """By substitution into the plain observables."""
        yield from _loss_certificates(self)
        yield from _overlap_certificates(self)
        yield from _alignment_certificates(self)
        yield from _norm_certificates(self)
        moved = self.weights.w_change.xreplace({h_i: rho * change, x_j: rho * e})
        yield Certificate("w by the change of omega", prove_equal(self.w, w_0 + moved))

    def explain(self) -> Iterator[Step]:
        """What is computed in the hypotenuse."""
        shown = {hypotenuse: Symbol(r"\|u\|\|\omega\|", positive=True)}
        yield Step(
            "Observables without cancellation",
            (
                (r"\|u\|\|\omega\|", sqrt(gram + overlap**2)),
                (zeta, self.alignment.xreplace(shown)),
                (r"L", self.loss.xreplace({residual: f - y})),
            ),
            r"$u\cdot\omega$ is $f/(\gamma\rho)$, and its start plus what it has gained; computed is the "
            r"mean of both, weighted with the sizes of what may cancel.",
        )


def derive(
    model: Model,
    point: EffectivePoint,
    closed: ClosedForm,
    weights: Weights,
    observables: Observables,
) -> StableObservables:
    """Name what is computed once, and write the rest in it."""
    moved = weights.w_change.xreplace({h_i: rho * change, x_j: rho * e})
    population = observables.population_loss - point.floor + floor
    return StableObservables(
        model=model,
        point=point,
        closed=closed,
        weights=weights,
        observables=observables,
        residual=residual_0 * residual_ratio,
        loss=sympy.cancel(model.loss(y + residual, y)) + floor,
        scale=sympy.cancel(f / observables.overlap),
        by_output=f / scale,
        by_gain=overlap_0 + gained,
        terms=Abs(overlap_0) + Abs(gained),
        shares=(Abs(by_output) * (Abs(overlap_0) / terms), Abs(gained)),
        overlap=by_gain * (one / total) + by_output * (other / total),
        alignment=_in_hypotenuse(observables.alignment),
        share=gram / hypotenuse,
        sine_2=share / hypotenuse,
        alignment_slope=_slopes(observables.alignment_slope),
        length=_length(observables.norm_u_2),
        divisor=size_balance + root,
        norm_u=_norms(observables.norm_u_2),
        norm_omega=_norms(observables.norm_omega_2),
        along=f / rho,
        population_loss=population.subs(f, along * rho),
        w=w_0 + sympy.factor(moved),
    )


def _in_hypotenuse(expression: Expr) -> Expr:
    """Powers of G + (u·ω)² as powers of its root."""
    return expression.replace(
        lambda z: z.is_Pow and z.base == gram + overlap**2, lambda z: hypotenuse ** (2 * z.exp)
    )


def _slopes(slope: Expr) -> tuple[Expr, Expr]:
    """The slope at α = decay^∓2, with G/hypotenuse² taken out, in which a square may underflow."""
    whole = _in_hypotenuse(slope)
    up, down = (
        sine_2 * sympy.expand(whole.subs(alpha, decay**power) * hypotenuse**2 / gram)
        for power in (-2, 2)
    )
    return up, down


def _radicand(square: Expr) -> Expr:
    """What stands below the root of Δ² + …, in the hypotenuse."""
    (base,) = (z.base for z in square.atoms(sympy.Pow) if z.exp == HALF and z.base.has(balance))
    return sympy.expand(base.xreplace({gram: hypotenuse**2 - overlap**2}))


def _length(norms: tuple[Expr, Expr]) -> Expr:
    rest = sympy.expand(_radicand(norms[1]) - balance**2)
    return hypotenuse * sqrt(sympy.cancel(rest / hypotenuse**2).xreplace(RATES))


def _norms(squares: tuple[Expr, Expr]) -> tuple[Expr, Expr]:
    """Each branch in the hypotenuse and in |Δ| + root."""
    up, down = (_norm(square, sign) for square, sign in zip(squares, (1, -1), strict=True))
    return up, down


def _norm(square: Expr, sign: int) -> Expr:
    whole = square.xreplace({balance: sign * size_balance})
    (radical,) = (z for z in whole.atoms(sympy.Pow) if z.base.has(size_balance) and z.exp == HALF)
    whole = whole.xreplace({radical: divisor - size_balance})
    whole = sympy.factor(whole.xreplace({gram: hypotenuse**2 - overlap**2}))
    power = hypotenuse if whole.has(hypotenuse) else sympy.Integer(1)
    top, bottom = sympy.fraction(sympy.cancel(whole / power**2))
    return power * sqrt(top) / sqrt(bottom)


def _loss_certificates(record: StableObservables) -> Iterator[Certificate]:
    # ϱ is by its definition the quotient of residuals.
    start = record.residual.xreplace({residual_ratio: (f - y) / residual_0})
    yield Certificate("the residual by its ratio", prove_equal(start, f - y))
    whole = record.loss.xreplace({residual: f - y})
    yield Certificate(
        "the loss by the residual", prove_equal(whole, record.model.loss(f, y) + floor)
    )
    here = {along: record.along, floor: record.point.floor}
    population = record.population_loss.xreplace(here)
    yield Certificate(
        "the population loss by the smallest one",
        prove_equal(population, record.observables.population_loss),
    )


def _overlap_certificates(record: StableObservables) -> Iterator[Certificate]:
    found = record.by_output.xreplace({scale: record.scale})
    plain = record.observables.overlap
    yield Certificate("overlap by the output", prove_equal(found, plain))
    by_start = prove_equal(record.by_gain - overlap_0, gained)
    yield Certificate("overlap by its start and gain", by_start)
    terms_ = prove_equal(record.terms, sympy.Add(*map(Abs, record.by_gain.args)))
    yield Certificate("the sizes of its terms", terms_)
    shares = dict(zip((one, other), exactly(2, record.shares), strict=True))
    relative = {terms: record.terms}
    sizes = (Abs(by_output) * Abs(overlap_0) / record.terms, Abs(gained))
    for (name, weight), size in zip(shares.items(), sizes, strict=True):
        yield Certificate(f"the weight {name}", prove_equal(weight.xreplace(relative), size))
    alike = record.overlap.xreplace({by_gain: overlap, by_output: overlap})
    mean = prove_equal(alike.xreplace({total: one + other}), overlap)
    yield Certificate("the overlap is a mean of two that are alike", mean)
    nothing = record.overlap.xreplace({other: sympy.Integer(0), total: one})
    yield Certificate("where nothing is gained it is by gain", prove_equal(nothing, by_gain))


def _alignment_certificates(record: StableObservables) -> Iterator[Certificate]:
    observables, exact = record.observables, {hypotenuse: sqrt(gram + overlap**2)}
    yield Certificate(
        "zeta by the hypotenuse",
        prove_equal(record.alignment.xreplace(exact), observables.alignment),
    )
    slopes = exactly(2, record.alignment_slope)
    for words, slope, power in zip((">=", "<"), slopes, (-2, 2), strict=True):
        sine = record.sine_2.xreplace({share: record.share})
        found = slope.xreplace({sine_2: sine}).xreplace(exact)
        plain = observables.alignment_slope.subs(alpha, decay**power)
        yield Certificate(f"d zeta / d alpha, s {words} 0", prove_equal(found, plain))


def _norm_certificates(record: StableObservables) -> Iterator[Certificate]:
    exact = {hypotenuse: sqrt(gram + overlap**2)}
    length = record.length.xreplace({number: rate for rate, number in RATES.items()})
    radicand = sympy.expand(size_balance**2 + length.xreplace(exact) ** 2)
    whole = {divisor: record.divisor.xreplace({root: sqrt(radicand)})}
    yield Certificate("the length is positive", _is_positive(length))
    for name, norms, squares in (
        ("|u|", record.norm_u, record.observables.norm_u_2),
        ("|omega|", record.norm_omega, record.observables.norm_omega_2),
    ):
        branches = zip((">=", "<"), exactly(2, norms), squares, (1, -1), strict=True)
        for words, norm, square, sign in branches:
            value = norm.xreplace(exact).xreplace(whole)
            plain = square.xreplace({balance: sign * size_balance})
            verdict = prove_equal(value**2, plain)
            yield Certificate(f"{name} in |Delta| + root, Delta {words} 0", verdict)
            yield Certificate(f"{name} is positive, Delta {words} 0", _is_positive(norm))


def _is_positive(norm: Expr) -> Verdict:
    return Proved("signs of its factors") if norm.is_positive else Undecided(f"sign of {norm}")
