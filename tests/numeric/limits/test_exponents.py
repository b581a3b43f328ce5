"""Classification of scaling limits: presets, choices, what mends, and words."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.errors import InputError
from numeric.generated.scaling import linear
from numeric.generated.scaling.linear import NEVER
from numeric.limits.exponents import (
    FEATURE,
    FROZEN,
    KERNEL,
    MOVES,
    PRESETS,
    STABLE,
    STARTS,
    UNSTABLE,
    Scales,
    choose,
    classify,
    moved,
    preset,
    scales,
    stabilising,
)
from numeric.limits.words import advice, because, power, warnings

numbers = st.fractions(min_value=-4, max_value=4, max_denominator=6)
limits = st.builds(Scales, numbers.map(abs), *[numbers] * 5)
starts = st.sampled_from(sorted(STARTS))
HALF = Fraction(1, 2)

KNOWN = {  # stability, phase, and exponents known of these limits
    "ntk": (STABLE, KERNEL, {"kernel_change": -1, "movement_w": -HALF, "output_0": 0}),
    "mean-field": (FROZEN, FEATURE, {"t_c": 1, "kernel_change": 0, "output_0": -HALF}),
    "xavier": (STABLE, FEATURE, {"t_c": 0, "kernel_change": 0, "movement_u": 0}),
    "kaiming": (UNSTABLE, KERNEL, {"t_c": -1, "kernel_change": -2}),
    "lazy": (
        UNSTABLE,
        KERNEL,
        {"t_c": -2, "kernel_change": -2, "movement_w": -1, "output_0": NEVER},
    ),
    "mup": (STABLE, FEATURE, {"t_c": 0, "movement_u": 0, "movement_w": 0, "alignment": 0}),
    "torch-default": (UNSTABLE, KERNEL, {"t_c": -1}),
}


@pytest.mark.parametrize("name", PRESETS)
def test_presets(name):
    stability, phase, exponents = KNOWN[name]
    found = classify(PRESETS[name].scales, PRESETS[name].start)
    assert (found.stability, found.phase) == (stability, phase)
    for quantity, value in exponents.items():
        assert getattr(found.exponents, quantity) == value, quantity


def test_mup_is_mean_field_with_its_rate_in_other_units():
    # u → κ u, γ → γ/κ, η_u → κ² η_u: the same flow.
    mean_field = moved(PRESETS["mean-field"].scales, MOVES["both learning rates"], Fraction(1))
    other = PRESETS["mup"].scales
    difference = [a - b for a, b in zip(mean_field, other, strict=True)]
    assert difference == [0, -1, 2, 0, 2, 0]
    one, two = classify(mean_field), classify(other)
    for name in ("t_c", "kernel_change", "movement_u", "movement_w", "alignment", "output_0"):
        assert getattr(one.exponents, name) == getattr(two.exponents, name)


@given(given_=limits, start=starts, amounts=st.tuples(numbers, numbers))
def test_symmetries_change_nothing_observable(given_, start, amounts):
    there = given_
    for direction, amount in zip(linear.SYMMETRIES, amounts, strict=True):
        for name, weight in direction.items():
            there = moved(there, (name,), amount * weight)
    one, two = classify(given_, start), classify(there, start)
    assert (one.stability, one.phase) == (two.stability, two.phase)
    for name in ("t_c", "kernel_change", "movement_u", "movement_w", "alignment", "output_0", "R"):
        assert getattr(one.exponents, name) == getattr(two.exponents, name)


@given(given_=limits, start=starts, phase=st.sampled_from([FEATURE, KERNEL]))
def test_a_choice_leads_where_it_says(given_, start, phase):
    found, choice = classify(given_, start), choose(given_, start, phase)
    if choice is None:
        assert phase == KERNEL
        assert found.ratio >= 0
        return
    assert (choice.result.stability, choice.result.phase) == (STABLE, phase)
    there = moved(
        moved(given_, ("c_gamma",), choice.gamma), MOVES["both learning rates"], choice.eta
    )
    assert choice.result == classify(there, start)
    loud = found.exponents.output_0 > 0
    if (found.stability, found.phase) == (STABLE, phase) and not loud:
        assert choice.gamma == choice.eta == 0
    if choice.result.exponents.output_0 > 0:  # not avoidable: no c_γ is above the border and quiet
        assert phase == KERNEL
        assert given_.c_gamma - found.exponents.output_0 <= linear.border(given_)


@given(given_=limits, start=starts)
def test_without_a_choice_no_scale_and_rate_gives_the_kernel_phase(given_, start):
    if choose(given_, start, KERNEL) is not None:
        return
    for gamma in (-5, -1, 0, Fraction(1, 3), 2, 9):
        there = given_._replace(c_gamma=given_.c_gamma + gamma)
        assert classify(there, start).phase == FEATURE


@given(given_=limits)
def test_every_stabilising_move_is_stable_and_the_rates_always_are_one(given_):
    shifts = stabilising(given_)
    assert shifts["both learning rates"] == classify(given_).exponents.t_c
    for words, shift in shifts.items():
        assert classify(moved(given_, MOVES[words], shift)).stability == STABLE
        if shift != 0:  # and half of it is not enough
            assert classify(moved(given_, MOVES[words], shift / 2)).stability != STABLE


def test_exponents_are_exact():
    found = classify(scales(1, Fraction(-1, 3), Fraction(1, 7), 0))
    for name, value in found.exponents._asdict().items():
        assert isinstance(value, Fraction | int), name


@pytest.mark.parametrize(
    ("name", "words"),
    [("nkt", "'ntk', perhaps"), ("Xavier", "'xavier', perhaps"), ("zzz", "one of ntk, mean-field")],
)
def test_unknown_presets(name, words):
    with pytest.raises(InputError, match=words):
        preset(name)


def test_what_is_no_limit():
    with pytest.raises(InputError, match=r"c_d >= 0 fails.*add 1/2"):
        classify(scales(-HALF, 0, 0, 0))
    with pytest.raises(InputError, match="one of independent"):
        classify(scales(1, 0, 0, 0), "orthogonal")


def test_words():
    ntk = classify(PRESETS["ntk"].scales)
    said = because(ntk)
    assert "T2 = " in said
    assert "= 0; T2 wins: the initial weights" in said
    assert "P/Q - 1 ~ κ^(-1/2)" in said
    assert "K changes by κ^(-1) -> 0" in said
    assert warnings(ntk) == []
    assert "both tie" in because(classify(PRESETS["xavier"].scales))
    frozen = classify(scales(1, -2, 0, 0))
    assert "T1 wins" in because(frozen)
    assert "it is -2 < 0" in warnings(frozen)[0]
    (said,) = warnings(classify(PRESETS["mean-field"].scales))
    assert "multiply the output scale by κ^(1/2) (kernel phase)" in said
    assert "multiply both learning rates by κ to keep the phase (feature learning)" in said
    kaiming = classify(PRESETS["kaiming"].scales)
    assert "multiply the output scale by κ^(-1/2)" in warnings(kaiming)[0]
    assert "multiply both learning rates by κ^(-1)" in warnings(kaiming)[0]
    finite = classify(scales(0, 1, 0, 0, -2, -2))
    assert "diverges like κ" in warnings(finite)[0]
    assert (
        "Multiply the output scale by κ^(-1) and both learning rates by κ^(2)"
        in warnings(finite)[0]
    )
    assert "zero output" in advice(choose(finite.scales, "independent", KERNEL), finite, KERNEL)
    assert "does not tend to 1" in because(finite)
    assert advice(choose(ntk.scales, "independent", KERNEL), ntk, KERNEL).startswith("nothing")


def test_powers():
    assert [power(z) for z in (0, 1, Fraction(-1, 2), NEVER)] == ["1", "κ", "κ^(-1/2)", "0"]
