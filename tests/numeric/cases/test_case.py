"""CASE.json: what is read, to which exact number, and what is refused with which words."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from numeric.cases import case as cases
from numeric.cases.case import load, number, parse, times
from numeric.cases.solution import solve
from numeric.data.initial import draw
from numeric.errors import InputError

POINT = {
    "gamma": 0.5, "eta_u": "0.1", "eta_w": 2, "x": [1, "0.5"], "y": "-1.25",
    "u0": [0.1, "0.1"], "W0": [["1e-3", 2], [".5", "-7."]],
}  # fmt: skip
INIT = {"kind": "gaussian", "width": 3, "sigma_u": 0.5, "sigma_w": 0.25, "seed": 4}


def changed(*without, **values):
    return {key: value for key, value in POINT.items() if key not in without} | values


def with_init(**values):
    return changed("u0", "W0", init={**INIT, **values})


def refused(content, folder=Path()):
    with pytest.raises(InputError) as caught:
        parse(content, folder)
    message = str(caught.value)
    assert "\n" not in message
    error = caught.value
    whole = f"{error.field}: found {error.found}; expected {error.expected}"
    shown = "".join(c if c.isprintable() else "�" for c in " ".join(whole.splitlines()))
    assert message == shown
    return caught.value


# --- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(1, 10)), ("-3e-5", Fraction(-3, 100_000)), ("+7", Fraction(7)),
        (".5", Fraction(1, 2)), ("2.", Fraction(2)), (" 1E3 ", Fraction(1000)),
        ("0." + "3" * 60, Fraction(int("3" * 60), 10**60)), ("1e400", Fraction(10**400)),
    ],
)  # fmt: skip
def test_a_string_is_its_exact_decimal(text, value):
    assert number("z", text) == value


@pytest.mark.parametrize("value", [0.1, 1e300, -5e-324, 3, 2**53])
def test_a_bare_number_is_the_float_it_denotes(value):
    assert number("z", value) == Fraction(float(value))


def test_a_bare_integer_is_rounded_to_float64():
    assert number("z", 2**53 + 1) == 2**53
    assert number("z", str(2**53 + 1)) == 2**53 + 1


@pytest.mark.parametrize(
    "bad",
    [
        "", " ", "1e", "e5", ".", "+", "1..2", "1,5", "0x10", "1_000", "1/3", "nan", "inf",
        "Infinity", "-inf", "1e5.5", "1 2", "__import__('os')", "2**3", "1e123456", "1j", "one",
        True, False, None, [], [1], {}, {"a": 1},
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_number(bad):
    with pytest.raises(InputError) as caught:
        number("W0[1][0]", bad)
    assert caught.value.field == "W0[1][0]"
    assert caught.value.found == json.dumps(bad)
    assert "a number" in caught.value.expected


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), 10**400, -(10**400)])
def test_what_is_not_finite(bad):
    with pytest.raises(InputError) as caught:
        number("y", bad)
    assert caught.value.field == "y"
    assert "finite number" in caught.value.expected


def test_text_is_never_evaluated(tmp_path):
    trap = tmp_path / "trap"
    for text in (f"__import__('pathlib').Path({str(trap)!r}).touch()", f"$(touch {trap})"):
        assert refused(changed(gamma=text)).field == "gamma"
        assert refused(changed(W0=[[text, 1], [1, 1]])).field == "W0[0][0]"
    assert not trap.exists()


def test_a_long_text_is_shown_shortened():
    error = refused(changed(gamma="x" * 500))
    assert error.found.startswith('"xxxx')
    assert len(error.found) == 60


@pytest.mark.parametrize("network", ["relu", "cubic"])
def test_a_number_below_float64_is_not_zero(network):
    content = changed(u0=["1e-400", "1"], activation=network)
    with pytest.raises(InputError, match=r"u0: found a number so small that float64"):
        parse(content).floating()
    assert parse(changed(u0=["0", "1"], activation=network)).floating().u0[0] == 0


def test_strings_and_bare_numbers_differ_beyond_float64():
    exact, rounded = (
        solve(parse(changed(eta_u=z)), [Fraction(1, 2)], 30).output[0] for z in ("0.1", 0.1)
    )
    spelled = solve(
        parse(changed(eta_u=str(Fraction(0.1) * 10**55 // 1) + "e-55")), [Fraction(1, 2)], 30
    )
    assert spelled.output[0] == rounded  # the float64 0.1, written out
    difference = abs(Fraction(exact) - Fraction(rounded)) / abs(Fraction(exact))
    assert Fraction(1, 10**20) < difference < Fraction(1, 10**15)


# --- times -----------------------------------------------------------------------------------------


def test_times_are_exact_decimals():
    assert times("0, 0.1,1e-3 ,5") == [0, Fraction(1, 10), Fraction(1, 1000), 5]


@pytest.mark.parametrize(
    ("text", "entry", "found"),
    [("", 1, '""'), ("0,,1", 2, '""'), ("0,-1", 2, "-1"), ("inf", 1, "inf"), ("0,∞", 2, "∞"),
     ("0,nan", 2, '"nan"'),
     ("0;1", 1, '"0;1"'), ("0,1,abc", 3, '"abc"'), ("1e", 1, '"1e"')],
)  # fmt: skip
def test_times_that_are_none(text, entry, found):
    with pytest.raises(InputError) as caught:
        times(text)
    assert caught.value.field == f"--times, entry {entry}"
    assert caught.value.found == found
    assert ("beside them" in caught.value.expected) == (found in ("inf", "∞"))


def test_an_exponent_of_four_digits_is_a_number_all_the_same():
    for text in ("1e4000", "-.5E-99999"):
        assert "at most three digits" in refused(changed(y=text)).expected


# --- cases -----------------------------------------------------------------------------------------


def test_a_point_is_read_exactly():
    case = parse(POINT)
    tenth = Fraction(1, 10)
    assert (case.gamma, case.eta_u, case.eta_w) == (Fraction(1, 2), tenth, 2)
    assert (case.X, case.targets, case.is_set) == ([[1, Fraction(1, 2)]], [Fraction(-5, 4)], False)
    assert case.u0 == [Fraction(0.1), tenth]
    assert case.u0[0] != tenth
    assert [[Fraction(1, 1000), 2], [Fraction(1, 2), -7]] == case.W0


def test_a_set_is_read_exactly():
    case = parse(changed("x", "y", X=[["0.1", "0.2"], [-1, -2]], targets=["0.3", 4]))
    assert [[Fraction(1, 10), Fraction(1, 5)], [-1, -2]] == case.X
    assert (case.targets, case.is_set) == ([Fraction(3, 10), 4], True)


def test_a_file_is_read_exactly_and_relative_to_the_case(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "points.csv").write_text('0.1, 0.2,1e-1\n\n"-1",-2,.5\n')
    (tmp_path / "case.json").write_text(json.dumps(changed("x", "y", data="sub/points.csv")))
    case = load(tmp_path / "case.json")
    assert [[Fraction(1, 10), Fraction(1, 5)], [-1, -2]] == case.X
    assert (case.targets, case.is_set) == ([Fraction(1, 10), Fraction(1, 2)], True)


@pytest.mark.parametrize("kind", ["gaussian", "orthogonal", "near_orthogonal"])
def test_drawn_weights_are_those_of_the_seed(kind):
    case = parse(with_init(kind=kind))
    e = np.array([1.0, 0.5]) / np.sqrt(1.25)
    u, W = draw(kind, 3, e, 0.5, 0.25, 4)
    np.testing.assert_array_equal(case.u0, u)
    np.testing.assert_allclose(case.W0, W, rtol=4 * np.finfo(float).eps)
    assert case.exact().u0 == tuple(cases.rational(z) for z in u)


def test_defaults():
    case = parse(changed("u0", "W0", init={"kind": "gaussian", "width": "3"}))
    u, W = draw("gaussian", 3, np.array([1.0, 0.5]), 1.0, 1.0, 0)
    np.testing.assert_array_equal(case.u0, u)
    np.testing.assert_array_equal(case.W0, W)
    assert parse(changed(beta=1)) == parse(changed(beta="1.0")) == parse(POINT)


def test_the_floating_flow_has_the_numbers_of_the_case():
    flow = parse(POINT).floating()
    np.testing.assert_array_equal(flow.u0, [0.1, 0.1])
    np.testing.assert_array_equal(flow.W0, [[1e-3, 2], [0.5, -7]])
    output = 0.5 * (0.1 * (1e-3 + 2 * 0.5) + 0.1 * (0.5 - 7 * 0.5))
    assert flow.output(0) == pytest.approx(output, rel=1e-14)
    assert flow.residual(0) == pytest.approx(output + 1.25, rel=1e-14)


# --- refusals --------------------------------------------------------------------------------------

WRONG = {
    "not an object": ([1, 2], "case", "[1, 2]", "gamma"),
    "null": (None, "case", "null", "an object"),
    "text": ("gamma", "case", '"gamma"', "an object"),
    "unknown key": (changed(gama=1), "gama", "unknown key", "'gamma'"),
    "unknown key, other case": (changed(w0=1), "w0", "unknown key", "'W0'"),
    "unknown key, target": (changed(target=1), "target", "unknown key", "'targets'"),
    "unknown init key": (with_init(sigma=1), "init.sigma", "unknown key", "'sigma_"),
    "no gamma": (changed("gamma"), "gamma", "nothing", "key"),
    "no eta_w": (changed("eta_w"), "eta_w", "nothing", "key"),
    "gamma text": (changed(gamma="1e"), "gamma", '"1e"', "a number"),
    "gamma code": (changed(gamma="__import__('os')"), "gamma", "__import__", "a number"),
    "gamma true": (changed(gamma=True), "gamma", "true", "a number"),
    "gamma null": (changed(gamma=None), "gamma", "null", "a number"),
    "gamma NaN": (changed(gamma=float("nan")), "gamma", "NaN", "finite"),
    "gamma infinite": (changed(gamma=float("inf")), "gamma", "Infinity", "finite"),
    "eta_u zero": (changed(eta_u=0), "eta_u", "0", "positive"),
    "eta_u zero text": (changed(eta_u="0.0"), "eta_u", '"0.0"', "positive"),
    "eta_w negative": (changed(eta_w="-1e-9"), "eta_w", '"-1e-9"', "positive"),
    "beta 0": (changed(beta=0), "beta", "0", "a whole number from 1"),
    "beta 1.5": (changed(beta="1.5"), "beta", '"1.5"', "a whole number from 1"),
    "activation": (changed(activation="tan"), "activation", "tan", "perhaps"),
    "activation 1": (changed(activation=1), "activation", "1", "a name"),
    "both": (changed(activation="tanh", beta=2), "beta, activation", "both", "one of them"),
    "beta true": (changed(beta=True), "beta", "true", "a number"),
    "x a number": (changed(x=1), "x", "1", "a list"),
    "x empty": (changed(x=[]), "x", "[]", "a list"),
    "x text entry": (changed(x=[1, "two"]), "x[1]", '"two"', "a number"),
    "x nested": (changed(x=[[1, 2]]), "x[0]", "[1, 2]", "a number"),
    "x too long": (changed(x=[1, 2, 3]), "W0", "2 columns", "3"),
    "y missing": (changed("y"), "y", "nothing", "key"),
    "x missing": (changed("x"), "x", "nothing", "key"),
    "y a list": (changed(y=[1, 2]), "y", "[1, 2]", "one output"),
    "y no list": (changed(y=[]), "y", "[]", "a number"),
    "targets of two columns": (
        changed("x", "y", X=[[1, 2]], targets=[[1, 2]]), "targets", "[[1, 2]]", "one output",
    ),
    "u0 of two rows": (changed(u0=[[1, 2], [3, 4]]), "u0", "[[1, 2], [3, 4]]", "one output"),
    "W0 transposed": (changed(W0=[[1, 2]], u0=[1, 2], x=[1, 2]), "W0", "1 rows", "transposed"),
    "line_tolerance": (changed(line_tolerance=-1), "line_tolerance", "-1", "from 0 to 1"),
    "line_tolerance 1": (changed(line_tolerance=1), "line_tolerance", "1", "from 0 to 1"),
    "line_tolerance text": (changed(line_tolerance="x"), "line_tolerance", '"x"', "a number"),
    "no data": (changed("x", "y"), "data", "no data", "exactly one of"),
    "two forms": (changed(X=[[1, 2]], targets=[1]), "data", "a point and a data set", "one of"),
    "three forms": (changed(X=[[1, 2]], data="a.csv"), "data", "a data set and a file", "one of"),
    "X without targets": (changed("x", "y", X=[[1, 2]]), "targets", "nothing", "key"),
    "targets without X": (changed("x", "y", targets=[1]), "X", "nothing", "key"),
    "X flat": (changed("x", "y", X=[1, 2], targets=[1]), "X[0]", "1", "a list"),
    "X ragged": (
        changed("x", "y", X=[[1, 2], [3]], targets=[1, 2]), "X[1]", "1 numbers", "2",
    ),
    "too few targets": (
        changed("x", "y", X=[[1, 2], [2, 4]], targets=[1]), "targets", "1 numbers", "2",
    ),
    "data a number": (changed("x", "y", data=3), "data", "3", "CSV"),
    "u0 without W0": (changed("W0"), "W0", "nothing", "key"),
    "W0 without u0": (changed("u0"), "u0", "nothing", "key"),
    "u0 text": (changed(u0="0.1"), "u0", '"0.1"', "a list"),
    "W0 ragged": (changed(W0=[[1, 2], [3, 4, 5]]), "W0[1]", "3 numbers", "2"),
    "W0 NaN": (changed(W0=[[1, 2], [3, float("nan")]]), "W0[1][1]", "NaN", "finite"),
    "W0 a row too few": (changed(W0=[[1, 2]]), "W0", "1 rows", "2"),
    "W0 too narrow": (changed(W0=[[1], [2]]), "W0", "1 columns", "2"),
    "W0 empty rows": (changed(W0=[[], []]), "W0[0]", "[]", "a list"),
    "weights and init": (changed(init=INIT), "u0, W0, init", "both", "either"),
    "no weights": (changed("u0", "W0"), "u0, W0, init", "neither", "either"),
    "init a list": (changed("u0", "W0", init=[]), "init", "[]", "an object"),
    "init without kind": (changed("u0", "W0", init={"width": 2}), "init.kind", "nothing", "key"),
    "init without width": (
        changed("u0", "W0", init={"kind": "gaussian"}), "init.width", "nothing", "key",
    ),
    "unknown kind": (with_init(kind="normal"), "init.kind", '"normal"', "near_orthogonal"),
    "kind a number": (with_init(kind=1), "init.kind", "1", "gaussian"),
    "kind a list": (with_init(kind=["gaussian"]), "init.kind", '["gaussian"]', "gaussian"),
    "width zero": (with_init(width=0), "init.width", "0", "at least 1"),
    "width fraction": (with_init(width=2.5), "init.width", "2.5", "whole number"),
    "width text": (with_init(width="many"), "init.width", '"many"', "a number"),
    "width beyond memory": (with_init(width=10**15), "init.width", "1000000000000000", ""),
    "seed negative": (with_init(seed=-1), "init.seed", "-1", "at least 0"),
    "sigma_u negative": (with_init(sigma_u=-0.5), "init.sigma_u", "-0.5", "at least 0"),
    "sigma_w true": (with_init(sigma_w=True), "init.sigma_w", "true", "a number"),
    "sigma_w beyond float64": (with_init(sigma_w="1e400"), "init.sigma_w", '"1e400"', ""),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_bad_cases_name_field_finding_and_expectation(name):
    content, field, found, expected = WRONG[name]
    error = refused(content)
    assert error.field == field
    assert found in str(error.found)
    assert expected in error.expected


def test_an_unknown_key_with_a_line_break_stays_on_one_line():
    refused(changed(**{"gam\nma": 1}))


# --- files -----------------------------------------------------------------------------------------


def not_loaded(path):
    with pytest.raises(InputError) as caught:
        load(path)
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_missing_case(tmp_path):
    error = not_loaded(tmp_path / "none.json")
    assert error.field == str(tmp_path / "none.json")
    assert error.found == "No such file or directory"


def test_a_folder_is_no_case(tmp_path):
    assert not_loaded(tmp_path).found == "Is a directory"


@pytest.mark.parametrize(
    ("text", "field", "found"),
    [
        ("", "line 1 column 1", "Expecting value"),
        ('{"gamma": 1,\n "y": }', "line 2 column 7", "Expecting value"),
        ('{"gamma": 1', "line 1 column 12", "Expecting"),
        ("{'gamma': 1}", "line 1 column 2", "double quotes"),
        ('{"gamma": 1, "gamma": 2}', "gamma", "twice"),
        ('{"init": {"seed": 1, "seed": 1}}', "seed", "twice"),
        ("[" * 100_000, "", "nesting too deep"),
        ('{"gamma": NaN, "eta_u": 1, "eta_w": 1}', "gamma", "NaN"),
        ('{"gamma": -Infinity, "eta_u": 1, "eta_w": 1}', "gamma", "-Infinity"),
        ('{"gamma": 1e999, "eta_u": 1, "eta_w": 1}', "gamma", "Infinity"),
        pytest.param('{"gamma": ' + "1" * 5000 + "}", "", "", id="an integer of 5000 digits"),
    ],
    ids=lambda text: text[:24],
)
def test_broken_json(tmp_path, text, field, found):
    path = tmp_path / "case.json"
    path.write_text(text)
    error = not_loaded(path)
    assert field in error.field
    assert found in str(error.found)


def test_a_case_that_is_not_text(tmp_path):
    path = tmp_path / "case.json"
    path.write_bytes(b"\xff\xfe\x00{")
    assert not_loaded(path).found == "not UTF-8 text"


@pytest.mark.parametrize(
    ("text", "field", "found"),
    [
        ("1,2,3\n4,five,6\n", "line 2 column 2", '"five"'),
        ("x,z,y\n1,2,3\n", "line 1 column 1", '"x"'),
        ("1,2,3\n\n4,5,\n", "line 3 column 3", '""'),
        ("1,2,nan\n", "line 1 column 3", '"nan"'),
        ("1,2,3\n4,5\n", "line 2", "2 columns"),
        ("1,2,3\n4,5,6,7\n", "line 2", "4 columns"),
        ("1\n2\n", "", "no rows of two columns"),
        ("", "", "no rows of two columns"),
        ('1,2,3\n"1\n2",2,3\n', "column 1", '"1\\n2"'),
    ],
)
def test_broken_csv(tmp_path, text, field, found):
    path = tmp_path / "points.csv"
    path.write_text(text)
    error = refused(changed("x", "y", data="points.csv"), tmp_path)
    assert error.field.startswith(f"data ({path})")
    assert field in error.field
    assert found in str(error.found)


def test_a_missing_csv(tmp_path):
    error = refused(changed("x", "y", data="none.csv"), tmp_path)
    assert error.field == f"data ({tmp_path / 'none.csv'})"
    assert error.found == "No such file or directory"


def test_a_csv_that_is_not_text(tmp_path):
    (tmp_path / "points.csv").write_bytes(b"\xff,1\n")
    error = refused(changed("x", "y", data="points.csv"), tmp_path)
    assert "codec can't decode" in error.found


def test_a_csv_of_another_dimension_than_the_weights(tmp_path):
    (tmp_path / "points.csv").write_text("1,2,3,4\n")
    error = refused(changed("x", "y", data="points.csv"), tmp_path)
    assert (error.field, error.found) == ("W0", "2 columns")


def test_a_csv_path_with_odd_characters_stays_on_one_line(tmp_path):
    refused(changed("x", "y", data="a\nb.csv"), tmp_path)
    refused(changed("x", "y", data="a\0b.csv"), tmp_path)


@pytest.mark.parametrize(
    ("values", "field", "expected"),
    [
        ({"loss": "mse"}, "loss", "'square', perhaps"),
        ({"loss": 2}, "loss", 'a name, such as "logistic"'),
        ({"reduction": "max"}, "reduction", '"mean" or "sum"'),
        ({"criterion": "logistic"}, "criterion", "'loss'"),
    ],
)
def test_a_loss_that_is_none_is_refused(values, field, expected):
    error = refused(changed(**values))
    assert field in (error.field, error.found.strip("'\""))
    assert expected in error.expected


def test_a_loss_is_solved_and_its_residual_is_left_out_where_there_is_none():
    given = changed(activation="tanh", loss="logistic", y=1)
    found = solve(parse(given, Path()), times("0,1,1e100"))
    assert found.residual == [None, None, None]
    assert found.limit["kind"] == "unbounded"
    assert found.limit["loss"] == 0
    assert {found.limit[name] for name in ("u", "W", "output", "norm_u", "alignment")} == {None}
    # log(1 + e^(−f)) of its own output
    assert found.loss == pytest.approx(np.logaddexp(0, -np.array(found.output)), rel=1e-12)
    with pytest.raises(InputError, match="a power 1, 2 or 3: no other is closed"):
        solve(parse(given, Path()), times("1"), digits=20)


def test_half_the_square_of_a_linear_case_takes_twice_the_time():
    half = solve(parse(changed(loss="half_square"), Path()), times("0.2,2"))
    whole = solve(parse(POINT, Path()), times("0.1,1"))
    assert half.output == pytest.approx(whole.output, rel=1e-12)
    assert half.loss == pytest.approx(np.array(whole.loss) / 2, rel=1e-11)


def test_a_sum_is_as_many_means_as_there_are_points():
    data = {"X": [[1, 2], [-2, -4]], "targets": ["0.5", 1]}
    mean, total = (
        solve(parse(changed("x", "y", **data, reduction=one), Path()), times(t))
        for one, t in (("mean", "0.2,1"), ("sum", "0.1,0.5"))
    )
    assert total.output == pytest.approx(mean.output, rel=1e-11)
    assert total.loss == pytest.approx(2 * np.array(mean.loss), rel=1e-11)
