"""A scalar chain reduced, on its exact input, to one signed variable.

    α_l = a_l/√η_l,   H = ∏ η_l,   Y = |y|/√H ≥ 0,   dx/dt = H (Y − x R) R,   R² = ∏ (x² + c_l)

x is α of the least |α_l|, with the sign for which the product of all has that of y; the other
factors keep theirs, c_l = α_l² − x² are conserved, and the product over l is without the least one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from flint import fmpq

ROOT_BITS = 4096


@dataclass(frozen=True)
class Chain:
    """Exact numbers of a chain.

    Attributes:
        a: factors at the start.
        eta: rates.
        y: target.
        least: the index of the least |α_l|.
        c: c_l of all factors, 0 at `least`.
        H: ∏ η_l.
        square: x² at the start.
        sign: of x at the start: ±1, or 0.
        flip: x = flip · α at `least`.
        level: Y².
    """

    a: tuple[fmpq, ...]
    eta: tuple[fmpq, ...]
    y: fmpq
    least: int
    c: tuple[fmpq, ...]
    H: fmpq
    square: fmpq
    sign: int
    flip: int
    level: fmpq

    @property
    def depth(self) -> int:
        """How many factors."""
        return len(self.a)

    @property
    def others(self) -> tuple[fmpq, ...]:
        """c_l without that of the least factor."""
        return self.c[: self.least] + self.c[self.least + 1 :]

    @property
    def is_balanced(self) -> bool:
        """Whether all α_l² are equal."""
        return not any(self.c)

    @property
    def is_pinned(self) -> bool:
        """Whether x = 0 is at rest: another factor is 0 there, too."""
        return 0 in self.others

    @property
    def product(self) -> fmpq:
        """∏ a_l at the start."""
        return _product(self.a)

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing moves: at the target, or two factors are 0."""
        zeros = sum(one == 0 for one in self.a)
        return zeros > 1 or self.product == self.y

    @property
    def ends_at_saddle(self) -> bool:
        """Whether the flow tends to a place with two zeros or more that is not the target."""
        return self.is_pinned and self.sign < 0 and self.level != 0


def chain(a: Sequence[fmpq], eta: Sequence[fmpq], y: fmpq) -> Chain:
    """Reduce, exactly.

    Args:
        a: one factor or more.
        eta: as many positive rates.
        y: target.
    """
    return _reduced(a, [one * one for one in a], eta, y, y * y)


def chain_of_squares(squares: Sequence[fmpq], eta: Sequence[fmpq], y_2: fmpq, side: int) -> Chain:
    """Reduce what is known by squares, whose roots need not be rational.

    The reduction needs the squares alone and is exact; `a` and `y`, which are what a chain begins with,
    are roots to ROOT_BITS bits where they are not rational.

    Args:
        squares: a_l² of factors that are not negative, not at the target.
        eta: rates.
        y_2: y².
        side: the sign of y.
    """
    return _reduced([_root(one) for one in squares], squares, eta, side * _root(y_2), y_2)


def _reduced(
    a: Sequence[fmpq], squares: Sequence[fmpq], eta: Sequence[fmpq], y: fmpq, y_2: fmpq
) -> Chain:
    alpha = [one / rate for one, rate in zip(squares, eta, strict=True)]
    least = min(range(len(a)), key=alpha.__getitem__)
    H = _product(eta)
    others = _sign(_product([*a[:least], *a[least + 1 :]]))
    own = _sign(a[least])
    flip = others * _sign(y) if y else own or 1
    return Chain(
        tuple(a), tuple(eta), y, least, tuple(one - alpha[least] for one in alpha), H,
        alpha[least], own * flip, flip, y_2 / H,
    )  # fmt: skip


def _root(square: fmpq) -> fmpq:
    """√ of a number ≥ 0: exact where it is rational, else to ROOT_BITS bits."""
    p, q = int(square.p), int(square.q)
    root = fmpq(isqrt(p), isqrt(q))
    if root * root == square:
        return root
    shift = max(2 * ROOT_BITS + q.bit_length() - p.bit_length(), 0) // 2 * 2
    return fmpq(isqrt((p << shift) // q), 1 << (shift // 2))


def _product(numbers: Sequence[fmpq]) -> fmpq:
    found = fmpq(1)
    for one in numbers:
        found *= one
    return found


def _sign(number: fmpq) -> int:
    return (number > 0) - (number < 0)
