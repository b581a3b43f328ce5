"""Stage 9, scaling: the exponent of everything where all hyperparameters are powers of κ → ∞.

The closed form at t = 0 and t = ∞ is written as a chain of quantities, each in earlier ones and in such
a form that leading terms cannot cancel; every rewriting is certified. `symbolic.proof.max_plus` then
gives each exponent in terms of earlier ones. The target is positive and, like the input, of order one;
for y < 0 exchange P and Q, and α with 1/α.

A sum over neurons of (a u_i + b ω_i)² lies between 1 − |r| and 1 + |r| times a² Σu² + b² Σω², where r
is the cosine of u and ω. Where |r| < 1 it is therefore of the order of the larger of both, so the
width is at least 2. Source: Xu & Ziyin 2025, section 4 and appendix B.4, Eq. 17, 18 and 46-52.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol, sqrt

from symbolic.explicit.chart import Chart
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.movement import HYPERBOLIC, Form, Movement
from symbolic.explicit.observables import Observables
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.explicit.weights import g
from symbolic.limits import initial_moments
from symbolic.limits.initial_moments import Start
from symbolic.notation import symbols as notation
from symbolic.notation.symbols import (
    A_P,
    A_Q,
    B,
    P,
    Q,
    R,
    alpha,
    c_d,
    c_eta_u,
    c_eta_w,
    c_gamma,
    cosh_s,
    d,
    eta_u,
    eta_w,
    f,
    f_0,
    gram,
    h_i,
    kernel_0,
    kernel_x,
    lam,
    m_oo,
    m_uo,
    m_uu,
    norm_omega_0_2,
    norm_u_0_2,
    omega_i0,
    overlap,
    overlap_0,
    r_minus,
    r_plus,
    rho,
    s,
    sine_2,
    sinh_s,
    u_i,
    u_i0,
)
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import prove_equal
from symbolic.proof.max_plus import Order, Sign, order, shortest

gamma, y = (Symbol(z.name, positive=True) for z in (notation.gamma, notation.y))
ZERO = sympy.Integer(0)
SCALES = {d: c_d, gamma: c_gamma, eta_u: c_eta_u, eta_w: c_eta_w, rho: ZERO, y: ZERO}


@dataclass(frozen=True)
class Quantity:
    """One link of the chain.

    Attributes:
        name: as results call it.
        symbol: by which later links refer to it.
        exact: its value in earlier links, hyperparameters and means over the initial weights.
        sized: a positive multiple of it, between constants, in which nothing cancels; or `exact`.
        positive: whether it is known to be; else its sign is what the calculus finds.
    """

    name: str
    symbol: Symbol
    exact: Expr
    sized: Expr
    positive: bool

    @property
    def exponent(self) -> Symbol:
        """The symbol of its exponent."""
        return Symbol(f"e_{self.name}", real=True)


Exponents = dict[str, Expr | None]


@dataclass(frozen=True, kw_only=True)
class Scaling(Record):
    """Exponents of the linear network.

    Attributes:
        chain: the quantities, in order.
        exponents: start → name → exponent in the c's and in the `exponent` symbols of earlier links;
            None for what is exactly zero.
    """

    chain: tuple[Quantity, ...]
    exponents: Mapping[Start, Exponents]

    def definitions(self, kind: Start) -> dict[Symbol, Expr]:
        """Exponent symbol → its value in earlier ones, for all that is not exactly zero."""
        values = self.exponents[kind]
        return {z.exponent: values[z.name] for z in self.chain if values[z.name] is not None}

    def expanded(self, kind: Start, name: str) -> Expr | None:
        """One exponent in the c's alone."""
        value = self.exponents[kind][name]
        definitions = self.definitions(kind)
        while value is not None and value.free_symbols & set(definitions):
            value = value.xreplace(definitions)
        return value

    def at(self, kind: Start, point: Mapping[Symbol, Expr]) -> dict[str, Expr]:
        """All exponents at exact values of the c's; −∞ for what is exactly zero."""
        values = dict(point)
        for z in self.chain:
            exponent = self.exponents[kind][z.name]
            values[z.exponent] = -sympy.oo if exponent is None else exponent.xreplace(values)
        return {z.name: values[z.exponent] for z in self.chain}


