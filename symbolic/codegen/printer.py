"""Expressions to Python text over array-API names, taken from a namespace `xp`.

The same text serves numpy, torch, mpmath and arb. Integers stay integers and a rational coefficient
becomes a division, so nothing exact turns into a float. Comparisons are functions of the namespace,
because an interval may have no answer. A head without a rule raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Expr, Symbol
from sympy.codegen.cfunctions import expm1, log1p
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from symbolic.codegen.program import clip_exponent, held
from symbolic.proof.stable_forms import mean_decay, one_plus_erf


class PrintError(TypeError):
    """An expression whose head no backend has a rule for."""


FUNCTIONS: dict[type, str] = {
    sympy.exp: "exp",
    expm1: "expm1",
    log1p: "log1p",
    sympy.log: "log",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.tan: "tan",
    sympy.tanh: "tanh",
    sympy.cosh: "cosh",
    sympy.sinh: "sinh",
    sympy.atanh: "atanh",
    sympy.atan: "atan",
    sympy.atan2: "atan2",
    sympy.asinh: "asinh",
    sympy.Abs: "abs",
    sympy.Min: "minimum",
    sympy.Max: "maximum",
}
RELATIONS: dict[type, str] = {
    sympy.StrictGreaterThan: "greater",
    sympy.GreaterThan: "greater_equal",
    sympy.StrictLessThan: "less",
    sympy.LessThan: "less_equal",
    sympy.Unequality: "not_equal",
}


PRODUCTS = 16  # the largest power that is written as products
HELPERS = (clip_exponent, mean_decay, held)  # written out in the module, with a leading underscore
HEADS = (
    sympy.Symbol, sympy.Rational, sympy.Float, sympy.Add, sympy.Mul, sympy.Pow, sympy.Piecewise,
    sympy.And,
    sympy.Or, type(sympy.oo), type(-sympy.oo), type(sympy.pi), sympy.erf,
    one_plus_erf, *HELPERS,
    *FUNCTIONS, *RELATIONS,
)  # fmt: skip


class NamespacePrinter(StrPrinter):
    """Prints an expression; `names` maps symbols to the text they have in scope."""

    def __init__(self, names: Mapping[Symbol, str]) -> None:
        super().__init__({"order": None})
        self.names = names

    def _print(self, expression: Any, **kwargs: Any) -> str:
        # StrPrinter has a rule for nearly everything; here only what backends can compute passes.
        if not isinstance(expression, HEADS):
            known = ", ".join(sorted(head.__name__ for head in HEADS))
            found = f"{type(expression).__name__}: {expression}"
            raise PrintError(f"no rule for {found}; there are rules for {known}")
        return str(super()._print(expression, **kwargs))

    def _print_Symbol(self, expression: Symbol) -> str:
        return self.names.get(expression, str(expression.name))

    def _print_Rational(self, expression: sympy.Rational) -> str:
        raise PrintError(f"bare rational {expression}: write it as a division of integers")

    def _print_Float(self, expression: sympy.Float) -> str:
        raise PrintError(f"float {expression} in an exact expression")

    def _print_Infinity(self, expression: Expr) -> str:
        return "xp.inf"

    def _print_NegativeInfinity(self, expression: Expr) -> str:
        return "-xp.inf"

    def _print_Pow(self, expression: sympy.Pow, rational: bool = False) -> str:
        base, exponent = expression.base, expression.exp
        if exponent == sympy.Rational(1, 2) and not base.free_symbols:
            return f"_root({self._print(base)}, xp)"
        if not isinstance(exponent, sympy.Rational):
            return f"_power({self._print(base)}, {self._print(exponent)})"
        if not isinstance(exponent, sympy.Integer) and exponent > 0:
            _refuse_constants(base)
        if exponent == sympy.Rational(1, 2):
            return f"xp.sqrt({self._print(base)})"
        if isinstance(exponent, sympy.Integer) and exponent > 0:
            if isinstance(base, Symbol) and exponent <= PRODUCTS:
                return _products(self._print(base), int(exponent))
            return f"{self.parenthesize(base, PRECEDENCE['Pow'])}**{exponent}"
        if isinstance(exponent, sympy.Rational) and exponent.q == 2 and exponent > 0:
            return f"xp.sqrt({self._print(base)})**{exponent.p}"
        if isinstance(exponent, sympy.Rational) and exponent < 0:
            inverse = self.parenthesize(base**-exponent, PRECEDENCE["Mul"], strict=True)
            return f"1/{inverse}"
        raise PrintError(f"power {expression}")

    def _print_Pi(self, expression: Expr) -> str:
        return "xp.pi"

    def _print_Function(self, expression: Expr) -> str:
        _refuse_constants(*expression.args)
        arguments = ", ".join(self._print(argument) for argument in expression.args)
        if isinstance(expression, sympy.erf):
            return f"_erf({arguments}, xp)"
        if isinstance(expression, one_plus_erf):
            return f"_erfc(-({arguments}), xp)"
        if isinstance(expression, HELPERS):
            return f"_{type(expression).__name__}({arguments}, xp)"
        return f"xp.{FUNCTIONS[type(expression)]}({arguments})"

    _print_one_plus_erf = _print_Function
    _print_Abs = _print_exp = _print_log = _print_erf = _print_sin = _print_cos = _print_Function
    _print_tan = _print_tanh = _print_cosh = _print_sinh = _print_atanh = _print_atan = (
        _print_Function
    )
    _print_atan2 = _print_Min = _print_Max = _print_LatticeOp = _print_Function

    def _print_Relational(self, expression: Expr) -> str:
        name = RELATIONS.get(type(expression))
        if name is None:
            raise PrintError(f"no rule for the relation {expression}")
        return f"xp.{name}({self._print(expression.lhs)}, {self._print(expression.rhs)})"

    def _print_And(self, expression: Expr) -> str:
        return self._joined("logical_and", expression)

    def _print_Or(self, expression: Expr) -> str:
        return self._joined("logical_or", expression)

    def _joined(self, name: str, expression: Expr) -> str:
        first, *rest = (self._print(part) for part in expression.args)
        for part in rest:
            first = f"xp.{name}({first}, {part})"
        return first

    def _print_Piecewise(self, expression: sympy.Piecewise) -> str:
        *pairs, (last, condition) = expression.args
        if condition != sympy.true:
            raise PrintError(f"the last branch of {expression} must apply always")
        text = self._print(last)
        for value, condition in reversed(pairs):
            text = f"xp.where({self._print(condition)}, {self._print(value)}, {text})"
        return text

    def emptyPrinter(self, expression: object) -> str:
        """Refuse what has no rule."""
        raise PrintError(f"no rule for {type(expression).__name__}: {expression}")


def _products(text: str, exponent: int) -> str:
    """A power by squares: numpy has a square, any other power of an array is `pow`, entry by entry."""
    if exponent <= 2:
        return f"{text}**2" if exponent == 2 else text
    half = _products(text, exponent // 2)
    square = (
        f"{half}**2"
        if half == text or (half.startswith("(") and half.endswith(")"))
        else f"({half})**2"
    )
    return f"({text}*{square})" if exponent % 2 else square


def _refuse_constants(*arguments: Expr) -> None:
    """Torch has no functions of plain numbers, and a float would not be exact in balls."""
    for argument in arguments:
        if not argument.free_symbols:
            raise PrintError(f"function of the constant {argument}: no text serves every backend")


def print_expression(expression: Expr, names: Mapping[Symbol, str]) -> str:
    """Python text of `expression`.

    Raises:
        PrintError: for a head without a rule, a float, or a bare rational.
    """
    return NamespacePrinter(names).doprint(expression)


__all__ = ["PrintError", "print_expression"]
