"""The functions of a generated module that every declaration has, and its laws, as text."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic.codegen.declared import laws
from symbolic.codegen.declared.adjoint import slopes
from symbolic.codegen.declared.arrays import Node
from symbolic.codegen.declared.contraction import POWER
from symbolic.codegen.declared.members import Members
from symbolic.codegen.declared.notation import written
from symbolic.codegen.declared.text import axes_text, function, quoted
from symbolic.codegen.docstring import plain


class Functions(Members):
    """The functions of a module, one by one.

    Args:
        model: the declaration.
    """

    def output(self) -> str:
        """The output."""
        root = self.forward.output
        body = self.body([root])
        lines = self.read([root], body) + body.lines
        arguments = "weights: Mapping[str, Any], inputs: Mapping[str, Any]"
        about = [
            f"output = {plain(written(self.graph.output))}",
            "",
            f"Shape {axes_text(root.axes)}.",
        ]
        return function(
            "output",
            arguments + self.optional(),
            "Output at data points.",
            about,
            self.arguments(),
            [*lines, f"return {body.text(root).text}"],
            "Any",
        )

    def velocity(self) -> str:
        """The velocities of all weights."""
        arrays, output = self.forward.arrays, self.forward.output
        signal = arrays.leaf("signal", "", output.axes)
        names = list(self.graph.weights)
        weights = [arrays.leaf("weight", name, self.graph.weights[name]) for name in names]
        found = slopes(arrays, output, signal, weights)
        there = [node for node in found if node is not None]
        body = self.body(there, {("signal", ""): "signal"})
        lines = self.read([*there], body) + body.lines + ["return {"]
        for name, slope in zip(names, found, strict=True):
            weight = f"weights[{quoted(name)}]"
            if slope is None:
                lines.append(f"    {quoted(name)}: 0 * {weight},")
            else:
                rate = f"rates[{quoted(self.model.layers[name].rate)}]"
                text = body.text(slope).at(POWER)
                lines.append(f"    {quoted(name)}: -{rate} * {text},")
        lines.append("}")
        about = [
            f"d {name}/dt = -{layer.rate} Σ (∂ output/∂ {name})ᵀ signal"
            for name, layer in self.model.layers.items()
        ]
        return function(
            "velocity",
            "weights: Mapping[str, Any], inputs: Mapping[str, Any], signal: Any, "
            "rates: Mapping[str, Any]" + self.optional(),
            "Velocities of all weights: minus their rates times the slopes of Σ signal · output.",
            [*about, "", "summed over data points and entries of the output."],
            [
                "weights: arrays by name.",
                "inputs: arrays by name.",
                f"signal: ∂L/∂ output, shape {axes_text(output.axes)}.",
                "rates: numbers by name.",
                *self.arguments()[2:],
            ],
            lines,
            "dict[str, Any]",
        )

    def bends(self) -> list[str]:
        """What functions that are not smooth are of; none where all are smooth."""
        roots = self.forward.bends
        if not roots:
            return []
        body = self.body(roots)
        lines = self.read(roots, body) + body.lines
        texts = ", ".join(body.text(root).text for root in roots)
        about = [f"Shape {axes_text(root.axes)}." for root in roots]
        value = function(
            "bends",
            "weights: Mapping[str, Any], inputs: Mapping[str, Any]" + self.optional(),
            "What is 0 where the velocity jumps, with the gates of earlier ones as given.",
            about,
            self.arguments(),
            [*lines, f"return ({texts},)"],
            "tuple[Any, ...]",
        )
        return [value, self._change("bends_change", "What `bends` gives", roots, several=True)]

    def change(self) -> str:
        """The change of the output along directions of the weights."""
        return self._change("change", "The output", [self.forward.output])

    def _change(self, name: str, what: str, roots: Sequence[Node], several: bool = False) -> str:
        found = self.changes(roots)
        names = {("direction", z): f"directions[{quoted(z)}]" for z in self.graph.weights}
        there = [node for node in found if node is not None]
        body = self.body(there, names)
        lines = self.read(there, body) + body.lines
        texts = ["0.0" if node is None else body.text(node).text for node in found]
        return function(
            name,
            "weights: Mapping[str, Any], inputs: Mapping[str, Any], "
            "directions: Mapping[str, Any]" + self.optional(),
            f"{what}: how much it changes, to first order, as the weights move.",
            [
                f"Σ over weights of (∂/∂ weight) direction, shape {axes_text(root.axes)}."
                for root in roots
            ],
            [
                "weights: arrays by name.",
                "inputs: arrays by name.",
                "directions: of the weights, arrays by their names.",
                *self.arguments()[2:],
            ],
            [*lines, f"return ({', '.join(texts)},)" if several else f"return {texts[0]}"],
            "tuple[Any, ...]" if several else "Any",
        )

    def law(self, law: laws.Emitted) -> str:
        """Conserved quantities."""
        lines = [f"{self.leaves['weight', z]} = weights[{quoted(z)}]" for z in law.layers]
        names = {z: self.leaves["weight", z] for z in self.graph.weights}
        lines += ["return (", *(f"    {text}," for text in law.texts(names)), ")"]
        shape = f"shape {law.shape}" if len(law.formulas) == 1 else f"{len(law.formulas)} numbers"
        return function(
            law.name,
            "weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np",
            f"Conserved {law.scope}: {shape}.",
            law.formulas,
            [
                "weights: arrays by name.",
                "rates: numbers by name.",
                "xp: the namespace that computes.",
            ],
            lines,
            "tuple[Any, ...]",
        )
