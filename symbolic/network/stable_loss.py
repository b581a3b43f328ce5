"""Stage: the loss, its slope and its curvature in forms that floats can compute at every output.

In which variable depends on the targets: the margin y f where they are ±1, whose odd powers are y; the
values at the targets 0 and 1 where the loss is linear in between; the error f − y where nothing else is
in it. In that variable exponentials only decay (`symbolic.proof.stable_forms`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Piecewise, Symbol
from sympy.codegen.cfunctions import log1p

from symbolic.network.convexity import ConvexLoss, at_targets, edges, shifts
from symbolic.network.losses import Targets
from symbolic.notation.symbols import f, y
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, is_proved, prove_equal
from symbolic.proof.same_function import elementary, prove_same
from symbolic.proof.stable_forms import stable, with_log1p

margin, missing, error = (Symbol(name, real=True) for name in ("margin", "missing", "error"))
VARIABLES = {margin: y * f, missing: 1 - y, error: f - y}


@dataclass(frozen=True, kw_only=True)
class StableLoss(Record):
    """A loss as it is computed.

    Attributes:
        loss: the loss, its slope and its curvature in f and y.
        variables: what the forms are written in, by f and y.
        forms: loss, slope and curvature.
        minimum: the output at which the slope is 0, or begins to be, in y; none where it is at infinity.
        shifts: whether the loss is a function of f − y alone.
        bends: f − y, or y f, at which the slope is not smooth, increasing.
    """

    loss: Need[ConvexLoss]
    variables: dict[Expr, Expr]
    forms: dict[str, Expr]
    minimum: tuple[Expr, ...]
    shifts: bool
    bends: tuple[Expr, ...]

    def certify(self) -> Iterator[Certificate]:
        """Each form at every target against the loss; where it bends."""
        exact = derived(self.loss)
        same = list(self.forms) == list(exact) and self.shifts == shifts(self.loss)
        whole = Proved("names") if same else Undecided(f"{list(self.forms)}, {self.shifts}")
        yield Certificate("every function is there", whole)
        yield Certificate("what they are written in", self._variables())
        for name, form in self.forms.items():
            for number, verdict in enumerate(_same(self.loss, form, exact[name]), 1):
                yield Certificate(f"{name}, target {number}", verdict)
        yield Certificate("the minimum", self._minimum())
        yield Certificate("where the slope bends", self._bends())

    def _variables(self) -> Verdict:
        used = set[Expr]().union(*(form.free_symbols for form in self.forms.values()))
        known = {name: VARIABLES[name] for name in self.variables if name in VARIABLES}
        if known == self.variables and set(self.variables) == used - {f, y}:
            return Proved("names")
        return Undecided(f"{self.variables}")

    def _minimum(self) -> Verdict:
        if len(self.minimum) != len(self.loss.minimum[:1]):
            return Undecided(f"{self.minimum}")
        if not self.minimum:
            return Proved("none")
        at = {y: Symbol("y", positive=True)}
        (found,), (expected, *_) = self.minimum, self.loss.minimum
        both = (elementary(place).xreplace(at) for place in (found, expected))
        # The exponential of a sum of logarithms is a product.
        return prove_equal(*(sympy.exp(place) for place in both))

    def _bends(self) -> Verdict:
        found = _bends(self.loss)
        return Proved("solved") if found == self.bends else Undecided(f"{found}")

    def explain(self) -> Iterator[Step]:
        """Nothing: the loss is explained where it is derived."""
        yield from ()


def derived(loss: ConvexLoss) -> dict[str, Expr]:
    """The functions of a loss by their names, in f and y."""
    return {"loss": loss.model.loss(f, y), "slope": loss.slope, "curvature": loss.curvature}


def derive(loss: ConvexLoss) -> StableLoss:
    """Write it in the variable that its targets have."""
    form = _form(loss)
    forms = {}
    for name, value in derived(loss).items():
        found = form(value)
        # What cannot be proved to be the same function is left as it was derived.
        forms[name] = found if all(map(is_proved, _same(loss, found, value))) else value
    used = set[Expr]().union(*(one.free_symbols for one in forms.values()))
    return StableLoss(
        loss=loss,
        variables={name: value for name, value in VARIABLES.items() if name in used},
        forms=forms,
        minimum=tuple(map(_minimum, loss.minimum[:1])),
        shifts=shifts(loss),
        bends=_bends(loss),
    )


def _same(loss: ConvexLoss, form: Expr, exact: Expr) -> Iterator[Verdict]:
    """Whether a form is the function, target by target where these are few."""
    for found, expected in at_targets(loss.model, form.xreplace(VARIABLES), exact):
        if shifts(loss):  # its sides are those of f = y
            found, expected = (part.subs(f, error + y) for part in (found, expected))
        yield prove_same(found, expected, error if shifts(loss) else f)


def _bends(loss: ConvexLoss) -> tuple[Expr, ...]:
    """Where the branches of the slope meet, in the error f − y or in the margin y f."""
    place = f - y if shifts(loss) else f * y
    found = {
        sympy.simplify(place.subs(f, edge))
        for piece in loss.slope.atoms(Piecewise)
        for _, condition in piece.args
        for edge in edges(condition)
    }
    return tuple(sorted(found))


Form = Callable[[Expr], Expr]


def _form(loss: ConvexLoss) -> Form:
    """In which variable a loss is computed, so that nothing cancels or overflows."""
    targets = loss.model.loss.targets
    if targets is Targets.SIGNS:
        return _in_margin
    if targets is Targets.PROBABILITIES:
        return _between_both_targets
    return _in_error if shifts(loss) else _plain


def _in_margin(value: Expr) -> Expr:
    """Targets ±1: in y f; odd powers of y are y."""
    inner = value.subs(f, margin / y).replace(
        lambda part: part.is_Pow and part.base == y and part.exp.is_Integer,
        lambda part: y if part.exp % 2 else sympy.Integer(1),
    )
    return stable(with_log1p(inner), margin)


def _between_both_targets(value: Expr) -> Expr:
    """Targets from 0 to 1, in which the loss is linear: (1 − y) ℓ(f, 0) + y ℓ(f, 1)."""
    ends = [stable(with_log1p(sympy.simplify(value.subs(y, end))), f) for end in (0, 1)]
    return ends[0] if ends[0] == ends[1] else missing * ends[0] + y * ends[1]


def _in_error(value: Expr) -> Expr:
    """A function of f − y."""
    return stable(with_log1p(sympy.simplify(value.subs(f, error + y))), error)


def _plain(value: Expr) -> Expr:
    return value


def _minimum(place: Expr) -> Expr:
    """With the logarithm of a quotient as a difference, and that of 1 − y by its own function."""
    if not place.has(sympy.log):
        return place
    value = place.replace(
        sympy.log, lambda z: sympy.log(sympy.Mul(*(_positive(part) for part in z.args)))
    )
    value = sympy.expand_log(value, force=True)
    return value.replace(lambda part: part == sympy.log(1 - y), lambda part: log1p(-y))


def _positive(part: Expr) -> Expr:
    """A factor of −y/(y − 1) by its positive counterpart."""
    return -part if part == -1 else part.subs(y - 1, 1 - y) if part.has(y - 1) else part
