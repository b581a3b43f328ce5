"""Which properties a network must have, and whether it has them.

A property looks at one problem at a time: it compares the theory with descent that torch ran, or with
itself under a symmetry. Its outcome is a number beside the bound it must respect, never a bare yes.
Errors of the oracle are part of the bound: an extrapolation that cannot be believed is a failure of
the oracle and reported as such, not passed. A theory that raises violates the property that asked
it; so does a mutant that computes for longer than `LIMIT` seconds, since some never end.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import NamedTuple

from numeric import catalogue
from verify.oracle.reference import Case, Reference
from verify.properties import descent, neurons, symmetry
from verify.properties import digits as properties_digits
from verify.properties import laws as properties_laws
from verify.properties import limit as properties_limit
from verify.properties.descent import Property
from verify.properties.flows import Maker, Remembered, build_flow
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

LIMIT = 10.0  # seconds that a property of a mutant may take on one problem

NEEDS: tuple[tuple[str, Property], ...] = (
    ("neuron", neurons.has_the_measured_field),
    ("neuron", properties_laws.keeps_its_laws),
    ("flow map", neurons.maps_its_neurons),
    ("flow map", properties_digits.keeps_its_digits),
    ("neuron", properties_limit.names_its_limit),
    ("neuron", descent.agrees_with_descent),
    ("neuron", descent.starts_at_the_start),
    ("neuron", descent.tells_the_time),
    ("state", descent.has_the_measured_slope),
    ("state", properties_limit.approaches_its_limit),
    ("state", symmetry.is_continuous_in_gamma),
    ("state", symmetry.exchanges_layers),
    ("neuron", properties_limit.ends_where_descent_ends),
    ("neuron", descent.has_order_one),
    ("neuron", symmetry.composes),
    ("neuron", symmetry.ignores_the_order_of_neurons),
    ("neuron", symmetry.scales),
    ("neuron", descent.is_monotone),
    ("state", properties_laws.drifts_exactly),
    ("flow map", properties_laws.clocks_agree),
)
"""What a network must be capable of to be asked; the fast ones, and those that say where, first."""
ALL: tuple[Property, ...] = tuple(one for _, one in NEEDS)


SLOW: tuple[Property, ...] = (properties_laws.drifts_exactly, properties_laws.clocks_agree)
"""Those that run descent or the derivation themselves."""


def properties(name: str, loss: str = "square") -> tuple[Property, ...]:
    """The properties that a network must have under a loss; balls and closed forms are of the square."""
    capabilities = catalogue.load(name).module.CAPABILITIES
    needed = [(need, one) for need, one in NEEDS if need in capabilities]
    if loss != "square":
        clocks = properties_laws.clocks_agree
        needed = [(need, one) for need, one in needed if need == "neuron" or one is clocks]
    return tuple(one for _, one in needed)


def quick(reference: Reference) -> list[Property]:
    """Those of a network that need neither torch nor the derivation."""
    return [one for one in properties(reference.network, reference.loss) if one not in SLOW]


def results(
    one: Property, reference: Reference, make: Maker, limit: float | None = None
) -> Results:
    """All comparisons of a property; a theory that raises is one of them."""
    for case in reference.cases:
        yield from _guarded(one, case, reference, make, limit)


def _guarded(
    one: Property, case: Case, reference: Reference, make: Maker, limit: float | None
) -> list[Result]:
    found: list[Result] = []
    timer = nullcontext() if limit is None else within(limit)
    try:
        with timer, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where an evaluator divides by zero, its value tells
            found.extend(one(case, reference, make))
    except Exception as error:  # whatever a theory raises refutes it
        found.append(Raised(case.problem.name, error))
    return found


def check(
    reference: Reference,
    make: Maker = build_flow,
    wanted: Sequence[Property] | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> list[Outcome]:
    """All outcomes; `wanted` are the network's properties unless given."""
    wanted = properties(reference.network, reference.loss) if wanted is None else wanted
    if properties_laws.clocks_agree in wanted:
        properties_laws.clock_of(reference.network)  # derived once, and in no problem's time
    made, outcomes = Remembered(make), []
    for one in wanted:
        progress(one.__name__)
        outcomes.append(fold(one.__name__, results(one, reference, made)))
    return outcomes


class Violation(NamedTuple):
    """The first comparison that fails.

    Attributes:
        where: property, problem and quantity.
        cause: "property", or "time" or "exception" where the theory gave no value.
    """

    where: str
    cause: str


def everything(one: Property, case: Case) -> bool:
    """Every property is asked of every problem."""
    return True


def first_violation(
    reference: Reference,
    make: Maker = build_flow,
    wanted: Sequence[Property] | None = None,
    limit: float | None = LIMIT,
    *,
    concerns: Callable[[Property, Case], bool] = everything,
) -> Violation | None:
    """The first comparison that fails, or None: what a mutant is refuted by.

    Only problems that `concerns` says a property is to be asked of are; all are unless given.
    Properties that need torch or the derivation are left to `check`.
    """
    made = Remembered(make)
    for one in quick(reference) if wanted is None else wanted:
        asked = replace(reference, cases=[z for z in reference.cases if concerns(one, z)])
        for result in results(one, asked, made, limit):
            if isinstance(result, Raised):
                slow = isinstance(result.error, TooSlowError)
                return Violation(f"{one.__name__}: {result}", "time" if slow else "exception")
            if not isinstance(result, LeftOut) and not result[1] <= 1:
                return Violation(f"{one.__name__}: {result[0]}", "property")
    return None


__all__ = [
    "Outcome",
    "Violation",
    "check",
    "everything",
    "first_violation",
    "properties",
    "quick",
    "results",
]
