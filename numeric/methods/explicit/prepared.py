"""What curves need of a start, in machine code: units, double-double constants, rounded.

It is `start` and `units` again, for what is plain; where more than eight digits cancel, or sizes leave
the middle of float64's range, it says so and nothing else.
"""

# mypy: ignore-errors
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, exponent_of, jit, pair, two_to
from numeric.generated.compiled import linear

CANCELLED = 1e-8  # as in `sums`
COARSE = 2.0**-16  # the same where sums have the digits of `compiled.columns`
SMALLEST = 2.0**-20  # of sums of terms of both signs, which are small in wide layers
SMALL, LOST = 2.0**-960, 2.0**-9  # as in `floats`
DYING, FALLING = 400.0, 600.0
LEAST = 2.0**-1022  # normal number
MIDDLE = 200  # exponents of sizes with which nothing comes near the ends of the range


@jit
def _scaled(value, exponent):
    return pair(value.hi * two_to(exponent), value.lo * two_to(exponent))


@call
def _is_middle(value):
    """Whether a number is 0 or in the middle of the range."""
    return value == 0 or (abs(value) >= LEAST and abs(exponent_of(value)) < MIDDLE)


@kernel
def prepare(sums, rates, width, factor, known, rests, units):
    """Constants, sums and limits of a start; whether it is plain.

    Args:
        sums: Σu², Σω², Σuω, Σw², each with its rest, and the largest |u| and |ω|.
        rates: γ, η_u, η_w, ρ, y and the floor, each with its rest.
        width: number of neurons.
        factor: by which time is multiplied.
        known: is written, in the order of KNOWN.
        rests: is written, of the constants.
        units: is written: exponents of u, ω, ρ, f and time.
    """
    return _prepare(sums, rates, width, factor, known, rests, units, False)


@kernel
def begin(columns, numbers, coarse, known, rests, units):
    """The same of one input, from sums over columns; whether it is plain.

    Args:
        columns: as `compiled.columns` has them.
        numbers: γ, η_u, η_w, each with its rest, the input, y, the width, and by what time is multiplied.
        coarse: whether the sums have fewer digits than twice those of float64, so that less may cancel.
        known: is written, in the order of KNOWN.
        rests: is written, of the constants.
        units: is written: exponents of u, ω, ρ, f and time.
    """
    x = numbers[6]
    sign = 1.0 if x > 0 else -1.0
    sums, rates = np.empty(10), np.zeros(12)
    sums[:4], sums[4], sums[5] = columns[:4], sign * columns[4], sign * columns[5]
    sums[6], sums[7], sums[8], sums[9] = columns[2], columns[3], columns[6], columns[7]
    for k in range(6):
        rates[k] = numbers[k]
    rates[6], rates[8] = abs(x), numbers[7]
    return _prepare(sums, rates, numbers[8], numbers[9], known, rests, units, coarse)


@call
def _prepare(sums, rates, width, factor, known, rests, units, coarse):
    for k in range(6):
        if not _is_middle(rates[2 * k]):
            return False
    if not (_is_middle(sums[8]) and _is_middle(sums[9]) and _is_middle(factor)):
        return False
    gamma, eta_u, eta_w = exponent_of(rates[0]), exponent_of(rates[2]), exponent_of(rates[4])
    rho, y = exponent_of(rates[6]), exponent_of(rates[8])
    n, ratio = gamma + rho, (eta_u - eta_w) // 2
    a, found = 0, False
    if sums[8] > 0:
        a, found = exponent_of(sums[8]), True
    if sums[9] > 0:
        beside = exponent_of(sums[9]) + ratio
        a = max(a, beside) if found else beside
    b = a - ratio
    f = n + a + b
    c = eta_w + 2 * n + 2 * a + max(0, y - f) // 2
    units[0], units[1], units[2], units[3], units[4] = a, b, rho, f, c
    return _constants(sums, rates, width, factor, known, rests, units, gamma, coarse)


