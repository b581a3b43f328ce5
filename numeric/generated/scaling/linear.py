"""Exponents of scaling limits of the two-layer linear network.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1 and 3, power 1. SymPy 1.14.0. Digest of the source expressions: bfaa8fc3fa78a28c.

Every hyperparameter is a power of κ → ∞, and so is everything else: X ~ κ^e(X). `maximum` takes the
larger of two: `max` for fractions, which stay exact, numpy's for arrays.
Section 4 of the paper. The input and the target are of order one, the target is positive, the input
dimension is fixed, and the width is at least 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

NEVER = -math.inf  # the exponent of what is exactly zero


class Scales(NamedTuple):
    """Exponents of the hyperparameters."""

    c_d: Any  # exponent of the width, d ~ κ^c_d
    c_gamma: Any  # exponent of the output scale γ
    c_u: Any  # exponent of the variance of u(0)
    c_w: Any  # exponent of the variance of W(0)
    c_eta_u: Any  # exponent of the learning rate of u
    c_eta_w: Any  # exponent of the learning rate of W


class Exponents(NamedTuple):
    """X ~ κ^e(X)."""

    P: Any  # mean over neurons of p(0)²
    Q: Any  # mean over neurons of q(0)²
    P_minus_Q: Any  # P − Q
    output_0: Any  # output at t = 0
    A_P: Any  # quadratic coefficient of the Riccati equation
    A_Q: Any  # constant coefficient of the Riccati equation
    B: Any  # half the linear coefficient of the Riccati equation
    R: Any  # rate of learning, 2 / t_c
    t_c: Any  # time scale of learning
    kernel_0: Any  # tangent kernel K(x, x) at t = 0
    kernel: Any  # tangent kernel K(x, x) at t = ∞
    kernel_change: Any  # relative change of K(x, x) from t = 0 to t = ∞
    alpha: Any  # α(∞)
    alpha_minus_1: Any  # α(∞) − 1
    sinh_s: Any  # sinh of warped time at t = ∞
    cosh_s: Any  # cosh of warped time at t = ∞
    movement_u: Any  # ‖u(∞) − u(0)‖ / ‖u(0)‖
    movement_w: Any  # ‖W(∞) − W(0)‖ / ‖W(0)‖
    norm_u: Any  # ‖u(∞)‖
    norm_w: Any  # ‖W(∞)‖
    alignment_0: Any  # alignment ζ at t = 0
    alignment: Any  # alignment ζ at t = ∞


def independent(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> Exponents:
    """Independent Gaussian layers; the mean of u ω is a fluctuation, d^{-1/2}."""
    P = maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u)
    Q = maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u)
    P_minus_Q = -c.c_d / 2 + c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_u / 2 + c.c_w / 2
    output_0 = c.c_d / 2 + c.c_gamma + c.c_u / 2 + c.c_w / 2
    A_P = c.c_d + 2 * c.c_gamma + P
    A_Q = c.c_d + 2 * c.c_gamma + Q
    B = c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_gamma
    R = maximum(A_P / 2 + A_Q / 2, B)
    t_c = -R
    kernel_0 = maximum(A_P, A_Q)
    kernel = R
    kernel_change = (
        c.c_eta_u
        + c.c_eta_w
        + 2 * c.c_gamma
        - kernel_0
        + 2 * maximum(0, output_0)
        - maximum(kernel, kernel_0)
    )
    alpha = -A_P + maximum(B, R)
    alpha_minus_1 = (
        c.c_eta_u / 2
        + c.c_eta_w / 2
        + c.c_gamma
        - A_P
        + maximum(0, output_0)
        + maximum(B, R)
        - maximum(maximum(A_Q, B), R)
    )
    sinh_s = -alpha / 2 + alpha_minus_1
    cosh_s = -alpha / 2 + maximum(0, alpha)
    movement_u = maximum(
        2 * sinh_s - maximum(0, cosh_s),
        c.c_eta_u / 2 - c.c_eta_w / 2 - c.c_u / 2 + c.c_w / 2 + sinh_s,
    )
    movement_w = maximum(
        -c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_u / 2 - c.c_w / 2 + sinh_s,
        2 * sinh_s - maximum(0, cosh_s),
    )
    norm_u = c.c_d / 2 + maximum(
        c.c_eta_u / 2 - c.c_eta_w / 2 + c.c_w / 2 + sinh_s, c.c_u / 2 + cosh_s
    )
    norm_w = c.c_d / 2 + maximum(
        -c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_u / 2 + sinh_s, c.c_w / 2 + cosh_s
    )
    alignment_0 = -c.c_d / 2
    alignment = -c.c_gamma - maximum(-2 * c.c_gamma, 2 * c.c_d + c.c_u + c.c_w) / 2
    return Exponents(
        P,
        Q,
        P_minus_Q,
        output_0,
        A_P,
        A_Q,
        B,
        R,
        t_c,
        kernel_0,
        kernel,
        kernel_change,
        alpha,
        alpha_minus_1,
        sinh_s,
        cosh_s,
        movement_u,
        movement_w,
        norm_u,
        norm_w,
        alignment_0,
        alignment,
    )


def correlated(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> Exponents:
    """Layers of a fixed correlation other than 0 and ±1."""
    P = maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u)
    Q = maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u)
    P_minus_Q = c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_u / 2 + c.c_w / 2
    output_0 = c.c_d + c.c_gamma + c.c_u / 2 + c.c_w / 2
    A_P = c.c_d + 2 * c.c_gamma + P
    A_Q = c.c_d + 2 * c.c_gamma + Q
    B = c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_gamma
    R = maximum(A_P / 2 + A_Q / 2, B)
    t_c = -R
    kernel_0 = maximum(A_P, A_Q)
    kernel = R
    kernel_change = (
        c.c_eta_u
        + c.c_eta_w
        + 2 * c.c_gamma
        - kernel_0
        + 2 * maximum(0, output_0)
        - maximum(kernel, kernel_0)
    )
    alpha = -A_P + maximum(B, R)
    alpha_minus_1 = (
        c.c_eta_u / 2
        + c.c_eta_w / 2
        + c.c_gamma
        - A_P
        + maximum(0, output_0)
        + maximum(B, R)
        - maximum(maximum(A_Q, B), R)
    )
    sinh_s = -alpha / 2 + alpha_minus_1
    cosh_s = -alpha / 2 + maximum(0, alpha)
    movement_u = maximum(
        2 * sinh_s - maximum(0, cosh_s),
        c.c_eta_u / 2 - c.c_eta_w / 2 - c.c_u / 2 + c.c_w / 2 + sinh_s,
    )
    movement_w = maximum(
        -c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_u / 2 - c.c_w / 2 + sinh_s,
        2 * sinh_s - maximum(0, cosh_s),
    )
    norm_u = c.c_d / 2 + maximum(
        c.c_eta_u / 2 - c.c_eta_w / 2 + c.c_w / 2 + sinh_s, c.c_u / 2 + cosh_s
    )
    norm_w = c.c_d / 2 + maximum(
        -c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_u / 2 + sinh_s, c.c_w / 2 + cosh_s
    )
    alignment_0 = 0
    alignment = -c.c_gamma - maximum(-2 * c.c_gamma, 2 * c.c_d + c.c_u + c.c_w) / 2
    return Exponents(
        P,
        Q,
        P_minus_Q,
        output_0,
        A_P,
        A_Q,
        B,
        R,
        t_c,
        kernel_0,
        kernel,
        kernel_change,
        alpha,
        alpha_minus_1,
        sinh_s,
        cosh_s,
        movement_u,
        movement_w,
        norm_u,
        norm_w,
        alignment_0,
        alignment,
    )


def zero_output(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> Exponents:
    """Layers whose initial output is exactly zero."""
    P = maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u)
    Q = maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u)
    P_minus_Q = NEVER
    output_0 = NEVER
    A_P = c.c_d + 2 * c.c_gamma + P
    A_Q = c.c_d + 2 * c.c_gamma + Q
    B = c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_gamma
    R = maximum(A_P / 2 + A_Q / 2, B)
    t_c = -R
    kernel_0 = maximum(A_P, A_Q)
    kernel = R
    kernel_change = c.c_eta_u + c.c_eta_w + 2 * c.c_gamma - kernel_0 - maximum(kernel, kernel_0)
    alpha = -A_P + maximum(B, R)
    alpha_minus_1 = (
        c.c_eta_u / 2
        + c.c_eta_w / 2
        + c.c_gamma
        - A_P
        + maximum(B, R)
        - maximum(maximum(A_Q, B), R)
    )
    sinh_s = -alpha / 2 + alpha_minus_1
    cosh_s = -alpha / 2 + maximum(0, alpha)
    movement_u = maximum(
        2 * sinh_s - maximum(0, cosh_s),
        c.c_eta_u / 2 - c.c_eta_w / 2 - c.c_u / 2 + c.c_w / 2 + sinh_s,
    )
    movement_w = maximum(
        -c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_u / 2 - c.c_w / 2 + sinh_s,
        2 * sinh_s - maximum(0, cosh_s),
    )
    norm_u = c.c_d / 2 + maximum(
        c.c_eta_u / 2 - c.c_eta_w / 2 + c.c_w / 2 + sinh_s, c.c_u / 2 + cosh_s
    )
    norm_w = c.c_d / 2 + maximum(
        -c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_u / 2 + sinh_s, c.c_w / 2 + cosh_s
    )
    alignment_0 = NEVER
    alignment = -c.c_gamma - maximum(-2 * c.c_gamma, 2 * c.c_d + c.c_u + c.c_w) / 2
    return Exponents(
        P,
        Q,
        P_minus_Q,
        output_0,
        A_P,
        A_Q,
        B,
        R,
        t_c,
        kernel_0,
        kernel,
        kernel_change,
        alpha,
        alpha_minus_1,
        sinh_s,
        cosh_s,
        movement_u,
        movement_w,
        norm_u,
        norm_w,
        alignment_0,
        alignment,
    )


def by_target(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> Any:
    """T₁: the exponent of the rate that the target gives, B."""
    return c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_gamma


def by_weights(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> Any:
    """T₂: the exponent of the rate that the initial weights give, A_P and A_Q."""
    return c.c_d + 2 * c.c_gamma + maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u)


def stable_shift(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> Any:
    """What both rates' exponents gain so that learning is stable: e(t_c)."""
    return -maximum(
        c.c_d + 2 * c.c_gamma + maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u),
        c.c_eta_u / 2 + c.c_eta_w / 2 + c.c_gamma,
    )


