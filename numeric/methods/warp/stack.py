"""Many panels at once: at each place the polynomial of its own panel, in one vectorised pass."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray

from numeric.methods.warp.panels import GAUSS, GAUSS_WEIGHTS, Panel, fit, unit_nodes

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

STEPS = 200  # of Newton, kept in a bracket
SETTLED = 1e-12  # relative change by a step of Newton, after which the next has only roundings


class Stack:
    """Polynomials on [0, width], one for each panel.

    Args:
        widths: of the panels.
        coefficients: Chebyshev, of the unit variable offset/width, a column for each panel.
    """

    def __init__(self, widths: Floats, coefficients: Floats) -> None:
        self.widths, self._coefficients = widths, coefficients

    @classmethod
    def of(cls, panels: Sequence[Panel]) -> Stack:
        """The polynomials of panels, whose numbers of terms may differ."""
        table = np.zeros((max(len(z.coefficients) for z in panels), len(panels)))
        for k, panel in enumerate(panels):
            table[: len(panel.coefficients), k] = panel.coefficients
        return cls(np.array([z.width for z in panels]), table)

    def __call__(self, panel: ArrayLike, offset: ArrayLike) -> Floats:
        """Values at offsets on panels, given by their numbers."""
        index = np.asarray(panel)
        z = 2 * (np.asarray(offset, dtype=float) / self.widths[index]) - 1
        return np.asarray(chebyshev.chebval(z, self._coefficients[:, index], tensor=False))

    def means(self) -> Stack:
        """(1/x) ∫_0^x of each: times x the integral, to full relative accuracy also where x is small."""
        return Stack(self.widths, _means(len(self._coefficients)) @ self._coefficients)

    def reversed(self) -> Stack:
        """The same as functions of the distance to the right end."""
        signs = (-1.0) ** np.arange(len(self._coefficients))
        return Stack(self.widths, signs[:, None] * self._coefficients)

    def crossing(self, means: Stack, panel: Indices, amount: Floats) -> Floats:
        """Offsets up to which the integral of these positive functions reaches amounts.

        A place is left where it has settled, whatever the others do: what is found for it does not
        depend on what else is asked for.

        Args:
            means: `means()` of these.
            panel: numbers of the panels.
            amount: of the integral, one for each.
        """
        found = amount / self(panel, 0.0)
        high = self.widths[panel].copy()
        low, going = np.zeros_like(high), np.arange(found.size)
        for _ in range(STEPS):
            x, k = found[going], panel[going]
            x = np.where((low <= x) & (x <= high), x, (low + high) / 2)
            excess = x * means(k, x) - amount[going]
            low, high = np.where(excess > 0, low, x), np.where(excess > 0, x, high)
            found[going] = x - excess / self(k, x)
            goes = ~(np.abs(found[going] - x) <= SETTLED * np.abs(found[going]))
            low, high, going = low[goes], high[goes], going[goes]
            if not going.size:
                break
        return np.minimum(np.maximum(found, 0.0), self.widths[panel])


@cache
def _means(terms: int) -> Floats:
    """Coefficients of (1/x) ∫_0^x of a polynomial, from its own; Gauss quadrature is exact."""
    nodes = unit_nodes(terms)
    places = nodes[:, None] / 2 * (1 + GAUSS)
    table = chebyshev.chebvander(2 * places - 1, terms - 1)
    averages = np.einsum("ngk,g->nk", table, GAUSS_WEIGHTS / 2)
    return np.stack([fit(averages[:, k]) for k in range(terms)], axis=1)
