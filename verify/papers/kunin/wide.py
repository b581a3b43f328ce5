"""Theorems 4.1 and 4.2, App. B.2 and B.6: wide two-layer linear networks [R], two of each size written out.

f(x) = Σ_k a_k (w_k·x) with c outputs: β = WᵀA with rows w_k and a_k, G = Xᵀ(Xβ − Y), L = ½‖Xβ − Y‖².
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import sympy
from sympy import Basic, Eq, Expr, Matrix, Ne, Symbol, sqrt

from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Equation
from verify.claims.implication import Implication
from verify.papers.kunin.symbols import delta, eta_a, eta_w
from verify.papers.kunin.vote import blocks

FIRST = Matrix(2, 2, sympy.symbols("W_11 W_12 W_21 W_22", real=True))
SECOND = Matrix(2, 2, sympy.symbols("A_11 A_12 A_21 A_22", real=True))
TARGET = Matrix(2, 2, sympy.symbols("Y_11 Y_12 Y_21 Y_22", real=True))
DATA = Matrix(2, 2, sympy.symbols("x_11 x_12 x_21 x_22", real=True))
BETA = FIRST.T * SECOND
G = Matrix(2, 2, sympy.symbols("G_11 G_12 G_21 G_22", real=True))
PULL = DATA.T * (DATA * BETA - TARGET)
READ_G: Mapping[Expr, Expr] = dict(zip(G, PULL, strict=True))


@cache
def velocities() -> Mapping[Symbol, Expr]:
    """Every weight against its slope, times its rate."""
    cost = sum(z**2 for z in DATA * BETA - TARGET) / 2
    rates = dict.fromkeys(SECOND, eta_a) | dict.fromkeys(FIRST, eta_w)
    return {z: -rate * sympy.diff(cost, z) for z, rate in rates.items()}


def velocity(quantity: Expr) -> Expr:
    """Of a function of the weights."""
    speeds = velocities()
    return sum(sympy.diff(quantity, z) * v for z, v in speeds.items() if quantity.has(z))


def neuron(k: int) -> tuple[Matrix, Expr, Expr]:
    """β_k = w_k a_kᵀ, δ_k and κ_k of a neuron by the text's definitions."""
    w, a = FIRST.row(k), SECOND.row(k)
    law = eta_w * a.dot(a) - eta_a * w.dot(w)
    beta = w.T * a
    return beta, law, sqrt(law**2 + 4 * eta_a * eta_w * sum(z**2 for z in beta))


b = Matrix(2, 2, sympy.symbols("b_11 b_12 b_21 b_22", real=True))
kappa = Symbol("kappa", nonnegative=True)
SIZE = sum(z**2 for z in b)
# vec(GP + QG) is the Kronecker sum P ⊕ Q of both blocks on vec G.
RIGHT = (kappa + delta) / 2 * b.T * b / SIZE
LEFT = (kappa - delta) / 2 * b * b.T / SIZE
FIRST_NEURON = -(G * RIGHT + LEFT * G)[0, 1]


def _of_first_neuron() -> Convention:
    beta, law, root = neuron(0)
    return Convention(
        "", ({kappa: root}, {**dict(zip(b, beta, strict=True)), delta: law, **READ_G})
    )


def _first_neuron() -> Expr:
    return velocity(neuron(0)[0][0, 1])


def _law(j: int, k: int) -> Expr:
    return (eta_w * SECOND * SECOND.T - eta_a * FIRST * FIRST.T)[j, k]


