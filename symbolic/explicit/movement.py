"""Stage: how far training takes the network from its start.

Both layers move within the plane of their initial values: with s the warped time,

    u(t) = cosh s · u(0) + √(η_u/η_w) sinh s · ω(0),    and ω(t) likewise,

so the distances ‖u(t) − u(0)‖ and ‖W(t) − W(0)‖ are quadratic forms in three initial sums. The
tangent kernel obeys K² = 4λ²f² + const, so its change is a multiple of (f − f₀)(f + f₀). Each is
written once more as a multiple of 1 − e^{−|s|}, by the coordinate that grows: no difference of large
numbers, neither in a network that hardly moves nor in one that dies.
Source: Xu & Ziyin 2025, Eq. 13, 46 and 49, which they evaluate at t = ∞.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr

from symbolic.explicit.chart import Chart
from symbolic.explicit.distances import (
    HYPERBOLIC,
    Form,
    in_initial_weights,
    in_rates,
    kernel_by_decay,
    moved,
    sums_moved,
    whole,
)
from symbolic.explicit.notation import (
    P,
    Q,
    alpha,
    decay,
    decayed,
    f_0,
    kernel_0,
    kernel_x,
    norm_omega_0_2,
    norm_u_0_2,
    omega_i0,
    overlap_0,
    p_i,
    q_i,
    u_i0,
)
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.explicit.weights import Weights, by_side, g
from symbolic.notation.symbols import d, f, h_i, rho, s, u_i
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero


@dataclass(frozen=True)
class Spread:
    """A change is ± decayed (other + gap·grown), gap = decayed/decay; these are sums of products.

    Attributes:
        other: Σ other², in an initial sum.
        cross: Σ other·grown, in initial sums; by Cauchy and Schwarz at most √(other·grown).
        grown: Σ grown², in P or Q, which keep their digits where initial sums would cancel.
    """

    other: Expr
    cross: Expr
    grown: Expr

    @property
    def squared(self) -> Expr:
        """The squared distance."""
        return decayed**2 * self.within(decayed / decay)

    def within(self, gap: Expr) -> Expr:
        """The squared distance divided by decayed²."""
        return self.other + gap * (2 * self.cross + gap * self.grown)


@dataclass(frozen=True, kw_only=True)
class Movement(Record):
    """Distances from the start.

    Attributes:
        chart: p_i and q_i.
        reduction: output and rate in warped time.
        integral: A_P and A_Q.
        weights: at warped time s.
        u, omega: the weights at warped time s as linear forms in their initial values.
        moved_u_2, moved_omega_2: ‖u(t) − u(0)‖² and ‖ω(t) − ω(0)‖² = ‖W(t) − W(0)‖².
        kernel: K(x, x) in A_P, A_Q and α.
        kernel_in_output: the same in the output f, A_P and A_Q.
        gain: f − f₀ in A_P, A_Q and α, divided by 2 sinh s.
        kernel_change: (K − K₀)/K₀ in f, f₀, K and K₀.
        kernel_by_decay: the same in P, Q, decay and decayed, for s ≥ 0 and for s < 0.
        spread_u, spread_omega: what moves the layers, for s ≥ 0 and for s < 0.
    """

    chart: Need[Chart]
    reduction: Need[Reduction]
    integral: Need[RiccatiTime]
    weights: Need[Weights]
    u: Form
    omega: Form
    moved_u_2: Expr
    moved_omega_2: Expr
    kernel: Expr
    kernel_in_output: Expr
    gain: Expr
    kernel_change: Expr
    kernel_by_decay: tuple[Expr, Expr]
    spread_u: tuple[Spread, Spread]
    spread_omega: tuple[Spread, Spread]

    def certify(self) -> Iterator[Certificate]:
        """Two neurons written out; kernel and output in P, Q and α, where they are known."""
        yield from _weights_certificates(self)
        yield from _distance_certificates(self)
        yield from _spread_certificates("u", self.spread_u, self.u, u_i0, self.chart)
        yield from _spread_certificates(
            "omega", self.spread_omega, self.omega, omega_i0, self.chart
        )
        yield from _decay_certificates(self)
        yield from _kernel_certificates(self)

    def explain(self) -> Iterator[Step]:
        """What has moved, and by how much."""
        u, omega = (whole(form) for form in (self.u, self.omega))
        yield Step(
            "Change since the start",
            (
                ("u_i(t)", u),
                (r"\omega_i(t)", omega),
                (r"\|u(t)-u(0)\|^2", self.moved_u_2),
                (r"\|W(t)-W(0)\|^2", self.moved_omega_2),
                (kernel_x, self.kernel),
                (r"\phantom{K}", self.kernel_in_output),
                (r"\frac{K-K_0}{K_0}", self.kernel_change),
                (r"\|u(t)-u(0)\|^2\big|_{s\ge0}", self.spread_u[0].squared),
                (r"\|W(t)-W(0)\|^2\big|_{s\ge0}", self.spread_omega[0].squared),
                (r"\tfrac{K-K_0}{K_0}\big|_{s\ge0}", self.kernel_by_decay[0]),
            ),
            r"The weights are linear in their initial values; $W$ moves along $x$ only. "
            r"$K^2-4\lambda^2f^2$ is conserved, so that $K$ changes by $(f-f_0)(f+f_0)$.",
        )

    def in_alpha(self, expression: Expr) -> Expr:
        """An expression in A_P and A_Q in P and Q, or one in s in α."""
        return expression.xreplace(self.integral.coefficients).subs(s, sympy.log(alpha) / 2)


def derive(chart: Chart, reduction: Reduction, integral: RiccatiTime, weights: Weights) -> Movement:
    """Write weights in their initial values, and kernel and output in α."""
    u, omega = (in_initial_weights(z, chart) for z in (weights.u, weights.omega))
    kernel = in_rates(reduction.rate * reduction.slope, integral)
    output = in_rates(reduction.output, integral)
    ratio = sympy.cancel((kernel**2 - kernel.subs(alpha, 1) ** 2) / _square_gain(output))
    conserved = sympy.expand(sympy.cancel(kernel**2 - ratio * output**2))
    return Movement(
        chart=chart,
        reduction=reduction,
        integral=integral,
        weights=weights,
        u=u,
        omega=omega,
        moved_u_2=moved(u, u_i0),
        moved_omega_2=moved(omega, omega_i0),
        kernel=kernel,
        kernel_in_output=sympy.sqrt(ratio * f**2 + conserved),
        gain=sympy.factor(
            (output - output.subs(alpha, 1)) / (sympy.sqrt(alpha) - 1 / sympy.sqrt(alpha))
        ),
        kernel_change=ratio * (f - f_0) * (f + f_0) / (kernel_0 * (kernel_0 + kernel_x)),
        kernel_by_decay=kernel_by_decay(kernel, integral),
        spread_u=_spread(weights.u_change, chart),
        spread_omega=_spread(weights.omega_change, chart),
    )


def _spread(changes: tuple[Expr, Expr], chart: Chart) -> tuple[Spread, Spread]:
    rising, falling = (Spread(*sums_moved(change, chart)) for change in changes)
    return rising, falling


def _square_gain(output: Expr) -> Expr:
    """f² − f₀²."""
    return output**2 - output.subs(alpha, 1) ** 2


NEURONS = tuple(sympy.symbols(f"u_{k} omega_{k}", real=True) for k in (1, 2))


def _over_neurons(product: Callable[[Expr, Expr], Expr]) -> Expr:
    """Summed over two neurons with weights u and ω."""
    return sympy.Add(*(product(u, omega) for u, omega in NEURONS))


SUMS = {
    norm_u_0_2: _over_neurons(lambda u, omega: u**2),
    norm_omega_0_2: _over_neurons(lambda u, omega: omega**2),
    overlap_0: _over_neurons(lambda u, omega: u * omega),
}


def _squared_change(form: Form, own: Expr) -> Expr:
    """The squared distance of two neurons from their start, in g."""
    change = (whole(form) - own).xreplace(HYPERBOLIC)
    return _over_neurons(lambda u, omega: change.xreplace({u_i0: u, omega_i0: omega}) ** 2)


def _weights_certificates(record: Movement) -> Iterator[Certificate]:
    chart, weights = record.chart, record.weights
    start = {u_i: u_i0, h_i: rho * omega_i0}
    coordinates = {p_i: chart.p.xreplace(start), q_i: chart.q.xreplace(start)}
    for name, form, weight in (("u", record.u, weights.u), ("omega", record.omega, weights.omega)):
        yield Certificate(
            f"{name} in its initial values",
            prove_equal(whole(form).xreplace(HYPERBOLIC), weight.xreplace(coordinates)),
        )


def _distance_certificates(record: Movement) -> Iterator[Certificate]:
    """Two neurons written out."""
    for name, distance, form, own in (
        ("u", record.moved_u_2, record.u, u_i0),
        ("omega", record.moved_omega_2, record.omega, omega_i0),
    ):
        yield Certificate(
            f"|{name}(t) - {name}(0)|^2, two neurons",
            prove_equal(distance.xreplace(SUMS).xreplace(HYPERBOLIC), _squared_change(form, own)),
        )


def _spread_certificates(
    name: str, branches: tuple[Spread, Spread], form: Form, own: Expr, chart: Chart
) -> Iterator[Certificate]:
    """Two neurons written out, against the change in cosh s and sinh s."""

    def mean(coordinate: Expr) -> Expr:
        """P or Q, the sum by the width."""
        return _over_neurons(lambda u, w: coordinate.xreplace({u_i: u, h_i: rho * w}) ** 2) / d

    sums = {**SUMS, P: mean(chart.p), Q: mean(chart.q)}
    explicit = _squared_change(form, own)
    distances = tuple(branch.squared for branch in branches)
    for distance, place, sign in by_side(distances):
        yield Certificate(
            f"|{name}(t) - {name}(0)|^2 by what has decayed, s {sign} 0",
            prove_equal(distance.xreplace(sums).xreplace(place), explicit),
        )


def _decay_certificates(record: Movement) -> Iterator[Certificate]:
    exact = record.in_alpha(record.kernel)
    start = exact.subs(alpha, 1)
    for branch, place, sign in by_side(record.kernel_by_decay):
        yield Certificate(
            f"K - K_0 = K_0 change by what has decayed, s {sign} 0",
            prove_equal(branch.xreplace(place) * start, exact.subs(alpha, g**2) - start),
        )


def _kernel_certificates(record: Movement) -> Iterator[Certificate]:
    reduction = record.reduction
    kernel, output = record.in_alpha(record.kernel), record.in_alpha(reduction.output)
    start = {alpha: sympy.Integer(1)}
    values = {
        kernel_x: kernel, kernel_0: kernel.subs(start), f: output, f_0: output.subs(start),
    }  # fmt: skip
    change, in_output = (
        record.in_alpha(z).xreplace(values) for z in (record.kernel_change, record.kernel_in_output)
    )
    yield Certificate(
        "K = K_0 (1 + change)", prove_equal((change + 1) * kernel.subs(start), kernel)
    )
    yield Certificate("K^2 in the output", prove_equal(in_output**2, kernel**2))
    yield Certificate("it needs no alpha", prove_zero(sympy.diff(record.kernel_in_output, alpha)))
    hyperbolic = sympy.sqrt(alpha) - 1 / sympy.sqrt(alpha)
    yield Certificate(
        "f - f_0 = 2 sinh(s) gain",
        prove_equal(record.in_alpha(record.gain) * hyperbolic, output - output.subs(start)),
    )
    yield Certificate("it is not negative", _is_nonnegative(record.kernel_in_output))
    yield Certificate(
        "K = rate * df/ds", prove_equal(kernel, record.in_alpha(reduction.rate * reduction.slope))
    )


def _is_nonnegative(kernel: Expr) -> Verdict:
    return Proved("sign of a root") if kernel.is_nonnegative else Undecided(f"sign of {kernel}")
