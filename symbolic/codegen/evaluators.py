"""Which functions are emitted, in which order.

No formula is written in this package. Right-hand sides are expressions of records, with their symbols
renamed and parts that are computed once named; the stable forms too are found and proved in stages. What
is added are guards that a number needs: of a division whose denominator may be zero, of an exponential
that would underflow, of a root whose square would (`names`). Each function is stamped with the place
where a record says that it is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import sympy

from symbolic.codegen.docstring import plain
from symbolic.codegen.emit import (
    flow_map,
    movement,
    neuron,
    norms,
    observables,
    start,
    state,
    time_to_loss,
    weights,
)
from symbolic.codegen.names import CONSTANTS, STATE
from symbolic.codegen.program import Function, Program, Structure
from symbolic.derivation import Derivation
from symbolic.explicit.closed_form import ClosedForm
from symbolic.network.branches import meeting_places
from symbolic.network.datasets import EffectiveLoss
from symbolic.notation.symbols import h_i
from symbolic.warp.stable_flow_map import StableFlowMap

NOTE = """\
torch differentiates through all of it. No derivative exists where a norm or a distance is 0, nor of
a distance where nothing moves (f(0) = y), nor of `time_to_loss` at the start; they are finite there.
Those of a network that dies are right until the weights fall below exp(-0.3 log(1/tiny))."""


def program(derivation: Derivation) -> Program:
    """Every evaluator of a network, from its derivation: a part for each capability that it has."""
    parts = [part(derivation) for part in PARTS]
    found = [part for part in parts if part is not None]
    data, solved = derivation[EffectiveLoss], ClosedForm in derivation
    of = "Exact gradient flow of the {}" if solved else "One neuron of the {}, in warped time"
    return Program(
        name=derivation.model.name,
        title=plain(of.format(derivation.model.title)) + ".",
        source=plain(str(derivation.model.source)),
        note=NOTE if solved else "torch differentiates through all of it.",
        capabilities=tuple(part.capability for part in found),
        degree=sympy.sympify(data.degree, strict=True),
        ray_degree=sympy.sympify(data.ray_degree, strict=True),
        bends=meeting_places(derivation.model.activation(h_i), h_i),
        structures=tuple(structure for part in found for structure in part.structures),
        functions=_with_sources(derivation, (z for part in found for z in part.functions)),
        gain_power=_gain_power(derivation),
        weights=_of_a_state(weights.weights, derivation),
        observables=_of_a_state(_observables, derivation),
    )


def _of_a_state(
    functions: Callable[[Derivation], tuple[Function, ...]], derivation: Derivation
) -> tuple[Function, ...]:
    """Those that take a state and what it was computed with; none where there is no state."""
    if ClosedForm not in derivation:
        return ()
    return tuple(z for z in functions(derivation) if z.structures == (STATE, CONSTANTS))


def _observables(derivation: Derivation) -> tuple[Function, ...]:
    """Numbers of a state."""
    return (
        *observables.scalars(derivation),
        *norms.norms(derivation),
        *movement.kernel(derivation),
        *movement.distances(derivation),
    )


def _with_sources(derivation: Derivation, functions: Iterable[Function]) -> tuple[Function, ...]:
    """Each with the place where its formula is printed, if the network is from the same paper.

    A network of another paper is stamped with its own source alone.
    """
    printed = {
        name: source for record in derivation.values() for name, source in record.sources.items()
    }
    cite = derivation.model.source.cite
    return tuple(replace(one, source=plain(str(cite(printed.get(one.name))))) for one in functions)


@dataclass(frozen=True)
class Part:
    """What a record of the derivation gives to the module.

    Attributes:
        capability: what can be done with it.
        structures, functions: as they are emitted.
    """

    capability: str
    structures: tuple[Structure, ...]
    functions: tuple[Function, ...]


def _neuron(derivation: Derivation) -> Part:
    """Field, kernel and law of one neuron."""
    return Part("neuron", (neuron.network(derivation),), neuron.neuron(derivation))


def _flow_map(derivation: Derivation) -> Part | None:
    """A neuron at any warped time."""
    if StableFlowMap not in derivation:
        return None
    functions = flow_map.flow_map(derivation[StableFlowMap], neuron.network(derivation))
    return Part("flow map", (flow_map.NEURON, flow_map.PLACE), functions)


def _gain_power(derivation: Derivation) -> int | None:
    found = derivation.get(StableFlowMap)
    return None if found is None else found.gain_power


def _state(derivation: Derivation) -> Part | None:
    """A network whose s(t) is explicit: everything at any time."""
    if ClosedForm not in derivation:
        return None
    functions = (
        *start.initial(derivation),
        *start.conserved(derivation),
        start.constants(derivation),
        state.at(derivation),
        state.limit(derivation),
        *weights.weights(derivation),
        *_observables(derivation),
        weights.tangent_kernel(derivation),
        state.time_scale(derivation),
        time_to_loss.time_to_loss(derivation),
    )
    return Part("state", (CONSTANTS, STATE), functions)


PARTS = (_state, _neuron, _flow_map)
