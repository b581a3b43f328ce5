"""The text's symbols, and the raw flow of f(x) = a wᵀx from its loss alone.

L = ½‖Xβ − y‖² with β = a w, and θ′ = −η_θ ∂L/∂θ. Two inputs and two data points are written out: at a point
of the flow everything that the claims on one neuron speak of lies in the plane of w and Xᵀ(Xβ − y), and a
rotation of the inputs changes nothing. Where XᵀX = I the first input is taken along β* = Xᵀy.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import sympy
from sympy import Expr, Matrix, Rational, Symbol, sqrt

from verify.claims.equation import Convention

a = Symbol("a", real=True)
w_1, w_2 = sympy.symbols("w_1 w_2", real=True)
eta_a, eta_w = sympy.symbols("eta_a eta_w", positive=True)
X = Matrix(2, 2, sympy.symbols("x_11 x_12 x_21 x_22", real=True))
y = Matrix(sympy.symbols("y_1 y_2", real=True))
s = Symbol("s", positive=True)
W = Matrix([w_1, w_2])
RATES = ((eta_a, eta_w),)

# Of the text.
mu, phi, delta = sympy.symbols("mu phi delta", real=True)
NORM_W = sqrt(w_1**2 + w_2**2)
LAW = eta_w * a**2 - eta_a * (w_1**2 + w_2**2)
WHITE = (Matrix.eye(2), Matrix([s, 0]))


def loss(data: Matrix, targets: Matrix) -> Expr:
    """½‖Xβ − y‖²."""
    residual = data * (a * W) - targets
    return Rational(1, 2) * sum(z**2 for z in residual)


@cache
def velocities(white: bool = False) -> Mapping[Symbol, Expr]:
    """a′ and w′: every weight against its slope, times its rate."""
    cost = loss(*WHITE) if white else loss(X, y)
    rates = {a: eta_a, w_1: eta_w, w_2: eta_w}
    return {z: -rate * sympy.diff(cost, z) for z, rate in rates.items()}


def along(quantity: Expr, white: bool = False) -> Expr:
    """Its velocity under the raw flow."""
    speeds = velocities(white)
    return sympy.expand(sum(sympy.diff(quantity, z) * speed for z, speed in speeds.items()))


def in_weights() -> Convention:
    """δ, μ and φ by their definitions."""
    return Convention("", ({mu: a * NORM_W, phi: w_1 / NORM_W, delta: LAW},))


UNIT = Convention("both rates are 1", condition={eta_a: sympy.Integer(1), eta_w: sympy.Integer(1)})

# Symbols of exact values: LaTeX and meaning.
MEANINGS: dict[str, tuple[str, str]] = {
    "a": ("a", "second-layer weight"),
    "w_1": ("w_1", "first-layer weight of the first input, along β* where XᵀX = I"),
    "w_2": ("w_2", "first-layer weight of the second input"),
    "eta_a": (r"\eta_a", "learning rate of a"),
    "eta_w": (r"\eta_w", "learning rate of w"),
    "x_11": ("X_{11}", "entry of the data"), "x_12": ("X_{12}", "entry of the data"),
    "x_21": ("X_{21}", "entry of the data"), "x_22": ("X_{22}", "entry of the data"),
    "y_1": ("y_1", "target"), "y_2": ("y_2", "target"),
    "s": (r"\|\beta_*\|", "norm of Xᵀy, where XᵀX = I"),
    "mu": (r"\mu", "a‖w‖"),
    "phi": (r"\varphi", "cosine of the angle between w and β*"),
    "delta": (r"\delta", "η_w a² − η_a‖w‖²"),
    "R": (r"\|w\|^2", "squared norm of w"),
    "c": ("c", "w·β*; on the cone a multiple"),
    "d": ("d", "number of inputs"),
    "L": ("L", "number of layers before the last"), "n": (r"\|a\|^2", "squared norm of the last layer"),
    "k": ("k", "mean size of all layers over that of the first"),
    "o": (r"(\hat w_0\cdot\hat w)^2", "squared cosine between w at both times"),
    "C_0": ("C_0", "η_aη_wμ² at the start"), "C_1": ("C", "η_aη_wμ² at the time"),
    "S_K": ("S", "kernel distance S(0, t)"),
    "v": ("v", "any number"),
    "tau": (r"\tau", "overall scale of Figure 1"), "alpha": (r"\alpha", "relative scale of Figure 1"),
    "sl_1": ("c_{k1}", "slope of the activation at the first input"),
    "sl_2": ("c_{k2}", "slope of the activation at the second input"),
    "o_1": ("o_1", "output of all other neurons at the first input"),
    "o_2": ("o_2", "output of all other neurons at the second input"),
    "P": ("P", "distance of the interpolators' line from 0"), "z": ("z", "place on that line"),
    "N_b": (r"\|\beta\|", "norm of β there"),
    "b_n": ("b_n", "part of β₀/‖β₀‖ along the line"),
    "b_p": ("b_p", "part of β₀/‖β₀‖ along its foot"), "b_o": ("b_o", "part of β₀/‖β₀‖ orthogonal to both"),
    "Psi1": (r"\Psi'", "slope of Ψ along ‖β‖"), "Psi2": (r"\Psi''", "its second derivative"),
    "E_x": ("E", "1 + ‖β‖Ψ″/Ψ′"), "kappa": (r"\kappa", "√(δ² + 4η_aη_w‖β‖²)"),
    "A_z": (r"\|A^\top z\|^2", "of a vector z of hidden units"),
    "Z_z": (r"\|z\|^2", "of a vector z of hidden units"),
    "W_z": (r"\|W^\top z\|^2", "of a vector z of hidden units"),
    "S": ("S", "eigenvalue of η_aη_w βᵀβ"), "r": ("r", "√(S + δ²/4)"),
    "x": ("x", "‖β‖, or a singular value"),
    "l": (r"|\delta|", "size of δ"), "m": ("m", "the smaller of η_w a² and η_a‖w‖², at the end"),
    "m_0": ("m_0", "the same at the start"),
    "D": ("D", "√(δ² + 4‖β*‖²)"), "E": ("E", "√(δ² + 4η_aη_w‖β*‖²)"),
    "p": ("p", "η_a w·β* + ½a(δ + E); of a wide network an eigenvalue of η_w AᵀA"), "q": ("q", "w·β* + ½a(δ + D); of a wide network an eigenvalue of η_a WᵀW"),
    "h_11": ("(X^\\top X)_{11}", "entry of XᵀX"), "h_12": ("(X^\\top X)_{12}", "entry of XᵀX"),
    "h_22": ("(X^\\top X)_{22}", "entry of XᵀX"),
    "c_1": ("(X^\\top y)_1", "entry of Xᵀy"), "c_2": ("(X^\\top y)_2", "entry of Xᵀy"),
}  # fmt: skip
