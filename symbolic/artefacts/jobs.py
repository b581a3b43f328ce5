"""A job makes texts from the derivation of one network, of a declared network or a loss, or of a theorem.

Jobs need nothing of each other: they can run in any order, in any process, and their texts can be
stored. What they return is made of texts and numbers alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from symbolic import losses, models
from symbolic.codegen import adjoint, chains, compiled, lanes, loss_module, scaling_module
from symbolic.codegen.declared.module import declared_module
from symbolic.codegen.evaluators import program
from symbolic.codegen.lifts import lift_module
from symbolic.codegen.module import render
from symbolic.codegen.series import curvature
from symbolic.codegen.series import text as series_text
from symbolic.derivation import Derivation, NotDerivedError, derive, stage_name
from symbolic.laws import counting
from symbolic.lift.at_all_sizes import lift_at_all_sizes
from symbolic.limits.exponents import Scaling
from symbolic.limits.phases import Phases
from symbolic.models import load, shelf
from symbolic.network import stable_loss
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.warp import linear_powers
from symbolic.warp.clock import Clock
from symbolic.writing import latex
from symbolic.writing.derivation import written
from symbolic.writing.document import dumps, loads
from symbolic.writing.family import Row
from symbolic.writing.losses_table import LossesRow, convex_loss
from symbolic.writing.report import (
    Section,
    clocks_section,
    counts_section,
    powers_section,
    section,
)

NETWORK, LOSS, DECLARED = "network ", "loss ", "declared "
COUNTS, POWERS, CLOCKS = "counts of laws", "powers", "clocks of further powers"
CHAINS = "clocks of scalar chains"
GENERATED, LATEX = "numeric/generated", "build/latex"
UNMEASURED = "@{}@"  # stands where the measured accuracy of an evaluator goes, by its name


class RefusedError(ValueError):
    """A definition that nothing can be written from.

    Attributes:
        file: where it stands.
        found: what is wrong.
        expected: what could be used.
    """

    def __init__(self, file: str, found: str, expected: str) -> None:
        self.file, self.found, self.expected = file, found, expected
        super().__init__(f"{file}: {found}; expected {expected}")


@dataclass(frozen=True)
class StageSummary:
    """One stage of a derivation, for tables: its name, what it took, and what it proved."""

    name: str
    seconds: float
    certificates: tuple[str, ...]


@dataclass(frozen=True)
class Texts:
    """What a job makes.

    Attributes:
        title: what it is of, in words.
        modules: text of each module that is generated, not yet formatted, by its path.
        documents: other files, by their paths.
        sections: parts of the report by name, documents as JSON; those of a network under its own.
        row: of a network, in the README's table.
        times: of a network, for which losses t(s) is elementary.
        stages: of its derivation.
        is_measured: whether its evaluators' errors are measured, and named in their docstrings.
    """

    title: str
    modules: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    row: Row | None = None
    times: LossesRow | None = None
    stages: tuple[StageSummary, ...] = ()
    is_measured: bool = False

    @property
    def section(self) -> Section:
        """The report's part on a network."""
        if self.row is None or self.times is None:
            raise TypeError(f"{self.title} is not a network")
        return Section(
            self.row, loads(self.sections["laws"]), loads(self.sections["proofs"]), self.times
        )


def as_json(texts: Texts) -> str:
    """Texts as they are stored and sent between processes."""
    return json.dumps(asdict(texts))


def texts_from(content: str) -> Texts:
    """The inverse of `as_json`.

    Raises:
        RefusedError: where the job was refused.
    """
    said = json.loads(content)
    if "refused" in said:
        raise RefusedError(*said["refused"])
    said["row"] = said["row"] and Row(**said["row"])
    said["times"] = said["times"] and LossesRow(**said["times"])
    said["stages"] = tuple(
        StageSummary(one["name"], one["seconds"], tuple(one["certificates"]))
        for one in said["stages"]
    )
    return Texts(**said)


def run(job: str) -> str:
    """Do a job, in whatever process; `texts_from` reads what it made, or why it is refused.

    Args:
        job: `NETWORK`, `LOSS` or `DECLARED` and a name, or one of `THEOREMS`.
    """
    try:
        return as_json(_texts(job))
    except RefusedError as error:
        return json.dumps({"refused": [error.file, error.found, error.expected]})


