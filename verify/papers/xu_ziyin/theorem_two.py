"""Section 4 and appendix B.3: when there is a kernel phase, Theorem 2, Eq. 19 and 46-48."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import And, Basic, Eq, Equivalent, Integer, Symbol

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import output_of
from symbolic.limits.initial_moments import Start
from verify.claims.claim import Claim
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.exponents import (
    CLOSE,
    EQ_18,
    EQ_19,
    KERNEL,
    SECOND,
    c_d,
    c_g,
    c_u,
    c_w,
    e_u,
    e_w,
    limit,
    symbol,
)

ALPHA = symbol("alpha_minus_1")


def _zero_output() -> Implication:
    """f₀ = k (P − Q), k free of both by the derivation."""
    P, Q, f_0 = (Symbol(name, real=True) for name in ("P", "Q", "f_0"))
    k = Symbol("k", positive=True)

    def facts() -> Sequence[Basic]:
        factor = sympy.simplify(output_of(Integer(1)) / (n.P - n.Q))
        assert not factor.free_symbols & {n.P, n.Q}
        return [Eq(f_0, k * (P - Q))]

    return Implication((Eq(f_0, 0),), Eq(P, Q), facts)


def _theorem_2(start: Start) -> Claim:
    condition = EQ_19 if start is Start.ZERO_OUTPUT else And(CLOSE, EQ_19)
    note = (
        "Where f₀ = y exactly nothing moves, whatever P/Q. Sharper: the relative change of K is of order "
        "κ^{max{T₁, 2e}} in the kernel phase, T₁ the first term of Eq. 18 and |P/Q − 1| ~ κ^e."
    )
    return Claim(
        id=f"theorem-2-{start.name.lower().replace('_', '-')}",
        loci=("Theorem 2", "Eq. 19", "Eq. 46", "Sec. 4"),
        says=f"when Eq. 18 holds: kernel phase iff P/Q → 1 and Eq. 19 ({start.value} start)",
        printed=r"c_d+\max\{c_{\eta_w}+c_u,c_{\eta_u}+c_w\}>c_{\eta_u}+c_{\eta_w}",
        test=limit((EQ_18,), Equivalent(KERNEL, condition), start=start),
        note=note if start is Start.INDEPENDENT else "",
    )


CLAIMS: tuple[Claim, ...] = (
    *map(_theorem_2, Start),
    Claim(
        id="case-wide",
        loci=("Sec. 4: case 1",),
        says="P/Q → 1 if d → ∞ and the layers are independent",
        test=limit((c_d > 0,), CLOSE),
    ),
    Claim(
        id="case-zero-output",
        loci=("Sec. 4: case 2",),
        says="P = Q where the initial output is zero",
        printed=r"\textstyle\sum_{i=1}^d\sum_{j=1}^{d_0}u_iw_{ij}x_j=0",
        test=_zero_output(),
    ),
    Claim(
        id="case-lazy",
        loci=("Sec. 4: case 2", "Sec. 4.2"),
        says="the exponents of lazy training, c_γ = 1, c_η = −2, c_u = c_w = c_d = 0, satisfy (18) and (19)",
        test=limit(
            tuple(Eq(z, v) for z, v in ((c_d, 0), (c_g, 1), (c_u, 0), (c_w, 0), (e_u, -2), (e_w, -2))),
            And(EQ_18, EQ_19),
        ),
    ),
    Claim(
        id="case-unbalanced",
        loci=("Sec. 4: case 3",),
        says="P/Q → 1 at finite width if c_u + c_{η_w} ≠ c_w + c_{η_u}",
        test=limit((Eq(c_d, 0), sympy.Ne(c_u + e_w, c_w + e_u)), CLOSE),
    ),
    Claim(
        id="second-term",
        loci=("Eq. 47",),
        says="with (18), (19) says that the second term of (18) is zero",
        printed=r"2c_\gamma+c_d+\max\{c_{\eta_w}+c_u,c_{\eta_u}+c_w\}=0",
        test=limit((EQ_18, EQ_19), Eq(SECOND, 0)),
    ),
    Claim(
        id="kernel-order",
        loci=("Eq. 48",),
        says="with (18) and (19) the kernel is of order 1",
        printed=r"\gamma^2d\alpha_+P=\Theta(1)",
        test=limit((EQ_18, EQ_19), Eq(symbol("kernel_0"), 0)),
    ),
    Claim(
        id="kernel-iff-alpha",
        loci=("App. B.3", "Eq. 46"),
        says="K is constant in the limit if and only if α₊ → 1",
        test=limit((), Equivalent(KERNEL, ALPHA < 0)),
    ),
)  # fmt: skip
