"""Polynomials by their values at the Chebyshev nodes of a unit stretch, as matrices on these values."""

from __future__ import annotations

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from numeric.methods.warp.panels import GAUSS, GAUSS_WEIGHTS, unit_nodes

Floats = NDArray[np.float64]

NODES = 24
UNIT = unit_nodes(NODES)


def _basis(z: Floats) -> Floats:
    """Chebyshev polynomials at places from 0 to 1."""
    return np.asarray(chebyshev.chebvander(2 * z - 1, NODES - 1))


# Chebyshev coefficients from values: polynomials are orthogonal in sums over the nodes.
COEFFICIENTS = _basis(UNIT).T * np.where(np.arange(NODES) == 0, 1.0, 2.0)[:, None] / NODES


def values(z: Floats) -> Floats:
    """Rows that take values at the nodes to values at places z, shape (z, NODES)."""
    return np.asarray(_basis(z) @ COEFFICIENTS)


_MEANS = COEFFICIENTS @ np.einsum(
    "ngk,g->nk", _basis(UNIT[:, None] / 2 * (1 + GAUSS)), GAUSS_WEIGHTS / 2
) @ COEFFICIENTS  # fmt: skip


def integrals(z: Floats) -> Floats:
    """Rows for the integral from 0 to z, to full relative accuracy also where z is small."""
    return np.asarray(z[:, None] * (_basis(z) @ _MEANS))


CUMULATED = integrals(UNIT)  # from 0 to each node
WHOLE = integrals(np.ones(1))[0]
AT_ZERO, AT_ONE = values(np.array([0.0, 1.0]))
# (p(z) − p(0))/z, and p′, at the nodes
QUOTIENTS = (np.eye(NODES) - AT_ZERO) / UNIT[:, None]
DERIVATIVES = np.stack(
    [2 * chebyshev.chebval(2 * UNIT - 1, chebyshev.chebder(column)) for column in COEFFICIENTS.T],
    axis=1,
)


def tails(table: Floats) -> Floats:
    """The last coefficients of polynomials, by size: of values (…, NODES, others), shape (…, others)."""
    return np.asarray(np.abs(COEFFICIENTS[-2:] @ table).max(axis=-2))
