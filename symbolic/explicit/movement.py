"""Stage 8, continued: how far training takes the network from its start.

Both layers move within the plane of their initial values: with s the warped time,

    u(t) = cosh s · u(0) + √(η_u/η_w) sinh s · ω(0),    and ω(t) likewise,

so the distances ‖u(t) − u(0)‖ and ‖W(t) − W(0)‖ are quadratic forms in three initial sums. The
tangent kernel obeys K² = 4λ²f² + const, so its change is a multiple of (f − f₀)(f + f₀). Each is
written once more as a multiple of 1 − e^{−|s|}, by the coordinate that grows: no difference of large
numbers, neither in a network that hardly moves nor in one that dies.
Source: Xu & Ziyin 2025, Eq. 13, 46 and 49, which they evaluate at t = ∞.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Expr

from symbolic.explicit.chart import Chart
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.explicit.weights import PLACES, Weights, g
from symbolic.notation.symbols import (
    A_P,
    A_Q,
    P,
    Q,
    alpha,
    cosh_s,
    d,
    decay,
    decayed,
    eta_u,
    eta_w,
    f,
    f_0,
    h_i,
    kernel_0,
    kernel_x,
    norm_omega_0_2,
    norm_u_0_2,
    omega_i0,
    overlap_0,
    p_i,
    q_i,
    rho,
    s,
    sinh_s,
    u_i,
    u_i0,
)
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import Verdict, prove_equal, prove_zero

Form = dict[Expr, Expr]  # a linear form: initial weight → coefficient
HYPERBOLIC = {cosh_s: (g + 1 / g) / 2, sinh_s: (g - 1 / g) / 2}


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
        u, omega: the weights at warped time s as linear forms in their initial values.
        moved_u_2, moved_omega_2: ‖u(t) − u(0)‖² and ‖ω(t) − ω(0)‖² = ‖W(t) − W(0)‖².
        kernel: K(x, x) in A_P, A_Q and α.
        kernel_in_output: the same in the output f, A_P and A_Q.
        gain: f − f₀ in A_P, A_Q and α, divided by 2 sinh s.
        kernel_change: (K − K₀)/K₀ in f, f₀, K and K₀.
        kernel_by_decay: the same in P, Q, decay and decayed, for s ≥ 0 and for s < 0.
        spread_u, spread_omega: what moves the layers, for s ≥ 0 and for s < 0.
    """

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


def derive(chart: Chart, reduction: Reduction, integral: RiccatiTime, weights: Weights) -> Movement:
    """Write weights in their initial values, and kernel and output in α."""
    u, omega = (in_initial_weights(z, chart) for z in (weights.u, weights.omega))
    moved_u, moved_omega = moved(u, u_i0), moved(omega, omega_i0)
    kernel = in_rates(reduction.rate * reduction.slope, integral)
    output = in_rates(reduction.output, integral)
    gain = sympy.factor(
        (output - output.subs(alpha, 1)) / (sympy.sqrt(alpha) - 1 / sympy.sqrt(alpha))
    )
    ratio = sympy.cancel((kernel**2 - kernel.subs(alpha, 1) ** 2) / _square_gain(output))
    conserved = sympy.expand(sympy.cancel(kernel**2 - ratio * output**2))
    in_output = sympy.sqrt(ratio * f**2 + conserved)
    change = ratio * (f - f_0) * (f + f_0) / (kernel_0 * (kernel_0 + kernel_x))
    record = {
        "u": u,
        "omega": omega,
        "moved_u_2": moved_u,
        "moved_omega_2": moved_omega,
        "kernel": kernel,
        "kernel_in_output": in_output,
        "gain": gain,
        "kernel_change": change,
        "kernel_by_decay": kernel_by_decay(kernel, integral),
        "spread_u": spread(weights.u_change, chart),
        "spread_omega": spread(weights.omega_change, chart),
    }
    values = {
        kernel_x: kernel, kernel_0: kernel.subs(alpha, 1), f: output, f_0: output.subs(alpha, 1),
    }  # fmt: skip
    certificates = (
        *_weights_certificates(u, omega, weights, chart),
        *_distance_certificates(u, omega, moved_u, moved_omega),
        *_spread_certificates("u", record["spread_u"], u, u_i0, chart),
        *_spread_certificates("omega", record["spread_omega"], omega, omega_i0, chart),
        *_kernel_certificates(record["kernel_by_decay"], kernel, integral),
        Certificate(
            "K = K_0 (1 + change)",
            prove_equal(
                (change.xreplace(values) + 1) * kernel.subs(alpha, 1), kernel
            ),
        ),
        Certificate("K^2 in the output", prove_equal(in_output.xreplace(values) ** 2, kernel**2)),
        Certificate("it needs no alpha", prove_zero(sympy.diff(conserved, alpha))),
        Certificate(
            "f - f_0 = 2 sinh(s) gain",
            prove_equal(
                gain * (sympy.sqrt(alpha) - 1 / sympy.sqrt(alpha)), output - output.subs(alpha, 1)
            ),
        ),
    )  # fmt: skip
    return Movement(**record, certificates=certificates, steps=(_step(record),))


