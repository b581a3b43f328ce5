"""Two linear layers as a Riccati flow: Q = (W₁ᵀ; W₂), what F, S, J and λ are for them.

To be replaced by the generated modules of the lift, which derive what is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from numeric.methods.riccati.flow import RiccatiFlow
from numeric.methods.riccati.given import Matrix


def law_of(W1: Matrix, W2: Matrix, rates: tuple[Fraction, Fraction]) -> Matrix:
    """η₁ W₂ᵀW₂ − η₂ W₁W₁ᵀ, h × h."""
    first, second = rates
    columns = list(zip(*W2, strict=True))
    return [[first * _dot(columns[n], columns[m]) - second * _dot(W1[n], W1[m])
             for m in range(len(W1))] for n in range(len(W1))]  # fmt: skip


def two_layers(
    W1: Matrix, W2: Matrix, rates: tuple[Fraction, Fraction], scale: Fraction, target: Matrix
) -> tuple[RiccatiFlow, Fraction]:
    """The flow of L = ½ c‖W₂W₁ − B‖² with rates η₁, η₂, and λ, the mean of its law's diagonal.

    Raises:
        InputError: for a start off the leaf η₁ W₂ᵀW₂ − η₂ W₁W₁ᵀ = λ 1.
    """
    first, second = rates
    units, inputs, outputs = len(W1), len(W1[0]), len(W2)
    law = law_of(W1, W2, rates)
    value = sum((law[n][n] for n in range(units)), Fraction(0)) / units
    size = inputs + outputs
    none = Fraction(0)
    F = [[none] * size for _ in range(size)]
    for j in range(size):
        F[j][j] = scale * value / (2 if j >= inputs else -2)
    for j in range(inputs):
        for i in range(outputs):
            F[j][inputs + i] = scale * first * target[i][j]
            F[inputs + i][j] = scale * second * target[i][j]
    weights = [second] * inputs + [first] * outputs
    S = _diagonal([scale * z / 2 for z in weights])
    J = _diagonal([z if j >= inputs else -z for j, z in enumerate(weights)])
    start = [list(column) for column in zip(*W1, strict=True)] + W2
    return RiccatiFlow(F, S, start, (J, value)), value


def _diagonal(entries: list[Fraction]) -> Matrix:
    return [
        [z if i == j else Fraction(0) for j in range(len(entries))] for i, z in enumerate(entries)
    ]


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
