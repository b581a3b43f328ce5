"""Every network under every loss against descent that torch runs, on points and on data on a line."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest

from numeric import GradientFlow, catalogue
from verify.networks import degree, power
from verify.oracle.bends import has_a_bend
from verify.oracle.problem import Problem
from verify.oracle.problems import problems, with_loss
from verify.oracle.reference import build_reference
from verify.properties import descent, limit
from verify.properties.check import check, properties

NETWORKS, LOSSES = [*catalogue.names(), "power4"], catalogue.losses()
SHIPPED = [(n, l) for n, l in itertools.product(NETWORKS, LOSSES) if l != "square"]
FEW = random.Random(8).sample(SHIPPED, 6)
DRAWN, DRAWN_AT_BENDS = 3, 8  # problems of each kind: in some a neuron meets a bend of σ


def drawn(network, loss, points, reduction="mean"):
    """Small networks with data at a point, or on a line, or on a ray, or at one input."""
    generator = np.random.default_rng([*f"{network} {loss} {points}".encode()])
    found = []
    for _ in range(DRAWN_AT_BENDS if has_a_bend(network) else DRAWN):
        along = generator.uniform(0.4, 1.4, points) if degree(network) else np.ones(points)
        if power(network) and points > 1:
            along[0] *= -1
        problem = Problem(
            f"{points} points", 0.8 * generator.normal(size=3), 0.8 * generator.normal(size=(3, 2)),
            np.outer(along, generator.normal(size=2)), generator.normal(size=points),
            *(float(10 ** generator.uniform(-0.3, 0.3)) for _ in range(3)), network=network,
        )  # fmt: skip
        found.append(with_loss(problem, loss, reduction))
    return found


def agreement(network, loss):
    """The worst ratio of error to allowed error; points and sets were compared, each by itself."""
    pair = [*f"{network} {loss}".encode()]
    reduction = ("mean", "sum")[sum(pair) % 2]
    both = [one for points in (1, 4) for one in drawn(network, loss, points, reduction)]
    reference = build_reference(both, limits=False, balls=False)
    worst = []
    for name in ("1 points", "4 points"):
        cases = [case for case in reference.cases if case.problem.name == name]
        (outcome,) = check(replace(reference, cases=cases), wanted=[descent.agrees_with_descent])
        assert outcome.cases > 0, outcome
        worst.append(outcome.worst)
    return max(worst)


@pytest.mark.slow
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("network", NETWORKS)
def test_every_pair_agrees_with_descent(network, loss):
    assert agreement(network, loss) < 1


@pytest.mark.parametrize(("network", "loss"), FEW)
def test_a_few_pairs_agree_with_descent(network, loss):
    assert agreement(network, loss) < 1


@pytest.mark.parametrize(("network", "loss"), random.Random(3).sample(SHIPPED, 3))
@pytest.mark.slow
def test_a_few_pairs_have_all_properties(network, loss):
    outcomes = check(build_reference(problems(1, 4, network=network, loss=loss)))
    assert [outcome for outcome in outcomes if not outcome.holds] == []
    assert len(outcomes) == len(properties(network, loss))


def wrong(**altered):
    """Flows of another problem than the given one."""

    def make(problem):
        other = replace(problem, **altered)
        arguments, rates = other.arguments()
        kinds = {"loss": other.loss, "reduction": other.reduction}
        return GradientFlow(*arguments, **rates, **kinds, network=other.network)

    return make


@pytest.mark.parametrize(
    "altered", [{"loss": "exponential"}, {"reduction": "sum"}, {"eta_u": 1.01}]
)
@pytest.mark.parametrize("network", ["tanh", "linear"])
@pytest.mark.slow
def test_another_loss_reduction_or_rate_is_refuted(network, altered):
    reference = build_reference(drawn(network, "logistic", 4), limits=False, balls=False)
    assert check(reference, wanted=[descent.agrees_with_descent])[0].worst < 1
    (outcome,) = check(reference, wrong(**altered), [descent.agrees_with_descent])
    assert outcome.worst > 1e3


def test_a_limit_at_infinity_is_named_and_another_name_is_refuted():
    name = "width 1, input dimension 1"
    some = problems(0, 0, network="tanh", loss="logistic")
    reference = build_reference([one for one in some if one.name == name])
    (outcome,) = check(reference, wanted=[limit.names_its_limit])
    assert (outcome.cases, outcome.worst) == (1, 0.0)

    def misnamed(problem):
        flow = wrong()(problem)
        flow._ending = "target"
        return flow

    (outcome,) = check(reference, misnamed, [limit.names_its_limit])
    assert outcome.worst > 1


def test_problems_are_the_same_under_every_loss_but_for_the_targets():
    plain = problems(3, 7, network="cubic")
    for loss in LOSSES:
        other = problems(3, 7, network="cubic", loss=loss, reduction="sum")
        for one, two in zip(plain, other, strict=True):
            assert np.array_equal(one.W0, two.W0)
            assert (two.loss, two.reduction) == (loss, "sum")
            assert (one.gamma, one.eta_u, one.name) == (two.gamma, two.eta_u, two.name)
    assert [one.loss for one in plain] == ["square"] * len(plain)


def test_a_hinge_is_compared_before_it_arrives_and_what_meets_its_bend_is_counted():
    (problem,) = (p for p in problems(0, 0, network="tanh", loss="hinge")
                  if p.name == "width 1, input dimension 1")  # fmt: skip
    reference = build_reference([problem], balls=False)
    (case,) = reference.cases
    assert case.kinks == (False, True)
    assert 0 < case.time < 0.8 / case.rate
    (outcome,) = check(reference, wanted=[limit.ends_where_descent_ends])
    assert outcome.left_out == {descent.KINKS: 1}
    late = replace(reference, cases=[replace(case, kinks=(True, True))])
    (outcome,) = check(late, wanted=[descent.agrees_with_descent])
    assert (outcome.cases, outcome.left_out) == (0, {descent.KINKS: 1})
    assert not outcome.holds
