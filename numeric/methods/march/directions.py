"""Inputs by their directions, and what moves slowest between several velocities."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from numeric.data.arrays import Floats, Integers

PARALLEL = 1e-14  # sine of the angle between inputs of one direction
EXACT = 1e-14
OUTSIDE = 1e-10  # of an input, that is in no span


class Directions(NamedTuple):
    """Inputs xₙ = lengthₙ · unit.

    Attributes:
        units: shape (k, d0), no two on a line.
        which: of each input its unit, −1 for an input 0, shape (n,).
        lengths: with their signs, shape (n,).
    """

    units: Floats
    which: Integers
    lengths: Floats

    @classmethod
    def of(cls, X: Floats) -> Directions:
        """Those of inputs, shape (n, d0)."""
        units, which = np.empty_like(X), np.full(len(X), -1)
        sizes, found = np.linalg.norm(X, axis=1), 0
        lengths = np.array(sizes)
        for n in np.flatnonzero(sizes):
            unit = X[n] / sizes[n]
            along = units[:found] @ unit
            across = np.linalg.norm(units[:found] * along[:, None] - unit, axis=1)
            same = np.flatnonzero(across <= PARALLEL)
            if not same.size:
                units[found], same, along = unit, np.array([found]), np.ones(found + 1)
                found += 1
            which[n], lengths[n] = same[0], np.copysign(sizes[n], along[same[0]])
        return cls(units[:found], which, lengths)

    def only(self, rows: Integers) -> Directions:
        """Those of some of the inputs, none of them 0."""
        kept, which = np.unique(self.which[rows], return_inverse=True)
        return Directions(self.units[kept], which, self.lengths[rows])

    def sums(self, terms: Floats) -> Floats:
        """Of a number per input, over the inputs of each direction."""
        return np.bincount(self.which, terms, len(self.units)).astype(float)


def shortest(base: Floats, parts: Floats) -> tuple[Floats, Integers]:
    """The shares in [0, 1] of parts, shape (k, m), for which base + Σ shareₖ partₖ is shortest.

    Returns:
        The shares, and of each −1 where it is held at 0, 1 where it is held at 1, else 0.
    """
    size = np.abs(parts).max(initial=0.0)
    if not size:
        return np.zeros(len(parts)), np.full(len(parts), -1)
    from scipy.optimize import lsq_linear  # slow to load

    found = lsq_linear(
        (parts / size).T,
        -base / size,
        (0.0, 1.0),
        "bvls",
        tol=EXACT,
        max_iter=100 + 10 * len(parts),
    )
    held = np.sign(found.active_mask)
    return np.where(held == 0, found.x, (held + 1) / 2), held


def central(base: Floats, parts: Floats) -> Floats:
    """Shares of parts, shape (k, m), that take what lies in their span from a velocity: close to 0.

    Where parts depend on each other and least squares are beyond ½, the largest is as small as can be.
    """
    if not np.any(parts):
        return np.zeros(len(parts))
    found, _, rank, _ = np.linalg.lstsq(parts.T, -base, rcond=None)
    if rank == len(parts) or np.abs(found).max() <= 1 / 2:
        return np.asarray(found)
    size, ones = np.abs(parts).max(), np.ones((len(parts), 1))
    from scipy.optimize import linprog  # slow to load

    least = linprog(
        np.append(0 * found, 1.0),
        np.block([[np.eye(len(parts)), -ones], [-np.eye(len(parts)), -ones]]), np.zeros(2 * len(parts)),
        np.hstack([parts.T / size, 0 * parts.T[:, :1]]), parts.T @ found / size, bounds=(None, None),
    )  # fmt: skip
    return np.asarray(found if least.x is None else least.x[:-1])


def spanned(X: Floats) -> Floats:
    """An orthonormal basis of the span of rows."""
    parts = np.linalg.svd(X, full_matrices=False)
    return np.asarray(parts.Vh[OUTSIDE * parts.S.max(initial=0.0) < parts.S])
