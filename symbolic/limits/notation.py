"""Symbols of scaling limits: every hyperparameter is a power of κ → ∞."""

from __future__ import annotations

from symbolic.notation.table import scalar

# Scaling limits: every hyperparameter is a power of κ → ∞
c_d = scalar("c_d", "c_d", "exponent of the width, d ~ κ^c_d", nonnegative=True)
c_gamma = scalar("c_gamma", r"c_\gamma", "exponent of the output scale γ", real=True)
c_u = scalar("c_u", "c_u", "exponent of the variance of u(0)", real=True)
c_w = scalar("c_w", "c_w", "exponent of the variance of W(0)", real=True)
c_eta_u = scalar("c_eta_u", r"c_{\eta_u}", "exponent of the learning rate of u", real=True)
c_eta_w = scalar("c_eta_w", r"c_{\eta_w}", "exponent of the learning rate of W", real=True)
sigma_u = scalar("sigma_u", r"\sigma_u", "standard deviation of u(0)", positive=True)
sigma_w = scalar("sigma_w", r"\sigma_w", "standard deviation of W(0)", positive=True)
correlation = scalar("correlation", r"\chi", "correlation of u_i(0) and ω_i(0)", real=True)
m_uu = scalar("m_uu", r"\overline{u^2}", "mean over neurons of u(0)²", positive=True)
m_oo = scalar("m_oo", r"\overline{\omega^2}", "mean over neurons of ω(0)²", positive=True)
m_uo = scalar("m_uo", r"\overline{u\omega}", "mean over neurons of u(0) ω(0)", real=True)
sine_2 = scalar(
    "sine_2", r"\sin^2(u,\omega)", "squared sine of the angle between u(0) and ω(0)", positive=True
)
