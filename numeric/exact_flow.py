"""What evaluates a flow to any digits, where there is anything: in balls, from exact input.

Beside `numeric.flow` and not in it, since few ask for it, and what it loads takes time.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from numeric.catalogue import Network
from numeric.methods.explicit.balls import ExactFlow

if TYPE_CHECKING:
    from numeric.methods.warp.balls import ExactWarpedFlow


def exact_flow(
    network: Network, loss: ModuleType
) -> type[ExactFlow] | type[ExactWarpedFlow] | None:
    """What evaluates a network under a loss in balls, to any digits; None where nothing does."""
    if ExactFlow.serves(network, loss):
        return ExactFlow
    # Loaded where the first does not serve: a small case takes less time than this import.
    from numeric.methods.warp.balls import ExactWarpedFlow

    return ExactWarpedFlow if ExactWarpedFlow.serves(network, loss) else None
