"""Activations and their slopes as functions of a generated module, from their closures.

Values and slopes are polynomials in functions of h (`symbolic.architecture.closures`); written out they
are brought to forms that neither overflow nor cancel (`symbolic.proof.stable_forms`).
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy
from sympy import Expr

from symbolic.architecture.closures import closed, h
from symbolic.codegen.module import HELPERS
from symbolic.codegen.printer import print_expression
from symbolic.proof.fractions import without_bare_fractions
from symbolic.proof.stable_forms import stable, with_log1p

PLAIN = ("exp", "sqrt", "tanh", "sin", "cos")  # which every namespace has
GATE = '''
def _gate(h: Any, number: int, gates: Any, xp: Any) -> Any:
    """1 where h > 0, else 0; or as it is given."""
    if gates is not None:
        return gates[number]
    return xp.where(h > 0, xp.ones_like(h), xp.zeros_like(h))
'''
WINDOWS = '''
def _windows(x: Any, width: int, xp: Any) -> Any:
    """x_(i+j), with axes i and j < width for the last one."""
    places = x.shape[-1] - width + 1
    return xp.stack([x[..., j : j + places] for j in range(width)], -1)
'''
OVERLAP = '''
def _overlap(g: Any, xp: Any) -> Any:
    """Σ over i + j = l of the last two axes: what `_windows` is the transpose of."""
    places, width = g.shape[-2], g.shape[-1]
    whole = xp.zeros_like(g[..., :1, 0])
    parts = []
    for j in range(width):
        around = [whole] * j, [whole] * (width - 1 - j)
        parts.append(xp.concatenate([*around[0], g[..., j], *around[1]], -1))
    return sum(parts)
'''


def value(name: str) -> Expr:
    """σ(h)."""
    return closed(name).of_h


def slope(name: str) -> Expr:
    """σ′(h), by the slopes of the closure."""
    return closed(name).slope_of_h


def written(expression: Expr) -> str:
    """An expression of h as text that floats can compute."""
    form = stable(with_log1p(without_bare_fractions(expression)), h)
    return print_expression(without_bare_fractions(form), {h: "h"})


def helpers(text: str, names: Iterable[str]) -> list[str]:
    """The functions that a module's text uses.

    Args:
        text: of the module so far.
        names: of activations that it has.
    """
    found = []
    for name in names:
        if f"_{name}_value(" in text:
            found.append(_function(f"_{name}_value", f"{sympy.sstr(value(name))}.", value(name)))
        if f"_{name}_slope(" in text:
            about = f"The slope of {name}: {sympy.sstr(slope(name))}."
            found.append(_function(f"_{name}_slope", about, slope(name)))
    for mark, helper in (("_gate(", GATE), ("_windows(", WINDOWS), ("_overlap(", OVERLAP)):
        if mark in text:
            found.append(helper.strip("\n"))
    inside = "\n".join(found)
    return [z.strip("\n") for mark, z in HELPERS.items() if mark in inside] + found


def _function(name: str, about: str, expression: Expr) -> str:
    lines = [f"def {name}(h: Any, xp: Any) -> Any:", f'    """{about}"""']
    return "\n".join([*lines, f"    return {written(expression)}"])
