"""Section 3 and Figure 2: what is conserved, its level sets, saddles and minima."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import And, Basic, Eq, Equivalent, Expr, Integer, Ne, Symbol, sqrt

from symbolic.proof.real_arithmetic import find
from verify.claims.claim import Claim, Evidence, Finding, Verdict
from verify.claims.equation import Convention, Decided, Equation
from verify.claims.implication import Implication
from verify.papers.kunin.symbols import (
    LAW,
    NORM_W,
    RATES,
    a,
    along,
    delta,
    eta_a,
    eta_w,
    w_1,
    w_2,
)

SQUARE = Symbol("R", nonnegative=True)  # ‖w‖²
SCALE = Symbol("c", real=True)
d = Symbol("d", integer=True, positive=True)
h_11, h_12, h_22, c_1, c_2 = sympy.symbols("h_11 h_12 h_22 c_1 c_2", real=True)
CROSS = w_1 * c_1 + w_2 * c_2
HAS_TARGET = ("Xᵀy ≠ 0", Ne(c_1**2 + c_2**2, 0))
kappa = Symbol("kappa", positive=True)
KAPPA = sqrt(LAW**2 + 4 * eta_a * eta_w * a**2 * (w_1**2 + w_2**2))


def _law() -> list[Basic]:
    return [Eq(delta, eta_w * a**2 - eta_a * SQUARE)]


def _slopes() -> list[Expr]:
    """∂L/∂(a, w), with XᵀX = (h) and Xᵀy = c: L is ½a²wᵀhw − a c·w and a constant."""
    square = h_11 * w_1**2 + 2 * h_12 * w_1 * w_2 + h_22 * w_2**2
    cost = a**2 * square / 2 - a * CROSS
    return [sympy.expand(sympy.diff(cost, z)) for z in (a, w_1, w_2)]


def _saddles() -> Implication:
    """Nothing moves, and Xᵀ(Xβ − y) is not 0."""
    still = And(*(Eq(z, 0) for z in _slopes()))
    misfit = (a * (h_11 * w_1 + h_12 * w_2) - c_1, a * (h_12 * w_1 + h_22 * w_2) - c_2)
    amiss = Ne(misfit[0] ** 2 + misfit[1] ** 2, 0)
    conclusion = Equivalent(And(still, amiss), And(Eq(a, 0), Eq(CROSS, 0)))
    return Implication((), conclusion, conditions=(HAS_TARGET,))


def _codimension() -> Expr:
    """The dimension of all weights, d + 1, less the rank of the differentials of a and w·c where c ≠ 0."""
    ones = sympy.Matrix(
        [[sympy.diff(z, v).subs(c_1, 1) for v in (a, w_1, w_2)] for z in (a, CROSS)]
    )
    return d + 1 - ones.rank()


def _one_piece(values: tuple[Any, ...]) -> Finding:
    """Whether a coordinate that takes both signs on the level set takes the value 0 between them."""
    for inputs in values[0]:
        w = [w_1, w_2][:inputs]
        law = Eq(eta_w * a**2 - eta_a * sum(z**2 for z in w), values[1])
        rates = [eta_a > 0, eta_w > 0]
        for z in (a, *w):
            sides = [find([law, *rates, side]) for side in (z > 0, z < 0)]
            if all(sides) and find([law, *rates, Eq(z, 0)]) is None:
                where = {k.name: str(v) for k, v in (sides[0] or {}).items()}
                witness = {"d": str(inputs), "delta": str(values[1]), **where}
                if inputs == 1 and values[1] < 0:
                    why = "w has one sign on each of two pieces"
                    condition = "there are two inputs or more"
                    return Finding(Verdict.HOLDS_IF, Evidence.PROVED, why, condition, witness, why)
                return Finding(Verdict.FAILS, Evidence.PROVED, f"{z} is nowhere 0", "", witness)
    why = "it shrinks to the sphere a = 0, which is one piece"
    return Finding(Verdict.HOLDS, Evidence.PROVED, why)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="delta",
        loci=("Sec. 3", "Fig. 2"),
        says="δ = η_w a² − η_a‖w‖² is conserved",
        printed=r"\delta=\eta_wa^2-\eta_a\|w\|^2",
        test=Equation(r"\dot\delta", Integer(0), lambda: along(LAW)),
    ),
    Claim(
        id="delta-law",
        added=True,
        loci=("Sec. 3",),
        says="the same in two halves: the velocity of η_w a² is that of η_a‖w‖²",
        test=Equation(
            r"\eta_w\tfrac{d}{dt}a^2", eta_a * along(w_1**2 + w_2**2), lambda: eta_w * along(a**2), swaps=RATES
        ),
    ),
    Claim(
        id="two-sheets",
        loci=("Sec. 3", "Fig. 2"),
        says="δ > 0: two sheets, a > 0 and a < 0",
        test=Implication((delta > 0,), Ne(a, 0), _law),
    ),
    Claim(
        id="cone",
        loci=("Sec. 3", "Fig. 2"),
        says="δ = 0: a double cone, with (a, w) every multiple of it",
        test=Implication((Eq(delta, 0),), Eq(eta_w * (SCALE * a) ** 2 - eta_a * SCALE**2 * SQUARE, 0), _law),
    ),
    Claim(
        id="one-sheet",
        loci=("Sec. 3", "Fig. 2"),
        says="δ < 0: one sheet",
        test=Decided(
            "the level set of a negative law is one piece", ((1, 2), Integer(-1)), _one_piece,
            (("a positive law", ((2,), Integer(1))),),
        ),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="with one input there are two sheets, w > 0 and w < 0",
        note="With one input both layers are alike, and δ → −δ exchanges them.",
    ),
    Claim(
        id="saddles",
        loci=("Sec. 3",),
        says="the stationary points that are no minima are {a = 0, w·Xᵀy = 0}",
        printed=r"\{a=0,\ w\cdot X^\top y=0\}",
        test=_saddles(),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="where Xᵀy = 0 these points are the minima",
        note="Each is a saddle: near (0, w) the loss is ½‖y‖² − a c·δw + ½a²‖Xw‖², with c = Xᵀy, which takes both signs.",
    ),
    Claim(
        id="saddle-dimension",
        loci=("Sec. 3",),
        says="the saddles have dimension d − 1",
        test=Equation(r"\dim", d - 1, _codimension),
    ),
    Claim(
        id="minima",
        loci=("Sec. 3",),
        says="the minima a w = β* lie along β*, apart for a > 0 and a < 0: a hyperbola of two branches",
        printed=r"aw=\beta_*",
        test=Implication(
            (Eq(a * w_1, c_1), Eq(a * w_2, c_2)), And(Ne(a, 0), Eq(w_1 * c_2, w_2 * c_1)),
            conditions=(HAS_TARGET,), at=(Eq(c_1, 0), Eq(c_2, 0), Eq(a, 0), Eq(w_1, 1), Eq(w_2, 0)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="for β* = 0 they are the line w = 0 and all of a = 0, which meet",
    ),
    Claim(
        id="second-layer",
        added=True,
        loci=("Sec. 3",),
        says="δ and β say what a² is: (κ + δ)/(2η_w), κ = √(δ² + 4η_aη_w‖β‖²)",
        test=Equation("a^2", (kappa + delta) / (2 * eta_w), lambda: a**2, (Convention("", ({kappa: KAPPA, delta: LAW},)),), swaps=RATES),
    ),
    Claim(
        id="first-layer",
        added=True,
        loci=("Sec. 3",),
        says="and what ‖w‖² is: (κ − δ)/(2η_a)",
        test=Equation(r"\|w\|^2", (kappa - delta) / (2 * eta_a), lambda: NORM_W**2, (Convention("", ({kappa: KAPPA, delta: LAW},)),), swaps=RATES),
        note="So one β ≠ 0 has two starts for each δ, one for each sign of a.",
    ),
)  # fmt: skip
