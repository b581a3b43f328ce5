"""Stage: the exponent of everything where all hyperparameters are powers of κ → ∞.

The closed form at t = 0 and t = ∞ is written as a chain of quantities, each in earlier ones and in such
a form that leading terms cannot cancel (`symbolic.limits.chain`); every rewriting is certified.
`symbolic.proof.max_plus` then gives each exponent in terms of earlier ones. The target is positive and,
like the input, of order one; for y < 0 exchange P and Q, and α with 1/α.
Source: Xu & Ziyin 2025, section 4 and appendix B.4, Eq. 17, 18 and 46-52.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy
from sympy import Eq, Expr, Symbol

from symbolic.explicit.chart import Chart
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.movement import Movement
from symbolic.explicit.notation import alpha, kernel_x
from symbolic.explicit.observables import Observables
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.limits import initial_moments
from symbolic.limits.chain import ZERO, Quantity, build, gamma, y
from symbolic.limits.chain_certificates import all_proved, at_both_ends, link_by_link
from symbolic.limits.initial_moments import Start
from symbolic.limits.notation import c_d, c_eta_u, c_eta_w, c_gamma
from symbolic.notation.symbols import d, eta_u, eta_w, rho
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict
from symbolic.proof.max_plus import Order, order, shortest
from symbolic.proof.real_arithmetic import prove_implication

SCALES = {d: c_d, gamma: c_gamma, eta_u: c_eta_u, eta_w: c_eta_w, rho: ZERO, y: ZERO}

Exponents = dict[str, Expr | None]


@dataclass(frozen=True, kw_only=True)
class Scaling(Record):
    """Exponents of the linear network.

    Attributes:
        chart, reduction, integral, solution, scalars, change: the closed form.
        chain: the quantities, in order.
        exponents: start → name → exponent in the c's and in the `exponent` symbols of earlier links;
            None for what is exactly zero.
    """

    chart: Need[Chart]
    reduction: Need[Reduction]
    integral: Need[RiccatiTime]
    solution: Need[ClosedForm]
    scalars: Need[Observables]
    change: Need[Movement]
    chain: tuple[Quantity, ...]
    exponents: Mapping[Start, Exponents]

    def certify(self) -> Iterator[Certificate]:
        """Every link by the closed form, its size, and every exponent by the calculus."""
        yield from at_both_ends(self)
        yield from initial_moments.certificates()
        yield from link_by_link(self)
        for kind in Start:
            yield Certificate(
                f"{kind.value}: exponents follow from sizes", _exponents_follow(self, kind)
            )

    def explain(self) -> Iterator[Step]:
        """The chain, and exponents of independent layers."""
        yield Step(
            "The closed form as a chain",
            tuple((latex_name(link), link.exact.xreplace(AT_THE_END)) for link in self.chain),
            r"Each quantity in earlier ones, written such that leading terms cannot cancel for $y>0$; "
            r"$K_\infty$ is the kernel at $t=\infty$.",
        )
        names = {link.exponent: Symbol(rf"\left[{latex_name(link)}\right]") for link in self.chain}
        values = self.exponents[Start.INDEPENDENT]
        yield Step(
            "Exponents",
            tuple(
                (names[link.exponent], value.xreplace(names))
                for link in self.chain
                if (value := values[link.name]) is not None
            ),
            r"$X\sim\kappa^{[X]}$ for independent Gaussian layers of width at least $2$: "
            r"the exponent of a product is the sum, that of a sum the maximum, where leading terms "
            r"cannot cancel. "
            r"$\overline{u\omega}$ is a fluctuation, smaller than its factors by $d^{-1/2}$.",
        )

    def exact(self, name: str) -> Expr:
        """The value of a quantity; no number where the chain has none of that name."""
        return next((link.exact for link in self.chain if link.name == name), sympy.nan)

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
    chain = build(chart, integral, solution, scalars, change)
    exponents = {
        kind: {
            link.name: None if its is None else shortest(its.exponent)
            for link, its in _orders(chain, kind)
        }
        for kind in Start
    }
    return Scaling(
        chart=chart,
        reduction=reduction,
        integral=integral,
        solution=solution,
        scalars=scalars,
        change=change,
        chain=chain,
        exponents=exponents,
    )


def _orders(chain: tuple[Quantity, ...], kind: Start) -> Iterator[tuple[Quantity, Order | None]]:
    """The calculus, link by link: the order of each in the exponents of earlier ones."""
    given: dict[Symbol, Order | None] = {z: Order(value) for z, value in SCALES.items()}
    given |= initial_moments.orders(kind)
    for link in chain:
        its = order(link.sized, given)
        yield link, its
        given[link.symbol] = its and Order(link.exponent, its.sign)


def _exponents_follow(record: Scaling, kind: Start) -> Verdict:
    """Exponents of a start are those of the calculus; the solver compares the maxima."""
    names = [link.name for link in record.chain]
    if list(record.exponents) != list(Start) or list(record.exponents[kind]) != names:
        return Undecided("exponents of other quantities")
    found = record.exponents[kind]
    return all_proved(_same(found[link.name], its) for link, its in _orders(record.chain, kind))


def _same(exponent: Expr | None, its: Order | None) -> Verdict:
    if exponent is None or its is None:
        return Proved("zero") if exponent is its else Undecided(f"{exponent} instead of {its}")
    if exponent == its.exponent:
        return Proved("the same")
    return prove_implication([], Eq(exponent, its.exponent))


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
