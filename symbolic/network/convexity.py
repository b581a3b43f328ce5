"""Stage: the shape of the loss, which alone decides how fast the network goes through warped time.

ds/dt = −∂ℓ/∂f. A convex loss has a slope that never falls, so the output goes towards where the slope is
0 and stays on its side; where no output has slope 0 the minimum is at infinity. A loss c (f − y)² + const
is the square seen in another unit of time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Basic, Expr, Piecewise, Symbol, diff

from symbolic.network.losses import SQUARE, Targets
from symbolic.network.model import Model
from symbolic.notation.symbols import f, y
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Refuted, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.remembered import remembered

STEPS = tuple(map(sympy.Rational, ("1/3", "3", "-1/3", "-3")))  # where curvatures are compared


@dataclass(frozen=True, kw_only=True)
class ConvexLoss(Record):
    """A convex loss of the output f at a target y.

    Attributes:
        slope: ∂ℓ/∂f.
        curvature: ∂²ℓ/∂f², not negative.
        minimum: the outputs with slope 0, in y; none where the minimum is at infinity, or not found.
        factor: c where ℓ = c (f − y)² + const, None where it is another function.
    """

    model: Need[Model]
    slope: Expr
    curvature: Expr
    minimum: tuple[Expr, ...]
    factor: Expr | None

    def certify(self) -> Iterator[Certificate]:
        """By differentiation, and branch by branch."""
        loss = self.model.loss(f, y)
        yield Certificate("slope of the loss", prove_equal(diff(loss, f), self.slope))
        yield Certificate("slope of the slope", prove_equal(diff(self.slope, f), self.curvature))
        yield Certificate("the loss is convex on every branch", _not_negative(self.curvature))
        yield Certificate("branches meet, and slopes rise there", _meet(self.model, self.slope))
        for place in self.minimum:
            yield Certificate(f"the slope is 0 at f = {place}", _is_minimum(self.slope, place))
        if not self.minimum:
            yield Certificate("the slope is 0 nowhere", _never_zero(self.model, self.slope))
        yield Certificate(
            "how it compares with the square", _compare(self.model, self.curvature, self.factor)
        )

    def explain(self) -> Iterator[Step]:
        """The slope, where it is not the square's."""
        if self.factor != 1:
            where = tuple((r"f(\infty)", place) for place in self.minimum)
            yield Step(
                "Loss",
                ((r"\ell", self.model.loss(f, y)), (r"\frac{\partial\ell}{\partial f}", self.slope),
                 *where),
                r"Warped time $s$ runs at the speed $-\partial\ell/\partial f$; the neurons do not "
                r"notice which loss it is.",
            )  # fmt: skip


def derive(model: Model) -> ConvexLoss:
    """Differentiate, and look for the minimum.

    Raises:
        DoesNotApply: when the loss is not found to be convex.
    """
    loss = model.loss(f, y)
    slope, curvature = (sympy.simplify(diff(loss, f, order)) for order in (1, 2))
    if not isinstance(_not_negative(curvature), Proved):
        raise DoesNotApply(f"the loss is not found to be convex: its curvature is {curvature}")
    return ConvexLoss(
        model=model,
        slope=slope,
        curvature=curvature,
        minimum=_minimum(slope),
        factor=_factor(loss, curvature),
    )


def _factor(loss: Expr, curvature: Expr) -> Expr | None:
    """The c of c (f − y)² + const."""
    factor = curvature / 2
    if factor == 0 or factor.has(f, y):
        return None
    rest = diff(loss - factor * SQUARE(f, y), f)
    return factor if sympy.expand(rest) == 0 else None


def _minimum(slope: Expr) -> tuple[Expr, ...]:
    """Where the slope is 0, or begins to be."""
    found: list[Expr] = []
    for value, condition in branches(slope):
        at = _roots(value) if value.has(f) else edges(condition) if value == 0 else []
        found += [place for place in at if sympy.simplify(condition.subs(f, place)) != sympy.false]
    return tuple(dict.fromkeys(found))


def _roots(value: Expr) -> list[Expr]:
    """Where it is 0: at the target, as of most losses, else where SymPy finds.

    Raises:
        DoesNotApply: when neither answers.
    """
    if sympy.simplify(value.subs(f, y)) == 0:
        return [y]
    try:
        return list(sympy.solve(value, f))
    except NotImplementedError:
        raise DoesNotApply(f"where the slope is 0 was not found: {value}") from None


@remembered
def shifts(loss: ConvexLoss) -> bool:
    """Whether the slope is a function of f − y alone."""
    return not sympy.simplify(loss.slope.subs(f, f + y)).has(y)


def branches(expression: Expr) -> list[tuple[Expr, Basic]]:
    """The branches of an expression with their conditions; one, if it has none."""
    return (
        list(expression.args) if isinstance(expression, Piecewise) else [(expression, sympy.true)]
    )


def edges(condition: Basic) -> list[Expr]:
    """Outputs at which a condition changes."""
    compared = condition.atoms(sympy.core.relational.Relational)
    return [place for one in compared for place in sympy.solve(one.lhs - one.rhs, f)]


def _not_negative(expression: Expr) -> Verdict:
    if all(value.is_nonnegative for value, _ in branches(expression)):
        return Proved("signs of its factors")
    return Undecided(f"sign of {expression}")


def at_targets(model: Model, *expressions: Expr) -> Iterator[tuple[Expr, ...]]:
    """Expressions at every target there is, where these are few; else at any."""
    values = (-1, 1) if model.loss.targets is Targets.SIGNS else (y,)
    for value in values:
        yield tuple(expression.subs(y, value) for expression in expressions)


def _meet(model: Model, slope: Expr) -> Verdict:
    """On both sides of every edge the loss is the same, and the slope on the right no smaller."""
    near = Symbol("near", positive=True)
    for loss, its in at_targets(model, model.loss(f, y), slope):
        for edge in {place for _, condition in branches(loss) for place in edges(condition)}:
            sides = [
                [part.subs(f, edge + side * near).subs(near, 0) for side in (-1, 1)]
                for part in (loss, its)
            ]
            equal, rise = prove_equal(*sides[0]), sides[1][1] - sides[1][0]
            if not isinstance(equal, Proved):
                return equal
            if not rise.is_nonnegative:
                return Undecided(f"the slope falls by {rise} at f = {edge}")
    return Proved("values on both sides")


def _is_minimum(slope: Expr, place: Expr) -> Verdict:
    """The slope there; a target within (0, 1) or of any sign."""
    inner = {y: Symbol("y", positive=True)} if place.has(sympy.log) else {}
    return prove_zero(sympy.simplify(slope.subs(f, place).xreplace(inner)))


def _never_zero(model: Model, slope: Expr) -> Verdict:
    for (its,) in at_targets(model, slope):
        if not all(value.is_nonzero for value, _ in branches(its)):
            return Undecided(f"sign of {its}")
    return Proved("signs of its factors")


def _compare(model: Model, curvature: Expr, factor: Expr | None) -> Verdict:
    """The factor gives the square the loss's slope; or the curvature is 0, or not the same everywhere."""
    loss = model.loss(f, y)
    if factor is not None:
        return prove_equal(diff(loss, f), factor * diff(SQUARE(f, y), f))
    for (its,) in at_targets(model, curvature):
        near, *others = (its.subs(f, (y if its.has(y) else 0) + step) for step in STEPS)
        differ = any(isinstance(prove_equal(near, other), Refuted) for other in others)
        if near != 0 and not differ:
            return Undecided(f"curvatures {near}, {others}")
    return Proved("curvatures at two outputs")
