"""Section 3.3: whether the norms grow or fall, in four cases."""

from __future__ import annotations

import sympy
from sympy import And, Eq, Expr, Implies, Symbol

from symbolic import vocabulary as n
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.in_hyperparameters import linear
from verify.claims.claim import Claim
from verify.claims.implication import Implication

P, Q = (Symbol(name, positive=True) for name in ("P", "Q"))
BEFORE, AFTER = Symbol("alpha_1", positive=True), Symbol("alpha_2", positive=True)
TURN = Symbol("alpha_m", positive=True)  # √(Q/P), where the norms are least


def _turn() -> list[sympy.Basic]:
    return [Eq(P * TURN**2, Q)]


def larger(one: Expr, two: Expr, strictly: bool = False) -> sympy.Basic:
    """‖u‖² at α = one is at least what it is at α = two, both times their product, over d."""
    left, right = P * one**2 * two + Q * two, P * two**2 * one + Q * one
    return left > right if strictly else left >= right


def _rest() -> Implication:
    A, C = Symbol("A_P", positive=True), Symbol("A_Q", nonnegative=True)
    B, plus = Symbol("B", real=True), Symbol("alpha_+", real=True)
    velocity = Symbol("dalpha_dt", real=True)

    def facts() -> list[sympy.Basic]:
        values = {n.A_P: A, n.A_Q: C, n.B: B}
        polynomial = linear()[RiccatiTime].speed.subs(values, simultaneous=True)
        return [
            Eq(velocity, polynomial.subs(n.alpha, 1)),
            Eq(sympy.expand(polynomial.subs(n.alpha, plus)), 0),
        ]

    return Implication((Eq(plus, 1),), Eq(velocity, 0), facts)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="rescaling-1",
        loci=("Sec. 3.3: case 1",),
        says="P > Q and α₊ > 1, α grows from 1: the norms grow",
        test=Implication((P > Q, BEFORE >= 1, BEFORE < AFTER), larger(AFTER, BEFORE, True)),
    ),
    Claim(
        id="rescaling-1-mirror",
        loci=("Sec. 3.3: case 1",),
        says="P < Q and α₊ < 1, α falls from 1: the norms grow",
        test=Implication((P < Q, BEFORE <= 1, AFTER < BEFORE), larger(AFTER, BEFORE, True)),
    ),
    Claim(
        id="rescaling-1-equal",
        loci=("Sec. 3.3: case 1",),
        says="P = Q: the norms grow whichever way α goes from 1",
        note="If it goes: not at α₊ = 1, case 4.",
        test=Implication(
            (Eq(P, Q),),
            And(
                Implies(And(BEFORE >= 1, BEFORE < AFTER), larger(AFTER, BEFORE, True)),
                Implies(And(BEFORE <= 1, AFTER < BEFORE), larger(AFTER, BEFORE, True)),
            ),
        ),
    ),
    Claim(
        id="rescaling-2",
        loci=("Sec. 3.3: case 2",),
        says="P > Q and 1 > α₊ ≥ √(Q/P), α falls from 1: the norms fall all the way",
        test=Implication((P > Q, AFTER >= TURN, AFTER < BEFORE), larger(BEFORE, AFTER, True), _turn),
    ),
    Claim(
        id="rescaling-2-mirror",
        loci=("Sec. 3.3: case 2",),
        says="P < Q and 1 < α₊ ≤ √(Q/P), α grows from 1: the norms fall all the way",
        test=Implication((P < Q, AFTER <= TURN, BEFORE < AFTER), larger(BEFORE, AFTER, True), _turn),
    ),
    Claim(
        id="rescaling-3",
        loci=("Sec. 3.3: case 3",),
        says="P > Q and α₊ < √(Q/P), α falls from 1 through √(Q/P) < 1: the norms first fall, then grow",
        test=Implication(
            (P > Q, AFTER < BEFORE),
            And(
                TURN < 1,
                Implies(AFTER >= TURN, larger(BEFORE, AFTER, True)),
                Implies(BEFORE <= TURN, larger(AFTER, BEFORE, True)),
            ),
            _turn,
        ),
    ),
    Claim(
        id="rescaling-3-mirror",
        loci=("Sec. 3.3: case 3",),
        says="P < Q and α₊ > √(Q/P), α grows from 1 through √(Q/P) > 1: the norms first fall, then grow",
        test=Implication(
            (P < Q, BEFORE < AFTER),
            And(
                TURN > 1,
                Implies(AFTER <= TURN, larger(BEFORE, AFTER, True)),
                Implies(BEFORE >= TURN, larger(AFTER, BEFORE, True)),
            ),
            _turn,
        ),
    ),
    Claim(
        id="rescaling-4",
        loci=("Sec. 3.3: case 4", "Sec. 3.2"),
        says="α₊ = 1: nothing changes, dα/dt = 0 at α = 1",
        test=_rest(),
    ),
)  # fmt: skip
