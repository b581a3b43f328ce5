"""Chains against Taylor series of their raw equations, which know nothing of laws or clocks."""

import math
from fractions import Fraction

import pytest
from flint import arb, arb_series, ctx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numeric.errors import InputError
from numeric.methods.chains import ChainFlow
from numeric.methods.chains import flow as module
from numeric.methods.chains.state import Motion
from numeric.namespaces import UndecidedError, precision

ORDER, BITS = 26, 200
NORMWISE, OF_RESIDUAL = 1e-13, 1e-12


def one_step(a, eta, y, h, order=ORDER):
    """Factors after a time h, by Picard iteration of their power series in time."""
    before, ctx.cap = ctx.cap, order + 1
    try:
        series = [arb_series([one]) for one in a]
        for known in range(order):
            ctx.cap = known + 2
            before_it, after_it = [arb_series([1])], [arb_series([1])]
            for one, other in zip(series, series[::-1], strict=True):
                before_it.append(before_it[-1] * one)
                after_it.append(after_it[-1] * other)
            force = arb_series([y]) - before_it[-1]
            series = [
                (force * before_it[k] * after_it[len(a) - 1 - k] * rate).integral() + a[k]
                for k, rate in enumerate(eta)
            ]
        return [sum((one[k] * h**k for k in range(order + 1)), arb(0)).mid() for one in series]
    finally:
        ctx.cap = before


def pace(a, eta, y):
    """A time in which no factor changes by more than some of the largest."""
    size = max(abs(one) for one in a)
    product = math.prod(a)
    fastest = max(
        rate * abs(math.prod(a[:k] + a[k + 1 :])) * (abs(product) + abs(y))
        for k, rate in enumerate(eta)
    )
    bend = max(eta) * size ** (len(a) - 2) * (abs(product) + abs(y) + size ** len(a))
    return 1 / (fastest / size + bend) / 20 if fastest else 1 / bend / 20


def ball(number):
    exact = Fraction(number)
    return arb(exact.numerator) / exact.denominator


def taylor(a, eta, y, steps):
    """The time after so many steps, and the factors then, in 260 bits."""
    time, now = Fraction(0), [ball(one) for one in a]
    rates = [ball(one) for one in eta]
    for _ in range(steps):
        h = Fraction(pace([float(one) for one in now], list(eta), y))
        now = one_step(now, rates, ball(y), ball(h))
        time += h
    return time, now


def check(a, eta, y, steps):
    flow = ChainFlow(a, y, eta)
    with precision(BITS):
        time, raw = taylor(a, eta, y, steps)
        found = flow.at(time)
        norm = max(abs(one) for one in raw)
        worst = max(abs(ball(x) - one) for x, one in zip(found.a, raw, strict=True))
        rest = math.prod(raw) - ball(y)
        assert worst <= NORMWISE * norm, (found, raw)
        if flow.method != "march":
            assert abs(ball(found.residual) - rest) <= OF_RESIDUAL * abs(rest), (found, rest)


sizes = st.floats(-6, 6).map(lambda e: 10.0**e)
signed = st.tuples(sizes, st.sampled_from([1, -1])).map(math.prod)
targets = st.one_of(st.just(0.0), signed)
steps = st.integers(1, 5)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.integers(1, 8), signed, st.integers(0, 7), targets, sizes, steps)
def test_balanced(depth, size, flipped, y, rate, count):
    a = [size] * depth
    a[min(flipped, depth - 1)] *= -1
    check(a, [rate] * depth, y, count)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.lists(st.tuples(signed, sizes), min_size=2, max_size=3), targets, steps)
@example([(-1.0, 1.0), (2.0, 1.0), (3.0, 1.0)], 6.0, 5)  # product −y, and a double root
@example([(0.0, 1.0), (2.0, 1.0), (3.0, 2.0)], -6.0, 5)
@example([(0.5, 1.0), (-0.5, 1.0), (3.0, 2.0)], 6.0, 5)  # to the saddle
@example([(0.5, 1.0), (0.5, 1.0), (3.0, 2.0)], 0.0, 5)
def test_unbalanced(factors, y, count):
    a, eta = zip(*factors, strict=True)
    check(list(a), list(eta), y, count)


