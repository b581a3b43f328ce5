"""Observables extrapolated to step zero, where some step lacks one of them."""

from __future__ import annotations

import numpy as np
import pytest

from verify.oracle import measure
from verify.oracle.extrapolation import extrapolated, richardson
from verify.oracle.problem import Problem


@pytest.mark.parametrize("lacking", [0, 2])
def test_what_one_step_lacks_is_not_extrapolated(lacking, monkeypatch):
    """At a rounded minimum the slope of log cosh vanishes or does not: with it goes the residual."""
    observe, calls = measure.observe, []

    def observed(problem, u, W):
        values = observe(problem, u, W)
        if len(calls) == lacking:
            del values["residual"]
        calls.append(values)
        return values

    problem = Problem(
        "", np.ones(1), np.ones((1, 1)), np.ones((1, 1)), np.array([3.0]), 1.0, 0.1, 0.1
    )
    (whole,), _ = extrapolated([problem], np.ones(1), 64, 3, richardson)
    monkeypatch.setattr(measure, "observe", observed)
    (found,), _ = extrapolated([problem], np.ones(1), 64, 3, richardson)
    assert whole.keys() - found.keys() == {"residual"}
    assert all(found[name][0] == pytest.approx(whole[name][0], rel=0, abs=0) for name in found)
