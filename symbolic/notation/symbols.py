"""Symbols that many share: sizes, the network and its data, one neuron and its two kinds of weights.

Conventions, where papers differ:

* the loss is (f − y)², without a factor ½;
* every layer has its own learning rate, dθ/dt = −η_θ ∂L/∂θ;
* ρ = ‖x‖ is the Euclidean norm of the effective point (Xu & Ziyin print a mean over d₀);
* P and Q are means over neurons, as in their Theorem 1.
"""

from __future__ import annotations

from symbolic.notation.table import indexed, scalar, square

# Sizes and indices
d = scalar("d", "d", "width: number of neurons", integer=True, positive=True)
d0 = scalar("d0", "d_0", "input dimension", integer=True, positive=True)
i = scalar("i", "i", "neuron index", integer=True, positive=True)
k = scalar("k", "k", "neuron index", integer=True, positive=True)
j = scalar("j", "j", "input index", integer=True, positive=True)
l = scalar("l", "l", "input index", integer=True, positive=True)
n = scalar("n", "n", "data index", integer=True, positive=True)
N = scalar("N", "M", "number of data points", integer=True, positive=True)

# The network and its training
gamma = scalar("gamma", r"\gamma", "output scale", real=True)
eta_u = scalar("eta_u", r"\eta_u", "learning rate of the second layer", positive=True)
eta_w = scalar("eta_w", r"\eta_w", "learning rate of the first layer", positive=True)
y = scalar("y", "y", "effective target", real=True)
rho = scalar("rho", r"\rho", "norm of the effective point, ‖x‖", positive=True)
t = scalar("t", "t", "time", nonnegative=True)
u = indexed("u", "u", "second-layer weights")
w = indexed("w", "w", "first-layer weights")
x = indexed("x", "x", "effective data point")
f = scalar("f", "f", "output at the effective point", real=True)

# Data on a line
a = indexed("a", "a", "coordinate of a data point along the line")
direction = indexed("direction", r"\hat x", "unit vector along the line of the data")
target = indexed("target", r"\tilde y", "target of a data point")
M_aa = scalar("M_aa", r"\overline{a^2}", "mean of a² over the data set", positive=True)
M_ay = scalar("M_ay", r"\overline{a\tilde y}", "mean of a·target over the data set", real=True)
M_yy = scalar("M_yy", r"\overline{\tilde y^2}", "mean of target² over the data set", positive=True)

# Representatives: one neuron i, a second neuron k, two inputs j and l
u_i = scalar("u_i", "u_i", "second-layer weight of neuron i", real=True)
u_k = scalar("u_k", "u_k", "second-layer weight of neuron k", real=True)
h_i = scalar("h_i", "h_i", "preactivation of neuron i", real=True)
h_k = scalar("h_k", "h_k", "preactivation of neuron k", real=True)
w_ij = scalar("w_ij", "w_{ij}", "first-layer weight", real=True)
w_il = scalar("w_il", "w_{il}", "first-layer weight", real=True)
x_j = scalar("x_j", "x_j", "component of the effective point", real=True)
x_l = scalar("x_l", "x_l", "component of the effective point", real=True)
g_ik = scalar("g_ik", r"(w_i\cdot w_k)", "inner product of first-layer rows", real=True)
g_ii = square("g_ii", r"\|w_i\|", "squared norm of a first-layer row", real=True)
s = scalar("s", "s", "warped time", real=True)
beta = scalar("beta", r"\beta", "power of the activation h^β", positive=True)
lam = scalar("lam", r"\lambda", "rate of a neuron in the warp before it is scaled to 1", real=True)

# Arguments of evaluators
square("rho_2", r"\rho", "squared norm of the data point", nonnegative=True)
scalar("h_0", "h(0)", "initial preactivation of a neuron", real=True)
scalar("h", "h", "preactivation of a neuron", real=True)
scalar("u_0", "u(0)", "initial second-layer weight of a neuron", real=True)
scalar("omega_0", r"\omega(0)", "initial first-layer weight of a neuron along the data", real=True)
scalar("omega", r"\omega", "first-layer weight of a neuron along the data", real=True)
scalar("w_0", "w(0)", "initial first-layer weight", real=True)
scalar("e", r"\hat x_j", "component of the unit vector along the data", real=True)
