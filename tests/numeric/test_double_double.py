"""Double-double arithmetic against rational numbers."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numeric.double_double import DoubleDouble, combination, dot, precise, two_product, two_sum

ROUNDING = Fraction(1, 2**100)
numbers = st.builds(
    lambda mantissa, exponent, sign: sign * mantissa * 10.0**exponent,
    st.floats(1, 10), st.integers(-60, 60), st.sampled_from([-1, 1]),
)  # fmt: skip


def exact(value):
    value = precise(value)
    return Fraction(float(value.hi)) + Fraction(float(value.lo))


@given(numbers, numbers)
def test_a_rounded_sum_or_product_and_what_was_lost_are_the_exact_one(a, b):
    assert sum(map(Fraction, two_sum(a, b))) == Fraction(a) + Fraction(b)
    assert sum(map(Fraction, two_product(a, b))) == Fraction(a) * Fraction(b)


@settings(max_examples=300)
@given(numbers, numbers, numbers, numbers)
def test_operators_keep_twice_the_digits(a, b, c, d):
    one, two = DoubleDouble.product(a, b), DoubleDouble.product(c, d)
    x, y = exact(one), exact(two)
    assert abs(exact(one * two) - x * y) <= ROUNDING * abs(x * y)
    assert abs(exact(one / two) - x / y) <= ROUNDING * abs(x / y)
    for found, expected in ((one + two, x + y), (one - two, x - y)):
        assert abs(exact(found) - expected) <= ROUNDING * abs(expected) + ROUNDING**2 * abs(x)
    assert (one < two, one > two, one == two) == (x < y, x > y, x == y)


@given(numbers, numbers)
def test_numbers_and_arrays_stand_on_either_side(a, b):
    array = np.array([a, b])
    x = exact(DoubleDouble.product(a, b))
    for found, expected in (
        (array * DoubleDouble.product(a, b), [Fraction(a) * x, Fraction(b) * x]),
        (array - DoubleDouble(b), [Fraction(a) - Fraction(b), 0]),
        (1.0 / DoubleDouble(array), [1 / Fraction(a), 1 / Fraction(b)]),
    ):
        for k in range(2):
            assert abs(exact(found[k]) - expected[k]) <= ROUNDING * abs(expected[k])


@given(numbers, numbers)
def test_a_root_squared_is_the_number(a, b):
    square = DoubleDouble.product(abs(a), abs(b))
    root = exact(square.sqrt())
    assert abs(root * root - exact(square)) <= ROUNDING * exact(square)
    assert exact(DoubleDouble(0.0).sqrt()) == 0


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 64, 1001])
def test_a_sum_of_an_array_is_that_of_its_entries(size):
    draw = np.random.default_rng(size)
    a, b = draw.standard_normal((2, size)) * 10.0 ** draw.uniform(-9, 9, size)
    products = [Fraction(x) * Fraction(y) for x, y in zip(a, b, strict=True)]
    found = exact(DoubleDouble.product(a, b).sum())
    assert abs(found - sum(products)) <= 2**-98 * sum(map(abs, products), Fraction(0))


def test_a_sum_that_cancels_keeps_what_float64_has_lost():
    with mpmath.workdps(60):
        third = DoubleDouble(1.0) / 3.0
        left = float(third * 3.0 - 1.0)
        assert abs(left) < 1e-31
        assert float(third.lo) == float(mpmath.mpf(1) / 3 - mpmath.mpf(float(third.hi)))


@pytest.mark.parametrize("size", [0, 1, 2, 10, 4096, 9000])
@pytest.mark.parametrize("spread", [0, 3, 12])
def test_a_dot_product_has_twice_the_digits(size, spread):
    draw = np.random.default_rng([size, spread])
    hi = draw.standard_normal((2, size)) * 10.0 ** draw.uniform(-spread, 0, (2, size))
    a, b = (DoubleDouble(z, z * 2.0**-54 * draw.uniform(-1, 1, size)) for z in hi)
    expected = sum((exact(a[k]) * exact(b[k]) for k in range(size)), Fraction(0))
    largest = Fraction(float(np.abs(hi[0]).max(initial=0) * np.abs(hi[1]).max(initial=0)))
    error = abs(exact(dot(a, b)) - expected)
    assert error <= min(size, 4096) * largest / 2**88
    square = sum((Fraction(z) ** 2 for z in hi[0]), Fraction(0))
    assert abs(exact(dot(DoubleDouble(hi[0]), DoubleDouble(hi[0]))) - square) <= square / 2**80


@pytest.mark.parametrize("apart", [0, 10, 30, 60])
@pytest.mark.parametrize("size", [2, 17, 300])
def test_a_dot_product_of_which_the_largest_entries_meet_small_ones(size, apart):
    draw = np.random.default_rng([size, apart])
    a, b = draw.standard_normal((2, size))
    a[: size // 2] *= 10.0**-apart
    b[size // 2 :] *= 10.0 ** (-2 * apart)
    expected = sum((Fraction(x) * Fraction(y) for x, y in zip(a, b, strict=True)), Fraction(0))
    terms = sum((abs(Fraction(x) * Fraction(y)) for x, y in zip(a, b, strict=True)), Fraction(0))
    assert abs(exact(dot(DoubleDouble(a), DoubleDouble(b))) - expected) <= terms / 2**60


@pytest.mark.parametrize("columns", [1, 2, 5])
def test_a_combination_of_columns_has_twice_the_digits(columns):
    draw = np.random.default_rng(columns)
    rows = draw.standard_normal((columns, 7))
    w = DoubleDouble(1.0) / DoubleDouble(draw.standard_normal(columns))
    found = combination(rows, w)
    for k in range(7):
        terms = [Fraction(z) * exact(w[j]) for j, z in enumerate(rows[:, k])]
        assert abs(exact(found[k]) - sum(terms)) <= sum(map(abs, terms)) / 2**98


@pytest.mark.parametrize("shape", [(), (3,)])
def test_a_number_of_any_precision_is_kept_whole(shape):
    wide = np.full(shape, np.longdouble(1) / 3)
    found = DoubleDouble.of(wide)
    assert np.all(found.hi == np.float64(wide)[()])
    assert np.all(np.longdouble(found.hi) + np.longdouble(found.lo) == wide)
    exact = DoubleDouble.of(np.full(shape, 0.1))
    assert np.all(exact.hi == 0.1)
    assert np.all(exact.lo == 0.0)
