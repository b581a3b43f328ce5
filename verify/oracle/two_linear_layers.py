"""The raw gradient flow of two linear layers, integrated by Taylor series in mpmath to any precision.

W₁′ = −η₁ W₂ᵀ (W₂W₁ Σ − Γ),  W₂′ = −η₂ (W₂W₁ Σ − Γ) W₁ᵀ: the descent of L = ½ tr((W₂W₁ − B) Σ (W₂W₁ − B)ᵀ)
with B Σ = Γ. A single neuron f = a wᵀx on data X, y is W₁ = wᵀ, W₂ = a, Σ = XᵀX, Γ = yᵀX. It knows no
law and no lift: coefficients of the series follow from products of series.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mpmath import mp, mpf

Matrix = list[list[Any]]
Series = list[list[list[Any]]]
MARGIN = 12  # digits beyond those asked for


def integrate(
    W1: Sequence[Sequence[Any]],
    W2: Sequence[Sequence[Any]],
    sigma: Sequence[Sequence[Any]],
    gamma: Sequence[Sequence[Any]],
    rates: tuple[Any, Any],
    times: Sequence[Any],
    digits: int,
) -> list[tuple[Matrix, Matrix]]:
    """W₁ and W₂ at increasing times, to about `digits` digits relative to their size."""
    with mp.workdps(digits + MARGIN):
        first, second, S, G = (_numbers(z) for z in (W1, W2, sigma, gamma))
        paces = [_number(z) for z in rates]
        order, now, found = int(1.2 * mp.dps) + 8, mpf(0), []
        for time in map(_number, times):
            while now < time:
                A, C = _series(first, second, S, G, paces, order)
                step = min(_step([*A, *C], order), time - now)
                first, second = (
                    [[mp.polyval(z[::-1], step) for z in row] for row in M] for M in (A, C)
                )
                now += step
            found.append((first, second))
        return found


def _series(
    W1: Matrix, W2: Matrix, S: Matrix, G: Matrix, rates: list[Any], order: int
) -> tuple[Series, Series]:
    A, C = ([[[z] for z in row] for row in M] for M in (W1, W2))
    units, inputs, outputs = range(len(W1)), range(len(W1[0])), range(len(W2))
    errors: Series = [[[] for _ in inputs] for _ in outputs]
    for k in range(order):
        product = [[mp.fsum(_product(C[i][n], A[n][j], k) for n in units) for j in inputs]
                   for i in outputs]  # fmt: skip
        for i in outputs:
            for j in inputs:
                pull = mp.fdot(product[i], [row[j] for row in S])
                errors[i][j].append(pull - (G[i][j] if k == 0 else 0))
        for n in units:
            for j in inputs:
                force = mp.fsum(_product(C[i][n], errors[i][j], k) for i in outputs)
                A[n][j].append(-rates[0] * force / (k + 1))
            for i in outputs:
                force = mp.fsum(_product(errors[i][j], A[n][j], k) for j in inputs)
                C[i][n].append(-rates[1] * force / (k + 1))
    return A, C


def _product(a: list[Any], b: list[Any], k: int) -> Any:
    """Coefficient k of a product of series."""
    return mp.fdot(a[: k + 1], b[k::-1])


def _step(rows: Series, order: int) -> Any:
    """A step at which the last terms are below the working precision."""
    entries = [z for row in rows for z in row]
    size = max([abs(z[0]) for z in entries] + [mp.eps])
    largest = [(k, max(abs(z[k]) for z in entries)) for k in (order - 1, order)]
    steps = [(mp.eps * size / z) ** (mpf(1) / k) for k, z in largest if z > 0]
    return min(steps) if steps else mpf(10) ** 9


def _numbers(rows: Sequence[Sequence[Any]]) -> Matrix:
    return [[_number(z) for z in row] for row in rows]


def _number(value: Any) -> Any:
    exact = Fraction(value)
    return mpf(exact.numerator) / exact.denominator
