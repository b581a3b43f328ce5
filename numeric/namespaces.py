"""Namespaces `xp` in which the generated text computes with mpmath numbers and with Arb balls.

numpy and torch need none: they have the names already.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from flint import acb, arb, arb_series, ctx

_PRECISION = threading.RLock()


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Within, flint computes with so many bits.

    Its precision is one for the whole process: other threads wait here, and must not compute with
    balls elsewhere.
    """
    with _PRECISION:
        before, ctx.prec = ctx.prec, bits
        try:
            yield
        finally:
            ctx.prec = before


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

    def sinh(self, z: arb) -> arb:
        """Hyperbolic sine."""
        return arb(z).sinh()

    def cosh(self, z: arb) -> arb:
        """Hyperbolic cosine."""
        return arb(z).cosh()

    def tanh(self, z: arb) -> arb:
        """Hyperbolic tangent."""
        return arb(z).tanh()

    def sin(self, z: arb) -> arb:
        """Sine."""
        return arb(z).sin()

    def cos(self, z: arb) -> arb:
        """Cosine."""
        return arb(z).cos()

    def tan(self, z: arb) -> arb:
        """Tangent."""
        return arb(z).tan()

    def atanh(self, z: arb) -> arb:
        """Inverse hyperbolic tangent."""
        return arb(z).atanh()

    def atan(self, z: arb) -> arb:
        """Inverse tangent."""
        return arb(z).atan()

    def atan2(self, y: arb, x: arb) -> arb:
        """Angle of the point (x, y)."""
        return arb.atan2(arb(y), arb(x))

    def log(self, z: arb) -> arb:
        """Logarithm."""
        return arb(z).log()

    def log1p(self, z: arb) -> arb:
        """log(1 + z)."""
        return arb(z).log1p()

    def erf(self, z: arb) -> arb:
        """Error function."""
        return arb(z).erf()

    def erfc(self, z: arb) -> arb:
        """Complementary error function."""
        return arb(z).erfc()

    @property
    def pi(self) -> arb:
        """π at the present precision."""
        return arb.pi()

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


class Complex:
    """Complex balls, for analytic functions: conditions are on real balls, as in `Balls`."""

    def __init__(self) -> None:
        real = Balls()
        for name in ("greater", "less", "greater_equal", "less_equal", "not_equal", "where"):
            setattr(self, name, getattr(real, name))

    def abs(self, z: arb) -> arb:
        """Absolute value of a real ball."""
        return abs(z)

    def sqrt(self, z: arb | acb) -> arb | acb:
        """Square root; of a complex ball on the cut it is undefined, and the caller subdivides."""
        return z.sqrt() if isinstance(z, acb) else arb(z).sqrt()

    def sinh(self, z: arb | acb) -> arb | acb:
        """Hyperbolic sine."""
        return z.sinh()

    def sin(self, z: arb | acb) -> arb | acb:
        """Sine."""
        return z.sin()


class _Later:
    """A value that is made when it is asked for; a quotient of one is one, too."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @property
    def value(self) -> Any:
        """The value itself."""
        return self._make()

    def __truediv__(self, other: Any) -> _Later:
        return _Later(lambda: self.value / other)

    def __mul__(self, other: Any) -> Any:
        return self.value * other

    def __rmul__(self, other: Any) -> Any:
        return other * self.value

    def __add__(self, other: Any) -> Any:
        return self.value + other

    def __radd__(self, other: Any) -> Any:
        return other + self.value

    def __sub__(self, other: Any) -> Any:
        return self.value - other

    def __rsub__(self, other: Any) -> Any:
        return other - self.value

    def __rtruediv__(self, other: Any) -> Any:
        return other / self.value

    def __neg__(self) -> Any:
        return -self.value

    def __pow__(self, exponent: Any) -> Any:
        return self.value**exponent


class Lazy:
    """Another namespace, in which of sines that `where` chooses from only the chosen one is computed.

    To a thousand digits a place of a neuron costs little else.
    """

    def __init__(self, namespace: Any) -> None:
        self._namespace = namespace

    def __getattr__(self, name: str) -> Any:
        return getattr(self._namespace, name)

    def sinh(self, z: Any) -> Any:
        """Hyperbolic sine."""
        return _Later(lambda: self._namespace.sinh(z))

    def sin(self, z: Any) -> Any:
        """Sine."""
        return _Later(lambda: self._namespace.sin(z))

    def where(self, condition: bool, yes: Any, no: Any) -> Any:
        """`yes` where the condition holds."""
        chosen = yes if condition else no
        return chosen.value if isinstance(chosen, _Later) else chosen


class Series(Complex):
    """Power series with ball coefficients, in the variable; coefficients of neurons are balls."""

    def sqrt(self, z: Any) -> Any:
        """Square root of a ball or a series."""
        return z.sqrt() if isinstance(z, arb_series) else super().sqrt(z)

    def sinh(self, z: Any) -> Any:
        """Hyperbolic sine."""
        # That of a linear series is quick, and quicker than an inverse.
        return (z.exp() - (-z).exp()) / 2


class Mpmath(_Scalars):
    """mpmath numbers at the precision of the context that is given."""

    inf = math.inf

    def __init__(self, context: Any) -> None:
        """Args: context: `mpmath.mp` or another mpmath context."""
        same = (
            "exp expm1 sqrt asinh sinh cosh tanh sin cos tan atanh atan atan2 log log1p erf erfc pi"
        )
        for name in same.split():
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
