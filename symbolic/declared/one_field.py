"""Stage: one field, so that one variable is left (see `symbolic.laws.one_field`)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer

from symbolic.architecture.extent import is_long
from symbolic.architecture.fields import potentials, terms
from symbolic.architecture.instance import Instance, Poly
from symbolic.declared.fields import value_at
from symbolic.laws.lie_rank import has_several_fields
from symbolic.laws.one_field import (
    first_function,
    first_potentials,
    parts,
    reason_against,
    weights_of,
)
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.null_space import PRIME
from symbolic.proof.ranks import rank_modulo_prime
from symbolic.proof.verdict import Proved, Undecided, Verdict

DRAWS = 3


@dataclass(frozen=True, kw_only=True)
class OneField(Record):
    """All outputs are functions of one potential c(θ): θ moves along η∘∇c, whatever the loss is.

    Where functions have bends, between them.

    Attributes:
        potential: c, a polynomial of weights and functions of them.
        parts: polynomials that share no weights, whose sum is c.
    """

    instance: Need[Instance]
    potential: Poly
    parts: tuple[Poly, ...]

    @property
    def blocks(self) -> tuple[tuple[int, ...], ...]:
        """Places of the weights of each part."""
        return tuple(tuple(sorted(weights_of(self.instance, part))) for part in self.parts)

    def certify(self) -> Iterator[Certificate]:
        """Gradients of all outputs are multiples of one field; the parts are apart, and all of it."""
        yield Certificate("gradients of all outputs are multiples of one", self._is_one())
        yield Certificate("parts that share no weights add up to the potential", self._add_up())

    def _is_one(self) -> Verdict:
        """With data that are drawn anew the gradient, at several weights together, is as it was."""
        instance, rows = self.instance, []
        D, draw = instance.weights, random.Random("one field")
        points = [values(instance, draw) for _ in range(DRAWS)]
        gradients = [
            {i: terms(slope) for i, slope in instance.gradient(one).items()}
            for one in (self.potential, *potentials(instance))
        ]
        for _ in range(DRAWS):
            data = values(instance, draw)
            end = first_function(instance)
            for point in points:
                point[D:end] = data[D:end]
            rows += [
                [value_at(each[i], z) if i in each else 0 for z in points for i in range(D)]
                for each in gradients
            ]
        rank = rank_modulo_prime(rows, DRAWS * D)
        return Proved(f"rank modulo {PRIME}") if rank == 1 else Undecided(f"rank {rank}")

    def _add_up(self) -> Verdict:
        blocks = self.blocks
        if len(set().union(*blocks)) != sum(map(len, blocks)):
            return Undecided(f"a weight is in two of {blocks}")
        rest = self.potential - sum(self.parts[1:], self.parts[0])
        if weights_of(self.instance, rest):
            return Undecided(f"{rest} is in no part")
        return Proved("polynomials in the exact ring")

    def explain(self) -> Iterator[Step]:
        """The field, and in how many parts it falls apart."""
        yield Step(
            "One field",
            (
                (r"\dot\theta", r"-r\,\eta\circ\nabla c(\theta)"),
                (r"\#\{\text{parts of } c\}", Integer(len(self.parts))),
            ),
            "All outputs are functions of one potential $c$. Loss and target choose the speed $r$ alone: "
            "in the time $d\\tau=-r\\,dt$ every part moves by itself.",
        )


def values(instance: Instance, draw: random.Random) -> list[int]:
    """Numbers modulo the prime for weights, data and functions of weights, which keep their relations."""
    found = [draw.randrange(1, PRIME) for _ in instance.ring.gens()]
    for one in sorted(instance.generated, key=lambda one: one.square is not None):
        if one.kind == "gate":
            found[one.index] = draw.randrange(2)
        elif (
            one.square is not None
        ):  # a sine's cosine; the prime is 3 modulo 4: half of all have roots
            square = value_at(terms(one.square), found)
            found[one.index] = pow(square, (PRIME + 1) // 4, PRIME)
            if found[one.index] ** 2 % PRIME != square:
                return values(instance, draw)
    return found


def derive(instance: Instance) -> OneField:
    """One potential, and its parts."""
    model, sizes = instance.model, instance.sizes
    if is_long(model, sizes) and has_several_fields(model, sizes):
        raise DoesNotApply("the outputs move weights along several fields")
    if reason := reason_against(instance):
        raise DoesNotApply(reason)
    found = first_potentials(instance)
    if not found:
        raise DoesNotApply("the outputs never change")
    if len(found) > 1:
        raise DoesNotApply("the outputs move weights along several fields")
    return OneField(instance=instance, potential=found[0], parts=tuple(parts(instance, found[0])))
