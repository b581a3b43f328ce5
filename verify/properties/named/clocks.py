"""Every closed form of a balanced chain's time, against the time that descent took."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from numeric.generated.chains import clock as forms
from verify.oracle.named.chain import Chain
from verify.oracle.named.reference import Case
from verify.properties.named.theory import Maker
from verify.properties.outcome import FLOOR, LeftOut, Results

CLOSE = 1e-3  # of 1, by which the place must be off the target: its distance has few digits there


def clocks_agree(case: Case, make: Maker) -> Results:
    """Forms at the place where extrapolated descent is, less those at the start, are r T."""
    problem = case.problem
    assert isinstance(problem, Chain)
    squares = {one * one / rate for one, rate in zip(problem.a0, problem.eta, strict=True)}
    if len(squares) > 1 or len(problem.a0) < 2 or not problem.y or 0 in squares:
        yield LeftOut("not balanced, or at rest")
        return
    L, y = len(problem.a0), abs(float(problem.y))
    product, error = case.at_time["product"]
    begun = float(case.start["product"])
    toward = begun * float(problem.y) > 0
    places = [(abs(float(z)) / y) ** (1 / L) for z in (begun, product)]
    if min(abs(1 - z) for z in places) < CLOSE:
        yield LeftOut("at the target: the clock has few digits")
        return
    root = math.sqrt(float(np.prod([float(z) for z in problem.eta])))
    expected = root**2 * (y / root) ** (1 + (L - 2) / L) * case.time
    relative = float(error) / abs(float(product)) + FLOOR
    for name, form in _forms(L, toward, max(places) < 1):
        first, last = (float(form(z)) for z in places)
        near = min(abs(1 - z) for z in places)
        allowed = 1e-12 * (abs(first) + abs(last)) + 8 * relative * (
            1 / near + 1 / min(places) ** L
        )
        yield f"{problem.name}: {name}", abs(last - first - expected) / allowed


def _forms(L: int, toward: bool, below: bool) -> Iterator[tuple[str, Any]]:
    way = "toward" if toward else "away"
    if (form := getattr(forms, f"balanced_{L}_{way}", None)) is not None:
        yield f"depth {L}, {way}", lambda v: form(v, abs(1 - v))
    if L > 2:
        name = "balanced_away" if not toward else "balanced_below" if below else "balanced_beyond"
        yield name, lambda v: getattr(forms, name)(v, float(L))