def derive(
    chart: Chart,
    reduction: Reduction,
    integral: RiccatiTime,
    solution: ClosedForm,
    scalars: Observables,
    change: Movement,
) -> Scaling:
    """Build the chain from the records, and run the calculus for every start."""
    chain = _chain(chart, integral, solution, scalars, change)
    exponents = {kind: _exponents(chain, kind) for kind in Start}
    return Scaling(
        chain=chain,
        exponents=exponents,
        certificates=(
            *_start_certificates(chain, chart, reduction, scalars, change),
            *_limit_certificates(chain, integral, solution, change),
            *_bound_certificates(),
            *initial_moments.certificates(),
        ),
        steps=_steps(chain, exponents),
    )


def _exponents(chain: tuple[Quantity, ...], kind: Start) -> Exponents:
    given: dict[Symbol, Order | None] = {z: Order(value) for z, value in SCALES.items()}
    given |= initial_moments.orders(kind)
    found: Exponents = {}
    for link in chain:
        its = order(link.sized, given)
        found[link.name] = None if its is None else shortest(its.exponent)
        sign = Sign.POSITIVE if link.positive or its is None else its.sign
        given[link.symbol] = None if its is None else Order(link.exponent, sign)
    return found


def _chain(
    chart: Chart,
    integral: RiccatiTime,
    solution: ClosedForm,
    scalars: Observables,
    change: Movement,
) -> tuple[Quantity, ...]:
    links: list[Quantity] = []

    def add(
        name: str, exact: Expr, symbol: Symbol | None = None, sized: Expr | None = None,
        positive: bool = False,
    ) -> Symbol:  # fmt: skip
        exact = _plain(exact)
        symbol = symbol or Symbol(name, real=True)
        links.append(
            Quantity(name, symbol, exact, exact if sized is None else _plain(sized), positive)
        )
        return symbol

    squares = {z: mean_square(form) for z, form in ((P, chart.p), (Q, chart.q))}
    for z, (exact, sized) in squares.items():
        add(str(z), exact, z, sized, positive=True)
    add("P_minus_Q", sympy.factor(squares[P][0] - squares[Q][0]))
    add("output_0", gamma * rho * d * m_uo, f_0)
    for z in (A_P, A_Q, B):
        add(str(z), integral.coefficients[z], _positive(z), positive=True)
    add("R", solution.rate, R)
    add("t_c", solution.time_scale)
    add("kernel_0", change.kernel.subs(alpha, 1), kernel_0)
    add("kernel", R, kernel_x)
    add("kernel_change", change.kernel_change.subs(f, y))
    add("alpha", limit_of_alpha(), alpha)
    rise = add("alpha_minus_1", alpha_minus_one())
    add("sinh_s", rise / (2 * sqrt(alpha)), sinh_s)
    add("cosh_s", (alpha + 1) / (2 * sqrt(alpha)), cosh_s)
    sums = {norm_u_0_2: d * m_uu, norm_omega_0_2: d * m_oo, overlap_0: d * m_uo}
    squares_only = {**sums, overlap_0: ZERO}
    for name, distance, norm_2 in (
        ("movement_u", change.moved_u_2, d * m_uu),
        ("movement_w", change.moved_omega_2, d * m_oo),
    ):
        exact, sized = (sqrt(distance.xreplace(z) / norm_2) for z in (sums, squares_only))
        add(name, exact, None, sized, positive=True)
    for name, form in (("norm_u", change.u), ("norm_w", change.omega)):
        exact, sized = mean_square_of(form)
        add(name, sqrt(d * exact), None, sqrt(d * sized), positive=True)
    add("alignment_0", m_uo / sqrt(m_uu * m_oo))
    reached = {overlap: scalars.overlap.subs(f, y), gram: d**2 * m_uu * m_oo * sine_2}
    add("alignment", scalars.alignment.xreplace(reached))
    return tuple(links)


def _positive(symbol: Symbol) -> Symbol:
    return Symbol(symbol.name, positive=True)


def _plain(expression: Expr) -> Expr:
    """γ, y and the rates positive, λ inserted."""
    expression = expression.subs(lam, sqrt(eta_u) * sqrt(eta_w) * notation.gamma * rho)
    renamed = {z: _positive(z) for z in (notation.gamma, notation.y, A_P, A_Q, B)}
    return expression.xreplace(renamed)


