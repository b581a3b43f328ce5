"""The paper's closed formula for the linear network, typed by hand: Theorem 1 with Eqs. 4, 8 to 11.

With one input, as it stands there: P and Q from three sums over the weights, ξ(t) and α(t) = p²/p(0)².
As in Eq. 8, α₋ counts positive: it is the negative of what Eq. 11 prints (α₊ α₋ = Q/P is said below it).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Curve(NamedTuple):
    """Loss and alignment at the times."""

    loss: Any
    alignment: Any


def curve(
    u0: Floats, w0: Floats, x: float, y: float, rates: tuple[float, float, float], times: Floats
) -> Curve:
    """Loss and alignment.

    Args:
        u0: initial second layer, shape (d,), or (batch, d).
        w0: initial first layer, the same.
        x: the input.
        y: its target.
        rates: γ, η_u, η_w.
        times: shape (n,).

    Returns:
        Shape (n,), or (batch, n).
    """
    uu, ww, uw = (np.vecdot(a, b)[..., None] for a, b in ((u0, u0), (w0, w0), (u0, w0)))
    return of_sums(uu, ww, uw, u0.shape[-1], x, y, rates, times, np)


def of_sums(
    uu: Any,
    ww: Any,
    uw: Any,
    d: int,
    x: Any,
    y: Any,
    rates: tuple[Any, Any, Any],
    times: Any,
    xp: Any,
) -> Curve:
    """The same from Σu², Σw² and Σuw, in the functions of a namespace (numpy, mpmath)."""
    gamma, eta_u, eta_w = rates
    rho, root, sign = abs(x), xp.sqrt(eta_u * eta_w), (1 if x > 0 else -1)
    squares, product = eta_u * ww + eta_w * uu, 2 * root * sign * uw
    P, Q = (squares + product) / (4 * d), (squares - product) / (4 * d)
    drive, strength = root * gamma * rho * y, gamma * gamma * d * rho**2
    rate = xp.sqrt(drive**2 + 4 * strength**2 * P * Q)  # 1/t_c
    plus, minus = (rate + drive) / (2 * strength * P), (rate - drive) / (2 * strength * P)
    xi = (1 - plus) / (1 + minus) * xp.exp(-4 * rate * times)
    alpha = (plus + xi * minus) / (1 - xi)
    grown, fallen = alpha * P, Q / alpha
    f = gamma * rho * d * (grown - fallen) / root
    pq = (eta_u * ww - eta_w * uu) / (4 * d)  # mean of p q, conserved
    return Curve((f - y) ** 2, (grown - fallen) / xp.sqrt((grown + fallen) ** 2 - 4 * pq**2))
