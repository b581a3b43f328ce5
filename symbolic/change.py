"""Stage 8, continued: how far training takes the network from its start.

Both layers move within the plane of their initial values: with s the warped time,

    u(t) = cosh s · u(0) + √(η_u/η_w) sinh s · ω(0),    and ω(t) likewise,

so the distances ‖u(t) − u(0)‖ and ‖W(t) − W(0)‖ are quadratic forms in three initial sums. The
tangent kernel obeys K² = 4λ²f² + const, so its change is a multiple of (f − f₀)(f + f₀). Neither is
a difference of large numbers: a network that hardly moves has a change of full relative accuracy.
Source: Xu & Ziyin 2025, Eq. 13, 46 and 49, which they evaluate at t = ∞.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr

from symbolic.coordinates import Chart
from symbolic.equality import Verdict, prove_equal, prove_zero
from symbolic.notation import (
    A_P,
    A_Q,
    alpha,
    cosh_s,
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
from symbolic.quadrature import Integral
from symbolic.record import Certificate, Record, Step
from symbolic.reduction import Reduction
from symbolic.weights import Weights, g

HYPERBOLIC = {cosh_s: (g + 1 / g) / 2, sinh_s: (g - 1 / g) / 2}
Form = dict[Expr, Expr]  # a linear form: initial weight → coefficient


@dataclass(frozen=True, kw_only=True)
class Change(Record):
    """Distances from the start.

    Attributes:
        u, omega: the weights at warped time s as linear forms in their initial values.
        moved_u_2, moved_omega_2: ‖u(t) − u(0)‖² and ‖ω(t) − ω(0)‖² = ‖W(t) − W(0)‖².
        kernel: K(x, x) in A_P, A_Q and α.
        kernel_in_output: the same in the output f, A_P and A_Q.
        gain: f − f₀ in A_P, A_Q and α, divided by 2 sinh s.
        kernel_change: (K − K₀)/K₀ in f, f₀, K and K₀.
    """

    u: Form
    omega: Form
    moved_u_2: Expr
    moved_omega_2: Expr
    kernel: Expr
    kernel_in_output: Expr
    gain: Expr
    kernel_change: Expr


def derive(chart: Chart, reduction: Reduction, integral: Integral, weights: Weights) -> Change:
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
    }
    values = {
        kernel_x: kernel, kernel_0: kernel.subs(alpha, 1), f: output, f_0: output.subs(alpha, 1),
    }  # fmt: skip
    certificates = (
        *_weights_certificates(u, omega, weights, chart),
        *_distance_certificates(u, omega, moved_u, moved_omega),
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
    return Change(**record, certificates=certificates, steps=(_step(record),))


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


def in_rates(expression: Expr, integral: Integral) -> Expr:
    """An expression in P, Q and s in the rates A_P and A_Q, and α = e^{2s}."""
    in_alpha = sympy.expand(expression.subs(s, sympy.log(alpha) / 2))
    P, Q = sympy.symbols("P Q", nonnegative=True)
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


def _step(record: dict[str, Expr]) -> Step:
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
        ),
        r"The weights are linear in their initial values; $W$ moves along $x$ only. "
        r"$K^2-4\lambda^2f^2$ is conserved, so that $K$ changes by $(f-f_0)(f+f_0)$.",
    )
