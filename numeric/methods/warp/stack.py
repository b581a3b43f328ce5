"""Many panels at once: at each place the polynomial of its own panel, in one vectorised pass."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.methods.warp.panels import Panel, grid

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

QUICK = 4  # steps of Newton from a guess that is nearly right
STEPS = 200  # of Newton, kept in a bracket
SETTLED = 1e-9  # relative change by a step of Newton, which squares it: the next has only roundings


class Stack:
    """Polynomials on [0, width], one for each panel.

    Args:
        widths: of the panels.
        values: at the nodes, a row for each panel.
    """

    def __init__(self, widths: Floats, values: Floats) -> None:
        self.widths, self.values = widths, values
        self._grid = grid(values.shape[1])

    @classmethod
    def of(cls, panels: Sequence[Panel]) -> Stack:
        """The polynomials of panels, at as many nodes as the finest of them has."""
        number = max(len(panel.values) for panel in panels)
        values = np.array([panel.at_nodes(number) for panel in panels])
        return cls(np.array([panel.width for panel in panels]), values)

    def __call__(self, panel: ArrayLike, offset: ArrayLike) -> Floats:
        """Values at offsets on panels, given by their numbers."""
        index = np.asarray(panel)
        places = np.asarray(np.asarray(offset, dtype=float) / self.widths[index])
        basis, total = self._grid.basis(places.ravel())
        return np.asarray(_summed(self.values, index, basis).reshape(places.shape) / total.reshape(
            places.shape))  # fmt: skip

    @cached_property
    def means(self) -> Stack:
        """(1/x) ∫_0^x of each: times x the integral, to full relative accuracy also where x is small."""
        return Stack(self.widths, self.values @ self._grid.means.T)

    @property
    def totals(self) -> Floats:
        """∫ over each panel."""
        return np.asarray(self.widths * (self.values @ self._grid.whole))

    def reversed(self) -> Stack:
        """The same as functions of the distance to the right end."""
        return Stack(self.widths, self.values[:, ::-1])

    def crossing(self, panel: Indices, amount: Floats) -> Floats:
        """Offsets up to which the integral of these positive functions reaches amounts.

        A place is left where it has settled, whatever the others do: what is found for it does not
        depend on what else is asked for.

        Args:
            panel: numbers of the panels.
            amount: of the integral, one for each.
        """
        widths = self.widths[panel]
        found = np.minimum(np.maximum(self._guess(panel, amount), 0.0), widths)
        going = np.arange(found.size)
        for _ in range(QUICK):
            x, k = found[going], panel[going]
            found[going] = self._nearer(k, x, amount[going])
            changed = np.abs(found[going] - x)
            going = going[~(changed <= SETTLED * np.abs(found[going]))]
            if not going.size:
                break
        else:
            found[going] = self._bracketed(panel[going], amount[going])
        return np.minimum(np.maximum(found, 0.0), widths)

    def _nearer(self, panel: Indices, x: Floats, amount: Floats) -> Floats:
        """A step of Newton."""
        value, integral = self._with_integral(panel, x)
        return np.asarray(x - (integral - amount) / value)

    def _with_integral(self, panel: Indices, x: Floats) -> tuple[Floats, Floats]:
        """Values at offsets, and the integrals up to there."""
        basis, total = self._grid.basis(x / self.widths[panel])
        value, mean = (_summed(z.values, panel, basis) / total for z in (self, self.means))
        return value, x * mean

    def _bracketed(self, panel: Indices, amount: Floats) -> Floats:
        """`crossing` by Newton's method kept in a bracket, from anywhere."""
        found = amount / self(panel, 0.0)
        high = self.widths[panel].copy()
        low, going = np.zeros_like(high), np.arange(found.size)
        for _ in range(STEPS):
            x, k = found[going], panel[going]
            x = np.where((low <= x) & (x <= high), x, (low + high) / 2)
            value, integral = self._with_integral(k, x)
            excess = integral - amount[going]
            low, high = np.where(excess > 0, low, x), np.where(excess > 0, x, high)
            found[going] = x - excess / value
            goes = ~(np.abs(found[going] - x) <= SETTLED * np.abs(found[going]))
            low, high, going = low[goes], high[goes], going[goes]
            if not going.size:
                break
        return found

    def _guess(self, panel: Indices, amount: Floats) -> Floats:
        """Offsets by cubic interpolation of the inverse between nodes."""
        amounts, pieces = self._inverse
        j = np.sum(amounts[1:-1, panel] <= amount, axis=0)
        start, one, two, three, gone = pieces[:, j, panel]
        part = (amount - amounts[j, panel]) * gone
        return np.asarray(start + part * (one + part * (two + part * three)))

    @cached_property
    def _inverse(self) -> tuple[Floats, Floats]:
        """The integral up to the nodes and the ends; and Hermite's cubics of the offset between them."""
        number, ends = self.values.shape[1], self._grid.ends @ self.values.T
        places = np.empty((number + 2, 1))
        places[0], places[1:-1, 0], places[-1] = 0.0, self._grid.nodes, 1.0
        places = places * self.widths
        values, means = (
            np.concatenate([end[:1], z.values.T, end[1:]])
            for z, end in ((self, ends), (self.means, self._grid.ends @ self.means.values.T))
        )
        with np.errstate(all="ignore"):
            amounts = places * means
            gap, gone = np.diff(amounts, axis=0), np.diff(places, axis=0)
            left, right = gap / values[:-1], gap / values[1:]
            pieces = [
                places[:-1],
                left,
                3 * gone - 2 * left - right,
                left + right - 2 * gone,
                1 / gap,
            ]
        return amounts, np.array(pieces)


def _summed(values: Floats, panel: NDArray[np.intp], basis: Floats) -> Floats:
    """Σ over the nodes, of one panel or of the panel of each place."""
    if panel.ndim == 0:
        return np.asarray(np.einsum("pn,n->p", basis, values[panel]))
    return np.asarray(np.einsum("pn,pn->p", basis, values[panel.ravel()]))
