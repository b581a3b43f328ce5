"""How a user's statement is judged: by real arithmetic, else at exact points; at several sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import sympy
from sympy import Basic, Symbol

from symbolic import vocabulary as n
from symbolic.proof.enclosure import enclose, holds
from symbolic.proof.equality import Proved, Refuted
from symbolic.proof.polynomials import PREFIX, Polynomials
from symbolic.proof.real_arithmetic import follows, prove_implication
from symbolic.proof.witness import evaluated
from verify.claims.claim import Evidence, Finding, Test, Verdict
from verify.claims.scope import ALPHA_END

POINTS = 300  # exact points at which an inequality is tried
GENERIC = "for P, Q > 0 and γ ≠ 0"
WIDTHS = (2, 3, 1)  # at which a counterexample is a network


OPPOSITES = {
    sympy.Eq: sympy.Ne, sympy.Ne: sympy.Eq, sympy.Lt: sympy.Ge, sympy.Ge: sympy.Lt,
    sympy.Gt: sympy.Le, sympy.Le: sympy.Gt,
}  # fmt: skip


@dataclass(frozen=True)
class Relational(Test):
    """left ○ right where the hypotheses hold.

    Attributes:
        claim, given: with α(t) and α(∞) as free symbols.
        facts: what holds of them.
        inserted, given_inserted: the same with the solution inserted, to be tried at points.
        text: as it was written.
    """

    claim: Basic
    given: tuple[Basic, ...]
    facts: tuple[Basic, ...]
    inserted: Basic
    given_inserted: tuple[Basic, ...]
    text: str

    def judge(self) -> Finding:
        """Proof, counterexample, or neither."""
        verdict = self._decided(self.claim)
        if isinstance(verdict, Proved):
            if self._is_defined_nowhere:
                why = (
                    "one of its expressions is defined nowhere: a root of a negative number, or 1/0"
                )
                return Finding(Verdict.UNDECIDED, Evidence.PROVED, why)
            return Finding(Verdict.HOLDS, Evidence.PROVED, f"follows {GENERIC}")
        # α(t) takes every value between its ends, but each at its own time.
        if verdict is None or n.t in self._symbols:
            return self.sampled()
        if n.d not in self._symbols.union(*(z.free_symbols for z in self._relevant)):
            return self._refuted(verdict)
        for width in WIDTHS:
            verdict = self._decided(self.claim, sympy.Eq(n.d, width))
            if isinstance(verdict, Refuted):
                return self._refuted(verdict)
        return self.sampled()

    def _refuted(self, verdict: Refuted) -> Finding:
        # A symbol that the solver did not need may have any value.
        witness = {z.name: "1" for z in sorted(self.claim.free_symbols, key=str)}
        witness |= {k: v for k, v in verdict.witness.items() if not k.startswith(PREFIX)}
        why = "does not follow: exact values refute it"
        left, right = self.claim.args
        values = {z: sympy.Rational(witness[z.name]) for z in self.claim.free_symbols}
        number = enclose(left - right, values).str(12)
        return Finding(
            Verdict.FAILS, Evidence.PROVED, why, "", witness, f"left minus right is {number}"
        )

    @cached_property
    def _symbols(self) -> set[Symbol]:
        return set().union(*(z.free_symbols for z in (self.claim, *self.given)))

    @cached_property
    def _relevant(self) -> tuple[Basic, ...]:
        """Facts; where neither γ nor the target nor α(∞) occurs, a target can be found for every α."""
        if self._symbols & {ALPHA_END, n.gamma, n.y}:
            return self.facts
        return tuple(z for z in self.facts if ALPHA_END not in z.free_symbols)

    def _decided(self, claim: Basic, *more: Basic) -> Proved | Refuted | None:
        """Whether it follows; at any real width, unless more is given."""
        try:
            conclusion, conditions, given, facts = self._polynomials(claim, *more)
        except ValueError:
            return None  # a function that is not algebraic
        # What it does not need makes it harder.
        if follows(conditions, conclusion) or follows([*conditions, *given], conclusion):
            return Proved("real arithmetic")
        verdict = prove_implication([*conditions, *given, *facts], conclusion)
        return verdict if isinstance(verdict, (Proved, Refuted)) else None

    def _polynomials(
        self, claim: Basic, *more: Basic
    ) -> tuple[Basic, list[Basic], list[Basic], list[Basic]]:
        """The claim, what its quotients and roots ask for, the hypotheses, and the facts."""
        rewritten = Polynomials()
        conclusion = rewritten.statement(claim)
        asked = list(rewritten.conditions)
        given = [rewritten.statement(z) for z in (*self.given, *more)]
        also = rewritten.conditions[len(asked) :]
        facts = [rewritten.statement(z) for z in self._relevant]
        last = rewritten.conditions[len(asked) + len(also) :]
        return conclusion, asked, [*also, *given], [*last, *facts]

    @property
    def _is_defined_nowhere(self) -> bool:
        """Whether its quotients and roots exist at no start."""
        _, asked, given, facts = self._polynomials(self.claim)
        return follows([*asked, *given, *facts], sympy.false)

    @property
    def contradicts_itself(self) -> bool:
        """Whether no network satisfies the hypotheses."""
        if not self.given:
            return False
        try:
            _, _, given, facts = self._polynomials(sympy.true)
        except ValueError:
            return False
        return follows([*given, *facts], sympy.false)

    def sampled(self) -> Finding:
        """A counterexample at exact points, or how many there were without one."""
        difference = self.inserted.lhs - self.inserted.rhs
        tried = 0
        for values, ball in evaluated(difference, self.given_inserted, POINTS, 1):
            try:
                if not holds(self.inserted, values):
                    witness = {str(k): str(v) for k, v in values.items()}
                    why, number = "a counterexample", f"left minus right is {ball.str(12)}"
                    return Finding(Verdict.FAILS, Evidence.ENCLOSED, why, "", witness, number)
            except ValueError:
                continue  # equal up to the precision of the balls
            tried += 1
        why = f"no counterexample at {tried} exact points"
        return Finding(Verdict.UNDECIDED, Evidence.SAMPLED, why)

    def mutants(self) -> list[tuple[str, Test]]:
        """The opposite, which is false somewhere unless nothing was claimed."""
        return [("negated", self._changed(lambda z: OPPOSITES[type(z)](*z.args, evaluate=False)))]

    def _changed(self, change: Callable[[Basic], Basic]) -> Relational:
        return replace(self, claim=change(self.claim), inserted=change(self.inserted))

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The text."""
        return rf"\text{{{self.text}}}"


