"""Random initial weights: which distribution, which numbers, and that a seed fixes them."""

from __future__ import annotations

import numpy as np
import pytest

from numeric.data.initial import KINDS, draw

E = np.array([0.6, 0.0, -0.8])


def test_the_kinds_of_the_paper():
    assert set(KINDS) == {"gaussian", "orthogonal", "near_orthogonal"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_u_is_drawn_first_and_is_the_same_for_every_kind(kind):
    u, W = draw(kind, 5, E, 0.25, 3.0, seed=11)
    np.testing.assert_array_equal(u, 0.25 * np.random.default_rng(11).standard_normal(5))
    assert W.shape == (5, 3)


def test_gaussian_weights_follow_u_in_the_stream():
    _, W = draw("gaussian", 4, E, 1.0, 0.5, seed=3)
    stream = np.random.default_rng(3).standard_normal(4 + 12)
    np.testing.assert_array_equal(W, 0.5 * stream[4:].reshape(4, 3))


def test_orthogonal_weights_are_u_along_the_data():
    u, W = draw("orthogonal", 6, E, 2.0, 7.0, seed=5)
    np.testing.assert_array_equal(W, u[:, None] * E[None, :])
    assert abs(u @ (W @ E)) == pytest.approx(u @ u, rel=1e-15)
    np.testing.assert_array_equal(draw("orthogonal", 6, E, 2.0, 0.0, seed=5)[1], W)


def test_near_orthogonal_weights_differ_from_it_by_the_noise():
    u, W = draw("near_orthogonal", 6, E, 2.0, 0.01, seed=5)
    noise = draw("gaussian", 6, E, 2.0, 0.01, seed=5)[1]
    np.testing.assert_array_equal(W, np.outer(u, E) + noise)
    assert 0 < np.abs(W - np.outer(u, E)).max() < 0.05
    np.testing.assert_array_equal(
        draw("near_orthogonal", 6, E, 2.0, 0.0, seed=5)[1], np.outer(u, E)
    )


def test_a_seed_fixes_the_weights_and_another_changes_them():
    first, again, other = (draw("gaussian", 8, E, 1.0, 1.0, seed=s) for s in (1, 1, 2))
    for a, b, c in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(a, b)
        assert not np.any(a == c)


def test_mean_and_variance_are_those_asked_for():
    width, sigma_u, sigma_w = 40_000, 0.3, 2.0
    u, W = draw("gaussian", width, E, sigma_u, sigma_w, seed=0)
    for values, sigma in ((u, sigma_u), (W.ravel(), sigma_w)):
        deviation = 1 / np.sqrt(values.size)
        assert abs(values.mean() / sigma) < 4 * deviation
        assert abs(values.var() / sigma**2 - 1) < 4 * np.sqrt(2) * deviation
    correlation = np.corrcoef(u, W @ E)[0, 1]
    assert abs(correlation) < 4 / np.sqrt(width)
