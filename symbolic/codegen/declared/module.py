"""A declaration to the text of one Python module that needs nothing but numpy.

The module has `output`, `velocity` by reverse mode, laws and closed forms where there are any, and tables
of shapes.
"""

from __future__ import annotations

import hashlib
import textwrap

from symbolic.architecture.model import Model
from symbolic.architecture.walk import in_order as tensors
from symbolic.codegen.declared import laws, solutions
from symbolic.codegen.declared.activations import helpers
from symbolic.codegen.declared.functions import Functions
from symbolic.codegen.declared.notation import written
from symbolic.codegen.declared.tables import facts
from symbolic.codegen.declared.text import WIDTH
from symbolic.codegen.docstring import plain

HEADER = '''"""{title}.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: {source}. Digest of the declaration: {digest}.

{equation}

Valid at all sizes: they are read from the arrays. Weights, inputs, frozen weights and rates are mappings
by name; shapes are in the tables below. An input has an axis of data points in front, and so have the
output and its signal; weights and velocities have none. `xp` is the namespace that computes: numpy (the
default), torch, or any with the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

CAPABILITIES = ("velocity",)  # what can be done with this module
'''


def declared_module(model: Model) -> str:
    """The text of the module of a declared network; the project's formatter has not yet been over it.

    Raises:
        ShapeError: for an output whose shapes do not fit.
        NoSizeError: for a size that no array has.
    """
    made = Functions(model)
    head = HEADER.format(
        title=plain(model.title[0].upper() + model.title[1:]),
        source=plain(str(model.source)),
        digest=digest(model),
        equation=textwrap.fill(
            f"output = {plain(written(model.graph.output))}",
            WIDTH,
            initial_indent="    ",
            subsequent_indent="        ",
            break_long_words=False,
        ),
    )
    functions = [made.output(), made.velocity(), made.change(), *made.bends()]
    found = laws.found(model)
    functions += [made.law(law) for law in found]
    solved = solutions.found(model, made.variables)
    functions += [text for one in solved for text in solutions.functions(one, made.variables)]
    text = "\n\n\n".join(functions)
    names = sorted({t.detail for t in tensors(model.graph.output) if t.operation == "apply"})
    known = [*facts(made), *laws.tables(found), *solutions.table(solved)]
    called = solutions.helpers() if solved else {}
    shared = [helper.strip("\n") for mark, helper in called.items() if mark in text]
    parts = [head + "\n".join(known), *helpers(text, names), *shared, text]
    return "\n\n\n".join(parts) + "\n"


def digest(model: Model) -> str:
    """SHA-256, shortened, of layers, inputs and the graph of the output."""
    places: dict[int, int] = {}
    lines = [f"{name} {layer!r}" for name, layer in model.layers.items()]
    lines += [f"{name} {shape}" for name, shape in model.inputs.items()]
    for tensor in tensors(model.graph.output):
        places[id(tensor)] = len(places)
        of = [places[id(part)] for part in tensor.of]
        lines.append(f"{tensor.operation} {of} {tensor.shape} {tensor.detail}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
