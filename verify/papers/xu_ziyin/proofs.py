"""Proposition 1 and appendix B.1, B.2: Eq. 3 and 20-45, Proposition 2."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Eq, Expr, Integer, Symbol, exp, log, sqrt

from symbolic import notation as n
from verify.checks import Definition, Equation, Implication
from verify.claim import Claim, Verdict
from verify.papers.xu_ziyin.symbols import (
    ALPHA_MINUS,
    ALPHA_PLUS,
    LARGE_D,
    MEAN,
    NORM,
    ONLY_NORM,
    RATES,
    READ_TIME,
    ROOT,
    alpha_minus,
    alpha_of_time,
    alpha_plus,
    convention,
    linear,
    power,
    t_c,
)
from verify.papers.xu_ziyin.theorem import P_OF, Q_OF, RESIDUAL, RHO, at_power, velocity

beta = n.beta
ONE = Integer(1)
M_2B, M_B, M_YY = Symbol("M_2b", positive=True), Symbol("M_b", real=True), n.M_yy  # means
M_2, M_1 = Symbol("M_2", positive=True), Symbol("M_1", real=True)  # E[a²], E[a y]
N = n.N
S = Symbol("S", real=True)  # γ Σ u_i (Σ w_ij n_j)^β
FIRST_POWER = convention("β = 1", condition={M_2B: M_2, M_B: M_1, beta: ONE})
SUMS = convention("β = 1, and the loss a sum over the data, without 1/N", ({N: ONE},), {beta: ONE})
NO_MEAN = convention("the loss a sum over the data, without Eq. 20's 1/N", ({N: ONE},))
POWERS = (1, 2, 3)


def strength() -> Expr:
    """‖x‖ of the effective point: E[a^{2β}]^{1/(2β)}, by the derivation's data stage."""
    return power().data.strength.subs(n.M_aa, M_2B)


def target() -> Expr:
    """Y of the effective point."""
    return power().data.target.subs({n.M_aa: M_2B, n.M_ay: M_B})


def set_loss() -> Expr:
    """The loss of a data set (its mean), in S and moments."""
    return M_2B * S**2 - 2 * M_B * S + M_YY


def _root_of_moment(value: int) -> Expr:
    return M_2B ** sympy.Rational(1, 2 * value)


