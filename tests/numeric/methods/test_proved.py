"""Checks of answers: what is proved passes at any scale, a violation is an error that names it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.errors import InternalCheckError
from numeric.methods import proved

TIMES = np.array([0.0, 0.5, 2.0, np.inf])
FALLING = np.array([1.0, 0.5, 0.125, 0.0])
scales = st.integers(-300, 260).map(lambda k: 10.0**k)
signs = st.sampled_from([-1.0, 1.0])


def violated(check, *given):
    """What a check says is wrong; None where it lets everything pass."""
    try:
        check(*given)
    except InternalCheckError as error:
        return str(error)
    return None


@given(scales, signs)
def test_what_falls_passes_at_every_scale(scale, sign):
    values = sign * scale * FALLING
    law = values + (1 - FALLING) * values[0]
    found = [
        violated(proved.between, "f", TIMES, values, values[0], 0.0),
        violated(proved.between, "f", TIMES, values, 0.0, values[0]),
        violated(proved.keeps_sign, "r", TIMES, values, values[0]),
        violated(proved.never_grows, "r", TIMES, values, values[0]),
        violated(proved.constant, "law", TIMES, law, values[0], values[0]),
    ]
    assert found == [None] * 5


@given(scales, signs, st.integers(0, 3), st.sampled_from([1e-6, 1.0, 1e40]))
def test_a_violation_at_one_time_is_named(scale, sign, k, excess):
    values = sign * scale * FALLING
    wrong = values.copy()
    wrong[k] = values[0] * (1 + excess)
    said = re.escape(f"{wrong[k]:.6g} at t = {TIMES[k]:.6g} is ")
    for check in (
        lambda: proved.between("f", TIMES, wrong, values[0], 0.0),
        lambda: proved.never_grows("f", TIMES, wrong, values[0]),
        lambda: proved.constant("f", TIMES, wrong, values, values[0]),
        lambda: proved.keeps_sign("f", TIMES, -wrong, values[0]),
    ):
        with pytest.raises(InternalCheckError, match="internal check failed: f = "):
            check()
    with pytest.raises(InternalCheckError, match=said):
        proved.between("f", TIMES, wrong, values[0], 0.0)


def test_a_violation_is_told_with_its_own_bounds_and_no_value_violates_nothing():
    bounds = np.array([1.0, 2.0, 3.0])
    values = np.array([1.0, 2.0, 7.0])
    with pytest.raises(InternalCheckError, match="f = 7 at t = 2 is not between 0 and 3"):
        proved.between("f", TIMES[[0, 1, 2]], values, np.zeros(3), bounds)
    with pytest.raises(InternalCheckError, match="f = 7 at t = 2 is not 3, though"):
        proved.constant("f", TIMES[[0, 1, 2]], values, bounds, 1.0)
    none = np.zeros(0)
    proved.between("f", none, none, none, none)
    proved.constant("f", none, none, none, none)
    proved.keeps_sign("f", none, none, none)
    proved.never_grows("f", none, none, none)


def test_growth_between_two_times_is_found_in_any_order():
    times, values = np.array([3.0, 0.0, 2.0, 1.0]), np.array([0.3, 1.0, 0.2, 0.5])
    with pytest.raises(InternalCheckError, match=r"r = 0\.3 at t = 3 is larger than before"):
        proved.never_grows("r", times, values, 1.0)
    proved.never_grows("r", times, np.array([0.2, 1.0, 0.2, 0.5]), 1.0)


def test_nan_violates_everything():
    for check in (
        lambda z: proved.between("f", 1.0, z, 0.0, 1.0),
        lambda z: proved.never_grows("f", 1.0, z, 1.0),
        lambda z: proved.constant("f", 1.0, z, 1.0, 1.0),
        lambda z: proved.keeps_sign("f", 1.0, z, 1.0),
    ):
        check(1.0)
        with pytest.raises(InternalCheckError, match="nan"):
            check(np.nan)


def test_scalars_and_shapes():
    proved.between("f", 1.0, 0.5, 0.0, 1.0)
    proved.between("f", 1.0, 5.0, 0.0, np.inf)
    with pytest.raises(InternalCheckError, match="not between -1 and -inf"):
        proved.between("f", 1.0, -0.5, -1.0, -np.inf)
    proved.never_grows("r", np.zeros((2, 0)), np.zeros((2, 0)), 1.0)
    with pytest.raises(InternalCheckError, match="at t = 4"):
        proved.between("f", [[1.0, 2.0], [3.0, 4.0]], [[0.1, 0.2], [0.3, 1.4]], 0.0, 1.0)


def test_rounding_is_no_violation():
    last = np.nextafter(1.0, 2.0)
    for factor, passes in (
        (last, True),
        (1 + proved.SLACK / 2, True),
        (1 + 2 * proved.SLACK, False),
    ):
        found = [
            violated(proved.between, "f", 1.0, factor, 0.0, 1.0),
            violated(proved.never_grows, "r", 1.0, factor, 1.0),
            violated(proved.constant, "law", 1.0, factor, 1.0, 1.0),
        ]
        assert [said is None for said in found] == [passes] * 3
