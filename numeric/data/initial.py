"""Random initial weights, as section 3.2 and appendix C.1 of Xu & Ziyin 2025 set them.

All kinds draw u ~ N(0, sigma_u² I_d) first, then W, from numpy's PCG64 with the given seed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def gaussian(generator: np.random.Generator, u: Floats, e: Floats, sigma_w: float) -> Floats:
    """W ~ N(0, sigma_w²), independent of u."""
    return sigma_w * generator.standard_normal((u.size, e.size))


def orthogonal(generator: np.random.Generator, u: Floats, e: Floats, sigma_w: float) -> Floats:
    """W = u eᵀ: the two layers are parallel along the data; sigma_w is not used."""
    return np.outer(u, e)


def near_orthogonal(generator: np.random.Generator, u: Floats, e: Floats, sigma_w: float) -> Floats:
    """W = u eᵀ + N(0, sigma_w²): parallel up to noise."""
    return orthogonal(generator, u, e, sigma_w) + gaussian(generator, u, e, sigma_w)


KINDS: dict[str, Callable[[np.random.Generator, Floats, Floats, float], Floats]] = {
    "gaussian": gaussian,
    "orthogonal": orthogonal,
    "near_orthogonal": near_orthogonal,
}


def draw(
    kind: str, width: int, e: Floats, sigma_u: float, sigma_w: float, seed: int
) -> tuple[Floats, Floats]:
    """Initial weights u (width) and W (width × d0).

    Args:
        kind: one of `KINDS`.
        width: d.
        e: unit vector along the data, shape (d0,).
        sigma_u: standard deviation of u.
        sigma_w: standard deviation of W, or of its noise.
        seed: of the generator.
    """
    generator = np.random.default_rng(seed)
    u = sigma_u * generator.standard_normal(width)
    return u, KINDS[kind](generator, u, np.asarray(e, dtype=np.float64), sigma_w)
