"""The Riccati flow against Taylor series of the raw equations, in every regime."""

from __future__ import annotations

import importlib.util
import math
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from numeric.errors import InputError
from numeric.methods.riccati.flow import RiccatiFlow
from verify.oracle.two_linear_layers import integrate

_path = Path(__file__).with_name("layers.py")
_spec = importlib.util.spec_from_file_location("riccati_layers", _path)
assert _spec is not None
assert _spec.loader is not None
layers = importlib.util.module_from_spec(_spec)
sys.modules["riccati_layers"] = layers
_spec.loader.exec_module(layers)

DIGITS = 25
STATE, LEFT = 1e-13, 1e-12  # normwise in float64
UNIT = [[1, 0], [0, 1]]
TURNED = [["6/5", "8/5"], ["-8/5", "6/5"]]  # W₂ᵀW₂ = 4
REGIMES = {
    "upstream": ([["1/2", "-1/3", "1/5"]], [["7/3"]], [[1, 2, -1]], ("1/2", "3/4")),
    "downstream, a = 0": ([["1/2", "-1/3", "1/5"]], [[0]], [[1, 2, -1]], (1, 1)),
    "a changes sign": ([["3/2", "-1/3", "1/5"]], [["-1/2"]], [[1, 2, -1]], ("1/2", "3/4")),
    "balanced": ([["3/5", "4/5"]], [[1]], [[-2, "1/3"]], (1, 1)),
    "saddle": ([[1, 0, 0]], [[0]], [[0, 2, 0]], (1, 1)),
    "balanced and antiparallel": ([["3/5", "4/5"]], [[-1]], [["3/5", "4/5"]], (1, 1)),
    "no targets, downstream": ([["3/2", "-1/3"]], [["-1/2"]], [[0, 0]], (1, 1)),
    "no targets, upstream": ([["1/2", "-1/3"]], [["-5/2"]], [[0, 0]], (2, "1/3")),
    "no start": ([[0, 0]], [[0]], [[1, 2]], (1, 1)),
    "no start, wide": ([[0, 0], [0, 0]], [[0, 0]], [[1, 2]], (1, 1)),
    "one input": ([["1/7"]], [["-2/3"]], [["5/3"]], ("1/5", 3)),
    "λ = 0": ([[1, "1/2"], ["-1/2", 1]], [[1, "1/2"], ["-1/2", 1]], [[2, 1], [0, 1]], (1, 1)),
    "λ > 0": (UNIT, TURNED, [[2, 1], [0, 1]], (1, 1)),
    "λ > 0, rank one": (UNIT, TURNED, [[2, 1], [4, 2]], (1, 1)),
    "λ > 0, equal values": (UNIT, TURNED, UNIT, (1, 1)),
    "λ > 0, no targets": (UNIT, TURNED, [[0, 0], [0, 0]], (1, 1)),
    "λ = 0, no targets": (UNIT, UNIT, [[0, 0], [0, 0]], (1, 1)),
    "λ < 0, 3 inputs": ([[3, 0, 4], [0, 5, 0]], [[3, 0], [0, 3]], [[2, 1, 1], [4, 2, 0]], (1, 1)),
    "bottleneck": ([[1, 2, "1/2"]], [["1/3"], [1]], [[2, 1, 0], [0, 1, 1]], (1, "1/2")),
    "wider than both": (
        [["1/2"], ["1/3"], [1]], [["1/2", "1/3", 1]], [[2]], (1, 1),
    ),
    "a missing direction": ([[1, 0], [0, 0]], [[1, 0], [0, 0]], [[2, 1], [1, 3]], (1, 1)),
    "a missing direction that stays": ([[1, 0], [0, 0]], [[1, 0], [0, 0]], [[2, 0], [0, 3]], (1, 1)),
}  # fmt: skip
TIMES = [Fraction(0), Fraction(1, 7), Fraction(1), Fraction(4)]


def _taylor(W1, W2, B, rates, times, digits):
    unit = [[int(i == j) for j in range(len(W1[0]))] for i in range(len(W1[0]))]
    return [
        layers.square_of(*weights) for weights in integrate(W1, W2, unit, B, rates, times, digits)
    ]


