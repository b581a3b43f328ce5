"""The same formula compiled by numba: the three sums in one loop over the weights."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

from verify.measurements.bench.peers import formula
from verify.measurements.bench.peers.formula import Curve, Floats

PACKAGE = "numba"


@functools.cache
def _compiled() -> Callable[[Floats, Floats], tuple[float, float, float]]:
    numba = importlib.import_module(PACKAGE)

    def sums(u: Any, w: Any) -> tuple[float, float, float]:
        uu = ww = uw = 0.0
        for i in range(u.size):
            uu += u[i] * u[i]
            ww += w[i] * w[i]
            uw += u[i] * w[i]
        return uu, ww, uw

    # Sums may be reordered: without that no loop of sums is vectorised.
    return numba.njit(sums, fastmath={"reassoc", "contract"})


@functools.cache
def _curve() -> Callable[..., tuple[Any, Any]]:
    numba = importlib.import_module(PACKAGE)
    np = importlib.import_module("numpy")
    sums = _compiled()

    def curve(u: Any, w: Any, x: Any, y: Any, gamma: Any, eta_u: Any, eta_w: Any, t: Any) -> Any:
        uu, ww, uw = sums(u, w)
        d = u.size
        rho, root, sign = abs(x), np.sqrt(eta_u * eta_w), (1.0 if x > 0 else -1.0)
        squares, product = eta_u * ww + eta_w * uu, 2 * root * sign * uw
        P, Q = (squares + product) / (4 * d), (squares - product) / (4 * d)
        pq = (eta_u * ww - eta_w * uu) / (4 * d)
        drive, strength = root * gamma * rho * y, gamma * gamma * d * rho**2
        rate = np.sqrt(drive**2 + 4 * strength**2 * P * Q)
        plus, minus = (rate + drive) / (2 * strength * P), (rate - drive) / (2 * strength * P)
        start = (1 - plus) / (1 + minus)
        loss, alignment = np.empty(t.size), np.empty(t.size)
        for k in range(t.size):
            xi = start * np.exp(-4 * rate * t[k])
            alpha = (plus + xi * minus) / (1 - xi)
            grown, fallen = alpha * P, Q / alpha
            loss[k] = (gamma * rho * d * (grown - fallen) / root - y) ** 2
            alignment[k] = (grown - fallen) / np.sqrt((grown + fallen) ** 2 - 4 * pq**2)
        return loss, alignment

    return numba.njit(curve)


def curve(
    u0: Floats, w0: Floats, x: float, y: float, rates: tuple[float, float, float], times: Floats
) -> Curve:
    """Loss and alignment, see `formula.curve`; the first call compiles."""
    return formula.Curve(*_curve()(u0, w0, x, y, *rates, times))
