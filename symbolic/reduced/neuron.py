"""A part of a potential as a neuron: a·u·σ(h) with one weight u, and a preactivation h = Σⱼ xⱼ wⱼ.

Searched: a weight that divides the part, and a quotient whose derivatives by the other weights are in
constant ratios, so that it is a function of one linear form. The quotient is written as a function of h
by putting all weights but one to 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm

import sympy
from flint import fmpq
from sympy import Expr, Heaviside, Symbol

from symbolic.architecture.closures import h
from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Generated, Instance, Poly
from symbolic.laws.one_field import functions_in, weights_of


@dataclass(frozen=True)
class Neuron:
    """a·u·σ(Σⱼ xⱼ wⱼ).

    Attributes:
        u: the place of the outer weight.
        point: xⱼ by the place of wⱼ.
        scale: a.
        activation: σ, of the symbol h of `symbolic.architecture.closures`.
    """

    u: int
    point: Mapping[int, Fraction]
    scale: Fraction
    activation: Expr


def neuron(instance: Instance, part: Poly) -> Neuron | None:
    """A part of a potential as a neuron, None where it is none.

    Args:
        instance: expanded.
        part: of the weights of this neuron and functions of them.
    """
    for u in sorted(weights_of(instance, part)):
        quotient = _over(part, u)
        if quotient is None or u in weights_of(instance, quotient):
            continue
        form = _linear_form(instance, quotient)
        if form is not None:
            found = _scaled(instance, u, quotient, form)
            return replace(found, activation=_in_branches(found.activation))
    return None


def _in_branches(activation: Expr) -> Expr:
    """Gates as branches; that of h as the two sides of 0, on which the bend itself is the left one."""
    if activation.has(Heaviside(h)):
        right, left = (sympy.expand(activation.subs(Heaviside(h), value)) for value in (1, 0))
        activation = sympy.Piecewise((right, h > 0), (left, True))
    return gates_as_branches(activation)


def gates_as_branches(expression: Expr) -> Expr:
    """1 where the argument of a gate is positive, else 0."""
    return expression.replace(
        Heaviside, lambda place, *_: sympy.Piecewise((1, sympy.expand(place) > 0), (0, True))
    )


def _over(part: Poly, u: int) -> Poly | None:
    """The part over a weight, None where that is no divisor."""
    exponents = terms(part)
    if not all(m[u] for m in exponents):
        return None
    return part.context().from_dict(
        {(*m[:u], m[u] - 1, *m[u + 1 :]): c for m, c in exponents.items()}
    )


def _linear_form(instance: Instance, quotient: Poly) -> dict[int, Fraction] | None:
    """Whole xⱼ without a common divisor, where the derivatives by wⱼ are xⱼ times one function."""
    gradient = instance.gradient(quotient)
    if not gradient or gradient.keys() != weights_of(instance, quotient):
        return None
    first = gradient[min(gradient)]
    found = {}
    for j, slope in gradient.items():
        ratio = slope.leading_coefficient() / first.leading_coefficient()
        if slope != first * ratio:
            return None
        found[j] = Fraction(int(ratio.p), int(ratio.q))
    below = lcm(*(x.denominator for x in found.values()))
    above = gcd(*(int(x * below) for x in found.values()))
    return {j: x * below / above for j, x in sorted(found.items())}


def _scaled(instance: Instance, u: int, quotient: Poly, form: Mapping[int, Fraction]) -> Neuron:
    """The quotient as a·σ(h), h scaled as in the argument of its function, or so that a is 1."""
    activation = _of_h(instance, quotient, form)
    for one in functions_in(instance, quotient):
        if one.kind == "function":
            stretch = _slope(one.argument, min(form)) / form[min(form)]
            return Neuron(
                u, _times(form, stretch), Fraction(1), activation.xreplace({h: h / exact(stretch)})
            )
    sign, degree, factor = _power(activation)
    if sign < 0:
        activation = sympy.expand(activation.xreplace({Heaviside(h): 1 - Heaviside(h), h: -h}))
    form = _times(form, Fraction(sign))
    root = None if factor < 0 and activation.has(Heaviside) else _root(factor, degree)
    activation = sympy.expand(activation / exact(factor))
    if root is None:
        return Neuron(u, form, factor, activation)
    return Neuron(u, _times(form, root), Fraction(1), activation)


def _times(form: Mapping[int, Fraction], factor: Fraction) -> dict[int, Fraction]:
    return {j: x * factor for j, x in form.items()}


def _power(activation: Expr) -> tuple[int, int, Fraction]:
    """Of powers of h on both sides of 0: the side of the larger, as ±1, β and c of c·|h|^β there.

    1, 1 and 1 of any other function.
    """
    gate, sides = Heaviside(h), []
    for sign in (1, -1):
        side = activation.subs(gate, int(sign > 0)).subs(h, sign * h)
        if not side.is_polynomial(h):
            return 1, 1, Fraction(1)
        sides.append(sympy.Poly(side, h).terms())
    largest = max(sides, key=lambda side: abs(side[0][1]))
    if any(len(side) > 1 for side in sides) or len({m for side in sides for m, c in side if c}) > 1:
        return 1, 1, Fraction(1)
    (((degree,), factor),) = largest
    return 1 if largest is sides[0] else -1, int(degree), Fraction(int(factor.p), int(factor.q))


def _root(factor: Fraction, degree: int) -> Fraction | None:
    """The real root that is rational, None where there is none."""
    if factor < 0 and degree % 2 == 0:
        return None
    root = sympy.real_root(exact(factor), degree)
    return Fraction(int(root.p), int(root.q)) if root.is_Rational else None


def _of_h(instance: Instance, polynomial: Poly, form: Mapping[int, Fraction]) -> Expr:
    """A function of the linear form as a function of its value h: at (h/xⱼ, 0, 0, …)."""
    pivot = min(form)
    values: dict[int, Expr] = dict.fromkeys(form, sympy.Integer(0))
    values[pivot] = h / exact(form[pivot])
    for one in functions_in(instance, polynomial):
        values[one.index] = _function(one, _written(one.argument, values))
    return sympy.expand(_written(polynomial, values))


def _function(one: Generated, argument: Expr) -> Expr:
    if one.function is not None:
        return one.function.xreplace({h: argument})
    size, form = argument.as_coeff_Mul()  # of a gate the sign alone matters
    return Heaviside(form) if size > 0 else 1 - Heaviside(form)


def _written(polynomial: Poly, values: Mapping[int, Expr]) -> Expr:
    total = sympy.Integer(0)
    for m, c in terms(polynomial).items():
        factors = (values[g] ** e for g, e in enumerate(m) if e)
        total += sympy.Mul(exact(c), *factors)
    return total


def in_symbols(instance: Instance, polynomial: Poly, weights: Mapping[int, Expr]) -> Expr:
    """A polynomial of weights and functions, with expressions for the weights.

    Args:
        instance: whose functions these are.
        polynomial: of weights and functions of them.
        weights: by their places.
    """
    values = dict(weights)
    for one in functions_in(instance, polynomial):
        values[one.index] = _function(one, _written(one.argument, values))
    return _written(polynomial, values)


def _slope(argument: Poly, weight: int) -> Fraction:
    value = argument.derivative(weight).leading_coefficient()
    return Fraction(int(value.p), int(value.q))


def exact(value: fmpq | Fraction) -> sympy.Rational:
    """A fraction as SymPy's."""
    top, below = (
        (value.numerator, value.denominator) if isinstance(value, Fraction) else (value.p, value.q)
    )
    return sympy.Rational(int(top), int(below))


def symbols_of(instance: Instance) -> dict[int, Symbol]:
    """Real symbols of the weights, by their places."""
    return {i: Symbol(name, real=True) for i, name in enumerate(instance.names)}
