"""Balls of a Riccati flow contain Taylor series of its raw equations, and are as small as asked."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from mpmath import mp

from numeric.errors import InputError
from numeric.methods.lifted import white
from numeric.methods.lifted.layers import TwoLayers
from numeric.methods.lifted.neuron import SingleNeuron
from numeric.namespaces import precision
from verify.oracle.two_linear_layers import integrate

F = Fraction
KNOWN, ASKED = 50, 40  # digits of the oracle, and of the balls
T = F(3, 4)
TURNED = [[F(6, 5), F(8, 5)], [F(-8, 5), F(6, 5)]]
UNIT = [[F(1), F(0)], [F(0), F(1)]]
WIDE = {
    "λ > 0": (UNIT, TURNED, [[F(2), F(1)], [F(0), F(1)]]),
    "λ < 0": (TURNED, UNIT, [[F(2), F(1)], [F(0), F(1)]]),
    "λ = 0": ([[F(1), F(1, 2)], [F(-1, 2), F(1)]],) * 2 + ([[F(2), F(1)], [F(0), F(-1)]],),
    "λ > 0, equal values": (UNIT, TURNED, UNIT),
    "λ > 0, no targets": (UNIT, TURNED, [[F(0), F(0)], [F(0), F(0)]]),
    "one unit": (
        [[F(1), F(2), F(1, 2)]], [[F(1, 3)], [F(1)]], [[F(2), F(1), F(0)], [F(0), F(1), F(1)]],
    ),
}  # fmt: skip


def drawn(seed):
    """A neuron of any δ; every fourth one balanced, every fifth at a = 0 or on the way through it."""
    draw = np.random.default_rng(seed)
    n = 1 + seed % 3
    w0 = [F(int(z), 8) for z in draw.integers(-20, 21, n)]
    a0 = F(int(draw.integers(-20, 21)), 8)
    target = [F(int(z), 4) for z in draw.integers(-12, 13, n)]
    if seed % 4 == 0:
        w0, a0 = [F(3, 5) * a0] + [F(0)] * (n - 1), a0
        w0 = [a0] if n == 1 else [F(3, 5) * a0, F(-4, 5) * a0, *w0[2:]]
    if seed % 5 == 0:
        a0 = F(0) if seed % 2 else F(-1, 16)
    return a0, w0, target


def inside(found, known):
    """Whether a ball has a number that is known to 10^-KNOWN of its size or 1."""
    middle = arb(mp.nstr(known, KNOWN + 10))
    return abs(found - middle) <= arb(10) ** -(KNOWN - 2) * (1 + abs(middle))


def small(values):
    """Whether radii are below 10^-ASKED of the largest value."""
    size = max(float(abs(z).mid()) for z in values)
    return all(float(z.rad()) <= 10.0**-ASKED * size for z in values)


@pytest.mark.parametrize("seed", range(20))
def test_balls_of_a_neuron_contain_the_raw_flow(seed):
    a0, w0, target = drawn(seed)
    n = len(w0)
    unit = [[F(i == j) for j in range(n)] for i in range(n)]
    flow = SingleNeuron(a0, w0, F(1), F(1), white.of_moments(unit, target))
    found = flow.enclosed(T, ASKED)
    with mp.workdps(KNOWN + 20), precision(400):
        ((((*w,),), ((a,),)),) = integrate([w0], [[a0]], unit, [target], (1, 1), [T], KNOWN + 5)
        left = [a * z - mp.mpf(y.numerator) / y.denominator for z, y in zip(w, target, strict=True)]
        assert inside(found["a"], a)
        assert all(inside(*pair) for pair in zip(found["w"], w, strict=True))
        assert all(inside(*pair) for pair in zip(found["residual"], left, strict=True))
        assert inside(found["loss"], mp.fdot(left, left) / 2)
        square = flow.flow.enclosed(T, ASKED)["square"]
        state = [*w, a]
        assert all(
            inside(square[i][j], state[i] * state[j]) for i in range(n + 1) for j in range(n + 1)
        )
        assert small([found["a"]])
        if any(w):
            assert small(found["w"])
        if any(left):
            assert small(found["residual"])
            assert small([found["loss"]])


@pytest.mark.parametrize("name", WIDE)
def test_balls_of_layers_contain_the_raw_flow(name):
    W1, W2, B = WIDE[name]
    rates, scale = (F(1), F(1)), F(3, 4)
    found = TwoLayers(W1, W2, rates, scale, B).enclosed(T, ASKED)
    n = range(len(W1[0]))
    with mp.workdps(KNOWN + 20), precision(400):
        sigma = [[scale * (i == j) for j in n] for i in n]
        gamma = [[scale * z for z in row] for row in B]
        ((first, second),) = integrate(W1, W2, sigma, gamma, rates, [T], KNOWN + 5)
        A, C = mp.matrix(first), mp.matrix(second)
        goal = mp.matrix([[mp.mpf(z.numerator) / z.denominator for z in row] for row in B])
        known = {
            "product": C * A, "gram_in": A.T * A, "gram_out": C * C.T, "residual": C * A - goal,
        }  # fmt: skip
        for key, matrix in known.items():
            flat = [z for row in found[key] for z in row]
            assert all(inside(*pair) for pair in zip(flat, matrix, strict=True)), key
            assert small(flat)
        assert inside(found["loss"], mp.mpf(3) / 8 * mp.fdot(known["residual"], known["residual"]))


def test_radii_shrink_with_the_digits_asked_and_the_same_number_is_inside():
    W1, W2, B = WIDE["λ > 0"]
    flow = TwoLayers(W1, W2, (F(1), F(1)), F(1), B)
    balls = [flow.enclosed(F(5), digits)["loss"] for digits in (10, 40, 200)]
    for digits, one in zip((10, 40, 200), balls, strict=True):
        assert 0 < float((one.rad() / one.mid() * arb(10) ** digits).mid()) < 1
    with precision(1000):
        assert all(one.overlaps(balls[-1]) for one in balls)


def test_a_late_residual_is_enclosed_with_its_own_digits():
    """At t = 300 the loss is 1e-9294; balls and digits on which two precisions agree are one number."""
    data = white.of_moments([[F(3), F(0)], [F(0), F(3)]], [F(1), F(2)])
    flow = SingleNeuron(F(2), [F(1, 3), F(-1, 2)], F(1, 2), F(3), data)
    ball = flow.enclosed(F(300), 30)["loss"]
    exact = flow.exactly(F(300), 40_000)["loss"]
    with precision(400), mp.workdps(60):
        assert abs(arb(mp.nstr(mp.mpf(exact), 50)) / ball - 1) < arb(10) ** -29


def test_what_is_0_has_a_ball_around_it_and_what_is_too_late_is_refused():
    unit = white.of_moments([[F(1)]], [F(2)])
    there = SingleNeuron(F(1), [F(2)], F(1), F(1), unit).enclosed(F(1), 10)
    assert there["loss"].contains(0)
    assert float(there["loss"].rad()) < 1e-300
    with pytest.raises(InputError, match=r"so far that \d+ bits do not enclose it"):
        TwoLayers(UNIT, TURNED, (F(1), F(1)), F(1), WIDE["λ > 0"][2]).enclosed(F(10) ** 7, 10)
    late = SingleNeuron(F(1), [F(1)], F(1), F(1), unit).enclosed(F(10) ** 9, 10)  # one growing mode
    assert float(late["a"]) == pytest.approx(2**0.5, rel=1e-15)
    off = [[F(1.2), F(1.6)], [F(-1.6), F(1.2000000000000002)]]
    rounded = TwoLayers(UNIT, off, (F(1), F(1)), F(1), UNIT)
    with pytest.raises(InputError, match="the start: found one off its leaf by"):
        rounded.enclosed(F(1), 10)
