"""Malformed cases: always exit code 2 and one bounded line, never a traceback, a warning or a hang."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numeric.errors import InputError
from scripts import phase, solve

POINT = {
    "gamma": 1, "eta_u": "0.5", "eta_w": 2, "x": [1, "0.5"], "y": 1.5,
    "u0": [0.3, "-0.2"], "W0": [[0.1, 0.2], [0.3, 0.4]],
}  # fmt: skip
SET = {key: POINT[key] for key in POINT if key not in "xy"} | {
    "X": [[1, 2], [2, 4]], "targets": [1.5, 1],
}  # fmt: skip
DRAWN = {key: SET[key] for key in SET if key not in ("u0", "W0")} | {
    "init": {"kind": "gaussian", "width": 3, "seed": 1, "sigma_u": 1, "sigma_w": 1},
}  # fmt: skip
KEYS = sorted(POINT | SET | DRAWN)
ODD = (
    None, True, [], {}, [[]], [None], "", "abc", "٣", "nan", "1e5", "1e999", "1" * 5000, "9" * 200_000,
    10**400, 1e308, -1e308, 1e-320, float("nan"), float("inf"), -float("inf"), [[1], [2]], {"a": 1},
    "\ud800", "\x00", "a\nb", "💥" * 300, "x" * 10**5, -1, 0, 0.5, [[[[1]]]], 10**30, -0.0, "1e-999",
    "0." + "0" * 5000 + "1", "tanh", "ReLU", 3,
)  # fmt: skip
TEXTS = (
    "", "null", "[]", "7", '"x"', "{", '{"gamma": }', '{"gamma": 1, "gamma": 1}', "[" * 10**5,
    '{"a":' * 10**5, '{"gamma": ' + "1" * 10**5 + "}", '{"gamma": 1e99999}', "{}" * 2, "\ufeff{}",
    '{"\\ud800": 1}', '{"": {"": {}}}', "NaN", "\x00",
)  # fmt: skip
COMMANDS = (
    (solve, ()), (solve, ("--digits", "20", "--times", "0,1")), (solve, ("--json", "--times", "1")),
    (phase, ()), (phase, ("--json", "--want", "feature")),
)  # fmt: skip


def places(value, before=()):
    """Every key and index in a nested case."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield (*before, key)
        if isinstance(value[key], dict | list):
            yield from places(value[key], (*before, key))


@st.composite
def malformed(draw):
    """A case with one to three of its places put wrong."""
    case = json.loads(json.dumps(draw(st.sampled_from((POINT, SET, DRAWN)))))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(list(places(case)) or [("gamma",)]))
        inside = case
        for key in place[:-1]:
            inside = inside[key]
        how = draw(st.sampled_from(("replace", "replace", "remove", "add")))
        value = draw(st.sampled_from(ODD) | st.text(max_size=8) | st.floats())
        if how == "remove" and len(inside) > 0 and place[-1] in (
            inside if isinstance(inside, dict) else range(len(inside))
        ):  # fmt: skip
            del inside[place[-1]]
        elif how == "add":
            if isinstance(inside, list):
                inside.append(value)
            else:
                inside[draw(st.sampled_from(KEYS) | st.text(max_size=8))] = value
        else:
            inside[place[-1]] = value
    return json.dumps(case)


def answer_or_line(path, command, options):
    """The command answers, or refuses in one bounded line; anything else fails."""
    line, said = "", io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            assert command.main([str(path), *options]) == 0
        if "--json" in options:
            json.loads(said.getvalue(), parse_constant=pytest.fail)  # NaN is no JSON
    except InputError as error:
        line = str(error)
    assert line.isprintable()
    assert len(line) <= 1000


@settings(max_examples=250)
@given(text=malformed(), how=st.sampled_from(COMMANDS))
@example(text=json.dumps({**POINT, "y": "1" * 5000}), how=COMMANDS[1])
@example(text=json.dumps({**POINT, "eta_u": 1e308}), how=COMMANDS[4])
@example(text=json.dumps({**POINT, "u0": [0.3, -1e308]}), how=COMMANDS[4])
@example(text=json.dumps({**POINT, "W0": [["1" * 9000, 1], [1, 1]]}), how=COMMANDS[0])
def test_malformed_cases(tmp_path_factory, text, how):
    path = tmp_path_factory.mktemp("case") / "case.json"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    answer_or_line(path, *how)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:16])
@pytest.mark.parametrize("how", [COMMANDS[0], COMMANDS[3]], ids=("solve", "phase"))
def test_what_is_no_case(tmp_path, text, how):
    path = tmp_path / "case.json"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    command, options = how
    with pytest.raises(InputError) as caught:
        command.main([str(path), *options])
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 1000


def test_long_decimals_in_a_file_and_as_times(tmp_path, capsys):
    third = "0." + "3" * 9000
    (tmp_path / "data.csv").write_text(f"{third},1\n")
    case = {key: POINT[key] for key in POINT if key not in "xy"}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case | {"data": "data.csv", "W0": [[third], ["1"]]}))
    assert solve.main([str(path), "--times", f"0,{third}", "--digits", "5", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["t"] == ["0", "0.33333"]
    assert said["W"][0] == [["0.33333"], ["1.0000"]]


@pytest.mark.parametrize("digits", ["٣", "", "+-3", "3" * 5000, "x" * 5000, "1e3", "0"])
def test_digits_that_are_none(tmp_path, capsys, digits):
    with pytest.raises(SystemExit) as caught:
        solve.main([str(tmp_path / "case.json"), "--digits", digits])
    assert caught.value.code == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert len(line) <= 1000


def test_an_unknown_option_of_any_length_is_one_bounded_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        phase.main(["--" + "x" * 10**5])
    assert caught.value.code == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert len(line) <= 1100
