"""Stage: why there is a law, and what other symmetries give (see `symbolic.laws.explained`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer, latex

from symbolic.architecture.instance import Instance
from symbolic.laws.explained import Explained, explained
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step

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
        """Of each affine one, that outputs are left alone, and what its kind says."""
        for one in self.symmetries.continuous:
            for proved in one.certificates:
                yield Certificate(f"{one.words}: {proved.claim}", proved.verdict)

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


def derive(instance: Instance) -> Why:
    """Find and prove them."""
    found = explained(instance)
    if not found.continuous:
        raise DoesNotApply("no affine transformation of the weights leaves all outputs alone")
    return Why(instance=instance, symmetries=found)
