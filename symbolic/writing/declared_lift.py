"""What is said in a terminal of the linear lift of a declared network, or of its scalar chain."""

from __future__ import annotations

from collections.abc import Iterator

from symbolic.declared.chain import ScalarChain
from symbolic.declared.formula import in_a_terminal
from symbolic.declared.lift import Lift, few
from symbolic.declared.mirror import MirrorFlow
from symbolic.declared.summary import Summary


def lift_lines(one: Summary) -> Iterator[str]:
    """The lift, the data that it needs, and the potential where there is one."""
    lift: Lift | None = one.records.get(Lift)
    if lift is not None:
        yield from _of(lift, one.instance.model.data)
    if MirrorFlow in one.records:
        yield "  On any data: the linear map moves by itself, and ends where its potential is least."


def chain_line(one: Summary) -> Iterator[str]:
    """The product that outputs move with, and from where its time is a closed form."""
    chain: ScalarChain | None = one.records.get(ScalarChain)
    if chain is not None:
        yield (
            f"  Scalar chain, on any data: outputs move with {in_a_terminal(chain.value)} alone, as a "
            f"product of {chain.product.depth} factors under half a square. Its time is a closed form "
            f"from {chain.starts}."
        )


def _of(lift: Lift, data: str) -> Iterator[str]:
    if all("P" in kind for kind in lift.kinds):
        sizes = ", at all sizes" if lift.at_all_sizes is not None else ""
        yield f"  Linear lift: dN/dt = F N with Q Qᵀ = N C⁻¹ Nᵀ, dC/dt = 2 Nᵀ S N{sizes}."
    if all("T" in kind for kind in lift.kinds):
        clocks = "one clock" if len(lift.blocks) == 1 else "one clock for each block"
        yield f"  Linear lift: dQ/dτ = A Q from any start, with {clocks} under any loss."
    conditions = dict.fromkeys(condition for each in lift.conditions for condition in each)
    if conditions and data == "any":
        needed = few([f"{one} = 0".replace("-", "−").replace("*", " ") for one in conditions])
        yield f"  It needs data whose second moments h have {needed}."
