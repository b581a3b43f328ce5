"""A data set on a line has the loss of one effective point, up to a constant."""

import math
from fractions import Fraction
from functools import cache

import pytest
import sympy

from symbolic.network import convexity, datasets, effective_point
from symbolic.network.datasets import EffectiveLoss
from symbolic.network.effective_point import EffectivePoint
from symbolic.network.model import Model
from symbolic.notation.symbols import M_aa, M_ay, M_yy, beta
from symbolic.proof.equality import Proved

A = [Fraction(1), Fraction(-2), Fraction(1, 2), Fraction(3)]
Y = [Fraction(2), Fraction(1, 3), Fraction(-1), Fraction(5, 2)]


def model(activation):
    return Model("test", "test network", "here", activation)


@cache
def derive(model):
    """The stages that need nothing but the model, and the effective point."""
    loss, data = convexity.derive(model), datasets.derive(model)
    return {EffectiveLoss: data, EffectivePoint: effective_point.derive(model, loss, data)}


def moments(power):
    count = len(A)
    return {
        M_aa: sum(a ** (2 * power) for a in A) / count,
        M_ay: sum(a**power * y for a, y in zip(A, Y, strict=True)) / count,
        M_yy: sum(y**2 for y in Y) / count,
    }


@pytest.mark.parametrize(
    ("activation", "power"),
    [(lambda h: h, 1), (lambda h: h**2, 2), (lambda h: h**3, 3), (lambda h: h**beta, 5)],
)
@pytest.mark.parametrize("slope", [0, 1, -2.5, 0.3])
def test_the_set_has_the_loss_of_the_point(activation, power, slope, number):
    """The output at a·e is a^power g, and at the point strength^power g."""
    derived = derive(model(activation))
    point = derived[EffectivePoint]
    values = {s: float(v) for s, v in moments(power).items()} | {beta: float(power)}
    g = slope
    over_set = sum(
        (float(a) ** power * g - float(y)) ** 2 for a, y in zip(A, Y, strict=True)
    ) / len(A)
    strength, target, floor = (
        float(number(e, values)) for e in (point.strength, point.target, point.floor)
    )
    assert math.isclose((strength**power * g - target) ** 2 + floor, over_set, rel_tol=1e-12)
    assert derived[EffectiveLoss].degree.subs(beta, power) == power
    assert (
        not math.isclose((strength**power * g + target) ** 2 + floor, over_set, rel_tol=1e-3)
        or g == 0
    )


def test_one_point_is_its_own_effective_point(linear, number):
    a, y = sympy.Rational(3, 2), sympy.Rational(-5, 7)
    values = {M_aa: a**2, M_ay: a * y, M_yy: y**2}
    point = linear[EffectivePoint]
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
    assert sympy.simplify(linear[EffectivePoint].floor.subs(values) - over_set.subs(g, best)) == 0


@pytest.mark.parametrize("power", [1, 2, 3, 7, beta])
def test_the_degree_of_a_homogeneous_neuron_is_found(power):
    assert datasets.degrees_of_homogeneity(model(lambda h: 3 * h**power)) == (power, power)


NOT_HOMOGENEOUS = {
    "shifted": lambda h: h + 1,
    "tanh": sympy.tanh,
    "softplus": lambda h: sympy.log(1 + sympy.exp(h)),
    "constant": lambda h: sympy.Integer(1) + 0 * h,
    "inverse": lambda h: 1 / h,
    "root": lambda h: sympy.sqrt(sympy.Abs(h)),
    "different on both sides": lambda h: sympy.Piecewise((h, h > 0), (h**2, True)),
    "zero": lambda h: 0 * h,
}
FOR_POSITIVE = {
    "relu": (lambda h: sympy.Piecewise((h, h > 0), (0, True)), 1),
    "leaky relu": (lambda h: sympy.Piecewise((h, h > 0), (h / 100, True)), 1),
    "relu squared": (lambda h: sympy.Piecewise((h**2, h > 0), (0, True)), 2),
    "even of odd degree": (sympy.Abs, 1),
    "odd of even degree": (lambda h: h * sympy.Abs(h), 2),
}


@pytest.mark.parametrize("name", NOT_HOMOGENEOUS)
def test_a_neuron_that_is_not_homogeneous_has_degree_zero(name):
    assert datasets.degrees_of_homogeneity(model(NOT_HOMOGENEOUS[name])) == (0, 0)


@pytest.mark.parametrize("name", FOR_POSITIVE)
def test_a_neuron_may_be_homogeneous_for_positive_factors_only(name):
    """Negative factors count: σ(−h) = −σ(h) is false of ReLU, though σ(2h) = 2σ(h)."""
    sigma, power = FOR_POSITIVE[name]
    assert datasets.degrees_of_homogeneity(model(sigma)) == (0, power)


def test_a_set_on_a_ray_is_a_point_of_relu():
    derived = derive(model(FOR_POSITIVE["relu"][0]))
    data, point = derived[EffectiveLoss], derived[EffectivePoint]
    assert (data.degree, data.ray_degree) == (0, 1)
    assert sympy.simplify(point.target - M_ay / sympy.sqrt(M_aa)) == 0
    assert "positive factors only" in point.steps[0].proof
    assert all(isinstance(one.verdict, Proved) for one in point.certificates)


@pytest.mark.parametrize("output", [0, 1.5, -2])
def test_without_homogeneity_targets_of_one_input_have_the_loss_of_their_mean(output, number):
    derived = derive(model(sympy.tanh))
    point = derived[EffectivePoint]
    targets = [float(y) for y in Y]
    mean = sum(targets) / len(targets)
    values = {
        M_aa: 1.0,
        M_ay: mean,
        M_yy: sum(y**2 for y in targets) / len(targets),
    }
    assert derived[EffectiveLoss].degree == 0
    assert point.strength == 1
    target, floor = (float(number(e, values)) for e in (point.target, point.floor))
    assert math.isclose(target, mean, rel_tol=1e-14)
    over_set = sum((output - y) ** 2 for y in targets) / len(targets)
    assert math.isclose((output - target) ** 2 + floor, over_set, rel_tol=1e-12)
