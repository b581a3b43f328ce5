"""A Riccati flow enclosed: Arb balls that contain QQᵀ, and Q of one hidden unit, at a time.

With N′ = F N, C′ = 2 NᵀSN from N = Q₀, C = 1, QQᵀ = N C⁻¹ Nᵀ, and Q = N/√C of one unit. Both are one
exponential of exact numbers (Van Loan),

    exp t [[−Fᵀ, 2S], [0, F]] = [[·, G], [0, E]],    N = E Q₀,    C = 1 + Q₀ᵀ Eᵀ G Q₀,

so no zero is decided and nothing is assumed of the modes. What grows takes its bits: about 6 f t for the
fastest exponent f, which bounds the times that are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat, fmpq

from numeric.errors import InputError
from numeric.methods.riccati.given import Given, Matrix
from numeric.namespaces import UndecidedError, precision

Balls = list[list[Any]]
SPARE = 64  # bits beyond those wanted, to begin with
MOST = 1 << 17  # bits
BITS_OF_A_DIGIT = 3.33
ON_LEAF = "a start exactly on the leaf of its law (decimals as strings are exact)"


class Enclosed:
    """A flow at one time, at the precision that flint has when it is made.

    Args:
        flow: exactly on its leaf.
        t: t ≥ 0.

    Attributes:
        square: QQᵀ, r × r.

    Raises:
        UndecidedError: where so many bits enclose nothing.
    """

    def __init__(self, flow: Given, t: Fraction) -> None:
        self._flow = flow
        if flow.off:
            raise InputError("the start", f"one off its leaf by {float(flow.off):.3g}", ON_LEAF)
        rows = range(len(flow.start))
        generator = [
            [-t * flow.F[j][i] for j in rows] + [2 * t * flow.S[i][j] for j in rows] for i in rows
        ]
        generator += [[Fraction(0)] * len(rows) + [t * z for z in row] for row in flow.F]
        whole = _balls(generator).exp()
        size, start = len(rows), _balls(flow.start)
        E = arb_mat([[whole[size + i, size + j] for j in rows] for i in rows])
        G = arb_mat([[whole[i, size + j] for j in rows] for i in rows])
        self._N = E * start
        units = range(len(flow.start[0]))
        self._C = self._N.transpose() * (G * start)
        for n in units:
            self._C[n, n] += 1
        if not all(self._C[n, n].is_finite() for n in units):
            raise UndecidedError("the square of a flow")
        try:
            square = self._N * self._C.solve(self._N.transpose())
        except ZeroDivisionError:
            raise UndecidedError("the square of a flow") from None
        self.square: Balls = [[square[i, j] for j in rows] for i in rows]

    def state(self) -> list[Any]:
        """Q of one hidden unit."""
        c = self._C[0, 0]
        if not c > 0:
            raise UndecidedError("the state of a flow")
        return [self._N[i, 0] / c.sqrt() for i in range(len(self._flow.start))]


def enclosed(
    flow: Given, t: Fraction, digits: int, read: Callable[[Enclosed], dict[str, Any]]
) -> dict[str, Any]:
    """What is read of a flow, in balls with a radius below 10^−digits of the largest of each name.

    What is 0 to `MOST` bits of the others has balls around 0 instead, as small as these bits make them.

    Args:
        flow: on its leaf.
        t: t ≥ 0.
        digits: wanted.
        read: balls, or nests of them, by name.

    Raises:
        InputError: for a start off the leaf, and for times so long that `MOST` bits are not enough.
    """
    wanted = int(digits * BITS_OF_A_DIGIT) + 2
    found: dict[str, Any] | None = None
    bits = wanted + SPARE
    while bits <= max(MOST, 2 * (wanted + SPARE)):
        with precision(bits):
            try:
                found = read(Enclosed(flow, t))
            except UndecidedError:
                found = None
            if found and all(_is_close(list(_leaves(z)), wanted) for z in found.values()):
                return found
        bits *= 2
    if found is None or not _is_settled(found, wanted):
        at = f"t = {float(t):.3g}, so far that {bits // 2} bits do not enclose it"
        raise InputError("the time", at, "a shorter one, or digits on which two precisions agree")
    return found


def ball(value: Fraction) -> Any:
    """An enclosure of a fraction at the present precision."""
    return arb(fmpq(value.numerator, value.denominator))


def _balls(A: Matrix) -> Any:
    return arb_mat([[ball(z) for z in row] for row in A])


def _is_close(values: Sequence[Any], bits: int) -> bool:
    size = max((abs(z).lower() for z in values), default=arb(0))
    return all(z.rad() == 0 or z.rad() < size * arb(2) ** -bits for z in values)


def _is_settled(found: dict[str, Any], bits: int) -> bool:
    """Whether what has not its bits is around 0, small beside the others."""
    names = {name: list(_leaves(z)) for name, z in found.items()}
    size = max(abs(z).lower() for values in names.values() for z in values)
    return all(
        _is_close(values, bits)
        or all(z.contains(0) and z.rad() < size * arb(2) ** -bits for z in values)
        for values in names.values()
    )


def _leaves(tree: Any) -> Iterator[Any]:
    if isinstance(tree, list):
        for branch in tree:
            yield from _leaves(branch)
    else:
        yield tree
