"""The tables of a generated module: names, shapes, and what was found of the declaration."""

from __future__ import annotations

from symbolic.codegen.declared import turning, two_layer
from symbolic.codegen.declared.arrays import POINTS, in_order
from symbolic.codegen.declared.members import Members
from symbolic.codegen.declared.text import points, shape_text, table
from symbolic.proof.certificate import DoesNotApply
from symbolic.reduced.one_product import one_product


def facts(made: Members) -> list[str]:
    """Tables of the module."""
    model = made.model
    rates = {name: layer.rate for name, layer in model.layers.items()}
    shape = model.graph.output.shape
    has_points = made.forward.output.axes[:1] == (POINTS,)
    turns = turning.turnings(
        [made.forward.output, *made.forward.bends],
        [symbol for symbol in made.sizes if symbol != POINTS],
    )
    without = "" if has_points else "; no input is in it, and it has no axis of points"
    return [
        f"NAME = {model.name!r}",
        table("WEIGHTS", made.graph.weights, "shapes of trained weights"),
        f"RATES: dict[str, str] = {rates!r}  # the learning rate of each",
        table("INPUTS", made.graph.inputs, "shapes of inputs, without the axis of points"),
        table("FROZEN", made.graph.frozen, "shapes of untrained weights"),
        f"OUTPUT: tuple[str, ...] = {shape_text(shape)}  # shape of the output of a point{without}",
        f"POINTWISE = {has_points}  # whether the output has an axis of points",
        f"LOSS = {model.loss!r}  # which losses it is declared for",
        f"DATA = {model.data!r}  # which data it is declared for",
        f"BENDS = {len(made.forward.bends)}  # functions in it that are not smooth",
        f"AFFINE = {_is_affine(made)}  # whether the output is affine in the weights, at all sizes",
        *_chain(made),
        *([points(model)] if model.points else []),
        *turning.table(turns),
        *two_layer.table(two_layer.found(model, turns)),
    ]


def _chain(made: Members) -> list[str]:
    """The product of scalar weights that outputs move with alone, where there is one."""
    try:
        found = one_product(made.model)
    except DoesNotApply:
        return []
    return [
        "# outputs move with one product of scalar weights alone, under a square a scalar chain, at all",
        "# sizes: how often each weight stands in it",
        f"CHAIN: dict[str, int] = {dict(found.powers)!r}",
    ]


def _is_affine(made: Members) -> bool:
    """Whether the change of the output does not depend on the weights."""
    (found,) = made.changes([made.forward.output])
    nodes = [] if found is None else in_order([found])
    return not any(n.operation == "leaf" and n.detail[0] == "weight" for n in nodes)
