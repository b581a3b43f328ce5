"""Problems of the single linear neuron: δ of every sign over 20 decades, crossings, white data or not."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from verify.oracle.named.neuron import Neuron
from verify.oracle.named.problem import Matrix, Vector
from verify.oracle.named.rational import ROOTS, TUPLES, reflection, root, rotated

F = Fraction
ONE = F(1)
DELTAS = (*(sign * F(10) ** k for k in range(-10, 11, 2) for sign in (1, -1)), F(0))


def leaf(
    delta: Fraction, size: Fraction, sign: int, direction: Vector, roots: tuple[Fraction, Fraction]
) -> tuple[Fraction, Vector]:
    """A and w with η_w a² − η_a‖w‖² = δ to 30 decimals; the smaller of the two has a given size."""
    eta_a, eta_w = roots[0] ** 2, roots[1] ** 2
    if delta > 0:
        a, length = root((delta + eta_a * size**2) / eta_w), size
    else:
        a, length = size, root((eta_w * size**2 - delta) / eta_a)
    return sign * a, [length * z for z in direction]


def white(d: int, scale: Fraction, rows: int | None = None) -> Matrix:
    """√c times rows of a rational orthogonal matrix (a reflection), all of them or some."""
    return [[scale * z for z in row] for row in reflection(TUPLES[d - 1])][:rows]


def drawn(draw: np.random.Generator) -> Neuron:
    """δ of any size and sign; data white, c times a projector, or neither, of any rank."""
    d = int(draw.integers(1, 5))
    delta = DELTAS[int(draw.integers(len(DELTAS)))]
    roots = ROOTS[int(draw.integers(4))], ROOTS[int(draw.integers(4))]
    sign, size = int(draw.choice([-1, 1])), F(int(draw.integers(1, 33)), 16)
    direction = TUPLES[d - 1] if draw.integers(2) else rotated(TUPLES[d - 1])
    a, w = leaf(delta, size, sign, direction, roots)
    kind = int(draw.integers(3))
    if kind == 2:
        rows = int(draw.integers(1, d + 2))
        X: Matrix = [[F(int(z), 8) for z in row] for row in draw.integers(-16, 17, (rows, d))]
        X = X if any(map(any, X)) else [[ONE] * d]
    else:
        rows = d if kind == 0 else int(draw.integers(1, d + 1))
        X = white(d, ROOTS[int(draw.integers(4))], rows)
    y = [F(int(z), 16) for z in draw.integers(-32, 33, len(X))]
    name = f"drawn, δ = {float(delta):g}, d = {d}, {('white', 'projector', 'any data')[kind]}"
    return Neuron(name, X, y, a, w, roots[0] ** 2, roots[1] ** 2)


def degenerate() -> list[Neuron]:
    """All decades of δ; a₀ = 0, w₀ = 0, collinear, antiparallel and crosswise starts, and no target."""
    found = [_decade(k, delta) for k, delta in enumerate(DELTAS)]
    unit: Matrix = [[ONE, F(0)], [F(0), ONE]]
    e, n = TUPLES[1], [F(-4, 5), F(3, 5)]

    def plain(name: str, a: Fraction, w: Vector, y: Vector, X: Sequence[Vector] = unit) -> Neuron:
        return Neuron(name, X, y, a, w, ONE, F(1, 4), "δ = 0" in name and a < 0)

    def along(size: Fraction, direction: Vector = e) -> Vector:
        return [size * z for z in direction]

    far = [F(2), F(0), F(0), F(0)]
    return [
        *found,
        plain("a = 0", F(0), along(ONE, n), [F(1), F(1)]),
        plain("a = 0 across the target: at rest", F(0), along(ONE, n), along(ONE)),
        plain("w = 0", F(3, 2), [F(0), F(0)], [F(1), F(-2)]),
        plain("all weights 0", F(0), [F(0), F(0)], along(ONE)),
        plain("collinear, δ = 0", F(2), along(ONE), along(F(3))),
        plain("antiparallel, δ = 0", F(-2), along(ONE), along(F(3))),
        plain("antiparallel, δ < 0, a changes sign", F(-1, 2), along(F(3)), along(F(2))),
        plain("antiparallel, δ > 0", F(-5, 2), along(F(1, 2)), along(F(2))),
        plain("across the target, δ < 0", F(1, 4), along(F(3), n), along(ONE)),
        plain("a changes sign", F(-1, 2), [F(6, 5), F(3)], [F(1), F(2)]),
        plain("no target, δ < 0", F(-1, 2), along(F(3, 2), n), [F(0), F(0)]),
        plain("no target, δ > 0", F(5, 2), along(F(1, 2), n), [F(0), F(0)]),
        plain("at the target", F(2), along(ONE), along(F(2))),
        plain("one input, a changes sign", F(-1, 2), [F(7)], [F(2)], [[F(1, 3)]]),
        plain("a rank-one projector", F(1, 2), [F(1), F(-3)], [F(2)], [[F(1), F(2)]]),
        plain("more rows than inputs", F(1, 2), [F(1), F(-3)], [F(2), F(1), F(0)],
              [[ONE, F(0)], [F(0), ONE], [F(1, 2), F(-1, 3)]]),
        plain("any data, a changes sign", F(1, 4), [F(2), F(-1)], [F(-3)], [[ONE, F(1, 2)]]),
        plain("any data, interpolates", F(3, 2), [F(1), F(1, 2), F(-1)], [F(1), F(2)],
              [[ONE, F(1, 2), F(0)], [F(0), ONE, F(1)]]),
        Neuron("on the way to a saddle", [[F(int(i == j)) for j in range(4)] for i in range(4)],
               far, F(-2), [ONE, ONE, ONE, F(2)], ONE, ONE, True),
    ]  # fmt: skip


def _decade(k: int, delta: Fraction) -> Neuron:
    """Signs, dimensions and rates take their turns."""
    d, roots = k % 4 + 1, (ROOTS[k % 4], ROOTS[(k // 2) % 4])
    a, w = leaf(delta, F(k % 5 + 2, 4), 1 if k % 3 else -1, TUPLES[d - 1], roots)
    y = [F((5 * i + 3 * k) % 7 - 3, 2) for i in range(d)]
    scale = ROOTS[(k + 1) % 4]
    return Neuron(f"δ = {float(delta):g}", white(d, scale), y, a, w, roots[0] ** 2, roots[1] ** 2)
