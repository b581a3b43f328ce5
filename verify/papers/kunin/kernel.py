"""Section 2: the tangent kernel, and the distance of two of them."""

from __future__ import annotations

import sympy
from sympy import Expr, Symbol

from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Definition, Equation
from verify.papers.kunin.symbols import W, X, a, along, eta_a, eta_w, w_1, w_2, y

K_11, K_12 = sympy.symbols("K_11 K_12", real=True)
e_1, e_2 = sympy.symbols("e_1 e_2", real=True)
OUTPUTS = X * (a * W)
RATE = {a: eta_a, w_1: eta_w, w_2: eta_w}


def entry(i: int, j: int) -> Expr:
    """Σ_θ η_θ ∂f(x_i)/∂θ ∂f(x_j)/∂θ."""
    slopes = ((sympy.diff(OUTPUTS[i], z), sympy.diff(OUTPUTS[j], z)) for z in RATE)
    return sum(rate * one * two for rate, (one, two) in zip(RATE.values(), slopes, strict=True))


READ: dict[Expr, Expr] = {
    K_11: entry(0, 0), K_12: entry(0, 1), e_1: OUTPUTS[0] - y[0], e_2: OUTPUTS[1] - y[1],
}  # fmt: skip
k_a, k_w = Symbol("k_a", real=True), Symbol("k_w", real=True)

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="kernel-moves-outputs",
        loci=("Sec. 2",),
        says="with the rates in the tangent kernel, the outputs obey f′ = −K(f − y)",
        test=Equation(r"\dot f(x_1)", -K_11 * e_1 - K_12 * e_2, lambda: along(OUTPUTS[0]), (Convention("", (READ,)),)),
    ),
    Claim(
        id="kernel-weights",
        loci=("Sec. 2",),
        says="the tangent kernel weights each parameter by its rate: K = η_w a² x·x + η_a (w·x)(w·x)",
        test=Equation(
            "K(x_1,x_2)", eta_w * a**2 * k_w + eta_a * k_a, lambda: entry(0, 1),
            (Convention("", ({k_w: X.row(0).dot(X.row(1)), k_a: X.row(0).dot(W.T) * X.row(1).dot(W.T)},)),),
            swaps=((eta_a, eta_w),),
        ),
    ),
    Claim(
        id="kernel-distance",
        loci=("Sec. 2",),
        says="the kernel distance S(t₁, t₂)",
        printed=r"S=1-\langle K_1,K_2\rangle/(\|K_1\|\|K_2\|)",
        test=Definition("a definition: one minus the cosine between two kernels"),
        expected=Verdict.NOT_TESTABLE,
    ),
)  # fmt: skip
