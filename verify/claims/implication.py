"""Implications between relations in real symbols: polynomials, and maxima of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sympy
from sympy import Basic, Expr, Symbol
from sympy.core.relational import Relational

from symbolic.notation.typesetting import typeset
from symbolic.proof.equality import Proved, Refuted
from symbolic.proof.real_arithmetic import prove_implication
from verify.claims.claim import Evidence, Finding, Siding, Test, Verdict
from verify.claims.equation import named

FALSE = "the hypotheses hold and the conclusion does not"


@dataclass(frozen=True)
class Implication(Test):
    """Where the hypotheses hold, so does the conclusion; real polynomial and piecewise-linear arithmetic.

    Attributes:
        hypotheses: what the text assumes.
        conclusion: what it states.
        facts: definitions, and what the derivation has proved of the symbols.
        conditions: words and relations that have to be added for the claim to hold.
        elsewhere: words and other facts with which it holds.
        names: LaTeX of relations and symbols that have names of their own.
        at: where a counterexample is looked for first: one that people know.
        there: values at which the claim says something, where a changed conclusion is tried.
        vote: what torch says, where it can.
    """

    hypotheses: tuple[Basic, ...]
    conclusion: Basic
    facts: Callable[[], Sequence[Basic]] = field(default=tuple)
    conditions: tuple[tuple[str, Basic], ...] = ()
    elsewhere: tuple[tuple[str, Callable[[], Sequence[Basic]]], ...] = ()
    names: Mapping[Basic, str] = field(default_factory=dict)
    at: tuple[Basic, ...] = ()
    there: tuple[Basic, ...] = ()
    vote: Callable[[], Siding] | None = None

    def judge(self) -> Finding:
        """As stated, then with each condition more."""
        known = [*self.facts(), *self.hypotheses]
        verdict = prove_implication(known, self.conclusion)
        if self.at and not isinstance(verdict, Proved):  # an irrational one may be no witness
            known_there = prove_implication([*known, *self.at], self.conclusion)
            verdict = known_there if isinstance(known_there, Refuted) else verdict
        if isinstance(verdict, Proved):
            return Finding(Verdict.HOLDS, Evidence.PROVED, "follows, for all values")
        if not isinstance(verdict, Refuted):
            return Finding(Verdict.UNDECIDED, Evidence.NONE, str(verdict))
        false = FALSE if self.hypotheses else "it does not hold there"
        witness = {k: v for k, v in verdict.witness.items() if not k.startswith("e_")}
        added = [(words, [*known, condition]) for words, condition in self.conditions]
        moved = [(words, [*facts(), *self.hypotheses]) for words, facts in self.elsewhere]
        for words, statements in added + moved:
            mended = prove_implication(statements, self.conclusion)
            if isinstance(mended, Proved):
                why = "follows under that condition, and not without it"
                return Finding(Verdict.HOLDS_IF, Evidence.PROVED, why, words, witness, false)
        return Finding(
            Verdict.FAILS,
            Evidence.PROVED,
            "does not follow: exact values refute it",
            "",
            witness,
            false,
        )

    def mutants(self) -> list[tuple[str, Test]]:
        """Other conclusions, where the original holds."""
        where = self._where_it_holds()
        return [
            (change, replace(where, conclusion=conclusion))
            for change, conclusion in _changed_relations(self.conclusion, where.differ)
        ]

    def differ(self, left: Expr, right: Expr) -> bool:
        """Whether both are nowhere equal where the hypotheses hold."""
        known = [*self.facts(), *self.hypotheses]
        return isinstance(prove_implication(known, sympy.Ne(left, right)), Proved)

    def _where_it_holds(self) -> Implication:
        """This, with the condition or the other facts that it needs among its own."""
        words = self.judge().condition
        needed = tuple(z for name, z in self.conditions if name == words)
        facts = dict(self.elsewhere).get(words, self.facts)
        return replace(
            self,
            hypotheses=(*self.hypotheses, *needed),
            facts=facts,
            conditions=(),
            elsewhere=(),
            at=self.there,
        )

    def unneeded(self, names: Mapping[str, str] | None = None) -> list[str]:
        """Hypotheses, as LaTeX, without which the claim holds too; all of them at once."""
        verdict, rest, found = self.judge().verdict, self, list[str]()
        for hypothesis in self.hypotheses:
            fewer = tuple(z for z in rest.hypotheses if z is not hypothesis)
            shorter = replace(rest, hypotheses=fewer)
            if shorter.judge().verdict is verdict:
                rest = shorter
                found.append(self._typeset(hypothesis, names))
        return found

    def siding(self) -> Siding | None:
        """Torch's vote."""
        return self.vote() if self.vote is not None else None

    def _typeset(self, statement: Basic, names: Mapping[str, str] | None = None) -> str:
        own = {z: (Symbol(f"name_{k}"), name) for k, (z, name) in enumerate(self.names.items())}
        return typeset(
            statement.xreplace({z: symbol for z, (symbol, _) in own.items()}),
            named(statement, names) | dict(own.values()),
        )

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """Hypotheses ⇒ conclusion."""
        left = r",\;".join(self._typeset(z, names) for z in self.hypotheses)
        arrow = r"\;\Rightarrow\;" if left else ""
        return left + arrow + self._typeset(self.conclusion, names)


def _changed_relations(conclusion: Basic, differ: Differ) -> Iterator[tuple[str, Basic]]:
    yield "negated", sympy.Not(conclusion)
    if isinstance(conclusion, sympy.Equality):
        left, right = conclusion.lhs, conclusion.rhs
        yield "shifted", sympy.Eq(left, right + 1)
        yield "twice the right side and one more", sympy.Eq(left, 2 * right + 1)
    elif isinstance(conclusion, Relational) and not isinstance(conclusion, sympy.Unequality):
        yield "sides exchanged", conclusion.func(conclusion.rhs, conclusion.lhs)
    elif isinstance(conclusion, sympy.And):
        for part in conclusion.args:
            yield "a part negated", conclusion.xreplace({part: sympy.Not(part)})
    elif isinstance(conclusion, sympy.Equivalent):
        yield from _changed_equivalence(conclusion, differ)


Differ = Callable[[Expr, Expr], bool]
STRICTNESS = {sympy.Lt: sympy.Le, sympy.Le: sympy.Lt, sympy.Gt: sympy.Ge, sympy.Ge: sympy.Gt}


def _changed_equivalence(conclusion: Basic, differ: Differ) -> Iterator[tuple[str, Basic]]:
    """A weaker statement on one side of ⇔ is another one: strictness counts, and so does each part.

    Not the strictness of a relation between what is nowhere equal: there it changes nothing.
    """
    for part in sorted(conclusion.atoms(Relational), key=str):
        other = STRICTNESS.get(type(part))
        if other is not None and not differ(part.lhs, part.rhs):
            yield "strictness", conclusion.xreplace({part: other(part.lhs, part.rhs)})
    for whole in sorted(conclusion.atoms(sympy.And), key=str):
        for part in whole.args:
            rest = sympy.And(*(z for z in whole.args if z != part))
            yield "a part dropped", conclusion.xreplace({whole: rest})