def _texts(job: str) -> Texts:
    if job.startswith(NETWORK):
        return _network(job.removeprefix(NETWORK))
    if job.startswith(DECLARED):
        return declared_texts(job.removeprefix(DECLARED))
    return loss_texts(job.removeprefix(LOSS)) if job.startswith(LOSS) else THEOREMS[job]()


def _network(name: str) -> Texts:
    try:
        derived = derive(load(name))
        derived[Clock]  # a neuron without one has nothing that could be computed
    except (CertificateError, NotDerivedError) as error:
        found = f"an activation that is not certified ({str(error)[:200]})"
        expected = "sigma in SymPy's functions, with exact numbers and not constant"
        raise RefusedError(f"symbolic/models/{name}.py", found, expected) from None
    return network_texts(derived)


def network_texts(derived: Derivation) -> Texts:
    """The texts that the derivation of a network gives."""
    model = derived.model
    made = program(derived)
    unmeasured = {one.name: UNMEASURED.format(one.name) for one in made.functions}
    modules = {f"{GENERATED}/{model.name}.py": render(made, unmeasured)}
    explicit = compiled.render(made)
    machine_code = {
        f"compiled/{model.name}": explicit or series_text.render(made, derived),
        f"compiled/{model.name}_adjoint": adjoint.render(made),
        f"compiled/{model.name}_curvature": "" if explicit else curvature.render(made, derived),
        f"lanes/{model.name}": lanes.render(made),
    }
    modules |= {f"{GENERATED}/{name}.py": text for name, text in machine_code.items() if text}
    if Scaling in derived:
        modules[f"{GENERATED}/scaling/{model.name}.py"] = scaling_module.render(
            model.title, str(model.source), derived[Scaling], derived[Phases]
        )
    found = section(derived)
    return Texts(
        title=f"{model.title}: {model.source}",
        modules=modules,
        documents={f"{LATEX}/{model.name}.tex": latex.render(written(derived))},
        sections={"laws": dumps(found.laws), "proofs": dumps(found.proofs)},
        row=found.row,
        times=found.times,
        stages=tuple(
            StageSummary(
                stage_name(kind), derived.seconds[kind], tuple(c.claim for c in record.certificates)
            )
            for kind, record in derived.items()
        ),
        is_measured=bool(made.observables),
    )


def loss_texts(name: str) -> Texts:
    """The generated module of a loss.

    Raises:
        RefusedError: for a loss that is not found to be convex, or not certified.
    """
    loss = losses.load(name)
    try:
        text = loss_module.render(stable_loss.derive(convex_loss(name)))
    except (CertificateError, DoesNotApply) as error:
        found = f"a loss that is not certified ({str(error)[:200]})"
        expected = "one that is convex in f, in SymPy's functions, with exact numbers"
        raise RefusedError(f"symbolic/losses/{name}.py", found, expected) from None
    return Texts(loss.title, {f"{GENERATED}/losses/{name}.py": text})


def declared_texts(name: str) -> Texts:
    """The generated modules of a declared network: itself, and its lift where it has one."""
    model = shelf.load(name)
    modules = {f"{GENERATED}/declared/{name}.py": declared_module(model)}
    with suppress(DoesNotApply):  # the laws command says why
        modules[f"{GENERATED}/lifts/{name}.py"] = lift_module(model, lift_at_all_sizes(model))
    return Texts(model.title, modules)


THEOREMS: dict[str, Callable[[], Texts]] = {
    COUNTS: lambda: Texts(COUNTS, sections={"counts": dumps(counts_section(counting.derive()))}),
    POWERS: lambda: Texts(
        POWERS, sections={"powers": dumps(powers_section(linear_powers.derive()))}
    ),
    CLOCKS: lambda: Texts(
        CLOCKS, sections={"clocks": dumps(clocks_section(linear_powers.clocks()))}
    ),
    CHAINS: lambda: Texts(CHAINS, {f"{GENERATED}/chains/clock.py": chains.module()}),
}


def every_job() -> list[str]:
    """All jobs there are."""
    networks = [NETWORK + name for name in models.names()]
    declared = [DECLARED + name for name in shelf.names()]
    return [*networks, *(LOSS + name for name in losses.names()), *declared, *THEOREMS]
