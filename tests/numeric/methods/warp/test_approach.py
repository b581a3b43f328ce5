"""The coordinate towards a pole: one map, its inverse and its slope, at every scale."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.methods.warp.approach import Approach

POLES = st.floats(-300, 300).map(lambda k: 10.0**k)


@given(POLES, st.floats(-30, 1))
def test_distances_are_those_of_the_definition(pole, exponent):
    approach, z = Approach(pole), pole * 10.0**exponent
    with mpmath.workdps(60):
        exact = mpmath.mpf(pole) * -mpmath.expm1(-mpmath.mpf(z) / mpmath.mpf(pole))
        slope = mpmath.exp(-mpmath.mpf(z) / mpmath.mpf(pole))
    assert float(approach.x(z)) == pytest.approx(float(exact), rel=1e-15, abs=0)
    assert float(approach.slope(z)) == pytest.approx(float(slope), rel=4e-15, abs=0)
    if z < 5 * pole:
        # Close to the pole x has few digits of what is left.
        assert approach.z(float(exact)) == pytest.approx(z, rel=1e-13, abs=0)


@given(POLES, st.floats(0, 3), st.floats(-300, 0))
def test_what_is_behind_has_digits_where_a_difference_has_none(pole, place, exponent):
    approach, z = Approach(pole), pole * place
    e = pole * place * 10.0**exponent
    with mpmath.workdps(400):
        p, a, b = mpmath.mpf(pole), mpmath.mpf(z), mpmath.mpf(z) - mpmath.mpf(e)
        exact = p * (mpmath.exp(-b / p) - mpmath.exp(-a / p))
    assert approach.behind(z, e) == pytest.approx(float(exact), rel=1e-14, abs=1e-320)


def test_without_a_pole_the_coordinate_is_the_distance():
    approach, z = Approach(), np.array([0.0, 1e-300, 1.0, 1e300])
    np.testing.assert_array_equal(approach.x(z), z)
    np.testing.assert_array_equal(approach.slope(z), 1.0)
    assert approach.z(3.0) == approach.behind(9.0, 3.0) == 3.0


def test_the_pole_is_at_infinity():
    assert Approach(2.0).z(2.0) == Approach(2.0).z(3.0) == math.inf
    assert float(Approach(2.0).x(math.inf)) == 2.0
