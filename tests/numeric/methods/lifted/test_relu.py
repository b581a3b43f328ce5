"""One ReLU neuron, event by event, against a Taylor series of its raw equations."""

from fractions import Fraction

import mpmath
import pytest
from mpmath import mp

from numeric.errors import InputError
from numeric.methods.lifted.relu import ReluNeuron
from verify.oracle.raw_flow import Layered
from verify.oracle.relu_events import integrate_relu

DIGITS = 28
CASES = {
    "none leaves": (1, [1, "0.5"], [2, 1]),
    "one leaves": (1, ["0.5", 2], [-3, 1]),
    "two leave": ("0.75", ["0.5", "1.25", 2], [-2, -1, 1]),
    "all leave": (1, ["0.5", "0.25"], [-1, -2]),
    "two leave at once": ("0.7", ["0.3", "0.3", "0.9"], [-2, -2, 1]),
    "one rests": ("-0.5", ["-0.75", "1.5"], [1, 2]),
    "the sign of a changes": ("0.25", [2, 1], [-3, "0.5"]),
    "downstream, negative": ("-0.125", ["1.5", "0.75", "0.25"], [1, "-0.5", 2]),
    "at zero": (0, [1, "0.5"], [1, -1]),
}


def exact(case):
    a0, v0, y = case
    return Fraction(a0), [Fraction(z) for z in v0], [Fraction(z) for z in y]


def raw(case, time):
    """Weights of the raw network on unit inputs: its first layer has v, its second a."""
    a0, v0, y = (
        [mp.mpf(z) for z in part] if isinstance(part, list) else mp.mpf(part) for part in case
    )
    n = len(v0)
    inputs = [[int(i == j) for j in range(n)] for i in range(n)]
    network = Layered([[v0], [[a0]]], [1, 1], inputs, [[z] for z in y])
    layers, events = integrate_relu(network, inputs, time, DIGITS)
    return layers[1][0][0], layers[0][0], events


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("time", ["0.3", "2.5"])
def test_it_is_the_raw_flow_to_25_digits(name, time):
    one = ReluNeuron(*exact(CASES[name]))
    found = one.exactly(Fraction(time), 200)
    with mp.workdps(40):
        a, v, events = raw(CASES[name], mp.mpf(time))
        for value, truth in zip([found["a"], *found["v"]], [a, *v], strict=True):
            assert abs(mp.mpf(value) - truth) < mp.mpf(10) ** -25
        crossed = [(i, t) for i, t in one.crossings_at(200) if t < mp.mpf(time)]
        assert [i for i, _ in crossed] == [event.point for event in events]
        for (_, t), event in zip(crossed, events, strict=True):
            assert abs(mp.mpf(t) - event.time) < mp.mpf(10) ** -25


def test_what_leaves_and_when():
    assert [i for i, _ in ReluNeuron(*exact(CASES["two leave"])).crossings] == [0, 1]
    assert ReluNeuron(*exact(CASES["none leaves"])).crossings == []
    one = ReluNeuron(*exact(CASES["all leave"]))
    assert sorted(i for i, _ in one.crossings) == [0, 1]
    together = ReluNeuron(*exact(CASES["two leave at once"])).crossings
    assert [i for i, _ in together] == [0, 1]
    assert together[0][1] == together[1][1]
    late, end = one.exactly(Fraction(100), 120), one.exactly(None, 120)
    assert late["v"] == end["v"] == [0, 0]
    assert late["a"] == end["a"]


def test_the_limit_is_that_of_what_stays():
    """One input stays: a v = y there, on the leaf that is left."""
    end = ReluNeuron(*exact(CASES["one leaves"])).exactly(None, 200)
    assert end["v"][0] == 0
    assert abs(end["a"] * end["v"][1] - 1) < mpmath.mpf(10) ** -50
    assert float(end["loss"]) == 4.5


@pytest.mark.parametrize(("v", "a", "y"), [(0, 1, 1), (0, -1, -2)])
def test_a_start_on_the_edge_that_may_go_two_ways_is_refused(v, a, y):
    with pytest.raises(
        InputError, match="v0, entry 0: found 0; expected a flow that goes on one way"
    ):
        ReluNeuron(Fraction(a), [Fraction(v), Fraction(1)], [Fraction(y), Fraction(1)])
    assert (
        ReluNeuron(Fraction(a), [Fraction(v), Fraction(1)], [Fraction(-y), Fraction(1)]).crossings
        == []
    )


def test_a_sign_change_with_an_input_at_0_is_refused():
    """Input 0 leaves while a > 0; then a changes its sign, and it would be called in."""
    a0, v0, y = Fraction(1, 2), [Fraction(1, 64), Fraction(2)], [Fraction(-2), Fraction(-3)]
    one = ReluNeuron(a0, v0, y)
    when, why = one.fork(120)
    for late in (None, Fraction(float(when)) + Fraction(1, 1000), Fraction(100)):
        with pytest.raises(
            InputError, match=f"a passes 0 at t = {float(when):.6g} with v of input 0 at 0"
        ):
            one.exactly(late, 120)
    assert why.endswith("with v of input 0 at 0")
    before = Fraction(float(when)) - Fraction(1, 1000)
    found = one.exactly(before, 200)
    with mp.workdps(40):
        a, v, _ = raw((0.5, [2.0**-6, 2], [-2, -3]), mp.mpf(before.numerator) / before.denominator)
        assert 0 < a < 0.01
        for value, truth in zip([found["a"], *found["v"]], [a, *v], strict=True):
            assert abs(mp.mpf(value) - truth) < mp.mpf(10) ** -25


@pytest.mark.parametrize("a", [1, -1])
def test_an_input_at_0_without_a_target_stays_there_and_calls_for_nothing(a):
    """From the start, and where a changes its sign, the others move as they do without it."""
    others = [Fraction(2), Fraction(1, 3)], [Fraction(-3 * a), Fraction(-a)]
    a0 = Fraction(a, 2)
    alone = ReluNeuron(a0, *others)
    beside = ReluNeuron(a0, [Fraction(0), *others[0]], [Fraction(0), *others[1]])
    assert alone.fork(120)[1] == beside.fork(120)[1] == ""
    end = beside.exactly(None, 120)
    assert end["a"] * a < 0  # it has changed its sign
    for t in (Fraction(1, 3), Fraction(5), None):
        one, other = alone.exactly(t, 120), beside.exactly(t, 120)
        assert other["v"] == [0, *one["v"]]
        assert (other["a"], other["loss"]) == (one["a"], one["loss"])


def test_an_input_that_leaves_as_a_passes_0_does_not_hide_the_fork():
    one = ReluNeuron(Fraction(1, 2), [Fraction(1, 64), Fraction(2)], [Fraction(-2), Fraction(-3)])
    last = one.segments(120)[-1]
    change = last.flow.zero(len(last.active), 120)

    def fork(lasts):
        return one._fork(last.flow, last.active, last.resting, last.a, lasts, last.start, 120)

    assert fork(change) == fork(2 * change) == fork(None)
    assert fork(change)[0] == change
    assert fork(change / 2) == (None, "")
