"""Problems drawn by a seed, in fractions, exactly on the leaf of a law."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from fractions import Fraction

Matrix = list[list[Fraction]]
DENOMINATOR = 2**80  # of what is drawn or rounded


@dataclass(frozen=True)
class Layers:
    """Two linear layers under ½‖W₂W₁ − B‖² at unit rates; a single neuron is W₁ = wᵀ, W₂ = (a).

    W₂ᵀW₂ − W₁W₁ᵀ is λ times the unit matrix, exactly; δ = a² − ‖w‖² is λ of a neuron.

    Attributes:
        W1: h × d.
        W2: o × h.
        target: B, o × d.
        law: λ, or δ of a neuron.
    """

    W1: Matrix
    W2: Matrix
    target: Matrix
    law: Fraction

    @property
    def weights(self) -> list[Fraction]:
        """All entries of W₁, then of W₂."""
        return [z for row in (*self.W1, *self.W2) for z in row]

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Inputs, hidden units, outputs."""
        return len(self.W1[0]), len(self.W1), len(self.W2)


def neuron(law: Fraction, inputs: int, seed: int) -> Layers:
    """A neuron with δ, weights of size 1 but for what δ asks, of either sign."""
    draw = random.Random(seed)
    w, a = _sizes(Fraction(draw.uniform(0.2, 2)), law)
    (direction,) = zip(*[row[:1] for row in _turned(inputs, draw)], strict=True)
    a *= draw.choice((-1, 1))
    return Layers([[w * z for z in direction]], [[a]], _drawn(1, inputs, draw), law)


def layers(law: Fraction, sizes: tuple[int, int, int], seed: int) -> Layers:
    """Layers with λ but for 1e-24, which has a root then, singular values of size 1 but for what λ asks.

    Raises:
        ValueError: for sizes that no weights of this λ have.
    """
    root = _root(abs(law)) * (1 if law >= 0 else -1)
    draw, law = random.Random(seed), root * abs(root)
    d, h, o = sizes
    first, second = [], []
    for k in range(h):
        p, q = _sizes(Fraction(draw.uniform(0.2, 2)), law)
        p, q = (Fraction(0), root) if k >= d else (-root, Fraction(0)) if k >= o else (p, q)
        first.append(p)
        second.append(q)
    if any(q * q - p * p != law for p, q in zip(first, second, strict=True)):
        raise ValueError(f"no weights of sizes {sizes} are on the leaf {float(law)}")
    units, left, right = (_turned(n, draw) for n in (h, d, o))
    W1 = _product(units, first, left)
    W2 = _product(right, second, units)
    return Layers(W1, W2, _drawn(o, d, draw), law)


def _sizes(size: Fraction, law: Fraction) -> tuple[Fraction, Fraction]:
    """Numbers p and q with q² − p² = law, the smaller of them near `size`, both positive."""
    if law < 0:
        q, p = _sizes(size, -law)
        return p, q
    # q + p = z and q − p = law/z, for a z that may be rounded.
    z = size + _root(size * size + law)
    return (z - law / z) / 2, (z + law / z) / 2


def _root(value: Fraction) -> Fraction:
    """√value, rounded."""
    unit = DENOMINATOR**2
    return Fraction(math.isqrt(value.numerator * unit // value.denominator), DENOMINATOR)


def _drawn(rows: int, columns: int, draw: random.Random) -> Matrix:
    return [[Fraction(draw.gauss(0, 1)) for _ in range(columns)] for _ in range(rows)]


def _turned(size: int, draw: random.Random) -> Matrix:
    """An orthogonal matrix, a product of reflections at drawn whole vectors."""
    rows = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    for _ in range(size):
        v = [draw.choice((-1, 1)) * draw.randint(1, 9) for _ in range(size)]
        square = sum(z * z for z in v)
        for row in rows:
            along = sum((x * z for x, z in zip(row, v, strict=True)), Fraction(0))
            row[:] = [x - 2 * along * z / square for x, z in zip(row, v, strict=True)]
    return rows


def _product(left: Matrix, values: list[Fraction], right: Matrix) -> Matrix:
    """Σ values_k (column k of left) (column k of right)ᵀ."""
    return [
        [sum((a[k] * z * b[k] for k, z in enumerate(values) if z), Fraction(0)) for b in right]
        for a in left
    ]
