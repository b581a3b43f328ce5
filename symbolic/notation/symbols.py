"""One table of symbols: SymPy symbol, LaTeX, code identifier, meaning, sign.

Conventions, where papers differ:

* the loss is (f − y)², without a factor ½;
* every layer has its own learning rate, dθ/dt = −η_θ ∂L/∂θ;
* ρ = ‖x‖ is the Euclidean norm of the effective point (Xu & Ziyin print a mean over d₀);
* P and Q are means over neurons, as in their Theorem 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import IndexedBase, Symbol


@dataclass(frozen=True)
class Notation:
    """One row of the table.

    Attributes:
        symbol: the SymPy symbol or indexed base, whose name is the code identifier.
        latex: how it is typeset.
        meaning: what it is, in words.
    """

    symbol: Symbol | IndexedBase
    latex: str
    meaning: str

    @property
    def identifier(self) -> str:
        """The name in generated code."""
        return str(self.symbol)


TABLE: dict[str, Notation] = {}


def _scalar(identifier: str, latex: str, meaning: str, **sign: bool) -> Symbol:
    symbol = Symbol(identifier, **sign)
    TABLE[identifier] = Notation(symbol, latex, meaning)
    return symbol


def _indexed(identifier: str, latex: str, meaning: str) -> IndexedBase:
    base = IndexedBase(identifier, real=True)
    TABLE[identifier] = Notation(base, latex, meaning)
    return base


# Sizes and indices
d = _scalar("d", "d", "width: number of neurons", integer=True, positive=True)
d0 = _scalar("d0", "d_0", "input dimension", integer=True, positive=True)
i = _scalar("i", "i", "neuron index", integer=True, positive=True)
k = _scalar("k", "k", "neuron index", integer=True, positive=True)
j = _scalar("j", "j", "input index", integer=True, positive=True)
l = _scalar("l", "l", "input index", integer=True, positive=True)
n = _scalar("n", "n", "data index", integer=True, positive=True)
N = _scalar("N", "M", "number of data points", integer=True, positive=True)

# The network and its training
gamma = _scalar("gamma", r"\gamma", "output scale", real=True)
eta_u = _scalar("eta_u", r"\eta_u", "learning rate of the second layer", positive=True)
eta_w = _scalar("eta_w", r"\eta_w", "learning rate of the first layer", positive=True)
y = _scalar("y", "y", "effective target", real=True)
rho = _scalar("rho", r"\rho", "norm of the effective point, ‖x‖", positive=True)
t = _scalar("t", "t", "time", nonnegative=True)
u = _indexed("u", "u", "second-layer weights")
w = _indexed("w", "w", "first-layer weights")
x = _indexed("x", "x", "effective data point")
f = _scalar("f", "f", "output at the effective point", real=True)

# Data on a line
a = _indexed("a", "a", "coordinate of a data point along the line")
direction = _indexed("e", r"\hat x", "unit vector along the line")
target = _indexed("target", r"\tilde y", "target of a data point")
M_aa = _scalar("M_aa", r"\overline{a^2}", "mean of a² over the data set", positive=True)
M_ay = _scalar("M_ay", r"\overline{a\tilde y}", "mean of a·target over the data set", real=True)
M_yy = _scalar("M_yy", r"\overline{\tilde y^2}", "mean of target² over the data set", positive=True)

# Representatives: one neuron i, a second neuron k, two inputs j and l
u_i = _scalar("u_i", "u_i", "second-layer weight of neuron i", real=True)
u_k = _scalar("u_k", "u_k", "second-layer weight of neuron k", real=True)
h_i = _scalar("h_i", "h_i", "preactivation of neuron i", real=True)
h_k = _scalar("h_k", "h_k", "preactivation of neuron k", real=True)
w_ij = _scalar("w_ij", "w_{ij}", "first-layer weight", real=True)
w_il = _scalar("w_il", "w_{il}", "first-layer weight", real=True)
x_j = _scalar("x_j", "x_j", "component of the effective point", real=True)
x_l = _scalar("x_l", "x_l", "component of the effective point", real=True)
g_ik = _scalar("g_ik", r"(w_i\cdot w_k)", "inner product of first-layer rows", real=True)

g_ii = _scalar("g_ii", r"\|w_i\|^2", "squared norm of a first-layer row", real=True)

# The chart and the warp
p_i = _scalar("p_i", "p_i", "growing coordinate of neuron i", real=True)
q_i = _scalar("q_i", "q_i", "decaying coordinate of neuron i", real=True)
p = _indexed("p", "p", "growing coordinate of a neuron at t = 0")
q = _indexed("q", "q", "decaying coordinate of a neuron at t = 0")
P = _scalar("P", "P", "mean over neurons of p(0)²", nonnegative=True)
Q = _scalar("Q", "Q", "mean over neurons of q(0)²", nonnegative=True)
s = _scalar("s", "s", "warped time", real=True)
beta = _scalar("beta", r"\beta", "power of the activation h^β", positive=True)
half = _scalar("half", r"\ell", "an integer: β = 2ℓ or 2ℓ + 1", integer=True, positive=True)
m = _scalar("m", "m", "exponent at which h^m obeys a linear equation", real=True)
mu = _scalar("mu", r"\mu", "coefficient of the linear equation of h^m, conserved", real=True)
S_mu = _scalar("S_mu", r"S_\mu", "sinh(√μ s)/√μ, entire in μ", real=True)
T_mu = _scalar("T_mu", r"T_\mu", "(cosh(√μ s) − 1)/μ, entire in μ", real=True)
E_i = _scalar("E_i", "E_i", "conserved quantity of neuron i, in units of u²", real=True)
first = _scalar("first", "D_1", "coefficient of S in (h(s)/h(0))^m", real=True)
second = _scalar("second", "D_2", "coefficient of T in (h(s)/h(0))^m", real=True)
discriminant = _scalar(
    "discriminant", r"\Delta_D", "D₁² − 2 D₂ + μ, which decides where D vanishes", nonnegative=True
)
_scalar("pole", "s_i^*", "warped time at which a neuron is infinite", positive=True)
_scalar("top", r"N_i", "numerator of the gain of a neuron's output", real=True)
scale = _scalar("scale", r"e^{-\sqrt{\mu}\,|s|}", "exp(−√μ |s|), and 1 where μ ≤ 0", positive=True)
z_top = _scalar("z_top", "z_N", "numerator of z = 2 tanh(√μ s/2)/√μ", real=True)
z_bottom = _scalar("z_bottom", "z_D", "denominator of z = 2 tanh(√μ s/2)/√μ", real=True)
D_i = _scalar("D_i", "D_i", "(h_i(s)/h_i(0))^m", real=True)
lam = _scalar("lam", r"\lambda", "rate of a neuron in the warp before it is scaled to 1", real=True)
alpha = _scalar("alpha", r"\alpha", "p(t)² / p(0)² = exp(2s)", positive=True)
R = _scalar("R", "R", "rate of the linearised Riccati flow, 2 / t_c", positive=True)
t_c = _scalar("t_c", "t_c", "time scale of learning", positive=True)
C = _scalar("C", "C", "cosh(R t)", positive=True)
S = _scalar("S", "S", "sinh(R t) / R, and t where R = 0", nonnegative=True)
A_P = _scalar("A_P", "A_P", "quadratic coefficient of the Riccati equation", nonnegative=True)
A_Q = _scalar("A_Q", "A_Q", "constant coefficient of the Riccati equation", nonnegative=True)
B = _scalar("B", "B", "half the linear coefficient of the Riccati equation", real=True)
r_plus = _scalar("r_plus", "r_+", "R + 2 B", nonnegative=True)
r_minus = _scalar("r_minus", "r_-", "R − 2 B", nonnegative=True)
E = _scalar("E", "E", "exp(−2 R t) = exp(−4 t / t_c)", positive=True)
tau = _scalar("tau", r"\tau", "(1 − E) / R, and 2 t where R = 0", nonnegative=True)
numerator = _scalar("numerator", "N", "projective numerator, α = N / D", positive=True)
denominator = _scalar("denominator", "D", "projective denominator, α = N / D", positive=True)
residual_0 = _scalar("residual_0", "(f-y)_0", "residual f − y at t = 0", real=True)

_scalar("residual", "(f-y)", "residual", real=True)
_scalar("along", r"(f/\rho)", "output at the unit vector of the data", real=True)

# The warp at a time, as generated code computes it
decay = _scalar("decay", r"\delta", "exp(−|s|)", positive=True)
decayed = _scalar("decayed", r"\bar\delta", "1 − exp(−|s|)", nonnegative=True)
growth = _scalar("growth", r"\varsigma", "2 sinh(s)", real=True)
residual_ratio = _scalar(
    "residual_ratio", r"\varrho", "residual / initial residual", nonnegative=True
)

# Observables. ω_i = h_i / ρ is the first-layer weight of neuron i along the data.
u_i0 = _scalar("u_i0", "u_i(0)", "initial second-layer weight of neuron i", real=True)
omega_i0 = _scalar(
    "omega_i0", r"\omega_i(0)", "initial first-layer weight along the data", real=True
)
pq = _scalar("pq", r"\overline{pq}", "mean over neurons of p q, conserved", real=True)
f_0 = _scalar("f_0", "f_0", "output at t = 0", real=True)
overlap = _scalar("overlap", r"(u\cdot\omega)", "Σ_i u_i ω_i", real=True)
norm_u_2 = _scalar("norm_u_2", r"\|u\|^2", "squared norm of the second layer", positive=True)
norm_omega_2 = _scalar("norm_omega_2", r"\|\omega\|^2", "squared norm of ω", positive=True)
norm_W_2 = _scalar(
    "norm_W_2", r"\|W\|^2", "squared Frobenius norm of the first layer", nonnegative=True
)
zeta = _scalar("zeta", r"\zeta", "alignment, the cosine of u and W x", real=True)
floor = _scalar("floor", r"L_{\min}", "loss that no weights can remove", nonnegative=True)
loss = _scalar(
    "loss", "L", "loss of what was given: a point, or the mean over a set", nonnegative=True
)
f_target = _scalar("f_target", r"f_\ast", "output at which a given loss is reached", real=True)
gram = _scalar("gram", "G", "‖u‖²‖ω‖² − (u·ω)², conserved", nonnegative=True)
balance = _scalar("balance", r"\Delta", "η_u‖ω‖² − η_w‖u‖², conserved", real=True)
perp_2 = _scalar("perp_2", r"\|W_\perp\|^2", "‖W‖² − ‖ω‖², conserved", nonnegative=True)

# Change since the start
cosh_s = _scalar("cosh_s", r"\cosh(s)", "cosh of warped time", positive=True)
sinh_s = _scalar("sinh_s", r"\sinh(s)", "sinh of warped time", real=True)
kernel_x = _scalar(
    "kernel_x", "K", "tangent kernel K(x, x) at the effective point", nonnegative=True
)
kernel_0 = _scalar("kernel_0", "K_0", "tangent kernel K(x, x) at t = 0", positive=True)
norm_u_0_2 = _scalar("norm_u_0_2", r"\|u(0)\|^2", "‖u‖² at t = 0", nonnegative=True)
norm_omega_0_2 = _scalar("norm_omega_0_2", r"\|\omega(0)\|^2", "‖ω‖² at t = 0", nonnegative=True)
overlap_0 = _scalar("overlap_0", r"(u\cdot\omega)(0)", "Σ_i u_i ω_i at t = 0", real=True)

# Scaling limits: every hyperparameter is a power of κ → ∞
c_d = _scalar("c_d", "c_d", "exponent of the width, d ~ κ^c_d", nonnegative=True)
c_gamma = _scalar("c_gamma", r"c_\gamma", "exponent of the output scale γ", real=True)
c_u = _scalar("c_u", "c_u", "exponent of the variance of u(0)", real=True)
c_w = _scalar("c_w", "c_w", "exponent of the variance of W(0)", real=True)
c_eta_u = _scalar("c_eta_u", r"c_{\eta_u}", "exponent of the learning rate of u", real=True)
c_eta_w = _scalar("c_eta_w", r"c_{\eta_w}", "exponent of the learning rate of W", real=True)
sigma_u = _scalar("sigma_u", r"\sigma_u", "standard deviation of u(0)", positive=True)
sigma_w = _scalar("sigma_w", r"\sigma_w", "standard deviation of W(0)", positive=True)
correlation = _scalar("correlation", r"\chi", "correlation of u_i(0) and ω_i(0)", real=True)
m_uu = _scalar("m_uu", r"\overline{u^2}", "mean over neurons of u(0)²", positive=True)
m_oo = _scalar("m_oo", r"\overline{\omega^2}", "mean over neurons of ω(0)²", positive=True)
m_uo = _scalar("m_uo", r"\overline{u\omega}", "mean over neurons of u(0) ω(0)", real=True)
sine_2 = _scalar(
    "sine_2", r"\sin^2(u,\omega)", "squared sine of the angle between u(0) and ω(0)", positive=True
)

# Arguments of evaluators
_scalar("rho_2", r"\rho^2", "squared norm of the data point", nonnegative=True)
_scalar("h_0", "h(0)", "initial preactivation of a neuron", real=True)
_scalar("h", "h", "preactivation of a neuron", real=True)
_scalar("u_0", "u(0)", "initial second-layer weight of a neuron", real=True)
_scalar("omega_0", r"\omega(0)", "initial first-layer weight of a neuron along the data", real=True)
_scalar("omega", r"\omega", "first-layer weight of a neuron along the data", real=True)
_scalar("w_0", "w(0)", "initial first-layer weight", real=True)
_scalar("change", r"(\omega-\omega(0))", "change of ω since t = 0", real=True)
_scalar("e", r"\hat x_j", "component of the unit vector along the data", real=True)

# Tangent kernel between two inputs; b = x·e is an input's component along the data
inner = _scalar("inner", r"(x_1\cdot x_2)", "inner product of two inputs", real=True)
b_1 = _scalar("b_1", "b_1", "component of the first input along the data", real=True)
b_2 = _scalar("b_2", "b_2", "component of the second input along the data", real=True)
across = _scalar(
    "across", r"\Sigma_\perp", "Σ_i of products of preactivations across the data", real=True
)
cross = _scalar(
    "cross", r"\Sigma_\times", "Σ_i ω_i (b_2 g_1i + b_1 g_2i), g across the data", real=True
)


# Squares of norms, by the norm: the square root of one is no root in print.
SQUARES: dict[str, Symbol] = {
    name: Symbol(TABLE[name].latex.removesuffix("^2"), nonnegative=True)
    for name in (
        "norm_u_2", "norm_omega_2", "norm_W_2", "perp_2", "norm_u_0_2", "norm_omega_0_2", "g_ii", "rho_2",
    )
}  # fmt: skip
