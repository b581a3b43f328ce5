"""Everything about one named model: its properties and its mutants."""

from __future__ import annotations

from collections.abc import Sequence

from verify.oracle.named.drawn import FAMILIES, problems
from verify.oracle.named.reference import Case, build_reference
from verify.properties.judge import Found, Watch
from verify.properties.named import mutants
from verify.properties.named.check import check
from verify.properties.named.mutants import Verdict

TRIED = {
    "single_neuron": (
        "δ = -100", "δ = 0.0001", "a changes sign", "a rank-one projector", "more rows than inputs",
        "one input, a changes sign",
    ),
    "deep_linear": ("λ = 1", "λ = -0.0001", "λ = 0", "bottleneck"),
    "chain": (
        "depth 4 across 0", "product of the other sign", "a start at 0", "no target",
        "no target, balanced", "no target, balanced, depth 3",
        *(f"balanced, depth {L}, {way}" for L in (2, 3, 4, 5, 6) for way in ("below", "away")),
        "balanced, depth 3, beyond", "no target, one twice", "no target, one thrice",
        "least factors almost equal", "depth 4",
    ),
    "relu_neuron": ("two inputs leave", "all leave", "the only input leaves", "the only input stays"),
}  # fmt: skip
"""By model, problems that mutants are tried on: a few refute as well as many do."""


def names() -> list[str]:
    """The models."""
    return list(FAMILIES)


def judge(model: str, count: int, seed: int, *, with_mutants: bool, watch: Watch) -> Found:
    """Outcomes and, where they all hold, verdicts on mutants.

    Args:
        model: as a case names it.
        count: of drawn problems, beside the degenerate ones.
        seed: of the drawn ones.
        with_mutants: whether mutants are tried.
        watch: told what is done.
    """
    watch.begin(f"{model}: descent")
    cases = build_reference(problems(model, count, seed))
    outcomes = check(cases, progress=lambda one: watch.begin(f"{model}: {one.replace('_', ' ')}"))
    found = Found(outcomes, {})
    if with_mutants and all(outcome.holds for outcome in outcomes):
        found.verdicts = judge_mutants(few(cases), watch)
    return found


def few(cases: Sequence[Case]) -> list[Case]:
    """Those that mutants are tried on."""
    wanted = TRIED[cases[0].problem.model]
    return [case for case in cases if case.problem.name in wanted]


def judge_mutants(cases: Sequence[Case], watch: Watch) -> list[Verdict]:
    """A verdict on every mutant."""
    model = cases[0].problem.model
    watch.begin(f"{model}: mutants", mutants.count(model))
    verdicts = []
    for verdict in mutants.judge_all(cases):
        verdicts.append(verdict)
        watch.advance()
    return verdicts
