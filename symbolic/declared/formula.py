"""A SymPy formula as a terminal shows it: powers raised, factors side by side."""

from __future__ import annotations

import re

from sympy import Expr
from sympy.printing.str import StrPrinter

from symbolic.declared.written import DIGITS


class _Printer(StrPrinter):
    def _print_Integral(self, expr: Expr) -> str:
        function, (variable, *limits) = expr.function, expr.limits[0]
        above = f" up to {self._print(limits[-1])}" if limits else ""
        return f"∫ {self._print(function)} d{self._print(variable)}{above}"

    def _print_Piecewise(self, expr: Expr) -> str:
        cases = (
            self._print(value) + ("" if where == True else f" where {self._print(where)}")  # noqa: E712
            for value, where in expr.args
        )
        return f"[{', else '.join(cases)}]"


def in_a_terminal(formula: Expr) -> str:
    """U_1² − eta_U cosh(2 W_11)/(2 eta_W)."""
    text = _Printer({"order": None}).doprint(formula)
    text = re.sub(r"\*\*(\d+)", lambda found: found[1].translate(DIGITS), text)
    return text.replace("**", "^").replace("*", " ").replace(" - ", " − ")
