"""The flow in invariants under half a square on data that are not white: every second moment a symbol.

The signals are r_k = Σ_l M_kl (y_l − c_l), M the means of products of the monomials of the data in one
output, y_l where c_l would rest if it could. What was decoupled on white data meets here: squared weights
are a Lotka-Volterra system.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

import sympy
from flint import fmpq
from sympy import Expr, Symbol

from symbolic.architecture.instance import Instance
from symbolic.laws.recognition import recognised
from symbolic.laws.reduced_flow import ReducedFlow, names, reduced_flow
from symbolic.laws.reduction import Linear, square_system
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.reduced import linear_flow
from symbolic.reduced.given import SQUARES
from symbolic.reduced.linear_flow import LinearFlow

LARGEST = 9


@dataclass(frozen=True)
class Correlated:
    """The flow in invariants and its class.

    Attributes:
        kind: the class, at moments and targets that were drawn.
        flow: for any loss.
        targets: y_l, by potential.
        moments: symbols of M_kl, k ≤ l, by potentials: one for each pair of monomials.
        equations: velocities in time.
        solution: of a linear flow; else None.
        certificates: of the flow, and of the solution.
    """

    kind: str
    flow: ReducedFlow
    targets: tuple[Symbol, ...]
    moments: Mapping[tuple[int, int], Symbol]
    equations: Mapping[Symbol, Expr]
    solution: LinearFlow | None
    certificates: tuple[Certificate, ...]


def correlated(instance: Instance) -> Correlated:
    """Recognise the flow on data of any second moments.

    Args:
        instance: whose flow closes in invariants.

    Raises:
        DoesNotApply: where it does not, or the loss is no square.
    """
    if instance.model.loss not in SQUARES:
        raise DoesNotApply(
            f"the loss is {instance.model.loss}: what is searched for is of a square"
        )
    flow = reduced_flow(instance)
    potentials = flow.potentials
    targets = names("y", len(potentials), instance)
    moments: dict[tuple[int, int], Symbol] = {}
    by_data: dict[tuple[int, ...], Symbol] = {}
    order = {data: n for n, data in enumerate(dict.fromkeys(p.data for p in potentials), 1)}
    letter = str(names("M", 1, instance)[0]).split("_")[0]
    for k, one in enumerate(potentials):
        for l, other in enumerate(potentials[k:], k):
            if one.output == other.output:
                pair = tuple(sorted((order[one.data], order[other.data])))
                name = f"{letter}_{'_'.join(map(str, pair))}"
                moments[k, l] = by_data.setdefault(pair, Symbol(name, real=True))
    signals = [
        sympy.Add(
            *(
                moments[min(k, l), max(k, l)] * (targets[l] - flow.outputs[l])
                for l in range(len(potentials))
                if (min(k, l), max(k, l)) in moments
            )
        )
        for k in range(len(potentials))
    ]
    velocities = flow.velocities(signals)
    kind = recognised(_drawn(flow, moments))
    solution = linear_flow.solved(flow.variables, velocities) if kind == "linear" else None
    return Correlated(
        kind,
        flow,
        targets,
        moments,
        dict(zip(flow.variables, velocities, strict=True)),
        solution,
        flow.certificates + (solution.certificates if solution else ()),
    )


def _drawn(flow: ReducedFlow, moments: Mapping[tuple[int, int], Symbol]) -> list[Linear]:
    """The system at moments and targets that are drawn."""
    draw = random.Random(0)
    value: dict[Symbol, fmpq] = {}
    for symbol in dict.fromkeys(moments.values()):
        value[symbol] = fmpq(draw.randint(1, LARGEST))
    both = {(k, l): value[M] for (k, l), M in moments.items()}
    both |= {(l, k): c for (k, l), c in both.items()}
    targets = [fmpq(draw.randint(-LARGEST, LARGEST)) for _ in flow.potentials]
    return square_system(flow.action, targets, both)
