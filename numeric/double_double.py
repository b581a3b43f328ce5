"""Numbers of twice the digits of float64: the unevaluated sum of two of them, the same on every platform.

    x = DoubleDouble(a) * b - c; float(x), x.hi, x.lo

Entries are numbers or arrays. A sum, a product, a quotient and a root are right to a few units of 2⁻¹⁰⁴
of themselves (of the larger term, where a sum cancels), as long as no product of entries leaves the
range from 1e-290 to 1e290. Source: Dekker 1971, Knuth 1969, Joldes, Muller and Popescu 2017.
"""

from __future__ import annotations

from typing import Any

import numpy as np

LITTLE = 2.0**-20  # of what a sum might be: less of it is computed otherwise
TOGETHER = 1 << 12  # products whose sum float64 holds exactly
SPLITTER = 134217729.0  # 2²⁷ + 1: cuts 53 bits into halves whose products are exact


def two_sum(a: Any, b: Any) -> tuple[Any, Any]:
    """A + b rounded, and what rounding took away."""
    total = a + b
    of_b = total - a
    return total, (a - (total - of_b)) + (b - of_b)


def two_product(a: Any, b: Any) -> tuple[Any, Any]:
    """A b rounded, and what rounding took away."""
    product = a * b
    (a_1, a_2), (b_1, b_2) = _halves(a), _halves(b)
    return product, ((a_1 * b_1 - product) + a_1 * b_2 + a_2 * b_1) + a_2 * b_2


def _halves(a: Any) -> tuple[Any, Any]:
    wide = SPLITTER * a
    high = wide - (wide - a)
    return high, a - high


