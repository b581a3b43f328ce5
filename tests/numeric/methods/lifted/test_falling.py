"""Times to a loss: raw weights, integrated to that time, have it."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from mpmath import mp, mpf

from numeric.errors import InputError
from numeric.methods.lifted import white
from numeric.methods.lifted.falling import time_to
from numeric.methods.lifted.layers import TwoLayers
from numeric.methods.lifted.marched_layers import MarchedLayers
from numeric.methods.lifted.marched_neuron import MarchedNeuron
from numeric.methods.lifted.neuron import SingleNeuron
from numeric.methods.lifted.relu import ReluNeuron
from verify.oracle.raw_flow import Layered
from verify.oracle.relu_events import integrate_relu
from verify.oracle.two_linear_layers import integrate

F = Fraction
RATES = F(1, 2), F(3)
DIGITS = 25
NEURONS = {
    "upstream": (F(2), [F(1, 3), F(-1, 2)], [[3, 0], [0, 3]], [F(1), F(2)]),
    "downstream, a changes sign": (F(-1, 2), [F(6, 5), F(3)], [[1, 0], [0, 1]], [F(1), F(2)]),
    "rank one": (F(1, 2), [F(1), F(-3)], [[1, 2], [2, 4]], [F(2), F(4)]),
}
LAYERS = (
    [[F(3), F(0), F(4)], [F(0), F(5), F(0)]],
    [[F(3), F(0)], [F(0), F(3)]],
    (F(1, 2), F(1, 3)),
    F(3, 4),
    [[F(2), F(1), F(1)], [F(4), F(2), F(0)]],
)


def neuron(name, kind=SingleNeuron):
    a0, w0, gram, cross = NEURONS[name]
    data = white.of_moments([[F(z) for z in row] for row in gram], cross)
    return kind(a0, w0, *RATES, data)


def loss_of(raw, sigma, aim):
    """½ tr((W₂W₁ − B) Σ (W₂W₁ − B)ᵀ) in mpmath."""
    first, second = raw
    columns = list(zip(*first, strict=True))
    left = [[mp.fdot(row, column) - goal for column, goal in zip(columns, goals, strict=True)]
            for row, goals in zip(second, aim, strict=True)]  # fmt: skip
    return sum(mp.fdot(row, [mp.fdot(s, row) for s in sigma]) for row in left) / 2


@pytest.mark.parametrize("name", NEURONS)
@pytest.mark.parametrize("goal", [F(1), F(1, 10**6)])
def test_a_neuron_has_the_loss_at_its_time(name, goal):
    flow = neuron(name)
    a0, w0, gram, cross = NEURONS[name]
    t = flow.time_to(goal, 320)
    with mp.workdps(40):
        at = F(mp.nstr(mpf(t), 38))
        (raw,) = integrate([w0], [[a0]], gram, [cross], (RATES[1], RATES[0]), [at], DIGITS + 5)
        sigma = [[mpf(z) for z in row] for row in gram]
        aim = [[mpf(z.numerator) / z.denominator for z in flow.target]]
        found = loss_of(raw, sigma, aim)
        assert abs(found * goal.denominator / goal.numerator - 1) < mpf(10) ** -(DIGITS - 6)
    assert flow.time_to_loss(float(goal)) == pytest.approx(float(t), rel=1e-15)


@pytest.mark.parametrize("goal", [F(5), F(1, 10)])
def test_two_layers_have_the_loss_at_their_time(goal):
    W1, W2, rates, scale, B = LAYERS
    t = TwoLayers(*LAYERS).time_to(goal, 320)
    with mp.workdps(40):
        sigma = [[scale * (i == j) for j in range(3)] for i in range(3)]
        gamma = [[scale * z for z in row] for row in B]
        at = F(mp.nstr(mpf(t), 38))
        (raw,) = integrate(W1, W2, sigma, gamma, rates, [at], DIGITS + 5)
        S = [[mpf(3) / 4 * (i == j) for j in range(3)] for i in range(3)]
        aim = [[mpf(z.numerator) for z in row] for row in B]
        found = loss_of(raw, S, aim)
        assert abs(found * goal.denominator / goal.numerator - 1) < mpf(10) ** -DIGITS


def test_a_relu_neuron_has_the_loss_at_its_time_beyond_events():
    a0, v0, y = F(3, 4), [F(1, 2), F(5, 4), F(2)], [F(-2), F(-1), F(1)]
    one = ReluNeuron(a0, v0, y)
    goal = F(26, 10)
    t = one.time_to(goal, 320)
    assert one.crossings[0][1] < t
    with mp.workdps(40):
        inputs = [[int(i == j) for j in range(3)] for i in range(3)]
        network = Layered([[list(map(float, v0))], [[0.75]]], [1, 1], inputs, [[int(z)] for z in y])
        (v,), ((a,),) = integrate_relu(network, inputs, mpf(t), 30)[0]
        found = sum(
            (a * max(z, 0) - aim) ** 2 for z, aim in zip(v, map(mpf, (-2, -1, 1)), strict=True)
        )
        assert abs(found / 2 - mpf(26) / 10) < mpf(10) ** -DIGITS


def test_what_is_never_reached_is_infinite_and_what_is_above_the_start_is_no_number():
    flow = neuron("upstream")
    start = flow.exactly(F(0), 320)["loss"]
    assert flow.time_to(F(13, 3), 320) == 0 < start
    assert math.isnan(flow.time_to_loss(4.34))
    assert math.isinf(flow.time_to_loss(0.0))
    data = white.of_set([[F(1), F(0)], [F(1), F(0)]], [F(1), F(3)])
    split = SingleNeuron(F(1), [F(1), F(1)], F(1), F(1), data)  # a loss of 1 stays
    assert math.isinf(split.time_to_loss(1.0))
    assert math.isfinite(split.time_to_loss(1.0 + 1e-9))


def test_a_time_far_from_the_guess_and_a_value_far_down():
    """Loss e^{−2t}: its time is −½ log of the value."""

    def loss(t, bits):
        context = mp.clone()
        context.prec = bits
        return (
            context.zero
            if t is None
            else context.exp(-2 * context.mpf(t.numerator) / t.denominator)
        )

    for goal, guess in ((F(1, 10**300), F(1, 10**30)), (1 - F(1, 10**12), F(10**6))):
        with mp.workprec(700):
            known = -mp.log(mpf(goal.numerator) / goal.denominator) / 2
            assert abs(time_to(loss, goal, guess, 700) / known - 1) < mpf(2) ** -300


@pytest.mark.parametrize("name", NEURONS)
def test_a_march_comes_to_the_loss_at_the_same_time(name):
    exact, marched = neuron(name), neuron(name, MarchedNeuron)
    for goal in (1.0, 1e-3, 1e-6):
        assert marched.time_to_loss(goal) == pytest.approx(exact.time_to_loss(goal), rel=1e-7)
    assert math.isnan(marched.time_to_loss(1e9))
    with pytest.raises(InputError, match="by too little to be marched to"):
        marched.time_to_loss(1e-40)


def test_marched_layers_come_to_it_too_and_refuse_what_they_do_not_reach():
    exact, marched = TwoLayers(*LAYERS), MarchedLayers(*LAYERS)
    for goal in (5.0, 1e-3):
        assert marched.time_to_loss(goal) == pytest.approx(exact.time_to_loss(goal), rel=1e-8)
    bottleneck = MarchedLayers(
        [[F(1), F(0)]], [[F(1)], [F(0)]], (F(1), F(1)), F(1), [[F(2), F(0)], [F(0), F(1)]]
    )
    with pytest.raises(InputError, match=r"found 0.4 where the loss is 0.5"):
        bottleneck.time_to_loss(0.4)


@pytest.mark.parametrize("bits", [320, 640])
def test_what_is_above_the_end_by_a_quarter_of_the_bits_is_reached_and_no_less(bits):
    """Loss 1 + e^{−2t}."""

    def loss(t, bits):
        context = mp.clone()
        context.prec = bits
        fallen = 0 if t is None else context.exp(-2 * context.mpf(t.numerator) / t.denominator)
        return context.one + fallen

    quarter = bits // 4
    found = time_to(loss, 1 + F(1, 2 ** (quarter - 4)), F(1), bits)
    with mp.workprec(bits):
        # What is above has so many bits less a quarter, and the search half.
        assert abs(found / ((quarter - 4) * mp.log(2) / 2) - 1) < mpf(2) ** (8 - bits // 2)
    assert math.isinf(time_to(loss, 1 + F(1, 2 ** (quarter + 4)), F(1), bits))
