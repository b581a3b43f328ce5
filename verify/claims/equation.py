"""Tests of printed statements: equations, implications, table entries, definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy
from sympy import Basic, Expr, Symbol

from symbolic.notation.typesetting import typeset
from symbolic.proof.enclosure import EnclosureError, enclose
from symbolic.proof.equality import Proved, Refuted, prove_equal
from symbolic.proof.local_changes import local_changes
from symbolic.proof.witness import evaluated
from verify.claims.claim import Evidence, Finding, Siding, Test, Verdict

Substitution = Mapping[Expr, Expr]
Reading = Substitution | Callable[[], Substitution]  # a function where the derivation gives it


@dataclass(frozen=True)
class Convention:
    """How symbols of the text are read.

    Attributes:
        name: in words; empty for the text's own.
        reading: symbol of the text → its meaning in the derivation's symbols, applied in order.
        condition: what is assumed besides, of printed and derived side alike.
    """

    name: str
    reading: tuple[Reading, ...] = ()
    condition: Reading = field(default_factory=dict)

    def __call__(self, expression: Expr) -> Expr:
        """A printed expression with the text's symbols replaced."""
        for substitution in self.reading:
            expression = _inserted(expression, substitution)
        return self.assume(expression)

    def assume(self, expression: Expr) -> Expr:
        """A derived expression under the condition."""
        return _inserted(expression, self.condition)


def _inserted(expression: Expr, reading: Reading) -> Expr:
    """All at once; symbol by symbol is much faster than patterns."""
    values = reading() if callable(reading) else reading
    if all(isinstance(z, Symbol) for z in values):
        return expression.xreplace(dict(values))
    return expression.subs(values, simultaneous=True)


def equal(left: Expr, right: Expr, given: tuple[Basic, ...] = ()) -> Any:
    """As `prove_equal`, and once more with what stands below roots in factors, so that roots agree.

    A left side that is real at none of the points at which the right side is real is refuted too.
    """
    verdict = prove_equal(left, right, given=given)
    if isinstance(verdict, (Proved, Refuted)):
        return verdict
    again = prove_equal(_factored_roots(left), _factored_roots(right), given=given)
    if isinstance(again, (Proved, Refuted)):
        return again
    return _nowhere_real(left, right) or again


def _nowhere_real(left: Expr, right: Expr) -> Refuted | None:
    there = [values for values, _ in evaluated(right, points=20)]
    symbols = left.free_symbols | right.free_symbols
    for values in there:
        full = {z: values.get(z, sympy.Integer(1)) for z in symbols}
        try:
            enclose(left, full)
        except (EnclosureError, ZeroDivisionError):
            continue
        return None
    if not there:
        return None
    return Refuted({str(z): str(v) for z, v in there[0].items()}, "not a real number")


def _factored_roots(expression: Expr) -> Expr:
    return expression.replace(
        lambda part: part.is_Pow and part.exp.is_Rational and not part.exp.is_Integer,
        lambda part: sympy.factor(sympy.together(part.base)) ** part.exp,
    )


