"""The loss over exact data on a line, as a loss of the output f at one input: ℒ(f) = Σₙ wₙ ℓ(cₙ f, yₙ).

The counterpart of `numeric.data.effective_loss`: weights, scales and targets are rational numbers, values
are balls. Between two bends ℒ is analytic, and stands as such a piece.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq

from numeric.data.exact import ExactProblem, Vector, on_a_line, small_fraction
from numeric.methods.warp.analytic import Piece
from numeric.methods.warp.ball_zero import off_zero
from numeric.namespaces import Balls, UndecidedError

xp = Balls()
Function = Callable[[Any], Any]


class Term(NamedTuple):
    """One term w ℓ(c f, y)."""

    weight: fmpq
    scale: fmpq
    target: fmpq


@dataclass(frozen=True)
class ExactLoss:
    """ℒ of the output f at m.

    Attributes:
        module: of ℓ.
        terms: with different scales or targets.
    """

    module: ModuleType
    terms: tuple[Term, ...]

    def value(self, f: Any) -> arb:
        """ℒ(f), of a ball."""
        return self._total(lambda scale, target: (scale * f if scale else fmpq(0), target))

    def value_beside(self, f: arb, left: Any, minimum: Any) -> arb:
        """ℒ(f) with f = minimum − left; a loss of f − y keeps the digits of what is left."""
        if not self.module.SHIFTS:
            return self.value(f)
        zero = fmpq(0)
        return self._total(lambda scale, target: (scale * minimum - target - scale * left, zero))

    def least(self) -> arb:
        """ℒ in the end, where every term has its minimum at infinity."""
        ends = [self._minimum(term) if term.scale else None for term in self.terms]
        total = arb(0)
        for (weight, scale, target), end in zip(self.terms, ends, strict=True):
            at = fmpq(0) if end is None else arb("inf") * (1 if end > 0 else -1) * _sign(scale)
            total += weight * arb(self.module.loss(at, target, xp))
        return total

    def _total(self, place: Callable[[fmpq, fmpq], tuple[Any, fmpq]]) -> arb:
        total = arb(0)
        for weight, scale, target in self.terms:
            at, given = place(scale, target)
            total += weight * self._term(off_zero(at), given)
        return total

    def _term(self, at: Any, given: fmpq) -> Any:
        """ℓ at a number or a ball."""
        function = self.module.loss
        if not self.module.BENDS:
            return Piece(function, _middle(at), given)(at)
        try:
            return function(at, given, xp)
        except UndecidedError:
            return self._across_a_bend(at, given)

    def _across_a_bend(self, at: arb, given: fmpq) -> arb:
        """ℓ on a ball that meets a bend: a convex function is above its tangent and below its chord."""
        # Somewhat more than the ball, so that neither of its ends is at the bend.
        wider = arb(at.mid(), 4 * at.rad() + abs(at) * arb(2) ** (8 - ctx.prec))
        low, high = arb(wider.lower()), arb(wider.upper())
        first, last = (arb(self.module.loss(end, given, xp)) for end in (low, high))
        falls = abs(arb(self.module.slope(low, given, xp))) * (high - low)
        return (first - falls).union(first).union(last)

    def beside(self, output: fmpq) -> tuple[fmpq, fmpq]:
        """An output on either side of one, with no bend between; that itself where it is at none."""
        if output not in self.bends:
            return output, output
        k = self.bends.index(output)
        before = [(output + z) / 2 for z in self.bends[k - 1 : k]] or [output - 1]
        after = [(output + z) / 2 for z in self.bends[k + 1 : k + 2]] or [output + 1]
        return before[0], after[0]

    def piece(self, name: str, point: Any, power: int) -> Piecewise:
        """Σₙ wₙ cₙ^power g(cₙ f, yₙ) near a point, for a function g of the loss, e.g. "slope"."""
        function = getattr(self.module, name)
        found = []
        for weight, scale, target in self.terms:
            if scale:
                piece = Piece(function, scale * point, target)
                found.append((weight * scale**power, scale, target, piece))
        return Piecewise(tuple(found), self.module)

    @cached_property
    def bends(self) -> tuple[fmpq, ...]:
        """Outputs at which the slope is not smooth, increasing."""
        found = set()
        for bend in map(small_fraction, self.module.BENDS):
            for _, scale, target in self.terms:
                if scale and (self.module.SHIFTS or target):
                    at_input = bend + target if self.module.SHIFTS else bend / target
                    found.add(at_input / scale)
        return tuple(sorted(found))

    def minima(self) -> list[Any]:
        """Where each term that depends on f is least: fmpq, a ball, or ±∞ as a float."""
        return [self._minimum(term) for term in self.terms if term.scale]

    def _minimum(self, term: Term) -> Any:
        way = 1 if term.scale > 0 else -1
        if not self.module.BOUNDED:
            return math.copysign(math.inf, term.target * way)
        found = self.module.minimum(term.target, xp)
        if isinstance(found, fmpq | int):
            return fmpq(found) / term.scale
        if found.is_finite():
            return found / term.scale
        return math.copysign(math.inf, -float(self.module.slope(fmpq(0), term.target, xp)) * way)


class Piecewise:
    """A sum of analytic terms.

    Weights over their common denominator are whole: a sum that is zero term by term is exactly zero.
    """

    def __init__(
        self, terms: tuple[tuple[fmpq, fmpq, fmpq, Piece], ...], module: ModuleType
    ) -> None:
        self._denominator = math.lcm(*(int(weight.q) for weight, _, _, _ in terms), 1)
        self._terms, self._shifts = terms, module.SHIFTS

    def __call__(self, f: Any) -> Any:
        """At a ball, a complex ball or a power series."""
        return self._sum(lambda scale, target: scale * f)

    def beside(self, minimum: Any, moved: Any) -> Any:
        """At minimum + moved; what a loss of f − y is left with at an exact minimum is exact."""
        if not self._shifts:
            return self(minimum + moved)
        return self._sum(lambda scale, target: (scale * minimum - target) + scale * moved, True)

    def _sum(self, place: Callable[[fmpq, fmpq], Any], shifted: bool = False) -> Any:
        total: Any = 0
        for weight, scale, target, piece in self._terms:
            at = place(scale, target)
            value = piece.shifted(at) if shifted else piece(at)
            total = total + fmpq(weight * self._denominator) * value
        return total / self._denominator


def exact_loss(problem: ExactProblem) -> tuple[Vector, ExactLoss]:
    """The input m, and the loss as one of the output there; one row is its own m, also of a set.

    Raises:
        InputError: for rows that are not on one line exactly.
    """
    direction, scales = problem.X[0], (fmpq(1),)
    if len(problem.X) > 1:
        direction, along = on_a_line(problem.X)
        scales = tuple(a**problem.network.degree for a in along)
    share, weights = fmpq(1, len(scales)), dict[tuple[fmpq, fmpq], fmpq]()
    for key in zip(scales, problem.targets, strict=True):
        weights[key] = weights.get(key, fmpq(0)) + share
    return direction, ExactLoss(problem.loss, tuple(Term(w, *key) for key, w in weights.items()))


def _sign(scale: fmpq) -> int:
    return 1 if scale > 0 else -1


def _middle(f: Any) -> Any:
    return arb(f.mid()) if isinstance(f, arb) else f


__all__ = ["ExactLoss", "Piecewise", "Term", "exact_loss"]
