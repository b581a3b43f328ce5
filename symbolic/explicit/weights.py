"""Stage: the closed form of the weights, the chart at its warped place.

u_i and ω_i = h_i/ρ are functions of g = √α and of the initial p_i, q_i. Each is written once more
by the coordinate that *grows* along the trajectory and the initial weight, which decays: nothing
then cancels, neither at t = 0 nor at late times. The change since t = 0 is written alike, as a multiple
of 1 − e^{−|s|}: no difference of nearly equal weights. The laws across inputs give w_ij from ω_i.
Source: Xu & Ziyin 2025, Eq. 7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Expr, Sum, diff, sqrt

from symbolic.explicit.chart import Chart
from symbolic.explicit.notation import C, alpha, decay, decayed, growth, omega_i0, p_i, q_i, u_i0
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati import hyperbolic_square, time_derivative
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.laws.conservation import Conservation
from symbolic.network.gradient_flow import Flow
from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import d0, f, h_i, l, lam, rho, s, u_i, w, w_ij, w_il, x, x_j, x_l
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Verdict, prove_equal, prove_zero
from symbolic.proof.parts import exactly
from symbolic.proof.sums import expand_sums

g = sympy.Symbol("g", positive=True)  # √α = e^s
PLACES = tuple(  # for s ≥ 0 and for s < 0
    {decay: small, decayed: 1 - small, growth: g - 1 / g} for small in (1 / g, g)
)


@dataclass(frozen=True, kw_only=True)
class Weights(Record):
    """The weights as functions of α.

    Attributes:
        flow: of a neuron in u_i and h_i.
        laws: across inputs.
        chart: p_i and q_i.
        reduction: p_i and q_i in warped time.
        integral: the warp in time.
        u, omega: of neuron i, in initial p_i, q_i and g = √α.
        w_change: w_ij(t) − w_ij(0), where h_i stands for h_i(t) − h_i(0).
        u_growing, omega_growing: the same weights for s ≥ 0 and for s < 0, in decay = e^{−|s|},
            growth = 2 sinh s, the initial weight and the growing coordinate.
        decayed: 1 − decay in growth and decay, for s ≥ 0 and for s < 0.
        u_change, omega_change: u_i(t) − u_i(0) and ω_i(t) − ω_i(0) for s ≥ 0 and for s < 0, in decay,
            decayed, the initial weight of the other layer and the growing coordinate.
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "weight_u": XU_ZIYIN.at("Eq. 7"),
        "weight_omega": XU_ZIYIN.at("Eq. 7"),
        "change_omega": XU_ZIYIN.at("Eq. 7"),
        "weight_w": XU_ZIYIN.at("Eq. 7 and 24"),
    }

    flow: Need[Flow]
    laws: Need[Conservation]
    chart: Need[Chart]
    reduction: Need[Reduction]
    integral: Need[RiccatiTime]
    u: Expr
    omega: Expr
    w_change: Expr
    u_growing: tuple[Expr, Expr]
    omega_growing: tuple[Expr, Expr]
    decayed: tuple[Expr, Expr]
    u_change: tuple[Expr, Expr]
    omega_change: tuple[Expr, Expr]

    def certify(self) -> Iterator[Certificate]:
        """The gradient-flow equations, and every form of the weights by the first."""
        omega = self.chart.h / rho
        yield from _flow_certificates(self)
        yield Certificate("u at alpha = 1", prove_equal(self.u.subs(g, 1), self.chart.u))
        yield Certificate("omega at alpha = 1", prove_equal(self.omega.subs(g, 1), omega))
        yield from _growing_certificates(self.u_growing, self.u, self.chart.u, u_i0)
        yield from _growing_certificates(self.omega_growing, self.omega, omega, omega_i0)
        yield from _change_certificates("u", self.u_change, self.u, self.chart)
        yield from _change_certificates("omega", self.omega_change, self.omega, self.chart)
        for form, value, sign in by_side(self.decayed):
            yield Certificate(
                f"decay + decayed = 1, s {sign} 0",
                prove_equal((decay + form).xreplace(value), sympy.Integer(1)),
            )
        yield Certificate("the law across inputs holds", _keeps_the_law(self))
        yield Certificate(
            "w_ij stays where h_i does", prove_zero(self.w_change.subs(h_i, sympy.Integer(0)))
        )

    def explain(self) -> Iterator[Step]:
        """The weights, and the forms in which nothing cancels."""
        yield Step(
            "Weights",
            (
                (r"u_i(t)", self.u.subs(g, sqrt(alpha))),
                (r"\omega_i(t)=h_i(t)/\rho", self.omega.subs(g, sqrt(alpha))),
                (r"w_{ij}(t)-w_{ij}(0)", r"\frac{x_j}{\rho}\,\bigl(\omega_i(t)-\omega_i(0)\bigr)"),
            ),
            r"Chart and warp, with initial $p_i,q_i$; the law across inputs, multiplied by $x_l$ and "
            r"summed over $l$, gives $w_{ij}$. The gradient-flow equations hold identically.",
        )
        yield Step(
            "Growing coordinate",
            (
                (r"u_i(t)\big|_{s\ge0}", self.u_growing[0]),
                (r"\omega_i(t)\big|_{s\ge0}", self.omega_growing[0]),
                (r"u_i(t)\big|_{s<0}", self.u_growing[1]),
                (r"\omega_i(t)\big|_{s<0}", self.omega_growing[1]),
            ),
            r"$\delta=e^{-|s|}$, $\varsigma=2\sinh(s)$: the decaying one of $p_i,q_i$ is eliminated by "
            "the initial weight, so that no digits cancel.",
        )
        yield Step(
            "Change of the weights",
            (
                (r"u_i(t)-u_i(0)\big|_{s\ge0}", self.u_change[0]),
                (r"\omega_i(t)-\omega_i(0)\big|_{s\ge0}", self.omega_change[0]),
                (r"u_i(t)-u_i(0)\big|_{s<0}", self.u_change[1]),
                (r"\omega_i(t)-\omega_i(0)\big|_{s<0}", self.omega_change[1]),
            ),
            r"$\bar\delta=1-e^{-|s|}$, and $\sigma=\pm\bar\delta(1+\delta)/\delta$: a weight moves by "
            "what the other layer had, and by what the growing coordinate has grown.",
        )


