"""Stage: laws that are integrals, where one field is left.

Along one field v = η∘∇c, c a sum of parts that share no weights, two kinds are found by quadrature:

* of a neuron u σ(h), whose v(u)/v(h) is a product of a function of u and one of h: u² − 2∫g dh
  (`symbolic.laws.separation`), where it is no polynomial;
* of a part whose own laws leave one variable z: its clock F = ∫dz/v(z) along the curve that they leave,
  v(F) = 1. The differences of clocks are conserved.

Clocks are independent of own laws and of each other: own laws have v(E) = 0 part by part, and v(F) = 1.
The differential of F is dz/v(z) modulo those of the own laws, for any z that moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import (
    Add,
    Basic,
    Expr,
    Integer,
    Integral,
    Piecewise,
    Rational,
    Symbol,
    diff,
    latex,
    sqrt,
)

from symbolic.declared.differentials import Point
from symbolic.declared.formula import in_a_terminal
from symbolic.declared.one_field import OneField
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.two_layer import TwoLayer
from symbolic.declared.written import LATEX, Spelling
from symbolic.laws.conservation import Conservation, is_quadratic_form
from symbolic.notation import symbols as n
from symbolic.proof.certificate import (
    Certificate,
    CertificateError,
    DoesNotApply,
    Need,
    Record,
    Step,
)
from symbolic.proof.equality import prove_zero
from symbolic.proof.null_space import PRIME
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced.neuron import gates_as_branches, in_symbols, symbols_of


@dataclass(frozen=True, kw_only=True)
class SeparableLaws(Record):
    """Laws of neurons by separation, and differences of clocks.

    Attributes:
        own: numbers of the parts that have a law by separation.
        timed: numbers of the parts whose clocks, where they move, give laws that are new.
        independent: of own laws, and of differences of clocks, how many are independent of the
            polynomials and products, and of each other.
    """

    one: Need[OneField]
    polynomial: Need[PolynomialLaws]
    products: Need[ProductLaws | None]
    two_layer: Need[TwoLayer | None]
    conservation: Need[Conservation | None]
    own: tuple[int, ...]
    timed: tuple[int, ...]
    independent: tuple[int, int]

    def certify(self) -> Iterator[Certificate]:
        """Own laws are annihilated, leave one variable; ranks at another point."""
        point = Point(self.one, self.polynomial, self.products, self.two_layer, seed=2)
        for k, law in zip(self.own, self.laws, strict=True):
            yield Certificate(f"the field annihilates the law of part {k + 1}", self._along(law))
        yield Certificate("one variable is left of each part with a clock", self._are_timed(point))
        yield Certificate(f"{self.independent} are independent", self._are_independent(point))

    def _along(self, law: Expr) -> Verdict:
        """Σ η ∂c/∂θ ∂law/∂θ over the weights of the instance, rates being symbols."""
        instance = self.one.instance
        symbols, gradient = symbols_of(instance), instance.gradient(self.one.potential)
        return prove_zero(
            Add(
                *(
                    Symbol(instance.rates[i], positive=True)
                    * gates_as_branches(in_symbols(instance, slope, symbols))
                    * diff(law, symbols[i])
                    for i, slope in gradient.items()
                    if law.has(symbols[i])
                )
            )
        )

    def _are_timed(self, point: Point) -> Verdict:
        for k in self.timed:
            if not point.leaves_one(k, k in self.own):
                return Undecided(f"part {k + 1} has fewer laws of its own")
        return Proved("rank of differentials on the weights of a part")

    def _are_independent(self, point: Point) -> Verdict:
        found = point.independent(self.own, self.timed)
        if found[0] >= self.independent[0] and sum(found) >= sum(self.independent):
            return Proved(f"rank of differentials modulo {PRIME}")
        return Undecided(f"{found} at another point")

    @property
    def laws(self) -> tuple[Expr, ...]:
        """The laws of neurons, in symbols of weights and rates."""
        if self.two_layer is None or self.conservation is None:
            return ()
        law = self.conservation.own[0]
        return tuple(_named(law, self.two_layer, k) for k in self.own)

    @property
    def clocks(self) -> tuple[tuple[Symbol, Expr], ...]:
        """A weight z of each part that has a clock, and its velocity v(z): F = ∫dz/v(z)."""
        instance, found = self.one.instance, []
        symbols, gradient = symbols_of(instance), instance.gradient(self.one.potential)
        for k in self.timed:
            if self.two_layer is not None:
                z, velocity = self.two_layer.neurons[k][0], self.two_layer.by_u(k)
            else:
                z = next(i for i in self.one.blocks[k] if i in gradient)
                velocity = in_symbols(instance, gradient[z], symbols)
            rate = Symbol(instance.rates[z], positive=True)
            found.append((symbols[z], rate * _where_it_moves(velocity)))
        return tuple(found)

    def written(self, spelling: Spelling) -> list[str]:
        """Laws of neurons, and differences of clocks, each along the curve of the other laws."""
        if spelling is LATEX:
            laws = [latex(law) for law in self.laws]
            clocks = [latex(Integral(1 / v, z)) for z, v in self.clocks]
        else:
            laws = [in_a_terminal(law) for law in self.laws]
            clocks = [f"∫ d{z}/({in_a_terminal(v)})" for z, v in self.clocks]
        minus = " - " if spelling is LATEX else " − "
        return laws + [f"{one}{minus}{clocks[0]}" for one in clocks[1:]]

    def explain(self) -> Iterator[Step]:
        """The laws of neurons, and the differences of clocks."""
        rows: list[tuple[str, Expr | str]] = [
            (f"S_{{{k + 1}}}", law) for k, law in zip(self.own, self.laws, strict=True)
        ]
        if self.independent[1]:
            for k, (z, velocity) in zip(self.timed, self.clocks, strict=True):
                rows.append((f"F_{{{k + 1}}}", Integral(1 / velocity, z)))
            first, *others = (k + 1 for k in self.timed)
            rows += [(rf"F_{{{k}}}-F_{{{first}}}", r"\mathrm{const}") for k in others]
        rows.append((r"\#\{\text{independent}\}", Integer(sum(self.independent))))
        yield Step(
            "Separable laws",
            tuple(rows),
            "The field separates on a neuron. A clock $F_k=\\int dz/v(z)$ runs along the curve that the "
            "laws of part $k$ leave, $v(F_k)=1$: the differences of clocks are conserved.",
        )


def _where_it_moves(velocity: Expr) -> Expr:
    """Of branches without those on which nothing moves: a neuron whose gate is shut has no clock."""
    return velocity.replace(
        lambda part: isinstance(part, Piecewise),
        lambda part: _one_branch([(value, where) for value, where in part.args if value != 0]),
    )


def _one_branch(moving: list[tuple[Expr, Basic]]) -> Expr:
    return moving[0][0] if len(moving) == 1 else Piecewise(*moving)


def _named(law: Expr, two_layer: TwoLayer, k: int) -> Expr:
    """The law of a neuron in symbols of its weights and rates."""
    u, _ = two_layer.neurons[k]
    rates = (Symbol(name, positive=True) for name in two_layer.rates)
    square = Add(*(Rational(x.numerator, x.denominator) ** 2 for x in two_layer.point))
    values = dict(zip((n.eta_u, n.eta_w), rates, strict=True)) | {
        n.rho: sqrt(square), n.u_i: symbols_of(two_layer.one.instance)[u],
        n.h_i: two_layer.preactivation(k),
    }  # fmt: skip
    return law.subs(values, simultaneous=True)


def _with_new_clocks(point: Point, own: tuple[int, ...], timed: Sequence[int]) -> tuple[int, ...]:
    """The first part, and those whose clock less that of the first is no function of other laws."""
    kept = tuple(timed[:1])
    for k in timed[1:]:
        if point.independent(own, (*kept, k))[1] == len(kept):
            kept = (*kept, k)
    return kept if len(kept) > 1 else ()


def derive(
    one: OneField,
    polynomial: PolynomialLaws,
    products: ProductLaws | None,
    two_layer: TwoLayer | None,
    conservation: Conservation | None,
) -> SeparableLaws:
    """Laws by separation where polynomials have none, and clocks where one variable is left."""
    if (
        polynomial.independent + (products.independent if products else 0)
        >= one.instance.weights - 1
    ):
        raise DoesNotApply("polynomials and products leave one weight")
    point = Point(one, polynomial, products, two_layer, seed=1)
    separates = conservation is not None and not is_quadratic_form(conservation.own[0])
    parts = range(len(one.parts))
    own = tuple(k for k in parts if separates and not point.leaves_one(k, False))
    timed = _with_new_clocks(point, own, [k for k in parts if point.leaves_one(k, k in own)])
    independent = point.independent(own, timed)
    if not sum(independent):
        raise DoesNotApply("no part separates, and no two have clocks")
    try:
        return SeparableLaws(
            one=one, polynomial=polynomial, products=products, two_layer=two_layer,
            conservation=conservation, own=own, timed=timed, independent=independent,
        )  # fmt: skip
    except CertificateError as error:  # a law that is proved of h may be undecided in the weights
        raise DoesNotApply("laws by separation are not proved in the weights") from error
