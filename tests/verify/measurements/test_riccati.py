"""Errors of the Riccati family: the problems are on their leaf, the record is its page, errors stay."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp

from symbolic.writing import markdown
from verify.measurements.bench.timing import Spread
from verify.measurements.riccati import errors, printed, quoted, report
from verify.measurements.riccati.errors import Error, Row
from verify.measurements.riccati.record import Record, loads, worse
from verify.measurements.riccati.references import flow_of, of_series
from verify.measurements.riccati.seconds import MATRICES
from verify.measurements.riccati.starts import layers, neuron
from verify.measurements.riccati.times import times

REPORTS = Path(report.__file__).parents[2] / "reports"
KEPT = loads((REPORTS / "riccati.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def digits():
    """Of what is compared: more than any reference has."""
    with mp.workdps(70):
        yield


def law_of(problem):
    """W₂ᵀW₂ − W₁W₁ᵀ, exactly."""
    units = range(len(problem.W1))
    return [[sum(row[i] * row[j] for row in problem.W2)
             - sum(x * y for x, y in zip(problem.W1[i], problem.W1[j], strict=True))
             for j in units] for i in units]  # fmt: skip


@pytest.mark.parametrize("law", errors.DELTAS)
def test_neurons_have_their_delta_exactly_and_either_sign(law):
    drawn = [neuron(Fraction(law), 1 + k % 3, k) for k in range(12)]
    assert [law_of(one) for one in drawn] == [[[Fraction(law)]]] * 12
    assert {one.W2[0][0] > 0 for one in drawn} == {True, False}


@pytest.mark.parametrize("law", errors.LAMBDAS)
def test_layers_are_exactly_on_an_isotropic_leaf(law):
    wanted = Fraction(law)
    for sizes in [(3, 3, 3), *errors.unequal(wanted)]:
        one = layers(wanted, sizes, 5)
        assert one.sizes == sizes
        assert abs(one.law - wanted) <= Fraction(1, 10**20) * max(abs(wanted), Fraction(1, 10**4))
        assert law_of(one) == [[one.law if i == j else 0 for j in range(sizes[1])]
                               for i in range(sizes[1])]  # fmt: skip


def test_sizes_that_no_weights_of_a_law_have_are_refused():
    with pytest.raises(ValueError, match=r"no weights of sizes \(2, 3, 4\)"):
        layers(Fraction(-1), (2, 3, 4), 0)


def test_scales_are_those_of_the_target():
    problem = replace(neuron(Fraction(3), 2, 0), target=[[Fraction(6, 5), Fraction(8, 5)]])
    found = times(problem)  # √(9 + 4·4) = 5
    assert found["1 scales"] == pytest.approx(1 / 5, rel=1e-15)
    assert found["300 slow scales"] == pytest.approx(300 / 2, rel=1e-15)


def test_a_residual_is_1e_200_at_some_time():
    problem = neuron(Fraction(1), 1, 0)
    left = flow_of(problem).observables(times(problem)["460 scales"])["residual"]
    assert 1e-202 < abs(left[0]) < 1e-196


def test_the_printed_formula_is_that_of_the_raw_flow():
    """At δ = 1 and 0 it has its digits, so that what it loses elsewhere is its own."""
    for law in ("1", "0"):
        problem = next(p for k in range(9) if (p := neuron(Fraction(law), 2, k)).W2[0][0] > 0)
        found = errors.of_problem(problem)["1 scales"]
        assert found[errors.PRINTED] < 1e-13
        assert found[errors.SAME] < 1e-14


def test_the_printed_formula_loses_its_digits_and_overflows():
    far = errors.of_problem(neuron(Fraction(10**12), 2, 0))["1 scales"]
    assert far[errors.PRINTED] > 1e-3
    assert far[errors.SAME] < 1e-14
    problem = next(p for k in range(9) if (p := neuron(Fraction(0), 2, k)).W2[0][0] > 0)
    assert math.isnan(errors.of_problem(problem)["1000000 scales"][errors.PRINTED])


def test_errors_are_seen(monkeypatch):
    """A state, an observable and a residual that are off by 1e-9 of themselves."""
    problem = layers(Fraction(1), (2, 1, 2), 0)
    flow = errors.flow_of(problem)

    class Off:
        def __init__(self):
            self.flow = self

        def observables(self, t):
            return {name: (1 + 1e-9) * z for name, z in flow.observables(t).items()}

        def square(self, t):
            return (1 + 1e-9) * flow.flow.square(t)

    monkeypatch.setattr(errors, "flow_of", lambda problem: Off())
    monkeypatch.setattr(errors, "times", lambda problem: {"1 scales": 0.1})
    (found,) = errors.of_problem(problem).values()
    assert found == {
        name: pytest.approx(1e-9, rel=1e-5)
        for name in (errors.STATE, errors.OBSERVABLES, errors.RESIDUAL)
    }


def test_a_series_is_the_raw_flow_and_no_closed_form():
    problem = neuron(Fraction(-1), 2, 3)
    truth = of_series(problem, {"start": 0.0})["start"]
    *w, a = map(float, truth.state)
    assert (w, a) == ([float(z) for z in problem.W1[0]], float(problem.W2[0][0]))
    aims = np.array([float(z) for z in problem.target[0]])
    np.testing.assert_allclose(np.array(truth.residual[0], float), a * np.array(w) - aims)


def test_numbers_of_the_printed_formula_at_the_start():
    w, target, t = np.array([0.3, -0.2]), np.array([1.0, 2.0]), np.array(0.0)
    assert printed.nu(0.7, w, target, t) == pytest.approx(w @ target / 0.7, rel=1e-13)
    a = float(np.linalg.norm(w))
    phi, mu = printed.phi_and_mu(a, w, target, t)
    assert phi == pytest.approx(w @ target / (a * np.sqrt(5)), rel=1e-13)
    assert mu == pytest.approx(a * a, rel=1e-13)


def test_what_is_quoted_is_said_where_it_is_said():
    assert quoted.of_neuron("-1") == "at T = 300 wrong by 1.36 without a word"
    assert [quoted.of_neuron(law) for law in ("100", "-1e12")] == ["AssertionError"] * 2
    assert quoted.of_neuron("1e-12") == quoted.of_layers("1e-15", True) == "not quoted"
    assert [quoted.of_layers(z, True) for z in ("0.7", "1e-8")] == ["2e-15 … 9e-15", "0.66"]
    assert quoted.of_layers("0.7", False) == "NaN or an exception"


def record(**errors_):
    row = Row("single neuron", "1", "1 scales", "solver", errors_)
    return Record(1, 0, (row,), {MATRICES: Spread(1e-6, 2e-6, 3e-6)}, {"numpy": "2"})


def test_a_record_is_read_as_it_was_written():
    one = record(state=Error(1e-16, 1e-17, 0, 3), printed=Error(math.nan, math.nan, 2, 0))
    again = loads(one.dumps())
    assert again.dumps() == one.dumps()
    assert again.rows[0].errors["state"] == one.rows[0].errors["state"]
    assert "NaN" not in one.dumps()
    with pytest.raises(ValueError, match="no record"):
        loads('{"rows": [{"a": 1}]}')


PLACE = "single neuron, 1, 1 scales"


@pytest.mark.parametrize(
    ("fresh", "said"),
    [
        ({"state": Error(3e-14, 0, 0, 3)}, []),
        ({"state": Error(5e-14, 0, 0, 3)}, [f"{PLACE}: state 5.0e-14, recorded 1.0e-14"]),
        ({"state": Error(1e-14, 0, 1, 2)}, [f"{PLACE}: state 1.0e-14, recorded 1.0e-14"]),
        ({}, [f"{PLACE}: state nan, recorded 1.0e-14"]),
        ({"state": Error(1e-14, 0, 0, 3), "printed": Error(1, 1, 0, 3)}, []),
    ],
)
def test_larger_errors_than_recorded_are_named(fresh, said):
    kept = record(state=Error(1e-14, 1e-17, 0, 3))
    assert list(worse(record(**fresh), kept)) == said
    other = replace(kept, rows=())
    assert list(worse(other, kept)) == ["the rows are not those of the record"]


def test_a_goal_that_is_missed_is_said_to_be():
    found = record(state=Error(2e-13, 0, 0, 3), observables=Error(1e-14, 0, 1, 2),
                   residual=Error(1e-13, 0, 0, 3))  # fmt: skip
    assert [one.met for one in report.goals(found)] == [False, False, True, True]
    slow = replace(found, seconds={MATRICES: Spread(1e-6, 6e-5, 7e-5)})
    assert [one.met for one in report.goals(slow)] == [False, False, True, False]


def test_the_page_is_its_record_s():
    text = markdown.render(report.page(KEPT))
    assert (REPORTS / "riccati.md").read_text(encoding="utf-8") == text
    assert {(row.network == errors.NEURON, row.law) for row in KEPT.rows} == {
        *((True, law) for law in errors.DELTAS), *((False, law) for law in errors.LAMBDAS)
    }  # fmt: skip
    assert all(one.met for one in report.goals(KEPT))


@pytest.mark.parametrize("law", ["-1", "1e12"])
def test_errors_of_a_law_are_those_of_the_record(law, monkeypatch):
    monkeypatch.setattr(errors, "DELTAS", (law,))
    monkeypatch.setattr(errors, "LAMBDAS", ())
    own = tuple(row for row in KEPT.rows if (row.network, row.law) == (errors.NEURON, law))
    fresh = replace(KEPT, rows=tuple(errors.measure(KEPT.starts, KEPT.seed)))
    assert list(worse(fresh, replace(KEPT, rows=own))) == []