def mean_square(coordinate: Expr) -> tuple[Expr, Expr]:
    """Mean over neurons of the square of a linear form in u_i and h_i: exactly, and its squares."""
    form = sympy.expand(coordinate.xreplace({u_i: u_i0, h_i: rho * omega_i0}))
    return mean_square_of({z: form.coeff(z) for z in (u_i0, omega_i0)})


def mean_square_of(form: Form) -> tuple[Expr, Expr]:
    """The same of a form by its coefficients."""
    by_u, by_omega = form[u_i0], form[omega_i0]
    squares = by_u**2 * m_uu + by_omega**2 * m_oo
    return squares + 2 * by_u * by_omega * m_uo, squares


def limit_of_alpha() -> Expr:
    """α(∞): the positive root of dα/dt = 0."""
    return (R / 2 + B) / (2 * A_P)


def alpha_minus_one() -> Expr:
    """α(∞) − 1, by its conjugate and that of R/2 − B: no difference but y − f₀ is left."""
    return lam * (y - f_0) * (R / 2 + B) / (A_P * (R / 2 + B + 2 * A_Q))


def _start_certificates(
    chain: tuple[Quantity, ...],
    chart: Chart,
    reduction: Reduction,
    scalars: Observables,
    change: Movement,
) -> tuple[Certificate, ...]:
    """At t = 0: the means, by two neurons written out; output, Gram determinant and kernel by them."""
    exact = {link.name: link.exact for link in chain}
    first, second = (sympy.symbols(f"u_{k} omega_{k}", real=True) for k in (1, 2))
    means = {
        m_uu: (first[0] ** 2 + second[0] ** 2) / 2,
        m_oo: (first[1] ** 2 + second[1] ** 2) / 2,
        m_uo: (first[0] * first[1] + second[0] * second[1]) / 2,
    }

    def mean(form: Expr, power: int = 2) -> Expr:
        neurons = (
            form.xreplace({u_i: u, h_i: rho * omega}) ** power for u, omega in (first, second)
        )
        return sympy.Add(*neurons) / 2

    in_moments = {P: exact["P"], Q: exact["Q"]}
    pq = mean(chart.p * chart.q, 1)
    output = _plain(reduction.output.subs(s, 0)).xreplace(in_moments)
    determinant = scalars.constants[gram].xreplace(in_moments).subs(notation.pq, pq).subs(d, 2)
    cosine_2 = m_uo**2 / (m_uu * m_oo)
    expected = d**2 * m_uu * m_oo * (1 - cosine_2)
    return (
        Certificate("P, two neurons", prove_equal(exact["P"].xreplace(means), mean(chart.p))),
        Certificate("Q, two neurons", prove_equal(exact["Q"].xreplace(means), mean(chart.q))),
        Certificate("P - Q", prove_equal(exact["P_minus_Q"], exact["P"] - exact["Q"])),
        Certificate("output at t = 0", prove_equal(exact["output_0"], output)),
        Certificate(
            "Gram determinant, two neurons",
            prove_equal(determinant.xreplace(means), expected.subs(d, 2).xreplace(means)),
        ),
    )


