"""Which properties a named model must have, and whether it has them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from contextlib import nullcontext

from verify.oracle.named.reference import Case
from verify.properties.check import Violation
from verify.properties.named import agreement, clocks, ends, equations, laws, series, symmetry
from verify.properties.named.theory import THEORIES, Maker, Remembered, build_theory
from verify.properties.outcome import (
    LeftOut,
    Outcome,
    Raised,
    Result,
    Results,
    TooSlowError,
    fold,
    within,
)

Property = Callable[[Case, Maker], Results]
LIMIT = 10.0  # seconds that a property of a mutant may take on one problem
ANY = ""

NEEDS: tuple[tuple[str, Property], ...] = (
    ("clocks", clocks.clocks_agree),
    (ANY, agreement.starts_at_the_start),
    ("passes", agreement.passes_zero),
    (ANY, agreement.agrees_with_descent),
    (ANY, laws.drifts_exactly),
    (ANY, laws.keeps_its_laws),
    ("weights", laws.keeps_its_own_laws),
    (ANY, ends.ends_where_descent_ends),
    (ANY, ends.tends_to_its_limit),
    ("names", ends.names_what_happens),
    (ANY, agreement.has_order_one),
    (ANY, ends.falls),
    (ANY, symmetry.composes),
    (ANY, symmetry.commutes),
    ("times", agreement.tells_the_time),
    (ANY, equations.solves_its_equations),
    (ANY, series.keeps_its_digits),
)
"""What a theory must offer to be asked; first what refutes most mutants in the least time."""
SLOW: tuple[Property, ...] = (equations.solves_its_equations, series.keeps_its_digits)
"""Those that compute many digits."""


def properties(cases: Sequence[Case]) -> list[Property]:
    """Those that the model of some problems must have."""
    offers = THEORIES[type(cases[0].problem)].offers | {ANY}
    return [one for need, one in NEEDS if need in offers]


def check(
    cases: Sequence[Case],
    make: Maker = build_theory,
    wanted: Sequence[Property] | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> list[Outcome]:
    """All outcomes.

    Args:
        cases: problems of one model with their descent.
        make: what makes the theory of a problem.
        wanted: properties; those of the model unless given.
        progress: told the name of each.
    """
    made, outcomes = Remembered(make), []
    for one in properties(cases) if wanted is None else wanted:
        progress(one.__name__)
        found = (result for case in cases for result in _guarded(one, case, made, None))
        outcomes.append(fold(one.__name__, found))
    return outcomes


def first_violation(
    cases: Sequence[Case],
    make: Maker = build_theory,
    wanted: Sequence[Property] | None = None,
    limit: float | None = LIMIT,
) -> Violation | None:
    """The first comparison that fails, or None: what a mutant is refuted by."""
    made = Remembered(make)
    every = [one for one in properties(cases) if one not in SLOW] if wanted is None else wanted
    for one in every:
        for case in cases:
            for result in _guarded(one, case, made, limit):
                if isinstance(result, Raised):
                    cause = "time" if isinstance(result.error, TooSlowError) else "exception"
                    return Violation(f"{one.__name__}: {result}", cause)
                if not isinstance(result, LeftOut) and not result[1] <= 1:
                    return Violation(f"{one.__name__}: {result[0]}", "property")
    return None


def _guarded(one: Property, case: Case, make: Maker, limit: float | None) -> list[Result]:
    found: list[Result] = []
    timer = nullcontext() if limit is None else within(limit)
    try:
        with timer, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where a solver divides by zero, its value tells
            found.extend(one(case, make))
    except Exception as error:  # whatever a theory raises refutes it
        found.append(Raised(case.problem.name, error))
    return found
