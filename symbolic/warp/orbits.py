"""Kinds of orbits of a neuron, and conditions under which the elapsed time is elementary: their names.

Each is a text too, by which it is printed and asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import sympy
from sympy import Expr

from symbolic.notation.symbols import h_i


class Orbit(StrEnum):
    """Where a neuron's conserved quantity E puts it."""

    POSITIVE = "E > 0"
    NEGATIVE = "E < 0"
    GROWING = "E = 0, u h > 0"
    DYING = "E = 0, u h < 0"
    MOVING = "u h' != 0"  # all orbits on which the neuron moves

    @classmethod
    def on_line(cls, root: Expr) -> Orbit:
        """The line E = 0 with u = root, a multiple of h."""
        return cls.GROWING if sympy.cancel(root / h_i).is_positive else cls.DYING


class OpenOrbit(StrEnum):
    """The same for a power that is any integer, by its parity."""

    EVEN = "even beta, E != 0"
    EVEN_GROWING = "even beta, E = 0, u h > 0"
    EVEN_DYING = "even beta, E = 0, u h < 0"
    ODD = "odd beta, E != 0"
    ODD_GROWING = "odd beta, E = 0, u h > 0"
    ODD_DYING = "odd beta, E = 0, u h < 0"


class Condition(StrEnum):
    """Where t(s) is elementary."""

    ANY_WIDTH = "any width"
    COMMENSURABLE = "commensurable frequencies"
    ZERO_GROWING = "all frequencies zero, u h > 0"
    ZERO_DYING = "all frequencies zero, u h < 0"
    ONE_POSITIVE = "width 1, E > 0"
    ONE_NEGATIVE = "width 1, E < 0"
    ONE_EVEN = "width 1, even beta, E != 0"
    ONE_EVEN_GROWING = "width 1, even beta, E = 0, u h > 0"
    ONE_EVEN_DYING = "width 1, even beta, E = 0, u h < 0"
    ONE_ODD = "width 1, odd beta, E != 0"
    ONE_ODD_GROWING = "width 1, odd beta, E = 0, u h > 0"
    ONE_ODD_DYING = "width 1, odd beta, E = 0, u h < 0"


OF_ONE: Mapping[Orbit | OpenOrbit, Condition] = {
    Orbit.POSITIVE: Condition.ONE_POSITIVE,
    Orbit.NEGATIVE: Condition.ONE_NEGATIVE,
    OpenOrbit.EVEN: Condition.ONE_EVEN,
    OpenOrbit.EVEN_GROWING: Condition.ONE_EVEN_GROWING,
    OpenOrbit.EVEN_DYING: Condition.ONE_EVEN_DYING,
    OpenOrbit.ODD: Condition.ONE_ODD,
    OpenOrbit.ODD_GROWING: Condition.ONE_ODD_GROWING,
    OpenOrbit.ODD_DYING: Condition.ONE_ODD_DYING,
}
ORBIT_OF: Mapping[Condition, Orbit | OpenOrbit] = {one: orbit for orbit, one in OF_ONE.items()}
ZERO_ON: Mapping[Orbit, Condition] = {
    Orbit.GROWING: Condition.ZERO_GROWING, Orbit.DYING: Condition.ZERO_DYING,
}  # fmt: skip

LATEX: Mapping[Orbit, str] = {
    Orbit.POSITIVE: "E_i > 0",
    Orbit.NEGATIVE: "E_i < 0",
    Orbit.GROWING: r"E_i = 0,\ u_i h_i > 0",
    Orbit.DYING: r"E_i = 0,\ u_i h_i < 0",
    Orbit.MOVING: r"u_i h_i' \ne 0",
}
_EVEN, _ODD, _OFF, _LINE = r"$\beta=2\ell$", r"$\beta=2\ell+1$", r"$E_1\neq0$", "$E_1=0$"
_GROWING, _DYING = "$u_1h_1>0$", "$u_1h_1<0$"
AS_TEXT: Mapping[Condition, str] = {
    Condition.ANY_WIDTH: "any width",
    Condition.COMMENSURABLE: "commensurable frequencies",
    Condition.ZERO_GROWING: f"all frequencies zero, {_GROWING}",
    Condition.ZERO_DYING: f"all frequencies zero, {_DYING}",
    Condition.ONE_POSITIVE: "width 1, $E_1>0$",
    Condition.ONE_NEGATIVE: "width 1, $E_1<0$",
    Condition.ONE_EVEN: f"width 1, {_EVEN}, {_OFF}",
    Condition.ONE_EVEN_GROWING: f"width 1, {_EVEN}, {_LINE}, {_GROWING}",
    Condition.ONE_EVEN_DYING: f"width 1, {_EVEN}, {_LINE}, {_DYING}",
    Condition.ONE_ODD: f"width 1, {_ODD}, {_OFF}",
    Condition.ONE_ODD_GROWING: f"width 1, {_ODD}, {_LINE}, {_GROWING}",
    Condition.ONE_ODD_DYING: f"width 1, {_ODD}, {_LINE}, {_DYING}",
}
"""Conditions as LaTeX text."""
