"""Stage: observables, by substitution of the weights, never typed.

Sums over neurons of the closed-form weights become P, Q and the mean of p q. Two combinations do
not depend on time, the balance Δ = η_u‖ω‖² − η_w‖u‖² and the Gram determinant G = ‖u‖²‖ω‖² −
(u·ω)². With them every scalar observable is a function of the overlap u·ω = f/(γρ) alone, in which
nothing cancels; in particular ζ = u·ω / √((u·ω)² + G), plainly monotone in f. Source: Xu & Ziyin
2025, Eq. 13-16, section 3.3 and appendix D. ω = W x/ρ, so at d₀ = 1, x > 0 the alignment is the
cosine of u and w as they define it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, diff, sqrt

from symbolic.explicit.notation import (
    P,
    Q,
    alpha,
    balance,
    gram,
    norm_omega_2,
    norm_u_2,
    overlap,
    p_i,
    pq,
    q_i,
    zeta,
)
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.scalars import (
    conjugate_roots,
    gained,
    population_loss,
    substitute,
    summed_law,
)
from symbolic.explicit.weights import Weights, by_side, g
from symbolic.laws.conservation import Conservation
from symbolic.network.effective_point import EffectivePoint
from symbolic.notation.symbols import M_aa, M_ay, M_yy, d, eta_u, eta_w, f, h_i, rho, s, u_i
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.parts import exactly, named


@dataclass(frozen=True, kw_only=True)
class Observables(Record):
    """Scalars of the network along the trajectory.

    Attributes:
        point: the data, as one point.
        laws: of one neuron.
        reduction: the output in warped time.
        weights: of neuron i along the trajectory.
        overlap: u·ω in terms of the output f.
        overlap_gained: u·ω less its start in P, Q, decay and decayed, for s ≥ 0 and for s < 0: terms
            of one sign, and no division by γρ.
        alignment: ζ in overlap and gram.
        alignment_slope: dζ/dα in overlap, gram, P, Q and α.
        norm_u_2, norm_omega_2: squared norms in overlap, gram and balance, each for balance ≥ 0
            and for balance < 0, without cancellation.
        constants: gram and balance in P, Q, pq.
        balance: its definition, the summed quadratic laws, in the squared norms.
        population_loss: in the output f and the moments of a population on the line.
        in_alpha: the plain substitution: overlap, norms and ζ in P, Q, pq, α.
    """

    point: Need[EffectivePoint]
    laws: Need[Conservation]
    reduction: Need[Reduction]
    weights: Need[Weights]
    overlap: Expr
    overlap_gained: tuple[Expr, Expr]
    alignment: Expr
    alignment_slope: Expr
    norm_u_2: tuple[Expr, Expr]
    norm_omega_2: tuple[Expr, Expr]
    constants: dict[Expr, Expr]
    balance: Expr
    population_loss: Expr
    in_alpha: dict[str, Expr]

    def certify(self) -> Iterator[Certificate]:
        """Two neurons written out, and every form of a scalar by the plain substitution."""
        yield from _constancy(self)
        yield from _overlap_certificates(self)
        yield from _alignment_certificates(self)
        yield from _norm_certificates(self)
        yield Certificate("population loss is the quadratic", _population(self))
        yield from _sum_certificates(self)
        yield from _definition_certificates(self)

    def explain(self) -> Iterator[Step]:
        """The sums, the scalars in the overlap, and the loss of a population."""
        yield Step(
            "Sums over neurons",
            (
                (r"u\cdot\omega", self.in_alpha["overlap"]),
                (r"\|u\|^2", self.in_alpha["norm_u_2"]),
                (r"\|\omega\|^2", self.in_alpha["norm_omega_2"]),
                (balance, self.constants[balance]),
                (gram, self.constants[gram]),
            ),
            r"Substitute the weights and sum, with $\overline{pq}=\frac1d\sum_i p_iq_i$. "
            r"$\Delta=\eta_u\|\omega\|^2-\eta_w\|u\|^2$ and "
            r"$G=\|u\|^2\|\omega\|^2-(u\cdot\omega)^2$ do not depend on $\alpha$; "
            r"by Cauchy and Schwarz $G\ge0$.",
        )
        yield Step(
            "Observables",
            (
                (r"u\cdot\omega", self.overlap),
                (zeta, self.alignment),
                (r"\frac{d\zeta}{d\alpha}", self.alignment_slope),
                (r"\|u\|^2\big|_{\Delta<0}", self.norm_u_2[1]),
                (r"\|\omega\|^2\big|_{\Delta\ge0}", self.norm_omega_2[0]),
            ),
            r"In the overlap nothing cancels; the other branch of each norm is the conjugate root. "
            r"$d\zeta/d\alpha\ge0$: the alignment is monotone in time.",
        )
        yield Step(
            "Population loss",
            ((r"\overline{(af/\rho-\tilde y)^2}", self.population_loss),),
            r"For a population on the same line, whose outputs are $af/\rho$: the square completed in "
            r"$f$.",
        )

    @property
    def plain(self) -> dict[Expr, Expr]:
        """The plain substitution, by symbols: overlap, squared norms and ζ in α."""
        names = {"alignment": zeta} | {str(z): z for z in (overlap, norm_u_2, norm_omega_2)}
        return {names[name]: value for name, value in named(self.in_alpha, *names).items()}


def derive(
    point: EffectivePoint, laws: Conservation, reduction: Reduction, weights: Weights
) -> Observables:
    """Substitute, find what is constant, and write every scalar in the overlap."""
    plain = substitute(weights)
    total = summed_law(laws)
    constants = {
        balance: sympy.factor(total.xreplace({z: plain[str(z)] for z in (norm_u_2, norm_omega_2)})),
        gram: sympy.factor(plain["norm_u_2"] * plain["norm_omega_2"] - plain["overlap"] ** 2),
    }
    output = reduction.output.subs(s, sympy.log(alpha) / 2)
    alignment = overlap / sqrt(overlap**2 + gram)
    slope = diff(alignment, overlap) * sympy.factor(diff(plain["overlap"], alpha))
    return Observables(
        point=point,
        laws=laws,
        reduction=reduction,
        weights=weights,
        overlap=sympy.cancel(f * plain["overlap"] / output),
        overlap_gained=gained(plain["overlap"]),
        alignment=alignment,
        alignment_slope=sympy.factor(sympy.together(slope)),
        norm_u_2=conjugate_roots(+1),
        norm_omega_2=conjugate_roots(-1),
        constants=constants,
        balance=total,
        population_loss=population_loss(point, reduction.unit),
        in_alpha=plain,
    )


def _constancy(record: Observables) -> Iterator[Certificate]:
    for name, value in record.constants.items():
        yield Certificate(f"{name} does not depend on time", prove_zero(diff(value, alpha)))


def _overlap_certificates(record: Observables) -> Iterator[Certificate]:
    output = record.reduction.output.subs(s, sympy.log(alpha) / 2)
    plain = record.plain[overlap]
    yield Certificate(
        "overlap = f / (gamma rho)", prove_equal(record.overlap.xreplace({f: output}), plain)
    )
    for form, place, sign in by_side(record.overlap_gained):
        yield Certificate(
            f"overlap = its start + what it has gained, s {sign} 0",
            prove_equal(form.xreplace(place) + plain.subs(alpha, 1), plain.subs(alpha, g**2)),
        )


def _alignment_certificates(record: Observables) -> Iterator[Certificate]:
    plain, constants = record.plain, named(record.constants, balance, gram)
    values = {overlap: plain[overlap], gram: constants[gram]}
    product, slope = plain[norm_u_2] * plain[norm_omega_2], record.alignment_slope
    yield Certificate(
        "|u|^2 |omega|^2 = overlap^2 + G",
        prove_equal((overlap**2 + gram).xreplace(values), product),
    )
    yield Certificate(
        "d zeta / d alpha, squared",
        prove_equal((slope**2).xreplace(values), diff(plain[zeta], alpha) ** 2),
    )
    yield Certificate("d zeta / d alpha >= 0", _is_nonnegative(slope))
    yield Certificate(
        "zeta sqrt(overlap^2 + G) = overlap",
        prove_equal(record.alignment * sqrt(overlap**2 + gram), overlap),
    )


def _is_nonnegative(quotient: Expr) -> Verdict:
    """Signs of numerator and denominator; the domain is where the denominator is not zero."""
    if all(part.is_nonnegative for part in sympy.fraction(quotient)):
        return Proved("signs of its factors")
    return Undecided(f"sign of {quotient}")


def _norm_certificates(record: Observables) -> Iterator[Certificate]:
    product = overlap**2 + gram
    norms_u, norms_omega = exactly(2, record.norm_u_2), exactly(2, record.norm_omega_2)
    for branch, one, two in zip((">=", "<"), norms_u, norms_omega, strict=True):
        yield Certificate(
            f"balance, Delta {branch} 0",
            prove_equal(record.balance.xreplace({norm_u_2: one, norm_omega_2: two}), balance),
        )
        yield Certificate(f"Gram determinant, Delta {branch} 0", prove_equal(one * two, product))
        yield Certificate(f"positive, Delta {branch} 0", _positive_norms(one, two, branch))


def _positive_norms(one: Expr, two: Expr, branch: str) -> Verdict:
    """Neither vanishes unless overlap = G = 0: one point decides the sign."""
    at = {overlap: 1, gram: 1, eta_u: 2, eta_w: 3, balance: 1 if branch == ">=" else -1}
    values = [one.subs(at), two.subs(at)]
    return (
        Proved("sign at a point") if all(v.is_positive for v in values) else Undecided(f"{values}")
    )


def _population(record: Observables) -> Verdict:
    slope = sympy.Symbol("slope", real=True)
    mean = M_aa * slope**2 - 2 * M_ay * slope + M_yy
    found = record.population_loss.subs(f, rho * slope)
    return prove_equal(found, record.reduction.unit * mean)


def _sum_certificates(record: Observables) -> Iterator[Certificate]:
    """The mean over two neurons, with P, Q and pq by their definition as means."""
    pairs = [sympy.symbols(f"p_{number} q_{number}", real=True) for number in (1, 2)]
    means = {
        P: sympy.Add(*(one**2 for one, _ in pairs)) / 2,
        Q: sympy.Add(*(two**2 for _, two in pairs)) / 2,
        pq: sympy.Add(*(one * two for one, two in pairs)) / 2,
    }
    u, omega = record.weights.u, record.weights.omega
    for symbol, product in ((overlap, u * omega), (norm_u_2, u**2), (norm_omega_2, omega**2)):
        neurons = (product.xreplace({p_i: one, q_i: two}) for one, two in pairs)
        found = record.plain[symbol].xreplace(means).subs(alpha, g**2) / d
        yield Certificate(f"{symbol}, two neurons", prove_equal(found, sympy.Add(*neurons) / 2))


def _definition_certificates(record: Observables) -> Iterator[Certificate]:
    plain, point = record.plain, record.point
    product = plain[norm_u_2] * plain[norm_omega_2]
    yield Certificate(
        "zeta |u| |omega| = overlap", prove_equal(plain[zeta] * sqrt(product), plain[overlap])
    )
    # Where the squares of the norms are written for overlap² + G, the root of both is one.
    slope = record.alignment_slope.xreplace({gram: product - overlap**2})
    yield Certificate(
        "d zeta / d alpha",
        prove_equal(slope.xreplace({overlap: plain[overlap]}), diff(plain[zeta], alpha)),
    )
    yield Certificate(
        "balance in alpha",
        prove_equal(
            record.balance.xreplace(plain), named(record.constants, balance, gram)[balance]
        ),
    )
    (law,) = record.laws.own
    yield Certificate("balance is a law of each neuron", _is_the_law(record.balance, law))
    yield Certificate(
        "the loss of the population at its best",
        prove_equal(
            record.population_loss.subs(f, rho * point.target / point.strength), point.floor
        ),
    )


def _is_the_law(total: Expr, law: Expr) -> Verdict:
    """Of one neuron, whose squared norms are u² and (h/ρ)²."""
    ratio = sympy.cancel(total.xreplace({norm_u_2: u_i**2, norm_omega_2: h_i**2 / rho**2}) / law)
    return Undecided(f"ratio {ratio}") if ratio.has(u_i, h_i) else Proved("cancellation")
