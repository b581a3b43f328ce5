"""Cases that name their model: answers, digits, and errors that say what, where and what to do."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp, mpf

from numeric.cases import named
from numeric.cases.wanted import Wanted
from numeric.errors import InputError
from verify.oracle.two_linear_layers import integrate

NEURON = {
    "model": "single_neuron", "X": [[1, 0], [0, 1]], "targets": [1, "0.5"], "a0": "-0.5",
    "w0": ["1.2", "-0.1"], "eta_a": 1, "eta_w": 2,
}  # fmt: skip
LAYERS = {
    "model": "deep_linear", "W1": [[1, 0], [0, 1]], "W2": [["1.2", "1.6"], ["-1.6", "1.2"]],
    "eta_1": 1, "eta_2": 1, "covariance": 2, "target_map": [[2, 1], [0, 1]],
}  # fmt: skip
TIMES = [Fraction(0), Fraction(1, 2), Fraction(2)]


def test_a_neuron_to_25_digits():
    found = named.parse(NEURON).solve(TIMES, 25).as_json()
    assert found["sign_change"].startswith("0.41507791507")
    with mp.workdps(40):
        unit = [[1, 0], [0, 1]]
        raw = integrate([["1.2", "-0.1"]], [["-0.5"]], unit, [[1, "0.5"]], (2, 1), TIMES, 30)
        for k, (first, second) in enumerate(raw):
            assert found["a"][k] == _text(second[0][0])
            assert found["w"][k] == [_text(z) for z in first[0]]
    assert found["method"] == "riccati"
    assert {
        "t",
        "a",
        "w",
        "mu",
        "phi",
        "loss",
        "residual",
        "kernel_distance",
        "delta",
        "limit",
    } <= set(found)


def _text(value: mpf) -> str:
    return mp.nstr(value, 25).removesuffix(".0")


def test_layers_to_25_digits():
    found = named.parse(LAYERS).solve(TIMES, 25).as_json()
    with mp.workdps(40):
        sigma, gamma = [[2, 0], [0, 2]], [[4, 2], [0, 2]]
        raw = integrate(LAYERS["W1"], LAYERS["W2"], sigma, gamma, (1, 1), TIMES, 32)
        for k, (first, second) in enumerate(raw):
            product = [
                [mp.fdot(row, column) for column in zip(*first, strict=True)] for row in second
            ]
            assert found["product"][k] == [[_text(z) for z in row] for row in product]
    assert found["lambda"] == "3"
    assert found["limit"]["product"] == [["2", "1"], ["0", "1"]]


def test_floats_and_digits_agree():
    for case in (NEURON, LAYERS):
        floats = named.parse(case).solve(TIMES, None).as_json()
        digits = named.parse(case).solve(TIMES, 20).as_json()
        assert floats.keys() == digits.keys()
        assert floats.pop("regime") == digits.pop("regime")
        for one, two in zip(_leaves(floats), _leaves(digits), strict=True):
            value = 0.0 if two.startswith("[") else float(two)
            assert one == pytest.approx(value, rel=1e-12, abs=1e-15)


def _leaves(tree):
    if isinstance(tree, dict):
        tree = [value for key, value in tree.items() if key != "method"]
    if isinstance(tree, list):
        return list(itertools.chain.from_iterable(map(_leaves, tree)))
    return [] if tree is None else [tree]


def test_a_zero_that_nobody_proved_is_shown_as_one():
    case = NEURON | {"X": [[1, 3]], "targets": [1]}
    found = named.parse(case).solve(TIMES, 10).as_json()
    assert found["kernel_distance"][2].startswith("[+/- ")


def test_moments_in_place_of_data():
    moments = {"gram": [[1, 0], [0, 1]], "cross": [1, "0.5"]}
    case = {k: v for k, v in NEURON.items() if k not in ("X", "targets")} | moments
    one, two = (named.parse(z).solve(TIMES, None).as_json() for z in (NEURON, case))
    assert one["a"] == two["a"]
    assert one["loss"] == pytest.approx(two["loss"])


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (NEURON | {"X": [[1, 2], [3, 1]]}, "off a multiple of a projector by 0.122"),
        (LAYERS | {"W2": [["1.2", "1.6"], ["-1.6", "1.3"]]}, "is not isotropic: -0.16 at"),
    ],
)
def test_what_is_not_solved_is_marched_and_says_so_and_has_no_digits(case, said):
    found = named.parse(case).solve(TIMES, None)
    assert found.method == "march"
    assert said in found.why
    if "W2" in case:
        assert found.limit == {}
    else:  # its end is found by the potential
        beta = found.limit["a"] * np.array(found.limit["w"])
        X = np.array(case["X"], dtype=float)
        target = np.array([float(z) for z in case["targets"]])
        assert np.allclose(X @ beta, target, rtol=1e-13)
    with pytest.raises(InputError, match=f"--digits: found .*{said}.*; expected"):
        named.parse(case).solve(TIMES, 20)


def test_floats_that_are_isotropic_but_for_rounding_are_solved_without_digits():
    case = LAYERS | {"W2": [[1.2, 1.6], [-1.6, 1.2000000000000002]]}
    assert named.parse(case).solve(TIMES, None).method == "riccati"
    with pytest.raises(InputError, match="isotropic only up to"):
        named.parse(case).solve(TIMES, 20)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"model": "single_neurone"}, "model.*'single_neuron', perhaps"),
        ({"model": 3}, "model: found 3"),
        (NEURON | {"a": 1}, "a: found an unknown key"),
        (NEURON | {"eta_a": 0}, "eta_a: found 0; expected a learning rate above 0"),
        (NEURON | {"w0": [1, 2, 3]}, "X: found 2 columns; expected 3"),
        (NEURON | {"targets": [1]}, "targets: found 1 numbers; expected 2"),
        (NEURON | {"gram": [[1]]}, "data: found both"),
        (NEURON | {"X": [[0, 0], [0, 0]]}, "inputs that are all 0"),
        ({k: v for k, v in NEURON.items() if k != "a0"}, "a0: found nothing"),
        (LAYERS | {"W2": [[1, 2, 3]]}, "W2: found 3 columns; expected 2"),
        (LAYERS | {"target_map": [[1, 2]]}, "target_map: found 1 × 2; expected 2 × 2"),
        (LAYERS | {"covariance": -1}, "covariance: found -1"),
    ],
)
def test_errors_say_what_and_where(case, said):
    with pytest.raises(InputError, match=said):
        named.parse(case)


def test_a_cross_that_no_data_have_is_refused():
    case = {k: v for k, v in NEURON.items() if k not in ("X", "targets")}
    with pytest.raises(InputError, match="cross: found a vector off the range of gram"):
        named.parse(case | {"gram": [[1, 0], [0, 0]], "cross": [1, 1]})
    with pytest.raises(InputError, match="gram: found no symmetric matrix"):
        named.parse(case | {"gram": [[1, 1], [0, 1]], "cross": [1, 1]})


@pytest.mark.parametrize("gram", [[[2, 0], [0, -1]], [[-1, 0], [0, -1]], [[0, 1], [1, 2]]])
def test_a_gram_that_no_data_have_is_refused(gram):
    """A direction in which the loss falls for ever is not marched along as if there were a least one."""
    case = {k: v for k, v in NEURON.items() if k not in ("X", "targets")}
    with pytest.raises(InputError, match="gram: found a matrix with the eigenvalue -"):
        named.parse(case | {"gram": gram, "cross": [1, 1]})


def test_a_cross_off_the_range_of_a_gram_that_is_not_white_is_refused():
    case = {k: v for k, v in NEURON.items() if k not in ("X", "targets")}
    gram = [[1, 0, 0], [0, 2, 0], [0, 0, 0]]
    with pytest.raises(InputError, match="cross: found a vector off the range of gram by 1"):
        named.parse(case | {"w0": [1, 1, 1], "gram": gram, "cross": [1, 1, 1]})
    named.parse(case | {"w0": [1, 1, 1], "gram": gram, "cross": [1, 1, 0]})


@pytest.mark.parametrize(("a0", "w0"), [("-0.3", ["0.1", "0.4", 1]), ("0.05", ["0.1", "-1.4", -1])])
def test_a_sign_that_changes_on_any_data_does_so_where_the_raw_equations_have_it(a0, w0):
    """And never where a begins on the side of its end."""
    X, y = [[1, 2, 0], [0, 1, 1]], [1, 3]
    case = {
        "model": "single_neuron",
        "X": X,
        "targets": y,
        "a0": a0,
        "w0": w0,
        "eta_a": 1,
        "eta_w": 2,
    }
    found = named.parse(case).solve([Fraction(0)], None)
    t = found.constants["sign_change"]
    gram = [[sum(row[i] * row[j] for row in X) for j in range(3)] for i in range(3)]
    cross = [[sum(row[j] * z for row, z in zip(X, y, strict=True)) for j in range(3)]]
    (_, a), *_ = integrate([w0], [[a0]], gram, cross, (2, 1), [t], 20)
    assert abs(a[0][0]) < 1e-8
    assert float(a0) * found.limit["a"] < 0
    away = case | {"a0": a0.removeprefix("-") if a0[0] == "-" else f"-{a0}"}
    flipped = named.parse(away | {"w0": [str(-float(z)) for z in w0]}).solve([Fraction(0)], None)
    assert flipped.constants["sign_change"] == pytest.approx(t, rel=1e-9)
    if a0[0] == "-":
        same = named.parse(case | {"a0": "0.3"}).solve([Fraction(0)], None)
        assert same.constants["sign_change"] is None


@pytest.mark.parametrize("digits", [None, 25])
def test_a_that_begins_at_zero_does_not_pass_it(digits):
    """Its two exponents cancel at t = 0 but for a rounding, which is no time."""
    found = named.parse(NEURON | {"a0": 0, "w0": ["0.423", "1.925"], "targets": ["0.5", "0.001"]})
    assert found.solve([Fraction(1)], digits).constants["sign_change"] is None


def test_a_gram_of_steep_data_is_one():
    """An eigenvalue of 1e-14 of the largest is no null space, and its part of cross is no rounding."""
    case = {k: v for k, v in NEURON.items() if k not in ("X", "targets")}
    steep = {"gram": [[1, 0], [0, "1e-14"]], "cross": [1, "1e-7"]}
    assert named.parse(case | steep).solve([Fraction(1)], None).method == "march"


def test_a_faint_input_with_a_target_is_not_taken_for_none():
    """Of size 1e-7: XᵀX is a projector but for 1e-14, yet w₂ goes on growing as 1e-7 a t."""
    case = named.parse(NEURON | {"X": [[1, 0], [0, "1e-7"]], "targets": [1, 1], "w0": [1, 0]})
    found = case.solve([Fraction(200), Fraction(400)], None)
    (_, first), (_, second) = found.columns["w"]
    a = found.columns["a"][1]
    assert found.method == "march"
    assert second - first == pytest.approx(2 * 1e-7 * a * 200, rel=1e-3)


def test_a_law_below_float64_is_zero_in_floats():
    case = named.parse(NEURON | {"a0": "1e-200", "w0": ["2e-200", 0]})
    assert case.solve([Fraction(0)], None).constants["delta"] == 0


def test_squares_beyond_float64_are_said_to_be():
    case = named.parse(NEURON | {"w0": ["1e200", 1]})
    with pytest.raises(InputError, match="a0, w0: found weights whose squares differ beyond"):
        case.solve([Fraction(0)], None)
    with pytest.raises(InputError, match="targets: found a number beyond float64"):
        named.parse(NEURON | {"targets": ["1e400", 1]})


def test_what_targets_no_weights_reach_is_part_of_the_loss():
    """Targets 1 and 3 of the same input: their mean is learned, the loss that stays is 1."""
    case = NEURON | {"X": [[1, 0], [1, 0]], "targets": [1, 3]}
    for digits in (None, 20):
        found = named.parse(case).solve([Fraction(0)], digits)
        assert float(found.limit["loss"]) == 1
        assert float(found.columns["loss"][0]) == pytest.approx(
            ((0.6 + 1) ** 2 + (0.6 + 3) ** 2) / 2
        )
    marched = named.parse(case | {"X": [[1, 0], [1, "1e-3"], [0, 0]], "targets": [1, 3, 2]})
    loss = ((0.6 + 1) ** 2 + (0.60005 + 3) ** 2 + 4) / 2
    assert marched.solve([Fraction(0)], None).columns["loss"][0] == pytest.approx(loss, rel=1e-3)


def test_default_times_end_where_the_loss_does_not_fall():
    saddle = NEURON | {"a0": 0, "w0": [1, -2]}
    bottleneck = LAYERS | {"W1": [[1, 1]], "W2": [["0.5"], ["0.1"]]}
    not_isotropic = LAYERS | {"W1": [[1, 1], [0, 0]], "W2": [[0, 0], [0, "0.1"]]}
    for case in (saddle, bottleneck, not_isotropic):
        one = named.parse(case)
        assert len(one.solve(one.default_times(), None).t) == 21


def test_default_times_show_the_fall():
    for case in (NEURON, LAYERS, NEURON | {"X": [[1, 2], [3, 1]]}):
        one = named.parse(case)
        found = one.solve(one.default_times(), None)
        assert len(found.t) == 21
        assert found.columns["loss"][-1] < 0.2 * found.columns["loss"][0]


def test_a_cosine_that_is_zero_at_a_saddle_is_0():
    """On the way to the saddle δ < 0, p = 0: w ends across β*; at rest there it is across for ever."""
    rest = NEURON | {"a0": 0, "w0": [1, -2]}
    found = named.parse(rest).solve(TIMES, 10)
    assert found.columns["phi"] == ["0", "0", "0"]
    assert found.limit["phi"] == "0"
    unit = [[int(i == j) for j in range(4)] for i in range(4)]
    # δ = −3, √(δ² + 4·2²) = 5: nothing of the growing mode (2, 1) in 1 of w along β*, a = −2.
    way = {
        "X": unit,
        "targets": ["1.2", "1.6", 0, 0],
        "a0": -2,
        "w0": [-1, 2, 1, 1],
        "eta_a": 1,
        "eta_w": 1,
    }
    saddle = named.parse(NEURON | way)
    found = saddle.solve([Fraction(1, 4)], 10)
    assert found.limit["phi"] == found.limit["a"] == "0"
    assert float(found.columns["phi"][0]) > 0.1
    assert saddle.solve([], None).limit["phi"] == 0
    beside = named.parse(NEURON | way | {"a0": "-1.99999999999999999999"}).solve([], 10)
    assert beside.limit["phi"] == "1"


def test_kernel_distance_is_from_any_time():
    """S is symmetric, 0 from a time to itself; from t = 0 it is what it is without being asked."""
    for case in (
        NEURON,
        LAYERS,
        NEURON | {"X": [[1, 2], [3, 1]]},
        LAYERS | {"W2": [[1, 2], [0, 1]]},
    ):
        one = named.parse(case)
        wanted = [Wanted(since=t) for t in (Fraction(1, 2), Fraction(0))]
        (back, own), (_, there) = (
            one.solve([Fraction(0), Fraction(1, 2)], None, z).columns["kernel_distance"]
            for z in wanted
        )
        assert back == pytest.approx(there, rel=1e-9)
        assert there > 1e-3
        assert own < 1e-20
        assert one.solve([Fraction(1, 2)], None).columns["kernel_distance"] == [there]


@pytest.mark.parametrize(
    ("change", "said"),
    [({"a0": 2}, "upstream"), ({}, "downstream"), ({"a0": "1.5", "w0": ["1.5", 0]}, "balanced"),
     ({"X": [[1, 0], [0, 2]], "a0": "1.5", "w0": ["1.5", 0]}, "balanced")],
)  # fmt: skip
def test_the_regime_is_said(change, said):
    case = NEURON | {"eta_w": 1} | change
    assert named.parse(case).solve([], None).constants["regime"] == said


def test_the_regime_is_that_of_what_the_data_see():
    """All of w off the one input: δ < 0, and δ of what moves is a²."""
    case = NEURON | {"X": [[1, 0]], "targets": [1], "a0": "0.1", "w0": [0, 5]}
    found = named.parse(case).solve([], 10)
    assert found.constants["regime"] == "upstream"
    assert found.constants["delta"].startswith("-")


def test_small_singular_values_have_their_digits():
    """W₂W₁ near a target of values 2 and 1e-30: floats have no digit of the small one."""
    tiny = LAYERS | {"target_map": [[2, 0], [0, "1e-30"]]}
    found = named.parse(tiny).solve([], 20).limit
    assert found["singular_values"] == ["2", "1e-30"]
    assert found["alignments"] == ["1", "1"]
    wide = {"W1": [[1, 0, 2]], "W2": [[1], [2]], "target_map": [[2, 1, 0], [0, 1, 3]]}
    assert named.parse(LAYERS | wide).solve(TIMES, 10).columns["singular_values"][1][1] == "0"


def test_alignments_with_no_vector_are_none():
    for digits in (None, 10):
        twice = named.parse(LAYERS | {"target_map": [[1, 0], [0, 1]]}).solve(TIMES, digits)
        assert twice.columns["alignments"] == [[None, None]] * 3
        rank_one = named.parse(LAYERS | {"target_map": [[1, 2], [2, 4]]}).solve(TIMES, digits)
        assert [row[1] for row in rank_one.columns["alignments"]] == [None] * 3
        assert float(rank_one.limit["alignments"][0]) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("model", ["chain", "relu_neuron"])
def test_models_without_a_kernel_distance_refuse_its_time(model):
    own = {"chain": {"eta": [1], "y": 1, "a0": [1]}, "relu_neuron": {"a0": 1, "v0": [1], "y": [1]}}
    case = named.parse({"model": model} | own[model])
    with pytest.raises(InputError, match="--since: found a case of"):
        case.solve(TIMES, None, Wanted(since=Fraction(1)))


def test_a_faint_input_is_not_cut_from_the_loss():
    """An input of size 1e-8 with the target 1: the loss has ½(1e-8 a w₂ − 1)² to every digit of it."""
    case = named.parse(
        NEURON | {"X": [[1, 0], [0, "1e-8"]], "targets": [0, 1], "a0": 1, "w0": [0, 3]}
    )
    found = case.solve([Fraction(0)], None)
    assert found.method == "march"
    assert found.columns["loss"] == pytest.approx([(3e-8 - 1) ** 2 / 2], rel=1e-12)
    assert found.columns["residual"][0][1] == pytest.approx(3 - 1e8, rel=1e-12)
