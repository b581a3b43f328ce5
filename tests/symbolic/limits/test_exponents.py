"""Exponents of scaling limits: known limits, the generated module, and the statements about phases."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import Eq, Max, Rational

from numeric.generated.scaling import linear as generated
from symbolic import vocabulary as z
from symbolic.limits.exponents import Scaling
from symbolic.limits.initial_moments import Start
from symbolic.limits.phases import SCALES, Case, Phases
from symbolic.proof.equality import Proved, Refuted
from symbolic.proof.real_arithmetic import prove_implication

exponents = st.fractions(min_value=-4, max_value=4, max_denominator=6)
points = st.tuples(exponents.map(abs), *[exponents] * 5)


@pytest.mark.parametrize("kind", Start)
@given(point=points)
def test_the_generated_module_is_the_derivation(linear, kind, point):
    exact = {
        symbol: Rational(v.numerator, v.denominator)
        for symbol, v in zip(SCALES, point, strict=True)
    }
    derived = linear[Scaling].at(kind, exact)
    found = getattr(generated, kind.name.lower())(generated.Scales(*point))
    assert list(derived) == list(found._fields)
    for name, value in derived.items():
        one = getattr(found, name)
        assert one == (generated.NEVER if value == -sympy.oo else Fraction(value.p, value.q)), name
        assert one == generated.NEVER or isinstance(one, Fraction | int)


@pytest.mark.parametrize(
    "name", ["by_target", "by_weights", "stable_shift", "border", "feature_shift", "kernel_shift"]
)
@given(point=points)
def test_generated_borders_are_the_derived_ones(linear, name, point):
    exact = {
        symbol: Rational(v.numerator, v.denominator)
        for symbol, v in zip(SCALES, point, strict=True)
    }
    value = getattr(linear[Phases], name).xreplace(exact)
    assert getattr(generated, name)(generated.Scales(*point)) == Fraction(value.p, value.q)


def test_exponents_in_the_hyperparameters_alone(linear):
    # By hand: P is the mean of (√η_w u + √η_u ω)²/4, B = √(η_u η_w) γ ρ y.
    larger = Max(z.c_eta_u + z.c_w, z.c_eta_w + z.c_u)
    scaling = linear[Scaling]
    by_hand = {
        "P": larger,
        "B": z.c_gamma + (z.c_eta_u + z.c_eta_w) / 2,
        "kernel_0": 2 * z.c_gamma + z.c_d + larger,
        "output_0": z.c_gamma + z.c_d / 2 + (z.c_u + z.c_w) / 2,
        "alignment_0": -z.c_d / 2,
    }
    for name, value in by_hand.items():
        found = scaling.expanded(Start.INDEPENDENT, name)
        assert isinstance(prove_implication([], Eq(found, value)), Proved), name


def test_the_symmetries_are_two_rescalings_of_layers(linear):
    # u → κ^θ u with γ → κ^{-θ} γ and η_u → κ^{2θ} η_u leaves the flow as it is; the same for W.
    rows = [
        [direction[symbol] for symbol in (z.c_d, z.c_gamma, z.c_u, z.c_w, z.c_eta_u, z.c_eta_w)]
        for direction in linear[Phases].symmetries
    ]
    expected = sympy.Matrix([[0, -1, 2, 0, 2, 0], [0, -1, 0, 2, 0, 2]])
    assert sympy.Matrix(rows).rref()[0] == expected.rref()[0]


@pytest.mark.parametrize("kind", Start)
def test_what_is_false_about_phases_is_refuted(linear, kind):
    case = Case.of(linear[Scaling], kind)
    phases = linear[Phases]
    below = phases.by_target < phases.by_weights
    for given_, conclusion in (
        ([], case("kernel_change") < 0),
        ([case("kernel_change") < 0], Eq(case("R"), 0)),
        ([Eq(case("R"), 0)], case("kernel_change") < 0),
        ([below], case("alpha_minus_1") < -1),
        ([], Eq(case("movement_u"), case("movement_w"))),
    ):
        verdict = prove_implication([*case.facts(), *given_], conclusion)
        assert isinstance(verdict, Refuted)
    # Theorem 2 needs P/Q → 1, except where P = Q.
    alone = prove_implication([*case.facts(), below], case("kernel_change") < 0)
    assert isinstance(alone, Proved if kind is Start.ZERO_OUTPUT else Refuted)


def test_the_kernel_phase_of_independent_layers_needs_width_or_imbalance(linear):
    case = Case.of(linear[Scaling], Start.INDEPENDENT)
    finite, balanced = Eq(z.c_d, 0), Eq(z.c_u + z.c_eta_w, z.c_w + z.c_eta_u)
    never = prove_implication([*case.facts(), finite, balanced], case("kernel_change") >= 0)
    assert isinstance(never, Proved)
    for one in (finite, balanced):
        verdict = prove_implication([*case.facts(), one], case("kernel_change") >= 0)
        assert isinstance(verdict, Refuted)
