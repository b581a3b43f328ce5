"""The properties hold for networks that Hypothesis draws, and fail when the theory is wrong."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numeric import catalogue
from numeric.data import training
from numeric.methods.explicit.floats import ExplicitFlow
from numeric.methods.warp.floats import WarpedFlow
from verify.oracle.degenerate import degenerate_problems
from verify.oracle.problem import Problem
from verify.oracle.problems import problems
from verify.oracle.reference import build_reference
from verify.properties import check as properties
from verify.properties import descent, digits, laws, limit, neurons, symmetry
from verify.properties.check import check, first_violation
from verify.properties.flows import ByClass, ByNetwork, Remembered, build_flow
from verify.properties.outcome import LeftOut, TooSlowError, fold, within

SEEDS = st.integers(0, 2**32 - 1)
NETWORKS = [*catalogue.names(), "power4", "power5"]


def scales(decades=1.0):
    """Log-uniform positive numbers."""
    return st.floats(-decades, decades).map(lambda exponent: 10.0**exponent)


@st.composite
def drawn_problems(draw):
    """One network: shapes from 1, every scale log-uniform, either sign of γ and of the target."""
    d, d0, n = draw(st.integers(1, 6)), draw(st.integers(1, 5)), draw(st.integers(1, 5))
    generator = np.random.default_rng(draw(SEEDS))
    e = generator.standard_normal(d0)
    a = generator.standard_normal(n) * draw(scales(0.5)) / np.linalg.norm(e)
    return Problem(
        "drawn",
        generator.standard_normal(d) * draw(scales()),
        generator.standard_normal((d, d0)) * draw(scales()),
        np.outer(a, e),
        generator.standard_normal(n) * draw(scales()),
        draw(scales()) * draw(st.sampled_from([-1.0, 1.0])),
        draw(scales()),
        draw(scales()),
    )


def name_of(value):
    """Of a parameter, the same in every process."""
    return getattr(value, "__name__", str(value))


def pinned(test):
    """Every degenerate problem as an explicit example, so that none depends on luck."""
    for problem in degenerate_problems():
        test = example([problem])(test)
    return test


@pinned
@settings(max_examples=15)
@given(st.lists(drawn_problems(), min_size=6, max_size=6))
@pytest.mark.slow
def test_theory_agrees_with_simulated_descent(batch):
    reference = build_reference(batch, limits=False)
    wanted = [
        descent.agrees_with_descent,
        descent.starts_at_the_start,
        digits.keeps_its_digits,
        symmetry.composes,
        symmetry.scales,
        descent.is_monotone,
        limit.approaches_its_limit,
        laws.drifts_exactly,
    ]
    for outcome in check(reference, wanted=wanted):
        # Balls take only data that are exactly on a line, which rounding may all have taken off it.
        assert outcome.cases > 0 or set(outcome.left_out) == {"not tried with balls"}, outcome
        assert outcome.worst <= 1, outcome


@pytest.fixture(scope="module")
def reference():
    return build_reference(problems(24, seed=11))


@pytest.fixture(scope="module")
def cubic():
    return build_reference([p for p in problems(2, 3, network="cubic") if "small" not in p.name])


@pytest.mark.parametrize("one", properties.properties("linear"), ids=name_of)
def test_property_holds_on_random_and_degenerate_linear_networks(reference, one):
    (outcome,) = check(reference, wanted=[one])
    assert outcome.cases > 0
    assert outcome.worst <= 1, outcome


QUICK = {"cubic", "tanh", "relu"}  # the others are slow


@pytest.mark.parametrize(
    "name",
    [
        name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)
        for name in NETWORKS
        if name != "linear"
    ],
)
@pytest.mark.slow
def test_all_properties_hold_on_random_and_degenerate_networks(name):
    outcomes = check(build_reference(problems(2, seed=5, network=name)))
    assert [outcome for outcome in outcomes if not outcome.holds] == []


def test_every_property_is_one_of_some_network():
    used = {one for name in NETWORKS for one in properties.properties(name)}
    assert used == set(properties.ALL)


def test_descent_converges_for_most_problems(reference):
    # Saddles and double roots converge too slowly; if others did not either, the limit would go untested.
    converged = [case.problem.name for case in reference.cases if case.limit]
    assert len(converged) >= 0.8 * len(reference.cases)
    assert "Q = 0: parallel layers, reachable target" in converged


@pytest.mark.slow
def test_extrapolation_is_sharp(reference, cubic):
    for case in (*reference.cases, *cubic.cases):
        value, error = case.at_time["u"]
        assert np.max(error) <= 1e-8 * (np.abs(value).max() + 1e-30), case.problem.name


class SlowFlow(ExplicitFlow):
    """A theory whose time runs 0.1 % too slow."""

    def __init__(self, problem):
        super().__init__(problem)
        self.pace *= 0.999


class WrongClock(ExplicitFlow):
    """A theory that tells times 1e-5 too late."""

    def time_to_loss(self, loss):
        return super().time_to_loss(loss) * (1 + 1e-5)


class NoisyFlow(ExplicitFlow):
    """A theory that loses the digits beyond the tenth."""

    def residual(self, t):
        return super().residual(t) * (1 + 1e-11)


@pytest.mark.parametrize(
    ("wrong", "refuted_by"),
    [
        (SlowFlow, descent.agrees_with_descent),
        (SlowFlow, descent.has_order_one),
        (WrongClock, descent.tells_the_time),
        (NoisyFlow, digits.keeps_its_digits),
    ],
    ids=name_of,
)
def test_a_wrong_theory_is_refuted(reference, wrong, refuted_by):
    (outcome,) = check(reference, ByClass(wrong, catalogue.load("linear")), [refuted_by])
    assert outcome.worst > 1, outcome


class Altered(WarpedFlow):
    """A cubic network that is wrong in one way."""

    slowness, noise, named = 1.0, 0.0, None

    def _in_machine_code(self):
        return None  # what is altered is on panels

    def _places(self, t):
        return super()._places(t * self.slowness)

    def _located(self, t):
        # Without an equilibrium it asks for the places itself.
        places, size = super()._located(t if self._elapsed is None else t * self.slowness)
        return places, size * (1 + self.noise)

    @property
    def limit_kind(self):
        return self.named or super().limit_kind


def altered(**ways):
    def make(problem):
        kind = type("Wrong", (Altered,), ways)
        arguments, rates = problem.arguments()
        return kind(training.read(*arguments, network=problem.network, **rates))

    return make


@pytest.mark.parametrize(
    ("ways", "refuted_by"),
    [
        ({"slowness": 0.999}, descent.agrees_with_descent),
        ({"slowness": 0.999}, laws.clocks_agree),
        ({"noise": 1e-11}, digits.keeps_its_digits),
        ({"noise": 1e-6}, descent.starts_at_the_start),
        ({"named": "target"}, limit.names_its_limit),
        ({"named": "saddle"}, limit.names_its_limit),
    ],
    ids=name_of,
)
def test_a_wrong_cubic_theory_is_refuted(cubic, ways, refuted_by):
    (outcome,) = check(cubic, altered(**ways), [refuted_by])
    assert outcome.worst > 1, outcome


def with_function(name, **functions):
    """The network with functions of its module replaced, as a maker."""
    network = catalogue.load(name)
    module = ModuleType("wrong")
    module.__dict__.update(network.module.__dict__)
    for function, changed in functions.items():
        setattr(module, function, changed(getattr(network.module, function)))
    return ByNetwork(replace(network, module=module))


def larger(function):
    """The function's value, one in a million larger."""
    return lambda *arguments: function(*arguments) * (1 + 1e-6)


