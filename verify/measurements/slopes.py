"""Exponents measured: slopes of the closed form between two huge values of κ.

A network of any width is represented by two neurons with the same Σu², Σω² and Σuω, on which alone the
flow of both layers within their plane depends. The sums are drawn once, as mean plus fluctuation, and
scaled to κ = 10^30 and 10^40; the generated closed form is evaluated in mpmath with digits to spare, and
everything is measured of the raw weights by its definition. No rewriting of `symbolic.limits.exponents`
is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf

from numeric.generated import linear
from numeric.generated.scaling.linear import Scales
from numeric.namespaces import Mpmath

DIGITS = 2500
DECADES = 30, 40
FIXED_WIDTH = 8
TARGET = mpf("1.3")
TIMES = (0.3, 1.0, 3.0)  # in units of t_c, at which Definition 1 looks at the kernel


@dataclass(frozen=True)
class Draw:
    """Random numbers of order one, the same for every κ.

    Attributes:
        uu, oo, uo: fluctuations of the means of u², ω² and uω; at fixed width `cosine` instead.
        cosine: of u and ω at fixed width, and the correlation of a correlated start.
    """

    uu: float
    oo: float
    uo: float
    cosine: float


def weights(c: Scales, start: str, kappa: Any, draw: Draw) -> tuple[Any, list[Any], list[Any]]:
    """Width, and two neurons that stand for the layers: u and ω."""
    d = kappa ** _exact(c.c_d) if c.c_d else mpf(FIXED_WIDTH)
    grows = c.c_d > 0
    sizes = [
        mp.sqrt(d * kappa ** _exact(e) * (1 + (g / mp.sqrt(d) if grows else g / 3)))
        for e, g in ((c.c_u, mpf(draw.uu)), (c.c_w, mpf(draw.oo)))
    ]
    cosine = {
        "independent": mpf(draw.uo) / mp.sqrt(d) if grows else mpf(draw.cosine),
        "correlated": mpf(draw.cosine),
        "zero-output": mpf(0),
    }[start]
    return d, [sizes[0], mpf(0)], [sizes[1] * cosine, sizes[1] * mp.sqrt(1 - cosine**2)]


def observe(c: Scales, start: str, kappa: Any, draw: Draw) -> dict[str, Any]:
    """Everything that has an exponent, and the kernel on the way as "path", at one κ."""
    d, u0, omega0 = weights(c, start, kappa, draw)
    gamma, eta_u, eta_w = (kappa ** _exact(e) for e in (c.c_gamma, c.c_eta_u, c.c_eta_w))
    pairs = list(zip(u0, omega0, strict=True))
    p = [(mp.sqrt(eta_u) * omega + mp.sqrt(eta_w) * u) / 2 for u, omega in pairs]
    q = [(mp.sqrt(eta_u) * omega - mp.sqrt(eta_w) * u) / 2 for u, omega in pairs]
    P, Q = (_square(z) / d for z in (p, q))
    f_0 = gamma * _dot(u0, omega0)
    xp = Mpmath(mp)
    constants = linear.constants(
        gamma, eta_u, eta_w, mpf(1), TARGET, d, P, Q, f_0, f_0 - TARGET, xp
    )

    def at(state: Any) -> tuple[list[Any], list[Any]]:
        u, omega = (
            [weight(z, a, b, state, constants, xp) for z, a, b in zip(start_, p, q, strict=True)]
            for weight, start_ in ((linear.weight_u, u0), (linear.weight_omega, omega0))
        )
        return u, omega

    def kernel(u: Sequence[Any], omega: Sequence[Any]) -> Any:
        return gamma**2 * (eta_u * _square(omega) + eta_w * _square(u))

    t_c = linear.time_scale(constants, xp)
    end = linear.limit(constants, xp)
    u, omega = at(end)
    first, last = kernel(u0, omega0), kernel(u, omega)
    path = [kernel(*at(linear.at(t * t_c, constants, xp))) / first - 1 for t in TIMES]
    return {
        "P": P, "Q": Q, "P_minus_Q": P - Q, "output_0": f_0, "t_c": t_c, "R": 1 / t_c,
        "kernel_0": first, "kernel": last, "kernel_change": last / first - 1,
        "alpha": end.alpha, "alpha_minus_1": end.alpha - 1,
        "movement_u": _distance(u, u0) / mp.sqrt(_square(u0)),
        "movement_w": _distance(omega, omega0) / mp.sqrt(_square(omega0)),
        "norm_u": mp.sqrt(_square(u)), "norm_w": mp.sqrt(_square(omega)),
        "alignment_0": _cosine(u0, omega0), "alignment": _cosine(u, omega),
        "path": [*path, last / first - 1],
    }  # fmt: skip


def slopes(c: Scales, start: str, draw: Draw) -> dict[str, float]:
    """Exponents as slopes between the two κ; −inf for what is zero at both."""
    with mp.workdps(DIGITS):
        low, high = (observe(c, start, mpf(10) ** k, draw) for k in DECADES)
        found = {}
        for name in (z for z in low if z != "path"):
            if low[name] == 0 == high[name]:
                found[name] = -float("inf")
            else:
                ratio = mp.log10(abs(high[name]) / abs(low[name]))
                found[name] = float(ratio / (DECADES[1] - DECADES[0]))
        return found


def kernel_is_fixed(c: Scales, start: str, draw: Draw) -> bool:
    """Definition 1, (1): K(t) tends to K(0) at every time looked at, the end included."""
    with mp.workdps(DIGITS):
        low, high = (observe(c, start, mpf(10) ** k, draw)["path"] for k in DECADES)
        return all(abs(b) < abs(a) / 2 and abs(b) < 1 for a, b in zip(low, high, strict=True))


def _exact(exponent: Any) -> Any:
    return mpf(exponent.numerator) / exponent.denominator


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return sum((x * y for x, y in zip(a, b, strict=True)), mpf(0))


def _square(a: Sequence[Any]) -> Any:
    return _dot(a, a)


def _distance(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return mp.sqrt(_square([x - y for x, y in zip(a, b, strict=True)]))


def _cosine(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return _dot(a, b) / mp.sqrt(_square(a) * _square(b))