def _limit_certificates(
    chain: tuple[Quantity, ...], integral: RiccatiTime, solution: ClosedForm, change: Movement
) -> tuple[Certificate, ...]:
    """At t = ∞: α by the limits of N and D, and what is written with it."""
    exact = {link.name: link.exact for link in chain}
    root = {R: _plain(solution.rate)}  # R² = 4B² + 16 A_P A_Q, inserted

    def plain(expression: Expr) -> Expr:
        return _plain(expression).xreplace(root)

    halves = {r_plus: R + 2 * B, r_minus: R - 2 * B}
    top, bottom = solution.limit_numerator.subs(halves), solution.limit_denominator.subs(halves)
    limit = exact["alpha"]
    # f₀ = (A_P − A_Q)/λ and y = B/λ, as the coefficients have it.
    rate = _plain(lam)
    point = {f_0: _plain(A_P - A_Q) / rate, y: _plain(B) / rate}
    rise = exact["alpha_minus_1"].subs(point)
    velocity = integral.speed.subs(alpha, limit_of_alpha())
    at_limit = change.kernel.subs(alpha, limit_of_alpha())
    ratio = HYPERBOLIC[sinh_s] - (alpha - 1) / (2 * sqrt(alpha))
    return (
        Certificate("alpha(infinity) = N/D", prove_equal(plain(limit * bottom), plain(top))),
        Certificate("d(alpha)/dt = 0 there", prove_equal(plain(velocity), ZERO)),
        Certificate("alpha(infinity) - 1", prove_equal(plain(rise), plain(limit - 1))),
        Certificate("K(infinity) = R", prove_equal(plain(at_limit), plain(R))),
        Certificate("sinh(s) in alpha", prove_equal(ratio.subs(alpha, g**2), ZERO)),
        Certificate(
            "cosh(s) in alpha",
            prove_equal(exact["cosh_s"].subs(alpha, g**2), HYPERBOLIC[cosh_s]),
        ),
    )


def _bound_certificates() -> tuple[Certificate, ...]:
    """(1 − |r|)(a² + b²) ≤ a² + b² + 2 r a b ≤ (1 + |r|)(a² + b²), by squares."""
    a, b = sympy.symbols("a b", real=True)
    size, sign = Symbol("r", nonnegative=True), Symbol("sign", real=True)
    squares, form = a**2 + b**2, a**2 + b**2 + 2 * sign * size * a * b
    unit = {sign: 1}  # the other sign is this one at −b
    return (
        Certificate(
            "a square from below",
            prove_equal((form - (1 - size) * squares).subs(unit), size * (a + b) ** 2),
        ),
        Certificate(
            "a square from above",
            prove_equal(((1 + size) * squares - form).subs(unit), size * (a - b) ** 2),
        ),
    )


def _steps(chain: tuple[Quantity, ...], exponents: Mapping[Start, Exponents]) -> tuple[Step, ...]:
    names = {link.exponent: Symbol(rf"\left[{latex_name(link)}\right]") for link in chain}
    values = exponents[Start.INDEPENDENT]
    rows = tuple(
        (names[link.exponent], value.xreplace(names))
        for link in chain
        if (value := values[link.name]) is not None
    )
    return (
        Step(
            "The closed form as a chain",
            tuple((latex_name(link), link.exact.xreplace(AT_THE_END)) for link in chain),
            r"Each quantity in earlier ones, written such that leading terms cannot cancel for $y>0$; "
            r"$K_\infty$ is the kernel at $t=\infty$.",
        ),
        Step(
            "Exponents",
            rows,
            r"$X\sim\kappa^{[X]}$ for independent Gaussian layers of width at least $2$: "
            r"the exponent of a product is the sum, that of a sum the maximum, where leading terms "
            r"cannot cancel. "
            r"$\overline{u\omega}$ is a fluctuation, smaller than its factors by $d^{-1/2}$.",
        ),
    )


# What the chain names as at any time is meant at t = ∞.
AT_THE_END = {
    kernel_x: Symbol(r"K_\infty"), alpha: Symbol(r"\alpha_+"),
    Symbol("alpha_minus_1", real=True): Symbol(r"(\alpha_+-1)"),
}  # fmt: skip
LATEX = {
    "P_minus_Q": "P-Q", "output_0": "f_0", "t_c": "t_c", "kernel_0": "K_0", "kernel": r"K_\infty",
    "kernel_change": r"\tfrac{K_\infty-K_0}{K_0}", "alpha": r"\alpha_+", "alpha_minus_1": r"\alpha_+-1",
    "sinh_s": r"\sinh(s)", "cosh_s": r"\cosh(s)",
    "movement_u": r"\tfrac{\|u-u(0)\|}{\|u(0)\|}", "movement_w": r"\tfrac{\|W-W(0)\|}{\|W(0)\|}",
    "norm_u": r"\|u\|", "norm_w": r"\|W\|", "alignment_0": r"\zeta_0", "alignment": r"\zeta",
}  # fmt: skip


def latex_name(link: Quantity) -> str:
    """How a quantity is typeset."""
    return LATEX.get(link.name, link.name)
