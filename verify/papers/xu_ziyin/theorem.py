"""Section 3.1: the model, Proposition 1, Theorem 1, Eq. 1-12."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Eq, Expr, Integer, Symbol, sqrt

from symbolic import notation as n
from verify.checks import Definition, Equation, Implication
from verify.claim import Claim, Verdict
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.symbols import (
    ALL,
    ALPHA_MINUS,
    ALPHA_PLUS,
    FLIPPED,
    LARGE_D,
    MEAN,
    NORM,
    ONLY_NORM,
    RATES,
    READ_TIME,
    ROOT,
    TIME_SCALE,
    XI,
    alpha_minus,
    alpha_of_time,
    alpha_plus,
    convention,
    limit_of_alpha,
    linear,
    power,
    rate,
    t_c,
    xi,
)

beta = n.beta
STATED = convention("", (MEAN,))
PLAIN = convention(NORM.name)
RHO = (STATED, PLAIN)

# Coordinates of a neuron for any power, Eq. 4, with the preactivation h_i = Σ_j w_ij x_j.
P_OF = (sqrt(n.eta_u) * n.h_i + sqrt(beta * n.eta_w) * n.rho * n.u_i) / (2 * n.rho)
Q_OF = (sqrt(n.eta_u) * n.h_i - sqrt(beta * n.eta_w) * n.rho * n.u_i) / (2 * n.rho)
IN_WEIGHTS = {n.p_i: P_OF, n.q_i: Q_OF}
RESIDUAL = n.f - n.y


def velocity(quantity: Expr) -> Expr:
    """d/dt along the flow, any power: v(quantity) · ds/dt with ds/dt = −2(f − y)."""
    flow = power().flow
    field = {n.u_i: flow.velocity_u, n.h_i: flow.velocity_h}
    return -2 * RESIDUAL * sympy.Add(*(sympy.diff(quantity, z) * v for z, v in field.items()))


M_2B, M_B = Symbol("M_2b", positive=True), Symbol("M_b", real=True)  # E[a^{2β}], E[a^β y]
M_2, M_1 = Symbol("M_2", positive=True), Symbol("M_1", real=True)  # E[a²], E[a y]
FIRST_POWER = convention("β = 1", ({M_2B: M_2, M_B: M_1, beta: Integer(1)},))


CLAIMS: list[Claim] = [
    Claim(
        id="model",
        loci=("Eq. 1",),
        says="the network and its loss, the mean squared error over the data",
        printed=r"\tilde L=\mathbb E\big[(\gamma\sum_iu_i(\sum_jw_{ij}\tilde x_j)^\beta-y(\tilde x))^2\big]",
        test=Definition("the model"),
        expected=Verdict.NOT_TESTABLE,
    ),
    Claim(
        id="gradient-flow",
        loci=("Eq. 2",),
        says="gradient flow with a learning rate per layer",
        printed=r"\dot u_i=-\eta_u\partial_{u_i}\tilde L,\quad\dot w_{ij}=-\eta_w\partial_{w_{ij}}\tilde L",
        test=Definition("gradient flow"),
        expected=Verdict.NOT_TESTABLE,
    ),
]


def _coordinates() -> list[Claim]:
    chart = linear().coordinates
    return [
        Claim(
            id="rho",
            loci=("Theorem 1", "Eq. 4", "Table 2"),
            says="ρ is the root mean square of the input's components",
            printed=r"\rho:=\sqrt{\tfrac1{d_0}\sum_{i=0}^{d_0}x_i^2}",
            test=Equation(
                r"\rho",
                n.rho / sqrt(n.d0),
                lambda: n.rho,
                (convention(""), convention("d₀ = 1", condition={n.d0: Integer(1)})),
                swaps=(),
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|=\sqrt{\sum_{j=1}^{d_0}x_j^2}",
            note="Every later formula with ρ holds with ρ = ‖x‖, and not with the mean, for d₀ > 1; the "
            "sum begins at 0 where components are counted from 1.",
        ),
        *(
            Claim(
                id=f"coordinate-{name}",
                loci=("Eq. 4", "Table 2"),
                says=f"the coordinate {name}_i, in which the flow of each neuron is diagonal (β = 1)",
                printed=rf"{name}_i=\tfrac1{{2\rho}}(\sqrt{{\eta_u}}\sum_jw_{{ij}}x_j"
                rf"{'+' if name == 'p' else '-'}\sqrt{{\beta\eta_w}}\rho u_i)",
                test=Equation(
                    f"{name}_i", printed.subs(beta, 1), partial(_itself, form), RHO, swaps=RATES
                ),
                expected=Verdict.HOLDS_IF,
                severity="convention",
                correction=r"\rho=\|x\|",
                uses=("rho",),
            )
            for name, printed, form in (("p", P_OF, chart.p), ("q", Q_OF, chart.q))
        ),
    ]


def _itself(expression: Expr) -> Expr:
    return expression


def at_power(expression: Expr, value: int) -> Expr:
    """At an integer power, and a positive preactivation."""
    return expression.xreplace({n.h_i: Symbol("h_i", positive=True)}).subs(beta, value)


def _delta_velocity(value: int) -> Expr:
    """dΔ/dt = F′(p) dp/dt with F′ = 1/(p (p + q)^{β−1})."""
    return at_power(velocity(P_OF) / (P_OF * (P_OF + Q_OF) ** (beta - 1)), value)


def _reduction() -> list[Claim]:
    inside = n.f - n.y
    printed = -2 * n.gamma * sqrt(beta * n.eta_u ** (2 - beta) * n.eta_w * n.rho**beta) * inside
    mended = -2 * n.gamma * sqrt(beta * n.eta_u ** (2 - beta) * n.eta_w) * n.rho**beta * inside
    return [
        *(
            Claim(
                id=f"{name}-beta-{value}",
                loci=(locus,),
                says=f"the equation of Δ_i, at β = {value}",
                printed=latex,
                test=Equation(
                    r"\dot\Delta_i", at_power(form, value), partial(_delta_velocity, value),
                    RHO if locus == "Eq. 32" else (STATED, PLAIN),
                    corrected=at_power(mended, value) if locus == "Eq. 5" else None, swaps=RATES,
                    simulate=vote.clock_velocity if (locus, value) == ("Eq. 5", 1) else None,
                ),
                expected=expected,
                severity=severity,
                correction=r"-2\gamma\sqrt{\beta\eta_u^{2-\beta}\eta_w}\,\rho^\beta(\ldots)"
                if locus == "Eq. 5" else r"\rho=\|x\|",
                note="Eq. 32 has ρ^β outside the root; there is a ρ^{β/2} too few here." if locus == "Eq. 5" else "",
                uses=("rho",),
            )
            for name, locus, form, latex, expected, severity in (
                ("delta", "Eq. 5", printed,
                 r"\dot\Delta_i=-2\gamma\sqrt{\beta\eta_u^{2-\beta}\eta_w\rho^\beta}\,(\ldots-y)",
                 Verdict.FAILS, "typo"),
                ("delta-proof", "Eq. 32", mended,
                 r"\dot\Delta_i=-2\gamma\sqrt{\beta\eta_u^{2-\beta}\eta_w}\,\rho^\beta(\ldots-y)",
                 Verdict.HOLDS_IF, "convention"),
            )
            for value in (1, 2, 3)
        ),
    ]  # fmt: skip


def _weights() -> list[Claim]:
    weights = linear().weights
    g = sqrt(n.alpha)
    at = {n.p_i: n.p_i * g, n.q_i: n.q_i / g}
    w_change_printed = (n.p_i + n.q_i) * n.x_j / (sqrt(n.eta_u) * n.rho)
    return [
        Claim(
            id="u-of-p-q",
            loci=("Eq. 7",),
            says="the second layer from p and q",
            printed=r"u_i=\tfrac1{\sqrt{\beta\eta_w}}(p_i-q_i)",
            test=Equation(
                "u_i",
                (P_OF - Q_OF) / sqrt(beta * n.eta_w),
                lambda: n.u_i,
                RHO,
                swaps=RATES,
            ),
        ),
        Claim(
            id="w-of-p-q",
            loci=("Eq. 7",),
            says="the first layer from p and q: its change since t = 0",
            printed=r"w_{ij}(t)=w_{ij}(0)+(p_i(t)+q_i(t))\frac{x_j}{\sqrt{\eta_u}\rho}",
            test=Equation(
                "w_ij(t) - w_ij(0)",
                (w_change_printed).xreplace(at),
                lambda: weights.w_change.subs(
                    n.h_i,
                    n.rho
                    * (
                        weights.omega.subs(Symbol("g", positive=True), g)
                        - (n.p_i + n.q_i) / sqrt(n.eta_u)
                    ),
                ),
                RHO,
                corrected=w_change_printed.xreplace(at) - w_change_printed,
                swaps=RATES,
                simulate=vote.w_change,
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"w_{ij}(0)+\big(p_i(t)+q_i(t)-p_i(0)-q_i(0)\big)\frac{x_j}{\sqrt{\eta_u}\rho}",
            note="As printed the weight jumps at t = 0; Eq. 49 uses the right form.",
            uses=("rho",),
        ),
    ]


def _solution() -> list[Claim]:
    return [
        Claim(
            id="alpha-of-t",
            loci=("Eq. 8", "Eq. 9", "Table 2"),
            says="p_i(t)²/p_i(0)², with ξ of Eq. 9 and α_± of Eq. 11",
            printed=r"\frac{\alpha_++\xi\alpha_-}{1-\xi},\quad\xi=\frac{1-\alpha_+}{1+\alpha_-}e^{-4t/t_c}",
            test=Equation(
                r"\alpha(t)", (alpha_plus + xi * alpha_minus) / (1 - xi), alpha_of_time, ALL, swaps=RATES,
                simulate=vote.alpha,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\alpha(t)=\frac{\alpha_+-\xi\alpha_-}{1-\xi},\quad"
            r"\xi=\frac{1-\alpha_+}{1-\alpha_-}e^{-4t/t_c}\quad\text{with }\alpha_-\text{ of Eq. 11}",
            note="Eq. 8, 9 and 54 take α₋ ≥ 0, Eq. 11, 39, 40 and 55 α₋ ≤ 0: right one by one, they "
            "disagree on the sign. P = 0 < y is the one case without it.",
            uses=("rho", "alpha-roots"),
        ),
        Claim(
            id="time-scale",
            loci=("Eq. 10", "Sec. 3.1"),
            says="the time scale t_c, at which the residual falls like e^{−4t/t_c}",
            printed=r"t_c=1/\sqrt{\eta_u\eta_w\gamma^2\rho^2y^2+4\rho^4(\gamma^2d)^2PQ}",
            test=Equation(
                "t_c", TIME_SCALE, lambda: 2 / rate(), ONLY_NORM, swaps=RATES, simulate=None,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            uses=("rho",),
        ),
        Claim(
            id="time-scale-table",
            loci=("Table 2: t_c",),
            says="the time scale again, the root over η_uη_w alone",
            printed=r"t_c:=1/\big(\sqrt{\eta_u\eta_w}\gamma^2\rho^2y^2+4\rho^4(\gamma^2d)^2PQ\big)",
            test=Equation(
                "t_c",
                1 / (ROOT * n.gamma**2 * n.rho**2 * n.y**2 + 4 * n.rho**4 * LARGE_D**2 * n.P * n.Q),
                lambda: 2 / rate(),
                ONLY_NORM,
                corrected=TIME_SCALE,
                simulate=vote.time_scale,
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"1/\sqrt{\eta_u\eta_w\gamma^2\rho^2y^2+4\rho^4(\gamma^2d)^2PQ}",
            note="Eq. 10 has it right.",
        ),
        Claim(
            id="alpha-roots",
            loci=("Eq. 11", "Table 2: α±", "Eq. 39"),
            says="α_± are the two roots of dα/dt = 0",
            printed=r"\alpha_\pm=\frac1{2(\gamma^2d)\rho^2P}(\sqrt{\eta_u\eta_w}\gamma\rho y\pm t_c^{-1})",
            test=Equation(
                r"\dot\alpha(\alpha_+)=\dot\alpha(\alpha_-)", Integer(0),
                lambda: _velocity_at(ALPHA_PLUS) + _velocity_at(ALPHA_MINUS) ** 2,
                (convention(""),),
            ),
            note="With ρ = ‖x‖. There are two different ones unless y = 0 and PQ = 0.",
        ),
        Claim(
            id="alpha-plus-limit",
            loci=("Eq. 12", "Eq. 11"),
            says="α(∞) = α₊ of Eq. 11",
            printed=r"p_i(\infty)=p_i(0)\sqrt{\alpha_+},\quad q_i(\infty)=q_i(0)/\sqrt{\alpha_+}",
            test=Equation(r"\alpha(\infty)", ALPHA_PLUS, limit_of_alpha,
                          (convention("", (READ_TIME, MEAN)), convention(NORM.name, (READ_TIME,))), swaps=RATES),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            note="With Q = 0 and y ≤ 0 (γ > 0) α₊ = 0, and q_i(0)/√α₊ is 0/0: the flow ends at the saddle.",
            uses=("rho",),
        ),
        Claim(
            id="alpha-product",
            loci=("Sec. 3.1",),
            says="α₊α₋ = Q/P",
            printed=r"\alpha_+\alpha_-=Q/P",
            test=Equation(
                r"\alpha_+\alpha_-", alpha_plus * alpha_minus, lambda: n.Q / n.P, ALL,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\alpha_+\alpha_-=-Q/P\quad\text{with Eq. 11}",
            note="Eq. 55's line has the minus sign.",
            uses=("alpha-roots",),
        ),
    ]  # fmt: skip


def _velocity_at(alpha: Expr) -> Expr:
    """dα/dt at a value of α, in the hyperparameters."""
    integral = linear().integral
    speed = integral.speed.subs(integral.coefficients, simultaneous=True)
    return speed.subs(n.alpha, alpha).subs(t_c, TIME_SCALE)


def _footnotes() -> list[Claim]:
    A, C = Symbol("A_P", positive=True), Symbol("A_Q", nonnegative=True)
    B, plus, minus = (
        Symbol("B", real=True),
        Symbol("alpha_plus", real=True),
        Symbol("alpha_minus", real=True),
    )
    roots = (
        Eq(A * plus**2 - B * plus - C, 0), Eq(A * minus**2 - B * minus - C, 0), plus >= minus,
        Eq(A * (plus + minus), B),
    )  # fmt: skip
    small, u, w = Symbol("P", nonnegative=True), Symbol("u", real=True), Symbol("w", real=True)
    return [
        Claim(
            id="alpha-plus-positive",
            loci=("footnote 1",),
            says="α₊ > 0 (P ≠ 0)",
            printed=r"\alpha_+>0",
            test=Implication(
                roots, plus > 0, conditions=(("Q ≠ 0, or γy > 0", sympy.Or(C > 0, B > 0)),)
            ),
            expected=Verdict.HOLDS_IF,
            severity="typo",
            correction=r"\alpha_+\ge0",
            note="With Q = 0 and γy ≤ 0 it is 0, and the flow ends at the saddle.",
        ),
        Claim(
            id="xi-below-one",
            loci=("footnote 1",),
            says="1 − α₊ < 1 − α₋, so that ξ < 1 (with the sign of Eq. 40)",
            printed=r"\xi(t)<1",
            test=Implication(
                (*roots,),
                plus > minus,
                conditions=(("y ≠ 0 or Q ≠ 0", sympy.Or(C > 0, sympy.Ne(B, 0))),),
            ),
            expected=Verdict.HOLDS_IF,
            severity="typo",
            correction=r"\alpha_+>\alpha_-\ \text{unless}\ y=0=PQ",
            uses=("two-roots",),
        ),
        Claim(
            id="small-P",
            loci=("footnote 2",),
            says="for equal rates P = 0 means w = −u for every neuron (x = 1; one neuron)",
            test=Implication((Eq(4 * small, (u + w) ** 2), Eq(small, 0)), Eq(w, -u)),
        ),
        Claim(
            id="small-Q",
            loci=("footnote 2",),
            says="and Q = 0 means w = u",
            test=Implication((Eq(4 * small, (u - w) ** 2), Eq(small, 0)), Eq(w, u)),
        ),
        *(
            Claim(
                id=f"table-2-{name}",
                loci=(f"Table 2: {words}",),
                says=f"Table 2: {words}",
                test=Definition(words),
                expected=Verdict.NOT_TESTABLE,
            )
            for name, words in (("weights", "u, W"), ("rates", "η_u, η_w, γ"), ("sums", "P, Q"))
        ),
    ]


def claims() -> list[Claim]:
    """In printed order."""
    return [
        *CLAIMS, *_coordinates(), *_reduction(), *_weights(), *_solution(), *_footnotes(),
    ]  # fmt: skip


__all__ = ["FLIPPED", "XI", "claims"]
