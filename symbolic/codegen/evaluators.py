"""Which functions are emitted, in which order.

No formula is written in this package: right-hand sides are expressions of the derivation, joined by the
guards that a number needs, a division whose denominator may be zero and an exponential that would
underflow.
"""

from __future__ import annotations

from symbolic.codegen import observables, trajectory
from symbolic.codegen.names import CONSTANTS, STATE
from symbolic.codegen.program import Program
from symbolic.derivation import Derivation


def program(derivation: Derivation) -> Program:
    """Every evaluator of a network, from its derivation."""
    return Program(
        derivation.model.name,
        f"Exact gradient flow of the {derivation.model.title}.",
        derivation.model.source,
        (CONSTANTS, STATE),
        (
            *trajectory.initial(derivation),
            *trajectory.conserved(derivation),
            trajectory.constants(derivation),
            trajectory.at(derivation),
            trajectory.limit(derivation),
            *observables.weights(derivation),
            *observables.scalars(derivation),
            *observables.norms(derivation),
            observables.tangent_kernel(derivation),
            trajectory.time_scale(derivation),
            trajectory.time_to_loss(derivation),
        ),
    )
