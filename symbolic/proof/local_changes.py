"""An expression with one small change: what a check that claims to see anything must refute."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy import Expr


def local_changes(expression: Expr) -> Iterator[tuple[str, Expr]]:
    """Changes at one node: every term of every sum, every power."""
    for node in sympy.preorder_traversal(expression):
        if isinstance(node, sympy.Add):
            for term in node.args:
                yield f"sign of {term}", _replaced(expression, node, node - 2 * term)
                yield f"factor 2 at {term}", _replaced(expression, node, node + term)
                yield f"without {term}", _replaced(expression, node, node - term)
        elif isinstance(node, sympy.Pow) and node.base.free_symbols:
            yield f"exponent of {node}", _replaced(expression, node, node.base ** (node.exp + 1))


def _replaced(expression: Expr, node: Expr, other: Expr) -> Expr:
    return expression.xreplace({node: other})
