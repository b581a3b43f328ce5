"""Symbols of the explicit solution: chart, Riccati equation, observables and their change."""

from __future__ import annotations

from sympy import cosh, sinh

from symbolic.notation.symbols import s
from symbolic.notation.table import function, indexed, scalar, square

# The chart and the warp
p_i = scalar("p_i", "p_i", "growing coordinate of neuron i", real=True)
q_i = scalar("q_i", "q_i", "decaying coordinate of neuron i", real=True)
p = indexed("p", "p", "growing coordinate of a neuron at t = 0")
q = indexed("q", "q", "decaying coordinate of a neuron at t = 0")
P = scalar("P", "P", "mean over neurons of p(0)²", nonnegative=True)
Q = scalar("Q", "Q", "mean over neurons of q(0)²", nonnegative=True)
alpha = scalar("alpha", r"\alpha", "p(t)² / p(0)² = exp(2s)", positive=True)
R = scalar("R", "R", "rate of the linearised Riccati flow, 2 / t_c", positive=True)
t_c = scalar("t_c", "t_c", "time scale of learning", positive=True)
C = scalar("C", "C", "cosh(R t)", positive=True)
S = scalar("S", "S", "sinh(R t) / R, and t where R = 0", nonnegative=True)
A_P = scalar("A_P", "A_P", "quadratic coefficient of the Riccati equation", nonnegative=True)
A_Q = scalar("A_Q", "A_Q", "constant coefficient of the Riccati equation", nonnegative=True)
B = scalar("B", "B", "half the linear coefficient of the Riccati equation", real=True)
r_plus = scalar("r_plus", "r_+", "R + 2 B", nonnegative=True)
r_minus = scalar("r_minus", "r_-", "R − 2 B", nonnegative=True)
E = scalar("E", "E", "exp(−2 R t) = exp(−4 t / t_c)", positive=True)
tau = scalar("tau", r"\tau", "(1 − E) / R, and 2 t where R = 0", nonnegative=True)
numerator = scalar("numerator", "N", "projective numerator, α = N / D", positive=True)
denominator = scalar("denominator", "D", "projective denominator, α = N / D", positive=True)
residual_0 = scalar("residual_0", "(f-y)_0", "residual f − y at t = 0", real=True)
scalar("residual", "(f-y)", "residual", real=True)
scalar("along", r"(f/\rho)", "output at the unit vector of the data", real=True)

# The warp at a time, as generated code computes it
decay = scalar("decay", r"\delta", "exp(−|s|)", positive=True)
decayed = scalar("decayed", r"\bar\delta", "1 − exp(−|s|)", nonnegative=True)
growth = scalar("growth", r"\varsigma", "2 sinh(s)", real=True)
residual_ratio = scalar(
    "residual_ratio", r"\varrho", "residual / initial residual", nonnegative=True
)

# Observables. ω_i = h_i / ρ is the first-layer weight of neuron i along the data.
u_i0 = scalar("u_i0", "u_i(0)", "initial second-layer weight of neuron i", real=True)
omega_i0 = scalar(
    "omega_i0", r"\omega_i(0)", "initial first-layer weight along the data", real=True
)
pq = scalar("pq", r"\overline{pq}", "mean over neurons of p q, conserved", real=True)
f_0 = scalar("f_0", "f_0", "output at t = 0", real=True)
overlap = scalar("overlap", r"(u\cdot\omega)", "Σ_i u_i ω_i", real=True)
norm_u_2 = square("norm_u_2", r"\|u\|", "squared norm of the second layer", positive=True)
norm_omega_2 = square("norm_omega_2", r"\|\omega\|", "squared norm of ω", positive=True)
norm_W_2 = square(
    "norm_W_2", r"\|W\|", "squared Frobenius norm of the first layer", nonnegative=True
)
zeta = scalar("zeta", r"\zeta", "alignment, the cosine of u and W x", real=True)
floor = scalar("floor", r"L_{\min}", "loss that no weights can remove", nonnegative=True)
loss = scalar(
    "loss", "L", "loss of what was given: a point, or the mean over a set", nonnegative=True
)
f_target = scalar("f_target", r"f_\ast", "output at which a given loss is reached", real=True)
gram = scalar("gram", "G", "‖u‖²‖ω‖² − (u·ω)², conserved", nonnegative=True)
balance = scalar("balance", r"\Delta", "η_u‖ω‖² − η_w‖u‖², conserved", real=True)
perp_2 = square("perp_2", r"\|W_\perp\|", "‖W‖² − ‖ω‖², conserved", nonnegative=True)

# Change since the start
cosh_s = function("cosh_s", r"\cosh(s)", "cosh of warped time", cosh(s), positive=True)
sinh_s = function("sinh_s", r"\sinh(s)", "sinh of warped time", sinh(s), real=True)
kernel_x = scalar(
    "kernel_x", "K", "tangent kernel K(x, x) at the effective point", nonnegative=True
)
kernel_0 = scalar("kernel_0", "K_0", "tangent kernel K(x, x) at t = 0", positive=True)
norm_u_0_2 = square("norm_u_0_2", r"\|u(0)\|", "‖u‖² at t = 0", nonnegative=True)
norm_omega_0_2 = square("norm_omega_0_2", r"\|\omega(0)\|", "‖ω‖² at t = 0", nonnegative=True)
overlap_0 = scalar("overlap_0", r"(u\cdot\omega)(0)", "Σ_i u_i ω_i at t = 0", real=True)
scalar("change", r"(\omega-\omega(0))", "change of ω since t = 0", real=True)

# Tangent kernel between two inputs; b = x·e is an input's component along the data
inner = scalar("inner", r"(x_1\cdot x_2)", "inner product of two inputs", real=True)
b_1 = scalar("b_1", "b_1", "component of the first input along the data", real=True)
b_2 = scalar("b_2", "b_2", "component of the second input along the data", real=True)
across = scalar(
    "across", r"\Sigma_\perp", "Σ_i of products of preactivations across the data", real=True
)
cross = scalar(
    "cross", r"\Sigma_\times", "Σ_i ω_i (b_2 g_1i + b_1 g_2i), g across the data", real=True
)