# An eigenvalue of η_w AᵀA, that of η_aη_w βᵀβ beside it, and the root in Eq. 8.
p, q, square = (
    Symbol("p", nonnegative=True),
    Symbol("q", nonnegative=True),
    Symbol("S", nonnegative=True),
)
root = Symbol("r", nonnegative=True)
ROOT = Eq(4 * root**2, delta**2 + 4 * square)
# On a vector z of hidden units: ‖Aᵀz‖², ‖Wᵀz‖² and ‖z‖².
of_a, of_w, of_z = (Symbol(name, nonnegative=True) for name in ("A_z", "W_z", "Z_z"))
UNITS = (Eq(eta_w * of_a - eta_a * of_w, delta * of_z), of_z > 0)
sigma, size = Symbol("sigma", positive=True), Symbol("x", positive=True)
LIFT = Symbol("l", positive=True)  # |δ|


def _second_block(variable: Symbol) -> list[Basic]:
    """Of a singular vector: η_a WWᵀ = η_w AAᵀ − δ makes η_aη_w βᵀβ = (η_w AᵀA)² − δ η_w AᵀA; so for the other block."""
    sign = -delta if variable is p else delta
    return [Eq(square, variable**2 + sign * variable), ROOT]


def entropy(at: Expr) -> Expr:
    """q_δ as printed."""
    return (2 * at * sympy.asinh(2 * at / LIFT) - sqrt(4 * at**2 + LIFT**2) + LIFT) / 4


def _curvature(potential: Expr) -> Expr:
    return sympy.simplify(sympy.diff(potential, size, 2))


def _mobility() -> Expr:
    """1/(p + q) on a singular pair: σ′ = −(p + q) ∂L/∂σ, and p − q = δ, pq = η_aη_wσ²."""
    return 1 / sqrt(LIFT**2 + 4 * eta_a * eta_w * size**2)


def _sum_of_both() -> list[Basic]:
    return [Eq(p - q, delta), Eq(p * q, square), ROOT]


