"""Section 3.3: learning by rescaling."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Eq, Expr, Symbol

from symbolic import notation as n
from verify.checks import Equation, Implication
from verify.claim import Claim, Verdict
from verify.papers.xu_ziyin.alignment import ONE, scalars
from verify.papers.xu_ziyin.symbols import (
    convention,
)

S = sum_pq = n.d * n.pq  # Σ p_i q_i


EQUAL = convention("η_u = η_w = 1", condition={n.eta_u: ONE, n.eta_w: ONE})


def _scalar(name: str) -> Expr:
    return scalars()[name]


def _rescaling() -> list[Claim]:
    a, P, Q, total = n.alpha, n.P, n.Q, sum_pq
    u_2 = n.d * (a * P + Q / a) - 2 * total
    w_2 = n.d * (a * P + Q / a) + 2 * total
    positive = (P > 0, Q > 0)
    claims = [
        Claim(
            id=f"norm-{name}",
            loci=("Sec. 3.3",),
            says=f"the squared norm of {name} in α (x = 1)",
            printed=rf"\|{name}\|^2=d(\alpha P+Q/\alpha){sign}2\sum p_iq_i",
            test=Equation(
                rf"\|{name}\|^2", value, partial(_scalar, key), (convention(""), EQUAL),
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=rf"\|{name}\|^2=\tfrac1{{\eta_{'w' if name == 'u' else 'u'}}}(\ldots)",
            note="Printed with α₊ for α: it is the value at t = ∞.",
        )
        for name, value, sign, key in (
            ("u", u_2, "-", "norm_u_2"), ("w", w_2, "+", "norm_omega_2"),
        )
    ]  # fmt: skip
    A, S2 = Symbol("alpha", positive=True), Symbol("P_plus", positive=True)
    Pp, Qp = Symbol("P", positive=True), Symbol("Q", positive=True)
    grows, shrinks = Pp * A**2 > Qp, Pp * A**2 < Qp
    del S2, positive
    between_up, between_down = Symbol("end", positive=True), Symbol("end", positive=True)
    claims += [
        Claim(
            id="norm-slope",
            loci=("Sec. 3.3",),
            says="d‖u‖²/dα = d(P − Q/α²)",
            printed=r"\frac{d\|u\|^2}{d\alpha}=d\big(P-\tfrac Q{\alpha^2}\big)",
            test=Equation(
                r"\frac{d\|u\|^2}{d\alpha}", n.d * (P - Q / a**2),
                lambda: sympy.diff(scalars()["norm_u_2"], a),
                (convention(""), EQUAL),
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\tfrac d{\eta_w}\big(P-\tfrac Q{\alpha^2}\big)",
        ),
        Claim(
            id="norm-sign",
            loci=("Sec. 3.3",),
            says="the slope of the norms in α has the sign of ζ",
            test=Implication((Pp * A**2 - Qp > 0,), grows),
            note="ζ has the sign of αP − Q/α (Eq. 14).",
        ),
        Claim(
            id="rescaling-1",
            loci=("Sec. 3.3: case 1",),
            says="P > Q and α₊ > 1: α grows from 1, and the norms with it",
            test=Implication((Pp > Qp, A >= 1), grows),
        ),
        Claim(
            id="rescaling-1-mirror",
            loci=("Sec. 3.3: case 1",),
            says="P < Q and α₊ < 1: α falls from 1, and the norms grow",
            test=Implication((Pp < Qp, A <= 1), shrinks),
        ),
        Claim(
            id="rescaling-1-equal",
            loci=("Sec. 3.3: case 1",),
            says="P = Q: the norms grow whichever way α goes",
            test=Implication(
                (Eq(Pp, Qp),), sympy.And(sympy.Or(A <= 1, grows), sympy.Or(A >= 1, shrinks))
            ),
        ),
        Claim(
            id="rescaling-2",
            loci=("Sec. 3.3: case 2",),
            says="P > Q and 1 > α₊ ≥ √(Q/P): the norms fall all the way",
            test=Implication(
                (Pp > Qp, between_down < 1, Pp * between_down**2 >= Qp, A < 1, between_down < A), grows
            ),
            note="There α falls, so that a positive slope in α is a fall in time.",
        ),
        Claim(
            id="rescaling-3",
            loci=("Sec. 3.3: case 3",),
            says="P > Q and α₊ < √(Q/P): the norms first fall, then grow",
            test=Implication(
                (Pp > Qp, Pp * between_up**2 < Qp), sympy.And(Pp > Qp, between_up < 1),
            ),
            note="At α = 1 the slope in α is P − Q > 0, at α₊ it is negative: one change of sign.",
        ),
    ]  # fmt: skip
    return claims


def claims() -> list[Claim]:
    """In printed order."""
    return [*_rescaling()]
