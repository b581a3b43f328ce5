"""Problems of two linear layers: λ of both signs and 0, exactly, any sizes and ranks; and no leaf.

With rational rotations U, R, V and √η₂ s, √η₁ t = (λ/q ∓ q)/2 for any q, W₁ = R s Vᵀ and W₂ = U t Rᵀ have
η₁W₂ᵀW₂ − η₂W₁W₁ᵀ = λ 1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from verify.oracle.named.layers import Layers
from verify.oracle.named.problem import Matrix, Vector
from verify.oracle.named.rational import ROOTS, TUPLES, reflection, rotated

F = Fraction
LAWS = tuple(F(10) ** k for k in (-5, -2, 0, 1, 3))  # roots of |λ|
Sizes = tuple[int, int, int]  # d, h, o


def drawn(draw: np.random.Generator) -> Layers:
    """Any sizes up to 3 that the sign of λ allows; a target of any rank; now and then off every leaf."""
    d, h, o = (int(z) for z in draw.integers(1, 4, 3))
    sign = int(draw.integers(-1, 2))
    root = sign * LAWS[int(draw.integers(len(LAWS)))]
    h = min(h, o) if sign > 0 else min(h, d) if sign < 0 else h
    W1, W2, roots = _leaf(draw, (d, h, o), root)
    if off := draw.integers(6) == 0 and h > 1:
        W1 = [[z + F(int(draw.integers(-8, 9)), 16) for z in row] for row in W1]
    rank = int(draw.integers(0, min(d, o) + 1))
    kind = "off every leaf" if off else f"λ = {float(root * abs(root)):g}"
    scale = ROOTS[int(draw.integers(len(ROOTS)))]
    rates = roots[0] ** 2, roots[1] ** 2
    target = _of_rank(draw, (o, d), rank)
    return Layers(f"drawn, {kind}, {d}-{h}-{o}, rank {rank}", W1, W2, rates, scale, target)


def _leaf(
    draw: np.random.Generator, sizes: Sizes, root: Fraction
) -> tuple[Matrix, Matrix, tuple[Fraction, Fraction]]:
    """W₁, W₂ and the roots of their rates, on the leaf λ = root · |root|."""
    roots = ROOTS[int(draw.integers(len(ROOTS)))], ROOTS[int(draw.integers(len(ROOTS)))]
    if root < 0:
        W2, W1 = _singular(draw, (sizes[2], sizes[1], sizes[0]), -root, (roots[1], roots[0]))
        return _transposed(W1), _transposed(W2), roots
    return *_singular(draw, sizes, root, roots), roots


def _singular(
    draw: np.random.Generator, sizes: Sizes, root: Fraction, roots: tuple[Fraction, Fraction]
) -> tuple[Matrix, Matrix]:
    d, h, o = sizes
    frames = [_frame(draw, size) for size in sizes]
    first, second = [], []
    for k in range(h):
        if k >= d or k >= o:  # no input, or no output, is left for this unit
            s, t = F(0), root
        else:
            q = F(int(draw.integers(2, 33)), 16) * max(root, F(1))
            s, t = (root**2 / q - q) / 2, (root**2 / q + q) / 2
        first.append(s / roots[1])
        second.append(t / roots[0])
    V, R, U = frames
    W1 = [
        [_sum(R[i][k] * first[k] * V[j][k] for k in range(min(h, d))) for j in range(d)]
        for i in range(h)
    ]
    W2 = [
        [_sum(U[i][k] * second[k] * R[j][k] for k in range(min(h, o))) for j in range(h)]
        for i in range(o)
    ]
    return W1, W2


def _frame(draw: np.random.Generator, size: int) -> Matrix:
    """One of three reflections."""
    unit = [F(int(i == 0)) for i in range(size)]
    choices: list[Vector] = [unit, TUPLES[size - 1], rotated(TUPLES[size - 1])]
    return reflection(choices[int(draw.integers(3))])


def _of_rank(draw: np.random.Generator, shape: tuple[int, int], rank: int) -> Matrix:
    A = [[F(int(z), 16) for z in row] for row in draw.integers(-24, 25, (shape[0], rank))]
    C = [[F(int(z), 8) for z in row] for row in draw.integers(-16, 17, (rank, shape[1]))]
    return [
        [_sum(A[i][k] * C[k][j] for k in range(rank)) for j in range(shape[1])]
        for i in range(shape[0])
    ]


def _sum(values: object) -> Fraction:
    return sum(values, F(0))  # type: ignore[call-overload]


def _transposed(rows: Matrix) -> Matrix:
    return [list(column) for column in zip(*rows, strict=True)]


def degenerate() -> list[Layers]:
    """Each λ, a bottleneck, a layer wider than both, and a direction that is missing."""
    draw, found = np.random.default_rng(7), []
    for k, root in enumerate((*LAWS, *(-z for z in LAWS), F(0))):
        sizes = (2 + k % 2, 2, 3 - k % 2)
        W1, W2, roots = _leaf(draw, sizes, root)
        rates = roots[0] ** 2, roots[1] ** 2
        target = _of_rank(draw, (sizes[2], sizes[0]), 2 - k % 3 // 2)
        found.append(Layers(f"λ = {float(root * abs(root)):g}", W1, W2, rates, F(1), target))
    one = F(1), F(1)
    unit = _exact([[1, 0], [0, 1]])
    return [
        *found,
        Layers("bottleneck", _exact([["1", "2", "1/2"]]), _exact([["1/4"], ["1"]]), (F(1), F(1, 2)),
               F(2), _exact([[2, 1, 0], [0, 1, 1]])),
        Layers("wider than both", _exact([["1/2"], ["1/4"], ["1"]]), _exact([["1/2", "1/4", "1"]]),
               one, F(1), _exact([[2]])),
        Layers("a missing direction", _exact([[1, 0], [0, 0]]), _exact([[1, 0], [0, 0]]), one, F(1),
               _exact([[2, 1], [1, 3]])),
        Layers("a missing direction that stays", _exact([[1, 0], [0, 0]]), _exact([[1, 0], [0, 0]]),
               one, F(1), _exact([[2, 0], [0, 3]]), True),
        Layers("no target", unit, unit, one, F(1), _exact([[0, 0], [0, 0]])),
        Layers("against the target", unit, _exact([[-1, 0], [0, -1]]), one, F(1), unit, True),
        Layers("off every leaf", _exact([["1", "1/2"], [0, 1]]), _exact([[1, 0], [2, 1]]),
               (F(1), F(2)), F(1), _exact([[1, 2], [0, 1]])),
    ]  # fmt: skip


def _exact(rows: Any) -> Matrix:
    return [[F(z) for z in row] for row in rows]