def in_initial_weights(weight: Expr, chart: Chart) -> Form:
    """A weight at warped time s as a linear form in u_i(0) and ω_i(0), in cosh s and sinh s."""
    start = {u_i: u_i0, h_i: rho * omega_i0}
    coordinates = {p_i: chart.p.xreplace(start), q_i: chart.q.xreplace(start)}
    whole = sympy.expand(weight.xreplace(coordinates))
    form = {}
    for initial in (u_i0, omega_i0):
        coefficient = whole.coeff(initial)
        even = sympy.cancel((coefficient + coefficient.subs(g, 1 / g)) / 2 / HYPERBOLIC[cosh_s])
        odd = sympy.cancel((coefficient - coefficient.subs(g, 1 / g)) / 2 / HYPERBOLIC[sinh_s])
        form[initial] = even * cosh_s + odd * sinh_s
    return form


def moved(form: Form, own: Expr) -> Expr:
    """Sum over neurons of the squared change; cosh s − 1 by its product with cosh s + 1."""
    change = {z: c - (1 if z == own else 0) for z, c in form.items()}
    shifted = {z: c.subs(cosh_s, cosh_s + 1) if c.has(cosh_s) else c for z, c in change.items()}
    by_u, by_omega = (shifted[z].subs(cosh_s, sinh_s**2 / (cosh_s + 1)) for z in (u_i0, omega_i0))
    return by_u**2 * norm_u_0_2 + by_omega**2 * norm_omega_0_2 + 2 * by_u * by_omega * overlap_0


def spread(changes: tuple[Expr, Expr], chart: Chart) -> tuple[Spread, Spread]:
    """The sums over neurons of which squared distances consist, for s ≥ 0 and for s < 0."""
    start = {u_i: u_i0, h_i: rho * omega_i0}
    sums = {u_i0**2: norm_u_0_2, omega_i0**2: norm_omega_0_2, u_i0 * omega_i0: overlap_0}
    squares = {p_i**2: d * P, q_i**2: d * Q}
    initial = {p_i: chart.p.xreplace(start), q_i: chart.q.xreplace(start)}
    branches = []
    for change in changes:
        inner = sympy.expand(change / decayed)
        parts = sympy.Add.make_args(inner)
        grown = sympy.Add(*(z for z in parts if z.has(p_i, q_i))) * decay / decayed
        other = sympy.Add(*(z for z in parts if not z.has(p_i, q_i)))
        mixed = _summed(other * grown.xreplace(initial), sums)
        branches.append(Spread(_summed(other**2, sums), _common(mixed), _summed(grown**2, squares)))
    return branches[0], branches[1]


def _summed(product: Expr, sums: Form) -> Expr:
    """A quadratic form with each pair of weights replaced by their sum over neurons."""
    whole = sympy.expand(product)
    return sympy.Add(*(whole.coeff(pair) * total for pair, total in sums.items()))


def _common(form: Expr) -> Expr:
    """With the square root that its terms share taken out: where they cancel exactly, floats do too."""
    rate = next(z for z in (eta_u, eta_w) if form.coeff(overlap_0).as_powers_dict()[z] > 0)
    shared = sympy.sqrt(rate) / (2 * (eta_w if rate == eta_u else eta_u))
    return shared * sympy.expand(form / shared)


def kernel_by_decay(kernel: Expr, integral: RiccatiTime) -> tuple[Expr, Expr]:
    """(K − K₀)/K₀ at α = decay^∓2, with 1 − decay² = decayed (1 + decay) taken out."""
    start = kernel.subs(alpha, 1)
    relative = sympy.cancel(((kernel - start) / start).xreplace(integral.coefficients))
    changes = []
    for power in (-2, 2):
        quotient = sympy.cancel(relative.subs(alpha, decay**power) / (1 - decay**2))
        top, bottom = sympy.fraction(sympy.together(quotient))
        whole = sympy.expand(sympy.expand(top) / sympy.cancel(bottom / (P + Q)))
        changes.append(decayed * (1 + decay) * whole / (P + Q))
    return changes[0], changes[1]


def in_rates(expression: Expr, integral: RiccatiTime) -> Expr:
    """An expression in P, Q and s in the rates A_P and A_Q, and α = e^{2s}."""
    in_alpha = sympy.expand(expression.subs(s, sympy.log(alpha) / 2))
    solved = {z: rate * z / integral.coefficients[rate] for z, rate in ((P, A_P), (Q, A_Q))}
    return sympy.expand(sympy.cancel(in_alpha.xreplace(solved)))


def _square_gain(output: Expr) -> Expr:
    """f² − f₀²."""
    return output**2 - output.subs(alpha, 1) ** 2


