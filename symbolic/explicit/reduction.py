"""Stage 5, reduction: the warp. The whole network is one scalar equation.

In warped time s every neuron follows its own field, dθᵢ/ds = v(θᵢ)/λ, knowing nothing of the
others; in the chart that field is diagonal, so the flow map is a pair of exponentials. What is left
is ds/dt = λ · (−∂L/∂f)(f(s)), with f(s) the sum over neurons at their warped places.
Source: Xu & Ziyin 2025, Eq. 5, 29 and 34-37 at β = 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Sum, diff, exp

from symbolic.explicit.chart import Chart
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import P, Q, d, f, h_i, i, lam, p, p_i, q, q_i, s, u_i
from symbolic.proof.certificate import Certificate, DoesNotApply, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.sums import replace_sums


@dataclass(frozen=True, kw_only=True)
class Reduction(Record):
    """The flow of the network as a flow of one variable.

    Attributes:
        rate: λ, the rate of p in the field v.
        p: p_i(s) in terms of p_i = p_i(0).
        q: q_i(s) in terms of q_i = q_i(0).
        output: f(s), in P, Q and s.
        speed: ds/dt, in s.
        slope: df/ds ≥ 0, in P, Q and s.
    """

    rate: Expr
    p: Expr
    q: Expr
    output: Expr
    speed: Expr
    slope: Expr


def diagonal_rates(flow: Flow, chart: Chart) -> tuple[Expr, Expr]:
    """λ_p and λ_q with v(p) = λ_p p and v(q) = λ_q q.

    Raises:
        DoesNotApply: when v is not diagonal in the chart.
    """
    rates = []
    for form, coordinate in ((chart.p, p_i), (chart.q, q_i)):
        velocity = diff(form, u_i) * flow.velocity_u + diff(form, h_i) * flow.velocity_h
        if velocity.has(sympy.Piecewise):
            raise DoesNotApply(f"v({coordinate}) has branches: it is linear on each alone")
        ratio = sympy.cancel(velocity.xreplace({u_i: chart.u, h_i: chart.h}) / coordinate)
        if ratio.has(p_i, q_i):
            raise DoesNotApply(f"v({coordinate}) = {ratio} * {coordinate} is not linear")
        rates.append(sympy.powsimp(ratio))
    return rates[0], rates[1]


def derive(flow: Flow, chart: Chart) -> Reduction:
    """Take the neuron's flow map, sum the output, and pull the residual back."""
    rate, other = diagonal_rates(flow, chart)
    flow_map = {p_i: p_i * exp(s), q_i: q_i * exp(other / rate * s)}
    contribution = flow.output_i.xreplace({u_i: chart.u, h_i: chart.h}).xreplace(flow_map)
    indexed = sympy.expand(contribution).xreplace({p_i: p[i], q_i: q[i]})
    moments = {Sum(p[i] ** 2, (i, 1, d)): d * P, Sum(q[i] ** 2, (i, 1, d)): d * Q}
    output = sympy.factor(replace_sums(Sum(indexed, (i, 1, d)), moments))
    speed = lam * flow.speed.xreplace({f: output})
    slope = sympy.factor(diff(output, s))

    u_s, h_s = chart.u.xreplace(flow_map), chart.h.xreplace(flow_map)
    here = {u_i: u_s, h_i: h_s}
    kernel = flow.tangent_kernel_i.xreplace(here)
    kernel = replace_sums(
        Sum(sympy.expand(kernel).xreplace({p_i: p[i], q_i: q[i]}), (i, 1, d)), moments
    )
    certificates = (
        Certificate(
            "du/ds = v(u)/rate", prove_equal(diff(u_s, s), flow.velocity_u.xreplace(here) / rate)
        ),
        Certificate(
            "dh/ds = v(h)/rate", prove_equal(diff(h_s, s), flow.velocity_h.xreplace(here) / rate)
        ),
        Certificate("the flow map is the identity at s = 0", _identity_at_zero(flow_map)),
        Certificate("rate * df/ds is the tangent kernel at x", prove_equal(rate * slope, kernel)),
        Certificate("f(s), two neurons written out", _written_out(contribution, output)),
        Certificate("p q does not depend on s", prove_zero(diff(flow_map[p_i] * flow_map[q_i], s))),
    )
    steps = (
        Step(
            "Warped time",
            (
                (r"\frac{ds}{dt}", lam * flow.speed),
                (lam, rate),
                ("p_i(s)", flow_map[p_i]),
                ("q_i(s)", flow_map[q_i]),
            ),
            r"In the chart $v(p_i)=\lambda p_i$ and $v(q_i)=-\lambda q_i$: every neuron follows its "
            r"own field at the common speed; here $p_i,q_i$ on the right are initial values.",
        ),
        Step(
            "One scalar equation",
            (
                ("f(s)", output),
                (r"\frac{ds}{dt}", speed),
                (r"\frac{df}{ds}", slope),
            ),
            r"Sum over the neurons with $P=\frac1d\sum_i p_i^2$ and $Q=\frac1d\sum_i q_i^2$. "
            r"$\lambda\,df/ds$ is the tangent kernel $K(x,x)\ge 0$, so $f$ is monotone in $s$.",
        ),
    )
    return Reduction(
        rate=rate,
        p=flow_map[p_i],
        q=flow_map[q_i],
        output=output,
        speed=speed,
        slope=slope,
        certificates=certificates,
        steps=steps,
    )


def _written_out(contribution: Expr, output: Expr) -> Verdict:
    """The sum over two neurons, with P and Q by their definition as means."""
    pairs = [sympy.symbols(f"p_{number} q_{number}", real=True) for number in (1, 2)]
    total = sympy.Add(*(contribution.xreplace({p_i: one, q_i: two}) for one, two in pairs))
    means = [sum(pair[side] ** 2 for pair in pairs) / 2 for side in (0, 1)]
    return prove_equal(total, output.subs({P: means[0], Q: means[1], d: 2}))


def _identity_at_zero(flow_map: dict[Expr, Expr]) -> Verdict:
    wrong = [z for z, image in flow_map.items() if image.subs(s, 0) != z]
    return Undecided(f"moved at s = 0: {wrong}") if wrong else Proved("substitution")
