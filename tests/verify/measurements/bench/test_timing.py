"""Turns, spreads and deadlines, on a clock that the test moves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from verify.measurements.bench import timing
from verify.measurements.bench.memory import peak
from verify.measurements.bench.timing import (
    Deadline,
    Spread,
    TooSlowError,
    Turns,
    interleaved,
    ratios,
)  # fmt: skip


class Clock:
    """Seconds that pass only when a call takes them."""

    def __init__(self):
        self.now = 0.0
        self.made = []

    def call(self, name, *seconds):
        """A call that takes these seconds in turn, then always the last."""
        left = list(seconds)

        def run():
            self.made.append(name)
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return run


@pytest.fixture
def clock(monkeypatch):
    one = Clock()
    monkeypatch.setattr(timing.time, "perf_counter", lambda: one.now)
    return one


def test_calls_are_made_in_turns_and_the_first_is_not_counted(clock):
    calls = {"a": clock.call("a", 9e-1, 0.1, 0.3, 0.2), "b": clock.call("b", timing.SLOW, 1.0)}
    found = interleaved(calls, Turns(3, 100.0))
    assert found == {"a": pytest.approx([0.1, 0.3, 0.2]), "b": pytest.approx([1.0, 1.0, 1.0])}
    assert clock.made == ["a", "b"] * 4
    assert ratios(found["a"], found["b"]) == pytest.approx([0.1, 0.3, 0.2])


def test_a_call_that_compiles_at_first_is_timed_when_it_has(clock):
    calls = {
        "compiles": clock.call("compiles", timing.SLOW + 9, 0.25),
        "other": clock.call("other", 0.5),
    }
    found = interleaved(calls, Turns(2, 100.0))
    assert found == {"compiles": [0.25, 0.25], "other": [0.5, 0.5]}


def test_a_slow_call_is_made_twice(clock):
    calls = {"slow": clock.call("slow", timing.SLOW + 1), "other": clock.call("other", 0.25)}
    found = interleaved(calls, Turns(2, 100.0))
    assert found == {"slow": [timing.SLOW + 1], "other": [0.25, 0.25]}
    assert clock.made == ["slow", "slow", "other", "other", "other"]
    assert ratios(found["other"], found["slow"]) == [0.25 / (timing.SLOW + 1)] * 2


@pytest.mark.parametrize(
    ("longest", "together"), [(0.0, timing.SHORT), (0.0078125, 0.0078125), (0.5, timing.LONG)]
)
def test_short_calls_are_timed_as_long_as_the_longest(clock, longest, together):
    short = 2.0**-13
    calls = {"short": clock.call("short", short), "long": clock.call("long", longest)}
    found = interleaved(calls, Turns(2, 100.0))
    assert found["short"] == pytest.approx([short, short])
    assert clock.made.count("short") == 1 + 2 * math.ceil(together / short)


def test_a_call_that_lasts_is_left_out_of_further_turns(clock):
    calls = {"long": clock.call("long", 1.0), "short": clock.call("short", 0.25)}
    found = interleaved(calls, Turns(5, 2.5))
    assert found == {"long": [1.0] * 3, "short": [0.25] * 5}
    assert ratios(found["short"], found["long"]) == [0.25] * 3
    assert len(interleaved(calls, Turns(9, 0.0))["long"]) == 1


def test_a_spread_is_least_median_and_most():
    assert Spread.of([3.0, 1.0, 2.0, 9.0]) == Spread(1.0, 2.5, 9.0)


def test_a_deadline_ends_what_runs_and_nothing_else(clock):
    deadline, late = Deadline(2.0), clock.call("late", 1.5)
    late()
    with deadline.running():
        late()
        deadline.check()
        late()
        with pytest.raises(TooSlowError):
            deadline.check()
    deadline.check()


def test_the_peak_is_what_is_held_at_once():
    assert peak(lambda: np.zeros(10**6)) == pytest.approx(8e6, rel=0.01)
    assert peak(lambda: float(np.zeros(10**6).sum() + np.zeros(10**6).sum())) < 1.7e7
    assert peak(lambda: [np.zeros(10**6) for _ in range(3)]) == pytest.approx(2.4e7, rel=0.01)
