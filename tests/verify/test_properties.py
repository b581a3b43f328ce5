"""The properties hold for networks that Hypothesis draws, and fail when the theory is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numeric.flow import GradientFlow
from verify import properties
from verify.problems import Problem, degenerate_problems, problems
from verify.properties import check
from verify.reference import build_reference

SEEDS = st.integers(0, 2**32 - 1)


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


def pinned(test):
    """Every degenerate problem as an explicit example, so that none depends on luck."""
    for problem in degenerate_problems():
        test = example([problem])(test)
    return test


@pinned
@settings(max_examples=15)
@given(st.lists(drawn_problems(), min_size=6, max_size=6))
def test_theory_agrees_with_simulated_descent(batch):
    reference = build_reference(batch, limits=False)
    wanted = [
        properties.agrees_with_descent,
        properties.starts_at_the_start,
        properties.keeps_its_digits,
        properties.composes,
        properties.ignores_the_order_of_neurons,
        properties.scales,
        properties.is_monotone,
        properties.approaches_its_limit,
        properties.drifts_exactly,
    ]
    for outcome in check(reference, properties=wanted):
        assert outcome.cases > 0, outcome
        assert outcome.worst <= 1, outcome


@pytest.fixture(scope="module")
def reference():
    return build_reference(problems(24, seed=11))


@pytest.mark.parametrize("one", properties.PROPERTIES, ids=lambda p: p.__name__)
def test_property_holds_on_random_and_degenerate_networks(reference, one):
    (outcome,) = check(reference, properties=[one])
    assert outcome.cases > 0
    assert outcome.worst <= 1, outcome


def test_descent_converges_for_most_problems(reference):
    # Saddles and double roots converge too slowly; if others did not either, the limit would go untested.
    converged = [
        problem.name for problem, z in zip(reference.problems, reference.limit, strict=True) if z
    ]
    assert len(converged) >= 0.8 * len(reference.problems)
    assert "Q = 0: parallel layers, reachable target" in converged


def test_extrapolation_is_sharp(reference):
    for problem, values in zip(reference.problems, reference.at_time, strict=True):
        value, error = values["u"]
        assert np.max(error) <= 1e-8 * (np.abs(value).max() + 1e-30), problem.name


class SlowFlow(GradientFlow):
    """A theory whose time runs 0.1 % too slow."""

    def state(self, t):
        return super().state(np.asarray(t) * 0.999)


class WrongClock(GradientFlow):
    """A theory that tells times 1e-5 too late."""

    def time_to_loss(self, loss):
        return super().time_to_loss(loss) * (1 + 1e-5)


class NoisyFlow(GradientFlow):
    """A theory that loses the digits beyond the tenth."""

    def residual(self, t):
        return super().residual(t) * (1 + 1e-11)


@pytest.mark.parametrize(
    ("wrong", "refuted_by"),
    [
        (SlowFlow, properties.agrees_with_descent),
        (SlowFlow, properties.has_order_one),
        (WrongClock, properties.tells_the_time),
        (NoisyFlow, properties.keeps_its_digits),
    ],
)
def test_a_wrong_theory_is_refuted(reference, wrong, refuted_by):
    (outcome,) = check(reference, wrong, [refuted_by])
    assert outcome.worst > 1, outcome


def test_a_property_without_cases_does_not_hold(reference):
    (outcome,) = check(reference, properties=[_nothing])
    assert not outcome.holds


def _nothing(reference, kind):
    return iter(())
