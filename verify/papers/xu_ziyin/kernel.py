"""Section 3.1: the tangent kernel, and what does not change. Eq. 13, footnote 6."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import linear
from symbolic.network.gradient_flow import Flow
from symbolic.warp.equation import ScalarEquation
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.symbols import convention

ACROSS = Symbol("g_m", real=True)  # Σ_j w_ij m_j, m ⊥ x
K = Symbol("K", positive=True)
# Eq. 13 on the data as printed, and with its rates put right.
PRINTED = n.gamma**2 * n.rho**2 * (n.eta_w * n.norm_omega_2 + n.eta_u * n.norm_u_2)
MENDED = n.gamma**2 * n.rho**2 * (n.eta_u * n.norm_omega_2 + n.eta_w * n.norm_u_2)
EQUAL_RATES = convention("η_u = η_w", condition={n.eta_u: n.eta_w})


def kernel_at_data() -> Expr:
    """K(x, x) in the squared norms."""
    return sympy.expand(
        linear()[ScalarEquation]
        .kernel_i.subs(n.h_i**2, n.rho**2 * n.norm_omega_2)
        .subs(n.u_i**2, n.norm_u_2)
    )


def _squared_gradient() -> Expr:
    """Σ_θ (∂f/∂θ)² at the data: of the model's neuron, with ∂h/∂w_ij = x_j."""
    neuron = n.gamma * linear().model.neuron(n.u_i, n.h_i)
    by_u, by_h = sympy.diff(neuron, n.u_i), sympy.diff(neuron, n.h_i)
    sums = {n.h_i: n.rho * sqrt(n.norm_omega_2), n.u_i: sqrt(n.norm_u_2)}
    return (by_u**2 + n.rho**2 * by_h**2).subs(sums)


def _orthogonal_velocity() -> Expr:
    """A_i (x₁m₁ + x₂m₂) with m = (x₂, −x₁)."""
    x_1, x_2 = sympy.symbols("x_1 x_2", real=True)
    row = linear()[Flow].velocity_w
    return sympy.expand(row.subs(n.x_j, x_1) * x_2 - row.subs(n.x_j, x_2) * x_1)


def _orthogonal_output() -> Expr:
    """One neuron's part of df(m)/dt where Σ_j w_ij m_j = g stays: γ g du_i/dt."""
    flow = linear()[Flow]
    return sympy.expand(n.gamma * ACROSS * flow.velocity_u * flow.speed)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="kernel-dynamics",
        loci=("Sec. 3.1",),
        says="the tangent kernel is what enters df/dt = 2K(f − y)",
        printed=r"\frac{df(x)}{dt}=2K(x,x')(f(x')-y)",
        test=Equation(
            r"\dot f",
            2 * K * (n.f - n.y),
            lambda: K * linear()[Flow].speed,
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
            "K(x,x)", PRINTED, kernel_at_data, (convention(""), EQUAL_RATES), corrected=MENDED,
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
            (PRINTED / n.eta_w).subs(n.eta_u, n.eta_w),
            _squared_gradient,
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
            _orthogonal_velocity,
        ),
    ),
    Claim(
        id="rank-one",
        loci=("Sec. 3.2",),
        says="training has a rank-1 effect: all rows of W move along x (two inputs: dw_i1/dt x_2 = dw_i2/dt x_1)",
        test=Equation(r"\dot w_{i1}x_2-\dot w_{i2}x_1", Integer(0), _orthogonal_velocity),
    ),
    Claim(
        id="orthogonal-output",
        loci=("Sec. 3.1",),
        says="the output f(m) in directions m ⊥ x, where there is no data, remains constant",
        printed=r"\text{the output of the model in the subspace where there is no data remains constant}",
        test=Equation(
            r"\dot f(m)", Integer(0), _orthogonal_output,
            corrected=-2 * n.eta_u * n.gamma**2 * n.h_i * ACROSS * (n.f - n.y), simulate=vote.orthogonal_output,
        ),
        expected=Verdict.FAILS,
        severity="substantive",
        correction=r"f(m;t)=\gamma\sum_iu_i(t)\sum_jw_{ij}(0)m_j",
        note="Only the hidden units do not change there; the second layer reads them with other weights. Eq. 13 says "
        "so too: K(m, x) = γ²η_u mᵀWᵀWx (with its rates put right) is not 0.",
        uses=("orthogonal-directions",),
    ),
)  # fmt: skip
