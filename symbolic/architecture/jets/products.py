"""Products of one or two weights along fields at points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symbolic.architecture.jets.prime import P

Sample = tuple[Sequence[int], Sequence[int]]


def slopes(products: Sequence[tuple[int, ...]], samples: Sequence[Sample]) -> list[int]:
    """How each product changes, at one point after the other, modulo the prime.

    Args:
        products: places of one weight or two.
        samples: weights, and a field there.
    """
    theta, field = (np.array([one[k] for one in samples], np.int64) for k in (0, 1))
    first = np.array([factors[0] for factors in products])
    other = np.array([factors[-1] for factors in products])
    both = (theta[:, first] * field[:, other] + theta[:, other] * field[:, first]) % P
    single = np.array([len(factors) == 1 for factors in products])
    found: list[int] = np.where(single, field[:, first], both).ravel().tolist()
    return found
