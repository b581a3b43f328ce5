"""Exact gradient flow of the two-layer linear network.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1 and 3, power 1. SymPy 1.14.0. Digest of the source expressions: b7a59c9728549819.

Every function is elementwise: arguments broadcast, shapes are the caller's choice. `xp` is the
namespace that computes: numpy (the default), torch, or any object with the same function names.
torch differentiates through all of it. No derivative exists where a norm or a distance is 0, nor of
a distance where nothing moves (f(0) = y), nor of `time_to_loss` at the start; they are finite there.
Those of a network that dies are right until the weights fall below exp(-0.3 log(1/tiny)).
Accuracy is the relative error of a float64 evaluation against ball arithmetic on the same inputs,
over random cases whose scales are log-uniform over six decades.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

CAPABILITIES = ("state", "neuron", "flow map")  # what can be done with this module
DEGREE = 1  # of σ(c h) = c^DEGREE σ(h); 0 where there is none
RAY_DEGREE = 1  # the same for c > 0
BENDS = ()  # preactivations at which σ is not smooth
GAIN_POWER = 0  # gain = gain_numerator / D^GAIN_POWER
# weights at a state, and what of a neuron's start they need
WEIGHTS: dict[str, tuple[str, ...]] = {
    "weight_u": ("u_0", "p", "q"),
    "weight_omega": ("omega_0", "p", "q"),
    "change_omega": ("u_0", "p", "q"),
}
# numbers of a state, and the sums over the start they need
OBSERVABLES: dict[str, tuple[str, ...]] = {
    "residual": (),
    "loss": ("floor",),
    "overlap": ("overlap_0",),
    "alignment": ("gram", "overlap_0"),
    "alignment_slope": ("gram", "overlap_0"),
    "population_loss": ("M_aa", "M_ay", "floor"),
    "norm_u": ("gram", "balance", "overlap_0"),
    "norm_omega": ("gram", "balance", "overlap_0"),
    "norm_W": ("gram", "balance", "perp_2", "overlap_0"),
    "kernel_x": (),
    "kernel_change": (),
    "distance_u": ("norm_u_0_2", "norm_omega_0_2", "overlap_0"),
    "distance_W": ("norm_u_0_2", "norm_omega_0_2", "overlap_0"),
}


def _clip_exponent(exponent: Any, xp: Any) -> Any:
    """`exponent`, held where exp(-exponent) would leave the normal numbers of its type.

    Derivatives divide by exp(-1.5 exponent), and are to be finite.
    """
    if not hasattr(xp, "finfo"):
        return exponent
    limit = -0.6 * np.log(xp.finfo(exponent.dtype).tiny)
    return xp.where(exponent < limit, exponent, limit)


def _mean_decay(z: Any, xp: Any) -> Any:
    """(1 − exp(−z))/z for z ≥ 0; for small z by its series, of which derivatives do not cancel."""
    if not hasattr(xp, "finfo"):
        return z + 1 if z == 0 else -xp.expm1(-z) / z
    is_small = z < 0.5
    near, far = xp.where(is_small, z, 0), xp.where(is_small, 1, z)
    series = 1 - near / 18
    for k in range(17, 1, -1):
        series = 1 - series * near / k
    return xp.where(is_small, series, -xp.expm1(-far) / far)


def _held(z: Any, bound: Any, xp: Any) -> Any:
    """`z`, brought back where rounding carries it beyond ±bound; its derivatives are those of z."""
    if not hasattr(xp, "finfo"):
        return z
    excess = xp.where(z > bound, z - bound, xp.where(z < -bound, z + bound, 0 * z))
    return z - (excess.detach() if hasattr(excess, "detach") else excess)


def _root(number: Any, xp: Any) -> Any:
    """Square root of a plain number; a float where the namespace computes in floats."""
    return float(np.sqrt(number)) if hasattr(xp, "finfo") else xp.sqrt(number)


class Constants(NamedTuple):
    """What a trajectory needs besides the time: hyperparameters, P, Q and derived rates."""

    gamma: Any  # output scale
    eta_u: Any  # learning rate of the second layer
    eta_w: Any  # learning rate of the first layer
    rho: Any  # norm of the effective point, ‖x‖
    y: Any  # effective target
    d: Any  # width: number of neurons
    P: Any  # mean over neurons of p(0)²
    Q: Any  # mean over neurons of q(0)²
    f_0: Any  # output at t = 0
    residual_0: Any  # residual f − y at t = 0
    lam: Any  # rate of a neuron in the warp before it is scaled to 1
    A_P: Any  # quadratic coefficient of the Riccati equation
    A_Q: Any  # constant coefficient of the Riccati equation
    B: Any  # half the linear coefficient of the Riccati equation
    R: Any  # rate of the linearised Riccati flow, 2 / t_c
    r_plus: Any  # R + 2 B
    r_minus: Any  # R − 2 B


class State(NamedTuple):
    """Where the network is on its trajectory: one number each per time."""

    alpha: Any  # p(t)² / p(0)² = exp(2s)
    decay: Any  # exp(−|s|)
    growth: Any  # 2 sinh(s)
    residual_ratio: Any  # residual / initial residual
    f: Any  # output at the effective point
    decayed: Any  # 1 − exp(−|s|)


class Network(NamedTuple):
    """Hyperparameters and the squared norm of the data point."""

    gamma: Any  # output scale
    eta_u: Any  # learning rate of the second layer
    eta_w: Any  # learning rate of the first layer
    rho_2: Any  # squared norm of the data point


class Neuron(NamedTuple):
    """A neuron's start and the coefficients of its linear equation in warped time."""

    u_0: Any  # initial second-layer weight of a neuron
    h_0: Any  # initial preactivation of a neuron
    mu: Any  # coefficient of the linear equation of h^m, conserved
    first: Any  # coefficient of S in (h(s)/h(0))^m
    second: Any  # coefficient of T in (h(s)/h(0))^m
    discriminant: Any  # D₁² − 2 D₂ + μ, which decides where D vanishes


class Place(NamedTuple):
    """A neuron at a warped time: S, T and D, all times `scale`."""

    scale: Any  # exp(−√μ |s|), and 1 where μ ≤ 0
    S_mu: Any  # sinh(√μ s)/√μ, entire in μ
    T_mu: Any  # (cosh(√μ s) − 1)/μ, entire in μ
    denominator: Any  # projective denominator, α = N / D


def strength(M_aa: Any, xp: Any = np) -> Any:
    """Norm ρ of the effective point of a data set on a line.

        rho = sqrt(M_aa)

    Args:
        M_aa: mean of a² over the data set.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-16, median 4e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Proposition 1.
    """
    return xp.sqrt(M_aa)


def target(M_aa: Any, M_ay: Any, xp: Any = np) -> Any:
    """Target y of the effective point of a data set on a line; 0 for data at the origin.

        y = M_ay/sqrt(M_aa)

    Args:
        M_aa: mean of a² over the data set.
        M_ay: mean of a·target over the data set.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-16, median 5e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Proposition 1.
    """
    safe_M_aa = xp.where(xp.greater(M_aa, 0), M_aa, 1)
    return xp.where(xp.greater(M_aa, 0), M_ay / xp.sqrt(safe_M_aa), 0)


def growing(u_0: Any, omega_0: Any, eta_u: Any, eta_w: Any, xp: Any = np) -> Any:
    """Coordinate p of a neuron at t = 0.

        p = (sqrt(eta_u)*omega_0 + sqrt(eta_w)*u_0)/2

    Args:
        u_0: initial second-layer weight of a neuron.
        omega_0: initial first-layer weight of a neuron along the data.
        eta_u: learning rate of the second layer.
        eta_w: learning rate of the first layer.
        xp: the namespace that computes.

    Accuracy: worst relative error 7e-15, median 6e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 4.
    """
    return (xp.sqrt(eta_u) * omega_0 + xp.sqrt(eta_w) * u_0) / 2


