"""Data on a line as one point: the mean loss of a power, by its definition."""

from __future__ import annotations

import numpy as np
import pytest

from numeric import catalogue
from numeric.data.point import of_point, of_set
from numeric.errors import InputError

TOLERANCE = 1e-12


def network(beta):
    """A network of that degree; 0 for one without."""
    return catalogue.load(catalogue.of_power(beta) if beta else "tanh")


def data(seed, size=7, inputs=3):
    generator = np.random.default_rng(seed)
    e = generator.standard_normal(inputs)
    return np.outer(generator.standard_normal(size), e), generator.standard_normal(size)


@pytest.mark.parametrize("beta", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(3))
def test_the_reduced_loss_is_the_mean_loss(beta, seed):
    X, targets = data(seed)
    point = of_set(X, targets, network(beta), TOLERANCE)
    generator = np.random.default_rng(seed + 10)
    for _ in range(3):
        u, W = generator.standard_normal(4), generator.standard_normal((4, 3))
        mean = np.mean(((X @ W.T) ** beta @ u - targets) ** 2)
        reduced = point.weight * (u @ (W @ point.vector) ** beta - point.target) ** 2 + point.floor
        assert reduced == pytest.approx(mean, rel=1e-12)
    assert point.norm_2 == pytest.approx(point.vector @ point.vector, rel=1e-15)


@pytest.mark.parametrize("beta", [2, 3])
def test_both_signs_by_hand(beta):
    # a = 1, −2 along (1, 0), targets 3 and 5.
    point = of_set(
        np.array([[1.0, 0.0], [-2.0, 0.0]]), np.array([3.0, 5.0]), network(beta), TOLERANCE
    )
    powers = np.array([1.0, (-2.0) ** beta])
    weight = (1 + 4.0**beta) / 2
    target = (powers @ [3.0, 5.0]) / 2 / weight
    assert list(point.vector) == [1.0, 0.0]
    assert point.weight == pytest.approx(weight, rel=1e-15)
    assert point.target == pytest.approx(target, rel=1e-15)
    assert point.floor == pytest.approx(17 - weight * target**2, rel=1e-14)


def test_a_point_is_itself():
    point = of_point(np.array([3.0, -4.0]), 2.0)
    assert list(point.vector) == [3.0, -4.0]
    assert point[1:] == (25.0, 1.0, 2.0, 0.0, 0.0)


def test_one_row_leaves_no_floor():
    assert of_set(np.array([[0.1, 0.7]]), np.array([0.3]), network(3), TOLERANCE).floor == 0


@pytest.mark.parametrize("beta", [0, 2])
def test_inputs_that_are_zero(beta):
    targets = np.array([1.0, -2.0, 3.0])
    point = of_set(np.zeros((3, 2)), targets, network(beta), TOLERANCE)
    assert point.norm_2 == 0
    if beta:  # nothing moves, the loss stays
        assert (point.target, point.floor) == (0.0, pytest.approx(14 / 3, rel=1e-15))
    else:  # σ(0) may be other than zero
        assert point.target == pytest.approx(2 / 3, rel=1e-15)
        assert point.floor == pytest.approx(14 / 3 - 4 / 9, rel=1e-14)


def test_equal_inputs_without_a_degree():
    X = np.tile([0.5, -1.0], (3, 1))
    point = of_set(X, np.array([1.0, 2.0, 6.0]), network(0), TOLERANCE)
    assert list(point.vector) == [0.5, -1.0]
    assert (point.norm_2, point.weight, point.target) == (1.25, 1.0, 3.0)
    assert point.floor == pytest.approx(14 / 3, rel=1e-15)


@pytest.mark.parametrize(("deviation", "refused"), [(0.5e-12, False), (2e-12, True)])
def test_inputs_without_a_degree_must_be_equal(deviation, refused):
    X = np.array([[1.0, 0.5], [1.0 + deviation, 0.5]])
    if not refused:
        assert of_set(X, np.zeros(2), network(0), TOLERANCE).norm_2 == 1.25
        return
    with pytest.raises(InputError) as caught:
        of_set(X, np.zeros(2), network(0), TOLERANCE)
    assert caught.value.field == "X"
    assert "2e-12" in caught.value.found


@pytest.mark.parametrize("beta", [1, 2, 3])
def test_inputs_off_a_line_are_refused(beta):
    with pytest.raises(InputError) as caught:
        of_set(np.array([[1.0, 2.0], [2.0, 5.0]]), np.zeros(2), network(beta), TOLERANCE)
    assert caught.value.field == "X"


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_inputs_on_a_ray_of_relu(sign):
    X, targets = sign * np.outer([1.0, 3.0, 0.0], [0.6, 0.8]), np.array([1.0, 2.0, -1.0])
    point = of_set(X, targets, catalogue.load("relu"), TOLERANCE)
    np.testing.assert_allclose(point.vector, [sign * 0.6, sign * 0.8], rtol=1e-15)
    assert point.weight == pytest.approx(10 / 3, rel=1e-15)
    assert point.target == pytest.approx(0.7, rel=1e-15)
    u, W = np.array([0.7, -0.4]), np.array([[0.3, -0.5], [-0.2, 0.9]])
    mean = np.mean((np.maximum(X @ W.T, 0) @ u - targets) ** 2)
    here = u @ np.maximum(W @ point.vector, 0)
    assert point.weight * (here - 0.7) ** 2 + point.floor == pytest.approx(mean, rel=1e-14)


def test_inputs_on_both_sides_of_relu_are_refused():
    with pytest.raises(InputError, match="one ray") as caught:
        of_set(np.array([[1.0], [-2.0]]), np.zeros(2), catalogue.load("leaky_relu"), TOLERANCE)
    assert caught.value.field == "X"


@pytest.mark.parametrize("size", [1e-200, 1e-320, 1e160, 1e308])
def test_inputs_whose_squares_float64_cannot_hold_are_refused(size):
    for call in (
        lambda: of_point(np.array([size, 0.0]), 1.0),
        lambda: of_set(np.full((2, 1), size), np.ones(2), network(0), TOLERANCE),
    ):
        with pytest.raises(InputError, match="squared length"):
            call()
    assert of_point(np.array([1e-150, 0.0]), 1.0).norm_2 == 1e-300
    assert of_point(np.zeros(2), 1.0).norm_2 == 0
