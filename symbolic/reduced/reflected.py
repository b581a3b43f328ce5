"""Aligned modes by reflections, for outputs of any degree in the data: what symmetry keeps at 0 stays 0.

The reflection j turns the sign of each entry of layers and inputs once for each of its indices that is
j. If each output only changes its sign then, gradients of a loss that does not see it turn as the weights
do, wherever data and targets are as often one way as the other: weights that a reflection turns stay 0 if
they are 0. Of what is left one coefficient C is taken: where outputs are C φ_n(x), under half a square

    −∂L/∂C = M (y − C),     M = Σ_n E φ_n²,     y = Σ_n E φ_n Y_n/M,

on any such data, so that the moment is a factor of the speed.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from flint import fmpq

from symbolic.architecture.fields import fields, terms
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import absorbed, weight
from symbolic.laws.blocks import independent_blocks
from symbolic.laws.reduced_flow import letter, names
from symbolic.laws.reduction import Potential, potentials
from symbolic.laws.ring import Poly, Ring
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced.aligned import Aligned
from symbolic.reduced.given import SQUARES, Given
from symbolic.reduced.recognise import recognition_of
from symbolic.reduced.solution import all_proved

ASSUMED = (
    "data and targets that are as often reflected as not: in each entry of all inputs together, "
    "with the outputs that turn their sign"
)


def reflected(instance: Instance) -> Aligned:
    """Recognise the flow of aligned modes on data that are symmetric under reflections.

    Args:
        instance: with polynomial outputs, some layers of which are matrices.

    Raises:
        DoesNotApply: where reflections are no symmetry, or there is more than one coefficient left.
    """
    if instance.model.loss not in SQUARES or instance.model.data in ("line", "points"):
        raise DoesNotApply("no data that could be symmetric under reflections")
    ring = Ring(instance.names, fields(instance))
    try:
        found = potentials(instance, ring)
    except ValueError as error:
        raise DoesNotApply(str(error)) from None
    turns = list(_reflections(instance))
    verdict = _only_signs(found, turns)
    if isinstance(verdict, Undecided):
        raise DoesNotApply(verdict.tried)
    kept = {i for i in range(instance.weights) if not any(weights[i] for weights, _ in turns)}
    left = [(p, one) for p in found if (one := _restricted(ring, p.value, kept)) != 0]
    if not left or len(kept) == instance.weights or any(p.constant != 0 for p in found):
        raise DoesNotApply("no layers that could be diagonal, or what is not trained is in the way")
    C = left[0][1]
    if any(C * _leading(one) != one * _leading(C) for _, one in left):
        raise DoesNotApply("several coefficients are left on the diagonals")
    potential = dataclasses.replace(left[0][0], value=C)
    rates, moment = absorbed(instance, [potential]), letter("M", instance, positive=True)
    modes = Given(
        instance, ring, (potential,), dataclasses.replace(rates, speed=rates.speed * moment),
        names("y", 1, instance), moment,
    )  # fmt: skip
    return Aligned(
        tuple(weight(name) for i, name in enumerate(instance.names) if i not in kept),
        (),
        recognition_of(modes, independent_blocks((potential,))),
        all_proved([Certificate("outputs but turn their sign under reflections", verdict)]),
        moment,
        ASSUMED,
    )


Turn = tuple[list[int], list[int]]
"""Parities of the weights, and of the entries of the data."""


def _reflections(instance: Instance) -> Iterator[Turn]:
    shapes = [
        [[size.at(instance.sizes) for size in shape] for shape in shapes]
        for shapes in (
            [layer.shape for layer in instance.model.layers.values()],
            instance.model.graph.inputs.values(),
        )
    ]
    entries = [
        [place for shape in group for place in itertools.product(*map(range, shape))]
        for group in shapes
    ]
    for j in range(max((n for group in shapes for shape in group for n in shape), default=0)):
        weights, data = ([place.count(j) % 2 for place in group] for group in entries)
        yield weights, data


def _only_signs(found: Sequence[Potential], turns: Sequence[Turn]) -> Verdict:
    """Whether all monomials of an output are turned alike by each."""
    for j, (weights, data) in enumerate(turns, 1):
        known: dict[int, int] = {}
        for p in found:
            own = sum(e * turn for e, turn in zip(p.data, data, strict=True))
            for m in terms(p.value):
                parity = (own + sum(e * turn for e, turn in zip(m, weights, strict=True))) % 2
                if known.setdefault(p.output, parity) != parity:
                    return Undecided(f"reflection {j} is no symmetry of output {p.output + 1}")
    return Proved("parities of all monomials")


def _restricted(ring: Ring, polynomial: Poly, kept: set[int]) -> Poly:
    inside: dict[tuple[int, ...], fmpq] = {
        m: c for m, c in terms(polynomial).items() if all(i in kept for i, e in enumerate(m) if e)
    }
    return ring.context.from_dict(inside)


def _leading(polynomial: Poly) -> fmpq:
    return terms(polynomial)[max(terms(polynomial))]