def border(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> Any:
    """The c_gamma at which T₁ = T₂: kernel phases lie above."""
    return -c.c_d + c.c_eta_u / 2 + c.c_eta_w / 2 - maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u)


def feature_shift(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> Any:
    """What both rates' exponents gain to be stable, for c_gamma ≤ border."""
    return -c.c_eta_u / 2 - c.c_eta_w / 2 - c.c_gamma


def kernel_shift(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> Any:
    """What both rates' exponents gain to be stable, for c_gamma > border."""
    return -c.c_d - 2 * c.c_gamma - maximum(c.c_eta_u + c.c_w, c.c_eta_w + c.c_u)


FORMULAS = {
    "by_target": "c_eta_u/2 + c_eta_w/2 + c_gamma",
    "by_weights": "c_d + 2*c_gamma + max(c_eta_u + c_w, c_eta_w + c_u)",
    "border": "-c_d + c_eta_u/2 + c_eta_w/2 - max(c_eta_u + c_w, c_eta_w + c_u)",
}
# e(R) is the largest of these: T₁, and both terms of T₂, by the first and the second layer.
RATE_TERMS: tuple[dict[str, Fraction], ...] = (
    {"c_gamma": Fraction(1, 1), "c_eta_u": Fraction(1, 2), "c_eta_w": Fraction(1, 2)},
    {
        "c_d": Fraction(1, 1),
        "c_gamma": Fraction(2, 1),
        "c_w": Fraction(1, 1),
        "c_eta_u": Fraction(1, 1),
    },
    {
        "c_d": Fraction(1, 1),
        "c_gamma": Fraction(2, 1),
        "c_u": Fraction(1, 1),
        "c_eta_w": Fraction(1, 1),
    },
)
# Added to the exponents, any multiple of these changes nothing that can be observed.
SYMMETRIES: tuple[dict[str, Fraction], ...] = (
    {"c_gamma": Fraction(-1, 2), "c_u": Fraction(1, 1), "c_eta_u": Fraction(1, 1)},
    {"c_gamma": Fraction(-1, 2), "c_w": Fraction(1, 1), "c_eta_w": Fraction(1, 1)},
)