def falling(u_0: Any, omega_0: Any, eta_u: Any, eta_w: Any, xp: Any = np) -> Any:
    """Coordinate q of a neuron at t = 0.

        q = (sqrt(eta_u)*omega_0 - sqrt(eta_w)*u_0)/2

    Args:
        u_0: initial second-layer weight of a neuron.
        omega_0: initial first-layer weight of a neuron along the data.
        eta_u: learning rate of the second layer.
        eta_w: learning rate of the first layer.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-14, median 6e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 4.
    """
    return (xp.sqrt(eta_u) * omega_0 - xp.sqrt(eta_w) * u_0) / 2


def initial_output(gamma: Any, rho: Any, overlap_0: Any, xp: Any = np) -> Any:
    """Output at t = 0, from the overlap of the initial layers.

        f_0 = gamma*overlap_0*rho

    Args:
        gamma: output scale.
        rho: norm of the effective point, ‖x‖.
        overlap_0: Σ_i u_i ω_i at t = 0.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-16, median 5e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 53.
    """
    return gamma * overlap_0 * rho


def balance(eta_u: Any, eta_w: Any, norm_u_2: Any, norm_omega_2: Any, xp: Any = np) -> Any:
    """Sum over neurons of the conserved quadratic, η_u‖ω‖² − η_w‖u‖².

        balance = eta_u*norm_omega_2 - eta_w*norm_u_2

    Args:
        eta_u: learning rate of the second layer.
        eta_w: learning rate of the first layer.
        norm_u_2: squared norm of the second layer.
        norm_omega_2: squared norm of ω.
        xp: the namespace that computes.

    Accuracy: worst relative error 7e-15, median 6e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 23.
    """
    return eta_u * norm_omega_2 - eta_w * norm_u_2


def constants(
    gamma: Any,
    eta_u: Any,
    eta_w: Any,
    rho: Any,
    y: Any,
    d: Any,
    P: Any,
    Q: Any,
    f_0: Any,
    residual_0: Any,
    xp: Any = np,
) -> Constants:
    """Rates and Riccati coefficients of a trajectory.

        lam = sqrt(eta_u)*sqrt(eta_w)*gamma*rho
        B = lam*y
        R = 2*sqrt(4*A_P*A_Q + B**2)
        larger = R + 2*Abs(B)
        smaller = 16*A_P*A_Q/(R + 2*Abs(B))

    Args:
        gamma: output scale.
        eta_u: learning rate of the second layer.
        eta_w: learning rate of the first layer.
        rho: norm of the effective point, ‖x‖.
        y: effective target.
        d: width: number of neurons.
        P: mean over neurons of p(0)².
        Q: mean over neurons of q(0)².
        f_0: output at t = 0.
        residual_0: residual f − y at t = 0.
        xp: the namespace that computes.

    Accuracy: worst relative error 1e-15, median 8e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 10-11.
    """
    lam = xp.sqrt(eta_u) * xp.sqrt(eta_w) * gamma * rho
    A_P = P * d * gamma**2 * rho**2
    A_Q = Q * d * gamma**2 * rho**2
    B = lam * y
    square = 4 * A_P * A_Q
    size_B = xp.where(xp.greater_equal(B, 0), B, -B)
    safe_square = xp.where(xp.greater(square, 0), square, 1)
    size_B_alone = xp.where(xp.greater(square, 0), 1, size_B)
    safe_size_B_alone = xp.where(xp.greater(size_B_alone, 0), size_B_alone, 1)
    square_reach = xp.where(xp.greater(safe_size_B_alone**2, 0), safe_size_B_alone, 1)
    square_per_length = square / square_reach
    square_where_zero = safe_size_B_alone * xp.sqrt(square_per_length / square_reach + 1)
    root = xp.where(
        xp.greater(square, 0),
        xp.sqrt(safe_square + size_B**2),
        xp.where(xp.greater(size_B_alone, 0), square_where_zero, 0),
    )
    R = 2 * root
    larger = R + 2 * size_B
    safe_larger = xp.where(xp.greater(larger, 0), larger, 1)
    smaller = xp.where(xp.greater(larger, 0), 16 * A_P * A_Q / safe_larger, -2 * B)
    r_plus = xp.where(xp.greater_equal(B, 0), larger, smaller)
    r_minus = xp.where(xp.greater_equal(B, 0), smaller, larger)
    return Constants(
        gamma, eta_u, eta_w, rho, y, d, P, Q, f_0, residual_0, lam, A_P, A_Q, B, R, r_plus, r_minus
    )


def at(t: Any, c: Constants, xp: Any = np) -> State:
    """The state at time t ≥ 0.

        E = exp(-2*R*t)
        tau = -expm1(-2*R*t)/R
        numerator = 2*E + tau*(4*A_Q + r_plus)
        denominator = 2*E + tau*(4*A_P + r_minus)
        alpha = numerator/denominator
        growth = -4*lam*residual_0*tau/(sqrt(denominator)*sqrt(numerator))
        residual_ratio = 4*E/(denominator*numerator)
        progress = 4*A_P*tau/denominator + 4*A_Q*tau/numerator
        f = A_P*alpha/lam - A_Q/(alpha*lam)

    Args:
        t: time.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-13, median 2e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 8-9 and Proposition 2.
    """
    rate_time = xp.where(
        xp.logical_and(
            xp.logical_and(
                xp.logical_and(
                    xp.logical_or(xp.less_equal(c.A_P, 0), xp.less_equal(c.A_Q, 0)),
                    xp.logical_or(xp.less_equal(c.A_P, 0), xp.less(c.B, 0)),
                ),
                xp.logical_or(xp.less_equal(c.A_Q, 0), xp.greater(c.B, 0)),
            ),
            xp.logical_or(xp.greater(c.B, 0), xp.less(c.B, 0)),
        ),
        _clip_exponent(2 * c.R * t, xp),
        2 * c.R * t,
    )
    E = xp.exp(-rate_time)
    tau = 2 * t * _mean_decay(2 * c.R * t, xp)
    numerator = 2 * E + tau * (4 * c.A_Q + c.r_plus)
    denominator = 2 * E + tau * (4 * c.A_P + c.r_minus)
    alpha = numerator / denominator
    lesser = xp.where(xp.less_equal(c.lam * c.residual_0, 0), denominator, numerator)
    greater = xp.where(xp.less_equal(c.lam * c.residual_0, 0), numerator, denominator)
    decay = xp.sqrt(lesser / greater)
    growth = -4 * c.lam * c.residual_0 * tau / (xp.sqrt(denominator) * xp.sqrt(numerator))
    residual_ratio = 4 * E / (denominator * numerator)
    safe_lam = xp.where(xp.not_equal(c.lam, 0), c.lam, 1)
    progress = 4 * c.A_P * tau / denominator + 4 * c.A_Q * tau / numerator
    by_target = c.f_0 * residual_ratio + progress * c.y
    by_alpha = c.A_P * numerator / (denominator * safe_lam) - c.A_Q * denominator / (
        numerator * safe_lam
    )
    size_by_target = xp.abs(c.f_0 * residual_ratio) + xp.abs(progress * c.y)
    size_by_alpha = xp.abs(c.A_P * numerator / (denominator * safe_lam)) + xp.abs(
        c.A_Q * denominator / (numerator * safe_lam)
    )
    total_size = size_by_alpha + size_by_target
    safe_total_size = xp.where(xp.greater(total_size, 0), total_size, 1)
    f = xp.where(
        xp.greater(total_size, 0),
        by_alpha * size_by_target / safe_total_size + by_target * size_by_alpha / safe_total_size,
        by_target,
    )
    decayed = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        decay * growth / (decay + 1),
        -decay * growth / (decay + 1),
    )
    return State(alpha, decay, growth, residual_ratio, f, decayed)


