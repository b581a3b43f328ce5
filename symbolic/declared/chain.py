"""Stage: outputs that move with one product of scalar weights alone, which is then a scalar chain.

The product is that of the words at all sizes (`symbolic.reduced.one_product`). That the outputs of the
instance have it, that its powers are so many equal factors and that these have the chain's laws is proved
from polynomials of the instance. The chain's one variable and its clock are those of every chain
(`symbolic.reduced.chain`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol, latex

from symbolic.architecture.fields import fields, terms
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import rate, weight
from symbolic.laws.reduction import potentials
from symbolic.laws.ring import Ring
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced import chain_carlson
from symbolic.reduced.chain import ChainClock
from symbolic.reduced.chain import derive as clock
from symbolic.reduced.one_product import OneProduct, one_product


@dataclass(frozen=True, kw_only=True)
class ScalarChain(Record):
    """A scalar chain of equal copies of the weights.

    Attributes:
        product: M, by layers.
        factors: of each layer in it, the rate of each of its copies.
        clock: of all chains.
    """

    instance: Need[Instance]
    product: OneProduct
    factors: tuple[Expr, ...]
    clock: ChainClock

    @property
    def value(self) -> Expr:
        """M in the weights."""
        return sympy.Mul(*(weight(name) ** p for name, p in self.product.powers))

    @property
    def starts(self) -> str:
        """From which starts the time is a closed form."""
        if self.product.depth <= chain_carlson.MOST or len(self.product.powers) == 1:
            return "any start"
        return "starts with all a²/η of its factors equal, or for the target 0"

    def certify(self) -> Iterator[Certificate]:
        """Polynomial identities."""
        yield Certificate(
            "outputs move with M alone, by functions of the data", self._is_all_that_moves()
        )
        for (name, p), one in zip(self.product.powers, self.factors, strict=True):
            claim = f"{name} moves as each of {p} equal factors does"
            yield Certificate(claim, _zero(self._velocity(name) - self._of_a_copy(name, p, one)))
            moved = 2 * weight(name) * self._velocity(name) / one
            yield Certificate(f"d({name}^2/rate)/dt is that of all", _zero(moved - 2 * self.value))

    def explain(self) -> Iterator[Step]:
        """M, its factors, and their clock."""
        rows = [
            (rf"\alpha_{{{latex(Symbol(name))}}}^2", weight(name) ** 2 / one)
            for (name, _), one in zip(self.product.powers, self.factors, strict=True)
        ]
        yield Step(
            "Scalar chain",
            (("M", self.value), *rows),
            f"Outputs move with $M$ alone, so that under half a square, on any data, it moves as the "
            f"product of {self.product.depth} factors does under one target. A power is so many equal "
            rf"factors. Differences of all $\alpha^2$ are conserved; from {self.starts} the time is a "
            "closed form.",
        )
        yield from self.clock.steps

    def _is_all_that_moves(self) -> Verdict:
        """Each coefficient of the outputs is a number times M, in the ring of the weights."""
        ring = Ring(self.instance.names, fields(self.instance))
        powers = dict(self.product.powers)
        exponents = tuple(powers.get(name, 0) for name in self.instance.names)
        for one in potentials(self.instance, ring):
            if (others := [m for m in terms(one.value) if m != exponents]) != []:
                return Undecided(f"a term of output {one.output + 1} has the exponents {others[0]}")
        return Proved("polynomials in the weights")

    def _velocity(self, name: str) -> Expr:
        """−dθ/dt over ∂L/∂M."""
        eta = rate(self.instance.rates[self.instance.names.index(name)])
        return eta * sympy.diff(self.value, weight(name))

    def _of_a_copy(self, name: str, p: int, eta: Expr) -> Expr:
        """The same of one of p factors of a chain, where all of them are equal."""
        own = weight(name)
        copies = sympy.symbols(f"copy:{p}", real=True)
        chain = self.value / own**p * sympy.Mul(*copies)
        return (eta * sympy.diff(chain, copies[0])).subs(dict.fromkeys(copies, own))


def derive(instance: Instance) -> ScalarChain:
    """The chain of a network.

    Raises:
        DoesNotApply: for a network whose outputs move otherwise, with how.
    """
    product = one_product(instance.model)
    if instance.generated:
        raise DoesNotApply("outputs are no polynomials")
    rates = dict(zip(instance.names, instance.rates, strict=True))
    factors = tuple(p * rate(rates[name]) for name, p in product.powers)
    return ScalarChain(instance=instance, product=product, factors=factors, clock=clock())


def _zero(rest: Expr) -> Verdict:
    """Whether a polynomial is 0."""
    found = sympy.expand(rest)
    return Proved("a polynomial in the weights") if found == 0 else Undecided(str(found))
