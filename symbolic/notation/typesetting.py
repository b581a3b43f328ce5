r"""Expressions as LaTeX that says what they are.

Functions have brackets (\sinh^{3}(s), not \sinh s^3), whole factors stand before brackets, as 2(y − f),
sums begin with what is added, indices stand together (w_{ij}), and no name of code is left.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from math import gcd

import sympy
from sympy import Abs, Add, Basic, Expr, Mul, Pow, Symbol
from sympy.codegen.cfunctions import expm1, log1p
from sympy.printing.latex import LatexPrinter

from symbolic.notation.table import TABLE

# Functions whose name in LaTeX is another than SymPy's.
SPELLED: Mapping[str, str] = {"asinh": r"\operatorname{arsinh}", "atan": r"\arctan"}


class _Printer(LatexPrinter):
    def _print_Indexed(self, expr: sympy.Indexed) -> str:
        base, places = self._print(expr.base), "".join(map(self._print, expr.indices))
        found = re.fullmatch(r"(\w+)_\{?(\w+)\}?", base)
        if found:  # the component of a numbered vector
            return rf"{found[1]}_{{{found[2]}{places}}}"
        return f"{base}_{places}" if len(places) == 1 else f"{base}_{{{places}}}"

    def _print_IndexedBase(self, expr: sympy.IndexedBase) -> str:
        row = TABLE.get(str(expr))
        return row.latex if row is not None else str(super()._print_IndexedBase(expr))

    def _print_Add(self, expr: Add, order: object = None) -> str:
        terms = self._as_ordered_terms(expr, order=order)
        added = next((z for z in terms if not z.could_extract_minus_sign()), terms[0])
        text = ""
        for term in (added, *(z for z in terms if z is not added)):
            spelled = self._print(term)
            if not text:
                text = spelled
            elif spelled.lstrip().startswith("-"):
                text += f" - {spelled.lstrip()[1:].lstrip()}"
            else:
                text += f" + {self._bracketed(term, spelled)}"
        return text

    def _bracketed(self, term: Expr, spelled: str) -> str:
        """A sum within a sum, where one was left unevaluated."""
        return rf"\left({spelled}\right)" if term.is_Add else spelled

    def _print_log(self, expr: sympy.log, exp: str | None = None) -> str:
        argument, power = expr.args[0], "" if exp is None else f"^{{{exp}}}"
        if isinstance(argument, Abs):
            return rf"\ln{power}\left|{self._print(argument.args[0])}\right|"
        return rf"\ln{power}{{\left({self._print(argument)} \right)}}"

    def _print_Function(self, expr: sympy.Function, exp: str | None = None) -> str:
        name = SPELLED.get(type(expr).__name__)
        if name is None:
            return str(super()._print_Function(expr, exp=exp))
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"{name}{power}{{\left({self._print(expr.args[0])} \right)}}"

    _print_asinh = _print_atan = _print_Function


def spelled_out(expression: Basic) -> Basic:
    """Names of code as what they stand for: cosh_s as cosh(s), squares of norms, log1p as ln.

    A function of our own says what it is `in_print`.
    """
    names = {symbol: TABLE.get(symbol.name) for symbol in expression.atoms(Symbol)}
    found = {z: row.value for z, row in names.items() if row is not None and row.value is not None}
    return (
        expression.xreplace(found)
        .replace(lambda part: hasattr(part, "in_print"), lambda part: part.in_print())
        .replace(log1p, lambda z: sympy.log(1 + z))
        .replace(expm1, lambda z: sympy.exp(z) - 1)
    )


def factored(expression: Basic) -> Basic:
    """The same expression with whole factors of sums before them: 2 (y − f) for 2 y − 2 f."""
    if not isinstance(expression, Expr) or expression.is_Atom:
        return expression
    if isinstance(expression, (Add, Mul, Pow)):
        parts = tuple(map(factored, expression.args))
        # Built anew only where something changed: SymPy multiplies (a + b)/2 out.
        expression = expression if parts == expression.args else expression.func(*parts)
    if isinstance(expression, Mul):
        sums = [_content(part) for part in expression.args]
        factor = reduce(lambda a, b: a * b, (content for content, _ in sums), 1)
        if factor != 1:
            return _times(factor, Mul(*(rest for _, rest in sums)))
        return expression
    content, rest = _content(expression)
    return _times(content, rest) if content != 1 else expression


def _content(expression: Expr) -> tuple[int, Expr]:
    """The greatest whole number that divides every term of a sum, and the rest."""
    if not isinstance(expression, Add):
        return 1, expression
    coefficients = [term.as_coeff_Mul()[0] for term in expression.args]
    if not all(z.is_Integer for z in coefficients):
        return 1, expression
    common = reduce(gcd, (abs(int(z)) for z in coefficients))
    if all(z < 0 for z in coefficients):
        common = -common
    return common, Add(*(term / common for term in expression.args)) if common != 1 else expression


def _times(factor: int, rest: Expr) -> Expr:
    """A product that SymPy does not multiply out again."""
    coefficient, other = rest.as_coeff_Mul()
    factor = factor * coefficient
    return Mul(factor, other, evaluate=False) if isinstance(other, Add) else Mul(factor, other)


def typeset(expression: Basic | str, other: Mapping[Symbol, str] | None = None) -> str:
    """LaTeX of an expression in the symbols of the notation table, and in other names where given.

    A string is LaTeX already.
    """
    if isinstance(expression, str):
        return expression
    shown = factored(spelled_out(expression))
    names = {z: TABLE[z.name].latex for z in shown.atoms(Symbol) if z.name in TABLE}
    names |= {z: z.name for z in shown.atoms(Symbol) if "\\" in z.name}
    names |= other or {}
    text = _Printer({"symbol_names": names, "ln_notation": True, "imaginary_unit": "ri"}).doprint(
        shown
    )
    return re.sub(r"_\{(\w)\}", r"_\1", text)
