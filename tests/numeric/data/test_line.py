"""Directions, effective points and refusals of data on (and off) a line."""

from __future__ import annotations

import re

import numpy as np
import pytest

from numeric.data.line import LINE_TOLERANCE, of_point, of_set
from numeric.errors import InputError

EPS = np.finfo(np.float64).eps


def test_one_point_is_its_own_effective_point():
    point = of_point(np.array([3.0, 0.0, -4.0]), -7.0)
    np.testing.assert_array_equal(np.asarray(point.direction, dtype=float), [0.6, 0.0, -0.8])
    assert (point.strength, point.target, point.floor) == (5.0, -7.0, 0.0)


def test_a_point_keeps_its_sign_and_a_set_gets_one():
    x = np.array([0.0, -2.0])
    assert list(of_point(x, 1.0).direction) == [0, -1]
    turned = of_set(np.array([x, 2 * x]), np.array([1.0, 2.0]))
    assert list(turned.direction) == [0, 1]
    assert turned.target < 0


def test_a_point_at_the_origin_has_no_direction():
    point = of_point(np.zeros(3), 2.0)
    assert list(point.direction) == [0, 0, 0]
    assert (point.strength, point.target) == (0, 2)


def test_a_set_by_hand():
    # Coordinates −1, 2, 0 along (3, 4)/5 with length 5: a = −5, 10, 0.
    X = np.outer([-1.0, 2.0, 0.0], [3.0, 4.0])
    point = of_set(X, np.array([1.0, 3.0, 2.0]))
    second, cross = (25 + 100) / 3, (-5 + 30) / 3
    np.testing.assert_allclose(np.asarray(point.direction, dtype=float), [0.6, 0.8], rtol=4 * EPS)
    assert float(point.strength) == pytest.approx(np.sqrt(second), rel=4 * EPS)
    assert float(point.target) == pytest.approx(cross / np.sqrt(second), rel=4 * EPS)
    floor = (1 + 9 + 4) / 3 - cross**2 / second
    assert float(point.floor) == pytest.approx(floor, rel=8 * EPS)


@pytest.mark.parametrize("seed", range(4))
def test_strength_times_direction_and_floor_are_least_squares(seed):
    generator = np.random.default_rng(seed)
    e = generator.standard_normal(4)
    X = np.outer(generator.standard_normal(9), e)
    targets = generator.standard_normal(9)
    point = of_set(X, targets)
    _, (rest,), _, _ = np.linalg.lstsq(X @ e[:, None], targets, rcond=None)
    assert float(point.floor) == pytest.approx(rest / 9, rel=1e-13)
    rms_length = np.linalg.norm(X) / 3
    assert float(point.strength) == pytest.approx(rms_length, rel=1e-14)
    _, _, right = np.linalg.svd(X)
    expected = right[0] * np.sign(right[0][0])
    np.testing.assert_allclose(np.asarray(point.direction, dtype=float), expected, rtol=1e-13)


def test_one_row_has_no_floor():
    point = of_set(np.array([[0.1, 0.7]]), np.array([0.3]))
    assert point.floor == 0


def test_all_rows_zero():
    point = of_set(np.zeros((3, 2)), np.array([1.0, -2.0, 3.0]))
    assert (point.strength, point.target) == (0, 0)
    assert float(point.floor) == pytest.approx(14 / 3, rel=4 * EPS)


def test_data_off_a_line_is_refused_with_its_singular_values():
    generator = np.random.default_rng(1)
    X = generator.standard_normal((6, 3))
    with pytest.raises(InputError) as caught:
        of_set(X, np.zeros(6))
    first, second = np.linalg.svd(X, compute_uv=False)[:2]
    assert caught.value.field == "X"
    said = [float(z) for z in re.findall(r"\d+\.\d+", caught.value.found)]
    assert said == [float(f"{first:.6g}"), float(f"{second:.6g}")]
    assert f"{LINE_TOLERANCE:g}" in caught.value.expected


@pytest.mark.parametrize(("deviation", "refused"), [(0.5e-12, False), (2e-12, True)])
def test_the_tolerance_is_where_it_says(deviation, refused):
    # Singular values sqrt(2) and deviation · sqrt(2): rows (1, ±deviation).
    X = np.array([[1.0, deviation], [1.0, -deviation]])
    assert LINE_TOLERANCE == 1e-12
    if refused:
        with pytest.raises(InputError):
            of_set(X, np.zeros(2))
        of_set(X, np.zeros(2), tolerance=3e-12)
    else:
        np.testing.assert_allclose(
            np.asarray(of_set(X, np.zeros(2)).direction, dtype=float), [1, 0], atol=deviation
        )
        with pytest.raises(InputError):
            of_set(X, np.zeros(2), tolerance=0.3e-12)


def test_rounded_rows_are_on_a_line():
    generator = np.random.default_rng(3)
    a, e = generator.standard_normal(1000) * 1e3, np.abs(generator.standard_normal(5))
    point = of_set(np.outer(a, e), a * np.linalg.norm(e))
    assert float(point.target) == pytest.approx(float(point.strength), rel=1e-14)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e160, 1e300])
def test_a_length_neither_overflows_nor_underflows(scale):
    values = scale * np.array([3.0, -4.0])
    point = of_point(values, 1.0)
    assert abs(float(point.strength) / scale / 5 - 1) <= 2 * EPS
    np.testing.assert_allclose(point.direction, [0.6, -0.8], rtol=2 * EPS)
    point = of_set(np.array([values, 2 * values]), scale * np.array([5.0, 10.0]))
    assert abs(float(point.strength) / scale / np.sqrt(62.5) - 1) <= 2 * EPS
    assert float(point.target) == pytest.approx(float(point.strength), rel=4 * EPS)
    assert scale > 1 or abs(float(point.floor)) <= 1e-30 * scale**2


def test_a_direction_and_its_rest_are_a_unit_vector_to_twice_the_digits():
    point = of_point(np.array([1.0, 2.0, -4.0]), 1.0)
    e = point.precise_direction
    assert abs(float((e * e).sum() - 1.0)) <= 1e-30
    assert float(e[2] + 2.0 * e[1]) == 0