@settings(deadline=None, max_examples=8, derandomize=True)
@given(st.lists(signed, min_size=4, max_size=4), targets, steps)
@example([0.5, 1.0, 1.0, -0.75], 2.0, 5)  # two greatest
@example([0.5, 0.5, 1.0, -0.75], 2.0, 5)  # to the saddle
def test_depth_four(a, y, count):
    check(a, [1.0] * 4, y, count)


@settings(deadline=None, max_examples=20, derandomize=True)
@given(
    st.integers(2, 3),
    st.floats(-1, 1),
    st.floats(-15, -3),
    st.sampled_from([1, -1]),
    targets,
    steps,
)
def test_nearly_balanced(depth, log_size, log_off, sign, y, count):
    size = 10.0**log_size
    a = [size * (1 + k * 10.0**log_off) for k in range(depth)]
    check([sign * a[0], *a[1:]], [1.0] * depth, min(max(y, -10), 10), count)


@pytest.mark.parametrize(
    ("a", "y"), [([-0.5, 1.0, 0.75], 3.0), ([-0.25, 1.0], 1.5), ([-0.5, 1.0, 0.75, 0.875], 3.0)]
)
def test_the_least_factor_crosses_zero(a, y):
    flow, signs = ChainFlow(a, y), set()
    with precision(BITS):
        now, time, h = [ball(one) for one in a], Fraction(0), Fraction(1, 32)
        for k in range(45):
            now, time = one_step(now, [arb(1)] * len(a), ball(y), ball(h)), time + h
            if k % 11 == 0:
                found = flow.at(time)
                signs.add(found.a[0] > 0)
                worst = max(abs(ball(x) - z) for x, z in zip(found.a, now, strict=True))
                assert worst < NORMWISE
    assert signs == {True, False}


def test_25_digits_of_the_raw_equations():
    flow = ChainFlow(["-0.5", "1", "0.75"], 3, [1, 2, 1])
    with precision(BITS):
        now = [ball(Fraction(one)) for one in ("-0.5", "1", "0.75")]
        for _ in range(32):
            now = one_step(now, [arb(1), arb(2), arb(1)], arb(3), ball(Fraction(1, 128)), 40)
        for x, z in zip(flow.balls(Fraction(1, 4), 25).a, now, strict=True):
            assert abs(x - z) < arb(10) ** -30
            assert x.rel_accuracy_bits() > 25 * 3.33


def test_a_residual_of_1e_200_keeps_its_digits():
    """By Taylor series to 1e-20, and from there on by the kernel at the limit, which is linear then."""
    a, eta, y, h = ["0.5", "1", "0.75"], [1, 2, 1], 3, Fraction(1, 48)
    flow = ChainFlow(a, y, eta)
    with precision(BITS):
        now, time = [ball(Fraction(one)) for one in a], Fraction(0)
        for _ in range(144):
            now, time = one_step(now, [ball(one) for one in eta], arb(y), ball(h), 30), time + h
        first = math.prod(now) - y
        kernel = sum(rate * (y / one) ** 2 for rate, one in zip(eta, now, strict=True))
        late = 28
        last = first * (-kernel * ball(late - time)).exp()
        assert abs(last) < arb(10) ** -195
        for t, rest in ((time, first), (late, last)):
            assert abs(ball(flow.at(t).residual) - rest) < OF_RESIDUAL * abs(rest)