def _distance(first, second) -> mpf:
    pairs = ((x, y) for a, b in zip(first, second, strict=True) for x, y in zip(a, b, strict=True))
    return max(abs(mpf(x) - mpf(y)) for x, y in pairs)


def _size(A) -> mpf:
    return max(abs(mpf(z)) for row in A for z in row)


@pytest.mark.parametrize("name", REGIMES)
def test_every_regime_has_its_digits(name):
    W1, W2, B, rates = REGIMES[name]
    flow = layers.flow_of(W1, W2, B, rates)
    with mp.workdps(DIGITS + 20):
        expected = _taylor(W1, W2, B, rates, TIMES, DIGITS + 5)
        for t, square in zip(TIMES, expected, strict=True):
            at = flow.exactly(t, 320)
            size = _size(square)
            assert _distance(at.square(), square) <= mpf(10) ** -DIGITS * size
            assert _distance(flow.square(float(t)), at.square()) <= STATE * size
            left = [[z - end for z, end in zip(*rows, strict=True)]
                    for rows in zip(at.square(), at.limit(), strict=True)]  # fmt: skip
            assert _distance(at.remaining(), left) <= mpf(10) ** -60 * (
                _size(left) + mpf(10) ** -20
            )


@pytest.mark.parametrize("name", [name for name, case in REGIMES.items() if len(case[0]) == 1])
def test_the_state_of_one_unit_is_on_the_start_s_side(name):
    W1, W2, B, rates = REGIMES[name]
    flow = layers.flow_of(W1, W2, B, rates)
    unit = [[int(i == j) for j in range(len(W1[0]))] for i in range(len(W1[0]))]
    for t, (first, second) in zip(TIMES, integrate(W1, W2, unit, B, rates, TIMES, 20), strict=True):
        expected = [*first[0], *(row[0] for row in second)]
        found = flow.exactly(t, 320).state()
        assert _distance([found], [expected]) <= 1e-20 * _size([expected])
        assert _distance([flow.state(float(t))], [found]) <= STATE * _size([expected])
    np.testing.assert_allclose(flow.state(1e5), flow.limit_state(), atol=1e-4)


@st.composite
def _isotropic(draw):
    """Weights of any scale on an exactly isotropic leaf: multiples of unit columns."""
    units, more_in, more_out = (
        draw(st.integers(1, 3)),
        draw(st.integers(0, 1)),
        draw(st.integers(0, 1)),
    )
    exponent = st.integers(-20, 8)
    first, second = Fraction(2) ** draw(exponent), Fraction(2) ** draw(exponent)
    W1 = [[first * (i == j) for j in range(units + more_in)] for i in range(units)]
    turn = [[Fraction(3, 5), Fraction(4, 5)], [Fraction(-4, 5), Fraction(3, 5)]]
    W2 = [[second * (i == j) for j in range(units)] for i in range(units + more_out)]
    if units >= 2:
        W2[0][:2], W2[1][:2] = ([second * z for z in row] for row in turn)
    entry = st.fractions(-3, 3, max_denominator=7)
    B = [[draw(entry) for _ in range(units + more_in)] for _ in range(units + more_out)]
    return W1, W2, B, (draw(st.sampled_from([1, Fraction(1, 3), 5])),) * 2


@settings(max_examples=12, deadline=None, derandomize=True)
@given(_isotropic(), st.fractions(Fraction(1, 100), 1, max_denominator=100))
def test_drawn_networks_agree_with_the_raw_equations(network, share):
    W1, W2, B, rates = network
    flow = layers.flow_of(W1, W2, B, rates)
    fastest = max(max(map(abs, flow.constants.exponents)), 1e-3)
    t = Fraction(float(4 * share / Fraction(fastest)))
    with mp.workdps(DIGITS + 20):
        (square,) = _taylor(W1, W2, B, rates, [t], DIGITS)
        assert _distance(flow.exactly(t, 320).square(), square) <= mpf(10) ** -22 * _size(square)
        assert _distance(flow.square(float(t)), square) <= STATE * _size(square)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.floats(-12, 12), st.sampled_from([-1, 1]), st.floats(-3, 3), st.sampled_from([-1, 1]),
    st.lists(st.floats(-1, 1), min_size=1, max_size=3),
)  # fmt: skip
def test_floats_have_their_digits_over_24_decades_of_the_law(power, side, size, sign, direction):
    w = np.array(direction) + 0.1
    law, a = side * 10.0**power, sign * 10.0**size
    w *= math.sqrt(max(a * a - law, a * a) / float(w @ w)) if side < 0 else 10.0**size
    a = math.copysign(math.sqrt(law + float(w @ w)), a) if side > 0 else a
    B = [np.linspace(1, -0.7, w.size).tolist()]
    flow = layers.flow_of([w.tolist()], [[a]], B)
    _floats_agree(flow, w.size)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.floats(-15, 6), st.integers(1, 3), st.integers(0, 2), st.floats(-3, 1), st.integers(0, 9))
