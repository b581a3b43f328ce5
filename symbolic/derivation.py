"""The whole derivation of a network: from the loss to observables, stage by stage.

A stage is a function `derive` in a module of the folders below, and its signature says all: its arguments
are what it needs, a model or records of other stages, and the record it returns is what it makes. An
argument that may be None is used where there is one. A stage that a network does not have refuses with
`DoesNotApply(reason)`. So no list of stages is kept, here or elsewhere: `derive` runs whatever has its
needs met.

| folder     | what its stages find |
|------------|----------------------|
| `network`  | the effective point of a data set, gradient flow in factors |
| `laws`     | what is conserved, and that nothing is missing |
| `warp`     | a neuron in warped time, its clock, the elapsed time where it is elementary |
| `explicit` | a network whose neurons share one linear flow, solved to the end |
| `limits`   | exponents and phases of wide networks |
| `declared` | of any declared network at given sizes: laws, their count, what is left, its class |

Stages are run for what is given: the two-layer network of an activation (`symbolic.network.model`), or a
declared network at some sizes (`symbolic.architecture.instance`). Where one variable is left of a
declared network, and its parts are neurons, one stage finds of which activation, and all stages of that
network follow (`symbolic.declared.activation`). A record cannot be built without its certificates
(`symbolic.proof.certificate`).
"""

from __future__ import annotations

import html
import importlib
import pkgutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from symbolic.architecture.instance import Instance
from symbolic.models import load
from symbolic.network.model import Model
from symbolic.proof.certificate import CertificateError, DoesNotApply, OutOfTime, Record

FOLDERS = ("network", "laws", "warp", "explicit", "limits", "declared")
GIVEN = (Model, Instance)
R = TypeVar("R", bound=Record)
Kind = type[Record]


