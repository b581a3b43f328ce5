"""Which functions are emitted, in which order.

No formula is written in this package: right-hand sides are expressions of the derivation, joined by the
guards that a number needs, a division whose denominator may be zero and an exponential that would
underflow.
"""

from __future__ import annotations

import sympy

from symbolic.codegen.emit import movement, neuron, observables, trajectory
from symbolic.codegen.names import CONSTANTS, STATE
from symbolic.codegen.program import Program
from symbolic.derivation import Derivation
from symbolic.explicit.closed_form import ClosedForm
from symbolic.network.datasets import EffectiveLoss
from symbolic.warp.flow_map import FlowMap

NOTE = """\
torch differentiates through all of it. No derivative exists where a norm or a distance is 0, nor of
a distance where nothing moves (f(0) = y), nor of `time_to_loss` at the start; they are finite there.
Those of a network that dies are right until the weights fall below exp(-0.3 log(1/tiny))."""


def program(derivation: Derivation) -> Program:
    """Every evaluator of a network, from its derivation."""
    if ClosedForm in derivation:
        return _explicit(derivation)
    given, solution = neuron.network(derivation), derivation.get(FlowMap)
    flow_map = neuron.flow_map(solution, given) if solution is not None else ()
    structures = (given, neuron.NEURON, neuron.PLACE) if solution is not None else (given,)
    return Program(
        derivation.model.name,
        f"One neuron of the {derivation.model.title}, in warped time.",
        derivation.model.source,
        "torch differentiates through all of it.",
        sympy.sympify(derivation[EffectiveLoss].degree, strict=True),
        sympy.sympify(derivation[EffectiveLoss].ray_degree, strict=True),
        neuron.bends(derivation),
        structures,
        (*neuron.neuron(derivation), *flow_map),
        neuron.gain_power(solution) if solution is not None else None,
    )


def _explicit(derivation: Derivation) -> Program:
    """A network whose s(t) is explicit: everything at any time."""
    return Program(
        derivation.model.name,
        f"Exact gradient flow of the {derivation.model.title}.",
        derivation.model.source,
        NOTE,
        sympy.sympify(derivation[EffectiveLoss].degree, strict=True),
        sympy.sympify(derivation[EffectiveLoss].ray_degree, strict=True),
        neuron.bends(derivation),
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
            *movement.kernel(derivation),
            *movement.distances(derivation),
            observables.tangent_kernel(derivation),
            trajectory.time_scale(derivation),
            trajectory.time_to_loss(derivation),
        ),
    )
