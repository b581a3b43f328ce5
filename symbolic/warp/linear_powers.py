"""Which powers of the activation make a neuron linear in the warp: β = 1, 2, 3, and no other.

For σ(h) = h^β with β left open, y = h^m has

    y″/y = A(m, β) h^(2β−2) + B(m, β) E h^(2β−4),   E conserved.

y″ = μ y + ν with conserved μ and ν asks of each term that its coefficient is zero, or its exponent
0 (a part of μ), or −m (a part of ν/y). These are linear equations in (m, β): nine pairs of them, so
the list of solutions is complete. It says how far this road goes, not that no other exists.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

import sympy
from sympy import Expr, Integer

from symbolic.laws import conservation, separation
from symbolic.network import gradient_flow
from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN
from symbolic.notation.symbols import beta, h_i, u_i
from symbolic.proof.certificate import Certificate, DoesNotApply, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.warp import clock, flow_map
from symbolic.warp.clock import Clock
from symbolic.warp.notation import m

FURTHER = (4, 5, 6, 7)  # powers without a module of their own, of which the report shows the clocks
FAMILY = Model(
    name="power",
    title="two-layer network with power activation",
    source=XU_ZIYIN.at("Eq. 1 and 3, any power"),
    activation=lambda h: h**beta,
)


@dataclass(frozen=True, kw_only=True)
class Powers(Record):
    """What holds for every power, and which powers are linear in the warp.

    Attributes:
        law: the conserved quantity of a neuron, β left open.
        terms: exponent of h → coefficient, of y″/y for y = h^m.
        solutions: all (β, m) with m ≠ 0 and β > 0 for which y″ = μ y + ν.
    """

    law: Expr
    terms: dict[Expr, Expr]
    solutions: tuple[tuple[Expr, Expr], ...]

    def certify(self) -> Iterator[Certificate]:
        """The law, the two terms, and each solution by substitution."""
        field = _family()
        velocities = {u_i: field.velocity_u, h_i: field.velocity_h}
        change = sum(sympy.diff(self.law, z) * v for z, v in velocities.items())
        yield Certificate("the law is conserved at every power", prove_zero(change))
        yield Certificate("y''/y has two terms", _two_terms(self.terms))
        ratio = flow_map.second_derivative_ratio(field, self.law)
        total = sum(c * h_i**e for e, c in self.terms.items())
        yield Certificate("y''/y is the sum of its terms", prove_equal(total, ratio))
        whole = set(self.solutions) == _solutions(self.terms)
        all_of_them = Proved("all pairs of equations") if whole else Undecided(f"{self.solutions}")
        yield Certificate("no solution is left out", all_of_them)
        for b, e in self.solutions:
            yield Certificate(f"beta = {b}, m = {e} solves", _is_linear(self.terms, b, e))
        yield Certificate("the powers found are 1, 2 and 3", _are(self.solutions))
        unit = prove_equal(sympy.expand(self.law).coeff(u_i, 2), sympy.Integer(1))
        yield Certificate("the law has unit coefficient of u^2", unit)

    def explain(self) -> Iterator[Step]:
        """The equation of which the powers are all solutions."""
        yield Step(
            "Powers that are linear in the warp",
            (
                (
                    r"\frac{(h_i^m)''}{h_i^m}",
                    sympy.Add(*(c * h_i**e for e, c in self.terms.items())),
                ),
                (r"(\beta,m)", ",\\ ".join(f"({b},{e})" for b, e in self.solutions)),
            ),
            r"Each term must vanish, be constant, or be a constant over $h_i^m$; the linear equations in "
            r"$(m,\beta)$ that say so have only these solutions with $\beta>0$, $m\neq0$.",
        )


def clocks(powers: Iterable[int] = FURTHER) -> dict[int, Clock]:
    """The clock of a neuron at each power, its integral done for every sign of E."""
    found = {}
    for power in powers:
        model = replace(FAMILY, name=f"power{power}", activation=partial(pow, exp=power))
        field = gradient_flow.derive(model)
        found[power] = clock.derive(field, conservation.derive(field))
    return found


@cache
def _family() -> gradient_flow.Flow:
    return gradient_flow.derive(FAMILY)


def derive() -> Powers:
    """Take the flow at symbolic β and solve for (m, β)."""
    field = _family()
    law = separation.separate(field).law
    terms = _terms(flow_map.second_derivative_ratio(field, law))
    solutions = tuple(sorted(_solutions(terms), key=lambda pair: (pair[0], abs(pair[1]))))
    return Powers(law=law, terms=terms, solutions=solutions)


def _terms(ratio: Expr) -> dict[Expr, Expr]:
    terms: dict[Expr, Expr] = {}
    for term in sympy.Add.make_args(sympy.expand(ratio)):
        coefficient, power = sympy.powsimp(term).as_independent(h_i, as_Add=False)
        exponent = sympy.expand(power.as_base_exp()[1])
        terms[exponent] = terms.get(exponent, Integer(0)) + coefficient
    return {exponent: sympy.factor(coefficient) for exponent, coefficient in terms.items()}


def _ways(exponent: Expr, coefficient: Expr) -> list[Expr]:
    """Linear forms in (m, β) one of which must vanish."""
    factors = [
        factor
        for factor, _ in sympy.factor_list(coefficient)[1]
        if factor.has(m, beta) and factor not in (m, beta)
    ]
    return [*factors, exponent, exponent + m]


def _solutions(terms: dict[Expr, Expr]) -> set[tuple[Expr, Expr]]:
    found = set()
    for forms in itertools.product(*(_ways(e, c) for e, c in terms.items())):
        for solution in sympy.solve(list(forms), [m, beta], dict=True):
            power, exponent = solution.get(beta, beta), solution.get(m, m)
            if power.is_number and exponent.is_number and power > 0 and exponent != 0:
                found.add((power, exponent))
            elif not (power.is_number and exponent.is_number):
                raise DoesNotApply(f"a family of solutions: {solution}")
    return found


def _two_terms(terms: dict[Expr, Expr]) -> Verdict:
    return Proved("expansion") if len(terms) == 2 else Undecided(f"terms {terms}")


def _is_linear(terms: dict[Expr, Expr], power: Expr, exponent: Expr) -> Verdict:
    at = {beta: power, m: exponent}
    for e, c in terms.items():
        if e.subs(at) not in (0, -exponent) and c.subs(at) != 0:
            return Undecided(f"the term {c} h^({e}) is neither")
    return Proved("substitution")


def _are(solutions: tuple[tuple[Expr, Expr], ...]) -> Verdict:
    powers = {power for power, _ in solutions}
    return Proved("all pairs of equations") if powers == {1, 2, 3} else Undecided(str(powers))
