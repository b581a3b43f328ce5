"""Stage: the whole network, in the chart, is one scalar equation for warped time.

In warped time s every neuron follows its own field, dθᵢ/ds = v(θᵢ)/λ, knowing nothing of the
others; in the chart that field is diagonal, so the flow map is a pair of exponentials. What is left
is ds/dt = λ · (−∂L/∂f)(f(s)), with f(s) the sum over neurons at their warped places.
Source: Xu & Ziyin 2025, Eq. 5, 29 and 34-37 at β = 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Sum, diff, exp

from symbolic.explicit.chart import Chart
from symbolic.explicit.notation import P, Q, p, p_i, q, q_i
from symbolic.network.convexity import ConvexLoss
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import d, f, h_i, i, lam, s, u_i
from symbolic.notation.typesetting import typeset
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.sums import replace_sums

MOMENTS = {Sum(p[i] ** 2, (i, 1, d)): d * P, Sum(q[i] ** 2, (i, 1, d)): d * Q}


@dataclass(frozen=True, kw_only=True)
class Reduction(Record):
    """The flow of the network as a flow of one variable.

    Attributes:
        flow: of a neuron in u_i and h_i.
        chart: in which it is diagonal.
        unit: c where the loss is c (f − y)² + const, else 1: below t stands for c t, so that every such
            loss has the solution of the square.
        rate: λ, the rate of p in the field v.
        p: p_i(s) in terms of p_i = p_i(0).
        q: q_i(s) in terms of q_i = q_i(0).
        output: f(s), in P, Q and s.
        speed: ds/dt, in s.
        slope: df/ds ≥ 0, in P, Q and s.
    """

    loss: Need[ConvexLoss]
    flow: Need[Flow]
    chart: Need[Chart]
    unit: Expr
    rate: Expr
    p: Expr
    q: Expr
    output: Expr
    speed: Expr
    slope: Expr

    def certify(self) -> Iterator[Certificate]:
        """A neuron obeys its flow; two of them, and the kernel of all, are those of the network."""
        yield from _neuron_certificates(self)
        kernel = self._tangent_kernel()
        yield Certificate(
            "rate * df/ds is the tangent kernel at x", prove_equal(self.rate * self.slope, kernel)
        )
        yield Certificate("f(s), two neurons written out", _written_out(self))
        yield Certificate("p q does not depend on s", prove_zero(diff(self.p * self.q, s)))
        slope, speed = diff(self.output, s), self.speed.xreplace({lam: self.rate})
        yield Certificate("df/ds is the slope", prove_equal(slope, self.slope))
        yield Certificate(
            "df/dt = -K dL/df",
            prove_equal(slope * speed, kernel * self.residual.xreplace({f: self.output})),
        )
        unit = prove_equal(self.unit, self.loss.factor or sympy.Integer(1))
        yield Certificate("the unit of time is that of the loss", unit)

    def explain(self) -> Iterator[Step]:
        """Warped time, and the equation that is left."""
        yield Step(
            "Warped time",
            (
                (r"\frac{ds}{dt}", lam * self.residual),
                (lam, self.rate),
                ("p_i(s)", self.p),
                ("q_i(s)", self.q),
            ),
            r"In the chart $v(p_i)=\lambda p_i$ and $v(q_i)=-\lambda q_i$: every neuron follows its "
            r"own field at the common speed; here $p_i,q_i$ on the right are initial values."
            + (
                ""
                if self.unit == 1
                else rf" From here on $t$ stands for ${typeset(self.unit)}\,t$."
            ),
        )
        yield Step(
            "One scalar equation",
            (
                ("f(s)", self.output),
                (r"\frac{ds}{dt}", self.speed),
                (r"\frac{df}{ds}", self.slope),
            ),
            r"Sum over the neurons with $P=\frac1d\sum_i p_i^2$ and $Q=\frac1d\sum_i q_i^2$. "
            r"$\lambda\,df/ds$ is the tangent kernel $K(x,x)\ge 0$, so $f$ is monotone in $s$.",
        )

    @property
    def residual(self) -> Expr:
        """−∂ℓ/∂f in the unit of time."""
        return self.flow.speed / self.unit

    @property
    def weights(self) -> dict[Expr, Expr]:
        """u_i and h_i at s."""
        warped = {p_i: self.p, q_i: self.q}
        return {u_i: self.chart.u.xreplace(warped), h_i: self.chart.h.xreplace(warped)}

    def _tangent_kernel(self) -> Expr:
        """At x and s: the contributions of the neurons, summed."""
        kernel = sympy.expand(self.flow.tangent_kernel_i.xreplace(self.weights))
        return replace_sums(Sum(kernel.xreplace({p_i: p[i], q_i: q[i]}), (i, 1, d)), MOMENTS)


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


def derive(loss: ConvexLoss, flow: Flow, chart: Chart) -> Reduction:
    """Take the neuron's flow map, sum the output, and pull the residual back."""
    unit = loss.factor or sympy.Integer(1)
    rate, other = diagonal_rates(flow, chart)
    flow_map = {p_i: p_i * exp(s), q_i: q_i * exp(other / rate * s)}
    contribution = flow.output_i.xreplace({u_i: chart.u, h_i: chart.h}).xreplace(flow_map)
    indexed = sympy.expand(contribution).xreplace({p_i: p[i], q_i: q[i]})
    output = sympy.factor(replace_sums(Sum(indexed, (i, 1, d)), MOMENTS))
    return Reduction(
        loss=loss,
        flow=flow,
        chart=chart,
        unit=unit,
        rate=rate,
        p=flow_map[p_i],
        q=flow_map[q_i],
        output=output,
        speed=lam * (flow.speed / unit).xreplace({f: output}),
        slope=sympy.factor(diff(output, s)),
    )


def _neuron_certificates(record: Reduction) -> Iterator[Certificate]:
    flow, here = record.flow, record.weights
    yield Certificate(
        "du/ds = v(u)/rate",
        prove_equal(diff(here[u_i], s), flow.velocity_u.xreplace(here) / record.rate),
    )
    yield Certificate(
        "dh/ds = v(h)/rate",
        prove_equal(diff(here[h_i], s), flow.velocity_h.xreplace(here) / record.rate),
    )
    flow_map = {p_i: record.p, q_i: record.q}
    yield Certificate("the flow map is the identity at s = 0", _identity_at_zero(flow_map))


def _written_out(record: Reduction) -> Verdict:
    """The mean over two neurons, with P and Q by their definition as means."""
    contribution = record.flow.output_i.xreplace(record.weights)
    pairs = [sympy.symbols(f"p_{number} q_{number}", real=True) for number in (1, 2)]
    total = sympy.Add(*(contribution.xreplace({p_i: one, q_i: two}) for one, two in pairs))
    means = [sum(pair[side] ** 2 for pair in pairs) / 2 for side in (0, 1)]
    return prove_equal(total / 2, record.output.subs({P: means[0], Q: means[1]}) / d)


def _identity_at_zero(flow_map: dict[Expr, Expr]) -> Verdict:
    wrong = [z for z, image in flow_map.items() if image.subs(s, 0) != z]
    return Undecided(f"moved at s = 0: {wrong}") if wrong else Proved("substitution")