class DoubleDouble:
    """hi + lo with |lo| at most half a unit in the last place of hi.

    Args:
        hi: float64, a number or an array.
        lo: what is added to it, small.
    """

    __slots__ = ("hi", "lo")
    __array_ufunc__ = None  # numpy leaves operators between its arrays and these to this class
    hi: Any
    lo: Any

    def __init__(self, hi: Any, lo: Any = 0.0) -> None:
        self.hi, self.lo = hi, lo

    @classmethod
    def of(cls, value: Any) -> DoubleDouble:
        """A number, or numbers, of any precision: float64, and what that leaves of it."""
        number = np.asarray(value)
        high = number.astype(np.float64)
        rest = (number - high.astype(number.dtype)).astype(np.float64)
        return cls(high, rest) if number.ndim else cls(float(high), float(rest))

    @classmethod
    def product(cls, a: Any, b: Any) -> DoubleDouble:
        """A b of float64 numbers, exactly."""
        return cls(*two_product(a, b))

    def __add__(self, other: Any) -> DoubleDouble:
        other = precise(other)
        high, low = two_sum(self.hi, other.hi)
        more, least = two_sum(self.lo, other.lo)
        high, low = _normal(high, low + more)
        return DoubleDouble(*_normal(high, low + least))

    def __mul__(self, other: Any) -> DoubleDouble:
        other = precise(other)
        high, low = two_product(self.hi, other.hi)
        return DoubleDouble(*_normal(high, low + (self.hi * other.lo + self.lo * other.hi)))

    def __truediv__(self, other: Any) -> DoubleDouble:
        other = precise(other)
        first = self.hi / other.hi
        rest = self - other * first
        second = rest.hi / other.hi
        third = (rest - other * second).hi / other.hi
        return DoubleDouble(*_normal(first, second)) + third

    def __pow__(self, exponent: int) -> DoubleDouble:
        power = self
        for _ in range(exponent - 1):
            power = power * self
        return power

    def __neg__(self) -> DoubleDouble:
        return DoubleDouble(-self.hi, -self.lo)

    def __sub__(self, other: Any) -> DoubleDouble:
        return self + -precise(other)

    def __rsub__(self, other: Any) -> DoubleDouble:
        return precise(other) - self

    def __rtruediv__(self, other: Any) -> DoubleDouble:
        return precise(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __lt__(self, other: Any) -> Any:
        return (self - other).hi < 0

    def __gt__(self, other: Any) -> Any:
        return (self - other).hi > 0

    def __le__(self, other: Any) -> Any:
        return (self - other).hi <= 0

    def __ge__(self, other: Any) -> Any:
        return (self - other).hi >= 0

    def __eq__(self, other: object) -> Any:
        return (self - other).hi == 0

    __hash__ = None  # type: ignore[assignment]

    def __float__(self) -> float:
        return float(self.hi)

    def __getitem__(self, index: Any) -> DoubleDouble:
        return DoubleDouble(self.hi[index], np.broadcast_to(self.lo, np.shape(self.hi))[index])

    def __repr__(self) -> str:
        return f"DoubleDouble({self.hi!r}, {self.lo!r})"

    def sqrt(self) -> DoubleDouble:
        """Square root; 0 of 0."""
        root = np.sqrt(self.hi)
        rest = (self - DoubleDouble.product(root, root)).hi
        divisor = np.where(root > 0, 2 * root, 1.0)
        return DoubleDouble(*_normal(root, rest / divisor))

    def sum(self, axis: int | None = None) -> DoubleDouble:
        """Sum of all entries of an array, or along its last axis, to twice the digits of their sizes.

        Args:
            axis: None, or −1.
        """
        hi = np.asarray(self.hi)
        low, rest = self.lo, hi
        if axis is None:
            rest = hi.ravel()
        low = np.sum(low, axis=axis) if np.ndim(low) else low * float(rest.shape[-1])
        while (size := rest.shape[-1]) > 1:
            half = size // 2
            folded, lost = two_sum(rest[..., :half], rest[..., half : 2 * half])
            low = low + np.sum(lost, axis=-1)
            if size % 2:
                folded[..., 0], lost = two_sum(folded[..., 0], rest[..., -1])
                low = low + lost
            rest = folded
        return DoubleDouble(*_normal(rest[..., 0] if rest.shape[-1] else rest.sum(axis=-1), low))


def dot(a: DoubleDouble, b: DoubleDouble) -> DoubleDouble:
    """Σ aᵢ bᵢ of two vectors, to 2⁻⁶⁸ of itself, or to twice the digits of Σ |aᵢ bᵢ|."""
    blocks = [slice(k, k + TOGETHER) for k in range(0, len(a.hi), TOGETHER)]
    found = [_dot_of_block(a[part], b[part]) for part in blocks]
    stacked = DoubleDouble(np.array([z.hi for z in found]), np.array([z.lo for z in found]))
    return stacked.sum() if len(found) != 1 else found[0]


def _dot_of_block(a: DoubleDouble, b: DoubleDouble) -> DoubleDouble:
    """Exact sums of products of high parts, which float64 holds, and the rest in float64."""
    a_1, a_2, a_3 = _parts(a.hi)
    b_1, b_2, b_3 = (a_1, a_2, a_3) if b.hi is a.hi else _parts(b.hi)
    rest_a, rest_b = a_3 + a.lo, b_3 + b.lo
    small = a_2 @ b_2 + (a_1 @ rest_b + rest_a @ b_1) + (a_2 @ rest_b + rest_a @ (b_2 + rest_b))
    high, low = two_sum(a_1 @ b_1, a_1 @ b_2 + a_2 @ b_1)
    high, lost = two_sum(high, small)
    largest = float(np.abs(a.hi).max(initial=0.0)) * float(np.abs(b.hi).max(initial=0.0))
    if abs(high) > LITTLE * len(a.hi) * largest:
        return DoubleDouble(*_normal(float(high), float(low + lost)))
    # The largest entries meet small ones, or much cancels: products one by one.
    total = DoubleDouble.product(a.hi, b.hi).sum()
    rest = float(np.sum(a.hi * b.lo + a.lo * b.hi))
    return DoubleDouble(*_normal(float(total.hi), float(total.lo) + rest))


def _parts(a: Any) -> tuple[Any, Any, Any]:
    """A as a sum of multiples of 2^(e−20), of 2^(e−40) and a rest; e is the exponent of the largest."""
    exponent = int(np.frexp(np.abs(a).max(initial=0.0))[1])
    coarse, fine = (1.5 * 2.0 ** (exponent + shift) for shift in (32, 12))
    first = (a + coarse) - coarse
    rest = a - first
    second = (rest + fine) - fine
    return first, second, rest - second


def combination(columns: Any, weights: DoubleDouble) -> DoubleDouble:
    """Σⱼ wⱼ columns[j] of float64 columns, to twice the digits of its largest term."""
    rests = np.broadcast_to(weights.lo, weights.hi.shape)
    high, low = two_product(columns[0], weights.hi[0])
    low = low + columns[0] * rests[0]
    for column, w, rest in zip(columns[1:], weights.hi[1:], rests[1:], strict=True):
        term, least = two_product(column, w)
        high, lost = two_sum(high, term)
        low = low + (lost + (least + column * rest))
    return DoubleDouble(*_normal(high, low))


class Precise:
    """Names by which generated text computes with these numbers: those that need no series."""

    def sqrt(self, z: Any) -> DoubleDouble:
        """Square root."""
        return precise(z).sqrt()

    def greater(self, a: Any, b: Any) -> Any:
        """Whether a > b."""
        return precise(a) > b

    def greater_equal(self, a: Any, b: Any) -> Any:
        """Whether a ≥ b."""
        return precise(a) >= b

    def where(self, condition: Any, yes: Any, no: Any) -> DoubleDouble:
        """`yes` where the condition holds."""
        yes, no = precise(yes), precise(no)
        return DoubleDouble(
            np.where(condition, yes.hi, no.hi)[()], np.where(condition, yes.lo, no.lo)[()]
        )


def precise(value: Any) -> DoubleDouble:
    """A number or an array as it is, with nothing added."""
    return value if isinstance(value, DoubleDouble) else DoubleDouble(value)


def _normal(high: Any, low: Any) -> tuple[Any, Any]:
    """The same sum with the larger part rounded to it; |low| is at most |high|."""
    total = high + low
    return total, low - (total - high)
