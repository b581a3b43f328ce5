"""A user's claims file: TOML with one statement per claim, judged like the paper's.

    [[claim]]
    id = "time-scale"
    says = "the time scale of learning"
    statement = "t_c = 1/sqrt(eta_u*eta_w*gamma^2*rho^2*y^2 + 4*rho^4*gamma^4*d^2*P*Q)"

Statements about P, Q, α and other scalars are proved for every width and input dimension, at starts with
P, Q > 0 and γ ≠ 0. Statements with weights of single neurons, or sums over them, are written out for
three sizes, at least one of them with more neurons and inputs than are named, and proved there.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sympy
from sympy import Basic, Expr

from numeric.errors import InputError
from verify.checks import Convention, Equation
from verify.claim import Claim, Evidence, Test, Verdict
from verify.claim_language import (
    ClaimError,
    Node,
    Relation,
    Scope,
    Statement,
    has_indices,
    largest_indices,
    parse,
)
from verify.claim_scope import FREE, HALF_FREE, INSERTED, MakeScope, scalars, weights
from verify.claim_tests import Relational, Together, Vacuous

KEYS = ("id", "says", "statement")
LARGEST = 3  # neuron or input that may be named by its number


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
    claims = [_claim(path, number, table) for number, table in enumerate(tables, 1)]
    twice = [name for name, count in Counter(claim.id for claim in claims).items() if count > 1]
    if twice:
        raise InputError(str(path), f"the id {twice[0]!r} twice", "each id once")
    return claims


def _claim(path: Path, number: int, table: Any) -> Claim:
    place = f"{path}, claim {number}"
    if not isinstance(table, dict) or any(not isinstance(z, str) for z in table.values()):
        raise InputError(place, repr(table)[:60], "keys with text")
    unknown = sorted(set(table) - set(KEYS))
    if unknown or "statement" not in table:
        found = f"the key {unknown[0]!r}" if unknown else "no statement"
        raise InputError(place, found, "statement, and perhaps id and says")
    name = table.get("id", f"claim-{number}")
    if not name.strip():
        raise InputError(place, "an empty id", "a name, or no id")
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
    sides = [side for z in (statement.claim, *statement.given) for side in (z.left, z.right)]
    if not any(has_indices(side) for side in sides):
        return _test(statement, scalars, text) or Vacuous(text)
    tests = {size: _test(statement, weights(*size), text) for size in sizes(sides)}
    meant = {size: test for size, test in tests.items() if test is not None}
    return Together(meant, text) if meant else Vacuous(text)


def sizes(sides: Sequence[Node]) -> list[tuple[int, int]]:
    """Widths and input dimensions: as many as are named, and more than are, and not as many of both."""
    named = [largest_indices(side) for side in sides]
    d, d0 = (min(max(1, *column), LARGEST) for column in zip((0, 0), *named, strict=True))
    return [(d, d0), (d + 1, d0), (d + 2, d0 + 1)]


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
    if relational.judge().evidence is Evidence.PROVED:
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
