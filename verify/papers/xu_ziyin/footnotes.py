"""Section 3.1: what stands beside the solution, footnotes 1 and 2, and the definitions of Table 2."""

from __future__ import annotations

import sympy
from sympy import Eq, Expr, Symbol

from symbolic import models
from symbolic import vocabulary as n
from symbolic.explicit.chart import Chart
from symbolic.in_hyperparameters import linear
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Definition, Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.symbols import P_OF, Q_OF, RATES

# Both roots of A α² − Bα − C.
A, C = Symbol("A_P", positive=True), Symbol("A_Q", nonnegative=True)
B, plus, minus = (Symbol(name, real=True) for name in ("B", "alpha_+", "alpha_-"))


def _roots() -> list[sympy.Basic]:
    return [
        Eq(A * plus**2 - B * plus - C, 0), Eq(A * minus**2 - B * minus - C, 0),
        plus >= minus, Eq(A * (plus + minus), B),
    ]  # fmt: skip


def _origin() -> Implication:
    """Second derivatives of the loss in (u, h) of one neuron at 0, by the model."""
    model = models.load("linear")
    loss = model.loss(n.gamma * model.neuron(n.u_i, n.h_i), n.y)
    at_0 = {n.u_i: 0, n.h_i: 0}
    determinant = sympy.hessian(loss, (n.u_i, n.h_i)).subs(at_0).det()
    return Implication(
        (sympy.Ne(n.gamma, 0),), determinant < 0, conditions=(("y ≠ 0", sympy.Ne(n.y, 0)),)
    )


def _vanishes(form: Expr, sign: int) -> Implication:
    """The coordinate of Eq. 4 at β = 1, x = 1 and equal rates, squared, is 0: then w = ±u."""
    u, w, mean = Symbol("u", real=True), Symbol("w", real=True), Symbol("mean", nonnegative=True)
    at_one = {n.beta: 1, n.rho: 1, n.h_i: w, n.u_i: u, n.eta_u: 1, n.eta_w: 1}
    square = sympy.expand(form.subs(at_one) ** 2)
    return Implication((Eq(mean, 0),), Eq(w, sign * u), lambda: [Eq(mean, square)])


def _squares() -> Expr:
    chart = linear()[Chart]
    return chart.p**2 + chart.q**2


def _definition(name: str, words: str) -> Claim:
    return Claim(
        id=f"table-2-{name}",
        loci=(f"Table 2: {words}",),
        says=f"Table 2: {words}",
        test=Definition(words),
        expected=Verdict.NOT_TESTABLE,
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="alpha-plus-positive",
        loci=("footnote 1",),
        says="α₊ > 0 (P ≠ 0)",
        printed=r"\alpha_+>0",
        test=Implication((), plus > 0, _roots, (("Q ≠ 0, or γy > 0", sympy.Or(C > 0, B > 0)),)),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction=r"\alpha_+\ge0",
        note="With Q = 0 and γy ≤ 0 it is 0, and the flow ends at the saddle.",
    ),
    Claim(
        id="xi-below-one",
        loci=("footnote 1",),
        says="1 − α₊ < 1 − α₋, so that ξ < 1 (with the sign of Eq. 40)",
        printed=r"\xi(t)<1",
        test=Implication(
            (), plus > minus, _roots, (("y ≠ 0 or Q ≠ 0", sympy.Or(C > 0, sympy.Ne(B, 0))),)
        ),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction=r"\alpha_+>\alpha_-\ \text{unless}\ y=0=PQ",
        note="There t_c = ∞ and Eq. 8 is 0/0; α = 1/(1 + 4(γ²d)ρ²Pt).",
        uses=("two-roots",),
    ),
    Claim(
        id="small-P",
        loci=("footnote 2",),
        says="for equal rates P = 0 means w = −u for every neuron (x = 1; one neuron)",
        test=_vanishes(P_OF, -1),
    ),
    Claim(
        id="small-Q",
        loci=("footnote 2",),
        says="for equal rates Q = 0 means w = u for every neuron (x = 1; one neuron)",
        test=_vanishes(Q_OF, 1),
    ),
    Claim(
        id="origin-saddle",
        loci=("footnote 2", "Prop. 2"),
        says="the origin is a saddle point: the Hessian of one neuron is indefinite, its determinant negative",
        test=_origin(),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="for y = 0 the origin is a minimum, the loss being f²",
    ),
    Claim(
        id="small-both",
        loci=("footnote 2",),
        says="where P and Q are small the model is close to the origin: p² + q² = (η_uw² + η_wu²)/2 (x = 1)",
        test=Equation(
            "p_i^2+q_i^2", (n.eta_u * n.h_i**2 + n.eta_w * n.u_i**2) / 2,
            lambda: _squares().subs(n.rho, 1), swaps=RATES,
        ),
    ),
    _definition("weights", "u, W"),
    _definition("rates", "η_u, η_w, γ"),
    _definition("sums", "P, Q"),
)  # fmt: skip
