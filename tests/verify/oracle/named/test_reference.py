"""The oracle of the named models by itself: what descent tends to, kernels, passages, problems."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import torch

from verify.oracle.named import drawn_neurons
from verify.oracle.named.chain import Chain
from verify.oracle.named.descent import batch, descend, own
from verify.oracle.named.drawn import FAMILIES, problems
from verify.oracle.named.layers import Layers
from verify.oracle.named.neuron import Neuron
from verify.oracle.named.problem import kernel_distance, tangent_kernel
from verify.oracle.named.reference import build_reference
from verify.oracle.named.relu import Relu

F = Fraction


def test_descent_tends_to_the_exponential_of_one_factor():
    """a′ = −η (a − y)."""
    (case,) = build_reference([Chain("one", [Fraction(3)], [Fraction(1, 4)], Fraction(1))])
    value, error = case.weights["a"]
    exact = 1 + 2 * math.exp(-case.time / 4)
    assert abs(value[0] - exact) <= 2 * error[0] + 1e-14
    assert error[0] < 1e-9
    end, its_error = case.end["a"]
    assert abs(end[0] - 1) <= 4 * its_error + 1e-12


def test_a_passage_is_found_to_the_error_it_is_given():
    """From twice as short steps it is the same."""
    problem = Relu("one", Fraction(1), [Fraction(1), Fraction(1, 2)], [Fraction(-1), Fraction(-8)])
    (case,) = build_reference([problem], ends=False)
    times = {place: value for place, value in case.passes.items() if value is not None}
    assert set(times) >= {("v", 1)}
    time, error = times["v", 1]
    again = build_reference([problem], [2.0], ends=False)[0].passes["v", 1]
    assert error < 1e-7
    assert abs(time - again[0]) <= 4 * (error + again[1]) + 1e-12


def test_the_kernel_is_that_of_the_jacobian_written_out():
    (problem,) = [p for p in drawn_neurons.degenerate() if p.name == "more rows than inputs"]
    X, _ = problem.data().values()
    weights = problem.start()
    a, w = weights["a"][0], weights["w"]
    rows = torch.tensor(X)
    found = tangent_kernel(lambda at: at["a"] * (rows @ at["w"]), weights, problem.rates())
    expected = a * a / 4 * X @ X.T + np.outer(X @ w, X @ w)
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_the_distance_of_kernels_keeps_the_digits_of_a_small_one():
    one = np.eye(2)
    for angle in (1e-6, 0.3, 3.0):
        other = np.array([[math.cos(angle), math.sin(angle)], [0, math.cos(angle)]])
        cosine = 2 * math.cos(angle) / math.sqrt(2) / np.linalg.norm(other)
        found = kernel_distance(one, other)
        assert found == pytest.approx(1 - cosine, abs=1e-15, rel=1e-9)
    assert kernel_distance(one, np.array([[1, 1e-8], [0, 1]])) == pytest.approx(2.5e-17, rel=1e-9)
    assert math.isnan(kernel_distance(one, 0 * one))


def test_delta_is_what_the_name_says_to_28_decimals():
    for problem in drawn_neurons.degenerate():
        if problem.name.startswith("δ ="):
            delta = problem.eta_w * problem.a0**2 - problem.eta_a * sum(z * z for z in problem.w0)
            named = F(problem.name.removeprefix("δ = "))
            assert abs(delta - named) <= F(1, 10**18) * max(1, abs(named)), problem.name
            assert (delta == 0) == (named == 0)
    named = {p.name for p in drawn_neurons.degenerate()}
    assert {"δ = 1e-10", "δ = -1e-10", "δ = 1e+10", "δ = -1e+10", "δ = 0"} <= named


def test_lambda_is_isotropic_exactly():
    found = problems("deep_linear", 20, 1)
    exact = 0
    for p in found:
        if "off" in p.name:
            continue
        first, second = p.rate_pair
        h = range(len(p.W1))
        law = [[first * sum(row[i] * row[j] for row in p.W2)
                - second * sum(x * y for x, y in zip(p.W1[i], p.W1[j], strict=True)) for j in h]
               for i in h]  # fmt: skip
        if "λ" in p.name:
            exact += 1
            assert all(law[i][j] == (law[0][0] if i == j else 0) for i in h for j in h), p.name
            assert float(law[0][0]) == pytest.approx(float(p.name.split("λ = ")[1].split(",")[0]))
    assert exact >= 20


@pytest.mark.parametrize("model", FAMILIES)
def test_problems_are_those_of_the_seed(model):
    one, two, other = (problems(model, 3, seed) for seed in (5, 5, 6))
    assert one == two
    assert one != other
    assert {type(p) for p in one} <= {Neuron, Layers, Chain, Relu}
    assert all(p.model == model for p in one)


def test_padding_does_not_move_a_problem():
    """Beside larger ones a problem moves as it does alone."""
    for model in FAMILIES:
        some = problems(model, 4, 2)[-6:]
        steps = torch.tensor([1 / 16 / (p.pace() or 1) for p in some])
        path, _ = descend(batch(some), steps, 32)
        for k, problem in enumerate(some):
            alone, _ = descend(batch([problem]), steps[k : k + 1], 32)
            for name, value in own(problem, alone[-1], 0).items():
                np.testing.assert_allclose(
                    own(problem, path[-1], k)[name], value, rtol=1e-12, atol=1e-14
                )


def test_slow_descent_is_not_taken_for_one_that_rests():
    (slow,) = [p for p in drawn_neurons.degenerate() if p.name == "δ = -1e+08"]
    (quick,) = [p for p in drawn_neurons.degenerate() if p.name == "δ = 100"]
    cases = build_reference([slow, quick])
    assert [case.end is None for case in cases] == [True, False]


def test_a_slow_turn_beside_a_quick_fall_is_not_taken_for_rest():
    """λ = 1e6: the fit within the columns of W₂ takes 1e-6, their turn towards the target's 1e6.

    An exact rank says that nothing of the loss stays: there are as many hidden units as the target has.
    """
    (slow,) = [
        one for one in problems("deep_linear", 250, 11)
        if one.name == "drawn, λ = 1e+06, 2-2-3, rank 1"
    ]  # fmt: skip
    assert isinstance(slow, Layers)
    quick = replace(slow, W2=slow.W2[:2], target=slow.target[:2])
    ends = [one.end for one in build_reference([slow, quick])]
    assert [end is None for end in ends] == [True, False]
