"""The clocks of scalar chains as a generated module."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Expr, Symbol

from symbolic.codegen.declared.text import function
from symbolic.codegen.module import HELPERS
from symbolic.codegen.printer import NamespacePrinter
from symbolic.reduced import chain, chain_balanced, chain_carlson, chain_elementary
from symbolic.reduced.chain_carlson import carlson_rf, carlson_rj

TEXT = '''"""Clocks of scalar chains, L = (prod a_l - y)^2/2: the time as a function of the state.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

SymPy {version}. Digest of the source expressions: {digest}.

Every function gives a time up to a constant, in the unit its docstring says: the time between two states
is a difference. Functions are elementwise. `xp` is the namespace that computes: numpy (the default),
torch, mpmath, arb, or any with the same names; `hyp2f1`, `elliprf` and `elliprj`, where it has none, are
those of SciPy. Depths are numbers of the namespace, since they are divided.

With H = prod eta_l, Y = y/sqrt(H), z = a_l^2/eta_l of the least factor, c_l = a_l^2/eta_l - z,
P = prod (z + c_l), x the signed root of z, R^2 = P/z; and where all c_l are 0, k^L = |Y|,
r = H |Y| k^(L-2).
"""

from __future__ import annotations

from typing import Any

import numpy as np
'''
SPECIAL = '''
def _special(name: str, arguments: tuple[Any, ...], xp: Any) -> Any:
    """A function that numpy has not: that of the namespace, or of SciPy."""
    if hasattr(xp, name):
        return getattr(xp, name)(*arguments)
    import scipy.special

    return getattr(scipy.special, name)(*arguments)
'''
SPECIAL_NAMES = {sympy.hyper: "hyp2f1", carlson_rj: "elliprj", carlson_rf: "elliprf"}


class _Printer(NamespacePrinter):
    """With the functions of these clocks, and powers whose exponent is a depth."""

    def _print(self, expression: Any, **kwargs: Any) -> str:
        if type(expression) in SPECIAL_NAMES:
            given = tuple(expression.args)
            if isinstance(expression, sympy.hyper):
                given = (*expression.ap, *expression.bq, expression.argument)
            written = ", ".join(self._print(one) for one in given)
            return f'_special("{SPECIAL_NAMES[type(expression)]}", ({written}), xp)'
        if isinstance(expression, sympy.Pow) and expression.exp.free_symbols:
            return f"({self._print(expression.base)})**({self._print(expression.exp)})"
        return super()._print(expression, **kwargs)


@dataclass(frozen=True)
class _Function:
    """A function that is to be written; arguments by their symbols, with what they are."""

    name: str
    summary: str
    arguments: Mapping[Symbol, str]
    value: Expr


def _functions() -> Iterator[_Function]:
    yield from _of_balanced()
    found = chain_elementary.derive()
    above, gap, D = chain_elementary.above, chain_elementary.gap, chain_elementary.D
    about = {above: "q - 2Y + D with q = (x + R)^2", gap: "|2Y + D - q|", D: "sqrt(4 Y^2 + c^2)"}
    yield _Function("two", "The time H t at depth 2.", about, found.two)
    of_factor = {chain_elementary.factor: "z + c"}
    summary = "The integral of dz/(z + c); H t is -1/2 of a sum of such where y = 0."
    yield _Function("simple", summary, of_factor, found.simple)
    summary = "The integral of dz/(z + c)^j; H t is -1/2 of a sum of such where y = 0."
    about = {**of_factor, chain_elementary.j: "a whole number above 1"}
    yield _Function("power", summary, about, found.power)
    yield from _of_unbalanced()


def _of_balanced() -> Iterator[_Function]:
    found = chain_balanced.derive()
    v, L = chain_balanced.v, chain_balanced.L
    scaled = {v: "(prod |a_l| / |y|)^(1/L)"}
    depth = {L: "depth"}
    for (number, s), value in found.elementary.items():
        name, where = ("toward", "the target") if s > 0 else ("away", "0")
        about = {**scaled, chain_balanced.gap: "|1 - v|"}
        summary = f"The time r t at depth {number}, on the way to {where}."
        yield _Function(f"balanced_{number}_{name}", summary, about, value)
    sign = {chain_balanced.s: "1 on the way to the target, -1 on the way to 0"}
    summary = "The time r t at any depth above 2: what is added to the terms of all roots."
    yield _Function("balanced_head", summary, {**scaled, **depth, **sign}, found.head)
    about = {chain_balanced.root: "root^L = 1, or -1", chain_balanced.logarithm: "log(v - root)"}
    summary = "The time r t at any depth: the term of a root of unity."
    yield _Function("balanced_term", summary, {**about, **depth}, found.term)
    places = {
        "below": "below the target",
        "beyond": "beyond the target",
        "away": "on the way to 0",
    }
    for name, value in found.series.items():
        summary = f"The time r t at any depth above 2, {places[name]}."
        yield _Function(f"balanced_{name}", summary, {**scaled, **depth}, value)
    about = {v: "|a_l|/sqrt(eta_l)", **depth}
    yield _Function("balanced_at_zero", "The time H t where y = 0.", about, found.at_zero)


def _of_unbalanced() -> Iterator[_Function]:
    found = chain_carlson.derive()
    x = (chain_carlson.x_1, chain_carlson.x_2, chain_carlson.x_3)
    about = {
        **{one: f"z + c_{k}" for k, one in enumerate(x, 1)},
        chain_carlson.p: "z - r",
        chain_carlson.logarithm: "log(z - r)",
        chain_carlson.others: "P'(r)",
        chain.Y: "y/sqrt(H)",
        chain.sigma: "sign of the product",
    }
    yield _Function(
        "three", "The time H t at depth 3: the term of a root r of P = Y^2.", about, found.three
    )
    about = about | {
        **{one: f"1/d_{k} - side w, w = 1/(z + e)" for k, one in enumerate(x, 1)},
        chain_carlson.p: "side/(r + e) - side w",
        chain_carlson.r: "the root",
        chain_carlson.e: "the greatest c_l (side = 1), or the least (side = -1)",
        **{one: f"|e - c_{k}|" for k, one in enumerate(chain_carlson.d, 1)},
        chain_carlson.side: "1 or -1",
    }
    yield _Function(
        "four", "The time H t at depth 4: the term of a root r of P = Y^2.", about, found.four
    )


def module() -> str:
    """The text of the module.

    Raises:
        CertificateError: where a step of a derivation is not proved.
    """
    functions = list(_functions())
    whole = "\n".join(f"{one.name} {sympy.srepr(one.value)}" for one in functions)
    head = TEXT.format(
        version=sympy.__version__, digest=hashlib.sha256(whole.encode()).hexdigest()[:16]
    )
    return "\n".join([head, HELPERS["_root("], SPECIAL, *map(_written, functions)])


def _written(one: _Function) -> str:
    names = {symbol: str(symbol) for symbol in one.arguments}
    told = [f"{names[symbol]}: {meaning}." for symbol, meaning in one.arguments.items()]
    return "\n" + function(
        one.name,
        ", ".join([*(f"{name}: Any" for name in names.values()), "xp: Any = np"]),
        one.summary,
        [sympy.sstr(one.value)],
        [*told, "xp: the namespace that computes."],
        [f"return {_Printer(names).doprint(one.value)}"],
        "Any",
    )
