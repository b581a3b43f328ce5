"""Named models under descent: the properties hold, and each of them is seen to fail."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.oracle.named.drawn import FAMILIES, problems
from verify.oracle.named.reference import build_reference
from verify.properties.named import (
    agreement,
    check,
    clocks,
    ends,
    equations,
    laws,
    series,
    symmetry,
)
from verify.properties.named.theory import build_theory

MODELS = list(FAMILIES)
QUICK = [one for _, one in check.NEEDS if one not in check.SLOW]
FEW = {
    "single_neuron": ("δ = 100", "δ = -100", "δ = 0", "a changes sign", "a rank-one projector",
                      "any data, interpolates", "on the way to a saddle"),
    "deep_linear": ("λ = -1", "λ = 0", "bottleneck", "off every leaf"),
    "chain": ("a start at 0", "product of the other sign", "balanced, depth 3, below",
              "balanced, depth 4, away", "a saddle ahead"),
    "relu_neuron": ("two inputs leave", "a = 0", "an inactive input that rests"),
}  # fmt: skip


class Made(dict):
    """References by model."""

    def __missing__(self, model):
        few = [p for p in problems(model, 0, 0) if p.name in FEW[model]]
        return self.setdefault(model, build_reference(few))


@pytest.fixture(scope="module")
def references():
    """A few problems of each model, with their ends; made when they are asked for."""
    return Made()


@pytest.mark.parametrize("model", MODELS)
def test_all_properties_hold_on_a_few_problems(model, references):
    cases = references[model]
    assert {case.problem.name for case in cases} == set(FEW[model])
    outcomes = check.check(cases)
    assert len(outcomes) >= 11
    assert [one for one in outcomes if not one.holds] == []


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_quick_properties_hold_on_every_degenerate_problem(model):
    cases = build_reference(problems(model, 0, 0), ends=False)
    wanted = [one for one in check.properties(cases) if one in QUICK]
    outcomes = check.check(
        cases, wanted=[one for one in wanted if one is not ends.ends_where_descent_ends]
    )
    assert [one for one in outcomes if not one.holds] == []


@settings(max_examples=3, deadline=None)
@given(st.sampled_from(MODELS), st.integers(0, 2**32 - 1))
def test_quick_properties_hold_on_drawn_problems(model, seed):
    drawn = [p for p in problems(model, 3, seed) if p.name.startswith("drawn")]
    cases = build_reference(drawn, ends=False)
    for outcome in check.check(cases, wanted=[o for o in check.properties(cases) if o in QUICK]):
        assert outcome.worst <= 1, outcome  # that nothing was compared is said, and no error


class Wrong:
    """A theory that is wrong in one way."""

    def __init__(self, theory, **ways):
        self._theory, self._ways = theory, ways

    def __getattr__(self, name):
        found = getattr(self._theory, name)
        return (lambda *given: self._ways[name](found, *given)) if name in self._ways else found


def wrong(**ways):
    return lambda problem: Wrong(build_theory(problem), **ways)


def later(found, t):
    """A clock that is a millionth fast."""
    return found(t * (1 + 1e-6))


def much_later(found, t):
    """One that is 0.1 % fast."""
    return found(t * 1.001)


def larger(found, t):
    """A state that is off by a millionth of itself."""
    return {name: value * (1 + 1e-6) for name, value in found(t).items()}


def shifted(found, t):
    """Off by 1e-9 of itself, and at 0 by as much."""
    return {name: value * (1 + 1e-9) + 1e-9 for name, value in found(t).items()}


def slipping(found, t):
    """Right at the start of a flow only: what is begun anew goes on otherwise."""
    return {name: value * (1 + 1e-7 * t) for name, value in found(t).items()}


def scaled(found, weights):
    """Another law: the first weight counts a little more."""
    first = next(iter(weights))
    changed = weights[first].copy()
    changed.reshape(-1)[0] *= 1 + 1e-6
    return found(weights | {first: changed})


def rising(found, t):
    """A loss that rises."""
    return found(t) | {"loss": -found(t)["loss"]}


def digits_late(found, t, digits):
    return found(t * (1 + Fraction(1, 10**12)), digits)


def slow_digits(found, t, digits):
    return found(t * Fraction(999, 1000), digits)


def ended_elsewhere(found):
    return {name: value * (1 + 1e-4) for name, value in found().items()}


def ended_close_by(found):
    return {name: value * (1 + 1e-6) for name, value in found().items()}


def passing_late(found):
    return {place: None if t is None else t * (1 + 1e-6) for place, t in found().items()}


def never_passing(found):
    return dict.fromkeys(found())


def unlike(found):
    return "elsewhere"


def off(found, *given):
    return None if found(*given) is None else found(*given) * (1 + 1e-6)


@pytest.mark.parametrize(
    ("model", "ways", "refuted_by"),
    [
        *((model, {"observables": later}, agreement.agrees_with_descent) for model in MODELS),
        *((model, {"observables": larger}, agreement.agrees_with_descent) for model in MODELS),
        *((model, {"observables": much_later}, agreement.has_order_one) for model in MODELS),
        *((model, {"observables": shifted}, agreement.starts_at_the_start) for model in MODELS),
        *((model, {"observables": rising}, ends.falls) for model in MODELS),
        *((model, {"observables": slipping}, symmetry.composes) for model in MODELS),
        *((model, {"laws": scaled}, laws.drifts_exactly) for model in MODELS),
        *((model, {"laws": scaled}, laws.keeps_its_laws) for model in MODELS),
        *((model, {"limit": ended_elsewhere}, ends.ends_where_descent_ends)
          for model in MODELS),
        *((model, {"limit": ended_close_by}, ends.tends_to_its_limit) for model in MODELS),
        *((model, {"digits": slow_digits}, equations.solves_its_equations) for model in MODELS),
        *((model, {"digits": digits_late}, series.keeps_its_digits) for model in MODELS),
        ("single_neuron", {"law": off}, laws.keeps_its_own_laws),
        ("chain", {"law": off}, laws.keeps_its_own_laws),
        ("single_neuron", {"passes": passing_late}, agreement.passes_zero),
        ("single_neuron", {"passes": never_passing}, agreement.passes_zero),
        ("relu_neuron", {"passes": passing_late}, agreement.passes_zero),
        ("relu_neuron", {"passes": never_passing}, agreement.passes_zero),
        ("single_neuron", {"time_to": off}, agreement.tells_the_time),
        ("chain", {"time_to": off}, agreement.tells_the_time),
        ("single_neuron", {"regime": unlike}, ends.names_what_happens),
        ("chain", {"regime": unlike}, ends.names_what_happens),
    ],
    ids=lambda value: getattr(value, "__name__", str(value).split(" ")[0]),
)  # fmt: skip
def test_a_wrong_theory_is_refuted(model, ways, refuted_by, references):
    found = check.first_violation(references[model], wrong(**ways), [refuted_by], limit=None)
    assert found is not None
    assert found.cause == "property"


@pytest.mark.parametrize("model", MODELS)
def test_a_theory_that_breaks_a_symmetry_is_refuted(model, references):
    def lopsided(problem):
        """Off only where a rate or a weight is not the original's."""
        known = {id(case.problem) for case in references[model]}
        return build_theory(problem) if id(problem) in known else wrong(observables=later)(problem)

    found = check.first_violation(references[model], lopsided, [symmetry.commutes], limit=None)
    assert found is not None
    assert found.cause == "property"


