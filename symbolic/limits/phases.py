"""Phases: which exponents keep learning stable, and which make it feature learning. Theorem 2.

The rate of learning is of order κ^{e(R)} with e(R) = max(T₁, T₂): T₁ comes from the target, B = λy,
and T₂ from the initial weights, A_P and A_Q. Learning is stable where e(R) = 0, frozen below and unstable
above. A network is in the kernel phase where the relative change of K vanishes. Every statement below is
about piecewise-linear functions of the six exponents, and is proved for all of them by exact linear
programming (`symbolic.proof.real_arithmetic`). Source: Xu & Ziyin 2025, section 4: Definition 1,
Theorem 2, Corollaries 1-3, footnote 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Eq, Expr, Max, Symbol
from sympy.core.relational import Relational

from symbolic.limits.exponents import Scaling
from symbolic.limits.initial_moments import Start
from symbolic.limits.notation import c_eta_u, c_eta_w, c_gamma
from symbolic.limits.symmetries import OBSERVED, Direction, find, no_further
from symbolic.limits.symmetries import SCALES as SCALES
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict
from symbolic.proof.real_arithmetic import prove_implication


@dataclass(frozen=True, kw_only=True)
class Phases(Record):
    """Borders between phases, and choices that lead across them.

    Attributes:
        scaling: exponents of every start.
        by_target, by_weights: T₁ and T₂, in the c's.
        stable_shift: what both rate exponents gain so that learning is stable.
        border: c_γ at which T₁ = T₂.
        feature_shift: the gain that makes learning stable for c_γ ≤ border: a feature learning phase.
        kernel_shift: the same for c_γ > border: a kernel phase, if P/Q → 1.
        ratio: start → e(P − Q) − e(P), below 0 where P/Q → 1; None where P = Q.
        symmetries: directions in which the exponents may be moved without any observable change.
    """

    scaling: Need[Scaling]
    by_target: Expr
    by_weights: Expr
    stable_shift: Expr
    border: Expr
    feature_shift: Expr
    kernel_shift: Expr
    ratio: Mapping[Start, Expr | None]
    symmetries: tuple[Direction, ...]

    def certify(self) -> Iterator[Certificate]:
        """Statements about exponents, for every start and for all hyperparameters."""
        cases = [Case.of(self.scaling, kind) for kind in Start]
        for statements in (_theorem, _choices, _invariance):
            for case in cases:
                yield from statements(case, self)
        yield Certificate(
            "a common factor of both rates moves no border",
            prove_implication([], Eq(_shifted(self.border), self.border)),
        )
        for case in cases:
            yield from _terms(case, self)
        yield Certificate(
            "there are no further symmetries", no_further(self.scaling, self.symmetries)
        )

    def explain(self) -> Iterator[Step]:
        """The borders, and what is added to the rates."""
        yield Step(
            "Phases",
            (
                ("T_1", self.by_target),
                ("T_2", self.by_weights),
                (r"c_\gamma^{\rm border}", self.border),
                (r"\delta c_\eta\big|_{\rm stable}", self.stable_shift),
                (r"\delta c_\eta\big|_{c_\gamma\le c_\gamma^{\rm border}}", self.feature_shift),
                (r"\delta c_\eta\big|_{c_\gamma> c_\gamma^{\rm border}}", self.kernel_shift),
            ),
            r"$[R]=\max(T_1,T_2)$ is $0$ where learning is stable. It is in the kernel phase if and only "
            r"if $T_1<T_2$ and $P/Q\to1$; then the relative change of $K$ is of order "
            r"$\kappa^{2\max(T_1-T_2,\,[P/Q-1])}$. $\delta c_\eta$ is added to both rates' exponents.",
        )


def derive(scaling: Scaling) -> Phases:
    """Compare the two terms of the rate, and solve for the border."""
    by_target = _common(scaling, "B")
    by_weights = _common(scaling, "A_P", "A_Q")
    # Max(…) in T₂ holds no c_γ, so that the difference of both is linear in it.
    (border,) = sympy.solve(by_weights - by_target, c_gamma)
    return Phases(
        scaling=scaling,
        by_target=by_target,
        by_weights=by_weights,
        stable_shift=-Max(by_target, by_weights),
        border=border,
        feature_shift=sympy.expand(-by_target),
        kernel_shift=sympy.expand(-by_weights),
        ratio={kind: _ratio(scaling, kind) for kind in Start},
        symmetries=find(scaling),
    )


def _common(scaling: Scaling, *names: str) -> Expr:
    """The exponent that quantities share, whatever the start."""
    found = {scaling.expanded(kind, name) for kind in Start for name in names}
    if len(found) != 1 or None in found:
        raise ValueError(f"{' and '.join(names)} have several exponents: {found}")
    return found.pop()


def _ratio(scaling: Scaling, kind: Start) -> Expr | None:
    difference = scaling.expanded(kind, "P_minus_Q")
    return None if difference is None else difference - scaling.expanded(kind, "P")


@dataclass(frozen=True)
class Case:
    """Exponents of one start, as symbols with their definitions.

    Attributes:
        kind: the start.
        definitions: exponent symbol → value.
    """

    kind: Start
    definitions: Mapping[Symbol, Expr]

    @classmethod
    def of(cls, scaling: Scaling, kind: Start) -> Case:
        """The exponents of a start."""
        return cls(kind, scaling.definitions(kind))

    def moved(self, by: Mapping[Symbol, Expr]) -> Case:
        """The same at other values of the c's; exponents are called e_…_moved."""
        names = {z: Symbol(f"{z}_moved", real=True) for z in self.definitions}
        new = {z: z + amount for z, amount in by.items()}
        return Case(
            self.kind, {names[z]: v.xreplace(names | new) for z, v in self.definitions.items()}
        )

    def __call__(self, name: str) -> Symbol:
        """The symbol of an exponent."""
        found = [z for z in self.definitions if z.name.removesuffix("_moved") == f"e_{name}"]
        return found[0]

    def has(self, name: str) -> bool:
        """Whether the quantity is not exactly zero."""
        return any(z.name.removesuffix("_moved") == f"e_{name}" for z in self.definitions)

    def facts(self) -> list[Relational]:
        """The definitions as equations."""
        return [Eq(z, value, evaluate=False) for z, value in self.definitions.items()]

    def proves(
        self, claim: str, given: Sequence[Relational], conclusion: Relational
    ) -> Certificate:
        """The certificate of a statement about these exponents."""
        verdict = prove_implication([*self.facts(), *given], conclusion)
        return Certificate(f"{self.kind.value}: {claim}", verdict)


