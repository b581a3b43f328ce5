"""Matrices of one kind of number: which are zero, and onto what a symmetric one projects.

In rational numbers both are decided; in float64 up to rounding, of which TOLERANCE is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from flint import fmpq, fmpq_mat

from numeric.data.exact import rational

TOLERANCE = 1e-12  # of the size of what is subtracted
Array = Any  # of numpy: of fmpq as objects, or of float64


class IrrationalError(ValueError):
    """Eigenvalues are not rational."""


class Ring(Protocol):
    """A kind of number."""

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> Array:
        """Rows in numbers of the kind."""

    def is_zero(self, matrix: Array, *factors: Array) -> bool:
        """Whether a matrix is 0 that is a sum of products of the size of these factors."""

    def projectors(self, symmetric: Array) -> list[Array]:
        """Onto the eigenspaces of a symmetric matrix."""


class Rational:
    """Rational numbers: exact."""

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> Array:
        """Rows as fractions."""
        return _objects([[rational(z) for z in row] for row in rows])

    def is_zero(self, matrix: Array, *factors: Array) -> bool:
        """Whether every entry is 0."""
        return not any(map(bool, np.ravel(matrix)))

    def projectors(self, symmetric: Array) -> list[Array]:
        """∏ (S − κ′)/(κ − κ′) over the other eigenvalues κ′, for each eigenvalue κ.

        Raises:
            IrrationalError: where the characteristic polynomial has a factor that is not linear.
        """
        size = len(symmetric)
        _, factors = fmpq_mat(size, size, list(np.ravel(symmetric))).charpoly().factor()
        if any(one.degree() > 1 for one, _ in factors):
            raise IrrationalError
        values = [-one[0] / one[1] for one, _ in factors]
        unit = _objects([[fmpq(int(i == j)) for j in range(size)] for i in range(size)])
        found = []
        for value in values:
            onto = unit
            for other in values:
                if other != value:
                    onto = onto @ (symmetric - unit * other) * (1 / (value - other))
            found.append(onto)
        return found


class Rounded:
    """Float64: zero is what rounding leaves."""

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> Array:
        """Rows as float64."""
        return np.array([[float(z) for z in row] for row in rows])

    def is_zero(self, matrix: Array, *factors: Array) -> bool:
        """Whether it is at most TOLERANCE of the product of their norms."""
        size = math.prod(float(np.linalg.norm(z)) for z in factors)
        return bool(np.linalg.norm(matrix) <= TOLERANCE * size)

    def projectors(self, symmetric: Array) -> list[Array]:
        """Onto the eigenvectors whose values are one but for rounding."""
        values, vectors = np.linalg.eigh((symmetric + symmetric.T) / 2)
        apart = np.diff(values) > TOLERANCE * max(map(abs, values))
        groups = np.split(np.arange(len(values)), np.flatnonzero(apart) + 1)
        return [vectors[:, one] @ vectors[:, one].T for one in groups]


def _objects(rows: list[list[fmpq]]) -> Array:
    found = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            found[i, j] = value
    return found
