"""Of which solved class the flow of a declared network is under half a square, and its solution.

| class | where | solution |
|---|---|---|
| linear | velocities of invariants or weights are linear | exponentials |
| logistic, Riccati | one quadratic form of the weights alone, H³ = κ² H | rational in exponentials |
| separable | one coefficient alone, laws leave one variable | p² = q(w); by ℘ up to degree 4 |
| matrix Riccati | Z = Q Qᵀ, everywhere or on a leaf of a law | matrix exponential |
| Lotka-Volterra | invariants multiply their own velocities | none, unless they do not meet |

Blocks that do not feel one another are recognised one by one. That none applies is a statement about
this search.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from flint import fmpq
from sympy import Expr, Symbol

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import weight
from symbolic.laws.absorbed_ring import AbsorbedRing
from symbolic.laws.blocks import Block, independent_blocks
from symbolic.laws.recognition import NONE, recognised
from symbolic.laws.reduced_flow import reduced_flow
from symbolic.laws.reduction import Linear, white_system
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.reduced import linear_flow
from symbolic.reduced.forms import in_gram_matrix, linear, one_form
from symbolic.reduced.given import SQUARES, Given, given
from symbolic.reduced.recognised import SEARCHED, Recognised, Recognition
from symbolic.reduced.separable import separable
from symbolic.reduced.solution import Solution, all_proved

DRAWN = (3, -1, 4, 1, -5, 9, 2, -6)  # targets at which a quadratic system is classified
AT_REST = "at rest"


def recognise(instance: Instance) -> Recognition:
    """Recognise the flow under half a square on white data (or on the points of a declaration).

    Args:
        instance: with polynomial outputs.

    Raises:
        DoesNotApply: where the loss is no square, outputs are no polynomials, or white data do not say
            what is needed of the data.
    """
    whole = given(instance)
    if not whole.potentials:
        return _at_rest(whole)
    return recognition_of(whole, independent_blocks(whole.potentials))


def unrecognised(instance: Instance, reason: str) -> Recognition:
    """No class, and not even coefficients that could have one.

    Args:
        instance: the network.
        reason: why.
    """
    weights, kind = tuple(map(weight, instance.names)), f"{NONE} ({reason})"
    block = Recognised(kind, weights, {}, {}, {}, None, None, ())
    return Recognition(kind, (block,), (), (), SEARCHED)


def recognition_of(whole: Given, blocks: Sequence[Block]) -> Recognition:
    """Block by block."""
    found = tuple(class_of(whole, block) for block in blocks)
    kind = " and ".join(dict.fromkeys(block.kind for block in found))
    return Recognition(kind, found, whole.targets, whole.potentials, SEARCHED)


def _at_rest(whole: Given) -> Recognition:
    """No output depends on a weight: none moves, under any loss."""
    weights, ring = whole.rates.weights, AbsorbedRing(whole.instance)
    proof = Certificate("no output depends on a weight", ring.outputs_are(()))
    start: dict[Expr, Symbol] = {w: Symbol(f"{w}^0", real=True) for w in weights}
    stays = Solution(start, {}, start, start, "everywhere", all_proved([proof]))
    still = dict.fromkeys(weights, sympy.Integer(0))
    block = Recognised(
        AT_REST, weights, {w: w for w in weights}, still, {}, stays, None, stays.certificates
    )
    return Recognition(AT_REST, (block,), (), (), SEARCHED)


def class_of(whole: Given, block: Block) -> Recognised:
    """The class of a block."""
    if all(max(map(sum, terms(whole.potentials[k].value))) == 1 for k in block.potentials):
        return linear(whole, block)
    if len(block.potentials) == 1:
        return one_form(whole, block) or separable(whole, block)
    return in_gram_matrix(whole, block) or _quadratic(whole, block)


def _quadratic(whole: Given, block: Block) -> Recognised:
    """The closed flow in invariants, if there is one, by the class of its quadratic system."""
    try:
        flow = reduced_flow(whole.instance)
    except DoesNotApply as reason:
        return whole.open(block, str(reason))
    weights = set(whole.weights(block))
    places = [i for i, z in enumerate(flow.definitions) if z.free_symbols & weights]
    drawn = [fmpq(one) for one in DRAWN]
    system = white_system(flow.action, [drawn[k % len(drawn)] for k in range(len(whole.targets))])
    kind = recognised([_renumbered(system[i], places) for i in places])
    if kind == NONE:
        kind = f"{NONE} (the flow closes in {len(places)} invariants)"
    velocities = flow.white(whole.targets)
    z = [flow.variables[i] for i in places]
    solution = None
    if kind == "linear":
        solution = linear_flow.solved(z, [velocities[i] for i in places])
    return Recognised(
        kind,
        whole.weights(block),
        {flow.variables[i]: flow.definitions[i] for i in places},
        {flow.variables[i]: velocities[i] for i in places},
        {k: flow.outputs[k] for k in block.potentials},
        solution,
        None,
        flow.certificates,
    )


def _renumbered(equation: Linear, places: Sequence[int]) -> Linear:
    place = {old: new for new, old in enumerate(places)}
    return {tuple(place[k] for k in m): c for m, c in equation.items()}


__all__ = ["AT_REST", "SQUARES", "Given", "Recognised", "Recognition", "given", "recognise"]