def _theorem(case: Case, record: Phases) -> Iterator[Certificate]:
    """Theorem 2, and how fast the change of the kernel vanishes or grows."""
    target, weights, change = record.by_target, record.by_weights, case("kernel_change")
    ratio = record.ratio.get(case.kind)
    close = [] if ratio is None else [ratio < 0]
    slowest = Max(target - weights, *([] if ratio is None else [ratio]))
    rows: list[tuple[str, Sequence[Relational], Relational]] = [
        ("e(R) = max(T_1, T_2)", [], Eq(case("R"), Max(target, weights))),
        ("kernel phase if T_1 < T_2 and P/Q -> 1", [target < weights, *close], change < 0),
        ("kernel phase only if T_1 < T_2", [change < 0], target < weights),
        *(("kernel phase only if P/Q -> 1", [change < 0], z) for z in close),
        ("e(K change) = 2 max(T_1 - T_2, e(P/Q - 1)) where T_1 <= T_2",
         [target <= weights], Eq(change, 2 * slowest)),
        ("e(K change) = T_1 - T_2 where T_1 >= T_2",
         [target >= weights], Eq(change, target - weights)),
        ("alpha -> 1 in the kernel phase", [change < 0], case("alpha_minus_1") < 0),
        ("the kernel phase is where alpha -> 1", [case("alpha_minus_1") < 0], change < 0),
    ]  # fmt: skip
    for row in rows:
        yield case.proves(*row)


def _choices(case: Case, record: Phases) -> Iterator[Certificate]:
    """Corollaries 1-3: the chosen rates do what they are chosen for."""
    border, ratio = record.border, record.ratio.get(case.kind)
    close = [] if ratio is None else [ratio < 0]
    stable, feature, kernel = (
        case.moved(dict.fromkeys((c_eta_u, c_eta_w), shift))
        for shift in (record.stable_shift, record.feature_shift, record.kernel_shift)
    )
    below, above = c_gamma <= border, c_gamma > border
    yield stable.proves("the stable rate is stable", [], Eq(stable("R"), 0))
    yield feature.proves("stable for c_gamma <= border", [below], Eq(feature("R"), 0))
    yield feature.proves(
        "feature learning for c_gamma <= border", [below], feature("kernel_change") >= 0
    )
    yield kernel.proves("stable for c_gamma > border", [above], Eq(kernel("R"), 0))
    yield kernel.proves(
        "kernel phase for c_gamma > border, if P/Q -> 1",
        [above, *close],
        kernel("kernel_change") < 0,
    )
    yield case.proves(
        "no stable kernel phase elsewhere", [Eq(case("R"), 0), case("kernel_change") < 0], above
    )


def _invariance(case: Case, record: Phases) -> Iterator[Certificate]:
    """Along a symmetry no observable's exponent changes, however far one goes."""
    step = Symbol("theta", real=True)
    for direction in record.symmetries:
        moved = case.moved({z: step * amount for z, amount in direction.items()})
        same = [Eq(moved(name), case(name)) for name in OBSERVED if case.has(name)]
        verdict = prove_implication([*case.facts(), *moved.facts()], sympy.And(*same))
        claim = f"{case.kind.value}: nothing changes along {_spelled(direction)}"
        yield Certificate(claim, verdict)


def _terms(case: Case, record: Phases) -> Iterator[Certificate]:
    """What T₁, T₂ and the ratio are exponents of."""
    yield case.proves("T_1 = e(B)", [], Eq(case("B"), record.by_target))
    for name in ("A_P", "A_Q"):
        yield case.proves(f"T_2 = e({name})", [], Eq(case(name), record.by_weights))
    ratio = record.ratio.get(case.kind, sympy.nan)
    if ratio is not None and case.has("P_minus_Q") and ratio is not sympy.nan:
        exponent = case("P_minus_Q") - case("P")
        yield case.proves("e(P/Q - 1)", [], Eq(exponent, ratio))
    else:
        yield Certificate(f"{case.kind.value}: P = Q", _vanishes(case, ratio))


def _vanishes(case: Case, ratio: Expr | None) -> Verdict:
    if ratio is None and not case.has("P_minus_Q"):
        return Proved("exactly zero")
    return Undecided(f"P/Q - 1 is of exponent {ratio}")


def _shifted(expression: Expr) -> Expr:
    shift = Symbol("shift", real=True)
    return expression.subs({z: z + shift for z in (c_eta_u, c_eta_w)}, simultaneous=True)


def _spelled(direction: Direction) -> str:
    return ", ".join(f"{z} {amount}" for z, amount in direction.items() if amount)
