"""The coordinate of commensurable frequencies: multiples of an angle, and how it shrinks."""

from __future__ import annotations

import pytest
from flint import arb, ctx, fmpq

from numeric.methods.warp.tangent import Tangent, common

SQUARES = (fmpq(9, 4), fmpq(-9, 4), fmpq(2), fmpq(-2), fmpq(0))


@pytest.fixture(autouse=True)
def _precision():
    before, ctx.prec = ctx.prec, 200
    yield
    ctx.prec = before


def close(one, other):
    return one.overlaps(other) and min(one.rel_accuracy_bits(), other.rel_accuracy_bits()) > 150


@pytest.mark.parametrize("square", SQUARES, ids=str)
@pytest.mark.parametrize("k", [1, 2, 3, 7])
def test_a_multiple_is_the_coordinate_of_the_multiple_frequency(square, k):
    s = arb(fmpq(1, 5))
    top, bottom = Tangent(square, (k,)).multiple(k)
    z = Tangent(square, (k,)).at(s)
    own = Tangent(k * k * square, (1,)).at(s)
    assert close(_at(top, z) / _at(bottom, z), own)


def _at(polynomial, z):
    value = arb(0)
    for coefficient in reversed(polynomial.coeffs()):
        value = value * z + arb(coefficient)
    return value


@pytest.mark.parametrize("square", SQUARES, ids=str)
@pytest.mark.parametrize("e", ["0.9", "0.3", "1e-30"])
def test_shrinkage_is_the_ratio_of_distances(square, e):
    x, tangent = arb("0.95"), Tangent(square, (1,))
    found = tangent.shrinkage(arb(e), x)
    ctx.prec = 400
    direct = (1 - tangent.at(x - arb(e)) / tangent.at(x)) / (arb(e) / x)
    assert found.overlaps(direct)
    assert found.rel_accuracy_bits() > 150


@pytest.mark.parametrize("square", SQUARES, ids=str)
def test_the_velocity_is_the_derivative(square):
    tangent, s, step = Tangent(square, (1,)), arb(fmpq(2, 5)), arb(2) ** -60
    slope = (tangent.at(s + step) - tangent.at(s - step)) / (2 * step)
    assert abs(slope - _at(tangent.velocity, tangent.at(s))) < arb("1e-30")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([fmpq(0), fmpq(0)], Tangent(fmpq(0), (1, 1))),
        ([fmpq(5)], Tangent(fmpq(5), (1,))),
        ([fmpq(5), fmpq(20), fmpq(45, 4)], Tangent(fmpq(5, 4), (2, 4, 3))),
        # half the common frequency, so that a growing neuron stays within |ω s| < π
        ([fmpq(-5)], Tangent(fmpq(-5, 4), (2,))),
        ([fmpq(-4), fmpq(-1)], Tangent(fmpq(-1, 4), (4, 2))),
        ([fmpq(4), fmpq(2)], None),
        ([fmpq(4), fmpq(-4)], None),
        ([fmpq(4), fmpq(0)], None),
        ([fmpq(0), fmpq(4)], None),
    ],
    ids=str,
)
def test_commensurable_frequencies_are_found(values, expected):
    found = common(values)
    assert found == expected
    if found is not None:
        assert [k * k * found.square for k in found.multiples] == values