def test_floats_have_their_digits_over_21_decades_of_lambda(power, units, more, scale, seed):
    rng = np.random.default_rng(seed)
    W1 = rng.normal(size=(units, units + 1)) * 10.0**scale
    root = np.linalg.cholesky(10.0**power * np.eye(units) + W1 @ W1.T)
    W2 = np.linalg.qr(rng.normal(size=(units + more, units)))[0] @ root.T
    B = rng.normal(size=(len(W2), units + 1))
    if seed % 3 == 0:
        B = np.outer(B[:, 0], B[0])
    if seed % 2:
        W1, W2, B = W2.T, W1.T, B.T
    _floats_agree(layers.flow_of(W1.tolist(), W2.tolist(), B.tolist()), W1.shape[1])


def _floats_agree(flow: RiccatiFlow, inputs: int) -> None:
    """Float64 with the same flow to 90 digits: QQᵀ, and of what is left the product's block."""
    c = flow.constants
    paces = [2 * abs(f) for f in c.exponents if f] + [-z for row in c.gaps for z in row if z < 0]
    times = np.concatenate([[0.0], np.geomspace(1e-3 / max(paces), 1e6 / min(paces), 25)])
    squares, rest = flow.square(times), flow.remaining(times)
    for k, t in enumerate(times):
        at = flow.exactly(Fraction(float(t)), 320)
        expected = at.square()
        assert _distance(squares[k], expected) <= STATE * _size(expected)
        left = [row[:inputs] for row in at.remaining()[inputs:]]
        if (size := _size(left)) > 1e-280:
            assert _distance(rest[k, inputs:, :inputs], left) <= LEFT * size


@pytest.mark.parametrize("power", [7, 20, 50])
def test_what_is_left_keeps_its_digits_on_the_way_past_a_saddle(power):
    """The last mode begins as small as λ, so that it grows long after those before it are near."""
    grown = 1 + Fraction(1, 2**power)  # λ = grown² − 1; det W₂W₁ < 0 beside a target of det > 0
    W1 = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    W2 = [[grown, 0, 0], [0, grown, 0], [0, 0, -grown]]
    flow = layers.flow_of(W1, W2, [[2, 1, 0], [0, 1, "1/3"], ["1/2", 0, 1]])
    for t in np.linspace(0.3, 60, 40):
        left = [row[:3] for row in flow.exactly(Fraction(float(t)), 320).remaining()[3:]]
        assert _distance(flow.remaining(t)[3:, :3], left) <= LEFT * _size(left)


def test_small_rows_beside_large_ones_keep_their_digits():
    flow = layers.flow_of([["1e-9", "-3e-9"]], [["11"]], [[30, 10]])
    for t in (0.0, 1e-4, 1e-2, 1e-1, 3.0):
        expected = [float(z) for z in flow.exactly(Fraction(t), 320).state()]
        np.testing.assert_allclose(flow.state(t), expected, rtol=1e-13)


def test_a_zero_that_was_guessed_is_decided_with_as_many_bits_as_the_input_has():
    source = layers.flow_of([[1, 2]], [[0]], [[2, -1]])._source
    first, second = (source.constants(bits)[1].prec for bits in (320, 640))
    assert 500 < first < second


