"""How a user's statement is judged: at symbolic width, or with weights written out.

Statements about P, Q, α and other scalars are proved for every width and input dimension, at starts with
P, Q > 0 and γ ≠ 0. Statements with weights of single neurons, or sums over them, are written out for
three sizes, at least one of them with more neurons and inputs than are named, and proved there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import sympy
from sympy import Basic, Expr

from verify.claims.attempts import attempt
from verify.claims.claim import Evidence, Finding, Test, Verdict
from verify.claims.equation import Convention, Equation
from verify.claims.grammar import ClaimError, Node, Relation, Statement, parse
from verify.claims.language import Scope, has_indices, largest_indices
from verify.claims.relations import Relational, Together, Vacuous
from verify.claims.scope import FREE, HALF_FREE, INSERTED, MakeScope, scalars, weights

WORDS = {
    "equals the derived expression": "both sides have one normal form",
    "differs from the derived expression": "both sides differ at exact values",
}
LARGEST = 3  # neuron or input that may be named by its number


@dataclass(frozen=True)
class Stated(Test):
    """A statement of a user; what it means is worked out when it is judged.

    Attributes:
        text: as it was written.
    """

    text: str

    @cached_property
    def _built(self) -> Test:
        return build(parse(self.text), self.text)

    def judge(self) -> Finding:
        """The finding, or that it cannot be read."""
        try:
            finding = self._built.judge()
        except ClaimError as error:
            return Finding(Verdict.UNREADABLE, Evidence.NONE, str(error))
        why, ball = WORDS.get(finding.why, finding.why), finding.ball
        if ball and not ball.startswith("left"):
            ball = f"right minus left is {ball}"
        return replace(finding, why=why, ball=ball)

    def mutants(self) -> list[tuple[str, Test]]:
        """Of what is stated."""
        return self._built.mutants()

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The text."""
        return rf"\text{{{self.text}}}"


@dataclass(frozen=True)
class Unreadable(Test):
    """What stands where a statement should.

    Attributes:
        text: the statement, if there is one.
        why: what is wrong with it.
    """

    text: str
    why: str

    def judge(self) -> Finding:
        """That it cannot be read."""
        return Finding(Verdict.UNREADABLE, Evidence.NONE, self.why)

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The text."""
        return rf"\text{{{self.text}}}"


def build(statement: Statement, text: str) -> Test:
    """The test of a statement: at symbolic width, or with weights written out at small sizes."""
    scopes = _scopes(statement)
    tests = {size: _test(statement, make, text, size) for size, make in scopes.items()}
    meant = {size: test for size, test in tests.items() if test is not None}
    if not meant:
        return Vacuous(text)
    sized = {size: test for size, test in meant.items() if size is not None}
    return Together(sized, text) if sized else meant[None]


def sampled(text: str) -> Finding:
    """A counterexample at exact points, or that there was none; nothing is proved."""
    statement = parse(text)
    for make in _scopes(statement).values():
        finding = _relational(statement, make, text).sampled()
        if finding.verdict is Verdict.FAILS:
            break
    return finding


def warm_up() -> None:
    """Derive what scalars mean, once."""
    scalars(FREE)
    scalars(INSERTED)


Size = tuple[int, int] | None  # a width and an input dimension, or none where both are symbols


def _scopes(statement: Statement) -> dict[Size, MakeScope]:
    sides = [side for z in (statement.claim, *statement.given) for side in (z.left, z.right)]
    if not any(has_indices(side) for side in sides):
        return {None: scalars}
    return {size: weights(*size) for size in sizes(sides)}


def sizes(sides: Sequence[Node]) -> list[tuple[int, int]]:
    """Widths and input dimensions: as many as are named, and more than are, and not as many of both."""
    named = [largest_indices(side) for side in sides]
    d, d0 = (min(max(1, *column), LARGEST) for column in zip((0, 0), *named, strict=True))
    return [(d, d0), (d + 1, d0), (d + 2, d0 + 1)]


def _test(statement: Statement, make: MakeScope, text: str, size: Size) -> Test | None:
    """An equation of expressions if that proves it, else real arithmetic; None for empty hypotheses."""
    where = "" if size is None else f" at width {size[0]}, {size[1]} inputs"
    attempt(f"whether the hypotheses contradict each other{where}")
    relational = _relational(statement, make, text)
    if relational.contradicts_itself:
        return None
    if statement.claim.sign != "=":
        attempt(f"real arithmetic{where}")
        return relational
    attempt(f"a normal form{where}")
    equation = _equation(statement, make(HALF_FREE), text)
    if equation.judge().verdict is Verdict.HOLDS:
        return equation
    attempt(f"real arithmetic{where}")
    if relational.judge().evidence is Evidence.PROVED:
        return relational
    attempt(f"a normal form of the solution{where}")
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
    reading = Convention("", condition=conditions)
    return Equation(text.partition("=")[0].strip(), right, lambda: left, (reading,), given=given)


def _assumptions(
    hypotheses: tuple[Relation, ...], scope: Scope
) -> tuple[dict[Expr, Expr], tuple[Basic, ...]]:
    """Equations of a symbol are inserted, one after the other; its sign and the rest are conditions."""
    inserted: dict[Expr, Expr] = {}
    rest: list[Basic] = list(_of_the_start(scope))
    for relation in hypotheses:
        left, right = (scope(side).subs(inserted) for side in (relation.left, relation.right))
        if relation.sign == "=" and _is_insertable(left, right):
            inserted = {z: value.subs(left, right) for z, value in inserted.items()} | {left: right}
            rest += [right > 0] if left.is_positive else [right >= 0] if left.is_nonnegative else []
        else:
            rest.append(scope.relation(relation))
    conditions = (z.subs(inserted) for z in rest)
    return inserted, tuple(z for z in conditions if z != sympy.true)


def _is_insertable(left: Expr, right: Expr) -> bool:
    return bool(
        left.is_Symbol
        and left not in right.free_symbols
        and (right.is_Integer or not left.is_integer)
    )
