"""What two linear layers are seen by beside their products: the kernel, singular values, alignments.

On white inputs the tangent kernel is η₁ 1 ⊗ W₂W₂ᵀ + η₂ W₁ᵀW₁ ⊗ 1: it needs Gram matrices and no weights.
Arrays have times first; in mpmath numbers a matrix is a list of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np
from mpmath import MPContext

from numeric.methods.lifted import observed
from numeric.methods.riccati.constants import BITS
from numeric.methods.riccati.decided import Roots, rank
from numeric.methods.riccati.given import Matrix, product, transposed
from numeric.methods.riccati.spectrum import Numbers, number, singular
from numeric.namespaces import Mpmath

Pairs = list[tuple[list[Any], list[Any]] | None]


def kernel(seen: Mapping[str, Any], rates: tuple[Any, Any], xp: Any) -> list[Any]:
    """The tangent kernel as a list of numbers whose scalar product is that of kernels.

    Its part along 1 ⊗ 1, and the traceless ones of both Gram matrices, are orthogonal to one another.

    Args:
        seen: gram_in (W₁ᵀW₁) and gram_out (W₂W₂ᵀ), as lists of rows.
        rates: η₁ and η₂.
        xp: namespace with sqrt.
    """
    grams = seen["gram_out"], seen["gram_in"]
    traces = [sum(G[i][i] for i in range(len(G))) / len(G) for G in grams]
    root = [
        xp.sqrt(0 * traces[0] + len(G)) for G in grams
    ]  # of the number of outputs, and of inputs
    found = [root[0] * root[1] * (rates[0] * traces[0] + rates[1] * traces[1])]
    for G, trace, rate, other in zip(grams, traces, rates, reversed(root), strict=True):
        found += [rate * other * (z - trace if i == j else z)
                  for i, row in enumerate(G) for j, z in enumerate(row)]  # fmt: skip
    return found


def kernel_distance(
    first: Mapping[str, Any], second: Mapping[str, Any], rates: tuple[Any, Any], xp: Any
) -> Any:
    """S = 1 − ⟨K₁, K₂⟩/(‖K₁‖‖K₂‖) of two times; NaN where one kernel is 0."""
    with np.errstate(all="ignore"):
        return observed.distance(kernel(first, rates, xp), kernel(second, rates, xp), xp)


def distances(first: Mapping[str, Any], second: Mapping[str, Any], rates: tuple[Any, Any]) -> Any:
    """The same of arrays."""
    shape = np.shape(second["gram_in"])[:-2]
    one, two = (
        {name: _rows(np.broadcast_to(seen[name], (*shape, *np.shape(seen[name])[-2:])))
         for name in ("gram_in", "gram_out")} for seen in (first, second)
    )  # fmt: skip
    return kernel_distance(one, two, (float(rates[0]), float(rates[1])), np)


def _rows(A: Any) -> list[list[Any]]:
    return [[A[..., i, j] for j in range(A.shape[-1])] for i in range(A.shape[-2])]


def singular_values(product: Numbers, rank: int, mp: Any) -> list[Any]:
    """Of W₂W₁, decreasing; those beyond the rank that hidden units allow are the exact 0."""
    found = singular(product, len(product), len(product[0]), mp)[1]
    return [z if k < rank else mp.zero for k, z in enumerate(found)]


def target_pairs(target: Matrix, mp: Any) -> Pairs:
    """Left and right singular vectors of the target, by decreasing value.

    None where they are not defined but for a sign: of a repeated value, and of 0, both known exactly.
    Vectors are right to two thirds of the context's bits, or more.
    """
    exact, known = Roots(product(transposed(target), target)), rank(target)
    ends = [n for n in accumulate(exact.sizes) if n <= known]
    at = MPContext()
    at.prec = mp.prec
    while True:
        rows = [[number(z, at) for z in row] for row in target]
        U, sizes, V = singular(rows, len(rows), len(rows[0]), at)
        values, level = [*sizes[:known], at.zero], at.ldexp(sizes[0], -at.prec // 3)
        if all(values[n - 1] - values[n] > level for n in ends):
            break
        at.prec *= 2
    return [
        ([mp.mpf(row[k]) for row in U], [mp.mpf(row[k]) for row in V])
        if k < known and exact.repeated[k] == 1
        else None
        for k in range(len(sizes))
    ]


def alignments(product: Numbers, pairs: Pairs, mp: Any) -> list[Any]:
    """uᵀ W₂W₁ v/‖W₂W₁ v‖ of each pair of the target; NaN where the pair or the quotient is none."""
    found = []
    for pair in pairs:
        along = [mp.zero] if pair is None else [mp.fdot(row, pair[1]) for row in product]
        size = observed.norm(along, Mpmath(mp))
        found.append(mp.fdot(pair[0], along) / size if pair and size else mp.nan)
    return found


def alignments_of_arrays(products: Any, target: Matrix) -> Any:
    """The same of arrays; the pairs are found in many bits."""
    mp = MPContext()
    mp.prec = BITS
    with np.errstate(all="ignore"):
        columns = []
        for pair in target_pairs(target, mp):
            if pair is None:
                columns.append(np.full(np.shape(products)[:-2], np.nan))
                continue
            u, v = (np.array([float(z) for z in one]) for one in pair)
            along = products @ v
            columns.append(along @ u / np.linalg.norm(along, axis=-1))
        return np.stack(columns, -1)


def regime(law: Fraction) -> str:
    """By the sign of δ or λ."""
    return "upstream" if law > 0 else "downstream" if law < 0 else "balanced"
