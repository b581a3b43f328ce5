"""What ours is compared with, one file each: formulas typed by hand, and integrators of the weights.

The equations are written from Xu & Ziyin 2025, Eq. 1 and 2, σ and σ′ by hand. What is not among the
project's dependencies comes with the extra `peers` of pyproject.toml.
"""

from __future__ import annotations

import importlib.util

EXTRA = "peers"
OPTIONAL = ("numba", "heyoka", "diffrax", "torchdiffeq")  # packages of the extra


def is_installed(package: str) -> bool:
    """Whether a package can be imported."""
    return importlib.util.find_spec(package) is not None


def missing() -> list[str]:
    """Packages of the extra that are not there."""
    return [name for name in OPTIONAL if not is_installed(name)]