@dataclass(frozen=True)
class Equation(Test):
    """left = printed, with the right-hand side that the derivation gives instead.

    Attributes:
        left: LaTeX or a symbol of what the equation is about.
        printed: right-hand side in the text's symbols.
        derived: the derivation's, computed when it is judged.
        conventions: the text's own reading first; a claim that only a later one proves is HOLDS_IF.
        corrected: the right-hand side with the slip mended, in the text's symbols, proved under the
            last convention without its own condition.
        given: conditions of the text on its symbols.
        swaps: pairs of symbols that a mutant exchanges.
        simulate: gives the measured left side and the values of the symbols, for torch's vote.
        vote: or the vote itself.
    """

    left: str | Basic
    printed: Expr
    derived: Callable[[], Expr]
    conventions: tuple[Convention, ...] = (Convention(""),)
    corrected: Expr | None = None
    given: tuple[Basic, ...] = ()
    swaps: tuple[tuple[Symbol, Symbol], ...] = ()
    simulate: Callable[[], tuple[float, float, Mapping[str, float]]] | None = None
    vote: Callable[[], Siding] | None = None

    def judge(self) -> Finding:
        """Try one reading after the other."""
        wanted, refuted = self.derived(), None
        for convention in self.conventions:
            verdict = equal(convention(self.printed), convention.assume(wanted), self.given)
            if isinstance(verdict, Proved):
                if refuted is None:
                    return Finding(Verdict.HOLDS, Evidence.PROVED, "equals the derived expression")
                if unproved := self._unproved_correction():
                    return unproved
                why = "equals the derived expression under that reading, and not as stated"
                return Finding(
                    Verdict.HOLDS_IF,
                    Evidence.PROVED,
                    why,
                    convention.name,
                    refuted.witness,
                    refuted.ball,
                )
            if isinstance(verdict, Refuted):
                refuted = refuted or verdict
            elif convention is self.conventions[-1] or refuted is None:
                return Finding(Verdict.UNDECIDED, Evidence.NONE, str(verdict))
        return self._fails(refuted, verdict)

    def _fails(self, first: Refuted | None, last: Any) -> Finding:
        """No reading proves it: the witness of the kindest one."""
        assert isinstance(last, Refuted)
        if unproved := self._unproved_correction():
            return unproved
        why = "differs from the derived expression" + (
            "; the correction equals it" if self.corrected is not None else ""
        )
        return Finding(Verdict.FAILS, Evidence.PROVED, why, "", last.witness, last.ball)

    @property
    def _wide_reading(self) -> Convention:
        """The last reading, with no more assumed than the text does: a correction needs no more."""
        return replace(self.conventions[-1], condition=self.conventions[0].condition)

    def _unproved_correction(self) -> Finding | None:
        """UNDECIDED, where there is a correction that is not proved."""
        if self.corrected is None:
            return None
        read = self._wide_reading
        mended = equal(read(self.corrected), read(self.derived()), self.given)
        if isinstance(mended, Proved):
            return None
        return Finding(Verdict.UNDECIDED, Evidence.NONE, f"the correction is not proved: {mended}")

    def mutants(self) -> list[tuple[str, Test]]:
        """One change each, in the reading in which the original holds; none that changes nothing."""
        finding, found, wanted = self.judge(), list[tuple[str, Test]](), self.derived()
        reading = next((z for z in self.conventions if z.name == finding.condition), Convention(""))
        same = reading(self.printed)
        for change, changed in self._changes():
            if changed != self.printed and not _is_same(reading(changed), same):
                mutant = replace(
                    self, printed=changed, derived=lambda: wanted, conventions=(reading,)
                )
                found.append((change, mutant))
        return found

    def _changes(self) -> Iterator[tuple[str, Expr]]:
        if self.printed == 0:
            yield "one more", self.printed + 1
        yield "sign", -self.printed
        yield "factor 2", 2 * self.printed
        yield from local_changes(self.printed)
        for one, two in self.swaps:
            yield f"{one} and {two} exchanged", self.printed.xreplace({one: two, two: one})

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """Left = printed."""
        return f"{typeset(self.left)} = {typeset(self.printed, named(self.printed, names))}"

    def siding(self) -> Siding | None:
        """Printed and corrected side at what torch measured."""
        if self.vote is not None:
            return self.vote()
        if self.simulate is None or self.corrected is None:
            return None
        measured, error, values = self.simulate()
        read = self._wide_reading
        printed, corrected = (
            float(z.subs({s: values[s.name] for s in z.free_symbols}))
            for z in (read(self.printed), read(self.corrected))
        )
        return Siding(typeset(self.left), measured, printed, corrected, error)


def named(statement: Basic, names: Mapping[str, str] | None) -> dict[Symbol, str]:
    """Symbols by their LaTeX, where their names have some."""
    return {z: names[z.name] for z in statement.free_symbols if z.name in names} if names else {}


def _is_same(changed: Expr, original: Expr) -> bool:
    """Whether a change changes nothing, as the sign of something squared."""
    return isinstance(prove_equal(changed, original), Proved)


@dataclass(frozen=True)
class Decided(Test):
    """A statement whose truth is computed by a function, of values that a mutant may change.

    Attributes:
        words: what is decided.
        values: printed values.
        decide: the finding for values.
        changes: other values, each of which must be refuted.
        vote: what torch says, where it can.
    """

    words: str
    values: tuple[Any, ...]
    decide: Callable[[tuple[Any, ...]], Finding]
    changes: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    vote: Callable[[], Siding] | None = None

    def judge(self) -> Finding:
        """Compute it."""
        return self.decide(self.values)

    def mutants(self) -> list[tuple[str, Test]]:
        """The same statement with other values."""
        return [(change, replace(self, values=values)) for change, values in self.changes]

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The words."""
        return rf"\text{{{self.words}}}"

    def siding(self) -> Siding | None:
        """Torch's vote."""
        return self.vote() if self.vote is not None else None


@dataclass(frozen=True)
class Definition(Test):
    """Nothing to test: what a symbol means, or what a phase is called."""

    words: str

    def judge(self) -> Finding:
        """Not testable."""
        return Finding(Verdict.NOT_TESTABLE, Evidence.NONE, "a definition")

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The words."""
        return rf"\text{{{self.words}}}"
