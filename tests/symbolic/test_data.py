"""A data set on a line has the loss of one effective point, up to a constant."""

import math
from fractions import Fraction

import pytest
import sympy

from symbolic import data
from symbolic.model import Model
from symbolic.notation import M_aa, M_ay, M_yy

A = [Fraction(1), Fraction(-2), Fraction(1, 2), Fraction(3)]
Y = [Fraction(2), Fraction(1, 3), Fraction(-1), Fraction(5, 2)]


def squared(f, y):
    return (f - y) ** 2


def model(neuron):
    return Model("test", "test network", "here", neuron, squared)


def moments(power):
    count = len(A)
    return {
        M_aa: sum(a ** (2 * power) for a in A) / count,
        M_ay: sum(a**power * y for a, y in zip(A, Y, strict=True)) / count,
        M_yy: sum(y**2 for y in Y) / count,
    }


@pytest.mark.parametrize(
    ("neuron", "power"),
    [(lambda u, h: u * h, 1), (lambda u, h: u * h**2, 2), (lambda u, h: u * h**3, 3)],
)
@pytest.mark.parametrize("slope", [0, 1, -2.5, 0.3])
def test_the_set_has_the_loss_of_the_point(neuron, power, slope, number):
    """The output at a·e is a^power g, and at the point strength^power g."""
    point, values = data.derive(model(neuron)), {s: float(v) for s, v in moments(power).items()}
    g = slope
    over_set = sum(
        (float(a) ** power * g - float(y)) ** 2 for a, y in zip(A, Y, strict=True)
    ) / len(A)
    strength, target, floor = (
        float(number(e, values)) for e in (point.strength, point.target, point.floor)
    )
    assert math.isclose((strength**power * g - target) ** 2 + floor, over_set, rel_tol=1e-12)
    assert (
        not math.isclose((strength**power * g + target) ** 2 + floor, over_set, rel_tol=1e-3)
        or g == 0
    )


def test_one_point_is_its_own_effective_point(linear, number):
    a, y = sympy.Rational(3, 2), sympy.Rational(-5, 7)
    values = {M_aa: a**2, M_ay: a * y, M_yy: y**2}
    point = linear.data
    assert point.strength.subs(values) == a
    assert sympy.simplify(point.target.subs(values)) == y
    assert point.floor.subs(values) == 0


def test_the_floor_is_the_least_loss_over_the_set(linear):
    values = {s: sympy.Rational(v.numerator, v.denominator) for s, v in moments(1).items()}
    g = sympy.Symbol("g")
    over_set = sum(
        (a * g - y) ** 2
        for a, y in zip(map(sympy.Rational, A), map(sympy.Rational, Y), strict=True)
    ) / len(A)
    (best,) = sympy.solve(sympy.diff(over_set, g), g)
    assert sympy.simplify(linear.data.floor.subs(values) - over_set.subs(g, best)) == 0


@pytest.mark.parametrize("power", [1, 2, 3])
def test_the_degree_of_a_homogeneous_neuron_is_found(power):
    assert data.degree_of_homogeneity(model(lambda u, h: u * h**power)) == power


@pytest.mark.parametrize(
    "neuron",
    [lambda u, h: u * (h + 1), lambda u, h: u * sympy.tanh(h), lambda u, h: u + h, lambda u, h: u],
)
def test_a_neuron_that_is_not_homogeneous_has_no_effective_point(neuron):
    with pytest.raises(ValueError, match="not homogeneous"):
        data.derive(model(neuron))
