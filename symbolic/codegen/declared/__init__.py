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


def compiled(model: Model) -> ModuleType:
    """The generated module of a declaration, in memory; nothing but our own text is run.

    Raises:
        ShapeError: for an output whose shapes do not fit.
    """
    module = ModuleType(f"declared_{model.name}")
    code = compile(declared_module(model), f"<generated: {module.__name__}>", "exec")
    exec(code, module.__dict__)
    return module


__all__ = ["compiled", "declared_module"]
