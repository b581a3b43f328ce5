"""`solve` of {"model": "chain"}, as a user runs it."""

import json

import pytest

from numeric.errors import InputError

CASE = {"model": "chain", "a0": ["0.5", 1, "0.75"], "eta": [1, 2, 1], "y": 3}


def test_json_and_digits_agree(solve):
    plain = json.loads(solve(CASE, "--times", "0,0.1,1", "--json"))
    precise = json.loads(solve(CASE, "--times", "0,0.1,1", "--json", "--digits", "30"))
    assert plain["method"] == precise["method"] == "closed form"
    assert plain["limit"]["kind"] == "target"
    assert precise["t"][1].strip("0") == ".1"
    for name in ("product", "residual", "loss"):
        assert plain[name] == pytest.approx(list(map(float, precise[name])), rel=1e-13)
    assert len(precise["a"][1][0]) >= 30


def test_the_table_shows_everything(solve):
    said = solve(CASE)
    for word in ("product", "residual", "loss", "t = ∞", "method: closed form"):
        assert word in said


def test_what_is_marched_says_so_and_has_no_digits(solve):
    deep = CASE | {"a0": [0.5, 1, 0.75, 2, 3], "eta": [1] * 5}
    assert "method: march (found an unbalanced chain of depth 5" in solve(deep, "--times", "0.1")
    with pytest.raises(InputError, match="balanced chain"):
        solve(deep, "--digits", "20")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"eta": [1]}, "eta"), ({"eta": [1, 0, 1]}, "eta"), ({"a0": []}, "a0"), ({"z": 1}, "z")],
)
def test_what_is_no_case(solve, change, field):
    with pytest.raises(InputError, match=field):
        solve(CASE | change)


def test_what_no_precision_decides_is_refused_in_one_line(solve):
    case = {"model": "chain", "a0": ["1e200", "1e200"], "eta": [1, 1], "y": 3}
    with pytest.raises(
        InputError, match=r"a state at t = 1e-300 that \d+ bits do not decide"
    ) as said:
        solve(case, "--times", "1e-300")
    assert len(str(said.value)) < 200
