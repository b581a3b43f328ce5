"""Section 3.1: the solution of the linear network and its tangent kernel, Eq. 8-13, footnotes 1, 2 and 6."""

from __future__ import annotations

import sympy
from sympy import Eq, Expr, Integer, Symbol

from symbolic import notation as n
from verify.checks import Definition, Equation, Implication
from verify.claim import Claim, Verdict
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.derived import (
    alpha_of_time,
    alpha_velocity,
    limit_of_alpha,
    linear,
    rate,
)
from verify.papers.xu_ziyin.symbols import (
    ALL,
    ALPHA_MINUS,
    ALPHA_PLUS,
    LARGE_D,
    MEAN,
    NORM,
    ONLY_NORM,
    RATES,
    READ_TIME,
    ROOT,
    TIME_SCALE,
    alpha_minus,
    alpha_plus,
    convention,
    t_c,
    xi,
)


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
    return alpha_velocity().subs(n.alpha, alpha).subs(t_c, TIME_SCALE)


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


EQUAL_RATES = convention("η_u = η_w", condition={n.eta_u: n.eta_w})


def kernel_at_data() -> Expr:
    """K(x, x) in the squared norms."""
    return sympy.expand(
        linear()
        .scalar.kernel_i.subs(n.h_i**2, n.rho**2 * n.norm_omega_2)
        .subs(n.u_i**2, n.norm_u_2)
    )


def _kernel() -> list[Claim]:
    printed = n.gamma**2 * n.rho**2 * (n.eta_w * n.norm_omega_2 + n.eta_u * n.norm_u_2)
    mended = n.gamma**2 * n.rho**2 * (n.eta_u * n.norm_omega_2 + n.eta_w * n.norm_u_2)
    K = Symbol("K_text", positive=True)
    return [
        Claim(
            id="kernel-dynamics",
            loci=("Sec. 3.1",),
            says="the tangent kernel is what enters df/dt = 2K(f − y)",
            printed=r"\frac{df(x)}{dt}=2K(x,x')(f(x')-y)",
            test=Equation(
                r"\dot f",
                2 * K * (n.f - n.y),
                lambda: K * linear().flow.speed,
                (convention(""),),
                corrected=-2 * K * (n.f - n.y),
                simulate=vote.output_velocity,
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"\frac{df(x)}{dt}=-2K(x,x')(f(x')-y)",
            note="With a positive kernel the printed sign would drive f away from y.",
        ),
        Claim(
            id="kernel",
            loci=("Eq. 13", "footnote 6"),
            says="the tangent kernel: η_w with WᵀW, η_u with ‖u‖² (here on the data)",
            printed=r"K(x,x')=\gamma^2x^T(\eta_wW^TW+\eta_u\|u\|^2I)x'",
            test=Equation(
                "K(x,x)", printed, kernel_at_data, (convention(""), EQUAL_RATES), corrected=mended,
                simulate=vote.tangent_kernel,
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction=r"K(x,x')=\gamma^2x^T(\eta_uW^TW+\eta_w\|u\|^2I)x'",
            note="The rates are exchanged: η_u multiplies the gradients of u, which are the hidden units.",
        ),
        Claim(
            id="kernel-standard",
            loci=("Sec. 3.1",),
            says="for η_u = η_w the definition is the standard tangent kernel, up to that rate",
            test=Equation(
                "K/\\eta",
                (printed / n.eta_w).subs(n.eta_u, n.eta_w),
                lambda: n.gamma**2 * n.rho**2 * (n.norm_omega_2 + n.norm_u_2),
                swaps=(),
            ),
        ),
        Claim(
            id="orthogonal-directions",
            loci=("Sec. 3.1",),
            says="for m ⊥ x the preactivation Σ_j w_ij m_j does not change",
            printed=r"\sum_jw_{ij}(t)m_j=\sum_jw_{ij}(0)m_j",
            test=Equation(
                r"\frac{d}{dt}\sum_jw_{ij}m_j",
                Integer(0),
                # dw_ij/dt = A_i x_j, so that Σ_j w_ij m_j moves by A_i (x·m); two inputs written out.
                lambda: _orthogonal_velocity(),
            ),
        ),
    ]  # fmt: skip


def _orthogonal_velocity() -> Expr:
    """A_i (x₁m₁ + x₂m₂) with m = (x₂, −x₁)."""
    x_1, x_2 = sympy.symbols("x_1 x_2", real=True)
    row = linear().flow.velocity_w
    return sympy.expand(row.subs(n.x_j, x_1) * x_2 - row.subs(n.x_j, x_2) * x_1)


def claims() -> list[Claim]:
    """In printed order."""
    return [*_solution(), *_footnotes(), *_kernel()]
