"""Section 3.1: the solution of the linear network, Eq. 8-12."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Expr, exp, sqrt

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import alpha_of_time, alpha_velocity, limit_of_alpha, rate
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Equation
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.symbols import (
    ALL,
    ALPHA_MINUS,
    ALPHA_PLUS,
    AS_STATED,
    LARGE_D,
    MEAN,
    NORM,
    ONLY_NORM,
    RATES,
    READ_ALPHA,
    READ_TIME,
    ROOT,
    TIME_SCALE,
    alpha_minus,
    alpha_plus,
    convention,
    t_c,
    xi,
)

XI_40 = (1 - alpha_plus) / (1 - alpha_minus) * exp(-4 * n.t / t_c)
EQ_40 = convention("ρ = ‖x‖, and 1 − α₋ in ξ, as in Eq. 40", ({xi: XI_40}, READ_ALPHA, READ_TIME))
ENDS = (convention("", (READ_TIME, MEAN)), convention(NORM.name, (READ_TIME,)))


def _product(name: str, sign: int) -> Convention:
    """α_± by Eq. 11, and α₋ with that sign."""
    read = {alpha_plus: ALPHA_PLUS, alpha_minus: sign * ALPHA_MINUS}
    return convention(name, condition={z: form.subs(READ_TIME) for z, form in read.items()})


def _root(name: str) -> Expr:
    """Larger and smaller zero of the derived dα/dt, a polynomial in α with a negative first coefficient."""
    first, second, third = sympy.Poly(sympy.expand(alpha_velocity()), n.alpha).all_coeffs()
    root = sqrt(second**2 - 4 * first * third)
    return (-second - root if name == "plus" else -second + root) / (2 * first)


CLAIMS: tuple[Claim, ...] = (
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
        "disagree on the sign.",
        uses=("rho", "alpha-minus"),
    ),
    Claim(
        id="alpha-display",
        loci=("App. B.3",),
        says="α(t) once more, (α₊ − ξα₋)/(1 − ξ), with ξ of Eq. 9",
        printed=r"\frac{\alpha_+-\xi\alpha_-}{1-\xi}=\frac{\alpha_+-\alpha_-}{1-\xi}+\alpha_-",
        test=Equation(
            r"\alpha(t)", (alpha_plus - alpha_minus) / (1 - xi) + alpha_minus, alpha_of_time,
            (AS_STATED, NORM, EQ_40), swaps=RATES,
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\xi=\frac{1-\alpha_+}{1-\alpha_-}e^{-4t/t_c}",
        note="The opposite sign of Eq. 8, with the same ξ: one of both has to change.",
        uses=("alpha-of-t",),
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
        id="alpha-plus",
        loci=("Eq. 11", "Table 2: α±", "Eq. 39"),
        says="α_+ is the larger root of dα/dt = 0",
        printed=r"\alpha_+=\frac1{2(\gamma^2d)\rho^2P}(\sqrt{\eta_u\eta_w}\gamma\rho y+t_c^{-1})",
        test=Equation(r"\alpha_+", ALPHA_PLUS, partial(_root, "plus"), ENDS, swaps=RATES),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    Claim(
        id="alpha-minus",
        loci=("Eq. 11", "Table 2: α±", "Eq. 39"),
        says="α_- is the smaller root of dα/dt = 0",
        printed=r"\alpha_-=\frac1{2(\gamma^2d)\rho^2P}(\sqrt{\eta_u\eta_w}\gamma\rho y-t_c^{-1})",
        test=Equation(r"\alpha_-", ALPHA_MINUS, partial(_root, "minus"), ENDS, swaps=RATES),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        note="So α₋ ≤ 0. They coincide where y = 0 and PQ = 0.",
        uses=("rho",),
    ),
    Claim(
        id="alpha-plus-limit",
        loci=("Eq. 12", "Eq. 11"),
        says="α(∞) = α₊ of Eq. 11",
        printed=r"p_i(\infty)=p_i(0)\sqrt{\alpha_+},\quad q_i(\infty)=q_i(0)/\sqrt{\alpha_+}",
        test=Equation(r"\alpha(\infty)", ALPHA_PLUS, limit_of_alpha,
                      ENDS, swaps=RATES),
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
            r"\alpha_+\alpha_-", n.Q / n.P, lambda: alpha_plus * alpha_minus,
            (_product("", 1), _product("α₋ has the opposite sign of Eq. 11's, as in Eq. 8", -1)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\alpha_+\alpha_-=-Q/P\quad\text{with Eq. 11}",
        note="With either ρ. Eq. 55's line has the minus sign.",
        uses=("alpha-minus",),
    ),
)  # fmt: skip