def limit(c: Constants, xp: Any = np) -> State:
    """The state at t = ∞: the equilibrium f = y, the saddle at the origin, or no motion.

        numerator = 4*A_Q + r_plus
        denominator = 4*A_P + r_minus
        alpha = numerator/denominator

    Args:
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 8e-16, median 7e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 12.
    """
    numerator = 4 * c.A_Q + c.r_plus
    denominator = 4 * c.A_P + c.r_minus
    lesser = xp.minimum(denominator, numerator)
    greater = xp.maximum(denominator, numerator)
    safe_numerator = xp.where(xp.greater(numerator, 0), numerator, 1)
    safe_denominator = xp.where(xp.greater(denominator, 0), denominator, 1)
    safe_greater = xp.where(xp.greater(greater, 0), greater, 1)
    safe_residual_0 = xp.where(xp.not_equal(c.residual_0, 0), c.residual_0, 1)
    alpha = xp.where(
        xp.less_equal(greater, 0),
        1,
        xp.where(xp.greater(denominator, 0), numerator / safe_denominator, xp.inf),
    )
    decay = xp.where(xp.less_equal(greater, 0), 1, xp.sqrt(lesser / safe_greater))
    growth = xp.where(
        xp.greater(lesser, 0),
        -4 * c.lam * c.residual_0 / (xp.sqrt(safe_denominator) * xp.sqrt(safe_numerator)),
        0,
    )
    residual_ratio = xp.where(xp.greater(lesser, 0), 0, -c.y / safe_residual_0)
    f = xp.where(xp.greater(lesser, 0), c.y, 0)
    decayed = xp.where(
        xp.less_equal(greater, 0),
        0,
        xp.where(
            xp.less_equal(lesser, 0),
            1,
            xp.where(
                xp.less_equal(c.lam * c.residual_0, 0),
                decay * growth / (decay + 1),
                -decay * growth / (decay + 1),
            ),
        ),
    )
    return State(alpha, decay, growth, residual_ratio, f, decayed)


def weight_u(u_0: Any, p: Any, q: Any, state: State, c: Constants, xp: Any = np) -> Any:
    """Second-layer weight u of a neuron.

        up = decay*u_0 + growth*p/sqrt(eta_w)
        down = decay*u_0 + growth*q/sqrt(eta_w)

    Args:
        u_0: initial second-layer weight of a neuron.
        p: growing coordinate of a neuron at t = 0.
        q: decaying coordinate of a neuron at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 3e-08, median 1e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 7.
    """
    return xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decay * u_0 + state.growth * p / xp.sqrt(c.eta_w),
        state.decay * u_0 + state.growth * q / xp.sqrt(c.eta_w),
    )


def weight_omega(omega_0: Any, p: Any, q: Any, state: State, c: Constants, xp: Any = np) -> Any:
    """First-layer weight ω along the data of a neuron.

        up = decay*omega_0 + growth*p/sqrt(eta_u)
        down = decay*omega_0 - growth*q/sqrt(eta_u)

    Args:
        omega_0: initial first-layer weight of a neuron along the data.
        p: growing coordinate of a neuron at t = 0.
        q: decaying coordinate of a neuron at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-08, median 1e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 7.
    """
    return xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decay * omega_0 + state.growth * p / xp.sqrt(c.eta_u),
        state.decay * omega_0 - state.growth * q / xp.sqrt(c.eta_u),
    )