class NotDerivedError(KeyError):
    """A network has no such record; the message says why."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Stage:
    """A function that makes a record from others.

    Attributes:
        makes: the class of the record.
        needs: classes of the arguments, in order.
        optional: those of them that may be missing.
        function: called with the needs, None for an optional one that the network does not have.
    """

    makes: Kind
    needs: tuple[type, ...]
    optional: frozenset[type]
    function: Callable[..., Record]


class Derivation(Mapping[Kind, Record]):
    """Records by their class, in the order in which they were derived.

    Attributes:
        given: what was given.
        reasons: what a stage said that refused the network.
        seconds: what each stage took.
    """

    def __init__(
        self,
        model: Model | Instance,
        records: Mapping[Kind, Record],
        reasons: Mapping[Kind, str],
        seconds: Mapping[Kind, float],
        network: Model | None = None,
    ) -> None:
        self.given, self.reasons, self.seconds = model, reasons, seconds
        self._network = model if isinstance(model, Model) else network
        self._stages = stages_of(model)
        self._records = records

    @property
    def model(self) -> Model:
        """The two-layer network of an activation: what was given, or what that was found to be.

        Raises:
            TypeError: where it is none.
        """
        if self._network is None:
            raise TypeError(f"{self.given.name} is no network of one activation")
        return self._network

    def __getitem__(self, kind: type[R]) -> R:
        """The record of a class.

        Raises:
            NotDerivedError: where the network has none; a KeyError.
        """
        if kind not in self._records:
            raise NotDerivedError(f"{self.given.name} has no {kind.__name__}: {self.why(kind)}")
        return self._records[kind]  # type: ignore[return-value]

    def get(self, kind: type[R], default: Any = None) -> R | Any:
        """The record of a class, or the default."""
        return self._records.get(kind, default)

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __repr__(self) -> str:
        proved = sum(len(record.certificates) for record in self.values())
        return f"<derivation of {self.given.name}: {len(self)} records, {proved} proved>"

    def _repr_html_(self) -> str:
        """Every stage, for a notebook: how much it proved and what it found, or why it refused."""
        rows = [("stage", "proved", "found")]
        hidden: set[type] = {Model}  # what follows from an activation, where there is none
        hidden |= set() if self._network else {one.makes for one in stages(Model)}
        for kind in (one.makes for one in self._stages if one.makes not in hidden):
            if kind in self:
                record = self[kind]
                rows.append(
                    (stage_name(kind), str(len(record.certificates)), ", ".join(record.found()))
                )
            else:
                rows.append((stage_name(kind), "", f"does not apply: {self.why(kind)}"))
        cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
        body = "\n".join(f"<tr>{row}</tr>" for row in cells)
        return f"<table><caption>{html.escape(self.given.title)}</caption>\n{body}\n</table>"

    def why(self, kind: Kind) -> str:
        """Why there is no record of a class: its stage refused, or one did whose record it needs."""
        if kind in self.reasons:
            return self.reasons[kind]
        for stage in self._stages:
            if stage.makes is kind:
                made = made_by_stages() - {Model} if self._network else made_by_stages()
                needed = (n for n in stage.needs if n not in stage.optional)
                missing = next((n for n in needed if n not in self and n in made), None)
                if missing is None:
                    return "it was not asked for"
                return f"it needs {stage_name(missing)}, and {self.why(missing)}"
        return "no stage makes it"


def stage_name(kind: Kind) -> str:
    """What a stage is called in tables and on the command line: the name of its module."""
    return kind.__module__.rpartition(".")[2]


@cache
def stages(given: type = Model) -> tuple[Stage, ...]:
    """The stages of what is given, folder by folder: those whose needs lead back to it.

    Args:
        given: `Model`, or `Instance`.

    Raises:
        TypeError: when a stage needs what no stage makes.
    """
    found = tuple(stage for folder in FOLDERS for stage in _in_folder(folder))
    made = {*GIVEN, *(stage.makes for stage in found)}
    for stage in found:
        if unknown := [need.__name__ for need in stage.needs if need not in made]:
            raise TypeError(f"{stage_name(stage.makes)} needs {unknown}, which no stage makes")
    reached = {given}
    while grown := {one.makes for one in found if reached.issuperset(one.needs)} - reached:
        reached |= grown
    return tuple(stage for stage in found if reached.issuperset(stage.needs))


def stages_of(given: Model | Instance) -> tuple[Stage, ...]:
    """The stages of what is given."""
    kind: type = type(given)
    return stages(kind)


def made_in(folder: str) -> frozenset[Kind]:
    """The classes of the records of one folder."""
    return frozenset(stage.makes for stage in _in_folder(folder) if issubclass(stage.makes, Record))


def made_by_stages() -> frozenset[Kind]:
    """The classes of all records."""
    return frozenset(stage.makes for given in GIVEN for stage in stages(given))


def _in_folder(folder: str) -> Iterator[Stage]:
    package = importlib.import_module(f"symbolic.{folder}")
    for module in sorted(one.name for one in pkgutil.iter_modules(package.__path__)):
        function = getattr(importlib.import_module(f"{package.__name__}.{module}"), "derive", None)
        if function is not None and (stage := _stage(function)) is not None:
            yield stage


def _stage(function: Callable[..., Any]) -> Stage | None:
    """A function as a stage, None where its signature is not that of one."""
    hints = get_type_hints(function)
    makes = hints.pop("return", None)
    needs, optional = [], set()
    for hint in hints.values():
        options = [one for one in get_args(hint) if one is not NoneType] or [hint]
        if len(options) > 1 or not _is_given(options[0]):
            return None
        needs.append(options[0])
        optional |= {options[0]} if NoneType in get_args(hint) else set()
    if not needs or not _is_given(makes):
        return None
    return Stage(makes, tuple(needs), frozenset(optional), function)


def _is_given(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, (*GIVEN, Record))


def derive(
    model: Model | Instance,
    progress: Callable[[str], None] = lambda stage: None,
    wanted: Collection[Kind] | None = None,
) -> Derivation:
    """Run every stage that has its needs met.

    Args:
        model: the definition of the network, or a declared network at some sizes.
        progress: called with each stage's name before it runs; it may refuse it by `DoesNotApply`.
        wanted: what is to be derived, with what it is made from; None for all that can be.

    Raises:
        CertificateError: when a stage cannot prove what it found.
    """
    made: dict[type, Any] = {type(model): model}
    wanted = None if wanted is None else _needed(wanted, stages_of(model))
    reasons, seconds = dict[Kind, str](), dict[Kind, float]()
    waiting = [one for one in stages_of(model) if wanted is None or one.makes in wanted]
    while stage := _next(waiting, made):
        waiting.remove(stage)
        if not _is_met(stage, made):
            continue
        start = time.perf_counter()
        try:
            progress(stage_name(stage.makes))
            made[stage.makes] = stage.function(*map(made.get, stage.needs))
        except (DoesNotApply, OutOfTime) as refusal:
            reasons[stage.makes] = str(refusal)
        except CertificateError as error:
            if isinstance(model, Model) or stage.makes in made_in("declared"):
                raise
            reasons[stage.makes] = f"not proved: {error}"
        seconds[stage.makes] = time.perf_counter() - start
    network = made.get(Model)
    records = {kind: one for kind, one in made.items() if kind not in GIVEN}
    return Derivation(model, records, reasons, seconds, network)


def _needed(wanted: Collection[Kind], among: Sequence[Stage]) -> set[type]:
    """Records, and all that they are made from where it is there."""
    found: set[type] = set(wanted)
    while more := {n for one in among if one.makes in found for n in one.needs} - found:
        found |= more
    return found


def _next(waiting: list[Stage], made: Mapping[type, Any]) -> Stage | None:
    """First what can never run, so that others need not wait for it; else the first by its name."""
    ready = [one for one in waiting if _is_ready(one, made, waiting)]
    return next((one for one in ready if not _is_met(one, made)), ready[0] if ready else None)


def _is_met(stage: Stage, made: Mapping[type, Any]) -> bool:
    return all(need in made for need in stage.needs if need not in stage.optional)


def _is_ready(stage: Stage, made: Mapping[type, Any], waiting: list[Stage]) -> bool:
    """Whether each need is there, or will never be."""
    coming = {one.makes for one in waiting}
    return all(need in made or need not in coming for need in stage.needs)


@cache
def derivation(name: str) -> Derivation:
    """The derivation of a network by its name, run once per process.

    Raises:
        UnknownNetworkError: for a name that no file in `symbolic/models/` has.
    """
    return derive(load(name))
