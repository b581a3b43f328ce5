"""The output of a declaration as it is declared, for docstrings."""

from __future__ import annotations

from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import computed
from symbolic.codegen.declared.contraction import ATOM, POWER, PRODUCT, SUM, Text
from symbolic.codegen.declared.forward import softmax_argument


class Notation:
    """The operations of a graph as text."""

    def __init__(self) -> None:
        self._texts = dict[int, Text]()

    def node(self, tensor: Tensor, of: tuple[Text, ...]) -> Text:
        """The text of a node."""
        found: Text = getattr(self, f"_{tensor.operation}")(tensor, *of)
        self._texts[id(tensor)] = found
        return found

    def _leaf(self, tensor: Tensor) -> Text:
        return Text(tensor.detail[1], ATOM)

    def _number(self, tensor: Tensor) -> Text:
        value, powers = tensor.detail
        text = str(value)
        for size, exponent in powers:
            name = str(size) if str(size).isidentifier() else f"({size})"
            text += f" / {name}**{-exponent}" if exponent < -1 else ""
            text += f" / {name}" if exponent == -1 else ""
            text += f" * {name}**{exponent}" if exponent > 0 else ""
        return Text(text, ATOM if text.isdecimal() else PRODUCT)

    def _eye(self, tensor: Tensor) -> Text:
        return Text(f"identity({tensor.shape[0]})", ATOM)

    def _matmul(self, tensor: Tensor, a: Text, b: Text) -> Text:
        return Text(f"{a.at(ATOM)} @ {b.at(ATOM)}", PRODUCT)

    def _transpose(self, tensor: Tensor, a: Text) -> Text:
        return Text(f"{a.at(ATOM)}.T", ATOM)

    def _add(self, tensor: Tensor, a: Text, b: Text) -> Text:
        if b.text.startswith("-"):
            return Text(f"{a.text} - {b.text[1:]}", SUM)
        return Text(f"{a.text} + {b.text}", SUM)

    def _multiply(self, tensor: Tensor, a: Text, b: Text) -> Text:
        argument = softmax_argument(tensor)
        if argument is not None:
            return Text(f"softmax({self._texts[id(argument)].text})", ATOM)
        if a.text == "-1":
            return Text(f"-{b.at(POWER)}", SUM)
        return Text(f"{a.at(POWER)} * {b.at(POWER)}", PRODUCT)

    def _power(self, tensor: Tensor, a: Text) -> Text:
        return Text(f"{a.at(ATOM)}**{tensor.detail}", POWER)

    def _sum(self, tensor: Tensor, a: Text) -> Text:
        return a if tensor.of[0].operation == "sum" else Text(f"sum({a.text})", ATOM)

    def _repeat(self, tensor: Tensor, a: Text) -> Text:
        return a

    def _correlate(self, tensor: Tensor, w: Text, x: Text) -> Text:
        return Text(f"conv1d({w.text}, {x.text})", ATOM)

    def _apply(self, tensor: Tensor, a: Text) -> Text:
        return Text(f"{tensor.detail}({a.text})", ATOM)


def written(output: Tensor) -> str:
    """An output as text."""
    return computed(output, Notation()).text