@pytest.mark.parametrize("size", ["1e-200", "1e120"])
def test_starts_whose_squares_float64_has_not(size):
    flow = layers.flow_of([[size, 0]], [[size]], [[2, -1]])
    growth = max(flow.constants.exponents)
    for t in (0.0, 150.0, 206.0, 230.0, 300.0) if size == "1e-200" else (0.0, 1e-230 / growth, 1.0):
        at = flow.exactly(Fraction(t), 320)
        state, left = at.state(), [row[:2] for row in at.remaining()[2:]]
        assert _distance([flow.state(t)], [state]) <= STATE * _size([state])
        if (length := _size(left)) > 1e-280 and size == "1e-200":
            assert _distance([flow.remaining(t)[2, :2]], left) <= LEFT * length


def test_what_is_left_of_a_start_near_its_limit_keeps_its_digits():
    flow = layers.flow_of([[1 + 2.0**-30, 2.0**-32]], [[1]], [[1, 0]])
    for t in (0.0, 1e-3, 0.1, 0.5, 2.0):
        exact = flow.exactly(Fraction(t), 320).remaining()[2][:2]
        assert _distance([flow.remaining(t)[2, :2]], [exact]) <= LEFT * _size([exact])


def test_what_is_left_keeps_its_digits_at_1e_minus_200():
    W1, W2, B, rates = REGIMES["λ > 0"]
    flow = layers.flow_of(W1, W2, B, rates)
    t = 140.0
    at = flow.exactly(Fraction(t), 2000)
    exact = [[z - end for z, end in zip(*rows, strict=True)]
             for rows in zip(at.square(), at.limit(), strict=True)]  # fmt: skip
    assert 1e-280 < _size(exact) < 1e-200
    assert _distance(flow.remaining(t), exact) <= LEFT * _size(exact)


def test_a_start_beside_a_saddle_by_1e_minus_200_leaves_it():
    """To w = (1, 2) the target (2, −1) is orthogonal; no vector has a rational length."""
    two, tiny = Fraction(2), Fraction(1, 10**200)
    at_saddle = layers.flow_of([[1, two]], [[0]], [[2, -1]])
    np.testing.assert_allclose(at_saddle.limit_state(), [1, 2, 0], rtol=1e-15, atol=0)
    np.testing.assert_allclose(at_saddle.state(1e6), [1, 2, 0], rtol=1e-14, atol=0)
    beside = layers.flow_of([[1, two + tiny]], [[0]], [[2, -1]])
    assert beside.limit_state()[2] < -0.5
    assert abs(beside.state(5.0)[2]) < 1e-180
    assert layers.flow_of([[1, two - tiny]], [[0]], [[2, -1]]).limit_state()[2] > 0.5


def test_a_passes_zero_once_at_a_closed_time():
    W1, W2, B, rates = REGIMES["a changes sign"]
    flow = layers.flow_of(W1, W2, B, rates)
    t = float(flow.zero(3))
    assert flow.state(0.99 * t)[3] < 0 < flow.state(1.01 * t)[3]
    assert abs(flow.state(t)[3]) < 1e-15
    W1, W2, B, rates = REGIMES["upstream"]
    assert layers.flow_of(W1, W2, B, rates).zero(3) is None


def test_a_symmetric_flow_needs_no_law():
    """U′ = (A − UUᵀ) U."""
    A = [[2, 1, 0], [1, -1, "1/2"], [0, "1/2", "1/3"]]
    A = [[Fraction(z) for z in row] for row in A]
    unit = [[int(i == j) for j in range(3)] for i in range(3)]
    U = [
        [Fraction(1), Fraction(1, 2)],
        [Fraction(0), Fraction(1, 3)],
        [Fraction(-1, 4), Fraction(1)],
    ]
    flow = RiccatiFlow(A, unit, U)
    P, dt = np.array(U, dtype=float) @ np.array(U, dtype=float).T, 1e-3
    M = np.array(A, dtype=float)

    def velocity(P):
        return M @ P + P @ M - 2 * P @ P

    for _ in range(1000):  # Runge and Kutta's fourth order
        a = velocity(P)
        b = velocity(P + dt / 2 * a)
        c = velocity(P + dt / 2 * b)
        P = P + dt / 6 * (a + 2 * b + 2 * c + velocity(P + dt * c))
    np.testing.assert_allclose(flow.square(1.0), P, atol=1e-11)


