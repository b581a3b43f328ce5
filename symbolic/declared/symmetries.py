"""Stage: why there is a law, and what other symmetries give (see `symbolic.laws.explained`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer, latex

from symbolic.architecture.instance import Instance
from symbolic.laws.explained import Explained, explained
from symbolic.laws.substitution import Substitution
from symbolic.laws.symmetry_words import signs_in_words
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict

GIVES = {
    "law": "Each of these transformations leaves every output alone, and is the gradient of a law "
    "times the rates: that is why the law holds.",
    "reduction": "Each of these leaves every output alone and lengths, too: the flow is the same along "
    "its orbits, which reduces it and gives no law.",
    "neither": "Each of these leaves every output alone, and says only that the flow is orthogonal to "
    "it: it integrates to nothing.",
}


@dataclass(frozen=True, kw_only=True)
class Why(Record):
    """The symmetries of the outputs: affine ones, changes of signs, permutations.

    Attributes:
        symmetries: each with what it gives.
    """

    instance: Need[Instance]
    symmetries: Explained

    def certify(self) -> Iterator[Certificate]:
        """Of each that outputs are left alone; of an affine one, what its kind says."""
        for one in self.symmetries.continuous:
            for proved in one.certificates:
                yield Certificate(f"{one.words}: {proved.claim}", proved.verdict)
        if self.symmetries.permutations or self.symmetries.signs:
            yield from self._discrete(Substitution(self.instance))

    def _discrete(self, network: Substitution) -> Iterator[Certificate]:
        """The network at permuted weights, and at weights of other signs."""
        for each in self.symmetries.permutations:
            holds = network.leaves_alone(each.images, (), dict(each.data), each.outputs)
            yield Certificate(f"{each.words}: outputs go to outputs", _verdict(holds))
        places = range(self.instance.weights)
        for flipped, words in zip(self.symmetries.signs, self.signs, strict=True):
            names = {weight.name for weight in flipped}
            signs = [-1 if name in names else 1 for name in self.instance.names]
            holds = network.leaves_alone(places, signs)
            yield Certificate(f"signs of {words}: outputs stay as they are", _verdict(holds))

    @property
    def signs(self) -> list[str]:
        """Changes of signs, in words."""
        return [
            signs_in_words(self.instance, {weight.name for weight in flipped})
            for flipped in self.symmetries.signs
        ]

    def explain(self) -> Iterator[Step]:
        """By what they give."""
        for kind, says in GIVES.items():
            found = self.symmetries.of_kind(kind)
            if not found:
                continue
            rows = [
                (
                    rf"\text{{{kind}s}}" if kind != "neither" else r"\text{neither}",
                    Integer(len(found)),
                )
            ]
            rows += [
                (r"\theta^{\top} S\, \theta/2 + \dots", latex(one.law))
                for one in found
                if one.law is not None
            ]
            words = "; ".join(dict.fromkeys(one.words for one in found))
            yield Step(f"Symmetries: {kind}", tuple(rows), f"{says} In words: {words}.")
        if self.signs:
            yield Step(
                "Symmetries: signs", ((r"\text{signs}", Integer(len(self.signs))),),
                "Each of these changes of signs leaves every output alone, as all products of them do: "
                f"{'; '.join(self.signs)}.",
            )  # fmt: skip
        if self.symmetries.permutations:
            words = "; ".join(each.words for each in self.symmetries.permutations)
            number = Integer(len(self.symmetries.permutations))
            yield Step(
                "Symmetries: permutations", ((r"\text{permutations}", number),),
                "Each of these exchanges of weights sends every output to itself, where entries of data "
                f"and outputs are exchanged with them to the other one. In words: {words}.",
            )  # fmt: skip


def _verdict(holds: bool) -> Verdict:
    return (
        Proved("outputs expanded with these weights put in")
        if holds
        else Undecided("it moves an output")
    )


def derive(instance: Instance) -> Why:
    """Find and prove them."""
    found = explained(instance)
    if not (found.continuous or found.permutations or found.signs):
        raise DoesNotApply(
            "no affine transformation of the weights leaves all outputs alone, no exchange and no change "
            "of signs"
        )
    return Why(instance=instance, symmetries=found)
