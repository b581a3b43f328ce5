"""Stage: what a trajectory needs of its start, in forms that floats can compute.

The chart and the output in the initial weights; the rates with each number computed once: λ, B = λ y, the
root of R, and of R ± 2|B| the one that cancels by the other. Which of them is r₊ the sign of B decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Abs, Expr, Symbol, sqrt

from symbolic.explicit.chart import Chart
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.decaying import MINUS, PLUS
from symbolic.explicit.notation import B, omega_i0, overlap_0, u_i0
from symbolic.explicit.observables import Observables
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import f, h_i, lam, rho, u_i
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal
from symbolic.proof.parts import exactly

root, size_B, larger, smaller = (
    Symbol(name, nonnegative=True) for name in ("root", "size_B", "larger", "smaller")
)
START = {u_i: u_i0, h_i: rho * omega_i0}


@dataclass(frozen=True, kw_only=True)
class StableStart(Record):
    """The start of a trajectory as it is computed.

    Attributes:
        chart, reduction, integral, closed, observables: where the formulas are from.
        p, q: the chart in u_i(0) and ω_i(0).
        output: f₀ in the overlap of the initial layers.
        linear: B in λ and y.
        square: R²/4 − B², in which nothing cancels.
        rate: R in root = √(square + B²).
        larger: R + 2|B| in R and size_B = |B|.
        smaller: R − 2|B| in larger.
        r_plus, r_minus: which of them R + 2B and R − 2B are, for B ≥ 0 and for B < 0.
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "growing": XU_ZIYIN.at("Eq. 4"),
        "falling": XU_ZIYIN.at("Eq. 4"),
        "initial_output": XU_ZIYIN.at("Eq. 53"),
        "balance": XU_ZIYIN.at("Eq. 23"),
        "constants": XU_ZIYIN.at("Eq. 10-11"),
    }

    chart: Need[Chart]
    reduction: Need[Reduction]
    integral: Need[RiccatiTime]
    closed: Need[ClosedForm]
    observables: Need[Observables]
    p: Expr
    q: Expr
    output: Expr
    linear: Expr
    square: Expr
    rate: Expr
    larger: Expr
    smaller: Expr
    r_plus: tuple[Expr, Expr]
    r_minus: tuple[Expr, Expr]

    def certify(self) -> Iterator[Certificate]:
        """By substitution."""
        for name, form, plain in (("p", self.p, self.chart.p), ("q", self.q, self.chart.q)):
            yield Certificate(f"{name} at the start", prove_equal(form, plain.xreplace(START)))
        reached = self.observables.overlap.subs(f, self.output)
        yield Certificate("the initial output", prove_equal(reached, overlap_0))
        rate, coefficients = self.reduction.rate, self.integral.coefficients
        linear = self.linear.xreplace({lam: rate})
        yield Certificate("B in lambda and y", prove_equal(linear, coefficients[B]))
        whole = self.rate.subs(root, sqrt(self.square + B**2))
        yield Certificate("R by its root", prove_equal(whole, self.closed.rate))
        yield Certificate("no square is negative", _is_nonnegative(self.square))
        yield from _root_certificates(self)

    def explain(self) -> Iterator[Step]:
        """The start in the initial weights."""
        yield Step(
            "Start of a trajectory",
            (("p_i", self.p), ("q_i", self.q), (r"f_0", self.output), (B, self.linear)),
            r"The chart and the output at $t=0$ in the initial weights, $h_i=\rho\,\omega_i$.",
        )


def derive(
    chart: Chart,
    reduction: Reduction,
    integral: RiccatiTime,
    closed: ClosedForm,
    observables: Observables,
) -> StableStart:
    """Insert the initial weights, and name what is computed once."""
    p, q = (sympy.expand(z.xreplace(START)) for z in (chart.p, chart.q))
    (radical,) = (z for z in closed.rate.atoms(sympy.Pow) if z.exp == sympy.Rational(1, 2))
    whole = closed.larger.xreplace({Abs(B): size_B})
    above, below = sympy.fraction(closed.smaller)
    return StableStart(
        chart=chart,
        reduction=reduction,
        integral=integral,
        closed=closed,
        observables=observables,
        p=p,
        q=q,
        output=sympy.solve(observables.overlap - overlap_0, f)[0],
        linear=sympy.cancel(integral.coefficients[B] / reduction.rate) * lam,
        square=radical.base - B**2,
        rate=closed.rate.xreplace({radical: root}),
        larger=whole,
        smaller=above / larger * sympy.cancel(closed.larger / below),
        r_plus=(larger, smaller),
        r_minus=(smaller, larger),
    )


def _root_certificates(record: StableStart) -> Iterator[Certificate]:
    """For each sign of B, with R² known."""
    values = {larger: record.larger, smaller: record.smaller.xreplace({larger: record.larger})}
    plus, minus = exactly(2, record.r_plus), exactly(2, record.r_minus)
    for words, size, above, below in zip((">=", "<"), (B, -B), plus, minus, strict=True):
        for name, found, exact in (("r_plus", above, PLUS), ("r_minus", below, MINUS)):
            value = found.xreplace(values).subs(size_B, size)
            verdict = prove_equal(value, exact, squares=record.closed.relation)
            yield Certificate(f"{name}, B {words} 0", verdict)


def _is_nonnegative(square: Expr) -> Verdict:
    return Proved("signs of its factors") if square.is_nonnegative else Undecided(f"{square}")
