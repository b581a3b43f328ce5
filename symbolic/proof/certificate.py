"""What a stage hands on: a frozen record that certifies itself.

A record is what was *found*, beside what it was found from (its needs); `certify` proves the one from the
other, with code of its own. Building a record runs its certification, so none exists that is not proved:
not by a slip in the stage that finds it, and not by `dataclasses.replace`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, ClassVar, TypeVar, get_type_hints

from sympy import Basic, Expr

from symbolic.notation.source import Source
from symbolic.notation.typesetting import typeset
from symbolic.proof.verdict import Verdict, is_proved


class CertificateError(RuntimeError):
    """A stage found something that cannot be proved; the message shows what and why."""


class DoesNotApply(ValueError):
    """A stage has nothing to say of a network; the message is the reason."""


class OutOfTime(Exception):
    """What was under way is not decided: the time given is over. No stage takes it for an answer."""


@dataclass(frozen=True)
class Certificate:
    """One proved statement: what was claimed, and the verdict."""

    claim: str
    verdict: Verdict


@dataclass(frozen=True)
class Step:
    """One numbered step of the written derivation.

    Attributes:
        law: the name of the law or rule that is used.
        statement: equations, each a pair of left side (LaTeX or expression) and right side.
        proof: one line of prose saying why it holds.
    """

    law: str
    statement: tuple[tuple[str | Basic, Expr | str], ...]
    proof: str

    def _repr_latex_(self) -> str:
        """The equations, aligned, for a notebook."""
        return in_display(self.statement)


def in_display(statement: Iterable[tuple[str | Basic, Expr | str]]) -> str:
    """Equations as aligned LaTeX, in dollars; each left side may be LaTeX or an expression."""
    rows = (rf"{typeset(left)} &= {typeset(right)}" for left, right in statement)
    return "$$\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}$$"


T = TypeVar("T")
_NEED = "found from"
Need = Annotated[T, _NEED]
"""Marks a field of a record as something it was found from, not something that was found."""


@dataclass(frozen=True, kw_only=True)
class Record(ABC):
    """Base of all stage results.

    Attributes:
        certificates: what was proved about the record; at least one, all proved.
        steps: the record as numbered steps of the derivation.
        sources: where its formulas are printed, by the evaluators that are made of them.

    Raises:
        CertificateError: on construction, if there is no certificate, or one is not proved.
    """

    sources: ClassVar[Mapping[str, Source]] = {}
    certificates: tuple[Certificate, ...] = field(init=False, compare=False)
    steps: tuple[Step, ...] = field(init=False, compare=False)

    def __init_subclass__(cls) -> None:
        # Set before the subclass is made a dataclass, which would write out pages of expressions.
        if "__repr__" not in vars(cls):
            cls.__repr__ = Record.__repr__  # type: ignore[method-assign]

    @abstractmethod
    def certify(self) -> Iterable[Certificate]:
        """Prove every field from what the record was found from, one statement after the other.

        What is yielded first is proved before what follows is computed.
        """

    @abstractmethod
    def explain(self) -> Iterable[Step]:
        """The record as steps of the derivation."""

    def __post_init__(self) -> None:
        proved = []
        for certificate in self.certify():
            if not is_proved(certificate.verdict):
                stage = type(self).__name__
                raise CertificateError(f"{stage}: {certificate.claim}: {certificate.verdict}")
            proved.append(certificate)
        if not proved:
            raise CertificateError(f"{type(self).__name__}: no certificate")
        object.__setattr__(self, "certificates", tuple(proved))
        object.__setattr__(self, "steps", tuple(self.explain()))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(self.found())}>"

    def _repr_latex_(self) -> str:
        """The equations of all steps, aligned, for a notebook."""
        return in_display(equation for step in self.steps for equation in step.statement)

    def found(self) -> dict[str, Any]:
        """The fields that were found, by name: neither needs nor proofs."""
        hints = get_type_hints(type(self), include_extras=True)
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in ("certificates", "steps")
            and _NEED not in getattr(hints[field.name], "__metadata__", ())
        }