def derive(
    flow: Flow, laws: Conservation, chart: Chart, reduction: Reduction, integral: RiccatiTime
) -> Weights:
    """Substitute the warp into the chart, and write weights and changes such that nothing cancels."""
    warped = {p_i: reduction.p.subs(s, sympy.log(g)), q_i: reduction.q.subs(s, sympy.log(g))}
    u_t, omega_t = chart.u.xreplace(warped), chart.h.xreplace(warped) / rho
    u_growing = by_growing_coordinate(u_t, chart.u, u_i0)
    omega_growing = by_growing_coordinate(omega_t, chart.h / rho, omega_i0)
    grown = growth * decay / (1 + decay)
    start = {u_i: u_i0, h_i: rho * omega_i0}
    in_initial = {p_i: chart.p.xreplace(start), q_i: chart.q.xreplace(start)}
    return Weights(
        flow=flow,
        laws=laws,
        chart=chart,
        reduction=reduction,
        integral=integral,
        u=u_t,
        omega=omega_t,
        w_change=input_weights(laws),
        u_growing=u_growing,
        omega_growing=omega_growing,
        decayed=(grown, -grown),
        u_change=by_change(u_growing, u_i0, in_initial),
        omega_change=by_change(omega_growing, omega_i0, in_initial),
    )


def input_weights(laws: Conservation) -> Expr:
    """w_ij from h_i: Σ_l x_l · (law across inputs j, l) is linear in both."""
    (law,) = laws.linear
    summed = expand_sums(Sum(x[l] * law.xreplace({w_il: w[1, l], x_l: x[l]}), (l, 1, d0))).xreplace(
        {Sum(w[1, l] * x[l], (l, 1, d0)): h_i, Sum(x[l] ** 2, (l, 1, d0)): rho**2}
    )
    return sympy.solve(summed, w_ij)[0]