def test_a_wrong_form_of_a_clock_is_refuted(references, monkeypatch):
    right = clocks.forms.balanced_3_toward
    monkeypatch.setattr(
        clocks.forms, "balanced_3_toward", lambda v, gap: right(v, gap) * (1 + 1e-6)
    )
    (outcome,) = check.check(references["chain"], wanted=[clocks.clocks_agree])
    assert outcome.worst > 1
    assert "depth 3, toward" in outcome.where


def test_a_theory_that_raises_violates_what_asked_it(references):
    def raising(problem):
        raise ZeroDivisionError("no flow")

    found = check.first_violation(references["chain"], raising)
    assert (found.cause, "no flow" in found.where) == ("exception", True)


def test_the_drift_of_delta_is_the_closed_one(references):
    """h² η_aη_w (η_a (∂_aL)² − η_w‖∂_wL‖²), with gradients written out."""
    for case in references["single_neuron"]:
        problem = case.problem
        X, y = problem.data().values()
        h, rates = case.time / len(case.steps), (float(problem.eta_a), float(problem.eta_w))
        before, moved, _ = case.steps[0]
        force = X.T @ (X @ (before["a"] * before["w"]) - y)
        by_a, by_w = before["w"] @ force, before["a"] * force
        expected = h**2 * rates[0] * rates[1] * (rates[0] * by_a**2 - rates[1] * by_w @ by_w)
        value, size = build_theory(problem).laws(moved)
        assert abs(value - expected) <= 1e-13 * size + 1e-300, problem.name


def test_the_drift_of_lambda_is_the_closed_one(references):
    """h² η₁η₂ (η₂ GᵀG − η₁ HHᵀ) with G = ∂L/∂W₂ and H = ∂L/∂W₁, written out."""
    for case in references["deep_linear"]:
        problem = case.problem
        c, B = (z for z in problem.data().values())
        first, second = map(float, problem.rate_pair)
        before, moved, _ = case.steps[0]
        rest = c[0] * (before["W2"] @ before["W1"] - B)
        G, H = rest @ before["W1"].T, before["W2"].T @ rest
        h = case.time / len(case.steps)
        expected = h**2 * first * second * (second * G.T @ G - first * H @ H.T)
        value, size = build_theory(problem).laws(moved)
        assert np.abs(value - expected).max() <= 1e-13 * size + 1e-300, problem.name


def test_a_march_is_allowed_its_tolerance_and_no_more(references):
    cases = [c for c in references["single_neuron"] if c.problem.name == "any data, interpolates"]
    assert build_theory(cases[0].problem).accuracy == 1e-9

    def off_by(share):
        return wrong(observables=lambda found, t: {n: z * (1 + share) for n, z in found(t).items()})

    one = [agreement.agrees_with_descent]
    assert check.check(cases, off_by(1e-10), one)[0].holds
    assert not check.check(cases, off_by(1e-7), one)[0].holds


def test_what_is_not_moved_is_seen_not_to_move():
    (rest,) = [p for p in problems("single_neuron", 0, 0) if p.name.endswith("at rest")]
    cases = build_reference([rest], ends=False)
    wanted = [agreement.agrees_with_descent, agreement.has_order_one]
    assert all(one.holds for one in check.check(cases, wanted=wanted))
    other = replace(rest, w0=[Fraction(1), Fraction(0)])

    def moving(problem):
        return build_theory(other)

    assert not any(one.holds for one in check.check(cases, moving, wanted))
