"""Stage 8, observables: by substitution of the weights, never typed.

Sums over neurons of the closed-form weights become P, Q and the mean of p q. Two combinations do
not depend on time, the balance Δ = η_u‖ω‖² − η_w‖u‖² and the Gram determinant G = ‖u‖²‖ω‖² −
(u·ω)². With them every scalar observable is a function of the overlap u·ω = f/(γρ) alone, in which
nothing cancels; in particular ζ = u·ω / √((u·ω)² + G), plainly monotone in f. Source: Xu & Ziyin
2025, Eq. 13-16, section 3.3 and appendix D. ω = W x/ρ, so at d₀ = 1, x > 0 the alignment is the
cosine of u and w as they define it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Expr, Sum, diff, sqrt

from symbolic.explicit.reduction import Reduction
from symbolic.explicit.weights import PLACES, Weights, g
from symbolic.laws.conservation import Conservation
from symbolic.network.datasets import EffectivePoint
from symbolic.notation.symbols import (
    M_aa,
    M_ay,
    M_yy,
    P,
    Q,
    alpha,
    balance,
    d,
    decay,
    decayed,
    eta_u,
    eta_w,
    f,
    gram,
    h_i,
    i,
    norm_omega_2,
    norm_u_2,
    overlap,
    p,
    p_i,
    pq,
    q,
    q_i,
    rho,
    s,
    u_i,
    zeta,
)
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.sums import replace_sums


@dataclass(frozen=True, kw_only=True)
class Observables(Record):
    """Scalars of the network along the trajectory.

    Attributes:
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
    in_output = sympy.cancel(f * plain["overlap"] / output)
    alignment = overlap / sqrt(overlap**2 + gram)
    slope = diff(alignment, overlap) * sympy.factor(diff(plain["overlap"], alpha))
    record = {
        "overlap": in_output,
        "overlap_gained": gained(plain["overlap"]),
        "alignment": alignment,
        "alignment_slope": sympy.factor(sympy.together(slope)),
        "norm_u_2": conjugate_roots(+1),
        "norm_omega_2": conjugate_roots(-1),
        "constants": constants,
        "balance": total,
        "population_loss": population_loss(point),
        "in_alpha": plain,
    }
    certificates = (
        *_constancy(constants),
        Certificate(
            "overlap = f / (gamma rho)",
            prove_equal(in_output.xreplace({f: output}), plain["overlap"]),
        ),
        *(
            Certificate(
                f"overlap = its start + what it has gained, s {sign} 0",
                prove_equal(
                    form.xreplace(place) + plain["overlap"].subs(alpha, 1),
                    plain["overlap"].subs(alpha, g**2),
                ),
            )
            for form, place, sign in zip(record["overlap_gained"], PLACES, (">=", "<"), strict=True)
        ),
        *_alignment_certificates(record),
        *_norm_certificates(record["norm_u_2"], record["norm_omega_2"], record["balance"]),
        Certificate("population loss is the quadratic", _population(record["population_loss"])),
    )
    return Observables(**record, certificates=certificates, steps=_steps(record))


def summed_law(laws: Conservation) -> Expr:
    """The quadratic laws of the neurons, summed and divided by ρ²: conserved, in squared norms."""
    (law,) = laws.own
    total = law.xreplace({u_i**2: norm_u_2, h_i**2: rho**2 * norm_omega_2}) / rho**2
    total = sympy.expand(total)
    return total if total.coeff(norm_omega_2).is_positive else -total


def substitute(weights: Weights) -> dict[str, Expr]:
    """Sums over neurons of products of the closed-form weights, in P, Q, pq and α."""
    moments = {
        Sum(p[i] ** 2, (i, 1, d)): d * P,
        Sum(q[i] ** 2, (i, 1, d)): d * Q,
        Sum(p[i] * q[i], (i, 1, d)): d * pq,
    }
    indexed = {p_i: p[i], q_i: q[i]}

    def total(product: Expr) -> Expr:
        summed = replace_sums(Sum(sympy.expand(product).xreplace(indexed), (i, 1, d)), moments)
        return sympy.factor(summed.subs(g, sqrt(alpha)))

    plain = {
        "overlap": total(weights.u * weights.omega),
        "norm_u_2": total(weights.u**2),
        "norm_omega_2": total(weights.omega**2),
    }
    plain["alignment"] = plain["overlap"] / sqrt(plain["norm_u_2"] * plain["norm_omega_2"])
    return plain


def gained(observable: Expr) -> tuple[Expr, Expr]:
    """Its change since α = 1, at α = decay^∓2, with 1 − decay² = decayed (1 + decay) taken out."""
    change = sympy.expand(observable - observable.subs(alpha, 1))
    quotients = [
        sympy.expand(sympy.cancel(change.subs(alpha, decay**power) / (1 - decay**2)))
        for power in (-2, 2)
    ]
    rising, falling = (decayed * (1 + decay) * quotient for quotient in quotients)
    return rising, falling


