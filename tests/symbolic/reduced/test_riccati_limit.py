"""Limits of matrix Riccati flows: every statement of their proof is seen to fail when it is altered."""

import pytest
import sympy

from symbolic.proof.verdict import is_proved
from symbolic.reduced import riccati_limit
from symbolic.reduced.riccati_limit import b, certified, f, t


def open_claims():
    return [one.claim for one in certified() if not is_proved(one.verdict)]


def test_all_is_proved():
    assert open_claims() == []
    assert len(list(certified())) == 5


@pytest.mark.parametrize(
    "altered",
    [
        lambda eigenvalue: (sympy.exp(2 * eigenvalue * t) - 1) / 2 if eigenvalue else t,
        lambda eigenvalue: sympy.exp(2 * eigenvalue * t) / (2 * eigenvalue) if eigenvalue else t,
        lambda eigenvalue: (
            (sympy.exp(2 * eigenvalue * t) - 1) / (2 * eigenvalue) if eigenvalue else 0
        ),
    ],
)
def test_another_integral_is_refused(monkeypatch, altered):
    monkeypatch.setattr(riccati_limit, "integral", lambda e: sympy.sympify(altered(e)))
    assert open_claims()


def test_another_limit_is_refused():
    claims = riccati_limit._claims()
    assert is_proved(riccati_limit._tends(claims))
    for expression, end in claims.items():
        assert not is_proved(riccati_limit._tends(claims | {expression: end + 1}))
    assert not is_proved(riccati_limit._tends({sympy.exp(2 * f * t) / b: sympy.Integer(0)}))


def test_matrices_that_do_not_commute_are_not_zero():
    F, W = sympy.symbols("F W", commutative=False)
    assert not is_proved(riccati_limit.is_zero(F * W - W * F))


def test_an_integral_from_elsewhere_is_refused(monkeypatch):
    """Its derivative is the same."""
    integral = riccati_limit.integral
    assert is_proved(riccati_limit._integrates())
    monkeypatch.setattr(riccati_limit, "integral", lambda e: integral(e) + 1)
    assert not is_proved(riccati_limit._integrates())


def test_what_is_at_rest_at_one_eigenvalue_alone_is_refused(monkeypatch):
    """Where f and b do not commute 2 f/b does not rest, and 0 does."""
    own_f, own_b = sympy.symbols("f b", commutative=False)
    assert is_proved(riccati_limit._rests())
    monkeypatch.setattr(riccati_limit, "f", own_f)
    monkeypatch.setattr(riccati_limit, "b", own_b)
    verdict = riccati_limit._rests()
    assert not is_proved(verdict)
    assert verdict.tried.startswith("[0, ")
