"""Every derived exponent against the slope of the closed form at κ = 10^30 … 10^40."""

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numeric.generated.scaling.linear import Scales
from numeric.limits.exponents import KERNEL, PRESETS, classify, scales
from verify.measurements import slopes
from verify.papers.xu_ziyin.table_one import TABLE

ALLOWED = 0.02
numbers = st.fractions(min_value=-4, max_value=4, max_denominator=4)
limits = st.builds(Scales, numbers.map(abs), *[numbers] * 5)
starts = st.sampled_from(["independent", "correlated", "zero-output"])
sizes = st.floats(0.2, 0.9)
draws = st.builds(
    slopes.Draw, st.floats(-0.9, 0.9), st.floats(-0.9, 0.9),
    sizes.flatmap(lambda z: st.sampled_from([z, -z])), sizes.flatmap(lambda z: st.sampled_from([z, -z])),
)  # fmt: skip
ORDINARY = slopes.Draw(0.3, -0.4, 0.7, -0.5)


def deviations(c, start, draw):
    """Measured minus derived, by name; 0 where both are −∞."""
    derived = classify(c, start).exponents
    measured = slopes.slopes(c, start, draw)
    assert measured.keys() == set(derived._fields) - {"A_P", "A_Q", "B", "sinh_s", "cosh_s"}
    return {
        name: 0.0 if value == getattr(derived, name) else value - float(getattr(derived, name))
        for name, value in measured.items()
    }


@settings(max_examples=25, deadline=None)
@given(c=limits, start=starts, draw=draws)
@example(c=scales(0, 1, 0, 0, -2, -2), start="independent", draw=ORDINARY)  # P/Q does not tend to 1
@example(c=scales(1, -3, 0, 0), start="independent", draw=ORDINARY)  # T₁ wins
@example(c=scales(1, 2, 1, 3), start="independent", draw=ORDINARY)  # the output diverges
@example(c=scales(1, 1, -1, -1, -2, -2), start="independent", draw=ORDINARY)  # Xavier⁻
@pytest.mark.slow
def test_exponents_are_slopes(c, start, draw):
    found = deviations(c, start, draw)
    assert max(map(abs, found.values())) <= ALLOWED, found


@pytest.mark.parametrize("name", PRESETS)
def test_presets(name):
    found = deviations(PRESETS[name].scales, PRESETS[name].start, ORDINARY)
    assert max(map(abs, found.values())) <= ALLOWED, found


@settings(max_examples=15, deadline=None)
@given(c=limits, start=starts, draw=draws)
def test_the_phase_is_that_of_definition_1(c, start, draw):
    found = classify(c, start)
    assert slopes.kernel_is_fixed(c, start, draw) == (found.phase == KERNEL)


@pytest.mark.parametrize("column", TABLE, ids=lambda column: column.name)
def test_both_chosen_phases_of_table_1(column):
    for (eta, gamma), kernel in ((column.plus, False), (column.minus, True)):
        c = column.at(eta, gamma)
        assert slopes.kernel_is_fixed(c, column.start, ORDINARY) == kernel
        assert abs(slopes.slopes(c, column.start, ORDINARY)["t_c"]) <= ALLOWED


def test_what_appendix_b4_predicts_of_the_movement_holds_for_ntk_alone():
    # δ = 1/2, 1, 2 for NTK, Xavier⁻, Kaiming⁻ from independent layers, ‖W − W(0)‖/‖W(0)‖ ~ κ^{−δ}.
    columns = {column.name: column for column in TABLE}
    measured = {
        name: -slopes.slopes(columns[name].at(*columns[name].minus), "independent", ORDINARY)[
            "movement_w"
        ]
        for name in ("NTK", "Xavier", "Kaiming")
    }
    derived = {
        name: -classify(columns[name].at(*columns[name].minus)).exponents.movement_w
        for name in measured
    }
    assert derived == {"NTK": Fraction(1, 2), "Xavier": Fraction(1, 2), "Kaiming": Fraction(3, 2)}
    for name, value in measured.items():
        assert value == pytest.approx(float(derived[name]), abs=ALLOWED)


def test_a_wrong_exponent_is_seen():
    c = PRESETS["ntk"].scales
    for field, by in (
        ("c_gamma", Fraction(1, 20)),
        ("c_u", Fraction(1, 10)),
        ("c_d", Fraction(1, 10)),
    ):
        other = c._replace(**{field: getattr(c, field) + by})
        derived, measured = classify(other).exponents, slopes.slopes(c, "independent", ORDINARY)
        worst = max(abs(value - float(getattr(derived, name))) for name, value in measured.items())
        assert worst > 2 * ALLOWED, field


def test_the_kernel_of_feature_learning_is_not_fixed_whatever_the_draw():
    for cosine in (-0.9, 0.2, 0.9):
        draw = dataclasses.replace(ORDINARY, cosine=cosine)
        assert not slopes.kernel_is_fixed(PRESETS["mup"].scales, "correlated", draw)
