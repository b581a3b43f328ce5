"""The max-plus calculus: what it gives, and what it refuses to guess."""

import pytest
import sympy
from sympy import Max, Rational, sqrt, symbols

from symbolic.proof.max_plus import CancellationError, Order, Sign, largest, order, shortest

a, b, c, r = symbols("a b c r", positive=True)
ea, eb, ec = symbols("e_a e_b e_c", real=True)
GIVEN = {
    a: Order(ea), b: Order(eb), c: Order(ec, Sign.NEGATIVE), r: Order(sympy.Integer(0), Sign.RANDOM),
}  # fmt: skip


def at(expression, **exponents):
    """The order at numbers: a, b positive, c negative, r random and of order one."""
    values = {a: Order(sympy.Integer(0)), b: Order(sympy.Integer(0)), r: GIVEN[r]}
    values |= {symbols(k, positive=True): Order(sympy.Rational(v)) for k, v in exponents.items()}
    return order(expression, values)


@pytest.mark.parametrize(
    ("expression", "exponent", "sign"),
    [
        (a * b, ea + eb, Sign.POSITIVE),
        (a / b**2, ea - 2 * eb, Sign.POSITIVE),
        (-3 * a, ea, Sign.NEGATIVE),
        (a + b, Max(ea, eb), Sign.POSITIVE),
        (sqrt(a**2 + b), Max(ea, eb / 2), Sign.POSITIVE),
        (a * (a + b), ea + Max(ea, eb), Sign.POSITIVE),
        (a * c, ea + ec, Sign.NEGATIVE),
        (c**2, 2 * ec, Sign.POSITIVE),
        (c**3, 3 * ec, Sign.NEGATIVE),
        (sympy.Abs(a * r, evaluate=False), ea, Sign.POSITIVE),
        (a + b * r, Max(ea, eb), Sign.RANDOM),
        (a - b * r, Max(ea, eb), Sign.RANDOM),
        (r**2, 0, Sign.POSITIVE),
        (sympy.Integer(7), 0, Sign.POSITIVE),
    ],
)
def test_rules(expression, exponent, sign):
    found = order(expression, GIVEN)
    assert (found.exponent - exponent).expand() == 0
    assert found.sign is sign


def test_leading_terms_of_opposite_sign_are_refused():
    with pytest.raises(CancellationError):
        order(a - b, GIVEN)
    with pytest.raises(CancellationError):
        order(a + c, GIVEN)
    with pytest.raises(CancellationError):
        at(a - b)
    with pytest.raises(CancellationError):
        at(sqrt(1 + a) - 1)


def test_numbers_decide_which_sign_leads():
    assert at(a - b, a=2, b=1) == Order(sympy.Integer(2))
    assert at(a - b, a=1, b="3/2") == Order(Rational(3, 2), Sign.NEGATIVE)
    # A random term among the leading ones is never cancelled, one below them decides nothing.
    assert at(a - b + r).sign is Sign.RANDOM
    with pytest.raises(CancellationError):
        at(a - b + r, a=1, b=1)


def test_what_is_exactly_zero():
    values = {a: None, b: Order(eb), r: GIVEN[r]}
    assert order(a, values) is None
    assert order(a * b, values) is None
    assert order(a + b, values) == Order(eb)
    assert order(a + sqrt(a), values) is None
    assert order(sympy.Integer(0), values) is None
    assert order(sympy.Abs(a, evaluate=False), values) is None
    with pytest.raises(ValueError, match="division by zero"):
        order(b / a, values)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (sympy.sin(a), "no power law"),
        (a**b, "no power law"),
        (sqrt(r), "may be negative"),
        (symbols("z"), "not given"),
    ],
)
def test_what_has_no_order(expression, words):
    with pytest.raises(ValueError, match=words):
        order(expression, GIVEN)


def test_maxima_are_flat():
    assert largest(ea + Max(eb, ec), eb) == Max(ea + eb, ea + ec, eb)
    assert largest(Max(ea, eb) + Max(ea, ec)) == Max(2 * ea, ea + eb, ea + ec, eb + ec)
    assert shortest(-ea + Max(ea + eb, ea + ec)) == Max(eb, ec)
    assert shortest(ea + Max(eb, ec)) == ea + Max(eb, ec)
