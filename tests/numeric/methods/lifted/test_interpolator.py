"""The end of a neuron's flow on any data, against raw equations integrated by others."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from numeric.errors import InputError
from numeric.methods.lifted import white
from numeric.methods.lifted.interpolator import Interpolator

CLOSE = 1e-8  # of the integration, at its tolerance


def drawn(seed):
    """Data of any rank, weights of any sign, a(0) = 0 now and then."""
    draw = np.random.default_rng(seed)
    n = int(draw.integers(1, 6))
    m = int(draw.integers(1, n + 1))

    def numbers(shape, below):
        return [[Fraction(int(z), below) for z in row] for row in draw.integers(-16, 17, shape)]

    X, (y,), (w0,) = numbers((m, n), 8), numbers((1, m), 8), numbers((1, n), 16)
    a0 = Fraction(int(draw.integers(-16, 17)), 8) if seed % 5 else Fraction(0)
    eta_a, eta_w = (Fraction(int(z), 4) for z in draw.integers(1, 9, 2))
    return a0, w0, eta_a, eta_w, X, y


def integrated(a0, w0, eta_a, eta_w, X, y):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)

    def velocity(_, z):
        force = X.T @ (X @ (z[0] * z[1:]) - y)
        return np.concatenate([[-float(eta_a) * z[1:] @ force], -float(eta_w) * z[0] * force])

    start = [float(a0), *map(float, w0)]
    return solve_ivp(velocity, (0, 3000), start, rtol=1e-11, atol=1e-13, method="LSODA").y[:, -1]


@pytest.mark.parametrize("seed", range(12))
def test_it_is_where_raw_weights_end(seed):
    a0, w0, eta_a, eta_w, X, y = drawn(seed)
    a, w = Interpolator(a0, w0, eta_a, eta_w, white.of_set(X, y)).limit()
    end = integrated(a0, w0, eta_a, eta_w, X, y)
    assert np.allclose([float(a), *map(float, w)], end, rtol=0, atol=CLOSE * np.linalg.norm(end))


def test_a_start_with_the_other_sign_crosses():
    """A is positive at the start and negative at the end, and the sign is seen along a march."""
    a0, w0 = Fraction(1, 4), [Fraction(2), Fraction(-1)]
    X, y = [[Fraction(1), Fraction(1, 2)]], [Fraction(-3)]
    one = Interpolator(a0, w0, Fraction(1), Fraction(1), white.of_set(X, y))
    assert (one.sign, one.certified) == (-1, False)
    a, _ = one.limit()
    end = integrated(a0, w0, 1, 1, X, y)
    assert a < 0
    assert abs(float(a) - end[0]) < CLOSE


def test_any_digits():
    """The equations of least squares, the law and the span of the inputs at 60 digits."""
    a0, w0, eta_a, eta_w, X, y = drawn(2)
    data = white.of_set(X, y)
    a, w = Interpolator(a0, w0, eta_a, eta_w, data).limit(200)
    with mpmath.workprec(240):

        def exact(z):
            return mpmath.mpf(z.numerator) / z.denominator

        rows = [[exact(z) for z in row] for row in X]
        for row, target in zip(rows, y, strict=True):
            assert abs(a * mpmath.fdot(row, w) - exact(target)) < mpmath.mpf(10) ** -58
        law = exact(eta_w) * a**2 - exact(eta_a) * mpmath.fdot(w, w)
        start = eta_w * a0**2 - eta_a * sum(z * z for z in w0)
        assert abs(law - exact(start)) < mpmath.mpf(10) ** -58
        moved = mpmath.matrix([z - exact(z0) for z, z0 in zip(w, w0, strict=True)])
        A = mpmath.matrix(rows)
        beside = moved - A.T * mpmath.lu_solve(A * A.T, A * moved)
        assert mpmath.norm(beside) < mpmath.mpf(10) ** -58


def test_signs_that_exact_numbers_know():
    data = white.of_set([[Fraction(1), Fraction(2)]], [Fraction(3)])
    rates = Fraction(1), Fraction(1)
    far, near = [Fraction(1, 4), Fraction(0)], [Fraction(-5), Fraction(3)]
    assert Interpolator(Fraction(-1), far, *rates, data).certified  # δ > 0
    assert Interpolator(Fraction(-1), far, *rates, data).sign == -1
    assert (
        Interpolator(Fraction(1, 2), near, *rates, data).sign == 1
    )  # the loss is below that of a = 0
    assert Interpolator(Fraction(1, 2), near, *rates, data).certified
    off = [Fraction(2), Fraction(-1)]  # all of w off the inputs: what moves has δ > 0, w has δ < 0
    assert Interpolator(Fraction(1), off, *rates, data).certified


def test_a_saddle_is_at_rest_and_its_way_is_refused():
    data = white.of_set([[Fraction(1), Fraction(0)]], [Fraction(3)])
    rates = Fraction(1), Fraction(1)
    still = Interpolator(Fraction(0), [Fraction(0), Fraction(2)], *rates, data)
    assert [still.sign, *map(float, [still.limit()[0], *still.limit()[1]])] == [0, 0, 0, 2]
    with pytest.raises(InputError, match="on the way to a saddle"):
        Interpolator(Fraction(1), [Fraction(-1), Fraction(0)], *rates, data).limit()