@call
def _constants(sums, rates, width, factor, known, rests, units, gamma_exponent, coarse):
    share = COARSE if coarse else CANCELLED
    a, b, rho_exponent, f, c = units[0], units[1], units[2], units[3], units[4]
    n = gamma_exponent + rho_exponent
    for exponent in (a, b, f, c, 2 * a, 2 * b, a + b, 2 * n + 2 * b - c, 2 * n + 2 * a - c):
        if abs(exponent) > 3 * MIDDLE:
            return False
    gamma = _scaled(pair(rates[0], rates[1]), -gamma_exponent)
    eta_u = _scaled(pair(rates[2], rates[3]), 2 * n + 2 * b - c)
    eta_w = _scaled(pair(rates[4], rates[5]), 2 * n + 2 * a - c)
    rho = _scaled(pair(rates[6], rates[7]), -rho_exponent)
    y = _scaled(pair(rates[8], rates[9]), -f)
    u_2 = _scaled(pair(sums[0], sums[1]), -2 * a)
    omega_2 = _scaled(pair(sums[2], sums[3]), -2 * b)
    overlap = _scaled(pair(sums[4], sums[5]), -a - b)
    W_2 = _scaled(pair(sums[6], sums[7]), -2 * b)
    gram, across = u_2 * omega_2 - overlap * overlap, W_2 - omega_2
    squares = eta_u * omega_2 + eta_w * u_2
    crossed = 2.0 * linear.xp.sqrt(eta_u * eta_w) * overlap
    p_2, q_2 = (squares + crossed) / 4.0, (squares - crossed) / 4.0
    plain = (
        gram.hi > share * (u_2.hi * omega_2.hi)
        and p_2.hi > share * squares.hi
        and q_2.hi > share * squares.hi
        and (across.hi > share * W_2.hi or (across.hi == 0 and across.lo == 0))
        and gamma.hi != 0
        and rho.hi > 0
        and _is_middle(u_2.hi)
        and _is_middle(omega_2.hi)
        and _is_middle(overlap.hi)
        and _is_middle(y.hi)
    )
    if not plain:
        return False
    d = pair(float(width), 0.0)
    f_0 = linear.initial_output(gamma, rho, overlap)
    if not _is_middle(f_0.hi) or not _is_middle((f_0 - y).hi):
        return False
    balance = linear.balance(eta_u, eta_w, u_2, omega_2).hi
    if coarse:
        reach = SMALLEST * abs(gamma.hi * rho.hi) * math.sqrt(u_2.hi * omega_2.hi)
        if not (abs(f_0.hi) > reach and abs((f_0 - y).hi) > reach):
            return False
        if not abs(balance) > SMALLEST * squares.hi:
            return False
    constants = linear.constants(gamma, eta_u, eta_w, rho, y, d, p_2 / d, q_2 / d, f_0, f_0 - y)
    end = linear.limit(constants)
    time_scale = linear.time_scale(constants).hi
    for k, entry in enumerate(in_order(constants)):
        known[k], rests[k] = entry.hi, entry.lo
    k = len(linear.CONSTANTS)
    floor = _scaled(pair(rates[10], rates[11]), 0).hi * two_to(-f) * two_to(-f)
    for entry in (balance, floor, gram.hi, omega_2.hi, u_2.hi, overlap.hi, across.hi):
        known[k] = entry
        k += 1
    dies = end.decay.hi == 0 and end.f.hi == 0
    passes = constants.f_0.hi * end.f.hi < 0
    known[k] = factor * two_to(c)
    known[k + 1] = time_scale / 4 * (DYING if dies else FALLING)
    known[k + 2] = SMALL
    known[k + 3] = LOST * abs(constants.f_0.hi) if passes else 0.0
    return True


@jit
def in_order(c):
    """Constants as a tuple of one kind, which a loop can go over."""
    return (
        c.gamma, c.eta_u, c.eta_w, c.rho, c.y, c.d, c.P, c.Q, c.f_0, c.residual_0, c.lam, c.A_P,
        c.A_Q, c.B, c.R, c.r_plus, c.r_minus,
    )  # fmt: skip
