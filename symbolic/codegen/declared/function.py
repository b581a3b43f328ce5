"""Arrays to the body of a function: one line for what is used twice or is long, the rest within."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from symbolic.codegen.declared.arrays import ONE, Axis, Factor, Node, View, in_order
from symbolic.codegen.declared.contraction import (
    ATOM,
    POWER,
    PRODUCT,
    SUM,
    Operand,
    Text,
    aligned,
    one,
    two,
)

LONG = 44  # characters from which an expression has a line of its own


class Body:
    """The lines that compute some arrays.

    Args:
        roots: what is asked for.
        names: texts of leaves, by kind and name.
        sizes: texts of sizes.
        taken: names that stand for something else.
        back: nodes of the reverse pass, which are called g.

    Attributes:
        lines: assignments.
        used: sizes whose texts were used.
    """

    def __init__(
        self,
        roots: Sequence[Node],
        names: Mapping[tuple[str, str], str],
        sizes: Mapping[str, str],
        taken: Collection[str],
        forward: Collection[int] = (),
    ) -> None:
        self._names, self._sizes, self._taken = names, sizes, set(taken)
        self._forward = set(forward)
        self.lines: list[str] = []
        self.used: set[str] = set()
        order = in_order(roots)
        uses = Counter(id(view.node) for node in order for view in node.of)
        uses.update(id(root) for root in roots)
        self._texts: dict[int, Text] = {}
        for node in order:
            text = self._text(node)
            is_final = any(node is root for root in roots) and uses[id(node)] == 1
            plain = node.operation in ("leaf", "number")
            if not (plain or is_final) and (uses[id(node)] > 1 or len(text.text) > LONG):
                text = self._assigned(node, text)
            self._texts[id(node)] = text

    def text(self, node: Node) -> Text:
        """Of one that was asked for."""
        return self._texts[id(node)]

    def _assigned(self, node: Node, text: Text) -> Text:
        stem = "h" if not self._forward or id(node) in self._forward else "g"
        number = 1
        while f"{stem}_{number}" in self._taken:
            number += 1
        name = f"{stem}_{number}"
        self._taken.add(name)
        shape = ", ".join(axis if isinstance(axis, str) else str(axis) for axis in node.axes)
        comma = "," if len(node.axes) == 1 else ""
        self.lines.append(f"{name} = {text.text}  # ({shape}{comma})")
        return Text(name, ATOM)

    def size(self, axis: Axis) -> str:
        """A size as text, from those of its symbols."""
        if isinstance(axis, str):
            self.used.add(axis)
            return self._sizes[axis]
        self.used |= axis.symbols
        parts = [
            f"{'' if abs(c) == 1 else f'{abs(c)} * '}{self._sizes[symbol]}"
            for symbol, c in axis.terms
        ]
        signs = [c for _, c in axis.terms]
        if axis.constant or not parts:
            parts, signs = [*parts, str(abs(axis.constant))], [*signs, axis.constant]
        order = sorted(range(len(parts)), key=lambda k: signs[k] < 0)
        joined = "".join((" - " if signs[k] < 0 else " + ") + parts[k] for k in order)
        return joined.removeprefix(" + ")

    def _text(self, node: Node) -> Text:
        found: Text = getattr(self, f"_{node.operation}")(node)
        return found

    def _operand(self, view: View) -> Operand:
        return Operand(self._texts[id(view.node)], view.labels)

    def _leaf(self, node: Node) -> Text:
        return Text(self._names[node.detail], ATOM)

    def _number(self, node: Node) -> Text:
        return self._scaled(node.detail, None)

    def _eye(self, node: Node) -> Text:
        like = self._names["like", ""]
        size = self.size(node.axes[0])
        return Text(f"xp.eye({size}, dtype={like}.dtype, device={like}.device)", ATOM)

    def _contract(self, node: Node) -> Text:
        operands = [self._operand(view) for view in node.of]
        if len(operands) == 1:
            text = one(operands[0], node.labels, lambda: self._shape(node))
        else:
            a, b = operands
            text = two(a, b, node.labels)
        return text if node.detail == ONE else self._scaled(node.detail, text)

    def _shape(self, node: Node) -> str:
        sizes = ", ".join(self.size(axis) for axis in node.axes)
        return f"({sizes}{',' if len(node.axes) == 1 else ''})"

    def _scaled(self, factor: Factor, text: Text | None) -> Text:
        """A number times an expression, or alone."""
        above = [str(abs(factor.value.numerator))] if abs(factor.value.numerator) != 1 else []
        below = [str(factor.value.denominator)] if factor.value.denominator != 1 else []
        for size, exponent in factor.powers:
            written = self.size(size)
            written = written if written.isidentifier() else f"({written})"
            power = "" if abs(exponent) == 1 else f"**{abs(exponent)}"
            (above if exponent > 0 else below).append(written + power)
        above += [] if text is None else [text.at(POWER)]
        product = " * ".join(above or ["1"]) + "".join(f" / {z}" for z in below)
        single = not below and len(above) <= 1
        level = (ATOM if text is None else text.level) if single else PRODUCT
        level = max(level, POWER) if single and text is not None else level
        return Text(f"-{product}", SUM) if factor.value < 0 else Text(product, level)

    def _add(self, node: Node) -> Text:
        found = ""
        for view in node.of:
            a = self._operand(view)
            plain = aligned(a, node.labels)
            if not found:
                found = plain
            elif plain.startswith("-"):
                found += f" - {plain[1:]}"
            else:
                found += f" + {plain}"
        return Text(found, SUM)

    def _function(self, node: Node) -> Text:
        argument = self._texts[id(node.of[0].node)].text
        if node.detail in ("exp", "sqrt", "tanh", "sin", "cos"):
            return Text(f"xp.{node.detail}({argument})", ATOM)
        return Text(f"_{node.detail}_value({argument}, xp)", ATOM)

    def _slope(self, node: Node) -> Text:
        argument = self._texts[id(node.of[0].node)].text
        return Text(f"_{node.detail}_slope({argument}, xp)", ATOM)

    def _gate(self, node: Node) -> Text:
        argument = self._texts[id(node.of[0].node)].text
        return Text(f"_gate({argument}, {node.detail}, gates, xp)", ATOM)

    def _largest(self, node: Node) -> Text:
        return Text(f"xp.amax({self._texts[id(node.of[0].node)].text}, -1)", ATOM)

    def _power(self, node: Node) -> Text:
        base = self._texts[id(node.of[0].node)].at(ATOM)
        if node.detail > 0:
            return Text(f"{base}**{node.detail}", POWER)
        below = base if node.detail == -1 else f"{base}**{-node.detail}"
        return Text(f"1 / {below}", PRODUCT)

    def _windows(self, node: Node) -> Text:
        argument = self._texts[id(node.of[0].node)].text
        return Text(f"_windows({argument}, {self.size(node.axes[-1])}, xp)", ATOM)

    def _overlap(self, node: Node) -> Text:
        argument = self._texts[id(node.of[0].node)].text
        return Text(f"_overlap({argument}, xp)", ATOM)
