"""A Riccati flow at times, written once for numbers of any kind: arrays, tensors, mpmath.

With M_ij = g_ij e^{(max(f_i, 0) − lead_j) t}, every exponent at most 0, N_ij = M_ij e^{min(f_i, 0) t},

    QQᵀ = (BN) C⁻¹ (BN)ᵀ,    C = e^{−2 lead t} + Σᵢ ωᵢ Mᵢ Mᵢᵀ,    ωᵢ = (1 − e^{−2|fᵢ|t})/|fᵢ|

(2t for f = 0), a sum of positive terms, factored after its diagonal is scaled to 1. A column whose scale
is far from 1 has that in its exponent. Before the fastest mode has moved, BN is
e^{−lead t} (Q₀V + B (e^{ft} − 1) g): rows of Q that begin small beside others keep their digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from numeric.methods.riccati.constants import Constants

Entries = list[list[Any]]


class Moved:
    """A flow at one time, or at an array of them.

    Args:
        constants: in the numbers' kind.
        t: t ≥ 0, finite.
        xp: namespace with exp, expm1, sqrt, minimum, maximum, where, less.

    Attributes:
        constants: as given.
        ones: what C has of the unit matrix, a column each.
        raised: N, r × k; None is zero.
        factor: Z, k × r, with QQᵀ = Zᵀ Z; of one hidden unit Z is Qᵀ.
    """

    def __init__(self, constants: Constants, t: Any, xp: Any) -> None:
        self.constants, self._t, self._xp = c, _, _ = constants, t, xp
        self._columns, self._modes = range(len(c.pivots)), range(len(c.exponents))
        heights = [
            lead * t + log if log else lead * t for lead, log in zip(c.leads, c.logs, strict=True)
        ]
        # Of a column that is still small the 1 in C is the larger term.
        self._below = [
            xp.minimum(z, 0 * t) if log else None for z, log in zip(heights, c.logs, strict=True)
        ]
        self.ones = [xp.exp(-2 * xp.maximum(z, 0 * t)) for z in heights]
        self._weights = [-xp.expm1(-2 * abs(f) * t) / abs(f) if f else 2 * t for f in c.exponents]
        self._moving = [[self._entry(i, j) for j in self._columns] for i in self._modes]
        falls = [xp.exp(f * t) if f < 0 else None for f in c.exponents]
        self.raised = [[z if z is None or fall is None else z * fall for z in row]
                       for row, fall in zip(self._moving, falls, strict=True)]  # fmt: skip
        self._factor()

    def _entry(self, i: int, j: int) -> Any:
        c, below = self.constants, self._below[j]
        if not c.parts[i][j]:
            return None
        exponent = c.gaps[i][j] * self._t
        return c.parts[i][j] * self._xp.exp(exponent if below is None else exponent + below)

    def gram(self, modes: Iterable[int]) -> Entries:
        """Σ ω M Mᵀ over modes, the lower triangle."""
        found = [[0 * self._t for _ in range(j + 1)] for j in self._columns]
        for i in modes:
            for j in self._columns:
                if (left := self._moving[i][j]) is None:
                    continue
                weighted = self._weights[i] * left
                for k in range(j + 1):
                    if (right := self._moving[i][k]) is not None:
                        found[j][k] = found[j][k] + weighted * right
        return found

    def _factor(self) -> None:
        """Cholesky's factor of C scaled to a unit diagonal."""
        xp, C = self._xp, self.gram(self._modes)
        for j in self._columns:
            C[j][j] = C[j][j] + self.ones[j]
        self._scales = [1 / xp.sqrt(C[j][j]) for j in self._columns]
        self._lower: Entries = []
        for j in self._columns:
            row: list[Any] = []
            square = 1 + 0 * self._t
            for k in range(j):
                z = C[j][k] * (self._scales[j] * self._scales[k])
                for left, right in zip(row, self._lower[k], strict=False):
                    z = z - left * right
                row.append(z / self._lower[k][k])
                square = square - row[k] * row[k]
            self._lower.append([*row, xp.sqrt(square)])

    def solved(self, right: Entries) -> Entries:
        """chol(C)⁻¹ of a k × n matrix."""
        found: Entries = []
        for j in self._columns:
            row: list[Any] = []
            for n, z in enumerate(right[j]):
                value = None if z is None else z * self._scales[j]
                for k in range(j):
                    if (above := found[k][n]) is not None:
                        term = self._lower[j][k] * above
                        value = -term if value is None else value - term
                row.append(None if value is None else value / self._lower[j][j])
            found.append(row)
        return found

    def pace(self, j: int) -> Any:
        """e^{−lead t} of a column, and what its scale has in it."""
        below, exponent = self._below[j], -self.constants.leads[j] * self._t
        return self._xp.exp(exponent if below is None else exponent + below)

    @cached_property
    def rows(self) -> Entries:
        """Y, k × r, with N C⁻¹ Nᵀ = Yᵀ Y: as `factor`, in the modes."""
        return self.solved([[row[j] for row in self.raised] for j in self._columns])

    @cached_property
    def factor(self) -> Entries:
        """Z, k × r: chol(C)⁻¹ (BN)ᵀ."""
        t, xp, c = self._t, self._xp, self.constants
        fastest = max([abs(f) for f in c.exponents])
        end = 1 / fastest if fastest else 1 + 0 * fastest
        soon, early = xp.less(t, end), xp.minimum(t, end + 0 * t)
        grown = [xp.expm1(f * early) for f in c.exponents]
        columns = []
        for j in self._columns:
            pace, late = self.pace(j), [row[j] for row in self.raised]
            moved = [
                None if not g[j] else g[j] * rise for g, rise in zip(c.parts, grown, strict=True)
            ]
            columns.append([
                xp.where(soon, pace * (first[j] + combined(b, moved, t)), combined(b, late, t))
                for b, first in zip(c.vectors, c.begin, strict=True)
            ])  # fmt: skip
        found = self.solved(columns)
        return [[-z for z in row] for row in found] if c.sign < 0 else found

    def square(self) -> Entries:
        """QQᵀ, r × r."""
        columns = list(zip(*self.factor, strict=True)) or [()] * len(self._modes)
        return [[dot(a, b, self._t) for b in columns] for a in columns]


def dot(left: Iterable[Any], right: Iterable[Any], t: Any) -> Any:
    """A scalar product; None is zero, and t says what zero looks like."""
    total = 0 * t
    for a, b in zip(left, right, strict=True):
        if a is not None and b is not None:
            total = total + a * b
    return total


def combined(numbers: Iterable[Any], values: Iterable[Any], t: Any) -> Any:
    """A combination of values that may be None; numbers that are zero are left out."""
    return dot((z if z else None for z in numbers), values, t)
