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
SMALL, LOST = 2.0**-960, 2.0**-8  # as in `floats`
DYING, FALLING = 400.0, 600.0
LEAST = 2.0**-1022  # normal number
MIDDLE = 200  # exponents of sizes with which nothing comes near the ends of the range
SLACK = 1e-9  # as in `proved`
# Of what is known a row each, for observables that fall with the residual, that pass zero with the
# output, and for all others: what a loop need not ask is a bound that everything meets.
KINDS = FALLS, PASSES, KEEPS = range(3)
# Between which observables are, by what is proved of them, a row of two numbers each.
BOUNDS = ALIGNMENT, OUTPUT, RESIDUAL, LOSS, SIGNED, SIZE = range(6)
PLACE = {name: place for place, name in enumerate(linear.KNOWN)}
TIME, LATE, LEAST_RATIO, LEAST_OUTPUT = (PLACE[name] for name in linear.LIMITS)
FLOOR, F_0, RESIDUAL_0, Y = (PLACE[name] for name in ("floor", "f_0", "residual_0", "y"))
A_P, A_Q, B, R = (PLACE[name] for name in ("A_P", "A_Q", "B", "R"))


@jit
def _scaled(value, exponent):
    return pair(value.hi * two_to(exponent), value.lo * two_to(exponent))


@call
def _is_middle(value):
    """Whether a number is 0 or in the middle of the range."""
    return value == 0 or (abs(value) >= LEAST and abs(exponent_of(value)) < MIDDLE)


@kernel
def prepare(sums, rates, width, factor, known, rests, units, bounds):
    """Constants, sums and limits of a start; whether it is plain.

    Args:
        sums: Σu², Σω², Σuω, Σw², each with its rest, and the largest |u| and |ω|.
        rates: γ, η_u, η_w, ρ, y and the floor, each with its rest.
        width: number of neurons.
        factor: by which time is multiplied.
        known: is written: a row for each kind, in the order of KNOWN.
        rests: is written, of the constants.
        units: is written: exponents of u, ω, ρ, f and time.
        bounds: is written.
    """
    return _prepare(sums, rates, width, factor, known, rests, units, bounds, False)


@kernel
def begin(columns, numbers, coarse, known, rests, units, bounds):
    """The same of one input, from sums over columns; whether it is plain.

    Args:
        columns: as `compiled.columns` has them.
        numbers: γ, η_u, η_w, each with its rest, the input, y, the width, and by what time is multiplied.
        coarse: whether the sums have fewer digits than twice those of float64, so that less may cancel.
        known: is written: a row for each kind, in the order of KNOWN.
        rests: is written, of the constants.
        units: is written: exponents of u, ω, ρ, f and time.
        bounds: is written.
    """
    x = numbers[6]
    sign = 1.0 if x > 0 else -1.0
    sums, rates = np.empty(10), np.zeros(12)
    sums[:4], sums[4], sums[5] = columns[:4], sign * columns[4], sign * columns[5]
    sums[6], sums[7], sums[8], sums[9] = columns[2], columns[3], columns[6], columns[7]
    for k in range(6):
        rates[k] = numbers[k]
    rates[6], rates[8] = abs(x), numbers[7]
    return _prepare(sums, rates, numbers[8], numbers[9], known, rests, units, bounds, coarse)


@call
def _prepare(sums, rates, width, factor, known, rests, units, bounds, coarse):
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
    if not _constants(sums, rates, width, factor, known[FALLS], rests, units, gamma, coarse):
        return False
    _set_apart(known)
    _bound(known[FALLS], bounds)
    return True


@call
def _set_apart(known):
    """Rows for observables that ask for less than those that fall with the residual."""
    of = known[FALLS]
    dies = of[R] > 0 and ((of[A_P] == 0 and of[B] > 0) or (of[A_Q] == 0 and of[B] < 0))
    for kind in (PASSES, KEEPS):
        known[kind] = of
        known[kind, LEAST_RATIO] = 0.0
        if not dies:
            known[kind, LATE] = math.inf
    known[FALLS, LEAST_OUTPUT] = known[KEEPS, LEAST_OUTPUT] = 0.0


@call
def _bound(of, bounds):
    """Between what observables are."""
    bounds[ALIGNMENT, 0], bounds[ALIGNMENT, 1] = -1 - SLACK, 1 + SLACK
    bounds[LOSS, 0] = of[FLOOR] * (1 - SLACK)
    bounds[LOSS, 1] = (of[FLOOR] + of[RESIDUAL_0] * of[RESIDUAL_0]) * (1 + SLACK)
    bounds[SIGNED, 0], bounds[SIGNED, 1] = -math.inf, math.inf
    bounds[SIZE, 0], bounds[SIZE, 1] = 0.0, math.inf
    for row, start, end in ((OUTPUT, of[F_0], of[Y]), (RESIDUAL, of[RESIDUAL_0], 0.0)):
        room = SLACK * max(abs(start), abs(end))
        bounds[row, 0], bounds[row, 1] = min(start, end) - room, max(start, end) + room


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
