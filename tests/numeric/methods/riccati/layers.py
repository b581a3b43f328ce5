"""Two linear layers as Riccati flows, written out here: what the tests of the solver feed it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from numeric.methods.riccati.flow import RiccatiFlow

Matrix = list[list[Any]]


def flow_of(W1: Matrix, W2: Matrix, B: Matrix, rates: tuple[Any, Any] = (1, 1)) -> RiccatiFlow:
    """Q = (W₁ᵀ; W₂) of L = ½‖W₂W₁ − B‖² on the leaf of its mean law."""
    first, second = map(Fraction, rates)
    W1, W2, B = ([[Fraction(z) for z in row] for row in M] for M in (W1, W2, B))
    units, inputs, outputs = len(W1), len(W1[0]), len(W2)
    squares = [sum(row[n] ** 2 for row in W2) * first - sum(z * z for z in W1[n]) * second
               for n in range(units)]  # fmt: skip
    law = sum(squares) / units
    start = [[W1[n][j] for n in range(units)] for j in range(inputs)] + W2
    size = inputs + outputs
    F = [[Fraction(0)] * size for _ in range(size)]
    for j in range(inputs):
        F[j][j] = -law / 2
        for i in range(outputs):
            F[j][inputs + i], F[inputs + i][j] = first * B[i][j], second * B[i][j]
            F[inputs + i][inputs + i] = law / 2
    diagonal = [second] * inputs + [first] * outputs
    S = [[diagonal[i] / 2 if i == j else 0 for j in range(size)] for i in range(size)]
    J = [[(-1 if i < inputs else 1) * diagonal[i] if i == j else 0 for j in range(size)]
         for i in range(size)]  # fmt: skip
    return RiccatiFlow(F, S, start, (J, law))


def square_of(W1: Matrix, W2: Matrix) -> Matrix:
    """QQᵀ of weights."""
    rows = [list(column) for column in zip(*W1, strict=True)] + [list(row) for row in W2]
    return [[sum(x * y for x, y in zip(a, b, strict=True)) for b in rows] for a in rows]
