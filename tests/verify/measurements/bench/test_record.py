"""Goals are judged at their border, and a file gives back what was written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from verify.measurements.bench.record import EQUAL, ROUNDING, Goal, Row, Spread, Verdict, loads

RATIO = Goal("ratio", 0.8)


def judged(ours, theirs, goal=RATIO, **more):
    return replace(Row("a", "x", goal=goal), **more).timed([ours], [theirs]).verdict


def test_a_goal_is_met_at_its_border_and_missed_beyond():
    assert judged(0.8, 1.0) is Verdict.MET
    assert judged(0.8000001, 1.0) is Verdict.MISSED
    assert judged(0.1, 99.0, Goal("seconds", 0.1)) is Verdict.MET
    assert judged(0.1000001, 99.0, Goal("seconds", 0.1)) is Verdict.MISSED


def test_the_median_decides():
    row = Row("a", "x", goal=RATIO)
    assert row.timed([0.1, 0.7, 9.0], [1.0, 1.0, 1.0]).verdict is Verdict.MET
    assert row.timed([0.1, 0.9, 0.9], [1.0, 1.0, 1.0]).verdict is Verdict.MISSED
    assert row.timed([2.0, 8.0], [4.0, 4.0]).ratio == Spread(0.5, 1.25, 2.0)


def test_what_was_not_measured_or_has_no_goal_is_said():
    assert Row("a", "x", goal=RATIO).verdict is Verdict.UNKNOWN
    assert judged(9.0, 1.0, None) is Verdict.NONE


def test_a_peer_that_was_cut_off_can_only_be_slower():
    assert judged(0.8, 1.0, slower_than=True) is Verdict.MET
    assert judged(0.9, 1.0, slower_than=True) is Verdict.UNKNOWN


def test_a_faster_peer_counts_at_equal_error():
    equal = Goal("ratio", 1.0, at_equal_error=True)
    near, far = EQUAL * 1e-12, 1.01 * EQUAL * 1e-12
    assert judged(2.0, 1.0, equal, error=1e-12, peer_error=near) is Verdict.MISSED
    assert judged(2.0, 1.0, equal, error=1e-12, peer_error=far) is Verdict.UNEQUAL
    assert judged(2.0, 1.0, RATIO, error=1e-12, peer_error=far) is Verdict.MISSED
    assert judged(1.0, 1.0, equal, error=1e-12, peer_error=far) is Verdict.MET


def test_errors_of_rounding_are_equal():
    row = Row("a", "x", error=0.0, peer_error=EQUAL * ROUNDING)
    assert row.equal
    assert not replace(row, peer_error=1.01 * EQUAL * ROUNDING).equal
    assert replace(row, peer_error=None).equal is None


def test_a_file_gives_back_the_record(record):
    text = record.dumps()
    assert loads(text) == record
    assert loads(text).dumps() == text
    verdicts = [row["verdict"] for row in json.loads(text)["rows"]]
    assert verdicts == [
        "missed", "met", "met", "not measured", "not at equal error", "met", "met", "",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rows": [{}]}', '{"rows": 3}'])
def test_what_is_no_record_is_refused(text):
    with pytest.raises(ValueError, match=r"no record|Expecting"):
        loads(text)