@dataclass(frozen=True)
class Together(Test):
    """One statement at several sizes: it holds where it holds at all of them.

    Attributes:
        tests: by size, a width and an input dimension.
        text: as it was written.
    """

    tests: Mapping[tuple[int, int], Test]
    text: str

    def judge(self) -> Finding:
        """The first that does not hold; else that they all do."""
        for (d, d0), test in self.tests.items():
            finding = test.judge()
            if finding.verdict is not Verdict.HOLDS:
                return replace(finding, why=f"{finding.why} (width {d}, {d0} inputs)")
        sizes = ", ".join(f"{d} by {d0}" for d, d0 in self.tests)
        why = f"written out for widths and inputs {sizes}"
        return Finding(Verdict.HOLDS, finding.evidence, why)

    def mutants(self) -> list[tuple[str, Test]]:
        """Of the smallest size."""
        return next(iter(self.tests.values())).mutants()

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The text."""
        return rf"\text{{{self.text}}}"


@dataclass(frozen=True)
class Vacuous(Test):
    """A statement whose hypotheses no network satisfies."""

    text: str

    def judge(self) -> Finding:
        """Neither true nor false of anything."""
        why = f"the hypotheses contradict each other, {GENERIC}: no network satisfies them"
        return Finding(Verdict.UNDECIDED, Evidence.PROVED, why)

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The text."""
        return rf"\text{{{self.text}}}"