def by_growing_coordinate(weight: Expr, chart: Expr, start: Expr) -> tuple[Expr, Expr]:
    """Eliminate q, then p, by the initial weight.

    Raises:
        ValueError: when the weight does not split into a growing and a decaying part.
    """
    branches = []
    for other, small in ((q_i, 1 / g), (p_i, g)):
        eliminated = sympy.expand(weight.subs(other, sympy.solve(chart - start, other)[0]))
        falling = eliminated.coeff(start)
        ratio = sympy.cancel((eliminated - falling * start) / (g - 1 / g))
        if sympy.cancel(falling - small) != 0 or ratio.has(g):
            raise ValueError(f"{weight} does not split into a growing and a decaying part")
        branches.append(decay * start + growth * ratio)
    return branches[0], branches[1]


def by_change(
    branches: tuple[Expr, Expr], start: Expr, in_initial: dict[Expr, Expr]
) -> tuple[Expr, Expr]:
    """The change of a weight: growth = ± decayed (1 + decay)/decay, and decay − 1 = −decayed.

    Then ± decayed (2 r z ∓ start + (decayed/decay) r z), with z the growing coordinate: of the bracket
    the first two terms are what the other layer had.
    """
    changes = []
    for branch, sign in zip(branches, (1, -1), strict=True):
        grown = branch.coeff(growth)
        other = sympy.expand((2 * grown).xreplace(in_initial) - sign * start)
        changes.append(sign * decayed * (other + decayed / decay * grown))
    return changes[0], changes[1]


def by_side(
    branches: tuple[Expr, Expr],
) -> Iterator[tuple[Expr, dict[Expr, Expr], str]]:
    """The forms for s ≥ 0 and for s < 0, with what decay, decayed and growth are there."""
    return zip(exactly(2, branches), PLACES, (">=", "<"), strict=True)


def _flow_certificates(record: Weights) -> Iterator[Certificate]:
    """The residual of the gradient-flow equations with g² = N/D and C² = 1 + R²S²."""
    flow, reduction, riccati = record.flow, record.reduction, record.integral.riccati
    top, bottom = riccati.numerator, riccati.denominator
    names = {**record.integral.coefficients, lam: reduction.rate}
    relation = hyperbolic_square(riccati.rate_squared)
    square = {g: (top / bottom).xreplace(names), C: relation[C].xreplace(names)}
    d_g = g * (riccati.wronskian / (2 * top * bottom)).xreplace(names)
    speed = reduction.residual.xreplace({f: reduction.output.subs(s, sympy.log(g))})
    h_t = record.omega * rho
    here = {u_i: record.u, h_i: h_t}
    yield Certificate(
        "2 g'/g is the logarithmic derivative of N/D",
        prove_equal(
            time_derivative(top / bottom, riccati.rate_squared),
            riccati.wronskian / bottom**2,
            squares=relation,
        ),
    )
    yield Certificate(
        "du/dt = -rate dL/du",
        prove_equal(
            diff(record.u, g) * d_g, speed * flow.velocity_u.xreplace(here), squares=square
        ),
    )
    yield Certificate(
        "dw/dt = -rate dL/dw",
        prove_equal(
            diff(record.w_change, h_i) * diff(h_t, g) * d_g,
            speed * flow.velocity_w.xreplace(here),
            squares=square,
        ),
    )


def _keeps_the_law(record: Weights) -> Verdict:
    """Of neuron i, with w_ij and w_il moved along their inputs."""
    (law,) = record.laws.linear
    along_l = record.w_change.xreplace({x_j: x_l})
    moved = law.xreplace({w_ij: w_ij + record.w_change, w_il: w_il + along_l})
    return prove_equal(moved, law)


def _growing_certificates(
    branches: tuple[Expr, Expr], weight: Expr, chart: Expr, start: Expr
) -> Iterator[Certificate]:
    for branch, value, sign in by_side(branches):
        yield Certificate(
            f"{start} by its growing coordinate, s {sign} 0",
            prove_equal(branch.xreplace(value).xreplace({start: chart}), weight),
        )


def _change_certificates(
    name: str, branches: tuple[Expr, Expr], weight: Expr, chart: Chart
) -> Iterator[Certificate]:
    start = {u_i0: chart.u, omega_i0: chart.h / rho}
    for branch, value, sign in by_side(branches):
        yield Certificate(
            f"the change of {name}, s {sign} 0",
            prove_equal(branch.xreplace(value).xreplace(start), weight - weight.subs(g, 1)),
        )
