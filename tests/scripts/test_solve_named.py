"""`solve` of cases that name their model, as a user runs it."""

from __future__ import annotations

import importlib
import json
import re
from fractions import Fraction

import numpy as np
import pytest
from mpmath import mpf, nstr, workdps

from numeric.errors import InputError
from scripts import solve as command
from verify.oracle.kernel_distance import distance, kernel
from verify.oracle.two_linear_layers import integrate

LAYERS = {
    "model": "deep_linear", "W1": [[1, 0], [0, 1]], "W2": [["1.2", "1.6"], ["-1.6", "1.2"]],
    "eta_1": 1, "eta_2": 1, "covariance": 2, "target_map": [[2, 1], [0, 1]],
}  # fmt: skip
NEURON = {
    "model": "single_neuron", "X": [[1, 0], [0, 1]], "targets": [1, "0.5"], "a0": "-0.5",
    "w0": ["1.2", "-0.1"], "eta_a": 1, "eta_w": 2,
}  # fmt: skip


def test_tables_show_everything(solve):
    said = solve(NEURON, "--times", "0,1")
    for word in ("kernel_distance", "residual", "t = ∞", "delta = -0.95", "sign_change = 0.415"):
        assert word in said
    said = solve(LAYERS, "--times", "0,1")
    for word in ("product", "gram_in", "gram_out", "loss", "lambda = 3", "method: riccati"):
        assert word in said


def test_json_has_digits(solve):
    found = json.loads(solve(LAYERS, "--times", "0.5", "--digits", "25", "--json"))
    assert found["product"][0][0][0] == "1.995273946299188533902229"
    assert found["t"] == ["0.5"]


def test_march_says_so(solve):
    said = solve(NEURON | {"X": [[1, 2], [3, 1]]}, "--times", "0,1")
    assert "method: march (XᵀX is off a multiple of a projector" in said


def test_pictures_are_drawn(solve, tmp_path):
    for case in (NEURON, LAYERS, NEURON | {"X": [[1, 2], [3, 1]]}):
        picture = tmp_path / "drawn.svg"
        solve(case, "--plot", str(picture))
        assert "time" in picture.read_text()
        picture.unlink()


def test_bad_cases_are_refused(solve):
    with pytest.raises(InputError, match=r"model: found .*; expected 'deep_linear', perhaps"):
        solve({"model": "deep-linear"})


def test_help_has_every_model_and_its_keys():
    from numeric.cases import models

    said = command.arguments().format_help()
    for name in models.names():
        own = said.partition(f'  "{name}"')[2].partition('\n  "')[0]
        keys = importlib.import_module(f"{models.__name__}.{name}").KEYS
        assert [key for key in keys if not re.search(rf"\b{key}\b", own)] == []


def test_a_sign_that_changed_before_the_start_does_not_change():
    from numeric.cases.named import parse

    assert parse(NEURON).solve([Fraction(0)], None).constants["sign_change"] > 0
    case = parse(NEURON | {"a0": "0.1"})
    assert case.solve([Fraction(0)], None).constants["sign_change"] is None


def test_a_time_beyond_float64_has_digits_alone(solve):
    with pytest.raises(InputError, match="--times, entry 2: found a number beyond float64"):
        solve(NEURON, "--times", "0,1e400")
    found = json.loads(solve(NEURON, "--times", "1e400", "--digits", "10", "--json"))
    assert float(found["t"][0].removesuffix("e+400")) == 1


def test_a_relu_neuron_from_event_to_event(solve):
    case = {"model": "relu_neuron", "a0": "0.75", "v0": ["0.5", "1.25", 2], "y": [-2, -1, 1]}
    plain = json.loads(solve(case, "--times", "0,0.5,5", "--json"))
    precise = json.loads(solve(case, "--times", "0,0.5,5", "--json", "--digits", "20"))
    assert [one["input"] for one in plain["crossings"]] == [0, 1]
    for found, digits in zip(plain["crossings"], precise["crossings"], strict=True):
        assert found["time"] == pytest.approx(float(digits["time"]), rel=1e-14)
        assert len(digits["time"]) >= 18  # zeros at the end are not written
    assert plain["a"] == pytest.approx(list(map(float, precise["a"])), rel=1e-14)
    assert plain["v"][0] == [0.5, 1.25, 2]
    assert plain["v"][2][:2] == [0, 0]
    assert plain["limit"]["loss"] == pytest.approx((4 + 1) / 2)
    assert "crossings" in solve(case)
    with pytest.raises(InputError, match="y: found 1 targets; expected 2, one per entry of v0"):
        solve(case | {"v0": [1, 2], "y": [1]})


CHAIN = {"model": "chain", "a0": ["0.5", 1, "0.75"], "eta": [1, 2, 1], "y": 3}
RELU = {"model": "relu_neuron", "a0": "0.75", "v0": ["0.5", "1.25", 2], "y": [-2, -1, 1]}


