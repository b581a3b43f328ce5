"""The end of a neuron's flow on any data, against raw equations integrated by others."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from numeric.errors import InputError
from numeric.methods.lifted import white
from numeric.methods.lifted.interpolator import Interpolator
from numeric.methods.lifted.neuron import SingleNeuron
from verify.oracle.raw_flow import Layered, integrate

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


ONES = Fraction(1), Fraction(1)
PLANE = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]


@pytest.mark.parametrize("off", [0, 1, -1, 1000, -1000])
def test_the_side_of_a_saddle_is_told_where_it_can_be(off):
    """Of w·β* + a(δ + √(δ² + 4‖β*‖²))/2, which is 0 here; a march has about ten digits."""
    w0 = [Fraction(-1) + Fraction(off, 10**9), Fraction(4)]
    given = Fraction(3), w0, *ONES, white.of_set(PLANE, [Fraction(3), Fraction(0)])
    if abs(off) < 10:
        with pytest.raises(InputError, match="on the way to a saddle"):
            Interpolator(*given)
    else:
        assert Interpolator(*given).sign == np.sign(off)


@pytest.mark.parametrize(
    ("a0", "w0", "y"),
    [
        (1, [-1, 0], [3, 0]),  # δ = 0 along −β*
        (1, [1, 0], [0, 0]),
        (1, [2, 1], [0, 0]),
    ],
)
def test_a_fall_to_zero_is_refused_by_exact_numbers(a0, w0, y):
    given = Fraction(a0), list(map(Fraction, w0)), *ONES
    with pytest.raises(InputError, match="a fall to a = 0"):
        Interpolator(*given, white.of_set(PLANE, list(map(Fraction, y))))


def test_targets_that_are_none_leave_a_where_its_delta_is_above_zero():
    given = Fraction(-5), [Fraction(3), Fraction(0)], *ONES
    a, w = Interpolator(*given, white.of_set(PLANE, [Fraction(0), Fraction(0)])).limit()
    assert [float(z) for z in (a, *w)] == [-4, 0, 0]


SIZES = (1.0, 1e2, 1e4, 1e6, 1e8)
DELTAS = (*(-z for z in reversed(SIZES)), 0.0, *SIZES)


def balanced_at(delta, beta, sign):
    """A and w of exactly β₀ and, but for a rounding of a, of that δ at rates 1."""
    square = float(sum(z * z for z in beta))
    root = (delta**2 + 4 * square) ** 0.5
    a = Fraction(sign * ((root + delta) / 2 if delta >= 0 else 2 * square / (root - delta)) ** 0.5)
    return a, [z / a for z in beta]


def across(vector, other):
    """What of a vector is across another."""
    share = sum(map(Fraction.__mul__, vector, other)) / sum(z * z for z in other)
    return [z - share * y for z, y in zip(vector, other, strict=True)]


def of_beta(seed, is_white):
    """β₀, inputs of rank below their dimension or not, targets; every third β₀ is across Xᵀy."""
    draw = np.random.default_rng(seed)
    n = int(draw.integers(2, 6))
    m = int(draw.integers(1, n + 1))

    def numbers(shape):
        return [[Fraction(int(z), 8) for z in row] for row in draw.integers(-16, 17, shape)]

    X, (y,), (beta,), (normal,) = numbers((m, n)), numbers((1, m)), numbers((1, n)), numbers((1, n))
    if is_white:  # rows of a reflection
        square, scale = sum(z * z for z in normal), Fraction(int(draw.integers(4, 13)), 8)
        X = [[scale * (int(i == j) - 2 * normal[i] * normal[j] / square) for j in range(n)]
             for i in range(m)]  # fmt: skip
    cross = [sum(map(Fraction.__mul__, column, y)) for column in zip(*X, strict=True)]
    return across(beta, cross) if seed % 3 == 0 else beta, X, y


@pytest.mark.parametrize("delta", DELTAS)
@pytest.mark.parametrize("seed", range(9))
def test_on_white_data_it_is_the_closed_form_at_any_balance(seed, delta):
    beta, X, y = of_beta(seed, is_white=True)
    data = white.of_set(X, y)
    assert data.scale is not None
    for sign in (1, -1):
        a0, w0 = balanced_at(delta, beta, sign)
        a, w = Interpolator(a0, w0, *ONES, data).limit()
        end = SingleNeuron(a0, w0, *ONES, data).exactly(None, 600)
        size = mpmath.sqrt(sum(z * z for z in end["w"]))
        assert abs(a / end["a"] - 1) < 1e-12
        assert max(abs(z - v) for z, v in zip(w, end["w"], strict=True)) < 1e-12 * size


def misses(X, y, start, end):
    """By how much of their size the conditions of an end are missed: normal equations, span, law."""
    (a0, w0), (a, w) = start, end

    def exact(z):
        return mpmath.mpf(z.numerator) / z.denominator

    A, b = mpmath.matrix([[exact(z) for z in row] for row in X]), mpmath.matrix(list(map(exact, y)))
    moved = mpmath.matrix([z - exact(z0) for z, z0 in zip(w, w0, strict=True)])
    force = A.T * (A * (a * mpmath.matrix(w)) - b)
    yield mpmath.norm(force) / mpmath.norm(A.T * b)
    beside = moved - A.T * mpmath.lu_solve(A * A.T, A * moved)
    yield mpmath.norm(beside) / (mpmath.norm(moved) + mpmath.norm(w))
    law, begun = a * a - mpmath.fdot(w, w), exact(a0 * a0 - sum(z * z for z in w0))
    yield abs(law - begun) / (a * a + mpmath.fdot(w, w))


@pytest.mark.parametrize("delta", DELTAS)
@pytest.mark.parametrize("seed", range(9))
def test_an_end_satisfies_its_conditions_at_any_balance(seed, delta):
    """To 60 digits of the size of each."""
    beta, X, y = of_beta(seed, is_white=False)
    data = white.of_set(X, y)
    for sign in (1, -1):
        a0, w0 = balanced_at(delta, beta, sign)
        end = Interpolator(a0, w0, *ONES, data).limit(200)
        with mpmath.workprec(300):
            assert max(misses(X, y, (a0, w0), end)) < mpmath.mpf(10) ** -60


@pytest.mark.parametrize("delta", [-10.0, 0.0, 10.0])
@pytest.mark.parametrize("seed", range(6))
def test_raw_weights_end_there_at_moderate_balance(seed, delta):
    beta, X, y = of_beta(seed, is_white=False)
    for sign in (1, -1):
        a0, w0 = balanced_at(delta, beta, sign)
        a, w = Interpolator(a0, w0, *ONES, white.of_set(X, y)).limit()
        end = integrated(a0, w0, *ONES, X, y)
        assert np.allclose(
            [float(a), *map(float, w)], end, rtol=0, atol=CLOSE * np.linalg.norm(end)
        )


@pytest.mark.parametrize("delta", [-1e2, -1e8, -1e12])
@pytest.mark.parametrize(("pulled", "sign"), [(0, 1), (-1 / 8, 1), (-8, -1), (8, 1)])
def test_the_branch_of_starts_across_the_targets(delta, pulled, sign):
    """W·Xᵀy begins at so many times a‖Xᵀy‖²/|δ|, about what it gains while a forgets where it began."""
    rows, cross = [[1, 0.5], [0, 0.75]], [Fraction(1), Fraction(2)]
    data = white.of_set([[Fraction(z) for z in row] for row in rows], [Fraction(1), Fraction(2)])
    assert data.cross == cross
    a0, w0 = balanced_at(delta, across([Fraction(3, 4), Fraction(0)], cross), 1)
    w0 = [z + Fraction(pulled) * a0 / Fraction(-delta) * g for z, g in zip(w0, cross, strict=True)]
    one = Interpolator(a0, w0, *ONES, data)
    assert (one.sign, one.certified) == (sign, False)
    with mpmath.workdps(70):

        def exact(z):
            return mpmath.mpf(z.numerator) / z.denominator

        network = Layered([[list(map(exact, w0))], [[exact(a0)]]], [1, 1], rows, [[1], [2]])
        (((w,), ((a,),)),) = integrate(network, [150 / mpmath.mpf(-delta)], 50)
        outputs = [a * mpmath.fdot(w, row) for row in rows]
        assert (outputs[0] - 1) ** 2 + (outputs[1] - 2) ** 2 < 5  # that of a = 0
        assert a * sign > 0
