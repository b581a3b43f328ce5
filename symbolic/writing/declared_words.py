"""How a declared network, its sizes and its stages are called, in a terminal and in documents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symbolic.architecture.closures import h
from symbolic.architecture.model import Model
from symbolic.architecture.sizes import written
from symbolic.declared.formula import in_a_terminal
from symbolic.declared.summary import Summary, Unreached, at_least
from symbolic.declared.two_layer import TwoLayer
from symbolic.derivation import made_in, stage_name

LOSSES = {"any": "any loss", "softmax": "any loss of the differences of outputs"}
DATA = {
    "any": "any data", "line": "inputs along one direction", "points": "the inputs that are listed",
    "white": "white data (the mean of x xᵀ is 1)",
}  # fmt: skip
ON = {
    "any": "on white data", "white": "on white data", "line": "on a line of data",
    "points": "on the points listed",
}  # fmt: skip
HEAD = ("sizes", "weights", "laws", "Lie rank", "complete", "left")
STAGES = {
    "Fields": "fields", "MatrixLaws": "laws at all sizes", "PolynomialLaws": "polynomial laws",
    "Regions": "regions of gates", "Reach": "Lie rank", "ProductLaws": "rational and product laws",
    "Count": "whether a law is missing", "EveryWidth": "other widths", "Why": "symmetries",
    "Left": "what is left", "Solvable": "the class of the flow", "Lift": "the linear lift",
    "MirrorFlow": "the potential", "ScalarChain": "the scalar chain",
    "OneField": "one field", "TwoLayer": "neurons of one activation",
    "SeparableLaws": "separable laws",
}  # fmt: skip
Found = Sequence[Summary | Unreached]


def layers(model: Model) -> str:
    """Names, shapes and rates."""
    return ", ".join(
        f"{name} {written(layer.shape)} rate {layer.rate}" for name, layer in model.layers.items()
    )


def holds_for(model: Model) -> str:
    """Loss and data."""
    loss = LOSSES.get(model.loss, f"the {model.loss} loss")
    return f"{loss}, {DATA[model.data]}"


def at_sizes(one: Summary | Unreached) -> str:
    """The sizes, in words."""
    sizes = one.instance.sizes if isinstance(one, Summary) else one.sizes
    return ", ".join(f"{symbol} = {n}" for symbol, n in sizes.items())


def row(one: Summary | Unreached) -> tuple[str, ...]:
    """Of the table, under `HEAD`."""
    sizes = at_sizes(one).replace(" = ", "=").replace(",", "")
    if not isinstance(one, Summary):
        return sizes, str(one.weights), "?", "?", "not decided", "?"
    laws = at_least(one.independent) if one.count is None else str(one.count.independent)
    return sizes, str(one.instance.weights), laws, one.rank, one.complete, one.left


def neurons(one: TwoLayer) -> str:
    """Of which activation the neurons are, at which point, and where more is known of them."""
    point = ", ".join(map(str, one.point))
    said = (
        f"Neurons of one activation, {in_a_terminal(one.network.activation(h))}, at x = ({point})"
    )
    if one.has_name:
        return f'{said}: solve has their trajectory, with "activation": "{one.network.name}".'
    return f"{said}: one variable of a second-order equation."


def stage(kind: type) -> str:
    """What a stage finds, by its record, in words."""
    return STAGES.get(kind.__name__, kind.__module__.rpartition(".")[2].replace("_", " "))


def reason(why: str) -> str:
    """Why a stage has no record, with the words of stages for the names of their modules."""
    words = {stage_name(kind): stage(kind) for kind in made_in("declared")}
    return re.sub(r"(?<=\bit needs )\w+", lambda name: words.get(name[0], name[0]), why)


def order(name: str) -> int:
    """The place of such words by what needs what; others come last."""
    names = list(STAGES.values())
    return names.index(name) if name in names else len(names)
