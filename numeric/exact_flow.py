"""What evaluates a flow to any digits, where there is anything: in balls, from exact input.

Beside `numeric.flow` and not in it, since few ask for it, and what it loads takes time.
"""

from __future__ import annotations

from types import ModuleType

from numeric.catalogue import Network
from numeric.methods.explicit.balls import ExactFlow
from numeric.methods.warp.balls import ExactWarpedFlow

EXACT: tuple[type[ExactFlow] | type[ExactWarpedFlow], ...] = (ExactFlow, ExactWarpedFlow)


def exact_flow(
    network: Network, loss: ModuleType
) -> type[ExactFlow] | type[ExactWarpedFlow] | None:
    """What evaluates a network under a loss in balls, to any digits; None where nothing does."""
    return next((kind for kind in EXACT if kind.serves(network, loss)), None)
