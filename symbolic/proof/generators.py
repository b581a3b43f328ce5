"""The generators of an expression: the atoms, radicals and exponentials that it is rational in."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy
from sympy import Expr

NO_NUMBERS = (sympy.oo, -sympy.oo, sympy.zoo, sympy.nan)


class NormalFormError(ValueError):
    """An expression outside what the normal form decides (the verdict is then undecided)."""


@dataclass
class Generators:
    """What an expression is a quotient of polynomials in, found by `scan`, inner ones first.

    Attributes:
        squares: g² = value for generators g.
        atoms: symbols, and functions without rules.
        radicals: √A, with A.
        exponentials: of each term z the rational c of every exp(c·z).
    """

    squares: dict[Expr, Expr]
    atoms: list[Expr] = field(default_factory=list)
    radicals: dict[Expr, Expr] = field(default_factory=dict)
    exponentials: dict[Expr, list[sympy.Rational]] = field(default_factory=dict)

    def scan(self, expression: Expr) -> None:
        """Collect generators, inner ones first."""
        if expression in NO_NUMBERS or isinstance(expression, sympy.AccumBounds):
            raise NormalFormError(f"{expression} is no number")
        if isinstance(expression, sympy.Rational):
            return
        if isinstance(expression, sympy.exp):
            for term, coefficient in exponent_terms(expression.exp):
                self.exponentials.setdefault(term, []).append(coefficient)
            return
        if isinstance(expression, sympy.Add | sympy.Mul):
            for part in expression.args:
                self.scan(part)
            return
        if isinstance(expression, sympy.Pow) and isinstance(expression.exp, sympy.Rational):
            self.scan(expression.base)
            if expression.exp.q == 2:
                self.radicals.setdefault(sympy.sqrt(expression.base), expression.base)
            elif expression.exp.q != 1:
                raise NormalFormError(f"root of order {expression.exp.q}: {expression}")
            return
        if isinstance(expression, sympy.Pow) and self._scan_symbolic_power(expression):
            return
        if isinstance(expression, sympy.Piecewise):
            raise NormalFormError(f"a condition is left open: {expression}")
        if isinstance(expression, sympy.Abs) and expression.args[0].is_extended_real:
            self.squares.setdefault(expression, expression.args[0] ** 2)
        if isinstance(expression, sympy.cos):
            self.squares.setdefault(expression, 1 - sympy.sin(*expression.args) ** 2)
        if expression not in self.atoms:
            self.atoms.append(expression)
            if expression in self.squares:
                self.scan(self.squares[expression])

    def _scan_symbolic_power(self, expression: sympy.Pow) -> bool:
        """h^(2β+k) is the square of the generator h^β times a power of h, for a symbolic β."""
        terms = exponent_terms(expression.exp)
        if len(terms) == 1 and terms[0][1] == 1:
            return False
        for term, coefficient in terms:
            if term != 1 and coefficient.q != 1:
                raise NormalFormError(f"root of a symbolic power: {expression}")
            self.scan(expression.base ** (coefficient if term == 1 else term))
        return True


def exponent_terms(exponent: Expr) -> list[tuple[Expr, sympy.Rational]]:
    """Split an exponent into rational multiples of terms."""
    terms = []
    for term in sympy.Add.make_args(sympy.expand(exponent)):
        coefficient, rest = term.as_coeff_Mul()
        if not isinstance(coefficient, sympy.Rational):
            raise NormalFormError(f"exponent {exponent} is not a rational combination")
        terms.append((rest, coefficient))
    return terms
