"""Section 4 and appendix B.3, B.4: Eq. 17-19 and 46-52, Theorem 2, Corollaries 1-3, footnote 5, Table 1.

All hyperparameters are powers of κ; statements are about exponents. e_X is the exponent of X, derived.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import sympy
from sympy import Basic, Eq, Integer, Max, Min, Rational, Symbol

from numeric.generated.scaling.linear import Scales
from numeric.phases import classify
from symbolic import notation as n
from symbolic.phases import Case
from symbolic.start import XI as NORMAL_U
from symbolic.start import Start, gaussian_mean
from verify.checks import Convention, Decided, Definition, Equation, Implication
from verify.claim import Claim, Evidence, Finding, Siding, Verdict
from verify.papers import table_one
from verify.papers.xu_ziyin.symbols import linear

H = Rational(1, 2)
c_d, c_g, c_u, c_w, e_u, e_w = n.c_d, n.c_gamma, n.c_u, n.c_w, n.c_eta_u, n.c_eta_w
LARGER = Max(e_w + c_u, e_u + c_w)
FIRST = 2 * c_g + e_u + e_w  # the terms of Eq. 18
SECOND = 2 * c_g + c_d + LARGER
EQ_18 = Eq(Max(FIRST, SECOND), 0)
EQ_19 = c_d + LARGER > e_u + e_w
CLOSE = "P/Q → 1"
D0_ONE = (Convention(""), Convention("ρ = ‖x‖, as at d₀ = 1", condition={n.d0: Integer(1)}))


def symbol(name: str) -> Symbol:
    """The exponent of a quantity."""
    return Symbol(f"e_{name}", real=True)


def facts(kind: Start = Start.INDEPENDENT) -> Callable[[], Sequence[Basic]]:
    """The derived exponents of a start, as equations."""
    return lambda: Case.of(linear().scaling, kind).facts()


CHANGE, STABLE = symbol("kernel_change"), Eq(symbol("R"), 0)
RATIO = symbol("P_minus_Q") - symbol("P")
KERNEL, FEATURE = CHANGE < 0, CHANGE >= 0
EQUAL_RATES = Eq(e_u, e_w)


def _time_scale() -> list[Claim]:
    return [
        Claim(
            id="learning-condition",
            loci=("Eq. 17",),
            says="t_c is of order 1 if and only if η_uη_wγ² + (γ²d)²PQ is (x and y of order 1)",
            printed=r"\eta_u\eta_w\gamma^2+(\gamma^2d)^2PQ=\Theta(1)",
            test=Implication(
                (),
                sympy.And(
                    sympy.Or(sympy.Ne(symbol("R"), 0), _eq_17()), sympy.Or(sympy.Not(_eq_17()), STABLE)
                ),
                facts(),
            ),
            note="For y = 0 the first term is absent.",
        ),
        Claim(
            id="learning-exponents",
            loci=("Eq. 18",),
            says="Eq. 17 in exponents, for independent Gaussian layers",
            printed=r"\max\{2c_\gamma+c_{\eta_u}+c_{\eta_w},2c_\gamma+c_d+\max\{c_{\eta_w}+c_u,c_{\eta_u}+c_w\}\}=0",
            test=Implication(
                (), sympy.And(sympy.Or(sympy.Not(STABLE), EQ_18), sympy.Or(sympy.Not(EQ_18), STABLE)),
                facts(),
            ),
            note="The first term of Eq. 17 has the exponent 2c_γ + c_{η_u} + c_{η_w}, the second twice what "
            "Eq. 18 has: their maximum vanishes for the same exponents.",
        ),
        Claim(
            id="expectation-P",
            loci=("Sec. 4",),
            says="P and Q have expectation (η_wσ_u² + η_uσ_w²)/4",
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
            id="variance-P",
            loci=("Sec. 4",),
            says="and variance (η_wσ_u² + η_uσ_w²)²/(8d)",
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
            test=_symmetry((1, 1, -2, 2, 2)),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"c_u+\theta,\ c_w+\theta,\ c_\gamma-\theta,\ c_{\eta_u}+\theta,\ c_{\eta_w}+\theta",
            note="c_u and c_w are exponents of variances. As printed it is the symmetry of exponents of "
            "standard deviations. There are two symmetries, one per layer: (c_u, c_γ, c_{η_u}) + "
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
    ]  # fmt: skip


def _eq_17() -> Basic:
    """Exponents: max(2c_γ + c_{η_u} + c_{η_w}, 4c_γ + 2c_d + e(P) + e(Q)) = 0."""
    return Eq(Max(FIRST, 4 * c_g + 2 * c_d + symbol("P") + symbol("Q")), 0)


def _moment(power: int) -> sympy.Expr:
    """E[(p²)^power] of one neuron, u and ω independent normal."""
    chart = linear().coordinates
    zeta = Symbol("zeta", real=True)
    # The text's ρ is ‖x‖/√d₀, so that its ω_i = h_i/ρ has the variance d₀ σ_w².
    p = chart.p.subs(
        {n.u_i: n.sigma_u * NORMAL_U, n.h_i: n.rho * sympy.sqrt(n.d0) * n.sigma_w * zeta}
    )
    return gaussian_mean(sympy.expand(p ** (2 * power)))


def _symmetry(weights: tuple[int, ...]) -> Implication:
    """e(t_c) and e(K change) at moved exponents are what they were."""
    theta = Symbol("theta", real=True)
    moves = dict(zip((c_u, c_w, c_g, e_u, e_w), (theta * k for k in weights), strict=True))

    def both() -> Sequence[Basic]:
        case = Case.of(linear().scaling, Start.INDEPENDENT)
        return [*case.facts(), *case.moved(moves).facts()]

    same = [
        Eq(Symbol(f"e_{name}_moved", real=True), symbol(name))
        for name in ("t_c", "kernel_change", "output_0")
    ]
    return Implication((), sympy.And(*same), both)


def _theorem() -> list[Claim]:
    close = RATIO < 0
    iff = sympy.And(
        sympy.Or(sympy.Not(KERNEL), sympy.And(close, EQ_19)),
        sympy.Or(KERNEL, sympy.Not(close), sympy.Not(EQ_19)),
    )
    return [
        *(
            Claim(
                id=f"theorem-2-{kind.name.lower().replace('_', '-')}",
                loci=("Theorem 2", "Eq. 19", "Eq. 46"),
                says=f"when Eq. 18 holds: kernel phase iff P/Q → 1 and Eq. 19 ({kind.value} start)",
                printed=r"c_d+\max\{c_{\eta_w}+c_u,c_{\eta_u}+c_w\}>c_{\eta_u}+c_{\eta_w}",
                test=Implication(
                    (EQ_18,),
                    iff if kind is not Start.ZERO_OUTPUT else sympy.And(
                        sympy.Or(sympy.Not(KERNEL), EQ_19), sympy.Or(KERNEL, sympy.Not(EQ_19))
                    ),
                    facts(kind),
                ),
                note="Sharper: the relative change of K is of order κ^{2max(T₁−T₂, e(P/Q−1))} in the "
                "kernel phase, T₁ and T₂ the terms of Eq. 18 (the first halved)."
                if kind is Start.INDEPENDENT else "",
            )
            for kind in Start
        ),
        Claim(
            id="case-wide",
            loci=("Sec. 4: case 1",),
            says="P/Q → 1 if d → ∞ and the layers are independent",
            test=Implication((c_d > 0,), close, facts()),
        ),
        Claim(
            id="case-unbalanced",
            loci=("Sec. 4: case 3",),
            says="P/Q → 1 at finite width if c_u + c_{η_w} ≠ c_w + c_{η_u}",
            test=Implication((Eq(c_d, 0), sympy.Ne(c_u + e_w, c_w + e_u)), close, facts()),
        ),
        Claim(
            id="case-lazy",
            loci=("Sec. 4: case 2",),
            says="the exponents of lazy training, c_γ = 1, c_η = −2, c_u = c_w = c_d = 0, satisfy (18) and (19)",
            test=Implication(
                tuple(Eq(z, v) for z, v in ((c_d, 0), (c_g, 1), (c_u, 0), (c_w, 0), (e_u, -2), (e_w, -2))),
                sympy.And(EQ_18, EQ_19),
            ),
        ),
        Claim(
            id="kernel-order",
            loci=("Eq. 47", "Eq. 48"),
            says="with (18) and (19) the kernel is of order 1",
            printed=r"\gamma^2d\alpha_+P=\Theta(1)",
            test=Implication((EQ_18, EQ_19), Eq(symbol("kernel_0"), 0), facts()),
        ),
        Claim(
            id="kernel-iff-alpha",
            loci=("App. B.3", "Eq. 46"),
            says="K is constant in the limit if and only if α₊ → 1",
            test=Implication(
                (),
                sympy.And(
                    sympy.Or(sympy.Not(KERNEL), symbol("alpha_minus_1") < 0),
                    sympy.Or(KERNEL, symbol("alpha_minus_1") >= 0),
                ),
                facts(),
            ),
        ),
        Claim(
            id="alignment-vanishes",
            loci=("Sec. 3.2",),
            says="ζ vanishes as d → ∞ if and only if the model is in the kernel phase",
            test=Implication(
                (Eq(c_d, 1), EQ_18),
                sympy.And(
                    sympy.Or(sympy.Not(KERNEL), symbol("alignment") < 0),
                    sympy.Or(KERNEL, symbol("alignment") >= 0),
                ),
                facts(),
                (("c_u + c_{η_w} = c_w + c_{η_u}", Eq(c_u + e_w, c_w + e_u)),),
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="for balanced layers, c_u + c_{η_w} = c_w + c_{η_u}",
            note="One layer much larger than the other is enough for the kernel phase; the smaller one may "
            "then turn all the way to the larger.",
            uses=("theorem-2-independent",),
        ),
    ]  # fmt: skip


def _sentences() -> list[Claim]:
    return [
        Claim(
            id="balance-needed",
            loci=("Sec. 4",),
            says="to achieve feature learning one should make sure that c_u = c_w",
            test=Implication((EQUAL_RATES, EQ_18, FEATURE), Eq(c_u, c_w), facts()),
            expected=Verdict.FAILS,
            severity="substantive",
            correction=r"c_\gamma\le-c_d-\max\{c_u,c_w\},\ c_\eta=-c_\gamma\ \text{for any } c_u, c_w",
            note="Table 1's Kaiming⁺ has c_u = −1, c_w = 0; Cor. 2 is for any c_u and c_w.",
            uses=("corollary-2",),
        ),
        Claim(
            id="terms-same-order",
            loci=("Sec. 3.2", "footnote 3"),
            says="in the feature learning phase the two terms of Eq. 10 are of the same order",
            test=Implication(
                (EQ_18, FEATURE), Eq(FIRST, SECOND), facts(),
                (("c_γ is at the border, equality in Cor. 2",
                  Eq(c_g, -c_d - LARGER + (e_u + e_w) / 2)),),
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="the first is at least as large as the second",
        ),
        Claim(
            id="kernel-norm",
            loci=("Sec. 3.4",),
            says="in the kernel phase the model norm diverges",
            test=Implication(
                (EQ_18, KERNEL), sympy.Or(symbol("norm_u") > 0, symbol("norm_w") > 0), facts()
            ),
            expected=Verdict.FAILS,
            severity="substantive",
            correction="it depends on the initialization: Xavier⁻ of Table 1 keeps norms of order 1",
        ),
    ]  # fmt: skip


def _corollaries() -> list[Claim]:
    top = Max(c_u, c_w)
    return [
        Claim(
            id="corollary-1",
            loci=("Cor. 1",),
            says="c_η = min{−c_γ, −2c_γ − c_d − max{c_u, c_w}} is stable",
            printed=r"c_{\eta_u}=c_{\eta_w}=\min\{-c_\gamma,-2c_\gamma-c_d-\max\{c_u,c_w\}\}",
            test=Implication((EQUAL_RATES, Eq(e_u, Min(-c_g, -2 * c_g - c_d - top))), STABLE, facts()),
        ),
        Claim(
            id="corollary-2",
            loci=("Cor. 2",),
            says="c_γ = −c_η with c_η ≥ c_d + max{c_u, c_w} is stable and learns features",
            printed=r"c_\gamma=-c_\eta,\quad c_\eta\ge c_d+\max\{c_u,c_w\}",
            test=Implication(
                (EQUAL_RATES, Eq(c_g, -e_u), e_u >= c_d + top), sympy.And(STABLE, FEATURE), facts()
            ),
        ),
        Claim(
            id="corollary-3",
            loci=("Cor. 3",),
            says="c_γ = −(c_d + max{c_u, c_w} + c_η)/2 with c_η < c_d + max{c_u, c_w} and P/Q → 1: kernel",
            printed=r"c_\gamma=-\tfrac12(c_d+\max\{c_u,c_w\}+c_\eta),\quad c_\eta<c_d+\max\{c_u,c_w\}",
            test=Implication(
                (EQUAL_RATES, Eq(c_g, -H * (c_d + top + e_u)), e_u < c_d + top, RATIO < 0),
                sympy.And(STABLE, KERNEL), facts(),
            ),
        ),
        Claim(
            id="fixed-width-18",
            loci=("Sec. 4.2",),
            says="c_u = max{0, c_w}, c_γ = min{−c_w/2, 0} satisfies (18) at fixed width and rate",
            test=Implication(_fixed_width(), EQ_18),
        ),
        Claim(
            id="fixed-width-kernel",
            loci=("Sec. 4.2",),
            says="with it the network is in the kernel phase if and only if c_w > 0",
            test=Implication(
                _fixed_width(),
                sympy.And(sympy.Or(sympy.Not(KERNEL), c_w > 0), sympy.Or(KERNEL, c_w <= 0)),
                facts(),
                ((CLOSE, RATIO < 0),),
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="where P/Q → 1, as Theorem 2 asks: from a start with zero output",
            note="From independent layers it is never in the kernel phase: for c_w > 0 the choice has "
            "c_u = c_w, which the paper's third case excludes.",
            uses=("theorem-2-independent",),
        ),
        Claim(
            id="fixed-width-zero-output",
            added=True,
            loci=("Sec. 4.2",),
            says="the same from a start with zero output",
            test=Implication(
                _fixed_width(),
                sympy.And(sympy.Or(sympy.Not(KERNEL), c_w > 0), sympy.Or(KERNEL, c_w <= 0)),
                facts(Start.ZERO_OUTPUT),
            ),
        ),
        Claim(
            id="large-initialization",
            loci=("Sec. 4.2",),
            says="c_u = c_w = c > 0 with c_η = c, c_γ = −c learns features (Cor. 2)",
            test=Implication(
                (Eq(c_d, 0), Eq(c_u, c_w), c_u > 0, Eq(e_u, c_u), EQUAL_RATES, Eq(c_g, -c_u)),
                sympy.And(STABLE, FEATURE), facts(),
            ),
        ),
        Claim(
            id="large-initialization-kernel",
            loci=("Sec. 4.2",),
            says="c_u = c_w = c > 0 with γ = 1 and c_η = −c is a kernel phase (Cor. 3)",
            test=Implication(
                (Eq(c_d, 0), Eq(c_u, c_w), c_u > 0, Eq(e_u, -c_u), EQUAL_RATES, Eq(c_g, 0)),
                KERNEL, facts(Start.ZERO_OUTPUT),
            ),
            note="Cor. 3 assumes P/Q → 1: at fixed width and c_u = c_w that is a start with zero output.",
            uses=("corollary-3",),
        ),
        Claim(
            id="appendix-c5",
            loci=("App. C.5",),
            says="the experiment's γ = κ^{−min{0, −c/2}} is Sec. 4.2's c_γ = min{−c/2, 0}",
            printed=r"\gamma=\kappa^{-\min\{0,-c/2\}}",
            test=Implication((), Eq(-Min(0, -c_w / 2), Min(-c_w / 2, 0))),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"\gamma=\kappa^{\min\{0,-c/2\}}",
            note="u and W have also changed roles: there σ_u² = κ^c and σ_w² = κ^{max{c, 0}}.",
        ),
    ]  # fmt: skip


def _fixed_width() -> tuple[Basic, ...]:
    return (
        Eq(c_d, 0), Eq(e_u, 0), Eq(e_w, 0), Eq(c_u, Max(0, c_w)), Eq(c_g, Min(-c_w / 2, 0)),
    )  # fmt: skip


def _movement() -> list[Claim]:
    alpha, quiet = symbol("alpha_minus_1"), symbol("output_0") <= 0
    half = c_g + (e_u + e_w) / 2
    kernel = (EQ_18, EQ_19, KERNEL)
    p, q, g = n.p_i, n.q_i, Symbol("g", positive=True)
    return [
        Claim(
            id="weight-change",
            loci=("Eq. 49",),
            says="the relative change of w_ij in p and q",
            printed=r"\frac{w_{ij}(\infty)-w_{ij}(0)}{w_{ij}(0)}=\frac{p_i(\infty)+q_i(\infty)}{p_i(0)+q_i(0)}-1",
            test=Equation(
                r"\frac{\omega_i(\infty)-\omega_i(0)}{\omega_i(0)}",
                (g * p + q / g) / (p + q) - 1,
                lambda: linear().weights.omega.subs(Symbol("g", positive=True), g)
                / linear().weights.omega.subs(Symbol("g", positive=True), 1) - 1,
            ),
            note="Of the weight along the data, and so of w_ij at d₀ = 1. For d₀ > 1 the part of w_ij across "
            "the data does not move, and the relative change is smaller.",
        ),
        Claim(
            id="alpha-order",
            loci=("Eq. 50",),
            says="in the kernel phase |1 − α₊| ~ κ^{(2c_γ + c_{η_u} + c_{η_w})/2}",
            printed=r"|1-\alpha_+|\propto\kappa^{(2c_\gamma+c_{\eta_u}+c_{\eta_w})/2}",
            test=Implication(
                kernel, Eq(alpha, half), facts(), (("f₀ = O(1)", quiet),)
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
            test=Implication(
                (*kernel, Eq(c_w + c_u / 2, c_u + c_w / 2)), Eq(symbol("movement_w"), alpha), facts(),
                (("c_w + c_{η_u} = c_u + c_{η_w}", Eq(c_w + e_u, c_u + e_w)),),
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
            test=Implication(
                (*kernel, sympy.Ne(c_u, c_w)), Eq(symbol("movement_w"), 2 * alpha), facts(),
                (("|1 − α₊|² is not below κ^{c_u + c_{η_w} − c_w − c_{η_u}}",
                  c_u + e_w - c_w - e_u <= 2 * alpha),),
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction=r"\kappa^{\max(2e,\;e+\frac12(c_{\eta_w}+c_u-c_{\eta_u}-c_w))},\quad|1-\alpha_+|\sim\kappa^e",
            note="p_i − q_i is smaller than p_i + q_i by κ^{(c_u − c_w)/2} only, and multiplies 1 − α₊; the "
            "square wins only where c_u is far below c_w.",
            uses=("weight-change",),
        ),
        Claim(
            id="movement-corrected",
            added=True,
            loci=("Eq. 52",),
            says="the relative movement of W, both layers free (kernel phase)",
            test=Implication(
                kernel,
                Eq(symbol("movement_w"), Max(2 * alpha, alpha + (e_w + c_u - e_u - c_w) / 2)),
                facts(),
            ),
        ),
        Claim(
            id="movement-feature",
            loci=("App. B.4",),
            says="in the feature learning phase δ = 0",
            test=Implication(
                (EQ_18, FEATURE), Eq(symbol("movement_w"), 0), facts(),
                ((
                    "both terms of Eq. 18 vanish, and c_u + c_{η_w} = c_w + c_{η_u}",
                    sympy.And(Eq(FIRST, 0), Eq(SECOND, 0), Eq(c_u + e_w, c_w + e_u)),
                ),),
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction=r"c_\gamma=-c_\eta=-(c_d+\max\{c_u,c_w\}),\quad c_u=c_w",
            note="Below the border, c_η > c_d + max{c_u, c_w} in Cor. 2, weights grow by a power of κ.",
        ),
        *(
            Claim(
                id=f"delta-{name.lower()}",
                loci=("Sec. 4.1", "App. B.4"),
                says=f"‖W − W₀‖/‖W₀‖ ~ d^(−{printed}) for {name}{'⁻' if name != 'NTK' else ''}",
                test=Decided(
                    f"delta = {printed} for {name}", (printed,), partial(_delta, name),
                    tuple((f"delta = {z}", (z,)) for z in (Fraction(1, 3), Fraction(5, 2), Fraction(0))),
                    partial(_delta_vote, name) if expected is not Verdict.HOLDS else None,
                ),
                expected=expected, severity=severity, correction=correction, note=note,
                uses=("alpha-order", "movement-unbalanced"),
            )
            for name, printed, expected, severity, correction, note in (
                ("NTK", Fraction(1, 2), Verdict.HOLDS, "", "", ""),
                ("Xavier", Fraction(1), Verdict.HOLDS_IF, "substantive",
                 "1/2 from independent layers", "1 from a start with zero output."),
                ("Kaiming", Fraction(2), Verdict.FAILS, "substantive", r"\delta=\tfrac32",
                 "‖u − u₀‖/‖u₀‖ ~ d^{−1/2} at the same time."),
            )
        ),
    ]  # fmt: skip


def _scales(name: str) -> Scales:
    (column,) = (z for z in table_one.TABLE if z.name == name)
    return column.at(*column.minus)


def _delta(name: str, values: tuple[Fraction, ...]) -> Finding:
    """The derived exponent of the movement of W, for independent layers and for zero output."""
    scales = _scales(name)
    found = {
        start: -classify(scales, start).exponents.movement_w
        for start in ("independent", "zero-output")
    }
    why = f"derived: δ = {found['independent']} from independent layers, {found['zero-output']} from zero output"
    witness = {k: str(v) for k, v in scales._asdict().items()}
    if found["independent"] == values[0]:
        return Finding(Verdict.HOLDS, Evidence.PROVED, why)
    if found["zero-output"] == values[0]:
        return Finding(Verdict.HOLDS_IF, Evidence.PROVED, why, "zero initial output", witness, why)
    return Finding(Verdict.FAILS, Evidence.PROVED, why, "", witness, why)


def _delta_vote(name: str) -> Siding:
    """Slope of the measured movement over widths that torch trains, mean over seeds."""
    from verify import widths

    scales = _scales(name)
    # From zero output: there y − f₀ does not fluctuate, and the exponent is the same.
    found = list(widths.samples(scales, "zero-output", [30.0, 300.0, 3000.0], range(6)))
    (row,) = (z for z in widths.slopes(found, lambda s: s.descent) if z.name == "movement_w")
    printed = {"Xavier": 1.0, "Kaiming": 2.0}[name]
    corrected = float(-classify(scales, "zero-output").exponents.movement_w)
    # A correction may be off by ten errors: by the interval over seeds and the finite width.
    return Siding("delta", -row.mean, printed, corrected, min(row.half_width + 0.02, 0.04) / 10)


def _table() -> list[Claim]:
    claims = []
    for entry in table_one.entries():
        column, _, row = entry.locus.partition(", ")
        claims.append(
            Claim(
                id=f"table-1-{entry.locus.lower().replace(', ', '-').replace(' ', '-')}",
                loci=(f"Table 1: {column}, {row}",),
                says=f"{row}: {entry.printed}",
                test=Decided(
                    entry.locus, (entry.printed,), partial(_entry, entry.derived),
                    tuple((f"printed {z}", (z,)) for z in ("frozen", "unstable", "kernel", "learning", "7")
                          if z != entry.printed),
                ),
                note="" if entry.unique else "Not unique: it is one of the valid choices.",
            )
        )  # fmt: skip
    return claims


def _entry(derived: str, values: tuple[str, ...]) -> Finding:
    if values[0] == derived:
        return Finding(Verdict.HOLDS, Evidence.PROVED, "comes out of the derivation")
    return Finding(
        Verdict.FAILS, Evidence.PROVED, f"derived: {derived}", "", {"printed": values[0]}, derived
    )


def claims() -> list[Claim]:
    """In printed order."""
    return [*_time_scale(), *_theorem(), *_sentences(), *_corollaries(), *_table(), *_movement()]


__all__ = ["CLOSE", "Integer", "claims"]
