"""Numbers of machine code against exact ones."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

pytest.importorskip(
    "numba", exc_type=ImportError, reason="nothing is compiled here; numpy computes"
)

import numba

from numeric.compiled import scalars, sums

ULP = np.finfo(np.float64).eps


@numba.njit(error_model="numpy")
def over(z, exponentials, changes, means):
    for i in range(z.size):
        exponentials[i] = scalars.exp(-z[i])
        changes[i] = scalars.expm1(-z[i])
        means[i] = scalars.mean_decay(z[i])


def test_exponentials_are_right_to_a_unit_in_the_last_place_and_a_half():
    draw = np.random.default_rng(0)
    z = np.concatenate([[0.0], 10.0 ** draw.uniform(-300, 2.8, 3000), draw.uniform(0, 60, 3000)])
    z = z[z < 708]
    found = np.empty((3, z.size))
    over(z, *found)
    with mpmath.workdps(40):
        for k, value in enumerate(z):
            x = mpmath.mpf(float(value))
            mean = -mpmath.expm1(-x) / x if x else mpmath.mpf(1)
            for is_found, expected in zip(
                found[:, k], (mpmath.exp(-x), mpmath.expm1(-x), mean), strict=True
            ):
                error = abs(mpmath.mpf(float(is_found)) - expected)
                assert error <= 1.5 * ULP * abs(expected), (value, is_found)


@numba.njit(error_model="numpy")
def slopes_over(z, slopes):
    for i in range(z.size):
        slopes[i] = scalars.mean_decay_slope(z[i])


def test_the_slope_of_a_mean_decay_has_its_digits():
    draw = np.random.default_rng(1)
    z = np.concatenate([[0.0, 1.0, np.nextafter(1.0, 0)], 10.0 ** draw.uniform(-300, 2.8, 3000)])
    found = np.empty(z.size)
    slopes_over(z, found)
    with mpmath.workdps(700):
        for value, slope in zip(z, found, strict=True):
            x = mpmath.mpf(float(value))
            decay = mpmath.exp(-x)
            expected = (decay - (1 - decay) / x) / x if x else mpmath.mpf(-0.5)
            assert abs(mpmath.mpf(float(slope)) - expected) <= 8 * ULP * abs(expected), value


def test_exponentials_vanish_and_hand_on_what_is_no_number():
    z = np.array([709.0, 720.0, 745.0, 746.0, 1e6, np.inf, np.nan])
    found = np.empty((3, z.size))
    over(z, *found)
    np.testing.assert_allclose(found[0][:3], np.exp(-z[:3]), rtol=0.3, atol=5e-324)
    np.testing.assert_array_equal(found[0][3:6], 0)
    np.testing.assert_array_equal(found[1][:6], -1)
    assert np.isnan(found[:, 6]).all()


@numba.njit(error_model="numpy")
def precisely(high, low, found):
    z = scalars.pair(high, low)
    each = (scalars.precise_exp(-z), scalars.precise_expm1(-z), scalars.precise_mean_decay(z))
    for k in range(3):
        found[k, 0], found[k, 1] = each[k].hi, each[k].lo


def test_exponentials_of_double_double_numbers_have_all_digits():
    draw, found = np.random.default_rng(1), np.empty((3, 2))
    with mpmath.workdps(60):
        for high in (0.0, *10.0 ** draw.uniform(-20, 2.8, 2000)):
            low = high * 2.0**-54 * draw.uniform(-1, 1)
            precisely(high, low, found)
            z = mpmath.mpf(high) + low
            mean = -mpmath.expm1(-z) / z if z else mpmath.mpf(1)
            expected = mpmath.exp(-z), mpmath.expm1(-z), mean
            for pair, right in zip(found, expected, strict=True):
                assert abs(mpmath.mpf(pair[0]) + pair[1] - right) <= 2e-30 * abs(right), high


@numba.njit(error_model="numpy")
def operations(a, b, found):
    one, two = scalars.pair(a[0], a[1]), scalars.pair(b[0], b[1])
    each = (
        one + two,
        one - two,
        one * two,
        one / two,
        scalars.sqrt(scalars.where(one.hi > 0.0, one, -one)),
    )
    for k in range(5):
        found[k, 0], found[k, 1] = each[k].hi, each[k].lo


@numba.njit(error_model="numpy")
def operations_with_numbers(a, number, found):
    one = scalars.pair(a[0], a[1])
    each = (one + number, number - one, one * number, number / one, (-one) ** 3)
    for k in range(5):
        found[k, 0], found[k, 1] = each[k].hi, each[k].lo


def drawn(seed):
    draw = np.random.default_rng(seed)
    high = draw.choice([-1, 1], 2) * 10.0 ** draw.uniform(-30, 30, 2)
    return [(z, z * 2.0**-54 * draw.uniform(-1, 1)) for z in high]


@pytest.mark.parametrize("seed", range(50))
def test_double_double_operators_keep_twice_the_digits(seed):
    a, b = drawn(seed)
    x, y = (sum(map(Fraction, z)) for z in (a, b))
    found = np.empty((5, 2))
    operations_with_numbers(np.array(a), b[0], found)
    n = Fraction(b[0])
    for is_found, expected in zip(found, (x + n, n - x, x * n, n / x, -(x**3)), strict=True):
        assert abs(sum(map(Fraction, is_found)) - expected) <= abs(expected) / 2**98
    a = (abs(a[0]), a[1] if a[0] > 0 else -a[1])
    x = abs(x)
    operations(np.array(a), np.array(b), found)
    for is_found, expected in zip(found[:4], (x + y, x - y, x * y, x / y), strict=True):
        assert abs(sum(map(Fraction, is_found)) - expected) <= abs(expected) / 2**98
    root = sum(map(Fraction, found[4]))
    assert abs(root * root - x) <= x / 2**98


def total(terms):
    return sum(terms, Fraction(0))


@pytest.mark.parametrize("size", [1, 2, 31, 32, 33, 100])
def test_sums_over_columns_have_twice_the_digits(size):
    draw = np.random.default_rng(size)
    u, w = draw.standard_normal((2, size)) * 10.0 ** draw.uniform(-8, 8, (2, size))
    found = np.empty(8)
    sums.of_columns(u, w, found)
    a, b = [list(map(Fraction, z)) for z in (u, w)]
    for k, (one, two) in enumerate(((a, a), (b, b), (a, b))):
        terms = [x * y for x, y in zip(one, two, strict=True)]
        is_found = sum(map(Fraction, found[2 * k : 2 * k + 2]))
        assert abs(is_found - total(terms)) <= total(map(abs, terms)) / 2**95
    assert list(found[6:]) == [np.abs(u).max(), np.abs(w).max()]


@pytest.mark.parametrize("size", [1, 7, 40])
@pytest.mark.parametrize("inputs", [1, 2, 5])
def test_sums_over_rows_have_twice_the_digits(size, inputs):
    draw = np.random.default_rng([size, inputs])
    u, W = draw.standard_normal(size), draw.standard_normal((size, inputs))
    e, rest = draw.standard_normal(inputs), 1e-17 * draw.standard_normal(inputs)
    found = np.empty(10)
    sums.of_rows(u, W, e, rest, found)
    vector = [Fraction(x) + Fraction(y) for x, y in zip(e, rest, strict=True)]
    a = list(map(Fraction, u))
    omega = [total(Fraction(w) * x for w, x in zip(row, vector, strict=True)) for row in W]
    pairs = ((a, a), (omega, omega), (a, omega))
    expected = [[x * y for x, y in zip(*pair, strict=True)] for pair in pairs]
    expected.append([Fraction(w) ** 2 for w in W.ravel()])
    scale = total(map(abs, vector)) ** 2 + total(map(abs, vector)) + 1
    for k, terms in enumerate(expected):
        is_found = sum(map(Fraction, found[2 * k : 2 * k + 2]))
        size_of = scale * (total(map(abs, terms)) + total(x * x for x in a) + total(expected[3]))
        assert abs(is_found - total(terms)) <= size_of / 2**95
    assert found[8] == np.abs(u).max()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_largest(bad):
    found = np.empty(8)
    sums.of_columns(np.array([1.0, bad, 2.0]), np.ones(3), found)
    assert not np.isfinite(found[6])
