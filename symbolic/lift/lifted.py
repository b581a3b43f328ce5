"""The lifts of a network, block by block: weights, rates and targets around the frames.

Rates are absorbed (`symbolic.laws.absorbed`): outputs are ρ c_k + constant of the absorbed weights, which
move by −speed · ∂L/∂φ. So with b_k the moments of monomial and target less what is not trained,

    F = speed · (ρ Σ_k b_k A_k + ρ² Σ_j λ_j G_j),     S → speed · ρ² S.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flint import fmpq
from sympy import Expr
from sympy.polys.rings import PolyElement

from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import Absorbed
from symbolic.laws.absorbed_ring import AbsorbedRing
from symbolic.laws.blocks import Block
from symbolic.laws.gram import Form, Gram, gram
from symbolic.laws.reduction import Potential
from symbolic.lift import one_clock as clocks
from symbolic.lift import projective as projections
from symbolic.lift.frame import Frame, frame
from symbolic.lift.one_clock import OneClock
from symbolic.lift.projective import Projective
from symbolic.proof.certificate import Certificate
from symbolic.proof.verdict import Verdict


@dataclass(frozen=True)
class Lifted:
    """A block of a network, and its lifts.

    Attributes:
        block: weights and potentials, by their places.
        rates: how they are absorbed, with the scales of these potentials.
        frame: Q, and what acts on it; None where the outputs have none.
        projective: lift P.
        clock: lift T, where one coefficient moves all weights.
        reason: why there is no frame; empty where there is one.
    """

    block: Block
    rates: Absorbed
    frame: Frame | None = None
    projective: Projective | None = None
    clock: OneClock | None = None
    reason: str = ""

    @property
    def rho(self) -> Expr:
        """ρ, of all outputs of the block."""
        return self.rates.scales[0]

    @property
    def is_lifted(self) -> bool:
        """Whether some data allow one of the lifts."""
        return self.clock is not None or bool(self.projective and self.projective.directions)

    @property
    def laws(self) -> tuple[int, ...]:
        """Places of the laws that the projective lift at white data needs."""
        white = self.projective.white if self.projective else None
        if white is None:
            return ()
        return tuple(j for j, G in enumerate(white.G) if any(c != 0 for c in G.entries()))


def lifted(potentials: Sequence[Potential], rates: Absorbed, block: Block) -> Lifted:
    """Look for the lifts of a block.

    Args:
        potentials: coefficients of all outputs.
        rates: how they are absorbed.
        block: weights that meet, and the potentials they meet in.
    """
    own = [potentials[k] for k in block.potentials]
    rates = replace(rates, scales=tuple(rates.scales[k] for k in block.potentials))
    if len(set(rates.scales)) > 1:
        return Lifted(block, rates, reason="rates weigh its outputs differently")
    if (found := gram(own, block.weights)) is None:
        return Lifted(block, rates, reason=_why_not(own))
    rows = frame(found)
    return Lifted(block, rates, rows, projections.projective(rows, own), clocks.one_clock(rows))


def _why_not(potentials: Sequence[Potential]) -> str:
    degrees = sorted({sum(map(int, m)) for p in potentials for m in p.value.to_dict()})
    if degrees == [2]:
        return "its outputs do not act alike on columns of weights"
    return f"its outputs are of degree {' and '.join(map(str, degrees))}, not 2, in the weights"


def certificates(
    instance: Instance, potentials: Sequence[Potential], found: Sequence[Lifted]
) -> Iterator[Certificate]:
    """Of all blocks.

    Args:
        instance: the network.
        potentials: coefficients of all outputs.
        found: block by block.
    """
    frames = [one for one in found if one.frame is not None]
    yield Certificate("outputs are linear in Q Q^T", _outputs(instance, potentials, frames))
    for one in frames:
        assert one.frame is not None
        yield Certificate("rows of Q are frozen or move", one.frame.certified())
        if one.projective is not None and one.projective.directions:
            claim = "dQ/dt = F Q - Q Q^T S Q + G Q (Q^T J Q), for the moments that allow it"
            yield Certificate(claim, projections.certified(one.projective))
        if one.clock is not None:
            yield Certificate("dQ/dt = s(Q) A Q", clocks.certified(one.clock, one.frame))


def _outputs(
    instance: Instance, potentials: Sequence[Potential], found: Sequence[Lifted]
) -> Verdict:
    """At all rates: ρ_k tr(H_k Q Qᵀ)/2 + constant where there is a frame, in the ring of the proofs."""
    ring = AbsorbedRing(instance)
    values = {k: ring.at_weights(p.value) for k, p in enumerate(potentials)}
    for one in found:
        assert one.frame is not None
        for k, H in zip(one.block.potentials, one.frame.gram.forms, strict=True):
            values[k] = _in_columns(ring, one.frame.gram, H)
    return ring.outputs_are(
        [(p, ring.scale(p) * values[k] + ring.number(p.constant)) for k, p in enumerate(potentials)]
    )


def _in_columns(ring: AbsorbedRing, found: Gram, H: Form) -> PolyElement:
    """tr(H Q Qᵀ)/2."""
    total = ring.zero
    for column in found.columns:
        for (a, b), c in H.items():
            factor = ring.number(c / fmpq(2))
            total += factor * ring.weights[column[a]] * ring.weights[column[b]]
    return total