def _proposition() -> list[Claim]:
    return [
        Claim(
            id="effective-input",
            loci=("Prop. 1", "Eq. 3"),
            says="the effective input is x = √E[x̃²] n, for any power",
            printed=r"x=\sqrt{\mathbb E[\tilde x^2]}\,n",
            test=Equation(r"\|x\|", sqrt(M_2), strength, (convention(""), FIRST_POWER)),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction=r"\|x\|=\mathbb E[a^{2\beta}]^{1/(2\beta)}",
            note="Proposition 1 is stated for the loss of any power β; the moments are those of β = 1.",
        ),
        Claim(
            id="effective-target",
            loci=("Prop. 1", "Eq. 3"),
            says="the effective target is y = E[x̃ y(x̃)]/√E[x̃²], for any power",
            printed=r"y=\frac{\mathbb E[\tilde xy(\tilde x)]}{\sqrt{\mathbb E[\tilde x^2]}}",
            test=Equation("y", M_1 / sqrt(M_2), target, (convention(""), FIRST_POWER)),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction=r"y=\frac{\mathbb E[a^\beta y]}{\sqrt{\mathbb E[a^{2\beta}]}}",
            note="x̃ y is a vector where y is a number: a for x̃ is meant.",
        ),
        Claim(
            id="set-loss",
            loci=("Eq. 20",),
            says="the mean squared error over N data points",
            test=Definition("the loss of a data set"),
            expected=Verdict.NOT_TESTABLE,
        ),
        Claim(
            id="point-loss",
            loci=("App. B.1",),
            says="the equivalent loss of one data point",
            printed=r"L(u,w)=(\gamma\sum_iu_i(\sum_jw_{ij}x_j)^\beta-y)",
            test=Equation(
                "L", n.f - n.y, lambda: linear().model.loss(n.f, n.y), corrected=(n.f - n.y) ** 2
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"L=(\ldots-y)^2",
            note="Eq. 3 has the square.",
        ),
        *(
            Claim(
                id=f"sum-input-beta-{value}",
                loci=("App. B.1",),
                says=f"x_j = √(Σ a_k^{{2β}}) n_j, at β = {value}",
                printed=r"x_j=\sqrt{\textstyle\sum_ka_k^{2\beta}}\,n_j",
                test=Equation(
                    r"\|x\|", sqrt(N * M_2B), partial(_root_of_moment, value),
                    (convention(""), SUMS), corrected=None if value == 1 else M_2B ** sympy.Rational(1, 2 * value),
                ),
                expected=Verdict.HOLDS_IF if value == 1 else Verdict.FAILS,
                severity="convention" if value == 1 else "substantive",
                correction=r"x_j=\big(\tfrac1N\sum_ka_k^{2\beta}\big)^{1/(2\beta)}n_j",
                note="Eq. 20 is a mean; and ‖x‖^β must be the root of the moment.",
            )
            for value in (1, 2)
        ),
        Claim(
            id="sum-target",
            loci=("App. B.1",),
            says="y = Σ a_k^β ỹ_k / √(Σ a_k^{2β})",
            test=Equation("y", N * M_B / sqrt(N * M_2B), target, (convention(""), NO_MEAN)),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction="divide by √N, or drop the 1/N of Eq. 20",
        ),
        Claim(
            id="expanded-loss",
            loci=("Eq. 21",),
            says="the loss multiplied out, first line",
            printed=r"(\sum a_k^{2\beta})\big(\gamma\sum u_i(\ldots)^\beta-2(\sum a_k^\beta\tilde y_k)(\gamma\sum u_i(\ldots)^\beta)+\sum y_k^2\big)",
            test=Equation(
                r"N\tilde L",
                N * M_2B * (S - 2 * N * M_B * S + N * M_YY),
                lambda: N * set_loss(),
                corrected=N * M_2B * S**2 - 2 * N * M_B * S + N * M_YY,
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"\big(\sum a_k^{2\beta}\big)S^2-2\big(\sum a_k^\beta\tilde y_k\big)S+\sum\tilde y_k^2",
            note="S = γ Σ u_i (Σ w_ij n_j)^β; its square is missing, and a bracket.",
        ),
        Claim(
            id="completed-square",
            loci=("Eq. 21",),
            says="L̃ = L + Σ y_k² − y², second line",
            test=Equation(
                r"\tilde L",
                (sqrt(N * M_2B) * S - N * M_B / sqrt(N * M_2B)) ** 2
                + N * M_YY - (N * M_B / sqrt(N * M_2B)) ** 2,
                set_loss,
                (convention(""), NO_MEAN),
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"divide by N, or drop the 1/N of Eq. 20",
        ),
    ]  # fmt: skip


def _laws() -> list[Claim]:
    v_u, row = Symbol("v_u", real=True), Symbol("row", real=True)  # du/ds and (dw_ij/ds)/x_j
    flow = power().flow
    read = convention("", ({v_u: flow.velocity_u, row: flow.velocity_w / n.x_j},))
    w_1, w_2, x_1, x_2 = sympy.symbols("w_1 w_2 x_1 x_2", real=True)
    h = w_1 * x_1 + w_2 * x_2
    squares = x_1**2 + x_2**2
    return [
        Claim(
            id="raw-flow-u",
            loci=("Eq. 22",),
            says="gradient flow of u",
            printed=r"\dot u_i=-2\eta_u\gamma(\sum_jw_{ij}x_j)^\beta(f-y)",
            test=Equation(
                r"\dot u_i", -2 * n.eta_u * n.gamma * n.h_i**beta * RESIDUAL, lambda: velocity(n.u_i), swaps=RATES
            ),
        ),
        Claim(
            id="raw-flow-w",
            loci=("Eq. 22",),
            says="gradient flow of W",
            printed=r"\dot w_{ij}=-2\beta\eta_w\gamma u_i(\sum_jw_{ij}x_j)^{\beta-1}x_j(f-y)",
            test=Equation(
                r"\dot w_{ij}",
                -2 * beta * n.eta_w * n.gamma * n.u_i * n.h_i ** (beta - 1) * n.x_j * RESIDUAL,
                lambda: -2 * RESIDUAL * flow.velocity_w, swaps=RATES,
            ),
        ),
        Claim(
            id="law-layers",
            loci=("Eq. 23",),
            says="η_u Σ_j w_ij² − βη_w u_i² is conserved",
            printed=r"\frac{d}{dt}\big(\eta_u\sum_jw_{ij}^2-\beta\eta_wu_i^2\big)=0",
            test=Equation(
                r"\frac{d}{ds}(\ldots)",
                2 * n.eta_u * n.h_i * row - 2 * beta * n.eta_w * n.u_i * v_u,
                lambda: Integer(0), (read,), swaps=RATES,
            ),
        ),
        Claim(
            id="law-inputs",
            loci=("Eq. 24",),
            says="w_ij/x_j − w_ij′/x_j′ is conserved",
            printed=r"\frac{d}{dt}\big(\frac{w_{ij}}{x_j}-\frac{w_{ij'}}{x_{j'}}\big)=0",
            test=Equation(
                r"\frac{d}{ds}(\ldots)",
                Symbol("vw_j", real=True) / n.x_j - Symbol("vw_l", real=True) / n.x_l,
                lambda: Integer(0),
                (convention("", ({
                    Symbol("vw_j", real=True): flow.velocity_w,
                    Symbol("vw_l", real=True): flow.velocity_w.subs(n.x_j, n.x_l),
                },)),),
            ),
            note="For x_j x_j′ ≠ 0; where one is zero its weight is conserved by itself. Always: x_j′ w_ij − "
            "x_j w_ij′.",
        ),
        Claim(
            id="law-projection",
            loci=("Eq. 25",),
            says="Σ_j w_ij² − (Σ_j w_ij x_j)²/Σ x_j² is conserved; the inner sum printed up to N",
            printed=r"\frac{d}{dt}\big(\sum_{j=1}^{d_0}w_{ij}^2-\tfrac1{\sum x_j^2}(\sum_{j=1}^Nw_{ij}x_j)^2\big)=0",
            test=Equation(
                r"\frac{d}{ds}(\ldots)\big|_{N=1,d_0=2}",
                2 * row * h - 2 * row * w_1 * x_1**3 / squares,
                lambda: Integer(0),
                corrected=2 * row * h - 2 * row * h * squares / squares,
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"\big(\sum_{j=1}^{d_0}w_{ij}x_j\big)^2",
            note="N is the number of data points; Eq. 26 repeats it.",
        ),
        Claim(
            id="law-p-q",
            loci=("Eq. 26",),
            says="p_i q_i is a quarter of η_u(Σ w_ij x_j)²/Σ x_j² − βη_w u_i²",
            test=Equation(
                "p_iq_i", P_OF * Q_OF, lambda: (n.eta_u * n.h_i**2 / n.rho**2 - beta * n.eta_w * n.u_i**2) / 4,
                RHO, swaps=RATES,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            uses=("rho",),
        ),
        Claim(
            id="law-p-q-conserved",
            loci=("Eq. 26",),
            says="and it is conserved",
            test=Equation(r"\frac{d}{dt}(p_iq_i)", Integer(0), lambda: velocity(P_OF * Q_OF)),
            uses=("law-p-q",),
        ),
    ]  # fmt: skip


def _p_velocity(value: int) -> Expr:
    return at_power(velocity(P_OF), value)


def _reduction() -> list[Claim]:
    inside = ((P_OF + Q_OF) * n.rho / sqrt(n.eta_u)) ** (beta - 1)
    printed = -2 * n.gamma * sqrt(beta * n.eta_u * n.eta_w) * P_OF * n.rho * inside * RESIDUAL
    squares = Symbol("squares", real=True)  # Σ_j (p_j² − q_j²)
    g, start = sqrt(n.alpha), Symbol("p_k", real=True)
    q_k = Symbol("q_k", real=True)
    p_t = n.p_i * g
    A = LARGE_D * n.rho**2
    z = Symbol("zeta_text", positive=True)
    p_0 = Symbol("p_i", positive=True)
    first, second = Symbol("A_P", positive=True), Symbol("A_Q", nonnegative=True)
    B = Symbol("B", real=True)
    return [
        *(
            Claim(
                id=f"p-velocity-beta-{value}",
                loci=("Eq. 27", "Eq. 31"),
                says=f"dp_i/dt at β = {value}",
                printed=r"\dot p_i=-2\gamma\sqrt{\beta\eta_u\eta_w}\,p_i\rho\big(\tfrac{(p_i+q_i)\rho}{\sqrt{\eta_u}}\big)^{\beta-1}(f-y)",
                test=Equation(
                    r"\dot p_i", at_power(printed, value), partial(_p_velocity, value), RHO, swaps=RATES
                ),
                expected=Verdict.HOLDS_IF,
                severity="convention",
                correction=r"\rho=\|x\|",
                note="Eq. 31 is this with q_i = c_i/p_i.",
                uses=("rho",),
            )
            for value in POWERS
        ),
        *(
            Claim(
                id=f"common-clock-beta-{value}",
                loci=("Eq. 28", "Eq. 29", "Eq. 33"),
                says=f"ṗ_i/(p_i(p_i + c_i/p_i)^(β−1)) is the same for all neurons, at β = {value}",
                test=Equation(
                    r"\partial_{u_i}\frac{\dot p_i}{p_i(p_i+q_i)^{\beta-1}}", Integer(0),
                    partial(_clock_slope, value),
                ),
            )
            for value in POWERS
        ),
        Claim(
            id="clock-function",
            loci=("Eq. 6", "Eq. 30"),
            says="F_i, the antiderivative whose differences are conserved",
            test=Definition("F_i"),
            expected=Verdict.NOT_TESTABLE,
        ),
        Claim(
            id="clock-start",
            loci=("Theorem 1",),
            says="the initial conditions are Δ_i(0) = F_i(p_i(t)), here at β = 1, F = log",
            printed=r"\Delta_i(0)=F_i(p_i(t))",
            test=Equation(
                r"\Delta_i(0)", log(p_0 * g), lambda: log(p_0), corrected=log(p_0),
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"\Delta_i(0)=F_i(p_i(0))",
        ),
        Claim(
            id="linear-p-velocity",
            loci=("Eq. 34",),
            says="dp_i/dt at β = 1, the output as a sum of p_j² − q_j²",
            printed=r"\dot p_i=-2\gamma\sqrt{\eta_u\eta_w}\,p_i\rho\big(\sum_j(p_j^2-q_j^2)\tfrac{\gamma\rho}{\sqrt{\eta_u\eta_w}}-y\big)",
            test=Equation(
                r"\dot p_i",
                -2 * n.gamma * ROOT * n.p_i * n.rho * (squares * n.gamma * n.rho / ROOT - n.y),
                # In the chart p moves at λ, and the output is λ/(η_uη_w) Σ (p² − q²).
                lambda: linear().reduction.rate * n.p_i * -2
                * (linear().reduction.output.subs(n.s, 0).subs({n.P: squares / n.d, n.Q: 0}) - n.y),
                (convention("", (MEAN,)), convention(NORM.name)), swaps=RATES,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            uses=("rho",),
        ),
        Claim(
            id="common-growth",
            loci=("Eq. 35",),
            says="p_j(t) = p_j(0) p_i(t)/p_i(0)",
            test=Equation("p_k(t)", start * p_t / n.p_i, lambda: start * g),
        ),
        Claim(
            id="common-decay",
            loci=("App. B.2",),
            says="q_j(t) = q_j(0) p_i(0)/p_j(t)",
            printed=r"q_j(t)=q_j(0)\frac{p_i(0)}{p_j(t)}",
            test=Equation(
                "q_k(t)", q_k * n.p_i / (start * g), lambda: q_k / g, corrected=q_k * n.p_i / p_t
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"q_j(0)\frac{p_i(0)}{p_i(t)}",
            note="Eq. 36 uses the right form.",
        ),
        Claim(
            id="scalar-equation",
            loci=("Eq. 36", "Eq. 37"),
            says="the equation of p_i alone",
            printed=r"\dot p_i=-2p_i\big(\tfrac{(\gamma^2d)\rho^2P}{p_i(0)^2}p_i^2-\tfrac{(\gamma^2d)\rho^2Qp_i(0)^2}{p_i^2}-\gamma\rho y\sqrt{\eta_u\eta_w}\big)",
            test=Equation(
                r"\dot p_i",
                -2 * p_t * (A * n.P * n.alpha - A * n.Q / n.alpha - n.gamma * n.rho * n.y * ROOT),
                lambda: n.p_i * _alpha_velocity() / (2 * g),
                (convention("", (MEAN,)), convention(NORM.name)), swaps=RATES,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            uses=("rho",),
        ),
        Claim(
            id="time-integrand",
            loci=("Eq. 38",),
            says="the integrand of t, in ζ = p_i²",
            printed=r"t=-\int\frac{d\zeta}{4(\frac{(\gamma^2d)\rho^2P}{p_i(0)^2}\zeta^2-\gamma\rho y\sqrt{\eta_u\eta_w}\zeta-(\gamma^2d)\rho^2Qp_i(0)^2)}",
            test=Equation(
                r"\frac{dt}{d\zeta}",
                -1 / (4 * (A * n.P / p_0**2 * z**2 - n.gamma * n.rho * n.y * ROOT * z - A * n.Q * p_0**2)),
                lambda: 1 / (p_0**2 * _alpha_velocity().subs(n.alpha, z / p_0**2)),
                (convention("", (MEAN,)), convention(NORM.name)), swaps=RATES,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            uses=("rho",),
        ),
        Claim(
            id="two-roots",
            loci=("Eq. 39", "App. B.2"),
            says="the quadratic polynomial has two different roots",
            test=Implication(
                (), B**2 + 4 * first * second > 0, conditions=(("y ≠ 0 or Q ≠ 0", sympy.Or(sympy.Ne(B, 0), second > 0)),)
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="for y = 0 and PQ = 0 the root is double, and t is algebraic, not a logarithm",
            note="With P ≠ 0; B = √(η_uη_w)γρy.",
        ),
        Claim(
            id="time-logarithm",
            loci=("Eq. 39",),
            says="the integral is −(t_c/4) log((α − α₊)/(α − α₋)): its derivative",
            test=Equation(
                r"\frac{dt}{d\alpha}",
                -t_c / 4 * (1 / (n.alpha - alpha_plus) - 1 / (n.alpha - alpha_minus)),
                lambda: 1 / _alpha_velocity(), ONLY_NORM,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            uses=("rho", "alpha-roots"),
        ),
        Claim(
            id="solution-implicit",
            loci=("Eq. 40",),
            says="(α − α₊)/(α − α₋) = (1 − α₊)/(1 − α₋) e^{−4t/t_c}, solved for α",
            test=Equation(r"\alpha(t)", _solved(), alpha_of_time, ONLY_NORM),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            note='"which gives (8)": with Eq. 11 it gives α₊ − ξα₋ over 1 − ξ, and 1 − α₋ in ξ.',
            uses=("rho", "alpha-of-t"),
        ),
    ]  # fmt: skip


def _clock_slope(value: int) -> Expr:
    quotient = velocity(P_OF) / (P_OF * (P_OF + Q_OF) ** (beta - 1))
    return sympy.diff(sympy.simplify(at_power(quotient, value)), n.u_i)


def _alpha_velocity() -> Expr:
    """dα/dt in the hyperparameters."""
    integral = linear().integral
    return integral.speed.subs(integral.coefficients, simultaneous=True)


def _solved() -> Expr:
    ratio = (1 - alpha_plus) / (1 - alpha_minus) * exp(-4 * n.t / t_c)
    return (alpha_plus - ratio * alpha_minus) / (1 - ratio)


def _proposition_two() -> list[Claim]:
    B = ROOT * n.gamma * n.rho * n.y
    A = LARGE_D * n.rho**2 * n.Q
    prime = Symbol("alpha_prime", real=True)
    xi = exp(-4 * B * n.t) / (1 + prime)
    read = {prime: B / A}
    q, w = n.q_i, Symbol("w", positive=True)
    signs = {n.y: Symbol("y", positive=True), n.gamma: Symbol("gamma", positive=True)}
    down = {n.y: -Symbol("y", positive=True), n.gamma: Symbol("gamma", positive=True)}
    readings = tuple(
        convention(name, (read, *more), condition)
        for name, more, condition in (
            ("", (MEAN,), signs), ("ρ = ‖x‖ (y > 0)", (), signs), ("ρ = ‖x‖ (y < 0)", (), down),
        )
    )  # fmt: skip
    A_Q, B_ = Symbol("A_Q", positive=True), Symbol("B", real=True)
    return [
        Claim(
            id="p-stays-zero",
            loci=("Prop. 2", "Eq. 41"),
            says="if P = 0 then p_i(t) = 0",
            test=Equation(r"\dot p_i", Integer(0), lambda: _p_velocity(1).subs(n.u_i, _u_at_p_zero())),
        ),
        *(
            Claim(
                id=f"q-solution-{words}",
                loci=("Prop. 2", "Eq. 42", "Eq. 43", "Eq. 44"),
                says=f"q_i(t)²/q_i(0)² for P = 0, {sign}",
                printed=r"q_i=q_i(0)\sqrt{\tfrac{\alpha'\xi'}{1-\xi'}},\ \xi'=\tfrac1{1+\alpha'}e^{-4\sqrt{\eta_u\eta_w}\gamma\rho yt}",
                test=Equation(
                    "q_i^2/q_i(0)^2", prime * xi / (1 - xi), _q_squared, (readings[0], readings[index]),
                ),
                expected=Verdict.HOLDS_IF,
                severity="convention",
                correction=r"\rho=\|x\|",
                note="y = 0 gives 0/0: there q_i(0)²/q_i(t)² = 1 + 4(γ²d)ρ²Qt. One formula without cases: "
                "α = N/D of the projective solution.",
                uses=("rho",),
            )
            for words, sign, index in (("positive", "γy > 0", 1), ("negative", "γy < 0", 2))
        ),
        Claim(
            id="q-velocity",
            loci=("Eq. 45",),
            says="dq_i/dt for P = 0",
            printed=r"\dot q_i=-2q_i\big(\tfrac{(\gamma^2d)\rho^2Q}{q_i(0)^2}q_i^2+\gamma\rho y\sqrt{\eta_u\eta_w}\big)",
            test=Equation(
                r"\dot q_i", -2 * q / sqrt(n.alpha) * (A / n.alpha + B),
                lambda: -q * _alpha_velocity().subs(n.P, 0) / (2 * n.alpha ** sympy.Rational(3, 2)),
                (convention("", (MEAN,)), convention(NORM.name)), swaps=RATES,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            uses=("rho",),
        ),
        Claim(
            id="saddle-for-positive-target",
            loci=("Prop. 2",),
            says="for y > 0 the flow goes to the saddle p = q = 0 (γ > 0)",
            test=Implication((B_ > 0,), -4 * w * (A_Q * w + B_) < -4 * w * B_),
            note="w = q²/q(0)² obeys w′ = −4w(A_Q w + B): it falls at least as fast as e^{−4Bt}.",
        ),
        Claim(
            id="zero-loss-otherwise",
            loci=("Prop. 2",),
            says="for y ≤ 0 the loss goes to zero: the only positive equilibrium is f = y",
            test=Implication((B_ < 0, Eq(A_Q * w + B_, 0)), Eq(-A_Q * w, B_)),
            note="f = −A_Q w/λ and y = B/λ. At y = 0 it is reached like 1/t.",
        ),
        Claim(
            id="origin",
            loci=("Prop. 2",),
            says="if P = Q = 0 nothing moves",
            test=Equation(r"\dot u_i", Integer(0), lambda: velocity(n.u_i).subs(beta, 1).subs(n.h_i, 0)),
        ),
    ]  # fmt: skip


def _u_at_p_zero() -> Expr:
    (solution,) = sympy.solve(P_OF.subs(beta, 1), n.u_i)
    return solution.subs(n.h_i, Symbol("h_i", positive=True))


def _q_squared() -> Expr:
    """1/α(t) at P = 0."""
    return 1 / alpha_of_time().subs(n.P, 0)


def claims() -> list[Claim]:
    """In printed order."""
    return [*_proposition(), *_laws(), *_reduction(), *_proposition_two()]


__all__ = ["ALPHA_MINUS", "ALPHA_PLUS", "READ_TIME", "claims"]
