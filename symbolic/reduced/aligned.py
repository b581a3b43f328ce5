"""Aligned modes: the flow on diagonal layers, where it stays.

Keep the weights whose indices are equal, and set the others to 0. If a coefficient that is left does not
move the others there, and those that vanish have no target, the others stay 0 under half a square on
white data: their velocity is Σ_k (y_k − c_k) ∂c_k. What is left are blocks, one for each mode, of which
`recognise` knows the class: deep linear networks are chains, mode by mode.
"""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass

from flint import fmpq
from sympy import Symbol

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import absorbed, weight
from symbolic.laws.blocks import independent_blocks
from symbolic.laws.reduction import Potential
from symbolic.laws.ring import Poly
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced.given import Given, given
from symbolic.reduced.recognise import recognition_of
from symbolic.reduced.recognised import Recognition
from symbolic.reduced.solution import all_proved


@dataclass(frozen=True)
class Aligned:
    """The flow on diagonal layers.

    Attributes:
        zero: the weights that are 0, and stay it.
        without_target: the potentials whose target is 0: their places.
        recognition: of what is left.
        certificates: that the others stay 0.
        moment: of the data, where these are symmetric (see `reflected`); None where they are white.
        assumed: of data and targets, in words.
    """

    zero: tuple[Symbol, ...]
    without_target: tuple[int, ...]
    recognition: Recognition
    certificates: tuple[Certificate, ...]
    moment: Symbol | None = None
    assumed: str = "white data, and targets of the modes alone"


def aligned(instance: Instance) -> Aligned:
    """Recognise the flow of aligned modes.

    Args:
        instance: with polynomial outputs, some layers of which are matrices.

    Raises:
        DoesNotApply: where nothing is left, or what is left does not stay.
    """
    whole = given(instance)
    kept = _diagonal(instance)
    left = [_restricted(whole, p.value, kept) for p in whole.potentials]
    places = [k for k, one in enumerate(left) if one != 0]
    if not places or len(kept) == instance.weights:
        raise DoesNotApply("no layers that could be diagonal")
    verdict = _stay(whole, kept, places)
    if isinstance(verdict, Undecided):
        raise DoesNotApply(verdict.tried)
    potentials = tuple(dataclasses.replace(whole.potentials[k], value=left[k]) for k in places)
    blocks = independent_blocks(potentials)
    if any(len(block.potentials) > 1 for block in blocks):
        raise DoesNotApply("modes that meet on the diagonals")
    modes = dataclasses.replace(
        whole,
        potentials=potentials,
        rates=absorbed(instance, potentials),
        targets=tuple(whole.targets[k] for k in places),
    )
    return Aligned(
        tuple(weight(name) for i, name in enumerate(instance.names) if i not in kept),
        tuple(k for k in range(len(left)) if k not in places),
        recognition_of(modes, blocks),
        all_proved([Certificate("weights off the diagonals stay 0", verdict)]),
    )


def _diagonal(instance: Instance) -> set[int]:
    """Places of the weights whose indices are equal."""
    kept, start = set(), 0
    for layer in instance.model.layers.values():
        shape = [size.at(instance.sizes) for size in layer.shape]
        entries = list(itertools.product(*map(range, shape)))
        kept |= {start + n for n, place in enumerate(entries) if len(set(place)) <= 1}
        start += len(entries)
    return kept


def _restricted(whole: Given, polynomial: Poly, kept: set[int]) -> Poly:
    """At 0 for the weights that are not kept."""
    inside: dict[tuple[int, ...], fmpq] = {
        m: c for m, c in terms(polynomial).items() if all(i in kept for i, e in enumerate(m) if e)
    }
    return whole.ring.context.from_dict(inside)


def _stay(whole: Given, kept: set[int], places: list[int]) -> Verdict:
    """No coefficient that is left moves a weight that is 0; those that vanish have no signal."""
    potentials: list[Potential] = [whole.potentials[k] for k in places]
    for potential in potentials:
        for i in range(whole.instance.weights):
            if i not in kept and _restricted(whole, potential.value.derivative(i), kept) != 0:
                return Undecided(f"{whole.instance.names[i]} does not stay 0")
    if any(p.constant != 0 for k, p in enumerate(whole.potentials) if k not in places):
        return Undecided("what is not trained is off the diagonal")
    return Proved("derivatives at 0")
