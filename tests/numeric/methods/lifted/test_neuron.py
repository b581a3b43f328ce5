"""The single neuron's observables against Taylor series of its raw equations, and its limits."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp, mpf

from numeric.methods.lifted import white
from numeric.methods.lifted.marched_neuron import MarchedNeuron
from numeric.methods.lifted.neuron import SingleNeuron
from verify.oracle.kernel_distance import distance, kernel
from verify.oracle.two_linear_layers import integrate

F = Fraction
RATES = F(1, 2), F(3)  # η_a, η_w
CASES = {
    "upstream": (F(2), [F(1, 3), F(-1, 2)], [[3, 0], [0, 3]], [F(1), F(2)]),
    "downstream, a changes sign": (F(-1, 2), [F(6, 5), F(3)], [[1, 0], [0, 1]], [F(1), F(2)]),
    "balanced": (
        F(1),
        [F(2), F(1), F(-1)],
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [F(-1), F(2), F(0)],
    ),
    "rank one": (F(1, 2), [F(1), F(-3)], [[1, 2], [2, 4]], [F(2), F(4)]),
    "no targets": (F(1, 2), [F(1), F(-3)], [[1, 0], [0, 1]], [F(0), F(0)]),
    "one input": (F(-1, 2), [F(7)], [[F(1, 3)]], [F(2)]),
}


def _made(name):
    a0, w0, gram, cross = CASES[name]
    data = white.of_moments([[F(z) for z in row] for row in gram], cross)
    return SingleNeuron(a0, w0, *RATES, data), a0, w0, gram, cross


def _raw(a0, w0, gram, cross, times):
    """Weights by Taylor series; each observable from its own definition, in mpmath."""
    found = integrate([w0], [[a0]], gram, [cross], (RATES[1], RATES[0]), times, 30)
    return [(C[0][0], A[0]) for A, C in found]


@pytest.mark.parametrize("name", CASES)
def test_observables_are_those_of_the_raw_weights(name):
    flow, a0, w0, gram, cross = _made(name)
    times = [F(0), F(1, 5), F(3, 2)]
    size = range(len(w0))
    with mp.workdps(40):
        G = [[mpf(F(z).numerator) / F(z).denominator for z in row] for row in gram]
        b = [mpf(z.numerator) / z.denominator for z in cross]
        c = mpf(flow.data.scale.numerator) / flow.data.scale.denominator
        aim = [z / c for z in b]
        begun = None
        for t, (a, w) in zip(times, _raw(a0, w0, gram, cross, times), strict=True):
            exact, floats = flow.exactly(t, 400), flow.observables(float(t))
            residual = [mp.fdot(G[i], [a * z for z in w]) / c - aim[i] for i in size]
            seen = [mp.fdot(row, w) / c for row in G]
            K = [
                [RATES[1] * a * a * G[i][j] / c + seen[i] * seen[j] / 2 for j in size] for i in size
            ]
            begun = begun or K
            inner = [sum(x * y for p, q in zip(A, B, strict=True) for x, y in zip(p, q, strict=True))
                     for A, B in ((K, begun), (K, K), (begun, begun))]  # fmt: skip
            lengths = mp.sqrt(mp.fdot(w, w)), mp.sqrt(mp.fdot(aim, aim))
            expected = {
                "a": a, "w": w, "mu": a * lengths[0], "residual": residual,
                "loss": c / 2 * mp.fdot(residual, residual),
                "kernel_distance": 1 - inner[0] / mp.sqrt(inner[1] * inner[2]),
            }  # fmt: skip
            if lengths[1]:
                expected["phi"] = mp.fdot(w, aim) / lengths[0] / lengths[1]
            else:
                assert mp.isnan(exact["phi"])
                assert math.isnan(floats["phi"])
            for key, value in expected.items():
                values = value if isinstance(value, list) else [value]
                to_digits = exact[key] if isinstance(value, list) else [exact[key]]
                in_floats = floats[key] if isinstance(value, list) else [floats[key]]
                largest = max(map(abs, values)) + mpf("1e-3")
                for z, y, x in zip(values, to_digits, in_floats, strict=True):
                    assert abs(mpf(y) - z) < 1e-26 * largest, key
                    assert abs(mpf(float(x)) - z) < 1e-13 * max(largest, 1), key


def test_a_changes_sign_at_its_closed_time_and_the_regime_is_said():
    flow, *_ = _made("downstream, a changes sign")
    t = float(flow.sign_change())
    assert flow.observables(t * 0.999)["a"] < 0 < flow.observables(t * 1.001)["a"]
    assert flow.regime == "downstream"
    upstream, *_ = _made("upstream")
    assert upstream.sign_change() is None
    assert upstream.regime == "upstream"
    assert _made("balanced")[0].regime == "balanced"


def test_time_to_a_loss():
    flow, *_ = _made("upstream")
    t = flow.time_to_loss(1e-6)
    assert flow.observables(t)["loss"] == pytest.approx(1e-6, rel=1e-9)
    assert math.isnan(flow.time_to_loss(1e9))
    assert flow.time_to_loss(0.0) == math.inf


def test_a_neuron_is_marched_to_the_same_where_it_is_solved():
    for name in CASES:
        flow, a0, w0, *_ = _made(name)
        marched = MarchedNeuron(a0, w0, *RATES, flow.data)
        t = np.array([0.0, 0.3, 2.0])
        one, two = flow.observables(t), marched.observables(t)
        for key in ("a", "w", "mu", "loss", "residual", "kernel_distance"):
            np.testing.assert_allclose(two[key], one[key], atol=1e-8, err_msg=f"{name}, {key}")


def test_a_residual_along_the_target_has_nothing_across_it():
    """Modes that a start has not: 1e-97 of one, falling slower, would be all that is left."""
    a0, w0, target = F(1, 2), [F(3, 10), F(-2, 5)], [F(3), F(-4)]
    data = white.of_moments([[F(1), F(0)], [F(0), F(1)]], target)
    flow = SingleNeuron(a0, w0, F(1), F(1), data)
    for t in (F(50), F(70)):
        first, second = (float(z) for z in flow.observables(float(t))["residual"])
        # δ = 0 along the target: u = a² obeys u′ = 2u (5 − u).
        left = -5 * 19 * math.exp(-10 * float(t)) / (1 + 19 * math.exp(-10 * float(t)))
        np.testing.assert_allclose([first, second], [0.6 * left, -0.8 * left], rtol=1e-12, atol=0)
    exact = flow.exactly(F(1000), 400)["residual"]
    with mp.workdps(40):
        assert abs(exact[0] / exact[1] + mpf(3) / 4) < mpf(10) ** -30
        assert abs(exact[0] / (-mpf(57) * mp.exp(-10000)) - 1) < mpf(10) ** -30


@pytest.mark.parametrize("name", ["upstream", "downstream, a changes sign", "balanced"])
def test_kernels_of_two_times_are_as_far_apart_as_those_of_raw_weights(name):
    flow, a0, w0, gram, cross = _made(name)
    t1, t2 = F(1, 5), F(3, 2)
    with mp.workdps(40):
        unit = [[mpf(i == j) for j in range(len(w0))] for i in range(len(w0))]
        rates = mpf(3), mpf(1) / 2
        raw = [([w], [[a]]) for a, w in _raw(a0, w0, gram, cross, [t1, t2])]
        known = distance(*(kernel(weights, rates, unit) for weights in raw))
        for first, second in ((t1, t2), (t2, t1)):
            found = flow.exactly(second, 400, first)["kernel_distance"]
            assert abs(mpf(found) - known) < mpf(10) ** -24 * known
    assert flow.kernel_distance(0.2, 1.5) == pytest.approx(float(known), rel=1e-12)
    marched = MarchedNeuron(a0, w0, *RATES, flow.data)
    assert marched.kernel_distance(0.2, 1.5) == pytest.approx(float(known), rel=1e-7)


@pytest.mark.parametrize("size", ["1e-30", "1e-50", "1e-150"])
def test_a_tiny_target_is_reached(size):
    """D and |δ| differ by less than the constants' bits: w turns to β* all the same, by a w = β*."""
    aim = Fraction(size)
    unit = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]
    data = white.of_moments(unit, [aim, aim])
    flow = SingleNeuron(Fraction(1), [Fraction(1), Fraction(2)], Fraction(1), Fraction(1), data)
    for end in (flow.limit(), flow.exactly(None, 200)):
        assert end["loss"] == 0
        assert abs(end["phi"] - 1) < 1e-14
        for w in end["w"]:
            assert abs(end["a"] * w / float(aim) - 1) < 1e-14
            assert abs(w - 2**0.5) < 1e-14  # δ = −4
