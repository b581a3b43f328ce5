"""Functions of h of which each has a slope that is a polynomial in the others and h.

A Taylor series of such a function needs products of series alone: g(h(z))′ = slope(h(z)) h′(z). What is
small by itself, like 1/cosh² or 1 − σ, is a function of its own, with its own slope: no coefficient is
a difference of larger ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Piecewise, Symbol
from sympy.codegen.cfunctions import log1p

from symbolic.proof.logistic import in_halves, logistic
from symbolic.proof.stable_forms import one_plus_erf, without_cancellation

PLACE = sympy.Wild("place")
MOST = 12  # functions of h; a network with more is computed without series
NAMES = {
    one_plus_erf: "erfc", sympy.exp: "exp", log1p: "log1p",
}  # fmt: skip


class NotClosedError(ValueError):
    """A function whose slopes are no polynomials in a few functions."""


class on_sides(sympy.Function):
    """The first beyond a bend of σ, where the condition holds that is the third; else the second."""

    nargs = 3


class whole_power(sympy.Function):
    """h to a power that is left open; numbers that are not whole are refused when it is computed."""

    nargs = 2


@dataclass(frozen=True)
class Atom:
    """A function of h.

    Attributes:
        symbol: what stands for it.
        value: of h.
        slope: by h, a polynomial in symbols of atoms.
    """

    symbol: Symbol
    value: Expr
    slope: Expr


def written(polynomial: Expr, atoms: Iterable[Atom]) -> Expr:
    """A polynomial as the function of h that it is."""
    found = polynomial.xreplace({atom.symbol: atom.value for atom in atoms})
    found = found.replace(whole_power, lambda z, n: z**n)
    return found.replace(on_sides, lambda a, b, beyond: Piecewise((a, beyond), (b, True)))


def slope_of(polynomial: Expr, atoms: Iterable[Atom], h: Symbol) -> Expr:
    """The slope by h of a polynomial in h and symbols of atoms, as such a polynomial."""
    atoms = tuple(atoms)
    for one in polynomial.atoms(on_sides):
        right, left = (
            slope_of(polynomial.replace(on_sides, lambda *z, k=k: z[k]), atoms, h) for k in (0, 1)
        )
        return right if right == left else on_sides(right, left, one.args[2])
    found = sympy.diff(polynomial.replace(whole_power, lambda z, n: z**n), h)
    for atom in atoms:
        found += sympy.diff(polynomial, atom.symbol) * atom.slope
    return _with_whole_powers(sympy.expand(found), h)


def _with_whole_powers(expression: Expr, h: Symbol) -> Expr:
    """Powers of h that are left open, each once, as `whole_power`."""
    if not any(one.base == h and one.exp.free_symbols for one in expression.atoms(sympy.Pow)):
        return expression
    return sympy.factor(sympy.powsimp(sympy.expand(expression))).replace(
        lambda z: z.is_Pow and z.base == h and bool(z.exp.free_symbols),
        lambda z: whole_power(*z.args),
    )


class Closure:
    """Functions that were met, with their slopes.

    Args:
        h: the variable.
    """

    def __init__(self, h: Symbol) -> None:
        self.h = h
        self.atoms: list[Atom] = []
        self._found: dict[Expr, Symbol] = {}
        self._conditions: set[sympy.Basic] = set()

    def of(self, expression: Expr) -> Expr:
        """An expression as a polynomial in symbols of atoms.

        Raises:
            NotClosedError: where it has slopes that are none.
        """
        rates, function = expression.as_independent(self.h, as_Add=False)
        found = rates * self._polynomial(self._prepared(function))
        while len(self.atoms) < len(self._found):
            value, symbol = list(self._found.items())[len(self.atoms)]
            slope = self._polynomial(self._prepared(_slope(value, self.h)))
            self.atoms.append(Atom(symbol, value, slope))
        return found

    def _prepared(self, expression: Expr) -> Expr:
        return in_halves(_with_tanh(without_cancellation(expression)), self.h)

    def _polynomial(self, part: Expr) -> Expr:
        if part == self.h or not part.has(self.h):
            return part
        if part.is_Add or part.is_Mul:
            return part.func(*map(self._polynomial, part.args))
        if part.is_Pow:
            return self._power(part.base, part.exp)
        if isinstance(part, Piecewise):
            return self._on_sides(part)
        return self._atom(part)

    def _power(self, base: Expr, exponent: Expr) -> Expr:
        if exponent.is_Integer and exponent > 0:
            return self._polynomial(base) ** exponent
        if isinstance(base, sympy.cosh) and exponent.is_Integer:
            degree = 1 + (exponent + 1) % 2
            return self._atom(base**-degree) ** (-exponent / degree)
        if exponent.is_Rational:
            root = base ** sympy.Rational(-1 if exponent < 0 else 1, exponent.q)
            return self._atom(root) ** abs(exponent.p)
        whole, left_open = exponent.as_coeff_Add()
        if base != self.h or not whole.is_Integer or whole < -1:
            raise NotClosedError(f"the power {base**exponent}")
        return base ** (whole + 1) * whole_power(base, left_open - 1)

    def _on_sides(self, part: Piecewise) -> Expr:
        if len(part.args) != 2:
            raise NotClosedError(f"more than one bend in {part}")
        (right, beyond), (left, _) = part.args
        if isinstance(beyond, (sympy.StrictLessThan, sympy.LessThan)):
            right, left, beyond = left, right, sympy.Not(beyond)
        if beyond.lhs != self.h or beyond.rhs.has(self.h):
            raise NotClosedError(f"sides of {beyond}")
        self._conditions.add(beyond)
        if len(self._conditions) > 1:
            raise NotClosedError(f"several bends: {self._conditions}")
        return on_sides(self._polynomial(right), self._polynomial(left), beyond)

    def _atom(self, value: Expr) -> Symbol:
        if value.free_symbols != {self.h}:
            raise NotClosedError(f"a function of more than h: {value}")
        if value not in self._found:
            if len(self._found) == MOST:
                raise NotClosedError(f"more than {MOST} functions")
            self._found[value] = Symbol(next(self._names(value)), real=True)
        return self._found[value]

    def _names(self, value: Expr) -> Iterator[str]:
        name = _name(value)
        taken = {symbol.name for symbol in self._found.values()}
        candidates = (name, *(f"{name}_{k}" for k in range(2, MOST + 2)))
        return (one for one in candidates if one not in taken)


def _name(value: Expr) -> str:
    if isinstance(value, logistic):
        return "rising" if value.args[0].as_coeff_Mul()[0] > 0 else "falling"
    if value.is_Pow:
        is_sech = isinstance(value.base, sympy.cosh)
        return {-1: "sech", -2: "sech2"}[int(value.exp)] if is_sech else "power"
    return NAMES.get(type(value), type(value).__name__)


def _with_tanh(expression: Expr) -> Expr:
    """Quotients sinh/cosh as tanh: the factors overflow, and it does not."""
    if not expression.has(sympy.sinh):
        return expression
    return expression.replace(sympy.sinh(PLACE) / sympy.cosh(PLACE), sympy.tanh(PLACE))


def _slope(value: Expr, h: Symbol) -> Expr:
    """The derivative, of 1/cosh² and of powers in themselves."""
    if value.is_Pow and isinstance(value.base, sympy.cosh):
        place = value.base.args[0]
        return value.exp * sympy.tanh(place) * value * sympy.diff(place, h)
    if value.is_Pow and value.exp.is_negative:  # base^(-1/n): its own power, 1 + n
        return value.exp * sympy.diff(value.base, h) * value ** (1 - 1 / value.exp)
    return sympy.diff(value.replace(one_plus_erf, lambda z: 1 + sympy.erf(z)), h)
