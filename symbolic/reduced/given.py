"""A network under half a square, as the classes read it: coefficients, rates and targets."""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import Absorbed, absorbed, number, rate
from symbolic.laws.blocks import Block, are_orthonormal
from symbolic.laws.recognition import NONE
from symbolic.laws.reduced_flow import names
from symbolic.laws.reduction import Potential, potentials
from symbolic.laws.ring import Ring
from symbolic.proof.certificate import DoesNotApply
from symbolic.reduced.recognised import Recognised

SQUARES = ("any", "square", "half_square")


@dataclass(frozen=True)
class Given:
    """A network whose blocks are recognised.

    Attributes:
        instance: the network.
        ring: of its absorbed weights.
        potentials: coefficients of its outputs.
        rates: how they are absorbed.
        targets: of the potentials.
        moment: of the data, by which each signal is multiplied: 1 on white data.
    """

    instance: Instance
    ring: Ring
    potentials: tuple[Potential, ...]
    rates: Absorbed
    targets: tuple[Symbol, ...]
    moment: Expr = sympy.S.One

    def weights(self, block: Block) -> tuple[Symbol, ...]:
        """Symbols of its weights."""
        return tuple(self.rates.weights[i] for i in block.weights)

    def output(self, k: int) -> Expr:
        """c_k in terms of the weights."""
        potential = self.potentials[k]
        return self.rates.scales[k] * self.rates.written(potential.value) + number(
            potential.constant
        )

    def velocities(self, block: Block) -> dict[Symbol, Expr]:
        """Of the weights: −η ∂L/∂θ."""
        outputs = {k: self.output(k) for k in block.potentials}
        return {
            w: rate(self.instance.rates[i])
            * self.moment
            * sum(
                ((self.targets[k] - c) * sympy.diff(c, w) for k, c in outputs.items()),
                sympy.Integer(0),
            )
            for i, w in zip(block.weights, self.weights(block), strict=True)
        }

    def open(self, block: Block, reason: str) -> Recognised:
        """No class: the raw flow of the block."""
        weights = self.weights(block)
        outputs = {k: self.output(k) for k in block.potentials}
        return Recognised(
            f"{NONE} ({reason})",
            weights,
            {w: w for w in weights},
            self.velocities(block),
            outputs,
            None,
            None,
            (),
        )


def given(instance: Instance) -> Given:
    """An instance, its ring, coefficients, rates and targets.

    Args:
        instance: with polynomial outputs.

    Raises:
        DoesNotApply: as in `recognise`.
    """
    if instance.model.loss not in SQUARES:
        raise DoesNotApply(
            f"the loss is {instance.model.loss}: what is searched for is of a square"
        )
    ring = Ring(instance.names, fields(instance))
    try:
        found = potentials(instance, ring)
    except ValueError as error:
        raise DoesNotApply(str(error)) from None
    if not are_orthonormal(instance, found):
        raise DoesNotApply(
            "outputs are not linear in each input: white data do not fix their moments"
        )
    targets = names("y", len(found), instance)
    return Given(instance, ring, tuple(found), absorbed(instance, found), targets)