@pytest.mark.parametrize(
    ("function", "refuted_by"),
    [
        *((name, neurons.has_the_measured_field)
          for name in ("activation", "output", "velocity_u", "velocity_h", "kernel")),
        *((name, neurons.maps_its_neurons) for name in ("u_at", "h_at", "gain", "pole")),
        ("conserved", laws.keeps_its_laws),
    ],
    ids=name_of,
)  # fmt: skip
def test_a_wrong_evaluator_is_refuted(cubic, function, refuted_by):
    (outcome,) = check(cubic, with_function("cubic", **{function: larger}), [refuted_by])
    assert outcome.worst > 1, outcome


def test_a_wrong_orbit_is_refuted():
    swish = build_reference(problems(0, 0, network="swish")[:2], limits=False)
    wrong = with_function("swish", orbit_slope=larger)
    (outcome,) = check(swish, wrong, [laws.keeps_its_laws])
    assert outcome.worst > 1, outcome


def test_neurons_that_meet_a_bend_are_left_out_and_counted():
    crossing = [
        p for p in problems(0, 0, network="relu")
        if p.name in ("width 1, negative target", "width 1, input dimension 1")
    ]  # fmt: skip
    reference = build_reference(crossing)
    assert [case.bends[1] for case in reference.cases] == [False, True]
    (outcome,) = check(reference, wanted=[limit.ends_where_descent_ends])
    assert outcome.left_out == {descent.BENDS: 1}


def test_a_theory_that_raises_or_hangs_violates_the_property(cubic):
    def raising(problem):
        raise ZeroDivisionError("no flow")

    def hanging(problem):
        while True:
            pass

    one = [descent.agrees_with_descent]
    (outcome,) = check(cubic, raising, one)
    assert not outcome.holds
    assert "no flow" in outcome.where
    assert first_violation(cubic, raising, one).cause == "exception"
    assert first_violation(cubic, hanging, one, limit=0.2).cause == "time"


def test_a_limit_inside_a_limit_ends_first():
    with pytest.raises(TooSlowError, match=r"0\.05 s"), within(5), within(0.05):
        for _ in itertools.count():
            pass


def test_a_limit_is_of_the_processor_not_of_the_clock():
    with within(0.2):
        time.sleep(0.3)


def test_a_flow_is_made_once(cubic):
    made = []

    def make(problem):
        made.append(problem)
        return build_flow(problem)

    remembered, problem = Remembered(make), cubic.cases[0].problem
    assert remembered(problem) is remembered(problem)
    assert len(made) == 1


def test_what_is_left_out_is_no_case():
    outcome = fold("one", iter([LeftOut("dull"), LeftOut("dull"), ("here", 0.5)]))
    assert (outcome.cases, outcome.left_out, outcome.holds) == (1, {"dull": 2}, True)
    assert not fold("none", iter([LeftOut("dull")])).holds


def test_a_ratio_that_is_no_number_is_a_violation():
    outcome = fold("one", iter([("here", 0.5), ("there", float("nan"))]))
    assert (outcome.worst, outcome.where, outcome.holds) == (np.inf, "there", False)


@pytest.mark.slow
def test_a_property_without_cases_does_not_hold(reference):
    (outcome,) = check(reference, wanted=[_nothing])
    assert not outcome.holds


def _nothing(case, reference, make):
    return iter(())
