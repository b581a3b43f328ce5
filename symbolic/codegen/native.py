"""Expressions of float64 numbers as text that is compiled: names without a namespace, and operators."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sympy import Expr, Symbol

from symbolic.codegen.printer import print_expression

NATIVE = {
    "greater": ">", "greater_equal": ">=", "less": "<", "less_equal": "<=", "not_equal": "!=",
    "logical_and": "&", "logical_or": "|",
}  # fmt: skip


def helped(text: str) -> str:
    """Helpers of the module are names of the namespace, and know it."""
    return re.sub(r"(?<![\w.])_(\w+)\(", r"xp.\1(", text.replace(", xp)", ")"))


def native(expression: Expr, names: Mapping[Symbol, str]) -> str:
    """An expression of float64 numbers: comparisons by operators, guards of derivatives left out."""
    text = helped(print_expression(expression, names))
    return re.sub(r"\bxp\.(\w+)", lambda found: SHORT.get(found[1], found[1]), _operators(text))


SHORT = {"clip_exponent": "", "minimum": "min", "maximum": "max", "root": "sqrt", "power": "pow"}


def _operators(text: str) -> str:
    """Comparisons and connectives of the namespace as operators, from the innermost on."""
    pattern = re.compile(rf"xp\.({'|'.join(NATIVE)})\(")
    while found := pattern.search(text):
        start, depth, comma = found.end(), 1, -1
        for place in range(start, len(text)):
            depth += (text[place] == "(") - (text[place] == ")")
            if depth == 1 and text[place] == "," and comma < 0:
                comma = place
            if depth == 0:
                break
        one, two = text[start:comma], text[comma + 1 : place].strip()
        joined = f"(({one}) {NATIVE[found[1]]} ({two}))"
        text = text[: found.start()] + joined + text[place + 1 :]
    return text