def _weights_certificates(
    u: Form, omega: Form, weights: Weights, chart: Chart
) -> tuple[Certificate, ...]:
    start = {u_i: u_i0, h_i: rho * omega_i0}
    coordinates = {p_i: chart.p.xreplace(start), q_i: chart.q.xreplace(start)}
    return tuple(
        Certificate(
            f"{name} in its initial values",
            prove_equal(
                sympy.Add(*(z * c for z, c in form.items())).xreplace(HYPERBOLIC),
                weight.xreplace(coordinates),
            ),
        )
        for name, form, weight in (("u", u, weights.u), ("omega", omega, weights.omega))
    )


def _distance_certificates(
    u: Form, omega: Form, moved_u: Expr, moved_omega: Expr
) -> tuple[Certificate, ...]:
    """Two neurons written out."""
    first, second = (sympy.symbols(f"u_{k} omega_{k}", real=True) for k in (1, 2))

    def written_out(form: Form, own: Expr) -> Expr:
        total = sympy.Add(*(z * c for z, c in form.items())) - own
        neurons = (total.xreplace({u_i0: a, omega_i0: b}) ** 2 for a, b in (first, second))
        return sympy.Add(*neurons)

    def verdict(distance: Expr, form: Form, own: Expr) -> Verdict:
        sums = {
            norm_u_0_2: first[0] ** 2 + second[0] ** 2,
            norm_omega_0_2: first[1] ** 2 + second[1] ** 2,
            overlap_0: first[0] * first[1] + second[0] * second[1],
        }
        explicit = written_out(form, own).xreplace(HYPERBOLIC)
        return prove_equal(distance.xreplace(sums).xreplace(HYPERBOLIC), explicit)

    return (
        Certificate("|u(t) - u(0)|^2, two neurons", verdict(moved_u, u, u_i0)),
        Certificate("|omega(t) - omega(0)|^2, two neurons", verdict(moved_omega, omega, omega_i0)),
    )


def _spread_certificates(
    name: str, branches: tuple[Spread, Spread], form: Form, own: Expr, chart: Chart
) -> tuple[Certificate, ...]:
    """Two neurons written out, against the change in cosh s and sinh s."""
    neurons = [sympy.symbols(f"u_{k} omega_{k}", real=True) for k in (1, 2)]
    change = (sympy.Add(*(z * c for z, c in form.items())) - own).xreplace(HYPERBOLIC)
    explicit = sympy.Add(*(change.xreplace({u_i0: a, omega_i0: b}) ** 2 for a, b in neurons))

    def total(product: Callable[[Expr, Expr], Expr]) -> Expr:
        return sympy.Add(*(product(a, b) for a, b in neurons))

    def square(coordinate: Expr) -> Expr:
        return total(lambda a, b: coordinate.xreplace({u_i: a, h_i: rho * b}) ** 2) / d

    sums = {
        norm_u_0_2: total(lambda a, b: a**2), norm_omega_0_2: total(lambda a, b: b**2),
        overlap_0: total(lambda a, b: a * b), P: square(chart.p), Q: square(chart.q),
    }  # fmt: skip
    return tuple(
        Certificate(
            f"|{name}(t) - {name}(0)|^2 by what has decayed, s {sign} 0",
            prove_equal(branch.squared.xreplace(sums).xreplace(place), explicit),
        )
        for branch, place, sign in zip(branches, PLACES, (">=", "<"), strict=True)
    )


def _kernel_certificates(
    branches: tuple[Expr, Expr], kernel: Expr, integral: RiccatiTime
) -> tuple[Certificate, ...]:
    exact = kernel.xreplace(integral.coefficients)
    start = exact.subs(alpha, 1)
    return tuple(
        Certificate(
            f"K - K_0 = K_0 change by what has decayed, s {sign} 0",
            prove_equal(branch.xreplace(place) * start, exact.subs(alpha, g**2) - start),
        )
        for branch, place, sign in zip(branches, PLACES, (">=", "<"), strict=True)
    )


def _step(record: dict[str, Any]) -> Step:
    u, omega = (sympy.Add(*(z * c for z, c in record[name].items())) for name in ("u", "omega"))
    return Step(
        "Change since the start",
        (
            ("u_i(t)", u),
            (r"\omega_i(t)", omega),
            (r"\|u(t)-u(0)\|^2", record["moved_u_2"]),
            (r"\|W(t)-W(0)\|^2", record["moved_omega_2"]),
            (kernel_x, record["kernel"]),
            (r"\phantom{K}", record["kernel_in_output"]),
            (r"\frac{K-K_0}{K_0}", record["kernel_change"]),
            (r"\|u(t)-u(0)\|^2\big|_{s\ge0}", record["spread_u"][0].squared),
            (r"\|W(t)-W(0)\|^2\big|_{s\ge0}", record["spread_omega"][0].squared),
            (r"\tfrac{K-K_0}{K_0}\big|_{s\ge0}", record["kernel_by_decay"][0]),
        ),
        r"The weights are linear in their initial values; $W$ moves along $x$ only. "
        r"$K^2-4\lambda^2f^2$ is conserved, so that $K$ changes by $(f-f_0)(f+f_0)$.",
    )
