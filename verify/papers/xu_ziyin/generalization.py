"""Appendix D: training and generalization, Eq. 53-56."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Eq, Expr, Integer, Symbol, sqrt

from numeric.flow import GradientFlow
from symbolic import notation as n
from verify.checks import Decided, Definition, Equation, Implication
from verify.claim import Claim, Evidence, Finding, Siding, Verdict
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.data_line import (
    M_1,
    M_2,
    M_2B,
    M_B,
    M_YY,
    N,
    S,
    set_loss,
    strength,
    target,
)
from verify.papers.xu_ziyin.derived import linear, output_of
from verify.papers.xu_ziyin.symbols import (
    ALPHA_MINUS,
    ALPHA_PLUS,
    MEAN,
    NORM,
    P_OF,
    Q_OF,
    RATES,
    READ_ALPHA,
    READ_TIME,
    RHO,
    ROOT,
    TIME_SCALE,
    alpha_minus,
    alpha_plus,
    convention,
    t_c,
)

ENDS = (
    convention("", (READ_ALPHA, READ_TIME, MEAN)),
    convention(NORM.name, (READ_ALPHA, READ_TIME)),
)


def _output() -> list[Claim]:
    a = n.alpha
    scale = n.gamma * n.rho / ROOT
    return [
        Claim(
            id="overlap",
            loci=("Eq. 53",),
            says="Σ_j u_i w_ij x_j in p and q",
            printed=r"\frac{\sqrt{\eta_u\eta_w}}\rho\sum_ju_iw_{ij}x_j=p_i^2-q_i^2",
            test=Equation(
                r"p_i^2-q_i^2",
                sqrt(n.eta_u) * sqrt(n.eta_w) * n.u_i * n.h_i / n.rho,
                lambda: sympy.expand((P_OF**2 - Q_OF**2).subs(n.beta, 1)),
                RHO, swaps=RATES,
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
            uses=("rho",),
        ),
        Claim(
            id="output-of-t",
            loci=("Eq. 54",),
            says="the output during training, in P, Q and α(t)",
            printed=r"f=\frac{\gamma\rho}{\sqrt{\eta_u\eta_w}}\big(P[\ldots]-Q[\ldots]^{-1}\big)",
            test=Equation(
                "f", scale * (n.P * a - n.Q / a), lambda: output_of(a),
                RHO,
                corrected=n.d * scale * (n.P * a - n.Q / a), swaps=RATES, simulate=vote.output,
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"f=\frac{\gamma\rho d}{\sqrt{\eta_u\eta_w}}\big(P[\ldots]-Q[\ldots]^{-1}\big)",
            note="P and Q are means over neurons; Eq. 55 has the factor d. And [...] needs α₋ ≥ 0, as Eq. 8.",
            uses=("alpha-of-t",),
        ),
        Claim(
            id="output-start",
            loci=("App. D",),
            says="its initial value",
            printed=r"\frac{\gamma\rho d}{\sqrt{\eta_u\eta_w}}(P-Q)",
            test=Equation("f(0)", n.d * scale * (n.P - n.Q), lambda: output_of(Integer(1)),
                          RHO, swaps=RATES),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\rho=\|x\|",
        ),
        Claim(
            id="output-monotone",
            loci=("App. D",),
            says="the output evolves monotonically: it grows with α, as α evolves monotonically",
            test=_monotone(),
            uses=("alpha-monotone",),
        ),
        Claim(
            id="output-end",
            loci=("Eq. 55",),
            says="its final value is y: the first form",
            printed=r"\frac{\gamma\rho d}{\sqrt{\eta_u\eta_w}}(\alpha_+P-Q/\alpha_+)=y",
            test=Equation("y", n.d * scale * (alpha_plus * n.P - n.Q / alpha_plus), lambda: n.y, ENDS, swaps=RATES),
            note="Not for P = 0 < γy, nor Q = 0 > γy, where the flow ends at the saddle.",
        ),
        Claim(
            id="output-end-sum",
            loci=("Eq. 55",),
            says="the second form, with α₋ of Eq. 11",
            printed=r"\frac{\gamma\rho d}{\sqrt{\eta_u\eta_w}}(\alpha_++\alpha_-)P=y",
            test=Equation("y", n.d * scale * (alpha_plus + alpha_minus) * n.P, lambda: n.y, ENDS, swaps=RATES),
            uses=("alpha-minus",),
        ),
        Claim(
            id="roots-product",
            loci=("App. D", "Eq. 55"),
            says="α₊α₋ = −Q/P, with α_± of Eq. 11",
            test=Equation(
                r"\alpha_+\alpha_-", -n.Q / n.P,
                lambda: (ALPHA_PLUS * ALPHA_MINUS).subs(t_c, TIME_SCALE),
            ),
            note="With ρ = ‖x‖. Sec. 3.1 has Q/P.",
            uses=("alpha-product",),
        ),
    ]  # fmt: skip


def _monotone() -> Implication:
    """Derived output, times α, over its positive scale: at a larger α it is larger."""
    P, Q = Symbol("P", nonnegative=True), Symbol("Q", nonnegative=True)
    one, two = Symbol("alpha_1", positive=True), Symbol("alpha_2", positive=True)
    f_1, f_2 = Symbol("f_1", real=True), Symbol("f_2", real=True)

    def facts() -> list[sympy.Basic]:
        shape = sympy.simplify(output_of(n.alpha) * n.alpha * ROOT / (n.gamma * n.rho * n.d))
        found = [P + Q > 0]
        for f, alpha in ((f_1, one), (f_2, two)):
            found.append(Eq(f * alpha, shape.subs({n.P: P, n.Q: Q, n.alpha: alpha})))
        return found

    return Implication((), sympy.Equivalent(f_1 < f_2, one < two), facts)


def _loss() -> list[Claim]:
    # E[ỹ²] = M_1²/M_2 + V: V ≥ 0 is what the best line leaves, so that every point is a data set.
    f, y_2 = n.f, N * M_1**2 / M_2
    V = Symbol("V", nonnegative=True)
    total = y_2 + N * V
    return [
        Claim(
            id="training-loss",
            loci=("Eq. 56",),
            says="the training loss is (f − y)² + Σ y_k² − y²",
            printed=r"\tilde L=[f-y]^2+\sum_ky_k^2-y^2",
            test=Equation(
                r"\tilde L",
                (f - sqrt(N) * M_1 / sqrt(M_2)) ** 2 + total - y_2,
                lambda: set_loss().subs({M_2B: M_2, M_B: M_1, M_YY: total / N, S: f / sqrt(M_2)}),
                (convention(""), convention("the loss a sum over the data, without Eq. 20's 1/N", ({N: Integer(1)},))),
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\tilde L=(f-y)^2+\tfrac1N\sum_ky_k^2-y^2",
            uses=("completed-square",),
        ),
        Claim(
            id="loss-floor",
            loci=("App. D",),
            says="the loss falls monotonically to Σ y_k² − y², whatever the initialization",
            printed=r"\text{does not rely on the choice of all hyperparameters and initialization}",
            test=Decided(
                "f tends to y for every initialization", (True,), _reaches_target,
                (("f does not always tend to y", (False,)),), _saddle_vote,
            ),
            expected=Verdict.FAILS,
            severity="degenerate",
            correction="for every start but P = 0 < γy and Q = 0 > γy (and γρ = 0, or zero weights)",
            note="Proposition 2 says so itself. Monotone it is, always.",
            uses=("saddle-for-positive-target",),
        ),
        Claim(
            id="population-minimum",
            loci=("App. D",),
            says="the population loss is least at the slope E[aỹ]/E[a²]",
            printed=r"\mathbb E[a\tilde y]/\mathbb E[a^2]",
            test=Equation("s", n.M_ay / n.M_aa, partial(_minimum)),
        ),
        Claim(
            id="final-slope",
            loci=("App. D",),
            says="the slope tends to Σ a_kỹ_k/Σ a_k², for every start that reaches its target",
            printed=r"\textstyle\sum_ka_k\tilde y_k/\sum_ka_k^2",
            test=Equation(
                r"s(\infty)", M_1 / M_2,
                lambda: (target() / strength()).subs(
                    {n.beta: 1, M_2B: M_2, M_B: M_1}),
            ),
        ),
        Claim(
            id="large-numbers",
            loci=("App. D",),
            says="as N grows the slope of the data tends to the slope of the population: the law of large numbers",
            test=Definition("the law of large numbers, for finite second moments"),
            expected=Verdict.NOT_TESTABLE,
        ),
        Claim(
            id="population-cases",
            loci=("App. D",),
            says="the population loss falls, rises, or first falls and then rises: never the other way",
            test=_three_cases(),
            note="s is monotone and the loss a parabola in s: once it rises it goes on rising.",
        ),
        Claim(
            id="population-time",
            loci=("App. D",),
            says="the time scale of the population loss is t_c: it depends on time through the output alone",
            test=Equation(
                r"\frac{dL_{\rm pop}}{dt}\Big/\frac{ds}{dt}",
                2 * n.M_aa * Symbol("slope", real=True) - 2 * n.M_ay, _population_slope,
            ),
            note="dL_pop/ds holds s = f/ρ and constants. A distance (s − s_pop)² falls like e^{−8t/t_c} where both slopes "
            "agree, as the training loss does, else like e^{−4t/t_c}.",
        ),
    ]  # fmt: skip


def _minimum() -> Expr:
    slope = Symbol("slope", real=True)
    loss = linear().observables.population_loss.subs(n.f, n.rho * slope)
    (found,) = sympy.solve(sympy.diff(loss, slope), slope)
    return found


def _population_slope() -> Expr:
    slope = Symbol("slope", real=True)
    return sympy.diff(linear().observables.population_loss.subs(n.f, n.rho * slope), slope)


def _three_cases() -> Implication:
    """Before, later: s grows, and rose above the minimum m before: it is above it later."""
    before, later, m = sympy.symbols("s_before s_later m", real=True)
    rises = (later - m) ** 2 >= (before - m) ** 2
    return Implication((later >= before, before >= m), rises)


def _saddle() -> GradientFlow:
    """P = 0 < γy: u = −w, equal rates."""
    return GradientFlow([1.0, -0.5], [[-1.0], [0.5]], [1.0], 2.0)


def _reaches_target(values: tuple[bool, ...]) -> Finding:
    flow = _saddle()
    end = float(flow.output(float("inf")))
    truth = abs(end - 2.0) < 1e-9
    if values[0] == truth:
        return Finding(Verdict.HOLDS, Evidence.PROVED, f"f(∞) = {end:g} for u = −w, y = 2")
    witness = {
        "u(0)": "(1, -1/2)",
        "w(0)": "(-1, 1/2)",
        "x": "1",
        "y": "2",
        "eta_u": "1",
        "eta_w": "1",
        "gamma": "1",
    }
    why = f"P = 0 < γy: f(∞) = {end:g}, y = 2 (claim saddle-for-positive-target is the proof)"
    return Finding(Verdict.FAILS, Evidence.PROVED, why, "", witness, f"{end - 2.0:g}")


def _saddle_vote() -> Siding:
    """Torch from there: f after long descent."""
    import torch

    u, w = (
        torch.tensor([1.0, -0.5], dtype=torch.float64),
        torch.tensor([-1.0, 0.5], dtype=torch.float64),
    )
    for _ in range(4000):
        residual = u @ w - 2.0
        u, w = u - 0.01 * 2 * residual * w, w - 0.01 * 2 * residual * u
    return Siding(r"f(\infty)", float(u @ w), 2.0, 0.0, 1e-6)


def claims() -> list[Claim]:
    """In printed order."""
    return [*_output(), *_loss()]
