"""Stage: a neuron for Taylor series: polynomials in functions of h that are closed under slopes.

Each function of h has a slope that is a polynomial in the functions and h. So one coefficient of all
series follows from those before it by sums of products, and by nothing else. Second derivatives of the
output, of which changes of a neuron's way are made, are polynomials for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, diff

from symbolic.notation.symbols import h_i, u_i
from symbolic.notation.typesetting import typeset
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import is_proved
from symbolic.proof.logistic import plainly
from symbolic.proof.same_function import elementary, prove_same
from symbolic.warp.closure import Atom, Closure, NotClosedError, slope_of, written
from symbolic.warp.stable_neuron import StableNeuron

EXPANDED = ("output", "velocity_u", "velocity_h")
CURVATURES = ("output_by_u_h", "output_by_h_h")


@dataclass(frozen=True, kw_only=True)
class NeuronSeries(Record):
    """A neuron's output and field as polynomials.

    Attributes:
        neuron: as it was derived.
        functions: of h, with their slopes.
        polynomials: output, velocity_u and velocity_h, in u_i, h_i and symbols of functions.
        curvatures: second derivatives of the output by u_i and h_i, and by h_i twice; that by u_i twice
            is 0.
    """

    neuron: Need[StableNeuron]
    functions: tuple[Atom, ...]
    polynomials: dict[str, Expr]
    curvatures: dict[str, Expr]

    def certify(self) -> Iterator[Certificate]:
        """By differentiation; polynomials by writing the functions out."""
        for one in self.functions:
            slope = diff(elementary(plainly(one.value)), h_i)
            verdict = prove_same(self._written(one.slope), slope, h_i)
            yield Certificate(f"slope of {plainly(one.value)}", verdict)
        for name in dict.fromkeys((*EXPANDED, *self.polynomials)):
            polynomial = self.polynomials.get(name, sympy.S.Zero)  # what is missing is refused
            exact = self.neuron.forms[name].plain
            yield Certificate(f"{name}", prove_same(self._written(polynomial), exact, h_i))
        output = elementary(plainly(self.neuron.forms["output"].plain))
        for name in CURVATURES:
            exact = diff(output, *_variables(name))
            # What is missing is refused, where it is 0 as well.
            claimed = self._written(self.curvatures[name]) if name in self.curvatures else exact + 1
            yield Certificate(f"{name}", prove_same(claimed, exact, h_i))

    def explain(self) -> Iterator[Step]:
        """The slopes."""
        rows = tuple(
            (
                rf"\frac{{d}}{{dh_i}}\left({typeset(elementary(plainly(one.value)))}\right)",
                elementary(self._written(one.slope)),
            )
            for one in self.functions
        )
        if rows:
            yield Step(
                "Taylor series of a neuron",
                rows,
                "Slopes are polynomials in the functions: series follow coefficient by coefficient "
                "from products of series.",
            )

    def _written(self, polynomial: Expr) -> Expr:
        return plainly(written(polynomial, self.functions))


def derive(neuron: StableNeuron) -> NeuronSeries:
    """Follow the slopes until no further function appears.

    Raises:
        DoesNotApply: where some slope is no polynomial in a few functions, or was not proved to be.
    """
    closure = Closure(h_i)
    try:
        found = {name: closure.of(neuron.forms[name].plain) for name in EXPANDED}
    except NotClosedError as error:
        raise DoesNotApply(f"no Taylor series: {error}") from None
    for name, polynomial in found.items():
        _require(polynomial, neuron.forms[name].plain, closure)
    for one in closure.atoms:
        _require(one.slope, diff(elementary(plainly(one.value)), h_i), closure)
    atoms = tuple(closure.atoms)
    by_h = slope_of(found["output"], atoms, h_i)
    of_one = by_h.xreplace({u_i: sympy.S.One})  # the output is linear in u
    curvatures = dict(zip(CURVATURES, (of_one, slope_of(by_h, atoms, h_i)), strict=True))
    return NeuronSeries(neuron=neuron, functions=atoms, polynomials=found, curvatures=curvatures)


def _variables(name: str) -> tuple[sympy.Symbol, sympy.Symbol]:
    return (u_i if name == CURVATURES[0] else h_i), h_i


def _require(polynomial: Expr, exact: Expr, closure: Closure) -> None:
    same = plainly(written(polynomial, closure.atoms))
    if not is_proved(prove_same(same, exact, h_i)):
        raise DoesNotApply(f"{exact} was not proved to be {sympy.sstr(same)}")


__all__ = ["NeuronSeries", "derive"]