def conjugate_roots(sign: int) -> tuple[Expr, Expr]:
    """A squared norm for Δ ≥ 0 and for Δ < 0, the root that cancels taken by its conjugate.

    X = η_w‖u‖² (sign +) or η_u‖ω‖² (sign −) is the positive root of X (X ± Δ) = η_u η_w ((u·ω)² +
    G).
    """
    rate = eta_w if sign > 0 else eta_u
    product = eta_u * eta_w * (overlap**2 + gram)
    unknown = sympy.Symbol("X", positive=True)
    roots = sympy.solve(unknown**2 + sign * balance * unknown - product, unknown)
    at = {balance: 0, overlap: 1, gram: 1, eta_u: 1, eta_w: 1}
    direct = next(root for root in roots if root.subs(at) > 0)
    other = sympy.expand(-sign * balance - direct)
    conjugate = sympy.factor(-product / other)
    branches = (conjugate, direct) if sign > 0 else (direct, conjugate)
    return branches[0] / rate, branches[1] / rate


def population_loss(point: EffectivePoint) -> Expr:
    """M_aa (f/ρ − M_ay/M_aa)² + (M_yy − M_ay²/M_aa): the square completed in the slope f/ρ."""
    best = point.target / point.strength
    return M_aa * (f / rho - best) ** 2 + point.floor


def _constancy(constants: Mapping[Expr, Expr]) -> tuple[Certificate, ...]:
    return tuple(
        Certificate(f"{name} does not depend on time", prove_zero(diff(value, alpha)))
        for name, value in constants.items()
    )


def _alignment_certificates(record: Mapping[str, Any]) -> tuple[Certificate, ...]:
    plain, constants = record["in_alpha"], record["constants"]
    values = {overlap: plain["overlap"], gram: constants[gram]}
    product = (overlap**2 + gram).xreplace(values)
    slope = record["alignment_slope"]
    return (
        Certificate(
            "|u|^2 |omega|^2 = overlap^2 + G",
            prove_equal(product, plain["norm_u_2"] * plain["norm_omega_2"]),
        ),
        Certificate(
            "d zeta / d alpha, squared",
            prove_equal((slope**2).xreplace(values), diff(plain["alignment"], alpha) ** 2),
        ),
        Certificate("d zeta / d alpha >= 0", _is_nonnegative(slope)),
        Certificate(
            "zeta sqrt(overlap^2 + G) = overlap",
            prove_equal(record["alignment"] * sqrt(overlap**2 + gram), overlap),
        ),
    )


def _is_nonnegative(quotient: Expr) -> Verdict:
    """Signs of numerator and denominator; the domain is where the denominator is not zero."""
    if all(part.is_nonnegative for part in sympy.fraction(quotient)):
        return Proved("signs of its factors")
    return Undecided(f"sign of {quotient}")


def _norm_certificates(
    norm_u: tuple[Expr, Expr], norm_omega: tuple[Expr, Expr], total: Expr
) -> tuple[Certificate, ...]:
    product = overlap**2 + gram
    return tuple(
        certificate
        for branch, one, two in zip((">=", "<"), norm_u, norm_omega, strict=True)
        for certificate in (
            Certificate(
                f"balance, Delta {branch} 0",
                prove_equal(total.xreplace({norm_u_2: one, norm_omega_2: two}), balance),
            ),
            Certificate(f"Gram determinant, Delta {branch} 0", prove_equal(one * two, product)),
            Certificate(f"positive, Delta {branch} 0", _positive_norms(one, two, branch)),
        )
    )


def _positive_norms(one: Expr, two: Expr, branch: str) -> Verdict:
    """Neither vanishes unless overlap = G = 0: one point decides the sign."""
    at = {overlap: 1, gram: 1, eta_u: 2, eta_w: 3, balance: 1 if branch == ">=" else -1}
    values = [one.subs(at), two.subs(at)]
    return (
        Proved("sign at a point") if all(v.is_positive for v in values) else Undecided(f"{values}")
    )


def _population(population: Expr) -> Verdict:
    slope = sympy.Symbol("slope", real=True)
    return prove_equal(population.subs(f, rho * slope), M_aa * slope**2 - 2 * M_ay * slope + M_yy)


def _steps(record: Mapping[str, Any]) -> tuple[Step, ...]:
    plain, constants = record["in_alpha"], record["constants"]
    return (
        Step(
            "Sums over neurons",
            (
                (r"u\cdot\omega", plain["overlap"]),
                (r"\|u\|^2", plain["norm_u_2"]),
                (r"\|\omega\|^2", plain["norm_omega_2"]),
                (balance, constants[balance]),
                (gram, constants[gram]),
            ),
            r"Substitute the weights and sum, with $\overline{pq}=\frac1d\sum_i p_iq_i$. "
            r"$\Delta=\eta_u\|\omega\|^2-\eta_w\|u\|^2$ and "
            r"$G=\|u\|^2\|\omega\|^2-(u\cdot\omega)^2$ do not depend on $\alpha$; "
            r"by Cauchy and Schwarz $G\ge0$.",
        ),
        Step(
            "Observables",
            (
                (r"u\cdot\omega", record["overlap"]),
                (zeta, record["alignment"]),
                (r"\frac{d\zeta}{d\alpha}", record["alignment_slope"]),
                (r"\|u\|^2\big|_{\Delta<0}", record["norm_u_2"][1]),
                (r"\|\omega\|^2\big|_{\Delta\ge0}", record["norm_omega_2"][0]),
            ),
            r"In the overlap nothing cancels; the other branch of each norm is the conjugate root. "
            r"$d\zeta/d\alpha\ge0$: the alignment is monotone in time.",
        ),
        Step(
            "Population loss",
            ((r"\overline{(af/\rho-\tilde y)^2}", record["population_loss"]),),
            r"For a population on the same line, whose outputs are $af/\rho$: the square completed in "
            r"$f$.",
        ),
    )