@pytest.mark.parametrize(
    ("a", "y", "kind", "end"),
    [
        ([0.0, 0.0, 1.0], 2.0, "at rest", [0.0, 0.0, 1.0]),
        ([1.0, 2.0], 2.0, "at rest", [1.0, 2.0]),
        ([0.5, 0.5], -1.0, "saddle", [0.0, 0.0]),
        ([0.5, 0.5, 1.0], -1.0, "saddle", [0.0, 0.0, math.sqrt(0.75)]),
        ([1.0, 1.0, -1.0], -8.0, "target", [2.0, 2.0, -2.0]),
        ([-1.0, 2.0, 3.0], 6.0, "target", [1.0, 2.0, 3.0]),
    ],
)
def test_limits(a, y, kind, end):
    flow = ChainFlow(a, y)
    assert flow.limit_kind == kind
    assert flow.limit.a == pytest.approx(end, abs=1e-15)
    late = flow.at(1e6)
    assert late.a == pytest.approx(end, abs=2e-6)


@pytest.mark.parametrize("a", [[0.5, 1.0, 0.75], [-0.5, 1.0, 0.75], [0.5] * 5, [0.5, 2.0], [0.25]])
def test_time_to_a_loss(a):
    flow = ChainFlow(a, 3.0)
    for goal in (1.5, 1e-3, 1e-250):
        time = flow.time_to_loss(goal)
        assert flow.at(time).loss == pytest.approx(goal, rel=1e-10 if goal > 1e-9 else 1e-6)
    assert math.isinf(flow.time_to_loss(0))
    assert math.isnan(flow.time_to_loss(1e9))


def test_a_loss_that_the_saddle_has_not():
    flow = ChainFlow([0.5, 0.5, 1.0], -1.0)
    assert math.isinf(flow.time_to_loss("0.5"))
    assert math.isfinite(flow.time_to_loss("0.51"))


def test_what_has_no_closed_form_is_marched_and_says_so():
    a = [0.5, 1.0, 0.75, 0.875, 1.25]
    flow = ChainFlow(a, 2.0)
    assert flow.method == "march"
    assert "depth 5" in flow.why
    with precision(BITS):
        time, raw = taylor(a, [1.0] * 5, 2.0, 20)
        assert max(abs(ball(x) - z) for x, z in zip(flow.at(time).a, raw, strict=True)) < 1e-11
    with pytest.raises(InputError, match="balanced"):
        flow.balls(1, 30)
    assert ChainFlow(a, 0).method == "closed form"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (([], 1), "a0"),
        (([1, "x"], 1), r"a0\[1\]"),
        (([1, math.nan], 1), r"a0\[1\]"),
        (([1, 2], math.inf), "y"),
        (([1, 2], 1, [1]), "eta"),
        (([1, 2], 1, [1, 0]), r"eta\[1\]"),
    ],
)
def test_what_is_no_chain(given, field):
    with pytest.raises(InputError, match=field):
        ChainFlow(*given)


def test_rates_are_units_of_factors():
    """a_l = √η_l α_l: exact where the rates are squares of two."""
    plain, scaled = (
        ChainFlow([0.5, 1.0, 0.75], 3.0, 4),
        ChainFlow([0.5, 2.0, 0.75], 6.0, [4, 16, 4]),
    )
    # η = (4, 16, 4) with a_2 doubled and y doubled runs as η = 4 with time four times as fast.
    for time in (0.01, 0.1, 0.5):
        one, other = plain.at(4 * time), scaled.at(time)
        assert other.a[1] == pytest.approx(2 * one.a[1], rel=1e-14)
        assert other.a[0] == pytest.approx(one.a[0], rel=1e-14)


def test_a_place_that_is_not_there_is_not_proved():
    flow = ChainFlow(["0.5", 1, 2], 3, [1, 2, 1])
    with precision(BITS):
        motion = Motion(flow.chain)
        u = arb(3) / 4
        time, step = motion.elapsed(u).mid(), arb(2) ** -100
        assert motion._proved(u, step, time).contains(u)
        for off in (1 + 64 * step, 1 - 64 * step):
            with pytest.raises(UndecidedError, match="the place at a time"):
                motion._proved((u * off).mid(), step, time)


def test_the_example_of_the_module_runs():
    _, _, example = module.__doc__.partition("\n\n")
    flow = {"ChainFlow": ChainFlow}
    exec(example, flow)
    assert flow["flow"].at(1.5).product == pytest.approx(
        float(flow["flow"].balls("1.5", 20).product)
    )
