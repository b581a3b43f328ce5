"""App. B.8 and B.10: deep linear networks with one output [R]; chains and two hidden units written out."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Expr, Integer, Matrix, Symbol, sqrt

from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Equation
from verify.papers.kunin.symbols import delta, eta_a, eta_w

# f = aᵀ W₂ W₁ x with two hidden units in each layer and one datum (x, y).
FIRST = Matrix(2, 2, sympy.symbols("W1_11 W1_12 W1_21 W1_22", real=True))
SECOND = Matrix(2, 2, sympy.symbols("W2_11 W2_12 W2_21 W2_22", real=True))
LAST = Matrix(sympy.symbols("a_1 a_2", real=True))
DATUM, TARGET = Matrix(sympy.symbols("x_1 x_2", real=True)), Symbol("y", real=True)

L, d = Symbol("L", integer=True, positive=True), Symbol("d", integer=True, positive=True)
square = Symbol("n", positive=True)  # ‖a‖²
rest = Symbol("v", nonnegative=True)  # ‖a‖² − δ, what W_LW_Lᵀ is on a
norm, start = Symbol("x", positive=True), Symbol("x_0", positive=True)
first, first_0 = (
    Symbol("m", positive=True),
    Symbol("m_0", positive=True),
)  # sizes of the first layer
ratio = Symbol("k", positive=True)  # of the mean size of all layers to that of the first: rates


def velocity(quantity: Expr) -> Expr:
    """Of a function of the weights; the last layer learns at η_a, every other one at η_w."""
    output = (LAST.T * SECOND * FIRST * DATUM)[0]
    cost = (output - TARGET) ** 2 / 2
    rates: Mapping[Symbol, Expr] = {
        **dict.fromkeys(FIRST, eta_w), **dict.fromkeys(SECOND, eta_w), **dict.fromkeys(LAST, eta_a)
    }  # fmt: skip
    return sympy.expand(
        sum(-rate * sympy.diff(cost, z) * sympy.diff(quantity, z) for z, rate in rates.items())
    )


def _inner_law() -> Expr:
    return (SECOND.T * SECOND - FIRST * FIRST.T)[0, 1]


def _last_law() -> Expr:
    return (eta_w * LAST * LAST.T - eta_a * SECOND * SECOND.T)[0, 1]


def _size(power: Expr) -> Expr:
    """aᵀ(aaᵀ − δI)^power a: a is an eigenvector, of eigenvalue ‖a‖² − δ."""
    return square * (square - delta) ** power


def _from_laws() -> Expr:
    """‖β‖² = aᵀW_L…W₁W₁ᵀ…W_Lᵀa: each W_lW_lᵀ is W_{l+1}ᵀW_{l+1}, down to (W_LW_Lᵀ)^L, and η_aW_LW_Lᵀ = η_waaᵀ − δI."""
    return square * ((eta_w * square - delta) / eta_a) ** L


def _potential(size: Expr, depth: Expr = L) -> Expr:
    """Eq. 123 as printed, of ‖β‖."""
    return (depth + 1) / (depth + 2) * size ** ((depth + 2) / (depth + 1))


def _slope() -> Expr:
    return sympy.simplify(sympy.diff(_potential(norm), norm))


AS_LAYERS = {d: L}
STATED = Convention("")
LAYERS = Convention(
    "the exponent d is the number L of layers, and both rates are 1",
    (AS_LAYERS,),
    {eta_a: Integer(1), eta_w: Integer(1)},
)
# Balanced layers have one size up to their rates: ‖β‖ = (k m)^{L+1} with the first layer's size m.
BALANCED = Convention(
    "", ({norm: (ratio * first) ** (L + 1), start: (ratio * first_0) ** (L + 1)},)
)

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="deep-law",
        added=True,
        loci=("App. B.8",),
        says="hidden layers of one rate keep W_{l+1}ᵀW_{l+1} − W_lW_lᵀ, here an entry off the diagonal",
        test=Equation(r"\dot\Delta_{12}", Integer(0), lambda: velocity(_inner_law())),
    ),
    Claim(
        id="deep-last-law",
        added=True,
        loci=("App. B.8",),
        says="and the last layer η_w aaᵀ − η_a W_LW_Lᵀ",
        test=Equation(r"\dot\Delta_{12}", Integer(0), lambda: velocity(_last_law())),
    ),
    Claim(
        id="deep-norm",
        loci=("App. B.8",),
        says="[R] with all the imbalance δI in the last layer ‖β‖² = aᵀ(aaᵀ − δI)^d a, L layers before the last",
        printed=r"\|\beta\|^2=a^\top(aa^\top-\delta I)^da",
        test=Equation(r"\|\beta\|^2", _size(d), _from_laws, (STATED, LAYERS)),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\|\beta\|^2=a^\top\big((\eta_w aa^\top-\delta I)/\eta_a\big)^La",
        note="In the statements at hand L counts the layers and d the inputs. aaᵀ − δI = W_LW_Lᵀ has no negative "
        "eigenvalue: δ > 0 needs one hidden unit.",
        uses=("deep-law", "deep-last-law"),
    ),
    Claim(
        id="deep-bias",
        loci=("App. B.10", "Eq. 123"),
        says="[R] at depth L + 1 and δ → 0 the interpolator is the argmin of the printed potential: its slopes at ‖β‖ and ‖β₀‖ are as the first layer's sizes",
        printed=r"\tfrac{L+1}{L+2}\|\beta\|^{(L+2)/(L+1)}-\langle\beta_0/\|\beta_0\|^{L/(L+1)},\beta\rangle",
        test=Equation(
            r"\Psi'(\|\beta\|)/\|\beta_0\|^{1/(L+1)}", _slope() / (start / start ** (L / (L + 1))),
            lambda: first / first_0, (BALANCED,),
        ),
        note="Sharper: at any rates. Balanced layers are of rank one, W₁ = u vᵀ m with u fixed, and (m v)′ lies in the row space of X.",
        uses=("deep-first-layer",),
    ),
    Claim(
        id="deep-first-layer",
        added=True,
        loci=("App. B.10",),
        says="the first layer moves by a column times Xᵀ: across x it does not move",
        test=Equation(
            r"n\cdot\dot W_1", Integer(0), lambda: velocity(FIRST[0, 1] * DATUM[0] - FIRST[0, 0] * DATUM[1]),
        ),
    ),
    Claim(
        id="deep-bias-two",
        added=True,
        loci=("App. B.10", "Theorem 3.1"),
        says="at L = 1 it is Theorem 3.1 at δ = 0, up to a factor 2√2/3 : 2/3",
        test=Equation(
            r"\Psi_0", sqrt(2) * _potential(norm, Integer(1)),
            lambda: ((sqrt(4 * norm**2)) * sqrt(sqrt(4 * norm**2))) / 3,
        ),
    ),
)  # fmt: skip
