"""A generated function near a point, as an analytic function of balls, complex balls or power series.

Generated text chooses between forms by comparisons, which complex balls and series cannot answer. Within
a piece of the function all answers are those at one point of it: they are asked for there once, and
given again, in the same order, elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flint import acb, acb_series, arb, arb_series, fmpq

from numeric.namespaces import Balls

SERIES = (arb_series, acb_series)


class Analytic:
    """Functions of whatever number they are given; not finite on a complex ball that meets a cut."""

    inf = arb("inf")

    def exp(self, z: Any) -> Any:
        """Exponential."""
        return _number(z).exp()

    def log(self, z: Any) -> Any:
        """Logarithm."""
        return z.log(analytic=True) if isinstance(z, acb) else _number(z).log()

    def sqrt(self, z: Any) -> Any:
        """Square root."""
        return z.sqrt(analytic=True) if isinstance(z, acb) else _number(z).sqrt()

    def expm1(self, z: Any) -> Any:
        """exp(z) − 1."""
        return _number(z).exp() - 1 if isinstance(z, SERIES) else _number(z).expm1()

    def log1p(self, z: Any) -> Any:
        """log(1 + z)."""
        if isinstance(z, acb) and not (1 + z).log(analytic=True).is_finite():
            return acb("nan")
        return (1 + z).log() if isinstance(z, SERIES) else _number(z).log1p()

    def sinh(self, z: Any) -> Any:
        """Hyperbolic sine."""
        if isinstance(z, SERIES):
            grown = z.exp()
            return (grown - 1 / grown) / 2
        return _number(z).sinh()

    def cosh(self, z: Any) -> Any:
        """Hyperbolic cosine."""
        if isinstance(z, SERIES):
            grown = z.exp()
            return (grown + 1 / grown) / 2
        return _number(z).cosh()

    def tanh(self, z: Any) -> Any:
        """Hyperbolic tangent."""
        if isinstance(z, SERIES):
            squared = (2 * z).exp()
            return (squared - 1) / (squared + 1)
        return _number(z).tanh()

    def erf(self, z: Any) -> Any:
        """Error function."""
        return _number(z).erf()

    def atan(self, z: Any) -> Any:
        """Inverse tangent."""
        if isinstance(z, acb) and z.real.contains(0) and not abs(z.imag) < 1:
            return acb("nan")
        return _number(z).atan()

    def where(self, condition: bool, yes: Any, no: Any) -> Any:
        """`yes` where the condition holds."""
        return yes if condition else no

    def logical_and(self, a: bool, b: bool) -> bool:
        """Both."""
        return a and b

    def logical_or(self, a: bool, b: bool) -> bool:
        """Either."""
        return a or b


class _Asking(Balls):
    """Comparisons at a point, remembered."""

    def __init__(self) -> None:
        self.signs: list[int] = []

    def _sign(self, a: Any, b: Any) -> int:
        self.signs.append(super()._sign(a, b))
        return self.signs[-1]

    def abs(self, z: Any) -> Any:
        """Absolute value."""
        return -z if self._sign(z, 0) < 0 else z


class _Answering(Analytic):
    """The same comparisons, in the same order, with the same answers."""

    def __init__(self, signs: Iterator[int]) -> None:
        self._signs = signs

    def abs(self, z: Any) -> Any:
        """Absolute value, continued from the side of the point."""
        return -z if next(self._signs) < 0 else z

    def greater(self, a: Any, b: Any) -> bool:
        """Whether a > b at the point."""
        return next(self._signs) > 0

    def greater_equal(self, a: Any, b: Any) -> bool:
        """Whether a ≥ b at the point."""
        return next(self._signs) >= 0

    def less(self, a: Any, b: Any) -> bool:
        """Whether a < b at the point."""
        return next(self._signs) < 0

    def less_equal(self, a: Any, b: Any) -> bool:
        """Whether a ≤ b at the point."""
        return next(self._signs) <= 0

    def not_equal(self, a: Any, b: Any) -> bool:
        """Whether a ≠ b at the point."""
        return next(self._signs) != 0


class Piece:
    """The piece of a generated function z ↦ function(z, *given, xp) that holds at a point.

    Args:
        function: generated.
        point: a real number at which its comparisons are asked.
        given: further arguments.

    Raises:
        UndecidedError: where balls do not decide them at this precision.
    """

    def __init__(self, function: Callable[..., Any], point: Any, *given: Any) -> None:
        self._function, self._given = function, given
        asking = _Asking()
        function(point, *given, asking)
        self._signs = asking.signs

    def __call__(self, z: Any) -> Any:
        """Its analytic continuation at a ball, a complex ball or a power series."""
        return self._function(z, *self._given, _Answering(iter(self._signs)))

    def shifted(self, error: Any) -> Any:
        """Of a function of z − y alone: at this difference."""
        return self._function(error, fmpq(0), _Answering(iter(self._signs)))


def _number(z: Any) -> Any:
    return z if isinstance(z, arb | acb | arb_series | acb_series) else arb(z)


__all__ = ["Analytic", "Piece"]
