"""Generated modules of declared networks: output, velocity by reverse mode, laws, at all sizes.

    from symbolic.codegen.declared import compiled, declared_module

    Path("own.py").write_text(declared_module(MODEL))  # a file of one's own, that needs numpy alone
    flow = GradientFlow(weights={...}, x=x, y=y, network=compiled(MODEL))

| module | |
|---|---|
| `arrays` | contractions, sums and functions of arrays with sizes left open |
| `forward` | a declaration's output as arrays with an axis of data points |
| `adjoint`, `tangent` | reverse and forward mode, by one rule for all products and sums |
| `contraction`, `function` | arrays as text |
| `activations` | functions of one number and their slopes |
| `turning` | sizes along which all arrays may be turned |
| `laws` | matrix laws, and those of instances that they do not imply |
| `two_layer`, `one_neuron` | which weights are u and w, where it is a two-layer network |
| `solutions`, `solution_texts` | closed forms of instances; how they keep digits: `clock`, `gram_flow` |
| `members`, `functions`, `tables` | what a module has: names of arrays, functions of them, tables |
| `text` | functions with docstrings, tables, numbers and sizes |
| `module` | all of it as the text of a module |
"""

from __future__ import annotations

from types import ModuleType

from symbolic.architecture.model import Model
from symbolic.codegen.declared.module import declared_module
from symbolic.codegen.lifts import lift_module
from symbolic.lift.at_all_sizes import lift_at_all_sizes
from symbolic.proof.certificate import DoesNotApply


def compiled(model: Model) -> ModuleType:
    """The generated module of a declaration, in memory; nothing but our own text is run.

    Where the network has a linear lift at all sizes, the module has it as `LIFT`, a module of its own.

    Raises:
        ShapeError: for an output whose shapes do not fit.
    """
    module = _run(f"declared_{model.name}", declared_module(model))
    try:
        found = lift_at_all_sizes(model)
    except DoesNotApply:
        return module
    vars(module)["LIFT"] = _run(f"lift_{model.name}", lift_module(model, found))
    return module


def _run(name: str, text: str) -> ModuleType:
    module = ModuleType(name)
    exec(compile(text, f"<generated: {name}>", "exec"), module.__dict__)
    return module


__all__ = ["compiled", "declared_module"]
