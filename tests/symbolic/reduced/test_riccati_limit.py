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
