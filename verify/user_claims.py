"""A user's claims file: TOML with one statement per claim, judged like the paper's.

    [[claim]]
    id = "time-scale"
    says = "the time scale of learning"
    statement = "t_c = 1/sqrt(eta_u*eta_w*gamma^2*rho^2*y^2 + 4*rho^4*gamma^4*d^2*P*Q)"

Statements about P, Q, α and other scalars are proved for every width and input dimension. Statements with
weights of single neurons, or sums over them, are written out for the sizes in `SIZES`, and proved there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sympy
from sympy import Basic, Expr, Symbol, sqrt

from numeric.errors import InputError
from symbolic import notation as n
from symbolic.enclosure import holds
from symbolic.equality import Proved, Refuted, evaluated
from symbolic.real_arithmetic import prove_implication
from verify.checks import Convention, Equation
from verify.claim import Claim, Evidence, Finding, Test, Verdict
from verify.claim_language import ClaimError, Relation, Scope, Statement, has_indices, parse
from verify.papers.xu_ziyin.derived import (
    alpha_of_time,
    limit_of_alpha,
    linear,
    output_of,
    rate,
)

KEYS = ("id", "says", "statement")
SIZES = ((1, 1), (2, 2))  # widths and input dimensions at which weights are written out
POINTS = 300  # exact points at which an inequality is tried
FREE = Symbol("alpha", positive=True)


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
    """The test of a statement: of both sides as expressions, with α free or as a function of time."""
    relations = (statement.claim, *statement.given)
    sides = [side for relation in relations for side in (relation.left, relation.right)]
    written_out = any(has_indices(side) for side in sides)
    tests = tuple(
        _test(statement, scope, text)
        for scope in (
            *(_weights(d, d0) for d, d0 in SIZES if _fits(statement, d, d0)),
        )
    ) if written_out else (_test(statement, _scalars, text),)  # fmt: skip
    if not tests:
        _weights(*SIZES[-1])(FREE).relation(statement.claim)  # says which index is too large
    return tests[-1] if len(tests) == 1 else Together(tests, text)


def _fits(statement: Statement, d: int, d0: int) -> bool:
    try:
        _weights(d, d0)(FREE).relation(statement.claim)
    except ClaimError as error:
        if "neurons up to" in str(error):
            return False
        raise
    return True


def _test(statement: Statement, scope: Any, text: str) -> Test:
    """With α free where that is enough, else with α(t)."""
    free = _one(statement, scope(FREE), text)
    if free.judge().verdict is Verdict.HOLDS:
        return free
    return _one(statement, scope(None), text)


def _one(statement: Statement, scope: Scope, text: str) -> Test:
    conditions, given = _assumptions(statement.given, scope)
    left, right = scope(statement.claim.left), scope(statement.claim.right)
    if n.pq in left.free_symbols | right.free_symbols:
        given = (*given, n.pq**2 <= n.P * n.Q)  # Cauchy and Schwarz
    if statement.claim.sign == "=":
        reading = Convention("", condition=conditions)
        return Equation(
            text.partition("=")[0].strip(), right, lambda: left, (reading,), given=given
        )
    claim = scope.relation(statement.claim)
    return Inequality(claim.subs(conditions), tuple(z.subs(conditions) for z in given), text)


def _assumptions(
    given: tuple[Relation, ...], scope: Scope
) -> tuple[dict[Expr, Expr], tuple[Basic, ...]]:
    """Equations of a symbol are inserted, positive symbols are made so, the rest are conditions."""
    conditions: dict[Expr, Expr] = {}
    rest: list[Basic] = []
    for relation in given:
        left, right = scope(relation.left), scope(relation.right)
        if relation.sign == "=" and left.is_Symbol:
            conditions[left] = right
        elif relation.sign == ">" and left.is_Symbol and right == 0:
            conditions[left] = Symbol(left.name, positive=True)
        else:
            rest.append(scope.relation(relation))
    return conditions, tuple(rest)


@cache
def _constants() -> dict[str, Expr]:
    names = ("gamma", "eta_u", "eta_w", "rho", "y", "d", "P", "Q", "pq", "t")
    return {name: getattr(n, name) for name in names}


def _scalars(alpha: Expr | None) -> Scope:
    """Everything that P, Q, the mean of pq and the hyperparameters decide, at symbolic width."""
    return Scope(_constants() | _derived(alpha or alpha_of_time()), {}, 0, 0)


def _derived(alpha: Expr) -> dict[str, Expr]:
    scalars, change = linear().observables.in_alpha, linear().change
    rates = dict(linear().integral.coefficients)
    found = {
        "t_c": 2 / rate(), "alpha": alpha, "alpha_end": limit_of_alpha(), "f": output_of(alpha),
        "f_0": output_of(sympy.Integer(1)), "f_end": output_of(limit_of_alpha()),
        "K": change.kernel.subs(rates).subs(n.alpha, alpha),
        "K_0": change.kernel.subs(rates).subs(n.alpha, 1),
    }  # fmt: skip
    for name, key in (
        ("zeta", "alignment"), ("norm_u_2", "norm_u_2"), ("norm_omega_2", "norm_omega_2"),
        ("overlap", "overlap"),
    ):  # fmt: skip
        found[name] = scalars[key].subs(n.alpha, alpha)
        found[f"{name}_0"] = scalars[key].subs(n.alpha, 1)
        found[f"{name}_end"] = scalars[key].subs(n.alpha, limit_of_alpha())
    found["residual"] = found["f"] - n.y
    found["loss"] = found["residual"] ** 2
    return found


def _weights(d: int, d0: int) -> Any:
    """Weights of a network of this size, written out; scalars in them."""

    def scope(alpha: Expr | None) -> Scope:
        u = [Symbol(f"u0_{i}", real=True) for i in range(1, d + 1)]
        w = [[Symbol(f"w0_{i}{j}", real=True) for j in range(1, d0 + 1)] for i in range(1, d + 1)]
        x = [Symbol(f"x_{j}", positive=d0 == 1, real=True) for j in range(1, d0 + 1)]
        rho = sqrt(sum(z**2 for z in x))
        omega = [sum(a * b for a, b in zip(row, x, strict=True)) / rho for row in w]
        p = [(sqrt(n.eta_u) * o + sqrt(n.eta_w) * a) / 2 for o, a in zip(omega, u, strict=True)]
        q = [(sqrt(n.eta_u) * o - sqrt(n.eta_w) * a) / 2 for o, a in zip(omega, u, strict=True)]
        sums = {
            n.P: sum(z**2 for z in p) / d, n.Q: sum(z**2 for z in q) / d,
            n.pq: sum(a * b for a, b in zip(p, q, strict=True)) / d, n.d: sympy.Integer(d), n.rho: rho,
        }  # fmt: skip
        scalars = {
            name: value.subs(sums)
            for name, value in (_constants() | _derived(alpha or alpha_of_time())).items()
        }
        g = sqrt(scalars["alpha"])
        weights: dict[tuple[str, ...], Expr] = {("x", str(j)): z for j, z in enumerate(x, 1)}
        for i in range(d):
            key = str(i + 1)
            now_p, now_q = p[i] * g, q[i] / g
            now_u, now_omega = (now_p - now_q) / sqrt(n.eta_w), (now_p + now_q) / sqrt(n.eta_u)
            for name, start, now in (
                ("u", u[i], now_u), ("omega", omega[i], now_omega),
                ("p", p[i], now_p), ("q", q[i], now_q), ("h", rho * omega[i], rho * now_omega),
            ):  # fmt: skip
                weights[name, key], weights[f"{name}0", key] = now, start
            for j in range(d0):
                weights["w0", key, str(j + 1)] = w[i][j]
                weights["w", key, str(j + 1)] = w[i][j] + (now_omega - omega[i]) * x[j] / rho
        return Scope(scalars, weights, d, d0)

    return scope


@dataclass(frozen=True)
class Inequality(Test):
    """An inequality: proved where both sides are polynomials, else tried at exact points."""

    claim: Basic
    given: tuple[Basic, ...]
    text: str

    def judge(self) -> Finding:
        """Proof, counterexample, or neither."""
        try:
            verdict = prove_implication(self.given, self.claim)
        except (ValueError, KeyError):
            verdict = None
        if isinstance(verdict, Proved):
            return Finding(Verdict.HOLDS, Evidence.PROVED, "follows, for all values")
        if isinstance(verdict, Refuted):
            return Finding(
                Verdict.FAILS,
                Evidence.PROVED,
                "does not follow",
                "",
                verdict.witness,
                "false there",
            )
        return self._sampled()

    def _sampled(self) -> Finding:
        difference = self.claim.lhs - self.claim.rhs
        tried = 0
        for values, ball in evaluated(difference, self.given, POINTS, 1):
            try:
                if not holds(self.claim, values):
                    witness = {str(k): str(v) for k, v in values.items()}
                    return Finding(
                        Verdict.FAILS,
                        Evidence.ENCLOSED,
                        "a counterexample",
                        "",
                        witness,
                        ball.str(12),
                    )
            except ValueError:
                continue  # equal up to the precision of the balls
            tried += 1
        return Finding(
            Verdict.UNDECIDED, Evidence.SAMPLED, f"no counterexample at {tried} exact points"
        )

    def mutants(self) -> list[tuple[str, Test]]:
        """The other way round."""
        return [
            (
                "sides exchanged",
                Inequality(self.claim.func(self.claim.rhs, self.claim.lhs), self.given, self.text),
            )
        ]

    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """The text."""
        return rf"\text{{{self.text}}}"


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
