"""Namespaces `xp` in which the generated text computes with mpmath numbers and with Arb balls.

numpy and torch need none: they have the names already.
"""

from __future__ import annotations

import math
from typing import Any, Protocol

from flint import arb


class UndecidedError(ArithmeticError):
    """Whether a comparison that the balls do not decide at this precision; more precision is needed."""


class Namespace(Protocol):
    """The names that generated code uses, as numpy documents them."""

    inf: Any

    def exp(self, z: Any) -> Any: ...  # noqa: D102
    def expm1(self, z: Any) -> Any: ...  # noqa: D102
    def sqrt(self, z: Any) -> Any: ...  # noqa: D102
    def asinh(self, z: Any) -> Any: ...  # noqa: D102
    def abs(self, z: Any) -> Any: ...  # noqa: D102
    def minimum(self, a: Any, b: Any) -> Any: ...  # noqa: D102
    def maximum(self, a: Any, b: Any) -> Any: ...  # noqa: D102
    def where(self, condition: Any, yes: Any, no: Any) -> Any: ...  # noqa: D102
    def greater(self, a: Any, b: Any) -> Any: ...  # noqa: D102
    def greater_equal(self, a: Any, b: Any) -> Any: ...  # noqa: D102
    def less(self, a: Any, b: Any) -> Any: ...  # noqa: D102
    def less_equal(self, a: Any, b: Any) -> Any: ...  # noqa: D102
    def not_equal(self, a: Any, b: Any) -> Any: ...  # noqa: D102
    def logical_and(self, a: Any, b: Any) -> Any: ...  # noqa: D102
    def logical_or(self, a: Any, b: Any) -> Any: ...  # noqa: D102


class _Scalars:
    """What scalar namespaces share. `where` has no lazy branches: all values are there already."""

    def where(self, condition: bool, yes: Any, no: Any) -> Any:
        """`yes` where the condition holds."""
        return yes if condition else no

    def logical_or(self, a: bool, b: bool) -> bool:
        """Either."""
        return a or b

    def logical_and(self, a: bool, b: bool) -> bool:
        """Both."""
        return a and b

    def abs(self, z: Any) -> Any:
        """Absolute value."""
        return abs(z)


class Balls(_Scalars):
    """Arb balls: results enclose the true value, comparisons are certain or raise."""

    inf = arb("inf")

    def exp(self, z: arb) -> arb:
        """Exponential."""
        return arb(z).exp()

    def expm1(self, z: arb) -> arb:
        """exp(z) − 1."""
        return arb(z).expm1()

    def sqrt(self, z: arb) -> arb:
        """Square root; a ball that reaches below zero needs more precision."""
        z = arb(z)
        if not z >= 0:
            raise UndecidedError(f"square root of {z}")
        return z.sqrt()

    def asinh(self, z: arb) -> arb:
        """Inverse hyperbolic sine."""
        return arb(z).asinh()

    def minimum(self, a: arb, b: arb) -> arb:
        """The smaller; needs no decision."""
        return arb(a).min(b)

    def maximum(self, a: arb, b: arb) -> arb:
        """The larger; needs no decision."""
        return arb(a).max(b)

    def _sign(self, a: Any, b: Any) -> int:
        difference = arb(a) - b
        if difference > 0:
            return 1
        if difference < 0:
            return -1
        if difference == 0:
            return 0
        raise UndecidedError(f"the sign of {difference}")

    def greater(self, a: Any, b: Any) -> bool:
        """Whether a > b, certainly."""
        return self._sign(a, b) > 0

    def greater_equal(self, a: Any, b: Any) -> bool:
        """Whether a ≥ b, certainly."""
        return self._sign(a, b) >= 0

    def less(self, a: Any, b: Any) -> bool:
        """Whether a < b, certainly."""
        return self._sign(a, b) < 0

    def less_equal(self, a: Any, b: Any) -> bool:
        """Whether a ≤ b, certainly."""
        return self._sign(a, b) <= 0

    def not_equal(self, a: Any, b: Any) -> bool:
        """Whether a ≠ b, certainly."""
        return self._sign(a, b) != 0


class Mpmath(_Scalars):
    """mpmath numbers at the precision of the context that is given."""

    inf = math.inf

    def __init__(self, context: Any) -> None:
        """Args: context: `mpmath.mp` or another mpmath context."""
        for name in ("exp", "expm1", "sqrt", "asinh"):
            setattr(self, name, getattr(context, name))

    def minimum(self, a: Any, b: Any) -> Any:
        """The smaller."""
        return min(a, b)

    def maximum(self, a: Any, b: Any) -> Any:
        """The larger."""
        return max(a, b)

    def greater(self, a: Any, b: Any) -> bool:
        """Whether a > b."""
        return bool(a > b)

    def greater_equal(self, a: Any, b: Any) -> bool:
        """Whether a ≥ b."""
        return bool(a >= b)

    def less(self, a: Any, b: Any) -> bool:
        """Whether a < b."""
        return bool(a < b)

    def less_equal(self, a: Any, b: Any) -> bool:
        """Whether a ≤ b."""
        return bool(a <= b)

    def not_equal(self, a: Any, b: Any) -> bool:
        """Whether a ≠ b."""
        return bool(a != b)
