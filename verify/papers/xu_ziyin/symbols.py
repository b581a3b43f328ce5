"""The text's symbols, and how they may be read.

ρ of the text is a mean over the input dimension, √(Σ x²/d₀); in the derivation's symbols, where ρ = ‖x‖,
that is ρ/√d₀. α_± and t_c and ξ are read by their own equations (9)-(11).
"""

from __future__ import annotations

from sympy import Integer, Symbol, exp, sqrt

from symbolic import vocabulary as n
from verify.claims.equation import Convention, Reading

alpha_plus = Symbol("alpha_+", real=True)
alpha_minus = Symbol("alpha_-", real=True)
xi = Symbol("xi", real=True)
t_c = Symbol("t_c", positive=True)
ROOT = sqrt(n.eta_u) * sqrt(n.eta_w)
LARGE_D = n.gamma**2 * n.d  # the text's (γ²d)

# Eq. 9-11 as printed.
TIME_SCALE = 1 / sqrt(
    n.eta_u * n.eta_w * n.gamma**2 * n.rho**2 * n.y**2 + 4 * n.rho**4 * LARGE_D**2 * n.P * n.Q
)
ALPHA_PLUS, ALPHA_MINUS = (
    (ROOT * n.gamma * n.rho * n.y + sign / t_c) / (2 * LARGE_D * n.rho**2 * n.P)
    for sign in (Integer(1), Integer(-1))
)
XI = (1 - alpha_plus) / (1 + alpha_minus) * exp(-4 * n.t / t_c)
READ_XI = {xi: XI}
READ_ALPHA = {alpha_plus: ALPHA_PLUS, alpha_minus: ALPHA_MINUS}
READ_TIME = {t_c: TIME_SCALE}

MEAN = {n.rho: n.rho / sqrt(n.d0)}
SCALE = {n.gamma: Symbol("gamma", positive=True)}  # a normalization factor


def convention(
    name: str, reading: tuple[Reading, ...] = (), condition: Reading | None = None
) -> Convention:
    """A reading of the text, in which γ is positive."""
    if callable(condition):
        return Convention(name, reading, lambda: {**SCALE, **condition()})
    return Convention(name, reading, {**SCALE, **(condition or {})})


AS_STATED = convention("", (READ_XI, READ_ALPHA, READ_TIME, MEAN))
NORM = convention("ρ = ‖x‖ instead of its printed mean over d₀", (READ_XI, READ_ALPHA, READ_TIME))
FLIPPED = convention(
    "ρ = ‖x‖, and α₋ with the opposite sign, (t_c⁻¹ − √(η_uη_w)γρy)/(2(γ²d)ρ²P) ≥ 0",
    (READ_XI, {alpha_minus: -alpha_minus}, READ_ALPHA, READ_TIME),
)
ONLY_NORM = (AS_STATED, NORM)
ALL = (AS_STATED, NORM, FLIPPED)
RATES = ((n.eta_u, n.eta_w),)
beta = n.beta

# Coordinates of a neuron for any power, Eq. 4, with the preactivation h_i = Σ_j w_ij x_j.
P_OF = (sqrt(n.eta_u) * n.h_i + sqrt(beta * n.eta_w) * n.rho * n.u_i) / (2 * n.rho)
Q_OF = (sqrt(n.eta_u) * n.h_i - sqrt(beta * n.eta_w) * n.rho * n.u_i) / (2 * n.rho)
RESIDUAL = n.f - n.y
STATED = convention("", (MEAN,))
PLAIN = convention(NORM.name)
RHO = (STATED, PLAIN)

