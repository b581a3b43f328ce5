"""Starts of many networks in numpy: what `prepared` does for one, of arrays of double-double numbers.

What is not plain is told, and left to flows of its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from numeric.data.arrays import Bools, Floats, Integers
from numeric.data.lines import EffectivePoints
from numeric.data.many import Problems
from numeric.double_double import DoubleDouble, Precise
from numeric.generated import linear
from numeric.methods.explicit.sums import CANCELLED

MIDDLE = 200  # exponents of sizes with which nothing comes near the ends of the range
LEAST = 2.0**-1022  # normal number
Rates = dict[str, DoubleDouble]


class Exponents(NamedTuple):
    """The exponents of `Units`, of a network an entry."""

    u: Integers
    omega: Integers
    rho: Integers
    f: Integers
    time: Integers


class Starts(NamedTuple):
    """Networks at t = 0.

    Attributes:
        known: constants and sums by name, in units.
        units: exponents of u, ω, ρ, f and time.
        is_plain: whether they are right.
    """

    known: dict[str, Floats]
    units: Exponents
    is_plain: Bools


def rates(problems: Problems, points: EffectivePoints) -> Rates:
    """γ, η_u, η_w, ρ, y and the floor, of all networks in one entry or one each."""
    given = {name: getattr(problems, name) for name in ("gamma", "eta_u", "eta_w")}
    found = {name: DoubleDouble.of(values) for name, values in given.items()}
    return found | {"rho": points.strength, "y": points.target, "floor": points.floor}


@np.errstate(all="ignore")
def of(u: Floats, W: Floats, direction: DoubleDouble, widths: Integers, given: Rates) -> Starts:
    """Starts of networks.

    Args:
        u: second layers, shape (B, d).
        W: first layers, shape (B, d, d0).
        direction: e, shape (B or 1, d0).
        widths: numbers of neurons.
        given: their rates.
    """
    e = direction[:, None]
    omega = DoubleDouble(W[..., 0]) * e[..., 0]
    for j in range(1, W.shape[2]):
        omega = omega + DoubleDouble(W[..., j]) * e[..., j]
    large_u, large_omega = np.abs(u).max(axis=1), np.abs(omega.hi).max(axis=1)
    gamma, eta_u, eta_w, rho, y = (
        _exponents(given[name]) for name in ("gamma", "eta_u", "eta_w", "rho", "y")
    )
    n, ratio = gamma + rho, (eta_u - eta_w) // 2
    of_u, of_omega = np.frexp(large_u)[1].astype(np.int64), np.frexp(large_omega)[1] + ratio
    a = np.where(
        large_omega == 0, of_u, np.where(large_u == 0, of_omega, np.maximum(of_u, of_omega))
    )
    b = a - ratio
    f = n + a + b
    c = eta_w + 2 * n + 2 * a + np.maximum(0, y - f) // 2
    for_u, for_w = 2 * n + 2 * b - c, 2 * n + 2 * a - c
    is_plain = _is_middle(large_u) & _is_middle(large_omega)
    for value in given.values():
        is_plain = is_plain & _is_middle(value.hi)
    for exponent in (2 * a, 2 * b, a + b, f, c, for_u, for_w):
        is_plain = is_plain & (np.abs(exponent) <= 3 * MIDDLE)
    a, b, f, c = (np.where(is_plain, z, 0) for z in (a, b, f, c))
    rate = [
        _scaled(given[name], exponent)
        for name, exponent in (
            ("gamma", -gamma), ("eta_u", for_u), ("eta_w", for_w), ("rho", -rho), ("y", -f)
        )
    ]  # fmt: skip
    in_units = DoubleDouble(np.ldexp(u, -a[:, None])), _scaled(omega, -b[:, None])
    rows = np.ldexp(W, -b[:, None, None]).reshape(len(W), -1)
    known, good = _constants(*in_units, rows, widths, rate)
    known["floor"] = _scaled(given["floor"], -2 * f).hi + 0.0 * known["gram"]
    return Starts(known, Exponents(a, b, rho + 0 * a, f, c), is_plain & good)


def _constants(
    u: DoubleDouble, omega: DoubleDouble, rows: Floats, widths: Integers, rate: list[DoubleDouble]
) -> tuple[dict[str, Floats], Bools]:
    """Constants and sums in units, rounded, and whether they are plain."""
    gamma, eta_u, eta_w, rho, y = rate
    u_2, omega_2, overlap = (
        (one * two).sum(axis=-1) for one, two in ((u, u), (omega, omega), (u, omega))
    )
    W_2 = omega_2 if rows.shape == u.hi.shape else DoubleDouble.product(rows, rows).sum(axis=-1)
    gram, across = u_2 * omega_2 - overlap * overlap, W_2 - omega_2
    is_alone = widths == 1  # two vectors of one component are parallel
    gram = Precise().where(is_alone, 0.0, gram)
    squares = eta_u * omega_2 + eta_w * u_2
    crossed = 2.0 * (eta_u * eta_w).sqrt() * overlap
    p_2, q_2 = (squares + crossed) / 4.0, (squares - crossed) / 4.0
    d = DoubleDouble(widths.astype(np.float64))
    f_0 = linear.initial_output(gamma, rho, overlap)
    c = linear.constants(gamma, eta_u, eta_w, rho, y, d, p_2 / d, q_2 / d, f_0, f_0 - y, Precise())
    is_plain = is_alone | (gram.hi > CANCELLED * (u_2 * omega_2).hi)
    is_plain = is_plain & (gamma.hi != 0) & (rho.hi > 0)
    is_plain &= (p_2.hi > CANCELLED * squares.hi) & (q_2.hi > CANCELLED * squares.hi)
    is_plain &= (across.hi > CANCELLED * W_2.hi) | ((across.hi == 0) & (across.lo == 0))
    for value in (u_2, omega_2, overlap, y, f_0, f_0 - y):
        is_plain = is_plain & _is_middle(value.hi)
    known = {name: z.hi + 0.0 * gram.hi for name, z in zip(c._fields, c, strict=True)}
    balance = linear.balance(eta_u, eta_w, u_2, omega_2)
    sums = {
        "norm_u_0_2": u_2, "norm_omega_0_2": omega_2, "overlap_0": overlap, "gram": gram,
        "balance": balance, "perp_2": across,
    }  # fmt: skip
    return known | {name: np.asarray(z.hi) for name, z in sums.items()}, is_plain


def _exponents(value: DoubleDouble) -> Integers:
    return np.asarray(np.frexp(value.hi)[1], dtype=np.int64)


def _is_middle(values: Floats) -> Bools:
    """Whether numbers are 0 or in the middle of the range."""
    sizes = np.abs(values)
    inside = (sizes >= LEAST) & (np.abs(np.frexp(values)[1]) < MIDDLE)
    return np.asarray((sizes == 0) | (inside & np.isfinite(values)))


def _scaled(value: DoubleDouble, exponents: Any) -> DoubleDouble:
    return DoubleDouble(np.ldexp(value.hi, exponents), np.ldexp(value.lo, exponents))
