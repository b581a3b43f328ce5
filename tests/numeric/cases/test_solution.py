"""Solutions: balls or floats, digits of strings, what is infinite, what is left out."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx
from mpmath import mp, mpf

from numeric.cases import solution as solutions
from numeric.cases.case import parse
from numeric.cases.solution import default_times, solve, to_number
from numeric.errors import InputError

CONTENT = {
    "gamma": "0.8", "eta_u": "1.5", "eta_w": "0.4", "x": ["0.5", "-1.2"], "y": "1.3",
    "u0": ["0.7", "-0.4", "0.9"], "W0": [["0.3", "-0.1"], ["0.2", "0.5"], ["-0.4", "0.2"]],
}  # fmt: skip
TIMES = [Fraction(0), Fraction(3, 10), Fraction(2)]
KEYS = {
    "t", "u", "W", "output", "residual", "loss", "alignment", "norm_u", "norm_W", "alpha", "t_c",
    "limit", "method",
}  # fmt: skip
AT_THE_END = {"output", "residual", "loss", "alignment", "norm_u", "norm_W", "kind"}
WORDS = ("kind", "method")


def numbers(value):
    """Every entry of a nested answer, with its path."""
    if isinstance(value, dict):
        for key, entry in value.items():
            if key in WORDS:
                continue
            yield from ((f"{key}.{path}", z) for path, z in numbers(entry))
    elif isinstance(value, list):
        for k, entry in enumerate(value):
            yield from ((f"{k}.{path}", z) for path, z in numbers(entry))
    else:
        yield "", value


@pytest.mark.parametrize("digits", [1, 30, 1000])
def test_a_neuron_with_equal_layers_is_logistic_to_every_digit(digits):
    # u = w, all rates 1: u² is logistic, u² = 1 / (1 + (1/u0² − 1) e^{−4t}).
    content = {
        "gamma": 1, "eta_u": 1, "eta_w": 1, "x": [1], "y": 1, "u0": ["0.3"], "W0": [["0.3"]]
    }  # fmt: skip
    solution = solve(parse(content), [Fraction(4, 5)], digits)
    with mp.workdps(digits + 10):
        ratio = 1 / mpf("0.09") - 1
        square = 1 / (1 + ratio * mpmath.exp(-mpf(16) / 5))
        expected = {
            "t": mpf(4) / 5, "output": square, "residual": square - 1, "loss": (square - 1) ** 2,
            "norm_u": mpmath.sqrt(square), "norm_W": mpmath.sqrt(square), "alignment": mpf(1),
            "alpha": square / mpf("0.09"), "u": mpmath.sqrt(square), "W": mpmath.sqrt(square),
        }  # fmt: skip
        for name, exact in expected.items():
            ((_, printed),) = numbers(getattr(solution, name))
            unit = mpf(10) ** (Decimal(printed).adjusted() - digits + 1)
            assert abs(mpmath.mpmathify(printed) - exact) <= unit, name
        assert abs(mpmath.mpmathify(solution.t_c) - 1) == 0  # residual ~ e^{−4t}


def test_floats_and_balls_agree(monkeypatch):
    case = parse(CONTENT)
    by_balls = solve(case, TIMES).as_json()
    monkeypatch.setattr(solutions, "BALL_WORK", 0)
    monkeypatch.setattr(solutions, "_by_balls", None)  # it must not be called
    by_floats = solve(case, TIMES).as_json()
    assert set(by_balls) == set(by_floats) == KEYS
    for (one, a), (two, b) in zip(numbers(by_balls), numbers(by_floats), strict=True):
        assert one == two
        assert isinstance(a, float)
        assert isinstance(b, float)
        assert b == pytest.approx(a, rel=1e-12, abs=0), one


def test_floats_of_small_networks_are_the_rounded_digits():
    case = parse(CONTENT)
    printed, floats = solve(case, TIMES, 40).as_json(), solve(case, TIMES).as_json()
    for (one, text), (_, value) in zip(numbers(printed), numbers(floats), strict=True):
        assert float(text) == value, one


def test_more_digits_begin_with_fewer():
    case = parse(CONTENT)
    few, many = (solve(case, TIMES, digits).as_json() for digits in (20, 60))
    for (path, a), (_, b) in zip(numbers(few), numbers(many), strict=True):
        unit = Decimal(10) ** (Decimal(a).adjusted() - 19)
        assert abs(Fraction(a) - Fraction(b)) <= Fraction(unit), path


def test_the_precision_is_left_as_it_was():
    before = ctx.prec
    solve(parse(CONTENT), TIMES, 500)
    to_number(arb(2).sqrt(), 3)
    assert ctx.prec == before


def test_progress_is_told_the_precision():
    told = []
    solve(parse(CONTENT), TIMES, 100, progress=told.append)
    assert told
    assert told == sorted(told)
    assert told[0] >= 100 * 3.32


@pytest.mark.parametrize("digits", [0, -1])
def test_digits_below_one_are_refused(digits):
    with pytest.raises(InputError) as caught:
        solve(parse(CONTENT), TIMES, digits)
    assert (caught.value.field, caught.value.found) == ("--digits", digits)


def test_without_weights():
    content = solve(parse(CONTENT), TIMES, weights=False).as_json()
    assert set(content) == KEYS - {"u", "W"}
    assert set(content["limit"]) == AT_THE_END
    full = solve(parse(CONTENT), TIMES).as_json()
    assert set(full["limit"]) == {"u", "W", *AT_THE_END}
    assert full["limit"]["kind"] == content["limit"]["kind"] == "target"
    for key in content.keys() - {"limit"}:
        assert content[key] == full[key]


@pytest.mark.parametrize("digits", [None, 20])
def test_what_is_infinite_or_undefined_is_none(digits):
    still = solve(parse({**CONTENT, "gamma": 0}), TIMES, digits)
    assert still.t_c is None
    dead = solve(parse({**CONTENT, "u0": [0] * 3, "W0": [[0, 0]] * 3}), TIMES, digits)
    assert dead.alignment == [None] * 3
    assert dead.as_json()["limit"]["alignment"] is None
    json.dumps([still.as_json(), dead.as_json()], allow_nan=False)


def test_floats_say_none_too(monkeypatch):
    monkeypatch.setattr(solutions, "BALL_WORK", 0)
    still = solve(parse({**CONTENT, "gamma": 0}), TIMES)
    assert still.t_c is None
    dead = solve(parse({**CONTENT, "u0": [0] * 3, "W0": [[0, 0]] * 3}), TIMES)
    assert dead.alignment == [None] * 3
    json.dumps([still.as_json(), dead.as_json()], allow_nan=False)


def test_rounded_data_is_solved_in_floats_and_refused_for_digits():
    a, e = [0.1, 0.22, -0.7], [0.1, 0.3]
    rows = {"X": [[r * z for z in e] for r in a], "targets": [1, 2, 3]}
    case = parse({k: v for k, v in CONTENT.items() if k not in "xy"} | rows)
    solution = solve(case, TIMES)
    flow = case.floating()
    assert solution.loss == flow.loss([float(t) for t in TIMES]).tolist()
    with pytest.raises(InputError) as caught:
        solve(case, TIMES, 20)
    assert caught.value.field.startswith("X")


def test_data_off_the_line_are_integrated_and_have_no_digits():
    rows = {"X": [[1, 2], [2, 5]], "targets": [1, 2]}
    case = parse({k: v for k, v in CONTENT.items() if k not in "xy"} | rows)
    second = np.linalg.svd(np.array(rows["X"]), compute_uv=False)[1]
    said = []
    found = solve(case, TIMES, warn=said.append)
    assert found.method == "march"
    assert [f"{second:.6g}" in text for text in (found.why, *said)] == [True, True]
    assert np.shape(found.output) == (len(TIMES), 2)
    with pytest.raises(InputError) as caught:
        solve(case, TIMES, 20)
    assert f"{second:.6g}" in str(caught.value)


def test_default_times_are_two_time_scales():
    case = parse(CONTENT)
    shown = default_times(case)
    assert (len(shown), shown[0]) == (21, 0)
    assert {b - a for a, b in itertools.pairwise(shown)} == {shown[1]}
    scale = case.floating().t_c
    assert abs(float(shown[-1]) / (2 * scale) - 1) <= 0.05  # steps of two digits
    still = default_times(parse({**CONTENT, "gamma": 0}))
    assert still[-1] == 1


def test_numbers_of_balls():
    assert to_number(None, None) is None
    assert to_number(arb("inf"), 5) is None
    assert to_number(arb("nan"), None) is None
    assert to_number(arb(0), None) == 0.0
    assert to_number(arb(0), 7) == "0"
    assert to_number(arb("0.5"), None) == 0.5
    assert to_number(arb("1e400"), None) is None  # beyond float64
    before, ctx.prec = ctx.prec, 200
    try:
        assert to_number(arb(2).sqrt(), 12) == "1.41421356237"
        assert to_number(-arb(2).sqrt() / 10**8, 4) == "-1.414e-8"
    finally:
        ctx.prec = before
    blurred = to_number(arb(0, 1e-30), 10)
    assert blurred.startswith("[+/- ")
    assert "e-30" in blurred