@pytest.mark.parametrize(
    ("case", "goal"), [(NEURON, "1e-6"), (LAYERS, "1e-6"), (CHAIN, "1e-6"), (RELU, "2.75")]
)
def test_times_to_losses(solve, case, goal):
    """The state at the time that is said has the loss that was asked for."""
    asked = f"{goal},1e-99,100"
    plain = json.loads(solve(case, "--times", "1", "--to-loss", asked, "--json"))["time_to_loss"]
    precise = solve(case, "--times", "1", "--to-loss", asked, "--json", "--digits", "30")
    first, second, third = json.loads(precise)["time_to_loss"]
    assert float(first["loss"]) == plain[0]["loss"] == float(goal)
    assert plain[0]["time"] == pytest.approx(float(first["time"]), rel=1e-14)
    there = json.loads(solve(case, "--times", first["time"], "--json", "--digits", "25"))
    assert abs(Fraction(there["loss"][0]) / Fraction(goal) - 1) < Fraction(1, 10**23)
    never = case is RELU
    assert (second["time"] is None) == (second.get("why") == "never reached") == never
    assert third["time"] is None
    assert third["why"] == plain[2]["why"] == "above the loss at the start"


@pytest.mark.parametrize(
    "case",
    [
        NEURON | {"X": [[1, 2], [3, 1]]},
        LAYERS | {"W2": [["1.2", 1], ["-1.6", "1.3"]]},
        CHAIN | {"a0": [0.5, 1, 0.75, 2, 1], "eta": [1] * 5},
    ],
)
def test_times_to_losses_of_what_is_marched(solve, case):
    found = json.loads(solve(case, "--times", "1", "--to-loss", "0.1", "--json"))
    assert found["method"] == "march"
    (one,) = found["time_to_loss"]
    there = json.loads(solve(case, "--times", str(one["time"]), "--json"))
    assert there["loss"][0] == pytest.approx(0.1, rel=1e-7)


def test_times_to_losses_are_shown_in_the_table_and_bad_ones_refused(solve):
    said = solve(NEURON, "--times", "1", "--to-loss", "0.4,9")
    assert re.search(r"time_to_loss = \[loss 0.4, time 0.7740\d+; loss 9, time -, why above", said)
    for bad in ("-1", "x"):
        with pytest.raises(InputError, match="--to-loss, entry 2"):
            solve(NEURON, "--to-loss", f"1,{bad}")
    with pytest.raises(InputError, match="--to-loss, entry 1: found a number so small"):
        solve(NEURON, "--to-loss", "1e-400")


def test_the_first_network_has_times_to_losses_in_floats(solve):
    case = {
        "x": [1, 2],
        "y": 1,
        "u0": [0.3],
        "W0": [[0.1, 0.2]],
        "gamma": 1,
        "eta_u": 1,
        "eta_w": 1,
    }
    (one,) = json.loads(solve(case, "--to-loss", "1e-3", "--json"))["time_to_loss"]
    there = json.loads(solve(case, "--times", str(one["time"]), "--json"))
    assert there["loss"][0] == pytest.approx(1e-3, rel=1e-12)
    assert "time to loss 0.001 = " in solve(case, "--to-loss", "1e-3")
    with pytest.raises(InputError, match="--to-loss: found --digits beside it"):
        solve(case, "--to-loss", "1e-3", "--digits", "10")


def test_weights_of_wide_networks_where_hidden_units_turn(solve):
    found = json.loads(solve(LAYERS, "--times", "0,0.5", "--weights", "--json"))
    assert found["weights"] == "march"
    assert found["limit"]["W1"] is None
    W1, W2 = (np.array(found[name]) for name in ("W1", "W2"))
    np.testing.assert_allclose(W2 @ W1, found["product"], rtol=0, atol=1e-14)
    raw = integrate(
        LAYERS["W1"], LAYERS["W2"], [[2, 0], [0, 2]], [[4, 2], [0, 2]], (1, 1), ["0.5"], 20
    )
    for marched, exact in zip((W1, W2), raw[0], strict=True):
        np.testing.assert_allclose(
            marched[1], [[float(z) for z in row] for row in exact], atol=1e-12
        )
    assert "weights = march" in solve(LAYERS, "--times", "1", "--weights")
    assert "W1" not in json.loads(solve(LAYERS, "--times", "1", "--json"))
    with pytest.raises(InputError, match="--weights: found hidden units that turn, with --digits"):
        solve(LAYERS, "--weights", "--digits", "5")


def test_weights_of_wide_networks_where_they_are_closed(solve):
    aligned = LAYERS | {
        "W1": [[1, 0], [0, 4]],
        "W2": [[7, 0], [0, 8]],
        "target_map": [[2, 0], [0, 1]],
    }
    found = json.loads(solve(aligned, "--times", "0,0.25", "--weights", "--json", "--digits", "20"))
    assert found["weights"] == "closed form"
    raw = integrate(
        aligned["W1"], aligned["W2"], [[2, 0], [0, 2]], [[4, 0], [0, 2]], (1, 1), ["0.25"], 25
    )
    for name, exact in zip(("W1", "W2"), raw[0], strict=True):
        for row, known in zip(found[name][1], exact, strict=True):
            assert all(
                abs(float(Fraction(z) - Fraction(nstr(y, 30)))) < 1e-19
                for z, y in zip(row, known, strict=True)
            )
    plain = json.loads(solve(aligned, "--times", "0,0.25", "--weights", "--json"))
    np.testing.assert_allclose(plain["W2"], np.array(found["W2"], dtype=float), rtol=1e-14)
    product = np.array(plain["limit"]["W2"]) @ np.array(plain["limit"]["W1"])
    np.testing.assert_allclose(product, [[2, 0], [0, 1]], atol=1e-14)
    off = LAYERS | {"W2": [["1.2", 1], ["-1.6", "1.3"]]}
    marched = json.loads(solve(off, "--times", "1", "--weights", "--json"))
    np.testing.assert_allclose(
        np.array(marched["W2"]) @ marched["W1"], marched["product"], atol=1e-13
    )


