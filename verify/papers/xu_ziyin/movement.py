"""Section 4.1 and appendix B.4: how far the weights move, Eq. 49-52."""

from __future__ import annotations

import sympy
from sympy import Eq, Expr, Max, Symbol

from symbolic import vocabulary as n
from symbolic.explicit.weights import Weights
from symbolic.in_hyperparameters import linear
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.papers.xu_ziyin.exponents import (
    EQ_18,
    FEATURE,
    IF_BALANCED,
    KERNEL,
    c_g,
    c_u,
    c_w,
    e_u,
    e_w,
    limit,
    symbol,
)
from verify.papers.xu_ziyin.symbols import convention


def _omega(growth: Symbol | int) -> Expr:
    """The first layer along the data where p has grown by a factor."""
    return linear()[Weights].omega.subs(Symbol("g", positive=True), growth)


def _along_data() -> dict[Expr, Expr]:
    return {n.w_ij: _omega(1) * n.x_j / n.rho}


ALONG_DATA = convention("w_ij is the weight along the data, as at d₀ = 1", condition=_along_data)
# Exponents of |1 − α₊| and of the movement of W.
ALPHA, MOVEMENT = symbol("alpha_minus_1"), symbol("movement_w")
IN_KERNEL_PHASE = (EQ_18, KERNEL)
p, q, g = n.p_i, n.q_i, Symbol("g", positive=True)
STAYS_OF_ORDER_1 = sympy.And(Eq(symbol("alpha"), 0), c_u + e_w <= c_w + e_u)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="weight-change",
        loci=("Eq. 49",),
        says="the relative change of w_ij in p and q",
        printed=r"\frac{w_{ij}(\infty)-w_{ij}(0)}{w_{ij}(0)}=\frac{p_i(\infty)+q_i(\infty)}{p_i(0)+q_i(0)}-1",
        test=Equation(
            r"\frac{w_{ij}(\infty)-w_{ij}(0)}{w_{ij}(0)}",
            (g * p + q / g) / (p + q) - 1,
            lambda: (_omega(g) - _omega(1)) * n.x_j / (n.rho * n.w_ij),
            (convention(""), ALONG_DATA),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\frac{\omega_i(\infty)-\omega_i(0)}{\omega_i(0)},\quad\omega_i=\sum_jw_{ij}x_j/\|x\|",
        note="The part of w_ij across the data does not move, so that for d₀ > 1 the relative change differs.",
    ),
    Claim(
        id="alpha-order",
        loci=("Eq. 50",),
        says="in the kernel phase |1 − α₊| ~ κ^{(2c_γ + c_{η_u} + c_{η_w})/2}",
        printed=r"|1-\alpha_+|\propto\kappa^{(2c_\gamma+c_{\eta_u}+c_{\eta_w})/2}",
        test=limit(
            IN_KERNEL_PHASE, Eq(ALPHA, c_g + (e_u + e_w) / 2), ("f₀ = O(1)", symbol("output_0") <= 0)
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"|1-\alpha_+|\propto\kappa^{(2c_\gamma+c_{\eta_u}+c_{\eta_w})/2}\max(1,|f_0|)",
        note="Eq. 18 does not keep the initial output from diverging, e.g. for Xavier⁻ of Table 1, "
        "f₀ ~ κ^{1/2}; what is learned is then y − f₀ ~ f₀.",
    ),
    Claim(
        id="movement-balanced",
        loci=("Eq. 51",),
        says="for c_w + c_u/2 = c_u + c_w/2 the relative movement of W is of order |1 − α₊|",
        printed=r"\Big|\frac{w_{ij}(\infty)-w_{ij}(0)}{w_{ij}(0)}\Big|\propto|1-\alpha_+|",
        test=limit(
            (*IN_KERNEL_PHASE, Eq(c_w + c_u / 2, c_u + c_w / 2)), Eq(MOVEMENT, ALPHA), IF_BALANCED,
        ),
        expected=Verdict.HOLDS_IF,
        severity="typo",
        correction=r"c_w+c_{\eta_u}=c_u+c_{\eta_w}",
        note="The printed condition says c_u = c_w, and leaves the rates out.",
    ),
    Claim(
        id="movement-unbalanced",
        loci=("Eq. 52",),
        says="for c_u ≠ c_w it is of order |1 − α₊|²",
        printed=r"\approx\sqrt{\alpha_+}+1/\sqrt{\alpha_+}-2\approx|1-\alpha_+|^2",
        test=limit(
            (*IN_KERNEL_PHASE, sympy.Ne(c_u, c_w)), Eq(MOVEMENT, 2 * ALPHA),
            ("|1 − α₊|² is not below κ^{c_u + c_{η_w} − c_w − c_{η_u}}",
             c_u + e_w - c_w - e_u <= 2 * ALPHA),
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"$\kappa^{\max\{2e,\,e+(c_{\eta_w}+c_u-c_{\eta_u}-c_w)/2\}}$ where $|1-\alpha_+|\sim\kappa^e$",
        note="p_i − q_i is smaller than p_i + q_i by κ^{(c_u − c_w)/2} only, and multiplies 1 − α₊; the "
        "square wins only where c_u is far below c_w.",
        uses=("weight-change",),
    ),
    Claim(
        id="movement-corrected",
        added=True,
        loci=("Eq. 52",),
        says="the relative movement of W, both layers free (kernel phase)",
        test=limit(
            IN_KERNEL_PHASE,
            Eq(MOVEMENT, Max(2 * ALPHA, ALPHA + (e_w + c_u - e_u - c_w) / 2)),
        ),
    ),
    Claim(
        id="movement-feature",
        loci=("App. B.4",),
        says="in the feature learning phase δ = 0",
        test=limit(
            (EQ_18, FEATURE), Eq(MOVEMENT, 0),
            ("α₊ = Θ(1), and c_u + c_{η_w} ≤ c_w + c_{η_u}", STAYS_OF_ORDER_1),
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="δ = 0 exactly there; below the border of Cor. 2, c_η > c_d + max{c_u, c_w}, weights grow by a "
        "power of κ, and so does W where it is the smaller layer",
        note="Table 1's columns with + satisfy it.",
    ),
    Claim(
        id="movement-feature-exact",
        added=True,
        loci=("App. B.4",),
        says="in the feature learning phase δ = 0 if and only if α₊ = Θ(1) and c_u + c_{η_w} ≤ c_w + c_{η_u}",
        test=limit(
            (EQ_18, FEATURE), sympy.Equivalent(Eq(MOVEMENT, 0), STAYS_OF_ORDER_1),
        ),
    ),
)  # fmt: skip
