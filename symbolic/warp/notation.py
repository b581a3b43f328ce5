"""Symbols of a neuron in warped time."""

from __future__ import annotations

from symbolic.notation.table import scalar

half = scalar("half", r"\ell", "an integer: β = 2ℓ or 2ℓ + 1", integer=True, positive=True)
m = scalar("m", "m", "exponent at which h^m obeys a linear equation", real=True)
mu = scalar("mu", r"\mu", "coefficient of the linear equation of h^m, conserved", real=True)
S_mu = scalar("S_mu", r"S_\mu", "sinh(√μ s)/√μ, entire in μ", real=True)
T_mu = scalar("T_mu", r"T_\mu", "(cosh(√μ s) − 1)/μ, entire in μ", real=True)
E_i = scalar("E_i", "E_i", "conserved quantity of neuron i, in units of u²", real=True)
first = scalar("first", "D_1", "coefficient of S in (h(s)/h(0))^m", real=True)
second = scalar("second", "D_2", "coefficient of T in (h(s)/h(0))^m", real=True)
discriminant = scalar(
    "discriminant", r"\Delta_D", "D₁² − 2 D₂ + μ, which decides where D vanishes", nonnegative=True
)
scalar("pole", "s_i^*", "warped time at which a neuron is infinite", positive=True)
scalar("top", r"N_i", "numerator of the gain of a neuron's output", real=True)
scale = scalar("scale", r"e^{-\sqrt{\mu}\,|s|}", "exp(−√μ |s|), and 1 where μ ≤ 0", positive=True)
z_top = scalar("z_top", "z_N", "numerator of z = 2 tanh(√μ s/2)/√μ", real=True)
z_bottom = scalar("z_bottom", "z_D", "denominator of z = 2 tanh(√μ s/2)/√μ", real=True)
D_i = scalar("D_i", "D_i", "(h_i(s)/h_i(0))^m", real=True)
