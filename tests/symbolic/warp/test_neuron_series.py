"""Functions of a neuron that are closed under slopes: found, proved, refused."""

from dataclasses import replace

import pytest
import sympy
from sympy import Rational, Symbol, atan, cosh, diff, exp, log, sinh, sqrt, tanh
from sympy.codegen.cfunctions import log1p

from symbolic.derivation import derivation, derive
from symbolic.models import names
from symbolic.network.model import Model
from symbolic.notation.symbols import h_i
from symbolic.proof.certificate import CertificateError
from symbolic.proof.equality import is_proved
from symbolic.proof.logistic import in_halves, logistic, plainly
from symbolic.proof.same_function import prove_same
from symbolic.warp.closure import Closure, NotClosedError, written
from symbolic.warp.neuron_series import CURVATURES, NeuronSeries

h = h_i
SIGMOID = 1 / (1 + exp(-h))
FOUND = [
    (tanh(h), 2),
    (h * SIGMOID, 2),
    (log1p(exp(h)), 3),
    (h / (1 + exp(-Rational(17, 10) * h)), 2),
    (h * tanh(log1p(exp(h))), 4),
    (atan(h), 2),
    (h / sqrt(1 + h**2), 1),
    (log(cosh(h)), 3),
    (sinh(h), 2),
    (sympy.asinh(h), 2),
    (h * (1 + tanh(h + h**3 / 10)) / 2, 2),
    (h * exp(-exp(h)), 2),
    (exp(h) / (1 + exp(h)) ** 2, 2),
]


@pytest.mark.parametrize(("sigma", "count"), FOUND, ids=lambda z: str(z))
def test_slopes_are_polynomials_in_few_functions_and_what_differentiation_gives(sigma, count):
    closure = Closure(h)
    for one in (sigma, diff(sigma, h)):
        polynomial = closure.of(one)
        assert polynomial.is_polynomial(h, *(z.symbol for z in closure.atoms))
        back = plainly(written(polynomial, closure.atoms))
        assert is_proved(prove_same(back, one, h)) or _agree(back, one)
    assert len(closure.atoms) == count
    for atom in closure.atoms:
        assert atom.slope.is_polynomial(h, *(z.symbol for z in closure.atoms))
        assert _agree(plainly(written(atom.slope, closure.atoms)), diff(plainly(atom.value), h))


def _agree(one, other):
    """At a few places, to forty digits."""
    places = (Rational(-3, 2), Rational(1, 7), Rational(5, 3))
    values = [
        [z.replace(log1p, lambda x: log(1 + x)).subs(h, at) for z in (one, other)] for at in places
    ]
    return all(abs((a - b).evalf(50)) < 1e-40 for a, b in values)


@pytest.mark.parametrize(
    "sigma",
    [
        sympy.gamma(h),
        (1 + h) ** Symbol("a"),
        sympy.Piecewise((h, h > 1), (0, h > -1), (-h, True)),
        sympy.Piecewise((h, sympy.Abs(h) < 1), (0, True)),
        sympy.exp(Symbol("a") * h),
    ],
)
def test_what_is_not_closed_is_refused(sigma):
    with pytest.raises(NotClosedError):
        Closure(h).of(sigma)


def test_a_bend_may_be_written_from_either_side():
    one, other = (
        sympy.Piecewise((h**2, beyond), (h, True)) for beyond in (h > 0, sympy.Not(h > 0))
    )
    forms = [Closure(h).of(z) for z in (one, other)]
    assert forms[0].args[:2] == (h**2, h)
    assert forms[1].args[:2] == (h, h**2)
    for polynomial, exact in zip(forms, (one, other), strict=True):
        assert all(written(polynomial, ()).subs(h, z) == exact.subs(h, z) for z in (-2, 0, 2))


def test_no_half_is_formed_of_the_other():
    """1 − σ has no digits where σ is next to 1."""
    found = in_halves(exp(-h) / (1 + exp(-h)) ** 2, h)
    assert found == logistic(h) * logistic(-h)
    assert in_halves(1 / (1 + exp(h)), h) == logistic(-h)
    assert in_halves(exp(h), h) == exp(h)
    assert in_halves(1 / (2 + exp(h)), h) == 1 / (2 + exp(h))
    assert in_halves(tanh(h) * h / (1 + exp(-h)), h) == tanh(h) * h * logistic(h)


@pytest.mark.parametrize("name", names())
def test_every_network_has_them_and_each_is_proved(name):
    found = derivation(name)[NeuronSeries]
    claims = [one.claim for one in found.certificates]
    assert claims[-5:] == ["output", "velocity_u", "velocity_h", *CURVATURES]
    assert len(claims) == 5 + len(found.functions)
    assert not any(one.value.has(sympy.Float) for one in found.functions)


@pytest.mark.parametrize("name", ["tanh", "swish", "gelu", "sine"])
def test_a_slope_that_is_wrong_is_no_record(name):
    found = derivation(name)[NeuronSeries]
    for place, one in enumerate(found.functions):
        changed = list(found.functions)
        changed[place] = replace(one, slope=2 * one.slope)
        with pytest.raises(CertificateError, match="slope of"):
            replace(found, functions=tuple(changed))


@pytest.mark.parametrize("name", ["relu", "power", "tanh"])
def test_a_polynomial_that_is_wrong_is_no_record(name):
    found = derivation(name)[NeuronSeries]
    for one, polynomial in found.polynomials.items():
        with pytest.raises(CertificateError, match=one):
            replace(found, polynomials=found.polynomials | {one: -polynomial})


@pytest.mark.parametrize("name", ["power", "tanh", "gelu", "quadratic"])
def test_a_second_derivative_that_is_wrong_is_no_record(name):
    found = derivation(name)[NeuronSeries]
    for one, polynomial in found.curvatures.items():
        with pytest.raises(CertificateError, match=one):
            replace(found, curvatures=found.curvatures | {one: -polynomial})
    with pytest.raises(CertificateError, match=CURVATURES[0]):
        replace(found, curvatures={})


def test_a_network_without_them_is_derived_and_says_why():
    def twice_bent(z):
        return sympy.Piecewise((z**2 + 1, z > 1), (2 * z, z > -1), (z - 1, True))

    derived = derive(Model(name="own", title="own", source="own", activation=twice_bent))
    assert NeuronSeries not in derived
    assert "no Taylor series" in derived.why(NeuronSeries)