def change_omega(u_0: Any, p: Any, q: Any, state: State, c: Constants, xp: Any = np) -> Any:
    """Change since the start of the first-layer weight ω along the data of a neuron.

        up = decayed*(sqrt(eta_w)*u_0/sqrt(eta_u) + decayed*p/(decay*sqrt(eta_u)))
        down = -decayed*(sqrt(eta_w)*u_0/sqrt(eta_u) - decayed*q/(decay*sqrt(eta_u)))

    Args:
        u_0: initial second-layer weight of a neuron.
        p: growing coordinate of a neuron at t = 0.
        q: decaying coordinate of a neuron at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-14, median 2e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 7.
    """
    decay_up = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.less_equal(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    decay_down = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.greater(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    return xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decayed
        * (
            xp.sqrt(c.eta_w) * u_0 / xp.sqrt(c.eta_u)
            + state.decayed * p / (decay_up * xp.sqrt(c.eta_u))
        ),
        -state.decayed
        * (
            xp.sqrt(c.eta_w) * u_0 / xp.sqrt(c.eta_u)
            - state.decayed * q / (decay_down * xp.sqrt(c.eta_u))
        ),
    )


def weight_w(w_0: Any, change: Any, e: Any, xp: Any = np) -> Any:
    """First-layer weight, from its initial value and the change of ω, or from its part across the data and ω.

        w = change*e + w_0

    Args:
        w_0: initial first-layer weight.
        change: change of ω since t = 0.
        e: component of the unit vector along the data.
        xp: the namespace that computes.

    Accuracy: worst relative error 5e-15, median 5e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 7 and 24.
    """
    return change * e + w_0


def residual(state: State, c: Constants, xp: Any = np) -> Any:
    """Residual f − y.

        residual = residual_0*residual_ratio

    Args:
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-13, median 3e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 8.
    """
    return c.residual_0 * state.residual_ratio


def loss(floor: Any, state: State, c: Constants, xp: Any = np) -> Any:
    """Loss of what was given: a point (floor 0) or a data set.

        loss = floor + residual**2

    Args:
        floor: loss that no weights can remove.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 4e-15, median 1e-116, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 3 and 56.
    """
    residual = c.residual_0 * state.residual_ratio
    return floor + residual**2


def overlap(overlap_0: Any, state: State, c: Constants, xp: Any = np) -> Any:
    """Overlap u·ω of the two layers.

        overlap = f/(gamma*rho)

    Args:
        overlap_0: Σ_i u_i ω_i at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 5e-14, median 2e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 53.
    """
    scale = c.gamma * c.rho
    safe_scale = xp.where(xp.not_equal(scale, 0), scale, 1)
    by_output = xp.where(xp.not_equal(scale, 0), state.f / safe_scale, 0)
    decay_up = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.less_equal(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    decay_down = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.greater(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    gained = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decayed
        * (state.decay + 1)
        * (
            c.P * c.d / (decay_up**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            + c.Q * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
        state.decayed
        * (state.decay + 1)
        * (
            -c.P * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            - c.Q * c.d / (decay_down**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
    )
    by_gain = gained + overlap_0
    terms = xp.abs(gained) + xp.abs(overlap_0)
    safe_terms = xp.where(xp.greater(terms, 0), terms, 1)
    one = xp.abs(by_output) * xp.abs(overlap_0) / safe_terms
    other_share = xp.abs(gained)
    total = one + other_share
    safe_total = xp.where(xp.greater(total, 0), total, 1)
    return xp.where(
        xp.greater(total, 0),
        by_gain * one / safe_total + by_output * other_share / safe_total,
        by_gain,
    )


def alignment(gram: Any, overlap_0: Any, state: State, c: Constants, xp: Any = np) -> Any:
    """Alignment ζ, the cosine of u and W x.

        zeta = overlap/sqrt(gram + overlap**2)

    Args:
        gram: ‖u‖²‖ω‖² − (u·ω)², conserved.
        overlap_0: Σ_i u_i ω_i at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 5e-14, median 7e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 14.
    """
    scale = c.gamma * c.rho
    safe_scale = xp.where(xp.not_equal(scale, 0), scale, 1)
    by_output = xp.where(xp.not_equal(scale, 0), state.f / safe_scale, 0)
    decay_up = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.less_equal(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    decay_down = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.greater(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    gained = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decayed
        * (state.decay + 1)
        * (
            c.P * c.d / (decay_up**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            + c.Q * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
        state.decayed
        * (state.decay + 1)
        * (
            -c.P * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            - c.Q * c.d / (decay_down**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
    )
    by_gain = gained + overlap_0
    terms = xp.abs(gained) + xp.abs(overlap_0)
    safe_terms = xp.where(xp.greater(terms, 0), terms, 1)
    one = xp.abs(by_output) * xp.abs(overlap_0) / safe_terms
    other_share = xp.abs(gained)
    total = one + other_share
    safe_total = xp.where(xp.greater(total, 0), total, 1)
    overlap = xp.where(
        xp.greater(total, 0),
        by_gain * one / safe_total + by_output * other_share / safe_total,
        by_gain,
    )
    size_overlap = xp.abs(overlap)
    safe_gram = xp.where(xp.greater(gram, 0), gram, 1)
    size_overlap_alone = xp.where(xp.greater(gram, 0), 1, size_overlap)
    safe_size_overlap_alone = xp.where(xp.greater(size_overlap_alone, 0), size_overlap_alone, 1)
    gram_reach = xp.where(xp.greater(safe_size_overlap_alone**2, 0), safe_size_overlap_alone, 1)
    gram_per_length = gram / gram_reach
    gram_where_zero = safe_size_overlap_alone * xp.sqrt(gram_per_length / gram_reach + 1)
    hypotenuse = xp.where(
        xp.greater(gram, 0),
        xp.sqrt(safe_gram + size_overlap**2),
        xp.where(xp.greater(size_overlap_alone, 0), gram_where_zero, 0),
    )
    return overlap / hypotenuse


def alignment_slope(gram: Any, overlap_0: Any, state: State, c: Constants, xp: Any = np) -> Any:
    """Slope dζ/dα of the alignment.

        slope = d*gram*(P*alpha**2 + Q)/(alpha**2*sqrt(eta_u)*sqrt(eta_w)*(gram +
            overlap**2)**(3/2))

    Args:
        gram: ‖u‖²‖ω‖² − (u·ω)², conserved.
        overlap_0: Σ_i u_i ω_i at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-13, median 3e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 15.
    """
    scale = c.gamma * c.rho
    safe_scale = xp.where(xp.not_equal(scale, 0), scale, 1)
    by_output = xp.where(xp.not_equal(scale, 0), state.f / safe_scale, 0)
    decay_up = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.less_equal(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    decay_down = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.greater(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    gained = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decayed
        * (state.decay + 1)
        * (
            c.P * c.d / (decay_up**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            + c.Q * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
        state.decayed
        * (state.decay + 1)
        * (
            -c.P * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            - c.Q * c.d / (decay_down**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
    )
    by_gain = gained + overlap_0
    terms = xp.abs(gained) + xp.abs(overlap_0)
    safe_terms = xp.where(xp.greater(terms, 0), terms, 1)
    one = xp.abs(by_output) * xp.abs(overlap_0) / safe_terms
    other_share = xp.abs(gained)
    total = one + other_share
    safe_total = xp.where(xp.greater(total, 0), total, 1)
    overlap = xp.where(
        xp.greater(total, 0),
        by_gain * one / safe_total + by_output * other_share / safe_total,
        by_gain,
    )
    size_overlap = xp.abs(overlap)
    safe_gram = xp.where(xp.greater(gram, 0), gram, 1)
    size_overlap_alone = xp.where(xp.greater(gram, 0), 1, size_overlap)
    safe_size_overlap_alone = xp.where(xp.greater(size_overlap_alone, 0), size_overlap_alone, 1)
    gram_reach = xp.where(xp.greater(safe_size_overlap_alone**2, 0), safe_size_overlap_alone, 1)
    gram_per_length = gram / gram_reach
    gram_where_zero = safe_size_overlap_alone * xp.sqrt(gram_per_length / gram_reach + 1)
    hypotenuse = xp.where(
        xp.greater(gram, 0),
        xp.sqrt(safe_gram + size_overlap**2),
        xp.where(xp.greater(size_overlap_alone, 0), gram_where_zero, 0),
    )
    apart = xp.where(
        xp.logical_or(xp.less_equal(hypotenuse, 0), xp.greater(gram, 0)), hypotenuse, 1
    )
    share = gram / apart
    sine_2 = share / apart
    fallen = xp.where(
        xp.logical_and(xp.greater(c.Q, 0), xp.greater(c.lam * c.residual_0, 0)), state.decay, 1
    )
    return xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        sine_2
        * (
            c.P * c.d / (apart * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            + c.Q * c.d * (state.decay**2) ** 2 / (apart * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
        sine_2
        * (
            c.P * c.d / (apart * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            + c.Q * c.d / (apart * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w) * (fallen**2) ** 2)
        ),
    )


def population_loss(
    M_aa: Any, M_ay: Any, floor: Any, state: State, c: Constants, xp: Any = np
) -> Any:
    """Mean squared error over a population on the line of the data.

        loss = M_aa*(along - M_ay/M_aa)**2 + floor

    Args:
        M_aa: mean of a² over the data set.
        M_ay: mean of a·target over the data set.
        floor: loss that no weights can remove.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-14, median 9e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), appendix D.
    """
    safe_rho = xp.where(xp.greater(c.rho, 0), c.rho, 1)
    along = xp.where(xp.greater(c.rho, 0), state.f / safe_rho, 0)
    return M_aa * (along - M_ay / M_aa) ** 2 + floor


def norm_u(
    gram: Any, balance: Any, overlap_0: Any, state: State, c: Constants, xp: Any = np
) -> Any:
    """Norm ‖u‖ of the second layer.

        norm = sqrt(2)*sqrt(eta_u*(gram + overlap**2)/(balance + sqrt(balance**2 +
            4*eta_u*eta_w*gram + 4*eta_u*eta_w*overlap**2)))

    Args:
        gram: ‖u‖²‖ω‖² − (u·ω)², conserved.
        balance: η_u‖ω‖² − η_w‖u‖², conserved.
        overlap_0: Σ_i u_i ω_i at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 4e-14, median 2e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), section 3.3.
    """
    scale = c.gamma * c.rho
    safe_scale = xp.where(xp.not_equal(scale, 0), scale, 1)
    by_output = xp.where(xp.not_equal(scale, 0), state.f / safe_scale, 0)
    decay_up = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.less_equal(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    decay_down = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.greater(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    gained = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decayed
        * (state.decay + 1)
        * (
            c.P * c.d / (decay_up**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            + c.Q * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
        state.decayed
        * (state.decay + 1)
        * (
            -c.P * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            - c.Q * c.d / (decay_down**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
    )
    by_gain = gained + overlap_0
    terms = xp.abs(gained) + xp.abs(overlap_0)
    safe_terms = xp.where(xp.greater(terms, 0), terms, 1)
    one = xp.abs(by_output) * xp.abs(overlap_0) / safe_terms
    other_share = xp.abs(gained)
    total = one + other_share
    safe_total = xp.where(xp.greater(total, 0), total, 1)
    overlap = xp.where(
        xp.greater(total, 0),
        by_gain * one / safe_total + by_output * other_share / safe_total,
        by_gain,
    )
    size_overlap = xp.abs(overlap)
    safe_gram = xp.where(xp.greater(gram, 0), gram, 1)
    size_overlap_alone = xp.where(xp.greater(gram, 0), 1, size_overlap)
    safe_size_overlap_alone = xp.where(xp.greater(size_overlap_alone, 0), size_overlap_alone, 1)
    gram_reach = xp.where(xp.greater(safe_size_overlap_alone**2, 0), safe_size_overlap_alone, 1)
    gram_per_length = gram / gram_reach
    gram_where_zero = safe_size_overlap_alone * xp.sqrt(gram_per_length / gram_reach + 1)
    hypotenuse = xp.where(
        xp.greater(gram, 0),
        xp.sqrt(safe_gram + size_overlap**2),
        xp.where(xp.greater(size_overlap_alone, 0), gram_where_zero, 0),
    )
    size_balance = xp.where(xp.greater_equal(balance, 0), balance, -balance)
    length = 2 * hypotenuse * xp.sqrt(c.eta_u * c.eta_w)
    long = xp.maximum(length, size_balance)
    short = xp.minimum(length, size_balance)
    safe_long = xp.where(xp.greater(long, 0), long, 1)
    aspect = short / safe_long
    root = long * xp.sqrt(aspect**2 + 1)
    divisor = root + size_balance
    safe_divisor = xp.where(xp.greater(divisor, 0), divisor, 1)
    return xp.where(
        xp.less_equal(divisor, 0),
        0,
        xp.where(
            xp.greater_equal(balance, 0),
            _root(2, xp) * xp.sqrt(c.eta_u) * hypotenuse / xp.sqrt(safe_divisor),
            _root(2, xp) * xp.sqrt(safe_divisor) / (2 * xp.sqrt(c.eta_w)),
        ),
    )


def norm_omega(
    gram: Any, balance: Any, overlap_0: Any, state: State, c: Constants, xp: Any = np
) -> Any:
    """Norm ‖ω‖ of the first layer along the data.

        norm = sqrt((balance/2 + sqrt(balance**2 + 4*eta_u*eta_w*gram +
            4*eta_u*eta_w*overlap**2)/2)/eta_u)

    Args:
        gram: ‖u‖²‖ω‖² − (u·ω)², conserved.
        balance: η_u‖ω‖² − η_w‖u‖², conserved.
        overlap_0: Σ_i u_i ω_i at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 6e-15, median 2e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), section 3.3.
    """
    scale = c.gamma * c.rho
    safe_scale = xp.where(xp.not_equal(scale, 0), scale, 1)
    by_output = xp.where(xp.not_equal(scale, 0), state.f / safe_scale, 0)
    decay_up = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.less_equal(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    decay_down = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.greater(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    gained = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decayed
        * (state.decay + 1)
        * (
            c.P * c.d / (decay_up**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            + c.Q * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
        state.decayed
        * (state.decay + 1)
        * (
            -c.P * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            - c.Q * c.d / (decay_down**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
    )
    by_gain = gained + overlap_0
    terms = xp.abs(gained) + xp.abs(overlap_0)
    safe_terms = xp.where(xp.greater(terms, 0), terms, 1)
    one = xp.abs(by_output) * xp.abs(overlap_0) / safe_terms
    other_share = xp.abs(gained)
    total = one + other_share
    safe_total = xp.where(xp.greater(total, 0), total, 1)
    overlap = xp.where(
        xp.greater(total, 0),
        by_gain * one / safe_total + by_output * other_share / safe_total,
        by_gain,
    )
    size_overlap = xp.abs(overlap)
    safe_gram = xp.where(xp.greater(gram, 0), gram, 1)
    size_overlap_alone = xp.where(xp.greater(gram, 0), 1, size_overlap)
    safe_size_overlap_alone = xp.where(xp.greater(size_overlap_alone, 0), size_overlap_alone, 1)
    gram_reach = xp.where(xp.greater(safe_size_overlap_alone**2, 0), safe_size_overlap_alone, 1)
    gram_per_length = gram / gram_reach
    gram_where_zero = safe_size_overlap_alone * xp.sqrt(gram_per_length / gram_reach + 1)
    hypotenuse = xp.where(
        xp.greater(gram, 0),
        xp.sqrt(safe_gram + size_overlap**2),
        xp.where(xp.greater(size_overlap_alone, 0), gram_where_zero, 0),
    )
    size_balance = xp.where(xp.greater_equal(balance, 0), balance, -balance)
    length = 2 * hypotenuse * xp.sqrt(c.eta_u * c.eta_w)
    long = xp.maximum(length, size_balance)
    short = xp.minimum(length, size_balance)
    safe_long = xp.where(xp.greater(long, 0), long, 1)
    aspect = short / safe_long
    root = long * xp.sqrt(aspect**2 + 1)
    divisor = root + size_balance
    safe_divisor = xp.where(xp.greater(divisor, 0), divisor, 1)
    return xp.where(
        xp.less_equal(divisor, 0),
        0,
        xp.where(
            xp.greater_equal(balance, 0),
            _root(2, xp) * xp.sqrt(safe_divisor) / (2 * xp.sqrt(c.eta_u)),
            _root(2, xp) * xp.sqrt(c.eta_w) * hypotenuse / xp.sqrt(safe_divisor),
        ),
    )


def norm_W(
    gram: Any, balance: Any, perp_2: Any, overlap_0: Any, state: State, c: Constants, xp: Any = np
) -> Any:
    """Frobenius norm ‖W‖ of the first layer.

        norm = sqrt(perp_2 + (balance/2 + sqrt(balance**2 + 4*eta_u*eta_w*gram +
            4*eta_u*eta_w*overlap**2)/2)/eta_u)

    Args:
        gram: ‖u‖²‖ω‖² − (u·ω)², conserved.
        balance: η_u‖ω‖² − η_w‖u‖², conserved.
        perp_2: ‖W‖² − ‖ω‖², conserved.
        overlap_0: Σ_i u_i ω_i at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-15, median 7e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), section 3.3.
    """
    scale = c.gamma * c.rho
    safe_scale = xp.where(xp.not_equal(scale, 0), scale, 1)
    by_output = xp.where(xp.not_equal(scale, 0), state.f / safe_scale, 0)
    decay_up = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.less_equal(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    decay_down = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.greater(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    gained = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decayed
        * (state.decay + 1)
        * (
            c.P * c.d / (decay_up**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            + c.Q * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
        state.decayed
        * (state.decay + 1)
        * (
            -c.P * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            - c.Q * c.d / (decay_down**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
    )
    by_gain = gained + overlap_0
    terms = xp.abs(gained) + xp.abs(overlap_0)
    safe_terms = xp.where(xp.greater(terms, 0), terms, 1)
    one = xp.abs(by_output) * xp.abs(overlap_0) / safe_terms
    other_share = xp.abs(gained)
    total = one + other_share
    safe_total = xp.where(xp.greater(total, 0), total, 1)
    overlap = xp.where(
        xp.greater(total, 0),
        by_gain * one / safe_total + by_output * other_share / safe_total,
        by_gain,
    )
    size_overlap = xp.abs(overlap)
    safe_gram = xp.where(xp.greater(gram, 0), gram, 1)
    size_overlap_alone = xp.where(xp.greater(gram, 0), 1, size_overlap)
    safe_size_overlap_alone = xp.where(xp.greater(size_overlap_alone, 0), size_overlap_alone, 1)
    gram_reach = xp.where(xp.greater(safe_size_overlap_alone**2, 0), safe_size_overlap_alone, 1)
    gram_per_length = gram / gram_reach
    gram_where_zero = safe_size_overlap_alone * xp.sqrt(gram_per_length / gram_reach + 1)
    hypotenuse = xp.where(
        xp.greater(gram, 0),
        xp.sqrt(safe_gram + size_overlap**2),
        xp.where(xp.greater(size_overlap_alone, 0), gram_where_zero, 0),
    )
    size_balance = xp.where(xp.greater_equal(balance, 0), balance, -balance)
    length = 2 * hypotenuse * xp.sqrt(c.eta_u * c.eta_w)
    long = xp.maximum(length, size_balance)
    short = xp.minimum(length, size_balance)
    safe_long = xp.where(xp.greater(long, 0), long, 1)
    aspect = short / safe_long
    root = long * xp.sqrt(aspect**2 + 1)
    divisor = root + size_balance
    safe_divisor = xp.where(xp.greater(divisor, 0), divisor, 1)
    norm_omega = xp.where(
        xp.less_equal(divisor, 0),
        0,
        xp.where(
            xp.greater_equal(balance, 0),
            _root(2, xp) * xp.sqrt(safe_divisor) / (2 * xp.sqrt(c.eta_u)),
            _root(2, xp) * xp.sqrt(c.eta_w) * hypotenuse / xp.sqrt(safe_divisor),
        ),
    )
    safe_perp_2 = xp.where(xp.greater(perp_2, 0), perp_2, 1)
    norm_omega_alone = xp.where(xp.greater(perp_2, 0), 1, norm_omega)
    safe_norm_omega_alone = xp.where(xp.greater(norm_omega_alone, 0), norm_omega_alone, 1)
    perp_2_reach = xp.where(xp.greater(safe_norm_omega_alone**2, 0), safe_norm_omega_alone, 1)
    perp_2_per_length = perp_2 / perp_2_reach
    perp_2_where_zero = safe_norm_omega_alone * xp.sqrt(perp_2_per_length / perp_2_reach + 1)
    return xp.where(
        xp.greater(perp_2, 0),
        xp.sqrt(norm_omega**2 + safe_perp_2),
        xp.where(xp.greater(norm_omega_alone, 0), perp_2_where_zero, 0),
    )


def kernel_x(state: State, c: Constants, xp: Any = np) -> Any:
    """Tangent kernel K(x, x) at the effective point.

        kernel_x = 2*sqrt(4*A_P*A_Q + f**2*lam**2)

    Args:
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 3e-15, median 8e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 13.
    """
    square = 4 * c.A_P * c.A_Q
    along = xp.abs(state.f * c.lam)
    safe_square = xp.where(xp.greater(square, 0), square, 1)
    along_alone = xp.where(xp.greater(square, 0), 1, along)
    safe_along_alone = xp.where(xp.greater(along_alone, 0), along_alone, 1)
    square_reach = xp.where(xp.greater(safe_along_alone**2, 0), safe_along_alone, 1)
    square_per_length = square / square_reach
    square_where_zero = safe_along_alone * xp.sqrt(square_per_length / square_reach + 1)
    radical = xp.where(
        xp.greater(square, 0),
        xp.sqrt(along**2 + safe_square),
        xp.where(xp.greater(along_alone, 0), square_where_zero, 0),
    )
    return 2 * radical


def kernel_change(state: State, c: Constants, xp: Any = np) -> Any:
    """Relative change K(x, x)/K₀(x, x) − 1 of the tangent kernel since the start.

        change = 4*lam**2*(f - f_0)*(f + f_0)/(kernel_0*(kernel_0 + kernel_x))

    Args:
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 4e-14, median 3e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 13.
    """
    decay_up = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.less_equal(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    decay_down = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.greater(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    rise = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decayed
        * c.gamma
        * c.rho
        * (state.decay + 1)
        * (
            c.P * c.d / (decay_up**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            + c.Q * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
        state.decayed
        * c.gamma
        * c.rho
        * (state.decay + 1)
        * (
            -c.P * c.d / (xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
            - c.Q * c.d / (decay_down**2 * xp.sqrt(c.eta_u) * xp.sqrt(c.eta_w))
        ),
    )
    square = 4 * c.A_P * c.A_Q
    along = xp.abs(state.f * c.lam)
    safe_square = xp.where(xp.greater(square, 0), square, 1)
    along_alone = xp.where(xp.greater(square, 0), 1, along)
    safe_along_alone = xp.where(xp.greater(along_alone, 0), along_alone, 1)
    square_reach = xp.where(xp.greater(safe_along_alone**2, 0), safe_along_alone, 1)
    square_per_length = square / square_reach
    square_where_zero = safe_along_alone * xp.sqrt(square_per_length / square_reach + 1)
    radical = xp.where(
        xp.greater(square, 0),
        xp.sqrt(along**2 + safe_square),
        xp.where(xp.greater(along_alone, 0), square_where_zero, 0),
    )
    kernel_x = 2 * radical
    kernel_0 = 2 * c.A_P + 2 * c.A_Q
    safe_kernel_0 = xp.where(xp.greater(kernel_0, 0), kernel_0, 1)
    both = c.P + c.Q
    safe_both = xp.where(xp.greater(both, 0), both, 1)
    by_output = xp.where(
        xp.greater(kernel_0, 0),
        4 * c.lam**2 * rise * (state.f + c.f_0) / (safe_kernel_0 * (kernel_x + safe_kernel_0)),
        0,
    )
    by_weights = xp.where(
        xp.greater(both, 0),
        xp.where(
            xp.less_equal(c.lam * c.residual_0, 0),
            state.decayed * (state.decay + 1) * (c.P / decay_up**2 - c.Q) / safe_both,
            state.decayed * (-c.P + c.Q / decay_down**2) * (state.decay + 1) / safe_both,
        ),
        0,
    )
    return xp.where(xp.not_equal(c.lam, 0), by_output, by_weights)


def distance_u(
    norm_u_0_2: Any, norm_omega_0_2: Any, overlap_0: Any, state: State, c: Constants, xp: Any = np
) -> Any:
    """Distance ‖u(t) − u(0)‖ of the second layer from its start.

        distance = sqrt(2*sqrt(eta_u)*overlap_0*sinh_s**3/(sqrt(eta_w)*(cosh_s + 1)) +
            eta_u*norm_omega_0_2*sinh_s**2/eta_w + norm_u_0_2*sinh_s**4/(cosh_s + 1)**2)

    Args:
        norm_u_0_2: ‖u‖² at t = 0.
        norm_omega_0_2: ‖ω‖² at t = 0.
        overlap_0: Σ_i u_i ω_i at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 3e-13, median 2e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 49.
    """
    safe_decay = xp.where(xp.greater(state.decay, 0), state.decay, 1)
    gap = state.decayed / safe_decay
    other = c.eta_u * norm_omega_0_2 / c.eta_w
    grown = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0), c.P * c.d / c.eta_w, c.Q * c.d / c.eta_w
    )
    safe_other = xp.where(xp.greater(other, 0), other, 1)
    safe_grown = xp.where(xp.greater(grown, 0), grown, 1)
    bound = xp.where(xp.greater(grown, 0), xp.sqrt(safe_grown), 0) * xp.where(
        xp.greater(other, 0), xp.sqrt(safe_other), 0
    )
    cross = _held(
        xp.where(
            xp.less_equal(c.lam * c.residual_0, 0),
            xp.sqrt(c.eta_u)
            * (xp.sqrt(c.eta_u) * norm_omega_0_2 + xp.sqrt(c.eta_w) * overlap_0)
            / (2 * c.eta_w),
            xp.sqrt(c.eta_u)
            * (xp.sqrt(c.eta_u) * norm_omega_0_2 - xp.sqrt(c.eta_w) * overlap_0)
            / (2 * c.eta_w),
        ),
        bound,
        xp,
    )
    square = gap * (2 * cross + gap * grown) + other
    safe_square = xp.where(xp.greater(square, 0), square, 1)
    return xp.where(xp.greater(square, 0), state.decayed * xp.sqrt(safe_square), 0)


def distance_W(
    norm_u_0_2: Any, norm_omega_0_2: Any, overlap_0: Any, state: State, c: Constants, xp: Any = np
) -> Any:
    """Distance ‖W(t) − W(0)‖ of the first layer from its start.

        distance = sqrt(norm_omega_0_2*sinh_s**4/(cosh_s + 1)**2 +
            eta_w*norm_u_0_2*sinh_s**2/eta_u +
            2*sqrt(eta_w)*overlap_0*sinh_s**3/(sqrt(eta_u)*(cosh_s + 1)))

    Args:
        norm_u_0_2: ‖u‖² at t = 0.
        norm_omega_0_2: ‖ω‖² at t = 0.
        overlap_0: Σ_i u_i ω_i at t = 0.
        state: as made by `at` or `limit`.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-13, median 2e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 49.
    """
    safe_decay = xp.where(xp.greater(state.decay, 0), state.decay, 1)
    gap = state.decayed / safe_decay
    other = c.eta_w * norm_u_0_2 / c.eta_u
    grown = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0), c.P * c.d / c.eta_u, c.Q * c.d / c.eta_u
    )
    safe_other = xp.where(xp.greater(other, 0), other, 1)
    safe_grown = xp.where(xp.greater(grown, 0), grown, 1)
    bound = xp.where(xp.greater(grown, 0), xp.sqrt(safe_grown), 0) * xp.where(
        xp.greater(other, 0), xp.sqrt(safe_other), 0
    )
    cross = _held(
        xp.where(
            xp.less_equal(c.lam * c.residual_0, 0),
            xp.sqrt(c.eta_w)
            * (xp.sqrt(c.eta_u) * overlap_0 + xp.sqrt(c.eta_w) * norm_u_0_2)
            / (2 * c.eta_u),
            xp.sqrt(c.eta_w)
            * (-xp.sqrt(c.eta_u) * overlap_0 + xp.sqrt(c.eta_w) * norm_u_0_2)
            / (2 * c.eta_u),
        ),
        bound,
        xp,
    )
    square = gap * (2 * cross + gap * grown) + other
    safe_square = xp.where(xp.greater(square, 0), square, 1)
    return xp.where(xp.greater(square, 0), state.decayed * xp.sqrt(safe_square), 0)


def tangent_kernel(
    inner: Any,
    b_1: Any,
    b_2: Any,
    across: Any,
    cross: Any,
    norm_u_2: Any,
    norm_omega_2: Any,
    c: Constants,
    xp: Any = np,
) -> Any:
    """Tangent kernel K(x₁, x₂) between two inputs, df(x₁)/dt = −2 K(x₁, x) (f(x) − y).

        K = gamma**2*(across*eta_u + b_1*b_2*eta_u*norm_omega_2 + cross*eta_u +
            eta_w*inner*norm_u_2)

    Args:
        inner: inner product of two inputs.
        b_1: component of the first input along the data.
        b_2: component of the second input along the data.
        across: Σ_i of products of preactivations across the data.
        cross: Σ_i ω_i (b_2 g_1i + b_1 g_2i), g across the data.
        norm_u_2: squared norm of the second layer.
        norm_omega_2: squared norm of ω.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 5e-16, median 8e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 13.
    """
    return c.gamma**2 * (
        across * c.eta_u
        + b_1 * b_2 * c.eta_u * norm_omega_2
        + cross * c.eta_u
        + c.eta_w * inner * norm_u_2
    )


def time_scale(c: Constants, xp: Any = np) -> Any:
    """Time scale t_c, with residual ~ exp(−4 t / t_c); infinite where R = 0.

        t_c = 2/R

    Args:
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 5e-16, median 9e-17, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 10.
    """
    safe_R = xp.where(xp.greater(c.R, 0), c.R, 1)
    return xp.where(xp.greater(c.R, 0), 2 / safe_R, xp.inf)


def time_to_loss(loss: Any, floor: Any, c: Constants, xp: Any = np) -> Any:
    """Time at which the loss has fallen to a value between its limit and its start.

        alpha = (f_target*lam + sqrt(4*A_P*A_Q + f_target**2*lam**2))/(2*A_P)
        S = (1 - residual_ratio)/(sqrt(alpha)*sqrt(residual_ratio)*(4*A_P + 4*A_Q/alpha))
        time = asinh(R*S)/R

    Args:
        loss: loss of what was given: a point, or the mean over a set.
        floor: loss that no weights can remove.
        c: as made by `constants`.
        xp: the namespace that computes.

    Accuracy: worst relative error 2e-14, median 2e-16, in float64.
    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 38-39, inverted.
    """
    distance = xp.sqrt(-floor + loss)
    f_target = c.y + xp.where(xp.greater_equal(c.residual_0, 0), distance, -distance)
    residual_ratio = distance * xp.where(
        xp.greater_equal(c.residual_0, 0), 1 / c.residual_0, -1 / c.residual_0
    )
    rising_divisor = 2 * c.A_P
    safe_rising_divisor = xp.where(xp.greater(rising_divisor, 0), rising_divisor, 1)
    falling_divisor = f_target * c.lam - xp.sqrt(4 * c.A_P * c.A_Q + f_target**2 * c.lam**2)
    safe_falling_divisor = xp.where(xp.less(f_target * c.lam, 0), falling_divisor, 1)
    alpha = xp.where(
        xp.greater_equal(f_target * c.lam, 0),
        (f_target * c.lam + xp.sqrt(4 * c.A_P * c.A_Q + f_target**2 * c.lam**2))
        / safe_rising_divisor,
        -2 * c.A_Q / safe_falling_divisor,
    )
    S = (1 - residual_ratio) / (
        xp.sqrt(alpha) * xp.sqrt(residual_ratio) * (4 * c.A_P + 4 * c.A_Q / alpha)
    )
    safe_R = xp.where(xp.greater(c.R, 0), c.R, 1)
    return xp.where(xp.greater(c.R, 0), xp.asinh(S * safe_R) / safe_R, S)


def activation(h: Any, network: Network, xp: Any = np) -> Any:
    """Activation σ.

        activation = h

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return h


def output(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution γ u σ(h) to the output.

        output = gamma*h*u

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return network.gamma * h * u


def velocity_u(h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity du/ds in warped time.

        velocity_u = eta_u*gamma*h

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return network.eta_u * network.gamma * h


def velocity_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity dh/ds in warped time.

        velocity_h = eta_w*gamma*rho_2*u

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return network.eta_w * network.gamma * network.rho_2 * u


def kernel(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution to df/ds, the tangent kernel at x.

        kernel = eta_u*gamma**2*h**2 + eta_w*gamma**2*rho_2*u**2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        network.eta_u * network.gamma**2 * h**2
        + network.eta_w * network.gamma**2 * network.rho_2 * u**2
    )


def kernel_by_u(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its u.

        kernel_by_u = 2*eta_w*gamma**2*rho_2*u

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return 2 * network.eta_w * network.gamma**2 * network.rho_2 * u


def kernel_by_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its h.

        kernel_by_h = 2*eta_u*gamma**2*h

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return 2 * network.eta_u * network.gamma**2 * h


def conserved(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """The neuron's conserved quantity, in units of u².

        conserved = -eta_u*h**2/(eta_w*rho_2) + u**2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 23.
    """
    return -network.eta_u * h**2 / (network.eta_w * network.rho_2) + u**2


def neuron(u_0: Any, h_0: Any, network: Network, xp: Any = np) -> Neuron:
    """The coefficients of a neuron's linear equation, from its start.

        mu = eta_u*eta_w*gamma**2*rho_2
        first = eta_w*gamma*rho_2*u_0/h_0
        second = eta_u*eta_w*gamma**2*rho_2
        discriminant = -eta_w*gamma**2*rho_2*(eta_u*h_0**2 - eta_w*rho_2*u_0**2)/h_0**2

    Args:
        u_0: initial second-layer weight of a neuron.
        h_0: initial preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 27.
    """
    mu = network.eta_u * network.eta_w * network.gamma**2 * network.rho_2
    first = network.eta_w * network.gamma * network.rho_2 * u_0 / h_0
    second = network.eta_u * network.eta_w * network.gamma**2 * network.rho_2
    discriminant = (
        -network.eta_w
        * network.gamma**2
        * network.rho_2
        * (network.eta_u * h_0**2 - network.eta_w * network.rho_2 * u_0**2)
        / h_0**2
    )
    return Neuron(u_0, h_0, mu, first, second, discriminant)


def place(s: Any, neuron: Neuron, xp: Any = np) -> Place:
    """A neuron's S, T and D at warped time s, scaled by exp(−√μ|s|) where μ > 0.

        S_mu = sinh(sqrt(mu)*s)/sqrt(mu)
        T_mu = (cosh(sqrt(mu)*s) - 1)/mu
        denominator = S_mu*first + T_mu*second + 1

    Args:
        s: warped time.
        neuron: as made by `neuron`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 29.
    """
    rate = xp.sqrt(xp.abs(neuron.mu))
    safe_rate = xp.where(xp.greater(rate, 0), rate, 1)
    angle = rate * xp.abs(s)
    decayed = xp.where(xp.greater(neuron.mu, 0), angle, 0)
    scale = xp.exp(-decayed)
    half = xp.sin(angle / 2)
    S_mu = xp.where(
        xp.greater(neuron.mu, 0),
        -xp.where(xp.greater_equal(s, 0), 1, -1) * xp.expm1(-2 * decayed) / (2 * safe_rate),
        xp.where(
            xp.less(neuron.mu, 0),
            xp.where(xp.greater_equal(s, 0), 1, -1) * xp.sin(angle) / safe_rate,
            s,
        ),
    )
    T_mu = xp.where(
        xp.greater(neuron.mu, 0),
        xp.expm1(-decayed) ** 2 / (2 * safe_rate**2),
        xp.where(xp.less(neuron.mu, 0), 2 * half**2 / safe_rate**2, s**2 / 2),
    )
    denominator = S_mu * neuron.first + T_mu * neuron.second + scale
    return Place(scale, S_mu, T_mu, denominator)


def entire_place(s: Any, neuron: Neuron, xp: Any = np) -> Place:
    """A neuron's S, T and D, unscaled, as entire functions of s.

        S_mu = sinh(sqrt(mu)*s)/sqrt(mu)
        T_mu = (cosh(sqrt(mu)*s) - 1)/mu
        denominator = S_mu*first + T_mu*second + 1

    Args:
        s: warped time.
        neuron: as made by `neuron`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 29.
    """
    rate = xp.sqrt(xp.abs(neuron.mu))
    safe_rate = xp.where(xp.greater(rate, 0), rate, 1)
    S_mu = xp.where(
        xp.greater(neuron.mu, 0),
        xp.sinh(rate * s) / safe_rate,
        xp.where(xp.less(neuron.mu, 0), xp.sin(rate * s) / safe_rate, s),
    )
    half = xp.where(
        xp.greater(neuron.mu, 0),
        xp.sinh(rate * s / 2) / safe_rate,
        xp.where(xp.less(neuron.mu, 0), xp.sin(rate * s / 2) / safe_rate, s / 2),
    )
    T_mu = 2 * half**2
    scale = 1
    denominator = S_mu * neuron.first + T_mu * neuron.second + 1
    return Place(scale, S_mu, T_mu, denominator)


def rational_place(z_top: Any, z_bottom: Any, neuron: Neuron, xp: Any = np) -> Place:
    """A neuron's S, T and D from z = z_top/z_bottom = 2 tanh(√μ s/2)/√μ, scaled to be polynomials.

        scale = -mu*z_top**2/4 + z_bottom**2
        S_mu = z_bottom*z_top
        T_mu = z_top**2/2

    Args:
        z_top: numerator of z = 2 tanh(√μ s/2)/√μ.
        z_bottom: denominator of z = 2 tanh(√μ s/2)/√μ.
        neuron: as made by `neuron`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 29.
    """
    scale = -neuron.mu * z_top**2 / 4 + z_bottom**2
    S_mu = z_bottom * z_top
    T_mu = z_top**2 / 2
    denominator = S_mu * neuron.first + T_mu * neuron.second + scale
    return Place(scale, S_mu, T_mu, denominator)


def u_at(network: Network, neuron: Neuron, place: Place, xp: Any = np) -> Any:
    """Second-layer weight at a warped time.

        u = S_mu*eta_u*gamma*h_0 + T_mu*eta_u*eta_w*gamma**2*rho_2*u_0 + u_0

    Args:
        network: hyperparameters.
        neuron: as made by `neuron`.
        place: as made by `place`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 7.
    """
    return (
        place.S_mu * network.eta_u * network.gamma * neuron.h_0
        + place.T_mu * network.eta_u * network.eta_w * network.gamma**2 * network.rho_2 * neuron.u_0
        + place.scale * neuron.u_0
    ) / place.scale


def h_at(network: Network, neuron: Neuron, place: Place, xp: Any = np) -> Any:
    """Preactivation at a warped time.

        h = S_mu*eta_w*gamma*rho_2*u_0 + T_mu*eta_u*eta_w*gamma**2*h_0*rho_2 + h_0

    Args:
        network: hyperparameters.
        neuron: as made by `neuron`.
        place: as made by `place`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 7.
    """
    return (
        place.S_mu * network.eta_w * network.gamma * network.rho_2 * neuron.u_0
        + place.T_mu * network.eta_u * network.eta_w * network.gamma**2 * neuron.h_0 * network.rho_2
        + neuron.h_0 * place.scale
    ) / place.scale


def gain_numerator(network: Network, neuron: Neuron, place: Place, xp: Any = np) -> Any:
    """Growth of a neuron's output since s = 0; every term has a factor S or T. Times a power of D.

        top = gamma**2*(S_mu**2*eta_u*eta_w*gamma*h_0*rho_2*u_0 +
            S_mu*T_mu*eta_u**2*eta_w*gamma**2*h_0**2*rho_2 +
            S_mu*T_mu*eta_u*eta_w**2*gamma**2*rho_2**2*u_0**2 + S_mu*eta_u*h_0**2 +
            S_mu*eta_w*rho_2*u_0**2 + T_mu**2*eta_u**2*eta_w**2*gamma**3*h_0*rho_2**2*u_0 +
            2*T_mu*eta_u*eta_w*gamma*h_0*rho_2*u_0)

    Args:
        network: hyperparameters.
        neuron: as made by `neuron`.
        place: as made by `place`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        network.gamma**2
        * (
            place.S_mu**2
            * network.eta_u
            * network.eta_w
            * network.gamma
            * neuron.h_0
            * network.rho_2
            * neuron.u_0
            + place.S_mu
            * place.T_mu
            * network.eta_u**2
            * network.eta_w
            * network.gamma**2
            * neuron.h_0**2
            * network.rho_2
            + place.S_mu
            * place.T_mu
            * network.eta_u
            * network.eta_w**2
            * network.gamma**2
            * network.rho_2**2
            * neuron.u_0**2
            + place.S_mu * network.eta_u * neuron.h_0**2 * place.scale
            + place.S_mu * network.eta_w * network.rho_2 * place.scale * neuron.u_0**2
            + place.T_mu**2
            * network.eta_u**2
            * network.eta_w**2
            * (network.gamma * network.gamma**2)
            * neuron.h_0
            * network.rho_2**2
            * neuron.u_0
            + 2
            * place.T_mu
            * network.eta_u
            * network.eta_w
            * network.gamma
            * neuron.h_0
            * network.rho_2
            * place.scale
            * neuron.u_0
        )
        / place.scale**2
    )


def gain(top: Any, place: Place, xp: Any = np) -> Any:
    """Growth of a neuron's output since s = 0; every term has a factor S or T.

        gain = gamma**2*(S_mu**2*eta_u*eta_w*gamma*h_0*rho_2*u_0 +
            S_mu*T_mu*eta_u**2*eta_w*gamma**2*h_0**2*rho_2 +
            S_mu*T_mu*eta_u*eta_w**2*gamma**2*rho_2**2*u_0**2 + S_mu*eta_u*h_0**2 +
            S_mu*eta_w*rho_2*u_0**2 + T_mu**2*eta_u**2*eta_w**2*gamma**3*h_0*rho_2**2*u_0 +
            2*T_mu*eta_u*eta_w*gamma*h_0*rho_2*u_0)

    Args:
        top: numerator of the gain of a neuron's output.
        place: as made by `place`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return top


def pole(neuron: Neuron, xp: Any = np) -> Any:
    """The first warped time s > 0 at which the neuron is infinite; infinity if it never is.

        pole = oo

    Args:
        neuron: as made by `neuron`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 29.
    """
    return xp.inf