SCALED = sqrt(eta_a) * sqrt(eta_w)
CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="wide-neuron",
        loci=("Theorem 4.1",),
        says="[R] each neuron of a wide network has vec β_k′ = −M_k vec Xᵀ(Xβ − Y), M_k = P_k ⊕ Q_k of β_k and δ_k only (β_k ≠ 0); here one entry",
        printed=r"M_k=\tfrac{\kappa_k+\delta_k}2\tfrac{\beta_k^\top\beta_k}{\|\beta_k\|^2}\oplus\tfrac{\kappa_k-\delta_k}2\tfrac{\beta_k\beta_k^\top}{\|\beta_k\|^2}",
        test=Equation(r"(\dot\beta_k)_{12}", FIRST_NEURON, _first_neuron, (_of_first_neuron(),)),
        note="Entry by entry alike. It is the law of β_k, not of β: β′ sums what depends on every β_k and δ_k.",
    ),
    Claim(
        id="wide-sum",
        loci=("Theorem 4.1",),
        says="[R] M is the sum of the M_k: β′ is the sum of the β_k′",
        test=Equation(
            r"\dot\beta_{12}", -(eta_w * G * SECOND.T * SECOND + eta_a * FIRST.T * FIRST * G)[0, 1],
            lambda: velocity(BETA[0, 1]), (Convention("", (READ_G,)),), swaps=((eta_a, eta_w),),
        ),
        note="Σ_k η_w a_ka_kᵀ = η_w AᵀA and Σ_k η_a w_kw_kᵀ = η_a WᵀW.",
    ),
    Claim(
        id="wide-law",
        loci=("Theorem 4.2",),
        says="[R] Δ = η_w AAᵀ − η_a WWᵀ is conserved, here an entry off the diagonal",
        test=Equation(r"\dot\Delta_{12}", sympy.Integer(0), lambda: sympy.expand(velocity(_law(0, 1)))),
    ),
    Claim(
        id="isotropic-right",
        loci=("Theorem 4.2", "Eq. 8"),
        says="[R] with Δ = δI the right block η_w AᵀA is δ/2 + √(η_aη_w βᵀβ + δ²/4), eigenvalue by eigenvalue",
        printed=r"\tfrac\delta2I+\sqrt{\eta_a\eta_w\beta^\top\beta+\tfrac{\delta^2}4I}",
        test=Implication(
            (), Eq(p, delta / 2 + root), lambda: _second_block(p),
            (("δ ≤ 0, or A has full column rank: h = c", sympy.Or(delta <= 0, p > 0)),),
            at=(Eq(delta, 1), Eq(p, 0)), vote=blocks,
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="for δ > 0 and h < c that is so on the row space of A, and off it η_w AᵀA is 0 and not δ: where W has not full rank, M is no function of β",
        note="δ > 0 needs h ≤ c (App. B.2), so that h = c is what is left.",
        uses=("isotropic-needs-outputs",),
    ),
    Claim(
        id="isotropic-left",
        loci=("Theorem 4.2", "Eq. 8"),
        says="[R] and the left block η_a WᵀW is −δ/2 + √(η_aη_w ββᵀ + δ²/4)",
        printed=r"-\tfrac\delta2I+\sqrt{\eta_a\eta_w\beta\beta^\top+\tfrac{\delta^2}4I}",
        test=Implication(
            (), Eq(q, -delta / 2 + root), lambda: _second_block(q),
            (("δ ≥ 0, or W has full column rank: h = d", sympy.Or(delta >= 0, q > 0)),),
            at=(Eq(delta, -1), Eq(q, 0)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="for δ < 0 and h < d that is so on the row space of W, and off it η_a WᵀW is 0 and not |δ|: where A has not full rank, M is no function of β",
        note="δ < 0 needs h ≤ d (App. B.2), so that h = d is what is left.",
        uses=("isotropic-needs-inputs",),
    ),
    Claim(
        id="isotropic-needs-outputs",
        loci=("App. B.2",),
        says="Δ = δI_h with δ > 0 needs h ≤ c: Aᵀz ≠ 0 for every z ≠ 0",
        test=Implication((delta > 0,), of_a > 0, lambda: UNITS),
    ),
    Claim(
        id="isotropic-needs-inputs",
        loci=("App. B.2",),
        says="Δ = δI_h with δ < 0 needs h ≤ d: Wᵀz ≠ 0 for every z ≠ 0",
        test=Implication((delta < 0,), of_w > 0, lambda: UNITS),
    ),
    Claim(
        id="singular-speed",
        added=True,
        loci=("App. B.6",),
        says="on a singular pair with σ > 0 both eigenvalues add to √(δ² + 4η_aη_wσ²)",
        test=Implication((), Eq(p + q, 2 * root), _sum_of_both),
    ),
    Claim(
        id="mirror",
        loci=("App. B.6", "Eq. 118", "Eq. 119"),
        says="[R] from Δ = δI, δ ≠ 0, singular values follow a mirror flow with q_δ: q_δ″ is what their speed is divided by",
        printed=r"q_\delta(x)=\tfrac14\big(2x\sinh^{-1}\tfrac{2x}{|\delta|}-\sqrt{4x^2+\delta^2}+|\delta|\big)",
        test=Equation(
            r"q_\delta''(x)", _curvature(entropy(size)), _mobility,
            (Convention(""), Convention("η_aη_w = 1", (), {eta_w: 1 / eta_a})),
            corrected=_curvature(entropy(SCALED * size) / (eta_a * eta_w)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"q_\delta(\sqrt{\eta_a\eta_w}x)/(\eta_a\eta_w)",
        note="δ has the rates, and the potential has them not.",
        uses=("singular-speed",),
    ),
    Claim(
        id="mirror-hidden",
        loci=("App. B.6",),
        says="[R] h ≥ min(d, c) is needed: a singular value 0 with p = q = 0 does not obey it",
        test=Implication((Eq(square, 0), Ne(delta, 0)), Ne(root, 0), lambda: [ROOT]),
        note="With fewer hidden units β has rank h at most: the other singular values stay 0, where q_δ would move them at |δ|.",
    ),
)  # fmt: skip
