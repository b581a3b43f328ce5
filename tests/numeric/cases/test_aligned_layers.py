"""The case of aligned layers: floats and digits agree, and errors say what, where and what to do."""

from __future__ import annotations

from fractions import Fraction

import pytest

from numeric.cases import named
from numeric.cases.wanted import Wanted
from numeric.errors import InputError

CASE = {
    "model": "aligned_layers", "covariance": 2, "eta": [1, "0.5", 1],
    "weights": [[["0.6", "0.8"], ["-0.4", "0.3"]], [["0.5", 0], [0, 1]], [[1, 0], [0, "-0.5"]]],
    "target_map": [["1.2", "1.6"], ["0.8", "-0.6"]],
}  # fmt: skip
TIMES = [Fraction(0), Fraction(1, 2), Fraction(2)]


def test_floats_and_digits_agree():
    floats = named.parse(CASE).solve(TIMES, None).as_json()
    digits = named.parse(CASE).solve(TIMES, 20).as_json()
    assert floats.keys() == digits.keys()
    assert floats["method"] == digits["method"] == "closed form"
    assert digits["target_modes"] == ["2.0000000000000000000", "1.0000000000000000000"]
    for name in ("weights", "product", "loss", "modes", "limit", "t"):
        for one, two in zip(_leaves(floats[name]), _leaves(digits[name]), strict=True):
            assert one == pytest.approx(float(two), rel=1e-13, abs=1e-16)


def _leaves(tree):
    if isinstance(tree, dict):
        tree = list(tree.values())
    return [z for one in tree for z in _leaves(one)] if isinstance(tree, list) else [tree]


def test_two_layers_are_those_of_the_lift():
    mine = {
        "model": "aligned_layers", "covariance": 1, "eta": [1, 1], "target_map": CASE["target_map"],
        "weights": [[["0.6", "0.8"], ["-0.8", "0.6"]], [[1, 0], [0, 1]]],
    }  # fmt: skip
    other = {
        "model": "deep_linear", "covariance": 1, "eta_1": 1, "eta_2": 1,
        "W1": mine["weights"][0], "W2": mine["weights"][1], "target_map": CASE["target_map"],
    }  # fmt: skip
    one, lift = (named.parse(z).solve(TIMES, 20).as_json() for z in (mine, other))
    assert lift["method"] == "riccati"
    for name in ("product", "loss"):
        for a, b in zip(_leaves(one[name]), _leaves(lift[name]), strict=True):
            assert float(a) == pytest.approx(float(b), rel=1e-18, abs=1e-25)


def test_the_time_to_a_loss():
    loss = named.parse(CASE).solve([Fraction(1, 2)], None).columns["loss"][0]
    found = named.parse(CASE).solve(TIMES, None, Wanted(losses=(Fraction(loss), Fraction(10**6))))
    first, above = found.constants["time_to_loss"]
    assert first["time"] == pytest.approx(0.5, rel=1e-12)
    assert above["why"] == "above the loss at the start"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weights": []}, "weights: found .*; expected a list of matrices"),
        ({"weights": [[[1, 0], [0, 1]], [[1]]]}, r"weights\[1\]: found 1 columns; expected 2"),
        ({"eta": [1, 1]}, "eta: found 2 rates; expected 3"),
        ({"eta": [1, 0, 1]}, "eta: found 0; expected numbers above 0"),
        ({"covariance": -1}, "covariance: found -1"),
        ({"target_map": [[1, 2]]}, "target_map: found 1 × 2; expected 2 × 2"),
        ({"target_map": [[1, 2], [3, 4]]}, "weights: found .*; expected .*shared singular vectors"),
    ],
)
def test_errors_say_what_and_where(change, said):
    with pytest.raises(InputError, match=said):
        named.parse(CASE | change).solve(TIMES, None)


def test_digits_need_rational_singular_vectors():
    unit = [["0.1", 0], [0, "0.1"]]
    # Five layers are solved where they are balanced, which these are but for rounding.
    case = CASE | {"weights": [unit] * 5, "target_map": [[1, 1], [1, 2]], "eta": [1] * 5}
    assert named.parse(case).solve(TIMES, None).method == "closed form"
    with pytest.raises(InputError, match="--digits: found singular vectors that are not rational"):
        named.parse(case).solve(TIMES, 20)
    with pytest.raises(InputError, match="--since"):
        named.parse(case).solve(TIMES, None, Wanted(since=Fraction(1)))
