"""What a single neuron f = a wᵀx is seen by, once for arrays of times and for mpmath numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Numbers = Sequence[Any]


def norm(values: Numbers, xp: Any) -> Any:
    """Root of the sum of squares, of numbers whose squares may be out of range; its slope at 0 is 0."""
    size = xp.abs(values[0])
    for z in values[1:]:
        size = xp.maximum(size, xp.abs(z))
    moves = xp.not_equal(size, 0)
    unit = xp.where(moves, size, 1 + 0 * size)
    return size * xp.sqrt(xp.where(moves, sum((z / unit) * (z / unit) for z in values), unit))


def ratio(above: Any, below: Any, xp: Any) -> Any:
    """A quotient, NaN where the denominator is 0."""
    is_there = xp.not_equal(below, 0)
    return xp.where(is_there, above, xp.inf - xp.inf) / xp.where(is_there, below, 1 + 0 * below)


def alignment(w: Numbers, target: Numbers, xp: Any) -> Any:
    """φ = cos ∠(w, β*); NaN where either is 0."""
    sizes = norm(w, xp), norm(target, xp)
    shares = [ratio(z, sizes[0], xp) for z in w]
    aims = [ratio(z, sizes[1], xp) for z in target]
    return sum(a * b for a, b in zip(shares, aims, strict=True))


def kernel(a: Any, w: Numbers, rates: tuple[Any, Any], projector: Sequence[Numbers]) -> list[Any]:
    """η_w a² Π + η_a w wᵀ as a list of entries: the tangent kernel is X of it Xᵀ, w in the row space."""
    eta_a, eta_w = rates
    lazy = eta_w * a * a
    return [
        lazy * projector[i][j] + eta_a * w[i] * w[j] for i in range(len(w)) for j in range(len(w))
    ]


def distance(first: Numbers, second: Numbers, xp: Any) -> Any:
    """S = 1 − ⟨K₁, K₂⟩/(‖K₁‖‖K₂‖) = ½‖K₁/‖K₁‖ − K₂/‖K₂‖‖²; NaN where one is 0.

    As a sum of squares it keeps √S relative to 1 rather than S.
    """
    sizes = norm(first, xp), norm(second, xp)
    apart = [ratio(x, sizes[0], xp) - ratio(y, sizes[1], xp)
             for x, y in zip(first, second, strict=True)]  # fmt: skip
    return sum(z * z for z in apart) / 2
