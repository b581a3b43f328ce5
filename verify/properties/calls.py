"""Which evaluators a property calls on a problem.

What a property finds of a network changes with a function of its module only where it calls it. So of a
mutant of that function, nothing else need be asked: the other comparisons are those of the original.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import FunctionType, ModuleType
from typing import Any

from numeric import catalogue
from verify.oracle.reference import Case, Reference
from verify.properties.check import quick, results
from verify.properties.descent import Property
from verify.properties.flows import ByNetwork, Remembered
from verify.properties.outcome import LeftOut, Raised


@dataclass(frozen=True)
class Calls:
    """What was called where the original was asked.

    Attributes:
        names: (property, id of a case) → functions; no entry where the original does not pass.
        cases: held, so that their ids stay their own.
    """

    names: dict[tuple[Property, int], frozenset[str]]
    cases: Sequence[Case]

    def concern(self, function: str) -> Callable[[Property, Case], bool]:
        """Whether what a property finds of a problem may change with a function."""

        def concerns(one: Property, case: Case) -> bool:
            names = self.names.get((one, id(case)))
            return names is None or function in names

        return concerns


def calls(reference: Reference) -> Calls:
    """Ask the original everything that mutants are asked, and note what it calls.

    Every property is asked by itself, of flows of its own: what another one has left in a flow would
    hide a call. The functions are reached as those of a mutant are, through a module in place of the
    network's.
    """
    names = {
        (one, id(case)): called
        for one in quick(reference)
        for case in reference.cases
        if (called := _called(one, case, reference)) is not None
    }
    return Calls(names, reference.cases)


def _called(one: Property, case: Case, reference: Reference) -> frozenset[str] | None:
    """Functions that a property calls on a problem, or None where it does not pass."""
    network, seen = catalogue.load(reference.network), set[str]()
    module = ModuleType("noting")
    for name, value in vars(network.module).items():
        noted = _noting(name, value, seen) if isinstance(value, FunctionType) else value
        setattr(module, name, noted)
    make = Remembered(ByNetwork(replace(network, module=module)))
    found = list(results(one, replace(reference, cases=[case]), make))
    compared = [z for z in found if not isinstance(z, LeftOut)]
    passes = all(not isinstance(z, Raised) and z[1] <= 1 for z in compared)
    return frozenset(seen) if passes else None


def _noting(name: str, function: FunctionType, seen: set[str]) -> Callable[..., Any]:
    """A function that notes in a set that it was called."""

    @functools.wraps(function)
    def noting(*arguments: Any, **named: Any) -> Any:
        seen.add(name)
        return function(*arguments, **named)

    return noting
