"""Section 4: when learning is stable, Eq. 17 and 18, and the symmetry of exponents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import sympy
from sympy import And, Basic, Eq, Equivalent, Expr, Integer, Max, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.explicit.chart import Chart
from symbolic.in_hyperparameters import linear
from symbolic.limits.exponents import Scaling
from symbolic.limits.initial_moments import XI as NORMAL_U
from symbolic.limits.initial_moments import Start, gaussian_mean
from symbolic.limits.phases import Case
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Definition, Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.exponents import (
    EQ_18,
    FIRST,
    NAMES,
    STABLE,
    c_d,
    c_g,
    c_u,
    c_w,
    e_u,
    e_w,
    limit,
    symbol,
)
from verify.papers.xu_ziyin.symbols import NORM, convention

D0_ONE = (Convention(""), Convention(NORM.name, condition={n.d0: Integer(1)}))


def _eq_17() -> Basic:
    """Exponents: max(2c_γ + c_{η_u} + c_{η_w}, 4c_γ + 2c_d + e(P) + e(Q)) = 0."""
    return Eq(Max(FIRST, 4 * c_g + 2 * c_d + symbol("P") + symbol("Q")), 0)


def _gaussian(coordinate: Expr) -> Expr:
    """P or q of one neuron, u and ω independent normal."""
    zeta = Symbol("zeta", real=True)
    # The text's ρ is ‖x‖/√d₀, so that its ω_i = h_i/ρ has the variance d₀ σ_w².
    omega = n.rho * sqrt(n.d0) * n.sigma_w * zeta
    return coordinate.subs({n.u_i: n.sigma_u * NORMAL_U, n.h_i: omega})


def _moment(power: int) -> Expr:
    """E[(p²)^power]."""
    return gaussian_mean(sympy.expand(_gaussian(linear()[Chart].p) ** (2 * power)))


def _mean_product() -> Expr:
    """E[p q]."""
    chart = linear()[Chart]
    return gaussian_mean(sympy.expand(_gaussian(chart.p) * _gaussian(chart.q)))


def _symmetry(
    weights: tuple[int, ...], other: tuple[str, tuple[int, ...]] | None = None
) -> Implication:
    """e(t_c), e(K change) and e(f₀) at moved exponents are what they were; or at others, under a condition."""
    theta = Symbol("theta", real=True)

    def both(steps: tuple[int, ...]) -> Sequence[Basic]:
        moves = dict(zip((c_u, c_w, c_g, e_u, e_w), (theta * k for k in steps), strict=True))
        case = Case.of(linear()[Scaling], Start.INDEPENDENT)
        return [*case.facts(), *case.moved(moves).facts()]

    kept = ("t_c", "kernel_change", "output_0")
    moved = {name: Symbol(f"e_{name}_moved", real=True) for name in kept}
    names = {moved[name]: NAMES[symbol(name)] + r"_{\rm moved}" for name in kept}
    same = (Eq(moved[name], symbol(name)) for name in kept)
    elsewhere = ((other[0], partial(both, other[1])),) if other else ()
    return Implication(
        (), And(*same), partial(both, weights), elsewhere=elsewhere, names={**NAMES, **names}
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="learning-condition",
        loci=("Eq. 17",),
        says="t_c is of order 1 if and only if η_uη_wγ² + (γ²d)²PQ is (x and y of order 1)",
        printed=r"\eta_u\eta_w\gamma^2+(\gamma^2d)^2PQ=\Theta(1)",
        test=limit((), Equivalent(STABLE, _eq_17())),
        note="For y = 0 the first term is absent.",
    ),
    Claim(
        id="learning-exponents",
        loci=("Eq. 18",),
        says="Eq. 17 in exponents, for independent Gaussian layers",
        printed=r"\max\{2c_\gamma+c_{\eta_u}+c_{\eta_w},2c_\gamma+c_d+\max\{c_{\eta_w}+c_u,c_{\eta_u}+c_w\}\}=0",
        test=limit((), Equivalent(STABLE, EQ_18)),
        note="The first term of Eq. 17 has the exponent 2c_γ + c_{η_u} + c_{η_w}, the second twice what "
        "Eq. 18 has: their maximum vanishes for the same exponents.",
    ),
    Claim(
        id="expectation-P",
        loci=("Sec. 4",),
        says="P and Q have expectation (η_wσ_u² + η_uσ_w²)/4",
        printed=r"\mathbb E[P]=(\eta_w\sigma_u^2+\eta_u\sigma_w^2)/4",
        test=Equation(
            r"\mathbb E[P]", (n.eta_w * n.sigma_u**2 + n.eta_u * n.sigma_w**2) / 4,
            lambda: _moment(1), D0_ONE, swaps=((n.eta_u, n.eta_w), (n.sigma_u, n.sigma_w)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    Claim(
        id="expectation-pq",
        loci=("Sec. 3.2",),
        says="Σ_i p_i q_i ≈ 0 for Gaussian weights and d sufficiently large: E[p_iq_i] = 0",
        printed=r"\textstyle\sum_{i=1}^dp_iq_i\approx0",
        test=Equation(
            r"\mathbb E[p_iq_i]", Integer(0), _mean_product,
            (convention("", condition={n.d0: Integer(1)}),
             convention("η_uσ_w² = η_wσ_u²",
                        condition={n.d0: Integer(1), n.sigma_u: sqrt(n.eta_u / n.eta_w) * n.sigma_w})),
            corrected=(n.eta_u * n.sigma_w**2 - n.eta_w * n.sigma_u**2) / 4,
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"\mathbb E[p_iq_i]=(\eta_u\sigma_w^2-\eta_w\sigma_u^2)/4",
        note="Otherwise ζ is larger in size than the (α² − 1)/(α² + 1) that follows; the bound on ζ(∞) stays right.",
    ),
    Claim(
        id="variance-P",
        loci=("Sec. 4",),
        says="and variance (η_wσ_u² + η_uσ_w²)²/(8d)",
        printed=r"\mathrm{Var}[P]=(\eta_w\sigma_u^2+\eta_u\sigma_w^2)^2/8d",
        test=Equation(
            r"\mathrm{Var}[P]", (n.eta_w * n.sigma_u**2 + n.eta_u * n.sigma_w**2) ** 2 / (8 * n.d),
            lambda: (_moment(2) - _moment(1) ** 2) / n.d, D0_ONE, swaps=((n.eta_u, n.eta_w),),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    Claim(
        id="symmetry",
        loci=("footnote 5",),
        says="the solution is invariant under c_u + θ, c_w + θ, c_γ − 2θ, c_{η_u} + 2θ, c_{η_w} + 2θ",
        printed=r"c_u\to c_u+\theta,\ c_w\to c_w+\theta,\ c_\gamma\to c_\gamma-2\theta,\ c_\eta\to c_\eta+2\theta",
        test=_symmetry((1, 1, -2, 2, 2), ("c_u and c_w are exponents of σ_u and σ_w", (2, 2, -2, 2, 2))),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"c_u+\theta,\ c_w+\theta,\ c_\gamma-\theta,\ c_{\eta_u}+\theta,\ c_{\eta_w}+\theta",
        note="Sec. 4 defines them as exponents of σ_u² and σ_w². There are two symmetries, one per layer: (c_u, c_γ, c_{η_u}) + "
        "(θ, −θ/2, θ), and the same for W.",
    ),
    Claim(
        id="symmetry-corrected",
        added=True,
        loci=("footnote 5",),
        says="the corrected symmetry",
        test=_symmetry((1, 1, -1, 1, 1)),
    ),
    Claim(
        id="kernel-phase",
        loci=("Definition 1",),
        says="the kernel phase: K does not depend on t as κ → ∞, and is of order 1",
        test=Definition("the kernel phase"),
        expected=Verdict.NOT_TESTABLE,
    ),
)  # fmt: skip
