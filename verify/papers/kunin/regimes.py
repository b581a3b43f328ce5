"""Section 3, p. 5, Figures 3 and 4: upstream, balanced and downstream, XᵀX = I, from one β₀ for all δ.

'≫' and '≪' are read as limits δ → ±∞ at one β₀ and β*. Velocities of μ and φ are those of Eq. 2, which is proved; a
tangent kernel is αI + γ uuᵀ with α = η_w a² = (κ + δ)/2 and γ = η_a‖w‖² = (κ − δ)/2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy import Basic, Eq, Expr, Integer, Symbol, sqrt

from verify.claims.claim import Claim, Evidence, Finding, Verdict
from verify.claims.equation import Convention, Decided, Equation
from verify.claims.implication import Implication
from verify.papers.kunin import branches, vote
from verify.papers.kunin.symbols import a as second_layer
from verify.papers.kunin.symbols import delta as law
from verify.papers.kunin.symbols import eta_a, eta_w, phi, s

mu = Symbol("mu", positive=True)
l = Symbol("l", positive=True)  # |δ|
d = Symbol("d", integer=True, positive=True)
overlap, c_0, c_1 = sympy.symbols("o C_0 C_1", positive=True)  # (u₀·u)², and η_aη_wμ² at both times
S, rise = Symbol("S_K", real=True), Symbol("v", real=True)
small = Symbol("e", positive=True)
FROM_EQ_2 = ("mu-velocity", "phi-velocity")
ORTHOGONAL = Convention("w₀ ⊥ β*, φ₀ = 0", (), {phi: Integer(0)})


def kappa(sign: int) -> tuple[Expr, Expr]:
    """κ and δ = ±l."""
    return sqrt(l**2 + 4 * eta_a * eta_w * mu**2), sign * l


def mu_speed(sign: int) -> Expr:
    """μ′ by Eq. 2."""
    return kappa(sign)[0] * (phi * s - mu)


def phi_speed(sign: int) -> Expr:
    """φ′ by Eq. 2, with κ − δ from its conjugate where δ > 0."""
    root, delta = kappa(sign)
    if sign > 0:
        return s * (root + delta) / (2 * mu) * (1 - phi**2)
    return 2 * eta_a * eta_w * mu * s / (root - delta) * (1 - phi**2)


def at_large(quantity: Expr) -> Expr:
    """Its limit as |δ| grows."""
    return sympy.limit(quantity, l, sympy.oo)


def _ratio() -> Expr:
    return at_large(mu_speed(1) / l) / s / at_large(phi_speed(1) / l)


def _alignment_rate() -> Expr:
    """Of 1 − φ², over δ."""
    return -2 * phi * at_large(phi_speed(1) / l) / (1 - phi**2)


def _dip() -> Expr:
    """The smallest ‖uβ₀ + (1 − u)β*‖/‖β*‖ on the straight way between β of one size."""
    u = Symbol("u", real=True)
    square = u**2 + (1 - u) ** 2 + 2 * u * (1 - u) * phi
    (where,) = sympy.solve(sympy.diff(square, u), u)
    return sqrt(sympy.factor(square.subs(u, where)))


def _inner(one: tuple[Expr, Expr], other: tuple[Expr, Expr], squared_cosine: Expr) -> Expr:
    """⟨αI + γvvᵀ, α′I + γ′v′v′ᵀ⟩ with (v·v′)², d inputs."""
    return (
        d * one[0] * other[0]
        + one[0] * other[1]
        + one[1] * other[0]
        + one[1] * other[1] * squared_cosine
    )


def distance(one: tuple[Expr, Expr], other: tuple[Expr, Expr], squared_cosine: Expr) -> Expr:
    """S of two such kernels."""
    norms = sqrt(_inner(one, one, Integer(1))) * sqrt(_inner(other, other, Integer(1)))
    return 1 - _inner(one, other, squared_cosine) / norms


def _lazy() -> Expr:
    """The limit of δ⁴S: half the squared sine, with κ/δ = √(1 + 4Ce²) to its fourth order in e = 1/δ."""
    both = []
    for c in (c_0, c_1):
        root = 1 + 2 * c * small**2 - 2 * c**2 * small**4
        both.append(((root + 1) / 2, (root - 1) / 2))
    one, other = both
    norms = _inner(one, one, Integer(1)) * _inner(other, other, Integer(1))
    rest = sympy.expand(norms - _inner(one, other, overlap) ** 2)
    assert all(sympy.expand(rest.coeff(small, k)) == 0 for k in range(4))
    return rest.coeff(small, 4) / norms.subs(small, 0) / 2


def _balanced_distance() -> Expr:
    """At δ = 0 α = γ."""
    return distance((c_0, c_0), (c_1, c_1), overlap)


def _balanced_facts() -> Sequence[Basic]:
    return [Eq((d + 3) * S, 1 - overlap), overlap <= 1]


def rest_of_mu() -> Expr:
    """Where μ comes to rest while w does not turn, δ → −∞."""
    (where,) = sympy.solve(at_large(mu_speed(-1) / l), mu)
    return where


def _slow_turn() -> Expr:
    return at_large(phi_speed(-1) * l).subs(mu, phi * s)


def _late_distance() -> Expr:
    """S between both ends as δ → −∞: α/γ → 0, and w turns to ±β*."""
    root, delta = kappa(-1)
    ratio = at_large((root + delta) / (root - delta))
    return distance((ratio, Integer(1)), (ratio, Integer(1)), phi**2)


def turning(a: Fraction, size: Fraction, inputs: int) -> Fraction:
    """Squared speed of the direction of the tangent kernel, rates 1, from the raw weights.

    Args:
        a: second layer.
        size: w = size·(3/5, 4/5, 0, …), and β* = (1, 0, …).
        inputs: d.
    """
    w = (size * Fraction(3, 5), size * Fraction(4, 5))
    misfit = (a * w[0] - 1, a * w[1])
    da = -(w[0] * misfit[0] + w[1] * misfit[1])
    dw = (-a * misfit[0], -a * misfit[1])
    square, inner, moved = size**2, w[0] * dw[0] + w[1] * dw[1], dw[0] ** 2 + dw[1] ** 2
    alpha, dalpha = a**2, 2 * a * da
    # K = αI + wwᵀ and K′ = α′I + w w′ᵀ + w′ wᵀ.
    kk = inputs * alpha**2 + 2 * alpha * square + square**2
    kd = inputs * alpha * dalpha + 2 * alpha * inner + dalpha * square + 2 * square * inner
    dd = inputs * dalpha**2 + 4 * dalpha * inner + 2 * (square * moved + inner**2)
    return (dd * kk - kd**2) / kk**2


def _only_balanced(values: tuple[Any, ...]) -> Finding:
    a, inputs = values
    faster = turning(a, 1 / a, inputs) - turning(Fraction(1), Fraction(1), inputs)
    witness = {"a": str(a), "delta": str(a**2 - a**-2), "d": str(inputs)}
    if faster > 0:
        why = "the kernel turns faster from there than from the balanced start"
        return Finding(
            Verdict.FAILS, Evidence.PROVED, why, "", witness, f"squared speeds differ by {faster}"
        )
    return Finding(Verdict.UNDECIDED, Evidence.NONE, "not refuted there")


def _experiment(values: tuple[Any, ...]) -> Finding:
    return Finding(
        Verdict.UNDECIDED,
        Evidence.NONE,
        "a statement on trained networks, which were not trained here",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="upstream-aligns",
        loci=("Sec. 3, p. 5", "Fig. 3"),
        says="upstream φ aligns exponentially fast: 1 − φ² falls at the rate 2δφ‖β*‖/μ",
        test=Equation(r"\lim\tfrac1\delta\tfrac d{dt}\ln(1-\varphi^2)", -2 * phi * s / mu, _alignment_rate),
        uses=FROM_EQ_2,
    ),
    Claim(
        id="upstream-much-faster",
        loci=("Sec. 3, p. 5",),
        says="upstream φ aligns much faster than μ moves: read as lim (μ′/‖β*‖)/φ′ = 0",
        test=Equation(
            r"\lim\dot\mu/(\|\beta_*\|\dot\varphi)", Integer(0), _ratio,
            corrected=mu * (phi * s - mu) / (s**2 * (1 - phi**2)), simulate=vote.upstream_ratio,
        ),
        expected=Verdict.FAILS,
        severity="substantive",
        correction="both move at the rate δ: β goes straight to β*, and 1 − φ² falls twice as fast as μ − ‖β*‖ at the end",
        uses=FROM_EQ_2,
    ),
    Claim(
        id="upstream-slightly",
        loci=("Sec. 3, p. 5", "Fig. 3"),
        says="upstream μ changes only slightly: read as min μ/‖β*‖ → 1 on the way from μ₀ = ‖β*‖",
        test=Equation(
            r"\lim\min_t\mu/\|\beta_*\|", Integer(1), _dip, (Convention(""), Convention("φ₀ = 1", (), {phi: Integer(1)})),
            corrected=sqrt((1 + phi) / 2), vote=vote.upstream_dip,
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"\mu_\text{min}/\|\beta_*\|\to\sqrt{(1+\varphi_0)/2}",
        note="And from another size μ goes from μ₀ to ‖β*‖ whatever δ is. What changes slightly is the kernel (upstream-lazy).",
        uses=("upstream-straight",),
    ),
    Claim(
        id="upstream-straight",
        loci=("Fig. 4",),
        says="upstream β follows gradient flow on β: M/δ → I, on the part along β and across it",
        test=Equation(
            r"\lim(M_\perp+v M_\parallel)/\delta", 1 + rise,
            lambda: at_large((kappa(1)[0] + l) / 2 / l) + rise * at_large(kappa(1)[0] / l),
        ),
        uses=("beta-velocity",),
    ),
    Claim(
        id="upstream-lazy",
        loci=("Sec. 3, p. 5", "Fig. 3"),
        says="upstream S(0, t) stays near zero, and learning is lazy: S is of the order δ⁻⁴, C = η_aη_wμ²",
        test=Equation(
            r"\lim\delta^4S", (c_0**2 + c_1**2 - 2 * c_0 * c_1 * overlap - (c_0 - c_1) ** 2 / d) / (2 * d), _lazy,
        ),
        note="Sharper: with one input S = 0 for every δ.",
    ),
    Claim(
        id="balanced-mu",
        loci=("Sec. 3, p. 5",),
        says="balanced: μ obeys a Bernoulli equation (a > 0)",
        test=Equation(
            r"\dot\mu", 2 * sqrt(eta_a) * sqrt(eta_w) * (phi * s * mu - mu**2), lambda: mu_speed(1).subs(l, 0),
        ),
        uses=FROM_EQ_2,
    ),
    Claim(
        id="balanced-phi",
        loci=("Sec. 3, p. 5",),
        says="balanced: φ obeys a Riccati equation (a > 0)",
        test=Equation(r"\dot\varphi", sqrt(eta_a) * sqrt(eta_w) * s * (1 - phi**2), lambda: phi_speed(1).subs(l, 0)),
        note="For a < 0 with the other sign: φ → −1, and μ → −‖β*‖.",
        uses=FROM_EQ_2,
    ),
    Claim(
        id="balanced-distance",
        added=True,
        loci=("Fig. 3",),
        says="balanced: S(0, t) = (1 − (u₀·u)²)/(d + 3), whatever the sizes",
        test=Equation("S", (1 - overlap) / (d + 3), _balanced_distance),
        note="Not in the paper: S depends on the number of inputs, and never passes 1/(d + 3).",
    ),
    Claim(
        id="balanced-moves",
        loci=("Fig. 3",),
        says="balanced: S moves away from zero",
        test=Implication(
            (), S > 0, _balanced_facts, (("w turns, which takes two inputs", overlap < 1),), at=(Eq(overlap, 1), Eq(d, 2)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="from w₀ along ±β* it stays 0",
        note="'Quickly' at the rate √(η_aη_w)‖β*‖ of φ; how far is at most 1/(d + 3).",
        uses=("balanced-distance",),
    ),
    Claim(
        id="downstream-falls",
        loci=("Sec. 3, p. 5", "Fig. 3"),
        says="downstream μ first falls to 0: read as where μ rests while w does not turn",
        test=Equation(
            r"\lim\mu", Integer(0), rest_of_mu, (Convention(""), ORTHOGONAL), corrected=phi * s, simulate=vote.downstream_mu,
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"\mu\to\varphi_0\|\beta_*\|",
        note="It falls or rises to there at the rate |δ|.",
        uses=FROM_EQ_2,
    ),
    Claim(
        id="downstream-turns",
        loci=("Sec. 3, p. 5",),
        says="downstream the direction moves slowly, φ′ ≈ η_aη_w‖β*‖²φ(1 − φ²)/|δ|",
        printed=r"\dot\varphi\approx\eta_a\eta_w\|\beta_*\|^2\varphi(1-\varphi^2)/|\delta|",
        test=Equation(r"\lim|\delta|\dot\varphi", eta_a * eta_w * s**2 * phi * (1 - phi**2), _slow_turn),
        note="Simpler with μ ≈ φ‖β*‖, which is where μ rests, in place of μ ≈ 0.",
        uses=("downstream-falls",),
    ),
    Claim(
        id="downstream-rises",
        loci=("Sec. 3, p. 5", "Fig. 3"),
        says="then φ and μ both rise (to 1 and ‖β*‖): read as p > 0, from any downstream start with a₀ > 0",
        test=Implication(
            (law < 0, second_layer > 0), branches.p > 0, branches.known_of_p,
            (("φ₀ ≥ 0", branches.c >= 0),), at=branches.FROM_BEHIND, there=branches.FROM_ACROSS, vote=vote.downstream_end,
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="from φ₀ < 0, where |δ| is so large that p < 0, both fall: a passes 0, φ → −1 and μ → −‖β*‖",
        note="p (kept-sign) has the sign of a at the end, and φ rises while a > 0. At rates 1, p < 0 is φ₀ < "
        "−a₀(δ + √(δ² + 4‖β*‖²))/(2‖w₀‖‖β*‖), about −‖β₀‖‖β*‖/δ².",
        uses=("kept-sign", "sign-at-minima", "saddles-repel", "phi-velocity"),
    ),
    Claim(
        id="downstream-distance",
        loci=("Sec. 3, p. 5", "Fig. 3"),
        says="downstream S is small, then goes towards one: S(0, ∞) → 1",
        test=Equation(
            r"\lim S(0,\infty)", Integer(1), _late_distance, (Convention(""), ORTHOGONAL), corrected=1 - phi**2,
            simulate=vote.downstream_distance,
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"S(0,\infty)\to1-\varphi_0^2",
        uses=("downstream-turns",),
    ),
    Claim(
        id="downstream-first",
        loci=("Fig. 4",),
        says="downstream β first moves along β₀: M/|δ| → ββᵀ/‖β‖², on the part across β and along it",
        test=Equation(
            r"\lim(M_\perp+v M_\parallel)/|\delta|", rise,
            lambda: at_large((kappa(-1)[0] - l) / 2 / l) + rise * at_large(kappa(-1)[0] / l),
        ),
        note="Along that line to φ₀‖β*‖, and so backwards where μ₀ > φ₀‖β*‖.",
        uses=("beta-velocity",),
    ),
    Claim(
        id="only-balanced",
        loci=("Abstract",),
        says="in linear networks rapid feature learning only occurs from balanced initializations: read as from no other start with "
        "the same β₀ the tangent kernel turns as fast",
        test=Decided("from one β₀ the kernel turns fastest where δ = 0", (Fraction(4, 5), 10), _only_balanced),
        expected=Verdict.FAILS,
        severity="substantive",
        correction="from ‖β₀‖ = ‖β*‖ it turns faster from a mildly downstream start, with two inputs as with ten: imbalance is large only beside ‖β*‖",
        note="Starts of |δ| ≫ ‖β*‖ are slow or lazy indeed (upstream-lazy, downstream-turns).",
    ),
    Claim(
        id="nonlinear-faster",
        loci=("Abstract", "Fig. 1"),
        says="in nonlinear networks unbalanced initializations that promote faster learning in earlier layers accelerate rich learning",
        test=Decided("wide ReLU networks learn features fastest from small upstream starts", (), _experiment),
        expected=Verdict.UNDECIDED,
    ),
)  # fmt: skip