@pytest.mark.parametrize(("case", "names"), [(NEURON, "aw"), (CHAIN, "a"), (RELU, "av")])
def test_no_weights_leaves_those_out_that_are_observables(solve, case, names):
    every = json.loads(solve(case, "--times", "1", "--json", "--weights"))
    fewer = json.loads(solve(case, "--times", "1", "--json", "--no-weights"))
    assert every.keys() - fewer.keys() == set(names)
    assert every["limit"].keys() - fewer["limit"].keys() == set(names)
    assert every == json.loads(solve(case, "--times", "1", "--json"))


def test_the_limit_alone_has_digits_on_any_data(solve):
    """Against the raw flow at t = 60, where it has come to its end by 1e-25."""
    case = NEURON | {"X": [[1, 2], [3, 1]], "targets": [2, 3]}
    found = json.loads(solve(case, "--limit", "--digits", "24", "--json"))
    assert (found["t"], found["a"], found["method"]) == ([], [], "potential")
    assert found["sign_certified"] is False  # a(0) < 0 < a(∞)
    gram, cross = [[10, 5], [5, 5]], [[11, 7]]
    with workdps(40):
        raw = integrate([["1.2", "-0.1"]], [["-0.5"]], gram, cross, (2, 1), [0, 60], 28)
        (((start,), ((a0,),)), ((w,), ((a,),))) = raw
        known = [a, *w]
        said = [mpf(z) for z in (found["limit"]["a"], *found["limit"]["w"])]
        assert all(abs(x - y) < mpf(10) ** -22 for x, y in zip(said, known, strict=True))
        inputs = [[1, 2], [3, 1]]
        S = distance(*(kernel([[v], [[p]]], (2, 1), inputs) for p, v in ((a0, start), (a, w))))
        assert abs(mpf(found["limit"]["kernel_distance"]) - S) < mpf(10) ** -21
    assert found["limit"]["loss"] == "0"
    assert found["limit"]["residual"] == ["0", "0"]
    with pytest.raises(InputError, match="or --limit alone"):
        solve(case, "--times", "1", "--digits", "5")
    with pytest.raises(InputError, match="--limit: found --times beside it"):
        solve(case, "--times", "1", "--limit")


@pytest.mark.parametrize("digits", [(), ("--digits", "12")])
def test_a_limit_at_rest_has_its_own_residual_and_loss(solve, digits):
    """Of a = 0 and no pull: nothing moves, whatever the data."""
    case = NEURON | {"X": [[1, 0], [0, 2]], "targets": [1, 0], "a0": 0, "w0": [0, 3]}
    end = json.loads(solve(case, "--limit", "--json", *digits))["limit"]
    assert [float(z) for z in end["residual"]] == [-1, 0]
    assert float(end["loss"]) == 0.5


@pytest.mark.parametrize("case", [NEURON, LAYERS, CHAIN, RELU])
def test_the_limit_alone_is_that_beside_times(solve, case):
    alone = json.loads(solve(case, "--limit", "--json"))
    assert alone["t"] == []
    assert alone["limit"] == json.loads(solve(case, "--times", "1", "--json"))["limit"]
    assert "∞" in solve(case, "--limit")


def test_times_before_two_flows_go_on_are_answered(solve):
    case = {"model": "relu_neuron", "a0": "0.5", "v0": ["0.015625", 2], "y": [-2, -3]}
    found = json.loads(solve(case, "--times", "0,0.05", "--json"))
    assert found["limit"] == {}
    assert re.match(
        r"two flows go on: a passes 0 at t = 0\.\d+ with v of input 0 at 0", found["why"]
    )
    assert found["a"][1] < 0.5
    assert len(json.loads(solve(case, "--json"))["t"]) == 21
    with pytest.raises(InputError, match=r"a passes 0 at t = 0\.\d+ with v of input 0 at 0"):
        solve(case, "--times", "0,1")


def test_numbers_whose_products_leave_float64_are_said_to(solve):
    """And are no error of the program."""
    case = LAYERS | {"W1": [["1e200"], [1]], "W2": [["1e200", 3]], "target_map": [[1]]}
    with pytest.raises(InputError, match="the case: found numbers whose products leave float64"):
        solve(case, "--times", "0,1")
    tiny = LAYERS | {"W2": [["1.2e-80", "1.6e-80"], ["-1.6e-80", "1.2e-80"]]}
    assert '"riccati"' in solve(tiny, "--times", "0,1", "--json")