def test_a_start_off_the_leaf_is_refused_with_how_far_it_is_off():
    with pytest.raises(
        InputError, match=r"the law at the start.*off 2 by 1; expected 2 times the unit"
    ):
        layers.flow_of(UNIT, [[2, 0], [0, "1.41421356237309504880"]], UNIT)


def test_a_gauge_that_is_not_fixed_is_refused():
    with pytest.raises(InputError, match="S F"):
        RiccatiFlow([[1, 2], [0, 1]], UNIT, [[1], [1]])


def test_many_units_have_no_state():
    W1, W2, B, rates = REGIMES["λ > 0"]
    with pytest.raises(InputError, match="2 hidden units"):
        layers.flow_of(W1, W2, B, rates).state(1.0)


WIDE = [name for name, case in REGIMES.items() if len(case[0]) > 1]


@pytest.mark.parametrize("name", WIDE)
def test_weights_are_those_of_the_raw_equations(name):
    """QQᵀ is closed, and where the hidden units turn, that is marched: 1e-10 of the largest weight."""
    W1, W2, B, rates = REGIMES[name]
    flow = layers.flow_of(W1, W2, B, rates)
    unit = [[int(i == j) for j in range(len(W1[0]))] for i in range(len(W1[0]))]
    found = flow.weights([float(t) for t in reversed(TIMES)])[::-1]
    raw = integrate(W1, W2, unit, B, rates, TIMES, 20)
    for t, one, (first, second) in zip(TIMES, found, raw, strict=True):
        known = [list(column) for column in zip(*first, strict=True)] + second
        assert _distance(one, known) <= 1e-10 * (_size(known) + mpf(10) ** -20)
        if flow.is_decoupled:
            closed = flow.exactly(t, 320).weights()
            assert _distance(closed, known) <= mpf(10) ** -18 * (_size(known) + 1)


def test_which_starts_do_not_turn():
    """One input and one output, rank one, aligned; beside them units turn."""
    assert layers.flow_of([["1/2"], ["1/3"]], [["1/2", "1/3"]], [[2]]).is_decoupled
    aligned = layers.flow_of([[1, 0], [0, 4]], [[7, 0], [0, 8]], [[2, 0], [0, 1]])
    assert aligned.is_decoupled
    end = aligned.limit_weights()
    np.testing.assert_allclose(aligned.weights(60.0), end, atol=1e-14)
    np.testing.assert_allclose(end[2:] @ end[:2].T, [[2, 0], [0, 1]], atol=1e-14)
    assert not layers.flow_of([[1, 0], [0, 4]], [[7, 0], [0, 8]], [[2, 1], [0, 1]]).is_decoupled


def test_a_small_hidden_unit_keeps_its_direction_as_it_grows():
    """From weights of 1e-6 the units turn while they are small."""
    turn = [[Fraction(3, 5), Fraction(4, 5)], [Fraction(-4, 5), Fraction(3, 5)]]
    W1 = [[Fraction(1, 10**6), 0], [0, Fraction(1, 10**6)]]
    W2 = [[3 * z / 10**6 for z in row] for row in turn]
    flow = layers.flow_of(W1, W2, [[2, 1], [0, 1]])
    assert not flow.is_decoupled
    ((first, second),) = integrate(W1, W2, UNIT, [[2, 1], [0, 1]], (1, 1), [20], 20)
    known = [list(column) for column in zip(*first, strict=True)] + second
    assert _distance(flow.weights(20.0), known) <= 1e-10 * _size(known)


def test_tensors_give_the_same_and_derivatives_in_time():
    import torch

    W1, W2, B, rates = REGIMES["λ > 0, rank one"]
    flow = layers.flow_of(W1, W2, B, rates)
    t = torch.tensor([0.1, 2.0], dtype=torch.float64, requires_grad=True)
    found = flow.square(t, torch)
    np.testing.assert_allclose(
        found.detach().numpy(), flow.square([0.1, 2.0]), rtol=1e-13, atol=1e-14
    )
    found[:, 0, 0].sum().backward()
    h = 1e-6
    slopes = [(flow.square(s + h) - flow.square(s - h))[0, 0] / (2 * h) for s in (0.1, 2.0)]
    np.testing.assert_allclose(t.grad.numpy(), slopes, rtol=1e-6, atol=1e-9)
