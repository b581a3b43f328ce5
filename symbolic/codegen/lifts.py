"""Lift P of a declared network at all sizes, to the text of one Python module.

The module has tables of the rows of Q and of the product, and functions of the rates: quotients of
polynomials, so that whole numbers and fractions stay exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import sympy
from sympy import Expr, Symbol
from sympy.printing.pycode import pycode

from symbolic.architecture.model import Model
from symbolic.codegen.docstring import plain
from symbolic.lift.at_all_sizes import LiftAtAllSizes

TEXT = '''"""{title}: the linear lift behind its flow under half a square, at all sizes.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: {source}.

The rows of Q are blocks, the layers with the axis of their hidden units last. On inputs of second
moments m 1, with B the best linear map less what is not trained,

    dQ/dt = F Q - Q Q^T S Q + G Q (Q^T J Q),     output = (sum of PRODUCT[i, j] Q_i Q_j^T) x.

F has blocks of B and its transpose; S, G and J are numbers on the diagonal, block by block. Q^T J Q is
conserved; on Q^T J Q = lambda 1 the flow is dQ/dt = (F + lambda G) Q - Q Q^T S Q. Rates are a mapping by
name. Numbers of any kind stay what they are, fractions exact.
"""

from __future__ import annotations

from collections.abc import Mapping
{fractions}from typing import Any

NAME = {name!r}
ROWS = {rows}  # layer, its axes (r: of the rows, h: of the hidden units), its rate
PRODUCT = {product}  # of the output, by blocks
LAW = {law}  # whether a law is needed: J and G


def force(moment: Any, rates: Mapping[str, Any]) -> dict[tuple[int, int], tuple[Any, Any]]:
    """F: in block (i, j) so many times B, and so many times its transpose.

    Args:
        moment: m.
        rates: of the layers.
    """
{force}


def brake(moment: Any, rates: Mapping[str, Any]) -> tuple[Any, ...]:
    """S, a number a block.

    Args:
        moment: m.
        rates: of the layers.
    """
{brake}


def lifted(moment: Any, rates: Mapping[str, Any]) -> tuple[Any, ...]:
    """G, a number a block.

    Args:
        moment: m.
        rates: of the layers.
    """
{lifted}


def law(rates: Mapping[str, Any]) -> tuple[Any, ...]:
    """J, a number a block; nothing where no law is needed.

    Args:
        rates: of the layers.
    """
{conserved}
'''


def lift_module(model: Model, lift: LiftAtAllSizes) -> str:
    """The text, not yet formatted.

    Args:
        model: the declaration.
        lift: of it.
    """
    words = lift.words
    blocks = [
        f"({i}, {j}): ({_text(plain, lift)}, {_text(turned, lift)}),"
        for (i, j), (plain, turned) in lift.force.items()
    ]
    factors = {place: c for place, c in words.product.items() if c}
    product = "".join(f"{place}: {_number(c)}, " for place, c in factors.items())
    has_fractions = any(c.denominator > 1 for c in factors.values())
    return TEXT.format(
        title=plain(model.title),
        source=plain(str(model.source)),
        name=model.name,
        rows=repr(tuple((block.layer, block.axes, block.rate) for block in words.blocks)),
        product=f"{{{product}}}",
        fractions="from fractions import Fraction\n" if has_fractions else "",
        law=bool(lift.J),
        force=_body(
            ["return {", *(f"    {line}" for line in blocks), "}"], lift, lift.force.values()
        ),
        brake=_body([_tuple(lift.S, lift)], lift, [lift.S]),
        lifted=_body([_tuple(lift.G, lift)], lift, [lift.G]),
        conserved=_body([_tuple(lift.J, lift, of_moment=False)], lift, [lift.J]),
    )


def _number(c: Fraction) -> str:
    return str(c) if c.denominator == 1 else f"Fraction({c.numerator}, {c.denominator})"


def _names(lift: LiftAtAllSizes) -> dict[Symbol, str]:
    """Variables for rates, which may have any names."""
    rates = dict.fromkeys(block.rate for block in lift.words.blocks)
    return {Symbol(rate, positive=True): f"eta_{k}" for k, rate in enumerate(rates, 1)}


def _text(value: Expr, lift: LiftAtAllSizes, *, of_moment: bool = True) -> str:
    """Products and one quotient, in which fractions stay exact."""
    names: Mapping[Symbol, Symbol] = {s: Symbol(n) for s, n in _names(lift).items()}
    above, below = sympy.fraction(value.subs(names))
    if above == 0:
        return "0"
    factor = "moment * " if of_moment else ""
    return f"{factor}{_factor(above)}" + ("" if below == 1 else f" / {_factor(below)}")


def _factor(value: Expr) -> str:
    text = str(pycode(value))
    return text if value.is_Symbol or value.is_Integer else f"({text})"


def _tuple(values: Iterable[Expr], lift: LiftAtAllSizes, *, of_moment: bool = True) -> str:
    return f"return ({''.join(f'{_text(one, lift, of_moment=of_moment)}, ' for one in values)})"


def _body(lines: list[str], lift: LiftAtAllSizes, used: Iterable[Iterable[Expr]]) -> str:
    seen = {symbol for one in used for value in one for symbol in value.free_symbols}
    read = [f"{name} = rates[{str(s)!r}]" for s, name in _names(lift).items() if s in seen]
    return "\n".join(f"    {line}" for line in [*read, *lines])
