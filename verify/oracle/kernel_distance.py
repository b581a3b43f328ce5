"""The tangent kernel of a layered network from its weights, and the distance of two kernels.

K(x, x′) = Σ_l η_l ⟨∂f(x)/∂W_l, ∂f(x′)/∂W_l⟩ over all outputs, with the slopes by products of raw layers;
S = 1 − ⟨K₁, K₂⟩/(‖K₁‖‖K₂‖) in the Frobenius norm. It knows no law and no closed form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mpmath import mp

from verify.oracle.raw_flow import Rows


def kernel(layers: Sequence[Rows], rates: Sequence[Any], inputs: Sequence[Sequence[Any]]) -> Rows:
    """Of a linear network: rows and columns run over inputs and, within each, over outputs.

    ∂f/∂W_l = (what follows)ᵀ ⊗ (what comes before): each layer gives a product of two Gram matrices.
    """
    matrices = [mp.matrix(layer) for layer in layers]
    values = [mp.matrix([list(column) for column in zip(*inputs, strict=True)])]
    for matrix in matrices[:-1]:
        values.append(matrix * values[-1])
    after = [mp.eye(matrices[-1].rows)]
    for matrix in reversed(matrices[1:]):
        after.append(after[-1] * matrix)
    after.reverse()
    outputs, count = matrices[-1].rows, len(inputs)
    total = mp.zeros(outputs * count)
    for rate, before, behind in zip(rates, values, after, strict=True):
        of_inputs, of_outputs = before.T * before, behind * behind.T
        for row in range(outputs * count):
            for column in range(outputs * count):
                pair = of_inputs[row // outputs, column // outputs]
                total[row, column] += rate * pair * of_outputs[row % outputs, column % outputs]
    return [[total[i, j] for j in range(total.cols)] for i in range(total.rows)]


def distance(one: Rows, other: Rows) -> Any:
    """S, by the part of one kernel that is orthogonal to the other: a small one keeps its digits."""
    first = [z for row in one for z in row]
    second = [z for row in other for z in row]
    inner, size, length = mp.fdot(first, second), mp.fdot(first, first), mp.fdot(second, second)
    across = [b - inner / size * a for a, b in zip(first, second, strict=True)]
    squared_sine = mp.fdot(across, across) / length
    cosine = inner / mp.sqrt(size * length)
    return squared_sine / (1 + cosine) if cosine > 0 else 1 - cosine
