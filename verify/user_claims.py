"""A user's claims file: TOML with one statement per claim, judged like the paper's.

    [[claim]]
    id = "time-scale"
    says = "the time scale of learning"
    statement = "t_c = 1/sqrt(eta_u*eta_w*gamma^2*rho^2*y^2 + 4*rho^4*gamma^4*d^2*P*Q)"

Statements about P, Q, α and other scalars are proved for every width and input dimension, at starts with
P, Q > 0. Statements with weights of single neurons, or sums over them, are written out for the sizes in
`SIZES`, and proved there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sympy
from sympy import Basic, Expr, Symbol

from numeric.errors import InputError
from verify.checks import Convention, Equation
from verify.claim import Claim, Evidence, Finding, Test, Verdict
from verify.claim_language import ClaimError, Relation, Scope, Statement, has_indices, parse
from verify.claim_scope import FREE, HALF_FREE, INSERTED, MakeScope, scalars, weights
from verify.claim_tests import Relational

KEYS = ("id", "says", "statement")
SIZES = ((1, 1), (2, 2))  # widths and input dimensions at which weights are written out


def load(path: Path) -> list[Claim]:
    """The claims of a file.

    Raises:
        InputError: naming the claim, line and column, what was found and what was expected.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InputError(str(path), reason, "a readable TOML file") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(str(path), str(error), "TOML") from None
    tables = content.get("claim")
    if set(content) != {"claim"} or not isinstance(tables, list) or not tables:
        raise InputError(str(path), ", ".join(content)[:60] or "nothing", "[[claim]] tables")
    return [_claim(path, number, table) for number, table in enumerate(tables, 1)]


def _claim(path: Path, number: int, table: Any) -> Claim:
    place = f"{path}, claim {number}"
    if not isinstance(table, dict) or any(not isinstance(z, str) for z in table.values()):
        raise InputError(place, repr(table)[:60], "keys with text")
    unknown = sorted(set(table) - set(KEYS))
    if unknown or "statement" not in table:
        found = f"the key {unknown[0]!r}" if unknown else "no statement"
        raise InputError(place, found, "statement, and perhaps id and says")
    name = table.get("id", f"claim-{number}")
    try:
        statement = parse(table["statement"])
        test = build(statement, table["statement"])
    except ClaimError as error:
        raise InputError(f"{place} ({name})", *_split(error)) from None
    return Claim(
        id=name, loci=(name,), says=str(table.get("says", table["statement"])), test=test, printed="",
        expected=Verdict.HOLDS,
    )  # fmt: skip


def _split(error: ClaimError) -> tuple[str, str]:
    found, _, expected = str(error).partition("; expected ")
    return found, expected


def build(statement: Statement, text: str) -> Test:
    """The test of a statement: at symbolic width, or with weights written out at small sizes."""
    relations = (statement.claim, *statement.given)
    if not any(has_indices(side) for z in relations for side in (z.left, z.right)):
        return _test(statement, scalars, text) or Vacuous(text)
    makers = [weights(d, d0) for d, d0 in SIZES]
    fitting = [make for make in makers if _fits(statement, make)]
    if not fitting:
        makers[-1](FREE).relation(statement.claim)  # says which index is too large
    tests = tuple(filter(None, (_test(statement, make, text) for make in fitting)))
    return (tests[0] if len(tests) == 1 else Together(tests, text)) if tests else Vacuous(text)


def _fits(statement: Statement, make: MakeScope) -> bool:
    try:
        make(FREE).relation(statement.claim)
    except ClaimError as error:
        if "neurons up to" in str(error):
            return False
        raise
    return True


def _test(statement: Statement, make: MakeScope, text: str) -> Test | None:
    """An equation of expressions if that proves it, else real arithmetic; None for empty hypotheses."""
    relational = _relational(statement, make, text)
    if relational.contradicts_itself:
        return None
    if statement.claim.sign != "=":
        return relational
    equation = _equation(statement, make(HALF_FREE), text)
    if equation.judge().verdict is Verdict.HOLDS:
        return equation
    if relational.judge().verdict is not Verdict.UNDECIDED:
        return relational
    with_time = _equation(statement, make(INSERTED), text)
    return with_time if with_time.judge().verdict is not Verdict.UNDECIDED else relational


def _relational(statement: Statement, make: MakeScope, text: str) -> Relational:
    free, inserted = make(FREE), make(INSERTED)
    given, to_try = (
        tuple(scope.relation(z) for z in statement.given) for scope in (free, inserted)
    )
    claims = free.relation(statement.claim), inserted.relation(statement.claim)
    return Relational(
        claims[0], given, free.facts, claims[1], (*_of_the_start(free), *to_try), text
    )


def _of_the_start(scope: Scope) -> Iterator[Basic]:
    return (z for z in scope.facts if not z.has(*FREE))


def _equation(statement: Statement, scope: Scope, text: str) -> Equation:
    conditions, given = _assumptions(statement.given, scope)
    left, right = scope(statement.claim.left), scope(statement.claim.right)
    start = (z.subs(conditions) for z in _of_the_start(scope))
    given = (*given, *(z for z in start if z != sympy.true))
    reading = Convention("", condition=conditions)
    return Equation(text.partition("=")[0].strip(), right, lambda: left, (reading,), given=given)


def _assumptions(
    given: tuple[Relation, ...], scope: Scope
) -> tuple[dict[Expr, Expr], tuple[Basic, ...]]:
    """Equations of a symbol are inserted, positive symbols are made so, the rest are conditions."""
    conditions: dict[Expr, Expr] = {}
    rest: list[Basic] = []
    for relation in given:
        left, right = scope(relation.left), scope(relation.right)
        if relation.sign == "=" and left.is_Symbol and left not in conditions:
            conditions[left] = right
        elif relation.sign == ">" and left.is_Symbol and right == 0 and left not in conditions:
            conditions[left] = Symbol(left.name, positive=True)
        else:
            rest.append(scope.relation(relation))
    return conditions, tuple(rest)


@dataclass(frozen=True)
class Together(Test):
    """One statement at several sizes: it holds where it holds at all of them."""

    tests: tuple[Test, ...]
    text: str

    def judge(self) -> Finding:
        """The first that does not hold; else that they all do."""
        findings = [test.judge() for test in self.tests]
        for finding in findings:
            if finding.verdict is not Verdict.HOLDS:
                return finding
        sizes = ", ".join(f"{d} by {d0}" for d, d0 in SIZES[-len(self.tests) :])
        return Finding(
            Verdict.HOLDS, findings[-1].evidence, f"written out for widths and inputs {sizes}"
        )

    def mutants(self) -> list[tuple[str, Test]]:
        """Of the largest size."""
        return self.tests[-1].mutants()

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The text."""
        return rf"\text{{{self.text}}}"


@dataclass(frozen=True)
class Vacuous(Test):
    """A statement whose hypotheses no network satisfies."""

    text: str

    def judge(self) -> Finding:
        """Neither true nor false of anything."""
        why = "the hypotheses contradict each other: no network satisfies them"
        return Finding(Verdict.UNDECIDED, Evidence.PROVED, why)

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The text."""
        return rf"\text{{{self.text}}}"
