"""Exact points at which an expression is certainly not zero, or a condition certainly holds."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import sympy
from flint import arb
from sympy import Expr

from symbolic.proof.enclosure import EnclosureError, enclose, holds
from symbolic.proof.verdict import Refuted

INTERESTING = tuple(sympy.Rational(*pair) for pair in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3)))


def candidates(symbol: Expr, generator: random.Random) -> Iterable[sympy.Rational]:
    """Exact values within a symbol's assumptions, interesting ones first."""
    sizes = [*INTERESTING, sympy.Rational(generator.randint(1, 99), generator.randint(1, 99))]
    # An assumption that is known false of the symbol (is_x is False) excludes values that have it.
    allowed = [
        *(sizes if symbol.is_positive is not False else ()),
        *((-size for size in sizes) if symbol.is_negative is not False else ()),
        *((sympy.Integer(0),) if symbol.is_zero is not False else ()),
    ]
    return [value for value in allowed if not symbol.is_integer or value.is_integer]


def find_witness(
    difference: Expr, given: Iterable[sympy.Basic] = (), points: int = 60, seed: int = 0
) -> Refuted | None:
    """Search exact points at which `difference` is certainly not zero.

    Args:
        difference: the expression to refute.
        given: further conditions a witness must satisfy.
        points: how many points are tried.
        seed: of the search.
    """
    for values, value in evaluated(difference, tuple(given), points, seed):
        if value != 0 and not value.contains(0):
            witness = {str(symbol): str(exact) for symbol, exact in values.items()}
            return Refuted(witness, value.str(12))
    return None


def evaluated(
    expression: Expr, conditions: tuple[sympy.Basic, ...] = (), points: int = 60, seed: int = 0
) -> Iterator[tuple[dict[Expr, sympy.Rational], arb]]:
    """Exact points that satisfy the conditions, with the balls of the expression there."""
    generator = random.Random(seed)
    symbols = sorted(expression.free_symbols.union(*(z.free_symbols for z in conditions)), key=str)
    if not all(list(candidates(symbol, random.Random(seed))) for symbol in symbols):
        return  # a symbol that no number replaces
    for _ in range(points):
        values = {
            symbol: generator.choice(list(candidates(symbol, generator))) for symbol in symbols
        }
        try:
            if all(holds(condition, values) for condition in conditions):
                yield values, enclose(expression, values, limit=1 << 10)
        except (EnclosureError, ZeroDivisionError):
            continue