# Symbols of exact values that the notation table does not have, or has with another meaning.
MEANINGS: dict[str, tuple[str, str]] = {
    "rho": (
        r"\rho",
        "‖x‖; as printed, the ρ of the formula that is judged is ‖x‖/√d₀, while p, q, P and Q are those of Eq. 4 with ‖x‖",
    ),
    "N": ("N", "number of data points"),
    "p_i": ("p_i", "coordinate p_i(0) of neuron i"),
    "q_i": ("q_i", "coordinate q_i(0) of neuron i"),
    "p_k": ("p_k", "coordinate p_k(0) of another neuron"),
    "q_k": ("q_k", "coordinate q_k(0) of another neuron"),
    "A_P": ("A_P", "(γ²d)ρ²P: α_± are the roots of A_P α² − B α − A_Q"),
    "A_Q": ("A_Q", "(γ²d)ρ²Q"),
    "B": ("B", "√(η_uη_w)γρy"),
    "alpha_+": (r"\alpha_+", "the larger of both roots"),
    "alpha_-": (r"\alpha_-", "the smaller of both roots"),
    "P_1": (r"P/\eta", "P for equal rates η, divided by the rate"),
    "Q_1": (r"Q/\eta", "Q for equal rates η, divided by the rate"),
    "eta": (r"\eta", "both learning rates, where they are equal"),
    "K": ("K", "tangent kernel K(x, x)"),
    "C": ("C", "ratio p_i/q_i, one for all neurons, of parallel layers"),
    "k": ("k", "√(η_uη_w)/d: P − Q = k (u·w)(0) at x = 1"),
    "uw": (r"u(0)\cdot w(0)", "Σ_i u_i(0) w_i(0)"),
    "c": ("c", "the constant of the statement, c > 0"),
    "theta": (r"\theta", "shift of the exponents"),
    "c_eta": (r"c_\eta", "exponent of both learning rates"),
    "M_1": (r"\overline{a\tilde y}", "mean of aỹ over the data set"),
    "M_2": (r"\overline{a^2}", "mean of a² over the data set"),
    "M_b": (r"\overline{a^\beta\tilde y}", "mean of a^βỹ over the data set"),
    "M_2b": (r"\overline{a^{2\beta}}", "mean of a^{2β} over the data set"),
    "S": ("S", "γ Σ_i u_i (Σ_j w_ij n_j)^β"),
    "V": ("V", "mean of ỹ² that the best line leaves"),
    "w_1": ("w_{i1}", "first-layer weight"),
    "w_2": ("w_{i2}", "first-layer weight"),
    "x_1": ("x_1", "component of the data point"),
    "x_2": ("x_2", "component of the data point"),
    "norm_x": (r"\|x\|", "√(Σ_j x_j²)"),
    "g_m": (r"g_m", "Σ_j w_ij m_j, for m ⊥ x"),
    "row": (r"A_i", "ẇ_ij/x_j, the speed of the first-layer weights of a neuron, in warped time s"),
    "squares": (r"\textstyle\sum_j(p_j^2-q_j^2)", "sum over neurons"),
    "alpha_prime": (r"\alpha'", "√(η_uη_w)γρy/((γ²d)ρ²Q)"),
    "u(0)": ("u(0)", "initial second-layer weights"),
    "w(0)": ("w(0)", "initial first-layer weights"),
    "zeta_0": (r"\zeta(0)", "alignment at the start"),
    "zeta_end": (r"\zeta(\infty)", "alignment at the end"),
    "total": ("T", "(2/d) Σ_i p_i q_i"),
    "slope": (r"d\zeta", "change of the alignment, up to a positive factor"),
    "u_start": (r"\|u(0)\|^2", "squared norm at the start"),
    "u_end": (r"\|u(\infty)\|^2", "squared norm at the end"),
    "w_start": (r"\|w(0)\|^2", "squared norm at the start"),
    "w_end": (r"\|w(\infty)\|^2", "squared norm at the end"),
    "c_start": ("c_0^2", "(u·w)² at the start"),
    "c_end": (r"c_\infty^2", "(u·w)² at the end"),
    "G": ("G", "‖u‖²‖w‖² − (u·w)², conserved (times (γρ)², where f is)"),
    "f_scaled": (r"\lambda f(\infty)", "λ f(∞), and B = λy, with λ = √(η_uη_w)γρ"),
    "size": ("N", "(γρ)²‖u(0)‖²‖ω(0)‖²"),
    "zeta_0_2": (r"\zeta(0)^2", "squared alignment at the start"),
    "zeta_end_2": (r"\zeta(\infty)^2", "squared alignment at the end"),
    "p_t": ("p_i(t)", "coordinate of neuron i at time t"),
    "g": ("g", "√α(t)"),
    "zeta": (r"\zeta", "p_i(t)², the variable of the integral in Eq. 38"),
}
